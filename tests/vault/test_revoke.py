"""A member who has left: what was written stays valid, nothing more is read, and nothing is added unseen."""

import contextlib
import shutil
import sqlite3
from decimal import Decimal

import pytest

from kapnotes.domain.custody import KeyChange, KeyEpoch, KeyEvent
from kapnotes.domain.entries import Note, Phase, Signal, Stage, Vitals
from kapnotes.domain.errors import Implausible, InputOutput, NotEntitled, SavedElsewhere, Tampered, WrongPassphrase
from kapnotes.domain.members import MEDICAL, SHARED, Role
from kapnotes.vault import codec, grants
from kapnotes.vault.chain import Event, all_logs, find_log, last_events
from kapnotes.vault.compartment_file import CompartmentFile
from kapnotes.vault.layout import SUITE, Place, comp_bytes, event_aad, event_hash
from kapnotes.vault.library import KEYS_SCOPE
from kapnotes.vault.patients import wrapped_keys
from kapnotes.vault.verify import verify


def revoke(practice, label, by="Tess"):
    member_id = practice.member_id(label)
    with practice.opened(by) as (library, keyring):
        library.revoke_member(keyring, member_id)
    return member_id


def clean(practice, *labels, folder=None):
    """See that nothing is wrong with the vault, read with each member's passphrase."""
    for label in labels:
        report = verify(folder or practice.folder, label=label, passphrase=practice.passphrases[label])
        assert [finding for finding in report.findings if finding.code] == []


def epochs(practice, name, folder=None):
    with sqlite3.connect((folder or practice.folder) / f"{name}.kapdb") as connection:
        found = [epoch for (epoch,) in connection.execute("SELECT DISTINCT epoch FROM grants")]
    connection.close()
    return found


def test_who_has_left_signs_in_no_more_and_what_was_written_stays(filled):
    carl = revoke(filled, "Carl")
    with filled.opened("Tess") as (library, tess):
        assert [member.label for member in library.members()] == ["Tess"]
        with pytest.raises(WrongPassphrase, match="no member of that name"):
            filled.unlock(library, "Carl")
        read = library.read(tess, filled.session)
        assert len([entry for entry in read.entries if entry.author_id == carl]) == 8
        assert (len(read.entries), read.refused, read.findings) == (15, (), ())
    assert (epochs(filled, "shared"), epochs(filled, "medical")) == ([2], [2])
    clean(filled, "Tess")


def test_no_file_keeps_the_slot_of_one_who_has_left(filled):
    carl = bytes.fromhex(revoke(filled, "Carl"))
    for path in filled.folder.glob("*.kapdb"):
        with sqlite3.connect(path) as connection:
            assert connection.execute("SELECT count(*) FROM slot WHERE member=?", (carl,)).fetchone() == (0,)
        connection.close()


def test_old_keys_open_nothing_that_is_written_afterwards(filled):
    before = filled.folder.with_name("before")
    shutil.copytree(filled.folder, before)
    revoke(filled, "Carl")
    with type(filled)(before).raw("Carl", before / "shared.kapdb") as (_, carl, _, _):
        old = carl.keys_of(SHARED)
        with filled.opened("Tess") as (library, tess):
            filled.add(library, tess, "Cleo", Role.MEDICAL)
            cleo = filled.unlock(library, "Cleo")
            _, head = filled.append(library, cleo, SHARED, Phase(Stage.DOSING))
        file = CompartmentFile(filled.file("shared"), is_writing=False)
        file.open()
        log = find_log(file, bytes.fromhex(head.log_id))
        assert log.born == 2
        assert old.unwrap_ref(log) is None
        file.close()
    clean(filled, "Tess", "Cleo")


def test_who_is_signed_in_goes_on_with_the_new_keys(filled):
    with filled.opened("Tess") as (library, tess):
        filled.add(library, tess, "Cleo", Role.MEDICAL)
        cleo = filled.unlock(library, "Cleo")
        carl = filled.unlock(library, "Carl")
        library.revoke_member(tess, carl.member.member_id)
        assert carl.is_locked
        filled.append(library, cleo, SHARED, Signal("slower"))
        filled.append(library, tess, tess.member.therapy, Note("after"))
        assert len(library.read(cleo, filled.session).entries) == 10
        assert len(library.read(tess, filled.session).entries) == 17
    clean(filled, "Tess", "Cleo")


