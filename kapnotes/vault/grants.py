"""Compartment keys: the key of an epoch, sealed for each member who is entitled to it.

An epoch is signed with a check of its key, so that nobody can make a member write under a key of an intruder's.
"""

import hmac

import msgspec

from kapnotes.domain.errors import HeaderDamaged, Tampered
from kapnotes.vault import strict
from kapnotes.vault.compartment_file import ANY, NUMBER, CompartmentFile, Row
from kapnotes.vault.directory import Directory
from kapnotes.vault.identity import SEALED_LENGTH, Identity, PublicIdentity, Signed, SigningKey
from kapnotes.vault.kdf import hkdf
from kapnotes.vault.layout import Place, compartment_of, u32

FIRST_EPOCH = 1
CEK_LENGTH = 32
_LINE = "The key header of {name} is damaged. Restore a backup or use the recovery sheet."


class Epoch(msgspec.Struct, frozen=True):
    """One key of a compartment, by its number and its check."""

    comp: bytes
    epoch: int
    cek_check: bytes
    roster_version: int


class Grant(msgspec.Struct, frozen=True):
    """The key of an epoch, sealed for one holder."""

    comp: bytes
    epoch: int
    to: bytes
    sealed: bytes


def cek_check(cek: bytes | bytearray, place: Place, epoch: int) -> bytes:
    """Return what tells one compartment key from another without telling the key."""
    return hkdf(cek, place.bound("cek-check", u32(epoch)))


def epoch_row(cek: bytes, place: Place, epoch: int, roster_version: int, by: SigningKey) -> Row:
    """Return the row that begins an epoch; it stands in the compartment's file and in `shared.kapdb`."""
    body = strict.encoded(Epoch(place.comp, epoch, cek_check(cek, place, epoch), roster_version))
    return Row("epoch", (place.comp, epoch, *_values(by.sign("epoch", body))))


def grant_row(cek: bytes | bytearray, place: Place, epoch: int, to: PublicIdentity, by: SigningKey) -> Row:
    """Return the row that gives the key to one member."""
    sealed = to.seal(cek, place.bound("grant", u32(epoch), to.id))
    body = strict.encoded(Grant(place.comp, epoch, to.id, sealed))
    return Row("grants", (epoch, to.id, *_values(by.sign("grant", body))))


def epoch_rows(file: CompartmentFile) -> dict[tuple[bytes, int], Signed]:
    """Return all signed epochs in *file*; in `shared.kapdb` they say which compartments there are."""
    rows = file.rows("SELECT comp, epoch, body, by, sig FROM epoch", (17, NUMBER, ANY, 16, 64))
    epochs = {(comp, epoch): Signed(*signed) for comp, epoch, *signed in rows}
    try:
        for comp, _ in epochs:
            compartment_of(comp)
    except ValueError:
        raise HeaderDamaged(_LINE, name=file.name) from None
    return epochs


def grant_rows(file: CompartmentFile) -> dict[tuple[int, bytes], Signed]:
    """Return all signed grants in *file*, by epoch and holder."""
    rows = file.rows("SELECT epoch, holder, body, by, sig FROM grants", (NUMBER, 16, ANY, 16, 64))
    return {(epoch, holder): Signed(*signed) for epoch, holder, *signed in rows}


def read_epoch(signed: Signed, comp: bytes, number: int, directory: Directory, name: str) -> Epoch:
    """Return a signed epoch, if it is what it stands as and signed by one who may.

    Raises:
        HeaderDamaged: it cannot be read.
        Tampered: it is signed by nobody who may.
    """
    epoch = strict.decoded(signed.body, Epoch)
    if epoch is None or (epoch.comp, epoch.epoch) != (comp, number):
        raise HeaderDamaged(_LINE, name=name)
    was_member = directory.was_member(signed.by, epoch.roster_version)
    if not was_member or not directory.has_holder_signed("epoch", signed, comp):
        raise _not_signed(name, number)
    return epoch


def read_grant(signed: Signed, comp: bytes, number: int, to: bytes, directory: Directory, name: str) -> Grant:
    """Return a signed grant, checked as in `read_epoch`, and that the roster lets its holder have the key."""
    grant = strict.decoded(signed.body, Grant)
    is_itself = grant is not None and (grant.comp, grant.epoch, grant.to) == (comp, number, to)
    if grant is None or not is_itself or len(grant.sealed) != SEALED_LENGTH:
        raise HeaderDamaged(_LINE, name=name)
    if not directory.has_holder_signed("grant", signed, comp):
        raise Tampered(
            "{name}: the grant for {directory} is not signed by one who may.",
            name=name,
            directory=directory.label_of(to),
        )
    if not directory.could_hold(to, comp):
        raise Tampered(
            "{name}: its key is granted to {directory}, who is not entitled to it.",
            name=name,
            directory=directory.label_of(to),
        )
    return grant


def first_rows(cek: bytes, place: Place, roster_version: int, identity: Identity) -> list[Row]:
    """Return the rows with which a compartment begins: its first epoch, and the grant to whoever begins it."""
    return [
        epoch_row(cek, place, FIRST_EPOCH, roster_version, identity.signing),
        grant_row(cek, place, FIRST_EPOCH, identity.public, identity.signing),
    ]


def current_epoch(file: CompartmentFile, place: Place, directory: Directory) -> Epoch:
    """Return the newest epoch of a compartment from its own file.

    Raises:
        HeaderDamaged, Tampered: as `read_epoch`, or it names an older roster than the epoch before: whoever has left
            could sign it with a date of then.
    """
    newest: Epoch | None = None
    for (comp, number), signed in sorted(epoch_rows(file).items()):
        if comp == place.comp:
            epoch = read_epoch(signed, comp, number, directory, file.name)
            if newest is not None and epoch.roster_version < newest.roster_version:
                raise _not_signed(file.name, number)
            newest = epoch
    if newest is None:
        raise HeaderDamaged(_LINE, name=file.name)
    return newest


def open_grant(
    signed: Signed | None, epoch: Epoch, place: Place, identity: Identity, directory: Directory
) -> bytearray:
    """Return the compartment key that was granted to *identity*.

    Raises:
        HeaderDamaged: there is no grant, it does not open, or it gives another key than the epoch names.
        Tampered: it is not signed by one who may.
    """
    if signed is None:
        raise HeaderDamaged(_LINE, name=place.name)
    grant = read_grant(signed, place.comp, epoch.epoch, identity.public.id, directory, place.name)
    cek = identity.open(grant.sealed, place.bound("grant", u32(grant.epoch), grant.to))
    if cek is None or not hmac.compare_digest(cek_check(cek, place, grant.epoch), epoch.cek_check):
        raise HeaderDamaged(_LINE, name=place.name)
    return bytearray(cek)


def _not_signed(name: str, number: int) -> Tampered:
    return Tampered(
        "{name}: epoch {number} of its key is not signed by one who may. Restore a backup.", name=name, number=number
    )


def _values(signed: Signed) -> tuple[bytes, bytes, bytes]:
    return signed.body, signed.by, signed.sig
