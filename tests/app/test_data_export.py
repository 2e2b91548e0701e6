"""What leaves as data, through the real vault: who may make it, what stands in the trail, and that no note is in it."""

import json
import os
import stat
from decimal import Decimal

import pytest

from kapnotes.app import quiet
from kapnotes.app.audit_desk import AuditDesk
from kapnotes.app.paper import Document, PaperDesk
from kapnotes.app.signing import Signature
from kapnotes.app.worker import InlineWorker
from kapnotes.domain.entries import AdverseEvent, Block, CheckIn, LateEntry, Mark, Note, Theme
from kapnotes.domain.errors import InputOutput, KapnotesError
from kapnotes.domain.words import in_english
from tests.app.conftest import PASSPHRASE

CANARY = "Zitronenfalter"
DATA = [one for one in Document if not one.is_encrypted]


def save(seat, live, document, path, caught):
    done = caught()
    PaperDesk(seat, live, InlineWorker(), os.urandom, in_english).save(document, "Dr B", path, done.append, done.failed)
    return path.read_bytes()


@pytest.fixture
def course(team):
    """A course of both clinicians: what the therapist writes for the notes alone is the canary, in every kind."""
    house, therapist, crna, pad, log = team
    log.log("128/76 72 98 14")
    log.log("dose 35 im")
    note = pad.note(CANARY, "quote")
    pad.correct(note.entry_id, CANARY, Note(CANARY))
    for body in (CheckIn(CANARY), Mark(CANARY), Theme(CANARY), LateEntry(CANARY, Note(CANARY))):
        pad.keep(body)
    pad.intention(CANARY)
    pad.narrative(Block.WORDS, CANARY)
    pad.keep(AdverseEvent("nausea", "mild"))
    for live, name in ((pad, "Tess"), (log, "Carl")):
        live.signing.sign(Signature(name, "X", "mine"), [].append, [].append)
    return house, {"therapist": (therapist, pad), "crna": (crna, log)}


@pytest.mark.parametrize("who", ["therapist", "crna"])
@pytest.mark.parametrize("document", DATA)
def test_no_process_note_is_in_what_either_of_them_makes(course, who, document, tmp_path, caught):
    content = save(*course[1][who], document, tmp_path / "out", caught)

    assert CANARY.encode() not in content
    assert json.dumps(CANARY).encode().strip(b'"') not in content
    assert b"128" in content


@pytest.mark.parametrize("document", [Document.FHIR, Document.CSV])
def test_a_therapist_and_a_crna_make_the_same(course, document, tmp_path, caught):
    one, other = (save(*course[1][who], document, tmp_path / who, caught) for who in ("therapist", "crna"))

    assert one == other
    assert b"nausea" in one


def test_of_the_signatures_those_of_process_notes_stay_inside(course, tmp_path, caught):
    bundle = json.loads(save(*course[1]["therapist"], Document.FHIR, tmp_path / "out", caught), parse_float=Decimal)

    signed = [one["resource"] for one in bundle["entry"] if "signature" in one["resource"]]
    assert [one["agent"][0]["who"]["display"] for one in signed] == ["Tess, X", "Carl, X", "Carl, X"]


@pytest.mark.parametrize("document", DATA)
def test_the_file_is_its_owners_alone_and_stands_in_the_trail(course, document, tmp_path, caught):
    _, seats = course
    save(*seats["crna"], document, tmp_path / "out", caught)

    assert stat.S_IMODE((tmp_path / "out").stat().st_mode) == 0o600
    told = [row.what for row in AuditDesk(seats["crna"][0], in_english).everything()]
    assert told[0] == f"pages issued: {document} for Dr B, 0 released lines"


def export(house, path, document, *, may_replace=False):
    house.program.close()
    again = type(house)(house.folder)
    listed = quiet.list_sessions(again.program, house.vault, "Carl, CRNA", PASSPHRASE)
    return quiet.export_page(
        again.program, house.vault, "Carl, CRNA", PASSPHRASE,
        session=listed.lines[0].split()[0], document=document, recipient="", path=path, may_replace=may_replace,
    )  # fmt: skip


@pytest.mark.parametrize("document", DATA)
def test_the_command_line_makes_it_and_names_no_passphrase(course, document, tmp_path):
    exported = export(course[0], tmp_path / "out", document)

    assert (exported.passphrase, exported.unread, exported.code) == ("", (), 0)
    assert (tmp_path / "out").stat().st_size > 100


def test_a_file_that_is_there_is_replaced_only_when_that_was_asked_for(course, tmp_path):
    path = tmp_path / "out"
    path.write_text("mine")

    with pytest.raises(KapnotesError, match="--replace"):
        export(course[0], path, Document.CSV)
    assert path.read_text() == "mine"
    export(course[0], path, Document.CSV, may_replace=True)
    assert path.read_bytes().startswith(b"\xef\xbb\xbf")


def test_nothing_is_written_into_the_vaults_own_folder(course):
    house = course[0]

    with pytest.raises(InputOutput, match="folder of a vault"):
        export(house, house.vault / "record.json", Document.FHIR)
    assert not (house.vault / "record.json").exists()
