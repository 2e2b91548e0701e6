"""Opening and signing in: each cause told apart, and no file opened that is not the member's."""

import contextlib
import hashlib
import json
import os
import shutil
import sqlite3
import subprocess
import sys
import textwrap
import threading

import pytest

from kapnotes.domain.entries import Signal
from kapnotes.domain.errors import (
    DataDamaged,
    HeaderDamaged,
    InputOutput,
    NewerFormat,
    NotEntitled,
    OutOfMemory,
    ReadOnly,
    Tampered,
    VaultError,
    VaultInUse,
    VaultMissing,
    WrongPassphrase,
)
from kapnotes.domain.members import MEDICAL, SHARED, therapy_of
from kapnotes.vault import files, kdf, layout, slots
from kapnotes.vault.compartment_file import connect
from kapnotes.vault.layout import file_name
from kapnotes.vault.library import VAULT_SCOPE
from kapnotes.vault.verify import verify


def change_slot(practice, path, label, **changes):
    """Change a slot's JSON and make its hash right again, as someone would who edits files."""
    member = bytes.fromhex(practice.member_id(label))
    with sqlite3.connect(path) as connection:
        (body,) = connection.execute("SELECT body FROM slot WHERE member=?", (member,)).fetchone()
        body = json.dumps({**json.loads(body), **changes}, separators=(",", ":")).encode()
        sha = hashlib.sha256(layout.label("slot") + body).digest()
        connection.execute("UPDATE slot SET body=?, sha=? WHERE member=?", (body, sha, member))
    connection.close()


def damage_slot(path):
    with sqlite3.connect(path) as connection:
        connection.execute("UPDATE slot SET body=zeroblob(200)")
    connection.close()


def test_members_are_known_without_a_passphrase(filled):
    with filled.opened() as (library,):
        assert [member.label for member in library.members()] == ["Tess", "Carl"]


@pytest.mark.parametrize("label", ["Tess", "tess", "  TESS "])
def test_a_label_is_matched_however_it_is_spaced_and_cased(filled, label):
    with filled.opened() as (library,):
        assert library.unlock(label, filled.passphrases["Tess"]).member.label == "Tess"


def test_a_wrong_passphrase_is_said_so_and_changes_nothing_but_the_list_of_attempts(filled):
    before = filled.hashes()
    del before["attempts"]
    with filled.opened() as (library,), pytest.raises(WrongPassphrase, match="Not the passphrase of Tess") as wrong:
        library.unlock("Tess", "granite kettle plum arrow")
    assert wrong.value.exit_code == 4
    assert "granite" not in str(wrong.value)
    assert filled.hashes().items() >= before.items()


@pytest.mark.parametrize("passphrase", ["", "x" * 300, "\ud800"])
def test_a_passphrase_that_cannot_be_one_is_a_wrong_one(filled, passphrase):
    with filled.opened() as (library,), pytest.raises(WrongPassphrase):
        library.unlock("Tess", passphrase)


def test_an_unknown_member_is_told_who_there_is(filled):
    with filled.opened() as (library,), pytest.raises(WrongPassphrase, match=r"no member of that name.*Tess, Carl"):
        library.unlock("Zoe", "otter lagoon violin cedar")


def test_opening_reading_and_closing_change_no_byte(filled):
    before = filled.hashes()
    with filled.opened("Tess", "Carl") as (library, tess, carl):
        library.read(tess, filled.session)
        library.read(carl, filled.session)
        library.scopes(tess)
        library.read(tess, VAULT_SCOPE)
    assert filled.hashes() == before


def test_opening_never_creates(tmp_path, practice):
    with pytest.raises(VaultMissing, match="There is no vault in"):
        practice.open(tmp_path / "nothing")
    assert not (tmp_path / "nothing").exists()
    (tmp_path / "empty").mkdir()
    with pytest.raises(VaultMissing, match=r"There is no vault in .*empty\. Look at the path"):
        practice.open(tmp_path / "empty")
    assert not list((tmp_path / "empty").iterdir())


def test_a_missing_vault_names_its_backups(tmp_path, practice):
    (tmp_path / "gone" / "backups").mkdir(parents=True)
    (tmp_path / "gone" / "backups" / "2025-03-04.kapbackup").touch()
    with pytest.raises(VaultMissing, match=r"2025-03-04\.kapbackup") as missing:
        practice.open(tmp_path / "gone")
    assert missing.value.exit_code == 5


def test_a_file_that_is_gone_is_never_made_again(filled):
    for path in (filled.file("medical"), filled.file("therapy")):
        kept = path.read_bytes()
        path.unlink()
        with filled.opened() as (library,), pytest.raises(VaultMissing, match=path.name):
            filled.unlock_whole(library, "Tess")
        assert not path.exists()
        path.write_bytes(kept)


