"""A protocol: the clinic's plan for a route, read from TOML; the program marks by it and never decides."""

import tomllib
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from hashlib import sha256

from kapnotes.domain.entries import Route
from kapnotes.domain.errors import BadFile
from kapnotes.domain.limits import Limit
from kapnotes.domain.text import one_line

FIELD_OF = {
    "systolic": "systolic_mmhg",
    "diastolic": "diastolic_mmhg",
    "hr": "heart_rate_bpm",
    "spo2": "spo2_percent",
    "rr": "respiratory_rate_bpm",
    "etco2": "etco2_mmhg",
    "temperature": "temperature_c",
}
"""The field of `Vitals` by the word of a limit in a protocol."""

_KEYS = {
    "title", "source", "dose", "phases_min", "vitals", "measure", "hold_start", "mark", "discharge", "check_in_min",
    "timers", "fasting_min",
}  # fmt: skip
_DOSE_KEYS = {"drug", "route", "mg_per_kg", "mg", "over_min", "bolus", "device_mg", "rest_min"}
_DISCHARGE_KEYS = {"after_end_min", "after_dose_min", "floor_min", "padss", "form", "submit_days"}
_TIMER_KEYS = {"name", "from", "min", "then"}
MEASURES = ("bp", "hr", "spo2", "rr", "moaas", "temperature", "etco2")
"""What a protocol can ask to be measured."""

FASTING = ("food", "liquid", "other_nasal")
"""From what a patient keeps away before the dose: food, clear liquid, another nasal drug."""

_UNTIL = {"infusion_end", "discharge"}

MAX_WHOLE = 10_000
"""No count of minutes or points in a protocol is above this: a week."""


@dataclass(frozen=True, slots=True)
class PlannedDose:
    """What the clinic plans to give; an amount that is None is entered at the session."""

    drug: str
    route: Route
    mg_per_kg: Decimal | None
    amounts_mg: tuple[Decimal, ...]
    over_min: int | None
    device_mg: Decimal | None = None
    """What one device of a spray holds."""
    rest_min: int | None = None
    """Minutes between two devices."""
    bolus: bool | None = None
    """Whether an infusion may begin with one; None where the clinic says nothing."""


@dataclass(frozen=True, slots=True)
class VitalsRule:
    """One line of the schedule.

    Exactly one of: `at` ("baseline", "end", "completion"), `at_min` (minutes after the first dose), or `every_min`
    with `until` ("infusion_end" or "discharge").
    """

    at: str = ""
    at_min: tuple[int, ...] = ()
    every_min: int = 0
    until: str = ""


@dataclass(frozen=True, slots=True)
class CueTimer:
    """A quiet cue of the route, as the swish of a lozenge."""

    name: str
    minutes: int
    then: str


@dataclass(frozen=True, slots=True)
class Protocol:
    """Schedule, limits, phase lengths and the rule of discharge for one route."""

    name: str
    title: str
    source: str
    dose: PlannedDose
    phases_min: tuple[int, int, int, int]
    vitals: tuple[VitalsRule, ...]
    measure: tuple[str, ...]
    hold_start: dict[str, Decimal]
    limits: dict[str, Limit]
    stay_after_end_min: int | None
    stay_after_dose_min: int | None
    floor_min: int | None
    padss: int | None
    check_in_min: int
    timers: tuple[CueTimer, ...]
    fasting_min: dict[str, int]
    """For how many minutes the patient keeps away from what, by the words of `FASTING`; what is not said is not there.

    Source: spravatohcp.com (esketamine: food 2 h, liquid 30 min); the clinics' own texts for the others.
    """
    form: str
    """The form that the discharge needs ("rems"), or none."""
    submit_days: int | None
    version: str
    """The first 12 hex digits of the SHA-256 of the TOML text: two sessions under the same text share it."""


def end_min(protocol: Protocol) -> int:
    """Return when a set "at the end" or "at completion" is due, in minutes after the first dose."""
    return protocol.floor_min or protocol.stay_after_dose_min or protocol.phases_min[3]


def read_protocol(name: str, text: str) -> Protocol:
    """Return the protocol that *text* (TOML) holds.

    Raises:
        BadFile: the text is no TOML, misses a key, has one that nobody knows, or a value of the wrong kind.
    """
    try:
        table = tomllib.loads(text, parse_float=Decimal)
        return _build(name, table, sha256(text.encode()).hexdigest()[:12])
    except KeyError as error:
        raise BadFile(
            "Protocol {name}: the key {key} is missing.", name=one_line(name), key=one_line(str(error))
        ) from None
    except InvalidOperation:
        raise BadFile("Protocol {name}: a number in it is none.", name=one_line(name)) from None
    except (TypeError, ValueError, RecursionError) as error:
        raise BadFile("Protocol {name}: {reason}.", name=one_line(name), reason=one_line(str(error))) from None


