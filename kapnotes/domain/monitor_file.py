"""What stands in a monitor's table of vitals: which column means what, and what a row says.

Nothing is guessed silently: the meaning of the columns is proposed by their names, shown, and changed by whoever knows
better. A cell is text; only a plain number or a time is anything more.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import ROUND_HALF_UP, Decimal
from enum import StrEnum
from typing import Any

from kapnotes.domain.devices.readings import Unit, as_mmhg
from kapnotes.domain.entries import TakenBy, Vitals
from kapnotes.domain.errors import BadCell, KapnotesError
from kapnotes.domain.limits import BOUNDS
from kapnotes.domain.session_times import ClockTime


class Meaning(StrEnum):
    """What a column holds; in kPa and °F it becomes mmHg and °C."""

    UNUSED = ""
    T_MIN = "t_min"
    T_S = "t_s"
    CLOCK = "clock"
    PRESSURE = "pressure_mmhg"
    SYSTOLIC = "systolic_mmhg"
    DIASTOLIC = "diastolic_mmhg"
    SYSTOLIC_KPA = "systolic_kpa"
    DIASTOLIC_KPA = "diastolic_kpa"
    HEART_RATE = "heart_rate_bpm"
    SPO2 = "spo2_percent"
    RESPIRATORY_RATE = "respiratory_rate_bpm"
    ETCO2 = "etco2_mmhg"
    ETCO2_KPA = "etco2_kpa"
    TEMPERATURE = "temperature_c"
    TEMPERATURE_F = "temperature_f"
    O2 = "o2_l_per_min"


class DayOrder(StrEnum):
    """Which of the two numbers of 3/4/2026 is the day."""

    DAY_FIRST = "d/m"
    MONTH_FIRST = "m/d"


TIMES = frozenset({Meaning.T_MIN, Meaning.T_S, Meaning.CLOCK})
_FIELDS = {
    Meaning.UNUSED: (),
    Meaning.PRESSURE: ("systolic_mmhg", "diastolic_mmhg"),
    Meaning.SYSTOLIC_KPA: ("systolic_mmhg",),
    Meaning.DIASTOLIC_KPA: ("diastolic_mmhg",),
    Meaning.ETCO2_KPA: ("etco2_mmhg",),
    Meaning.TEMPERATURE_F: ("temperature_c",),
}
"""The fields of `Vitals` where they are not the meaning's own value."""

_NAMES = (
    (r"(t|time|elapsed( time)?|minutes?)( in)? ?(min|minutes?)?", Meaning.T_MIN),
    (r"(t|time|elapsed( time)?)?( in)? ?(s|sec|seconds?)", Meaning.T_S),
    (r".*\b(date ?time|timestamp|clock|date|time)\b.*", Meaning.CLOCK),
    (r".*\b(sys|systolic|sbp|nbp ?s(ys)?|ni?bp ?s(ys)?|nibp ?sys)\b.*", Meaning.SYSTOLIC),
    (r".*\b(dia|diastolic|dbp|nbp ?d(ia|ias)?|ni?bp ?d(ia|ias)?)\b.*", Meaning.DIASTOLIC),
    (r"((nibp|nbp|bp|blood pressure)( mmhg)?)", Meaning.PRESSURE),
    (r".*\b(et ?co2|co2)\b.*", Meaning.ETCO2),
    (r".*\b(spo2|sp o2|sao2|saturation|o2 sat)\b.*", Meaning.SPO2),
    (r".*\b(o2 flow|o2 l( per)? min|oxygen flow)\b.*", Meaning.O2),
    (r".*\b(rr|resp|respiration|respiratory|awrr|breaths?)\b.*", Meaning.RESPIRATORY_RATE),
    (r".*\b(hr|heart|pulse|pr|bpm)\b.*", Meaning.HEART_RATE),
    (r".*\b(temp|temperature|t1)\b.*", Meaning.TEMPERATURE),
)
"""How columns are named, the first fitting one counts; after folding, where every other sign is a space."""

_IN_KPA = {
    Meaning.SYSTOLIC: Meaning.SYSTOLIC_KPA,
    Meaning.DIASTOLIC: Meaning.DIASTOLIC_KPA,
    Meaning.ETCO2: Meaning.ETCO2_KPA,
}


def proposed(header: Sequence[str], first: Sequence[str] = ()) -> tuple[Meaning, ...]:
    """Return what the columns of these names mean, each meaning once; a name that is not understood means nothing.

    Whether a time is a clock's or a number of minutes tells the *first* row, where it says anything; a day alone is no
    time.
    """
    taken: set[str] = set()
    found: list[Meaning] = []
    for place, name in enumerate(header):
        meaning = _meaning_of(name)
        if meaning in TIMES:
            meaning = _kind_of_time(meaning, "".join(first[place : place + 1]).strip())
        keys = {"time"} if meaning in TIMES else set(fields_of(meaning))
        found.append(Meaning.UNUSED if keys & taken else meaning)
        taken |= keys
    return tuple(found)


