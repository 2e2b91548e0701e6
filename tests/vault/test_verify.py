"""`verify` names what is wrong, with file and number of the entry, by causes that are never taken for one another."""

import contextlib
import os
import random
import shutil
import sqlite3
import subprocess
import sys
import textwrap

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kapnotes.domain.entries import Signal, Vitals
from kapnotes.domain.errors import DataDamaged, VaultError
from kapnotes.domain.members import MEDICAL, SHARED
from kapnotes.vault.findings import Finding, Report
from kapnotes.vault.verify import verify

BITS = st.data()
ONE_VAULT = settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


def lines(report):
    return [finding.line for finding in report.findings]


def with_passphrase(practice, label="Tess"):
    return verify(practice.folder, label=label, passphrase=practice.passphrases[label])


def sql(path, *statements):
    with sqlite3.connect(path) as connection:
        for statement in statements:
            connection.execute(statement)
    connection.close()


# --------------------------------------------------------------------------------------------- undamaged


def test_a_whole_vault_has_no_finding(filled):
    assert verify(filled.folder) == Report((), contents_read=False, entries=15)
    assert with_passphrase(filled) == Report((), contents_read=True, entries=15)
    assert with_passphrase(filled, "Carl") == Report((), contents_read=True, entries=15)


def test_verify_changes_no_byte(filled):
    before = filled.hashes()
    with_passphrase(filled)
    assert filled.hashes() == before


def test_a_vault_that_was_not_closed_is_whole(filled):
    filled.forget_closing()
    assert with_passphrase(filled).exit_code == 0


def test_the_worst_code_counts():
    findings = [Finding("f", code, "line") for code in (0, 1, 3, 2, 4, 5, 6)]
    worst = [Report(tuple(findings[: end + 1]), contents_read=False, entries=0).exit_code for end in range(7)]
    assert worst == [0, 1, 3, 2, 4, 5, 6]


@pytest.mark.parametrize(
    ("label", "passphrase", "line"),
    [
        ("Tess", "wrong", "Not the passphrase of Tess. Nothing was changed; try again."),
        ("Zoe", "wrong", "There is no member of that name here. Members: Tess, Carl."),
    ],
)
def test_a_wrong_passphrase_is_no_damage(filled, label, passphrase, line):
    report = verify(filled.folder, label=label, passphrase=passphrase)
    assert report.findings == (Finding("shared.kapdb", 4, line),)
    assert (report.exit_code, report.contents_read, report.entries) == (4, False, 15)


# ----------------------------------------------------------------------------------------- killed processes


CHILD = textwrap.dedent(
    """
    import os, sys
    from datetime import UTC, datetime
    from pathlib import Path
    from kapnotes.domain.clock import ManualClock
    from kapnotes.domain.entries import Entry, Signal
    from kapnotes.domain.members import SHARED
    from kapnotes.vault import compartment_file
    from kapnotes.vault.library import Library
    clock = ManualClock(datetime(2025, 1, 1, tzinfo=UTC))
    library = Library.open(Path(sys.argv[1]), device_id="de" * 16, entropy=os.urandom, clock=clock)
    tess = library.unlock("Tess", sys.argv[2])
    def append(n):
        now = clock.now()
        entries = [Entry(os.urandom(16).hex(), "5e" * 16, tess.member.member_id, now, now, Signal("x" * 4000))] * n
        library.append_all(tess, SHARED, entries, patient_id="a1" * 16)
    append(1)
    if sys.argv[3] == "in a write":
        real = compartment_file._insert
        count = 0
        def insert(row, **named):
            global count
            count += 1
            if count > 900:
                os.kill(os.getpid(), 9)
            return real(row, **named)
        compartment_file._insert = insert
        append(1000)
    os.kill(os.getpid(), 9)
    """
)


def kill(practice, when):
    args = [sys.executable, "-c", CHILD, str(practice.folder), practice.passphrases["Tess"], when]
    assert subprocess.run(args, check=False, timeout=50).returncode == -9
    assert not (practice.folder / "closing").exists()


