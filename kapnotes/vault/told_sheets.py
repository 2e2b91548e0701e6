"""What the log of keys tells of recovery sheets: how many were made, and how many confirmed, for each compartment.

The rows of sheets are signed one by one, so nobody forges one, but whoever edits files can take one out, or put it back
as it was before it was confirmed; then the sheet before it would count again. The log of keys is a chain that only its
members write. It tells of each sheet in the very transaction that wrote the row, and sheets are numbered from 1; so
both together say which row is missing, and no sheet before that one is given a key.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace

from kapnotes.domain.custody import KeyChange, KeyEvent
from kapnotes.domain.entries import Entry
from kapnotes.domain.members import MEDICAL, SHARED, Compartment, Member, may_read
from kapnotes.vault.layout import KEYS_LOG, comp_bytes
from kapnotes.vault.recovery import Recovery


@dataclass(frozen=True, slots=True)
class SheetsTold:
    """How many sheets of one compartment the log of keys knows."""

    made: int = 0
    confirmed: int = 0

    def taken_out(self, rows: Iterable[Recovery]) -> int:
        """Return the number of the newest sheet that *rows* of its compartment no longer tell of as the log does.

        It is 0 where they agree. The log does not say which sheets were confirmed: where a confirmation is missing, it
        may be that of any sheet that is not confirmed now.
        """
        found = {row.number: row.is_confirmed for row in rows}
        missing = set(range(1, self.made + 1)) - found.keys()
        if sum(found.values()) < self.confirmed:
            missing |= {number for number, is_confirmed in found.items() if not is_confirmed}
        return max(missing, default=0)


def told_sheets(entries: Iterable[Entry], everybody: Iterable[Member]) -> dict[bytes, SheetsTold]:
    """Return what *entries* tell of sheets, by compartment; *everybody* are all who are or were members."""
    told: dict[bytes, SheetsTold] = {}
    authors = {member.member_id: member for member in everybody}
    for entry in entries:
        author, body = authors.get(entry.author_id), entry.body
        if author is None or entry.scope_id != KEYS_LOG.hex() or not isinstance(body, KeyEvent):
            continue
        compartment = _compartment(body.subject, author)
        if compartment is None:
            continue
        comp = comp_bytes(compartment)
        before = told.get(comp, SheetsTold())
        if body.change is KeyChange.SHEET_MADE:
            told[comp] = replace(before, made=before.made + 1)
        elif body.change is KeyChange.SHEET_CONFIRMED:
            told[comp] = replace(before, confirmed=before.confirmed + 1)
    return told


def _compartment(kind: str, author: Member) -> Compartment | None:
    """Return which compartment an event is about; process notes are always the author's own."""
    own = (SHARED, MEDICAL, author.therapy)
    return next((one for one in own if one.kind.name.lower() == kind and may_read(author, one)), None)
