"""The second member signs through a real vault: own passphrase, own signature, no seat, and the keys go at once."""

import pytest

from kapnotes.app.countersigning import Countersigning
from kapnotes.app.signing import Signature
from kapnotes.domain.audit import trail_row
from kapnotes.domain.countersigning import is_vouched
from kapnotes.domain.drug_entries import Countersignature
from kapnotes.domain.entries import Audit, Waste
from kapnotes.domain.errors import KapnotesError, WrongPassphrase
from kapnotes.domain.members import SHARED, Role
from kapnotes.domain.words import in_english


@pytest.fixture
def wasted(team, caught):
    """The CRNA's session with one waste, and the therapist signed out."""
    house, therapist, crna, _, log = team
    log.log("waste 15 Tess", is_confirmed=True)
    entry = log.record.of(Waste)[0][0]
    return house, therapist, crna, log, entry, Countersigning(crna, log)


def member_of(house, label):
    return next(one for one in house.program.members() if one.label == label)


def signed_on_disk(house, seat, live):
    return house.on_disk(seat, live).of(Countersignature)


@pytest.mark.parametrize("sits_here", [True, False], ids=["in a seat of the own", "signed in nowhere"])
def test_a_witness_signs_with_the_own_passphrase_and_no_seat_is_opened(wasted, caught, passphrase, sits_here):
    house, therapist, crna, log, entry, signing = wasted
    if not sits_here:
        house.program.lock(therapist)
    seats = list(house.program.seats)
    done = caught()

    signing.sign(entry, member_of(house, "Tess, LCSW"), passphrase, done.append, done.failed)

    ((by, said),) = signed_on_disk(house, crna, log)
    assert (by.author_id, said.name, said.credential) == (member_of(house, "Tess, LCSW").member_id, "Tess", "LCSW")
    assert done == [by]
    assert is_vouched(log.record, entry)
    row = trail_row(by, house.program.members(), log.record.opened, in_english)
    assert (row.who, row.what) == ("Tess, LCSW", "witnessed waste, by the own passphrase")
    assert by in house.program.library.trail(crna.keyring).entries
    assert house.program.seats == seats
    held = [one.member.label for one in house.program.library._membership._keyrings]  # noqa: SLF001 - who holds keys
    assert held == [seat.member.label for seat in seats]


def test_the_other_seat_of_the_session_reads_it_at_once(team, caught, passphrase):
    _, therapist, crna, pad, log = team
    log.log("120/80 72 98 14 s5")
    entry = log.log("dose 35 im left deltoid", is_confirmed=True)
    Countersigning(crna, log).sign(entry, therapist.member, passphrase, lambda _: None, caught().failed)

    assert is_vouched(pad.record, entry)


def test_a_wrong_passphrase_signs_nothing_counts_as_a_failed_sign_in_and_stands_in_the_trail(wasted, caught):
    house, therapist, crna, log, entry, signing = wasted
    errors = caught()

    signing.sign(entry, therapist.member, "otter lagoon violin maple", errors.append, errors.append)

    assert [type(one) for one in errors] == [WrongPassphrase]
    assert signed_on_disk(house, crna, log) == []
    trail = house.program.library.trail(crna.keyring).entries
    failed = [one.body.subject for one in trail if isinstance(one.body, Audit) and one.body.action == "sign-in failed"]
    assert failed == [therapist.member.member_id]
    for _ in range(3):
        signing.sign(entry, therapist.member, "otter lagoon violin maple", errors.append, errors.append)
    signing.sign(entry, therapist.member, "otter lagoon violin maple", errors.append, errors.append)
    assert "Try again in" in str(errors.last)


def test_the_author_does_not_sign_nor_anybody_what_was_taken_back(wasted, caught, passphrase):
    _, therapist, crna, log, entry, signing = wasted

    with pytest.raises(KapnotesError, match="its author noted it"):
        signing.sign(entry, crna.member, passphrase, print, print)
    log.correct(entry.entry_id, "slip", None)
    with pytest.raises(KapnotesError, match="taken back"):
        signing.sign(entry, therapist.member, passphrase, print, print)


def test_it_stands_after_both_have_signed_their_records(wasted, caught, passphrase):
    house, therapist, crna, log, entry, signing = wasted
    done = caught()
    log.signing.sign(Signature("Carl", "CRNA", "mine"), done.append, done.failed)
    pad = house.join(therapist)
    pad.signing.sign(Signature("Tess", "LCSW", "mine"), done.append, done.failed)
    house.clock.advance(60)

    signing.sign(entry, therapist.member, passphrase, done.append, done.failed)

    record = house.on_disk(crna, log)
    assert is_vouched(record, entry)
    assert record.is_signed(crna.member.member_id, SHARED)
    back = house.program.library.read(crna.keyring, log.scope_id)
    assert (list(back.refused), list(back.findings)) == ([], [])


def test_a_member_without_any_role_can_witness(wasted, caught, passphrase):
    house, therapist, _, log, entry, signing = wasted
    house.add(therapist, "Ada, office", Role.ADMIN)

    signing.sign(entry, member_of(house, "Ada, office"), passphrase, lambda _: None, caught().failed)

    assert is_vouched(log.record, entry)
