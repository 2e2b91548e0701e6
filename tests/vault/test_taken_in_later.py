"""What waits in a second place while the vault goes on elsewhere: other keys, another member, a signature.

The vault lies on a stick. On the first laptop the stick fails and entries wait in that laptop's second place; then the
stick goes to another laptop, and comes back.
"""

import contextlib
import os
import shutil
from decimal import Decimal

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from kapnotes.domain.custody import SignOff
from kapnotes.domain.entries import LateEntry, Note, Signal, Vitals
from kapnotes.domain.errors import InputOutput, SavedElsewhere, SignedOff
from kapnotes.domain.members import MEDICAL, SHARED, Role
from kapnotes.vault.restore import restore
from kapnotes.vault.spill import waiting_in
from kapnotes.vault.verify import verify

NEW_PATIENT, NEW_SESSION = "b2" * 16, "77" * 16


@pytest.fixture
def stick(filled, tmp_path):
    filled.second_place = tmp_path / "profile"
    with filled.opened("Tess") as (library, tess):
        filled.add(library, tess, "Mia", Role.MEDICAL)
        filled.unlock(library, "Mia")
    return filled


@contextlib.contextmanager
def elsewhere(stick, *who, device="0b" * 16):
    """Open the vault on the other laptop, which knows nothing of the first one's second place."""
    library = stick.open(device=device, second_place=None)
    try:
        yield library, *(stick.unlock(library, label) for label in who)
    finally:
        library.close()


@contextlib.contextmanager
def failing(stick, failing_disk, *who):
    """Open the vault on the first laptop, then let the stick take nothing more."""
    library = stick.open()
    keyrings = [stick.unlock(library, label) for label in who]
    try:
        with failing_disk():
            yield library, *keyrings
            library.close()
    finally:
        library.close()


def wait(stick, library, keyring, compartment, body, *, scope=None, patient=None):
    """Write one entry that the stick does not take; returns it."""
    entry = stick.entry(keyring, body, scope)
    with pytest.raises(SavedElsewhere):
        library.append(keyring, compartment, entry, patient_id=patient or stick.patient)
    return entry


def waiting(stick):
    """Return the second place's own file and what was set aside beside it."""
    paths = sorted(path for path in stick.second_place.iterdir() if path.name.startswith("waiting"))
    return [path for path in paths if "aside" not in path.name], [path for path in paths if "aside" in path.name]


def pulse(number):
    return Vitals(heart_rate_bpm=Decimal(number), moaas=5)


def read(stick, library, keyring, scope=None, only=None):
    """Return all entries of a session, having seen that nothing is wrong with them."""
    back = library.read(keyring, scope or stick.session, only=only)
    assert (back.findings, back.refused) == ((), ())
    return back.entries


def see_that_it_verifies(stick, *who):
    for label in who or ("Tess", "Carl"):
        report = verify(stick.folder, label=label, passphrase=stick.passphrases[label])
        assert [finding.line for finding in report.findings] == []
        assert report.exit_code == 0


def see_that_the_second_place_works(stick, failing_disk, label="Tess"):
    """Let the stick fail once more, and see that what is noted then is kept and taken in."""
    with failing(stick, failing_disk, label) as (library, keyring):
        entry = wait(stick, library, keyring, SHARED, Signal("once more"))
    with stick.opened(label) as (library, keyring):
        assert entry in read(stick, library, keyring, only=SHARED)
        assert library.disk.waiting_count == 0
    assert waiting(stick)[0] == []


# ------------------------------------------------------------------------------------------------ other keys


@pytest.fixture
def rotated(stick, failing_disk):
    """Vital signs of a patient who is new wait; meanwhile the keys were changed because Mia has left."""
    with failing(stick, failing_disk, "Carl") as (library, carl):
        entries = [
            wait(stick, library, carl, MEDICAL, pulse(number), scope=NEW_SESSION, patient=NEW_PATIENT)
            for number in (81, 82, 83)
        ]
    with elsewhere(stick, "Tess") as (library, tess):
        mia = next(member.member_id for member in library.members() if member.label == "Mia")
        library.revoke_member(tess, mia)
    return stick, entries


def test_what_was_sealed_under_older_keys_comes_in_as_it_was_when_its_author_signs_in(rotated, failing_disk):
    stick, entries = rotated
    with stick.opened() as (library,):
        assert library.disk.waiting_count == 0
        assert any("3 entries" in str(notice) and "Carl" in str(notice) for notice in library.notices())
        carl = stick.unlock(library, "Carl")
        assert list(read(stick, library, carl, NEW_SESSION)) == entries
        assert library.notices() == ()
    assert waiting(stick) == ([], [])
    with stick.opened("Tess") as (library, tess):
        assert list(read(stick, library, tess, NEW_SESSION)) == entries
    see_that_it_verifies(stick)
    see_that_the_second_place_works(stick, failing_disk, "Carl")