def _kind_of_time(meaning: Meaning, cell: str) -> Meaning:
    if ":" in cell:
        return Meaning.CLOCK
    if _NUMBER.fullmatch(cell):
        return Meaning.T_MIN if meaning is Meaning.CLOCK else meaning
    return Meaning.UNUSED if cell else meaning


def _meaning_of(name: str) -> Meaning:
    folded = " ".join(re.findall(r"[a-z0-9]+", name[:200].casefold().replace("₂", "2")))
    meaning = next((meaning for pattern, meaning in _NAMES if folded and re.fullmatch(pattern, folded)), Meaning.UNUSED)
    if re.search(r"\bkpa\b", folded):
        return _IN_KPA.get(meaning, meaning)
    if meaning is Meaning.TEMPERATURE and re.search(r"\b(f|fahrenheit|degf)\b", folded):
        return Meaning.TEMPERATURE_F
    return meaning


def fields_of(meaning: Meaning) -> tuple[str, ...]:
    """Return the fields of `Vitals` that a column of that meaning fills, none for a time or an unused one."""
    return () if meaning in TIMES else _FIELDS.get(meaning, (meaning.value,))


def require_readable(meanings: Sequence[Meaning]) -> None:
    """See that rows can be read with columns that mean that.

    Raises:
        KapnotesError: they tell no time or two, or no reading, or the same one twice.
    """
    times = [one for one in meanings if one in TIMES]
    fields = [field for one in meanings for field in fields_of(one)]
    if not times:
        raise KapnotesError("No column tells the time; choose one.")
    if len(times) > 1:
        raise KapnotesError("Two columns tell the time; choose one.")
    if not fields:
        raise KapnotesError("No column holds a reading; choose one.")
    twice = next((field for field in fields if fields.count(field) > 1), "")
    if twice:
        raise KapnotesError("Two columns hold the {name}; choose one.", name=BOUNDS[twice].name)


@dataclass(frozen=True, slots=True)
class RowSaid:
    """What one row says: when, in minutes or seconds or by a clock, and which vitals; none where all is empty."""

    since_s: float | None
    clock: ClockTime | None
    vitals: Vitals | None


def read_row(
    cells: Sequence[str],
    meanings: Sequence[Meaning],
    order: DayOrder = DayOrder.DAY_FIRST,
    left_out: dict[int, KapnotesError] | None = None,
) -> RowSaid:
    """Return what a row says.

    Where *left_out* is given, a reading that is not understood is put there by its place, and the row goes without it.

    Raises:
        BadCell: a cell is not understood, or the row ends too early or too late.
    """
    if len(cells) != len(meanings):
        raise BadCell(
            "{found} cells where the header has {wanted}",
            min(len(cells), len(meanings)) - 1,
            found=len(cells),
            wanted=len(meanings),
        )
    since_s: float | None = None
    clock: ClockTime | None = None
    values: dict[str, Any] = {}
    for place, (cell, meaning) in enumerate(zip(cells, meanings, strict=True)):
        text = cell.strip()
        if meaning is Meaning.UNUSED:
            continue
        if meaning is Meaning.CLOCK:
            clock = read_clock(text, place, order)
        elif meaning in TIMES:
            minutes = _number(text, place)
            since_s = float(minutes * (60 if meaning is Meaning.T_MIN else 1))
        elif text.casefold() not in NOTHING:
            try:
                values.update(zip(fields_of(meaning), _values(text, meaning, place), strict=True))
            except BadCell as error:
                if left_out is None:
                    raise
                left_out[place] = error
    return RowSaid(since_s, clock, Vitals(**values, taken_by=TakenBy.MONITOR) if values else None)


NOTHING = frozenset({"", "-", "--", "---", "na", "n/a", "nan", "null", "none"})
"""What monitors write where nothing was measured."""

_PAIR = re.compile(r"([0-9.,]{1,9}) ?/ ?([0-9.,]{1,9})(?: ?\([0-9.,]{1,9}\))?")
"""Systolic and diastolic; a mean in brackets behind them is passed over, the log computes its own."""

_NUMBER = re.compile(r"[-+]?[0-9]{1,9}([.,][0-9]{1,9})?")


def _values(text: str, meaning: Meaning, place: int) -> tuple[Decimal, ...]:
    if meaning is not Meaning.PRESSURE:
        return (_converted(_number(text, place), meaning),)
    pair = _PAIR.fullmatch(text)
    if pair is None:
        raise BadCell("is no blood pressure; 128/76", place)
    return _number(pair[1], place), _number(pair[2], place)


def _number(text: str, place: int) -> Decimal:
    if not _NUMBER.fullmatch(text):
        raise BadCell("is not a number; digits with a point, as in 98.2", place)
    return Decimal(text.replace(",", "."))


