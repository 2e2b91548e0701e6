"""PHQ-9 and GAD-7: typed as digits, scored, told."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kapnotes.domain.errors import Misread
from kapnotes.domain.response_scale import GAD7, ITEMS, PHQ9, Band, ResponseScale, answers_line, read_answers
from kapnotes.domain.response_words import item_texts, response_in_words, self_harm_words
from kapnotes.domain.words import in_english


def test_nine_digits_are_a_phq_9():
    scale = read_answers(PHQ9, "210 123 010")

    assert scale == ResponseScale(PHQ9, (2, 1, 0, 1, 2, 3, 0, 1, 0))
    assert (scale.total, scale.band, scale.self_harm) == (10, Band.MODERATE, 0)


@pytest.mark.parametrize(
    ("name", "least", "band"),
    [
        (PHQ9, 0, Band.MINIMAL),
        (PHQ9, 4, Band.MINIMAL),
        (PHQ9, 5, Band.MILD),
        (PHQ9, 9, Band.MILD),
        (PHQ9, 10, Band.MODERATE),
        (PHQ9, 14, Band.MODERATE),
        (PHQ9, 15, Band.MODERATELY_SEVERE),
        (PHQ9, 19, Band.MODERATELY_SEVERE),
        (PHQ9, 20, Band.SEVERE),
        (PHQ9, 27, Band.SEVERE),
        (GAD7, 0, Band.MINIMAL),
        (GAD7, 4, Band.MINIMAL),
        (GAD7, 5, Band.MILD),
        (GAD7, 9, Band.MILD),
        (GAD7, 10, Band.MODERATE),
        (GAD7, 14, Band.MODERATE),
        (GAD7, 15, Band.SEVERE),
        (GAD7, 21, Band.SEVERE),
    ],
)
def test_the_bands_begin_at_their_cuts(name, least, band):
    items = tuple(min(3, max(0, least - 3 * place)) for place in range(ITEMS[name]))

    scale = ResponseScale(name, items)
    assert (scale.total, scale.band) == (least, band)


def test_an_item_that_was_left_out_leaves_no_total_and_is_told():
    scale = read_answers(PHQ9, "21-1230-0")

    assert (scale.total, scale.band, scale.unanswered) == (None, None, (3, 8))
    assert "item 3, 8 without an answer" in response_in_words(scale, in_english)


def test_item_nine_above_zero_is_told_beside_the_total_and_without_one():
    assert self_harm_words(read_answers(PHQ9, "000000001"), in_english).startswith("item 9 is 1 (several days)")
    assert "item 9 is 2" in response_in_words(read_answers(PHQ9, "-00000002"), in_english)
    assert not self_harm_words(read_answers(PHQ9, "333333330"), in_english)
    assert not self_harm_words(read_answers(GAD7, "3333333"), in_english)


def test_one_digit_more_tells_how_difficult_it_was_and_is_in_no_total():
    scale = read_answers(GAD7, "1111111 2")

    assert (scale.total, scale.difficulty) == (7, 2)
    assert response_in_words(scale, in_english) == "GAD-7 7, mild (1 1 1 1 1 1 1) · very difficult"


@pytest.mark.parametrize(
    ("line", "column"),
    [("21012301", 8), ("", 0), ("210123014", 8), ("2101230x0", 7), ("21012301011", 10), ("---------", 0), ("٣23", 0)],
)
def test_a_line_that_is_no_answer_names_the_place(line, column):
    with pytest.raises(Misread) as misread:
        read_answers(PHQ9, line)

    assert misread.value.column == column


@pytest.mark.parametrize("name", ITEMS)
def test_every_item_has_its_text(name):
    texts = item_texts(name, in_english)

    assert len(texts) == len(set(texts)) == ITEMS[name]


answers = st.one_of(st.none(), st.integers(0, 3))


@given(st.sampled_from(list(ITEMS)), st.data(), answers)
def test_what_is_kept_is_typed_the_same_again(name, data, difficulty):
    items = data.draw(st.tuples(*[answers] * ITEMS[name]).filter(any_answer))
    scale = ResponseScale(name, items, difficulty)

    assert read_answers(name, answers_line(scale)) == scale


def any_answer(items):
    return any(item is not None for item in items)
