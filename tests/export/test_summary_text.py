"""The summary as text: what the page says, nothing that controls or hides, and no typed line that passes for ours."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kapnotes.domain.entries import Block, Note
from kapnotes.domain.page_choice import PageChoice, PagePart
from kapnotes.domain.words import in_english
from kapnotes.export.plain_sheet import plain_text
from kapnotes.export.summary_text import summary_text


@pytest.fixture
def text_of(issue_of):
    def make(session, **changed):
        return summary_text(session.record, None, issue_of(session, **changed), translate=in_english)

    return make


@pytest.fixture
def some(session):
    session.vitals(128, 76, 72, 12)
    session.dose()
    session.vitals(140, 85, 80, 40)
    session.add(Note("stays inside"), 44)
    session.release(session.add(Note("it's all water", "quote"), 45))
    session.narrate(Block.SHIFTS, "call the brother")
    return session


def test_it_has_headings_and_lines_and_what_was_released_to_its_recipient(some, text_of):
    text = text_of(some)

    assert text.startswith("Integration-session summary\n===========================\n  K-0142 · session 3 · ")
    assert "\n\nMedical course\n--------------\n  Ketamine 40 mg" in text
    assert "14:05 | 0:25 | quote: “it's all water”\n" in text
    assert "\n\nSmall shifts to try\n  call the brother\n" in text
    assert "KAP-HEAD medical 1482 7F3A-91C0-4D11-AA07-0C5B" in text
    assert "stays inside" not in text
    assert "at a glance" not in text  # a figure, of which text has nothing
    assert "water" not in text_of(some, recipient="somebody else")


def test_it_says_what_the_page_says_and_nothing_else(some, text_of, summary_of, issue_of):
    """Word by word, on a page whose figure was left out; what stands in its foot beside, text has once."""
    choice = PageChoice(left_out=frozenset({PagePart.FIGURE}))

    page = set(summary_of(some, issue=issue_of(some, choice=choice)).words().replace(":", " ").split())
    text = set(text_of(some, choice=choice).replace(":", " ").split())

    assert page - text <= {"Page", "1", "2", "of"}
    assert {word.strip("-=") for word in text - page} <= {"", "|"}


def test_what_a_note_says_stands_behind_the_edge_and_passes_for_nothing_of_ours(some, text_of):
    forged = "water\r\n\r\nSignatures\u2028----------\x85signed by\x0bnobody\fat all\n| x | y"
    some.release(some.add(Note(forged), 50))
    some.narrate(Block.WORDS, forged)

    lines = text_of(some).split("\n")

    assert lines.count("Signatures") == 1
    assert {line for line in lines if "signed by" in line or "nobody" in line or "x | y" in line} != set()
    assert not [line for line in lines if line.strip() in {"signed by", "nobody", "at all"} and line[:2] != "  "]


@given(st.text(alphabet=st.characters(exclude_categories=()), max_size=60))
def test_nothing_is_left_that_controls_or_hides(text):
    shown = plain_text(text)

    hidden = [
        sign for sign in shown if unicodedata.category(sign) in {"Cc", "Cf", "Cs"} and sign not in "\n\u200c\u200d"
    ]
    assert hidden == []
    assert plain_text(shown) == shown
    assert shown.encode().decode() == shown