def test_a_second_opening_in_this_process_is_refused(filled):
    with filled.opened(), pytest.raises(VaultInUse, match="on this computer since 13:02") as refused:
        filled.open()
    assert refused.value.exit_code == 4


def test_a_second_process_is_refused_at_once_and_changes_nothing(filled):
    code = textwrap.dedent(
        """
        import sys, time
        from datetime import UTC, datetime
        from pathlib import Path
        from kapnotes.domain.clock import ManualClock
        from kapnotes.domain.errors import VaultInUse
        from kapnotes.vault.library import Library
        from kapnotes.vault.verify import verify
        began = time.perf_counter()
        try:
            Library.open(Path(sys.argv[1]), device_id="0" * 32, entropy=None,
                         clock=ManualClock(datetime(2025, 1, 1, tzinfo=UTC)))
        except VaultInUse as refused:
            print(time.perf_counter() - began < 0.3, refused, verify(Path(sys.argv[1])).exit_code)
        """
    )
    before = filled.hashes()  # not while it is open: closing a file of our own drops SQLite's lock
    with filled.opened("Tess") as (library, tess):
        done = subprocess.run(
            [sys.executable, "-c", code, str(filled.folder)], capture_output=True, text=True, check=True, timeout=50
        )
        assert done.stdout == "True Open in another KAPnotes on this computer since 13:02. 4\n"
        assert library.read(tess, filled.session).findings == ()
    assert filled.hashes() == before


def test_a_verification_in_this_process_does_not_break_the_lock(filled):
    with filled.opened("Tess") as (library, tess):
        assert verify(filled.folder).exit_code == 4
        assert verify(filled.folder).findings[0].line == "Open in another KAPnotes on this computer since 13:02."
        with pytest.raises(VaultInUse):
            filled.open()
        assert library.read(tess, filled.session).findings == ()


def test_one_that_only_looks_at_a_file_and_goes_keeps_nobody_out(filled):
    onlooker = connect(filled.file("shared"), is_writing=False)
    onlooker.execute("BEGIN")
    onlooker.execute("SELECT * FROM meta").fetchall()
    going = threading.Timer(0.05, onlooker.close)
    going.start()
    with filled.opened("Tess") as (library, tess):
        assert library.read(tess, filled.session).findings == ()
    going.join()


def test_one_that_goes_on_looking_at_a_file_lets_the_other_be_refused(filled):
    with contextlib.closing(connect(filled.file("shared"), is_writing=False)) as onlooker:
        onlooker.execute("BEGIN")
        onlooker.execute("SELECT * FROM meta").fetchall()
        with pytest.raises(VaultInUse):
            filled.open()
    with filled.opened("Tess"):
        pass


def test_the_vault_can_be_opened_again_after_it_was_closed(filled):
    library = filled.open()
    library.close()
    library.close()
    assert not (filled.folder / ".lock").exists()
    filled.open().close()


def test_a_stale_note_of_a_killed_process_keeps_nobody_out(filled):
    (filled.folder / ".lock").write_text("rubbish")
    with filled.opened("Tess"):
        pass


def test_a_rubbish_note_is_no_traceback(filled):
    with filled.opened():
        (filled.folder / ".lock").write_bytes(b"\xff")
        with pytest.raises(VaultInUse, match=r"^The vault is open in another KAPnotes\.$"):
            filled.open()


def test_a_damaged_slot_is_read_from_a_copy_and_named_by_verify(filled):
    damage_slot(filled.file("shared"))
    with filled.opened() as (library,):
        filled.unlock(library, "Carl")
        with pytest.raises(WrongPassphrase):
            library.unlock("Tess", "wrong")
        filled.unlock(library, "Tess")
    lines = [finding.line for finding in verify(filled.folder).findings]
    assert "shared.kapdb: the passphrase slot of Tess is damaged." in lines


def test_a_slot_damaged_in_every_copy_is_never_called_a_wrong_passphrase(filled):
    for path in filled.folder.glob("*.kapdb"):
        damage_slot(path)
    for passphrase in (filled.passphrases["Tess"], "wrong"):
        with filled.opened() as (library,), pytest.raises(HeaderDamaged, match="key header is damaged"):
            library.unlock("Tess", passphrase)
        report = verify(filled.folder, label="Tess", passphrase=passphrase)
        assert 4 not in {finding.code for finding in report.findings}
        assert report.exit_code == 1


@pytest.mark.parametrize(
    "changes",
    [
        {"m": 2**32},
        {"t": 17},
        {"p": 0},
        {"m": -1},
        {"salt": ""},
        {"wrapped": "AAAA"},
        {"nonce": ""},
        {"kdf": "none"},
        {"more": 1},
    ],
)
def test_a_slot_that_cannot_be_is_a_damaged_header_whatever_the_passphrase(filled, changes):
    for path in filled.folder.glob("*.kapdb"):
        change_slot(filled, path, "Tess", **changes)
    with filled.opened() as (library,), pytest.raises(HeaderDamaged):
        filled.unlock(library, "Tess")


