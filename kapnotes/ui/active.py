"""What runs in a session and has a start: states and touches, a few words each, the oldest first."""

from PySide6.QtCore import QCoreApplication

from kapnotes.domain.clock import Stamp
from kapnotes.domain.codebook import Codebook
from kapnotes.domain.record import Record
from kapnotes.domain.touch import is_agreed, touches
from kapnotes.ui.labels import MARK_SIGN
from kapnotes.ui.pad_rows import title_of
from kapnotes.ui.times import duration
from kapnotes.ui.touch_words import area_word

BETWEEN = "   "


class Active:
    """What runs, in words; looked up anew only after an entry came, because every tick asks."""

    def __init__(self, record: Record, codebook: Codebook) -> None:
        self._record = record
        self._codebook = codebook
        self._read_at = -1
        self._running: list[tuple[Stamp, str]] = []

    def words(self, now: Stamp) -> str:
        """Return every running state and touch with its running time; a touch that is not agreed to has a sign."""
        if self._read_at != len(self._record.entries):
            self._read_at = len(self._record.entries)
            self._running = self._read(now)
        between_s = self._record.between_s
        return BETWEEN.join(f"{words} {duration(between_s(since, now))}" for since, words in self._running)

    def _read(self, now: Stamp) -> list[tuple[Stamp, str]]:
        record = self._record
        running = [(since, title_of(code, self._codebook)) for code, since in record.active_states().items()]
        running += [(since, _touch_word(record, area, now)) for area, since in touches(record).items()]
        return sorted(running, key=lambda one: record.position_s(one[0]))


def _touch_word(record: Record, area: str, now: Stamp) -> str:
    words = QCoreApplication.translate("Touch", "touch: {}").format(area_word(area))
    return words if is_agreed(record, area, now) else f"{MARK_SIGN} {words}"
