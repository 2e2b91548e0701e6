"""Which windows are open: sign-in, the home of each seat, and what each seat opened from there.

Every window but the first is imported after the first sign-in: who starts the program waits for the first one alone.
"""

from collections.abc import Sequence
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication, QEvent, QObject, QSettings, QTimer, Signal, Slot

from kapnotes.app.program import Program
from kapnotes.domain.notices import Notice
from kapnotes.ui import clipboard
from kapnotes.ui.after_doors import AfterDoors
from kapnotes.ui.bridge import Ticker
from kapnotes.ui.entering import Entering
from kapnotes.ui.frame import Frame
from kapnotes.ui.keys import Where, require_free_keys
from kapnotes.ui.lamp import Lamp
from kapnotes.ui.lock_news import LockNews
from kapnotes.ui.sign_in import SignInWindow

FEW_LINES = 26
"""Where a window holds fewer lines of the program's type, the words of the night are as soft as their contrast allows:
a laptop at 200 % has 19, one at 100 % has 38, and a screenful of words is twice as bright on the first."""

NIGHT = "night"
"""Under this name the settings remember the palette."""

if TYPE_CHECKING:
    from kapnotes.app.codebook_shelf import CodebookShelf
    from kapnotes.app.emergency import EmergencySeat
    from kapnotes.app.live_session import LiveSession
    from kapnotes.app.seat import Seat
    from kapnotes.ui.home import HomeWindow
    from kapnotes.ui.log import LogWindow
    from kapnotes.ui.neighbour import Doorbell
    from kapnotes.ui.pad import PadWindow
    from kapnotes.ui.search import SearchWindow
    from kapnotes.ui.session_window import SessionWindow


