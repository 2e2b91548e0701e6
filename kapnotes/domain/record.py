"""A session's entries in order, and what follows from them: what stands, totals, baseline, active states."""

import math
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
    Discharge,
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
from kapnotes.domain.infusion import HUNDREDTH_MG, Segment, segments
from kapnotes.domain.limits import OutOfProtocol, out_of_protocol, values_of
from kapnotes.domain.protocol import Protocol, read_protocol

_Kind = TypeVar("_Kind")
_Key = tuple[str, str]
"""Author and entry id: an id is chosen by who writes the entry, so it says nothing about anybody else's."""

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

    Ids and times are what their author says they are. So an entry is known by author and id together, and the opening
    that was applied first stands; see `doubtful`.
    """

    def __init__(self, entries: Iterable[Entry] = ()) -> None:
        self.entries: list[Entry] = []
        self.opened: SessionOpened | None = None
        self.protocol: Protocol | None = None
        self.protocol_fault = ""
        self._origin: Stamp | None = None
        self._opened_key: _Key | None = None
        self._by_key: dict[_Key, Entry] = {}
        self._first_author: dict[str, str] = {}
        self._body_of: dict[_Key, Body | None] = {}
        self._corrections: dict[_Key, list[Entry]] = {}
        self._doubtful: list[Entry] = []
        self._jumps: list[tuple[Stamp, float]] = []
        self._boots: dict[str, int] = {}
        self._order: list[tuple[float, int, _Key]] | None = []
        self._of: dict[type, list[Entry]] = {}
        for entry in entries:
            self.apply(entry)

    def apply(self, entry: Entry) -> None:
        """Add *entry*; one that is already there is not added twice."""
        key = _key_of(entry)
        known = self._by_key.get(key)
        if known == entry or entry in self._doubtful:
            return
        self.entries.append(entry)
        if known is not None or (isinstance(entry.body, SessionOpened) and self._opened_key is not None):
            self._doubtful.append(entry)
            return
        self._forget_derived()
        if self._origin is None:
            self._origin = entry.happened
        self._by_key[key] = entry
        self._first_author.setdefault(entry.entry_id, entry.author_id)
        self._boots.setdefault(entry.entered.boot_id, len(self._boots))
        if isinstance(entry.body, Correction):
            target = entry.author_id, entry.body.target_id
            insort(self._corrections.setdefault(target, []), entry, key=self._entered_at)
            self._let_newest_stand(target)
            return
        self._body_of[key] = entry.body
        self._note_time(entry)
        self._let_newest_stand(key)

    def _entered_at(self, entry: Entry) -> float:
        return self.position_s(entry.entered)

    def _forget_derived(self) -> None:
        self._of.clear()
        for name in _DERIVED:
            self.__dict__.pop(name, None)

    def _note_time(self, entry: Entry) -> None:
        """Put *entry* in its place in time; an opening or a jump may move the others, so they are placed anew."""
        if isinstance(entry.body, SessionOpened):
            self._opened_key = _key_of(entry)
            self._origin = entry.happened
            self._place_anew()
        elif isinstance(entry.body, ClockJump):
            self._jumps.append((entry.happened, entry.body.jump_s))
            self._place_anew()
        if self._order is not None:
            insort(self._order, self._place(len(self.entries), entry))

    def _place_anew(self) -> None:
        self._order = None
        for target, corrections in self._corrections.items():
            if len(corrections) > 1:
                corrections.sort(key=self._entered_at)
                self._let_newest_stand(target)

    def _place(self, arrival: int, entry: Entry) -> tuple[float, int, _Key]:
        return self.position_s(entry.happened), arrival, _key_of(entry)

    def _let_newest_stand(self, target: _Key) -> None:
        """Let the newest correction of that entry by its own author stand, in whatever order the two arrived."""
        if target not in self._body_of:
            return
        corrections = self._corrections.get(target)
        if corrections and isinstance(corrections[-1].body, Correction):
            self._body_of[target] = corrections[-1].body.replacement
        if target == self._opened_key:
            self._open()

    def _open(self) -> None:
        opened = self._body_of[self._opened_key] if self._opened_key is not None else None
        if not isinstance(opened, SessionOpened):
            return
        self.opened = opened
        try:
            self.protocol, self.protocol_fault = read_protocol(opened.protocol_name, opened.protocol_text), ""
        except BadFile as error:
            self.protocol, self.protocol_fault = None, str(error)

    # ------------------------------------------------------------------------------------------ entries

    def entry(self, entry_id: str, author_id: str = "") -> Entry | None:
        """Return the entry of that id as it was entered, or None.

        Where two authors chose the same id and *author_id* does not say whose is meant, it is the first one applied.
        """
        return self._by_key.get(self._key(entry_id, author_id))

    def corrections_of(self, entry_id: str, author_id: str = "") -> tuple[Entry, ...]:
        """Return the corrections of that entry by its own author, oldest first; nobody else's change what stands."""
        key = self._key(entry_id, author_id)
        return tuple(self._corrections.get(key, ())) if key in self._by_key else ()

    def stands(self, entry_id: str, author_id: str = "") -> bool:
        """Tell whether the entry is there and was not retracted."""
        return self._body_of.get(self._key(entry_id, author_id)) is not None

    def _key(self, entry_id: str, author_id: str) -> _Key:
        return author_id or self._first_author.get(entry_id, ""), entry_id

    @property
    def doubtful(self) -> tuple[Entry, ...]:
        """Return what is kept and counts for nothing, in the order in which it was applied.

        These are a second opening of the session, and an entry that says something else under the id of one by the same
        author. Nobody writes either by accident.
        """
        return tuple(self._doubtful)

    def standing(self) -> Iterator[Entry]:
        """Give what stands after corrections, in the order in which it happened; a corrected entry has its new body."""
        return iter(self._standing)

    @cached_property
    def _standing(self) -> list[Entry]:
        if self._order is None:
            counted = ((arrival, entry) for arrival, entry in enumerate(self.entries, 1) if self._counts(entry))
            placed = (self._place(arrival, entry) for arrival, entry in counted)
            self._order = sorted(place for place in placed if place[2] in self._body_of)
        found: list[Entry] = []
        for _, _, key in self._order:
            body = self._body_of[key]
            if body is not None:
                entry = self._by_key[key]
                found.append(entry if body is entry.body else replace(entry, body=body))
        return found

    def _counts(self, entry: Entry) -> bool:
        return not self._doubtful or self._by_key.get(_key_of(entry)) == entry

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
        """Return which start of the laptop it was, by the order of the entries; one without entries is the newest.

        The opening was before all else, even where a clock set back lets later entries be read first.
        """
        if self._opened_key is not None and self._by_key[self._opened_key].entered.boot_id == stamp.boot_id:
            return -1
        return self._boots.get(stamp.boot_id, len(self._boots))

    def _is_between(self, earlier: Stamp, at: Stamp, later: Stamp) -> bool:
        if at.boot_id == earlier.boot_id:
            return at.boot_ns > earlier.boot_ns
        if at.boot_id == later.boot_id:
            return at.boot_ns <= later.boot_ns
        return self._boot(earlier) < self._boot(at) < self._boot(later)

    def clock_went_back(self, now: Stamp) -> float | None:
        """Return by how many seconds *now* is earlier than the newest entry; None where it is not.

        That is asked when a session is opened after a restart of the laptop: *now* is of a start without any entry yet.
        What is returned is below zero, in whole tenths, and is what `ClockJump.jump_s` must say, entered at *now*
        before anything else. Nobody knows how long the laptop was off, so time goes on from the newest entry.
        """
        if not self.entries or now.boot_id in self._boots:
            return None
        since_newest_s = min(self.between_s(entry.entered, now) for entry in self._by_key.values())
        return math.floor(since_newest_s * 10) / 10 if since_newest_s < 0 else None

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

    @property
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

        What counts is what was given since the plan was entered; a change of the rate alone keeps it.
        """
        running = self.segments(until)
        if not running or not running[-1].is_running:
            return False
        given_mg = Decimal(0)
        after: Segment | None = None
        for segment in reversed(running):
            if after is not None and segment.stop != after.start:
                return False
            given_mg += segment.exact_mg
            if segment.infusion.planned_mg is not None:
                return given_mg.quantize(HUNDREDTH_MG) > segment.infusion.planned_mg
            after = segment
        return False

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


def _key_of(entry: Entry) -> _Key:
    return entry.author_id, entry.entry_id


def percent_from(baseline: Decimal, value: Decimal) -> int | None:
    """Return by how many percent *value* differs from *baseline*, in whole percent; None from a baseline of zero."""
    if baseline == 0:
        return None
    return int(((value - baseline) * 100 / baseline).to_integral_value())
