"""What the signs of the vitals chart mean, in a line above it."""

from kapnotes.domain.figure import Anchor, Glyph, Role, Shape, Sketch, text_width
from kapnotes.domain.series import DIASTOLIC, HEART_RATE, SPO2, SYSTOLIC
from kapnotes.domain.words import Translate


def draw_legend(sketch: Sketch, left: float, size: float, shown: frozenset[str], translate: Translate) -> None:
    """Say what each sign means, from the left as far as the width goes; *shown* names what is there by the way."""
    items: list[tuple[Shape, Role, str]] = [
        (SYSTOLIC.shape, SYSTOLIC.role, translate("Figure", "systolic")),
        (DIASTOLIC.shape, DIASTOLIC.role, translate("Figure", "diastolic")),
        (HEART_RATE.shape, HEART_RATE.role, translate("Figure", "heart rate")),
    ]
    for name, shape, role, text in (
        ("spo2", SPO2.shape, SPO2.role, translate("Figure", "SpO₂")),
        ("outside", Shape.SQUARE, Role.OUT_OF_PROTOCOL, translate("Figure", "outside the protocol")),
        ("not taken", Shape.CROSS, Role.NOT_TAKEN, translate("Figure", "not taken")),
        ("missed", Shape.DASH, Role.GAP, translate("Figure", "no entry")),
    ):
        if name in shown:
            items.append((shape, role, text))
    y = size * 1.1
    right = sketch.width - size * 0.2
    x = max(left + size * 5, right - sum(text_width(text, size) + size * 2 for _, _, text in items))
    for shape, role, text in items:
        if x + size * 1.4 + text_width(text, size) <= right:
            if sketch.label(x + size * 1.3, y, text, size, Anchor.START, Role.TEXT_DIM):
                sketch.add(Glyph(x + size * 0.6, y - size * 0.3, shape, size * 0.8, role))
            x += text_width(text, size) + size * 2
