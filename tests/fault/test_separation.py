"""A short day of three members: what they wrote stands nowhere in clear, and nobody's keys open another's notes.

Twenty-two texts that stand nowhere else in the world are written by the real program into all compartments, put on a
page, backed up, and looked for in every file there is. Then each member's keys are tried, as somebody with a debugger
at that member's seat would try them, on what is not that member's.
"""

import gc
import itertools
import os
import sqlite3
from collections import deque
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path

import pytest
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from kapnotes.app.documents import Document
from kapnotes.app.paper import PaperDesk
from kapnotes.app.presets import shipped_protocols
from kapnotes.domain.clock import ManualClock
from kapnotes.domain.entries import (
    Action,
    Addendum,
    AdverseEvent,
    Authorization,
    Block,
    CheckIn,
    Discharge,
    Dose,
    LateEntry,
    Note,
    Route,
    Staffing,
    Waste,
)
from kapnotes.domain.errors import NotEntitled
from kapnotes.domain.members import Role, therapy_of
from kapnotes.vault import slots, strict
from kapnotes.vault.chain import all_logs, walk
from kapnotes.vault.compartment_file import CompartmentFile
from kapnotes.vault.directory import Directory
from kapnotes.vault.grants import Grant, grant_rows
from kapnotes.vault.kdf import KdfCost
from kapnotes.vault.keyring import CompartmentKeys
from kapnotes.vault.layout import u32
from kapnotes.vault.library import Library
from kapnotes.vault.patients import COPIES, wrapped_keys
from kapnotes.wiring import build_quiet_program
from tests.fault.search import files_of, found_in

pytestmark = pytest.mark.xdist_group("separation")

LIGHT = KdfCost(64, 1, 1)
TESS, THEO, CARL = "Tess, LCSW", "Theo, LMFT", "Carl, CRNA"
PASSPHRASES = {
    TESS: "otter lagoon violin cedar",
    THEO: "meadow lantern brick tulip",
    CARL: "granite kettle plum arrow",
}
BIRDS = (
    *("Zaunkönig", "Goldammer", "Rohrdommel", "Wiedehopf", "Kiebitz", "Neuntöter", "Uferschnepfe", "Blaukehlchen"),
    *("Sumpfohreule", "Wendehals", "Eisvogel", "Wasserralle", "Haubentaucher", "Grauspecht", "Pirol", "Turteltaube"),
    *("Seidenschwanz", "Bachstelze", "Heckenbraunelle", "Mauersegler", "Ziegenmelker", "Schellente"),
)
CANARIES = tuple(f"{bird}-{number}-im-Föhrenwald" for number, bird in enumerate(BIRDS, 4471))


@dataclass
class Day:
    """What is left of the day, and its members."""

    folder: Path

    @property
    def vault(self):
        return self.folder / "vault"

    def member_id(self, label):
        with closing(self.open()) as library:
            return next(member.member_id for member in library.members() if member.label == label)

    def open(self):
        clock = ManualClock(datetime(2026, 3, 5, 9, 0, tzinfo=UTC))
        return Library.open(self.vault, device_id="de" * 16, entropy=os.urandom, clock=clock)

    def therapy_file(self, label):
        return self.vault / f"therapy-{self.member_id(label)[:8]}.kapdb"


@pytest.fixture(scope="module")
def day(tmp_path_factory):
    """A session of two therapists and a CRNA; every text in it is one of the canaries."""
    folder = tmp_path_factory.mktemp("day")
    (folder / "temp").mkdir()
    with pytest.MonkeyPatch.context() as patched:
        patched.setenv("TMPDIR", str(folder / "temp"))
        patched.setattr("tempfile.tempdir", None)
        play(folder, iter(CANARIES))
    return Day(folder)


