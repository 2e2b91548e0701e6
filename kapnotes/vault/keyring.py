"""What a signed-in member holds: a signing key, and for each compartment the key of its epoch.

Everything that needs a secret happens in here; the rest of the vault sees sealed bytes. Overwriting is best effort:
Python may have copied a key, and the manual says so.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, cast

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from kapnotes.domain.errors import NotEntitled, VaultError
from kapnotes.domain.members import MEDICAL, Compartment, Member
from kapnotes.vault import grants
from kapnotes.vault.chain import Log
from kapnotes.vault.compartment_file import NUMBER, CompartmentFile, Row, has_shape
from kapnotes.vault.directory import Directory
from kapnotes.vault.identity import Identity, PublicIdentity, SigningKey
from kapnotes.vault.kdf import hkdf
from kapnotes.vault.layout import Place, comp_bytes, u32

SHAPE = (16, NUMBER, NUMBER, 12, 48)
"""A patient's key as a row."""


@dataclass(frozen=True, slots=True)
class WrappedKey:
    """A patient's key in one compartment, as it is stored; there are two copies of each."""

    patient: bytes
    born: int
    epoch: int
    nonce: bytes
    wrapped: bytes

    @classmethod
    def destroyed(cls, patient: bytes, born: int, epoch: int) -> "WrappedKey":
        """Return the tombstone of a key."""
        return cls(patient, born, epoch, bytes(12), bytes(48))

    @property
    def is_destroyed(self) -> bool:
        """Tell whether it is a tombstone."""
        return not any(self.wrapped)

    def rows(self) -> tuple[Row, Row]:
        """Return both copies."""
        values = (self.patient, self.born, self.epoch, self.nonce, self.wrapped)
        return Row("pkey_a", values), Row("pkey_b", values)

    @classmethod
    def of(cls, row: Row) -> "WrappedKey | None":
        """Return the key that *row* holds, or None if it holds none."""
        is_key = len(row.values) == len(SHAPE) and has_shape(row.values, SHAPE)
        return cls(*cast(Any, row.values)) if is_key else None


class CompartmentKeys:
    """The key of one compartment's epoch, and the record keys in use."""

    def __init__(self, place: Place, epoch: int, cek: bytearray) -> None:
        self.place = place
        self.epoch = epoch
        self._cek = cek
        self._wrapping: AESGCM | None = AESGCM(hkdf(cek, place.bound("wrap", u32(epoch))))
        self._records: dict[tuple[bytes, bytes, str], AESGCM] = {}

    def __repr__(self) -> str:
        return f"<keys of {self.place.name}>"

    def grant(self, to: PublicIdentity, by: SigningKey) -> Row:
        """Return the row that gives this key to another member."""
        return grants.grant_row(self._cek, self.place, self.epoch, to, by)

    def wrap_patient_key(self, key: bytes, patient: bytes, nonce: bytes, born: int | None = None) -> WrappedKey:
        """Return a patient's key, wrapped: a new one, or one that was *born* in an older epoch."""
        born = self.epoch if born is None else born
        aad = self._pkey_aad(patient, born, self.epoch)
        return WrappedKey(patient, born, self.epoch, nonce, self._wrap().encrypt(nonce, key, aad))

    def patient_key(self, wrapped: WrappedKey) -> bytes | None:
        """Return a patient's key, to be wrapped anew; None if this copy does not open."""
        try:
            aad = self._pkey_aad(wrapped.patient, wrapped.born, wrapped.epoch)
            return self._wrap().decrypt(wrapped.nonce, wrapped.wrapped, aad)
        except InvalidTag:
            return None

    def record_cipher(self, wrapped: WrappedKey, session: bytes) -> AESGCM | None:
        """Return the cipher of one session's entries, or None if this copy of the patient's key does not open."""
        return self._session_cipher(wrapped, session, "record")

    def draft_cipher(self, wrapped: WrappedKey, session: bytes) -> AESGCM | None:
        """Return the cipher of what is half-typed in one session, or None if this copy of the key does not open."""
        return self._session_cipher(wrapped, session, "draft")

    def _session_cipher(self, wrapped: WrappedKey, session: bytes, use: str) -> AESGCM | None:
        index = (wrapped.wrapped, session, use)  # the very key, for a write that failed may have had another
        if index not in self._records:
            key = self.patient_key(wrapped)
            if key is None:
                return None
            self._records[index] = AESGCM(hkdf(key, self.place.bound(use, session)))
        return self._records[index]

    def wrap_ref(self, patient: bytes, log: bytes, nonce: bytes) -> bytes:
        """Return the patient's id, so that only a holder sees which log is about whom."""
        return self._wrap().encrypt(nonce, patient, self.place.bound("ref", log, u32(self.epoch)))

    def unwrap_ref(self, log: Log) -> bytes | None:
        """Return the patient a log is about, or None if its reference does not open."""
        try:
            return self._wrap().decrypt(log.nonce, log.ref, self.place.bound("ref", log.id, u32(log.epoch)))
        except InvalidTag:
            return None

    def drop(self) -> None:
        """Overwrite what can be overwritten and let the ciphers go."""
        self._cek[:] = bytes(len(self._cek))
        self._wrapping = None
        self._records.clear()

    def _wrap(self) -> AESGCM:
        if self._wrapping is None:
            raise NotEntitled("These keys are locked; sign in again.")
        return self._wrapping

    def _pkey_aad(self, patient: bytes, born: int, epoch: int) -> bytes:
        return self.place.bound("pkey", patient, u32(born), u32(epoch))


