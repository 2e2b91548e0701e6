"""Roles: a therapist can decrypt `medical`, so roles hold by signature and roster; a CRNA cannot decrypt `therapy`."""

import contextlib
import gc
import hashlib
import os
import re
import shutil
import sqlite3
import types
from dataclasses import replace
from decimal import Decimal

import pytest
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from kapnotes.domain.entries import (
    Action,
    Correction,
    Dose,
    Note,
    PatientDetails,
    Phase,
    Route,
    Scale,
    Setting,
    Signal,
    Stage,
    Vitals,
    stands_after_sign_off,
)
from kapnotes.domain.members import MEDICAL, SHARED, therapy_of
from kapnotes.vault import codec, grants, strict
from kapnotes.vault.chain import Event, Log, all_logs, walk
from kapnotes.vault.compartment_file import CompartmentFile
from kapnotes.vault.directory import Directory
from kapnotes.vault.identity import Identity, SigningKey
from kapnotes.vault.kdf import hkdf
from kapnotes.vault.keyring import CompartmentKeys
from kapnotes.vault.layout import AMENDMENT, SUITE, compartment_of, event_aad, event_hash, label, log_digest, u32
from kapnotes.vault.patients import find_cipher, wrapped_keys
from kapnotes.vault.slots import Slot
from kapnotes.vault.verify import verify

CANARY = "Zaunkönig-weeps-7731"


def forge(practice, label_, kind, *bodies):
    """Write as a member would who has the keys and a debugger: nothing asks for roles."""
    path = practice.file(kind)
    with practice.raw(label_, path) as (file, keyring, _, _):
        journal = practice.journal_of(file)
        for body in bodies:
            journal.append(keyring, [practice.entry(keyring, body)], practice.patient)
    practice.forget_closing()


def test_vitals_by_a_therapist_are_refused_on_reading_and_named_by_verify(filled):
    forge(filled, "Tess", "medical", Vitals(heart_rate_bpm=Decimal(250)), Vitals(heart_rate_bpm=Decimal(251)))
    with filled.opened("Carl") as (library, carl):
        read = library.read(carl, filled.session)
    assert len(read.entries) == 9
    assert read.findings == ()
    assert [finding.code for finding in read.refused] == [2, 2]
    assert [finding.line.split(" of log")[0] for finding in read.refused] == [
        "medical.kapdb entry 1",
        "medical.kapdb entry 2",
    ]
    for report in (verify(filled.folder), verify(filled.folder, label="Carl", passphrase=filled.passphrases["Carl"])):
        assert report.exit_code == 2
        assert set(read.refused) == set(report.findings)


@pytest.mark.parametrize(
    ("kind", "body"), [("shared", Note("a process note where all can read it")), ("medical", Note("x"))]
)
def test_a_kind_of_entry_where_it_may_not_stand_is_refused_on_reading(filled, kind, body):
    forge(filled, "Carl", kind, body)
    with filled.opened("Carl") as (library, carl):
        read = library.read(carl, filled.session)
    assert len(read.refused) == 1
    assert not any(isinstance(entry.body, Note) for entry in read.entries)
    assert verify(filled.folder).exit_code == 0, "without a passphrase the kind is not known"
    assert verify(filled.folder, label="Carl", passphrase=filled.passphrases["Carl"]).exit_code == 2


def test_what_may_stand_is_read(filled):
    forge(filled, "Carl", "shared", PatientDetails("K-1"), Phase(Stage.RETURN))
    assert verify(filled.folder, label="Carl", passphrase=filled.passphrases["Carl"]).exit_code == 0


