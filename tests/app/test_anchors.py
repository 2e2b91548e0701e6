"""What this computer remembers of a vault: an older one is said calmly, and goes on after a typed reason."""

import json
import os
import re
import shutil
import subprocess

import pikepdf
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kapnotes.app import quiet
from kapnotes.app.anchors import LOGS, NAME, Anchors
from kapnotes.app.documents import Document
from kapnotes.app.paper import PaperDesk
from kapnotes.app.worker import InlineWorker
from kapnotes.domain.custody import LogHead, RollbackAck
from kapnotes.domain.entries import Stage
from kapnotes.domain.errors import InputOutput, KapnotesError
from kapnotes.domain.members import MEDICAL, SHARED, Role, therapy_of
from kapnotes.domain.words import in_english
from kapnotes.vault.heads import Standing
from kapnotes.vault.library import VAULT_SCOPE

VAULT = "0a" * 16
IDS = st.binary(min_size=16, max_size=16).map(bytes.hex)
HASHES = st.binary(min_size=32, max_size=32).map(bytes.hex)
COMPARTMENTS = st.one_of(st.just(SHARED), st.just(MEDICAL), IDS.map(therapy_of))
HEADS = st.lists(st.builds(LogHead, COMPARTMENTS, IDS, st.integers(1, 1 << 20), HASHES), unique_by=lambda h: h.log_id)


def verified(house):
    return quiet.check(house.vault, None, None, as_json=False, profile=house.folder / "profile")


def put_back(house, kept):
    shutil.rmtree(house.vault)
    shutil.copytree(kept, house.vault)


@pytest.fixture
def older(make_house, tmp_path):
    """A house whose vault was put back to what it was before an evening of notes."""
    first = make_house(tmp_path)
    tess = first.make("Tess, LCSW", Role.THERAPIST)
    patient = first.patient(tess)
    first.program.close()
    kept = tmp_path / "kept"
    shutil.copytree(first.vault, kept)
    second = make_house(tmp_path)
    opened(second)
    tess = second.sign_in("Tess, LCSW")
    second.start(tess, patient, [tess.member]).note("an evening")
    second.program.close()
    put_back(second, kept)
    third = make_house(tmp_path)
    opened(third)
    yield third
    third.program.close()


def opened(house):
    done = []
    house.program.open_vault(house.vault, done.append, house_fails)


def house_fails(error):
    raise error


# --------------------------------------------------------------------------------------------- the file


@given(
    heads=HEADS, roster=st.integers(0, 99), epochs=st.dictionaries(COMPARTMENTS, st.integers(1, 9)), gone=st.sets(IDS)
)
def test_what_is_kept_is_what_was_seen(tmp_path_factory, heads, roster, epochs, gone):
    anchors = Anchors(tmp_path_factory.mktemp("profile"))
    seen = Standing(VAULT, tuple(heads), roster, tuple(sorted(epochs.items())), tuple(sorted(gone)))
    anchors.keep(seen)
    again = anchors.last_seen(VAULT)
    assert set(again.heads) == set(heads)
    assert (again.roster_version, again.epochs, again.shredded) == (roster, seen.epochs, seen.shredded)
    assert anchors.last_seen("0b" * 16) is None