def held_keys(file: CompartmentFile, place: Place, identity: Identity, directory: Directory) -> CompartmentKeys | None:
    """Return the keys of a compartment for *identity*; None where no holder has granted `medical` yet.

    Raises:
        HeaderDamaged, Tampered: the grant, or the epoch it is for, does not hold.
    """
    epoch = grants.current_epoch(file, place, directory)
    signed = grants.grant_rows(file).get((epoch.epoch, identity.public.id))
    if signed is None and place.comp == comp_bytes(MEDICAL):
        return None
    return CompartmentKeys(place, epoch.epoch, grants.open_grant(signed, epoch, place, identity, directory))


class Keyring:
    """The keys of one signed-in member. `keys_of` and `signing` are for the vault alone.

    `unopened` are the compartments that the member is entitled to and that could not be opened, each with its cause.
    """

    def __init__(
        self,
        member: Member,
        signing: SigningKey,
        keys: Mapping[Compartment, CompartmentKeys],
        unopened: Mapping[Compartment, VaultError] | None = None,
    ) -> None:
        self.member = member
        self.unopened = dict(unopened or {})
        self._signing: SigningKey | None = signing
        self._keys = dict(keys)

    def __repr__(self) -> str:
        return f"<keyring of {self.member.label}>"

    @property
    def is_locked(self) -> bool:
        """Tell whether the keys were dropped."""
        return self._signing is None

    @property
    def compartments(self) -> tuple[Compartment, ...]:
        """Return the compartments whose key is held, in the order of their kinds."""
        return tuple(sorted(self._keys))

    @property
    def signing(self) -> SigningKey:
        """Return the signing key.

        Raises:
            NotEntitled: the keyring is locked.
        """
        self.see_that_it_is_unlocked()
        assert self._signing is not None  # noqa: S101
        return self._signing

    def keys_of(self, compartment: Compartment) -> CompartmentKeys:
        """Return the keys of a compartment.

        Raises:
            NotEntitled: the member does not hold them, or the keyring is locked.
            VaultError: the compartment's file could not be opened when the member signed in.
        """
        self.see_that_it_is_unlocked()
        if compartment in self.unopened:
            cause = self.unopened[compartment]
            raise type(cause)(cause.template, **cause.facts)
        if compartment not in self._keys:
            kind = compartment.kind.name.lower()
            raise NotEntitled(
                "{label} does not hold the key of the {kind} compartment.", label=self.member.label, kind=kind
            )
        return self._keys[compartment]

    def holding(self, compartment: Compartment, keys: CompartmentKeys) -> "Keyring":
        """Return a keyring of the same member with other keys of one compartment; this one stays as it is."""
        return Keyring(self.member, self.signing, {**self._keys, compartment: keys})

    def take(self, compartment: Compartment, keys: CompartmentKeys) -> None:
        """Hold a compartment's key of the next epoch instead of the one before."""
        self._keys[compartment].drop()
        self._keys[compartment] = keys

    def see_that_it_is_unlocked(self) -> None:
        """Raise `NotEntitled` if the keys were dropped."""
        if self._signing is None:
            raise NotEntitled("The keys of {label} are locked; sign in again.", label=self.member.label)

    def drop(self) -> None:
        """Forget every key; the keyring stays as an empty one."""
        for keys in self._keys.values():
            keys.drop()
        self._keys.clear()
        self._signing = None
