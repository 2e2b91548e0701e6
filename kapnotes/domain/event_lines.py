"""The lines of what happened beside readings and drug: a set left out, an adverse event, what was done, the way home.

x asleep                    not taken, with its reason
ae nausea mild: reassured   an adverse event                  do repositioned the cuff
end nausea                  it is over; end nausea: after ondansetron
out partner: steady, oriented   discharge, with whom     out taxi: steady // why before the rule is met
"""

import re

from kapnotes.domain.assessed import Discharge, EarlyDischarge, EventEnded
from kapnotes.domain.entries import Action, AdverseEvent, NotTaken, NotTakenReason
from kapnotes.domain.errors import CannotTell, Misread
from kapnotes.domain.typed_words import Command, CommandLine, Grammar, no_more_than, rest_of, tokens_of

SEVERITIES = ("mild", "moderate", "severe")
"""How bad an adverse event is."""

_REASONS = {"names": ", ".join(NotTakenReason)}
_WHY = re.compile(r"(?:^|(?<=\s))//(?=\s|$)")
"""What comes behind it is the reason, as in a correction; within a word it is none (http://…)."""


def _not_taken(line: CommandLine) -> NotTaken:
    try:
        reason = NotTakenReason(line.words[0].text.casefold())
    except ValueError:
        raise Misread("A reason is one of {names}.", line.words[0].column, names=", ".join(NotTakenReason)) from None
    no_more_than(line, 1)
    return NotTaken(reason)


def _adverse_event(line: CommandLine) -> AdverseEvent:
    start = line.words[0].column
    head, colon, action = rest_of(line).partition(":")
    words = tokens_of(head)
    severity = words[-1].text.casefold() if words else ""
    if severity not in SEVERITIES:
        is_behind = len(words) > 1 and bool(colon)  # else it may still be coming
        fault = words[-1].column if is_behind else len(head.rstrip())
        raise line.command.misread(start + fault)
    if len(words) < 2:
        raise line.command.misread(start)
    return AdverseEvent(" ".join(word.text for word in words[:-1]), severity, action.strip())


def _action(line: CommandLine) -> Action:
    return Action(rest_of(line))


def _end(line: CommandLine) -> EventEnded:
    what, _, text = rest_of(line).partition(":")
    try:
        ended = line.known.end_of(what.strip())
    except CannotTell as why:
        raise Misread(why.template, line.words[0].column, **why.facts) from None
    return EventEnded(ended.event_id, ended.what, text.strip())


def _discharge(line: CommandLine) -> Discharge:
    said, *reasons = _WHY.split(rest_of(line), maxsplit=1)
    escort, _, state = said.partition(":")
    if not escort.strip():
        raise line.command.misread(line.words[0].column)
    reason, unmet = "".join(reasons).strip(), line.known.unmet()
    if reason or unmet:
        return EarlyDischarge(escort.strip(), state.strip(), reason, unmet)
    return Discharge(escort.strip(), state.strip())


def _not_taken_line(not_taken: NotTaken) -> str:
    return f"x {not_taken.reason}"


def _adverse_event_line(event: AdverseEvent) -> str:
    head = f"ae {event.what} {event.severity}"
    return f"{head}: {event.action}" if event.action else head


def _action_line(action: Action) -> str:
    return f"do {action.text}"


def _discharge_line(discharge: Discharge) -> str:
    return f"out {discharge.escort}: {discharge.text}" if discharge.text else f"out {discharge.escort}"


def _early_discharge_line(discharge: EarlyDischarge) -> str:
    said = _discharge_line(discharge)
    return f"{said} // {discharge.reason}" if discharge.reason else said


def _end_line(ended: EventEnded) -> str:
    return f"end {ended.what}: {ended.text}" if ended.text else f"end {ended.what}"


EVENT_LINES = (
    Grammar(
        NotTaken,
        _not_taken_line,
        (
            Command(
                "x",
                "Not taken needs its reason: {names}.",
                "x asleep",
                _not_taken,
                {"names": ", ".join(NotTakenReason)},
            ),
        ),
    ),
    Grammar(
        AdverseEvent,
        _adverse_event_line,
        (
            Command(
                "ae",
                "An event is what, then mild, moderate or severe, then: what was done.",
                "ae nausea mild: reassured",
                _adverse_event,
            ),
        ),
    ),
    Grammar(
        EventEnded,
        _end_line,
        (Command("end", "Say which adverse event is over, then: what helped.", "end nausea", _end),),
    ),
    Grammar(Action, _action_line, (Command("do", "Say what was done about it.", "do repositioned the cuff", _action),)),
    Grammar(
        Discharge,
        _discharge_line,
        (
            Command(
                "out",
                "Say who takes the patient home, then: in what state.",
                "out partner: steady, oriented",
                _discharge,
            ),
        ),
    ),
    Grammar(EarlyDischarge, _early_discharge_line),
)
"""How what happened, what was done and the way home are typed."""