def forge_chain(practice, label_, kind, *links):
    """Write a log of the member's own in which each link names whom it likes; only links by the member are signed."""
    with practice.raw(label_, practice.file(kind)) as (file, keyring, directory, _):
        place, me = file.place(), bytes.fromhex(keyring.member.member_id)
        keys = keyring.keys_of(compartment_of(place.comp))
        session, patient, device = bytes.fromhex(practice.session), bytes.fromhex(practice.patient), os.urandom(16)
        previous = log_digest(place, session, me, device, keys.epoch)
        log, nonce = previous[:16], os.urandom(12)
        rows = [Log(log, session, me, device, keys.epoch, keys.epoch, nonce, keys.wrap_ref(patient, log, nonce)).row()]
        cipher = find_cipher(file, keys, patient, keys.epoch, session)
        for seq, (name, body) in enumerate(links, 1):
            author = bytes.fromhex(directory.labelled(name).member_id)
            entry = replace(practice.entry(keyring, body), author_id=author.hex())
            nonce, flags = os.urandom(12), AMENDMENT if stands_after_sign_off(body) else 0
            aad = event_aad(place, SUITE, flags, keys.epoch, log, seq, author, previous=previous)
            ct = cipher.encrypt(nonce, codec.encode(entry), aad)
            previous = event_hash(aad, nonce, ct)
            sig = keyring.signing.sign("event", previous).sig if author == me else os.urandom(64)
            rows.append(Event(log, seq, flags, SUITE, keys.epoch, author, nonce, ct, previous, sig).row())
        file.write(rows)
    practice.forget_closing()


FORGED_DOSE = Dose("ketamine", Decimal(500), Route.IV)


@pytest.mark.parametrize("last", [("Tess", Note("x")), ("Tess", FORGED_DOSE), ("Carl", FORGED_DOSE)])
def test_a_therapist_cannot_write_a_dose_in_the_crnas_name(filled, last):
    """She holds the medical key and signs the last link of her own log; the links before name him."""
    forge_chain(filled, "Tess", "medical", ("Carl", FORGED_DOSE), ("Carl", Correction("77" * 16, "typo")), last)
    with filled.opened("Carl") as (library, carl):
        read = library.read(carl, filled.session)
    assert len(read.entries) == 9
    assert [finding.code for finding in read.refused] == [2, 2, 2]
    assert [finding.line.split(" of log")[0] for finding in read.refused] == [
        f"medical.kapdb entry {seq}" for seq in (1, 2, 3)
    ]
    report = verify(filled.folder, label="Carl", passphrase=filled.passphrases["Carl"])
    assert report.exit_code == 2
    assert set(report.findings) == {*read.refused, *read.findings}


@pytest.mark.parametrize(("who", "victim"), [("Carl", "Tess"), ("Tess", "Carl")])
def test_nobody_is_named_as_author_in_anothers_log(filled, who, victim):
    """Both may write in `shared`; the links that are the log's own stay readable."""
    forge_chain(filled, who, "shared", (who, Signal("a")), (victim, Signal("forged")), (who, Signal("b")))
    with filled.opened("Carl") as (library, carl):
        read = library.read(carl, filled.session)
    assert {entry.body.meaning for entry in read.entries if isinstance(entry.body, Signal)} == {CANARY, "a", "b"}
    assert [finding.line.split(" of log")[0] for finding in read.refused] == ["shared.kapdb entry 2"]
    assert read.findings == ()
    assert verify(filled.folder).findings == read.refused


def test_a_log_of_one_who_may_not_write_there_is_refused_as_a_whole_unread(filled, monkeypatch):
    forge(filled, "Tess", "medical", Vitals(heart_rate_bpm=Decimal(250)))
    with filled.opened("Carl") as (library, carl):
        real, opened = codec.decode, []
        monkeypatch.setattr(codec, "decode", lambda *args: opened.append(args) or real(*args))
        read = library.read(carl, filled.session)
    assert (len(read.entries), len(opened), len(read.refused)) == (9, 9, 1)


# --------------------------------------------------------------------------------------- an id used twice


def test_anothers_entry_with_the_same_id_hides_nothing(filled):
    with filled.opened("Tess", "Carl") as (library, tess, carl):
        dose, _ = filled.append(library, carl, MEDICAL, Dose("ketamine", Decimal(20), Route.IM))
        copy = replace(filled.entry(tess, Setting(CANARY)), entry_id=dose.entry_id, entered=dose.entered.shifted(-5))
        library.append(tess, SHARED, copy, patient_id=filled.patient)
        read = library.read(carl, filled.session)
    assert {dose, copy} <= set(read.entries)
    assert read.refused == ()
    (clash,) = read.findings
    assert clash.code == 2
    assert re.fullmatch(
        r"shared\.kapdb entry 2 of log [0-9A-F]{4} by Tess and medical\.kapdb entry 8 of log [0-9A-F]{4} by Carl "
        r"bear the same id\.",
        clash.line,
    )
    assert verify(filled.folder).exit_code == 0, "without a passphrase ids are not known"
    assert verify(filled.folder, label="Carl", passphrase=filled.passphrases["Carl"]).findings == (clash,)


