"""A protocol that is being typed: its fields as lines, and the protocol that they make once all of them are whole."""

import json
from collections.abc import Mapping
from dataclasses import dataclass

from kapnotes.domain.entries import Route
from kapnotes.domain.errors import BadFile, Misread
from kapnotes.domain.protocol import Protocol, read_protocol
from kapnotes.domain.protocol_as_typed import (
    discharge_line,
    dose_line,
    fasting_line,
    hold_line,
    mark_line,
    timers_line,
    vitals_line,
)
from kapnotes.domain.protocol_lines import (
    READ,
    DischargeRule,
    read_check_in,
    read_discharge,
    read_dose,
    read_fasting,
    read_hold,
    read_mark,
    read_measure,
    read_name,
    read_phases,
    read_timers,
    read_vitals,
    read_words,
)
from kapnotes.domain.protocol_text import protocol_text
from kapnotes.domain.text import storable


@dataclass(frozen=True, slots=True)
class Written:
    """A whole protocol with the very text that is signed."""

    protocol: Protocol
    text: str


@dataclass(frozen=True, slots=True)
class HalfTyped:
    """A version that nobody signed yet: what it began as, and what stands in the fields."""

    begun: Protocol
    typed: Mapping[str, str]

    def as_text(self) -> str:
        """Return it as the text of a draft; `half_typed_of` reads it back."""
        begun = {"name": self.begun.name, "text": protocol_text(self.begun)}
        return json.dumps({"begun": begun, "typed": dict(self.typed)})


def half_typed_of(text: str) -> HalfTyped | None:
    """Return what a draft's text says is half-typed, None where it is none.

    A field that the draft lacks is as it began; one that this program does not know is left out.
    """
    try:
        said = json.loads(text)
        begun = read_protocol(said["begun"]["name"], said["begun"]["text"])
        lines = lines_of(begun)
        return HalfTyped(begun, lines | {field: str(said["typed"][field]) for field in lines.keys() & said["typed"]})
    except (ValueError, KeyError, TypeError, RecursionError, BadFile):
        return None


def lines_of(protocol: Protocol) -> dict[str, str]:
    """Return *protocol* as the lines of the form, by field."""
    rule = DischargeRule(
        protocol.stay_after_end_min,
        protocol.stay_after_dose_min,
        protocol.floor_min,
        protocol.padss,
        protocol.form,
        protocol.submit_days,
    )
    return {
        "name": protocol.name,
        "title": protocol.title,
        "source": protocol.source,
        "dose": dose_line(protocol.dose),
        "vitals": vitals_line(protocol.vitals),
        "measure": " ".join(protocol.measure),
        "hold": hold_line(protocol.hold_start),
        "mark": mark_line(protocol.limits),
        "phases": " ".join(map(str, protocol.phases_min)),
        "check_in": str(protocol.check_in_min),
        "discharge": discharge_line(rule),
        "timers": timers_line(protocol.timers),
        "fasting": fasting_line(protocol.fasting_min),
    }


def fault_of(field: str, line: str) -> Misread | None:
    """Return what is wrong with one field as it is typed, None where it is whole."""
    try:
        READ[field](storable(line))
    except Misread as misread:
        return misread
    return None


def written(lines: Mapping[str, str]) -> Written:
    """Return the protocol that *lines* make, with its text.

    Raises:
        Misread: a field is not whole.
        BadFile: the fields do not go together.
    """
    line = {field: storable(text) for field, text in lines.items()}
    rule = read_discharge(line["discharge"])
    protocol = Protocol(
        name=read_name(line["name"]),
        title=read_words(line["title"]),
        source=read_words(line["source"]),
        dose=read_dose(line["dose"]),
        phases_min=read_phases(line["phases"]),
        vitals=read_vitals(line["vitals"]),
        measure=read_measure(line["measure"]),
        hold_start=read_hold(line["hold"]),
        limits=read_mark(line["mark"]),
        stay_after_end_min=rule.stay_after_end_min,
        stay_after_dose_min=rule.stay_after_dose_min,
        floor_min=rule.floor_min,
        padss=rule.padss,
        check_in_min=read_check_in(line["check_in"]),
        timers=read_timers(line["timers"]),
        fasting_min=read_fasting(line["fasting"]),
        form=rule.form,
        submit_days=rule.submit_days,
        version="",
    )
    _require_together(protocol)
    text = protocol_text(protocol)
    return Written(read_protocol(protocol.name, text), text)


def _require_together(protocol: Protocol) -> None:
    follows_infusion = any(rule.until == "infusion_end" for rule in protocol.vitals)
    if follows_infusion and (protocol.dose.route is not Route.IV or protocol.dose.over_min is None):
        raise BadFile("Vitals to the end of the infusion need an IV dose with its length, as in over 40.")
    if protocol.dose.over_min is not None and protocol.dose.route is not Route.IV:
        raise BadFile("Only an IV dose has a length; leave out: over.")
