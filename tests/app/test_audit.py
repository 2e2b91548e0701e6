"""A scripted day: what was done with the records stands in the audit trail, each deed once, and nothing they say."""

import os

import pytest

from kapnotes.app import quiet
from kapnotes.app.audit_desk import PAGE, AuditDesk
from kapnotes.app.documents import Document
from kapnotes.app.paper import PaperDesk
from kapnotes.app.signing import Signature
from kapnotes.app.worker import InlineWorker
from kapnotes.domain.entries import Authorization, Block
from kapnotes.domain.errors import KapnotesError
from kapnotes.domain.words import in_english
from tests.app.conftest import PASSPHRASE

CANARY = "Zitronenfalter"


def paper(house, seat, live):
    return PaperDesk(seat, live, InlineWorker(), os.urandom, in_english)


def lines(house, seat):
    """Return who did what in which session, oldest first."""
    rows = AuditDesk(seat, in_english).everything()
    return [(row.who, row.what, row.session) for row in reversed(rows)]


TESS, CARL, SESSION = "Tess, LCSW", "Carl, CRNA", "K-0142 · 1"


def test_of_a_scripted_day_every_deed_stands_there_once(team, tmp_path, caught):
    house, therapist, crna, pad, log = team
    today = house.clock.now().local().date()
    note = pad.note(CANARY)
    log.log("120/70 70 98 14")
    released = pad.release(Authorization("Tess", "Ines", CANARY, CANARY, today, "P", today), [note])
    paper(house, therapist, pad).save(Document.SUMMARY, "Ines", tmp_path / "s.pdf", caught().append, caught().failed)
    pad.revoke(released.entry_id, CANARY)
    pad.narrative(Block.WORDS, CANARY)
    paper(house, crna, log).save(Document.RECORD, "", tmp_path / "r.pdf", caught().append, caught().failed)
    for live, name, credential in ((pad, "Tess", "LCSW"), (log, "Carl", "CRNA")):
        live.signing.sign(Signature(name, credential, CANARY), caught().append, caught().failed)
    AuditDesk(crna, in_english).save(tmp_path / "trail.csv", caught().append, caught().failed)
    house.program.lock(crna)
    refused = caught()
    house.program.sign_in(CARL, "not the passphrase of anybody", caught().append, refused.append)
    crna = house.sign_in(CARL)

    told = lines(house, crna)

    day = [line for line in told if not line[1].startswith(("signed in", "member added"))]
    assert day == [
        (TESS, "opened", SESSION),
        (CARL, "opened", SESSION),
        (TESS, "process notes released", SESSION),
        (TESS, "pages issued: summary for Ines, 1 released line", SESSION),
        (TESS, "release revoked", SESSION),
        (CARL, "pages issued: record for nobody named, 0 released lines", SESSION),
        (TESS, "signed: session", SESSION),
        (TESS, "signed: process notes", SESSION),
        (CARL, "signed: session", SESSION),
        (CARL, "signed: medical record", SESSION),
        (CARL, "audit trail exported", ""),
        (CARL, "locked", ""),
        (CARL, "sign-in failed: Carl, CRNA", ""),
    ]
    assert len(refused) == 1
    assert [line for line in told if line[1] == "signed in"] == [
        (TESS, "signed in", ""),
        (CARL, "signed in", ""),
        (CARL, "signed in", ""),
    ]
    assert sum("member added" in line[1] and CARL in line[1] for line in told) == 1
    assert CANARY not in str(told)
    assert CANARY not in (tmp_path / "trail.csv").read_text(encoding="utf-8")


def test_the_file_holds_the_whole_trail_and_that_it_was_exported(team, tmp_path, caught):
    house, therapist, _, _, _ = team
    done = caught()

    AuditDesk(therapist, in_english).save(tmp_path / "trail.csv", done.append, done.failed)

    written = (tmp_path / "trail.csv").read_text(encoding="utf-8-sig").splitlines()
    assert done == [len(written) - 1]
    assert "audit trail exported" in written[1]
    assert written[0] == "when,who,what,session"
    assert len(lines(house, therapist)) == len(written) - 1


def test_a_file_that_is_there_is_not_replaced(team, tmp_path, caught):
    _, therapist, _, _, _ = team
    (tmp_path / "trail.csv").write_text("mine")
    failed = caught()

    AuditDesk(therapist, in_english).save(tmp_path / "trail.csv", caught().append, failed.append)

    assert isinstance(failed.last, KapnotesError)
    assert (tmp_path / "trail.csv").read_text() == "mine"


def test_pages_that_could_not_be_written_say_so(team, tmp_path, caught):
    house, therapist, _, pad, _ = team
    failed = caught()
    paper(house, therapist, pad).save(
        Document.SUMMARY, "Ines", tmp_path / "nowhere" / "s.pdf", caught().append, failed.append
    )

    assert len(failed) == 1
    assert "pages issued: summary for Ines, 0 released lines; it failed" in [
        what for _, what, _ in lines(house, therapist)
    ]


def test_a_long_trail_is_read_a_page_at_a_time_and_none_is_lost_or_told_twice(team):
    house, therapist, _, _, _ = team
    for number in range(2 * PAGE + 5):
        therapist.audit(f"deed {number}")
    desk = AuditDesk(therapist, in_english)

    trail = desk.page(None)
    pages = [trail]
    while trail.before is not None:
        trail = desk.page(trail.before)
        pages.append(trail)

    told = [row.what for page in pages for row in page.rows]
    deeds = [what for what in told if what.startswith("deed ")]
    assert deeds == [f"deed {number}" for number in reversed(range(2 * PAGE + 5))]
    assert [len(page.rows) for page in pages[:2]] == [PAGE, PAGE]
    assert told == [row.what for row in desk.everything()]
    assert house.vault.exists()


@pytest.mark.parametrize("who", ["therapist", "crna"])
def test_every_member_reads_the_whole_trail(team, who):
    house, therapist, crna, _, _ = team

    assert lines(house, {"therapist": therapist, "crna": crna}[who]) == lines(house, therapist)


def test_a_backup_stands_there_once_with_its_time_whoever_was_signed_in(house):
    seat = house.make(TESS)
    house.program.backups.make()
    house.program.lock(seat)
    house.clock.advance(60)
    house.program.backups.make()
    house.clock.advance(3600)
    seat = house.sign_in(TESS)

    rows = AuditDesk(seat, in_english).everything()

    assert [f"{row.at.local():%H:%M}" for row in rows if row.what == "backed up"] == ["13:01", "13:00"]


def test_the_command_line_puts_the_trail_into_a_file(house, tmp_path):
    house.make(TESS)
    house.program.close()
    again = type(house)(house.folder)

    audited = quiet.export_audit(again.program, house.vault, TESS, PASSPHRASE, tmp_path / "trail.csv")

    written = (tmp_path / "trail.csv").read_text(encoding="utf-8-sig").splitlines()
    assert audited.count == len(written) - 1
    assert sum("signed in" in line for line in written) == 2
