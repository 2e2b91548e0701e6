"""A deleted patient: nothing is read any more and nothing is wrong, in the vault, in its copies, and for everybody."""

import contextlib
import os
import shutil
import sqlite3
from decimal import Decimal

import pytest

from kapnotes.domain.custody import KeyEpoch, PatientShredded
from kapnotes.domain.entries import Note, PatientDetails, Signal, Vitals
from kapnotes.domain.errors import Implausible, InputOutput, NotEntitled, PatientDeleted
from kapnotes.domain.members import MEDICAL, SHARED, Role
from kapnotes.vault import open_vault
from kapnotes.vault.compartment_file import CompartmentFile
from kapnotes.vault.library import KEYS_SCOPE, VAULT_SCOPE
from kapnotes.vault.patients import COPIES
from kapnotes.vault.restore import restore
from kapnotes.vault.salvage import salvage
from kapnotes.vault.verify import verify

OTHER = {"scope": "60" * 16, "patient": "a2" * 16}
TOMBSTONE = bytes(48)


@pytest.fixture
def practice(filled):
    """Two therapists, a CRNA and two patients; of the first one each of them has written."""
    with filled.opened("Tess", "Carl") as (library, tess, carl):
        filled.append(library, tess, SHARED, PatientDetails("K-0142"), filled.patient)
        filled.add(library, tess, "Theo", Role.THERAPIST)
        theo = filled.unlock(library, "Theo")
        filled.append(library, theo, theo.member.therapy, Note(filled.canary))
        for keyring, compartment, body in (
            (tess, SHARED, Signal("slower")),
            (carl, MEDICAL, Vitals(heart_rate_bpm=Decimal(71), moaas=5)),
            (theo, theo.member.therapy, Note("stays")),
        ):
            filled.append(library, keyring, compartment, body, **OTHER)
    return filled


def delete(practice, *who):
    with practice.opened("Tess", *who) as (library, tess, *_):
        library.shredder.delete(tess, [practice.patient])


def nothing_is_read(practice, *labels):
    with practice.opened(*labels) as (library, *keyrings):
        for keyring in keyrings:
            for scope in (practice.session, practice.patient):
                back = library.read(keyring, scope)
                assert (back.entries, back.refused, back.findings) == ((), (), ())
            assert practice.patient not in {scope.patient_id for scope in library.scopes(keyring)}
            assert OTHER["patient"] in {scope.patient_id for scope in library.scopes(keyring)}
            assert library.read(keyring, OTHER["scope"]).entries


def is_whole(practice, *labels, folder=None):
    for label in (None, *labels):
        report = verify(folder or practice.folder, label=label, passphrase=practice.passphrases.get(label))
        assert [finding for finding in report.findings if finding.code] == []


def keys_of(path, patient):
    """Return what stands in both copies of a patient's keys in one file."""
    with contextlib.closing(sqlite3.connect(path)) as connection:
        sql = "SELECT wrapped FROM {} WHERE patient=?"
        found = [connection.execute(sql.format(copy), (patient,)) for copy in COPIES]
        return [wrapped for rows in found for (wrapped,) in rows]


def has_keys(practice):
    """Return the names of the files in which the patient has a key."""
    patient = bytes.fromhex(practice.patient)
    return {path.stem for path in practice.folder.glob("*.kapdb") if any(map(any, keys_of(path, patient)))}


def theos(practice):
    return f"therapy-{practice.member_id('Theo')[:8]}"


def test_nobody_reads_anything_of_the_patient_and_nothing_is_wrong(practice):
    before = verify(practice.folder).entries
    delete(practice, "Theo")
    nothing_is_read(practice, "Tess", "Carl", "Theo")
    is_whole(practice, "Tess", "Carl", "Theo")
    assert has_keys(practice) == set()
    assert verify(practice.folder).entries == before + 5, "that it was done, a new epoch of four files; no entry goes"


