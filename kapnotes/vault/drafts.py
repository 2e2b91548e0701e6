"""What is half-typed, on the disk: one file for each session, member and compartment, with two slots written in turn.

A slot is gen u64 ‖ born u32 ‖ nonce 12 ‖ ct ‖ SHA-256 of all before. The sealed text is length u32 ‖ JSON ‖ zeros, so a
slot is of one size whatever stands in it; a slot of zeros was never written. A write that is cut short tears one slot
and leaves the other, which is at most one flush older. `born` is the epoch whose patient's key seals the slot, as in a
log. The hash is no protection, the seal is: it tells a torn slot from a whole one where nobody holds a key (`verify`).

The file is named by a hash of vault, compartment, session and member, all of which a log shows in clear as well; so it
says of whom it is to nobody who could not count logs. It is there while the session is open in a seat, and afterwards
only if something is half-typed in it.
"""

import hashlib
import struct
import threading
from collections.abc import Callable, Sequence
from pathlib import Path

import msgspec
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from kapnotes.domain.drafts import DraftLine
from kapnotes.domain.errors import InputOutput, NotEntitled
from kapnotes.vault import files, strict
from kapnotes.vault.entropy import Entropy
from kapnotes.vault.faults import damaged, speaking_of
from kapnotes.vault.findings import Finding
from kapnotes.vault.layout import Place, u32

SUFFIX = ".draft"
SLOT = 64 * 1024
"""Bytes of a slot; doubled until what is typed fits, so that a paste of a megabyte is no special case."""

LARGEST_SLOT = 64 * 1024 * 1024
_HEAD = struct.Struct(">QI12s")
_SHA = 32
_TAG = 16
_LENGTH = 4
_OVERHEAD = _HEAD.size + _LENGTH + _TAG + _SHA

CipherOf = Callable[[int], AESGCM | None]
"""Returns the draft cipher of the patient's key born in an epoch, None where there is no such key."""


class _Content(msgspec.Struct, frozen=True):
    v: int
    lines: tuple[DraftLine, ...]


def draft_name(place: Place, session: bytes, member: bytes) -> str:
    """Return the name of the file for one session and member in a compartment."""
    return hashlib.sha256(place.bound("draft-name", session, member)).hexdigest()[:16] + SUFFIX


def encode(lines: Sequence[DraftLine], slot: int) -> bytes:
    """Return the text that a slot of *slot* bytes seals.

    Raises:
        ValueError: it does not fit.
    """
    body = strict.encoded(_Content(1, tuple(lines)))
    room = slot - _OVERHEAD
    if len(body) > room:
        raise ValueError("the lines do not fit into a slot of this size")
    return u32(len(body)) + body + bytes(room - len(body))


def decode(padded: bytes) -> tuple[DraftLine, ...] | None:
    """Return the lines of a slot's text, None where it is none."""
    length = int.from_bytes(padded[:_LENGTH], "big")
    body, rest = padded[_LENGTH : _LENGTH + length], padded[_LENGTH + length :]
    content = strict.decoded(body, _Content) if len(body) == length and not any(rest) else None
    return content.lines if content is not None and content.v == 1 else None


def seal(
    padded: bytes, cipher: AESGCM, binding: bytes, *, number: int, generation: int, born: int, nonce: bytes
) -> bytes:
    """Return a slot: *padded* sealed and bound to *binding*, its place in the file, its generation and its key."""
    ct = cipher.encrypt(nonce, padded, _aad(binding, number, generation, born))
    slot = _HEAD.pack(generation, born, nonce) + ct
    return slot + hashlib.sha256(slot).digest()


def _aad(binding: bytes, number: int, generation: int, born: int) -> bytes:
    return binding + bytes([number]) + generation.to_bytes(8, "big") + u32(born)


def finding(path: Path) -> Finding | None:
    """Return what is wrong with the shape of a draft file. One torn slot is what a crash leaves, and no fault.

    Raises:
        VaultError: it cannot be read.
    """
    with speaking_of(path.name):
        written = path.read_bytes()
    slots = _slots(written)
    if slots is None or all(any(slot) and not _is_whole(slot) for slot in slots):
        return Finding(path.name, 1, f"{path.name} is damaged: a half-typed line in it cannot be read.")
    return None


def _slots(written: bytes) -> tuple[bytes, bytes] | None:
    size, odd = divmod(len(written), 2)
    steps = size // SLOT
    if odd or size % SLOT or not steps or steps & (steps - 1) or size > LARGEST_SLOT:
        return None
    return written[:size], written[size:]