def test_until_its_author_signs_in_it_waits_aside_and_harms_nobody(rotated, failing_disk):
    stick, entries = rotated
    with stick.opened("Tess") as (library, tess):
        assert read(stick, library, tess, NEW_SESSION) == ()
    assert waiting(stick)[0] == []
    (aside,) = waiting(stick)[1]
    see_that_it_verifies(stick)
    see_that_the_second_place_works(stick, failing_disk)
    assert waiting(stick)[1] == [aside]
    with stick.opened("Carl") as (library, carl):
        assert list(read(stick, library, carl, NEW_SESSION)) == entries
    see_that_it_verifies(stick)


def test_what_is_kept_aside_is_told_without_opening_the_vault(rotated):
    stick, _ = rotated
    with stick.opened():
        pass
    finding = waiting_in(stick.second_place, stick.folder)
    assert "kept aside" in finding.line
    assert finding.code == 0
    with stick.opened("Carl"):
        pass
    assert waiting_in(stick.second_place, stick.folder) is None


def test_an_entry_of_a_log_that_the_vault_has_comes_in_too(stick, failing_disk):
    with failing(stick, failing_disk, "Carl", "Tess") as (library, carl, tess):
        old = wait(stick, library, carl, MEDICAL, pulse(81))
        note = wait(stick, library, tess, tess.member.therapy, Note("of an epoch that goes on"))
    with elsewhere(stick, "Tess") as (library, tess):
        mia = next(member.member_id for member in library.members() if member.label == "Mia")
        library.revoke_member(tess, mia)
    with stick.opened("Tess", "Carl") as (library, tess, carl):
        assert note in read(stick, library, tess, only=tess.member.therapy)
        assert old in read(stick, library, carl, only=MEDICAL)
        assert library.notices() == ()
    assert waiting(stick) == ([], [])
    see_that_it_verifies(stick)


def test_a_patient_who_got_a_key_on_both_laptops_keeps_what_was_noted_on_both(stick, failing_disk):
    with failing(stick, failing_disk, "Carl", "Tess") as (library, carl, tess):
        here = wait(stick, library, carl, MEDICAL, pulse(81), scope=NEW_SESSION, patient=NEW_PATIENT)
        signal = wait(stick, library, carl, MEDICAL, pulse(82), scope="78" * 16, patient=NEW_PATIENT)
        note = wait(stick, library, tess, tess.member.therapy, Note("here"))
    with elsewhere(stick, "Carl") as (library, carl):
        there, _ = stick.append(library, carl, MEDICAL, pulse(91), scope=NEW_SESSION, patient=NEW_PATIENT)
    with stick.opened("Tess") as (library, tess):
        assert note in read(stick, library, tess, only=tess.member.therapy)
        carl = stick.unlock(library, "Carl")
        assert set(read(stick, library, carl, NEW_SESSION)) == {here, there}
        assert read(stick, library, carl, "78" * 16) == (signal,)
    assert waiting(stick) == ([], [])
    see_that_it_verifies(stick)


def test_whose_log_went_on_elsewhere_under_the_same_id_loses_nothing(stick, failing_disk):
    """A profile that was copied to another laptop: the same device twice, so one log has two ends."""
    with failing(stick, failing_disk, "Carl") as (library, carl):
        here = wait(stick, library, carl, MEDICAL, pulse(81))
    library = stick.open(second_place=None)
    carl = stick.unlock(library, "Carl")
    there, _ = stick.append(library, carl, MEDICAL, pulse(91))
    library.close()
    with stick.opened("Carl") as (library, carl):
        assert {here, there} <= set(read(stick, library, carl, only=MEDICAL))
        stick.append(library, carl, MEDICAL, pulse(92))
    assert waiting(stick) == ([], [])
    see_that_it_verifies(stick)


# ------------------------------------------------------------------------------------------- another member


