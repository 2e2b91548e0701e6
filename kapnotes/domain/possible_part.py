"""What is left of a set of readings without the values that cannot be, and why each of those is left out."""

from typing import Any

from kapnotes.domain.entries import TakenBy, Vitals
from kapnotes.domain.errors import Implausible
from kapnotes.domain.limits import BOUNDS, require_possible, values_of

_PRESSURES = ("systolic_mmhg", "diastolic_mmhg")


def without_impossible(vitals: Vitals) -> tuple[Vitals, dict[str, Implausible]]:
    """Return what of *vitals* can be, without its marks, and by field why the rest is left out.

    Of two pressures that contradict each other nobody knows which one is wrong, and one alone is no blood pressure: so
    both are left out together.
    """
    values: dict[str, Any] = {field: getattr(vitals, field) for field in values_of(vitals)}
    left_out: dict[str, Implausible] = {}
    pair = [field for field in _PRESSURES if field in values]
    why = _why_not({field: values[field] for field in pair}, vitals.taken_by)
    if why is not None:
        left_out |= dict.fromkeys(pair, why)
    for field in values.keys() - set(_PRESSURES):
        why = _why_not({field: values[field]}, vitals.taken_by)
        if why is not None:
            left_out[field] = why
    kept = {field: value for field, value in values.items() if field not in left_out}
    return Vitals(**kept, taken_by=vitals.taken_by), {field: left_out[field] for field in BOUNDS if field in left_out}


def _why_not(values: dict[str, Any], taken_by: TakenBy) -> Implausible | None:
    try:
        require_possible(Vitals(**values, taken_by=taken_by))
    except Implausible as error:
        return error
    return None