def test_who_may_end_whose_membership(filled):
    with filled.opened("Tess", "Carl") as (library, tess, carl):
        with pytest.raises(NotEntitled, match="no administrator"):
            library.revoke_member(carl, tess.member.member_id)
        with pytest.raises(Implausible, match="own membership"):
            library.revoke_member(tess, tess.member.member_id)
        library.revoke_member(tess, carl.member.member_id)
        with pytest.raises(Implausible, match="no such member"):
            library.revoke_member(tess, carl.member.member_id)


def test_the_name_is_free_again(filled):
    revoke(filled, "Carl")
    with filled.opened("Tess") as (library, tess):
        filled.add(library, tess, "Carl", Role.MEDICAL)
        assert len(library.read(filled.unlock(library, "Carl"), filled.session).entries) == 9
    clean(filled, "Tess", "Carl")


def test_an_administrator_without_the_medical_key_leaves_it_to_a_holders_next_sign_in(filled):
    with filled.opened("Tess") as (library, tess):
        filled.add(library, tess, "Ada", Role.ADMIN)
    revoke(filled, "Carl", by="Ada")
    assert (epochs(filled, "shared"), epochs(filled, "medical")) == ([2], [1])
    (owed,) = verify(filled.folder).findings
    assert (owed.code, owed.line) == (0, "medical.kapdb: Carl had its key; the next sign-in of a holder changes it.")
    with filled.opened("Tess"):
        pass
    assert epochs(filled, "medical") == [2]
    assert verify(filled.folder).findings == ()
    clean(filled, "Tess")


def test_the_process_notes_of_a_therapist_who_has_left_stay_sealed_and_whole(filled):
    with filled.opened("Tess") as (library, tess):
        filled.add(library, tess, "Theo", Role.THERAPIST)
        theo = filled.unlock(library, "Theo")
        filled.append(library, theo, theo.member.therapy, Note("mine"))
    revoke(filled, "Theo")
    clean(filled, "Tess", "Carl")


def test_a_change_is_told_with_where_all_logs_ended(filled):
    carl = revoke(filled, "Carl")
    with filled.opened("Tess") as (library, tess):
        bodies = [entry.body for entry in library.read(tess, KEYS_SCOPE, only=SHARED).entries]
    assert KeyEvent(KeyChange.MEMBER_REVOKED, carl) in bodies
    told = {body.compartment: body for body in bodies if isinstance(body, KeyEpoch)}
    assert {compartment: (body.epoch, body.logs) for compartment, body in told.items()} == {
        SHARED: (2, 2),
        MEDICAL: (2, 1),
    }


# ------------------------------------------------------------------------------------------------ attacks


def carl_adds(practice, old_folder):
    """Carl, who has left, adds to the medical record with his old keys, chained and signed as ever."""
    old = type(practice)(old_folder, passphrases=practice.passphrases)
    with old.raw("Carl", old.file("medical")) as (medical, carl, directory, _):
        (log,), (key, *_) = list(all_logs(medical)), wrapped_keys(medical, "pkey_a")
        cipher = carl.keys_of(MEDICAL).record_cipher(key, log.session)
        place = Place(directory.vault, comp_bytes(MEDICAL))
        file = CompartmentFile(practice.file("medical"))
        file.open()
        newest, _ = last_events(file, log.id)
        seq, entry = newest.seq + 1, practice.entry(carl, vitals())
        aad = event_aad(place, SUITE, 0, 1, log.id, seq, log.member, previous=newest.h)
        ct = cipher.encrypt(bytes(12), codec.encode(entry), aad)
        h = event_hash(aad, bytes(12), ct)
        sig = carl.signing.sign("event", h).sig
        file.write([Event(log.id, seq, 0, SUITE, 1, log.member, bytes(12), ct, h, sig).row()])
        file.close()
        return seq


def vitals():
    return Vitals(heart_rate_bpm=Decimal(70))


