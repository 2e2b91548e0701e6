"""Deleting a patient: who may, when, what is seen afterwards, and a backup that brings the patient back."""

import shutil

import pytest

from kapnotes.app import quiet
from kapnotes.app.anchors import Anchors
from kapnotes.app.deleting import DeletingDesk
from kapnotes.app.returned import Returned
from kapnotes.domain.entries import Audit, Stage
from kapnotes.domain.errors import KapnotesError, PatientDeleted
from kapnotes.domain.members import Role
from kapnotes.vault.library import VAULT_SCOPE

TESS, CARL = "Tess, LCSW", "Carl, CRNA"


def nobody(*_):
    """Listen to no progress."""


def reopened(make_house, house):
    again = make_house(house.folder)
    again.program.open_vault(house.vault, nobody, again.program.tell_trouble)
    return again


@pytest.fixture
def filled(make_house, tmp_path, caught):
    """Therapist and CRNA, two patients, a closed session with the first; the vault is closed."""
    house = make_house(tmp_path)
    tess = house.make(TESS, Role.THERAPIST)
    house.add(tess, CARL, Role.MEDICAL)
    carl = house.sign_in(CARL)
    pad = house.start(tess, house.patient(tess), [tess.member, carl.member])
    pad.note("an evening")
    for stage in (Stage.DOSING, Stage.RETURN, Stage.CLOSING, Stage.CLOSED):
        pad.enter_stage(stage)
    house.patient(tess, "K-0143")
    house.program.close()
    return house


@pytest.fixture
def opened(filled, make_house):
    house = reopened(make_house, filled)
    yield house, house.sign_in(TESS), house.sign_in(CARL)
    house.program.close()


def cards_of(seat, caught):
    done = caught()
    seat.list_patients(done.append, done.failed)
    seat.list_sessions(done.append, done.failed)
    return done


def codes(cards):
    return [card.details.code for card in cards]


def delete(house, seat, caught, typed="k-0142 "):
    desk, done = DeletingDesk(house.program, seat), caught()
    desk.patients(done.append, done.failed)
    card = next(card for card in done.last if card.details.code == "K-0142")
    desk.delete(card, typed, done.append, done.failed)
    assert done.last is None
    return card


def test_the_patient_and_the_sessions_are_on_no_list_of_anybody(opened, caught):
    house, tess, carl = opened
    delete(house, tess, caught)
    for seat in (tess, carl):
        patients, sessions = cards_of(seat, caught)
        assert (codes(patients), sessions) == (["K-0143"], [])
    assert codes([house.patient(tess, "K-0142")]) == ["K-0142"], "the code is free again"


def test_what_another_window_still_shows_opens_and_begins_nothing(opened, caught):
    house, tess, carl = opened
    patients, (session,) = cards_of(carl, caught)
    delete(house, tess, caught)
    said = caught()
    carl.open_session(session, said.failed, said.append)
    with pytest.raises(PatientDeleted):
        house.start(carl, patients[0], [carl.member])
    assert [type(error) for error in said] == [PatientDeleted]


def test_the_code_is_typed_once_more(opened, caught):
    house, tess, _ = opened
    with pytest.raises(KapnotesError, match="code once more"):
        delete(house, tess, caught, typed="K-0143")
    assert codes(cards_of(tess, caught)[0]) == ["K-0142", "K-0143"]


def test_only_an_administrator_deletes(opened, caught):
    house, _, carl = opened
    with pytest.raises(KapnotesError, match="Only an administrator"):
        delete(house, carl, caught)


def test_while_a_session_of_anybody_runs_nobody_is_deleted(opened, caught):
    house, tess, carl = opened
    house.start(carl, house.patient(carl, "K-0144"), [carl.member])
    with pytest.raises(KapnotesError, match="A session is running"):
        delete(house, tess, caught)


def test_who_had_the_record_open_signs_in_anew(opened, caught):
    house, tess, carl = opened
    house.join(carl)
    house.join(tess)
    with pytest.raises(KapnotesError, match="lock, sign in again"):
        delete(house, tess, caught)
    house.program.lock(tess)
    tess = house.sign_in(TESS)
    delete(house, tess, caught)
    assert carl.is_locked
    assert house.program.seats == [tess]


# ------------------------------------------------------------------------------------------------ a restored backup


@pytest.fixture
def restored(filled, make_house, caught):
    """A house whose patient was deleted after the backup that was restored; nobody is signed in yet."""
    house = reopened(make_house, filled)
    tess = house.sign_in(TESS)
    path = house.folder / "before.kapbackup"
    house.program.library.backups.make_as(path, nobody)
    card = delete(house, tess, caught)
    assert Anchors(house.folder / "profile").last_seen(house.program.library.vault_id).shredded == (card.patient_id,)
    house.program.close()
    shutil.rmtree(house.vault)
    quiet.bring_back(house.program, path, house.vault, with_findings=False, tell=nobody)
    again = reopened(make_house, filled)
    yield again
    again.program.close()


def audits(house, seat):
    entries = house.program.library.read(seat.keyring, VAULT_SCOPE).entries
    return [entry.body.action for entry in entries if isinstance(entry.body, Audit)]


def test_who_was_deleted_is_deleted_again_and_it_is_told(restored, make_house, caught):
    tess = restored.sign_in(TESS)
    assert tess.returned == Returned(1, is_deleted_again=True)
    assert codes(cards_of(tess, caught)[0]) == ["K-0143"]
    assert audits(restored, tess).count("deleted again") == 1
    restored.program.close()
    restored.program.close = nobody
    later = reopened(make_house, restored)
    tess = later.sign_in(TESS)
    assert tess.returned is None
    assert audits(later, tess).count("deleted again") == 1
    later.program.close()


def test_who_is_no_administrator_is_told_that_one_has_to_sign_in(restored, caught):
    carl = restored.sign_in(CARL)
    assert carl.returned == Returned(1, is_deleted_again=False)
    assert codes(cards_of(carl, caught)[0]) == ["K-0142", "K-0143"]
    assert restored.sign_in(TESS).returned == Returned(1, is_deleted_again=True)
    assert codes(cards_of(carl, caught)[0]) == ["K-0143"]


def test_a_vault_that_is_no_copy_does_not_believe_the_profile(restored, caught):
    (restored.vault / "restored").unlink()
    tess = restored.sign_in(TESS)
    assert tess.returned is None
    assert codes(cards_of(tess, caught)[0]) == ["K-0142", "K-0143"]
