"""What stands beside the readings on the chart: phases, the infusion's steps, events; the part that is looked at."""

from decimal import Decimal
from itertools import pairwise

import pytest

from kapnotes.domain.emergency_step import EmergencyAct, EmergencyStep
from kapnotes.domain.entries import Action, AdverseEvent, Dose, Infusion, NotTaken, NotTakenReason, Route, Vitals
from kapnotes.domain.figure import Glyph, Label, Polyline, Rect, Role, Shape
from kapnotes.domain.time_axis import View, time_axis
from kapnotes.domain.vitals_chart import VitalsChart
from kapnotes.domain.words import in_english

HOUR = View(3600.0)


def chart_of(script, minute, view=None, width=900.0, height=420.0):
    return VitalsChart(script.record, width, height, script.stamp(minute), in_english, view)


def of_role(figure, role, kind):
    return [one for one in figure.shapes if isinstance(one, kind) and one.role is role]


def texts(figure):
    return [one.text for one in figure.shapes if isinstance(one, Label)]


def set_rate(script, minute, rate):
    return script.add(Infusion("ketamine", Decimal(rate)), minute)


def test_a_change_of_the_rate_is_a_step_of_the_bar_and_a_pause_is_a_gap(script):
    for minute, rate in ((10, "0.5"), (20, "1.0"), (30, "0"), (40, "0.25"), (60, "0")):
        set_rate(script, minute, rate)

    figure = chart_of(script, 90).figure()
    half, whole, quarter = of_role(figure, Role.INFUSION, Rect)
    first, second = of_role(figure, Role.RATE, Polyline)

    assert whole.h == pytest.approx(2 * half.h) == pytest.approx(4 * quarter.h)
    assert half.x + half.w == pytest.approx(whole.x)
    assert quarter.x > whole.x + whole.w + 5
    assert {one.y + one.h for one in (half, whole, quarter)} == {first.points[0][1]}
    assert (len(first.points), len(second.points)) == (6, 4)
    assert {"0.5 mg/min", "1 mg/min", "0.25 mg/min"} <= set(texts(figure))


def test_a_rate_whose_words_would_reach_into_the_next_stretch_stands_without_its_unit(script):
    for minute, rate in ((10, "0.5"), (13, "0.75"), (60, "0")):
        set_rate(script, minute, rate)

    assert {"0.5", "0.75 mg/min"} <= set(texts(chart_of(script, 90).figure()))


def test_the_phases_of_the_route_stand_above_the_plot_from_the_first_dose(script):
    script.log("120/80 70 98 14", 2)
    set_rate(script, 10, "1")
    script.log("120/80 70 98 14", 120)
    figure = chart_of(script, 150).figure()
    band = of_role(figure, Role.STATE, Rect)

    assert len(band) == 5  # preparation, onset, peak, return, recovery
    assert max(band, key=lambda one: one.h) is band[2]
    assert {"peak", "recovery"} <= set(texts(figure))
    assert all(one.x + one.w <= after.x for one, after in pairwise(band))


def test_adverse_events_and_what_was_done_are_small_marks_where_there_is_room(script):
    script.add(AdverseEvent("nausea", "mild"), 20)
    script.add(Action("cuff repositioned"), 40)
    roomy, cramped = chart_of(script, 60).figure(), chart_of(script, 60, height=110.0).figure()

    assert [one.shape for one in of_role(roomy, Role.EVENT, Glyph)] == [Shape.DIAMOND]
    assert [one.shape for one in of_role(roomy, Role.ACTION, Glyph)] == [Shape.PLUS]
    assert {"nausea", "cuff repositioned"} <= set(texts(roomy))
    assert not of_role(cramped, Role.EVENT, Glyph)


@pytest.mark.parametrize("height", [100.0, 170.0, 420.0])
def test_each_step_of_an_emergency_is_a_point_on_the_chart_however_small_it_is(script, height):
    for minute, act in ((20, EmergencyAct.BEGAN), (25, EmergencyAct.CPR_STARTED), (50, EmergencyAct.ENDED)):
        script.add(EmergencyStep(act), minute)

    figure = chart_of(script, 60, height=height).figure()

    assert [one.shape for one in of_role(figure, Role.EMERGENCY, Glyph)] == [Shape.TRIANGLE] * 3
    assert len(of_role(figure, Role.EMERGENCY, Rect)) == 1


