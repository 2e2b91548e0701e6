"""Backups: opened again before they count, never half there, never over anything; and what comes back of them."""

import hashlib
import json
import os
import shutil
import struct
import threading
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kapnotes.domain.entries import Note, Signal
from kapnotes.domain.errors import DataDamaged, InputOutput, NewerFormat, VaultError, VaultMissing
from kapnotes.domain.members import SHARED, therapy_of
from kapnotes.vault import bundle, generations, restore
from kapnotes.vault.backup import Step
from kapnotes.vault.generations import Generation
from kapnotes.vault.library import VAULT_SCOPE
from kapnotes.vault.verify import verify


class Stopped(Exception):
    """Somebody pulled the plug, as far as the rest of the program is concerned."""


def nobody(*_):
    """Listen to no progress."""


def back_up(practice, path, tell=nobody):
    with practice.opened() as (library,):
        return library.backups.make_as(path, tell)


def bring_back(path, folder, *, with_findings=False, tell=nobody):
    return restore.restore(path, folder, entropy=os.urandom, with_findings=with_findings, tell=tell)


def everything(practice, folder):
    """Return all that each member can read in the vault in *folder*."""
    library = practice.open(folder)
    try:
        read = {}
        for member in library.members():
            keyring = practice.unlock(library, member.label)
            for scope in (VAULT_SCOPE, *(scope.scope_id for scope in library.scopes(keyring))):
                back = library.read(keyring, scope)
                assert not back.findings
                assert not back.refused
                read[member.label, scope] = back.entries
        return read
    finally:
        library.close()


@pytest.fixture
def backed_up(filled, tmp_path):
    """A filled vault and a backup of it."""
    back_up(filled, tmp_path / "one.kapbackup")
    return filled, tmp_path / "one.kapbackup"


# -------------------------------------------------------------------------------------- there and back


def test_a_backup_comes_back_with_every_entry(backed_up, tmp_path):
    filled, path = backed_up
    report = bring_back(path, tmp_path / "again")
    assert report.exit_code == 0
    assert report.entries == 15
    assert everything(filled, tmp_path / "again") == everything(filled, filled.folder)


def test_making_one_changes_nothing_in_the_vault(filled, tmp_path):
    before = filled.hashes()
    back_up(filled, tmp_path / "one.kapbackup")
    assert filled.hashes() == before


def test_only_the_file_itself_is_left_and_only_its_owner_can_read_it(backed_up, tmp_path):
    _, path = backed_up
    assert sorted(p.name for p in tmp_path.iterdir()) == ["one.kapbackup", "vault"]
    assert path.stat().st_mode & 0o777 == 0o600


def test_a_backup_is_verified_as_a_vault_is(backed_up, tmp_path):
    filled, path = backed_up
    report = restore.check(path)
    assert (report.exit_code, report.entries, report.contents_read) == (0, 15, False)
    report = restore.check(path, label="Tess", passphrase=filled.passphrases["Tess"])
    assert (report.exit_code, report.contents_read) == (0, True)
    assert restore.check(path, label="Tess", passphrase="nobody knows this one").exit_code == 4
    assert sorted(p.name for p in tmp_path.iterdir()) == ["one.kapbackup", "vault"]


def test_its_manifest_says_where_the_logs_end(backed_up):
    _, path = backed_up
    manifest = bundle.read(path).manifest
    assert manifest.entries == 15
    assert [(one.name[:7], one.logs, one.entries) for one in manifest.ends] == [
        ("shared.", 2, 2),
        ("medical", 1, 7),
        ("therapy", 1, 6),
    ]


def test_drafts_go_along_and_other_files_do_not(filled, tmp_path):
    (filled.folder / "therapy-0.draft").write_bytes(b"sealed")
    (filled.folder / "attempts").write_bytes(b"2")
    back_up(filled, tmp_path / "one.kapbackup")
    bring_back(tmp_path / "one.kapbackup", tmp_path / "again", with_findings=True)  # a draft of no vault is one
    assert (tmp_path / "again" / "therapy-0.draft").read_bytes() == b"sealed"
    assert (tmp_path / "again" / "attempts").read_bytes() != b"2"
    assert not (tmp_path / "again" / "closing").exists()


