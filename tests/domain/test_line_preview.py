"""While a line is typed nobody is told a fault of a word that is not finished; what is finished is looked at."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kapnotes.domain.entries import Dose, Route, Vitals
from kapnotes.domain.errors import Misread
from kapnotes.domain.line_preview import Preview, preview_of
from kapnotes.domain.shorthand import COMMANDS, read_line


def read(line):
    return read_line(line, drug="ketamine", route=Route.IM)


def seen(line, *, is_over=False):
    return preview_of(line, read, is_over=is_over)


def fields(preview):
    found = preview.body
    names = ("systolic_mmhg", "heart_rate_bpm", "spo2_percent", "respiratory_rate_bpm")
    return [name for name in names if getattr(found, name) is not None]


def test_an_empty_line_says_nothing():
    assert seen("") == seen("  ", is_over=True) == Preview()


@pytest.mark.parametrize(
    "line", ["1", "128/", "128/7", "128/76 h", "128/76 hr", "128/76 7x", "x as", "ae na", "dose 35 i"]
)
def test_a_word_that_is_being_typed_has_no_fault_until_it_is_over(line):
    assert (seen(line).fault, seen(line).hint) == (None, None)
    if line not in {"1", "128/7"}:
        assert isinstance(seen(line, is_over=True).fault, Misread)


@pytest.mark.parametrize(("line", "column"), [("128/ ", None), ("foo 7", 0), ("128/76 7x ", 8 - 1), ("hr7 hr8 9", 4)])
def test_a_finished_word_has_its_fault_at_its_place(line, column):
    fault = seen(line).fault

    assert (fault.column if fault is not None else None) == column


def test_the_last_reading_is_open_and_the_others_are_not():
    assert seen("128/76 72").open_fields == {"heart_rate_bpm"}
    assert seen("128/76 72 ").open_fields == frozenset()
    assert seen("128/76 72", is_over=True).open_fields == frozenset()
    assert seen("72 14 sp9").open_fields == {"spo2_percent", "respiratory_rate_bpm"}


def test_what_stands_before_a_fault_or_an_open_word_is_shown():
    assert fields(seen("128/76 72 foo 9")) == ["systolic_mmhg", "heart_rate_bpm"]
    assert fields(seen("128/76 72 h")) == ["systolic_mmhg", "heart_rate_bpm"]
    assert isinstance(seen("dose 35 ").body, Dose)


@pytest.mark.parametrize("command", COMMANDS.values(), ids=COMMANDS)
def test_a_command_that_was_just_begun_tells_what_comes_next(command):
    preview = seen(f"{command.word} ")

    assert preview.fault is None
    assert preview.hint is not None


@settings(max_examples=60)
@given(st.text("0123456789/hrspbtxdo %,.", max_size=24))
def test_however_a_line_is_typed_only_its_end_is_spared_and_nothing_is_raised(line):
    preview = seen(line)

    if preview.fault is not None:
        assert 0 <= preview.fault.column <= len(line)
    over = seen(line, is_over=True)
    assert (over.fault is None) == (_is_read(line) or not line.strip())
    if isinstance(over.body, Vitals):
        assert over.open_fields == frozenset()


def _is_read(line):
    try:
        read(line)
    except Misread:
        return False
    return True