def test_the_ends_of_old_rows_are_in_no_file(practice):
    keys = [key for path in practice.folder.glob("*.kapdb") for key in keys_of(path, bytes.fromhex(practice.patient))]
    assert len(keys) == 8
    delete(practice, "Theo")
    files = [path.read_bytes() for path in practice.folder.iterdir() if path.is_file()]
    assert not any(key in content for key in keys for content in files)


def test_old_rows_that_are_put_back_open_to_no_living_key(practice):
    with practice.raw("Tess", practice.file("medical")) as (file, tess, _, _):
        old = tess.keys_of(MEDICAL)
        rows = list(file.rows("SELECT * FROM pkey_a WHERE patient=?", (16, -1, -1, 12, 48), (b"\xa1" * 16,)))
        assert rows
        assert old.epoch == 1
    delete(practice, "Theo")
    with practice.tampering(practice.file("medical")) as connection:
        for copy in COPIES:
            connection.execute(f"DELETE FROM {copy} WHERE patient=?", (b"\xa1" * 16,))  # noqa: S608
            connection.executemany(f"INSERT INTO {copy} VALUES(?,?,?,?,?)", rows)
    practice.forget_closing()
    nothing_is_read(practice, "Carl")
    assert has_keys(practice) == set(), "the next sign-in destroys them again"
    is_whole(practice, "Tess", "Carl", "Theo")


def test_who_may_delete_whom(practice):
    with practice.opened("Tess", "Carl") as (library, tess, carl):
        with pytest.raises(NotEntitled, match="no administrator"):
            library.shredder.delete(carl, [practice.patient])
        for nobody in ("ff" * 16, VAULT_SCOPE, KEYS_SCOPE):
            with pytest.raises(Implausible, match="no such patient"):
                library.shredder.delete(tess, [practice.patient, nobody])
        assert library.read(carl, practice.session).entries
        library.shredder.delete(tess, [practice.patient])
        with pytest.raises(Implausible, match="no such patient"):
            library.shredder.delete(tess, [practice.patient])


def test_nothing_is_written_about_the_patient_any_more(practice):
    with practice.opened("Tess", "Carl") as (library, tess, carl):
        library.shredder.delete(tess, [practice.patient])
        for keyring, compartment, body in (
            (tess, SHARED, Signal("after")),
            (tess, tess.member.therapy, Note("after")),
            (carl, MEDICAL, Vitals(heart_rate_bpm=Decimal(70), moaas=5)),
        ):
            with pytest.raises(PatientDeleted, match="This patient was deleted"):
                practice.append(library, keyring, compartment, body)
            with pytest.raises(PatientDeleted, match="This patient was deleted"):
                library.open_draft(keyring, compartment, scope_id=practice.session, patient_id=practice.patient)
        practice.append(library, carl, SHARED, Signal("of another"), **OTHER)
        assert library.due_heads(tess) == []
    with practice.opened("Carl") as (library, carl), pytest.raises(PatientDeleted):
        practice.append(library, carl, SHARED, Signal("the day after"), scope="61" * 16)
    is_whole(practice, "Tess", "Carl", "Theo")


def test_process_notes_follow_at_their_therapists_next_sign_in(practice):
    delete(practice)
    assert has_keys(practice) == {theos(practice)}
    owed = [finding for finding in verify(practice.folder).findings if "deleted" in finding.line]
    assert [(finding.code, finding.file) for finding in owed] == [(0, f"{theos(practice)}.kapdb")]
    nothing_is_read(practice, "Carl")
    nothing_is_read(practice, "Theo")
    assert has_keys(practice) == set()
    assert verify(practice.folder).findings == ()
    is_whole(practice, "Tess", "Carl", "Theo")


def test_an_administrator_without_the_medical_key_leaves_it_to_a_holder(practice):
    with practice.opened("Tess") as (library, tess):
        practice.add(library, tess, "Ada", Role.ADMIN)
    with practice.opened("Ada") as (library, ada):
        library.shredder.delete(ada, [practice.patient])
    assert "medical" in has_keys(practice)
    nothing_is_read(practice, "Carl")
    assert "medical" not in has_keys(practice)


