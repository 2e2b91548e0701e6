"""A room to measure in: the program's real windows with one session open, entered by keys as a person would."""

from pathlib import Path

from kapnotes.ui.home import HomeWindow
from kapnotes.ui.log import LogWindow
from kapnotes.ui.pad import PadWindow
from kapnotes.ui.typist import go_to, press, rest, type_text, wait_until
from kapnotes.wiring import Screen
from tests.bench.vaults import LIGHT, PASSPHRASE


class Room:
    """The whole screen on the vault in *folder*; its member holds both roles, so a session opens pad and log."""

    def __init__(self, folder: Path) -> None:
        self.screen = Screen(vault=folder / "vault", profile=folder / "profile", cost=LIGHT)

    def sign_in(self) -> HomeWindow:
        """Sign in and return home, its newest session being the current one."""
        window = self.screen.desk.begin()
        wait_until(lambda: window.member.count() > 0, "the vault to open")
        type_text(window, PASSPHRASE)
        press(window, "Return")
        home = self._wait_for(HomeWindow)
        wait_until(lambda: home.sessions.count() > 0, "the sessions")
        go_to(home, home.sessions)
        rest(50)
        return home

    def enter(self, home: HomeWindow):
        """Open the current session; from here on there are `pad`, `log` and `live`, and the ticker runs."""
        press(home, "Return")
        self.pad = self._wait_for(PadWindow)
        self.log = self._wait_for(LogWindow)
        self.live = self.pad.live
        self.screen.ticker.start()

    def _wait_for(self, kind):
        def found():
            return [window for window in self.screen.desk.windows if isinstance(window, kind)]

        wait_until(lambda: bool(found()), kind.__name__)
        return found()[0]


def opened(folder: Path) -> Room:
    """Return a room in which the session is open and everything has come to rest."""
    room = Room(folder)
    room.enter(room.sign_in())
    wait_until(lambda: not room.live.saving.unsaved, "everything to be saved")
    rest(300)
    return room