# ---------------------------------------------------------------------------------------- never over


def test_nothing_is_ever_overwritten(backed_up, tmp_path):
    filled, path = backed_up
    before = path.read_bytes()
    with pytest.raises(InputOutput, match="exists already"):
        back_up(filled, path)
    with pytest.raises(InputOutput, match="exists already"):
        bring_back(path, filled.folder)
    (tmp_path / "file").touch()
    with pytest.raises(InputOutput, match="exists already"):
        bring_back(path, tmp_path / "file")
    (tmp_path / "nowhere").symlink_to(tmp_path / "missing")
    with pytest.raises(InputOutput, match="exists already"):
        bring_back(path, tmp_path / "nowhere")
    assert path.read_bytes() == before


def test_a_stick_that_is_not_there_is_no_reason_to_make_a_folder(filled, tmp_path):
    with pytest.raises(InputOutput, match="no folder"):
        back_up(filled, tmp_path / "stick" / "one.kapbackup")
    with filled.opened() as (library,), pytest.raises(InputOutput, match="no folder"):
        library.backups.make(tmp_path / "stick", nobody)
    assert not (tmp_path / "stick").exists()


def test_without_room_nothing_is_begun(filled, tmp_path, monkeypatch):
    usage = shutil.disk_usage(tmp_path)._replace(free=1_000_000)
    monkeypatch.setattr(shutil, "disk_usage", lambda _: usage)
    with pytest.raises(InputOutput, match=r"no room in .*: 17 MiB are needed"):
        back_up(filled, tmp_path / "one.kapbackup")
    assert [p.name for p in tmp_path.iterdir()] == ["vault"]


# ------------------------------------------------------------------------------------------ cut short


def stopping_at(number):
    seen = []

    def tell(step, done, of):
        seen.append(step)
        if len(seen) == number:
            raise Stopped

    return tell, seen


def test_a_backup_stopped_at_any_step_leaves_none(filled, tmp_path):
    tell, seen = stopping_at(0)
    back_up(filled, tmp_path / "whole.kapbackup", tell)
    assert set(seen) == set(Step)
    for number in range(1, len(seen) + 1):
        tell, _ = stopping_at(number)
        with pytest.raises(Stopped):
            back_up(filled, tmp_path / "one.kapbackup", tell)
        assert sorted(p.name for p in tmp_path.iterdir()) == ["vault", "whole.kapbackup"]


def test_a_restore_stopped_at_any_step_leaves_no_vault(backed_up, tmp_path):
    _, path = backed_up
    tell, seen = stopping_at(0)
    bring_back(path, tmp_path / "whole", tell=tell)
    for number in range(1, len(seen) + 1):
        tell, _ = stopping_at(number)
        with pytest.raises(Stopped):
            bring_back(path, tmp_path / "again", tell=tell)
        assert sorted(p.name for p in tmp_path.iterdir()) == ["one.kapbackup", "vault", "whole"]


def test_what_a_killed_backup_left_is_cleared_by_the_next(filled, tmp_path):
    left = tmp_path / f".kapnotes-{filled.device[:8]}.part"
    left.mkdir()
    (left / "shared.kapdb").write_bytes(b"half")
    back_up(filled, tmp_path / "one.kapbackup")
    assert sorted(p.name for p in tmp_path.iterdir()) == ["one.kapbackup", "vault"]


def test_a_disk_that_does_not_keep_what_was_written_is_noticed(filled, tmp_path):
    def flip(step, done, of):
        if step is Step.WRITING and done == of:
            (part,) = tmp_path.glob(".kapnotes-*.part/new.kapbackup")
            with part.open("r+b") as file:  # what was on its way to the disk by now
                file.seek(5000)
                byte = file.read(1)
                file.seek(5000)
                file.write(bytes([byte[0] ^ 1]))

    with pytest.raises(DataDamaged, match="did not keep the backup"):
        back_up(filled, tmp_path / "one.kapbackup", flip)
    assert [p.name for p in tmp_path.iterdir()] == ["vault"]


