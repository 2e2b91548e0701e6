"""Appending and reading back: what is returned as saved is there, in order, for those who may read it."""

import base64
import contextlib
import os
import sqlite3
import threading
from decimal import Decimal

import pytest

from kapnotes.domain.entries import (
    Audit,
    Correction,
    Newer,
    Note,
    PatientDetails,
    Phase,
    Scale,
    Signal,
    Stage,
    TakenBy,
    Vitals,
)
from kapnotes.domain.errors import DataDamaged, Implausible, InputOutput, NotEntitled, VaultError
from kapnotes.domain.members import MEDICAL, SHARED, Role, therapy_of
from kapnotes.vault import compartment_file, journal, slots
from kapnotes.vault.library import VAULT_SCOPE, Scope
from kapnotes.vault.verify import verify


def other_id():
    return os.urandom(16).hex()


def test_what_was_appended_is_read_back_after_a_new_start(practice):
    with practice.opened("Tess") as (library, tess):
        therapy = therapy_of(tess.member.member_id)
        written = [practice.append(library, tess, therapy, Note(f"{n} ünïcode 🜁"))[0] for n in range(3)]
        written.append(practice.append(library, tess, SHARED, Phase(Stage.DOSING))[0])
        assert library.read(tess, practice.session).entries == tuple(written)
    with practice.opened("Tess") as (library, tess):
        written.append(practice.append(library, tess, therapy, Note("a fourth"))[0])
        read = library.read(tess, practice.session)
    assert read.entries == tuple(written)
    assert (read.refused, read.findings) == ((), ())


def test_a_head_names_log_number_and_hash(practice):
    with practice.opened("Tess") as (library, tess):
        heads = [practice.append(library, tess, SHARED, Signal("x"))[1] for _ in range(3)]
    assert [head.seq for head in heads] == [1, 2, 3]
    assert len({head.log_id for head in heads}) == 1
    assert len({head.h for head in heads}) == 3
    assert heads[0].compartment == SHARED


def test_each_reads_what_is_theirs(filled):
    with filled.opened("Tess", "Carl") as (library, tess, carl):
        hers, his = (library.read(keyring, filled.session).entries for keyring in (tess, carl))
        assert len(hers) == 15
        assert len(his) == 9
        assert not any(isinstance(entry.body, Note) for entry in his)
        assert library.read(tess, filled.session, only=SHARED).entries == tuple(
            entry for entry in his if isinstance(entry.body, Phase | Signal)
        )
        with pytest.raises(NotEntitled):
            library.read(carl, filled.session, only=therapy_of(tess.member.member_id))


def test_entries_of_several_logs_are_merged_by_when_they_were_entered(filled):
    with filled.opened("Tess") as (library, tess):
        times = [entry.entered.utc_ns for entry in library.read(tess, filled.session).entries]
    assert times == sorted(times)


def test_a_log_keeps_its_own_order_when_the_clock_jumps_back(practice):
    with practice.opened("Tess") as (library, tess):
        first, _ = practice.append(library, tess, SHARED, Signal("first"))
        practice.clock.jump(-3600)
        second, _ = practice.append(library, tess, SHARED, Signal("second"))
        assert library.read(tess, practice.session).entries == (first, second)


def test_many_are_written_in_one_transaction_or_none(practice):
    with practice.opened("Tess") as (library, tess):
        good = practice.entry(tess, Signal("x"))
        patient = practice.entry(tess, PatientDetails("K-1"), scope=practice.patient)
        head = library.append_all(tess, SHARED, [patient, good], patient_id=practice.patient)
        assert head.seq == 1
        with pytest.raises(NotEntitled):
            library.append_all(
                tess, SHARED, [practice.entry(tess, Signal("y")), practice.entry(tess, Note("z"))], patient_id="a1" * 16
            )
        assert library.read(tess, practice.session).entries == (good,)
        assert library.read(tess, practice.patient).entries == (patient,)
        with pytest.raises(ValueError, match="no entries"):
            library.append_all(tess, SHARED, [], patient_id=practice.patient)


