"""What leaves as data, through the real vault: who may make it, what stands in the trail, and that no note is in it."""

import json
import os
import stat
from decimal import Decimal

import pytest

from kapnotes.app import quiet
from kapnotes.app.audit_desk import AuditDesk
from kapnotes.app.documents import Document
from kapnotes.app.paper import PaperDesk
from kapnotes.app.signing import Signature
from kapnotes.app.worker import InlineWorker
from kapnotes.domain.entries import AdverseEvent, Block, CheckIn, LateEntry, Mark, Note, Theme
from kapnotes.domain.errors import InputOutput, KapnotesError
from kapnotes.domain.words import in_english
from tests.app.conftest import PASSPHRASE

CANARY = "Zitronenfalter"
DATA = [one for one in Document if one.is_data]


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
    pad.keep(AdverseEvent("dizziness", "mild"))
    for live, name in ((pad, "Tess"), (log, "Carl")):
        live.signing.sign(Signature(name, "X", "mine"), [].append, [].append)
    return house, {"therapist": (therapist, pad), "crna": (crna, log)}


def test_a_therapist_and_a_crna_make_the_same_and_no_process_note_is_in_it(course, tmp_path, caught):
    for document in DATA:
        one, other = (save(*course[1][who], document, tmp_path / who, caught) for who in ("therapist", "crna"))

        assert one == other
        assert b"128" in one
        assert CANARY.encode() not in one
        assert (b"dizziness" in one) == (document is not Document.DEIDENTIFIED_CSV)


def test_of_the_signatures_those_of_process_notes_stay_inside(course, tmp_path, caught):
    bundle = json.loads(save(*course[1]["therapist"], Document.FHIR, tmp_path / "out", caught), parse_float=Decimal)

    signed = [one["resource"] for one in bundle["entry"] if "signature" in one["resource"]]
    assert [one["agent"][0]["who"]["display"] for one in signed] == ["Tess, X", "Carl, X", "Carl, X"]


def test_the_file_is_its_owners_alone_and_stands_in_the_trail(course, tmp_path, caught):
    seat, log = course[1]["crna"]
    for document in DATA:
        save(seat, log, document, tmp_path / document, caught)

    assert {stat.S_IMODE(path.stat().st_mode) for path in tmp_path.iterdir() if path.name in DATA} == {0o600}
    told = [row.what for row in AuditDesk(seat, in_english).everything()]
    assert told[: len(DATA)] == [f"pages issued: {one} for Dr B, 0 released lines" for one in reversed(DATA)]


def export(house, path, document, *, may_replace=False):
    house.program.close()
    again = type(house)(house.folder)
    listed = quiet.list_sessions(again.program, house.vault, "Carl, CRNA", PASSPHRASE)
    return quiet.export_page(
        again.program, house.vault, "Carl, CRNA", PASSPHRASE,
        session=listed.lines[0].split()[0], document=document, recipient="", path=path, may_replace=may_replace,
    )  # fmt: skip


def test_the_command_line_replaces_only_when_asked_and_names_no_passphrase(course, tmp_path):
    path = tmp_path / "out"
    path.write_text("mine")

    with pytest.raises(KapnotesError, match="--replace"):
        export(course[0], path, Document.CSV)
    assert path.read_text() == "mine"
    exported = export(course[0], path, Document.CSV, may_replace=True)
    assert path.read_bytes().startswith(b"\xef\xbb\xbf")
    assert (exported.passphrase, exported.unread, exported.code) == ("", (), 0)


def test_nothing_is_written_into_the_vaults_own_folder(course):
    house = course[0]

    with pytest.raises(InputOutput, match="folder of a vault"):
        export(house, house.vault / "record.json", Document.FHIR)
    assert not (house.vault / "record.json").exists()
