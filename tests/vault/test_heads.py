"""The ends of logs: an older file or a cut log is told from one that only grew, and a page is found again."""

import shutil

import pytest

from kapnotes.domain.custody import Heads, RollbackAck
from kapnotes.domain.entries import Mark, Signal, Vitals
from kapnotes.domain.members import MEDICAL, SHARED, Role, therapy_of
from kapnotes.domain.paper_head import read_head
from kapnotes.vault.findings import Report
from kapnotes.vault.head_keeping import AFTER_A_KILL
from kapnotes.vault.library import VAULT_SCOPE
from kapnotes.vault.verify import verify


def keep_heads(practice, library, keyring):
    """Do what a seat does at lock, close and export; return what was written."""
    due = library.due_heads(keyring)
    for one in due:
        practice.append(library, keyring, SHARED, one.body, scope=one.scope_id, patient=one.patient_id)
    return due


def with_passphrase(practice, label="Tess"):
    return verify(practice.folder, label=label, passphrase=practice.passphrases[label])


def ids(number):
    """Return a session and its patient, by number."""
    return f"5e{number:030x}", f"a1{number:030x}"


def vitals(practice, library, keyring, **where):
    return practice.append(library, keyring, MEDICAL, Vitals(spo2_percent=98), **where)


@pytest.fixture
def headed(filled):
    """A closed vault in which `shared` tells where the logs end."""
    with filled.opened("Carl", "Tess") as (library, carl, tess):
        vitals(filled, library, carl)
        filled.heads = keep_heads(filled, library, tess)
    return filled


# ------------------------------------------------------------------------------------------------ keeping


def test_heads_tell_where_every_log_of_a_session_ends_that_was_written_to(filled):
    with filled.opened("Carl", "Tess") as (library, carl, tess):
        assert library.due_heads(tess) == []
        _, head = vitals(filled, library, carl)
        (due,) = library.due_heads(tess)
        assert (due.scope_id, due.patient_id) == (filled.session, filled.patient)
        assert head in due.body.logs
        assert {one.compartment for one in due.body.logs} == {MEDICAL, therapy_of(tess.member.member_id)}


def test_what_was_told_once_is_not_told_again_until_it_changes(filled):
    with filled.opened("Carl", "Tess") as (library, carl, tess):
        vitals(filled, library, carl)
        assert len(keep_heads(filled, library, tess)) == 1
        assert library.due_heads(tess) == library.due_heads(carl) == []
        _, head = vitals(filled, library, carl)
        (due,) = keep_heads(filled, library, carl)
        assert due.body == Heads((head,))


def test_heads_never_grow_with_the_number_of_sessions(filled):
    with filled.opened("Carl", "Tess") as (library, carl, tess):
        for number in range(12):
            scope, patient = ids(number)
            filled.append(library, tess, SHARED, Signal("x"), scope=scope, patient=patient)
            vitals(filled, library, carl, scope=scope, patient=patient)
        assert len(keep_heads(filled, library, tess)) == 12
        scope, patient = ids(3)
        vitals(filled, library, carl, scope=scope, patient=patient)
        assert len(keep_heads(filled, library, tess)) == 1


def test_after_a_kill_the_newest_logs_are_told_of_once(filled):
    filled.forget_closing()
    with filled.opened("Carl") as (library, carl):
        assert [due.scope_id for due in keep_heads(filled, library, carl)] == [filled.session]
        assert library.due_heads(carl) == []
    assert AFTER_A_KILL < 100


def test_an_entry_about_the_vault_alone_asks_for_no_heads(filled):
    with filled.opened("Tess") as (library, tess):
        filled.append(library, tess, SHARED, Signal("x"), scope=VAULT_SCOPE, patient=VAULT_SCOPE)
        assert library.due_heads(tess) == []


def test_reading_a_session_gives_the_ends_of_its_logs_and_no_bookkeeping(headed):
    with headed.opened("Tess") as (library, tess):
        read = library.read(tess, headed.session)
    assert not [entry for entry in read.entries if isinstance(entry.body, Heads)]
    assert {head.compartment for head in read.heads} == {SHARED, MEDICAL, therapy_of(tess.member.member_id)}
    assert {head for head in read.heads if head.compartment != SHARED} == set(headed.heads[0].body.logs)