@pytest.mark.parametrize("change", ["body", "entered", "happened", "place"])
def test_of_two_own_entries_with_one_id_the_first_stands(filled, change):
    with filled.opened("Tess", "Carl") as (library, tess, carl):
        first, _ = filled.append(library, carl, SHARED, Scale("PHQ-9", (1, 2)))
        place, again = SHARED, first
        match change:
            case "body":
                again = replace(first, body=Scale("PHQ-9", (1, 3)))
            case "place":
                place = MEDICAL
            case _:
                again = replace(first, **{change: first.entered.shifted(-9)})
        library.append(carl, place, again, patient_id=filled.patient)
        read = library.read(tess, filled.session)
        assert library.read(carl, filled.session).refused == read.refused
    assert [entry for entry in read.entries if entry.entry_id == first.entry_id] == [first]
    (refused,) = read.refused
    assert (refused.code, read.findings) == (2, ())
    assert refused.line.endswith("and is another entry; it is refused.")
    assert verify(filled.folder, label="Carl", passphrase=filled.passphrases["Carl"]).findings == (refused,)


def test_a_retry_that_wrote_the_same_entry_twice_is_read_once_and_is_no_fault(filled):
    with filled.opened("Carl") as (library, carl):
        first, _ = filled.append(library, carl, SHARED, Signal("again"))
    library = filled.open(device="dd" * 16)
    carl = filled.unlock(library, "Carl")
    for _ in range(2):
        library.append(carl, SHARED, first, patient_id=filled.patient)
    read = library.read(carl, filled.session)
    library.close()
    assert [entry for entry in read.entries if entry.entry_id == first.entry_id] == [first]
    assert (read.refused, read.findings) == ((), ())
    assert verify(filled.folder, label="Carl", passphrase=filled.passphrases["Carl"]).exit_code == 0


def test_one_id_in_two_sessions_is_no_clash(filled):
    with filled.opened("Carl") as (library, carl):
        first, _ = filled.append(library, carl, SHARED, Signal("one"))
        other = replace(first, scope_id="5f" * 16, body=Signal("two"))
        library.append(carl, SHARED, other, patient_id=filled.patient)
        assert library.read(carl, other.scope_id).entries == (other,)
    assert verify(filled.folder, label="Carl", passphrase=filled.passphrases["Carl"]).exit_code == 0


def test_every_line_of_what_is_wrong_is_one_line_without_any_text_of_a_patient(filled):
    forge_chain(filled, "Tess", "medical", ("Carl", Action(CANARY)), ("Tess", Action(CANARY)))
    forge(filled, "Carl", "shared", Note(CANARY))
    with filled.opened("Tess", "Carl") as (library, tess, carl):
        first, _ = filled.append(library, carl, SHARED, Signal(CANARY))
        library.append(carl, SHARED, replace(first, body=Signal(CANARY * 2)), patient_id=filled.patient)
        library.append(
            tess,
            SHARED,
            replace(filled.entry(tess, Signal(CANARY)), entry_id=first.entry_id),
            patient_id=filled.patient,
        )
    with filled.tampering(filled.file("therapy")) as connection:
        connection.execute("UPDATE event SET ct=zeroblob(length(ct)) WHERE seq=2")
    filled.forget_closing()
    with filled.opened("Tess") as (library, tess):
        read = library.read(tess, filled.session)
    assert (len(read.refused), len(read.findings)) == (4, 2)
    for finding in (*read.refused, *read.findings):
        assert finding.line == " ".join(finding.line.split())
        assert finding.file in finding.line
        assert CANARY not in finding.line
        assert re.search(r"entry \d+ of log [0-9A-F]{4}", finding.line)
    assert CANARY not in repr(read)


