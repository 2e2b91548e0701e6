"""The draft of a summary comes back as it was, and what cannot be read chooses nothing."""

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kapnotes.domain.page_choice import PageChoice, PagePart
from kapnotes.domain.summary_draft import SummaryDraft, read_draft, text_of

TEXT = st.text(max_size=12)
DRAFTS = st.builds(
    SummaryDraft,
    st.lists(TEXT, max_size=4, unique=True).map(tuple),
    st.frozensets(st.sampled_from(PagePart)),
    st.dictionaries(TEXT, TEXT, max_size=3),
)


@given(DRAFTS)
@settings(max_examples=20, deadline=None)
def test_a_draft_comes_back_as_it_was(draft):
    assert read_draft(text_of(draft)) == draft


@given(st.one_of(TEXT, st.lists(TEXT | st.integers(), max_size=3).map(json.dumps), st.just('{"v":1}')))
@settings(max_examples=20, deadline=None)
def test_a_text_that_is_no_draft_chooses_nothing(text):
    assert read_draft(text).is_empty


@pytest.mark.parametrize("text", ['{"v":2,"chosen":["a"]}', "[" * 100_000, '{"v":1,"chosen":[7],"fields":{"a":7}}'])
def test_what_a_newer_or_a_broken_program_wrote_chooses_nothing(text):
    assert read_draft(text).is_empty


def test_a_part_of_the_page_that_is_not_known_here_is_not_left_out():
    draft = read_draft('{"v":1,"chosen":["a","a"],"left_out":["room","amendments"],"fields":{}}')

    assert draft.choice == PageChoice(frozenset({"a"}), frozenset({PagePart.ROOM}))


def test_nothing_of_what_is_typed_stands_in_its_name():
    assert "Ines" not in repr(SummaryDraft(("a",), frozenset(), {"recipient": "Ines"}))