# -------------------------------------------------------------------------------------------- rolled back


def test_a_vault_with_heads_is_whole_and_grows_on(headed):
    with headed.opened("Carl") as (library, carl):
        vitals(headed, library, carl)
    assert with_passphrase(headed) == Report((), contents_read=True, entries=18)


@pytest.mark.parametrize("label", ["Tess", "Carl"])
@pytest.mark.parametrize("kind", ["medical", "therapy"])
def test_a_file_put_back_is_told_to_whoever_has_a_passphrase(filled, kind, label, tmp_path):
    kept = tmp_path / "kept"
    shutil.copy(filled.file(kind), kept)
    with filled.opened("Carl", "Tess") as (library, carl, tess):
        vitals(filled, library, carl)
        filled.append(library, tess, therapy_of(tess.member.member_id), Mark("tears"))
        keep_heads(filled, library, carl)
    shutil.copy(kept, filled.file(kind))
    filled.forget_closing()
    assert verify(filled.folder).exit_code == 0
    report = with_passphrase(filled, label)
    assert report.exit_code == 3
    (finding,) = report.findings
    assert finding.line.startswith(f"{filled.file(kind).name} is older than shared.kapdb knows: log ")
    with filled.opened(label) as (library, keyring):
        assert [found.line for found in library.read(keyring, filled.session).findings] == [finding.line]


def test_entries_cut_off_the_end_of_a_log_are_told(headed):
    with headed.tampering(headed.file("medical")) as connection:
        connection.execute("DELETE FROM event WHERE seq>5")
    headed.forget_closing()
    (finding,) = with_passphrase(headed).findings
    assert finding.code == 3
    assert "ends at entry 5 of 8" in finding.line


def test_a_log_that_is_gone_with_its_entries_is_told(headed):
    with headed.tampering(headed.file("medical")) as connection:
        connection.execute("DELETE FROM event")
        connection.execute("DELETE FROM log")
    headed.forget_closing()
    report = with_passphrase(headed)
    assert report.exit_code == 3
    assert "ends at entry 0 of 8" in report.findings[0].line


def test_another_history_of_the_same_length_is_tampering(filled, tmp_path):
    kept = tmp_path / "kept"
    shutil.copytree(filled.folder, kept)
    with filled.opened("Carl") as (library, carl):
        vitals(filled, library, carl)
        keep_heads(filled, library, carl)
    shared = filled.file("shared").read_bytes()
    shutil.rmtree(filled.folder)
    shutil.copytree(kept, filled.folder)
    with filled.opened("Carl") as (library, carl):
        vitals(filled, library, carl)
        vitals(filled, library, carl)
    filled.file("shared").write_bytes(shared)
    filled.forget_closing()
    (finding,) = with_passphrase(filled).findings
    assert finding.code == 2
    assert finding.line.startswith("medical.kapdb entry 8 of log")
    assert "is not the one that shared.kapdb knows" in finding.line


def test_what_a_member_acknowledged_is_no_fault_any_more(headed):
    with headed.tampering(headed.file("medical")) as connection:
        connection.execute("DELETE FROM event WHERE seq>5")
    headed.forget_closing()
    headed.clock.advance(100)
    with headed.opened("Tess") as (library, tess):
        headed.append(
            library, tess, SHARED, RollbackAck("the backup of Monday"), scope=VAULT_SCOPE, patient=VAULT_SCOPE
        )
    report = with_passphrase(headed)
    assert report.exit_code == 0
    assert report.findings[0].line.endswith("A member has acknowledged it.")
    assert "Monday" not in report.findings[0].line
    with headed.opened("Carl", "Tess") as (library, carl, tess):
        for _ in range(4):
            vitals(headed, library, carl)
        keep_heads(headed, library, tess)
    with headed.tampering(headed.file("medical")) as connection:
        connection.execute("DELETE FROM event WHERE seq>6")
    headed.forget_closing()
    assert with_passphrase(headed).exit_code == 3


