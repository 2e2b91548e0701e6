"""The vitals chart shows what was read, marks what the protocol marks, and stays within its rectangle."""

from decimal import Decimal
from itertools import combinations

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kapnotes.domain.entries import (
    Dose,
    Infusion,
    NotTaken,
    NotTakenReason,
    Phase,
    Route,
    Stage,
    TakenBy,
    Vitals,
)
from kapnotes.domain.figure import Anchor, Glyph, Label, Polyline, Rect, Role, Shape, text_width
from kapnotes.domain.record import Record
from kapnotes.domain.vitals_chart import VitalsChart, vitals_chart
from kapnotes.domain.words import in_english

WIDTH, HEIGHT = 480.0, 300.0


def chart_of(record, now, width=WIDTH, height=HEIGHT):
    return vitals_chart(record, width, height, now, in_english)


def glyphs(figure, shape, role=None, below=30.0):
    """Return the signs of the plot; the legend stands above."""
    return [
        one
        for one in figure.shapes
        if isinstance(one, Glyph) and one.shape is shape and one.y > below and role in (None, one.role)
    ]


def texts(figure):
    return [one.text for one in figure.shapes if isinstance(one, Label)]


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


def assert_within(figure):
    for shape in figure.shapes:
        x1, y1, x2, y2 = box_of(shape)
        assert -0.01 <= x1 <= x2 <= figure.width + 0.01, shape
        assert -0.01 <= y1 <= y2 <= figure.height + 0.01, shape


def assert_no_label_covers_another(figure):
    boxes = [box_of(shape) for shape in figure.shapes if isinstance(shape, Label)]
    for one, other in combinations(boxes, 2):
        assert not (one[0] < other[2] and other[0] < one[2] and one[1] < other[3] and other[1] < one[3])


@pytest.fixture
def dosed(script):
    """A session with its baseline, a bolus at ten minutes, and readings after it."""
    script.log("120/80 70 98 14", 5)
    script.add(Dose("ketamine", Decimal(40), Route.IV), 10)
    script.log("140/90 80 97 14", 20)
    return script


def test_an_empty_record_gives_a_calm_figure_that_says_so(clock):
    figure = chart_of(Record(), clock.now())

    assert "no vital signs yet" in texts(figure)
    assert_within(figure)
    assert_no_label_covers_another(figure)


def test_each_reading_has_its_own_sign(dosed):
    figure = chart_of(dosed.record, dosed.stamp(30))

    assert len(glyphs(figure, Shape.CHEVRON_DOWN, Role.SYSTOLIC)) == 2 + 1  # and one over its limits
    assert len(glyphs(figure, Shape.CHEVRON_UP, Role.DIASTOLIC)) == 2 + 1
    assert len(glyphs(figure, Shape.DOT, Role.HEART_RATE)) == 2 + 1
    assert len(glyphs(figure, Shape.RING, Role.SPO2, below=15)) == 2


def test_a_higher_pressure_stands_higher(dosed):
    first, second, *_ = sorted(
        glyphs(chart_of(dosed.record, dosed.stamp(30)), Shape.CHEVRON_DOWN, Role.SYSTOLIC), key=lambda one: one.x
    )

    assert first.x < second.x
    assert first.y > second.y


def test_a_reading_outside_the_protocol_stands_in_a_square_and_one_inside_does_not(dosed):
    assert not glyphs(chart_of(dosed.record, dosed.stamp(30)), Shape.SQUARE)

    dosed.log("165/90 80 97 14", 30)
    (square,) = glyphs(chart_of(dosed.record, dosed.stamp(40)), Shape.SQUARE)

    assert square.role is Role.OUT_OF_PROTOCOL
    systolic = glyphs(chart_of(dosed.record, dosed.stamp(40)), Shape.CHEVRON_DOWN, Role.SYSTOLIC)
    assert any((one.x, one.y) == (square.x, square.y) for one in systolic)


def test_a_set_not_taken_is_a_cross_with_its_reason_and_a_missed_slot_a_dash(dosed):
    dosed.add(NotTaken(NotTakenReason.ASLEEP), 30)
    dosed.log("130/80 70 97 14", 100)

    figure = chart_of(dosed.record, dosed.stamp(110))

    assert len(glyphs(figure, Shape.CROSS)) == 1
    assert "asleep" in texts(figure)
    assert len(glyphs(figure, Shape.DASH)) > 0


def test_doses_are_ticks_infusions_bars_and_rescue_drugs_have_a_row_of_their_own(script):
    script.add(Infusion("ketamine", Decimal("0.5")), 10)
    script.add(Infusion("ketamine", Decimal(0)), 50)
    script.add(Dose("ondansetron", Decimal(4), Route.IV, is_rescue=True), 55)
    script.add(Dose("ketamine", Decimal(10), Route.IV), 70)

    figure = chart_of(script.record, script.stamp(90))

    (bar,) = [one for one in figure.shapes if isinstance(one, Rect) and one.role is Role.INFUSION]
    (bolus,) = glyphs(figure, Shape.TICK, Role.DOSE)
    (rescue,) = glyphs(figure, Shape.TICK, Role.RESCUE)
    assert bar.x < bar.x + bar.w < rescue.x < bolus.x
    assert rescue.y > bolus.y
    assert {"0.5 mg/min", "10 mg", "ondansetron 4 mg", "rescue"} <= set(texts(figure))