# ----------------------------------------------------------------------------------- written meanwhile


def test_a_backup_while_entries_are_added_holds_all_up_to_one_moment(filled, tmp_path):
    with filled.opened("Tess") as (library, tess):
        therapy = therapy_of(tess.member.member_id)
        said = []

        def add(step, done, of):
            if step is Step.COPYING and len(said) < 6:
                said.append(filled.append(library, tess, therapy, Note(f"meanwhile {len(said)}"))[0])
                said.append(filled.append(library, tess, SHARED, Signal(f"meanwhile {len(said)}"))[0])

        made = library.backups.make_as(tmp_path / "one.kapbackup", add)
    assert made.findings == ()
    bring_back(made.path, tmp_path / "again")
    entries = everything(filled, tmp_path / "again")["Tess", filled.session]
    there = [entry in entries for entry in said]
    assert there == sorted(there, reverse=True), "a later entry is there and an earlier one is not"
    assert made.manifest.entries == 15 + sum(there)


def test_other_threads_write_between_the_pages(filled, tmp_path):
    with filled.opened("Tess") as (library, tess):
        therapy = therapy_of(tess.member.member_id)
        for _ in range(40):
            filled.append(library, tess, therapy, Note("x" * 60_000))
        waits = []

        def write():
            filled.append(library, tess, therapy, Note("between the pages"))
            waits.append(copied[-1])

        copied, threads = [], []

        def tell(step, done, of):
            copied.append((step, done, of))
            if step is Step.COPYING and of > 300 and not threads:
                threads.append(threading.Thread(target=write))
                threads[0].start()
                while not library._vault.door.waiting:  # noqa: SLF001
                    pass

        library.backups.make_as(tmp_path / "one.kapbackup", tell)
        threads[0].join()
    step, done, of = waits[0]
    assert step is Step.COPYING
    assert done < of, "the note waited for the whole file"


def test_a_file_that_fails_meanwhile_ends_the_copy_and_not_the_writing(filled, tmp_path):
    with filled.opened("Tess") as (library, tess):
        therapy = therapy_of(tess.member.member_id)
        for _ in range(40):
            filled.append(library, tess, therapy, Note("x" * 60_000))
        file = library._vault.file(therapy)  # noqa: SLF001
        failed, threads = [], []

        def fail():
            try:
                with library._vault.door:  # noqa: SLF001
                    file.reopen()
            except VaultError as error:
                failed.append(error)

        def tell(step, done, of):
            if step is Step.COPYING and of > 300 and not threads:
                threads.append(threading.Thread(target=fail))
                threads[0].start()
                while not library._vault.door.waiting:  # noqa: SLF001
                    pass

        with pytest.raises(InputOutput, match="failed while it was copied"):
            library.backups.make_as(tmp_path / "one.kapbackup", tell)
        threads[0].join()
        assert failed == []
        filled.append(library, tess, therapy, Note("and on it goes"))
    assert [p.name for p in tmp_path.iterdir()] == ["vault"]
    assert verify(filled.folder).exit_code == 0


# ------------------------------------------------------------------------------------- damaged, hostile


def test_every_flipped_byte_is_refused(backed_up, tmp_path):
    _, path = backed_up
    whole = path.read_bytes()
    spots = [*range(200), *range(200, len(whole), 1171), len(whole) - 1]
    for spot in spots:
        path.write_bytes(whole[:spot] + bytes([whole[spot] ^ 0x10]) + whole[spot + 1 :])
        with pytest.raises(VaultError) as caught:
            bring_back(path, tmp_path / "again")
        assert "\n" not in str(caught.value)
        assert not (tmp_path / "again").exists()
    assert sorted(p.name for p in tmp_path.iterdir()) == ["one.kapbackup", "vault"]


