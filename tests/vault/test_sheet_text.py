"""The text of a recovery sheet: every slip of a hand is noticed and its line named, every spelling is read."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kapnotes.domain.errors import Misread
from kapnotes.vault import sheet_text

SEEDS = st.binary(min_size=32, max_size=32)
SEED = bytes(range(32))
FROZEN = ("000G4-0R40M-30E0", "20918-5GR38-E1WC", "8124G-K2GAH-C5RK", "R34D1-P70X3-RFGZ")


def test_a_sheet_that_was_printed_once_is_read_for_ever():
    assert sheet_text.written(SEED) == FROZEN
    assert sheet_text.read("\n".join(FROZEN)) == SEED


@given(SEEDS)
def test_what_is_written_is_read(seed):
    lines = sheet_text.written(seed)
    assert sheet_text.read(" ".join(lines)) == seed
    assert [len(line.replace("-", "")) for line in lines] == [14] * 4


@given(SEEDS, st.sampled_from(["lower", "spaced", "run together", "dots"]))
def test_it_is_read_however_it_is_typed(seed, how):
    text = "\n".join(sheet_text.written(seed))
    typed = {
        "lower": text.lower().replace("0", "o").replace("1", "l"),
        "spaced": " ".join(text.replace("-", "").replace("1", "I")),
        "run together": text.replace("-", "").replace("\n", ""),
        "dots": text.replace("-", " . ").replace("0", "O"),
    }[how]
    assert sheet_text.read(typed) == seed


@given(SEEDS, st.integers(0, 55), st.sampled_from(sheet_text.ALPHABET))
def test_one_wrong_sign_is_noticed_and_its_line_named(seed, place, sign):
    signs = "".join(sheet_text.written(seed)).replace("-", "")
    wrong = signs[:place] + sign + signs[place + 1 :]
    if wrong == signs:
        assert sheet_text.read(wrong) == seed
        return
    with pytest.raises(Misread, match=f"Line {place // 14 + 1} ") as caught:
        sheet_text.read(wrong)
    assert caught.value.column == place // 14


@given(SEEDS, st.integers(0, 3), st.integers(0, 13), st.integers(0, 13))
def test_two_signs_of_a_line_exchanged_are_noticed(seed, line, one, other):
    lines = [text.replace("-", "") for text in sheet_text.written(seed)]
    signs = list(lines[line])
    signs[one], signs[other] = signs[other], signs[one]
    if "".join(signs) == lines[line]:
        return
    lines[line] = "".join(signs)
    with pytest.raises(Misread, match=f"Line {line + 1} "):
        sheet_text.read(" ".join(lines))


@given(SEEDS, st.permutations(range(4)))
def test_lines_in_another_order_are_noticed(seed, order):
    lines = sheet_text.written(seed)
    if list(order) == [0, 1, 2, 3]:
        return
    with pytest.raises(Misread):
        sheet_text.read(" ".join(lines[index] for index in order))


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("", "Line 1 of the sheet has 14 signs; this has 0."),
        ("\n".join((*FROZEN[:2], FROZEN[2][:-1])), "Line 3 of the sheet has 14 signs; this has 13."),
        ("\n".join((*FROZEN, "X")), "this is more than that"),
        ("\n".join((*FROZEN[:3], FROZEN[3].replace("R", "U"))), "Line 4 is not as it is printed"),
        ("\n".join((*FROZEN[:3], FROZEN[3].replace("R", "💧"))), "Line 4 is not as it is printed"),
    ],
)
def test_a_text_that_is_no_sheet_says_where(text, line):
    with pytest.raises(Misread, match=line):
        sheet_text.read(text)


@given(st.text(alphabet=st.characters(codec="utf-8"), max_size=80))
def test_no_text_but_a_sheet_is_read_and_none_is_in_the_words_about_it(text):
    with pytest.raises(Misread) as caught:
        sheet_text.read(text)
    assert len(str(caught.value)) < 80


def test_lines_are_checked_one_by_one_as_they_are_typed():
    for index, line in enumerate(FROZEN):
        sheet_text.read_line(line.lower(), index)
    with pytest.raises(Misread, match="Line 2"):
        sheet_text.read_line(FROZEN[0], 1)