def test_an_epoch_or_a_grant_of_one_who_may_not_is_tampering(filled):
    """Carl signs a new key for Tess's process notes and grants it to her: she must not write under it."""
    path = filled.file("therapy")
    kept = path.read_bytes()
    with filled.raw("Carl", path) as (file, keyring, directory, _):
        place = file.place()
        tess = next(m for m in directory.members if m.label == "Tess")
        cek = os.urandom(32)
        epoch = grants.epoch_row(cek, place, 2, 2, keyring.signing)
        to_tess = grants.grant_row(cek, place, 2, directory.identity(bytes.fromhex(tess.member_id)), keyring.signing)
        to_carl = grants.grant_row(
            cek, place, 1, directory.identity(bytes.fromhex(keyring.member.member_id)), keyring.signing
        )
    for rows, opens in (([epoch, to_tess], False), ([to_carl], True)):
        path.write_bytes(kept)
        filled_write(path, rows)
        report = verify(filled.folder)
        assert report.exit_code == 2
        assert any("not signed by one who may" in finding.line for finding in report.findings)
        with filled.opened() as (library,):
            if opens:
                assert len(library.read(filled.unlock(library, "Tess"), filled.session).entries) == 15
            else:
                with pytest.raises(Exception, match="not signed by one who may"):
                    filled.unlock_whole(library, "Tess")


def test_a_grant_of_another_key_than_the_epoch_names_is_a_damaged_header(filled):
    with filled.raw("Carl", filled.file("medical")) as (file, keyring, directory, _):
        place = file.place()
        tess = bytes.fromhex(next(m.member_id for m in directory.members if m.label == "Tess"))
        row = grants.grant_row(os.urandom(32), place, 1, directory.identity(tess), keyring.signing)
    filled_write(filled.file("medical"), [row], "REPLACE")
    with filled.opened() as (library,), pytest.raises(Exception, match=r"key header of medical\.kapdb is damaged"):
        filled.unlock_whole(library, "Tess")


def test_a_holder_may_not_give_process_notes_to_another(filled):
    """Even the owner's signature does not entitle a CRNA: the roster and the law say who may hold."""
    with filled.raw("Tess", filled.file("therapy")) as (file, keyring, directory, _):
        carl = bytes.fromhex(next(m.member_id for m in directory.members if m.label == "Carl"))
        keys = keyring.keys_of(therapy_of(keyring.member.member_id))
        row = keys.grant(directory.identity(carl), keyring.signing)
        assert file.name == filled.file("therapy").name
    filled_write(filled.file("therapy"), [row])
    assert any("granted to Carl, who is not entitled" in finding.line for finding in verify(filled.folder).findings)


def filled_write(path, rows, verb="INSERT"):
    with sqlite3.connect(path) as connection:
        for row in rows:
            connection.execute(f"{verb} INTO {row.table} VALUES({','.join('?' * len(row.values))})", row.values)
    connection.close()


# ------------------------------------------------------------------------------- what a CRNA's memory can open


def reachable(*roots):
    """Return every object that can be reached from *roots*, but for code and types."""
    seen, waiting = {}, list(roots)
    while waiting:
        thing = waiting.pop()
        if id(thing) in seen or isinstance(thing, type | types.ModuleType | types.FunctionType | types.CodeType):
            continue
        seen[id(thing)] = thing
        waiting += gc.get_referents(thing)
    return list(seen.values())


