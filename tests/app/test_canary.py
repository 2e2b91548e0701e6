"""No word of process notes leaves without an authorization that holds: every export, as every member, by every way.

What there is to export is asked of the program itself, so that a new kind or way cannot be forgotten here.
"""

import contextlib
import io
import json
import os
import re
import shutil
import subprocess
from base64 import b64decode
from binascii import Error as NotBase64
from dataclasses import dataclass
from datetime import date

import pikepdf
import pytest

from kapnotes.__main__ import main
from kapnotes.app.audit_desk import AuditDesk
from kapnotes.app.documents import Document
from kapnotes.app.paper import PaperDesk
from kapnotes.app.printing import TO_PRINTER
from kapnotes.app.worker import InlineWorker
from kapnotes.domain.around import Theme
from kapnotes.domain.entries import Authorization, CheckIn, LateEntry, Mark, Note
from kapnotes.domain.errors import KapnotesError, NotEntitled
from kapnotes.domain.follow_up import BlockOutcome, Contact, FollowUp, TakenUp
from kapnotes.domain.members import Role
from kapnotes.domain.words import in_english
from tests.app.conftest import PASSPHRASE, Caught, House
from tests.fault.search import found_in

pytestmark = pytest.mark.xdist_group("canary")  # what one test lets out, the last one reads in the trail

TESS, THEO, CARL = "Tess, LCSW", "Theo, LMFT", "Carl, CRNA"
MEMBERS = (TESS, THEO, CARL)
RECIPIENT = "Ines, LMFT"
LATER = date(2999, 1, 1)
"""The command line has the clock of this computer."""

STATES = {
    "revoked": {},
    "expired": {"expires_on": date(2026, 3, 3)},
    "not yet valid": {"signed_on": LATER, "expires_on": LATER},
    "to somebody else": {"recipient": "Dr B"},
    "released": {},
}
"""Each with a canary of its own, and what its authorization says otherwise than one that holds."""


@dataclass
class Canaries:
    """Words that stand nowhere else, drawn anew for each run; they begin alike, so that one search looks for all."""

    begins: str
    released: str
    theo: str
    tess: tuple[str, ...]


