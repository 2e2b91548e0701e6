"""A key begins a command: what was typed for it goes behind it, and what is a line of its own is not swallowed."""

import pytest

from kapnotes.domain.entries import Route
from kapnotes.domain.line_begun import goes_behind
from kapnotes.domain.shorthand import read_line


def read(line):
    return read_line(line, drug="ketamine", route=Route.IV)


@pytest.mark.parametrize(
    ("start", "text"),
    [
        ("dose ", ""), ("dose ", "35 im"), ("dose ", "35"), ("inf ", "35/40"), ("waste ", "15"), ("padss ", "2 2 2 2"),
        ("rescue ", "ondansetron 4 iv"), ("x ", "asleep"), ("do ", "raised the head"), ("ae ", "nausea mild"),
        ("drawn ", "2ml 50mg/ml"), ("inf pause", ""), ("out ", "partner"),
    ],
)  # fmt: skip
def test_what_was_typed_for_it_goes_behind_it(start, text):
    assert goes_behind(start, text, read)


@pytest.mark.parametrize(
    ("start", "text"),
    [
        ("rescue ", "12"), ("rescue ", "128/76 72 98"), ("do ", "128/7"), ("ae ", "hr72"), ("x ", "128/76"),
        ("dose ", "128/76"), ("inf ", "128/76 72"), ("inf pause", "12"), ("dose ", "ae nausea"), ("do ", "dose 35"),
        ("rescue ", "x asl"), ("waste ", "hr72"), ("padss ", "128/76 72 98"),
    ],
)  # fmt: skip
def test_a_line_of_its_own_waits(start, text):
    assert not goes_behind(start, text, read)
