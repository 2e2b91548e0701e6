"""When something was, as a form takes it, and a half-typed form as a draft keeps it."""

from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kapnotes.domain.clock import ManualClock
from kapnotes.domain.errors import Misread
from kapnotes.domain.form_draft import form_text, form_values
from kapnotes.domain.typed_day import read_day_time

NOW = ManualClock(datetime(2026, 11, 28, 19, 40, 12, tzinfo=UTC)).now()


def test_nothing_is_now_and_a_time_alone_is_today():
    assert read_day_time("  ", NOW) == NOW
    assert read_day_time("14:30", NOW).local() == datetime(2026, 11, 28, 14, 30, tzinfo=UTC)


def test_a_day_and_a_time_are_that_moment_on_both_clocks():
    moment = read_day_time("2026-11-26 14:30", NOW)

    assert moment.local() == datetime(2026, 11, 26, 14, 30, tzinfo=UTC)
    assert NOW.boot_ns - moment.boot_ns == NOW.utc_ns - moment.utc_ns


def test_it_is_the_time_of_the_laptop_s_own_zone():
    here = ManualClock(datetime(2026, 11, 28, 9, 0, tzinfo=timezone(timedelta(hours=-7)))).now()

    assert read_day_time("08:15", here).local().isoformat() == "2026-11-28T08:15:00-07:00"


@pytest.mark.parametrize("text", ["yesterday", "2026-11-26", "2026-02-30 10:00", "25:00", "19:41", "2027-01-01 10:00"])
def test_what_is_no_moment_of_the_past_is_refused(text):
    with pytest.raises(Misread):
        read_day_time(text, NOW)


names = st.sampled_from(["when", "words", "carry on"])
lines = st.text(st.characters(exclude_categories=["Cs", "Cc", "Zl", "Zp"])).map(str.strip)


@given(st.dictionaries(names, lines))
def test_a_half_typed_form_comes_back_as_it_was(values):
    back = form_values(form_text(values), ["when", "words", "carry on"])

    assert back == {name: " ".join(value.split()) for name, value in values.items() if value.strip()}


def test_what_is_no_field_of_the_form_is_left_out():
    assert form_values("when: now\nsomething: else\nno colon", ["when"]) == {"when": "now"}
