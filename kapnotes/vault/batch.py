"""What a journal writes in one transaction: sealed rows, what they are, and where they leave the logs."""

from dataclasses import dataclass, field

from kapnotes.domain.entries import Entry
from kapnotes.vault.chain import Event, Log
from kapnotes.vault.compartment_file import Row
from kapnotes.vault.keyring import WrappedKey
from kapnotes.vault.sealed_rows import SealedRows


@dataclass(frozen=True, slots=True)
class Tail:
    """Where a log ends, and whom it is about."""

    patient: bytes
    seq: int
    h: bytes


@dataclass(repr=False)
class Batch:
    """Sealed rows that are written together; `entries` is empty once nobody asks for them any more."""

    entries: tuple[Entry, ...] = ()
    rows: list[Row] = field(default_factory=list)
    logs: dict[bytes, Log] = field(default_factory=dict)
    events: list[Event] = field(default_factory=list)
    tails: dict[bytes, Tail] = field(default_factory=dict)
    new_patients: dict[bytes, WrappedKey] = field(default_factory=dict)
    grants: list[Row] = field(default_factory=list)
    """Where it begins a log: the key under which it is sealed, for its author; for a second place alone."""
    is_spilled: bool = False


def taken_in(sealed: SealedRows) -> Batch:
    """Return rows that an earlier run left in a second place as the batch they were."""
    return Batch(
        rows=sealed.rows,
        logs={log.id: log for log in sealed.logs},
        events=sealed.events,
        new_patients={key.patient: key for key in sealed.keys},
        is_spilled=True,
    )