def test_the_vaults_own_log_has_no_patient(practice):
    with practice.opened("Tess") as (library, tess):
        entry, _ = practice.append(library, tess, SHARED, Audit("signed in"), VAULT_SCOPE, VAULT_SCOPE)
        assert library.read(tess, VAULT_SCOPE).entries == (entry,)
        assert library.scopes(tess) == []
        for scope, patient in ((VAULT_SCOPE, practice.patient), (practice.session, VAULT_SCOPE)):
            with pytest.raises(ValueError, match="no patient"):
                practice.append(library, tess, SHARED, Audit("x"), scope, patient)


def test_a_scope_is_known_with_one_patient_only(practice):
    for _ in range(2):  # from what is in memory, then from the disk
        with practice.opened("Tess") as (library, tess):
            practice.append(library, tess, SHARED, Signal("x"))
            with pytest.raises(ValueError, match="another patient"):
                practice.append(library, tess, SHARED, Signal("x"), patient=other_id())
            assert library.read(tess, practice.session).findings == ()


def test_scopes_are_listed_by_when_each_was_begun(practice):
    with practice.opened("Tess") as (library, tess):
        begun = []
        for _ in range(5):
            scope = Scope(other_id(), other_id())
            practice.append(library, tess, SHARED, Signal("x"), scope.scope_id, scope.patient_id)
            begun.append(scope)
        practice.append(library, tess, SHARED, PatientDetails("K-9"), begun[0].patient_id, begun[0].patient_id)
        begun.append(Scope(begun[0].patient_id, begun[0].patient_id))
        assert library.scopes(tess, newest_first=False) == begun
        assert library.scopes(tess) == begun[::-1]
        assert library.scopes(tess, limit=2) == begun[:3:-1]
    library = practice.open(device="dd" * 16)
    tess = practice.unlock(library, "Tess")
    practice.append(library, tess, SHARED, Signal("late"), begun[1].scope_id, begun[1].patient_id)
    assert library.scopes(tess) == begun[::-1]
    library.close()


def test_a_session_nobody_knows_is_empty(practice):
    with practice.opened("Tess") as (library, tess):
        assert library.read(tess, other_id()).entries == ()
        with pytest.raises(ValueError, match="32 lower-case hex"):
            library.read(tess, "session")


def test_another_laptop_writes_a_log_of_its_own(practice):
    with practice.opened("Tess") as (library, tess):
        _, first = practice.append(library, tess, SHARED, Signal("x"))
    library = practice.open(device="dd" * 16)
    _, second = practice.append(library, practice.unlock(library, "Tess"), SHARED, Signal("y"))
    assert second.log_id != first.log_id
    assert second.seq == 1
    library.close()


def test_two_seats_of_one_member_share_a_log(practice):
    with practice.opened("Tess", "Tess") as (library, one, two):
        for number, keyring in enumerate((one, two, one, two), 1):
            assert practice.append(library, keyring, SHARED, Signal("x"))[1].seq == number
        assert len(library.read(one, practice.session).entries) == 4


@pytest.mark.parametrize(
    ("who", "kind", "body"),
    [
        ("Tess", "medical", Vitals(heart_rate_bpm=Decimal(70))),
        ("Tess", "shared", Note("a process note")),
        ("Tess", "shared", Vitals(heart_rate_bpm=Decimal(70))),
        ("Tess", "therapy", Vitals(heart_rate_bpm=Decimal(70))),
        ("Tess", "shared", Correction("77" * 16, "r", Note("hidden"))),
        ("Carl", "therapy", Note("x")),
        ("Carl", "medical", Note("x")),
        ("Carl", "shared", Note("x")),
    ],
)
def test_what_may_not_stand_somewhere_is_refused_and_not_written(filled, who, kind, body):
    before = filled.hashes()
    with filled.opened("Tess", who) as (library, tess, keyring):
        place = {"shared": SHARED, "medical": MEDICAL, "therapy": therapy_of(tess.member.member_id)}[kind]
        with pytest.raises(NotEntitled):
            filled.append(library, keyring, place, body)
    assert filled.hashes() == before


