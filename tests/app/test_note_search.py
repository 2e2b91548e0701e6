"""Search in the notes of whoever is signed in, and in nobody else's; nothing of what was looked for is kept."""

import gc
import secrets

import pytest

from kapnotes.app.audit_desk import AuditDesk
from kapnotes.app.note_search import NoteSearch
from kapnotes.domain.entries import Block, Note
from kapnotes.domain.errors import InputOutput, NotEntitled
from kapnotes.domain.members import Role
from kapnotes.domain.searching import read_question
from kapnotes.domain.words import in_english

CANARY = "Zitronenfalter"


def found(seat, typed):
    told = []
    NoteSearch(seat).begin(read_question(typed), told.append, pytest.fail)
    return told


def lines(told):
    return [hit.excerpt.line for looked in told for hit in looked.hits]


@pytest.fixture
def course(house):
    """Three sessions of a patient, each with notes of the therapist."""
    seat = house.make("Tess, LCSW", Role.THERAPIST)
    patient = house.patient(seat)
    for number in (1, 2, 3):
        live = house.start(seat, patient, [seat.member])
        live.note(f"water number {number}")
        live.note("hands unclench")
        house.clock.advance(3600)
    return house, seat


def test_the_newest_session_comes_first_and_each_is_counted(course):
    _, seat = course
    told = found(seat, "water")

    assert lines(told) == ["water number 3", "water number 2", "water number 1"]
    assert [(looked.read, looked.all, looked.is_done) for looked in told] == [
        (1, 3, False),
        (2, 3, False),
        (3, 3, True),
    ]
    assert [hit.card.opened.number for looked in told for hit in looked.hits] == [3, 2, 1]


def test_time_since_the_dose_comes_from_the_medical_record(team):
    house, therapist, _, pad, log = team
    log.log("inf 35/40 hold no cuff")
    house.clock.advance(600)
    pad.note("water")

    assert [hit.elapsed_s for looked in found(therapist, "water") for hit in looked.hits] == [600]


def test_intentions_blocks_and_check_ins_are_looked_through_and_nothing_of_the_others(team):
    _, therapist, _, pad, log = team
    pad.intention("water of the intention")
    pad.check_in("water of the check-in")
    pad.narrative(Block.WORDS, "water of the block")
    log.log("ae water mild: water")
    pad.setting("water in the room")

    assert sorted(lines(found(therapist, "water"))) == [
        "water of the block", "water of the check-in", "water of the intention",
    ]  # fmt: skip


def test_what_was_corrected_is_found_as_it_stands(course):
    _, seat = course
    live = next(iter(seat.live.values()))
    note = live.record.of(Note)[0][0]
    live.correct(note.entry_id, "typed wrong", Note("fire"))

    assert len(lines(found(seat, "fire"))) == 1
    assert len(lines(found(seat, "water"))) == 2


def test_another_therapists_words_are_never_found_and_never_read(house):
    tess = house.make("Tess, LCSW", Role.THERAPIST)
    house.add(tess, "Ines, PhD", Role.THERAPIST)
    ines = house.sign_in("Ines, PhD")
    patient = house.patient(tess)
    hers = house.start(tess, patient, [tess.member, ines.member])
    hers.note(f"{CANARY} of Tess")
    his = house.join(ines)
    his.note(f"{CANARY} of Ines")

    assert lines(found(tess, CANARY)) == [f"{CANARY} of Tess"]
    assert lines(found(ines, CANARY)) == [f"{CANARY} of Ines"]
    assert {looked.unread for looked in found(ines, CANARY)} == {0}


def test_who_is_no_therapist_has_nothing_to_search(team):
    _, _, crna, _, _ = team
    with pytest.raises(NotEntitled, match="Only a therapist"):
        NoteSearch(crna)


def test_the_trail_says_once_that_was_searched_and_never_for_what(course):
    _, seat = course
    search = NoteSearch(seat)
    for typed in (CANARY, "water"):
        search.begin(read_question(typed), lambda _: None, pytest.fail)

    rows = AuditDesk(seat, in_english).everything()
    assert sum(row.what == "searched the own process notes" for row in rows) == 1
    assert CANARY not in str(rows)


class LaterWorker:
    """Keeps jobs until it is told to run the next one."""

    def __init__(self):
        self.jobs = []

    def submit(self, job, done, failed):
        self.jobs.append((job, done, failed))

    def run_one(self):
        job, done, failed = self.jobs.pop(0)
        try:
            outcome = job()
        except Exception as error:
            failed(error)
        else:
            done(outcome)


def test_another_question_stops_the_one_before_which_reads_no_further(course, monkeypatch):
    house, seat = course
    search, old, new = NoteSearch(seat), [], []
    worker = LaterWorker()
    monkeypatch.setattr(house.program, "worker", worker)
    search.begin(read_question("water"), old.append, pytest.fail)
    while not old:
        worker.run_one()
    search.begin(read_question("hands"), new.append, pytest.fail)
    while worker.jobs:
        worker.run_one()

    assert len(old) == 1
    assert len(lines(new)) == 3


def test_no_more_than_one_session_waits_in_front_of_a_note(course, monkeypatch):
    house, seat = course
    worker = LaterWorker()
    search = NoteSearch(seat)
    search.begin(read_question("water"), lambda _: None, pytest.fail)
    monkeypatch.setattr(house.program, "worker", worker)
    search.begin(read_question("water"), lambda _: None, pytest.fail)
    waiting = []
    while worker.jobs:
        waiting.append(len(worker.jobs))
        worker.run_one()

    assert set(waiting) == {1}
    assert len(waiting) == 1 + 2 * 3


def test_what_could_not_be_read_is_counted_and_the_rest_is_found(course, monkeypatch):
    house, seat = course
    read, reads = house.program.library.read, []

    def damaged(keyring, scope_id, *, only=None):
        reads.append(scope_id)
        if len(reads) == 1:
            raise InputOutput("The disk cannot read.")
        return read(keyring, scope_id, only=only)

    monkeypatch.setattr(house.program.library, "read", damaged)
    told = found(seat, "water")

    assert lines(told) == ["water number 2", "water number 1"]
    assert told[-1].unread == 1


def test_a_seat_that_was_locked_meanwhile_reads_nothing(course, monkeypatch):
    house, seat = course
    worker, told = LaterWorker(), []
    search = NoteSearch(seat)
    search.begin(read_question("nothing there"), lambda _: None, pytest.fail)
    inline = house.program.worker
    monkeypatch.setattr(house.program, "worker", worker)
    search.begin(read_question("water"), told.append, pytest.fail)
    worker.run_one()
    monkeypatch.setattr(house.program, "worker", inline)
    house.program.lock(seat)
    worker.run_one()

    assert lines(told) == []


def test_nothing_that_was_read_stays_in_memory_when_the_search_is_over(course):
    _, seat = course
    live = next(iter(seat.live.values()))
    word = f"water{secrets.token_hex(8)}"  # other tests of this process may hold notes of their own
    live.note(f"the {word} note")
    told = found(seat, word)
    assert lines(told) == [f"the {word} note"]
    seat.live.clear()
    del live, told
    gc.collect()

    held = [one for one in gc.get_objects() if isinstance(one, Note)]
    assert not [one for one in held if word in str(one.text)]
