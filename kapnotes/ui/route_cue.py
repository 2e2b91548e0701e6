"""The route's own timer in a window: swish and spit, the rest before the next device; one key answers it."""

from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication

from kapnotes.domain.clock import Stamp
from kapnotes.domain.route_timers import RouteTimer, route_timer
from kapnotes.ui.keys import sequence_of
from kapnotes.ui.times import duration

if TYPE_CHECKING:
    from kapnotes.app.live_session import LiveSession


def has_timers(live: "LiveSession") -> bool:
    """Tell whether the session's protocol has a timer, so that a place for it is kept."""
    protocol = live.record.protocol
    return protocol is not None and bool(protocol.timers)


def is_asking(live: "LiveSession") -> bool:
    """Tell whether a timer has run out and waits for its answer."""
    timer = route_timer(live.record, live.now())
    return timer is not None and timer.left_s <= 0 and live.signing.signed() is None


def timer_words(live: "LiveSession") -> str:
    """Return what runs and for how long, or what is to be done now and by which key."""
    timer = route_timer(live.record, live.now())
    if timer is None or live.signing.signed() is not None:
        return ""
    key = QCoreApplication.translate("Route", "({})").format(sequence_of("pad_timer")) if timer.left_s <= 0 else ""
    return "  ".join(part for part in (words_of(timer), key) if part)


def words_of(timer: RouteTimer) -> str:
    """Return what runs and for how long, or what is to be done now."""
    device = QCoreApplication.translate("Route", "device {}").format(timer.device) if timer.device else ""
    if timer.left_s > 0:
        words = QCoreApplication.translate("Route", "{name} {left}")
    else:
        words = QCoreApplication.translate("Route", "now: {then} · {left}")
    now = words.format(name=timer.name, then=timer.then, left=duration(timer.left_s))
    return " · ".join(part for part in (device, now) if part)


def timer_in_sight(live: "LiveSession") -> str:
    """Return the timer as it may stand on a cover: no word of a patient."""
    timer = route_timer(live.record, live.now())
    return "" if timer is None else words_of(timer)


def answer(live: "LiveSession", at: Stamp | None = None) -> str:
    """Keep that what the timer asks for is done, now or *at*; returns the line of news."""
    timer = route_timer(live.record, live.now())
    if timer is None or live.marking.answer_timer(at) is None:
        return QCoreApplication.translate("Route", "No timer of the route runs.")
    return QCoreApplication.translate("Route", "{}: noted for everybody.").format(timer.then)
