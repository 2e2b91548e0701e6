"""A protocol as the TOML text that is signed; `read_protocol` reads an equal one from it."""

from collections.abc import Iterable
from decimal import Decimal

from kapnotes.domain.protocol import FIELD_OF, PlannedDose, Protocol, VitalsRule
from kapnotes.domain.text import toml_string

_KEY_OF = {field: key for key, field in FIELD_OF.items()}


def protocol_text(protocol: Protocol) -> str:
    """Return *protocol* as TOML; the name and the version are not in it, because they are what the text is known by."""
    rows: dict[str, str] = {
        "title": toml_string(protocol.title),
        "source": toml_string(protocol.source),
        "dose": _table(_dose(protocol.dose)),
        "phases_min": _list(map(str, protocol.phases_min)),
        "vitals": _list(_rule(rule) for rule in protocol.vitals),
        "measure": _list(map(toml_string, protocol.measure)),
    }
    if protocol.hold_start:
        rows["hold_start"] = _table({_KEY_OF[field]: _amount(end) for field, end in protocol.hold_start.items()})
    if protocol.limits:
        rows["mark"] = _table(
            {_KEY_OF[field]: _list((_amount(one.low), _amount(one.high))) for field, one in protocol.limits.items()}
        )
    discharge = _discharge(protocol)
    if discharge:
        rows["discharge"] = _table(discharge)
    rows["check_in_min"] = str(protocol.check_in_min)
    if protocol.timers:
        rows["timers"] = _list(
            _table({"name": toml_string(cue.name), "min": str(cue.minutes), "then": toml_string(cue.then)})
            for cue in protocol.timers
        )
    if protocol.fasting_min:
        rows["fasting_min"] = _table({what: str(minutes) for what, minutes in protocol.fasting_min.items()})
    return "".join(f"{key} = {value}\n" for key, value in rows.items())


def _dose(dose: PlannedDose) -> dict[str, str]:
    rows = {"drug": toml_string(dose.drug), "route": toml_string(dose.route)}
    if dose.mg_per_kg is not None:
        rows["mg_per_kg"] = _amount(dose.mg_per_kg)
    if dose.amounts_mg:
        rows["mg"] = _list(map(_amount, dose.amounts_mg))
    if dose.over_min is not None:
        rows["over_min"] = str(dose.over_min)
    if dose.device_mg is not None:
        rows["device_mg"] = _amount(dose.device_mg)
    if dose.rest_min is not None:
        rows["rest_min"] = str(dose.rest_min)
    if dose.bolus is not None:
        rows["bolus"] = str(dose.bolus).lower()
    return rows


def _rule(rule: VitalsRule) -> str:
    if rule.every_min:
        return _table({"every_min": str(rule.every_min), "until": toml_string(rule.until)})
    if rule.at:
        return _table({"at": toml_string(rule.at)})
    return _table({"at_min": _list(map(str, rule.at_min))})


def _discharge(protocol: Protocol) -> dict[str, str]:
    numbers = {
        "after_end_min": protocol.stay_after_end_min,
        "after_dose_min": protocol.stay_after_dose_min,
        "floor_min": protocol.floor_min,
        "padss": protocol.padss,
        "submit_days": protocol.submit_days,
    }
    rows = {key: str(number) for key, number in numbers.items() if number is not None}
    return rows | ({"form": toml_string(protocol.form)} if protocol.form else {})


def _amount(amount: Decimal) -> str:
    """Return a decimal in quotes: so no reader takes it for a float."""
    return toml_string(str(amount))


def _list(items: Iterable[str]) -> str:
    return f"[{', '.join(items)}]"


def _table(rows: dict[str, str]) -> str:
    return "{ " + ", ".join(f"{key} = {value}" for key, value in rows.items()) + " }"
