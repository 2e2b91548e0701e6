"""What of a second place may go into the vault as it is, asked for each batch: the vault may have gone on.

A batch goes in if its compartment still has the key under which it was sealed, if it follows where its log ends, and if
its author has not signed that record. What was signed can be read only with the key of `shared`: where a signature may
be, the batch waits until somebody signs in. What may never go in as it is, is set aside.

A member who has left counts as well: what was sealed under a key that is still the compartment's was noted in time.
"""

import contextlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from kapnotes.domain.custody import SignOff
from kapnotes.domain.entries import Entry
from kapnotes.domain.errors import VaultError
from kapnotes.domain.members import SHARED, Compartment
from kapnotes.vault import grants
from kapnotes.vault.chain import Event, Log, find_event, find_log, has_marked, last_events, logs_of
from kapnotes.vault.compartment_file import CompartmentFile
from kapnotes.vault.keyring import Keyring, WrappedKey
from kapnotes.vault.layout import AMENDMENT, Place, comp_bytes, event_hash, id_bytes
from kapnotes.vault.open_vault import OpenVault
from kapnotes.vault.opening import Opener
from kapnotes.vault.patients import COPIES, wrapped_keys
from kapnotes.vault.reading import LogReader
from kapnotes.vault.sealed_rows import SealedRows
from kapnotes.vault.signed import Signed, signed_in


@dataclass
class Sorted:
    """Batches of one compartment: in the vault already, to be taken in, for a key to decide, and to be set aside."""

    there: list[SealedRows] = field(default_factory=list)
    taken: list[SealedRows] = field(default_factory=list)
    undecided: list[SealedRows] = field(default_factory=list)
    aside: list[SealedRows] = field(default_factory=list)


class Intake:
    """Decides for one open vault."""

    def __init__(self, vault: OpenVault) -> None:
        self._vault = vault
        self._signed = Signed()
        self._read: set[bytes] = set()
        self._opened: dict[Event, bool] = {}
        """By the last entry of each opened batch for `shared`: whether it holds a signature that is not true."""

    def learn(self, keyring: Keyring, waiting: Mapping[bytes, Sequence[SealedRows]]) -> None:
        """Read what was signed of the sessions that are waited for, with the keys of one who signs in."""
        shared, directory = self._vault.shared, self._vault.directory
        sessions = {session for batches in waiting.values() for sealed in batches for session in self._sessions(sealed)}
        reader = LogReader(shared, keyring.keys_of(SHARED), directory)
        reads = [reader.read(log) for session in sorted(sessions) for log in logs_of(shared, session)]
        self._signed, self._read = signed_in(reads), sessions
        batches = waiting.get(comp_bytes(SHARED), [])
        with contextlib.closing(Opener(self._vault, keyring, None, SHARED)) as opener:
            for sealed in batches:
                others = [other for other in batches if other is not sealed]
                patient = opener.patient([sealed, *others])
                entries = opener.entries([sealed, *others], patient) if patient is not None else None
                with contextlib.suppress(VaultError):  # what it signs cannot be read; so it waits
                    self._opened[sealed.last] = any(map(self._is_untrue, entries or ()))

    def covers(self, author: bytes, session: bytes, compartment: Compartment) -> bool | None:
        """Tell whether the person of *author* has signed that record; None where a key would have to tell."""
        person = self._vault.directory.person(author)
        if session in self._read:
            return any(self._signed.covers(one.hex(), session.hex(), compartment) for one in person)
        shared = self._vault.shared
        own = (log for log in logs_of(shared, session) if log.member in person)
        return None if any(has_marked(shared, log.id) for log in own) else False

    def sort(self, compartment: Compartment, before: Sequence[SealedRows], batches: Iterable[SealedRows]) -> Sorted:
        """Sort *batches*, which come after those that wait for the disk *before* them.

        Raises:
            VaultError: the compartment's file cannot be read; nothing is decided.
        """
        file, place = self._vault.file(compartment), self._vault.place(compartment)
        epoch = grants.current_epoch(file, place, self._vault.directory).epoch
        state, found = _State(file, place, epoch), Sorted()
        for sealed in before:
            state.take(sealed)
        for sealed in batches:
            if _stands(file, sealed):
                found.there.append(sealed)
            elif found.undecided:  # it may follow one of these, and they are decided soon
                found.undecided.append(sealed)
            elif not state.is_fit(sealed):
                state.leave(sealed)
                found.aside.append(sealed)
            elif (is_signed := self._contradicts(state, sealed, compartment)) is None:
                found.undecided.append(sealed)
            elif is_signed:
                state.leave(sealed)
                found.aside.append(sealed)
            else:
                found.taken.append(state.take(sealed))
        return found

    def _contradicts(self, state: "_State", sealed: SealedRows, compartment: Compartment) -> bool | None:
        """Tell whether a batch and what was signed cannot stand together; None where a key has to tell."""
        is_signed = self._is_signed_off(state, sealed, compartment)
        return is_signed if is_signed is not False or compartment != SHARED else self._signs_untruly(state, sealed)

    def _is_untrue(self, entry: Entry) -> bool:
        """Tell whether an entry signs a record that was signed, or went on elsewhere, before it could be taken in."""
        if not isinstance(entry.body, SignOff):
            return False
        compartment = entry.body.compartment
        if self.covers(id_bytes(entry.author_id), id_bytes(entry.scope_id), compartment):
            return True
        alone = Signed()
        alone.add(entry)
        breaches = alone.breaches(self._vault.file(compartment), compartment, self._vault.directory)
        return any(breach.seq is not None or breach.finding.code == 2 for breach in breaches)

    def _signs_untruly(self, state: "_State", sealed: SealedRows) -> bool | None:
        """Tell whether a batch for `shared` holds a signature that must not stand; None where a key has to tell."""
        marked = {event.log for event in sealed.events if event.flags & AMENDMENT}
        if not marked or sealed.last in self._opened:
            return bool(marked) and self._opened[sealed.last]
        begun = {log.id: log for log in sealed.logs}
        logs = [log for one in marked if (log := begun.get(one) or state.log(one)) is not None]
        return None if any(self._went_on_elsewhere(log) for log in logs) else False

    def _went_on_elsewhere(self, log: Log) -> bool:
        """Tell whether the person of a log has written in its session on another laptop too."""
        person = self._vault.directory.person(log.member)
        every = (other for file in self._vault.every_file() for other in logs_of(file, log.session))
        return any(other.member in person and other.device != log.device for other in every)

    def _is_signed_off(self, state: "_State", sealed: SealedRows, compartment: Compartment) -> bool | None:
        """Tell whether something in a batch may not stand because of a signature; None where a key has to tell."""
        begun = {log.id: log for log in sealed.logs}
        unmarked = {event.log for event in sealed.events if not event.flags & AMENDMENT}
        logs = (begun.get(log) or state.log(log) for log in unmarked)
        sessions = {log.session for log in logs if log is not None}
        told = {self.covers(sealed.author, session, compartment) for session in sessions}
        return True if True in told else None if None in told else False

    def _sessions(self, sealed: SealedRows) -> set[bytes]:
        """Return the sessions of a batch; those of logs that are nowhere yet stand in another one."""
        begun = {log.session for log in sealed.logs}
        for log in {event.log for event in sealed.events} - {log.id for log in sealed.logs}:
            for file in self._vault.every_file():
                known = find_log(file, log)
                begun |= {known.session} if known is not None else set()
        return begun


