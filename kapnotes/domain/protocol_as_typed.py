"""The fields of a protocol as lines that `protocol_lines` reads back to the same."""

from decimal import Decimal

from kapnotes.domain.limits import Limit
from kapnotes.domain.protocol import FIELD_OF, CueTimer, PlannedDose, VitalsRule
from kapnotes.domain.protocol_lines import DischargeRule

_KEY_OF = {field: key for key, field in FIELD_OF.items()}


def dose_line(dose: PlannedDose) -> str:
    """Return the dose plan as `read_dose` takes it."""
    words = [dose.drug, dose.route.value]
    if dose.mg_per_kg is not None:
        words.append(f"{dose.mg_per_kg:f} mg/kg")
    if dose.amounts_mg:
        words += [*(f"{amount:f}" for amount in dose.amounts_mg), "mg"]
    words += [f"over {dose.over_min}"] if dose.over_min is not None else []
    words += [f"device {dose.device_mg:f}"] if dose.device_mg is not None else []
    words += [f"rest {dose.rest_min}"] if dose.rest_min is not None else []
    words += ["bolus yes" if dose.bolus else "bolus no"] if dose.bolus is not None else []
    return " ".join(words)


def vitals_line(rules: tuple[VitalsRule, ...]) -> str:
    """Return the schedule as `read_vitals` takes it."""
    return ", ".join(_rule_line(rule) for rule in rules)


def _rule_line(rule: VitalsRule) -> str:
    if rule.every_min:
        return f"every {rule.every_min} to {rule.until.replace('_', ' ')}"
    return rule.at or " ".join(["at", *map(str, rule.at_min)])


def hold_line(held: dict[str, Decimal]) -> str:
    """Return the hold limits as `read_hold` takes them."""
    return ", ".join(f"{_KEY_OF[field]} {value:f}" for field, value in held.items())


def mark_line(limits: dict[str, Limit]) -> str:
    """Return the mark limits as `read_mark` takes them."""
    return ", ".join(f"{_KEY_OF[field]} {limit.low:f} {limit.high:f}" for field, limit in limits.items())


def discharge_line(rule: DischargeRule) -> str:
    """Return the rule of discharge as `read_discharge` takes it."""
    said = [
        ("{} after end", rule.stay_after_end_min),
        ("{} after dose", rule.stay_after_dose_min),
        ("floor {}", rule.floor_min),
        ("padss {}", rule.padss),
        ("form {}", rule.form or None),
        ("submit {}", rule.submit_days),
    ]
    return ", ".join(words.format(value) for words, value in said if value is not None)


def timers_line(timers: tuple[CueTimer, ...]) -> str:
    """Return the timers as `read_timers` takes them."""
    return ", ".join(f"{cue.name} {cue.minutes} {cue.then}" for cue in timers)


def fasting_line(fasting_min: dict[str, int]) -> str:
    """Return the fasting as `read_fasting` takes it."""
    return ", ".join(f"{what} {minutes}" for what, minutes in fasting_min.items())
