"""Saving fails sometimes; what was noted is kept, tried again in order, and never called saved before it is."""

import contextlib
import itertools
import os
import queue
import threading

import pytest

from kapnotes.app.pending import Pending, Written
from kapnotes.app.presets import shipped_protocols
from kapnotes.app.quiet import check
from kapnotes.app.typed_fields import NOTE, SUMMARY, sheet_places
from kapnotes.app.worker import GIVE_WAY_S, TURN_S, InlineWorker, ThreadWorker
from kapnotes.domain.clock import NS_PER_S, Stamp
from kapnotes.domain.entries import Note, Staffing
from kapnotes.domain.errors import InputOutput, KapnotesError, SavedElsewhere
from kapnotes.domain.members import MEDICAL, SHARED, Member, Role, therapy_of
from kapnotes.vault.kdf import KdfCost
from kapnotes.vault.library import Library

LIGHT = KdfCost(64, 1, 1)
PASS = "otter lagoon violin cedar"


class Seconds:
    """A clock that tells these seconds, look by look."""

    def __init__(self, seconds):
        self._seconds = iter(seconds)
        self.looks = 0

    def now(self):
        self.looks += 1
        return Stamp(0, 0, round(next(self._seconds) * NS_PER_S), "test")


@pytest.mark.usefixtures("broken_disk")
def test_a_failed_save_is_told_and_the_entry_stays_in_the_record(team):
    _, _, _, pad, _ = team
    told, failed = [], []
    pad.saved.add(told.append)
    pad.saving.failed.add(failed.append)

    note = pad.note("kept")

    assert told == []
    assert [str(error) for error in failed] == ["The disk cannot write."]
    assert pad.saving.unsaved == (note,)
    assert note in pad.record.entries


def test_what_failed_is_tried_again_and_saved_in_the_order_in_which_it_was_noted(team, broken_disk):
    house, therapist, _, pad, _ = team
    told = []
    pad.saved.add(told.append)
    notes = [pad.note(word) for word in ("one", "two", "three")]
    broken_disk["works"] = True

    house.program.tick()

    assert told == notes
    assert [note.text for _, note in house.on_disk(therapist, pad).of(Note)] == ["one", "two", "three"]


def test_quitting_writes_everything_that_was_still_on_its_way(tmp_path, make_house):
    """With a real thread and a slow disk: the vault is closed behind the last entry, never before it."""
    calls = queue.SimpleQueue()
    house = make_house(tmp_path, ThreadWorker("writer", calls.put, Seconds(itertools.repeat(0))))

    def settle(done):
        while not done:
            calls.get(timeout=30)()

    seats, patients, lives = [], [], []
    house.program.create_vault(house.vault, "Tess", frozenset({Role.THERAPIST}), PASS, seats.append, seats.append)
    settle(seats)
    seats.clear()
    house.program.sign_in("Tess", PASS, seats.append, seats.append)
    settle(seats)
    seats[0].add_patient("K-1", None, "", patients.append, patients.append)
    settle(patients)
    preset = shipped_protocols()[0]
    seats[0].start_session(patients[0], preset, Staffing.THERAPIST_ALONE, [seats[0].member], lives.append, lives.append)
    settle(lives)
    library, gate = house.program.library, threading.Event()
    append = library.append

    def slow(*arguments, **named):
        gate.wait(timeout=30)
        return append(*arguments, **named)

    library.append = slow
    notes = [lives[0].note(f"note {number}") for number in range(5)]
    threading.Timer(0.2, gate.set).start()

    assert house.program.close() == 0

    again = make_house(tmp_path, InlineWorker())
    again.program.open_vault(again.vault, [].append, pytest.fail)
    seat = again.sign_in("Tess")
    kept = again.on_disk(seat, lives[0]).entries
    assert set(notes) <= set(kept)
    again.program.close()


