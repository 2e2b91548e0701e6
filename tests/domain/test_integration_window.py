"""The window of the integration session: when it is open, and when it leaves the list."""

from datetime import UTC, datetime

import pytest

from kapnotes.domain.audit_acts import FOLLOW_UP_WITHDRAWN, FOLLOWED_UP
from kapnotes.domain.clock import ManualClock
from kapnotes.domain.entries import Audit, Correction
from kapnotes.domain.follow_up import BlockOutcome, Contact, FollowUp
from kapnotes.domain.integration_window import WindowState, integration_window, is_followed_up, window_after
from tests.domain.conftest import THERAPIST, SessionScript

HELD = FollowUp("T. Therapist", Contact.PHONE, BlockOutcome(), BlockOutcome(), BlockOutcome())
HOUR_S = 3600


@pytest.fixture
def dosed():
    script = SessionScript(ManualClock(datetime(2025, 3, 4, 14, 0, tzinfo=UTC)))  # a Tuesday
    script.log("dose 35 im", 7)
    return script


def test_the_window_is_counted_from_the_end_of_dosing(dosed):
    window = integration_window(dosed.record)

    assert window.opens.local() == datetime(2025, 3, 5, 14, 7, tzinfo=UTC)
    assert window.closes.local() == datetime(2025, 3, 7, 14, 7, tzinfo=UTC)


def test_its_hours_are_the_clinic_s(dosed):
    window = integration_window(dosed.record, (48, 96))

    assert window.closes.local() == datetime(2025, 3, 8, 14, 7, tzinfo=UTC)


def test_without_a_dose_there_is_no_window():
    script = SessionScript(ManualClock(datetime(2025, 3, 4, 14, 0, tzinfo=UTC)))

    assert integration_window(script.record) is None


@pytest.mark.parametrize(
    ("hours", "state"),
    [
        (1, WindowState.COMING),
        (23.9, WindowState.COMING),
        (24, WindowState.OPEN),
        (57.8, WindowState.OPEN),  # Thursday, 23:55
        (58, WindowState.DUE_TODAY),  # Friday, 00:07
        (72, WindowState.DUE_TODAY),
        (72.1, WindowState.OVER),
    ],
)
def test_how_a_window_stands(dosed, hours, state):
    ended = dosed.record.dosing_ended

    assert window_after(ended).state(ended.shifted(hours * HOUR_S)) is state


def test_it_is_the_wall_clock_that_counts_after_a_restart(dosed):
    window = integration_window(dosed.record)
    clock = ManualClock(datetime(2025, 3, 6, 9, 0, tzinfo=UTC), boot_id="another start")

    assert window.state(clock.now()) is WindowState.OPEN


def test_a_window_that_is_long_over_leaves_the_list(dosed):
    window = integration_window(dosed.record)

    assert window.is_in_sight(window.closes.shifted(20 * 24 * HOUR_S))
    assert not window.is_in_sight(window.closes.shifted(22 * 24 * HOUR_S))


def test_a_follow_up_that_stands_settles_it(dosed):
    entry = dosed.add(HELD, 3000, author=THERAPIST)
    assert is_followed_up(dosed.record)

    dosed.add(Correction(entry.entry_id, "another patient"), 3001, author=THERAPIST)
    assert not is_followed_up(dosed.record)


def test_who_cannot_read_the_follow_up_is_told_that_there_is_one(dosed):
    dosed.add(Audit(FOLLOWED_UP, "1"), 3000, author=THERAPIST)
    assert is_followed_up(dosed.record)

    dosed.add(Audit(FOLLOW_UP_WITHDRAWN, "1"), 3010, author=THERAPIST)
    assert not is_followed_up(dosed.record)

    dosed.add(Audit(FOLLOWED_UP, "2"), 3020, author=THERAPIST)
    assert is_followed_up(dosed.record)
