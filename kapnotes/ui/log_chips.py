"""The readings of a half-typed set as chips: their changes from baseline, and the sign of what stands out."""

from decimal import Decimal

from PySide6.QtCore import QCoreApplication

from kapnotes.domain.changes import baseline_for, changes_of
from kapnotes.domain.clock import Stamp
from kapnotes.domain.entries import Vitals
from kapnotes.domain.errors import Implausible
from kapnotes.domain.limits import require_possible, values_of
from kapnotes.domain.marked import values_before
from kapnotes.domain.record import Record
from kapnotes.ui.chips import PLACES, Chip
from kapnotes.ui.labels import MARK_SIGN
from kapnotes.ui.readings import ASKED_SIGN, FAR_SIGN, IMPOSSIBLE_SIGN, change_words, short_name, sign_of
from kapnotes.ui.wording import error_line

_PRESSURE = ("systolic_mmhg", "diastolic_mmhg")


def chips_of(vitals: Vitals, record: Record, at: Stamp, open_fields: frozenset[str]) -> tuple[Chip, ...]:
    """Return the chips of *vitals*, read *at*; of *open_fields* digits may still come, so nothing is said of them."""
    values = values_of(vitals)
    changes = changes_of(vitals, baseline_for(record, at))
    limits = record.protocol.limits if record.protocol is not None else {}
    signs = {
        field: "" if field in open_fields else sign_of(field, value, limits.get(field))
        for field, value in values.items()
    }
    chips: list[Chip] = []
    if set(_PRESSURE) <= values.keys():
        name = QCoreApplication.translate("Readings", "BP")
        pressure = "/".join(str(values[field]) for field in _PRESSURE)
        is_swapped = values["diastolic_mmhg"] >= values["systolic_mmhg"] and not open_fields & set(_PRESSURE)
        sign = IMPOSSIBLE_SIGN if is_swapped else max((signs[field] for field in _PRESSURE), key=_weight)
        chips.append(Chip("pressure", name, pressure, change_words(changes, *_PRESSURE), sign))
        if vitals.map_mmhg is not None and not is_swapped and not open_fields & set(_PRESSURE):
            mean = change_words(changes, "map_mmhg")
            chips.append(Chip("map_mmhg", short_name("map_mmhg"), str(vitals.map_mmhg), mean))
    own = {place for place, _ in PLACES}
    for field, value in values.items():
        if field not in _PRESSURE:
            place = field if field in own else "further"
            chips.append(Chip(place, short_name(field), _plain(value), change_words(changes, field), signs[field]))
    return tuple(chips)


def _weight(sign: str) -> int:
    """Return how much a sign weighs: the pressure has one for both of its ends, and it is the heavier one."""
    return ("", ASKED_SIGN, MARK_SIGN, FAR_SIGN, IMPOSSIBLE_SIGN).index(sign)


def _plain(value: Decimal) -> str:
    return f"{value:f}"


def trouble_in(vitals: Vitals, record: Record, at: Stamp, open_fields: frozenset[str], but: str) -> str:
    """Return why what is typed so far cannot be, or nothing; a pressure that is not finished is not looked at."""
    unfinished = open_fields | (set(_PRESSURE) if open_fields & set(_PRESSURE) else set())
    whole = {field: value for field, value in values_of(vitals).items() if field not in unfinished}
    try:
        require_possible(_with(whole), values_before(record, at, but))
    except Implausible as error:
        return error_line(error)
    return ""


def _with(values: dict[str, Decimal]) -> Vitals:
    scores = ("moaas", "pain", "nausea")
    numbers = {field: value for field, value in values.items() if field not in scores}
    return Vitals(**numbers, **{field: int(values[field]) for field in scores if field in values})  # type: ignore[arg-type]