def test_who_was_revoked_elsewhere_stops_nobody_elses_entries(stick, failing_disk):
    with failing(stick, failing_disk, "Tess", "Carl") as (library, tess, carl):
        first = wait(stick, library, tess, tess.member.therapy, Note("first"))
        his = wait(stick, library, carl, MEDICAL, pulse(81))
        last = wait(stick, library, tess, tess.member.therapy, Note("last"))
    with elsewhere(stick, "Tess") as (library, tess):
        library.revoke_member(tess, carl.member.member_id)
    with stick.opened("Tess") as (library, tess):
        notes = read(stick, library, tess, only=tess.member.therapy)
        assert [first, last] == [note for note in notes if note in (first, last)]
        assert his not in read(stick, library, tess)
        (notice,) = library.notices()
        assert "1 " in str(notice)
        assert "Carl" in str(notice)
    see_that_it_verifies(stick, "Tess")
    see_that_the_second_place_works(stick, failing_disk)
    assert len(waiting(stick)[1]) == 1


def test_who_has_left_before_the_key_was_changed_has_noted_it_in_time(stick, failing_disk):
    """An administrator without the medical key ends Carl's membership: that key is changed when Tess signs in."""
    with stick.opened("Tess") as (library, tess):
        stick.add(library, tess, "Ada", Role.ADMIN)
    with failing(stick, failing_disk, "Carl") as (library, carl):
        his = wait(stick, library, carl, MEDICAL, pulse(81))
    with elsewhere(stick, "Ada") as (library, ada):
        library.revoke_member(ada, carl.member.member_id)
    with stick.opened("Tess") as (library, tess):
        assert his in read(stick, library, tess)
    assert waiting(stick) == ([], [])
    see_that_it_verifies(stick, "Tess")


# ----------------------------------------------------------------------------------------------- a signature


def sign(stick, library, keyring, compartment):
    """Sign the member's own record of the session as it stands."""
    heads = library.own_heads(keyring, stick.session, compartment)
    body = SignOff(compartment, "Tess Therapist", "LCSW", "complete and true", heads)
    stick.append(library, keyring, SHARED, body)


def test_what_waited_when_its_record_was_signed_is_added_as_a_late_entry(stick, failing_disk):
    with failing(stick, failing_disk, "Tess", "Carl") as (library, tess, carl):
        note = wait(stick, library, tess, tess.member.therapy, Note("before the signature"))
        his = wait(stick, library, carl, MEDICAL, pulse(81))
    with elsewhere(stick, "Tess") as (library, tess):
        sign(stick, library, tess, tess.member.therapy)
    with stick.opened("Carl") as (library, carl):
        assert his in read(stick, library, carl, only=MEDICAL)
        assert library.disk.waiting_count == 0
        assert "Tess" in str(library.notices()[0])
        tess = stick.unlock(library, "Tess")
        late = read(stick, library, tess, only=tess.member.therapy)[-1]
        assert isinstance(late.body, LateEntry)
        assert late.body.body == note.body
        assert "second place" in late.body.reason
        assert (late.entry_id, late.happened) == (note.entry_id, note.happened)
        assert late.entered.utc_ns > note.entered.utc_ns
        assert library.notices() == ()
    assert waiting(stick) == ([], [])
    see_that_it_verifies(stick)
    see_that_the_second_place_works(stick, failing_disk)


def test_the_first_entry_of_a_record_that_was_signed_empty_is_a_late_entry_too(stick, failing_disk):
    with failing(stick, failing_disk, "Mia") as (library, mia):
        first = wait(stick, library, mia, MEDICAL, pulse(81))
    with elsewhere(stick, "Mia") as (library, mia):
        sign(stick, library, mia, MEDICAL)
    with stick.opened("Carl", "Mia") as (library, _, mia):
        (late,) = [entry for entry in read(stick, library, mia) if entry.entry_id == first.entry_id]
        assert late.body.body == first.body
    see_that_it_verifies(stick)


def test_it_is_asked_for_whoever_signs_in_first_and_never_taken_in_before(stick, failing_disk):
    with failing(stick, failing_disk, "Tess") as (library, tess):
        wait(stick, library, tess, tess.member.therapy, Note("before the signature"))
    with elsewhere(stick, "Tess") as (library, tess):
        sign(stick, library, tess, tess.member.therapy)
    with stick.opened() as (library,):
        assert "sign" in str(library.notices()[0])
    assert len(waiting(stick)[0]) == 1
    see_that_it_verifies(stick)


def waiting_signature(stick, library, keyring):
    """Sign the member's own record of the session, which the stick does not take."""
    compartment = keyring.member.therapy
    heads = library.own_heads(keyring, stick.session, compartment)
    return wait(stick, library, keyring, SHARED, SignOff(compartment, "Tess", "LCSW", "complete", heads))