class _State:
    """Where the logs of one file end and which keys it has, with what was decided to go in."""

    def __init__(self, file: CompartmentFile, place: Place, epoch: int) -> None:
        self._file = file
        self._place = place
        self._epoch = epoch
        self._ends: dict[bytes, bytes] = {}
        self._logs: dict[bytes, Log] = {}
        self._rows = {row for table in COPIES for key in _keys(file, table) for row in key.rows()}
        self._known = {(row.table, row.values[:2]) for row in self._rows}
        self._has_left_keys = False

    def log(self, log: bytes) -> Log | None:
        return self._logs.get(log) or find_log(self._file, log)

    def take(self, sealed: SealedRows) -> SealedRows:
        """Count a batch as written; returns it without the rows that are there already."""
        self._logs |= {log.id: log for log in sealed.logs}
        self._ends |= {event.log: event.h for event in sealed.events}
        rows = [row for row in sealed.rows if row not in self._rows]
        keys = [row for row in rows if row.table in COPIES]
        self._rows.update(keys)
        self._known.update((row.table, row.values[:2]) for row in keys)
        return replace(sealed, rows=rows)

    def leave(self, sealed: SealedRows) -> None:
        """Count a batch as not written: what comes after it may need its keys, unless they are of another epoch."""
        self._has_left_keys = self._has_left_keys or any(key.born == self._epoch for key in sealed.keys)

    def is_fit(self, sealed: SealedRows) -> bool:
        """Tell whether a batch is of the key that the compartment has, and follows what stands there."""
        births = {event.epoch for event in sealed.events} | {log.epoch for log in sealed.logs}
        births |= {log.born for log in sealed.logs}
        return births == {self._epoch} and self._has_its_keys(sealed) and self._follows(sealed)

    def _has_its_keys(self, sealed: SealedRows) -> bool:
        """Tell whether no other key of its patients is there, and none that it could need was left outside."""
        if self._has_left_keys and sealed.logs and not sealed.keys:
            return False
        new = [row for row in sealed.rows if row.table in COPIES and row not in self._rows]
        return not any((row.table, row.values[:2]) in self._known for row in new)

    def _follows(self, sealed: SealedRows) -> bool:
        begun = {log.id: log for log in sealed.logs}
        if any(self.log(log) is not None for log in begun):
            return False
        ends = dict(self._ends)
        for event in sealed.events:
            previous = ends.get(event.log) or self._end(event.log, begun.get(event.log))
            if not previous or event_hash(event.aad(self._place, previous), event.nonce, event.ct) != event.h:
                return False
            ends[event.log] = event.h
        return True

    def _end(self, log_id: bytes, begun: Log | None) -> bytes:
        newest = last_events(self._file, log_id)
        log = begun or self.log(log_id)
        return newest[0].h if newest else log.digest(self._place) if log is not None else b""


def _stands(file: CompartmentFile, sealed: SealedRows) -> bool:
    found: Event | None = find_event(file, sealed.last.log, sealed.last.seq)
    return found is not None and found.h == sealed.last.h


def _keys(file: CompartmentFile, table: str) -> list[WrappedKey]:
    try:
        return wrapped_keys(file, table)
    except VaultError:  # what is damaged is found by whoever reads it
        return []
