import os
import stat
from datetime import date
from pathlib import Path

import pytest

from kapnotes.app.audit_desk import AuditDesk
from kapnotes.app.documents import ALPHABET, Document, new_page_passphrase
from kapnotes.app.files import is_there, typed_path, write_atomically
from kapnotes.app.paper import PaperDesk
from kapnotes.app.passphrase import require_strong
from kapnotes.app.printing import TO_PRINTER
from kapnotes.app.worker import InlineWorker
from kapnotes.domain.entries import Authorization, SummaryIssued
from kapnotes.domain.errors import InputOutput, KapnotesError, NotAuthorized, ReadOnly
from kapnotes.domain.words import in_english


@pytest.fixture
def desk(team):
    _, therapist, _, pad, _ = team
    return PaperDesk(therapist, pad, InlineWorker(), os.urandom, in_english)


def authorization(**changes):
    facts = {
        "discloser": "Tess, LCSW",
        "recipient": "Ines, LMFT",
        "description": "the chosen lines",
        "purpose": "integration",
        "expires_on": date(2026, 4, 4),
        "signed_by": "K-0142",
        "signed_on": date(2026, 3, 4),
    }
    return Authorization(**facts | changes)


def test_a_summary_is_saved_whole_and_what_left_is_logged_for_everybody(team, desk, tmp_path, caught):
    _, _, _, pad, log = team
    chosen = pad.note("it's all water", "quote")
    pad.note("stays here")
    pad.release(authorization(), [chosen])
    done = caught()

    desk.save(Document.SUMMARY, "Ines, LMFT", tmp_path / "summary.pdf", done.append, done.failed)

    content = (tmp_path / "summary.pdf").read_bytes()
    assert content == done.last.content
    assert content.startswith(b"%PDF-")
    issued = log.record.newest(SummaryIssued)
    assert (issued.document, issued.recipient, issued.released_count) == ("summary", "Ines, LMFT", 1)


def test_lines_that_were_released_to_somebody_else_are_not_counted_as_handed_over(team, desk, tmp_path, caught):
    _, _, _, pad, log = team
    pad.release(authorization(), [pad.note("it's all water", "quote")])
    done = caught()

    desk.save(Document.SUMMARY, "Dr B", tmp_path / "summary.pdf", done.append, done.failed)

    assert done.last.released_count == 0
    assert log.record.newest(SummaryIssued).released_count == 0


def test_a_release_without_all_that_the_law_asks_for_is_refused(team):
    _, _, _, pad, _ = team
    note = pad.note("x")

    with pytest.raises(NotAuthorized):
        pad.release(authorization(signed_by=" "), [note])


def test_a_page_that_cannot_be_written_fails_in_one_line_and_is_not_logged(team, desk, tmp_path):
    _, _, _, pad, _ = team
    failures = []

    desk.save(Document.RECORD, "x", tmp_path / "nowhere" / "record.pdf", failures.append, failures.append)

    assert isinstance(failures[0], InputOutput)
    assert "\n" not in str(failures[0])
    assert pad.record.newest(SummaryIssued) is None
    (logged,) = [entry for entry in pad.record.entries if isinstance(entry.body, SummaryIssued)]
    assert pad.record.corrections_of(logged.entry_id)[0].body.reason == "the file was not written"


def test_a_page_passphrase_is_long_new_each_time_and_easy_to_copy():
    first, second = new_page_passphrase(os.urandom), new_page_passphrase(os.urandom)

    assert first != second
    assert [len(group) for group in first.split("-")] == [5] * 5
    assert set(first.replace("-", "")) <= set(ALPHABET)


def test_a_file_is_replaced_as_a_whole_and_only_its_owner_reads_it(tmp_path):
    path = tmp_path / "page.pdf"
    path.write_bytes(b"old")

    write_atomically(path, b"new")

    assert path.read_bytes() == b"new"
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert list(tmp_path.iterdir()) == [path]


def test_a_file_that_stands_there_is_written_also_where_its_folder_cannot_be_synced(tmp_path, monkeypatch):
    really = os.open

    def refuse_folders(path, flags, *more):
        if Path(path).is_dir():
            raise PermissionError(13, "Permission denied")
        return really(path, flags, *more)

    monkeypatch.setattr(os, "open", refuse_folders)

    write_atomically(tmp_path / "page.pdf", b"new")

    assert (tmp_path / "page.pdf").read_bytes() == b"new"


def test_a_place_that_cannot_be_is_told_when_it_is_written_to_and_not_before(tmp_path):
    assert typed_path("~nobody-of-that-name/x.pdf") == Path("~nobody-of-that-name/x.pdf")
    too_long = tmp_path / ("x" * 300 + ".pdf")
    assert not is_there(too_long)
    with pytest.raises(InputOutput, match="too long"):
        write_atomically(too_long, b"new")


def test_nothing_leaves_whose_authorization_was_revoked_while_its_pages_were_made(team, desk, tmp_path, caught):
    pad = team[3]
    note = pad.note("it's all water", "quote")
    release = pad.release(authorization(), [note])
    outcomes = []

    def is_wanted():
        pad.revoke(release.entry_id, "revoked by the patient")
        return True

    desk.save(Document.SUMMARY, "Ines, LMFT", tmp_path / "a.pdf", caught().append, outcomes.append, is_wanted)

    assert isinstance(outcomes[0], NotAuthorized)
    assert not list(tmp_path.glob("*.pdf"))
    assert pad.record.newest(SummaryIssued) is None


