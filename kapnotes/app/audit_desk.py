"""The audit trail for whoever is signed in: read a page at a time, and put into a file."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from kapnotes.app.files import write_atomically
from kapnotes.app.seat import Seat
from kapnotes.domain.audit import TrailRow, scope_named_in, trail_row, withdrawn_ids
from kapnotes.domain.audit_acts import TRAIL_EXPORTED
from kapnotes.domain.entries import SessionOpened
from kapnotes.domain.errors import KapnotesError
from kapnotes.domain.words import Translate
from kapnotes.vault.library import KEYS_SCOPE, VAULT_SCOPE

PAGE = 100
"""Entries read at once: a note that is entered meanwhile waits no longer than for these."""


@dataclass(frozen=True, slots=True)
class Trail:
    """Some rows, newest first, and how many entries could not be read; `before` is None at the end."""

    rows: tuple[TrailRow, ...]
    unread: int
    before: int | None


class AuditDesk:
    """Reads the trail of one vault for one seat. Reading happens on the writer's thread."""

    def __init__(self, seat: Seat, translate: Translate) -> None:
        self._seat = seat
        self._translate = translate
        self._opened: dict[str, SessionOpened | None] = {}
        self._withdrawn: set[str] = set()

    def read(self, before: int | None, done: Callable[[Trail], None], failed: Callable[[Exception], None]) -> None:
        """Tell *done* the newest page, or the one before an older one."""
        self._seat.program.worker.submit(partial(self.page, before), done, failed)

    def page(self, before: int | None) -> Trail:
        """Return a page. On the writer's thread."""
        library, keyring = self._seat.program.library, self._seat.keyring
        page = library.trail(keyring, before=before, limit=PAGE)
        members = library.everybody()
        self._withdrawn |= withdrawn_ids(page.entries)  # what takes an entry back is newer, so it was read before it
        rows = (
            trail_row(
                entry,
                members,
                self._session(scope_named_in(entry)),
                self._translate,
                is_withdrawn=entry.entry_id in self._withdrawn,
            )
            for entry in page.entries
        )
        return Trail(tuple(row for row in rows if row is not None), len(page.findings), page.before)

    def everything(self) -> list[TrailRow]:
        """Return the whole trail, newest first. On the writer's thread."""
        trail = self.page(None)
        rows = list(trail.rows)
        while trail.before is not None:
            trail = self.page(trail.before)
            rows += trail.rows
        return rows

    def _session(self, scope_id: str) -> SessionOpened | None:
        if scope_id in {VAULT_SCOPE, KEYS_SCOPE}:
            return None
        if scope_id not in self._opened:
            self._opened[scope_id] = self._seat.opened(scope_id)
        return self._opened[scope_id]

    def save(self, path: Path, done: Callable[[int], None], failed: Callable[[Exception], None]) -> None:
        """Put the whole trail at *path* as CSV and tell *done* how many rows; that it was exported is in it.

        A file that is there is not replaced.
        """

        def job() -> int:
            from kapnotes.export.audit_csv import audit_csv  # here, because few sessions need it

            if path.exists():
                raise KapnotesError("{name} is there already; choose another name.", name=path.name)
            self._seat.audit_now(TRAIL_EXPORTED)
            rows = self.everything()
            write_atomically(path, audit_csv(rows, self._translate))
            return len(rows)

        self._seat.program.worker.submit(job, done, failed)
