"""A picture as plain geometry: computed once, painted by QPainter on the screen and by reportlab on paper.

Units are points or logical pixels; x grows to the right, y grows down. A shape says what it means (`Role`); the painter
chooses the colour, and no meaning hangs on colour alone.
"""

import unicodedata
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from functools import lru_cache

MINUS = "\N{MINUS SIGN}"
"""Stands before every number below zero on screen and paper; data for other systems have the hyphen."""


class Role(StrEnum):
    """What a shape means."""

    GRID = "grid"
    AXIS = "axis"
    SYSTOLIC = "systolic"
    DIASTOLIC = "diastolic"
    HEART_RATE = "heart_rate"
    SPO2 = "spo2"
    BASELINE = "baseline"
    LIMIT_BAND = "limit_band"
    OUT_OF_PROTOCOL = "out_of_protocol"
    DOSE = "dose"
    RESCUE = "rescue"
    INFUSION = "infusion"
    RATE = "rate"
    EVENT = "event"
    ACTION = "action"
    EMERGENCY = "emergency"
    CURSOR = "cursor"
    NOT_TAKEN = "not_taken"
    GAP = "gap"
    PHASE = "phase"
    STATE = "state"
    MARK = "mark"
    QUOTE = "quote"
    PHQ9 = "phq9"
    GAD7 = "gad7"
    SESSION = "session"
    TEXT = "text"
    TEXT_DIM = "text_dim"


class Shape(StrEnum):
    """The form of a glyph, in a square of its size around its middle."""

    CHEVRON_DOWN = "chevron_down"
    CHEVRON_UP = "chevron_up"
    DOT = "dot"
    RING = "ring"
    SQUARE = "square"
    DIAMOND = "diamond"
    CROSS = "cross"
    TICK = "tick"
    DASH = "dash"
    PLUS = "plus"
    TRIANGLE = "triangle"


class Anchor(StrEnum):
    """Which point of a label stands at its x."""

    START = "start"
    MIDDLE = "middle"
    END = "end"


@dataclass(frozen=True, slots=True)
class Polyline:
    """An open line through points."""

    points: tuple[tuple[float, float], ...]
    role: Role


@dataclass(frozen=True, slots=True)
class Rect:
    """A filled rectangle; x, y is its upper left corner."""

    x: float
    y: float
    w: float
    h: float
    role: Role


@dataclass(frozen=True, slots=True)
class Glyph:
    """A sign around the point x, y. `DOT` and `TICK` are solid, the others are strokes."""

    x: float
    y: float
    shape: Shape
    size: float
    role: Role


@dataclass(frozen=True, slots=True)
class Label:
    """A line of upright text; y is its base line, `size` its font size."""

    x: float
    y: float
    text: str
    size: float
    anchor: Anchor
    role: Role


AnyShape = Polyline | Rect | Glyph | Label


@dataclass(frozen=True, slots=True)
class Figure:
    """Shapes in the order in which they are painted, all within 0, 0 and width, height."""

    width: float
    height: float
    shapes: tuple[AnyShape, ...]


def text_width(text: str, size: float) -> float:
    """Return a width that no usual sans serif of that size exceeds; no font is asked."""
    return size * sum(_advance(char) for char in text)


@lru_cache(maxsize=1024)  # a chart asks for hundreds of labels at once
def _advance(char: str) -> float:
    if char in " .,:;'|!ilj·":
        return 0.34
    if char.isdigit() or char in f"-+{MINUS}()/frt[]<>":
        return 0.65
    if char in "mwMW%@—…":
        return 0.98
    if unicodedata.east_asian_width(char) in "WF":
        return 1.1
    if unicodedata.combining(char):
        return 0.0
    return 0.76 if char.isupper() or ord(char) > 0x24F else 0.62


def plain(value: Decimal) -> str:
    """Return a decimal without trailing zeros and without an exponent."""
    text = f"{value:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def signed(value: Decimal | int) -> str:
    """Return a number with its sign: `+9`, `−4` with a true minus, and `0`."""
    return "0" if value == 0 else ("+" if value > 0 else MINUS) + plain(abs(Decimal(value)))


class Sketch:
    """A figure in the making: it keeps all shapes within the rectangle and leaves out a label that would collide."""

    def __init__(self, width: float, height: float) -> None:
        self.width = width
        self.height = height
        self._shapes: list[AnyShape] = []
        self._taken: list[tuple[float, float, float, float]] = []
        self._given = 0

    def add(self, shape: Polyline | Rect | Glyph) -> None:
        """Add *shape*, which stands within."""
        self._shapes.append(shape)

    def line(self, x1: float, y1: float, x2: float, y2: float, role: Role) -> None:
        """Add a straight line."""
        self._shapes.append(Polyline(((x1, y1), (x2, y2)), role))

    def keep_free(self, x1: float, y1: float, x2: float, y2: float) -> None:
        """Let no later label stand in this rectangle."""
        self._taken.append((x1, y1, x2, y2))

    def label(
        self,
        x: float,
        y: float,
        text: str,
        size: float,
        anchor: Anchor = Anchor.START,
        role: Role = Role.TEXT,
    ) -> bool:
        """Add a label if there is room for it, and tell whether there was."""
        wide = text_width(text, size)
        left = x - {Anchor.START: 0.0, Anchor.MIDDLE: wide / 2, Anchor.END: wide}[anchor]
        box = (left, y - 0.85 * size, left + wide, y + 0.28 * size)
        is_inside = box[0] >= 0 and box[1] >= 0 and box[2] <= self.width and box[3] <= self.height
        if not text or not is_inside or any(_overlap(box, other) for other in self._taken):
            return False
        self._taken.append(box)
        self._shapes.append(Label(x, y, text, size, anchor, role))
        return True

    def fresh(self) -> list[AnyShape]:
        """Return what was drawn since this was last asked."""
        fresh = self._shapes[self._given :]
        self._given = len(self._shapes)
        return fresh

    def figure(self) -> Figure:
        """Return what was drawn so far."""
        return Figure(self.width, self.height, tuple(self._shapes))


def _overlap(one: tuple[float, float, float, float], other: tuple[float, float, float, float]) -> bool:
    return one[0] < other[2] and other[0] < one[2] and one[1] < other[3] and other[1] < one[3]