def test_nobody_writes_in_anothers_name(filled):
    with filled.opened("Tess", "Carl") as (library, tess, carl):
        entry = filled.entry(carl, Signal("x"))
        with pytest.raises(NotEntitled, match="only own entries"):
            library.append(tess, SHARED, entry, patient_id=filled.patient)


def test_a_therapist_notes_in_shared_what_the_patient_took_and_scored(practice):
    with practice.opened("Tess") as (library, tess):
        practice.append(library, tess, SHARED, Scale("PHQ-9", (1, 2)))
        practice.append(library, tess, SHARED, Vitals(heart_rate_bpm=Decimal(66), taken_by=TakenBy.PATIENT))
        assert len(library.read(tess, practice.session).entries) == 2


def test_a_correction_is_marked_in_clear(practice):
    with practice.opened("Tess") as (library, tess):
        practice.append(library, tess, SHARED, Signal("x"))
        practice.append(library, tess, SHARED, Correction("77" * 16, "typo", Signal("y")))
        assert len(library.read(tess, practice.session).entries) == 2
    with sqlite3.connect(practice.file("shared")) as connection:
        assert connection.execute("SELECT flags FROM event ORDER BY seq").fetchall() == [(0,), (1,)]
    connection.close()


def test_an_entry_of_a_newer_kind_is_read_and_cannot_be_written(practice):
    with practice.opened("Tess") as (library, tess), pytest.raises(ValueError, match="type Newer"):
        practice.append(library, tess, SHARED, Newer("touch", 1))


def test_ids_that_are_none_are_refused(practice):
    with practice.opened("Tess") as (library, tess):
        entry = practice.entry(tess, Signal("x"))
        with pytest.raises(ValueError, match="32 lower-case hex"):
            library.append(tess, SHARED, entry, patient_id="K-0142")


def test_an_entry_too_long_is_refused_and_the_next_is_kept(practice):
    with practice.opened("Tess") as (library, tess):
        with pytest.raises(Implausible, match="too long"):
            practice.append(library, tess, SHARED, Signal("x" * 3_000_000))
        entry, head = practice.append(library, tess, SHARED, Signal("short"))
        assert head.seq == 1
        assert library.read(tess, practice.session).entries == (entry,)


def test_a_patients_key_is_stored_twice_and_either_copy_is_enough(filled):
    for table in ("pkey_a", "pkey_b"):
        path = filled.file("medical")
        content = path.read_bytes()
        with sqlite3.connect(path) as connection:
            assert connection.execute("SELECT count(*) FROM pkey_a").fetchone() == (1,)
            connection.execute(f"UPDATE {table} SET wrapped=zeroblob(48)")  # noqa: S608
        connection.close()
        with filled.opened("Carl") as (library, carl):
            assert len(library.read(carl, filled.session).entries) == 9
        assert "medical.kapdb is damaged: the two copies of the patients' keys differ." in {
            finding.line for finding in verify(filled.folder).findings
        }
        path.write_bytes(content)


def test_without_either_copy_entries_are_findings_and_nothing_new_is_written(filled):
    with sqlite3.connect(filled.file("medical")) as connection:
        connection.execute("UPDATE pkey_a SET wrapped=zeroblob(48)")
        connection.execute("UPDATE pkey_b SET wrapped=zeroblob(48)")
    connection.close()
    with filled.opened("Carl") as (library, carl):
        read = library.read(carl, filled.session)
        assert [finding.line[:36] for finding in read.findings] == ["medical.kapdb is damaged at a patien"]
        assert len(read.entries) == 2
        with pytest.raises(DataDamaged, match="patient's key"):
            filled.append(library, carl, MEDICAL, Vitals())


