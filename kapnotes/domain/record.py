"""A session's entries in order, and what follows from them: what stands, totals, baseline, active states."""

from bisect import insort
from collections.abc import Iterable, Iterator
from dataclasses import replace
from decimal import Decimal
from functools import cached_property
from typing import TypeVar, cast

from kapnotes.domain.clock import Stamp, is_measured_by_wall_clock, seconds_between
from kapnotes.domain.entries import (
    Body,
    ClockJump,
    Correction,
    Dose,
    Entry,
    Infusion,
    Mark,
    MarkChange,
    Phase,
    SessionOpened,
    Stage,
    Vitals,
)
from kapnotes.domain.errors import BadFile
from kapnotes.domain.limits import OutOfProtocol, out_of_protocol, values_of
from kapnotes.domain.protocol import Protocol, read_protocol

_Kind = TypeVar("_Kind")

_FIELDS_OF_MEASURE = {
    "bp": ("systolic_mmhg", "diastolic_mmhg"),
    "hr": ("heart_rate_bpm",),
    "spo2": ("spo2_percent",),
    "rr": ("respiratory_rate_bpm",),
    "moaas": ("moaas",),
    "temperature": ("temperature_c",),
    "etco2": ("etco2_mmhg",),
}
_DERIVED = ("_standing", "_dosing", "first_dose", "baseline")