def test_it_is_told_by_whom_with_the_new_epochs(practice):
    delete(practice)
    with practice.opened("Carl") as (library, carl):
        entries = library.read(carl, KEYS_SCOPE, only=SHARED).entries
        assert PatientShredded(practice.patient) in [entry.body for entry in entries]
        assert {entry.body.compartment for entry in entries if isinstance(entry.body, KeyEpoch)} >= {SHARED, MEDICAL}
        page = library.trail(carl)
        assert page.findings == ()
        assert any(isinstance(entry.body, PatientShredded) for entry in page.entries)


def test_a_patient_whom_shared_does_not_know_leaves_a_tombstone_there(practice):
    with practice.opened("Tess", "Carl") as (library, tess, carl):
        body = Vitals(heart_rate_bpm=Decimal(70), moaas=5)
        practice.append(library, carl, MEDICAL, body, scope="61" * 16, patient="a3" * 16)
        library.shredder.delete(tess, ["a3" * 16])
        with pytest.raises(PatientDeleted):
            practice.append(library, tess, SHARED, Signal("after"), scope="61" * 16, patient="a3" * 16)
    assert keys_of(practice.file("shared"), b"\xa3" * 16) == [TOMBSTONE] * 2
    is_whole(practice, "Tess", "Carl", "Theo")


def test_a_later_epoch_keeps_the_tombstones(practice):
    delete(practice)
    with practice.opened("Tess") as (library, tess):
        carl = next(member for member in library.members() if member.label == "Carl")
        library.revoke_member(tess, carl.member_id)
    nothing_is_read(practice, "Tess", "Theo")
    is_whole(practice, "Tess", "Theo")


# --------------------------------------------------------------------------------------------- tombstones forged


@pytest.mark.parametrize("kind", ["shared", "medical"])
def test_a_tombstone_that_nobody_signed_is_named_and_followed_by_no_other_file(practice, kind):
    with practice.tampering(practice.file(kind)) as connection:
        for copy in COPIES:
            connection.execute(f"UPDATE {copy} SET wrapped=zeroblob(48) WHERE patient=?", (b"\xa1" * 16,))  # noqa: S608
    practice.forget_closing()
    report = verify(practice.folder, label="Tess", passphrase=practice.passphrases["Tess"])
    assert report.exit_code == 2
    assert [finding.line for finding in report.findings if finding.code == 2] == [
        f"{kind}.kapdb: keys of 1 patients were destroyed, and nobody signed it."
    ]
    with practice.opened("Tess", "Carl", "Theo") as (library, tess, *_):
        assert library.standing(256).shredded == ()
        assert any(finding.code == 1 for finding in library.read(tess, practice.session).findings)
    assert has_keys(practice) == {"shared", "medical", "therapy-" + tess.member.member_id[:8], theos(practice)} - {kind}


def test_only_an_administrator_vouches_for_a_tombstone(practice):
    with practice.opened("Carl") as (library, carl):
        entry = practice.entry(carl, PatientShredded(practice.patient), scope=KEYS_SCOPE)
        library.append(carl, SHARED, entry, patient_id=KEYS_SCOPE)
    with practice.tampering(practice.file("shared")) as connection:
        for copy in COPIES:
            connection.execute(f"UPDATE {copy} SET wrapped=zeroblob(48) WHERE patient=?", (b"\xa1" * 16,))  # noqa: S608
    practice.forget_closing()
    with practice.opened("Theo"):
        pass
    assert theos(practice) in has_keys(practice)
    assert verify(practice.folder, label="Tess", passphrase=practice.passphrases["Tess"]).exit_code == 2


# ------------------------------------------------------------------------------------------------------- copies


