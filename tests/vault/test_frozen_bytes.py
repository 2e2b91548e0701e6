"""The bytes of our own format, frozen: if one of these fails, old vaults no longer open.

`vectors/format_1_bytes.json` is never made anew for FORMAT 1. A new layout gets a name in `made`, and
`python tests/vault/test_frozen_bytes.py` adds what is not there yet; it never changes what is.
"""

import contextlib
import hashlib
import json
import re
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from kapnotes.domain.clock import ManualClock, Stamp
from kapnotes.domain.drafts import DraftLine
from kapnotes.domain.entries import Correction, Entry, Note, Signal, Vitals, stands_after_sign_off
from kapnotes.domain.errors import WrongPassphrase
from kapnotes.domain.members import MEDICAL, SHARED, Role, therapy_of
from kapnotes.vault import attempts, bundle, closing, codec, drafts, grants, layout, restored, roster, slots, strict
from kapnotes.vault.chain import Event, Log, logs_of
from kapnotes.vault.compartment_file import CompartmentFile, Row, build
from kapnotes.vault.directory import Directory
from kapnotes.vault.identity import Identity, Signed
from kapnotes.vault.kdf import STANDARD_COST, KdfCost, derive, hkdf, prepared
from kapnotes.vault.keyring import CompartmentKeys, WrappedKey
from kapnotes.vault.layout import Place, comp_bytes, u32
from kapnotes.vault.reading import LogReader
from kapnotes.vault.spill import Spill, path_for

PATH = Path(__file__).with_name("vectors") / "format_1_bytes.json"
ABOUT = "Our own format, FORMAT 1: never made anew. Bytes are hex; `once` was made once and is only ever opened."

SEED, OTHER_SEED = bytes(range(32)), bytes(range(32, 64))
PASSPHRASE = "otter lagoon violin cedar"
LIGHT = KdfCost(64, 1, 1)
CEK, PATIENT_KEY, NONCE = bytes(range(64, 96)), bytes(range(96, 128)), bytes(range(12))
SESSION, PATIENT, DEVICE = b"S" * 16, b"P" * 16, b"D" * 16
STAMP = Stamp(1_741_093_320_123_456_789, 60, 42, "boot")
LABELS = (
    *("log", "chain", "id", "vault", "event", "epoch", "grant", "roster", "recovery", "slot", "seed", "kcv", "kek"),
    *("identity", "cek-check", "wrap", "pkey", "ref", "record", "draft", "draft-name", "ends", "spill", "key-epoch"),
)
USES = re.compile(r'(?:label|bound|sign|has_signed|has_holder_signed)\(\s*(?:[\w.]+,\s*)?"([^"]+)"')


@dataclass
class Writer:
    """One member's compartment under keys that are known: all that a writer has but chance."""

    who: Identity
    place: Place
    body: object

    def __post_init__(self):
        self.keys = CompartmentKeys(self.place, 1, bytearray(CEK))
        self.wrapped = self.keys.wrap_patient_key(PATIENT_KEY, PATIENT, NONCE)
        self.digest = layout.log_digest(self.place, SESSION, self.who.public.id, DEVICE, 1)

    def log(self):
        ref = self.keys.wrap_ref(PATIENT, self.digest[:16], NONCE)
        return Log(self.digest[:16], SESSION, self.who.public.id, DEVICE, 1, 1, NONCE, ref)

    def entries(self):
        """Return one entry of the member's, and a correction of it."""
        author = self.who.public.id.hex()
        first = Entry("e1" * 16, SESSION.hex(), author, STAMP, STAMP, self.body)
        amendment = Correction(first.entry_id, "typo", self.body)
        return first, Entry("e2" * 16, SESSION.hex(), author, STAMP, STAMP.shifted(1), amendment)

    def events(self):
        cipher = self.keys.record_cipher(self.wrapped, SESSION)
        sealed, previous = [], self.digest
        for seq, entry in enumerate(self.entries(), 1):
            flags, log = int(stands_after_sign_off(entry.body)), self.digest[:16]
            author, nonce = self.who.public.id, bytes([seq]) * 12
            aad = layout.event_aad(self.place, layout.SUITE, flags, 1, log, seq, author, previous=previous)
            ct = cipher.encrypt(nonce, codec.encode(entry), aad)
            previous = layout.event_hash(aad, nonce, ct)
            signature = self.who.signing.sign("event", previous).sig
            sealed.append(Event(log, seq, flags, layout.SUITE, 1, author, nonce, ct, previous, signature))
        return sealed


