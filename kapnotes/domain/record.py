"""A session as a whole, and what follows from its entries: totals, baseline, active states, signatures."""

from collections.abc import Iterable
from decimal import Decimal
from functools import cached_property
from typing import ClassVar

from kapnotes.domain.clock import Stamp
from kapnotes.domain.custody import SignOff
from kapnotes.domain.drug_entries import InfusionPause
from kapnotes.domain.entries import (
    Amendment,
    Body,
    Discharge,
    Dose,
    Entry,
    Infusion,
    Mark,
    MarkChange,
    Phase,
    SessionOpened,
    Stage,
)
from kapnotes.domain.errors import BadFile
from kapnotes.domain.infusion import HUNDREDTH_MG, Course, Flow, Segment, after, courses, segments
from kapnotes.domain.members import Compartment, Persons
from kapnotes.domain.protocol import read_protocol
from kapnotes.domain.reading_ledger import ReadingLedger


class Record(ReadingLedger):
    """One session as a seat can read it.

    Times are seconds: `position_s` counts from the opening of the session, `elapsed_s` from the first dose (T+0). What
    follows from the entries is computed when first asked for, and follows or is forgotten with the next entry.

    `protocol_fault` says why a protocol could not be read: the session opens all the same, without its marks.
    """

    derived: ClassVar = {
        "first_dose": Dose | Infusion,
        "_pauses": InfusionPause,
        "_infusions": Infusion | InfusionPause,
        "ended": Phase | Discharge,
        **ReadingLedger.derived,
    }

    def __init__(self, entries: Iterable[Entry] = (), persons: Persons | None = None) -> None:
        self.opened: SessionOpened | None = None
        self.protocol_fault = ""
        self.sign_offs: list[tuple[Entry, SignOff]] = []
        """The signatures, in the order in which they were entered; nothing takes one back."""
        super().__init__(entries, persons)

    def apply(self, entry: Entry) -> None:
        """Add *entry*; one that is already there is not added twice."""
        before = len(self.entries)
        super().apply(entry)
        if len(self.entries) > before and isinstance(entry.body, SignOff) and entry not in self.doubtful:
            self.sign_offs.append((entry, entry.body))

    def _open(self, opened: Body | None) -> None:
        if not isinstance(opened, SessionOpened):
            return
        self.opened = opened
        try:
            self.protocol, self.protocol_fault = read_protocol(opened.protocol_name, opened.protocol_text), ""
        except BadFile as error:
            self.protocol, self.protocol_fault = None, str(error)

    # --------------------------------------------------------------------------------------- signatures

    def signature(self, member_id: str, compartment: Compartment) -> Entry | None:
        """Return the entry by which that member signed the own record in *compartment*, under whichever id, or None."""
        return next(
            (
                entry
                for entry, sign_off in self.sign_offs
                if self.persons.are_one(entry.author_id, member_id) and sign_off.compartment == compartment
            ),
            None,
        )

    def is_signed(self, member_id: str, compartment: Compartment) -> bool:
        """Tell whether that member signed the own record in *compartment*: from then on it takes only amendments."""
        return self.signature(member_id, compartment) is not None

    def is_after_signature(self, entry: Entry) -> bool:
        """Tell whether *entry* amends what its author had signed by then, in whatever compartment."""
        original = self.entry(entry.entry_id, entry.author_id)
        if original is None or not isinstance(original.body, Amendment):
            return False
        signatures = (one for one, _ in self.sign_offs)
        signed = next((one for one in signatures if self.persons.are_one(one.author_id, entry.author_id)), None)
        return signed is not None and self.between_s(signed.entered, entry.entered) >= 0

    # ------------------------------------------------------------------------------------------- stages

    def elapsed_s(self, stamp: Stamp) -> float | None:
        """Return seconds from the first dose to *stamp* (below zero before it), None where there is no dose yet."""
        first = self.first_dose
        return None if first is None else self.between_s(first, stamp)

    @property
    def stage(self) -> Stage:
        """Return what the session is doing now."""
        phase = self.newest(Phase)
        return Stage.PREPARATION if phase is None else phase.stage

    @property
    def is_closed(self) -> bool:
        """Tell whether the session is closed."""
        return self.stage is Stage.CLOSED

    def began(self, stage: Stage) -> Stamp | None:
        """Return when *stage* was first entered, or None."""
        return next((entry.happened for entry, phase in self.of(Phase) if phase.stage is stage), None)

    @cached_property
    def ended(self) -> Stamp | None:
        """Return when the patient left or the session was closed, whichever was first; None while it runs.

        A session that was closed and taken up again is not over.
        """
        closed: Stamp | None = None
        for entry, phase in self.of(Phase):
            closed = (closed or entry.happened) if phase.stage is Stage.CLOSED else None
        left = next((entry.happened for entry, _ in self.of(Discharge)), None)
        ends = [end for end in (closed, left) if end is not None]
        return min(ends, key=self.position_s, default=None)

    # -------------------------------------------------------------------------------------------- doses

    @cached_property
    def first_dose(self) -> Stamp | None:
        """Return T+0: the first dose that is no rescue drug, or the start of the first infusion."""
        gives = (
            entry for entry in self._dosing if not isinstance(entry.body, Infusion) or entry.body.rate_mg_per_min > 0
        )
        first = next(gives, None)
        return None if first is None else first.happened

    @property
    def _dosing(self) -> list[Entry]:
        """Doses but rescue drugs, and every start, change and stop of an infusion."""
        return [
            entry
            for entry in self._entries_of(Dose | Infusion)
            if not (isinstance(entry.body, Dose) and entry.body.is_rescue)
        ]

    @property
    def infusion_is_running(self) -> bool:
        """Tell whether the last infusion entry left the drug running."""
        last = self.newest(Infusion)
        return last is not None and last.rate_mg_per_min > 0

    @cached_property
    def _pauses(self) -> frozenset[tuple[str, str]]:
        """Return author and id of the stops that are pauses, as their own author says."""
        return frozenset(
            (self.persons.began(entry.author_id), pause.target_id) for entry, pause in self.of(InfusionPause)
        )

    def is_pause(self, entry: Entry) -> bool:
        """Tell whether *entry*, which stops the infusion, is a pause of it."""
        return (self.persons.began(entry.author_id), entry.entry_id) in self._pauses

    def resumes(self, entry: Entry) -> bool:
        """Tell whether *entry* lets an infusion go on that was paused."""
        flow = Flow()
        for one, infusion in self.of(Infusion):
            if one.entry_id == entry.entry_id and one.author_id == entry.author_id:
                return flow.is_paused and infusion.rate_mg_per_min > 0
            flow = after(flow, infusion, is_pause=self.is_pause(one))
        return False

    def infusion_at(self, at: Stamp) -> Flow:
        """Return what the infusion does at a moment: its rate, or that it is paused."""
        flow = Flow()
        for entry, infusion in self.of(Infusion):
            if self.between_s(entry.happened, at) >= 0:
                flow = after(flow, infusion, is_pause=self.is_pause(entry))
        return flow

    def infusions(self) -> list[Course]:
        """Return each infusion from its start to its stop; a pause is part of it."""
        return self._infusions.copy()

    @cached_property
    def _infusions(self) -> list[Course]:
        return courses(self.of(Infusion), self.is_pause)

    @property
    def infusion_is_paused(self) -> bool:
        """Tell whether an infusion rests that was neither resumed nor stopped."""
        found = self.infusions()
        return bool(found) and found[-1].stop is None and not self.infusion_is_running

    @property
    def infusion_ended(self) -> Stamp | None:
        """Return when an infusion was last stopped; None where there was none, and while one runs or is paused."""
        found = self.infusions()
        return found[-1].stop if found else None

    @property
    def dosing_ended(self) -> Stamp | None:
        """Return when the last dose was given or the infusion stopped; None before, and while one runs or is paused."""
        infusions = self.infusions()
        if infusions and infusions[-1].stop is None:
            return None
        ends = [course.stop for course in infusions if course.stop is not None]
        ends += [entry.happened for entry in self._dosing if isinstance(entry.body, Dose)]
        return max(ends, key=self.position_s, default=None)

    def given_mg(self, until: Stamp) -> Decimal:
        """Return the mg given up to *until*: doses but rescue drugs, and the infusion's rate times its minutes.

        The sum is rounded, not its parts. An infusion that nobody stopped is counted no further than `ended`.
        """
        doses = (
            entry.body.dose_mg
            for entry in self._dosing
            if isinstance(entry.body, Dose) and self.between_s(entry.happened, until) >= 0
        )
        total = sum(doses, Decimal(0)) + sum((one.exact_mg for one in self.segments(until)), Decimal(0))
        return total.quantize(HUNDREDTH_MG).normalize() + 0

    def segments(self, until: Stamp) -> list[Segment]:
        """Return the infusion's stretches at one rate up to *until*, in order, as `given_mg` counts them."""
        return segments(self.of(Infusion), until, self.ended, self.between_s)

    def is_over_plan(self, until: Stamp) -> bool:
        """Tell whether an infusion that nobody stopped has given more than was planned for it by *until*.

        What counts is what was given since the plan was entered; a change of the rate alone keeps it, and so does a
        pause.
        """
        running = self.segments(until)
        if not running or not running[-1].is_running:
            return False
        given_mg = Decimal(0)
        began = [one.start for one in self.infusions() if self.between_s(one.start, until) >= 0][-1]
        for segment in reversed(running):
            if self.between_s(began, segment.start) < 0:
                return False
            given_mg += segment.exact_mg
            if segment.infusion.planned_mg is not None:
                return given_mg.quantize(HUNDREDTH_MG) > segment.infusion.planned_mg
        return False

    def given_mg_per_kg(self, until: Stamp) -> Decimal | None:
        """Return mg per kg by this session's weight, None where no weight was noted."""
        weight_kg = self.opened.weight_kg if self.opened is not None else None
        if weight_kg is None or weight_kg <= 0:
            return None
        return (self.given_mg(until) / weight_kg).quantize(Decimal("0.01"))

    # ------------------------------------------------------------------------------------------- states

    def active_states(self) -> dict[str, Stamp]:
        """Return the states that run, by code, with their start."""
        running: dict[str, Stamp] = {}
        for entry, mark in self.of(Mark):
            if mark.change is MarkChange.START:
                running.setdefault(mark.code, entry.happened)
            elif mark.change is MarkChange.STOP:
                running.pop(mark.code, None)
        return running


def percent_from(baseline: Decimal, value: Decimal) -> int | None:
    """Return by how many percent *value* differs from *baseline*, in whole percent; None from a baseline of zero."""
    if baseline == 0:
        return None
    return int(((value - baseline) * 100 / baseline).to_integral_value())
