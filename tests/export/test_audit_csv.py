"""The audit trail as a table that a spreadsheet shows and never runs."""

import csv
from io import StringIO

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kapnotes.domain.audit import TrailRow
from kapnotes.domain.words import in_english
from kapnotes.export.audit_csv import audit_csv
from kapnotes.export.csv_text import csv_bytes, guarded


def read(content):
    return list(csv.reader(StringIO(content.decode("utf-8-sig"), newline="")))


def test_a_row_says_when_who_what_and_which_session(session):
    rows = [TrailRow(session.stamp(3), "Carl, CRNA", "signed: medical record", "K-0142 · 3")]

    assert read(audit_csv(rows, in_english)) == [
        ["when", "who", "what", "session"],
        ["2026-11-13T13:23:00+01:00", "Carl, CRNA", "signed: medical record", "K-0142 · 3"],
    ]


@pytest.mark.parametrize("begin", ["=", "+", "-", "@", "\t", "\r", " =", "\n=", "\u00a0@"])
def test_what_a_spreadsheet_would_run_is_text(begin):
    assert guarded(f"{begin}1+1").startswith("'")


@pytest.mark.parametrize("text", ["", "Carl", "1-2", "'=1", "a=b"])
def test_what_it_would_not_run_stays_as_it_is(text):
    assert guarded(text) == text


texts = st.text(st.characters(blacklist_categories=("Cs",), blacklist_characters="\0"), max_size=12)


@given(st.lists(st.tuples(texts, texts), max_size=5))
def test_every_cell_comes_back_and_none_begins_as_a_formula(rows):
    back = read(csv_bytes(("a", "b"), rows))[1:]

    assert [tuple(cell.removeprefix("'") for cell in row) for row in back] == [
        tuple(cell.removeprefix("'") for cell in row) for row in rows
    ]
    assert not any(cell.lstrip().startswith(("=", "+", "-", "@")) for row in back for cell in row)
