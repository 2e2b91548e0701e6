# ruff: noqa: RUF001 - signs that look like others are what this is about
"""What a question finds in a note: case, accents, width and white space do not count, every word does."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kapnotes.domain.around import Theme
from kapnotes.domain.entries import (
    Addendum,
    Block,
    CheckIn,
    Correction,
    Intention,
    Mark,
    Narrative,
    Newer,
    Note,
    Setting,
)
from kapnotes.domain.searching import AFTER, BEFORE, excerpt, folded, read_question, text_of

TEXT = st.text(max_size=60)
WORD = st.text(st.characters(exclude_categories=["Cs", "Z", "C"]), min_size=1, max_size=8).filter(
    lambda word: folded(word) and not any(mark in word for mark in '"“”„«»')
)


def finds(typed, text):
    return read_question(typed).place_in(text) is not None


@pytest.mark.parametrize(
    ("typed", "text"),
    [
        ("WATER", "it's all water"),
        ("uber", "Über dem Wasser"),
        ("Über", "UBER"),
        ("cafe\u0301", "café"),
        ("straße", "STRASSE"),
        ("ｗａｔｅｒ", "water"),
        ("water", "ｗａｔｅｒ"),
        ("ﬁnger", "finger"),
        ("water all", "it's all water"),
        ('"all water"', "it's all\n  water"),
        ("“all water”", "it's all water"),
        ('"all wat', "it's all water"),
        ("hand", "hands unclench"),
    ],
)
def test_it_finds(typed, text):
    assert finds(typed, text)


@pytest.mark.parametrize(
    ("typed", "text"),
    [("", "water"), ('""', "water"), ("  ", "water"), ("water fire", "water"), ('"water all"', "all water"), ("x", "")],
)
def test_it_does_not_find(typed, text):
    assert not finds(typed, text)


def test_what_was_found_is_in_sight_however_long_the_note_is():
    text = f"{'a long beginning ' * 40}Über dem  Wasser{' and so on' * 40}"
    place = read_question("uber dem wasser").place_in(text)
    shown = excerpt(text, read_question('"uber dem wasser"').place_in(text))

    assert place is not None
    assert shown.line[shown.start : shown.stop] == "Über dem  Wasser"
    assert shown.start <= BEFORE + 1
    assert len(shown.line) <= BEFORE + AFTER + 2
    assert (shown.line[0], shown.line[-1]) == ("…", "…")


def test_an_excerpt_is_one_line():
    text = "one\ntwo\u2028three"

    assert excerpt(text, read_question("two").place_in(text)).line == "one two three"


def test_only_process_notes_have_words_to_search():
    assert text_of(Note("a", "quote")) == "a"
    assert text_of(CheckIn("b")) == "b"
    assert text_of(Intention("c")) == "c"
    assert text_of(Narrative(Block.WORDS, "d")) == "d"
    assert text_of(Theme("e")) == "e"
    assert text_of(Addendum("", "why", Note("f"))) == "f"
    assert text_of(Correction("0" * 32, "why", None)) == ""
    assert [text_of(body) for body in (Mark("affect"), Setting("lamp"), Newer("x", 2))] == ["", "", ""]


# ---------------------------------------------------------------------------------------------- properties


@given(TEXT)
def test_folding_again_changes_nothing_and_forms_of_a_letter_are_alike(text):
    once = folded(text)

    assert folded(once) == once
    for form in ("NFC", "NFD", "NFKC", "NFKD"):
        assert folded(unicodedata.normalize(form, text)) == once


@given(st.lists(WORD, min_size=1, max_size=6), st.data())
def test_any_words_of_a_note_in_any_order_and_case_find_it(words, data):
    text = " ".join(words)
    asked = data.draw(st.permutations(words))

    assert finds(" ".join(asked), text)
    assert finds(" ".join(word.casefold() for word in asked), text)


@given(st.lists(WORD, min_size=2, max_size=6), st.data())
def test_a_stretch_of_words_in_quotes_finds_the_note_at_a_place_that_says_so(words, data):
    first = data.draw(st.integers(0, len(words) - 1))
    last = data.draw(st.integers(first + 1, len(words)))
    phrase = " ".join(words[first:last])
    text = "\n ".join(words)

    start, stop = read_question(f'"{phrase}"').place_in(text)
    assert folded(phrase) in folded(text[start:stop])
    assert 0 <= start < stop <= len(text)


@given(TEXT, TEXT)
def test_a_place_and_its_excerpt_lie_within_the_note(typed, text):
    place = read_question(typed).place_in(text)
    if place is not None:
        shown = excerpt(text, place)
        assert 0 <= place[0] < place[1] <= len(text)
        assert 0 <= shown.start < shown.stop <= len(shown.line)
        assert all(part in folded(text) for part in read_question(typed).parts)


@given(TEXT)
def test_a_note_without_one_of_the_words_is_never_found(text):
    assert not finds(f"{text} zitronenfalter", text)
