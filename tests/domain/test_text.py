"""What was typed is stored as it was typed."""

from hypothesis import given
from hypothesis import strategies as st

from kapnotes.domain.text import one_line, shortened, storable

ANY_TEXT = st.text(st.characters(codec=None, categories=None))


@given(ANY_TEXT)
def test_any_text_becomes_storable_and_stays_so(text):
    kept = storable(text)

    assert kept.encode("utf-8").decode("utf-8") == kept
    assert storable(kept) == kept


@given(st.text())
def test_text_without_lone_surrogates_is_not_touched(text):
    assert storable(text) == text


def test_a_lone_surrogate_becomes_the_replacement_character():
    assert storable("a\ud800b") == "a\ufffdb"


def test_a_byte_order_mark_that_was_pasted_is_kept():
    assert storable("\ufeffwater") == "\ufeffwater"


@given(ANY_TEXT)
def test_a_line_is_one_line(text):
    assert len(one_line(text).splitlines()) <= 1


@given(ANY_TEXT, st.integers(1, 40))
def test_a_shortened_text_is_never_longer_than_asked_for(text, length):
    assert len(shortened(text, length)) <= length


def test_a_text_is_cut_with_an_ellipsis_and_without_a_gap_before_it():
    assert shortened("it is all water", 6) == "it is…"
    assert shortened("it is\n all   water", 15) == "it is all water"


def test_no_room_at_all_still_shows_that_there_is_something():
    assert shortened("it is all water", 0) == "…"
