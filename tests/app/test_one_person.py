"""Who goes on after a forgotten passphrase is the same author: of every entry, under whichever id it was written."""

from datetime import date

import pytest

from kapnotes.app.audit_desk import AuditDesk
from kapnotes.app.keys import KeyDesk
from kapnotes.app.pending import Written
from kapnotes.app.recovery import RecoveryDesk
from kapnotes.app.signing import Signature
from kapnotes.domain.amending import read_amendment
from kapnotes.domain.custody import BreakGlass
from kapnotes.domain.entries import Authorization, Correction, Entry, Mark, Note, Release, Setting, Stage
from kapnotes.domain.errors import KapnotesError, SignedOff
from kapnotes.domain.members import MEDICAL, SHARED, Role
from kapnotes.domain.release import released_from
from kapnotes.domain.words import in_english
from kapnotes.vault.verify import verify
from tests.app.conftest import Caught

TESS = "Tess, LCSW"
TODAY = date(2026, 3, 4)
TO_INES = Authorization("Tess", "Ines, LMFT", "chosen lines", "integration", TODAY, "K-0142", TODAY)


def sheet(house, seat, compartment):
    desk, made = KeyDesk(house.program, seat), Caught()
    desk.make_sheet(compartment, made.append, made.failed)
    desk.confirm_sheet(compartment, "\n".join(made[0].lines), made.append, made.failed)
    return "\n".join(made[0].lines)


def forget(house, seat, passphrase):
    """Let a therapist forget the passphrase and go on with the sheet; return the seat under the new id."""
    paper = sheet(house, seat, seat.member.therapy)
    for other in tuple(house.program.seats):
        house.program.lock(other)
    desk, done = RecoveryDesk(house.program), Caught()
    desk.take(paper, done.append, done.failed)
    desk.recover(seat.member, passphrase, passphrase, done.append, done.failed)
    again = house.sign_in(seat.member.label)
    assert again.member.member_id != seat.member.member_id
    return again


def texts(record):
    return [note.text for _, note in record.of(Note)]


@pytest.fixture
def twice(house, passphrase):
    """A session with a note under each of three ids: house, the third seat, its live session, the notes' ids."""
    seat = house.make(TESS)
    house.add(seat, "Carl, CRNA", Role.MEDICAL)
    live = house.start(seat, house.patient(seat), [seat.member])
    notes = [live.note("under the first id").entry_id]
    live.setting("lamp down")
    live.enter_stage(Stage.CLOSED)
    for words in ("under the second id", "under the third id"):
        seat = forget(house, seat, passphrase)
        live = house.join(seat)
        notes.append(live.note(words).entry_id)
    return house, seat, live, notes


def test_entries_under_every_earlier_id_are_corrected_struck_and_taken_up_again(twice, passphrase):
    house, seat, live, (first, second, third) = twice
    live.correct(first, "a slip", Note("the first, corrected"))
    struck = live.correct(second, "belongs elsewhere", None)
    live.correct(third, "a slip", Note("the third, corrected"))
    assert texts(live.record) == texts(house.on_disk(seat, live)) == ["the first, corrected", "the third, corrected"]

    live.correct(struck.entry_id, "it does belong here", None)
    assert texts(house.on_disk(seat, live)) == ["the first, corrected", "under the second id", "the third, corrected"]
    house.program.close()
    assert not [one for one in verify(house.vault, label=TESS, passphrase=passphrase).findings if one.code]


def test_a_correction_made_under_an_earlier_id_is_corrected_again(twice, passphrase):
    house, seat, live, (_, second, _) = twice
    slip = live.correct(second, "a slip", Note("corrected once"))
    seat = forget(house, seat, passphrase)
    live = house.join(seat)
    assert texts(live.record)[1] == "corrected once"
    live.correct(slip.entry_id, "again", Note("corrected twice"))
    assert texts(house.on_disk(seat, live))[1] == "corrected twice"


def test_a_colleague_sees_the_correction_and_makes_none(twice):
    house, _, live, _ = twice
    (lamp,) = [entry for entry, _ in live.record.of(Setting)]
    seat = house.sign_in("Carl, CRNA")
    carl = house.join(seat)
    with pytest.raises(KapnotesError, match="Only the author corrects"):
        carl.correct(lamp.entry_id, "no", Setting("lamp up"))
    live.correct(lamp.entry_id, "a slip", Setting("lamp off"))

    assert [setting.text for _, setting in carl.record.of(Setting)] == ["lamp off"]
    assert [setting.text for _, setting in house.on_disk(seat, live).of(Setting)] == ["lamp off"]


