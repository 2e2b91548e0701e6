"""Correcting entries of the vitals log: each is put back into the line as it would be typed, and read from there."""

from dataclasses import replace

from kapnotes.app.checking import checked
from kapnotes.app.corrections import Corrections, without_reason
from kapnotes.app.typed_fields import LOG_CORRECTION
from kapnotes.domain.amending import read_amendment
from kapnotes.domain.correcting import CORRECTED, TAKEN_BACK, split_reason
from kapnotes.domain.drug_entries import DoseDetail, InfusionPause
from kapnotes.domain.drug_lines import line_with
from kapnotes.domain.drug_trail import attachment_of
from kapnotes.domain.emergency_step import EmergencyStep
from kapnotes.domain.emergency_timeline import of_the_same_key
from kapnotes.domain.entries import (
    Action,
    Addendum,
    Body,
    Dose,
    Entry,
    Infusion,
    MedicalBody,
    Phase,
    PlainBody,
    Stage,
    TakenBy,
    Vitals,
)
from kapnotes.domain.errors import Misread
from kapnotes.domain.known import KnownThen
from kapnotes.domain.shorthand import first_word, is_typed, line_of
from kapnotes.domain.text import storable


class LogCorrections(Corrections):
    """What the member of one seat corrects of the vitals log; there are no codes."""

    prefix = LOG_CORRECTION

    def is_correctable(self, body: Body) -> bool:
        """Tell whether *body* is of a kind that is typed into the line."""
        return is_typed(body)

    def words_to_correct(self, entry: Entry) -> tuple[str, str]:
        """Return the line that *entry* would be typed as."""
        body = entry.body
        if not is_typed(body):
            return "", ""
        return without_reason(line_with(line_of(body), self._attached_to(entry))), ""

    def enter(self, entry: Entry, line: str, code: str = "", *, is_confirmed: bool = False) -> tuple[Entry, ...]:
        """Correct *entry* to what *line* says, and what stands beside it; returns what was added."""
        words, reason = split_reason(storable(line))
        is_said = bool(words.strip())
        stands = self.as_it_stands(entry)
        before = attachment_of(self._live.record, stands)
        made = super().enter(entry, line, code, is_confirmed=is_confirmed)
        if not is_said or not isinstance(stands.body, Dose | Infusion):
            return made
        if made:
            made += self._stage_follows(self._reason(reason, CORRECTED, line))
        attached = self._live.lines.attached(words)
        now = replace(attached, target_id=stands.entry_id) if attached is not None else None
        if now == (before.body if before is not None else None):
            return made
        typed_as = None if made else (f"{self.prefix}{stands.entry_id}", line)
        return (*made, self._beside(stands, before, now, self._reason(reason, CORRECTED, line), typed_as))

    def goes_with(self, entry: Entry) -> Entry | None:
        """Return what one key of an emergency stamped with *entry*: a step, and the stop of the infusion itself."""
        record = self._live.record
        among = [*record.entries_of(EmergencyStep | Infusion), *record.taken_back()]
        return of_the_same_key(entry, among, record.persons)

    def take_back(self, entry: Entry, reason: str = "", line: str | None = None) -> tuple[Entry, ...]:
        """Take *entry* back, and what its key stamped with it: the drugs and the emergency say the same."""
        other = self.goes_with(self.as_it_stands(entry))
        made = super().take_back(entry, reason, line)
        if other is not None and self._live.record.stands(other.entry_id, other.author_id):
            made += super().take_back(other, reason)
        return made + self._stage_follows(self._reason(reason, TAKEN_BACK, line or ""))

    def bring_back(self, entry: Entry) -> tuple[Entry, ...]:
        """Let *entry*, which was taken back, stand again, and what its key stamped with it."""
        other = self.goes_with(entry)
        made = super().bring_back(entry)
        if other is not None and not self._live.record.stands(other.entry_id, other.author_id):
            made += super().bring_back(other)
        return made + self._stage_follows("")

    def _stage_follows(self, reason: str) -> tuple[Entry, ...]:
        """Let the own stage "dosing" stand as long as a dose does, and no longer: one began it, and none is left."""
        record, now = self._live.record, self._live.record.newest_entry(Phase)
        if record.first_dose is None:
            is_own = now is not None and record.persons.are_one(now.author_id, self._live.member.member_id)
            if now is None or now.body != Phase(Stage.DOSING) or not is_own:
                return ()
            return (self._live.correct(now.entry_id, reason, None),)
        if record.stage is not Stage.PREPARATION:
            return ()
        gone = [one for one in record.taken_back() if one.body == Phase(Stage.DOSING)]
        own = [one for one in gone if record.persons.are_one(one.author_id, self._live.member.member_id)]
        return super().bring_back(own[-1]) if own else ()

    def _beside(
        self,
        stands: Entry,
        before: Entry | None,
        now: DoseDetail | InfusionPause | None,
        reason: str,
        typed_as: tuple[str, str] | None,
    ) -> Entry:
        """Let *now* stand beside an entry instead of what did *before*."""
        if before is not None:
            return self._live.correct(before.entry_id, reason, now, typed_as=typed_as)
        if now is None:
            raise ValueError("nothing stands beside it, and nothing shall")
        body = Addendum(stands.entry_id, reason, now) if self.needs_reason else now
        return self._live.keep(body, stands.happened, typed_as=typed_as)

    def _attached_to(self, entry: Entry) -> DoseDetail | InfusionPause | None:
        found = attachment_of(self._live.record, entry)
        return found.body if found is not None and isinstance(found.body, DoseDetail | InfusionPause) else None

    def said(self, stands: Entry, words: str, code: str, *, is_confirmed: bool) -> PlainBody:
        """Return what *stands* says once it is corrected to the line *words*.

        It stays of its kind and at its time. Who took a reading stays, but for a monitor: what a person corrects, the
        monitor did not say. An action stays about its reading unless it names another.

        Raises:
            Misread: the line is not understood, or says something of another kind.
            Implausible: a value that cannot be.
            NeedsConfirmation: a value is unusual and *is_confirmed* is not set.
        """
        del code
        if not words.strip():
            raise Misread("It lacks words. To take it back, give the reason alone: // why.", 0)
        if read_amendment(words) is not None:
            raise Misread("A correction has the time of its entry; its reason stands at the end, after //.", 0)
        body, was = self._live.lines.read(words, known=KnownThen(stands.body)), stands.body
        if not is_typed(was) or first_word(line_of(was)) != first_word(words):
            raise Misread("A correction stays what it was: take it back, then log the other.", 0)
        if isinstance(body, Vitals | Dose) and isinstance(was, Vitals | Dose):
            by = TakenBy.STAFF if was.taken_by is TakenBy.MONITOR else was.taken_by
            body = replace(body, taken_by=by)
        if isinstance(body, Action) and isinstance(was, Action) and not _names_a_reading(words):
            body = replace(body, about_id=was.about_id)
        if _says_the_same(was, body):
            return was
        record, at = self._live.record, stands.happened
        return checked(body, record, at, is_confirmed=is_confirmed, but=stands.entry_id)


def _says_the_same(was: PlainBody, body: MedicalBody) -> bool:
    """Tell whether nothing was changed; what was confirmed then need not be again."""
    if isinstance(was, Vitals) and isinstance(body, Vitals):
        return body == replace(was, unusual=(), taken_by=body.taken_by)
    return body == was


def _names_a_reading(words: str) -> bool:
    """Tell whether the line of an action names its reading by a time."""
    return words.split()[1:2] != [] and words.split()[1].startswith("@")
