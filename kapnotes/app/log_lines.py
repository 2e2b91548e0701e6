"""Lines of the vitals log, held against the session: what each says, when it happens, and whether it may stand."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from decimal import Decimal

from kapnotes.app.half_typed import Typing
from kapnotes.app.typed_fields import LOG
from kapnotes.domain.amending import AmendmentLine, read_amendment
from kapnotes.domain.clinic import RescueDrug
from kapnotes.domain.clock import Stamp
from kapnotes.domain.drug_checks import require_flow
from kapnotes.domain.drug_entries import DoseDetail, InfusionPause
from kapnotes.domain.entries import Action, Dose, MedicalBody, Route, TakenBy, Vitals
from kapnotes.domain.errors import Implausible, Misread, StartHeld
from kapnotes.domain.holding import held_words, is_answered, split_hold, start_hold, starts
from kapnotes.domain.known import KnownOf
from kapnotes.domain.marked import meant_by
from kapnotes.domain.moments import moment_at
from kapnotes.domain.record import Record
from kapnotes.domain.rescue import completed, typed_drug
from kapnotes.domain.shorthand import read_attached, read_line
from kapnotes.domain.start_hold import StartHold
from kapnotes.domain.text import storable
from kapnotes.domain.typed_words import Known, tokens_of


class LogLines:
    """Reads a line as it would be logged now, or added as an amendment. Nothing is noted here."""

    def __init__(
        self,
        record: Record,
        typing: Typing,
        now: Callable[[], Stamp],
        rescue_drugs: Callable[[], Sequence[RescueDrug]],
    ) -> None:
        self._record = record
        self._typing = typing
        self._now = now
        self._rescue_drugs = rescue_drugs

    # ------------------------------------------------------------------------------------- when it happens

    def happens(self, line: str) -> Stamp:
        """Return when *line* happens: now, at its first key where it came back, or at the time that it names."""
        return self._at(_amendment(line))

    def _at(self, amendment: AmendmentLine | None) -> Stamp:
        """Return when a line happens; a time that was not in the session is refused where the line is kept."""
        if amendment is None:
            return self._untimed()
        now = self._now()
        if amendment.at is None:
            return now
        try:
            return moment_at(self._record, *amendment.at, now)
        except Implausible:
            return now

    def _untimed(self) -> Stamp:
        """Return when a line happens that names no time; what it is judged by is what stood then, too."""
        line = self._typing.half_typed(LOG)
        return line.began if line is not None and line.is_restored else self._now()

    # ---------------------------------------------------------------------------------------- what it says

    def read(self, line: str, *, taken_by: TakenBy = TakenBy.STAFF, known: Known | None = None) -> MedicalBody:
        """Return what *line* would log, or would add as an amendment.

        What it leaves out is what the session knows now, or what was *known* then.

        Raises:
            Misread: the line is not understood; names the column.
        """
        opened, protocol = self._record.opened, self._record.protocol
        amendment = read_amendment(storable(line))
        text, column = (storable(line), 0) if amendment is None else (amendment.text, amendment.column)
        try:
            held = self._held(text, is_late=amendment is not None)
            if isinstance(held, StartHold):
                return held
            text = held
            body = read_line(
                text,
                drug=protocol.dose.drug if protocol is not None else "ketamine",
                route=opened.route if opened is not None else Route.IV,
                paused_rate_mg_per_min=self._paused_rate_mg_per_min(line),
                known=known or KnownOf(self._record, self.happens(line), is_late=amendment is not None),
            )
        except Misread as misread:
            misread.column += column
            raise
        if isinstance(body, Action):
            return self._about_a_reading(body, line)
        rescue = typed_drug(text)
        if isinstance(body, Dose) and rescue is not None:
            body = replace(body, drug=completed(body.drug, rescue[1] + column, self._rescue_drugs()))
        return replace(body, taken_by=taken_by) if isinstance(body, Vitals | Dose) else body

    def attached(self, line: str) -> DoseDetail | InfusionPause | None:
        """Return what *line*, which `read` understands, says beyond its body: it is kept in an entry of its own."""
        amendment = _amendment(line)
        opened = self._record.opened
        route = opened.route if opened is not None else Route.IV
        text = storable(line) if amendment is None else amendment.text
        held = split_hold(text)
        return read_attached(held[0] if held is not None else text, route)

    def _held(self, text: str, *, is_late: bool) -> str | StartHold:
        """Return *text* without a reason for a held start, or the reason where it stands alone."""
        said = split_hold(text)
        if said is None:
            return text
        dose, reason, column = said
        hold = start_hold(self._record, reason, until=self._untimed())
        if hold is None or (dose and self._record.first_dose is not None):
            raise Misread("Nothing holds the start: a dose needs no reason now.", column)
        if not dose:
            return hold
        if is_late:
            raise Misread("A dose that is added late is not held: its reason is a line of its own.", column)
        return dose

    def _paused_rate_mg_per_min(self, line: str) -> Decimal | None:
        """Return at what rate an infusion goes on that is paused when *line* happens; None where none is."""
        return self._record.infusion_at(self.happens(line)).paused_rate_mg_per_min

    def _about_a_reading(self, action: Action, line: str) -> Action:
        """Let *action* name the marked reading that it is about, by the time in its words or because it waits."""
        try:
            about, said = meant_by(self._record, action.text, until=self.happens(line))
        except Misread as misread:
            misread.column += max(0, storable(line).rfind(action.text))
            raise
        return Action(said, about.entry_id if about is not None else "")

    # ---------------------------------------------------------------------------------- whether it may stand

    def require_flow(self, line: str, body: MedicalBody) -> None:
        """Refuse *line*, read as *body*, where it stops or pauses an infusion that does not run then.

        Raises:
            Misread: at the word that says so.
        """
        amendment = _amendment(line)
        text, column = (line, 0) if amendment is None else (amendment.text, amendment.column)
        column += tokens_of(text)[-1].column
        is_pause = isinstance(self.attached(line), InfusionPause)
        require_flow(self._record, body, self._at(amendment), column, is_pause=is_pause)

    def answer_to_hold(self, line: str, body: MedicalBody, at: Stamp) -> StartHold | None:
        """Return why the first dose is given although it is held, to be kept before it; None where that needs no entry.

        Raises:
            StartHeld: it is held, and neither the line nor an entry says why it is given.
        """
        hold = start_hold(self._record, until=at) if self._record.first_dose is None and starts(body) else None
        said = split_hold(storable(line))
        if hold is None or (said is None and is_answered(self._record, hold)):
            return None
        if said is None:
            raise StartHeld("Held: {what}. Type the reason: hold …", what=held_words(hold))
        answer = replace(hold, reason=said[1])
        return None if any(given == answer for _, given in self._record.of(StartHold)) else answer


def _amendment(line: str) -> AmendmentLine | None:
    try:
        return read_amendment(storable(line))
    except Misread:  # said where the line is read
        return None