def test_a_colleagues_forged_correction_changes_nothing(twice):
    house, seat, live, _ = twice
    (lamp,) = [entry for entry, _ in live.record.of(Setting)]
    carl, now = house.sign_in("Carl, CRNA"), house.clock.now()
    forged = Correction(lamp.entry_id, "no", Setting("lamp up"))
    entry = Entry("ab" * 16, live.scope_id, carl.member.member_id, now, now, forged)
    carl.append(Written(SHARED, entry), live.patient_id)

    assert forged in [one.body for one in house.on_disk(seat, live).entries]
    assert [setting.text for _, setting in house.on_disk(seat, live).of(Setting)] == ["lamp down"]


def test_lines_of_every_id_are_marked_for_the_summary_and_taken_back(twice, passphrase):
    house, seat, live, _ = twice
    notes = [entry for entry, _ in live.record.of(Note)]
    live.release(TO_INES, notes)
    (released,) = released_from(house.on_disk(seat, live), TODAY, TO_INES.recipient)
    assert list(released.entries) == notes

    live = house.join(forget(house, seat, passphrase))
    assert released_from(live.record, TODAY, TO_INES.recipient)[0].entries == tuple(notes)
    for entry, _ in live.record.of(Release):
        live.revoke(entry.entry_id, "revoked by the patient")
    assert released_from(live.record, TODAY, TO_INES.recipient) == ()


def test_what_was_signed_under_an_older_id_takes_an_addendum_and_no_mark(twice, passphrase):
    house, seat, live, (_, second, _) = twice
    done = Caught()
    live.signing.sign(Signature("Tess Roe", "LCSW", "complete and accurate"), done.append, done.failed)
    for _ in range(2):
        seat = forget(house, seat, passphrase)
        live = house.join(seat)
        assert live.signing.signed() is not None
        with pytest.raises(SignedOff, match="You signed at"):
            live.mark("tears")
        with pytest.raises(SignedOff, match="signed this session already"):
            live.signing.sign(Signature("Tess Roe", "LCSW", "again"), pytest.fail, pytest.fail)
    added = live.amend(read_amendment("add remembered later: it was the door"), Note("it was the door"))
    struck = live.correct(second, "belongs elsewhere", None)

    record = house.on_disk(seat, live)
    assert texts(record) == ["under the first id", "under the third id", "it was the door"]
    assert record.is_after_signature(added)
    assert record.is_after_signature(struck)
    assert record.of(Mark) == []
    house.program.close()
    assert not [one for one in verify(house.vault, label=TESS, passphrase=passphrase).findings if one.code]


def test_the_trail_names_her_under_every_id_and_whoever_has_left(twice):
    house, seat, _, _ = twice
    gone, told = Caught(), Caught()
    carl = house.sign_in("Carl, CRNA")
    KeyDesk(house.program, seat).revoke(carl.member, gone.append, gone.failed)
    AuditDesk(seat, in_english).read(None, told.append, told.failed)

    assert {row.who for row in told.last.rows} == {TESS, "Carl, CRNA"}
    assert len({entry.author_id for entry in house.program.library.trail(seat.keyring).entries}) == 4


def test_an_emergency_that_was_acknowledged_stays_so_under_a_new_id(house, passphrase):
    seat = house.make(TESS)
    paper = sheet(house, seat, MEDICAL)
    house.program.library.lock(house.program.library.break_glass(paper, "unresponsive"))
    told, done = Caught(), Caught()
    KeyDesk(house.program, seat).notices(told.append, told.failed)
    (notice,) = told.last
    assert notice.reason == BreakGlass("unresponsive").reason
    KeyDesk(house.program, seat).acknowledge(notice, done.append, done.failed)
    sheets = [paper, sheet(house, seat, seat.member.therapy)]
    house.program.lock(seat)
    desk = RecoveryDesk(house.program)
    for one in sheets:
        desk.take(one, done.append, done.failed)
    desk.recover(seat.member, passphrase, passphrase, done.append, done.failed)
    KeyDesk(house.program, house.sign_in(TESS)).notices(told.append, told.failed)
    assert told.last == []
