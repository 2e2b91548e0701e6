"""The emergencies of a session: from when to when, and what was done in them, step by step.

The program stamps; it proposes nothing and judges nothing.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from kapnotes.domain.clock import Stamp
from kapnotes.domain.emergency_step import EmergencyAct, EmergencyStep
from kapnotes.domain.entries import Dose, Entry, Infusion
from kapnotes.domain.members import Persons
from kapnotes.domain.record import Record


@dataclass(frozen=True, slots=True)
class Emergency:
    """One emergency: its steps in the order of time; the first is mostly that it began, the last that it ended."""

    steps: tuple[Entry, ...]

    @property
    def since(self) -> Stamp:
        """Return when it began."""
        return self.steps[0].happened

    @property
    def ended(self) -> Stamp | None:
        """Return when it ended, None while it goes on."""
        return self.steps[-1].happened if act_of(self.steps[-1]) is EmergencyAct.ENDED else None

    @property
    def is_cpr_running(self) -> bool:
        """Tell whether CPR was started and not stopped."""
        acts = [act_of(step) for step in self.steps]
        cpr = [act for act in acts if act in {EmergencyAct.CPR_STARTED, EmergencyAct.CPR_STOPPED}]
        return cpr[-1:] == [EmergencyAct.CPR_STARTED]


def act_of(entry: Entry) -> EmergencyAct | None:
    """Return which step *entry* is, None where it is none."""
    return entry.body.act if isinstance(entry.body, EmergencyStep) else None


def emergencies(record: Record) -> tuple[Emergency, ...]:
    """Return the emergencies of *record* as they stand, oldest first.

    A step outside any emergency, as one that is added late, begins one; a second beginning is a step like any other.
    """
    found: list[list[Entry]] = []
    is_running = False
    for entry, step in record.of(EmergencyStep):
        if not is_running:
            found.append([])
        found[-1].append(entry)
        is_running = step.act is not EmergencyAct.ENDED
    return tuple(Emergency(tuple(steps)) for steps in found)


def running(record: Record) -> Emergency | None:
    """Return the emergency that goes on, or None."""
    found = emergencies(record)
    return found[-1] if found and found[-1].ended is None else None


def course_of(record: Record, emergency: Emergency) -> list[Entry]:
    """Return the steps of *emergency*, and the rescue drugs and changes of the infusion meanwhile, in order of time."""
    from_s = record.position_s(emergency.since)
    until_s = record.position_s(emergency.ended) if emergency.ended is not None else float("inf")
    steps = set(map(id, emergency.steps))
    return [
        entry
        for entry in record.entries_of(EmergencyStep | Dose | Infusion)
        if id(entry) in steps or (_is_drug(entry) and from_s <= record.position_s(entry.happened) <= until_s)
    ]


def of_the_same_key(entry: Entry, among: Iterable[Entry], persons: Persons) -> Entry | None:
    """Return what one key stamped together with *entry*: the step "infusion stopped" and the stop itself, else None."""
    author = persons.began(entry.author_id)
    for one in among:
        is_pair = {_is_stop(entry), _is_stop(one)} == {_STEP, _STOP}
        if is_pair and one.happened == entry.happened and persons.began(one.author_id) == author:
            return one
    return None


def stop_with(record: Record, step: Entry) -> Infusion | None:
    """Return the stop of the infusion itself that *step*, "infusion stopped", says as it is stamped.

    None for any other entry, where none runs or is paused then, and where the infusion was changed since.
    """
    changes = record.of(Infusion)
    if _is_stop(step) != _STEP or not changes:
        return None
    newest, infusion = changes[-1]
    flow = record.infusion_at(step.happened)
    is_on = (flow.is_running or flow.is_paused) and record.between_s(newest.happened, step.happened) >= 0
    return Infusion(infusion.drug, Decimal(0)) if is_on else None


def runs_on_at(record: Record) -> list[Entry]:
    """Return the steps "infusion stopped" at whose moment the infusion runs on in the drugs, as one that is late."""
    return [
        entry
        for entry, step in record.of(EmergencyStep)
        if step.act is EmergencyAct.INFUSION_STOPPED and record.infusion_at(entry.happened).is_running
    ]


_STEP, _STOP = "step", "stop"


def _is_stop(entry: Entry) -> str:
    """Return whether *entry* is the step or the stop of the infusion itself; empty for any other."""
    match entry.body:
        case EmergencyStep(EmergencyAct.INFUSION_STOPPED):
            return _STEP
        case Infusion(_, rate) if rate == 0:
            return _STOP
        case _:
            return ""


def _is_drug(entry: Entry) -> bool:
    return isinstance(entry.body, Infusion) or (isinstance(entry.body, Dose) and entry.body.is_rescue)