class Ways:
    """The vault with all canaries in it, and what left of it by whom, as bytes with what opens them."""

    def __init__(self, folder):
        self.folder = folder
        self.house = House(folder)
        self.begins = f"Falter{os.urandom(5).hex()}"
        self.words = iter(f"{self.begins}{number:02}" for number in range(30))
        tess = self.house.make(TESS)
        self.house.add(tess, THEO, Role.THERAPIST)
        self.house.add(tess, CARL, Role.MEDICAL)
        seats = {TESS: tess} | {label: self.house.sign_in(label) for label in (THEO, CARL)}
        people = [seat.member for seat in seats.values()]
        pad = self.house.start(tess, self.house.patient(tess), people)
        self.seats = {label: (seat, pad if seat is tess else self.house.join(seat)) for label, seat in seats.items()}
        self.canaries = self.note(pad, self.seats[THEO][1])
        self.session = pad.scope_id

    def note(self, pad, other):
        log = self.seats[CARL][1]
        log.log("128/76 72 98 14")
        log.log("dose 35 im")
        noted = {state: next(self.words) for state in STATES}
        for state, changed in STATES.items():
            facts = {
                "discloser": TESS,
                "recipient": RECIPIENT,
                "description": "one line",
                "purpose": "integration",
                "expires_on": LATER,
                "signed_by": "the patient",
                "signed_on": date(2026, 3, 1),
            }
            release = pad.release(Authorization(**facts | changed), [pad.note(noted[state])])
            if state == "revoked":
                pad.revoke(release.entry_id, next(self.words))
        more = [next(self.words) for _ in range(9)]
        said = pad.note(more[0], "quote")
        pad.correct(said.entry_id, more[1], Note(more[2], "quote"))
        for body in (CheckIn(more[3]), Mark(more[4]), Theme(more[5]), LateEntry(more[6], Note(more[7]))):
            pad.keep(body)
        came = BlockOutcome(TakenUp.YES, more[8])
        pad.keep(FollowUp(RECIPIENT, Contact.PHONE, came, BlockOutcome(), BlockOutcome()))
        pad.intention(last := next(self.words))
        theo = next(self.words)
        other.note(theo)
        held_back = [word for state, word in noted.items() if state != "released"]
        return Canaries(self.begins, noted["released"], theo, (*held_back, *more, last))

    def desk(self, label):
        seat, live = self.seats[label]
        return PaperDesk(seat, live, InlineWorker(), os.urandom, in_english)

    def saved(self, label, document):
        """Return what the program puts into a file."""
        path, done = self.folder / "saved", Caught()
        self.desk(label).save(document, RECIPIENT, path, done.append, done.failed)
        return path.read_bytes(), done.last.passphrase

    def handed_over(self, label, document):
        """Return what the program gives to a printer or to the clipboard."""
        given, done = [], Caught()
        self.desk(label).hand_over(document, TO_PRINTER, RECIPIENT, given.append, done.append, done.failed)
        assert given == [done.last]
        return given[0].content, given[0].passphrase

    def drawn(self, label):
        """Return what the pages say that a window shows before they are saved."""
        done = Caught()
        self.desk(label).draw(RECIPIENT, [], done.append, done.failed)
        with done.last.pages as pages:
            text = "".join(pages.picture(number, 100).text for number in range(len(pages)))
        return "".join(text.split()).encode(), ""

    def commanded(self, label, document):
        """Return what the command line puts into a file."""
        path = self.folder / "commanded"
        options = ["--confirm-psychotherapy-notes"] if document is Document.NOTES else ["--for", RECIPIENT]
        code, out, err = self.run(label, document, path, *options)
        if code:
            raise KapnotesError(err)
        opens = re.search(r"opens with: (\S+)", out)
        return path.read_bytes(), opens[1] if opens else ""

    def run(self, label, document, path, *options):
        """Run the command; returns its code and what it said."""
        secret = self.folder / "passphrase"
        secret.write_text(PASSPHRASE)
        command = ["export", self.house.vault, self.session, "--as", document, "--out", path, "--replace"]
        words = [*command, "--member", label, "--passphrase-file", secret, *options]
        out, err = io.StringIO(), io.StringIO()
        with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
            code = main([str(word) for word in words])
        return code, out.getvalue(), err.getvalue()


WAYS = {name for name in vars(PaperDesk) if not name.startswith("_")} - {"read_anew", "be_ready"}
"""By which documents come out of the vault; each has a method of the same meaning here."""

KNOWN_WAYS = {"save": Ways.saved, "hand_over": Ways.handed_over, "draw": Ways.drawn}


@pytest.fixture(scope="module")
def ways(tmp_path_factory):
    folder = tmp_path_factory.mktemp("canary")
    with pytest.MonkeyPatch.context() as patched:
        patched.setenv("XDG_DATA_HOME", str(folder / "home"))
        patched.setenv("HOME", str(folder / "home"))
        made = Ways(folder)
        yield made
        made.house.program.close()


def told_by(content, passphrase):
    """Return all that *content* tells whoever has it and its passphrase, as heaps of bytes."""
    heaps = [content]
    if content.startswith(b"%PDF-"):
        with pikepdf.open(io.BytesIO(content), password=passphrase) as document:
            heaps.append(document.trailer.unparse())
            for one in document.objects:
                heaps.append(one.unparse(resolved=True))
                if isinstance(one, pikepdf.Stream):
                    heaps.append(one.read_bytes())
        command = ["pdftotext", "-raw", "-upw", passphrase, "-", "-"]
        text = subprocess.run(command, input=content, check=True, capture_output=True).stdout
        heaps.append(b"".join(text.split()))
    elif content.startswith(b"{"):
        for held in strings_in(json.loads(content)):
            with contextlib.suppress(NotBase64, ValueError):
                heaps += told_by(b64decode(held, validate=True), passphrase)
    return heaps


def strings_in(node):
    if isinstance(node, dict):
        return [text for part in node.values() for text in strings_in(part)]
    if isinstance(node, list):
        return [text for part in node for text in strings_in(part)]
    return [node] if isinstance(node, str) else []


