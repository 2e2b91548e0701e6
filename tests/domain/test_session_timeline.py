"""The timeline: one axis for phases, doses, the body's answer and those notes that may be shown."""

from decimal import Decimal
from itertools import combinations, pairwise

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kapnotes.domain.entries import (
    CheckIn,
    Dose,
    Infusion,
    Intention,
    Mark,
    MarkChange,
    Note,
    Phase,
    Route,
    Stage,
    Vitals,
)
from kapnotes.domain.figure import Anchor, Glyph, Label, Polyline, Rect, Role, Shape, text_width
from kapnotes.domain.record import Record
from kapnotes.domain.session_timeline import session_timeline
from kapnotes.domain.words import in_english

WIDTH, HEIGHT = 480.0, 190.0


def timeline_of(script, now=120, shown=(), width=WIDTH, height=HEIGHT):
    ids = frozenset(entry.entry_id for entry in shown)
    return session_timeline(script.record, width, height, script.stamp(now), in_english, ids)


def texts(figure):
    return [one.text for one in figure.shapes if isinstance(one, Label)]


def of_role(figure, role, kind):
    return [one for one in figure.shapes if isinstance(one, kind) and one.role is role]


def box_of(shape):
    match shape:
        case Polyline(points):
            xs, ys = [x for x, _ in points], [y for _, y in points]
            return min(xs), min(ys), max(xs), max(ys)
        case Rect(x, y, w, h):
            return x, y, x + w, y + h
        case Glyph(x, y, _, size):
            return x - size / 2, y - size / 2, x + size / 2, y + size / 2
        case Label(x, y, text, size, anchor):
            wide = text_width(text, size)
            left = x - {Anchor.START: 0, Anchor.MIDDLE: wide / 2, Anchor.END: wide}[anchor]
            return left, y - size * 0.8, left + wide, y + size * 0.2


def assert_sound(figure):
    boxes = [(shape, box_of(shape)) for shape in figure.shapes]
    for shape, (x1, y1, x2, y2) in boxes:
        assert -0.01 <= x1 <= x2 <= figure.width + 0.01, shape
        assert -0.01 <= y1 <= y2 <= figure.height + 0.01, shape
    labels = [box for shape, box in boxes if isinstance(shape, Label)]
    for one, other in combinations(labels, 2):
        assert not (one[0] < other[2] and other[0] < one[2] and one[1] < other[3] and other[1] < one[3])


@pytest.fixture
def session(script):
    script.add(Phase(Stage.PREPARATION), 0)
    script.log("120/80 70 98 14", 5)
    script.add(Infusion("ketamine", Decimal(1)), 20)
    script.add(Infusion("ketamine", Decimal(0)), 60)
    script.log("150/90 91 97 14", 40)
    script.add(Phase(Stage.CLOSED), 140)
    return script


def test_the_ribbon_follows_the_route_from_the_first_dose(session):
    figure = timeline_of(session)

    phases = of_role(figure, Role.PHASE, Rect)
    assert [text for text in texts(figure) if text in {"preparation", "onset", "peak", "return", "recovery"}] == [
        "preparation",
        "onset",
        "peak",
        "return",
        "recovery",
    ]
    assert max(phases, key=lambda one: one.h) is phases[2]
    assert all(one.x + one.w <= other.x for one, other in pairwise(phases))


def test_before_the_first_dose_there_is_preparation_alone(script):
    script.log("120/80 70 98 14", 5)

    assert len(of_role(timeline_of(script, 10), Role.PHASE, Rect)) == 1


def test_the_body_answers_in_percent_from_baseline(session):
    figure = timeline_of(session)

    assert len(of_role(figure, Role.BASELINE, Polyline)) == 1
    assert "+30 %" in texts(figure)
    (line,) = of_role(figure, Role.SYSTOLIC, Polyline)
    (_, at_baseline), (_, later) = line.points
    assert later < at_baseline


def test_without_a_baseline_no_change_is_drawn(script):
    script.add(Dose("ketamine", Decimal(40), Route.IV), 5)
    script.log("150/90 91 97 14", 40)

    figure = timeline_of(script, 60)

    assert "no baseline, so no change to show" in texts(figure)
    assert not of_role(figure, Role.SYSTOLIC, Polyline)