def test_quitting_while_the_disk_fails_says_how_many_entries_are_lost(team, broken_disk):
    house, _, _, pad, _ = team
    pad.note("one")
    pad.note("two")

    assert house.program.close() == 2


def test_a_compartment_that_cannot_be_written_holds_up_no_other(house, monkeypatch):
    seat = house.make("Pat, LCSW PA", Role.THERAPIST, Role.MEDICAL)
    live = house.start(seat, house.patient(seat), [seat.member])
    append = house.program.library.append

    def refuse_medical(keyring, compartment, entry, **named):
        if compartment == MEDICAL:
            raise InputOutput("The disk cannot write.")
        return append(keyring, compartment, entry, **named)

    with monkeypatch.context() as broken:
        broken.setattr(house.program.library, "append", refuse_medical)
        reading = live.log("128/76 72 98 14 s5")
        note = live.note("kept all the same")

        assert live.saving.unsaved == (reading,)
        assert note in house.on_disk(seat, live).entries
    house.program.tick()
    assert live.saving.unsaved == ()


def test_what_can_never_be_stored_is_refused_before_it_is_kept(team):
    _, _, _, pad, _ = team
    before = len(pad.record.entries)

    with pytest.raises(KapnotesError):
        pad.note("\U0001f469" * 600_000)
    after = pad.note("the next one")

    assert len(pad.record.entries) == before + 1
    assert pad.saving.unsaved == ()
    assert after in pad.record.entries


class LateNews(InlineWorker):
    """Does what is asked at once; while it *waits*, the news of it come later."""

    def __init__(self):
        self.waits, self.news = False, []

    def submit(self, job, done, failed):
        super().submit(job, (lambda outcome: self.news.append((done, outcome))) if self.waits else done, failed)


def test_an_entry_is_called_saved_by_every_window_with_the_same_news_and_not_before(tmp_path, make_house):
    worker = LateNews()
    house = make_house(tmp_path, worker)
    seat = house.make()
    live = house.start(seat, house.patient(seat), [seat.member])
    saved = []
    live.saved.add(lambda entry: saved.append((entry, live.saving.is_saved(entry.entry_id), live.saving.untold)))
    worker.waits = True
    note = live.note("kept")
    assert live.saving.unsaved == ()  # it is on the disk
    assert (live.saving.is_saved(note.entry_id), live.saving.untold) == (False, {note.entry_id})

    worker.waits = False
    for done, outcome in worker.news:
        done(outcome)
    house.program.close()

    assert saved[:1] == [(note, True, set())]


def test_a_listener_that_fails_keeps_no_entry_from_the_disk(team):
    house, therapist, _, pad, _ = team

    def fail(_):
        raise RuntimeError("a window at fault")

    pad.entry_added.add(fail)
    with pytest.raises(RuntimeError):
        pad.note("kept")
    pad.entry_added.remove(fail)

    assert [note.text for _, note in house.on_disk(therapist, pad).of(Note)] == ["kept"]


@pytest.fixture
def failing_disk():
    """A block in which the system refuses every write beyond the first 16 KiB of a file."""
    resource = pytest.importorskip("resource", reason="needs a limit of file sizes")

    @contextlib.contextmanager
    def block():
        soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
        resource.setrlimit(resource.RLIMIT_FSIZE, (16384, hard))
        try:
            yield
        finally:
            resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))

    return block


def test_what_the_disk_refuses_waits_in_a_second_place_and_is_saved_when_the_disk_is_back(team, failing_disk):
    house, therapist, crna, pad, _ = team
    told = []
    pad.saved.add(told.append)
    with failing_disk():
        notes = [pad.note(word) for word in ("one", "two", "three")]
        house.program.tick()
        assert told == []
        assert (pad.saving.elsewhere_count, pad.saving.at_risk_count, len(pad.saving.unsaved)) == (3, 0, 3)
        assert "second place" in str(house.program.care.notices[0])
        failed = []
        patients = []
        crna.list_patients(patients.extend, pytest.fail)
        preset = shipped_protocols()[0]
        crna.start_session(patients[0], preset, Staffing.CRNA_ALONE, [crna.member], failed.append, failed.append)
        assert "second place" in str(failed[0])
    house.program.tick()
    house.program.tick()

    assert told == notes
    assert pad.saving.unsaved == ()
    assert house.program.care.notices == ()
    assert [note.text for _, note in house.on_disk(therapist, pad).of(Note)] == ["one", "two", "three"]


