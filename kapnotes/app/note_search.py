"""Search in the notes of whoever is signed in: every session is read, decrypted, looked through and let go again.

Nothing is kept of what was read but the lines that were found, and those only while they are shown.
"""

from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field, replace
from functools import partial
from typing import TypeVar

from kapnotes.app.seat import Seat, SessionCard
from kapnotes.domain.audit_acts import SEARCHED
from kapnotes.domain.clock import Stamp
from kapnotes.domain.entries import Entry
from kapnotes.domain.errors import NotEntitled, VaultError
from kapnotes.domain.members import MEDICAL, SHARED, Compartment, CompartmentKind
from kapnotes.domain.searching import Excerpt, Question, excerpt, text_of
from kapnotes.vault.library import Scope

_Outcome = TypeVar("_Outcome")


@dataclass(frozen=True, slots=True)
class Hit:
    """One note that was found, with its session; `elapsed_s` counts from the first dose, None without one."""

    card: SessionCard
    entry_id: str
    happened: Stamp
    elapsed_s: float | None
    excerpt: Excerpt


@dataclass(frozen=True, slots=True)
class Looked:
    """How far a search is: what was found in the session read last, how many were read, and what could not be."""

    hits: tuple[Hit, ...]
    read: int
    all: int
    unread: int

    @property
    def is_done(self) -> bool:
        """Tell whether no session is left."""
        return self.read >= self.all


class NoteSearch:
    """Searches for one seat, one question at a time. Reading happens on the writer's thread, a session at a time."""

    def __init__(self, seat: Seat) -> None:
        if not seat.member.is_therapist:
            raise NotEntitled("Only a therapist has notes to search.")
        self._seat = seat
        self._run = 0
        self._is_told = False

    def begin(self, question: Question, tell: Callable[[Looked], None], failed: Callable[[Exception], None]) -> None:
        """Look for *question*, the newest session first, in place of whatever was looked for before."""
        self.stop()
        run = self._run
        if not self._is_told:
            self._is_told = True
            self._seat.audit(SEARCHED)  # that it was done is for everybody, what was looked for for nobody

        def begun(scopes: list[Scope]) -> None:
            if run == self._run:
                self._go_on(_Run(run, question, iter(scopes), len(scopes), tell, failed))

        self._seat.program.worker.submit(self._sessions, begun, partial(self._fail, run, failed))

    def stop(self) -> None:
        """Look no further; what was read last is let go unseen."""
        self._run += 1

    def _sessions(self) -> list[Scope]:
        scopes = self._seat.program.library.scopes(self._seat.keyring)
        return [scope for scope in scopes if scope.scope_id != scope.patient_id]

    def _fail(self, run: int, failed: Callable[[Exception], None], error: Exception) -> None:
        if run == self._run:
            self.stop()
            failed(error)

    def _go_on(self, run: "_Run") -> None:
        """Read the next session, and where something was found in it, its head; only then the one after it.

        So a note that is entered meanwhile waits for one of these at most.
        """
        scope = next(run.scopes, None)
        if scope is None:
            run.tell(Looked((), 0, 0, 0))
            return

        def read(found: _Found) -> None:
            if run.number == self._run and found.notes:
                self._submit(run, partial(self._named, run.number, scope, found), told)
            else:
                told(((), found.unread))

        def told(outcome: tuple[tuple[Hit, ...], int]) -> None:
            if run.number != self._run:
                return
            hits, unread = outcome
            run.read += 1
            run.unread += unread
            run.tell(Looked(hits, run.read, run.all, run.unread))
            if run.number == self._run and run.read < run.all:
                self._go_on(run)

        self._submit(run, partial(self._look_in, run.number, scope, run.question), read)

    def _submit(self, run: "_Run", job: Callable[[], _Outcome], done: Callable[[_Outcome], None]) -> None:
        self._seat.program.worker.submit(job, done, partial(self._fail, run.number, run.failed))

    # ---------------------------------------------------------------------------- on the writer's thread

    def _look_in(self, run: int, scope: Scope, question: Question) -> "_Found":
        """Return what the own notes of one session hold."""
        found = _Found()
        if run == self._run and not self._seat.is_locked:
            for compartment in self._own():
                try:
                    notes, unread = self._found_in(scope, compartment, question)
                except VaultError:
                    found.unread += 1
                else:
                    found.notes += notes
                    found.unread += unread
        return found

    def _named(self, run: int, scope: Scope, found: "_Found") -> tuple[tuple[Hit, ...], int]:
        """Return what was found with its session; where the session's beginning cannot be read, only how many."""
        if run != self._run or self._seat.is_locked:
            return (), 0
        try:
            hits = tuple(self._hits(scope, found.notes))
        except VaultError:
            hits = ()
        return hits, found.unread + len(found.notes) - len(hits)

    def _found_in(
        self, scope: Scope, compartment: Compartment, question: Question
    ) -> tuple[list[tuple[Entry, Excerpt]], int]:
        back = self._seat.program.library.read(self._seat.keyring, scope.scope_id, only=compartment)
        found: list[tuple[Entry, Excerpt]] = []
        for entry in self._seat.record_of(back).standing():
            text = text_of(entry.body)
            place = question.place_in(text) if text else None
            if place is not None:
                found.append((entry, excerpt(text, place)))
        return found, len(back.findings) + len(back.refused)

    def _own(self) -> Iterator[Compartment]:
        """Give the member's own compartments of process notes, also one that did not open."""
        keyring = self._seat.keyring
        held = (*keyring.compartments, *keyring.unopened)
        return (one for one in held if one.kind is CompartmentKind.THERAPY)

    def _hits(self, scope: Scope, found: list[tuple[Entry, Excerpt]]) -> Iterator[Hit]:
        """Give what was found with its session; nothing where the session's beginning cannot be read."""
        library, keyring = self._seat.program.library, self._seat.keyring
        shared = library.read(keyring, scope.scope_id, only=SHARED)
        entries = list(shared.entries)
        if MEDICAL in keyring.compartments:
            with suppress(VaultError):  # without it there is no time since the dose; the words are there all the same
                entries += library.read(keyring, scope.scope_id, only=MEDICAL).entries
        record = self._seat.record_of(replace(shared, entries=tuple(entries)))
        if record.opened is None or record.origin is None:
            return
        card = SessionCard(scope.scope_id, scope.patient_id, record.opened, record.origin, record.stage)
        for entry, part in found:
            yield Hit(card, entry.entry_id, entry.happened, record.elapsed_s(entry.happened), part)


@dataclass(slots=True)
class _Found:
    """What the own notes of one session hold, and how many of its entries, or files, could not be read."""

    notes: list[tuple[Entry, Excerpt]] = field(default_factory=list)
    unread: int = 0


@dataclass(slots=True)
class _Run:
    """One search on its way."""

    number: int
    question: Question
    scopes: Iterator[Scope]
    all: int
    tell: Callable[[Looked], None]
    failed: Callable[[Exception], None]
    read: int = 0
    unread: int = 0