def test_one_damaged_entry_costs_one_entry(filled):
    with filled.tampering(filled.file("medical")) as connection:
        connection.execute("UPDATE event SET ct=zeroblob(length(ct)) WHERE seq=3")
    with filled.opened("Carl") as (library, carl):
        read = library.read(carl, filled.session)
        assert len(read.entries) == 8
        assert [finding.code for finding in read.findings] == [1]
        assert "is damaged at entry 3 of log" in read.findings[0].line


def test_nothing_is_added_to_a_log_whose_end_is_damaged(filled):
    with filled.tampering(filled.file("medical")) as connection:
        connection.execute("UPDATE event SET ct=zeroblob(length(ct)) WHERE seq=7")
    with filled.opened("Carl") as (library, carl), pytest.raises(DataDamaged, match="at entry 7 of log"):
        filled.append(library, carl, MEDICAL, Vitals())


# ------------------------------------------------------------------------------------- the same bytes again


class Failing:
    """A connection on which so many commits fail, before or after they were done: by COMMIT, or of a row alone."""

    left = 0
    is_done_first = False
    code = sqlite3.SQLITE_IOERR

    def __init__(self, connection):
        self._connection = connection

    def __getattr__(self, name):
        return getattr(self._connection, name)

    def execute(self, sql, *values):
        if Failing.left and self._commits(sql):
            Failing.left -= 1
            if Failing.is_done_first:
                self._connection.execute(sql, *values)
            error = sqlite3.OperationalError("disk I/O error")
            error.sqlite_errorcode = Failing.code
            raise error
        return self._connection.execute(sql, *values)

    def _commits(self, sql):
        if self._connection.in_transaction:
            return sql == "COMMIT" and self._connection.total_changes > 0
        return sql.startswith("INSERT")


@pytest.fixture
def failing(monkeypatch):
    """A function: let the next commits fail."""
    real = compartment_file.connect
    monkeypatch.setattr(compartment_file, "connect", lambda *args, **named: Failing(real(*args, **named)))

    def fail(times, *, is_done_first=False, code=sqlite3.SQLITE_IOERR):
        Failing.left, Failing.is_done_first, Failing.code = times, is_done_first, code

    yield fail
    Failing.left = 0


@pytest.fixture
def unplugged(monkeypatch):
    """A block in which a file that was closed does not open again."""

    def gone(self):
        raise InputOutput("The drive is gone.")

    @contextlib.contextmanager
    def block():
        with monkeypatch.context() as patch:
            patch.setattr(compartment_file.CompartmentFile, "open", gone)
            yield

    return block()


@pytest.mark.parametrize("code", [sqlite3.SQLITE_IOERR, sqlite3.SQLITE_FULL, sqlite3.SQLITE_CORRUPT])
@pytest.mark.parametrize("is_done_first", [False, True])
def test_after_a_failed_commit_the_same_bytes_are_written_once(practice, failing, code, is_done_first):
    with practice.opened("Tess") as (library, tess):
        practice.append(library, tess, SHARED, Signal("one"))
        failing(1, is_done_first=is_done_first, code=code)
        entry, head = practice.append(library, tess, SHARED, Signal("two"))
        _, third = practice.append(library, tess, SHARED, Signal("three"))
        assert (head.seq, third.seq) == (2, 3)
        assert library.read(tess, practice.session).entries[1] == entry
    report = verify(practice.folder)
    assert (report.exit_code, report.entries) == (0, 3)


def test_a_second_failure_is_not_saved_and_the_same_call_again_writes_the_same_bytes(practice, failing):
    with practice.opened("Tess") as (library, tess):
        entry = practice.entry(tess, Signal("one"))
        failing(2)
        with pytest.raises(InputOutput, match="not saved"):
            library.append(tess, SHARED, entry, patient_id=practice.patient)
        assert library.read(tess, practice.session).entries == ()
        library.append(tess, SHARED, entry, patient_id=practice.patient)
        assert library.read(tess, practice.session).entries == (entry,)
    assert verify(practice.folder).exit_code == 0