def test_an_intruders_slot_opens_nothing(filled):
    """Whoever swaps a member's slot for one of an own passphrase has a seed that is not the member's."""
    member = bytes.fromhex(filled.member_id("Tess"))
    with filled.opened() as (library,):
        vault = bytes.fromhex(library.vault_id)
    row = slots.new_slot_row(os.urandom(32), member, vault, "mine", filled.cost, os.urandom)
    with sqlite3.connect(filled.file("shared")) as connection:
        connection.execute("REPLACE INTO slot VALUES(?,?,?)", row.values)
    connection.close()
    with filled.opened() as (library,), pytest.raises(HeaderDamaged):
        library.unlock("Tess", "mine")


def test_too_little_memory_is_said_so(filled, monkeypatch):
    class NoMemory:
        def __init__(self, **_):
            pass

        def derive(self, _):
            raise MemoryError

    monkeypatch.setattr(kdf, "Argon2id", NoMemory)
    with filled.opened() as (library,), pytest.raises(OutOfMemory, match="not checked"):
        filled.unlock(library, "Tess")


@pytest.mark.parametrize("kind", ["shared", "medical", "therapy"])
@pytest.mark.parametrize("content", [b"", b"\0" * 4096, b"rubbish" * 1000, b"SQLite format 3\0" + bytes(5000)])
def test_a_file_that_is_not_ours_is_damaged_and_not_touched(filled, kind, content):
    path = filled.file(kind)
    path.write_bytes(content)
    with pytest.raises(DataDamaged, match=path.name), filled.opened() as (library,):
        filled.unlock_whole(library, "Tess")
    assert path.read_bytes() == content


@pytest.mark.parametrize("kind", ["shared", "medical", "therapy"])
def test_a_newer_format_is_named_and_left_alone(filled, kind):
    with sqlite3.connect(filled.file(kind)) as connection:
        connection.execute("PRAGMA user_version=2")
    connection.close()
    filled.forget_closing()
    content = filled.file(kind).read_bytes()
    with pytest.raises(NewerFormat, match=r"format 2, this reads 1") as newer, filled.opened() as (library,):
        filled.unlock_whole(library, "Tess")
    assert newer.value.exit_code == 6
    assert filled.file(kind).read_bytes() == content


@pytest.mark.parametrize("kind", ["shared", "medical", "therapy"])
def test_a_format_number_that_the_closing_record_does_not_know_is_damage(filled, kind):
    with sqlite3.connect(filled.file(kind)) as connection:
        connection.execute("PRAGMA user_version=3")
    connection.close()
    with pytest.raises(DataDamaged, match=r"is damaged at its format number"), filled.opened() as (library,):
        filled.unlock_whole(library, "Tess")
    report = verify(filled.folder)
    assert report.exit_code == 1
    assert report.findings[0].line.endswith("is damaged: it is not as it was when the vault was closed.")


@pytest.mark.parametrize("kind", ["medical", "therapy"])
@pytest.mark.parametrize("content", [b"", b"rubbish" * 1000, None])
def test_a_file_that_cannot_be_used_costs_its_own_compartment_and_no_other(filled, kind, content):
    path = filled.file(kind)
    if content is None:
        path.unlink()
    else:
        path.write_bytes(content)
    with filled.opened("Tess") as (library, tess):
        (lost,) = tess.unopened
        assert file_name(lost) == path.name
        assert set(tess.compartments) == {SHARED, MEDICAL, therapy_of(tess.member.member_id)} - {lost}
        read = library.read(tess, filled.session)
        whole = [library.read(tess, filled.session, only=held).entries for held in tess.compartments]
        assert len(read.entries) == sum(map(len, whole)) > 0
        assert [finding.file for finding in read.findings] == [path.name]
        with pytest.raises(VaultError, match=path.name):
            library.read(tess, filled.session, only=lost)
        filled.append(library, tess, SHARED, Signal("goes on"))
    assert path.exists() is (content is not None)


def test_a_crna_whose_medical_file_is_gone_reads_what_is_shared(filled):
    filled.file("medical").unlink()
    with filled.opened("Carl") as (library, carl):
        assert list(carl.unopened) == [MEDICAL]
        assert carl.compartments == (SHARED,)
        assert len(library.read(carl, filled.session).entries) == 2


def test_without_the_shared_file_there_is_no_way_in(filled):
    filled.file("shared").write_bytes(b"rubbish" * 1000)
    with pytest.raises(DataDamaged, match=r"shared\.kapdb"):
        filled.open()


