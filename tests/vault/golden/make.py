"""Makes the golden vault of the format that is written today: `python -m tests.vault.golden.make`.

It leaves, beside this file, `format-N.zip` (the closed vault, and a backup of it) and `format-N.json` (the passphrases,
and every entry as it must be read for ever). A golden vault is made once, when its format is settled, and never again:
the script refuses to replace one unless it is told `--anew`, which is for a format that nobody has used yet.
"""

import argparse
import json
import os
import struct
import sys
import zipfile
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory

from kapnotes.domain.clock import ManualClock
from kapnotes.domain.custody import CustodyBody, SignOff
from kapnotes.domain.entries import Entry, LateEntry, Note
from kapnotes.domain.members import SHARED, Role, therapy_of
from kapnotes.domain.places import may_stand
from kapnotes.vault import codec
from kapnotes.vault.kdf import KdfCost
from kapnotes.vault.layout import FORMAT
from kapnotes.vault.library import Library, create

HERE = Path(__file__).parent
EXAMPLES = HERE.parent / "vectors" / f"format_{FORMAT}_entries.json"
LIGHT = KdfCost(64, 1, 1)
PASSPHRASES = {"Tess": "otter lagoon violin cedar", "Carl": "granite kettle plum arrow"}
BEFORE = "the passphrase before this one"
PATIENT, SESSION, SIGNED = "a1" * 16, "5e" * 16, "6f" * 16
GONE = "the passphrase of one who left"
DELETED, DELETED_SESSION = "d1" * 16, "d5" * 16
DEVICES = ("de" * 16, "ed" * 16)


def examples():
    """Give an entry of every kind and more, from the frozen payloads; what is about keys and heads is done for real."""
    for name, frozen in json.loads(EXAMPLES.read_text(encoding="utf-8"))["entries"].items():
        payload = frozen["payload"].encode()
        padded = struct.pack(">I", len(payload)) + payload
        entry = codec.decode(padded.ljust(frozen["padded"], b"\0"), "00" * 16, SESSION)
        if not isinstance(entry.body, CustodyBody):
            yield name, entry


def payload_of(entry):
    """Return an entry as JSON, without length and padding."""
    padded = codec.encode(entry)
    (length,) = struct.unpack(">I", padded[:4])
    return padded[4 : 4 + length].decode()


class Maker:
    """A practice of two on two laptops, whose every entry is noted for the test."""

    def __init__(self, folder):
        self.folder = folder / "vault"
        self.clock = ManualClock(datetime(2026, 3, 4, 13, 2, tzinfo=UTC))
        self.entries = []

    def make(self):
        therapist = frozenset({Role.THERAPIST})
        create(self.folder, "Tess", therapist, BEFORE, cost=LIGHT, entropy=os.urandom, clock=self.clock)
        for device in DEVICES:
            library = Library.open(self.folder, device_id=device, entropy=os.urandom, clock=self.clock)
            try:
                self._work(library, device)
            finally:
                library.close()

    def _work(self, library, device):
        if device == DEVICES[0]:
            tess = library.unlock("Tess", BEFORE)
            library.add_member(tess, "Carl", PASSPHRASES["Carl"], frozenset({Role.MEDICAL}), cost=LIGHT)
            library.change_passphrase(tess, BEFORE, PASSPHRASES["Tess"], cost=LIGHT)
        keyrings = [library.unlock(label, PASSPHRASES[label]) for label in PASSPHRASES]
        for number, (_, example) in enumerate(examples()):
            if number % 2 == DEVICES.index(device):
                self._append(library, keyrings, example)
        if device == DEVICES[0]:
            self._change_keys(library, keyrings[0])
        if device == DEVICES[-1]:
            self._sign_off(library, keyrings[0])
            library.backups.make_as(self.folder.with_name("vault.kapbackup"), lambda *_: None)

    def _change_keys(self, library, tess):
        """Make a sheet that opens the vault, end a membership, and delete a patient: two new keys for each file."""
        sheet = library.make_sheet(tess, therapy_of(tess.member.member_id))
        library.confirm_sheet(tess, therapy_of(tess.member.member_id), "\n".join(sheet.lines))
        self.sheet = sheet.lines
        gone = library.add_member(tess, "Gone", GONE, frozenset({Role.MEDICAL}), cost=LIGHT)
        library.lock(library.unlock("Gone", GONE))
        library.revoke_member(tess, gone.member_id)
        tess = library.unlock("Tess", PASSPHRASES["Tess"])
        now = self.clock.now()
        note = Entry(os.urandom(16).hex(), DELETED_SESSION, tess.member.member_id, now, now, Note("nobody reads this"))
        library.append(tess, therapy_of(tess.member.member_id), note, patient_id=DELETED)
        library.shredder.delete(tess, [DELETED])

    def _append(self, library, keyrings, example):
        """Write *example* as an entry of the first member who may, in the innermost compartment where it may stand."""
        for keyring in keyrings:
            for compartment in reversed(keyring.compartments):
                if may_stand(example.body, keyring.member, compartment):
                    self._write(library, keyring, compartment, SESSION, example.body)
                    return
        raise SystemExit(f"nobody may write {type(example.body).__name__}")

    def _sign_off(self, library, tess):
        """Sign a session, and add to it afterwards."""
        therapy = therapy_of(tess.member.member_id)
        self._write(library, tess, therapy, SIGNED, Note("this is signed"))
        logs = library.own_heads(tess, SIGNED, therapy)
        self._write(library, tess, SHARED, SIGNED, SignOff(therapy, "Tess T.", "LCSW", "I wrote this.", logs))
        self._write(library, tess, therapy, SIGNED, LateEntry("remembered at home", Note("and this is late")))

    def _write(self, library, keyring, compartment, session, body):
        self.clock.advance(7)
        now = self.clock.now()
        entry = Entry(os.urandom(16).hex(), session, keyring.member.member_id, now, now, body)
        library.append(keyring, compartment, entry, patient_id=PATIENT)
        kind = compartment.kind.name.lower()
        noted = {"author": keyring.member.label, "compartment": kind, "session": session, "id": entry.entry_id}
        self.entries.append({**noted, "payload": payload_of(entry)})


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--anew", action="store_true", help="replace it; only for a format that nobody has used yet")
    name = HERE / f"format-{FORMAT}"
    if name.with_suffix(".zip").exists() and not parser.parse_args().anew:
        sys.exit(f"{name.name}.zip is there already. A golden vault is made once.")
    with TemporaryDirectory() as folder:
        maker = Maker(Path(folder))
        maker.make()
        with zipfile.ZipFile(name.with_suffix(".zip"), "w", zipfile.ZIP_DEFLATED) as packed:
            for path in sorted(Path(folder).rglob("*")):
                if path.is_file() and path.stat().st_size and path.name != ".lock":
                    packed.write(path, path.relative_to(folder))
        facts = {
            "sessions": [SESSION, SIGNED],
            "passphrases": PASSPHRASES,
            "sheet": maker.sheet,
            "deleted_session": DELETED_SESSION,
            "entries": maker.entries,
        }
        name.with_suffix(".json").write_text(json.dumps(facts, indent=1) + "\n", encoding="utf-8")
    sys.stdout.write(f"{name}.zip and .json: {len(maker.entries)} entries\n")


if __name__ == "__main__":
    main()