class Members:
    """Tess, a therapist and the administrator, and Carl with the medical role; both made from known seeds."""

    def __init__(self):
        self.tess, self.carl = Identity(SEED), Identity(OTHER_SEED)
        tess = roster.listed(self.tess.public.id, "Tess", {Role.THERAPIST, Role.ADMIN})
        carl = roster.listed(self.carl.public.id, "Carl", {Role.MEDICAL})
        self.rosters = [roster.genesis(tess)]
        first = roster.signed(self.rosters[0], self.tess.signing)
        self.rosters.append(roster.with_member(self.rosters[0], first.body, carl))
        self.signed = [first, roster.signed(self.rosters[1], self.tess.signing)]
        identities = {who.public.id: who.public for who in (self.tess, self.carl)}
        self.directory = Directory(identities, list(zip(self.rosters, self.signed, strict=True)))
        self.vault = self.directory.vault
        therapy = therapy_of(self.tess.public.id.hex())
        self.places = {
            "shared": Place(self.vault, comp_bytes(SHARED)),
            "medical": Place(self.vault, comp_bytes(MEDICAL)),
            "therapy": Place(self.vault, comp_bytes(therapy)),
        }
        self.writers = {
            "shared": Writer(self.tess, self.places["shared"], Signal("bp soon")),
            "medical": Writer(self.carl, self.places["medical"], Vitals(heart_rate_bpm=Decimal(72), moaas=4)),
            "therapy": Writer(self.tess, self.places["therapy"], Note("tears, hand on chest", "quote")),
        }


def made(members, folder):
    """Give every frozen thing by name, made as the program makes it today."""
    for name in LABELS:
        yield f"label {name}", layout.label(name)
    yield from of_keys(members)
    yield from of_header(members)
    for name, writer in members.writers.items():
        yield from of_compartment(name, writer)
    yield "closing record", closing_record(folder)
    yield "backup", backup(folder)
    restored.write(folder, restored.Restored("c0" * 16, "backup of 2026-03-04 13:02 UTC, 2 entries"))
    yield "note of a restored vault", (folder / restored.NAME).read_bytes()
    yield "attempts", list_of_attempts(folder)
    yield "second place", second_place(members, folder)
    yield "second place, with the key for its author", second_place(members, folder, [given(members)])


def of_keys(members):
    yield "derivation of 128 bytes", hkdf(SEED, b"use", 128)
    yield "passphrase prepared", prepared("cafe\u0301\u00a0noir\u2003\u1e9b\u0323")
    for name, cost in (("light", LIGHT), ("standard", STANDARD_COST)):
        keys = derive(PASSPHRASE, b"salt" * 4, cost, members.vault, members.tess.public.id)
        yield f"passphrase check, {name} cost", keys.check
        yield f"passphrase key, {name} cost", keys.wrapping
    for name, who in (("Tess", members.tess), ("Carl", members.carl)):
        yield f"id of {name}", who.public.id
        yield f"receiving key of {name}, its SHA-256", hashlib.sha256(who.public.hpke_pub).digest()
        yield f"signing key of {name}", who.public.sign_pub
    for use in ("event", "epoch", "grant", "roster", "recovery"):
        yield f"signature for {use}", members.tess.signing.sign(use, b"body").sig


def of_header(members):
    for version, signed in enumerate(members.signed, 1):
        yield f"roster {version}", signed.body
        yield f"roster {version}, its signature", signed.sig
        yield f"roster {version}, its hash", roster.roster_sha(signed.body)
    yield "vault id", members.vault
    chance = {16: b"salt" * 4, 12: NONCE}.__getitem__
    slot = slots.new_slot_row(SEED, members.tess.public.id, members.vault, PASSPHRASE, LIGHT, chance)
    yield "slot", slot.values[1]
    yield "slot, its hash", slot.values[2]