class Record:
    """One session as a seat can read it.

    `entries` is the order in which things were entered; `standing` is the order in which they happened, after
    corrections. Times are seconds: `position_s` counts from the opening of the session, `elapsed_s` from the first
    dose (T+0). What follows from the entries is computed when first asked for and forgotten with the next entry.

    `protocol_fault` says why a protocol could not be read: the session opens all the same, without its marks.
    """

    def __init__(self, entries: Iterable[Entry] = ()) -> None:
        self.entries: list[Entry] = []
        self.opened: SessionOpened | None = None
        self.protocol: Protocol | None = None
        self.protocol_fault = ""
        self._origin: Stamp | None = None
        self._opened_id = ""
        self._by_id: dict[str, Entry] = {}
        self._body_of: dict[str, Body | None] = {}
        self._corrections: dict[str, list[Entry]] = {}
        self._jumps: list[tuple[Stamp, float]] = []
        self._boots: dict[str, int] = {}
        self._order: list[tuple[float, int, str]] | None = []
        self._of: dict[type, list[Entry]] = {}
        for entry in entries:
            self.apply(entry)

    def apply(self, entry: Entry) -> None:
        """Add *entry*; one that is already there is not added twice."""
        if entry.entry_id in self._by_id:
            return
        self._forget_derived()
        if self._origin is None:
            self._origin = entry.happened
        self.entries.append(entry)
        self._by_id[entry.entry_id] = entry
        self._boots.setdefault(entry.entered.boot_id, len(self._boots))
        if isinstance(entry.body, Correction):
            corrections = self._corrections.setdefault(entry.body.target_id, [])
            insort(corrections, entry, key=lambda correction: self.position_s(correction.entered))
            self._let_newest_stand(entry.body.target_id)
            return
        self._body_of[entry.entry_id] = entry.body
        self._note_time(entry)
        self._let_newest_stand(entry.entry_id)

    def _forget_derived(self) -> None:
        self._of.clear()
        for name in _DERIVED:
            self.__dict__.pop(name, None)

    def _note_time(self, entry: Entry) -> None:
        """Put *entry* in its place in time; an opening or a jump may move the others, so they are placed anew."""
        if isinstance(entry.body, SessionOpened) and not self._opened_id:
            self._opened_id = entry.entry_id
            self._origin = entry.happened
            self._order = None
        elif isinstance(entry.body, ClockJump):
            self._jumps.append((entry.happened, entry.body.jump_s))
            self._order = None
        if self._order is not None:
            insort(self._order, self._place(len(self.entries), entry))

    def _place(self, arrival: int, entry: Entry) -> tuple[float, int, str]:
        return self.position_s(entry.happened), arrival, entry.entry_id

    def _let_newest_stand(self, target_id: str) -> None:
        """Let the newest correction of that entry stand, in whatever order the two arrived."""
        if target_id not in self._body_of:
            return
        author_id = self._by_id[target_id].author_id
        found = (entry.body for entry in reversed(self._corrections.get(target_id, [])) if entry.author_id == author_id)
        newest = next(found, None)
        if isinstance(newest, Correction):
            self._body_of[target_id] = newest.replacement
        if target_id == self._opened_id:
            self._open()

    def _open(self) -> None:
        opened = self._body_of[self._opened_id]
        if not isinstance(opened, SessionOpened):
            return
        self.opened = opened
        try:
            self.protocol, self.protocol_fault = read_protocol(opened.protocol_name, opened.protocol_text), ""
        except BadFile as error:
            self.protocol, self.protocol_fault = None, str(error)

    # ------------------------------------------------------------------------------------------ entries

    def entry(self, entry_id: str) -> Entry | None:
        """Return the entry of that id as it was entered, or None."""
        return self._by_id.get(entry_id)

    def corrections_of(self, entry_id: str) -> tuple[Entry, ...]:
        """Return the corrections of that entry by its own author, oldest first; nobody else's change what stands."""
        target = self._by_id.get(entry_id)
        if target is None:
            return ()
        return tuple(found for found in self._corrections.get(entry_id, ()) if found.author_id == target.author_id)

    def stands(self, entry_id: str) -> bool:
        """Tell whether the entry is there and was not retracted."""
        return self._body_of.get(entry_id) is not None

    def standing(self) -> Iterator[Entry]:
        """Give what stands after corrections, in the order in which it happened; a corrected entry has its new body."""
        return iter(self._standing)

    @cached_property
    def _standing(self) -> list[Entry]:
        if self._order is None:
            placed = (self._place(arrival, entry) for arrival, entry in enumerate(self.entries, 1))
            self._order = sorted(place for place in placed if place[2] in self._body_of)
        found: list[Entry] = []
        for _, _, entry_id in self._order:
            body = self._body_of[entry_id]
            if body is not None:
                entry = self._by_id[entry_id]
                found.append(entry if body is entry.body else replace(entry, body=body))
        return found

    def of(self, kind: type[_Kind]) -> list[tuple[Entry, _Kind]]:
        """Return what stands of one kind of body, each with its entry, in the order in which it happened."""
        return [(entry, cast(_Kind, entry.body)) for entry in self._entries_of(kind)]

    def newest(self, kind: type[_Kind]) -> _Kind | None:
        """Return the body of that kind that happened last, or None."""
        found = self._entries_of(kind)
        return cast(_Kind, found[-1].body) if found else None

    def _entries_of(self, kind: type) -> list[Entry]:
        if kind not in self._of:
            self._of[kind] = [entry for entry in self._standing if isinstance(entry.body, kind)]
        return self._of[kind]

    # --------------------------------------------------------------------------------------------- time

    def position_s(self, stamp: Stamp) -> float:
        """Return seconds from the opening of the session to *stamp*."""
        return 0.0 if self._origin is None else self.between_s(self._origin, stamp)

    def between_s(self, earlier: Stamp, later: Stamp) -> float:
        """Return the seconds from *earlier* to *later*.

        Across a restart of the laptop only the wall clock is left; the jumps of it that were noted in between do not
        count as time.
        """
        measured_s = seconds_between(earlier, later)
        if not is_measured_by_wall_clock(earlier, later):
            return measured_s
        if self._boot(earlier) > self._boot(later):
            return -self.between_s(later, earlier)
        return measured_s - sum(jump_s for at, jump_s in self._jumps if self._is_between(earlier, at, later))

    def _boot(self, stamp: Stamp) -> int:
        """Return which start of the laptop it was, by the order of the entries; one without entries is the newest."""
        return self._boots.get(stamp.boot_id, len(self._boots))

    def _is_between(self, earlier: Stamp, at: Stamp, later: Stamp) -> bool:
        if at.boot_id == earlier.boot_id:
            return at.boot_ns > earlier.boot_ns
        if at.boot_id == later.boot_id:
            return at.boot_ns <= later.boot_ns
        return self._boot(earlier) < self._boot(at) < self._boot(later)

    def elapsed_s(self, stamp: Stamp) -> float | None:
        """Return seconds from the first dose to *stamp* (below zero before it), None where there is no dose yet."""
        first = self.first_dose
        return None if first is None else self.between_s(first, stamp)

    @property
    def origin(self) -> Stamp | None:
        """Return the moment the session was opened."""
        return self._origin

    @property
    def stage(self) -> Stage:
        """Return what the session is doing now."""
        phase = self.newest(Phase)
        return Stage.PREPARATION if phase is None else phase.stage

    def began(self, stage: Stage) -> Stamp | None:
        """Return when *stage* was first entered, or None."""
        return next((entry.happened for entry, phase in self.of(Phase) if phase.stage is stage), None)

    # -------------------------------------------------------------------------------------------- doses

    @cached_property
    def first_dose(self) -> Stamp | None:
        """Return T+0: the first dose that is no rescue drug, or the start of the first infusion."""
        gives = (
            entry for entry in self._dosing if not isinstance(entry.body, Infusion) or entry.body.rate_mg_per_min > 0
        )
        first = next(gives, None)
        return None if first is None else first.happened

    @cached_property
    def _dosing(self) -> list[Entry]:
        """Doses but rescue drugs, and every start, change and stop of an infusion."""
        return [
            entry
            for entry in self._standing
            if isinstance(entry.body, Infusion) or (isinstance(entry.body, Dose) and not entry.body.is_rescue)
        ]

    @property
    def infusion_is_running(self) -> bool:
        """Tell whether the last infusion entry left the drug running."""
        last = self.newest(Infusion)
        return last is not None and last.rate_mg_per_min > 0

    @property
    def infusion_ended(self) -> Stamp | None:
        """Return when a running infusion was last stopped; None where there was none, and while one runs."""
        return self._last_end(with_doses=False)

    @property
    def dosing_ended(self) -> Stamp | None:
        """Return when the last dose was given or the infusion stopped; None before, and while one runs."""
        return self._last_end(with_doses=True)

    def _last_end(self, *, with_doses: bool) -> Stamp | None:
        """Return the last end; stopping what does not run ends nothing."""
        ended: Stamp | None = None
        runs = False
        for entry in self._dosing:
            if isinstance(entry.body, Infusion):
                stops = entry.body.rate_mg_per_min <= 0
                if stops and runs:
                    ended = entry.happened
                runs = not stops
            elif with_doses:
                ended = entry.happened
        return None if runs else ended

    def given_mg(self, until: Stamp) -> Decimal:
        """Return the mg given up to *until*: doses but rescue drugs, and the infusion's rate times its minutes."""
        total = Decimal(0)
        running: tuple[Stamp, Decimal] | None = None
        for entry in self._dosing:
            if self.between_s(entry.happened, until) < 0:
                continue
            body = entry.body
            if isinstance(body, Dose):
                total += body.dose_mg
            elif isinstance(body, Infusion):
                if running is not None:
                    total += self._infused_mg(running, entry.happened)
                running = (entry.happened, body.rate_mg_per_min)
        if running is not None:
            total += self._infused_mg(running, until)
        return total.quantize(Decimal("0.01")).normalize() + 0

    def _infused_mg(self, running: tuple[Stamp, Decimal], until: Stamp) -> Decimal:
        since, rate_mg_per_min = running
        return rate_mg_per_min * Decimal(repr(self.between_s(since, until))) / 60

    def given_mg_per_kg(self, until: Stamp) -> Decimal | None:
        """Return mg per kg by this session's weight, None where no weight was noted."""
        weight_kg = self.opened.weight_kg if self.opened is not None else None
        if weight_kg is None or weight_kg <= 0:
            return None
        return (self.given_mg(until) / weight_kg).quantize(Decimal("0.01"))

    # ------------------------------------------------------------------------------------------- vitals

    @cached_property
    def baseline(self) -> Vitals | None:
        """Return this session's baseline.

        It is the last set before the first dose that holds all the protocol measures; where none does, the last one
        before the first dose with a blood pressure; where nothing was given yet, the last such set so far.
        """
        first = self.first_dose
        before = [
            vitals for entry, vitals in self.of(Vitals) if first is None or self.between_s(entry.happened, first) >= 0
        ]
        wanted = self._measured_fields()
        full = (vitals for vitals in reversed(before) if wanted and wanted <= values_of(vitals).keys())
        with_pressure = (vitals for vitals in reversed(before) if vitals.systolic_mmhg is not None)
        return next(full, None) or next(with_pressure, None)

    def _measured_fields(self) -> set[str]:
        if self.protocol is None:
            return set()
        return {field for measure in self.protocol.measure for field in _FIELDS_OF_MEASURE[measure]}

    def out_of_protocol(self, vitals: Vitals) -> tuple[OutOfProtocol, ...]:
        """Return which values of *vitals* the session's protocol marks."""
        return out_of_protocol(vitals, self.protocol.limits) if self.protocol is not None else ()

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

    def state_spans(self, until: Stamp) -> list[tuple[str, Stamp, Stamp]]:
        """Return each stretch of a state as code, start and stop; one that still runs ends at *until*."""
        spans: list[tuple[str, Stamp, Stamp]] = []
        running: dict[str, Stamp] = {}
        for entry, mark in self.of(Mark):
            if mark.change is MarkChange.START:
                running.setdefault(mark.code, entry.happened)
            elif mark.change is MarkChange.STOP and mark.code in running:
                spans.append((mark.code, running.pop(mark.code), entry.happened))
        spans.extend((code, start, until) for code, start in running.items())
        return spans


def percent_from(baseline: Decimal, value: Decimal) -> int | None:
    """Return by how many percent *value* differs from *baseline*, in whole percent; None from a baseline of zero."""
    if baseline == 0:
        return None
    return int(((value - baseline) * 100 / baseline).to_integral_value())
