"""The exact bytes of the format: labels, ids, file names, what an event authenticates, and its hashes.

Nothing here may ever change without a new `FORMAT`; `tests/vault/test_layout.py` holds frozen vectors.
Integers are big-endian. An id is 16 bytes in a file and 32 lower-case hex digits in the domain.
"""

import hashlib
import struct
from dataclasses import dataclass

from kapnotes.domain.members import Compartment, CompartmentKind

FORMAT = 1
"""The version of the files, also SQLite's `user_version`."""

SUITE = 1
"""The one set of algorithms so far: AES-256-GCM, SHA-256, Ed25519, HPKE with MLKEM768-X25519."""

APPLICATION_ID = 0x4B41504E
NO_ID = bytes(16)
KEYS_LOG = bytes(15) + b"\1"
"""Stands for a session and for a patient in the log of what was done with keys: short, so that it is read at once."""

AMENDMENT = 1
"""Bit 0 of an event's flags: it may follow a sign-off; see `entries.stands_after_sign_off`."""

MAX_SEQ = 1 << 20
"""Entries in one log. Sixteen logs can share a record key, which may seal 2^24 random nonces (SP 800-38D)."""

_AAD = struct.Struct(">4sHHB17s16sI16sQ16s32s")
AAD_LENGTH = _AAD.size


def label(name: str) -> bytes:
    """Return L(name), the prefix that keeps the uses of one key apart."""
    return b"KAPN/1/" + name.encode("ascii") + b"\0"


def u32(number: int) -> bytes:
    """Return four bytes."""
    return number.to_bytes(4, "big")


def id_bytes(text: str) -> bytes:
    """Return the 16 bytes of an id.

    Raises:
        ValueError: it is not 32 lower-case hex digits.
    """
    if len(text) != 32 or not set(text) <= set("0123456789abcdef"):
        raise ValueError("an id is 32 lower-case hex digits")
    return bytes.fromhex(text)


def comp_bytes(compartment: Compartment) -> bytes:
    """Return the 17 bytes that name *compartment*: its kind, then its owner or zeros."""
    return bytes([compartment.kind]) + (id_bytes(compartment.owner_id) if compartment.owner_id else NO_ID)


def compartment_of(comp: bytes) -> Compartment:
    """Return the compartment that 17 bytes name.

    Raises:
        ValueError: they name none.
    """
    kind = CompartmentKind(int.from_bytes(comp[:1], "big"))
    owner = comp[1:]
    if len(owner) != 16 or (kind is not CompartmentKind.THERAPY and owner != NO_ID):
        raise ValueError("not a compartment")
    return Compartment(kind, owner.hex() if kind is CompartmentKind.THERAPY else "")


def file_name(compartment: Compartment) -> str:
    """Return the name of the file that holds *compartment*."""
    match compartment.kind:
        case CompartmentKind.SHARED:
            return "shared.kapdb"
        case CompartmentKind.MEDICAL:
            return "medical.kapdb"
        case CompartmentKind.THERAPY:
            return f"therapy-{compartment.owner_id[:8]}.kapdb"


@dataclass(frozen=True, slots=True)
class Place:
    """One compartment of one vault: what every key, hash and signature is bound to."""

    vault: bytes
    comp: bytes

    @property
    def name(self) -> str:
        """Return the name of its file."""
        return file_name(compartment_of(self.comp))

    def bound(self, use: str, *parts: bytes) -> bytes:
        """Return L(use) ‖ vault ‖ comp ‖ parts: the info or the AAD of everything but an event."""
        return b"".join((label(use), self.vault, self.comp, *parts))


def vault_id(genesis: bytes) -> bytes:
    """Return the id of the vault whose first roster is *genesis*."""
    return hashlib.sha256(label("vault") + genesis).digest()[:16]


def identity_id(hpke_pub: bytes, sign_pub: bytes) -> bytes:
    """Return the id of a member, which fixes both public keys."""
    return hashlib.sha256(label("id") + hpke_pub + sign_pub).digest()[:16]


def log_digest(place: Place, session: bytes, member: bytes, device: bytes, born: int) -> bytes:
    """Return what stands before the first entry of a log; its first 16 bytes are the log's id."""
    return hashlib.sha256(place.bound("log", session, member, device, u32(born))).digest()


def event_aad(
    place: Place, suite: int, flags: int, epoch: int, log: bytes, seq: int, author: bytes, *, previous: bytes
) -> bytes:
    """Return the 118 bytes that an event authenticates beside its text; *previous* is the hash before it."""
    return _AAD.pack(b"KAPN", FORMAT, suite, flags, place.comp, place.vault, epoch, log, seq, author, previous)


def event_hash(aad: bytes, nonce: bytes, ct: bytes) -> bytes:
    """Return the hash of one event, which is the *previous* of the next."""
    return hashlib.sha256(label("chain") + aad + nonce + ct).digest()


def short(log: bytes) -> str:
    """Return the four digits by which a person tells logs apart."""
    return log[:2].hex().upper()