def test_every_cut_is_refused(backed_up, tmp_path):
    _, path = backed_up
    whole = path.read_bytes()
    for length in (*range(0, 2000, 97), *range(2000, len(whole), 4099), len(whole) - 1):
        path.write_bytes(whole[:length])
        with pytest.raises(DataDamaged):
            bring_back(path, tmp_path / "again")
    path.write_bytes(whole + b"\0")
    with pytest.raises(DataDamaged, match="cut or too long"):
        bring_back(path, tmp_path / "again")
    assert sorted(p.name for p in tmp_path.iterdir()) == ["one.kapbackup", "vault"]


def sealed(manifest, contents=b"", version=1):
    """Return a backup with that manifest and a hash that holds."""
    body = manifest if isinstance(manifest, bytes) else json.dumps(manifest, separators=(",", ":")).encode()
    head = struct.pack(">4sHI", b"KAPB", version, len(body)) + body
    return head + hashlib.sha256(head).digest() + contents


def manifest(*names, size=1, **other):
    sha = hashlib.sha256(b"x").hexdigest()
    parts = [{"name": name, "size": size, "sha256": sha} for name in names]
    return {"vault": "ab" * 16, "device": "cd" * 16, "utc_ns": 5, "files": parts, "ends": []} | other


@pytest.mark.parametrize(
    ("hostile", "contents"),
    [
        (manifest("shared.kapdb", "../medical.kapdb"), b"xx"),
        (manifest("shared.kapdb", "/etc/passwd"), b"xx"),
        (manifest("shared.kapdb", "therapy-../../x.kapdb"), b"xx"),
        (manifest("shared.kapdb", "shared.kapdb"), b"xx"),
        (manifest("shared.kapdb", "closing"), b"xx"),
        (manifest("shared.kapdb", "restored"), b"xx"),
        (manifest("shared.kapdb", "medical.kapdb\n"), b"xx"),
        (manifest("shared.kapdb", ".draft"), b"xx"),
        (manifest("shared.kapdb", size=2**63), b""),
        (manifest("shared.kapdb", size=2**41), b""),
        (manifest("shared.kapdb", "medical.kapdb", size=-1), b""),
        (manifest("medical.kapdb"), b"x"),
        (manifest(), b""),
        (manifest("shared.kapdb", utc_ns=2**63), b"x"),
        (manifest("shared.kapdb", utc_ns=-1), b"x"),
        (manifest("shared.kapdb", vault="../"), b"x"),
        (manifest("shared.kapdb", more=1), b"x"),
        (manifest("shared.kapdb", files=3), b""),
        (b'{"vault":1}', b""),
        (b"[" * 100_000, b""),
        (b"", b""),
    ],
)
def test_a_manifest_that_cannot_be_is_refused(hostile, contents, tmp_path):
    path = tmp_path / "x.kapbackup"
    path.write_bytes(sealed(hostile, contents))
    with pytest.raises(DataDamaged):
        bring_back(path, tmp_path / "again")
    assert [p.name for p in tmp_path.iterdir()] == ["x.kapbackup"]


def test_a_manifest_that_is_ours_and_a_content_that_is_none_is_refused(tmp_path):
    path = tmp_path / "x.kapbackup"
    path.write_bytes(sealed(manifest("shared.kapdb"), b"x"))
    report = bring_back(path, tmp_path / "again")
    assert report.exit_code == 1
    assert [p.name for p in tmp_path.iterdir()] == ["x.kapbackup"]


def test_a_newer_format_is_told_apart(backed_up, tmp_path):
    _, path = backed_up
    path.write_bytes(sealed(manifest("shared.kapdb"), b"x", version=2))
    with pytest.raises(NewerFormat, match="format 2, this reads 1"):
        bring_back(path, tmp_path / "again")
    assert restore.check(path).exit_code == 6


def test_no_backup_at_all(tmp_path):
    with pytest.raises(VaultMissing):
        bring_back(tmp_path / "one.kapbackup", tmp_path / "again")
    assert restore.check(tmp_path / "one.kapbackup").exit_code == 5


