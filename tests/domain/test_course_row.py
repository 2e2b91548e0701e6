"""A course as lines and as a figure: what each session gave, what was answered, and that no number hides another."""

from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal
from itertools import pairwise

import pytest

from kapnotes.domain.clinic_pages import USUAL_PAGES
from kapnotes.domain.clock import ManualClock
from kapnotes.domain.course_row import course_row
from kapnotes.domain.entries import Route, Stage
from kapnotes.domain.figure import Glyph, Label, Polyline, Role, text_width
from kapnotes.domain.follow_up import BlockOutcome, Contact, FollowUp
from kapnotes.domain.record import Record
from kapnotes.domain.response_figure import response_figure
from kapnotes.domain.response_scale import read_answers
from kapnotes.domain.words import in_english
from tests.domain.conftest import THERAPIST, SessionScript

HELD = FollowUp("T. Therapist", Contact.PHONE, BlockOutcome(), BlockOutcome(), BlockOutcome(), "the letter")
PHQ9 = ["222212221", "212112111", "111111011", "000000000"]
GAD7 = ["2222222", "2121212", "111-111", "1010101"]


def row_of(script, *, sees_doses=True):
    now = script.stamp(10_000)
    return course_row(script.record, "c" * 32, now, USUAL_PAGES.window_h, sees_doses=sees_doses)


def session(day, answers=()):
    script = SessionScript(ManualClock(datetime(2025, 3, day, 14, 0, tzinfo=UTC)), weight_kg=Decimal(70))
    for name, line in answers:
        script.add(read_answers(name, line), 1)
    return script


def course():
    answers = [[("phq9", phq9), ("gad7", gad7)] for phq9, gad7 in zip(PHQ9, GAD7, strict=True)]
    return [row_of(session(1 + 7 * place, answered)) for place, answered in enumerate(answers)]


def test_a_line_tells_number_route_dose_answers_and_follow_up():
    script = session(4, [("phq9", PHQ9[0])])
    script.log("dose 35 im", 10)
    script.log("rescue ondansetron 4 iv", 20)
    script.add(HELD, 3000, author=THERAPIST)

    row = row_of(script)

    assert (row.number, row.route, row.stage) == (3, Route.IV, Stage.PREPARATION)
    assert (row.given.drugs, row.given.given_mg, row.given.per_kg_mg) == ("ketamine", Decimal(35), Decimal("0.50"))
    assert [scale.total for _, scale in row.responses] == [16]
    assert [(at, one.carry) for at, one in row.follow_ups] == [(script.stamp(3000), "the letter")]
    assert row.is_followed_up
    assert row.window.opens == script.stamp(10 + 24 * 60)


def test_a_session_without_a_dose_was_given_nothing_and_has_no_window():
    row = row_of(session(4))

    assert (row.given, row.window, row.is_followed_up) == (None, None, False)


def test_a_session_whose_beginning_cannot_be_read_has_no_line():
    assert course_row(Record(), "c" * 32, session(4).stamp(0), (24, 72), sees_doses=True) is None


def test_no_word_of_a_line_is_in_how_it_is_shown_to_a_programmer():
    script = session(4)
    script.add(replace(HELD, carry="Zitronenfalter"), 3000, author=THERAPIST)

    assert "Zitronenfalter" not in repr(row_of(script))


def test_the_figure_holds_every_total_at_its_day_and_none_of_an_incomplete_scale():
    figure = response_figure(course(), 800, 200, in_english)

    signs = {role: [shape for shape in figure.shapes if isinstance(shape, Glyph) and shape.role is role] for role in
             (Role.PHQ9, Role.GAD7, Role.SESSION)}  # fmt: skip
    assert [len(found) - 1 for found in signs.values()] == [4, 3, 4]  # one of each is in the legend
    said = [shape.text for shape in figure.shapes if isinstance(shape, Label) and shape.role is Role.PHQ9]
    assert sorted(said[1:], key=int) == ["0", "8", "12", "16"]
    rising = [
        [x for x, _ in line.points] for line in figure.shapes if isinstance(line, Polyline) and len(line.points) > 2
    ]
    assert all(one < other for line in rising for one, other in pairwise(line))


@pytest.mark.parametrize("size", [(800, 200), (300, 90), (2000, 400)])
@pytest.mark.parametrize("rows", [1, 4])
def test_nothing_of_the_figure_stands_outside_it_and_no_words_on_others(size, rows):
    width, height = size
    figure = response_figure(course()[:rows], width, height, in_english)
    labels = [shape for shape in figure.shapes if isinstance(shape, Label)]
    boxes = [(*left_and_top(one), left_and_top(one)[0] + text_width(one.text, one.size), one.y) for one in labels]

    assert all(x1 >= 0 and y1 >= 0 and x2 <= width + 0.01 and y2 <= height for x1, y1, x2, y2 in boxes)
    assert not any(
        one[0] < other[2] and other[0] < one[2] and one[1] < other[3] and other[1] < one[3]
        for place, one in enumerate(boxes)
        for other in boxes[:place]
    )


def left_and_top(label):
    share = {"start": 0, "middle": 0.5, "end": 1}[label.anchor]
    return label.x - share * text_width(label.text, label.size), label.y - 0.85 * label.size


def test_a_course_of_fifty_sessions_and_one_without_answers_give_a_figure():
    many = course() * 12
    assert len(response_figure(many, 800, 200, in_english).shapes) > 50

    (label,) = response_figure([row_of(session(4))], 800, 200, in_english).shapes
    assert label.text == "No complete PHQ-9 or GAD-7 yet."