def test_what_is_added_with_old_keys_after_the_change_is_named(filled):
    old = filled.folder.with_name("old")
    shutil.copytree(filled.folder, old)
    revoke(filled, "Carl")
    with filled.opened("Tess") as (library, tess):
        filled.add(library, tess, "Cleo", Role.MEDICAL)
        cleo = filled.unlock(library, "Cleo")
        filled.append(library, cleo, MEDICAL, vitals())
    seq = carl_adds(filled, old)
    filled.forget_closing()
    assert verify(filled.folder).exit_code == 0  # signed and chained: without a key nothing shows
    report = verify(filled.folder, label="Tess", passphrase=filled.passphrases["Tess"])
    assert report.exit_code == 2
    assert f"medical.kapdb entry {seq} of log" in report.findings[0].line
    assert "came after its key was changed" in report.findings[0].line


def test_an_epoch_that_one_who_has_left_begins_with_a_date_of_then_is_refused(filled):
    with filled.raw("Carl", filled.file("medical")) as (_, _, directory, identity):
        place = Place(directory.vault, comp_bytes(MEDICAL))
    revoke(filled, "Carl")
    forged = grants.epoch_row(b"c" * 32, place, 3, directory.roster.version, identity.signing)
    with sqlite3.connect(filled.file("medical")) as connection:
        connection.execute("INSERT INTO epoch VALUES(?,?,?,?,?)", forged.values)
    connection.close()
    filled.forget_closing()
    with filled.opened("Tess") as (_, tess):
        assert MEDICAL not in tess.compartments
        assert isinstance(tess.unopened[MEDICAL], Tampered)
        assert "epoch 3 of its key is not signed" in str(tess.unopened[MEDICAL])


def test_the_slot_and_grant_of_one_who_has_left_put_back_open_nothing(filled):
    old = filled.folder.with_name("old")
    shutil.copytree(filled.folder, old)
    revoke(filled, "Carl")
    for name, table in (("shared", "slot"), ("medical", "grants")):
        with sqlite3.connect(old / f"{name}.kapdb") as connection:
            rows = connection.execute(f"SELECT * FROM {table}").fetchall()  # noqa: S608
        connection.close()
        with sqlite3.connect(filled.file(name)) as connection:
            connection.executemany(f"INSERT OR IGNORE INTO {table} VALUES({','.join('?' * len(rows[0]))})", rows)
        connection.close()
    filled.forget_closing()
    with filled.opened() as (library,):
        with pytest.raises(WrongPassphrase):
            filled.unlock(library, "Carl")
        filled.unlock(library, "Tess")  # and a grant that was put back is one more reason for a new key
    assert epochs(filled, "medical") == [3]


# ------------------------------------------------------------------------------------------------ accidents


def test_killed_at_any_write_everything_opens_and_is_finished_at_the_next_sign_in(filled):
    with filled.opened("Tess", "Carl") as (library, tess, carl), filled.copied_before_each_write() as snapshots:
        library.revoke_member(tess, carl.member.member_id)
    assert len(snapshots) >= 4
    for number, folder in enumerate(snapshots):
        assert not any(finding.code for finding in verify(folder).findings)
        library = filled.open(folder)
        tess = filled.unlock(library, "Tess")
        assert len(library.read(tess, filled.session).entries) == 15
        is_revoked = [member.label for member in library.members()] == ["Tess"]
        assert is_revoked is (number > 0)
        library.close()
        clean(filled, "Tess", folder=folder)
        expected = [2] if is_revoked else [1]
        assert (epochs(filled, "shared", folder), epochs(filled, "medical", folder)) == (expected, expected)


@pytest.mark.parametrize("failing_write", range(4))
def test_a_disk_that_fails_in_between_leaves_keyrings_that_are_right_or_locked(filled, monkeypatch, failing_write):
    write, writes = CompartmentFile.write, []

    def fail_once(file, rows, *, replacing=False):
        writes.append(file.name)
        if len(writes) in (failing_write + 1, failing_write + 2):  # at the retry as well
            raise InputOutput("The disk is full.")
        write(file, rows, replacing=replacing)

    with filled.opened("Tess", "Carl") as (library, tess, carl):
        with monkeypatch.context() as patched:
            patched.setattr(CompartmentFile, "write", fail_once)
            told = contextlib.nullcontext() if failing_write == 1 else pytest.raises(InputOutput)
            with told:  # the copies of the header, written second, are made again at the close
                library.revoke_member(tess, carl.member.member_id)
        if tess.is_locked:
            tess = filled.unlock(library, "Tess")
        filled.append(library, tess, SHARED, Signal("after"))
        assert len(library.read(tess, filled.session).entries) == 16
    with filled.opened("Tess"):
        pass
    clean(filled, "Tess")