@pytest.mark.skipif(os.name == "nt", reason="SIGKILL")
def test_after_a_kill_the_vault_is_whole_and_changes_no_byte(filled):
    kill(filled, "between writes")
    before = filled.hashes()
    assert with_passphrase(filled) == Report((), contents_read=True, entries=16)
    assert filled.hashes() == before


@pytest.mark.skipif(os.name == "nt", reason="SIGKILL")
def test_a_write_cut_short_is_rolled_back_and_said_so(filled):
    kill(filled, "in a write")
    assert (filled.folder / "shared.kapdb-journal").stat().st_size > 0
    report = with_passphrase(filled)
    assert lines(report) == ["shared.kapdb had an unfinished write; it was rolled back, as any opening does."]
    assert (report.exit_code, report.entries) == (0, 16)
    assert verify(filled.folder).findings == ()


@pytest.mark.skipif(os.name == "nt", reason="SIGKILL")
def test_a_write_cut_short_is_rolled_back_by_the_next_opening(filled):
    kill(filled, "in a write")
    with filled.opened("Tess") as (library, tess):
        assert len(library.read(tess, filled.session).entries) == 16
        _, head = filled.append(library, tess, SHARED, Signal("goes on"))
        assert head.seq == 3
    assert with_passphrase(filled) == Report((), contents_read=True, entries=17)


def test_a_journal_put_beside_a_closed_vault_is_named_and_left_alone(filled):
    journal = filled.folder / "medical.kapdb-journal"
    journal.write_bytes(b"\xd9\xd5\x05\xf9\x20\xa1\x63\xd7" + bytes(600))
    before = filled.hashes()
    report = verify(filled.folder)
    assert lines(report) == ["medical.kapdb-journal was not there when the vault was closed: someone put it there."]
    assert (report.exit_code, report.entries) == (2, 15)
    assert filled.hashes() == before


def test_a_journal_that_was_cut_off_before_it_counted_is_no_unfinished_write(filled):
    """Killed before SQLite's first sync, a write leaves a journal that begins with zeros and is never played back."""
    filled.forget_closing()
    journal = filled.folder / "medical.kapdb-journal"
    journal.write_bytes(bytes(512) + b"\1" * 4096)
    assert with_passphrase(filled) == Report((), contents_read=True, entries=15)
    with filled.opened("Tess"):
        pass
    assert (filled.folder / "closing").exists()
    assert with_passphrase(filled) == Report((), contents_read=True, entries=15)


def test_a_closing_record_that_is_a_link_to_itself_is_damaged_not_absent(filled):
    filled.forget_closing()
    (filled.folder / "closing").symlink_to("closing")
    report = verify(filled.folder)
    assert report.exit_code == 1
    assert lines(report)[0].startswith("closing is damaged")


# ----------------------------------------------------------------------------- files missing, cut, exchanged


@pytest.mark.parametrize("kind", ["shared", "medical", "therapy"])
@pytest.mark.parametrize("is_closed", [True, False])
def test_a_missing_file_is_named(filled, kind, is_closed):
    path = filled.file(kind)
    path.unlink()
    if not is_closed:
        filled.forget_closing()
    report = with_passphrase(filled)
    assert report.exit_code == 5
    assert any(line.startswith(f"{path.name} is missing. No backup was found in") for line in lines(report))


def test_no_vault_at_all_is_named(tmp_path):
    report = verify(tmp_path / "nothing")
    assert (report.exit_code, report.entries) == (5, 0)
    assert lines(report) == [f"There is no vault in {tmp_path / 'nothing'}. Look at the path; nothing was changed."]


@pytest.mark.parametrize("kind", ["shared", "medical", "therapy"])
@pytest.mark.parametrize("left", [0, 1, 100, 512, 4096, 8192, -4096, -1])
def test_a_file_cut_short_is_named(filled, kind, left):
    path = filled.file(kind)
    path.write_bytes(path.read_bytes()[:left])
    report = with_passphrase(filled)
    assert report.exit_code != 0
    assert any(path.name in line for line in lines(report))
    assert 4 not in {finding.code for finding in report.findings}
    filled.forget_closing()
    report = with_passphrase(filled)
    if left != -1:  # one byte may be one that SQLite does not use
        assert report.exit_code == 1
        assert any(path.name in line for line in lines(report))