def test_only_the_logs_that_were_written_to_last_are_kept(tmp_path):
    anchors = Anchors(tmp_path)
    for number in range(LOGS + 10):
        anchors.keep(Standing(VAULT, (LogHead(MEDICAL, f"{number:032x}", 1, "aa" * 32),)))
    anchors.keep(
        Standing(VAULT, (LogHead(MEDICAL, f"{10:032x}", 2, "aa" * 32), LogHead(SHARED, "ff" * 16, 1, "aa" * 32)))
    )
    heads = [head for head in anchors.last_seen(VAULT).heads if head.compartment == MEDICAL]
    assert len(heads) == LOGS
    assert (heads[-1].log_id, heads[-1].seq) == (f"{10:032x}", 2)
    assert heads[0].log_id == f"{11:032x}"


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"\xff\xfe",
        b"[]",
        b"null",
        b'{"vaults": []}',
        b'{"vaults": {"x": 1}}',
        b'{"vaults": {"x": {"roster": -1, "epochs": {}, "shredded": [], "logs": {}}}}',
        b'{"vaults": {"x": {"roster": 1, "epochs": {"zz": 1}, "shredded": [], "logs": {}}}}',
        b'{"vaults": {"x": {"roster": 1, "epochs": {}, "shredded": [7], "logs": {}}}}',
        b'{"vaults": {"x": {"roster": 1, "epochs": {}, "shredded": [], "logs": {"01": 3}}}}',
        b"[" * 100_000,
    ],
)
def test_a_damaged_file_forgets_and_hinders_nothing(tmp_path, content):
    (tmp_path / NAME).write_bytes(content)
    anchors = Anchors(tmp_path)
    assert anchors.last_seen(VAULT) is None
    anchors.keep(Standing(VAULT, (), 3))
    assert anchors.last_seen(VAULT).roster_version == 3


def test_beginning_anew_forgets_heads_but_no_deleted_patient(tmp_path):
    anchors = Anchors(tmp_path)
    anchors.keep(Standing(VAULT, (LogHead(MEDICAL, "11" * 16, 9, "aa" * 32),), 5, ((MEDICAL, 4),), ("a1" * 16,)))
    anchors.begin_anew(Standing(VAULT, (LogHead(MEDICAL, "11" * 16, 7, "bb" * 32),), 4, ((MEDICAL, 3),)))
    seen = anchors.last_seen(VAULT)
    assert seen == Standing(VAULT, (LogHead(MEDICAL, "11" * 16, 7, "bb" * 32),), 4, ((MEDICAL, 3),), ("a1" * 16,))


def test_no_patient_and_no_text_stands_in_the_file(team):
    house, therapist, _, pad, _ = team
    pad.note("Zaunkönig-weeps-7731")
    house.program.close()
    written = (house.folder / "profile" / NAME).read_text(encoding="utf-8")
    assert len(json.loads(written)["vaults"]) == 1
    for told in ("Zaun", "K-0142", "Tess", pad.patient_id, pad.scope_id):
        assert told not in written
    assert (house.folder / "profile" / NAME).stat().st_mode & 0o77 == 0
    del therapist


# ------------------------------------------------------------------------------------------ the program


def test_a_lock_and_a_minute_and_the_close_remember_how_far_the_vault_has_come(team):
    house, therapist, _, pad, _ = team
    anchors = Anchors(house.folder / "profile")

    def entries():
        return sum(head.seq for head in anchors.last_seen(house.program.library.vault_id).heads)

    house.program.tick()
    first = entries()
    pad.note("one")
    house.clock.advance(30)
    house.program.tick()
    assert entries() == first
    house.clock.advance(31)
    house.program.tick()
    assert entries() == first + 1
    pad.note("two")
    house.program.lock(therapist)
    assert entries() == first + 4  # the note, the end of its log in `shared`, and that the seat was locked
    vault_id = house.program.library.vault_id
    house.program.close()
    assert sum(head.seq for head in anchors.last_seen(vault_id).heads) >= first + 5


def test_a_vault_that_only_grew_is_not_older(team, make_house):
    house, *_ = team
    house.program.close()
    again = make_house(house.folder)
    opened(again)
    assert again.program.behind == ()
    again.program.close()
    assert verified(again)[1] == 0


def test_a_vault_put_back_says_so_and_can_be_used_as_ever(older):
    assert older.program.behind
    assert all("is older than last seen (" in finding.line for finding in older.program.behind)
    tess = older.sign_in("Tess, LCSW")
    older.patient(tess, "K-0999")
    older.program.close()
    text, code = verified(older)
    assert code in {2, 3}
    assert "last seen" in text


