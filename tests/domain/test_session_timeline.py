"""The timeline: one axis for phases, doses, the body's answer and those notes that may be shown."""

from decimal import Decimal
from itertools import combinations, pairwise

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kapnotes.domain.entries import (
    AdverseEvent,
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
from kapnotes.domain.session_timeline import session_timeline, timeline_height
from kapnotes.domain.silences import silences
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


@pytest.mark.parametrize("first", [0, 3, 8, 10, 15])
@pytest.mark.parametrize("width", [300.0, WIDTH])
def test_the_title_of_the_axis_does_not_run_into_its_first_time(script, first, width):
    script.log("120/80 70 98 14", first)
    script.add(Dose("ketamine", Decimal(31), Route.IM), 20)

    labels = [one for one in timeline_of(script, width=width).shapes if isinstance(one, Label)]

    (title,) = (one for one in labels if one.text == "T+ h:mm")
    times = [box_of(one)[0] for one in labels if one.y == title.y and one is not title]
    assert min(times) - box_of(title)[2] >= 0.5 * title.size


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
    figure = timeline_of(session, height=260.0)

    assert len(of_role(figure, Role.BASELINE, Polyline)) == 1
    assert {"baseline", "+20 %", "150/90", "91/min"} <= set(texts(figure))
    assert "systolic pressure, baseline 120/80 mmHg" in texts(figure)
    assert "heart rate, baseline 70 per min" in texts(figure)
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


def test_shown_notes_are_ticks_and_the_patients_words_rings_with_their_beginning(session, therapist):
    note = session.add(Note("hands unclench", "body"), 25, author=therapist)
    quote = session.add(Note("it's all water", "quote"), 45, author=therapist)
    hidden = session.add(Note("secret", "memory"), 70, author=therapist)

    figure = timeline_of(session, shown=[note, quote])

    assert {"body", "“it's all water”"} <= set(texts(figure))
    assert hidden.body.code not in texts(figure)
    assert hidden.body.text not in texts(figure)
    assert len(of_role(figure, Role.MARK, Glyph)) == 1
    assert [one.shape for one in of_role(figure, Role.QUOTE, Glyph)] == [Shape.RING]


def test_of_many_quotes_each_has_a_ring_and_those_with_room_their_words(session, therapist):
    quotes = [session.add(Note(f"quote {index}", "quote"), 22 + 4 * index, author=therapist) for index in range(24)]

    figure = timeline_of(session, shown=quotes)

    rings = of_role(figure, Role.QUOTE, Glyph)
    assert len(rings) == 24
    assert len({ring.y for ring in rings}) == 1
    assert 6 < sum(text.startswith("“quote") for text in texts(figure)) <= 24


def minutes_of_silence(figure):
    return [text for text in texts(figure) if text.endswith(" min") and "mg" not in text and "per" not in text]


def test_a_silence_is_what_lies_between_shown_lines_and_longer_than_the_interval_of_the_check_in(session, therapist):
    lines = [session.add(Note("x", "body"), minute, author=therapist) for minute in (24, 28, 50, 55, 110)]

    assert minutes_of_silence(timeline_of(session, shown=lines)) == ["22 min", "55 min", "30 min"]


def test_a_silence_tells_nothing_of_lines_that_are_not_shown_and_without_shown_lines_there_is_none(session, therapist):
    shown = session.add(Note("x", "body"), 30, author=therapist)
    before = timeline_of(session, shown=[shown])
    assert minutes_of_silence(before)

    session.add(Note("secret", "affect"), 70, author=therapist)
    session.add(CheckIn("secret"), 90, author=therapist)

    assert timeline_of(session, shown=[shown]) == before
    assert not of_role(timeline_of(session), Role.GAP, Polyline)


def test_a_check_in_that_says_quiet_breaks_no_silence(session, therapist):
    quiet = session.add(CheckIn(), 60, author=therapist)
    note = session.add(Note("x", "body"), 130, author=therapist)

    shown = frozenset(entry.entry_id for entry in (quiet, note))
    assert silences(session.record, shown, session.stamp(140)) == [(0.0, 110 * 60), (110 * 60, 120 * 60)]


def test_adverse_events_and_rescue_drugs_stand_on_the_same_axis(session):
    session.add(AdverseEvent("nausea", "mild"), 50)
    session.add(Dose("ondansetron", Decimal(4), Route.IV, is_rescue=True), 52)

    figure = timeline_of(session, height=260.0)

    assert {"rescue", "ondansetron 4 mg", "events", "nausea"} <= set(texts(figure))


def test_the_height_that_it_asks_for_has_room_for_every_row(session, therapist):
    shown = [session.add(Note("it's all water", "quote"), 30, author=therapist),
             session.add(Note("hands unclench", "body"), 40, author=therapist)]  # fmt: skip
    ids = frozenset(entry.entry_id for entry in shown)

    height = timeline_height(session.record, WIDTH, session.stamp(120), ids)

    titles = {"phase", "dose", "quotes", "notes", "silence"}
    assert titles <= set(texts(timeline_of(session, shown=shown, height=height)))


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
