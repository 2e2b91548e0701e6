"""Signing in a live session: what is signed is on the disk, and afterwards the record only grows by additions."""

from decimal import Decimal

import pytest

from kapnotes.app.signing import Signature
from kapnotes.domain.custody import SignOff
from kapnotes.domain.entries import (
    Addendum,
    Authorization,
    Block,
    LateEntry,
    Narrative,
    Note,
    Release,
    SummaryIssued,
    Vitals,
)
from kapnotes.domain.errors import Implausible, InputOutput, KapnotesError, Misread, SignedOff
from kapnotes.domain.members import MEDICAL, SHARED, Role, therapy_of
from kapnotes.vault.compartment_file import CompartmentFile
from kapnotes.vault.verify import verify
from tests.app.conftest import PASSPHRASE

SIGNATURE = Signature("Carl", "CRNA", "complete and accurate")


def sign(live, signature=SIGNATURE):
    done, failed = [], []
    live.signing.sign(signature, done.append, failed.append)
    return done, failed


def test_a_sign_off_covers_every_part_of_the_own_record_with_the_ends_of_its_logs(team):
    house, _, crna, pad, log = team
    log.log("120/70 70 98 14")
    pad.note("tears")

    (entries,), _ = sign(log)

    assert [entry.body.compartment for entry in entries] == [SHARED, MEDICAL]
    assert {entry.body.logs[-1].seq for entry in entries if entry.body.compartment == MEDICAL} == {1}
    assert set(entries) <= set(house.on_disk(crna, log).entries)
    assert log.record.is_signed(crna.member.member_id, MEDICAL)
    assert pad.record.is_signed(crna.member.member_id, MEDICAL), "the other seat hears of it"


def test_name_credential_and_meaning_stand_as_they_were_given(team):
    _, _, _, _, log = team
    (entries,), _ = sign(log, Signature("  Carl\nMuster ", "CRNA", "complete"))

    assert {(entry.body.name, entry.body.credential, entry.body.meaning) for entry in entries} == {
        ("Carl Muster", "CRNA", "complete")
    }


@pytest.mark.parametrize("signature", [Signature(" ", "CRNA", "complete"), Signature("Carl", "", "")])
def test_a_signature_without_name_or_meaning_is_none(team, signature):
    _, _, _, _, log = team

    with pytest.raises(KapnotesError, match="printed name and its meaning"):
        sign(log, signature)
    log.log("120/70")


@pytest.mark.parametrize("rubbish", ["Tess\u202e, WCSL", "T" * 121, "x\0y", "=1+1 " * 200_000])
def test_a_name_that_no_page_would_show_is_refused_and_nothing_is_signed(team, rubbish):
    pad = team[3]
    for signature in (Signature(rubbish, "LCSW", "mine"), Signature("Tess", rubbish, "mine")):
        with pytest.raises(KapnotesError, match=r"characters|nobody sees"):
            pad.signing.sign(signature, pytest.fail, pytest.fail)
    assert pad.signing.signed() is None
    assert not pad.signing.is_under_way


def test_after_it_nothing_is_noted_without_a_reason(team):
    house, _, crna, _, log = team
    sign(log)
    before = list(log.record.entries)

    for note in (lambda: log.log("120/70"), lambda: log.signal("come"), lambda: log.keep(Vitals(Decimal(120)))):
        with pytest.raises(SignedOff, match="late 14:05 why: what"):
            note()

    assert log.record.entries == before
    assert log.saving.unsaved == ()
    assert house.on_disk(crna, log).entries == before


def test_a_therapist_who_has_signed_notes_nothing_by_any_key(team):
    _, _, _, pad, _ = team
    sign(pad)

    for note in (
        lambda: pad.note("tears"),
        lambda: pad.mark("body"),
        lambda: pad.toggle_state("quiet"),
        pad.check_in,
        lambda: pad.setting("lamp"),
        lambda: pad.intention("to look"),
    ):
        with pytest.raises(SignedOff):
            note()


def test_the_other_clinician_goes_on(team):
    house, _, crna, pad, log = team
    sign(pad)

    entry = log.log("120/70 70 98 14")

    assert entry in house.on_disk(crna, log).entries


def test_a_late_line_of_the_log_is_a_late_entry_at_its_time(team):
    house, _, crna, _, log = team
    house.clock.advance(3600)
    sign(log)
    house.clock.advance(600)

    entry = log.log("late 13:20 the cuff was off: 130/80 70 97 14")

    assert isinstance(entry.body, LateEntry)
    assert f"{entry.happened.local():%H:%M}" == "13:20"
    assert entry.body.reason == "the cuff was off"
    assert entry in house.on_disk(crna, log).entries
    assert log.record.newest(Vitals).systolic_mmhg == Decimal(130)


def test_an_added_line_is_an_addendum_now(team):
    house, _, crna, _, log = team
    sign(log)

    entry = log.log("add told at the door: ae nausea mild: waited")

    assert isinstance(entry.body, Addendum)
    assert entry.happened == entry.entered
    assert entry in house.on_disk(crna, log).entries


def test_a_fault_in_an_added_line_is_pointed_at_in_the_whole_line(team):
    _, _, _, _, log = team
    sign(log)

    with pytest.raises(Misread) as misread:
        log.log("add why: 120/x")

    assert misread.value.column >= len("add why: ")


def test_a_time_outside_the_session_is_refused(team):
    _, _, _, _, log = team
    sign(log)

    with pytest.raises(Implausible, match="had not begun"):
        log.log("late 11:00 why: 120/70")


