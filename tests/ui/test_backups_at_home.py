"""Backups as a therapist meets them: an age at home, one key, and none of it in the way."""

import os
import sqlite3
from contextlib import closing

import pytest

from kapnotes.app.backup_keeper import BackupState
from kapnotes.app.worker import ThreadWorker
from kapnotes.domain.clock import NS_PER_S
from kapnotes.domain.entries import Stage
from kapnotes.ui.backup_line import backup_words
from kapnotes.ui.pad import PadWindow
from kapnotes.vault.library import VAULT_SCOPE
from kapnotes.vault.restore import restore
from kapnotes.vault.verify import verify

DAY_S = 86400
PASSPHRASE = "otter lagoon violin cedar"


@pytest.fixture
def home(room):
    """A therapist's home with one patient who is new since the start, so that a backup is due at the end."""
    home = room.make()
    room.patient(home)
    return home


def backups_of(room):
    return sorted((room.folder / "vault" / "backups").glob("*.kapbackup"))


def wait_for_backup(room, count=1):
    room.wait(lambda: len(backups_of(room)) == count and not room.program.backups.state.is_running, "the backup")


def test_home_says_that_there_is_no_backup_yet_and_one_key_makes_it(room, home):
    room.wait(lambda: home.backup.text() == "! backup: none yet", "the look")

    room.press(home, "Ctrl+B")
    wait_for_backup(room)

    assert home.backup.text() == "backup: just now"
    assert home.backup.is_mark is False
    room.wait(lambda: home.news() == "A backup is made, and was opened again to be sure.", "the news")
    assert backups_of(room)[0].stat().st_mode & 0o777 == 0o600


def test_the_age_is_told_and_a_week_is_a_mark(room, home):
    room.press(home, "Ctrl+B")
    wait_for_backup(room)

    room.clock.advance(2 * DAY_S + 60)
    home.refresh()
    assert home.backup.text() == "backup: 2 days ago"

    room.clock.advance(5 * DAY_S)
    home.refresh()
    assert home.backup.text() == "! backup: 7 days ago"
    assert home.backup.is_mark is True


def test_the_words_for_every_state():
    def words(age_s, **more):
        return backup_words(BackupState(0, is_known=True, **more), int(age_s * NS_PER_S))

    assert words(5) == "backup: just now"
    assert words(-5) == "backup: just now"
    assert words(90) == "backup: 1 min ago"
    assert words(3 * 3600 + 5) == "backup: 3 h ago"
    assert words(47 * 3600) == "backup: 47 h ago"
    assert words(48 * 3600) == "backup: 2 days ago"
    assert words(5, is_running=True, percent=40) == "backup: 40 %"
    assert backup_words(BackupState(), 0) == ""


def test_the_end_of_a_session_makes_one_by_itself(room, pad, log):
    room.line(log, "dose 35 im hold no cuff")
    for _ in range(3):
        assert backups_of(room) == []
        room.press(pad, "Ctrl+G")
        room.press(pad, "Ctrl+G")
    assert pad.live.record.stage is Stage.CLOSED
    wait_for_backup(room)

    room.close()
    assert verify(room.folder / "vault").exit_code == 0


def test_closing_home_waits_for_the_backup_that_is_due_and_then_closes(room, home):
    home.close()

    assert not home.is_closed
    assert "Making a backup" in home.news()
    room.wait(lambda: home.is_closed, "home to close by itself")
    assert len(backups_of(room)) == 1


def test_closing_once_more_leaves_without_it(room, home):
    home.close()
    home.close()

    assert home.is_closed
    room.close()
    assert [path.name for path in (room.folder / "vault").glob("backups/*") if path.suffix != ".kapbackup"] == []
    assert verify(room.folder / "vault").exit_code == 0


def test_where_nothing_was_written_home_closes_at_once(room, home):
    room.press(home, "Ctrl+B")
    wait_for_backup(room)

    home.close()

    assert home.is_closed
    assert len(backups_of(room)) == 1


def test_a_backup_that_fails_is_one_line_and_home_stays_to_say_it(room, home):
    (room.folder / "vault" / "backups").write_bytes(b"no folder")

    home.close()
    room.wait(lambda: not room.program.backups.state.is_running, "the failure")

    assert not home.is_closed
    assert home.news().startswith("! ")
    assert "backups" in home.news()
    home.close()
    assert home.is_closed


def test_a_stick_that_is_not_there_is_told_and_the_backup_is_made_in_the_vault(room, home):
    room.program.profile.keep_backups_in(room.folder / "stick")

    room.press(home, "Ctrl+B")
    wait_for_backup(room)

    assert "There is no folder" in home.news()
    assert home.backup.text() == "! backup: just now"

    (room.folder / "stick").mkdir()
    room.press(home, "Ctrl+B")
    room.wait(lambda: len(list((room.folder / "stick").glob("*.kapbackup"))) == 1, "the stick")
    room.wait(lambda: home.backup.text() == "backup: just now", "the news")


def test_the_last_seat_to_lock_leaves_a_backup_and_notes_go_on_beside_it(room, pad):
    assert isinstance(pad, PadWindow)
    assert isinstance(room.program.worker, ThreadWorker)
    room.press(room.crna, "Ctrl+L")
    assert not room.program.backups.state.is_running

    room.press(pad, "Ctrl+L")
    wait_for_backup(room)


def test_the_audit_trail_knows_of_every_copy(room, home):
    room.press(home, "Ctrl+B")
    wait_for_backup(room)
    (path,) = backups_of(room)

    def audits():
        entries = room.program.library.read(home.seat.keyring, VAULT_SCOPE).entries
        return [entry.body.subject for entry in entries if getattr(entry.body, "action", "") == "backed up"]

    room.wait(lambda: audits() == [path.name], "the audit entry")


def test_a_backup_knows_where_its_own_logs_end(room, pad, log):
    room.line(log, "dose 35 im hold no cuff")
    room.line(pad, "tears")
    room.saved(pad)
    room.press(room.crna, "Ctrl+B")
    wait_for_backup(room)
    (path,) = backups_of(room)
    report = restore(path, room.folder / "again", entropy=os.urandom, with_findings=False, tell=lambda *_: None)
    assert report.exit_code == 0

    with closing(sqlite3.connect(room.folder / "again" / "medical.kapdb", isolation_level=None)) as connection:
        sql = "SELECT name, sql FROM sqlite_schema WHERE type='trigger' ORDER BY rowid"
        triggers = connection.execute(sql).fetchall()
        for name, _ in triggers:
            connection.execute(f"DROP TRIGGER {name}")
        connection.execute("DELETE FROM event WHERE id=(SELECT max(id) FROM event)")
        for _, statement in triggers:
            connection.execute(statement)
    crna = room.crna.seat.member.label
    report = verify(room.folder / "again", label=crna, passphrase=PASSPHRASE)
    assert 3 in {finding.code for finding in report.findings}, "shared knows that medical went further"
