"""A slot: one member's seed, wrapped under the passphrase.

A slot is stored with its own hash, and with copies in other files. So a damaged slot (no copy is whole) and a wrong
passphrase (the slot is whole and its check differs) can never be taken for one another.
"""

import contextlib
import hashlib
import hmac
from collections.abc import Callable, Iterable

import msgspec
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from kapnotes.domain.errors import HeaderDamaged, Implausible, VaultError, WrongPassphrase
from kapnotes.domain.members import Member
from kapnotes.vault import strict
from kapnotes.vault.compartment_file import CompartmentFile, Row
from kapnotes.vault.identity import Identity
from kapnotes.vault.kdf import KdfCost, derive
from kapnotes.vault.layout import id_bytes, label

_LINE = "The key header is damaged. Restore a backup or use the recovery sheet."


class Slot(msgspec.Struct, frozen=True):
    """What is stored for one member; the label stands in the roster alone."""

    member: bytes
    kdf: str
    m: int
    t: int
    p: int
    salt: bytes
    kcv: bytes
    nonce: bytes
    wrapped: bytes


def new_slot_row(
    seed: bytes, member: bytes, vault: bytes, passphrase: str, cost: KdfCost, entropy: Callable[[int], bytes]
) -> Row:
    """Return the row that keeps *seed* for the member under *passphrase*."""
    salt, nonce = entropy(16), entropy(12)
    keys = derive(passphrase, salt, cost, vault, member)
    wrapped = AESGCM(keys.wrapping).encrypt(nonce, seed, label("seed") + vault + member)
    return as_row(Slot(member, "argon2id", cost.memory_kib, cost.passes, cost.lanes, salt, keys.check, nonce, wrapped))


def as_row(slot: Slot) -> Row:
    """Return the slot as it is stored."""
    body = strict.encoded(slot)
    return Row("slot", (slot.member, body, _sha(body)))


def whole_slots(file: CompartmentFile) -> dict[bytes, tuple[Slot, Row]]:
    """Return the slots in *file* whose hash holds, by member, each with its row."""
    whole = {}
    for row in file.raw_rows("SELECT member, body, sha FROM slot"):
        match row:
            case (bytes(member), bytes(body), bytes(sha)) if sha == _sha(body):
                slot = strict.decoded(body, Slot)
                if slot is not None and slot.member == member and slot.kdf == "argon2id":
                    whole[member] = (slot, Row("slot", (member, body, sha)))
    return whole


def find(files: Iterable[CompartmentFile], member: Member) -> Slot:
    """Return the member's slot from the first of *files* that has it whole.

    Raises:
        HeaderDamaged: no copy is whole.
    """
    for file in files:
        with contextlib.suppress(VaultError):
            slot, _ = whole_slots(file).get(id_bytes(member.member_id), (None, None))
            if slot is not None:
                return slot
    raise HeaderDamaged(_LINE)


def open_slot(slot: Slot, member: Member, passphrase: str, vault: bytes) -> Identity:
    """Return the member's identity; raises as `open_seed`."""
    return Identity(open_seed(slot, member, passphrase, vault))


def open_seed(slot: Slot, member: Member, passphrase: str, vault: bytes) -> bytes:
    """Return the seed of the member's identity.

    Raises:
        WrongPassphrase: the slot is whole and the passphrase another one.
        HeaderDamaged: the passphrase is right and the seed does not open.
        OutOfMemory: the passphrase was not checked.
    """
    try:
        cost = KdfCost(slot.m, slot.t, slot.p)
        keys = derive(passphrase, slot.salt, cost, vault, slot.member)
    except ValueError:
        raise HeaderDamaged(_LINE) from None
    except Implausible as error:
        raise WrongPassphrase("Not the passphrase of {label}. {error}", label=member.label, error=error) from None
    if not hmac.compare_digest(keys.check, slot.kcv):
        raise WrongPassphrase("Not the passphrase of {label}. Nothing was changed; try again.", label=member.label)
    try:
        seed = AESGCM(keys.wrapping).decrypt(slot.nonce, slot.wrapped, label("seed") + vault + slot.member)
        is_the_members = Identity(seed).public.id == slot.member
    except (InvalidTag, ValueError):
        raise HeaderDamaged(_LINE) from None
    if not is_the_members:
        raise HeaderDamaged(_LINE)
    return seed


def _sha(body: bytes) -> bytes:
    return hashlib.sha256(label("slot") + body).digest()
