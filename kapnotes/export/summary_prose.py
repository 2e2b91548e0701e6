"""The medical course as a paragraph: each sentence from the record, none that judges."""

from decimal import Decimal

from kapnotes.domain.adverse_events import Episode, episodes
from kapnotes.domain.clock import Stamp
from kapnotes.domain.entries import Discharge, Dose, Entry, Route, Scale, TakenBy, Vitals
from kapnotes.domain.figure import plain, signed
from kapnotes.domain.record import percent_from
from kapnotes.export.course import Course
from kapnotes.export.page_words import clock_time
from kapnotes.export.session_part import total_dose
from kapnotes.export.vitals_part import value_of

MOST_TOLD = 6
"""Doses and events that the paragraph tells one by one; of more it tells how many there were."""


def medical_prose(course: Course, *, with_vitals: bool = True) -> str:
    """Return the paragraph; *with_vitals* tells whether the readings are among it."""
    said = [_dose(course)]
    if with_vitals:
        said += [_pressure(course), _heart_rate(course), _saturation(course), _limits(course)]
    said += [_events(course), _rescue(course), _score(course), _leaving(course)]
    return " ".join(sentence for sentence in said if sentence)


def _at(course: Course, stamp: Stamp) -> str:
    """Return the clock time with the T+ time behind it."""
    if course.first_dose is None:
        return clock_time(stamp)
    words = course.translate("Prose", "{time} ({elapsed})")
    return words.format(time=clock_time(stamp), elapsed=course.elapsed_at(stamp))


def _listed(course: Course, parts: list[str]) -> str:
    """Return *parts* as a list within a sentence."""
    if len(parts) < 2:
        return "".join(parts)
    words = course.translate("Prose", "{first} and {last}")
    return words.format(first=", ".join(parts[:-1]), last=parts[-1])


# ------------------------------------------------------------------------------------------------------ doses


def _dose(course: Course) -> str:
    translate, record = course.translate, course.record
    doses = [(entry, dose) for entry, dose in record.of(Dose) if not dose.is_rescue]
    segments = course.segments()
    if not doses and not segments:
        return translate("Prose", "No dose is recorded.")
    told = [(record.position_s(entry.happened), _one_dose(course, entry, dose)) for entry, dose in doses]
    for segment in segments:
        words = translate("Prose", "{rate} mg/min from {start} to {stop}")
        if segment.is_running:
            words = translate("Prose", "{rate} mg/min from {start}, with no stop recorded")
        said = words.format(
            rate=plain(segment.infusion.rate_mg_per_min),
            start=clock_time(segment.start),
            stop=clock_time(segment.stop),
        )
        told.append((record.position_s(segment.start), said))
    parts = [said for _, said in sorted(told, key=lambda one: one[0])]
    if len(parts) > MOST_TOLD:
        words = translate("Prose", "in {count} doses or stretches of an infusion")
        how = words.format(count=len(parts))
    else:
        how = _listed(course, parts)
    words = translate("Prose", "{total} was given {route}: {how}.")
    if len(doses) == len(parts) == 1:
        words = translate("Prose", "{total} was given {route} {how}.")
    elif not doses and len(segments) == 1:
        words = translate("Prose", "{total} was infused {route} at {how}.")
    elif not doses:
        words = translate("Prose", "{total} was infused {route}: {how}.")
    by = [translate("Prose", "The patient took it.")] if _is_by_patient(doses) else []
    first = words.format(total=_begun(total_dose(course)), route=_routes(course, doses, segments != []), how=how)
    return " ".join([first, *by])


def _begun(text: str) -> str:
    """Return *text* with a capital at the beginning."""
    return text[:1].upper() + text[1:]


def _one_dose(course: Course, entry: Entry, dose: Dose) -> str:
    translate, at = course.translate, _at(course, entry.happened)
    alone = [one for _, one in course.record.of(Dose) if not one.is_rescue]
    if len(alone) == 1 and not course.segments():
        return translate("Prose", "at {time}").format(time=clock_time(entry.happened))
    return translate("Prose", "{amount} mg at {time}").format(amount=plain(dose.dose_mg), time=at)


