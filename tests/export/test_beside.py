"""What stands in columns: no page ends or begins with a sliver of it."""

import pytest

from kapnotes.export.beside import FEWEST, FEWEST_BELOW, Blocks
from kapnotes.export.flow import Cell, Column, Row, Style
from kapnotes.export.fonts import Face

SMALL = Style(Face.REGULAR, 8, 10)
COLUMNS = 3


def blocks_of(count):
    rows = [Row((Cell(f"{number} on the water", SMALL),)) for number in range(count)]
    return Blocks([Column("", 100, grows=True)], rows, None, COLUMNS, room=0.0, gap=4.0, has_rules=False)


@pytest.mark.parametrize("count", [1, 9, 14, 15, 40])
def test_a_list_in_columns_is_broken_with_some_lines_of_each_column_on_each_side_or_not_at_all(count):
    whole = blocks_of(count)
    _, height = whole.wrap(500, 1000)
    for room in range(0, int(height) + 20, 5):
        parts = blocks_of(count).split(500, room)
        if room >= height:
            assert len(parts) == 1
            continue
        assert len(parts) in {0, 2}
        for part, fewest in zip(parts, (FEWEST, FEWEST_BELOW), strict=False):
            assert part.wrap(500, 1000)[1] >= fewest * SMALL.leading
    is_broken = any(len(blocks_of(count).split(500, room)) == 2 for room in range(0, int(height), 5))
    assert is_broken is (count >= (FEWEST + FEWEST_BELOW) * COLUMNS)