def cut_medical(practice, seq):
    with practice.tampering(practice.file("medical")) as connection:
        connection.execute("DELETE FROM event WHERE seq>?", (seq,))
    practice.forget_closing()


def acknowledge(practice, library, keyring):
    ack = RollbackAck("the backup of Monday")
    return practice.append(library, keyring, SHARED, ack, scope=VAULT_SCOPE, patient=VAULT_SCOPE)


A_YEAR_S = 365 * 86400.0


@pytest.mark.parametrize("restarts", [False, True])
def test_an_acknowledgement_under_a_clock_of_next_year_silences_nothing_that_is_found_later(headed, restarts):
    cut_medical(headed, 5)
    headed.clock.jump(A_YEAR_S)
    with headed.opened("Tess") as (library, tess):
        acknowledge(headed, library, tess)
    assert with_passphrase(headed).exit_code == 0
    headed.clock.jump(-A_YEAR_S)
    if restarts:
        headed.clock.reboot("the next day")
    with headed.opened("Carl", "Tess") as (library, carl, tess):
        for _ in range(4):
            vitals(headed, library, carl)
        keep_heads(headed, library, tess)
    assert with_passphrase(headed).exit_code == 0
    cut_medical(headed, 6)
    assert with_passphrase(headed).exit_code == 3


@pytest.mark.parametrize("restarts", [False, True])
def test_what_was_told_under_a_clock_of_next_year_is_acknowledged_all_the_same(filled, restarts):
    filled.clock.jump(A_YEAR_S)
    with filled.opened("Carl", "Tess") as (library, carl, tess):
        vitals(filled, library, carl)
        keep_heads(filled, library, tess)
    filled.clock.jump(-A_YEAR_S)
    if restarts:
        filled.clock.reboot("the next day")
    cut_medical(filled, 5)
    assert with_passphrase(filled).exit_code == 3
    with filled.opened("Tess") as (library, tess):
        acknowledge(filled, library, tess)
    assert with_passphrase(filled).exit_code == 0


def test_an_acknowledgement_that_is_moved_behind_what_came_later_silences_nothing(headed):
    with headed.opened("Carl", "Tess") as (library, carl, tess):
        _, ack = acknowledge(headed, library, tess)
        vitals(headed, library, carl)
        keep_heads(headed, library, tess)
    cut_medical(headed, 6)
    assert with_passphrase(headed).exit_code == 3
    with headed.tampering(headed.file("shared")) as connection:
        ((newest,),) = connection.execute("SELECT max(id) FROM event").fetchall()
        values = (newest + 1, bytes.fromhex(ack.log_id), ack.seq)
        connection.execute("UPDATE event SET id=? WHERE log=? AND seq=?", values)
    headed.forget_closing()
    assert with_passphrase(headed).exit_code == 3


# ------------------------------------------------------------------------------------------- as last seen


def roll_back(practice, kept, *kinds):
    for kind in kinds:
        shutil.copy(kept / practice.file(kind).name, practice.file(kind))
    practice.forget_closing()


def test_a_standing_holds_what_was_written_since_it_was_last_asked(filled):
    with filled.opened("Carl") as (library, carl):
        assert library.standing().heads == ()
        _, head = vitals(filled, library, carl)
        assert library.standing().heads == (head,)
        assert library.standing().heads == ()
        everything = library.standing(256)
    assert head in everything.heads
    assert everything.roster_version == 2
    assert dict(everything.epochs)[MEDICAL] == 1


@pytest.mark.parametrize("kinds", [("shared",), ("medical",), ("therapy",), ("shared", "medical", "therapy")])
def test_any_file_or_all_of_them_put_back_is_older_than_last_seen(filled, kinds, tmp_path):
    kept = tmp_path / "kept"
    shutil.copytree(filled.folder, kept)
    with filled.opened("Carl", "Tess") as (library, carl, tess):
        vitals(filled, library, carl)
        filled.append(library, tess, therapy_of(tess.member.member_id), Mark("tears"))
        filled.append(library, tess, SHARED, Signal("x"))
        seen = library.standing(256)
        assert library.behind(seen) == []
    assert verify(filled.folder, last_seen=lambda _: seen).exit_code == 0
    roll_back(filled, kept, *kinds)
    report = verify(filled.folder, last_seen=lambda _: seen)
    assert report.exit_code == 3
    assert {finding.file for finding in report.findings} == {filled.file(kind).name for kind in kinds}
    assert all("is older than last seen (" in finding.line for finding in report.findings)
    with filled.opened() as (library,):
        assert library.behind(seen) == list(report.findings)


