"""Salvage: from the files of a damaged vault, or of a damaged backup, a new vault of all that is whole.

Rows are found page by page (`btree`) and believed only for what they prove: the key header by its signatures, a log by
its id, an entry by its author's signature and its place in the chain. Ciphertext and signatures are carried over as
they are, so nobody's passphrase is needed and `verify` of the new vault names every gap. An entry behind a gap is kept,
because the chain goes on from it, but it cannot prove its own place and is not shown.

The row of a log can be computed anew if it is lost, all but whom it is about; that is sealed, so it needs a member who
holds the compartment's key (`salvage_mend`).
"""

import contextlib
import shutil
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import product
from pathlib import Path

from kapnotes.domain.errors import Tampered
from kapnotes.domain.members import SHARED
from kapnotes.vault import attempts, files, restored
from kapnotes.vault.backup import see_that_it_is_free
from kapnotes.vault.bundle import is_name
from kapnotes.vault.chain import Event, Log
from kapnotes.vault.compartment_file import Row, build
from kapnotes.vault.entropy import Entropy
from kapnotes.vault.faults import speaking_of
from kapnotes.vault.findings import Finding
from kapnotes.vault.identity import Identity
from kapnotes.vault.layout import KEYS_LOG, MAX_SEQ, NO_ID, SUITE, Place, event_hash, file_name, short
from kapnotes.vault.restored import Restored
from kapnotes.vault.salvage_header import SalvagedHeader
from kapnotes.vault.salvage_mend import LOST_REF, mend
from kapnotes.vault.salvage_rows import Wreck, layers, wrecks


@dataclass(frozen=True, slots=True)
class Salvaged:
    """What was carried over: whole entries, those that stand behind a gap, and what is missing, a line each."""

    entries: int
    unproven: int
    missing: tuple[Finding, ...]


@dataclass(frozen=True, slots=True)
class Helper:
    """A member whose keys say whom a log was about whose row is lost."""

    label: str
    passphrase: str

    def __repr__(self) -> str:
        return f"<helper {self.label}>"


@dataclass(slots=True)
class _Kept:
    """What goes into one file of the new vault."""

    place: Place
    logs: dict[bytes, Log] = field(default_factory=dict)
    events: list[Event] = field(default_factory=list)
    lost_logs: list[bytes] = field(default_factory=list)


def salvage(
    source: Path,
    folder: Path,
    *,
    entropy: Entropy,
    helper: Helper | None,
    tell: Callable[[int, int], None],
    backups: Sequence[Path] = (),
) -> Salvaged:
    """Make the new vault *folder* of what is whole in *source*, which stays as it is: a vault to open, or none.

    *source* is the folder of a vault or a backup of one; gaps in it are filled from *backups* of the same vault. *tell*
    hears how many entries were looked at.

    Raises:
        VaultMissing, VaultInUse: there is nothing of a vault, or another process has it.
        HeaderDamaged: no file holds who the members are; then only a backup helps.
        Tampered: a backup is of another vault.
        WrongPassphrase: not the helper's; nothing was made.
        InputOutput: *folder* exists already, or the disk does not take it.
    """
    see_that_it_is_free(folder)
    found = wrecks(source)
    for backup in backups:
        more = wrecks(backup)
        _see_that_it_is_the_same(found, more, backup)
        found += more  # what comes first is believed first
    part = folder.with_name(f".{folder.name}.part-{entropy(4).hex()}")
    with speaking_of(folder.name):
        try:
            part.mkdir(mode=0o700)
            (part / "header").mkdir(mode=0o700)
            with contextlib.ExitStack() as opened:
                stack = [opened.enter_context(contextlib.closing(file)) for file in layers(found, part / "header")]
                salvaged = _Salvage(found, SalvagedHeader(found, stack), entropy, tell).run(part, helper)
            shutil.rmtree(part / "header")
            _carry_drafts(source, part)
            restored.write(part, Restored(entropy(16).hex(), "salvage of a damaged vault"))
            attempts.begin(part)
            see_that_it_is_free(folder)
            part.rename(folder)
            files.sync_folder(folder.parent)
            return salvaged
        finally:
            shutil.rmtree(part, ignore_errors=True)


