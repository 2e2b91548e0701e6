"""What the system says of the laptop: it goes to sleep, its screen is locked.

On Linux logind tells it on the system's bus and the screen saver on the session's. Where there is no bus, or it does
not answer, nothing is heard and nobody waits: it is asked on a thread of its own before Qt, which would hold up all
threads, connects to it. Elsewhere Qt says what it
knows, and `Guard` sees a sleep by the time that is missing.
"""

import os
import re
import socket
import sys
import threading

from PySide6.QtCore import SLOT, QObject, Qt, Signal, Slot
from PySide6.QtGui import QGuiApplication

_HEARD = (
    ("SystemBus", "org.freedesktop.login1.Manager", "PrepareForSleep", "_sleeps(bool)"),
    ("SystemBus", "org.freedesktop.login1.Session", "Lock", "_is_locked()"),
    ("SessionBus", "org.freedesktop.ScreenSaver", "ActiveChanged", "_sleeps(bool)"),
    ("SessionBus", "org.gnome.ScreenSaver", "ActiveChanged", "_sleeps(bool)"),
)
"""Bus, interface, signal, and who hears it. Source: the interface of systemd-logind, org.freedesktop.login1(5)."""


PATIENCE_S = 2.0
"""A bus that has not let us in by then is taken for dead."""


class SystemNews(QObject):
    """Says when every seat is to be locked."""

    lock_asked = Signal()
    _connected = Signal(str)

    def __init__(self) -> None:
        super().__init__()
        self._connected.connect(self._hear, Qt.ConnectionType.QueuedConnection)

    def listen(self) -> None:
        """Begin to hear."""
        application = QGuiApplication.instance()
        if isinstance(application, QGuiApplication):
            application.applicationStateChanged.connect(self._state_changed)
        if sys.platform == "linux":
            threading.Thread(target=self._connect, name="system news", daemon=True).start()

    def _connect(self) -> None:
        from PySide6.QtDBus import QDBusConnection

        for bus, address in _addresses().items():
            if not _answers(address):
                continue
            kind = QDBusConnection.BusType[bus]
            if QDBusConnection.connectToBus(kind, f"kapnotes {bus}").isConnected():
                self._connected.emit(bus)

    @Slot(str)
    def _hear(self, bus: str) -> None:
        from PySide6.QtDBus import QDBusConnection

        connection = QDBusConnection(f"kapnotes {bus}")
        for on, interface, name, slot in _HEARD:  # PySide takes str here, though its stubs ask for bytes
            if on == bus:
                connection.connect("", "", interface, name, self, SLOT(slot))  # type: ignore[call-overload]

    @Slot(bool)
    def _sleeps(self, is_so: bool) -> None:
        if is_so:
            self.lock_asked.emit()

    @Slot()
    def _is_locked(self) -> None:
        self.lock_asked.emit()

    @Slot(Qt.ApplicationState)
    def _state_changed(self, state: Qt.ApplicationState) -> None:
        if state is Qt.ApplicationState.ApplicationSuspended:
            self.lock_asked.emit()


def _addresses() -> dict[str, str]:
    """Return where the buses are, as D-Bus writes it. Source: the D-Bus specification, "Server Addresses"."""
    runtime = os.environ.get("XDG_RUNTIME_DIR", "")
    return {
        "SystemBus": os.environ.get("DBUS_SYSTEM_BUS_ADDRESS", "unix:path=/run/dbus/system_bus_socket"),
        "SessionBus": os.environ.get("DBUS_SESSION_BUS_ADDRESS", f"unix:path={runtime}/bus"),
    }


def _answers(address: str) -> bool:
    """Tell whether a bus lets us in within `PATIENCE_S`. Source: the D-Bus specification, "Authentication Protocol"."""
    found = re.match(r"unix:(path|abstract)=([^,;]+)", address)
    if found is None:
        return False
    name = "\0" + found[2] if found[1] == "abstract" else found[2]
    with socket.socket(socket.AF_UNIX) as asking:
        asking.settimeout(PATIENCE_S)
        try:
            asking.connect(name)
            asking.sendall(b"\0AUTH EXTERNAL " + str(os.getuid()).encode().hex().encode() + b"\r\n")
            return asking.recv(3) == b"OK "
        except OSError:
            return False
