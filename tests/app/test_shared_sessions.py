"""One session in several seats: each hears of the others, and the clock and the schedule run on behind a lock."""

from kapnotes.app.left_running import left_running
from kapnotes.domain.entries import ClockJump, Note
from kapnotes.domain.errors import InputOutput
from kapnotes.domain.members import Role


def test_the_other_seat_hears_what_it_may_read_and_nothing_else(team):
    _, _, _, pad, log = team
    heard_by_log, heard_by_pad = [], []
    log.entry_added.add(heard_by_log.append)
    pad.entry_added.add(heard_by_pad.append)

    pad.note("process note")
    room = pad.setting("lamp down")
    reading = log.log("128/76 72 98 14 s5")

    assert heard_by_log == [room, reading]
    assert reading in heard_by_pad
    assert not any(isinstance(entry.body, Note) for entry in log.record.entries)


def test_a_seat_that_opens_the_session_later_hears_what_is_not_on_the_disk_yet(house, monkeypatch):
    therapist = house.make("Tess, LCSW", Role.THERAPIST)
    house.add(therapist, "Carl, CRNA", Role.MEDICAL)
    crna = house.sign_in("Carl, CRNA")
    log = house.start(crna, house.patient(crna), [therapist.member, crna.member])

    def refuse(*_, **__):
        raise InputOutput("The disk cannot write.")

    with monkeypatch.context() as broken:
        broken.setattr(house.program.library, "append", refuse)
        dose = log.log("dose 35 im hold no cuff")
        pad = house.join(therapist)
        assert not pad.saving.is_saved(dose.entry_id)
    house.program.tick()

    assert dose in pad.record.entries
    assert pad.saving.is_saved(dose.entry_id)


def test_the_other_seat_is_told_when_an_entry_it_heard_is_on_the_disk(team, broken_disk):
    house, _, _, pad, log = team
    told = []
    pad.saved.add(told.append)
    reading = log.log("128/76 72 98 14 s5")
    assert told == []
    assert not pad.saving.is_saved(reading.entry_id)
    broken_disk["works"] = True

    house.program.tick()

    assert told == [reading]
    assert pad.saving.is_saved(reading.entry_id)


def test_a_jump_of_the_wall_clock_is_marked_once_and_moves_no_stamp(team):
    house, _, _, pad, log = team
    house.program.tick()
    house.clock.advance(1)
    house.clock.jump(3600)
    house.program.tick()
    house.clock.advance(1)
    house.program.tick()

    jumps = [entry.body for entry in pad.record.entries if isinstance(entry.body, ClockJump)]
    assert jumps == [ClockJump(3600.0)]
    assert [entry.body for entry in log.record.entries if isinstance(entry.body, ClockJump)] == jumps


def test_a_suspend_is_no_jump(team):
    house, _, _, pad, _ = team
    house.program.tick()
    house.clock.advance(3 * 3600)
    house.program.tick()

    assert not [entry for entry in pad.record.entries if isinstance(entry.body, ClockJump)]


def test_the_clock_and_the_schedule_of_a_locked_seat_run_on(team):
    house, therapist, crna, pad, log = team
    assert left_running(pad.record, pad.now()) is None
    log.log("120/80 72 98 14 s5")
    log.log("inf 35/40")
    house.clock.advance(60)
    house.program.lock(therapist)
    assert house.program.sessions.left_running() == ()  # the other seat shows them itself
    house.program.lock(crna)
    house.clock.advance(120)

    (left,) = house.program.sessions.left_running()

    assert left.elapsed_s(house.clock.now()) == 180
    assert left.due_in_s(house.clock.now()) + 180 == left.due_at_s > 0
    house.join(house.sign_in("Carl, CRNA"))
    assert house.program.sessions.left_running() == ()
