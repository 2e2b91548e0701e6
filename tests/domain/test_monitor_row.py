"""Where readings came from a monitor is seen in the chart, as bars in a row of its own."""

from decimal import Decimal

from kapnotes.domain.entries import TakenBy, Vitals
from kapnotes.domain.figure import Label, Rect, Role
from kapnotes.domain.monitor_row import monitor_stretches
from kapnotes.domain.vitals_chart import vitals_chart
from kapnotes.domain.words import in_english


def from_monitor(script, *minutes):
    for minute in minutes:
        script.add(Vitals(heart_rate_bpm=Decimal(60), taken_by=TakenBy.MONITOR), minute)


def chart(script):
    return vitals_chart(script.record, 900, 400, script.stamp(120), in_english)


def bars(figure):
    return [shape for shape in figure.shapes if isinstance(shape, Rect) and shape.role is Role.TEXT_DIM]


def words(figure):
    return {shape.text for shape in figure.shapes if isinstance(shape, Label)}


def test_readings_without_a_gap_are_one_bar_and_a_gap_parts_them(script):
    script.log("dose 35 im", 0)
    from_monitor(script, 10, 11, 12, 21, 40, 41)
    script.log("128/76 72", 25)

    spans = [
        (script.record.elapsed_s(a) / 60, script.record.elapsed_s(b) / 60) for a, b in monitor_stretches(script.record)
    ]
    assert spans == [(10, 21), (40, 41)]
    figure = chart(script)
    assert "monitor" in words(figure)
    assert len(bars(figure)) == 2
    assert bars(figure)[0].w > 5 * bars(figure)[1].w


def test_readings_of_people_alone_have_no_such_row(script):
    script.log("dose 35 im", 0)
    script.log("128/76 72", 25)

    assert "monitor" not in words(chart(script))
    assert bars(chart(script)) == []


def test_a_reading_that_was_taken_back_is_in_no_bar(script):
    script.log("dose 35 im", 0)
    entry = script.add(Vitals(heart_rate_bpm=Decimal(60), taken_by=TakenBy.MONITOR), 10)
    script.correct(entry, None)

    assert monitor_stretches(script.record) == []
