"""The windows of the days after a session: its follow-up, the patient's scales, the course; and the way back."""

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, TypeVar

from PySide6.QtCore import QObject, QSettings, Slot

from kapnotes.ui.frame import Frame
from kapnotes.ui.lamp import Lamp

if TYPE_CHECKING:
    from kapnotes.app.live_session import LiveSession
    from kapnotes.app.seat import PatientCard, Seat
    from kapnotes.ui.course import CourseWindow
    from kapnotes.ui.home import HomeWindow
    from kapnotes.ui.kept_form import KeptForm
    from kapnotes.ui.pad import PadWindow
    from kapnotes.ui.session_window import SessionWindow

Enter = Callable[["Seat", "LiveSession"], None]
_Form = TypeVar("_Form", bound="KeptForm")


class AfterDoors(QObject):
    """Opens them for a desk: one window of a kind for each session, and for each patient."""

    def __init__(
        self,
        windows: Sequence[Frame],
        lamp: Lamp,
        settings: QSettings,
        show: Callable[[Frame], None],
        bring_forward: Callable[[Frame], None],
        enter: Enter,
    ) -> None:
        super().__init__()
        self._windows = windows
        self._lamp = lamp
        self._settings = settings
        self._show = show
        self._bring_forward = bring_forward
        self._enter = enter
        self._asked_by: dict[Frame, Frame] = {}

    def join_home(self, home: "HomeWindow") -> None:
        """Hear what is asked for at *home*."""
        home.course_asked.connect(self.open_course)
        home.follow_up_asked.connect(self.open_follow_up)
        home.responses_asked.connect(self.open_responses)

    @Slot(object, object)
    def open_follow_up(self, asked_by: Frame, live: "LiveSession") -> None:
        """Open the follow-ups of that session."""
        from kapnotes.ui.follow_up import FollowUpWindow

        found = self._open_already(FollowUpWindow, live)
        window = found or FollowUpWindow(_seat_of(asked_by), live, self._settings)
        self._come(window, asked_by, is_new=found is None)

    @Slot(object, object)
    def open_responses(self, asked_by: Frame, live: "LiveSession") -> None:
        """Open PHQ-9 and GAD-7 of that session."""
        from kapnotes.ui.responses import ResponsesWindow

        found = self._open_already(ResponsesWindow, live)
        window = found or ResponsesWindow(_seat_of(asked_by), live, self._settings)
        self._come(window, asked_by, is_new=found is None)

    @Slot(object)
    def open_follow_up_of(self, window: "PadWindow") -> None:
        """Open the follow-ups of the session that *window* shows."""
        self.open_follow_up(window, window.live)

    @Slot(object)
    def open_responses_of(self, window: "SessionWindow") -> None:
        """Open PHQ-9 and GAD-7 of the session that *window* shows."""
        self.open_responses(window, window.live)

    def _open_already(self, kind: type[_Form], live: "LiveSession") -> _Form | None:
        return next((one for one in self._windows if isinstance(one, kind) and one.live is live), None)

    @Slot(object, object)
    def open_course(self, asked_by: Frame, patient: "PatientCard") -> None:
        """Open the course of that patient."""
        from kapnotes.ui.course import CourseWindow

        seat = _seat_of(asked_by)
        for one in self._windows:
            if isinstance(one, CourseWindow) and one.seat is seat and one.patient.patient_id == patient.patient_id:
                self._come(one, asked_by, is_new=False)
                return
        window = CourseWindow(seat, patient, self._lamp, self._settings)
        window.session_entered.connect(self._enter)
        window.follow_up_asked.connect(self.open_follow_up)
        window.responses_asked.connect(self.open_responses)
        self._come(window, asked_by, is_new=True)

    def _come(self, window: "KeptForm | CourseWindow", asked_by: Frame, *, is_new: bool) -> None:
        self._asked_by[window] = asked_by
        if is_new:
            window.left.connect(self._leave)
            window.closed.connect(self._forget)
            self._show(window)
        else:
            self._bring_forward(window)

    @Slot(object)
    def _leave(self, window: Frame) -> None:
        """Close it, and let whoever asked for it go on where the caret was."""
        asked_by = self._asked_by.get(window)
        window.close()
        if window.is_closed and asked_by is not None and asked_by in self._windows:
            self._bring_forward(asked_by)

    @Slot(object)
    def _forget(self, window: Frame) -> None:
        self._asked_by.pop(window, None)


def _seat_of(window: Frame) -> "Seat":
    seat: Seat = window.seat  # type: ignore[attr-defined]  # every window that asks belongs to a seat
    return seat
