"""The lower strip of the vitals log: when the stay is over, open adverse events, open items of the checklists."""

from PySide6.QtCore import QCoreApplication

from kapnotes.app.live_session import LiveSession
from kapnotes.domain.adverse_events import Episode, open_episodes
from kapnotes.domain.assessed_words import unmet_words
from kapnotes.domain.checklist import Checklist, open_items
from kapnotes.domain.errors import KapnotesError, LeavesEarly, NeedsConfirmation
from kapnotes.domain.stay import stay
from kapnotes.domain.stay_words import leaving_words, score_words
from kapnotes.ui.strip import Strip
from kapnotes.ui.times import duration
from kapnotes.ui.wording import error_line

STAY, SCORE, EVENTS, LISTS = range(4)
"""The places of the strip."""


class CareStrip(Strip):
    """Four fixed places below the others."""

    def __init__(self, live: LiveSession) -> None:
        translate = QCoreApplication.translate
        super().__init__(
            translate("CareStrip", "ready to leave"),
            translate("CareStrip", "score"),
            translate("CareStrip", "open adverse events"),
            translate("CareStrip", "checklists, open"),
            shares={STAY: 6, SCORE: 5, EVENTS: 6, LISTS: 5},
        )
        self._live = live

    def look(self) -> None:
        """Show all of them as they are now."""
        record, now = self._live.record, self._live.now()
        found = stay(record, record.ended or now)
        self.show_cell(STAY, leaving_words(record, now, QCoreApplication.translate))
        self.show_cell(SCORE, "" if found is None else score_words(found, QCoreApplication.translate))
        open_now = open_episodes(record)
        self.show_cell(EVENTS, self._events_words(open_now), is_mark=bool(open_now))
        self.show_cell(LISTS, self._lists_words())

    def _events_words(self, open_now: tuple[Episode, ...]) -> str:
        if not open_now:
            return ""
        newest, now = open_now[-1], self._live.now()
        words = self.tr("{time} {what} {severity}").format(
            what=newest.what,
            severity=newest.severity,
            time=duration(max(0.0, self._live.record.between_s(newest.began, now))),
        )
        more = len(open_now) - 1
        return self.tr("{words}, {count} more").format(words=words, count=more) if more else words

    def _lists_words(self) -> str:
        record = self._live.record
        before, leaving = (len(open_items(record, one)) for one in Checklist)
        return self.tr("dose {before} · leaving {leaving}").format(before=before, leaving=leaving)


def question(asked: KapnotesError, live: LiveSession) -> str:
    """Return what is asked about once before a line is kept, and what keeps it."""
    translate = QCoreApplication.translate
    if isinstance(asked, NeedsConfirmation):
        return translate("Care", "{}. Enter once more keeps it.").format(error_line(asked))
    if not isinstance(asked, LeavesEarly):
        return translate("Care", "{} Enter once more keeps it as typed.").format(error_line(asked))
    found = stay(live.record, live.now())
    unmet = unmet_words(found.unmet, translate) if found is not None else ""
    words = translate("Care", "Not met yet: {unmet}. Type why behind //, or Enter once more keeps it without.")
    return words.format(unmet=unmet)
