from datetime import UTC, datetime
from decimal import Decimal

import pytest

from kapnotes.app.idle import Idle, IdleLimits, SeatIdle
from kapnotes.app.left_running import left_running
from kapnotes.app.presets import shipped_protocols
from kapnotes.domain.clock import ManualClock
from kapnotes.domain.entries import ClockJump, Dose, Entry, Infusion, Note, Route, SessionOpened, Staffing
from kapnotes.domain.record import Record

LIMITS = IdleLimits(cover_s=180, grace_s=60, drop_s=900, grace_in_room_s=720, drop_in_room_s=3600)


@pytest.fixture
def clock():
    return ManualClock(datetime(2026, 3, 4, 13, 0, tzinfo=UTC))


@pytest.fixture
def idle(clock):
    return SeatIdle(LIMITS, clock.now(), lambda: False)


@pytest.mark.parametrize(
    ("after_s", "state"),
    [
        (0, Idle.AWAKE),
        (179, Idle.AWAKE),
        (180, Idle.COVERED),
        (239, Idle.COVERED),
        (240, Idle.GUARDED),
        (899, Idle.GUARDED),
        (900, Idle.GONE),
    ],
)
def test_a_seat_without_a_key_is_covered_then_guarded_then_locked(clock, idle, after_s, state):
    clock.advance(after_s)

    assert idle.look(clock.now()) is state


@pytest.mark.parametrize(
    ("after_s", "state"),
    [
        (179, Idle.AWAKE),
        (180, Idle.COVERED),
        (899, Idle.COVERED),
        (900, Idle.GUARDED),
        (3599, Idle.GUARDED),
        (3600, Idle.GONE),
    ],
)
def test_while_the_drug_works_a_long_silence_costs_one_key(clock, after_s, state):
    idle = SeatIdle(LIMITS, clock.now(), lambda: True)
    clock.advance(after_s)

    assert idle.look(clock.now()) is state


def test_a_key_begins_the_time_anew(clock, idle):
    for _ in range(20):
        clock.advance(170)
        idle.touch(clock.now())

    assert idle.look(clock.now()) is Idle.AWAKE


def test_a_key_behind_a_cover_that_asks_for_the_passphrase_changes_nothing(clock, idle):
    clock.advance(300)
    idle.touch(clock.now())
    assert idle.look(clock.now()) is Idle.GUARDED
    clock.advance(600)
    assert idle.look(clock.now()) is Idle.GONE


def test_the_passphrase_begins_the_time_anew(clock, idle):
    clock.advance(300)
    idle.recognise(clock.now())

    assert idle.look(clock.now()) is Idle.AWAKE


def test_a_clock_that_is_set_neither_covers_nor_keeps_awake(clock, idle):
    clock.jump(3600)
    assert idle.look(clock.now()) is Idle.AWAKE
    clock.advance(200)
    clock.jump(-3600)
    assert idle.look(clock.now()) is Idle.COVERED


def test_behind_a_lock_the_clock_counts_what_really_passed_also_before_a_restart(clock):
    start = clock.now()
    record = Record([opened(start)])
    clock.advance(60)
    record.apply(entry("1", clock.now(), Infusion("ketamine", Decimal(1))))
    clock.advance(300)
    clock.jump(420)
    record.apply(entry("2", clock.now(), ClockJump(420.0)))
    clock.advance(300)
    clock.reboot("after")
    record.apply(entry("3", clock.now(), Note("back")))
    left = left_running(record, clock.now())
    clock.advance(60)

    assert left.elapsed_s(clock.now()) == 660


def test_behind_a_lock_the_timer_of_the_route_runs_on(clock):
    record = Record([opened(clock.now(), "sublingual")])
    record.apply(entry("1", clock.now(), Dose("ketamine", Decimal(100), Route.SUBLINGUAL)))
    clock.advance(540)
    left = left_running(record, clock.now())
    clock.advance(90)

    assert (left.timer(clock.now()).then, left.timer(clock.now()).left_s) == ("spit", -30)


def entry(number, stamp, body):
    return Entry(number * 32, "c" * 32, "b" * 32, stamp, stamp, body)


def opened(stamp, name="iv-40"):
    preset = next(one for one in shipped_protocols() if one.protocol.name == name)
    return entry(
        "0",
        stamp,
        SessionOpened("d" * 32, "K-0142", 1, preset.protocol.dose.route, Staffing.TEAM, (), name, preset.text),
    )


def test_the_words_go_with_the_keys(team):
    house, therapist, _, pad, _ = team
    pad.note("not to stay in memory")

    house.program.lock(therapist)

    assert therapist.live == {}
    assert therapist.keyring.is_locked


def test_the_member_who_sits_there_is_recognised_and_keeps_the_keys(team, passphrase):
    house, therapist, _, pad, _ = team
    told = []

    house.program.recognise(therapist, passphrase, told.append, told.append)
    house.program.recognise(therapist, "not the passphrase at all", told.append, told.append)

    assert told[0] is None
    assert "Not the passphrase" in str(told[1])
    pad.note("the keys still write")
    assert pad.saving.unsaved == ()
