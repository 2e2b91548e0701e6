"""The readings of a session: its baseline, those outside the protocol, and when a slot of the schedule is answered.

Each answer follows a reading that is added to the end, as nearly all are: with the thousands of a monitor's file it is
asked for after every one, and with every tick of the clock.
"""

from abc import abstractmethod
from bisect import insort
from collections.abc import Iterable
from functools import cached_property
from typing import ClassVar

from kapnotes.domain.clock import Stamp
from kapnotes.domain.entries import Dose, Entry, Infusion, NotTaken, Vitals
from kapnotes.domain.ledger import Ledger
from kapnotes.domain.limits import OutOfProtocol, is_within, out_of_protocol, values_of
from kapnotes.domain.members import Persons
from kapnotes.domain.protocol import Protocol

_FIELDS_OF_MEASURE = {
    "bp": ("systolic_mmhg", "diastolic_mmhg"),
    "hr": ("heart_rate_bpm",),
    "spo2": ("spo2_percent",),
    "rr": ("respiratory_rate_bpm",),
    "moaas": ("moaas",),
    "temperature": ("temperature_c",),
    "etco2": ("etco2_mmhg",),
}


class ReadingLedger(Ledger):
    """What follows from the readings; who derives from it knows the protocol and the first dose."""

    derived: ClassVar = {
        "baseline_entry": Dose | Infusion,
        "answered_s": Dose | Infusion,
        "_runs": (),
        "marked_runs": Vitals,
    }

    def __init__(self, entries: Iterable[Entry] = (), persons: Persons | None = None) -> None:
        self.protocol: Protocol | None = None
        super().__init__(entries, persons)

    @property
    @abstractmethod
    def first_dose(self) -> Stamp | None:
        """Return T+0."""

    def _follow(self, newest: Entry) -> None:
        super()._follow(newest)
        kept = self.__dict__
        if "answered_s" in kept and self._answers(newest) and self.first_dose is not None:
            at_s = self.between_s(self.first_dose, newest.happened)
            if at_s >= 0:
                insort(kept["answered_s"], at_s)
        if isinstance(newest.body, Vitals):
            if self._is_before_the_start(newest):
                kept.pop("baseline_entry", None)
            if "_runs" in kept:
                self._go_on(kept["_runs"], newest, newest.body)

    # ----------------------------------------------------------------------------------------- baseline

    @property
    def baseline(self) -> Vitals | None:
        """Return this session's baseline; see `baseline_entry`."""
        entry = self.baseline_entry
        return entry.body if entry is not None and isinstance(entry.body, Vitals) else None

    @cached_property
    def baseline_entry(self) -> Entry | None:
        """Return the entry of this session's baseline.

        It is the last set before the first dose that holds all the protocol measures; where none does, the last one
        before the first dose with a blood pressure; where nothing was given yet, the last such set so far.
        """
        found, first = self.of(Vitals), self.first_dose
        from_first_s = self.seconds_after(first, [entry for entry, _ in found])  # at once: a monitor has thousands
        before = [one for one, at_s in zip(found, from_first_s, strict=True) if at_s <= 0]
        wanted = self._measured_fields()
        full = (entry for entry, vitals in reversed(before) if wanted and wanted <= values_of(vitals).keys())
        with_pressure = (entry for entry, vitals in reversed(before) if vitals.systolic_mmhg is not None)
        return next(full, None) or next(with_pressure, None)

    def _is_before_the_start(self, entry: Entry) -> bool:
        first = self.first_dose
        return first is None or self.between_s(entry.happened, first) >= 0

    def _measured_fields(self) -> set[str]:
        if self.protocol is None:
            return set()
        return {field for measure in self.protocol.measure for field in _FIELDS_OF_MEASURE[measure]}

    # ------------------------------------------------------------------------------ outside the protocol

    def out_of_protocol(self, vitals: Vitals) -> tuple[OutOfProtocol, ...]:
        """Return which values of *vitals* the session's protocol marks."""
        return out_of_protocol(vitals, self.protocol.limits) if self.protocol is not None else ()

    @cached_property
    def marked_runs(self) -> tuple[tuple[Entry, ...], ...]:
        """Return the readings that the protocol marks, in order; those with none within it in between are one run."""
        return tuple(tuple(run) for run in self._runs if run)

    @cached_property
    def _runs(self) -> list[list[Entry]]:
        """The same, the last one empty where the newest reading lies within the protocol."""
        runs: list[list[Entry]] = [[]]
        for entry, vitals in self.of(Vitals):
            self._go_on(runs, entry, vitals)
        return runs

    def _go_on(self, runs: list[list[Entry]], entry: Entry, vitals: Vitals) -> None:
        limits = self.protocol.limits if self.protocol is not None else {}
        if limits and not is_within(vitals, limits):
            runs[-1].append(entry)
        elif runs[-1]:
            runs.append([])

    # ----------------------------------------------------------------------------------------- schedule

    @cached_property
    def answered_s(self) -> list[float]:
        """Return when slots were answered after the first dose, in seconds, in order; empty before it.

        A set answers with the blood pressure where the protocol measures it, a "not taken" at any rate.
        """
        if self.first_dose is None:
            return []
        answers = [entry for entry in self._entries_of(Vitals | NotTaken) if self._answers(entry)]
        return sorted(at_s for at_s in self.seconds_after(self.first_dose, answers) if at_s >= 0)

    def _answers(self, entry: Entry) -> bool:
        if not isinstance(entry.body, Vitals):
            return isinstance(entry.body, NotTaken)
        wants_pressure = self.protocol is not None and "bp" in self.protocol.measure
        return not wants_pressure or entry.body.systolic_mmhg is not None
