"""Two starts of the program on one vault: the second asks the first, over a local socket, to come to the front.

Nothing is said over it but one byte, which means "I heard you"; its name tells nobody which vault it is for. A first
one that does not answer at once (stopped, or busy) is not waited for.
"""

from collections.abc import Callable
from hashlib import sha256
from pathlib import Path

from PySide6.QtCore import QObject, QTimer, Signal, Slot
from PySide6.QtNetwork import QLocalServer, QLocalSocket

HEARD = b"\x06"
PATIENCE_MS = 300


def socket_name(vault: Path) -> str:
    """Return the socket's name for *vault* and this user; it names neither."""
    where = f"{Path.home()}\0{vault.resolve()}".encode("utf-8", "surrogateescape")
    return f"kapnotes-{sha256(where).hexdigest()[:24]}"


class Doorbell(QObject):
    """Rings when another start of the program finds the vault in use. Make it once the vault is open."""

    rung = Signal()

    def __init__(self, vault: Path, parent: QObject) -> None:
        super().__init__(parent)
        self._server = QLocalServer(self)
        self._server.setSocketOptions(QLocalServer.SocketOption.UserAccessOption)
        self._server.newConnection.connect(self._answer)
        QLocalServer.removeServer(socket_name(vault))  # who holds the vault is the only one; a dead one left it
        self._server.listen(socket_name(vault))

    @Slot()
    def _answer(self) -> None:
        caller = self._server.nextPendingConnection()
        caller.disconnected.connect(caller.deleteLater)
        caller.write(HEARD)
        caller.disconnectFromServer()
        self.rung.emit()

    def close(self) -> None:
        """Hear nobody any more."""
        self._server.close()


class Ring(QObject):
    """Rings at the one that has the vault and tells once whether it heard; nothing waits for that."""

    def __init__(self, vault: Path, answered: Callable[[bool], None], parent: QObject) -> None:
        super().__init__(parent)
        self._answered: Callable[[bool], None] | None = answered
        self._socket = QLocalSocket(self)
        self._socket.readyRead.connect(self._read)
        self._socket.errorOccurred.connect(self._give_up)
        QTimer.singleShot(PATIENCE_MS, self, self._give_up)
        self._socket.connectToServer(socket_name(vault))

    @Slot()
    def _read(self) -> None:
        self._tell(is_heard=self._socket.readAll().data() == HEARD)

    @Slot()
    def _give_up(self) -> None:
        self._tell(is_heard=False)

    def _tell(self, *, is_heard: bool) -> None:
        answered, self._answered = self._answered, None
        if answered is not None:
            answered(is_heard)
            self._socket.abort()
            self.deleteLater()