def of_compartment(name, writer):
    """Give what a compartment holds, from its own name to two sealed entries."""
    place = writer.place
    yield f"{name}, its seventeen bytes", place.comp
    yield f"{name}, its file", place.name.encode()
    yield f"{name}, what a grant is bound to", place.bound("grant", u32(1), writer.who.public.id)
    yield f"{name}, check of its key", grants.cek_check(CEK, place, 1)
    epoch = grants.epoch_row(CEK, place, 1, 2, writer.who.signing)
    yield f"{name}, epoch", epoch.values[2]
    yield f"{name}, epoch, its signature", epoch.values[4]
    yield f"{name}, wrapped key of a patient", writer.wrapped.wrapped
    yield f"{name}, key of a session's record", hkdf(PATIENT_KEY, place.bound("record", SESSION))
    yield f"{name}, log", writer.digest
    yield f"{name}, log, its reference to the patient", writer.log().ref
    yield from of_draft(name, writer)
    previous = writer.digest
    for event, kind in zip(writer.events(), ("entry", "amendment"), strict=True):
        yield f"{name}, {kind}, what it authenticates", event.aad(place, previous)
        yield f"{name}, {kind}, sealed", event.ct
        yield f"{name}, {kind}, its hash", event.h
        yield f"{name}, {kind}, its signature", event.sig
        previous = event.h


def of_draft(name, writer):
    """Give what is half-typed: the name of its file, its text before the zeros, and the hash of a whole sealed slot."""
    member = writer.who.public.id
    yield f"{name}, file of a draft", drafts.draft_name(writer.place, SESSION, member).encode()
    padded = drafts.encode([DraftLine("e1" * 16, "note", "quote", STAMP, "tears, h")], drafts.SLOT)
    yield f"{name}, text of a draft", padded.rstrip(b"\0")
    cipher, binding = writer.keys.draft_cipher(writer.wrapped, SESSION), writer.place.bound("draft", SESSION)
    slot = drafts.seal(padded, cipher, binding + member, number=1, generation=7, born=1, nonce=NONCE)
    yield f"{name}, slot of a draft, its first bytes", slot[:96]
    yield f"{name}, slot of a draft, its SHA-256", hashlib.sha256(slot).digest()


def closing_record(folder):
    (folder / "shared.kapdb").write_bytes(b"bytes of a file")
    (folder / "medical.kapdb").write_bytes(b"")
    with closing.recorded(folder, "0f" * 16, None, set()):
        pass
    return (folder / closing.NAME).read_bytes()


def backup(folder):
    (folder / "one.draft").write_bytes(b"bytes of a draft")
    parts = tuple(bundle.part_of(folder / name) for name in ("medical.kapdb", "shared.kapdb", "one.draft"))
    ends = (bundle.Ends("medical.kapdb", 1, 2, "ab" * 32), bundle.Ends("shared.kapdb", 0, 0, "cd" * 32))
    manifest = bundle.Manifest("0f" * 16, DEVICE.hex(), STAMP.utc_ns, parts, ends)
    bundle.write(folder / "one.kapbackup", manifest, folder, lambda *_: None)
    return (folder / "one.kapbackup").read_bytes()


def list_of_attempts(folder):
    kept = attempts.Attempts(folder, ManualClock(datetime(2026, 3, 4, 13, tzinfo=UTC), "boot"))
    with contextlib.suppress(WrongPassphrase), kept.counted("0a" * 16, "Tess"):
        raise WrongPassphrase("not it")
    return (folder / attempts.NAME).read_bytes()


def given(members):
    """Return the row of a grant; what is sealed in it has chance in it and is frozen by itself."""
    carl = members.carl
    return Row("grants", (1, carl.public.id, b"body", carl.public.id, carl.signing.sign("grant", b"body").sig))


