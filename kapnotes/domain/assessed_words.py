"""The words for scales with their readings and for the rule of discharge, the same on the screen and on paper."""

from decimal import Decimal

from kapnotes.domain.assessed import ComputedScale, EarlyDischarge, ItemSource, Scale, Unmet
from kapnotes.domain.clock import NS_PER_S, Stamp
from kapnotes.domain.figure import signed
from kapnotes.domain.record import Record
from kapnotes.domain.words import Translate


def scale_title(name: str, translate: Translate) -> str:
    """Return the name of a scale as it is written."""
    known = {
        "padss": translate("Assessed", "PADSS"),
        "aldrete": translate("Assessed", "modified Aldrete"),
        "rass": translate("Assessed", "RASS"),
        "moaas": translate("Assessed", "MOAA/S"),
        "cadss6": translate("Assessed", "CADSS-6"),
    }
    return known.get(name, name)


def level_words(scale: Scale, translate: Translate) -> str:
    """Return what a score of a scale of one item says; nothing for any other.

    Source: MOAA/S doi 10.1186/s12871-022-01788-1; RASS palliative.stanford.edu.
    """
    if scale.name == "moaas":
        return moaas_words(scale.total, translate)
    levels = {
        4: translate("Assessed", "combative"),
        3: translate("Assessed", "very agitated"),
        2: translate("Assessed", "agitated"),
        1: translate("Assessed", "restless"),
        0: translate("Assessed", "alert and calm"),
        -1: translate("Assessed", "eye contact to voice, over 10 s"),
        -2: translate("Assessed", "eye contact to voice, under 10 s"),
        -3: translate("Assessed", "moves to voice, no eye contact"),
        -4: translate("Assessed", "only to physical stimulus"),
        -5: translate("Assessed", "no response"),
    }
    return levels.get(scale.total, "") if scale.name == "rass" else ""


def moaas_words(score: int, translate: Translate) -> str:
    """Return what a MOAA/S score says. Source: doi 10.1186/s12871-022-01788-1."""
    levels = {
        5: translate("Assessed", "answers to the name readily"),
        4: translate("Assessed", "answers to the name lethargically"),
        3: translate("Assessed", "only if loud or repeated"),
        2: translate("Assessed", "only to mild prodding"),
        1: translate("Assessed", "only to a painful squeeze"),
        0: translate("Assessed", "no response"),
    }
    return levels.get(score, "")


def scale_words(scale: Scale, record: Record, translate: Translate) -> str:
    """Return a scale in one line: total, items, what the score says, and the readings that items came from."""
    name, total = scale_title(scale.name, translate), total_text(scale)
    items = f"({' '.join(map(str, scale.items))})" if len(scale.items) > 1 else ""
    said = " ".join(part for part in (name, total, items) if part)
    return " · ".join(
        part for part in (said, level_words(scale, translate), *sources(scale, record, translate)) if part
    )


def total_text(scale: Scale) -> str:
    """Return the total as it is written: that of RASS with its sign."""
    return signed(scale.total) if scale.name == "rass" else str(scale.total)


def sources(scale: Scale, record: Record, translate: Translate) -> tuple[str, ...]:
    """Return a phrase for each item that follows from a reading: which reading, and where it was typed otherwise."""
    if not isinstance(scale, ComputedScale):
        return ()
    return tuple(_source_words(scale, source, record, translate) for source in scale.sources)


def _source_words(scale: ComputedScale, source: ItemSource, record: Record, translate: Translate) -> str:
    typed = scale.items[source.item - 1]
    reading = reading_words(source, record, translate)
    if typed == source.score:
        return translate("Assessed", "item {item} = {score}: {reading}").format(
            item=source.item, score=source.score, reading=reading
        )
    words = translate("Assessed", "item {item} typed {typed}, by readings {score}: {reading}")
    return words.format(item=source.item, typed=typed, score=source.score, reading=reading)


def reading_words(source: ItemSource, record: Record, translate: Translate) -> str:
    """Return the reading that an item follows from: `heart rate 96 at 14:05, +37.1 % from 70 at 13:10`."""
    field, time = _field_word(source.field, translate), _time_of(source.reading_id, record)
    value = plain_number(source.value)
    if source.baseline is None:
        on_air = not source.o2_l_per_min
        words = (
            translate("Assessed", "{field} {value} % on air at {time}")
            if on_air
            else translate("Assessed", "{field} {value} % on O₂ {flow} L/min at {time}")
        )
        return words.format(field=field, value=value, flow=plain_number(source.o2_l_per_min or Decimal(0)), time=time)
    words = translate("Assessed", "{field} {value} at {time}, {change} % from {baseline} at {before}")
    return words.format(
        field=field,
        value=value,
        time=time,
        change=change_text(source),
        baseline=plain_number(source.baseline),
        before=_time_of(source.baseline_id, record),
    )


def change_text(source: ItemSource) -> str:
    """Return the change from baseline in percent, signed; 20.04 % is above 20 %, so it is not shown as +20."""
    if not source.baseline:
        return ""
    change = (source.value - source.baseline) * 100 / source.baseline
    for places in ("1", "0.1", "0.01", "0.001"):
        rounded = change.quantize(Decimal(places))
        if rounded == change or rounded % 10 != 0:
            break
    return signed(rounded)


def _field_word(field: str, translate: Translate) -> str:
    return {
        "systolic_mmhg": translate("Assessed", "systolic"),
        "diastolic_mmhg": translate("Assessed", "diastolic"),
        "heart_rate_bpm": translate("Assessed", "heart rate"),
        "spo2_percent": translate("Assessed", "SpO₂"),
    }.get(field, field)


def _time_of(entry_id: str, record: Record) -> str:
    entry = record.entry(entry_id)
    return "?" if entry is None else time_text(entry.happened)


def time_text(stamp: Stamp) -> str:
    """Return the local time of day, 14:07."""
    minutes = (stamp.utc_ns // NS_PER_S + 60 * stamp.offset_min) % 86_400 // 60
    return f"{minutes // 60:02}:{minutes % 60:02}"


def plain_number(value: Decimal) -> str:
    """Return a number without an exponent and without zeros behind the point."""
    return f"{value.normalize():f}"


# ------------------------------------------------------------------------------------------------- discharge


def unmet_words(unmet: tuple[Unmet, ...], translate: Translate) -> str:
    """Return what of the rule of discharge was not met, in one line."""
    return "; ".join(_unmet_word(one, translate) for one in unmet)


def _unmet_word(unmet: Unmet, translate: Translate) -> str:
    if unmet.part == "padss":
        if unmet.found is None:
            return translate("Assessed", "PADSS not scored, {needed} needed").format(needed=unmet.needed)
        return translate("Assessed", "PADSS {found} of {needed}").format(found=unmet.found, needed=unmet.needed)
    if unmet.found is None:
        return translate("Assessed", "stay: {needed} min after the end of the infusion").format(needed=unmet.needed)
    words = translate("Assessed", "stay: {found} of {needed} min")
    return words.format(found=unmet.found, needed=unmet.needed)


def early_words(discharge: EarlyDischarge, translate: Translate) -> str:
    """Return that a discharge was early: what was not met, and why all the same."""
    unmet = unmet_words(discharge.unmet, translate)
    reason = translate("Assessed", "why: {reason}").format(reason=discharge.reason) if discharge.reason else ""
    early = translate("Assessed", "before the protocol's rule was met ({unmet})").format(unmet=unmet) if unmet else ""
    return ", ".join(part for part in (early, reason) if part)
