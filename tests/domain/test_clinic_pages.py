"""What the clinic has printed on every summary is read as it was typed, or the line says what is wrong."""

import pytest

from kapnotes.domain.clinic_pages import ClinicPages, read_clinic_pages
from kapnotes.domain.errors import Misread


def test_a_window_is_two_hours_and_lines_to_call_are_kept_without_empty_ones():
    found = read_clinic_pages(" 48 – 96 ", "clinic:  555-0100\n\n 988 day and night ", is_part_2_program=True)

    assert found == ClinicPages(48, 96, "clinic: 555-0100\n988 day and night", is_part_2_program=True)
    assert found.window_h == (48, 96)


@pytest.mark.parametrize("window", ["", "24", "72 24", "24 24", "a b", "24 72 96", "24 9999", "-1 -2 3", "٢٤ ٧٢"])
def test_a_window_that_is_none_is_refused(window):
    with pytest.raises(Misread, match="window"):
        read_clinic_pages(window, "", is_part_2_program=False)


def test_what_would_not_stand_beside_the_window_is_refused_with_its_length():
    with pytest.raises(Misread, match="601"):
        read_clinic_pages("24 72", "x" * 601, is_part_2_program=False)