def test_a_signature_that_waited_is_true_where_the_record_stayed_as_it_was(stick, failing_disk):
    with failing(stick, failing_disk, "Tess") as (library, tess):
        signature = waiting_signature(stick, library, tess)
    with elsewhere(stick, "Tess") as (library, tess):
        stick.append(library, tess, SHARED, Signal("on"))
    with stick.opened("Carl", "Tess") as (library, _, tess):
        assert signature in read(stick, library, tess)
        assert library.notices() == ()
    see_that_it_verifies(stick)


def test_a_signature_that_waited_makes_no_forgery_of_what_was_noted_elsewhere(stick, failing_disk):
    with failing(stick, failing_disk, "Tess") as (library, tess):
        signature = waiting_signature(stick, library, tess)
    with elsewhere(stick, "Tess") as (library, tess):
        more, _ = stick.append(library, tess, tess.member.therapy, Note("more"))
    with stick.opened("Carl", "Tess") as (library, _, tess):
        entries = read(stick, library, tess)
        assert more in entries
        assert signature not in entries
        (notice,) = library.notices()
        assert "sign again" in str(notice)
        sign(stick, library, tess, tess.member.therapy)
    see_that_it_verifies(stick)
    with stick.opened("Tess") as (library, _):
        assert library.notices() == ()
    assert waiting(stick) == ([], [])
    see_that_it_verifies(stick)


# ---------------------------------------------------------------------------- what never comes in as it is


@pytest.mark.parametrize("scope", ["5e" * 16, NEW_SESSION])
def test_what_waits_of_a_patient_who_was_deleted_elsewhere_goes_with_the_patient(stick, failing_disk, scope):
    with failing(stick, failing_disk, "Carl", "Tess") as (library, carl, tess):
        wait(stick, library, carl, MEDICAL, pulse(82), scope=scope)
        other = wait(stick, library, tess, tess.member.therapy, Note("of another"), scope="78" * 16, patient="b3" * 16)
    with elsewhere(stick, "Tess", "Carl") as (library, tess, _):
        library.shredder.delete(tess, [stick.patient])
    with stick.opened("Carl", "Tess") as (library, carl, tess):
        assert library.read(carl, stick.session).entries == ()
        assert library.read(carl, NEW_SESSION).entries == ()
        assert read(stick, library, tess, "78" * 16) == (other,)
        assert library.notices() == ()
    assert waiting(stick) == ([], [])
    see_that_it_verifies(stick)


def test_of_who_has_left_it_stays_sealed_and_a_backup_from_before_takes_it_in(stick, failing_disk, tmp_path):
    backup = tmp_path / "before.kapbackup"
    with stick.opened() as (library,):
        library.backups.make_as(backup, lambda *_: None)
    with failing(stick, failing_disk, "Carl") as (library, carl):
        entries = [
            wait(stick, library, carl, MEDICAL, pulse(number), scope=NEW_SESSION, patient=NEW_PATIENT)
            for number in (81, 82)
        ]
    with elsewhere(stick, "Tess") as (library, tess):
        library.revoke_member(tess, carl.member.member_id)
    with stick.opened("Tess") as (library, tess):
        (notice,) = library.notices()
        assert "backup from before" in str(notice)
    (aside,) = waiting(stick)[1]
    content = aside.read_bytes()
    with stick.opened("Tess"):
        pass
    assert aside.read_bytes() == content

    stick.folder.rename(tmp_path / "as it was left")
    restore(backup, stick.folder, entropy=os.urandom, with_findings=False, tell=lambda *_: None)
    with stick.opened("Carl") as (library, carl):
        assert list(read(stick, library, carl, NEW_SESSION)) == entries
        assert library.notices() == ()
    assert waiting(stick) == ([], [])
    see_that_it_verifies(stick)


def test_nothing_readable_and_no_name_stands_aside(stick, failing_disk):
    with failing(stick, failing_disk, "Tess") as (library, tess):
        wait(stick, library, tess, tess.member.therapy, Note(stick.canary))
    with elsewhere(stick, "Tess") as (library, tess):
        sign(stick, library, tess, tess.member.therapy)
    with stick.opened("Carl"):
        pass
    (aside,) = waiting(stick)[1]
    assert aside.stat().st_mode & 0o777 == 0o600
    assert stick.canary.encode() not in aside.read_bytes()
    assert b"Tess" not in aside.read_bytes()


# ----------------------------------------------------------------------------------------------- a property

