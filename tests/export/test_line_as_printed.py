"""Whatever the line of the log accepts, table and page say the same: numbers equal, words sign for sign."""

import csv
import re
import unicodedata
from dataclasses import fields
from decimal import Decimal
from io import StringIO

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from kapnotes.domain.entries import Route, Vitals
from kapnotes.domain.errors import KapnotesError, Misread
from kapnotes.domain.figure import plain
from kapnotes.domain.limits import require_possible, values_of
from kapnotes.domain.shorthand import COMMANDS, line_of, read_line
from kapnotes.domain.text import storable
from kapnotes.domain.words import in_english
from kapnotes.export.medical import MedicalRecord
from kapnotes.export.page_text import pdf_text
from kapnotes.export.page_words import in_words
from kapnotes.export.session_csv import record_csv
from tests.export.conftest import CRNA, Session

NUMBER = st.from_regex(r"\A[0-9]{1,4}([.,][0-9]{1,4})?\Z", fullmatch=True)
LABELLED = st.builds(
    "{}{}".format, st.sampled_from(["hr", "sp", "rr ", "t", "et", "o2 ", "s", "p", "n", "bp", ""]), NUMBER
)
SETS = st.builds(
    lambda pressure, words: " ".join([*pressure, *words]),
    st.lists(st.builds("{}/{}".format, st.integers(20, 310), st.integers(5, 210)), max_size=1),
    st.lists(LABELLED, min_size=1, max_size=5),
)
WORDS = st.text(st.characters(codec=None, categories=None), min_size=1, max_size=20)
SAID = st.builds(
    "{} {}".format, st.sampled_from(["do", "waste 15", "ae nausea mild:", "out partner:", "em", "out"]), WORDS
)
ROWS = st.one_of(SETS, SAID, st.builds("{} {}".format, st.sampled_from([*COMMANDS]), NUMBER))


def read(line):
    return read_line(storable(line), drug="ketamine", route=Route.IM)


def outcome_of(line):
    """Return the body that the line is kept as, or why it is not; any other error is raised."""
    try:
        body = read(line)
        if isinstance(body, Vitals):
            require_possible(body)
    except KapnotesError as error:
        return error
    return body


def shown(text):
    """Return what a reader sees of *text*: composed, on one line, without the signs that only join."""
    composed = unicodedata.normalize("NFC", text)
    joined = re.sub("[\u200c\u200d\ufe00-\ufe0f\U000e0100-\U000e01ef]", "", composed)
    return re.sub(r"[\s\u00a0]+", " ", joined).strip()


def printed(text):
    """Return what a page shows of *text*, with the numbers of missing signs read as the signs again."""
    on_page = pdf_text(text, set())
    return shown(re.sub(r"\[U\+([0-9A-F]{4,6})\]", lambda match: chr(int(match[1], 16)), on_page))


@settings(max_examples=80, deadline=None)
@given(ROWS)
@example("do =cmd|' /C calc'!A0")
@example("do \U0001f468\u200d\U0001f469\u200d\U0001f467 \u2764\ufe0f")
@example("do a\u202eb")
@example("do \ud800")
@example("waste 15 =SUM(A1)")
@example("128/76 72 98 14 t36,70 et38 o2 2 s4.0")
def test_what_is_accepted_reads_back_from_its_line_from_the_table_and_from_the_page(line):
    body = outcome_of(line)
    if isinstance(body, KapnotesError):
        assert "\n" not in str(body)
        return
    assert read(line_of(body)) == body

    session = Session().open()
    session.add(body, minute=5, author=CRNA)
    content = record_csv(MedicalRecord(session.record), session.stamp(9)).decode("utf-8-sig")
    (row,) = csv.DictReader(StringIO(content, newline=""))
    said = in_words(body, in_english)
    if isinstance(body, Vitals):
        assert {name: Decimal(row[name]) for name in values_of(body)} == values_of(body)
        for value in values_of(body).values():
            assert plain(value) in said
            assert Decimal(plain(value)) == value
        return
    for field in fields(body):
        value = getattr(body, field.name)
        if type(value) is str and field.name not in {"target_id", "about_id"}:
            assert printed(value) == shown(value)
            assert value in row.values() or any(value in cell for cell in row.values())
        elif isinstance(value, Decimal):
            assert Decimal(plain(value)) == value


# vault.md's corpus of numbers and names, as a person or a clipboard brings them into the line.
REFUSED = {
    "80/120": "not below systolic",
    "hr-1": "not a number",
    "hr\N{MINUS SIGN}1": "not understood",
    "128/76 -1": "not understood",
    "hr999": "not possible",
    "sp101": "not possible",
    "NaN": "not understood",
    "hrNaN": "not understood",
    "hr1e308": "not a number",
    "1e308": "not a number",
    "hrinf": "not understood",
    "1,5": "not possible",
    "1,5,5": "not a number",
    "\u0661\u0662\u0668/\u0667\u0666": "not a number",
    "\uff11\uff12\uff18/76": "not a number",
    "\u0967\u0968": "not a number",
    "do \u202eabc": "nobody sees",
    "do \u2066abc\u2069": "nobody sees",
    "do a\x00b": "nobody sees",
    "do a\x1bb": "nobody sees",
    "do \ud800": None,
    "9" * 1_000_000: "at most",
    "72 " * 10_000: "at most",
    "hr" * 2_000: "not understood",
    "=cmd|'/C calc'!A0": "not a number",
    "@SUM(1)": "not understood",
    "\U0001f468\u200d\U0001f469\u200d\U0001f467": "not understood",
    "": "Type the readings",
}


@pytest.mark.parametrize("line", REFUSED, ids=lambda line: ascii(line[:16]))
def test_bad_input_is_refused_with_one_short_line_or_kept_exactly(line):
    reason, outcome = REFUSED[line], outcome_of(line)
    if reason is None:
        assert outcome.text == "\ufffd"  # what no encoding can hold is shown as lost, on the page as in the log
        return

    assert isinstance(outcome, KapnotesError)
    assert reason in str(outcome)
    assert len(str(outcome)) < 160
    if isinstance(outcome, Misread):
        assert 0 <= outcome.column <= len(line)
