"""The check-in on the pad: when it is due, in words, and what Enter on the empty line does then."""

from PySide6.QtCore import QCoreApplication

from kapnotes.app.live_session import LiveSession
from kapnotes.domain import check_in
from kapnotes.ui.times import duration


def left_s(live: LiveSession) -> float | None:
    """Return seconds to the next check-in, below zero where it is due; None where none is asked for."""
    return None if live.signing.signed() is not None else check_in.left_s(live.record, live.now())


def check_in_words(left: float | None) -> str:
    """Return when the next check-in is due, or that it is, and for how long."""
    if left is None:
        return ""
    if left > 0:
        return QCoreApplication.translate("CheckIn", "in {}").format(duration(left))
    return QCoreApplication.translate("CheckIn", "now? Enter: quiet · {}").format(duration(left))


def answer(live: LiveSession) -> str:
    """Answer the check-in where it is due or soon due; returns what else is to be said."""
    left = left_s(live)
    if left is not None and left <= check_in.EARLY_S:
        live.check_in()
    elif left is not None:
        return QCoreApplication.translate("CheckIn", "Enter on the empty line answers a check-in once it is due.")
    return ""