class Burglar:
    """Tries every key it is given on everything in one file."""

    def __init__(self, path):
        self.file = CompartmentFile(path, is_writing=False)
        self.file.open()
        self.place = self.file.place()
        self.directory = Directory.load([self.file])
        self.boxes = list(self._boxes())
        self.epoch = strict.decoded(next(iter(grants.epoch_rows(self.file).values())).body, grants.Epoch)
        self.grants = [
            (strict.decoded(signed.body, grants.Grant).sealed, self.place.bound("grant", u32(epoch), to))
            for (epoch, to), signed in grants.grant_rows(self.file).items()
        ]
        self.sessions = {log.session for log in all_logs(self.file)}
        self.opened = set()

    def close(self):
        self.file.close()

    def _boxes(self):
        """Yield (what, nonce, ciphertext, AAD) of everything that is sealed under a symmetric key."""
        for table in ("pkey_a", "pkey_b"):
            for key in wrapped_keys(self.file, table):
                aad = self.place.bound("pkey", key.patient, u32(key.born), u32(key.epoch))
                yield "pkey", key.nonce, key.wrapped, aad
        for log in all_logs(self.file):
            yield "ref", log.nonce, log.ref, self.place.bound("ref", log.id, u32(log.epoch))
            for link in walk(self.file, self.place, log):
                yield "event", link.event.nonce, link.event.ct, link.aad
        for (body,) in self.file.raw_rows("SELECT body FROM slot"):
            slot = strict.decoded(body, Slot)
            yield "slot", slot.nonce, slot.wrapped, label("seed") + self.place.vault + slot.member

    def try_key(self, key):
        """Try 32 bytes as a key of every kind, and all that is derived from them."""
        derived = [key, hkdf(key, self.place.bound("wrap", u32(1)))]
        derived += [hkdf(key, self.place.bound("record", session)) for session in self.sessions]
        derived += [hkdf(key, label("kek") + self.place.vault + member.id) for member in self.directory.roster.members]
        for secret in derived:
            self.try_cipher(AESGCM(secret))
        if grants.cek_check(key, self.place, 1) == self.epoch.cek_check:
            self.opened.add("cek")
        self.try_identity(Identity(key))

    def try_cipher(self, cipher):
        for what, nonce, ct, aad in self.boxes:
            try:
                cipher.decrypt(nonce, ct, aad)
            except InvalidTag:
                continue
            self.opened.add(what)

    def try_identity(self, identity):
        for sealed, info in self.grants:
            if identity.open(sealed, info) is not None:
                self.opened.add("grant")

    def try_everything(self, things):
        keys = set()
        for thing in things:
            if isinstance(thing, AESGCM):
                self.try_cipher(thing)
            elif isinstance(thing, Identity):
                self.try_identity(thing)
            elif isinstance(thing, CompartmentKeys):
                for wrapped in wrapped_keys(self.file, "pkey_a"):
                    if thing.record_cipher(wrapped, next(iter(self.sessions))) is not None:
                        self.opened.add("pkey")
            elif isinstance(thing, SigningKey):
                keys.add(vars(thing)["_private"].private_bytes_raw())
            elif isinstance(thing, bytes | bytearray) and len(thing) >= 32:
                starts = range(len(thing) - 31) if len(thing) <= 128 else (0, len(thing) - 32)
                keys |= {bytes(thing[start : start + 32]) for start in starts}
            elif isinstance(thing, str):
                keys.add(hashlib.sha256(thing.encode("utf-8", "replace")).digest())
        for key in keys:
            self.try_key(key)
        return len(keys)


def ransack(practice, who):
    """Return what the memory of a signed-in member opens in Tess's process notes, how many keys were tried, and it."""
    copy = practice.folder.with_name("copy.kapdb")  # her own process holds the file itself
    shutil.copy(practice.file("therapy"), copy)
    with contextlib.closing(Burglar(copy)) as burglar, practice.opened(who) as (library, keyring):
        library.read(keyring, practice.session)
        library.scopes(keyring)
        things = reachable(keyring, library)
        tried = burglar.try_everything(things)
        kinds = {type(thing) for thing in things}
        return burglar.opened, tried, kinds


def test_no_key_that_a_crna_holds_opens_anything_of_the_process_notes(filled):
    opened, tried, kinds = ransack(filled, "Carl")
    assert opened == set()
    assert tried > 20
    assert {AESGCM, CompartmentKeys, SigningKey, bytearray} <= kinds, "the search found the keys that there are"
    assert Identity not in kinds, "the receiving key goes after the sign-in"


def test_the_same_search_opens_the_process_notes_with_the_therapists_keys(filled):
    opened, _, _ = ransack(filled, "Tess")
    assert opened == {"cek", "pkey", "ref", "event"}


def test_locking_overwrites_and_drops_every_key(filled):
    library = filled.open()
    tess = filled.unlock(library, "Tess")
    library.read(tess, filled.session)
    ceks = [thing for thing in reachable(tess) if isinstance(thing, bytearray)]
    assert len(ceks) == 3
    assert all(any(cek) for cek in ceks)
    library.lock(tess)
    assert not any(any(cek) for cek in ceks)
    left = reachable(tess, library)
    assert not any(isinstance(thing, AESGCM | SigningKey | CompartmentKeys) for thing in left)
    library.close()