def test_a_seat_locks_and_the_program_ends_though_the_disk_is_away_and_nothing_is_lost(team, failing_disk, make_house):
    house, therapist, _, pad, _ = team
    with failing_disk():
        note = pad.note("typed while the disk was away")
        house.program.lock(therapist)
        assert therapist.keyring.is_locked
        assert house.program.close() == 0
        assert house.program.care.left_elsewhere > 0

    again = make_house(house.folder, InlineWorker())
    again.program.open_vault(again.vault, [].append, pytest.fail)
    seat = again.sign_in("Tess, LCSW")
    assert note in again.on_disk(seat, pad).entries
    again.program.close()
    assert again.program.care.left_elsewhere == 0


def test_what_waited_while_the_keys_were_changed_elsewhere_is_in_the_record_of_who_signs_in(
    team, failing_disk, make_house
):
    house, _, crna, _, log = team
    with failing_disk():
        reading = log.log("128/76 72 98 14 s5")
        house.program.close()
    library = Library.open(house.vault, device_id="0b" * 16, entropy=os.urandom, clock=house.clock)
    tess = library.unlock("Tess, LCSW", PASS)
    guest = library.add_member(tess, "Guest", "a passphrase of a guest", frozenset({Role.MEDICAL}), cost=LIGHT)
    library.revoke_member(tess, guest.member_id)
    library.close()

    again = make_house(house.folder, InlineWorker())
    again.program.open_vault(again.vault, [].append, pytest.fail)
    again.sign_in("Tess, LCSW")
    assert crna.member.label in str(again.program.care.notices[0])
    seat = again.sign_in(crna.member.label)
    again.program.tick()
    assert reading in again.on_disk(seat, log).entries
    assert again.program.care.notices == ()
    again.program.close()
    assert check(house.vault, None, None, as_json=False, profile=house.program.profile.folder)[1] == 0


def test_verify_and_backup_mention_what_waits_in_a_second_place(team, failing_disk, make_house):
    house, _, _, pad, _ = team
    with failing_disk():
        pad.note("typed while the disk was away")
        house.program.close()
    text, code = check(house.vault, None, None, as_json=False, profile=house.program.profile.folder)

    assert "Entries wait in a second place" in text
    assert code == 0
    again = make_house(house.folder, InlineWorker())
    again.program.open_vault(again.vault, [].append, pytest.fail)
    again.program.close()
    text, _ = check(house.vault, None, None, as_json=False, profile=house.program.profile.folder)
    assert "second place" not in text


@pytest.mark.parametrize("places", [(SHARED, MEDICAL), (MEDICAL, SHARED)])
def test_a_compartment_that_waits_elsewhere_hides_no_other_that_is_not_saved(team, places):
    pad = team[3]
    entry = pad.note("kept")

    def append(written, _patient_id):
        raise SavedElsewhere("elsewhere") if written.compartment == SHARED else InputOutput("nowhere")

    pending = Pending(append, pytest.fail, "a1" * 16)
    for place in places:
        pending.add(Written(place, entry))
    with pytest.raises(InputOutput, match="nowhere"):
        pending.write()


def test_after_a_forgotten_passphrase_lines_go_to_the_process_notes_one_began_with():
    tess = Member("22" * 16, "Tess", frozenset({Role.THERAPIST}), "11" * 16)
    assert sheet_places(tess, None)[NOTE] == therapy_of("11" * 16)


