"""From a passphrase to keys: NFC, Argon2id, then HKDF for each use.

Source: RFC 9106 (Argon2id), RFC 5869 (HKDF), RFC 8265 (which spaces a passphrase may hold).
"""

import unicodedata
from dataclasses import dataclass

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.kdf.argon2 import Argon2id
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from kapnotes.domain.errors import Implausible, OutOfMemory
from kapnotes.vault.layout import label

MAX_PASSPHRASE = 256


@dataclass(frozen=True, slots=True)
class KdfCost:
    """What one guess costs. The ceiling is checked here, before any memory is asked for.

    Raises:
        ValueError: more than 1 GiB, 16 passes or 16 lanes, or less than Argon2 can do.
    """

    memory_kib: int
    passes: int
    lanes: int

    def __post_init__(self) -> None:
        is_possible = 1 <= self.lanes <= 16 and 1 <= self.passes <= 16
        if not is_possible or not 8 * self.lanes <= self.memory_kib <= 1024 * 1024:
            raise ValueError("the cost of the key derivation is out of range")


STANDARD_COST = KdfCost(256 * 1024, 3, 4)
"""0.45 s on the machine it was measured on. Source: four times the memory of RFC 9106's second option."""

SMALL_MACHINE_COST = KdfCost(128 * 1024, 5, 4)
"""For machines with 4 GiB or less."""


@dataclass(frozen=True, slots=True, repr=False)
class PassphraseKeys:
    """What a passphrase becomes: a check that is stored, and a key that never is."""

    check: bytes
    wrapping: bytes


def hkdf(secret: bytes | bytearray, info: bytes, length: int = 32) -> bytes:
    """Return *length* bytes for the use that *info* names. HKDF-SHA256 without salt."""
    return HKDF(hashes.SHA256(), length, salt=None, info=info).derive(secret)


def prepared(passphrase: str) -> bytes:
    """Return the bytes that are derived from: NFC, every odd space a plain one.

    Raises:
        Implausible: longer than `MAX_PASSPHRASE`, or not writable as UTF-8.
    """
    if len(passphrase) > MAX_PASSPHRASE:
        raise Implausible("A passphrase has at most {max_passphrase} characters.", max_passphrase=MAX_PASSPHRASE)
    plain = "".join(" " if unicodedata.category(char) == "Zs" else char for char in passphrase)
    try:
        return unicodedata.normalize("NFC", plain).encode()
    except UnicodeEncodeError:
        raise Implausible("A passphrase holds characters that cannot be stored.") from None


def derive(passphrase: str, salt: bytes, cost: KdfCost, vault: bytes, member: bytes) -> PassphraseKeys:
    """Return the keys of *member*'s passphrase.

    Raises:
        Implausible: see `prepared`.
        OutOfMemory: the machine does not have the memory; nothing was checked.
    """
    derivation = Argon2id(salt=salt, length=32, iterations=cost.passes, lanes=cost.lanes, memory_cost=cost.memory_kib)
    try:
        master = derivation.derive(prepared(passphrase))
    except MemoryError:
        needed = -(-cost.memory_kib // 1024)
        raise OutOfMemory(
            "Unlocking needs {needed} MiB of free memory. The passphrase was not checked.", needed=needed
        ) from None
    return PassphraseKeys(
        check=hkdf(master, label("kcv") + vault + member),
        wrapping=hkdf(master, label("kek") + vault + member),
    )