class _Salvage:
    """One run."""

    def __init__(
        self, found: list[Wreck], header: SalvagedHeader, entropy: Entropy, tell: Callable[[int, int], None]
    ) -> None:
        self._found = found
        self._header = header
        self._entropy = entropy
        self._tell = tell
        self._missing: dict[Finding, None] = {}
        self._whole = 0
        self._unproven = 0

    def run(self, folder: Path, helper: Helper | None) -> Salvaged:
        """Build the files of the new vault in *folder*."""
        header = self._header
        identity = header.identity(helper.label, helper.passphrase) if helper is not None else None
        kept = {comp: _Kept(place) for comp, place in header.places.items()}
        self._keep_logs(kept)
        self._keep_events(kept)
        rows, granted, pkeys = header.rows(), header.grant_rows(), header.patient_key_rows()
        for comp, one in kept.items():
            if any(epoch_comp == comp for epoch_comp, _ in header.epochs) or one.events:
                self._build(folder, one, [*rows, *granted[comp], *pkeys[comp]])
                self._see_who_holds_the_key(one.place, granted[comp])
                if identity is not None:
                    self._mend(folder, one, identity)
                for log in one.lost_logs:
                    self._miss(one.place.name, f"whom log {short(log)} is about; its entries wait for a member's key")
        for label in header.without_slot():
            self._miss(file_name(SHARED), f"the passphrase slot of {label}; the recovery sheet helps")
        return Salvaged(self._whole, self._unproven, tuple(self._missing))

    def _miss(self, name: str, what: str) -> None:
        self._missing[Finding(name, 1, f"{name}: lost is {what}.")] = None

    # ----------------------------------------------------------------------------------------- logs, entries

    def _keep_logs(self, kept: dict[bytes, _Kept]) -> None:
        """Put every log where its id belongs; of several rows the one of the newest epoch counts."""
        for log in self._log_rows():
            for comp, place in self._header.places.items():
                if log.digest(place)[:16] == log.id:
                    before = kept[comp].logs.get(log.id)
                    if before is None or before.epoch < log.epoch:
                        kept[comp].logs[log.id] = log

    def _log_rows(self) -> Iterator[Log]:
        """Give the rows of logs in the order in which they were begun, as far as that is known."""
        for wreck in self._found:
            for row in reversed(wreck.rows.get("log", ())):
                born, epoch = row.values[4:6]
                if isinstance(born, int) and isinstance(epoch, int) and min(born, epoch) >= 0 and born < 1 << 32:
                    yield Log(*row.values)  # type: ignore[arg-type]

    def _keep_events(self, kept: dict[bytes, _Kept]) -> None:
        by_log: dict[bytes, dict[int, dict[Event, None]]] = defaultdict(lambda: defaultdict(dict))
        rows: dict[Event, int] = {}
        for row, event in self._event_rows():
            by_log[event.log][event.seq][event] = None
            rows.setdefault(event, row)
        for log_id, seq in self._known_places():
            by_log[log_id][seq] = by_log[log_id][seq]
        self._find_lost_logs(kept, set(by_log))
        done, of = 0, sum(len(numbers) for numbers in by_log.values())
        for one in kept.values():
            for log in one.logs.values():
                numbers = by_log.pop(log.id, {})
                self._keep_chain(one, log, numbers)
                done += len(numbers)
                self._tell(done, of)
            one.events.sort(key=rows.__getitem__)  # in the order in which the file was written, whatever the log
        for log_id, numbers in by_log.items():
            self._miss(file_name(SHARED), f"what log {short(log_id)} is, with {len(numbers)} entries")

    def _event_rows(self) -> Iterator[tuple[int, Event]]:
        for wreck in self._found:
            for row in reversed(wreck.rows.get("event", ())):
                seq, flags, suite, epoch = (row.values[at] for at in (2, 3, 4, 5))
                numbers = [seq, flags, suite, epoch]
                if all(isinstance(one, int) for one in numbers):
                    event = Event(*row.values[1:])  # type: ignore[arg-type]
                    is_possible = 0 < event.seq <= MAX_SEQ and event.flags in {0, 1} and 0 <= event.epoch < 1 << 32
                    if is_possible and event.suite == SUITE and 144 <= len(event.ct) <= 2097168:
                        yield row.rowid, event

    def _known_places(self) -> Iterator[tuple[bytes, int]]:
        """Give log and number of every entry that the index knows, there or not."""
        for wreck in self._found:
            for row in wreck.rows.get("place", ()):
                match row.values:
                    case (bytes(log), int(seq), int()) if 0 < seq <= MAX_SEQ:
                        yield log, seq

    def _find_lost_logs(self, kept: dict[bytes, _Kept], wanted: set[bytes]) -> None:
        """Compute the rows of logs that are lost: a log's id is the hash of session, member, device and epoch."""
        wanted -= {log for one in kept.values() for log in one.logs}
        known = [log for one in kept.values() for log in one.logs.values()]
        sessions = {log.session for log in known} | self._patients()
        devices = {log.device for log in known}
        members = [place.comp[1:] for place in self._header.places.values() if any(place.comp[1:])]
        epochs = {number for _, number in self._header.epochs} | {log.born for log in known}
        for session, member, device, born in product(sessions, members, devices, epochs):
            if not wanted:
                return
            for comp, place in self._header.places.items():
                log = Log(b"", session, member, device, born, born, b"", LOST_REF)
                log_id = log.digest(place)[:16]
                if log_id in wanted:
                    nonce = self._entropy(12)
                    kept[comp].logs[log_id] = Log(log_id, session, member, device, born, born, nonce, LOST_REF)
                    wanted.discard(log_id)

    def _patients(self) -> set[bytes]:
        rows = (row for wreck in self._found for row in wreck.rows.get("pkey", ()))
        return {row.values[0] for row in rows if isinstance(row.values[0], bytes)} | {NO_ID, KEYS_LOG}

    def _keep_chain(self, one: _Kept, log: Log, numbers: dict[int, dict[Event, None]]) -> None:
        """Keep of each number the entry that fits the chain, or else one that its author signed."""
        if log.ref == LOST_REF:
            one.lost_logs.append(log.id)
        previous, expected = log.digest(one.place), 1
        for seq in sorted(numbers):
            signed = [e for e in numbers[seq] if e.author == log.member and e.is_signed(self._header.directory)]
            whole = [e for e in signed if event_hash(e.aad(one.place, previous), e.nonce, e.ct) == e.h]
            event = next(iter(whole or signed), None)
            if event is None:
                continue
            where = f"log {short(log.id)}"
            if seq != expected:
                self._miss(one.place.name, f"{_span(expected, seq - 1)} of {where}")
            if whole:
                self._whole += 1
            else:
                self._unproven += 1
                why = "damaged" if seq == expected else "behind a gap, so its place cannot be proven"
                self._miss(one.place.name, f"entry {seq} of {where}: it is {why}")
            one.events.append(event)
            previous, expected = event.h, seq + 1
        last = max(numbers, default=0)
        if last >= expected:
            self._miss(one.place.name, f"{_span(expected, last)} of log {short(log.id)}")

    # --------------------------------------------------------------------------------------------- building

    def _build(self, folder: Path, one: _Kept, header: Sequence[Row]) -> None:
        epochs = self._header.epoch_rows(one.place)
        logs = [log.row() for log in one.logs.values()]
        build(folder / one.place.name, one.place, [*header, *epochs, *logs, *(event.row() for event in one.events)])

    def _see_who_holds_the_key(self, place: Place, granted: Sequence[Row]) -> None:
        if not self._header.holders(place, granted):
            self._miss(place.name, "its key for everybody; restore a backup or use its recovery sheet")
            return
        for label in self._header.without_key(place, granted):
            self._miss(place.name, f"its key for {label}, until another who holds it signs in")

    def _mend(self, folder: Path, one: _Kept, identity: Identity) -> None:
        lost = [(one.logs[log], [event for event in one.events if event.log == log]) for log in one.lost_logs]
        if lost:
            path = folder / one.place.name
            mended = mend(path, one.place, lost, identity, self._header.directory, self._entropy)
            one.lost_logs[:] = [log for log in one.lost_logs if log not in mended]


def _see_that_it_is_the_same(found: Sequence[Wreck], more: Sequence[Wreck], backup: Path) -> None:
    vaults, others = ({wreck.vault() for wreck in some} - {None} for some in (found, more))
    if vaults and others - vaults:
        raise Tampered("{name} is of another vault. Nothing was made.", name=backup.name)


def _carry_drafts(source: Path, folder: Path) -> None:
    if source.is_dir():
        for path in sorted(source.glob("*.draft")):
            if is_name(path.name):
                files.create_private(folder / path.name)
                (folder / path.name).write_bytes(path.read_bytes())


def _span(first: int, last: int) -> str:
    return f"entry {first}" if first == last else f"entries {first} to {last}"
