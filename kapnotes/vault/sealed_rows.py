"""Rows that were sealed and have not reached their compartment's file: taken apart again, and who vouches for them."""

from dataclasses import dataclass, field
from typing import Any, cast

from kapnotes.vault.chain import Event, Log
from kapnotes.vault.compartment_file import ANY, NUMBER, Row, has_shape
from kapnotes.vault.directory import Directory
from kapnotes.vault.identity import Signed
from kapnotes.vault.keyring import WrappedKey
from kapnotes.vault.layout import Place, compartment_of

_GRANT_SHAPE = (NUMBER, 16, ANY, 16, 64)


@dataclass(frozen=True)
class SealedRows:
    """What is written in one transaction, taken apart again: rows, and what they are.

    `grants` (by epoch and holder) give its author the key under which it was sealed. They stand in a second place
    alone: the vault has its own, and drops them when its key is changed.
    """

    rows: list[Row]
    logs: list[Log] = field(default_factory=list)
    events: list[Event] = field(default_factory=list)
    keys: list[WrappedKey] = field(default_factory=list)
    grants: dict[tuple[int, bytes], Signed] = field(default_factory=dict)

    @classmethod
    def of(cls, rows: list[Row]) -> "SealedRows | None":
        """Return *rows* taken apart, or None if one is not as it must be."""
        sealed = cls([row for row in rows if row.table != "grants"])
        for row in rows:
            if row.table == "event" and (event := Event.of(row)) is not None:
                sealed.events.append(event)
            elif row.table == "log" and (log := Log.of(row)) is not None:
                sealed.logs.append(log)
            elif row.table in ("pkey_a", "pkey_b") and (key := WrappedKey.of(row)) is not None:
                sealed.keys.append(key)
            elif row.table == "grants" and len(row.values) == 5 and has_shape(row.values, _GRANT_SHAPE):
                epoch, holder, *signed = cast(Any, row.values)
                sealed.grants[epoch, holder] = Signed(*signed)
            else:
                return None
        return sealed if sealed.events else None

    @property
    def last(self) -> Event:
        """Return the last entry, by which the whole is known."""
        return self.events[-1]

    @property
    def author(self) -> bytes:
        """Return who wrote it."""
        return self.last.author

    def stored(self) -> tuple[Row, ...]:
        """Return all rows as they stand in a second place."""
        given = (Row("grants", (*index, s.body, s.by, s.sig)) for index, s in self.grants.items())
        return (*self.rows, *given)

    def is_signed(self, place: Place, directory: Directory) -> bool:
        """Tell whether one member, present or former, who may write there wrote all of it; needs no key."""
        for log in self.logs:
            if log.digest(place)[:16] != log.id:
                return False
        compartment = compartment_of(place.comp)
        return all(
            event.author == self.author
            and directory.may_write(event.author, compartment)
            and event.is_signed(directory)
            for event in self.events
        )