def test_a_session_of_usual_length_has_a_grid_of_five_minutes_and_a_day_has_not(script):
    set_rate(script, 10, "1")
    three_hours = time_axis(script.record, script.stamp(190), 60, 500, 7.5)
    script.log("120/80 70", 60 * 30)
    day = time_axis(script.record, script.stamp(60 * 30), 60, 500, 7.5)

    assert three_hours.grid_s == 300
    assert day.grid_s >= 1800
    for axis in (three_hours, day):
        lines = [axis.x(at_s) for at_s in axis.grid()]
        assert min(after - before for before, after in pairwise(lines)) >= 0.6 * 7.5


def test_the_last_hour_shows_that_hour_and_nothing_of_what_was_before(script):
    script.add(Dose("ketamine", Decimal(40), Route.IV), 10)
    for minute in range(20, 200, 10):
        script.log("120/80 70 98 14", minute)
    script.add(NotTaken(NotTakenReason.ASLEEP), 30)
    whole, hour = chart_of(script, 200).figure(), chart_of(script, 200, HOUR).figure()

    assert len(of_role(whole, Role.SYSTOLIC, Glyph)) == 18 + 2  # the legend's and the limits' stand beside
    assert len(of_role(hour, Role.SYSTOLIC, Glyph)) == 6 + 2
    assert "40 mg" in texts(whole)
    assert not {"40 mg", "asleep"} & set(texts(hour))
    assert {"2:15", "3:05"} <= set(texts(hour))


def test_a_session_shorter_than_an_hour_is_its_last_hour(script):
    script.log("120/80 70 98 14", 5)

    assert chart_of(script, 20, HOUR).figure() == chart_of(script, 20).figure()


def test_an_hour_without_readings_says_so_and_that_there_are_others(script):
    script.log("120/80 70 98 14", 5)
    script.add(Dose("ondansetron", Decimal(4), Route.IV, is_rescue=True), 200)

    assert "no vital signs in this hour" in texts(chart_of(script, 210, HOUR).figure())


def test_the_cursor_stands_at_its_reading_on_every_measure(script):
    early = script.log("120/80 70 98 14", 5)
    late = script.log("130/90 75", 50)
    chart = chart_of(script, 60)
    systolic = of_role(chart.figure(), Role.SYSTOLIC, Glyph)

    rings = of_role(chart.cursor(early), Role.CURSOR, Glyph)
    (line,) = of_role(chart.cursor(late), Role.CURSOR, Polyline)

    assert len(rings) == 4
    assert len(of_role(chart.cursor(late), Role.CURSOR, Glyph)) == 3
    assert any((one.x, one.y) == (rings[0].x, rings[0].y) for one in systolic)
    assert line.points[0][0] == line.points[1][0] > rings[0].x


def test_an_hour_around_a_reading_holds_it_and_the_newest_hour_needs_no_moving(script):
    sets = [script.log("120/80 70 98 14", minute) for minute in range(0, 300, 10)]
    around = chart_of(script, 300, View(3600.0, sets[3].happened))
    newest = chart_of(script, 300, View(3600.0, sets[-1].happened))

    assert of_role(around.cursor(sets[3]), Role.CURSOR, Glyph)
    assert newest.figure() == chart_of(script, 300, HOUR).figure()
    assert not chart_of(script, 300, HOUR).cursor(sets[3]).shapes


def test_the_shapes_that_are_given_one_after_the_other_are_the_whole_chart(script):
    script.log("120/80 70 98 14", 5)
    script.add(Vitals(heart_rate_bpm=Decimal(200)), 9)

    given = [shape for shape in chart_of(script, 20).shapes() if shape is not None]
    assert given == list(chart_of(script, 20).figure().shapes)
