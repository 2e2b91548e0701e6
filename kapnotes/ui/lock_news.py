"""What the windows that stay say of a seat that was locked, until its clinician is back."""

from collections.abc import Iterable
from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication

from kapnotes.ui.frame import Frame
from kapnotes.ui.keys import sequence_of
from kapnotes.ui.sign_in import SignInWindow

if TYPE_CHECKING:
    from kapnotes.app.seat import Seat


class LockNews:
    """Tells who is locked and why, and takes it back: a line that is no longer true is worse than none."""

    def __init__(self) -> None:
        self._said: dict[str, str] = {}
        """By a member's id, what was said of the lock of that seat."""

    def tell(self, windows: Iterable[Frame], seat: "Seat", why: str) -> None:
        """Say in *windows* that *seat* is locked; *why* is empty where its clinician pressed the key for it."""
        words = QCoreApplication.translate("LockNews", "{name} is locked; {key} at home signs in again.")
        because = QCoreApplication.translate("LockNews", "{name} is locked: {why}. {key} at home signs in again.")
        said = (because if why else words).format(name=seat.member.label, why=why, key=sequence_of("second_seat"))
        self._said[seat.member.member_id] = said
        for window in windows:
            if isinstance(window, SignInWindow):
                window.hear_locked(seat.member.label, why)
            elif getattr(window, "seat", None) is not None:
                window.say(said)

    def take_back(self, windows: Iterable[Frame], seat: "Seat") -> None:
        """Say no longer that *seat* is locked: its clinician has signed in again."""
        said = self._said.pop(seat.member.member_id, "")
        for window in windows:
            if said and window.news() == said:
                window.let_news_go()
