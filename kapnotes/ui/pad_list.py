"""The notes of a session in the timeline, in step with the record: all of them, or those of one kind."""

from bisect import bisect_right
from collections.abc import Callable
from dataclasses import replace

from kapnotes.app.live_session import LiveSession
from kapnotes.domain.around import ForSummary, SignalSeen
from kapnotes.domain.clock import Stamp
from kapnotes.domain.codebook import Codebook
from kapnotes.domain.entries import Correction, Entry, content_of
from kapnotes.domain.looking_back import TAKEN_BACK, kind_of, wanted_for_summary
from kapnotes.ui.pad_rows import is_on_pad, row_for, taken_back_words
from kapnotes.ui.timeline import Timeline
from kapnotes.ui.timeline_rows import TimelineRow


class PadList:
    """Which entries have a row, and what the rows say. *gap_after_s* tells what counts as nothing noted."""

    def __init__(
        self, timeline: Timeline, live: LiveSession, codebook: Codebook, gap_after_s: Callable[[], float]
    ) -> None:
        self.only = ""
        """The one kind that is shown (see `kind_of`), or all where it is empty."""
        self._timeline = timeline
        self._live = live
        self._codebook = codebook
        self._gap_after_s = gap_after_s
        self._zero: Stamp | None = None
        self._shown: list[Entry] = []
        self._came: set[str] = set()

    # --------------------------------------------------------------------------------------------- rows

    def show_all(self, *, stays: bool = False) -> None:
        """Let every row be made anew, and go to the newest; or stay where the timeline is."""
        self._zero = self._live.record.first_dose
        self._shown = [entry for entry in self._live.record.standing() if self._is_shown(entry)]
        if self.only == TAKEN_BACK:
            gone = [entry for entry in self._live.record.taken_back() if is_on_pad(entry)]
            self._shown = sorted([*gone, *self._shown], key=self._at)
        self._timeline.show_rows([entry.entry_id for entry in self._shown], self._row, stays=stays)

    def show_entry(self, entry: Entry) -> None:
        """Show what was noted, here or in the other seat; what comes while one kind is shown is never hidden."""
        record = self._live.record
        is_moved = self.only == TAKEN_BACK and isinstance(entry.body, Correction)
        if record.first_dose != self._zero or is_moved:
            self.show_all(stays=bool(self._timeline.chosen()))
        elif isinstance(entry.body, Correction):
            self._refresh(record.corrected_in_the_end(entry))
        elif isinstance(entry.body, ForSummary):
            self._refresh(record.entry(entry.body.target_id, entry.author_id))
        elif isinstance(seen := content_of(entry.body), SignalSeen):
            self._refresh(record.entry(seen.target_id))
        else:
            self._came |= {entry.entry_id} if self.only else set()
            self._refresh(entry)

    def mark_saved(self, entry: Entry) -> None:
        """Put the tick on the row of *entry*, or of what it corrects, once all that stands there is saved."""
        shown = self._live.record.corrected_in_the_end(entry)
        row = self._timeline.row_of(shown.entry_id) if shown is not None else None
        if shown is not None and row is not None:
            self._timeline.put(replace(row, is_saved=self._live.saving.is_saved_as_it_stands(shown)))

    def entry(self, entry_id: str) -> Entry | None:
        """Return the entry of that row as it stands, or None."""
        return next((entry for entry in self._shown if entry.entry_id == entry_id), None)

    def words_of(self, entry: Entry) -> tuple[str, str]:
        """Return code and words of *entry* as its row says them."""
        row = row_for(entry, self._live.record, self._codebook, before=None, gap_after_s=float("inf"), is_saved=True)
        return row.code, row.text

    def is_own(self, entry: Entry) -> bool:
        """Tell whether the member of this seat wrote *entry*, under whichever id."""
        return self._live.record.persons.are_one(entry.author_id, self._live.member.member_id)

    def newest_own(self) -> Entry | None:
        """Return the member's newest entry that has a row, or None."""
        return next((one for one in reversed(self._shown) if self.is_own(one) and self.stands(one)), None)

    def stands(self, entry: Entry) -> bool:
        """Tell whether *entry* was not taken back."""
        return self._live.record.stands(entry.entry_id, entry.author_id)

    def _refresh(self, entry: Entry | None) -> None:
        """Let the row of *entry* say what stands now: it comes, changes or goes."""
        if entry is None:
            return
        stands = self._live.record.as_it_stands(entry)
        known = next((place for place, one in enumerate(self._shown) if one.entry_id == entry.entry_id), None)
        if known is not None and stands is not None:
            self._shown[known] = stands
            self._timeline.put(self._row(known))
        elif known is not None:
            del self._shown[known]
            self._timeline.remove(entry.entry_id)
            self._put_gap(known)
        elif stands is not None and self._is_shown(stands):
            place = bisect_right(self._shown, self._at(stands), key=self._at)
            self._shown.insert(place, stands)
            self._timeline.insert(place, self._row(place))
            self._put_gap(place + 1)

    def _put_gap(self, place: int) -> None:
        if place < len(self._shown):
            self._timeline.put(self._row(place))

    def _at(self, entry: Entry) -> float:
        return self._live.record.position_s(entry.happened)

    def _row(self, place: int) -> TimelineRow:
        entry = self._shown[place]
        row = row_for(
            entry,
            self._live.record,
            self._codebook,
            before=self._shown[place - 1] if place else None,
            gap_after_s=float("inf") if self.only else self._gap_after_s(),
            is_saved=self._live.saving.is_saved_as_it_stands(entry),
        )
        if not self.stands(entry):
            return replace(row, is_struck=True, remark="", gap=taken_back_words(self._live.record, entry))
        wanted = wanted_for_summary(self._live.record, self._live.member.member_id)
        return replace(row, is_wanted=True) if entry.entry_id in wanted and self.is_own(entry) else row

    # ----------------------------------------------------------------------------------------- filtering

    def show_only(self, kind: str) -> None:
        """Show the notes of that kind alone, or all again where it is empty."""
        self.only = kind
        self._came.clear()
        self.show_all(stays=True)

    def counts(self) -> tuple[int, int]:
        """Return how many rows are of the one kind that is shown, and how many others came since."""
        is_kind = [kind_of(one.body) == self.only or not self.stands(one) for one in self._shown]
        of_kind = sum(is_kind)
        return of_kind, len(self._shown) - of_kind

    def _is_shown(self, entry: Entry) -> bool:
        if not is_on_pad(entry):
            return False
        return not self.only or kind_of(entry.body) == self.only or entry.entry_id in self._came
