"""The quiet timers of a route, counted from the doses in the record: swish and spit, rest before the next device.

Sources: the session's protocol; 10 min, spit: chooseyourhorizon.com; 5 min between devices: spravatohcp.com. A timer
is answered by an entry about the setting that says its own word ("spit"), so that it is on the record for everybody.
"""

from dataclasses import dataclass

from kapnotes.domain.clock import Stamp
from kapnotes.domain.entries import Dose, Entry, Setting, Stage
from kapnotes.domain.protocol import CueTimer
from kapnotes.domain.record import Record


@dataclass(frozen=True, slots=True)
class RouteTimer:
    """A timer that runs, or has run out (`left_s` below zero) and waits for its answer.

    `device` is the number of the device used last, None where the route has none.
    """

    name: str
    then: str
    began: Stamp
    left_s: float
    device: int | None = None


def route_timer(record: Record, now: Stamp) -> RouteTimer | None:
    """Return the timer of the last dose that has least left and is not answered, or None.

    The next dose answers it as well: a second lozenge begins anew. After the last device that a plan has, none runs.
    """
    protocol = record.protocol
    if protocol is None or not protocol.timers or record.ended is not None or record.stage is Stage.CLOSING:
        return None
    doses = _doses(record)
    if not doses:
        return None
    began = doses[-1][0].happened
    device = _device(record, doses)
    if device is not None and device >= _devices(record):
        return None
    open_timers = [timer for timer in protocol.timers if not _is_answered(record, timer, began)]
    if not open_timers:
        return None
    first = min(open_timers, key=lambda timer: timer.minutes)
    left_s = 60.0 * first.minutes - record.between_s(began, now)
    return RouteTimer(first.name, first.then, began, left_s, device)


def _doses(record: Record) -> list[tuple[Entry, Dose]]:
    """Return the doses by the protocol's own route, rescue drugs apart."""
    route = record.protocol.dose.route if record.protocol is not None else None
    return [(entry, dose) for entry, dose in record.of(Dose) if dose.route is route and not dose.is_rescue]


def _is_answered(record: Record, timer: CueTimer, began: Stamp) -> bool:
    return any(
        setting.text.strip() == timer.then and record.between_s(began, entry.happened) >= 0
        for entry, setting in record.of(Setting)
    )


def _device(record: Record, doses: list[tuple[Entry, Dose]]) -> int | None:
    """Return how many devices were used, by the mg that one holds."""
    device_mg = record.protocol.dose.device_mg if record.protocol is not None else None
    return None if device_mg is None else int(sum(dose.dose_mg for _, dose in doses) / device_mg)


def _devices(record: Record) -> int:
    """Return how many devices the largest planned amount takes."""
    dose = record.protocol.dose if record.protocol is not None else None
    if dose is None or dose.device_mg is None or not dose.amounts_mg:
        return 1_000
    return int(max(dose.amounts_mg) / dose.device_mg)