def test_a_backup_of_it_is_restored_and_salvaged_with_the_patient_deleted(practice, tmp_path):
    delete(practice)
    with practice.opened() as (library,):
        made = library.backups.make_as(tmp_path / "one.kapbackup", lambda *_: None)
    assert made.findings == ()
    again = tmp_path / "again"
    assert restore(made.path, again, entropy=os.urandom, with_findings=False, tell=lambda *_: None).exit_code == 0
    saved = tmp_path / "saved"
    assert salvage(practice.folder, saved, entropy=os.urandom, helper=None, tell=lambda *_: None).missing == ()
    for folder in (again, saved):
        is_whole(practice, "Tess", "Carl", "Theo", folder=folder)
        copy = type(practice)(folder, clock=practice.clock, passphrases=practice.passphrases)
        nothing_is_read(copy, "Tess", "Carl", "Theo")


def test_a_backup_from_before_does_not_fill_the_gap_in_a_salvage(practice, tmp_path):
    with practice.opened() as (library,):
        before = library.backups.make_as(tmp_path / "before.kapbackup", lambda *_: None)
    delete(practice, "Theo")
    saved = tmp_path / "saved"
    salvage(practice.folder, saved, entropy=os.urandom, helper=None, tell=lambda *_: None, backups=[before.path])
    copy = type(practice)(saved, clock=practice.clock, passphrases=practice.passphrases)
    nothing_is_read(copy, "Tess", "Carl", "Theo")
    assert has_keys(copy) == set()


def test_what_an_older_copy_brought_back_is_found_and_deleted_again(practice, tmp_path):
    with practice.opened() as (library,):
        before = library.backups.make_as(tmp_path / "before.kapbackup", lambda *_: None)
    delete(practice, "Theo")
    with practice.opened("Carl") as (library, _):
        gone = library.standing(256).shredded
        assert (gone, library.shredder.returned(gone)) == ((practice.patient,), [])
    restore(before.path, tmp_path / "again", entropy=os.urandom, with_findings=False, tell=lambda *_: None)
    copy = type(practice)(tmp_path / "again", clock=practice.clock, passphrases=practice.passphrases)
    with copy.opened("Tess") as (library, tess):
        assert library.shredder.returned(gone) == [practice.patient]
        library.shredder.delete(tess, gone)
        assert library.shredder.returned(gone) == [], "Theo's is owed, and is no news"
    nothing_is_read(copy, "Tess", "Carl", "Theo")
    is_whole(copy, "Tess", "Carl", "Theo")


# ------------------------------------------------------------------------------------------------ a failing disk


@pytest.mark.parametrize("after", range(5))
def test_cut_short_at_any_write_the_old_state_holds_or_the_next_sign_in_ends_it(practice, monkeypatch, after):
    with practice.opened("Tess") as (library, tess):
        real, writes = CompartmentFile.write, []

        def failing(file, rows, *, replacing=False):
            writes.append(file.name)
            if len(writes) > after:
                raise InputOutput("The disk is gone.")
            return real(file, rows, replacing=replacing)

        monkeypatch.setattr(CompartmentFile, "write", failing)
        with pytest.raises(InputOutput):
            library.shredder.delete(tess, [practice.patient])
        monkeypatch.setattr(CompartmentFile, "write", real)
        left = practice.folder.with_name("left")
        shutil.copytree(practice.folder, left)
    copy = type(practice)(left, clock=practice.clock, passphrases=practice.passphrases)
    is_whole(copy, "Tess", "Carl", "Theo")
    if after == 0:
        with copy.opened("Carl") as (library, carl):
            assert library.read(carl, practice.session).entries
    else:
        nothing_is_read(copy, "Tess", "Carl", "Theo")
        assert has_keys(copy) == set()
    is_whole(copy, "Tess", "Carl", "Theo")


def test_a_vault_on_a_read_only_disk_is_read_without_the_deleted_patient(practice, monkeypatch):
    delete(practice)
    monkeypatch.setattr(open_vault.files, "is_writable", lambda _: False)
    nothing_is_read(practice, "Carl", "Tess")
