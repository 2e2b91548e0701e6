"""What the record, or the patient's list, knows about an item of a checklist: shown beside it, and never an answer."""

from collections.abc import Callable

from kapnotes.domain.adverse_events import open_episodes
from kapnotes.domain.assessed import Scale
from kapnotes.domain.assessed_words import plain_number, time_text
from kapnotes.domain.clock import Stamp
from kapnotes.domain.emergency_timeline import running
from kapnotes.domain.entries import Discharge, Entry, PatientDetails, Vitals
from kapnotes.domain.limits import BOUNDS, values_of
from kapnotes.domain.preparation import touch_agreed
from kapnotes.domain.record import Record
from kapnotes.domain.stay import stay
from kapnotes.domain.stay_words import leaving_words, score_words
from kapnotes.domain.text import one_line
from kapnotes.domain.words import Translate, counted

_Facts = Callable[[Record, Stamp, Translate], str]
_SHOWN = ("systolic_mmhg", "diastolic_mmhg", "heart_rate_bpm")


def known_of(item: str, record: Record, now: Stamp, translate: Translate, patient: PatientDetails | None = None) -> str:
    """Return what the record knows about *item* at *now*; nothing for most.

    Allergies stand with the *patient*, not in the session; nothing is said of them until that was read.
    """
    if item == "allergies" and patient is not None:
        return one_line(patient.allergies) or translate("Checklist", "none noted at home")
    facts = _FACTS.get(item)
    return "" if facts is None else facts(record, now, translate)


def _fasting(record: Record, now: Stamp, translate: Translate) -> str:
    del now
    minutes = record.protocol.fasting_min if record.protocol is not None else {}
    names = {
        "food": translate("Checklist", "food {min} min"),
        "liquid": translate("Checklist", "liquid {min} min"),
        "other_nasal": translate("Checklist", "other nasal sprays {min} min"),
    }
    return ", ".join(names[what].format(min=least) for what, least in minutes.items() if what in names)


def _weight(record: Record, now: Stamp, translate: Translate) -> str:
    del now
    weight_kg = record.opened.weight_kg if record.opened is not None else None
    if weight_kg is None:
        return translate("Checklist", "no weight noted")
    return translate("Checklist", "{} kg").format(plain_number(weight_kg))


def _baseline(record: Record, now: Stamp, translate: Translate) -> str:
    del now
    entry, vitals, protocol = record.baseline_entry, record.baseline, record.protocol
    if entry is None or vitals is None:
        return translate("Checklist", "no baseline yet")
    said = [_set_words(entry, vitals)]
    held = protocol.hold_start if protocol is not None else {}
    values = values_of(vitals)
    above = [field for field, most in held.items() if field in values and values[field] > most]
    said += [
        translate("Checklist", "{name} above {most}").format(name=BOUNDS[field].name, most=held[field])
        for field in above
    ]
    if held and not above and held.keys() <= values.keys():
        said.append(translate("Checklist", "within what holds the start"))
    return ", ".join(said)


def _touch(record: Record, now: Stamp, translate: Translate) -> str:
    del now
    count = len(touch_agreed(record))
    one, many = translate("Checklist", "{count} area spoken of"), translate("Checklist", "{count} areas spoken of")
    return counted(count, one, many) if count else ""


def _stay(record: Record, now: Stamp, translate: Translate) -> str:
    return leaving_words(record, now, translate)


def _score(record: Record, now: Stamp, translate: Translate) -> str:
    found = stay(record, now)
    told = "" if found is None else score_words(found, translate)
    entry = record.newest_entry(Scale)
    if entry is None or not isinstance(entry.body, Scale):
        return told
    last = translate("Checklist", "{name} {total} at {time}").format(
        name=entry.body.name, total=entry.body.total, time=time_text(entry.happened)
    )
    return ", ".join(part for part in (told, last) if part)


def _vitals(record: Record, now: Stamp, translate: Translate) -> str:
    del now, translate
    shown = (one for one in reversed(record.of(Vitals)) if any(getattr(one[1], field) is not None for field in _SHOWN))
    newest = next(shown, None)
    return "" if newest is None else _set_words(*newest)


def _nausea(record: Record, now: Stamp, translate: Translate) -> str:
    del now
    for entry, vitals in reversed(record.of(Vitals)):
        if vitals.nausea is not None:
            words = translate("Checklist", "{score} of 10 at {time}")
            return words.format(score=vitals.nausea, time=time_text(entry.happened))
    return ""


def _events(record: Record, now: Stamp, translate: Translate) -> str:
    del now
    open_now = [one.what for one in open_episodes(record)]
    emergency = running(record)
    if emergency is not None:
        since = translate("Checklist", "emergency since {}").format(time_text(emergency.since))
        open_now.insert(0, since)
    if not open_now:
        return translate("Checklist", "none open")
    return translate("Checklist", "open: {}").format(", ".join(open_now))


def _adult(record: Record, now: Stamp, translate: Translate) -> str:
    del now, translate
    left = record.newest(Discharge)
    return "" if left is None else left.escort


def _set_words(entry: Entry, vitals: Vitals) -> str:
    """Return a set of readings as `128/76 72 98 at 14:05`, without what was not measured."""
    values = {field: plain_number(value) for field, value in values_of(vitals).items() if field in _SHOWN}
    systolic, diastolic = values.pop("systolic_mmhg", ""), values.pop("diastolic_mmhg", "")
    pressure = [f"{systolic}/{diastolic}"] if systolic else []
    rest = [f"{BOUNDS[field].name} {value}" for field, value in values.items()]
    return f"{time_text(entry.happened)}  {', '.join([*pressure, *rest])}"


_FACTS: dict[str, _Facts] = {
    "fasting": _fasting,
    "weight": _weight,
    "baseline": _baseline,
    "touch": _touch,
    "stay": _stay,
    "score": _score,
    "vitals": _vitals,
    "nausea": _nausea,
    "events": _events,
    "adult": _adult,
}
