"""A line that is corrected is read by what was known when it was entered, whatever came later."""

from decimal import Decimal

import pytest

from kapnotes.domain.assessed import ComputedScale, Discharge, EarlyDischarge, EventEnded, ItemSource, Scale, Unmet
from kapnotes.domain.entries import Route
from kapnotes.domain.errors import Misread
from kapnotes.domain.known import KnownThen
from kapnotes.domain.shorthand import line_of, read_line

SOURCE = ItemSource(1, 1, "heart_rate_bpm", Decimal(96), Decimal(70), "1" * 32, "2" * 32)
SAID = [
    Scale("padss", (2, 2, 2, 2, 2)),
    ComputedScale("padss", (1, 2, 2, 2, 2), (SOURCE,)),
    Discharge("partner", "steady"),
    EarlyDischarge("partner", "steady", "the last train", (Unmet("after_end", 60, 48),)),
    EventEnded("3" * 32, "nausea", "slept"),
]


def again(said, line):
    return read_line(line, drug="ketamine", route=Route.IV, known=KnownThen(said))


@pytest.mark.parametrize("said", SAID, ids=lambda said: type(said).__name__)
def test_what_was_said_reads_back_as_it_was(said):
    assert again(said, line_of(said)) == said


def test_a_correction_keeps_the_readings_and_what_was_not_met_then():
    assert again(SAID[1], "padss 1 2 2 2 1") == ComputedScale("padss", (1, 2, 2, 2, 1), (SOURCE,))
    assert again(SAID[3], "out sister: steady") == EarlyDischarge("sister", "steady", "", SAID[3].unmet)
    assert again(SAID[4], "end nau: walked") == EventEnded("3" * 32, "nausea", "walked")


def test_the_end_of_one_event_is_not_corrected_into_that_of_another():
    with pytest.raises(Misread):
        again(SAID[4], "end headache")
