"""The line that adds to a signed record."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kapnotes.domain.amending import AmendmentLine, read_amendment
from kapnotes.domain.errors import Misread


def test_a_late_entry_says_when_why_and_what():
    assert read_amendment("late 14:05 the hands were full: body: tears") == AmendmentLine(
        (14, 5), "the hands were full", "body: tears", 32
    )


def test_an_addendum_says_why_and_what():
    assert read_amendment("  Add asked afterwards : 120/70") == AmendmentLine(None, "asked afterwards", "120/70", 25)


@pytest.mark.parametrize("line", ["", "later he wept", "120/70", "additional: x", "latest: x", "lately 14:05 a: b"])
def test_any_other_line_is_none(line):
    assert read_amendment(line) is None


@pytest.mark.parametrize(
    ("line", "column"),
    [
        ("late why: what", 5),
        ("late 24:00 why: what", 11),
        ("late 14:60 why: what", 11),
        ("late 14:05 what", 11),
        ("late 14:05 : what", 11),
        ("late 14:05 why:  ", 11),
        ("add what", 4),
    ],
)
def test_what_is_lacking_is_pointed_at(line, column):
    with pytest.raises(Misread) as misread:
        read_amendment(line)
    assert misread.value.column == column


words = st.text(st.characters(blacklist_categories=("Cs", "Cc"), blacklist_characters=":"), min_size=1).filter(
    lambda text: text.strip()
)


@given(st.integers(0, 23), st.integers(0, 59), words, words)
def test_what_is_written_is_what_is_read(hour, minute, reason, text):
    if not reason.strip() or reason.strip() != reason.strip().strip():
        return
    line = f"late {hour:02}:{minute:02} {reason}:{text}"
    read = read_amendment(line)
    assert (read.at, read.reason, read.text) == ((hour, minute), reason.strip(), text.strip())
    assert line[read.column :].strip() == read.text