@pytest.mark.parametrize("left", [0, 1, 100, -100, -1])
def test_a_closing_record_cut_short_is_named(filled, left):
    path = filled.folder / "closing"
    path.write_bytes(path.read_bytes()[:left])
    assert lines(verify(filled.folder))[0].startswith("closing is damaged")


@pytest.mark.parametrize("kind", ["shared", "medical", "therapy"])
@pytest.mark.parametrize("content", [b"", bytes(8192), random.Random(1).randbytes(20_000)])  # noqa: S311
def test_a_file_of_zeros_or_noise_is_named(filled, kind, content):
    path = filled.file(kind)
    path.write_bytes(content)
    filled.forget_closing()
    report = with_passphrase(filled)
    assert report.exit_code == 1
    assert any(line.startswith(f"{path.name} is damaged") for line in lines(report))


def test_files_of_two_compartments_exchanged_are_named(filled):
    medical, therapy = filled.file("medical"), filled.file("therapy")
    kept = medical.read_bytes()
    shutil.copy(therapy, medical)
    therapy.write_bytes(kept)
    filled.forget_closing()
    report = verify(filled.folder)
    assert report.exit_code == 2
    assert f"medical.kapdb says that it is {therapy.name}: someone exchanged it." in lines(report)


def test_a_file_of_another_vault_is_named(filled, tmp_path):
    other = type(filled)(tmp_path / "other").create()
    shutil.copy(other.file("medical"), filled.file("medical"))
    filled.forget_closing()
    assert "medical.kapdb belongs to another vault." in lines(verify(filled.folder))


@pytest.mark.parametrize("kind", ["shared", "medical", "therapy"])
def test_a_newer_format_has_its_own_code(filled, kind):
    sql(filled.file(kind), "PRAGMA user_version=2")
    filled.forget_closing()
    report = verify(filled.folder)
    assert report.exit_code == 6
    assert any("format 2, this reads 1" in line for line in lines(report))


# ------------------------------------------------------------------------------------------- flipped bits


