"""Thinning leaves out what nobody could see, and never an extreme."""

from hypothesis import given
from hypothesis import strategies as st

from kapnotes.domain.thinning import runs_of, signs_of, thinned

points_in_time = st.lists(
    st.tuples(st.floats(0, 200, allow_nan=False), st.floats(0, 300, allow_nan=False)), max_size=300
).map(sorted)
columns = st.sampled_from([0.5, 1.0, 4.8])


def by_column(points, column):
    found = {}
    for x, y in points:
        found.setdefault(x // column, []).append(y)
    return found


@given(points_in_time, columns)
def test_in_every_column_the_lowest_and_the_highest_stay(points, column):
    kept, signs = by_column(thinned(points, column), column), by_column(signs_of(points, column), column)

    for place, values in by_column(points, column).items():
        for found in (kept, signs):
            assert (min(found[place]), max(found[place])) == (min(values), max(values))


@given(points_in_time, columns)
def test_what_is_kept_was_there_stands_in_order_and_is_bounded_by_the_width(points, column):
    kept = thinned(points, column)

    assert set(kept) <= set(points)
    assert [x for x, _ in kept] == sorted(x for x, _ in kept)
    assert len(kept) <= 4 * len(by_column(points, column))
    assert len(signs_of(points, column)) <= 2 * len(by_column(points, column))


def test_a_few_points_all_stay():
    points = [(1.0, 120.0), (20.0, 131.0), (40.0, 118.0)]

    assert thinned(points, 1.0) == points
    assert signs_of(points, 5.0) == points


def test_a_long_silence_parts_the_line():
    points = [(0.0, 1.0), (5.0, 2.0), (10.0, 3.0), (90.0, 4.0), (95.0, 5.0), (300.0, 6.0)]

    assert runs_of(points, second=1 / 60, column=1.0) == [points[:3], points[3:5]]


def test_readings_that_are_usually_far_apart_are_still_joined():
    points = [(0.0, 1.0), (60.0, 2.0), (130.0, 3.0)]

    assert runs_of(points, second=1 / 60, column=1.0) == [points]
    assert runs_of(points[:1], second=1 / 60, column=1.0) == []
