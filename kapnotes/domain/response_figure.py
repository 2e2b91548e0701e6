"""PHQ-9 and GAD-7 over a course as one figure: totals by day, and the sessions as ticks below them."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from kapnotes.domain.clock import Stamp
from kapnotes.domain.course_row import CourseRow
from kapnotes.domain.figure import Anchor, Figure, Glyph, Polyline, Role, Shape, Sketch, text_width
from kapnotes.domain.response_scale import GAD7, PHQ9
from kapnotes.domain.response_words import response_title
from kapnotes.domain.words import Translate

HIGHEST = 27
"""The top of the axis: the most that PHQ-9 can say."""

CUTS = (5, 10, 15, 20)
"""Where bands begin; those of GAD-7 are the first three. Source: the scales' authors."""

_SIGNS = {PHQ9: (Role.PHQ9, Shape.SQUARE), GAD7: (Role.GAD7, Shape.RING)}


@dataclass(frozen=True, slots=True)
class _Point:
    x: float
    y: float
    total: int


def response_figure(
    rows: Sequence[CourseRow], width: float, height: float, translate: Translate, size: float = 11.0
) -> Figure:
    """Return the figure of a course; without any complete scale it says so and holds nothing else.

    *size* is that of its type. Time runs evenly from the first session or answer to the last. A scale with an item
    left out has no total and so no place in it.
    """
    sketch = Sketch(width, height)
    answered = [(at, scale) for row in rows for at, scale in row.responses if scale.total is not None]
    if not answered or width < 120 or height < 60:
        words = translate("Response", "No complete PHQ-9 or GAD-7 yet.")
        sketch.label(4, min(height - 4, 16), words, size, Anchor.START, Role.TEXT_DIM)
        return sketch.figure()
    left, right, top, bottom = 2.5 * size, width - 14, 2.2 * size, height - 2.9 * size
    moments = [row.opened_at for row in rows] + [at for at, _ in answered]
    first_ns, last_ns = min(one.utc_ns for one in moments), max(one.utc_ns for one in moments)

    def x_of(stamp: Stamp) -> float:
        if last_ns == first_ns:
            return (left + right) / 2
        inner = right - left - 2 * size
        return left + size + inner * (stamp.utc_ns - first_ns) / (last_ns - first_ns)

    def y_of(total: int) -> float:
        return bottom - (bottom - top) * total / HIGHEST

    for cut in (0, *CUTS):
        sketch.line(left, y_of(cut), right, y_of(cut), Role.AXIS if cut == 0 else Role.GRID)
        sketch.label(left - 5, y_of(cut) + 4, str(cut), size - 1, Anchor.END, Role.TEXT_DIM)
    _draw_legend(sketch, left, size, translate)
    _draw_sessions(sketch, rows, x_of, bottom, size)
    drawn: list[tuple[str, list[_Point]]] = []
    for name, (role, shape) in _SIGNS.items():
        found = sorted((at.utc_ns, x_of(at), scale.total) for at, scale in answered if scale.name == name)
        points = [_Point(x, y_of(total), total) for _, x, total in found if total is not None]
        _draw_series(sketch, points, role, shape)
        drawn.append((name, points))
    for name, points in drawn:  # when all lines are there, so that no number stands on a sign
        _draw_totals(sketch, points, _SIGNS[name][0], size, is_above=name == PHQ9)
    return sketch.figure()


def _draw_series(sketch: Sketch, points: list[_Point], role: Role, shape: Shape) -> None:
    if len(points) > 1:
        sketch.add(Polyline(tuple((point.x, point.y) for point in points), role))
    for point in points:
        sketch.add(Glyph(point.x, point.y, shape, 8, role))
        sketch.keep_free(point.x - 5, point.y - 5, point.x + 5, point.y + 5)


def _draw_totals(sketch: Sketch, points: list[_Point], role: Role, size: float, *, is_above: bool) -> None:
    """Add each total beside its sign, where there is room; where there is room for few, the newest are told."""
    for point in reversed(points):
        above, below = (point.x, point.y - 10, Anchor.MIDDLE), (point.x, point.y + size + 7, Anchor.MIDDLE)
        sides = (point.x - 9, point.y + 4, Anchor.END), (point.x + 9, point.y + 4, Anchor.START)
        for x, y, anchor in (above, below, *sides) if is_above else (below, above, *sides):
            if sketch.label(x, y, str(point.total), size, anchor, role):
                break


def _draw_sessions(
    sketch: Sketch, rows: Sequence[CourseRow], x_of: Callable[[Stamp], float], bottom: float, size: float
) -> None:
    """Add a tick for each session with its number, and the first and the last day."""
    for row in reversed(rows):
        x = x_of(row.opened_at)
        sketch.add(Glyph(x, bottom, Shape.TICK, 8, Role.SESSION))
        sketch.keep_free(x - 4, bottom - 5, x + 4, bottom + 5)
        sketch.label(x, bottom + size + 4, str(row.number), size - 1, Anchor.MIDDLE, Role.SESSION)
    for row, anchor in ((rows[0], Anchor.START), (rows[-1], Anchor.END)) if rows else ():
        wide = text_width("0000-00-00", size - 1)
        x = x_of(row.opened_at)
        at = max(0.0, x - wide / 2) if anchor is Anchor.START else min(sketch.width, x + wide / 2)
        sketch.label(at, bottom + 2 * size + 6, f"{row.opened_at.local():%Y-%m-%d}", size - 1, anchor, Role.TEXT_DIM)


def _draw_legend(sketch: Sketch, left: float, size: float, translate: Translate) -> None:
    x = left
    for name, (role, shape) in _SIGNS.items():
        sketch.add(Glyph(x + 5, 0.8 * size, shape, 8, role))
        words = response_title(name, translate)
        sketch.label(x + 14, 1.2 * size, words, size, Anchor.START, role)
        x += 14 + text_width(words, size) + 16
    sketch.add(Glyph(x + 5, 0.8 * size, Shape.TICK, 8, Role.SESSION))
    sketch.label(x + 14, 1.2 * size, translate("Response", "session"), size, Anchor.START, Role.SESSION)
