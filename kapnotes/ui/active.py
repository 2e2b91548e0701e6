"""What runs in a session and has a start: states and touches, a few words each, the oldest first."""

from PySide6.QtCore import QCoreApplication

from kapnotes.domain.clock import Stamp
from kapnotes.domain.codebook import Codebook
from kapnotes.domain.record import Record
from kapnotes.domain.touch import is_agreed, touches
from kapnotes.ui.frame import MARK_SIGN
from kapnotes.ui.pad_rows import title_of
from kapnotes.ui.times import duration
from kapnotes.ui.touch_words import area_word

BETWEEN = "   "


def active_words(record: Record, codebook: Codebook, now: Stamp) -> str:
    """Return every running state and touch with its running time; a touch that is not agreed to has a sign."""
    running = [(since, title_of(code, codebook)) for code, since in record.active_states().items()]
    running += [(since, _touch_word(record, area, now)) for area, since in touches(record).items()]
    running.sort(key=lambda one: record.position_s(one[0]))
    return BETWEEN.join(f"{words} {duration(record.between_s(since, now))}" for since, words in running)


def _touch_word(record: Record, area: str, now: Stamp) -> str:
    words = QCoreApplication.translate("Touch", "touch: {}").format(area_word(area))
    return words if is_agreed(record, area, now) else f"{MARK_SIGN} {words}"