SESSIONS = {"5e" * 16: "a1" * 16, NEW_SESSION: NEW_PATIENT, "78" * 16: NEW_PATIENT}
WRITERS = {"Tess": ("therapy", "shared"), "Carl": ("medical", "shared"), "Mia": ("medical",)}
places = st.sampled_from([(label, kind) for label, kinds in WRITERS.items() for kind in kinds])
sessions = st.sampled_from(sorted(SESSIONS))
noted = st.tuples(places, sessions)
noted_here = st.tuples(st.sampled_from(["note", "note", "note", "sign"]), noted)
done_elsewhere = st.one_of(
    st.tuples(st.just("note"), noted),
    st.tuples(st.just("sign"), noted),
    st.tuples(st.just("change keys"), noted),
)


def body_of(kind, number):
    return {"medical": pulse(60 + number), "therapy": Note(f"note {number}"), "shared": Signal(f"signal {number}")}[
        kind
    ]


def compartment_of(keyring, kind):
    return {"medical": MEDICAL, "shared": SHARED, "therapy": keyring.member.therapy}[kind]


def standing(library, keyring):
    """Return what each entry that the member can read says, by its id; a late entry says what it wraps."""
    found = []
    for session in SESSIONS:
        back = library.read(keyring, session)
        assert (back.findings, back.refused) == ((), ())
        for entry in back.entries:
            body = entry.body.body if isinstance(entry.body, LateEntry) else entry.body
            found.append((entry.entry_id, entry.author_id, entry.scope_id, entry.happened, body))
    return found


def do(stick, library, keyrings, what, place, session, number, *, made=None):
    """Note something, sign a record, or change the keys; what is written is put into *made* before."""
    (label, kind), keyring = place, keyrings[place[0]]
    compartment, made = compartment_of(keyring, kind), [] if made is None else made
    with contextlib.suppress(SignedOff):
        if what == "note":
            made.append(stick.entry(keyring, body_of(kind, number), session))
            library.append(keyring, compartment, made[0], patient_id=SESSIONS[session])
        elif what == "sign":
            heads = library.own_heads(keyring, session, compartment)
            made.append(stick.entry(keyring, SignOff(compartment, label, "LCSW", "complete", heads), session))
            library.append(keyring, SHARED, made[0], patient_id=SESSIONS[session])
        else:
            gone = stick.add(library, keyrings["Tess"], f"Guest {number}", Role.MEDICAL)
            library.revoke_member(keyrings["Tess"], gone.member_id)


@given(
    notes=st.lists(noted_here, min_size=1, max_size=6),
    meanwhile=st.lists(done_elsewhere, max_size=4),
    order=st.permutations(sorted(WRITERS)),
    is_copied_profile=st.booleans(),
)
@settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_whatever_is_done_elsewhere_each_entry_stands_once_when_all_have_signed_in(
    stick, failing_disk, notes, meanwhile, order, is_copied_profile
):
    """Of a copied profile both laptops write the same logs, which then have two ends."""
    if is_copied_profile:
        notes = [("note", where) for _, where in notes]
    before = shutil.copytree(stick.folder, stick.folder.with_name("before"), dirs_exist_ok=True)
    try:
        with failing(stick, failing_disk, *WRITERS) as (library, *keyrings):
            by = dict(zip(WRITERS, keyrings, strict=True))
            kept = []
            for number, (what, (place, session)) in enumerate(notes):
                try:
                    do(stick, library, by, what, place, session, number, made=(made := []))
                except SavedElsewhere:
                    kept += [(entry, place[0]) for entry in made if what == "note"]
                except InputOutput:  # what was signed before cannot be read from a disk that is gone; it is not kept
                    assume(False)
        device = stick.device if is_copied_profile else "0b" * 16
        with elsewhere(stick, *WRITERS, device=device) as (library, *keyrings):
            by = dict(zip(WRITERS, keyrings, strict=True))
            for number, (what, (place, session)) in enumerate(meanwhile):
                do(stick, library, by, what, place, session, 20 + number)
        for label in order:
            with stick.opened(label):
                pass
        with stick.opened(*WRITERS) as (library, *keyrings):
            assert [str(notice) for notice in library.notices() if "sign again" not in str(notice)] == []
            for label, keyring in zip(WRITERS, keyrings, strict=True):
                found = standing(library, keyring)
                assert len(found) == len({entry_id for entry_id, *_ in found})
                for entry in (entry for entry, by in kept if by == label):
                    assert (entry.entry_id, entry.author_id, entry.scope_id, entry.happened, entry.body) in found
        assert waiting(stick)[0] == []
        see_that_it_verifies(stick, *WRITERS)
    finally:
        shutil.rmtree(stick.folder)
        before.rename(stick.folder)
        shutil.rmtree(stick.second_place, ignore_errors=True)
        stick.second_place.mkdir()