def test_what_is_not_shown_leaves_no_trace_on_the_figure(session, therapist):
    without = timeline_of(session)

    for minute, body in (
        (25, Note("secret", "affect")),
        (30, Mark("quiet", MarkChange.START)),
        (35, Mark("quiet", MarkChange.STOP)),
        (36, Mark("body")),
        (37, CheckIn("secret")),
        (2, Intention("secret")),
    ):
        session.add(body, minute, author=therapist)

    assert timeline_of(session) == without


def test_shown_notes_are_ticks_and_the_patients_words_diamonds(session, therapist):
    note = session.add(Note("hands unclench", "body"), 25, author=therapist)
    quote = session.add(Note("it's all water", "quote"), 45, author=therapist)
    hidden = session.add(Note("secret", "memory"), 70, author=therapist)

    figure = timeline_of(session, shown=[note, quote])

    assert {"body", "quote"} <= set(texts(figure))
    assert hidden.body.code not in texts(figure)
    assert "it's all water" not in texts(figure)
    ticks = of_role(figure, Role.MARK, Glyph)
    diamonds = [one for one in of_role(figure, Role.QUOTE, Glyph) if one.shape is Shape.DIAMOND]
    assert len(ticks) == len(diamonds) == 2  # one on the line, one in the legend


def test_a_state_whose_both_ends_are_shown_is_a_span(session, therapist):
    start = session.add(Mark("challenging", MarkChange.START), 30, author=therapist)
    stop = session.add(Mark("challenging", MarkChange.STOP), 50, author=therapist)

    (span,) = of_role(timeline_of(session, shown=[start, stop]), Role.STATE, Rect)

    assert span.w > 20


def test_a_state_whose_stop_is_not_shown_is_a_tick_at_its_start(session, therapist):
    start = session.add(Mark("challenging", MarkChange.START), 30, author=therapist)
    stop = session.add(Mark("challenging", MarkChange.STOP), 50, author=therapist)

    assert of_role(timeline_of(session, shown=[start]), Role.STATE, Rect) == []
    assert of_role(timeline_of(session, shown=[start]), Role.MARK, Glyph)
    assert of_role(timeline_of(session, shown=[stop]), Role.STATE, Rect) == []


def test_a_state_that_still_runs_reaches_to_now(script, therapist):
    script.add(Dose("ketamine", Decimal(40), Route.IV), 0)
    start = script.add(Mark("quiet", MarkChange.START), 10, author=therapist)

    (early,) = of_role(timeline_of(script, 20, [start]), Role.STATE, Rect)
    (late,) = of_role(timeline_of(script, 40, [start]), Role.STATE, Rect)

    assert late.w > early.w > 0


def test_an_empty_record_and_a_small_rectangle_are_no_error(clock):
    assert_sound(session_timeline(Record(), WIDTH, HEIGHT, clock.now(), in_english))
    assert session_timeline(Record(), 10, 10, clock.now(), in_english).shapes == ()


bodies = st.one_of(
    st.builds(Note, st.just("x"), st.sampled_from(["", "quote", "body", "a code with a long name"])),
    st.builds(Mark, st.sampled_from(["quiet", "challenging", *"abcdefgh"]), st.sampled_from(MarkChange)),
    st.builds(Dose, st.just("ketamine"), st.integers(1, 99).map(Decimal), st.just(Route.IV), st.booleans()),
    st.builds(Infusion, st.just("ketamine"), st.integers(0, 3).map(Decimal)),
    st.builds(
        lambda low, rate: Vitals(Decimal(low + 40), Decimal(low), Decimal(rate)),
        st.integers(10, 200),
        st.integers(10, 300),
    ),
    st.builds(Phase, st.sampled_from(Stage)),
)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    happened=st.lists(st.tuples(bodies, st.integers(0, 600), st.booleans()), max_size=80),
    width=st.integers(160, 1400),
    height=st.integers(100, 500),
)
def test_every_shape_stands_within_the_rectangle_whatever_happened(script_of, happened, width, height):
    script = script_of("iv")
    shown = [entry for body, minute, is_shown in happened if (entry := script.add(body, minute)) and is_shown]

    figure = timeline_of(script, 700, shown, float(width), float(height))

    assert_sound(figure)
    assert len(figure.shapes) < 600 + 4 * width


def test_five_thousand_shown_notes_stay_bounded_by_the_width(session, therapist):
    shown = [session.add(Note("x", "body"), 20 + index / 50, author=therapist) for index in range(5000)]

    assert len(timeline_of(session, shown=shown).shapes) < 3 * WIDTH
