"""The window in which the patient should be seen again, and whether that was done.

It reminds: what is due and what is not the clinician decides.
"""

from dataclasses import dataclass
from enum import StrEnum

from kapnotes.domain.audit_acts import FOLLOW_UP_WITHDRAWN, FOLLOWED_UP
from kapnotes.domain.clinic_pages import USUAL_PAGES
from kapnotes.domain.clock import NS_PER_S, Stamp
from kapnotes.domain.entries import Audit
from kapnotes.domain.follow_up import FollowUp
from kapnotes.domain.record import Record

IN_SIGHT_DAYS = 21
"""So long a window that is over stays in sight without a follow-up; afterwards the course alone tells of it."""


class WindowState(StrEnum):
    """How a window stands at a moment; `DUE_TODAY` is open and ends today."""

    COMING = "coming"
    OPEN = "open"
    DUE_TODAY = "due_today"
    OVER = "over"


@dataclass(frozen=True, slots=True)
class IntegrationWindow:
    """From when to when the integration session is due."""

    opens: Stamp
    closes: Stamp

    def state(self, now: Stamp) -> WindowState:
        """Return how it stands at *now*, by the wall clock: days lie between, and the laptop was off meanwhile."""
        if now.utc_ns < self.opens.utc_ns:
            return WindowState.COMING
        if now.utc_ns > self.closes.utc_ns:
            return WindowState.OVER
        is_last_day = now.local().date() == self.closes.local().astimezone(now.local().tzinfo).date()
        return WindowState.DUE_TODAY if is_last_day else WindowState.OPEN

    def is_in_sight(self, now: Stamp) -> bool:
        """Tell whether it is to be told at *now*: not yet over, or over for no longer than `IN_SIGHT_DAYS`."""
        return now.utc_ns - self.closes.utc_ns <= IN_SIGHT_DAYS * 86_400 * NS_PER_S


def window_after(ended: Stamp, window_h: tuple[int, int] = USUAL_PAGES.window_h) -> IntegrationWindow:
    """Return the window that *window_h* hours after the end of dosing open and close."""
    first_h, last_h = window_h
    return IntegrationWindow(ended.shifted(first_h * 3600.0), ended.shifted(last_h * 3600.0))


def integration_window(record: Record, window_h: tuple[int, int] = USUAL_PAGES.window_h) -> IntegrationWindow | None:
    """Return the window of a session, None where nothing was given or an infusion was never stopped."""
    ended = record.dosing_ended
    return None if ended is None else window_after(ended, window_h)


def is_followed_up(record: Record) -> bool:
    """Tell whether a follow-up was recorded and stands, also one that this reader cannot read.

    The follow-up itself stands with its therapist; that there is one is told in `shared`.
    """
    if record.of(FollowUp):
        return True
    told = {audit.subject for _, audit in record.of(Audit) if audit.action == FOLLOWED_UP}
    withdrawn = {audit.subject for _, audit in record.of(Audit) if audit.action == FOLLOW_UP_WITHDRAWN}
    return bool(told - withdrawn)