def _is_by_patient(doses: list[tuple[Entry, Dose]]) -> bool:
    return bool(doses) and all(dose.taken_by is TakenBy.PATIENT for _, dose in doses)


def _routes(course: Course, doses: list[tuple[Entry, Dose]], has_infusion: bool) -> str:
    routes = [Route.IV] if has_infusion else []
    routes += [dose.route for _, dose in doses]
    return _listed(course, [_by_route(course, route) for route in dict.fromkeys(routes)])


def _by_route(course: Course, route: Route) -> str:
    translate = course.translate
    return {
        Route.IV: translate("Prose", "intravenously"),
        Route.IM: translate("Prose", "intramuscularly"),
        Route.NASAL: translate("Prose", "nasally"),
        Route.SUBLINGUAL: translate("Prose", "under the tongue"),
        Route.ORAL: translate("Prose", "by mouth"),
    }[route]


# ----------------------------------------------------------------------------------------------------- readings

_Reading = tuple[Decimal, Entry, Vitals]


def _readings(course: Course, field: str) -> list[_Reading]:
    """Return the readings of one measure from the baseline on, in order."""
    found = [
        (value, entry, vitals)
        for entry, vitals in course.record.of(Vitals)
        if (value := value_of(vitals, field)) is not None
    ]
    baseline = course.record.baseline_entry
    if baseline is None:
        return found
    since_s = course.position(baseline)
    return [one for one in found if course.position(one[1]) >= since_s]


def _percent(baseline: Decimal | None, value: Decimal) -> str:
    percent = percent_from(baseline, value) if baseline is not None else None
    return f" ({signed(percent)}\N{NO-BREAK SPACE}%)" if percent else ""


def _both(vitals: Vitals) -> str:
    lower = vitals.diastolic_mmhg
    upper = plain(vitals.systolic_mmhg) if vitals.systolic_mmhg is not None else ""
    return f"{upper}/{plain(lower)}" if lower is not None else upper


def _pressure(course: Course) -> str:
    translate, found = course.translate, _readings(course, "systolic_mmhg")
    if not found:
        return translate("Prose", "No blood pressure was recorded.")
    base = course.baseline
    zero = base.systolic_mmhg if base is not None else None
    highest, last = max(found, key=lambda one: one[0]), found[-1]
    facts = {
        "highest": _both(highest[2]) + _percent(zero, highest[0]),
        "when": _at(course, highest[1].happened),
        "last": _both(last[2]),
        "last_at": clock_time(last[1].happened),
    }
    if base is None or zero is None:
        words = translate(
            "Prose",
            "Blood pressure was highest at {highest} mmHg at {when} and {last} at {last_at}; there is no baseline to "
            "compare it with.",
        )
        return words.format(**facts)
    facts["baseline"] = _both(base)
    if highest[0] <= zero:
        words = translate(
            "Prose", "Blood pressure, {baseline} mmHg at baseline, never rose above it and was {last} at {last_at}."
        )
    elif last[1] is highest[1]:
        words = translate(
            "Prose",
            "Blood pressure, {baseline} mmHg at baseline, was highest at the last reading: {highest} at {when}.",
        )
    else:
        words = translate(
            "Prose",
            "Blood pressure, {baseline} mmHg at baseline, was highest at {highest} at {when} and {last} at {last_at}, "
            "the last reading.",
        )
    return words.format(**facts)


def _heart_rate(course: Course) -> str:
    found = _readings(course, "heart_rate_bpm")
    if not found:
        return ""
    zero = value_of(course.baseline, "heart_rate_bpm")
    lowest, highest = min(found, key=lambda one: one[0]), max(found, key=lambda one: one[0])
    words = course.translate("Prose", "Heart rate lay between {lowest} and {highest} per minute.")
    if zero is not None:
        words = course.translate(
            "Prose", "Heart rate, {baseline} per minute at baseline, lay between {lowest} and {highest}."
        )
    if lowest[0] == highest[0]:
        words = course.translate("Prose", "Heart rate was {lowest} per minute at every reading.")
    return words.format(
        baseline=plain(zero) if zero is not None else "",
        lowest=plain(lowest[0]) + _percent(zero, lowest[0]),
        highest=plain(highest[0]) + _percent(zero, highest[0]),
    )