def test_a_chart_is_past_only_once_what_goes_on_reaches_further_or_a_slot_was_missed(script):
    def chart():
        return VitalsChart(script.record, WIDTH, HEIGHT, script.stamp(20), in_english)

    script.log("120/80 70 98 14", 5)
    script.add(Dose("ketamine", Decimal(40), Route.IV), 10)
    script.log("122/80 70 98 14", 19)
    given = chart()

    assert not given.is_past(script.stamp(20.5), 3.0)
    assert given.is_past(script.stamp(40), 3.0)

    script.add(Infusion("ketamine", Decimal("0.5")), 20)
    running = chart()

    assert not running.is_past(script.stamp(20.05), 3.0)
    assert running.is_past(script.stamp(21), 3.0)


def test_the_range_of_the_protocol_stands_beside_the_plot_and_is_shaded(dosed):
    bands = [one for one in chart_of(dosed.record, dosed.stamp(30)).shapes if one.role is Role.LIMIT_BAND]

    assert len(bands) == 3  # systolic above, diastolic below, SpO2 below
    assert all(band.h > 0 for band in bands)


def test_a_protocol_without_oximetry_has_no_strip_for_it(script_of):
    script = script_of("sublingual", protocol="sublingual")

    assert "SpO₂ %" not in texts(chart_of(script.record, script.stamp(5)))

    script.add(Vitals(spo2_percent=Decimal(97)), 6)
    assert "SpO₂ %" in texts(chart_of(script.record, script.stamp(7)))


def test_the_axis_counts_from_the_first_dose(dosed):
    shown = texts(chart_of(dosed.record, dosed.stamp(30)))

    assert "0:00" in shown
    assert "\N{MINUS SIGN}0:05" in shown


def test_thirty_two_hours_of_a_monitor_stay_bounded_and_lose_no_extreme(script):
    script.add(Dose("ketamine", Decimal(40), Route.IV), 0)
    for minute in range(2000):
        rate = Decimal(60 + minute % 7)
        if minute == 1389:
            rate = Decimal("11.5")
        pressure = (Decimal(120), Decimal(80)) if minute != 777 else (Decimal(240), Decimal(130))
        script.add(Vitals(*pressure, rate, Decimal(97), taken_by=TakenBy.MONITOR), minute)

    figure = chart_of(script.record, script.stamp(2000))

    assert len(figure.shapes) < 4 * WIDTH
    assert sum(len(one.points) for one in figure.shapes if isinstance(one, Polyline)) < 16 * WIDTH
    lowest = max(glyphs(figure, Shape.DOT, Role.HEART_RATE), key=lambda one: one.y)
    highest = min(glyphs(figure, Shape.CHEVRON_DOWN, Role.SYSTOLIC, below=70), key=lambda one: one.y)
    others = [one.y for one in glyphs(figure, Shape.DOT, Role.HEART_RATE) if one is not lowest]
    assert lowest.y > max(others) + 20
    squares = {(one.x, one.y) for one in glyphs(figure, Shape.SQUARE)}
    assert {(lowest.x, lowest.y), (highest.x, highest.y)} <= squares
    assert_within(figure)
    assert_no_label_covers_another(figure)


def test_a_session_that_was_closed_ends_its_axis_there_whenever_it_is_looked_at(dosed):
    dosed.add(Phase(Stage.CLOSED), 90)

    assert chart_of(dosed.record, dosed.stamp(95)) == chart_of(dosed.record, dosed.stamp(60 * 24 * 30))


def test_a_rectangle_too_small_for_a_chart_stays_empty(dosed):
    assert chart_of(dosed.record, dosed.stamp(30), 40, 20).shapes == ()


amounts = st.integers(1, 999).map(Decimal)
bodies = st.one_of(
    st.builds(
        lambda low, pulse, rate, spo2: Vitals(Decimal(low + pulse), Decimal(low), rate, spo2),
        st.integers(10, 200),
        st.integers(1, 100),
        st.none() | st.integers(10, 300).map(Decimal),
        st.none() | st.integers(1, 100).map(Decimal),
    ),
    st.builds(NotTaken, st.sampled_from(NotTakenReason)),
    st.builds(
        Dose, st.sampled_from(["ketamine", "a very long name of a drug"]), amounts, st.just(Route.IV), st.booleans()
    ),
    st.builds(Infusion, st.just("ketamine"), st.integers(0, 5).map(Decimal)),
    st.builds(Phase, st.sampled_from(Stage)),
)
events = st.lists(st.tuples(bodies, st.integers(-600, 3000)), max_size=60)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(happened=events, later=st.integers(0, 6000), width=st.integers(160, 1400), height=st.integers(100, 700))
def test_every_shape_stands_within_the_rectangle_whatever_happened(script_of, happened, later, width, height):
    script = script_of("iv")
    for body, minute in happened:
        script.add(body, minute)

    figure = chart_of(script.record, script.stamp(later), float(width), float(height))

    assert_within(figure)
    assert_no_label_covers_another(figure)
    assert len(figure.shapes) < 400 + 4 * width