def _is_whole(slot: bytes) -> bool:
    return hashlib.sha256(slot[:-_SHA]).digest() == slot[-_SHA:]


class DraftFile:
    """The half-typed lines of one member in one session and compartment. May be used from any thread."""

    def __init__(self, path: Path, place: Place, session: bytes, member: bytes, entropy: Entropy) -> None:
        self.path = path
        self.found: tuple[DraftLine, ...] = ()
        """The lines that stood in the file when it was opened."""
        self.is_damaged = False
        """Whether something stood in it that cannot be read."""
        self._binding = place.bound("draft", session, member)
        self._entropy = entropy
        self._door = threading.Lock()
        self._cipher: AESGCM | None = None
        self._born = 0
        self._slot_size = SLOT
        self._newest = 1
        self._generation = 0
        self._is_empty = True

    def __repr__(self) -> str:
        return f"<draft {self.path.name}>"

    def open(self, cipher_of: CipherOf, born: int) -> None:
        """Read what is there, or make the file; from now on it is sealed by the key that was born in epoch *born*.

        Raises:
            InputOutput: the disk cannot read it, or does not take it.
            DataDamaged: the patient has no key here.
        """
        self._cipher, self._born = cipher_of(born), born
        if self._cipher is None:
            raise damaged(self.path.name, "at a patient's key")
        with self._door, speaking_of(self.path.name):
            written = self.path.read_bytes() if self.path.exists() else None
            slots = None if written is None else _slots(written)
            if slots is None:
                self.is_damaged = written is not None
                files.write_whole(self.path, bytes(2 * SLOT))
            else:
                self._slot_size = len(slots[0])
                self._read(slots, cipher_of)

    def _read(self, slots: tuple[bytes, bytes], cipher_of: CipherOf) -> None:
        """Take the newest slot that opens; the other one is written next."""
        heads = [_HEAD.unpack_from(slot) for slot in slots]
        newest_first = sorted((0, 1), key=lambda number: heads[number][0], reverse=True)
        for number in newest_first:
            generation, born, nonce = heads[number]
            cipher = cipher_of(born) if _is_whole(slots[number]) else None
            if cipher is None:
                continue
            ct = slots[number][_HEAD.size : -_SHA]
            try:
                lines = decode(cipher.decrypt(nonce, ct, _aad(self._binding, number, generation, born)))
            except InvalidTag:
                continue
            if lines is not None:
                self.found, self._is_empty = lines, not lines
                self._newest, self._generation = number, generation
                return
        self.is_damaged = all(any(slot) for slot in slots)
        self._generation = min(max(head[0] for head in heads), 1 << 62) if self.is_damaged else 0

    def write(self, lines: Sequence[DraftLine]) -> None:
        """Put *lines* in place of what stood there; returning means that they are on the disk.

        Raises:
            InputOutput: they are not; what stood there before still is.
            NotEntitled: the keys were dropped.
        """
        with self._door, speaking_of(self.path.name):
            if self._cipher is None:
                raise NotEntitled("These keys are locked; sign in again.")
            number = 1 - self._newest
            size = self._slot_size
            body = None
            while body is None:
                try:
                    body = encode(lines, size)
                except ValueError:
                    size *= 2
                    if size > LARGEST_SLOT:
                        raise InputOutput("What is half-typed is too long to be kept; enter it.") from None
            slot = seal(
                body,
                self._cipher,
                self._binding,
                number=number,
                generation=self._generation + 1,
                born=self._born,
                nonce=self._entropy(12),
            )
            if size == self._slot_size and self.path.exists():
                self._put(slot, number)
            else:
                files.write_whole(self.path, bytes(size) + slot if number else slot + bytes(size))
            self._slot_size = size
            self._newest, self._generation = number, self._generation + 1
            self._is_empty = not lines

    def _put(self, slot: bytes, number: int) -> None:
        with self.path.open("r+b", buffering=0) as file:
            file.seek(number * len(slot))
            rest = memoryview(slot)
            while rest:
                rest = rest[file.write(rest) :]
            files.sync_data(file.fileno())

    def let_go(self) -> None:
        """Let the key go and leave the file as it is."""
        with self._door:
            self._cipher = None

    def close(self) -> None:
        """Let the key go; a file in which nothing is half-typed is removed.

        Raises:
            InputOutput: it is empty and cannot be removed.
        """
        with self._door, speaking_of(self.path.name):
            was_open, self._cipher = self._cipher is not None, None
            if was_open and self._is_empty:
                files.remove(self.path)
