"""The protocol of a session in words: its source, its limits and its schedule."""

from kapnotes.domain.clinic import ProtocolInUse
from kapnotes.domain.figure import plain
from kapnotes.domain.protocol import Protocol, VitalsRule
from kapnotes.domain.words import Translate
from kapnotes.export.course import Course
from kapnotes.export.page_words import date_and_time, measure_name, unit_of
from kapnotes.export.sheet import CELL, Sheet


def protocol(sheet: Sheet, course: Course) -> None:
    """Add name, version, source, limits and schedule of the session's protocol, as one paragraph."""
    translate, ruling = course.translate, course.record.protocol
    if ruling is None:
        sheet.text(course.record.protocol_fault or translate("Page", "The session ran by no protocol."))
        return
    limits = ", ".join(
        translate("Page", "{measure} {low} to {high} {unit}").format(
            measure=measure_name(field, translate), low=plain(limit.low), high=plain(limit.high), unit=unit_of(field)
        )
        for field, limit in ruling.limits.items()
    )
    hold = ", ".join(
        f"{measure_name(field, translate)} > {plain(value)} {unit_of(field)}"
        for field, value in ruling.hold_start.items()
    )
    name = translate("Page", "{title} ({name}), version {version}")
    facts = [
        (translate("Page", "Signed"), _signed(course)),
        (translate("Page", "Source"), ruling.source),
        (translate("Page", "Hold the start at"), hold),
        (translate("Page", "Limits"), limits),
        (translate("Page", "Vital signs"), ", ".join(_rule(rule, translate) for rule in ruling.vitals)),
        (translate("Page", "Discharge"), _discharge(ruling, translate)),
    ]
    said = [name.format(title=ruling.title, name=ruling.name, version=ruling.version)]
    said += [translate("Page", "{label}: {said}").format(label=label, said=fact) for label, fact in facts if fact]
    sheet.text(" · ".join(said), CELL)


def _signed(course: Course) -> str:
    translate, in_use = course.translate, course.record.newest(ProtocolInUse)
    if in_use is None:
        return translate("Page", "as shipped, signed by nobody in the clinic")
    words = translate("Page", "version {number} of the clinic's own, signed by {name}, {credential}, {when}")
    return words.format(
        number=in_use.number,
        name=in_use.printed_name,
        credential=in_use.credential,
        when=date_and_time(in_use.signed.local(), translate),
    )


def _rule(rule: VitalsRule, translate: Translate) -> str:
    if rule.every_min:
        until = {
            "infusion_end": translate("Page", "the end of the infusion"),
            "discharge": translate("Page", "discharge"),
        }[rule.until]
        return translate("Page", "every {minutes} min until {until}").format(minutes=rule.every_min, until=until)
    if rule.at_min:
        times = ", ".join(str(minute) for minute in rule.at_min)
        return translate("Page", "at {times} min").format(times=times)
    return {
        "baseline": translate("Page", "baseline"),
        "end": translate("Page", "at the end"),
        "completion": translate("Page", "at completion"),
    }[rule.at]


def _discharge(ruling: Protocol, translate: Translate) -> str:
    said = [
        (translate("Page", "{minutes} min after the end of dosing"), ruling.stay_after_end_min),
        (translate("Page", "{minutes} min after the dose"), ruling.stay_after_dose_min),
        (translate("Page", "not before {minutes} min"), ruling.floor_min),
        (translate("Page", "PADSS {minutes} or more"), ruling.padss),
    ]
    return ", ".join(words.format(minutes=number) for words, number in said if number is not None)