def test_what_the_trail_cannot_tell_stays_here_and_says_why(team, desk, tmp_path, caught):
    team[3].is_read_only = True
    outcomes = []

    desk.save(Document.SUMMARY, "x", tmp_path / "summary.pdf", caught().append, outcomes.append)

    assert isinstance(outcomes[0], ReadOnly)
    assert not list(tmp_path.glob("*.pdf"))


def test_a_file_that_cannot_be_replaced_stays_as_it_was(tmp_path):
    path = tmp_path / "folder"
    path.mkdir()
    (path / "inside").write_text("x")

    with pytest.raises(InputOutput):
        write_atomically(path, b"new")

    assert [item.name for item in tmp_path.iterdir()] == ["folder"]


@pytest.mark.parametrize(
    ("passphrase", "again", "reason"),
    [
        ("short", "short", "at least 15"),
        ("x" * 257, "x" * 257, "at most"),
        ("otter lagoon violin", "otter lagoon violins", "differ"),
    ],
)
def test_a_passphrase_that_will_not_do_says_why_and_does_not_repeat_it(passphrase, again, reason):
    with pytest.raises(KapnotesError, match=reason) as error:
        require_strong(passphrase, again)

    assert passphrase not in str(error.value)


def test_a_page_is_not_put_into_its_file_when_nobody_would_see_its_passphrase(team, desk, tmp_path):
    pad = team[3]
    path = tmp_path / "summary.pdf"
    path.write_bytes(b"the good one of yesterday")
    outcomes = []

    desk.save(Document.SUMMARY, "x", path, outcomes.append, outcomes.append, is_wanted=lambda: False)

    assert outcomes == []
    assert path.read_bytes() == b"the good one of yesterday"
    assert pad.record.newest(SummaryIssued) is None


def test_no_page_leaves_while_its_entry_cannot_be_saved(team, desk, tmp_path, monkeypatch):
    house = team[0]
    outcomes = []

    def refuse(*_, **__):
        raise InputOutput("The disk cannot write.")

    with monkeypatch.context() as broken:
        broken.setattr(house.program.library, "append", refuse)
        desk.save(Document.SUMMARY, "x", tmp_path / "summary.pdf", outcomes.append, outcomes.append)

    assert isinstance(outcomes[0], InputOutput)
    assert not (tmp_path / "summary.pdf").exists()


SENT = "pages issued: record, sent to the printer for Dr B, 0 released lines"
TOOK = "the printer took the pages"


class LaterNews:
    """Does each job at once, and tells its outcome when the test lets it: as a thread does whose news wait."""

    def __init__(self):
        self.news = []

    def submit(self, job, done, failed):
        InlineWorker().submit(job, lambda outcome: self.news.append((done, outcome)),
                              lambda error: self.news.append((failed, error)))  # fmt: skip

    def tell(self):
        news, self.news = self.news, []
        for tell, outcome in news:
            tell(outcome)


class LaterJobs:
    """Keeps jobs until the test lets them run."""

    def __init__(self):
        self.jobs = []

    def submit(self, job, done, failed):
        self.jobs.append((job, done, failed))

    def run(self):
        InlineWorker().submit(*self.jobs.pop(0))


def trail_of(seat):
    return [row.what for row in AuditDesk(seat, in_english).everything() if row.what.startswith(("pages", "the pr"))]


@pytest.fixture
def printing(team):
    """A record on its way to a printer, its pages made and logged; nothing has been given yet."""
    _, therapist, crna, pad, _ = team
    slow, given, told = LaterJobs(), [], []
    desk = PaperDesk(therapist, pad, slow, os.urandom, in_english)

    def start(give=given.append):
        desk.hand_over(Document.RECORD, TO_PRINTER, "Dr B", give, told.append, told.append)
        slow.run()
        assert trail_of(crna) == [SENT]
        return slow, given, told

    return start


def test_the_trail_says_that_pages_were_sent_to_the_printer_and_then_that_it_took_them(team, printing):
    slow, given, told = printing()
    slow.run()

    assert given == told
    assert len(given) == 1
    assert trail_of(team[2]) == [TOOK, SENT]


def test_a_print_that_a_lock_overtakes_is_taken_back_and_never_begun(team, printing):
    house, therapist, crna, _, _ = team
    slow, given, told = printing()
    house.program.lock(therapist)
    assert therapist.keyring.is_locked
    slow.run()

    assert (given, told) == ([], [])
    assert trail_of(crna) == [f"{SENT}; it failed"]


def test_of_a_print_that_fails_behind_a_lock_the_trail_says_no_more_than_that_it_was_sent(team, printing):
    house, therapist, crna, _, _ = team

    def lock_and_fail(_):
        house.program.lock(therapist)
        raise InputOutput("The printer burns.")

    slow, _, told = printing(lock_and_fail)
    slow.run()

    assert trail_of(crna) == [SENT]
    assert [type(error) for error in told] == [InputOutput]
    assert therapist.on_their_way == []


def test_a_file_that_fails_while_a_lock_waits_is_taken_back_before_the_keys_go(team, desk, tmp_path):
    house, therapist, crna, _, _ = team
    inline, later, told = house.program.worker, LaterNews(), []
    house.program.worker = later
    desk.save(Document.RECORD, "Dr B", tmp_path / "nowhere" / "record.pdf", told.append, told.append)
    later.tell()  # what is read is there: the page is made, logged, and cannot be put
    assert told == []
    house.program.lock(therapist)
    assert therapist.keyring.is_locked
    later.tell()
    house.program.worker = inline

    assert [type(error) for error in told] == [InputOutput]
    assert trail_of(crna) == ["pages issued: record for Dr B, 0 released lines; it failed"]