def test_verify_forgets_what_was_seen_when_it_is_told_to(older):
    older.program.close()
    assert quiet.check(older.vault, None, None, as_json=False)[1] == 0
    assert verified(older)[1] == 3
    report = json.loads(quiet.check(older.vault, None, None, as_json=True, profile=older.folder / "profile")[0])
    assert report["exit_code"] == 3
    assert {finding["code"] for finding in report["findings"]} == {3}


def test_a_typed_reason_settles_it_and_stays_in_the_vault_under_the_member_s_name(older):
    tess = older.sign_in("Tess, LCSW")
    done = []
    tess.acknowledge_older("  restored the backup\nof Monday ", done.append, house_fails)
    assert older.program.behind == ()
    entries = older.program.library.read(tess.keyring, VAULT_SCOPE).entries
    (kept,) = [entry for entry in entries if isinstance(entry.body, RollbackAck)]
    assert kept.body.reason == "restored the backup of Monday"
    assert kept.author_id == tess.member.member_id
    older.program.close()
    assert verified(older)[1] == 0


def test_without_a_reason_nothing_is_settled(older):
    tess = older.sign_in("Tess, LCSW")
    with pytest.raises(KapnotesError, match="Write why the vault is older"):
        tess.acknowledge_older(" \n ", print, house_fails)
    assert older.program.behind


def test_a_profile_that_cannot_be_written_hinders_nobody(team, monkeypatch):
    house, therapist, _, pad, _ = team

    def fail(*_):
        raise InputOutput("no")

    monkeypatch.setattr("kapnotes.app.anchors.write_atomically", fail)
    troubles = []
    house.program.trouble.add(troubles.append)
    pad.note("one")
    house.clock.advance(100)
    house.program.tick()
    house.program.lock(therapist)
    house.program.close()
    assert troubles == []


def test_the_end_of_a_session_leaves_its_heads_in_shared(team):
    house, _, crna, _, log = team
    log.log("128/76 72 98 14")
    assert house.program.library.due_heads(crna.keyring)
    log.enter_stage(Stage.CLOSED)
    assert house.program.library.due_heads(crna.keyring) == []


def test_a_page_bears_heads_that_the_vault_still_holds_and_leaves_them_in_shared(team, tmp_path, caught):
    house, therapist, crna, pad, log = team
    log.log("128/76 72 98 14")
    pad.note("not released")
    done = caught()
    PaperDesk(therapist, pad, InlineWorker(), os.urandom, in_english).save(
        Document.RECORD, "the practice", tmp_path / "record.pdf", done.append, done.failed
    )
    with pikepdf.open(tmp_path / "record.pdf", password=done.last.passphrase) as document:
        pages = len(document.pages)
        document.save(tmp_path / "open.pdf")
    assert house.program.library.due_heads(crna.keyring) == []
    marks = [head.line for head in house.program.library.paper_heads(therapist.keyring, pad.scope_id)]
    log.log("130/80 70 98 14")
    house.program.close()
    text = subprocess.run(["pdftotext", "-layout", tmp_path / "open.pdf", "-"], capture_output=True, check=True).stdout
    lines = re.findall("KAP-HEAD (?:shared|medical|therapy) [0-9]+ [0-9A-F-]{24}", text.decode())
    assert {line.split()[1] for line in lines} == {"shared", "medical"}
    assert len(lines) == 2 * pages + 2
    assert marks[1] in lines
    for line in set(lines):
        text, code = quiet.check(house.vault, None, None, as_json=False, head=line)
        assert (code, "nothing of it is gone" in text) == (0, True)


def test_a_head_that_reads_as_none_is_said_so(team):
    house, *_ = team
    house.program.close()
    with pytest.raises(KapnotesError, match="no head of a page"):
        quiet.check(house.vault, None, None, as_json=False, head="KAP-HEAD medical")