def found(content, passphrase, canaries):
    """Return which canaries stand in *content*, in whatever encoding."""
    heap = b"\n".join(told_by(content, passphrase))
    if not found_in(heap, [canaries.begins], is_packed_too=False):
        return set()
    every = (canaries.released, canaries.theo, *canaries.tess)
    return {word for word, _ in found_in(heap, every, is_packed_too=False)} or {"one in an encoding of its own"}


def see_what_left(ways, label, document, left):
    """See that of all canaries only those stand in what *left* that this member may hand over by this document."""
    canaries = ways.canaries
    allowed = set()
    if label == TESS and document.is_summary:
        allowed = {canaries.released}
    if label == TESS and document is Document.NOTES:
        allowed = {canaries.released, *canaries.tess}
    if label == THEO and document is Document.NOTES:
        allowed = {canaries.theo}
    assert found(*left, canaries) == allowed


needs_pdftotext = pytest.mark.skipif(shutil.which("pdftotext") is None, reason="needs pdftotext of poppler-utils")


@needs_pdftotext
@pytest.mark.parametrize("label", MEMBERS)
@pytest.mark.parametrize("document", Document)
def test_what_the_program_lets_out_holds_no_canary_without_an_authorization(ways, label, document):
    if document is Document.NOTES and label == CARL:
        with pytest.raises(NotEntitled):
            ways.saved(label, document)
        return
    see_what_left(ways, label, document, ways.saved(label, document))


@needs_pdftotext
@pytest.mark.parametrize("document", [Document.SUMMARY, Document.TEXT, Document.RECORD])
def test_what_is_printed_or_copied_holds_no_canary_without_an_authorization(ways, document):
    see_what_left(ways, TESS, document, ways.handed_over(TESS, document))


@pytest.mark.parametrize("label", MEMBERS)
def test_what_is_shown_before_it_is_saved_holds_no_canary_without_an_authorization(ways, label):
    see_what_left(ways, label, Document.SUMMARY, ways.drawn(label))


def test_the_program_has_no_way_out_that_was_not_tried():
    assert set(KNOWN_WAYS) == WAYS


@needs_pdftotext
@pytest.mark.parametrize("label", MEMBERS)
@pytest.mark.parametrize("document", Document)
def test_what_the_command_line_writes_holds_no_canary_without_an_authorization(ways, label, document):
    if label in ways.seats:  # a vault is open once; the windows' seats are gone now
        ways.house.program.close()
        ways.seats = {}
    if document is Document.NOTES and label == CARL:
        with pytest.raises(KapnotesError, match="therapist who wrote them"):
            ways.commanded(label, document)
        return
    see_what_left(ways, label, document, ways.commanded(label, document))


def test_the_command_line_knows_every_document_and_asks_before_it_writes_notes(ways):
    path = ways.folder / "unconfirmed"

    code, _, err = ways.run(TESS, Document.NOTES, path)
    options = ("--confirm-psychotherapy-notes", "--for", RECIPIENT)
    assert "author alone" in ways.run(TESS, Document.NOTES, path, *options)[2]
    with contextlib.redirect_stderr(io.StringIO()) as said, pytest.raises(SystemExit):
        main(["export", "v", "s", "--as", "nothing", "--out", "o", "--member", "m"])

    assert code == 2
    assert "--confirm-psychotherapy-notes" in err
    assert not path.exists()
    assert set(re.findall(r"[a-z-]+", said.getvalue().partition("choose from")[2].partition(")")[0])) == set(Document)


def test_the_audit_trail_tells_that_notes_left_and_nothing_of_them(tmp_path, ways):
    again = House(ways.folder)
    again.program.open_vault(again.vault, [].append, pytest.fail)
    seat, path, done = again.sign_in(CARL), tmp_path / "trail.csv", Caught()
    AuditDesk(seat, in_english).save(path, done.append, done.failed)
    again.program.close()

    content = path.read_bytes()
    assert found(content, "", ways.canaries) == set()
    assert f"the own process notes issued, whole and apart: notes for {TESS}" in content.decode("utf-8-sig")