def test_who_joins_a_running_session_changes_no_keys(team, monkeypatch):
    house, therapist, crna, _, _ = team
    house.program.lock(crna)
    asked = []
    unlock = house.program.library.unlock

    def heard(*arguments, **named):
        asked.append(named)
        return unlock(*arguments, **named)

    monkeypatch.setattr(house.program.library, "unlock", heard)
    house.sign_in("Carl, CRNA")
    house.program.close_seats()
    house.sign_in(therapist.member.label)
    assert asked == [{"may_change_keys": False}, {"may_change_keys": True}]


def test_who_gives_way_goes_on_when_the_work_is_done_and_never_waits_for_a_slow_disk(monkeypatch):
    turns = Seconds(itertools.count())  # each look at the clock is a second later: another turn of the windows
    worker = ThreadWorker("test", lambda call: call(), turns)
    seen, disk_is_ready = [], threading.Event()
    try:
        worker.submit(disk_is_ready.wait, seen.append, seen.append)
        worker.give_way()
        assert seen == []  # after a moment

        monkeypatch.setattr("kapnotes.app.worker.GIVE_WAY_S", 30)
        disk_is_ready.set()
        worker.submit(lambda: sum(range(1_000_000)), seen.append, seen.append)
        worker.give_way()
        assert seen == [True, 499_999_500_000]
        worker.submit(lambda: 1 / 0, seen.append, lambda error: seen.append(type(error)))
        worker.give_way()
        assert seen[2:] == [ZeroDivisionError]
    finally:
        worker.close()
    worker.submit(list, seen.append, lambda _: seen.append("too late"))
    worker.give_way()

    assert seen[3:] == ["too late"]


def test_several_entries_of_one_turn_stand_still_for_no_longer_than_one():
    times_s = [0, GIVE_WAY_S, GIVE_WAY_S, GIVE_WAY_S, TURN_S, TURN_S]  # began, over, two more entries, the next turn
    clock, disk_is_ready, seen = Seconds(times_s), threading.Event(), []
    worker = ThreadWorker("test", lambda call: call(), clock)
    try:
        worker.submit(disk_is_ready.wait, seen.append, seen.append)
        looks = []
        for _ in range(4):
            before = clock.looks
            worker.give_way()
            looks.append(clock.looks - before)
    finally:
        disk_is_ready.set()
        worker.close()

    assert looks == [2, 1, 1, 2]  # who stands still looks at the clock again afterwards


class Polite(InlineWorker):
    """Notes who had to give way to what."""

    def __init__(self):
        self.order = []

    def submit(self, job, done, failed):
        self.order.append("handed to the disk")
        super().submit(job, done, failed)

    def give_way(self):
        self.order.append("gave way")


def test_an_entry_is_sealed_before_the_windows_lay_out_its_row(tmp_path, make_house):
    worker = Polite()
    house = make_house(tmp_path, worker)
    seat = house.make()
    live = house.start(seat, house.patient(seat), [seat.member])
    live.entry_added.add(lambda _: worker.order.append("told to the windows"))
    worker.order.clear()
    live.note("kept")
    house.program.close()

    assert worker.order[:3] == ["handed to the disk", "gave way", "told to the windows"]


@pytest.mark.parametrize(
    ("roles", "place"),
    [
        ({Role.THERAPIST}, therapy_of("11" * 16)),
        ({Role.THERAPIST, Role.MEDICAL}, therapy_of("11" * 16)),
        ({Role.MEDICAL}, MEDICAL),
        (set(), None),
    ],
    ids=["therapist", "both", "nurse anaesthetist", "neither"],
)
def test_a_summary_that_is_put_together_stays_with_the_process_notes_where_there_are_any(roles, place):
    member = Member("11" * 16, "Tess", frozenset(roles), "11" * 16)

    assert sheet_places(member, None).get(SUMMARY) == place
