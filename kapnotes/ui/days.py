"""Days as the windows write them: with the weekday, because a window of days is kept by weekdays."""

from PySide6.QtCore import QCoreApplication

from kapnotes.domain.clock import Stamp
from kapnotes.ui.times import clock_time


def weekday_word(stamp: Stamp) -> str:
    """Return the weekday, short."""
    translate = QCoreApplication.translate
    return (
        translate("Days", "Mon"),
        translate("Days", "Tue"),
        translate("Days", "Wed"),
        translate("Days", "Thu"),
        translate("Days", "Fri"),
        translate("Days", "Sat"),
        translate("Days", "Sun"),
    )[stamp.local().weekday()]


def day_and_time(stamp: Stamp) -> str:
    """Return as "Tue 2026-11-24 14:07" when something was or will be."""
    return f"{weekday_word(stamp)} {stamp.local():%Y-%m-%d} {clock_time(stamp)}"