def test_an_entry_that_was_on_the_disk_after_all_is_not_written_twice(practice, failing, monkeypatch):
    with practice.opened("Tess") as (library, tess):
        entry = practice.entry(tess, Signal("one"))
        failing(1, is_done_first=True)
        real = compartment_file.CompartmentFile.reopen

        def gone(self):
            self.close()
            raise InputOutput("The drive is gone.")

        monkeypatch.setattr(compartment_file.CompartmentFile, "reopen", gone)
        with pytest.raises(InputOutput, match="not saved"):
            library.append(tess, SHARED, entry, patient_id=practice.patient)
        monkeypatch.setattr(compartment_file.CompartmentFile, "reopen", real)
        head = library.append(tess, SHARED, entry, patient_id=practice.patient)
        assert head.seq == 1
        assert library.read(tess, practice.session).entries == (entry,)


def test_after_a_failure_another_entry_can_be_written_and_read(practice, failing):
    """Also when the patient's key was new in the write that failed; what failed is written first."""
    with practice.opened("Tess") as (library, tess):
        first = practice.entry(tess, Signal("first"))
        failing(2)
        with pytest.raises(InputOutput):
            library.append(tess, SHARED, first, patient_id=practice.patient)
        second, head = practice.append(library, tess, SHARED, Signal("second"))
        assert head.seq == 2
    with practice.opened("Tess") as (library, tess):
        read = library.read(tess, practice.session)
        assert (read.entries, read.findings) == ((first, second), ())


@pytest.mark.parametrize("is_done_first", [False, True])
def test_a_retry_after_anothers_write_finds_its_entry_saved(filled, failing, unplugged, is_done_first):
    with filled.opened("Tess", "Carl") as (library, tess, carl):
        signal = filled.entry(tess, Signal("safety"))
        failing(1, is_done_first=is_done_first)
        with unplugged, pytest.raises(InputOutput, match="not saved"):
            library.append(tess, SHARED, signal, patient_id=filled.patient)
        _, other = filled.append(library, carl, SHARED, Signal("in between"))
        head = library.append(tess, SHARED, signal, patient_id=filled.patient)
        assert (head.seq, other.seq) == (2, 2)
        written = [entry for entry in library.read(tess, filled.session).entries if entry == signal]
        assert len(written) == 1
        assert filled.append(library, tess, SHARED, Signal("after"))[1].seq == 3
    report = verify(filled.folder, label="Tess", passphrase=filled.passphrases["Tess"])
    assert (report.exit_code, report.entries) == (0, 18)


def test_while_one_entry_cannot_be_settled_no_other_is_written_behind_it(filled, failing, unplugged):
    with filled.opened("Tess", "Carl") as (library, tess, carl):
        one, two = filled.entry(tess, Signal("one")), filled.entry(carl, Signal("two"))
        failing(1, is_done_first=True)
        with unplugged:
            with pytest.raises(InputOutput) as first:
                library.append(tess, SHARED, one, patient_id=filled.patient)
            with pytest.raises(InputOutput) as second:
                library.append(carl, SHARED, two, patient_id=filled.patient)
            assert str(first.value) == str(second.value)
        assert library.append(carl, SHARED, two, patient_id=filled.patient).seq == 2
        assert library.append(tess, SHARED, one, patient_id=filled.patient).seq == 2
        assert library.append(tess, SHARED, filled.entry(tess, Signal("x")), patient_id=filled.patient).seq == 3
    assert verify(filled.folder).entries == 18