def play(folder, texts):
    clock = ManualClock(datetime(2026, 3, 4, 13, 0, tzinfo=UTC))
    program = build_quiet_program(clock=clock, profile=folder / "profile", cost=LIGHT)
    told = []

    def fail(error):
        raise error

    roles = frozenset({Role.THERAPIST})
    program.create_vault(folder / "vault", TESS, roles, PASSPHRASES[TESS], told.append, fail)
    seats = {}

    def sign_in(label):
        program.sign_in(label, PASSPHRASES[label], lambda seat: seats.update({label: seat}), fail)
        return seats[label]

    tess = sign_in(TESS)
    program.add_member(tess, THEO, roles, PASSPHRASES[THEO], told.append, fail)
    program.add_member(tess, CARL, frozenset({Role.MEDICAL}), PASSPHRASES[CARL], told.append, fail)
    theo, carl = sign_in(THEO), sign_in(CARL)

    patients, lives = [], []
    tess.add_patient(next(texts), Decimal(70), next(texts), patients.append, fail)
    people = [seat.member for seat in seats.values()]
    preset = next(one for one in shipped_protocols() if one.protocol.dose.route is Route.IM)
    tess.start_session(patients[0], preset, Staffing.TEAM, people, lives.append, fail)
    for seat in (theo, carl):
        seat.open_session(next(iter(seat.session_cards())), lives.append, fail)
    pad, other_pad, log = lives

    log.signal(next(texts))
    pad.setting(next(texts))
    log.keep(Dose(next(texts), Decimal(35), Route.IM))
    log.keep(Waste("ketamine", Decimal(5), next(texts)))
    log.keep(AdverseEvent(next(texts), "mild", next(texts)))
    log.keep(Action(next(texts)))
    log.keep(Discharge(next(texts), next(texts)))
    said = pad.note(next(texts), "quote")
    pad.keep(CheckIn(next(texts)))
    pad.intention(next(texts))
    pad.narrative(Block.SHIFTS, next(texts))
    pad.correct(said.entry_id, next(texts), Note(next(texts), "quote"))
    pad.keep(LateEntry(next(texts), Note(next(texts))))
    permission = Authorization(TESS, next(texts), "one line", "care", date(2027, 1, 1), "P", date(2026, 3, 4))
    pad.release(permission, [said])
    other_pad.note(next(texts))
    other_pad.keep(Addendum("", next(texts), CheckIn()))

    desk = PaperDesk(tess, pad, program.slow_worker, program.entropy, program.translate)
    desk.save(Document.SUMMARY, "Ines, LMFT", folder / "summary.pdf", told.append, fail)
    assert program.close() == 0
    assert next(texts, None) is None


# ------------------------------------------------------------------------------------------- in the files


def test_every_text_was_saved_and_is_read_by_whom_it_belongs_to(day):
    read = {}
    with closing(day.open()) as library:
        for label, passphrase in PASSPHRASES.items():
            keyring = library.unlock(label, passphrase)
            bodies = [
                entry.body
                for scope in library.scopes(keyring)
                for entry in library.read(keyring, scope.scope_id).entries
            ]
            read[label] = [text for text in CANARIES if text in str(bodies)]

    assert set(itertools.chain(*read.values())) == set(CANARIES)
    assert read[CARL] == list(CANARIES[:11])
    assert [text for text in read[THEO] if text not in read[CARL]] == list(CANARIES[-2:])
    assert [text for text in read[TESS] if text not in read[CARL]] == list(CANARIES[11:-2])


def test_none_of_them_stands_in_any_file_in_clear_encoded_or_packed(day):
    paths = files_of(day.folder)
    found = {path.name: hits for path in paths if (hits := found_in(path.read_bytes(), CANARIES))}

    assert {"shared.kapdb", "medical.kapdb", "summary.pdf", "profile.json"} <= {path.name for path in paths}
    assert files_of(day.folder / "temp") == []
    assert found == {}


def test_no_name_of_a_file_tells_of_a_patient(day):
    names = " ".join(str(path.relative_to(day.folder)) for path in files_of(day.folder))

    assert [bird for bird in BIRDS if bird in names] == []