def _saturation(course: Course) -> str:
    found = _readings(course, "spo2_percent")
    if not found:
        return ""
    lowest = min(found, key=lambda one: one[0])
    oxygen = max((vitals.o2_l_per_min or Decimal(0) for _, vitals in course.record.of(Vitals)), default=Decimal(0))
    if oxygen:
        words = course.translate(
            "Prose", "Oxygen saturation was {value} % at its lowest, with up to {flow} L/min of O₂."
        )
        return words.format(value=plain(lowest[0]), flow=plain(oxygen))
    return course.translate("Prose", "Oxygen saturation was {value} % at its lowest.").format(value=plain(lowest[0]))


def _limits(course: Course) -> str:
    record, sets = course.record, course.record.of(Vitals)
    if record.protocol is None or not sets:
        return ""
    outside = sum(1 for _, vitals in sets if record.out_of_protocol(vitals))
    if not outside:
        words = course.translate("Prose", "All {count} sets of readings lay within the protocol's limits.")
        return words.format(count=len(sets))
    words = course.translate(
        "Prose", "Of {count} sets of readings, {outside} had a value outside the protocol's limits."
    )
    return words.format(count=len(sets), outside=outside)


# ------------------------------------------------------------------------------------------- events and leaving


def _events(course: Course) -> str:
    found = episodes(course.record)
    if not found:
        return course.translate("Prose", "No adverse event was recorded.")
    if len(found) > MOST_TOLD:
        return course.translate("Prose", "{count} adverse events were recorded, listed below.").format(count=len(found))
    return " ".join(_event(course, one) for one in found)


def _event(course: Course, episode: Episode) -> str:
    translate = course.translate
    first = episode.reports[0][1].severity
    severity = first
    if episode.worst != first:
        severity = translate("Prose", "{first}, {worst} at its worst").format(first=first, worst=episode.worst)
    words = translate("Prose", "{what} ({severity}) began at {when}")
    said = [
        words.format(what=_begun(episode.what), severity=severity, when=_at(course, episode.began)),
        "; ".join(episode.actions),
    ]
    ended = episode.ended
    if ended is not None:
        said.append(translate("Prose", "it was over at {time}").format(time=clock_time(ended)))
    else:
        said.append(translate("Prose", "its end is not recorded"))
    return "; ".join(part for part in said if part) + "."


def _rescue(course: Course) -> str:
    translate = course.translate
    given = [(entry, dose) for entry, dose in course.record.of(Dose) if dose.is_rescue]
    if not given:
        return translate("Prose", "No rescue drug was recorded.")
    words = translate("Prose", "{drug} {amount} mg was given {route} at {time} as a rescue drug.")
    told = [
        words.format(
            drug=_begun(dose.drug),
            amount=plain(dose.dose_mg),
            route=_by_route(course, dose.route),
            time=_at(course, entry.happened),
        )
        for entry, dose in given
    ]
    if len(told) > MOST_TOLD:
        return translate("Prose", "{count} rescue drugs were given, listed below.").format(count=len(told))
    return " ".join(told)


def _score(course: Course) -> str:
    scored = [(entry, scale) for entry, scale in course.record.of(Scale) if scale.name == "padss"]
    if not scored:
        return ""
    entry, scale = scored[-1]
    words = course.translate("Prose", "PADSS was {total} of 10 at {time}.")
    return words.format(total=scale.total, time=clock_time(entry.happened))


def _leaving(course: Course) -> str:
    translate, left = course.translate, course.record.of(Discharge)
    if not left:
        return translate("Prose", "No discharge is recorded.")
    entry, discharge = left[-1]
    words = translate("Prose", "The patient left at {when}")
    said = words.format(when=_at(course, entry.happened))
    if discharge.escort.strip():
        said += translate("Prose", " with {escort}").format(escort=discharge.escort.strip())
    return f"{said}: {discharge.text.strip()}." if discharge.text.strip() else f"{said}."