def test_keys_are_not_changed_while_an_entry_waits_to_be_saved(filled, monkeypatch):
    with filled.opened("Tess", "Carl") as (library, tess, carl):
        with monkeypatch.context() as patched:
            patched.setattr(CompartmentFile, "write", _full)
            with pytest.raises(InputOutput):
                filled.append(library, carl, MEDICAL, vitals())
        filled.add(library, tess, "Cleo", Role.MEDICAL)
        with pytest.raises(InputOutput, match="not saved yet"):
            library.revoke_member(tess, filled_id(library, "Cleo"))


def filled_id(library, label):
    return next(member.member_id for member in library.members() if member.label == label)


def _full(file, rows, *, replacing=False):
    raise InputOutput("The disk is full.")


def test_taking_the_grant_out_of_the_file_keeps_nobody_who_has_left_in(filled):
    with filled.opened("Tess") as (library, tess):
        filled.add(library, tess, "Ada", Role.ADMIN)  # holds no medical key, so that key waits for Tess
    carl = revoke(filled, "Carl", by="Ada")
    assert epochs(filled, "medical") == [1]
    with filled.tampering(filled.file("medical")) as connection:
        connection.execute("DELETE FROM grants WHERE holder=?", (bytes.fromhex(carl),))
    filled.forget_closing()
    with filled.opened("Tess"):
        pass
    assert epochs(filled, "medical") == [2]
    clean(filled, "Tess")


@pytest.fixture
def owed(filled):
    """Carl has left, and the medical key waits for Tess to be changed."""
    with filled.opened("Tess") as (library, tess):
        filled.add(library, tess, "Ada", Role.ADMIN)
    revoke(filled, "Carl", by="Ada")
    return filled


def test_a_disk_that_takes_nothing_keeps_nobody_out_and_the_keys_are_changed_later(owed, failing_disk):
    with owed.opened() as (library,), failing_disk():
        tess = owed.unlock(library, "Tess")
        assert len(library.read(tess, owed.session).entries) == 15
    assert epochs(owed, "medical") == [1]
    with owed.opened("Tess"):
        pass
    assert epochs(owed, "medical") == [2]
    clean(owed, "Tess")


def test_a_change_of_keys_that_could_not_be_made_is_said_until_it_is(owed, failing_disk):
    with owed.opened() as (library,):
        assert library.notices() == ()
        with failing_disk():
            tess = owed.unlock(library, "Tess")
        (notice,) = library.notices()
        why = "A change of keys could not be made; the next sign-in tries again. The disk cannot read or write medical"
        assert str(notice).startswith(why)
        owed.unlock(library, "Ada")  # who holds no key of it
        assert library.notices() == (notice,)
        library.lock(tess)
        library.unlock("Tess", owed.passphrases["Tess"], may_change_keys=False)
        assert library.notices() == (notice,)
        owed.unlock(library, "Tess")
        assert library.notices() == ()
    assert epochs(owed, "medical") == [2]


def test_a_change_of_keys_that_waits_for_the_end_of_a_session_is_no_failure(owed):
    with owed.opened() as (library,):
        library.unlock("Tess", owed.passphrases["Tess"], may_change_keys=False)
        assert library.notices() == ()


def test_what_waits_in_a_second_place_keeps_nobody_out(owed, failing_disk, tmp_path):
    owed.second_place = tmp_path / "second"
    with owed.opened("Ada") as (library, ada), failing_disk():
        with pytest.raises(SavedElsewhere):
            owed.append(library, ada, SHARED, Signal("wait"))
        owed.unlock(library, "Tess")
    clean(owed, "Tess")


def test_keys_are_not_changed_while_a_session_runs(owed):
    with owed.opened() as (library,):
        library.unlock("Tess", owed.passphrases["Tess"], may_change_keys=False)
    assert epochs(owed, "medical") == [1]
    with owed.opened("Tess"):
        pass
    assert epochs(owed, "medical") == [2]
