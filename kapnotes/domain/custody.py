"""What is done *with* the record: signing it, keeping the ends of its logs, and every change of who can open it.

These stand in `shared`, hold no clinical content, and may be written after a sign-off.
"""

from dataclasses import dataclass
from enum import StrEnum

from kapnotes.domain.members import Compartment


@dataclass(frozen=True, slots=True)
class LogHead:
    """Where one log ended: its newest entry's number and hash. Ids and hashes are hex digits."""

    compartment: Compartment
    log_id: str
    seq: int
    h: str


@dataclass(frozen=True, slots=True)
class SignOff:
    """A clinician signs the own record of one session in one compartment, as far as its logs go at that moment.

    `logs` are the signer's own logs there, all of them. `meaning` is what the signature says, as printed beside it.
    Source: 21 CFR 11.50 (name, time and meaning), 45 CFR 164.312(c) (integrity).
    """

    compartment: Compartment
    name: str
    credential: str
    meaning: str
    logs: tuple[LogHead, ...]


@dataclass(frozen=True, slots=True)
class Heads:
    """The ends of logs of other compartments, kept in `shared` so that a cut or an older file is noticed."""

    logs: tuple[LogHead, ...]


@dataclass(frozen=True, slots=True)
class RollbackAck:
    """A member saw that the vault is older than this laptop knew, and says why (a restored backup, say)."""

    reason: str


@dataclass(frozen=True, slots=True)
class BreakGlass:
    """Emergency reading of `shared` and `medical` with the recovery sheet. Source: 45 CFR 164.312(a)(2)(ii)."""

    reason: str


@dataclass(frozen=True, slots=True)
class BreakGlassSeen:
    """A member has seen that the glass was broken; `entry_id` is the `BreakGlass`."""

    entry_id: str


class KeyChange(StrEnum):
    """What happened to a key."""

    OWN_KEY_REWRAPPED = "passphrase changed"
    OWN_KEY_REPLACED = "passphrase replaced by the recovery sheet"
    SHEET_MADE = "recovery sheet made"
    SHEET_CONFIRMED = "recovery sheet confirmed"
    MEMBER_ADDED = "member added"
    MEMBER_REVOKED = "member revoked"


@dataclass(frozen=True, slots=True)
class KeyEvent:
    """A change of who can open what; `subject` is a member's id, or the compartment's kind for a sheet."""

    change: KeyChange
    subject: str


@dataclass(frozen=True, slots=True)
class KeyEpoch:
    """A compartment got a new key; `logs` and `heads_sha256` say where all its logs ended, under the older keys."""

    compartment: Compartment
    epoch: int
    logs: int
    heads_sha256: str


@dataclass(frozen=True, slots=True)
class PatientShredded:
    """A patient's keys were destroyed, so nothing about that patient can be read again."""

    patient_id: str


CustodyBody = SignOff | Heads | RollbackAck | BreakGlass | BreakGlassSeen | KeyEvent | KeyEpoch | PatientShredded