def test_an_older_member_list_is_older_than_last_seen(filled, tmp_path):
    kept = tmp_path / "kept"
    shutil.copytree(filled.folder, kept)
    with filled.opened("Tess") as (library, tess):
        filled.add(library, tess, "Ned", Role.MEDICAL)
        seen = library.standing(256)
    roll_back(filled, kept, "shared", "medical", "therapy")
    report = verify(filled.folder, last_seen=lambda _: seen)
    assert (report.exit_code, report.findings[-1].line) == (
        3,
        "shared.kapdb is older than last seen (member list 2 of 3). Restored from a backup?",
    )


def test_a_vault_that_went_another_way_since_it_was_last_seen_is_told(filled, tmp_path):
    kept = tmp_path / "kept"
    shutil.copytree(filled.folder, kept)
    with filled.opened("Carl") as (library, carl):
        vitals(filled, library, carl)
        seen = library.standing()
    roll_back(filled, kept, "medical")
    with filled.opened("Carl") as (library, carl):
        vitals(filled, library, carl)
        vitals(filled, library, carl)
    report = verify(filled.folder, last_seen=lambda _: seen)
    assert report.exit_code == 2
    assert "is not the one that was last seen" in report.findings[0].line


# ------------------------------------------------------------------------------------------- from a page


@pytest.mark.parametrize("form", ["line", "full"])
def test_a_page_is_found_again_however_much_was_added(filled, form):
    with filled.opened("Tess") as (library, tess):
        heads = library.paper_heads(tess, filled.session)
    assert [head.compartment for head in heads] == [SHARED, MEDICAL, therapy_of(tess.member.member_id)]
    with filled.opened("Carl", "Tess") as (library, carl, tess):
        for _ in range(3):
            vitals(filled, library, carl)
            vitals(filled, library, carl, scope="77" * 16)
            filled.append(library, tess, therapy_of(tess.member.member_id), Mark("tears"))
    for head in heads:
        report = verify(filled.folder, head=read_head(getattr(head, form)))
        assert report.exit_code == 0
        (finding,) = report.findings
        assert f"in session {filled.session[:12]}: nothing of it is gone" in finding.line


def test_a_page_of_what_is_no_longer_there_is_told(filled):
    with filled.opened("Tess") as (library, tess):
        head = library.paper_heads(tess, filled.session)[1]
    with filled.tampering(filled.file("medical")) as connection:
        connection.execute("DELETE FROM event WHERE seq>5")
    filled.forget_closing()
    report = verify(filled.folder, head=read_head(head.line))
    assert report.exit_code == 3
    assert report.findings[0].line.startswith("medical.kapdb does not hold KAP-HEAD medical 7 ")


def test_a_page_of_another_vault_is_told(filled, tmp_path):
    other = type(filled)(tmp_path / "other").create().fill()
    with other.opened("Tess") as (library, tess):
        head = library.paper_heads(tess, other.session)[0]
    assert verify(filled.folder, head=read_head(head.line)).exit_code == 3


def test_a_member_s_page_bears_only_what_the_member_can_read(filled):
    with filled.opened("Carl") as (library, carl):
        assert [head.compartment for head in library.paper_heads(carl, filled.session)] == [SHARED, MEDICAL]


def test_no_entry_of_a_session_can_pass_for_its_heads(headed):
    """A member writes ends that never were: whoever verifies is told, and the log says who it was."""
    with headed.opened("Carl") as (library, carl):
        (head, *_) = headed.heads[0].body.logs
        forged = type(head)(head.compartment, head.log_id, head.seq, "00" * 32)
        entry = headed.entry(carl, Heads((forged,)))
        library.append(carl, SHARED, entry, patient_id=headed.patient)
    assert with_passphrase(headed).exit_code == 2
