"""Thinning a series to what a width can show, honestly: in every column the lowest and the highest stay."""

from collections.abc import Sequence
from itertools import pairwise
from operator import itemgetter
from statistics import median

Point = tuple[float, float]
_height = itemgetter(1)

LONGEST_LINK_S = 1800.0
"""Readings further apart than this, and than four usual intervals, are not joined by a line."""


def thinned(points: Sequence[Point], column: float) -> list[Point]:
    """Return the first, lowest, highest and last point of each column of x; all of them where they are few.

    *points* stand in the order of x. An extreme of any column, so also of the whole, is always kept.
    """
    kept: list[Point] = []
    place = None
    group: list[Point] = []
    for point in points:
        if point[0] // column != place:
            kept += _outline(group)
            place, group = point[0] // column, []
        group.append(point)
    return kept + _outline(group)


def _outline(group: list[Point]) -> list[Point]:
    """Return the first, the lowest, the highest and the last of the points of one column, each once, in their order."""
    if len(group) <= 2:
        return group
    heights = [y for _, y in group]
    chosen = {0, heights.index(min(heights)), heights.index(max(heights)), len(group) - 1}
    return [group[index] for index in sorted(chosen)]


def signs_of(points: Sequence[Point], column: float) -> list[Point]:
    """Return the points that get a sign of their own: the lowest and the highest of each column."""
    groups: dict[float, list[Point]] = {}
    for point in points:
        groups.setdefault(point[0] // column, []).append(point)
    found: set[Point] = set()
    for group in groups.values():
        found.add(min(group, key=_height))
        found.add(max(group, key=_height))
    return sorted(found)


def runs_of(points: Sequence[Point], second: float, column: float) -> list[list[Point]]:
    """Return *points* parted where nothing was read for long; *second* is the width of one."""
    if len(points) < 2:
        return []
    steps = [later[0] - earlier[0] for earlier, later in pairwise(points)]
    longest = max(LONGEST_LINK_S * second, 4 * median(steps), 3 * column)
    runs = [[points[0]]]
    for step, point in zip(steps, points[1:], strict=True):
        if step > longest:
            runs.append([])
        runs[-1].append(point)
    return [run for run in runs if len(run) > 1]
