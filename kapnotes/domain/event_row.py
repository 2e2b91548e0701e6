"""The row of what happened beside readings and drugs: adverse events, what was done, and the steps of an emergency."""

from kapnotes.domain.clock import Stamp
from kapnotes.domain.emergency_step import EmergencyAct, EmergencyStep
from kapnotes.domain.emergency_timeline import emergencies
from kapnotes.domain.emergency_words import step_in_words
from kapnotes.domain.entries import Action, AdverseEvent, Entry
from kapnotes.domain.figure import Glyph, Rect, Role, Shape, Sketch
from kapnotes.domain.record import Record
from kapnotes.domain.text import shortened
from kapnotes.domain.thinning import signs_of
from kapnotes.domain.time_axis import TimeAxis
from kapnotes.domain.words import Translate

SIGNS: tuple[tuple[type, Shape, Role], ...] = (
    (Action, Shape.PLUS, Role.ACTION),
    (AdverseEvent, Shape.DIAMOND, Role.EVENT),
    (EmergencyStep, Shape.TRIANGLE, Role.EMERGENCY),
)
"""What is drawn, each kind with its sign; what stands last is drawn above the others."""

MOST_NAMED = 60
LONGEST = 24
"""Signs of a name in the row; the table has the whole."""


def has_emergency(record: Record) -> bool:
    """Tell whether the row must be there: each step of an emergency is a point on the chart."""
    return record.newest(EmergencyStep) is not None


def has_events(record: Record) -> bool:
    """Tell whether anything would stand in the row."""
    return any(record.newest(kind) is not None for kind, _, _ in SIGNS)


def draw_events(
    sketch: Sketch, axis: TimeAxis, record: Record, until: Stamp, top: float, height: float, size: float, tr: Translate
) -> None:
    """Draw a sign for each, a bar through each emergency, and their names where there is room."""
    y, base = top + height / 2, top + height - size * 0.5
    for emergency in emergencies(record):
        x1, x2 = axis.x_of(emergency.since), axis.x_of(emergency.ended or until)
        if x2 > x1:
            sketch.add(Rect(x1, y - size * 0.1, x2 - x1, size * 0.2, Role.EMERGENCY))
    named: list[tuple[float, Entry]] = []
    for kind, shape, role in SIGNS:
        found = [(axis.x_of(entry.happened), entry) for entry, _ in record.of(kind) if axis.holds(entry.happened)]
        for x, _ in signs_of([(x, 0.0) for x, _ in found], size * 0.45):
            sketch.add(Glyph(x, y, shape, size * 0.8, role))
            sketch.keep_free(x - size * 0.45, top, x + size * 0.45, top + height)
        named = [*found, *named]
    for x, entry in named[:MOST_NAMED]:
        sketch.label(x + size * 0.65, base, _name_of(entry, tr), size * 0.9)


def _name_of(entry: Entry, translate: Translate) -> str:
    match entry.body:
        case AdverseEvent(what, _, _) | Action(what, _):
            return shortened(what, LONGEST)
        case EmergencyStep(act) as step if act is not EmergencyAct.BEGAN:
            return shortened(step_in_words(step, translate), LONGEST)
        case _:
            return ""