def second_place(members, folder, more=()):
    """Return the file of a second place with a new patient's first entry; the rows are those that are frozen here."""
    writer = members.writers["medical"]
    place = folder / "second"
    spill = Spill(place, folder / "vault", members.vault)
    rows = [*writer.wrapped.rows(), writer.log().row(), *(event.row() for event in writer.events()), *more]
    spill.add(writer.place.comp, rows)
    (path,) = place.iterdir()
    content = path.read_bytes()
    spill.done(writer.events())
    return content


def made_once(members):
    """Return what chance has a part in: keys sealed for a member of each compartment."""
    for name, writer in members.writers.items():
        row = grants.grant_row(CEK, writer.place, 1, writer.who.public, writer.who.signing)
        yield f"{name}, grant", {"body": row.values[2].hex(), "by": row.values[3].hex(), "sig": row.values[4].hex()}


def freeze():
    """Add what has no frozen bytes yet; what has them stays."""
    kept = json.loads(PATH.read_text(encoding="utf-8")) if PATH.exists() else {"vectors": {}, "once": {}}
    members = Members()
    with TemporaryDirectory() as folder:
        vectors = {name: value.hex() for name, value in made(members, Path(folder))} | kept["vectors"]
    whole = {"about": ABOUT, "vectors": vectors, "once": dict(made_once(members)) | kept["once"]}
    PATH.write_text(json.dumps(whole, indent=1) + "\n", encoding="utf-8")


# ------------------------------------------------------------------------------------------------ tests

if __name__ == "__main__":
    freeze()