class Desk(QObject):
    """Opens windows and closes them with their seat; it holds no patient's word itself."""

    all_closed = Signal()
    window_opened = Signal(object)

    def __init__(
        self,
        program: Program,
        *,
        vault: Path,
        paper_folder: Path,
        profile: Path,
        lamp: Lamp,
        ticker: Ticker,
        settings: QSettings,
    ) -> None:
        super().__init__()
        self._program = program
        self.vault = vault
        self._paper_folder = paper_folder
        self._profile = profile
        self._lamp = lamp
        self._ticker = ticker
        self._settings = settings
        self.windows: list[Frame] = []
        self._entering = Entering(self.windows, self._open, self._raise, ticker.turns, self)
        self._is_locking = False
        self._lock_news = LockNews()
        self.doorbell: Doorbell | None = None
        self.after = AfterDoors(self.windows, lamp, settings, self._open, self._raise, self.enter_session)
        program.locked.add(self._close_seat)
        ticker.add(self._look_running)
        program.trouble.add(self._show_trouble)
        program.care.notices_changed.add(self._show_notices)

    # ------------------------------------------------------------------------------------------- opening

    def begin(self) -> SignInWindow:
        """Show the first window: sign in, or make a vault where there is none."""
        window = SignInWindow(self._program, self.vault, self._ticker, self._settings)
        window.signed_in.connect(self._welcome)
        window.emergency_opened.connect(self._read_in_emergency)
        window.found_in_use.connect(self._ring)
        self._show_running(window)
        self._open(window)
        window.begin(is_new=not self.vault.exists())
        return window

    @Slot()
    def sign_in_another(self) -> None:
        """Show the sign-in window for a second seat; one that is open already comes to the front."""
        for window in self.windows:
            if isinstance(window, SignInWindow):
                self._raise(window)
                return
        self.begin()

    def close_all(self) -> None:
        """Lock every seat and close every window, whatever it has to say."""
        self._is_locking = True
        self._program.close_seats()
        for window in tuple(self.windows):
            window.close()
        clipboard.forget()
        if self.doorbell is not None:
            self.doorbell.close()
        self._is_locking = False

    @cached_property
    def _shelf(self) -> "CodebookShelf":
        """Return the codebook of this profile, read when the first seat asks for it."""
        from kapnotes.app.codebook_shelf import CodebookShelf

        return CodebookShelf(self._profile, require_free_keys)

    @Slot(object)
    def _welcome(self, seat: "Seat") -> None:
        from kapnotes.ui.home import HomeWindow

        self._lock_news.take_back(self.windows, seat)
        home = HomeWindow(self._program, seat, self._settings, self._shelf, self._paper_folder)
        home.second_seat_asked.connect(self.sign_in_another)
        home.session_entered.connect(self.enter_session)
        home.audit_asked.connect(self._open_audit)
        home.search_asked.connect(self._open_search)
        self.after.join_home(home)
        self._open(home)
        QTimer.singleShot(0, self._import_the_rest)

    @Slot(object)
    def _read_in_emergency(self, seat: "EmergencySeat") -> None:
        from kapnotes.ui.emergency import EmergencyWindow

        self._open(EmergencyWindow(seat, self._lamp, self._ticker, self._settings, self._program.translate))

    @Slot()
    def _import_the_rest(self) -> None:
        """Import the windows of a session now, so that none of them is waited for in the middle of one."""
        from PySide6.QtWidgets import QScrollArea

        import kapnotes.ui.log
        import kapnotes.ui.pad
        import kapnotes.ui.summary  # noqa: F401

        QScrollArea().viewport()  # PySide makes all its classes of widgets when Qt first hands out one of unknown kind

        if self.doorbell is None:
            from kapnotes.ui.neighbour import Doorbell

            self.doorbell = Doorbell(self._program.profile.last_vault or self.vault, self)
            self.doorbell.rung.connect(self._come_to_the_front)

    @Slot()
    def _come_to_the_front(self) -> None:
        """Somebody started the program once more: show the windows that are there."""
        for window in self.windows:
            if window.isMinimized():
                window.showNormal()
        if self.windows:
            self._raise(self.windows[-1])

    @Slot(object)
    def _ring(self, window: SignInWindow) -> None:
        """The vault is in use: let the one that has it come to the front, and leave."""
        from kapnotes.ui.neighbour import Ring

        def answered(is_heard: bool) -> None:
            if is_heard and window in self.windows:
                window.close()

        Ring(self.vault, answered, self)

    @Slot(object, object)
    def enter_session(self, seat: "Seat", live: "LiveSession") -> None:
        """Open what the seat's roles need for that session; a window that is open already comes to the front.

        Each is built in steps, one in a turn, and then shown, a second one right behind: both take some time.
        """
        from kapnotes.domain.entries import Staffing

        opened = live.record.opened
        is_alone = opened is not None and opened.staffing is Staffing.THERAPIST_ALONE
        if seat.member.is_medical or is_alone:
            self._entering.want(Where.LOG, self._make_log, seat, live)
        if seat.member.is_therapist:
            self._entering.want(Where.PAD, self._make_pad, seat, live)
        self._entering.go_on()

    @property
    def is_entering(self) -> bool:
        """Tell whether a window of a session is still to come."""
        return self._entering.is_under_way

    def _make_log(self, seat: "Seat", live: "LiveSession") -> "SessionWindow":
        from kapnotes.ui.log import LogWindow

        window = LogWindow(seat, live, self._lamp, self._ticker, self._settings, self._program.translate)
        window.summary_asked.connect(self._open_summary)
        window.responses_asked.connect(self.after.open_responses_of)
        return window

    def _make_pad(self, seat: "Seat", live: "LiveSession") -> "SessionWindow":
        from kapnotes.ui.pad import PadWindow

        window = PadWindow(seat, live, self._shelf.codebook, self._lamp, self._ticker, self._settings)
        window.search_asked.connect(self._open_search)
        window.summary_asked.connect(self._open_summary)
        window.responses_asked.connect(self.after.open_responses_of)
        window.follow_up_asked.connect(self.after.open_follow_up_of)
        return window

    @Slot(object)
    def _open_summary(self, asked_by: "PadWindow | LogWindow") -> None:
        from kapnotes.app.paper import PaperDesk
        from kapnotes.ui.summary import SummaryWindow

        for window in self.windows:
            if isinstance(window, SummaryWindow) and window.live is asked_by.live:
                self._raise(window)
                return
        program = self._program
        paper = PaperDesk(asked_by.seat, asked_by.live, program.slow_worker, program.entropy, program.translate)
        self._open(
            SummaryWindow(
                asked_by.seat,
                asked_by.live,
                paper,
                self._shelf.codebook,
                self._lamp,
                self._paper_folder,
                self._settings,
            )
        )

    @Slot()
    def _look_running(self) -> None:
        """Let the clock and the schedule of a session whose seats are locked go on in sight."""
        for window in self.windows:
            if isinstance(window, SignInWindow):
                self._show_running(window)

    def _show_running(self, window: SignInWindow) -> None:
        window.show_running(self._program.sessions.left_running(), self._program.clock.now())

    @Slot(object)
    def _open_audit(self, seat: "Seat") -> None:
        from kapnotes.app.audit_desk import AuditDesk
        from kapnotes.ui.audit import AuditWindow

        for window in self.windows:
            if isinstance(window, AuditWindow) and window.seat is seat:
                window.close()  # what was done meanwhile belongs in it
                break
        desk = AuditDesk(seat, self._program.translate)
        self._open(AuditWindow(seat, desk, self._paper_folder, self._settings))

    @Slot(object)
    def _open_search(self, asked_by: "HomeWindow | PadWindow") -> None:
        from kapnotes.ui.search import SearchWindow

        for window in self.windows:
            if isinstance(window, SearchWindow) and window.seat is asked_by.seat:
                window.asked_by = asked_by
                self._raise(window)
                return
        window = SearchWindow(asked_by.seat, asked_by, self._settings)
        window.session_entered.connect(self.enter_session)
        window.left.connect(self._leave_search)
        self._open(window)

    @Slot(object)
    def _leave_search(self, window: "SearchWindow") -> None:
        """Close it, and let whoever asked for it go on where the caret was."""
        asked_by = window.asked_by
        window.close()
        if asked_by in self.windows:
            self._raise(asked_by)

    def _open(self, window: Frame) -> None:
        self.windows.append(window)
        window.closed.connect(self._forget)
        window.sized.connect(self._fit_light)
        window.lock_asked.connect(self._lock)
        window.night_asked.connect(self._turn_night)
        window.blank_asked.connect(self._cover_all)
        window.uncover_asked.connect(self._uncover_all)
        window.next_window_asked.connect(self._next)
        self._show_notices(self._program.care.notices, [window])
        if any(one.is_covered for one in self.windows):
            window.cover()  # before it is shown: the room stays dark
        self._fit_light()
        window.show()
        QCoreApplication.sendPostedEvents(None, QEvent.Type.UpdateLater.value)  # else all of it may be painted twice
        self._raise(window)
        self.window_opened.emit(window)

    @staticmethod
    def _raise(window: Frame) -> None:
        window.raise_()
        window.activateWindow()

    # ------------------------------------------------------------------------------------------- closing

    @Slot(object)
    def _forget(self, window: Frame) -> None:
        if window in self.windows:
            self.windows.remove(window)
            self._fit_light()
        window.deleteLater()
        seat = seat_of(window)
        if window.where in {Where.HOME, Where.EMERGENCY} and seat is not None:
            self._program.lock(seat)
        if not self.windows and not self._is_locking:
            self.all_closed.emit()

    @Slot(object)
    def _lock(self, window: Frame) -> None:
        seat = seat_of(window)
        if seat is not None:
            self.lock_seat(seat)

    def lock_seat(self, seat: "Seat", why: str = "") -> None:
        """Close the seat's windows and drop its keys; where no window is left, ask who sits here.

        *why* is said where it was not its clinician who locked it.
        """
        self._is_locking = True
        self._program.lock(seat)
        clipboard.forget()
        self._is_locking = False
        if not self.windows:
            self.begin()
        self._lock_news.tell(self.windows, seat, why)

    def lock_all(self, why: str) -> None:
        """Lock every seat, and say *why*."""
        for seat in tuple(self._program.seats):
            self.lock_seat(seat, why)

    def _close_seat(self, seat: "Seat") -> None:
        self._entering.drop(seat)
        for window in tuple(self.windows):
            if seat_of(window) is seat:
                window.close()

    @Slot()
    def _turn_night(self) -> None:
        """Turn every window into the other night palette, and begin with it next time."""
        self._lamp.turn()
        self._settings.setValue(NIGHT, self._lamp.chosen.name)

    @Slot()
    def _fit_light(self) -> None:
        """Let the words be softer where any window holds few of them."""
        holds_few = any(window.lines_held() < FEW_LINES for window in self.windows)
        self._lamp.soften(holds_few, at_once=not any(window.isVisible() for window in self.windows))

    @Slot()
    def _cover_all(self) -> None:
        for window in self.windows:
            window.cover()

    @Slot()
    def _uncover_all(self) -> None:
        for window in self.windows:
            window.uncover()

    @Slot(object)
    def _next(self, window: Frame) -> None:
        place = self.windows.index(window)
        self._raise(self.windows[(place + 1) % len(self.windows)])

    def _show_notices(self, notices: tuple[Notice, ...], windows: Sequence[Frame] | None = None) -> None:
        from kapnotes.ui.wording import notices_line

        line = notices_line(notices)
        for window in self.windows if windows is None else windows:
            window.set_notice(line)

    def _show_trouble(self, error: Exception) -> None:
        from kapnotes.ui.wording import error_line

        line = error_line(error)
        for window in self.windows:
            window.say(line, is_mark=True)


def seat_of(window: Frame) -> "Seat | None":
    """Return the seat a window belongs to; the one to sign in belongs to none."""
    return getattr(window, "seat", None)
