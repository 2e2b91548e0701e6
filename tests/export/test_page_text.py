"""Text comes onto the page as it was typed; what cannot be shown is named, and nothing is taken for a command."""

import time
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kapnotes.domain.figure import text_width
from kapnotes.export.fonts import Face, advances, holds
from kapnotes.export.page_text import lines_of, pdf_text, runs_of, width_of


def cleaned(text):
    return pdf_text(text, set())


def said(lines):
    return ["".join(run.text for run in line.runs) for line in lines]


@pytest.mark.parametrize(
    ("typed", "shown"),
    [
        ("a<b and c>d & \"e\" 'f' &amp;", "a<b and c>d & \"e\" 'f' &amp;"),
        ("cafe\u0301", "café"),
        ("one\r\ntwo\rthree\u2028four\x85five", "one\ntwo\nthree\nfour\nfive"),
        ("a\tb", "a    b"),
        ("nul\x00 bell\x07 esc\x1b[31m", "nul bell esc[31m"),
        ("right\u202eleft\u202c \u2066x\u2069 \u200fy", "rightleft x y"),
        ("zero\u200bwidth so\u00adft \ufeffbom", "zerowidth soft bom"),
        ("Ελληνικά Кириллица ketamin° µg", "Ελληνικά Кириллица ketamin° µg"),
        ("two  spaces", "two  spaces"),
    ],
)
def test_what_is_typed_is_what_is_shown_but_for_the_documented_rules(typed, shown):
    assert cleaned(typed) == shown


def test_what_no_typeface_holds_is_shown_as_its_number_and_remembered():
    missing = set()

    assert pdf_text("😀 שלום", missing) == "[U+1F600] [U+05E9][U+05DC][U+05D5][U+05DD]"
    assert missing == set("😀שלום")


def test_a_lone_surrogate_is_shown_as_its_number():
    missing = set()

    assert pdf_text("a\ud800b", missing) == "a[U+D800]b"
    assert missing == {"\ud800"}


def test_a_family_of_emoji_is_its_members():
    assert cleaned("\U0001f469\u200d\U0001f467\ufe0f") == "[U+1F469][U+1F467]"


def test_a_word_is_set_in_the_typeface_that_holds_it():
    runs = list(runs_of("body Ελλάδα Δ да é", Face.REGULAR))

    assert [(run.face, run.text) for run in runs] == [
        (Face.REGULAR, "body "),
        (Face.STAND_IN, "Ελλάδα Δ да "),
        (Face.REGULAR, "é"),
    ]


def test_a_letter_and_its_marks_stay_in_one_typeface():
    (run,) = runs_of(cleaned("e\u0323\u0303"), Face.REGULAR)

    assert run.face is Face.STAND_IN


@given(st.text())
def test_every_character_of_cleaned_text_is_held_by_the_typeface_of_its_run(typed):
    for line in cleaned(typed).split("\n"):
        runs = list(runs_of(line, Face.BOLD))
        assert "".join(run.text for run in runs) == line
        for run in runs:
            assert all(ord(char) in holds(run.face) for char in run.text)


@given(
    st.text(alphabet=st.characters(codec="utf-8", exclude_categories=["Cs"]) | st.sampled_from("  \n")),
    st.integers(3, 300),
)
def test_breaking_lines_adds_nothing_and_loses_only_spaces(typed, measure):
    text = cleaned(typed)

    lines = lines_of(text, Face.REGULAR, 10, measure)

    assert "".join(said(lines)).replace(" ", "") == text.replace("\n", "").replace(" ", "")
    assert all(line.width <= measure + 0.01 or len(said([line])[0]) < 8 for line in lines)


def test_a_word_wider_than_the_measure_is_broken_inside():
    lines = said(lines_of("x" * 100, Face.REGULAR, 10, 100))

    assert len(lines) > 4
    assert "".join(lines) == "x" * 100


def test_spaces_that_were_typed_stay_within_a_line():
    assert said(lines_of("  a   b", Face.REGULAR, 10, 200)) == ["  a   b"]


def test_an_empty_line_is_a_line():
    assert said(lines_of("a\n\nb", Face.REGULAR, 10, 100)) == ["a", "", "b"]


def test_two_hundred_thousand_characters_without_a_space_do_not_hang():
    began = time.perf_counter()

    lines = lines_of(cleaned("ж" * 200_000), Face.REGULAR, 9.5, 300)

    assert sum(len(line) for line in said(lines)) == 200_000
    assert time.perf_counter() - began < 10


def test_the_figures_of_tables_are_all_of_one_width():
    assert len({advances(Face.TABULAR)[ord(digit)] for digit in "0123456789"}) == 1


@pytest.mark.parametrize(
    "text",
    [
        "systolic",
        "ondansetron 4 mg",
        "\N{MINUS SIGN}0:15",
        "WMMW%",
        "T+ h:mm",
        "challenging",
        "SpO₂ %",
        "mmHg and /min",
    ],
)
def test_the_estimate_of_the_figures_is_never_narrower_than_the_typeface(text):
    assert text_width(text, 1) >= width_of(cleaned(text), Face.REGULAR)


def test_the_rules_keep_what_is_canonical():
    assert unicodedata.is_normalized("NFC", cleaned("A\u030a\u0323"))