@pytest.mark.parametrize("kind", ["shared", "medical"])
def test_a_journal_put_beside_a_closed_vault_is_never_written_into_it(filled, kind):
    path = filled.file(kind)
    journal = path.with_name(path.name + "-journal")
    journal.write_bytes(b"\xd9\xd5\x05\xf9\x20\xa1\x63\xd7" + bytes(600))
    before = path.read_bytes()
    with pytest.raises(Tampered, match=r"was put beside a closed vault\. Move it"), filled.opened() as (library,):
        filled.unlock_whole(library, "Tess")
    assert path.read_bytes() == before
    journal.unlink()
    with filled.opened() as (library,):
        assert filled.unlock_whole(library, "Tess").unopened == {}


@pytest.mark.parametrize(
    "change",
    [
        "CREATE TABLE extra(a)",
        "DROP TRIGGER event_stays",
        "CREATE INDEX more ON event(author)",
        "ALTER TABLE slot ADD COLUMN hint TEXT",
        "CREATE VIEW v AS SELECT 1",
    ],
)
def test_foreign_tables_are_tampering(filled, change):
    with sqlite3.connect(filled.file("medical")) as connection:
        connection.execute(change)
    connection.close()
    with pytest.raises(Tampered, match=r"medical\.kapdb has foreign tables"), filled.opened() as (library,):
        filled.unlock_whole(library, "Tess")
    assert verify(filled.folder).exit_code == 2


def test_a_file_of_another_vault_is_refused(filled, tmp_path):
    other = type(filled)(tmp_path / "other").create()
    shutil.copy(other.file("medical"), filled.file("medical"))
    with pytest.raises(Tampered, match="another vault"), filled.opened() as (library,):
        filled.unlock_whole(library, "Tess")


def test_several_keyrings_are_open_at_once_and_each_locks_by_itself(filled):
    with filled.opened("Tess", "Carl") as (library, tess, carl):
        library.lock(carl)
        assert carl.is_locked
        assert not tess.is_locked
        assert carl.compartments == ()
        with pytest.raises(NotEntitled, match="locked"):
            library.read(carl, filled.session)
        with pytest.raises(NotEntitled, match="locked"):
            library.scopes(carl)
        assert len(library.read(tess, filled.session).entries) == 15


def test_a_crna_has_no_key_of_the_process_notes(filled):
    with filled.opened("Carl") as (library, carl):
        tess_id = next(m.member_id for m in library.members() if m.label == "Tess")
        assert carl.compartments == (SHARED, MEDICAL)
        with pytest.raises(NotEntitled):
            carl.keys_of(therapy_of(tess_id))


def test_after_closing_nothing_can_be_done(filled):
    library = filled.open()
    tess = filled.unlock(library, "Tess")
    library.close()
    assert tess.is_locked
    with pytest.raises(InputOutput, match="closed"):
        library.read(tess, filled.session)
    with pytest.raises(InputOutput, match="closed"):
        filled.unlock(library, "Tess")


def test_no_repr_and_no_error_shows_a_key_or_a_passphrase(filled):
    with filled.opened("Tess") as (library, tess):
        keys = tess.keys_of(SHARED)
        shown = " ".join(map(repr, (library, tess, keys, tess.signing, library.read(tess, filled.session))))
    assert filled.canary not in shown
    assert filled.passphrases["Tess"] not in shown
    assert "bytearray" not in shown


# ------------------------------------------------------------------------------------------------ read only


@pytest.fixture
def read_only(filled, monkeypatch):
    """A practice on a medium that takes no writing, as far as the system says."""
    monkeypatch.setattr(files, "is_writable", lambda _: False)
    return filled


def test_a_vault_that_is_read_only_is_read_and_no_byte_of_it_changes(read_only):
    before = read_only.hashes()
    with read_only.opened("Tess") as (library, tess):
        assert library.disk.is_read_only
        assert "Read only" in str(library.notices()[0])
        assert len(library.read(tess, read_only.session).entries) > 10
        library.disk.look()
    assert read_only.hashes() == before


def test_nothing_is_noted_in_a_vault_that_is_read_only_and_that_is_said(read_only):
    with read_only.opened("Tess") as (library, tess):
        with pytest.raises(ReadOnly, match="read only here"):
            read_only.append(library, tess, SHARED, Signal("come"))
        with pytest.raises(ReadOnly):
            library.disk.see_that_a_session_fits()


def test_a_vault_that_is_read_only_is_not_opened_while_another_process_writes_it(filled, monkeypatch):
    with filled.opened() as (_,):
        monkeypatch.setattr(files, "is_writable", lambda _: False)
        with pytest.raises(VaultInUse):
            filled.open()
