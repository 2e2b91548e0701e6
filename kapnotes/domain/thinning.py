"""Thinning a series to what a width can show, honestly: in every column the lowest and the highest stay."""

from collections.abc import Sequence
from itertools import pairwise
from statistics import median

Point = tuple[float, float]

LONGEST_LINK_S = 1800.0
"""Readings further apart than this, and than four usual intervals, are not joined by a line."""


def thinned(points: Sequence[Point], column: float) -> list[Point]:
    """Return the first, lowest, highest and last point of each column of x; all of them where they are few.

    *points* stand in the order of x. An extreme of any column, so also of the whole, is always kept.
    """
    kept: list[Point] = []
    start = 0
    while start < len(points):
        end = start
        place = points[start][0] // column
        while end < len(points) and points[end][0] // column == place:
            end += 1
        group = range(start, end)
        lowest = min(group, key=lambda index: points[index][1])
        highest = max(group, key=lambda index: points[index][1])
        kept += [points[index] for index in sorted({start, lowest, highest, end - 1})]
        start = end
    return kept


def signs_of(points: Sequence[Point], column: float) -> list[Point]:
    """Return the points that get a sign of their own: the lowest and the highest of each column."""
    groups: dict[float, tuple[Point, Point]] = {}
    for point in points:
        low, high = groups.get(point[0] // column, (point, point))
        groups[point[0] // column] = (
            point if point[1] < low[1] else low,
            point if point[1] > high[1] else high,
        )
    return sorted({point for pair in groups.values() for point in pair})


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
