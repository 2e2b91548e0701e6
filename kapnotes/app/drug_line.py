"""A line of the log that is about the drug, held against the session: what the infusion does, the plan, the balance."""

from decimal import Decimal
from typing import Protocol

from kapnotes.domain.amending import AmendmentLine, read_amendment
from kapnotes.domain.clock import Stamp
from kapnotes.domain.drug_checks import require_flow
from kapnotes.domain.drug_entries import DoseDetail, InfusionPause
from kapnotes.domain.entries import Addendum, Body, LateEntry, MedicalBody, Route
from kapnotes.domain.errors import Implausible, Misread
from kapnotes.domain.holding import split_hold
from kapnotes.domain.moments import moment_at
from kapnotes.domain.record import Record
from kapnotes.domain.shorthand import read_attached
from kapnotes.domain.text import storable
from kapnotes.domain.typed_words import tokens_of


class Dosed(Protocol):
    """What is needed of the session."""

    record: Record

    def now(self) -> Stamp:
        """Return this moment."""
        ...

    def line_happens(self) -> Stamp:
        """Return when a line happens that names no time."""
        ...


class DrugLine:
    """Asks of a typed line what only the session knows."""

    def __init__(self, live: Dosed) -> None:
        self._live = live

    def paused_rate_mg_per_min(self, line: str) -> Decimal | None:
        """Return at what rate an infusion goes on that is paused when *line* happens; None where none is."""
        return self._live.record.infusion_at(self.happens(line)).paused_rate_mg_per_min

    def attached(self, line: str) -> DoseDetail | InfusionPause | None:
        """Return what an understood *line* says beyond its body, to be kept in an entry that names the body's."""
        amendment = _amendment(line)
        opened = self._live.record.opened
        route = opened.route if opened is not None else Route.IV
        text = storable(line) if amendment is None else amendment.text
        held = split_hold(text)
        return read_attached(held[0] if held is not None else text, route)

    def happens(self, line: str) -> Stamp:
        """Return when *line* happens: now, at its first key where it came back, or at the time that it names."""
        return self._at(_amendment(line))

    def require_flow(self, line: str, body: MedicalBody, *, is_pause: bool) -> None:
        """Refuse a stop or a pause of what does not run when *line* happens.

        Raises:
            Misread: at the word that says so.
        """
        amendment = _amendment(line)
        text, column = (line, 0) if amendment is None else (amendment.text, amendment.column)
        column += tokens_of(text)[-1].column
        require_flow(self._live.record, body, self._at(amendment), column, is_pause=is_pause)

    def _at(self, amendment: AmendmentLine | None) -> Stamp:
        """Return when a line happens; a time that was not in the session is refused where the line is kept."""
        if amendment is None:
            return self._live.line_happens()
        now = self._live.now()
        if amendment.at is None:
            return now
        try:
            return moment_at(self._live.record, *amendment.at, now)
        except Implausible:
            return now


def beside(body: Body, attached: DoseDetail | InfusionPause) -> Body:
    """Return *attached* as it stands beside *body*: a late entry's is late for the same reason."""
    match body:
        case LateEntry(reason):
            return LateEntry(reason, attached)
        case Addendum(target_id, reason):
            return Addendum(target_id, reason, attached)
        case _:
            return attached


def _amendment(line: str) -> AmendmentLine | None:
    try:
        return read_amendment(storable(line))
    except Misread:  # said where the line is read
        return None