def test_each_of_several_that_failed_in_turn_is_written_once(filled, failing, unplugged):
    """Two wait for their retry at once: the first was settled by the second, the second by a third."""
    with filled.opened("Tess", "Carl") as (library, tess, carl):
        one, two, three = (filled.entry(keyring, Signal("x")) for keyring in (tess, carl, tess))
        failing(1, is_done_first=True)
        with unplugged, pytest.raises(InputOutput):
            library.append(tess, SHARED, one, patient_id=filled.patient)
        failing(2)
        with pytest.raises(InputOutput):
            library.append(carl, SHARED, two, patient_id=filled.patient)
        heads = [library.append(k, SHARED, e, patient_id=filled.patient) for k, e in ((tess, three), (tess, one))]
        heads.append(library.append(carl, SHARED, two, patient_id=filled.patient))
        assert [head.seq for head in heads] == [3, 2, 2]
        assert len(library.read(tess, filled.session).entries) == 18
    report = verify(filled.folder)
    assert (report.exit_code, report.entries) == (0, 18)


def test_triggers_hold_even_against_our_own_code(filled):
    with sqlite3.connect(filled.file("medical")) as connection:
        for statement in (
            "UPDATE event SET seq=99 WHERE seq=1",
            "DELETE FROM event",
            "DELETE FROM log",
            "UPDATE log SET member=zeroblob(16)",
        ):
            with pytest.raises(sqlite3.IntegrityError, match="stay"):
                connection.execute(statement)
    connection.close()


def test_no_text_stands_in_any_file_in_any_dress(filled):
    dressed = []
    for text in (filled.canary, "Zaunk", "K-0142", "ketamine", "heart_rate"):
        for coding in ("utf-8", "utf-16-le", "utf-16-be"):
            plain = text.encode(coding)
            encoded = [base64.b64encode(b" " * shift + plain)[4:-4] for shift in range(3)]
            dressed += [plain, plain.hex().encode(), plain.hex().upper().encode(), *(e for e in encoded if len(e) > 6)]
    for path in filled.folder.iterdir():
        content = path.read_bytes()
        assert not [needle for needle in dressed if needle in content], path.name


def test_members_added_later_read_what_was_written_before(filled):
    with filled.opened("Tess") as (library, tess):
        filled.add(library, tess, "Cleo", Role.MEDICAL)
    with filled.opened("Cleo") as (library, cleo):
        assert len(library.read(cleo, filled.session).entries) == 9


def test_a_page_that_cannot_be_read_costs_what_stood_on_it(practice):
    with practice.opened("Tess") as (library, tess):
        entries = [practice.entry(tess, Signal(f"{number} " + "x" * 700)) for number in range(60)]
        library.append_all(tess, SHARED, entries, patient_id=practice.patient)
    path = practice.file("shared")
    content = path.read_bytes()
    size = 4096
    at = content.rindex(b"\x0d\x00\x00\x00\x03") // size * size  # the last leaf with three entries
    path.write_bytes(content[:at] + b"\xff" * size + content[at + size :])
    with practice.opened("Tess") as (library, tess):
        read = library.read(tess, practice.session)
    assert 40 < len(read.entries) < 60
    assert read.entries == tuple(entries[: len(read.entries)])
    assert [finding.line.startswith("shared.kapdb is damaged") for finding in read.findings] == [True]


def test_a_full_log_is_said_so(practice, monkeypatch):
    monkeypatch.setattr(journal, "MAX_SEQ", 2)
    with practice.opened("Tess") as (library, tess):
        practice.append(library, tess, SHARED, Signal("x"))
        practice.append(library, tess, SHARED, Signal("x"))
        with pytest.raises(VaultError, match=r"is full\. Begin a new session"):
            practice.append(library, tess, SHARED, Signal("x"))


def test_a_log_that_was_begun_and_never_written_is_continued(filled):
    with filled.tampering(filled.file("medical")) as connection:
        connection.execute("DELETE FROM event")
    with filled.opened("Carl") as (library, carl):
        entry, head = filled.append(library, carl, MEDICAL, Vitals())
        assert head.seq == 1
        assert entry in library.read(carl, filled.session).entries