def _converted(value: Decimal, meaning: Meaning) -> Decimal:
    if meaning in {Meaning.SYSTOLIC_KPA, Meaning.DIASTOLIC_KPA, Meaning.ETCO2_KPA}:
        return as_mmhg(value, Unit.KPA)
    if meaning is Meaning.TEMPERATURE_F:
        return ((value - 32) * 5 / 9).quantize(Decimal("0.1"), ROUND_HALF_UP)
    return value


_SLASHES = re.compile(r"(\d{1,2})/(\d{1,2})/\d{4},?[T ]", re.ASCII)


def day_orders(cells: Iterable[str]) -> frozenset[DayOrder]:
    """Return the orders in which every day that is written as 3/4/2026 in *cells* can be read.

    Both where none is written so, or each can be read either way and it makes a difference; none where they contradict.
    """
    found = {(int(one[1]), int(one[2])) for cell in cells if (one := _SLASHES.match(cell.strip()))}
    possible = {
        DayOrder.DAY_FIRST: all(second <= 12 for _, second in found),
        DayOrder.MONTH_FIRST: all(first <= 12 for first, _ in found),
    }
    return frozenset(order for order, is_possible in possible.items() if is_possible)


def has_two_readings(cells: Sequence[str]) -> str:
    """Return the first day of *cells* that means another one in the other order where no cell tells which; else ""."""
    if len(day_orders(cells)) < 2:
        return ""
    written = (one for cell in cells if (one := _SLASHES.match(cell.strip())) and int(one[1]) != int(one[2]))
    first = next(written, None)
    return first[0].rstrip(" T,") if first is not None else ""


_CLOCK = re.compile(
    r"(?:(?P<year>\d{4})-(?P<month>\d{1,2})-(?P<day>\d{1,2})[T ]+"
    r"|(?P<d>\d{1,2})\.(?P<m>\d{1,2})\.(?P<y>\d{4}),?[T ]+"
    r"|(?P<first>\d{1,2})/(?P<second>\d{1,2})/(?P<slashed>\d{4}),?[T ]+)?"
    r"(?P<hour>\d{1,2}):(?P<minute>\d{2})(?::(?P<seconds>\d{2})(?:[.,]\d{1,9})?)?"
    r"(?: ?(?P<half>[AaPp])\.?[Mm]\.?)?(?: ?(?P<zone>Z|[+-]\d{2}:?\d{2}))?",
    re.ASCII,
)


def read_clock(text: str, place: int = 0, order: DayOrder = DayOrder.DAY_FIRST) -> ClockTime:
    """Return the time that a cell says: 14:05, 14:05:30, 2:05 PM, 2026-03-04 14:05:30, 4.3.2026 14:05, with a zone.

    *order* tells how 3/4/2026 is read.

    Raises:
        BadCell: it is none of these.
    """
    found = _CLOCK.fullmatch(text)
    if found is None:
        raise BadCell("is no time; 14:05:30, or 2026-03-04 14:05:30", place)
    part: Mapping[str, str | None] = found.groupdict()
    try:
        hour = _hour(int(part["hour"] or 0), part["half"])
        at = time(hour, int(part["minute"] or 0), int(part["seconds"] or 0))
        year, month, day = _day_of(part, order)
        on = date(int(year), int(month or 0), int(day or 0)) if year else None
        if part["zone"] is None:
            return ClockTime(at, on)
        if on is None:
            raise BadCell("tells a zone and no day; 2026-03-04T14:05:30Z", place)
        utc = datetime.combine(on, at) - _offset(part["zone"])
    except (ValueError, OverflowError):
        raise BadCell("is no time; 14:05:30, or 2026-03-04 14:05:30", place) from None
    return ClockTime(utc.time(), utc.date(), is_utc=True)


def _day_of(part: Mapping[str, str | None], order: DayOrder) -> tuple[str | None, str | None, str | None]:
    """Return year, month and day as they stand in a cell; None where it names no day."""
    if part["slashed"] is not None:
        first, second = part["first"], part["second"]
        month, day = (second, first) if order is DayOrder.DAY_FIRST else (first, second)
        return part["slashed"], month, day
    return part["year"] or part["y"], part["month"] or part["m"], part["day"] or part["d"]


def _hour(hour: int, half: str | None) -> int:
    if half is None:
        return hour
    if not 1 <= hour <= 12:
        raise ValueError("no hour of half a day")
    return hour % 12 + (12 if half in "Pp" else 0)


def _offset(zone: str) -> timedelta:
    if zone == "Z":
        return timedelta()
    digits = zone[1:].replace(":", "")
    offset = timedelta(hours=int(digits[:2]), minutes=int(digits[2:]))
    return -offset if zone[0] == "-" else offset