@given(st.binary(max_size=400))
def test_any_bytes_at_all_are_refused_in_one_line(tmp_path_factory, content):
    path = tmp_path_factory.getbasetemp() / "any.kapbackup"
    for bytes_ in (content, b"KAPB\0\1" + content, sealed(content)):
        path.write_bytes(bytes_)
        with pytest.raises(VaultError):
            bundle.read(path)


# ------------------------------------------------------------------------------------ a damaged vault


def test_a_damaged_vault_is_backed_up_and_says_so(filled, tmp_path):
    with filled.tampering(filled.file("medical")) as connection:
        connection.execute("UPDATE event SET ct=zeroblob(144) WHERE seq=3")
    filled.forget_closing()
    made = back_up(filled, tmp_path)
    assert made.path.name.endswith("-damaged.kapbackup")
    assert "medical.kapdb is damaged at entry 3" in made.findings[0].line
    report = bring_back(made.path, tmp_path / "again")
    assert report.exit_code == 1
    assert not (tmp_path / "again").exists()
    report = bring_back(made.path, tmp_path / "again", with_findings=True)
    assert verify(tmp_path / "again").findings == report.findings


# --------------------------------------------------------------------------------------- generations


def test_the_newest_ten_restore(filled, tmp_path):
    with filled.opened("Tess") as (library, tess):
        for number in range(12):
            filled.clock.advance(3600)
            filled.append(library, tess, SHARED, Signal(f"round {number}"))
            library.backups.make(None, nobody)
        kept = library.backups.generations(None)
    assert [one.manifest.entries for one in kept] == [15 + number for number in range(12, 2, -1)]
    for number, one in enumerate(kept):
        folder = tmp_path / f"again-{number}"
        assert bring_back(one.path, folder).exit_code == 0
        assert len(everything(filled, folder)["Tess", filled.session]) == one.manifest.entries


def test_a_restored_vault_counts_failed_sign_ins_anew_and_misses_none(filled, tmp_path):
    with filled.opened("Tess") as (library, _):
        made = library.backups.make(None, nobody)
    folder = tmp_path / "again"
    bring_back(made.path, folder)

    library = filled.open(folder)
    try:
        assert not library.unreported_sign_ins()
    finally:
        library.close()


def generation(day, *, is_whole=True):
    moment = datetime(2026, 1, 5, 12, tzinfo=UTC).timestamp() + day * 86400
    made = bundle.Manifest("ab" * 16, "cd" * 16, int(moment) * 1_000_000_000, (), ())
    return Generation(f"day {day}", made, is_whole)


def test_beside_the_newest_ten_the_last_of_each_of_eight_weeks_is_kept():
    backups = [generation(day) for day in range(83, -1, -1)]  # twelve whole weeks, from a Monday to a Sunday
    gone = generations.outdated(backups)
    kept = [int(one.path[4:]) for one in backups if one not in gone]
    assert kept == [*range(83, 73, -1), 69, 62, 55, 48, 41, 34]


def test_backups_of_a_damaged_vault_never_take_the_place_of_whole_ones():
    whole = [generation(day) for day in range(9, -1, -1)]
    damaged = [generation(day, is_whole=False) for day in range(60, 40, -1)]
    gone = generations.outdated([*damaged, *whole])
    assert gone == damaged[10:]


def test_only_backups_of_the_same_vault_with_a_name_of_ours_are_removed(filled, tmp_path):
    with filled.opened("Tess") as (library, tess):
        library.backups.make(tmp_path, nobody)
        (first,) = tmp_path.glob("*.kapbackup")
        first.rename(tmp_path / "kept by hand.kapbackup")
        other = "2020-01-01T000000Z-1-ABCDEF01.kapbackup"
        (tmp_path / other).write_bytes(sealed(manifest("shared.kapdb"), b"x"))
        for _ in range(12):
            filled.append(library, tess, SHARED, Signal("again"))
            library.backups.make(tmp_path, nobody)
    names = sorted(p.name for p in tmp_path.glob("*.kapbackup"))
    assert "kept by hand.kapbackup" in names
    assert other in names
    assert len(names) == 12