def _build(name: str, table: dict[str, object], version: str) -> Protocol:
    _require_known(table, _KEYS)
    discharge = _table("discharge", table.get("discharge", {}))
    _require_known(discharge, _DISCHARGE_KEYS)
    phases_min = tuple(_whole("phases_min", minute) for minute in _list("phases_min", table["phases_min"]))
    if len(phases_min) != 4 or list(phases_min) != sorted(phases_min):
        raise ValueError("phases_min is four numbers that rise")
    measure = tuple(_text("measure", word) for word in _list("measure", table["measure"]))
    if not set(measure) <= set(MEASURES):
        raise ValueError(f"measure knows {', '.join(MEASURES)}")
    return Protocol(
        name=name,
        title=_text("title", table["title"]),
        source=_text("source", table["source"]),
        dose=_dose(_table("dose", table["dose"])),
        phases_min=phases_min,
        vitals=tuple(_rule(_table("vitals", rule)) for rule in _list("vitals", table["vitals"])),
        measure=measure,
        hold_start={
            _field(key): _amount(key, end) for key, end in _table("hold_start", table.get("hold_start", {})).items()
        },
        limits={_field(key): _limit(key, pair) for key, pair in _table("mark", table.get("mark", {})).items()},
        stay_after_end_min=_whole_or_none("after_end_min", discharge),
        stay_after_dose_min=_whole_or_none("after_dose_min", discharge),
        floor_min=_whole_or_none("floor_min", discharge),
        padss=_whole_or_none("padss", discharge),
        check_in_min=_whole("check_in_min", table.get("check_in_min", 5), least=1),
        timers=tuple(_timer(_table("timers", cue)) for cue in _list("timers", table.get("timers", []))),
        fasting_min=_fasting(_table("fasting_min", table.get("fasting_min", {}))),
        form=_text("form", discharge.get("form", "")),
        submit_days=_whole_or_none("submit_days", discharge),
        version=version,
    )


def _fasting(table: dict[str, object]) -> dict[str, int]:
    _require_known(table, set(FASTING))
    return {what: _whole(what, table[what]) for what in FASTING if what in table}


def _dose(table: dict[str, object]) -> PlannedDose:
    _require_known(table, _DOSE_KEYS)
    per_kg = table.get("mg_per_kg", "")
    listed = table.get("mg", "")
    amounts = listed if isinstance(listed, list) else [listed]
    bolus = table.get("bolus")
    if not isinstance(bolus, bool | None):
        raise TypeError("“bolus” is true or false")
    return PlannedDose(
        drug=_text("drug", table["drug"]),
        route=Route(_text("route", table["route"])),
        mg_per_kg=None if per_kg == "" else _amount("mg_per_kg", per_kg),
        amounts_mg=tuple(_amount("mg", amount) for amount in amounts if amount != ""),
        over_min=_whole_or_none("over_min", table, least=1),
        device_mg=_amount("device_mg", table["device_mg"]) if "device_mg" in table else None,
        rest_min=_whole_or_none("rest_min", table),
        bolus=bolus,
    )


def _rule(table: dict[str, object]) -> VitalsRule:
    if set(table) == {"at"} and table["at"] in ("baseline", "end", "completion"):
        return VitalsRule(at=table["at"])
    if set(table) == {"at_min"}:
        return VitalsRule(at_min=tuple(sorted(_whole("at_min", minute) for minute in _list("at_min", table["at_min"]))))
    if set(table) == {"every_min", "until"} and table["until"] in _UNTIL:
        return VitalsRule(every_min=_whole("every_min", table["every_min"], least=1), until=table["until"])
    raise ValueError("a vitals rule is at, at_min, or every_min with until")


def _timer(table: dict[str, object]) -> CueTimer:
    _require_known(table, _TIMER_KEYS)
    if table.get("from", "dose") != "dose":
        raise ValueError("a timer counts from the dose")
    return CueTimer(_text("name", table["name"]), _whole("min", table["min"], least=1), _text("then", table["then"]))


def _limit(key: str, pair: object) -> Limit:
    ends = [_amount(key, end, may_be_zero=True) for end in _list(key, pair)]
    if len(ends) != 2 or ends[0] >= ends[1]:
        raise ValueError(f"the limits of “{key}” are two numbers, the low one first")
    return Limit(ends[0], ends[1])


# ------------------------------------------------------------------------------------ one value of the file


def _require_known(table: dict[str, object], known: set[str]) -> None:
    unknown = sorted(set(table) - known)
    if unknown:
        raise ValueError(f"nobody knows the key “{unknown[0]}”")


def _field(key: str) -> str:
    if key not in FIELD_OF:
        raise ValueError(f"nobody measures “{key}”")
    return FIELD_OF[key]


def _table(key: str, value: object) -> dict[str, object]:
    if not isinstance(value, dict):
        raise TypeError(f"“{key}” is a table in braces")
    return value


def _list(key: str, value: object) -> list[object]:
    if not isinstance(value, list):
        raise TypeError(f"“{key}” is a list in brackets")
    return value


def _text(key: str, value: object) -> str:
    if not isinstance(value, str):
        raise TypeError(f"“{key}” is a text in quotes")
    return value


def _whole(key: str, value: object, *, least: int = 0) -> int:
    if not isinstance(value, int) or isinstance(value, bool) or not least <= value <= MAX_WHOLE:
        raise ValueError(f"“{key}” is a whole number from {least} to {MAX_WHOLE}")
    return value


def _whole_or_none(key: str, table: dict[str, object], *, least: int = 0) -> int | None:
    return None if key not in table else _whole(key, table[key], least=least)


def _amount(key: str, value: object, *, may_be_zero: bool = False) -> Decimal:
    """Return an amount, written as a number or as a text in quotes."""
    if isinstance(value, bool) or not isinstance(value, int | str | Decimal):
        raise TypeError(f"“{key}” is a number")
    amount = Decimal(value)
    if not amount.is_finite() or amount < 0 or (amount == 0 and not may_be_zero):
        raise ValueError(f"“{key}” is a number above zero")
    return amount