def test_what_is_done_with_a_signed_record_goes_on(team):
    house, therapist, _, pad, _ = team
    note = pad.note("tears")
    sign(pad)

    pad.keep(SummaryIssued("summary", "I", 0, "00"))
    words = pad.narrative(Block.WORDS, "water")
    today = house.clock.now().local().date()
    released = pad.release(Authorization("T", "I", "lines", "integration", today, "P", today), [note])
    pad.revoke(released.entry_id, "revoked by the patient")

    record = house.on_disk(therapist, pad)
    assert record.of(Release) == []
    assert [narrative.text for _, narrative in record.of(Narrative)] == ["water"]
    assert isinstance(words.body, Addendum)


def test_a_correction_by_its_author_is_an_amendment(team):
    house, therapist, _, pad, _ = team
    note = pad.note("tears")
    sign(pad)

    correction = pad.correct(note.entry_id, "the other eye", Note("tears on the left"))
    pad.correct(correction.entry_id, "it was right at first", None)

    standing = house.on_disk(therapist, pad).as_it_stands(note)
    assert standing.body == Note("tears")


def test_it_is_signed_once(team):
    _, _, _, _, log = team
    sign(log)

    with pytest.raises(SignedOff, match="already"):
        sign(log)


def test_a_clock_that_jumps_is_marked_by_who_has_not_signed(team):
    house, _, _, pad, log = team
    sign(pad)
    house.program.tick()
    house.clock.jump(3600)
    house.program.tick()
    assert log.saving.unsaved == pad.saving.unsaved == ()

    sign(log)
    house.clock.jump(-3600)
    house.program.tick()
    assert log.saving.unsaved == pad.saving.unsaved == ()
    assert verify_of(house, "Tess, LCSW") == ()


def verify_of(house, label):
    house.program.close()
    return verify(house.vault, label=label, passphrase=PASSPHRASE).findings


def test_a_session_that_is_opened_again_is_still_signed(team):
    house, _, crna, _, log = team
    sign(log)
    house.program.lock(crna)
    again = house.join(house.sign_in("Carl, CRNA"))

    with pytest.raises(SignedOff):
        again.log("120/70")
    again.log("add why: 120/70 70 98 14")


def test_one_person_with_both_roles_signs_all_three_parts(house):
    seat = house.make("Bo, PA", Role.THERAPIST, Role.MEDICAL)
    live = house.start(seat, house.patient(seat), [seat.member])
    live.note("tears")
    live.log("120/70 70 98 14")

    (entries,), _ = sign(live)

    assert [entry.body.compartment for entry in entries] == [SHARED, MEDICAL, therapy_of(seat.member.member_id)]
    assert verify_of(house, "Bo, PA") == ()


def let_shared_fail(monkeypatch, times):
    left, write = [times], CompartmentFile.write

    def failing(file, *rows, **how):
        if file.name == "shared.kapdb" and left[0]:
            left[0] -= 1
            raise InputOutput("The disk is full.")
        return write(file, *rows, **how)

    monkeypatch.setattr(CompartmentFile, "write", failing)


def test_a_sign_off_that_the_disk_does_not_take_is_said_and_comes_through_by_itself(team, monkeypatch):
    house, _, crna, _, log = team
    log.log("120/70 70 98 14")
    let_shared_fail(monkeypatch, 3)

    done, failed = sign(log)
    assert (done, len(failed)) == ([], 1)
    assert log.signing.is_under_way
    with pytest.raises(SignedOff, match="not on the disk yet"):
        log.log("120/70")
    with pytest.raises(SignedOff, match="not on the disk yet"):
        sign(log)

    house.program.tick()
    house.program.tick()

    assert not log.signing.is_under_way
    assert log.record.is_signed(crna.member.member_id, MEDICAL)
    assert len(house.on_disk(crna, log).sign_offs) == 2
    assert verify_of(house, "Carl, CRNA") == ()


def test_a_lock_waits_for_a_sign_off_on_its_way(team, monkeypatch):
    house, _, crna, _, log = team
    let_shared_fail(monkeypatch, 2)
    sign(log)

    house.program.lock(crna)

    again = house.sign_in("Carl, CRNA")
    assert len(house.on_disk(again, log).sign_offs) == 2


def test_the_other_seat_hears_of_a_sign_off_that_came_through_after_its_seat_had_locked(team, monkeypatch):
    house, _, crna, pad, log = team
    told, broken = [], [InputOutput("The disk is away.")]
    append_all = house.program.library.append_all

    def append_unless_broken(*what, **how):
        if broken:
            raise broken[0]
        append_all(*what, **how)

    monkeypatch.setattr(house.program.library, "append_all", append_unless_broken)
    pad.entry_added.add(told.append)
    sign(log)
    house.program.lock(crna)
    assert not crna.keyring.is_locked
    assert not pad.record.is_signed(crna.member.member_id, MEDICAL)

    broken.clear()
    house.program.tick()

    assert crna.keyring.is_locked
    assert pad.record.is_signed(crna.member.member_id, MEDICAL)
    assert [entry.body.compartment for entry in told if isinstance(entry.body, SignOff)] == [SHARED, MEDICAL]
    assert pad.saving.untold == set()
    assert len(house.on_disk(house.sign_in("Carl, CRNA"), log).sign_offs) == 2


def test_a_sign_off_that_waits_on_another_disk_when_its_seat_locks_is_seen_in_the_other_seat(team, monkeypatch):
    house, _, crna, pad, log = team
    let_shared_fail(monkeypatch, 4)
    sign(log)
    house.program.lock(crna)

    assert crna.keyring.is_locked
    assert pad.record.is_signed(crna.member.member_id, MEDICAL)
    for _ in range(3):
        house.program.tick()
    assert len(house.on_disk(house.sign_in("Carl, CRNA"), log).sign_offs) == 2
