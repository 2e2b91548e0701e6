from collections import Counter
from decimal import Decimal

import pytest

from kapnotes.app.seat import read_weight_kg
from kapnotes.app.staffing import staffing_of
from kapnotes.domain.entries import Audit, ClockJump, Staffing
from kapnotes.domain.errors import Implausible, KapnotesError, WrongPassphrase
from kapnotes.domain.members import Member, Role
from kapnotes.vault.library import VAULT_SCOPE


def member(*roles):
    return Member("0" * 32, "somebody", frozenset(roles))


def test_the_four_ways_a_room_is_staffed_follow_from_who_is_in_it():
    therapist, crna = member(Role.THERAPIST), member(Role.MEDICAL)
    both, administrator = member(Role.THERAPIST, Role.MEDICAL), member(Role.ADMIN)

    assert staffing_of([therapist, crna]) is Staffing.TEAM
    assert staffing_of([both]) is Staffing.ONE_PERSON_BOTH_ROLES
    assert staffing_of([crna, administrator]) is Staffing.CRNA_ALONE
    assert staffing_of([therapist]) is Staffing.THERAPIST_ALONE
    assert staffing_of([administrator]) is None


def test_a_wrong_passphrase_signs_nobody_in(house):
    house.make()
    house.program.close_seats()
    outcomes = []

    house.program.sign_in("Tess, LCSW", "not the passphrase", outcomes.append, outcomes.append)

    assert isinstance(outcomes[0], WrongPassphrase)
    assert house.program.seats == []


def test_nobody_is_signed_in_twice(house):
    house.make()
    outcomes = []

    house.program.sign_in(" tess, lcsw", "otter lagoon violin cedar", outcomes.append, outcomes.append)

    assert "signed in already" in str(outcomes[0])


def test_a_code_stands_for_one_patient(house):
    seat = house.make()
    house.patient(seat, "K-0142")

    with pytest.raises(KapnotesError, match="already in the list"):
        house.patient(seat, "k-0142 ")


@pytest.mark.parametrize("code", ["", "   ", "x" * 41])
def test_a_patient_needs_a_code_of_a_code_s_length(house, code):
    seat = house.make()

    with pytest.raises(KapnotesError, match="1 to 40"):
        house.patient(seat, code)


def test_sessions_of_a_patient_are_counted_from_one_and_listed_newest_first(house, caught):
    seat = house.make()
    patient, other = house.patient(seat, "K-1"), house.patient(seat, "K-2")
    for chosen in (patient, patient, other):
        house.start(seat, chosen, [seat.member])
        house.clock.advance(86_400)
    done = caught()

    seat.list_sessions(done.append, done.failed)

    assert [(card.opened.patient_code, card.opened.number) for card in done.last] == [
        ("K-2", 1),
        ("K-1", 2),
        ("K-1", 1),
    ]


def test_patients_are_listed_by_code_with_their_newest_details(house, caught):
    seat = house.make()
    house.patient(seat, "K-2", Decimal("70.5"))
    house.patient(seat, "K-1")
    done = caught()

    seat.list_patients(done.append, done.failed)

    assert [(card.details.code, card.details.weight_kg) for card in done.last] == [
        ("K-1", None),
        ("K-2", Decimal("70.5")),
    ]


def test_a_session_that_is_open_already_is_the_same_one(team):
    house, therapist, _, pad, _ = team

    assert house.join(therapist) is pad


def test_a_session_opened_again_the_next_day_has_all_its_entries(team):
    house, therapist, crna, pad, log = team
    pad.note("first day")
    house.clock.advance(60)
    log.log("128/76 72 98 14")
    label = therapist.member.label
    house.program.lock(therapist)

    again = house.join(house.sign_in(label))

    assert [type(entry.body).__name__ for entry in again.record.entries] == [
        "SessionOpened",
        "Phase",
        "Note",
        "Vitals",
    ]
    assert crna.member.label in {person.label for person in again.record.opened.participants}


def test_signing_in_opening_and_locking_stand_in_the_audit_trail(team):
    house, therapist, crna, _, _ = team
    house.program.lock(therapist)

    trail = house.program.library.read(crna.keyring, VAULT_SCOPE).entries
    actions = Counter(entry.body.action for entry in trail if isinstance(entry.body, Audit))

    assert actions == {"signed in": 2, "member added": 1, "opened": 2, "locked": 1}


def test_the_words_of_a_locked_seat_are_not_kept_in_memory_by_the_program(team):
    house, therapist, _, _, _ = team
    house.program.lock(therapist)

    assert therapist not in house.program.seats
    with pytest.raises(KapnotesError):
        house.program.library.read(therapist.keyring, VAULT_SCOPE)


@pytest.mark.parametrize(("text", "weight"), [("70", "70.0"), ("70,55", "70.6"), (" ", None)])
def test_a_weight_is_read_as_kg(text, weight):
    assert read_weight_kg(text) == (None if weight is None else Decimal(weight))


@pytest.mark.parametrize("text", ["abc", "0", "19.9", "351", "nan", "inf", "1e9", "-70"])
def test_a_weight_that_is_none_is_refused_in_one_line(text):
    with pytest.raises(Implausible):
        read_weight_kg(text)


def test_a_clock_that_was_set_back_while_the_laptop_was_off_is_marked_when_the_session_is_opened(team):
    house, therapist, crna, _, log = team
    log.log("inf 35/40 hold no cuff")
    house.clock.advance(600)
    log.log("128/76 72 98 14 s5")
    for seat in (therapist, crna):
        house.program.lock(seat)
    house.clock.reboot("second start")
    house.clock.jump(-3600)

    live = house.join(house.sign_in("Carl, CRNA"))

    (jump,) = [entry.body for entry in live.record.entries if isinstance(entry.body, ClockJump)]
    assert jump.jump_s < 0
    assert live.elapsed_s() >= 600


def test_failed_sign_ins_stand_in_the_audit_trail_of_the_next_who_signs_in(house):
    tess = house.make("Tess, LCSW", Role.THERAPIST)
    house.add(tess, "Carl, CRNA", Role.MEDICAL)
    failed = []
    for _ in range(2):
        house.clock.advance(60)
        house.program.sign_in("Carl, CRNA", "certainly not this one", failed.append, failed.append)
    tried_at = house.clock.now()
    house.clock.advance(600)
    carl = house.sign_in("Carl, CRNA")

    entries = house.program.library.read(carl.keyring, VAULT_SCOPE).entries
    audits = [entry for entry in entries if entry.body.action == "sign-in failed"]
    assert [error.exit_code for error in failed] == [4, 4]
    assert [entry.body.subject for entry in audits] == [carl.member.member_id] * 2
    assert audits[-1].happened == tried_at
    assert audits[-1].entered == house.clock.now()
    assert not house.program.library.unreported_sign_ins()
