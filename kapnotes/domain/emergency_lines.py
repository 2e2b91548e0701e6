"""The line of an emergency, for what no single key stamps: a note, the flow of the oxygen, a step that is added late.

em colour comes back        a note in the emergency's timeline
em o2 10                    oxygen at 10 L/min                em cpr_started   a step, as its key would stamp it
"""

from decimal import Decimal

from kapnotes.domain.emergency_step import EmergencyAct, EmergencyStep
from kapnotes.domain.errors import Misread
from kapnotes.domain.typed_words import Command, CommandLine, Grammar, no_more_than, number_of, rest_of

OXYGEN = "o2"
FLOW_L_PER_MIN = (Decimal("0.5"), Decimal(60))
"""What an oxygen flow can be [general knowledge]."""


def _step(line: CommandLine) -> EmergencyStep:
    word = line.words[0].text.casefold()
    if word == OXYGEN:
        return _oxygen(line)
    if len(line.words) == 1 and word in set(EmergencyAct) - {EmergencyAct.NOTE}:
        return EmergencyStep(EmergencyAct(word))
    return EmergencyStep(EmergencyAct.NOTE, rest_of(line))


def _oxygen(line: CommandLine) -> EmergencyStep:
    no_more_than(line, 2)
    if len(line.words) == 1:
        raise Misread("Say the flow of the oxygen in L/min, as in em o2 10.", line.words[0].end)
    flow, (low, high) = number_of(line.words[1]), FLOW_L_PER_MIN
    if not low <= flow <= high:
        raise Misread("A flow of oxygen is {low} to {high} L/min.", line.words[1].column, low=low, high=high)
    return EmergencyStep(EmergencyAct.OXYGEN_ON, o2_l_per_min=flow)


def _step_line(step: EmergencyStep) -> str:
    if step.o2_l_per_min is not None:
        return f"em {OXYGEN} {step.o2_l_per_min}"
    return f"em {step.text if step.act is EmergencyAct.NOTE else step.act}"


EMERGENCY_LINES = (
    Grammar(
        EmergencyStep,
        _step_line,
        (
            Command(
                "em",
                "Say what happens in the emergency, as in em colour comes back.",
                "em colour comes back",
                _step,
            ),
        ),
    ),
)
"""How a step of an emergency is typed."""
