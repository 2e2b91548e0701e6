"""Salvage: from the files of a damaged vault, or of a damaged backup, a new vault of all that is whole.

Rows are found page by page (`btree`) and believed only for what they prove: the key header by its signatures, a log by
its id, an entry by its author's signature and its place in the chain. Ciphertext and signatures are carried over as
they are, so nobody's passphrase is needed and `verify` of the new vault names every gap. An entry behind a gap is kept,
because the chain goes on from it, but it cannot prove its own place and is not shown.

The row of a log can be computed anew if it is lost, all but whom it is about; that is sealed, so it needs a member who
holds the compartment's key (`mend`).
"""

import contextlib
import shutil
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import product
from pathlib import Path

from cryptography.exceptions import InvalidTag

from kapnotes.domain.errors import VaultError
from kapnotes.domain.members import MEDICAL, SHARED, Compartment, therapy_of
from kapnotes.vault import files, grants, restored, slots, strict
from kapnotes.vault.backup import see_that_it_is_free
from kapnotes.vault.bundle import is_name
from kapnotes.vault.chain import Event, Log
from kapnotes.vault.compartment_file import Change, CompartmentFile, Row, build
from kapnotes.vault.directory import Directory
from kapnotes.vault.entropy import Entropy
from kapnotes.vault.faults import speaking_of
from kapnotes.vault.findings import Finding
from kapnotes.vault.grants import Grant
from kapnotes.vault.identity import Identity, Signed
from kapnotes.vault.keyring import CompartmentKeys, WrappedKey, held_keys
from kapnotes.vault.layout import MAX_SEQ, SUITE, Place, comp_bytes, event_hash, file_name, id_bytes, short
from kapnotes.vault.patients import COPIES
from kapnotes.vault.restored import Restored
from kapnotes.vault.salvage_rows import Wreck, layers, wrecks

_LOST_REF = bytes(32)


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


@dataclass(slots=True)
class _Kept:
    """What goes into one file of the new vault."""

    place: Place
    logs: dict[bytes, Log] = field(default_factory=dict)
    events: list[Event] = field(default_factory=list)
    lost_logs: list[bytes] = field(default_factory=list)


def salvage(
    source: Path, folder: Path, *, entropy: Entropy, helper: Helper | None, tell: Callable[[int, int], None]
) -> Salvaged:
    """Make the new vault *folder* of what is whole in *source*, which stays as it is: a vault to open, or none.

    *source* is the folder of a vault or a backup of one. *tell* hears how many entries were looked at.

    Raises:
        VaultMissing, VaultInUse: there is nothing of a vault, or another process has it.
        HeaderDamaged: no file holds who the members are; then only a backup helps.
        WrongPassphrase: not the helper's; nothing was made.
        InputOutput: *folder* exists already, or the disk does not take it.
    """
    see_that_it_is_free(folder)
    found = wrecks(source)
    part = folder.with_name(f".{folder.name}.part-{entropy(4).hex()}")
    with speaking_of(folder.name):
        try:
            part.mkdir(mode=0o700)
            with contextlib.ExitStack() as opened:
                header = part / "header"
                header.mkdir(mode=0o700)
                stack = []
                for file in layers(found, header):
                    opened.callback(file.close)
                    stack.append(file)
                salvaged = _Salvage(found, stack, entropy, tell).run(part, helper)
            shutil.rmtree(header)
            _carry_drafts(source, part)
            restored.write(part, Restored(entropy(16).hex(), "salvage of a damaged vault"))
            see_that_it_is_free(folder)
            part.rename(folder)
            files.sync_folder(folder.parent)
            return salvaged
        finally:
            shutil.rmtree(part, ignore_errors=True)


