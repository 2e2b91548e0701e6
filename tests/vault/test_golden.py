"""A vault of every format there ever was opens, is whole, and is read entry by entry. See `golden/make.py`."""

import json
import os
import sqlite3
import zipfile
from datetime import UTC, datetime
from itertools import product
from pathlib import Path

import pytest

from kapnotes.app import quiet
from kapnotes.domain.clock import ManualClock
from kapnotes.domain.entries import Entry, Note, type_names
from kapnotes.domain.errors import NewerFormat
from kapnotes.domain.members import CompartmentKind, therapy_of
from kapnotes.vault.layout import FORMAT
from kapnotes.vault.library import Library
from kapnotes.vault.restore import restore
from kapnotes.vault.salvage import salvage
from kapnotes.vault.verify import verify
from tests.vault.golden.make import LIGHT, payload_of

GOLDEN = Path(__file__).with_name("golden")
NAMES = sorted(path.stem for path in GOLDEN.glob("format-*.zip"))


class Golden:
    """A golden vault, unpacked."""

    def __init__(self, name, folder):
        self.facts = json.loads((GOLDEN / f"{name}.json").read_text(encoding="utf-8"))
        with zipfile.ZipFile(GOLDEN / f"{name}.zip") as packed:
            packed.extractall(folder)
        self.vault, self.backup = folder / "vault", folder / "vault.kapbackup"

    def open(self, vault=None):
        clock = ManualClock(datetime(2027, 1, 1, tzinfo=UTC))
        return Library.open(vault or self.vault, device_id="fe" * 16, entropy=os.urandom, clock=clock)

    def read(self, vault=None):
        """Return what all members together can read of the sessions: author, compartment, id and payload."""
        library, found = self.open(vault), {}
        try:
            labels = {member.member_id: member.label for member in library.members()}
            for label, passphrase in self.facts["passphrases"].items():
                keyring = library.unlock(label, passphrase)
                for compartment, session in product(keyring.compartments, self.facts["sessions"]):
                    back = library.read(keyring, session, only=compartment)
                    assert (back.findings, back.refused) == ((), ())
                    for entry in back.entries:
                        found[entry.entry_id] = {
                            "author": labels[entry.author_id],
                            "compartment": compartment.kind.name.lower(),
                            "session": session,
                            "id": entry.entry_id,
                            "payload": payload_of(entry),
                        }
        finally:
            library.close()
        return found

    def expected(self):
        return {entry["id"]: entry for entry in self.facts["entries"]}


@pytest.fixture(params=NAMES)
def golden(request, tmp_path):
    return Golden(request.param, tmp_path)


def test_there_is_one_of_every_format():
    assert [f"format-{number}" for number in range(1, FORMAT + 1)] == NAMES


def test_every_entry_is_read_as_it_was_written(golden):
    assert golden.read() == golden.expected()


def test_it_is_whole_without_and_with_each_passphrase(golden):
    assert verify(golden.vault).findings == ()
    for label, passphrase in golden.facts["passphrases"].items():
        report = verify(golden.vault, label=label, passphrase=passphrase)
        assert (report.findings, report.contents_read) == ((), True)


def test_its_recovery_sheet_opens_it(golden):
    library = golden.open()
    try:
        library.recover("Tess", ["\n".join(golden.facts["sheet"])], "violin cedar otter lagoon basalt", cost=LIGHT)
        tess = library.unlock("Tess", "violin cedar otter lagoon basalt")
        (therapy,) = (one for one in tess.compartments if one.kind is CompartmentKind.THERAPY)
        read = {
            entry.entry_id
            for one in golden.facts["sessions"]
            for entry in library.read(tess, one, only=therapy).entries
        }
        assert read == {key for key, entry in golden.expected().items() if entry["compartment"] == "therapy"}
    finally:
        library.close()


def test_nobody_reads_the_patient_who_was_deleted(golden):
    library = golden.open()
    try:
        tess = library.unlock("Tess", golden.facts["passphrases"]["Tess"])
        back = library.read(tess, golden.facts["deleted_session"])
        assert (back.entries, back.findings, back.refused) == ((), (), ())
    finally:
        library.close()


def test_it_is_written_on(golden):
    library = golden.open()
    tess = library.unlock("Tess", golden.facts["passphrases"]["Tess"])
    now = library_now()
    entry = Entry(
        "9e" * 16, golden.facts["sessions"][0], tess.member.member_id, now, now, Note("after all these years")
    )
    library.append(tess, therapy_of(tess.member.member_id), entry, patient_id="a1" * 16)
    library.close()

    assert golden.read().keys() == {*golden.expected(), "9e" * 16}
    assert verify(golden.vault).exit_code == 0


def library_now():
    return ManualClock(datetime(2027, 1, 1, tzinfo=UTC)).now()


def test_its_backup_comes_back(golden, tmp_path):
    report = restore(golden.backup, tmp_path / "again", entropy=os.urandom, with_findings=False, tell=lambda *_: None)

    assert report.findings == ()
    assert golden.read(tmp_path / "again") == golden.expected()


def test_it_is_salvaged_whole(golden, tmp_path):
    made = salvage(golden.vault, tmp_path / "new", entropy=os.urandom, helper=None, tell=lambda *_: None)

    assert made.missing == ()
    assert golden.read(tmp_path / "new") == golden.expected()


AT_THE_FREEZE = {
    "action", "addendum", "adverse_event", "audit", "check_in", "clock_jump", "correction", "discharge", "dose",
    "infusion", "intention", "late_entry", "mark", "narrative", "not_taken", "note", "patient", "phase", "release",
    "scale", "session", "setting", "sign_off", "signal", "summary_issued", "vitals", "waste",
}  # fmt: skip
"""The kinds that a session and its patient had then; what came later is held by `test_frozen_entries.py` alone."""


def test_it_holds_an_entry_of_every_kind_that_its_format_knew_when_it_was_frozen(golden):
    kinds = {json.loads(entry["payload"])["kind"] for entry in golden.facts["entries"]}

    assert kinds == AT_THE_FREEZE
    assert kinds <= set(type_names.values())


@pytest.mark.parametrize("name", ["shared.kapdb", "medical.kapdb"])
def test_a_future_format_is_refused_and_nothing_is_changed(golden, name):
    connection = sqlite3.connect(golden.vault / name)
    connection.execute(f"PRAGMA user_version={FORMAT + 1}")
    connection.close()
    (golden.vault / "closing").unlink()  # as a newer program does before it writes
    before = {path.name: path.read_bytes() for path in golden.vault.iterdir()}

    if name == "shared.kapdb":
        with pytest.raises(NewerFormat, match=f"format {FORMAT + 1}, this reads {FORMAT}"):
            golden.open()
    text, code = quiet.check(golden.vault, None, None, as_json=False)

    assert code == 6
    assert "newer KAPnotes" in text
    assert {path.name: path.read_bytes() for path in golden.vault.iterdir()} == before