def flip(path, bit):
    content = bytearray(path.read_bytes())
    content[bit // 8] ^= 1 << bit % 8
    path.write_bytes(content)


@ONE_VAULT
@given(data=BITS)
def test_any_flipped_bit_of_any_file_of_a_closed_vault_is_seen(filled, data):
    path = data.draw(st.sampled_from(sorted(p for p in filled.folder.iterdir() if p.stat().st_size)))
    bit = data.draw(st.integers(0, path.stat().st_size * 8 - 1))
    content = path.read_bytes()
    before = filled.hashes()
    flip(path, bit)
    changed = filled.hashes()
    try:
        report = verify(filled.folder)
        assert report.exit_code != 0
        assert any(path.name in finding.line for finding in report.findings)
        assert all(finding.line.count("\n") == 0 for finding in report.findings)
        assert filled.hashes() == changed
    finally:
        path.write_bytes(content)
    assert filled.hashes() == before


def test_every_flipped_bit_of_the_closing_record_is_seen(filled):
    path = filled.folder / "closing"
    content = path.read_bytes()
    for bit in random.Random(2).sample(range(len(content) * 8), 80):  # noqa: S311
        flip(path, bit)
        assert lines(verify(filled.folder))[0].startswith("closing is damaged")
        path.write_bytes(content)


@ONE_VAULT
@given(data=BITS)
def test_without_the_closing_record_a_flipped_bit_is_seen_or_changes_nothing_and_the_vault_says_so_itself(filled, data):
    (filled.folder / "closing").unlink(missing_ok=True)
    path = data.draw(st.sampled_from(sorted(filled.folder.glob("*.kapdb"))))
    bit = data.draw(st.integers(0, path.stat().st_size * 8 - 1))
    content = {file: file.read_bytes() for file in filled.folder.iterdir()}
    with filled.opened("Tess") as (library, tess):
        whole = library.read(tess, filled.session).entries
    (filled.folder / "closing").unlink(missing_ok=True)
    flip(path, bit)
    try:
        report = with_passphrase(filled)
        try:
            with filled.opened("Tess") as (library, tess):
                read = library.read(tess, filled.session)
            assert set(read.entries) <= set(whole)
            if report.exit_code == 0:
                assert read.entries == whole
        except VaultError:
            assert report.exit_code != 0
    finally:
        for file in filled.folder.iterdir():
            file.unlink()
        for file, was in content.items():
            file.write_bytes(was)


@pytest.mark.parametrize("column", ["ct", "nonce", "h", "sig", "author", "flags", "epoch", "suite", "seq", "log"])
def test_a_flipped_byte_of_any_column_of_an_event_is_named_with_its_number(filled, column):
    """Everything that an event authenticates, and what authenticates it."""
    path = filled.file("medical")
    with filled.tampering(path) as connection:
        old = connection.execute(f"SELECT {column} FROM event WHERE seq=4").fetchone()[0]  # noqa: S608
        changed = bytes([old[0] ^ 1]) + old[1:] if isinstance(old, bytes) else (old ^ 1 if column == "flags" else 9)
        connection.execute(f"UPDATE event SET {column}=? WHERE seq=4", (changed,))  # noqa: S608
    filled.forget_closing()
    report = verify(filled.folder)
    assert report.exit_code in {1, 2}
    assert any("medical.kapdb" in line and "4" in line for line in lines(report))
    with filled.opened("Carl") as (library, carl):
        read = library.read(carl, filled.session)
    if column != "sig":  # on reading the last signature vouches for the chain, so this one is left to `verify`
        assert read.findings
        assert len(read.entries) <= 8


# --------------------------------------------------------------------------------------- attacks, with number


def attack(practice, kind, *statements):
    with practice.tampering(practice.file(kind)) as connection:
        for statement in statements:
            connection.execute(statement)
    practice.forget_closing()
    report = verify(practice.folder)
    with_contents = with_passphrase(practice)
    assert report.exit_code == with_contents.exit_code
    return report


def copy_row(seq, new, table="event", log="log"):
    return (
        f"INSERT INTO event SELECT NULL, {log}, {new}, flags, suite, epoch, author, nonce, ct, h, sig "  # noqa: S608
        f"FROM {table} WHERE seq={seq}"
    )


def test_two_entries_exchanged_are_named(filled):
    report = attack(
        filled,
        "medical",
        "UPDATE event SET seq=99 WHERE seq=3",
        "UPDATE event SET seq=3 WHERE seq=4",
        "UPDATE event SET seq=4 WHERE seq=99",
    )
    assert report.exit_code == 2
    assert any("entry 4 of log" in line and "was written as entry 3" in line for line in lines(report))
    assert any("entry 3 of log" in line for line in lines(report))


def test_a_deleted_entry_is_named(filled):
    report = attack(filled, "medical", "DELETE FROM event WHERE seq=3")
    assert report.exit_code == 2
    assert any(line.startswith("medical.kapdb lacks entry 3 of log") for line in lines(report))


def test_several_deleted_entries_are_named(filled):
    report = attack(filled, "medical", "DELETE FROM event WHERE seq IN (2,3,4)")
    assert any(line.startswith("medical.kapdb lacks entries 2 to 4 of log") for line in lines(report))


def test_a_renumbered_entry_is_named(filled):
    report = attack(filled, "medical", "UPDATE event SET seq=20 WHERE seq=7")
    assert report.exit_code == 2
    assert any("lacks entries 7 to 19" in line for line in lines(report))


def test_a_repeated_entry_is_named(filled):
    for seq in (3, 7):
        report = attack(filled, "medical", copy_row(seq, 8))
        assert report.exit_code == 2
        assert any("entry 8 of log" in line and f"written as entry {seq} of log" in line for line in lines(report))
        with filled.tampering(filled.file("medical")) as connection:
            connection.execute("DELETE FROM event WHERE seq=8")


def test_an_entry_moved_to_another_log_is_named(filled):
    report = attack(
        filled,
        "shared",
        "UPDATE event SET log=(SELECT id FROM log ORDER BY rowid DESC LIMIT 1), seq=2 WHERE id=1",
    )
    assert report.exit_code == 2
    assert any("entry 2 of log" in line and "written as entry 1 of log" in line for line in lines(report))


def test_an_entry_copied_to_another_compartment_is_named(filled):
    other = filled.file("medical")
    with filled.tampering(filled.file("shared")) as connection:
        connection.execute("ATTACH ? AS other", (str(other),))
        log = "(SELECT id FROM log ORDER BY rowid LIMIT 1)"
        connection.execute(copy_row(2, 2, "other.event", log))
    filled.forget_closing()
    report = verify(filled.folder)
    assert report.exit_code == 2
    assert any(line.startswith("shared.kapdb entry 2 of log") and "of medical.kapdb" in line for line in lines(report))


def test_a_stripped_signature_is_named(filled):
    report = attack(filled, "medical", "UPDATE event SET sig=zeroblob(64) WHERE seq=2")
    assert report.exit_code == 2
    (line,) = lines(report)
    assert line.startswith("medical.kapdb entry 2 of log")
    assert line.endswith("is not signed by its author.")


def test_a_stripped_last_signature_is_seen_on_reading_too(filled):
    attack(filled, "medical", "UPDATE event SET sig=zeroblob(64) WHERE seq=7")
    with filled.opened("Carl") as (library, carl):
        read = library.read(carl, filled.session)
    assert len(read.entries) == 8
    assert read.findings[0].line.endswith("is not signed by its author.")


def test_another_members_signature_is_named(filled):
    with filled.raw("Tess", filled.file("medical")) as (file, tess, _, _):
        ((h,),) = file.rows("SELECT h FROM event WHERE seq=2", (32,))
        sig = tess.signing.sign("event", h).sig
    report = attack(filled, "medical", f"UPDATE event SET sig=x'{sig.hex()}' WHERE seq=2")  # noqa: S608
    assert lines(report)[0].endswith("is not signed by its author.")


def test_a_forged_author_is_named(filled):
    tess = filled.member_id("Tess")
    report = attack(filled, "medical", f"UPDATE event SET author=x'{tess}' WHERE seq=2")  # noqa: S608
    assert report.exit_code != 0
    assert any("entry 2 of log" in line for line in lines(report))


def test_an_unknown_epoch_is_named(filled):
    report = attack(filled, "medical", "UPDATE log SET epoch=2")
    assert any("is of an epoch that nobody knows" in line for line in lines(report))


def test_a_log_that_says_something_else_is_named(filled):
    report = attack(filled, "medical", "UPDATE log SET session=zeroblob(16)")
    assert report.exit_code == 2
    assert any("is not what its id says" in line for line in lines(report))


def test_entries_without_their_log_are_named(filled):
    report = attack(filled, "medical", "DELETE FROM log")
    assert report.exit_code == 2
    assert any("entry 7 of log" in line and "belongs to no log" in line for line in lines(report))


def test_a_page_put_back_is_seen(filled):
    """An older page under a newer vault: SQLite's own check or a gap tells, also without a closing record."""
    path = filled.file("medical")
    before = path.read_bytes()
    with filled.opened("Carl") as (library, carl):
        for _ in range(20):
            filled.append(library, carl, MEDICAL, Vitals())
    after = path.read_bytes()
    filled.forget_closing()
    size = int.from_bytes(after[16:18], "big")
    seen = 0
    changed = [p for p in range(0, len(before), size) if before[p : p + size] != after[p : p + size] and p]
    for page in changed:
        path.write_bytes(after[:page] + before[page : page + size] + after[page + size :])
        seen += verify(filled.folder).exit_code != 0
    assert seen == len(changed) >= 2


def test_a_missing_grant_is_named(filled):
    sql(filled.file("shared"), "DELETE FROM grants WHERE holder=(SELECT id FROM identity ORDER BY rowid DESC)")
    filled.forget_closing()
    assert "shared.kapdb: the grant for Carl is missing." in lines(verify(filled.folder))


def test_a_damaged_index_is_seen_by_sqlites_own_check(filled):
    sql(
        filled.file("medical"),
        "PRAGMA writable_schema=ON",
        "UPDATE sqlite_schema SET rootpage=(SELECT rootpage FROM sqlite_schema WHERE name='log_session') "
        "WHERE name='sqlite_autoindex_log_1'",
    )
    filled.forget_closing()
    assert verify(filled.folder).exit_code == 1


def test_what_was_damaged_while_the_vault_was_open_is_not_blessed_by_the_close(filled):
    """The closing record keeps the state of files that were not written."""
    library = filled.open()
    carl = filled.unlock(library, "Carl")
    filled.append(library, carl, MEDICAL, Vitals())
    flip(filled.file("therapy"), filled.file("therapy").stat().st_size * 8 - 30_000)
    library.close()
    report = verify(filled.folder)
    assert report.exit_code != 0
    assert filled.file("therapy").name in report.findings[0].line


def test_a_damaged_session_opens_and_says_what_is_lost(filled):
    """A page of events overwritten: reading names it, keeps what stands elsewhere, and raises only VaultErrors."""
    path = filled.file("medical")
    content = path.read_bytes()
    size = int.from_bytes(content[16:18], "big")
    for page in range(1, len(content) // size):
        path.write_bytes(content[: page * size] + bytes(size) + content[(page + 1) * size :])
        filled.forget_closing()
        assert verify(filled.folder).exit_code != 0 or not any(content[page * size : (page + 1) * size])
        try:
            with filled.opened("Carl") as (library, carl):
                assert len(library.read(carl, filled.session).entries) <= 9
        except VaultError:
            continue


def test_an_error_that_somebody_keeps_does_not_keep_the_vault_locked(filled):
    with filled.tampering(filled.file("medical")) as connection:
        connection.execute("PRAGMA ignore_check_constraints=ON")
        connection.execute("UPDATE log SET ref=x'00'")
    library = filled.open()
    carl = filled.unlock(library, "Carl")
    with pytest.raises(DataDamaged) as kept:
        library.read(carl, filled.session, only=MEDICAL)
    library.close()
    filled.open().close()
    assert "medical.kapdb" in str(kept.value)


def test_a_row_that_cannot_be_is_named_and_the_others_are_read(filled):
    with filled.tampering(filled.file("medical")) as connection:
        connection.execute("PRAGMA ignore_check_constraints=ON")
        connection.execute("UPDATE event SET h=x'00' WHERE seq=3")
    filled.forget_closing()
    report = verify(filled.folder)
    assert report.exit_code == 1
    assert any("is damaged at entry 3 of log" in line for line in lines(report))
    with filled.opened("Carl") as (library, carl):
        read = library.read(carl, filled.session)
        assert len(read.entries) == 7  # without the hash of the third the fourth cannot be checked
        assert len(read.findings) == 2


@pytest.mark.parametrize(
    "statement",
    [
        "DELETE FROM meta",
        "UPDATE meta SET kind=9",
        "UPDATE meta SET kind=300",
        "UPDATE meta SET vault=x'00'",
        "UPDATE slot SET sha=x'00'",
        "UPDATE identity SET hpke_pub=x'00'",
        "UPDATE roster SET sig=x'00'",
        "UPDATE epoch SET by=x'00'",
        "UPDATE grants SET sig=x'00'",
        "UPDATE pkey_a SET nonce=x'00'",
        "UPDATE event SET ct=x'00'",
        "PRAGMA user_version=0",
        "PRAGMA application_id=7",
    ],
)
@pytest.mark.parametrize("kind", ["shared", "medical"])
def test_a_table_that_cannot_be_is_named_and_raises_only_errors_of_the_vault(filled, kind, statement):
    with filled.tampering(filled.file(kind)) as connection:
        connection.execute("PRAGMA ignore_check_constraints=ON")
        connection.execute(statement)
    filled.forget_closing()
    report = with_passphrase(filled)
    assert report.exit_code in {1, 2}
    assert any(f"{kind}.kapdb" in line for line in lines(report))
    with contextlib.suppress(VaultError), filled.opened("Tess") as (library, tess):
        library.read(tess, filled.session)


def test_a_file_that_cannot_be_read_is_the_disks_fault(filled):
    path = filled.file("medical")
    path.unlink()
    path.mkdir()  # unlike taken permissions, this stops root as well
    assert verify(filled.folder).exit_code == 5