class _Salvage:
    """One run."""

    def __init__(
        self, found: list[Wreck], header: list[CompartmentFile], entropy: Entropy, tell: Callable[[int, int], None]
    ) -> None:
        self._found = found
        self._header = header
        self._entropy = entropy
        self._tell = tell
        self._missing: dict[Finding, None] = {}
        self._whole = 0
        self._unproven = 0
        self.directory = Directory.load(header)
        self.places = {place.comp: place for place in self._every_place()}
        self._epochs = self._read_epochs()

    def _every_place(self) -> Iterator[Place]:
        """Give every compartment there can be: each member of any time may have had process notes."""
        compartments: list[Compartment] = [SHARED, MEDICAL]
        members = {row.values[0] for wreck in self._found for row in wreck.rows.get("identity", ())}
        compartments += [therapy_of(member.hex()) for member in sorted(m for m in members if isinstance(m, bytes))]
        return (Place(self.directory.vault, comp_bytes(compartment)) for compartment in compartments)

    def run(self, folder: Path, helper: Helper | None) -> Salvaged:
        """Build the files of the new vault in *folder*."""
        identity = self._identity(helper) if helper is not None else None
        kept = {comp: _Kept(place) for comp, place in self.places.items()}
        self._keep_logs(kept)
        self._keep_events(kept)
        signed_grants = self._read_grants()
        header, pkeys = self._header_rows(), self._patient_keys()
        for comp, one in kept.items():
            if any(epoch_comp == comp for epoch_comp, _ in self._epochs) or one.events:
                self._build(folder, one, [*header, *signed_grants[comp]], pkeys[comp])
                self._see_who_holds_the_key(one.place, signed_grants[comp])
                if identity is not None and one.lost_logs:
                    self._mend(folder, one, identity)
                for log in one.lost_logs:
                    self._miss(one.place.name, f"whom log {short(log)} is about; its entries wait for a member's key")
        self._see_who_can_sign_in()
        return Salvaged(self._whole, self._unproven, tuple(self._missing))

    def _miss(self, name: str, what: str) -> None:
        self._missing[Finding(name, 1, f"{name}: lost is {what}.")] = None

    # ------------------------------------------------------------------------------------------ key header

    def _read_epochs(self) -> dict[tuple[bytes, int], Signed]:
        """Return every epoch that one who may has signed."""
        epochs: dict[tuple[bytes, int], Signed] = {}
        for layer in self._header:
            for (comp, number), signed in grants.epoch_rows(layer).items():
                with contextlib.suppress(VaultError):
                    grants.read_epoch(signed, comp, number, self.directory, layer.name)
                    epochs.setdefault((comp, number), signed)
        return epochs

    def _read_grants(self) -> dict[bytes, list[Row]]:
        """Return the rows of every grant that holds, by compartment; each says itself to which it belongs."""
        held: dict[tuple[bytes, int, bytes], Signed] = {}
        for layer in self._header:
            for (number, to), signed in grants.grant_rows(layer).items():
                grant = strict.decoded(signed.body, Grant)
                if grant is not None and grant.comp in self.places:
                    with contextlib.suppress(VaultError):
                        grants.read_grant(signed, grant.comp, number, to, self.directory, layer.name)
                        held.setdefault((grant.comp, number, to), signed)
        rows: dict[bytes, list[Row]] = defaultdict(list)
        for (comp, number, to), signed in held.items():
            rows[comp].append(Row("grants", (number, to, signed.body, signed.by, signed.sig)))
        return rows

    def _header_rows(self) -> list[Row]:
        """Return what every file keeps of the key header: members, slots, sheets."""
        newest: dict[bytes, Row] = {}
        recovery: dict[object, Row] = {}
        for layer in self._header:
            for member, (_, row) in slots.whole_slots(layer).items():
                newest.setdefault(member, row)
            for values in layer.rows("SELECT comp, body, by, sig FROM recovery", (17, -2, 16, 64)):
                recovery.setdefault(values[0], Row("recovery", values))
        return [*self.directory.rows(), *newest.values(), *recovery.values()]

    def _see_who_can_sign_in(self) -> None:
        there = {member for layer in self._header for member in slots.whole_slots(layer)}
        for member in self.directory.members:
            if id_bytes(member.member_id) not in there:
                self._miss(file_name(SHARED), f"the passphrase slot of {member.label}; the recovery sheet helps")

    def _identity(self, helper: Helper) -> Identity:
        member = self.directory.labelled(helper.label)
        slot = slots.find(self._header, member)
        return slots.open_slot(slot, member, helper.passphrase, self.directory.vault)

    # ----------------------------------------------------------------------------------------- logs, entries

    def _keep_logs(self, kept: dict[bytes, _Kept]) -> None:
        """Put every log where its id belongs; of several rows the one of the newest epoch counts."""
        for log in self._log_rows():
            for comp, place in self.places.items():
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
        for event in self._event_rows():
            by_log[event.log][event.seq][event] = None
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
        for log_id, numbers in by_log.items():
            self._miss(file_name(SHARED), f"what log {short(log_id)} is, with {len(numbers)} entries")

    def _event_rows(self) -> Iterator[Event]:
        for wreck in self._found:
            for row in reversed(wreck.rows.get("event", ())):
                seq, flags, suite, epoch = (row.values[at] for at in (2, 3, 4, 5))
                numbers = [seq, flags, suite, epoch]
                if all(isinstance(one, int) for one in numbers):
                    event = Event(*row.values[1:])  # type: ignore[arg-type]
                    is_possible = 0 < event.seq <= MAX_SEQ and event.flags in {0, 1} and 0 <= event.epoch < 1 << 32
                    if is_possible and event.suite == SUITE and 144 <= len(event.ct) <= 2097168:
                        yield event

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
        if not wanted:
            return
        known = [log for one in kept.values() for log in one.logs.values()]
        sessions = {log.session for log in known} | self._patients()
        devices = {log.device for log in known}
        members = [place.comp[1:] for place in self.places.values() if any(place.comp[1:])]
        epochs = {number for _, number in self._epochs} | {log.born for log in known}
        for session, member, device, born in product(sessions, members, devices, epochs):
            for comp, place in self.places.items():
                log = Log(b"", session, member, device, born, born, b"", _LOST_REF)
                log_id = log.digest(place)[:16]
                if log_id in wanted:
                    nonce = self._entropy(12)
                    kept[comp].logs[log_id] = Log(log_id, session, member, device, born, born, nonce, _LOST_REF)
                    wanted.discard(log_id)

    def _patients(self) -> set[bytes]:
        rows = (row for wreck in self._found for row in wreck.rows.get("pkey", ()))
        return {row.values[0] for row in rows if isinstance(row.values[0], bytes)} | {bytes(16)}

    def _keep_chain(self, one: _Kept, log: Log, numbers: dict[int, dict[Event, None]]) -> None:
        """Keep of each number the entry that fits the chain, or else one that its author signed."""
        if log.ref == _LOST_REF:
            one.lost_logs.append(log.id)
        previous, expected = log.digest(one.place), 1
        for seq in sorted(numbers):
            signed = [e for e in numbers[seq] if e.author == log.member and e.is_signed(self.directory)]
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

    # ---------------------------------------------------------------------------------------- patients' keys

    def _patient_keys(self) -> dict[bytes, list[Row]]:
        """Return both copies of every patient's key; a destroyed key stays destroyed, whatever older rows say."""
        candidates: dict[tuple[bytes, bytes, int], dict[WrappedKey, None]] = defaultdict(dict)
        for wreck in self._found:
            comp = wreck.place() or self._place_by_name(wreck.name)
            for row in wreck.rows.get("pkey", ()):
                key = WrappedKey(*row.values)  # type: ignore[arg-type]
                if comp in self.places and isinstance(key.born, int) and isinstance(key.epoch, int):
                    candidates[comp, key.patient, key.born][key] = None
        rows: dict[bytes, list[Row]] = defaultdict(list)
        for (comp, _, _), keys in candidates.items():
            newest = max(key.epoch for key in keys)
            destroyed = [key for key in keys if not any(key.wrapped)]
            current = destroyed or [key for key in keys if key.epoch == newest]
            for table, key in zip(COPIES, (current[0], current[-1]), strict=True):
                rows[comp].append(Row(table, (key.patient, key.born, key.epoch, key.nonce, key.wrapped)))
        return rows

    def _place_by_name(self, name: str) -> bytes:
        return next((comp for comp, place in self.places.items() if place.name == name), b"")

    # --------------------------------------------------------------------------------------------- building

    def _build(self, folder: Path, one: _Kept, header: Sequence[Row], pkeys: Sequence[Row]) -> None:
        comp = one.place.comp
        epochs = [
            Row("epoch", (epoch_comp, number, signed.body, signed.by, signed.sig))
            for (epoch_comp, number), signed in self._epochs.items()
            if comp in {epoch_comp, comp_bytes(SHARED)}
        ]
        logs = [log.row() for log in one.logs.values()]
        rows = [*header, *epochs, *pkeys, *logs, *(event.row() for event in one.events)]
        build(folder / one.place.name, one.place, rows)

    def _see_who_holds_the_key(self, place: Place, granted: Sequence[Row]) -> None:
        """Name who is entitled to the compartment's key and has it no more; `medical` may be given later anyway."""
        newest = max((number for comp, number in self._epochs if comp == place.comp), default=0)
        holders = {row.values[1] for row in granted if row.values[0] == newest}
        if not holders:
            self._miss(place.name, "its key for everybody; restore a backup or use its recovery sheet")
        elif place.comp != comp_bytes(MEDICAL):
            for member in self.directory.members:
                to = id_bytes(member.member_id)
                if self.directory.may_hold(to, place.comp) and to not in holders:
                    self._miss(place.name, f"its key for {member.label}, until another who holds it signs in")

    def _mend(self, folder: Path, one: _Kept, identity: Identity) -> None:
        """Say anew whom the lost logs are about: the patient whose key opens an entry."""
        file = CompartmentFile(folder / one.place.name)
        try:
            file.open()
            keys = held_keys(file, one.place, identity, self.directory)
            if keys is not None:
                one.lost_logs[:] = [log for log in one.lost_logs if not self._mended(file, keys, one, log)]
        except VaultError:
            return  # the helper does not hold this key
        finally:
            file.close()

    def _mended(self, file: CompartmentFile, keys: CompartmentKeys, one: _Kept, log_id: bytes) -> bool:
        log = one.logs[log_id]
        previous = log.digest(one.place)
        sql = "SELECT patient, born, epoch, nonce, wrapped FROM pkey_a WHERE born=?"
        wrapped = [WrappedKey(*row) for row in file.raw_rows(sql, (log.born,))]  # type: ignore[arg-type]
        for event in (event for event in one.events if event.log == log_id):
            for key in wrapped:
                cipher = keys.record_cipher(key, log.session)
                with contextlib.suppress(InvalidTag):
                    if cipher is not None:
                        cipher.decrypt(event.nonce, event.ct, event.aad(one.place, previous))
                        nonce = self._entropy(12)
                        ref = keys.wrap_ref(key.patient, log_id, nonce)
                        change = "UPDATE log SET epoch=?, nonce=?, ref=? WHERE id=?"
                        file.write([Change(change, (keys.epoch, nonce, ref, log_id))])
                        return True
            previous = event.h
        return False


def _carry_drafts(source: Path, folder: Path) -> None:
    if source.is_dir():
        for path in sorted(source.glob("*.draft")):
            if is_name(path.name):
                files.create_private(folder / path.name)
                (folder / path.name).write_bytes(path.read_bytes())


def _span(first: int, last: int) -> str:
    return f"entry {first}" if first == last else f"entries {first} to {last}"