FROZEN = json.loads(PATH.read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def members():
    return Members()


@pytest.fixture(scope="module")
def today(members, tmp_path_factory):
    return {name: value.hex() for name, value in made(members, tmp_path_factory.mktemp("frozen"))}


def frozen(name):
    return bytes.fromhex(FROZEN["vectors"][name])


@pytest.mark.parametrize("name", FROZEN["vectors"])
def test_what_was_frozen_is_made_the_same_today(today, name):
    assert today.get(name) == FROZEN["vectors"][name]


def test_whatever_is_made_is_frozen_and_that_is_not_little(today):
    assert sorted(today) == sorted(FROZEN["vectors"]), "run: python tests/vault/test_frozen_bytes.py"
    assert len(today) >= 60


def test_every_label_in_the_vault_is_frozen():
    source = "".join(path.read_text(encoding="utf-8") for path in Path(layout.__file__).parent.glob("*.py"))

    assert {"chain", "roster", "cek-check"} <= set(USES.findall(source)) <= set(LABELS)


def test_every_use_of_a_key_has_a_label_of_its_own():
    labels = [value for name, value in FROZEN["vectors"].items() if name.startswith("label ")]

    assert len(set(labels)) == len(labels) == len(LABELS)


@pytest.mark.parametrize("name", ["shared", "medical", "therapy"])
def test_a_grant_that_was_sealed_once_opens_for_ever(members, name):
    writer = members.writers[name]
    grant = Signed(**{part: bytes.fromhex(value) for part, value in FROZEN["once"][f"{name}, grant"].items()})
    epoch = strict.decoded(frozen(f"{name}, epoch"), grants.Epoch)

    assert grants.open_grant(grant, epoch, writer.place, writer.who, members.directory) == CEK


def test_a_slot_that_was_made_once_opens_for_ever(members):
    slot = strict.decoded(frozen("slot"), slots.Slot)
    member = members.directory.labelled("Tess")

    assert slots.open_slot(slot, member, PASSPHRASE, frozen("vault id")).public == members.tess.public


@pytest.mark.parametrize("name", ["shared", "medical", "therapy"])
def test_entries_that_were_sealed_once_are_read_for_ever(members, tmp_path, name):
    writer = members.writers[name]
    keys = CompartmentKeys(writer.place, 1, bytearray(CEK))
    wrapped = WrappedKey(PATIENT, 1, 1, NONCE, frozen(f"{name}, wrapped key of a patient"))
    log = frozen(f"{name}, log")[:16]
    ref = frozen(f"{name}, log, its reference to the patient")
    rows = [Log(log, SESSION, writer.who.public.id, DEVICE, 1, 1, NONCE, ref).row(), *wrapped.rows()]
    for seq, kind in enumerate(("entry", "amendment"), 1):
        ct, h, sig = (frozen(f"{name}, {kind}, {part}") for part in ("sealed", "its hash", "its signature"))
        rows.append(Row("event", (None, log, seq, seq - 1, 1, 1, writer.who.public.id, bytes([seq]) * 12, ct, h, sig)))
    build(tmp_path / writer.place.name, writer.place, rows)
    file = CompartmentFile(tmp_path / writer.place.name)
    file.open()
    try:
        read = LogReader(file, keys, members.directory).read(*logs_of(file, SESSION))
    finally:
        file.close()

    assert (read.findings, read.content_findings, read.refused) == ([], [], [])
    assert tuple(placed.entry for placed in read.entries) == writer.entries()


def test_the_sealed_text_is_aes_256_gcm_under_the_key_of_the_sessions_record(members):
    key = AESGCM(frozen("therapy, key of a session's record"))
    text = key.decrypt(b"\x01" * 12, frozen("therapy, entry, sealed"), frozen("therapy, entry, what it authenticates"))

    assert codec.decode(text, members.tess.public.id.hex(), SESSION.hex()) == members.writers["therapy"].entries()[0]


def test_a_second_place_that_was_written_once_is_taken_in_for_ever(members, tmp_path):
    writer = members.writers["medical"]
    place = tmp_path / "second"
    place.mkdir()
    path_for(place, tmp_path / "vault").write_bytes(frozen("second place"))

    (sealed,) = Spill(place, tmp_path / "vault", members.vault).load(members.directory)[writer.place.comp]
    assert (sealed.events, sealed.logs, sealed.keys) == (writer.events(), [writer.log()], [writer.wrapped] * 2)


def test_a_key_that_came_with_an_entry_into_a_second_place_is_found_for_ever(members, tmp_path):
    writer = members.writers["medical"]
    place = tmp_path / "second"
    place.mkdir()
    path_for(place, tmp_path / "vault").write_bytes(frozen("second place, with the key for its author"))

    (sealed,) = Spill(place, tmp_path / "vault", members.vault).load(members.directory)[writer.place.comp]
    epoch, holder, *signed = given(members).values
    assert sealed.grants == {(epoch, holder): Signed(*signed)}
    assert {row.table for row in sealed.rows} == {"pkey_a", "pkey_b", "log", "event"}


def test_a_list_of_attempts_that_was_written_once_is_read_for_ever(tmp_path):
    (tmp_path / attempts.NAME).write_bytes(frozen("attempts"))

    kept = attempts.Attempts(tmp_path, ManualClock(datetime(2026, 3, 4, 13, tzinfo=UTC), "boot"))
    assert [failure.member for failure in kept.unreported.failures] == ["0a" * 16]
    assert not kept.unreported.is_lost


def test_a_closing_record_that_was_written_once_is_read_for_ever(tmp_path):
    (tmp_path / closing.NAME).write_bytes(frozen("closing record"))

    record = closing.load(tmp_path)
    assert record.vault == "0f" * 16
    assert [(state.name, state.size) for state in record.files] == [("medical.kapdb", 0), ("shared.kapdb", 15)]


def test_a_backup_that_was_written_once_is_read_for_ever(tmp_path):
    (tmp_path / "one.kapbackup").write_bytes(frozen("backup"))

    found = bundle.read(tmp_path / "one.kapbackup")
    bundle.unpack(found, tmp_path, lambda *_: None)

    assert (found.manifest.utc_ns, found.manifest.entries) == (STAMP.utc_ns, 2)
    assert (tmp_path / "shared.kapdb").read_bytes() == b"bytes of a file"
    assert (tmp_path / "one.draft").read_bytes() == b"bytes of a draft"


def test_the_note_of_a_restored_vault_that_was_written_once_is_read_for_ever(tmp_path):
    (tmp_path / restored.NAME).write_bytes(frozen("note of a restored vault"))

    note = restored.load(tmp_path)
    assert (note.copy, note.is_noted) == ("c0" * 16, False)