def test_nothing_is_added_to_a_log_whose_head_is_damaged(filled):
    with filled.tampering(filled.file("medical")) as connection:
        connection.execute("UPDATE log SET ref=zeroblob(32)")
    with filled.opened("Carl") as (library, carl), pytest.raises(DataDamaged, match="at the head of log"):
        filled.append(library, carl, MEDICAL, Vitals())


def test_nothing_is_written_behind_what_another_hand_wrote_meanwhile(practice, failing, monkeypatch):
    """The end of the log is looked at before the same bytes are written again."""
    with practice.opened("Tess") as (library, tess):
        practice.append(library, tess, SHARED, Signal("one"))
        failing(1)
        real = compartment_file.CompartmentFile.reopen

        def reopen_after_someone(self):
            self.close()
            with practice.tampering(self.path) as connection:
                connection.execute("DELETE FROM event")
            real(self)

        monkeypatch.setattr(compartment_file.CompartmentFile, "reopen", reopen_after_someone)
        with pytest.raises(InputOutput, match=r"not saved.*at the end of log"):
            practice.append(library, tess, SHARED, Signal("two"))


def test_a_scope_whose_reference_is_damaged_is_listed_without_its_patient(filled):
    with filled.tampering(filled.file("shared")) as connection:
        connection.execute("UPDATE log SET ref=zeroblob(32)")
    with filled.opened("Tess") as (library, tess):
        assert library.scopes(tess) == [Scope(filled.session, "")]


# --------------------------------------------------------------------------------------------- two threads


def test_a_derivation_keeps_no_other_seat_from_writing(filled, monkeypatch):
    """The second seat's passphrase is derived on a thread of its own, while the first seat's writer goes on."""
    deriving, go_on = threading.Event(), threading.Event()
    real = slots.derive

    def derive(*args):
        deriving.set()
        assert go_on.wait(20)
        return real(*args)

    with filled.opened("Tess") as (library, tess):
        unlocked = []
        monkeypatch.setattr(slots, "derive", derive)
        thread = threading.Thread(target=lambda: unlocked.append(filled.unlock(library, "Carl")))
        thread.start()
        try:
            assert deriving.wait(20)
            written = [filled.append(library, tess, SHARED, Signal("while it derives"))[0] for _ in range(3)]
            assert set(written) <= set(library.read(tess, filled.session).entries)
            assert unlocked == []
        finally:
            go_on.set()
            thread.join(20)
        (carl,) = unlocked
        entry, _ = filled.append(library, carl, MEDICAL, Vitals())
        assert {*written, entry} <= set(library.read(carl, filled.session).entries)
    assert verify(filled.folder, label="Tess", passphrase=filled.passphrases["Tess"]).exit_code == 0


def test_a_derivation_ends_while_a_write_still_runs_and_the_keys_come_after_it(filled, monkeypatch):
    writing, derived, go_on = threading.Event(), threading.Event(), threading.Event()
    real_write, real_derive = compartment_file.CompartmentFile.write, slots.derive

    def write(self, rows, **named):
        writing.set()
        assert go_on.wait(20)
        real_write(self, rows, **named)

    with filled.opened("Tess") as (library, tess):
        written, unlocked = [], []
        writer = threading.Thread(target=lambda: written.append(filled.append(library, tess, SHARED, Signal("slow"))))
        newcomer = threading.Thread(target=lambda: unlocked.append(filled.unlock(library, "Carl")))

        def derive(*args):
            writer.start()
            assert writing.wait(20)  # the writer is inside the door from here on
            keys = real_derive(*args)
            derived.set()
            return keys

        monkeypatch.setattr(compartment_file.CompartmentFile, "write", write)
        monkeypatch.setattr(slots, "derive", derive)
        newcomer.start()
        try:
            assert derived.wait(20)
            assert (written, unlocked) == ([], [])
        finally:
            go_on.set()
            newcomer.join(20)
            writer.join(20)
        ((entry, _),), (carl,) = written, unlocked
        assert entry in library.read(carl, filled.session).entries