# ------------------------------------------------------------------------------------------- with the keys


def secrets_of(day, label):
    """Return the identity and all that a member's keyring leads to: the ciphers, and whatever is 32 bytes long."""
    with closing(day.open()) as library:
        keyring = library.unlock(label, PASSPHRASES[label])
        for scope in library.scopes(keyring):
            library.read(keyring, scope.scope_id)  # so that its record keys are there
        waiting, seen, ciphers, raw = deque([keyring]), set(), [], set()
        while waiting:
            one = waiting.popleft()
            if id(one) in seen or isinstance(one, type) or hasattr(one, "__code__"):
                continue
            seen.add(id(one))
            if isinstance(one, AESGCM):
                ciphers.append(one)
            if isinstance(one, bytes | bytearray) and len(one) == 32:
                raw.add(bytes(one))
            waiting.extend(gc.get_referents(one))
    file = CompartmentFile(day.vault / "shared.kapdb", is_writing=False)
    file.open()
    try:
        directory = Directory.load([file])
        member = directory.labelled(label)
        identity = slots.open_slot(slots.find([file], member), member, PASSPHRASES[label], directory.vault)
    finally:
        file.close()
    return identity, ciphers, raw


def opened_by(day, label, path):
    """Return what a member's secrets open in the file at *path*: grants, patients' keys, entries."""
    identity, ciphers, raw = secrets_of(day, label)
    found = []
    file = CompartmentFile(path, is_writing=False)
    file.open()
    try:
        place = file.place()
        for (epoch, holder), signed in grant_rows(file).items():
            sealed = strict.decoded(signed.body, Grant).sealed
            infos = [place.bound("grant", u32(epoch), to) for to in (holder, identity.public.id)]
            found += ["grant" for info in infos if identity.open(sealed, info) is not None]
        for secret, table in itertools.product(raw, COPIES):
            keys = CompartmentKeys(place, 1, bytearray(secret))
            for wrapped in wrapped_keys(file, table):
                found += ["patient's key"] * (keys.record_cipher(wrapped, bytes(16)) is not None)
        every = [*ciphers, *map(AESGCM, raw)]
        for log in all_logs(file):
            for link, cipher in itertools.product(walk(file, place, log), every):
                found += ["entry"] * opens(cipher, link)
    finally:
        file.close()
    return found


def opens(cipher, link):
    try:
        cipher.decrypt(link.event.nonce, link.event.ct, link.aad)
    except InvalidTag:
        return False
    return True


def test_a_therapists_own_secrets_open_the_own_notes_in_each_of_the_tried_ways(day):
    assert {"grant", "patient's key", "entry"} <= set(opened_by(day, TESS, day.therapy_file(TESS)))


@pytest.mark.parametrize(("label", "owner"), [(CARL, TESS), (CARL, THEO), (TESS, THEO), (THEO, TESS)])
def test_nobody_elses_secrets_open_a_therapists_notes(day, label, owner):
    assert opened_by(day, label, day.therapy_file(owner)) == []


@pytest.mark.parametrize(("label", "owner"), [(CARL, TESS), (CARL, THEO), (TESS, THEO), (THEO, TESS)])
def test_the_vault_does_not_even_try(day, label, owner):
    compartment = therapy_of(day.member_id(owner))
    with closing(day.open()) as library:
        keyring = library.unlock(label, PASSPHRASES[label])
        for scope in library.scopes(keyring):
            with pytest.raises(NotEntitled):
                library.read(keyring, scope.scope_id, only=compartment)


def test_what_a_thief_sees_is_no_word_of_anybodys(day):
    seen = set()
    for path in day.vault.glob("*.kapdb"):
        with closing(sqlite3.connect(f"file:{path}?mode=ro", uri=True)) as connection:
            seen |= {type(value) for row in connection.execute("SELECT * FROM event") for value in row}

    assert seen == {int, bytes}
