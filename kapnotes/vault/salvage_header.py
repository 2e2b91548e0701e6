"""The key header of a salvaged vault: the members, and every epoch, grant, slot and patient's key that holds."""

import contextlib
from collections import defaultdict
from collections.abc import Iterator, Sequence

from kapnotes.domain.errors import VaultError
from kapnotes.domain.members import MEDICAL, SHARED, Compartment, therapy_of
from kapnotes.vault import grants, slots, strict
from kapnotes.vault.compartment_file import ANY, NUMBER, CompartmentFile, Row
from kapnotes.vault.directory import Directory
from kapnotes.vault.grants import Grant
from kapnotes.vault.identity import Identity, Signed
from kapnotes.vault.keyring import WrappedKey
from kapnotes.vault.layout import Place, comp_bytes, id_bytes
from kapnotes.vault.patients import COPIES
from kapnotes.vault.salvage_rows import Wreck


class SalvagedHeader:
    """Reads what was *found*, and the same rows of the key header as *layers* of files (`salvage_rows.layers`).

    Raises:
        HeaderDamaged, Tampered: no chain of rosters is whole; then only a backup helps.
    """

    def __init__(self, found: Sequence[Wreck], layers: Sequence[CompartmentFile]) -> None:
        self._found = found
        self._layers = layers
        self.directory = Directory.load(layers)
        self.places = {place.comp: place for place in self._every_place()}
        self.epochs = self._read_epochs()

    def _every_place(self) -> Iterator[Place]:
        """Give every compartment there can be: each member of any time may have had process notes."""
        compartments: list[Compartment] = [SHARED, MEDICAL]
        members = {row.values[0] for wreck in self._found for row in wreck.rows.get("identity", ())}
        compartments += [therapy_of(member.hex()) for member in sorted(m for m in members if isinstance(m, bytes))]
        return (Place(self.directory.vault, comp_bytes(compartment)) for compartment in compartments)

    def _read_epochs(self) -> dict[tuple[bytes, int], Signed]:
        """Return every epoch that one who may has signed."""
        epochs: dict[tuple[bytes, int], Signed] = {}
        for layer in self._layers:
            for (comp, number), signed in grants.epoch_rows(layer).items():
                with contextlib.suppress(VaultError):
                    grants.read_epoch(signed, comp, number, self.directory, layer.name)
                    epochs.setdefault((comp, number), signed)
        return epochs

    # ------------------------------------------------------------------------------------------------ rows

    def rows(self) -> list[Row]:
        """Return what every file keeps: members, rosters, slots, sheets."""
        newest: dict[bytes, Row] = {}
        recovery: dict[object, Row] = {}
        for layer in self._layers:
            for member, (_, row) in slots.whole_slots(layer).items():
                newest.setdefault(member, row)
            for values in layer.rows("SELECT * FROM recovery", (17, NUMBER, ANY, 16, 64)):
                recovery.setdefault(values[:2], Row("recovery", values))
        return [*self.directory.rows(), *newest.values(), *recovery.values()]

    def epoch_rows(self, place: Place) -> list[Row]:
        """Return the epochs that the file of *place* keeps: its own; `shared` keeps all."""
        return [
            Row("epoch", (comp, number, signed.body, signed.by, signed.sig))
            for (comp, number), signed in self.epochs.items()
            if place.comp in {comp, comp_bytes(SHARED)}
        ]

    def grant_rows(self) -> dict[bytes, list[Row]]:
        """Return every grant that holds, by compartment; each says itself to which it belongs."""
        held: dict[tuple[bytes, int, bytes], Signed] = {}
        for layer in self._layers:
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

    def patient_key_rows(self) -> dict[bytes, list[Row]]:
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
            destroyed = [key for key in keys if key.is_destroyed]
            current = destroyed or [key for key in keys if key.epoch == newest]
            for table, key in zip(COPIES, (current[0], current[-1]), strict=True):
                rows[comp].append(Row(table, (key.patient, key.born, key.epoch, key.nonce, key.wrapped)))
        return rows

    def _place_by_name(self, name: str) -> bytes:
        return next((comp for comp, place in self.places.items() if place.name == name), b"")

    # ---------------------------------------------------------------------------------------------- people

    def identity(self, label: str, passphrase: str) -> Identity:
        """Return a member's identity from whichever slot opens.

        Raises:
            WrongPassphrase, HeaderDamaged: see `slots.open_slot`.
        """
        member = self.directory.labelled(label)
        slot = slots.find(self._layers, member)
        return slots.open_slot(slot, member, passphrase, self.directory.vault)

    def without_slot(self) -> list[str]:
        """Return the names of those whose passphrase opens nothing any more."""
        there = {member for layer in self._layers for member in slots.whole_slots(layer)}
        return [member.label for member in self.directory.members if id_bytes(member.member_id) not in there]

    def without_key(self, place: Place, granted: Sequence[Row]) -> list[str]:
        """Return the names of those who are entitled to a compartment's key and were not *granted* it.

        `medical` is given by a holder at the next sign-in, so there one may still be missing.
        """
        holders = self.holders(place, granted)
        if place.comp == comp_bytes(MEDICAL):
            return []
        entitled = [m for m in self.directory.members if self.directory.may_hold(id_bytes(m.member_id), place.comp)]
        return [member.label for member in entitled if id_bytes(member.member_id) not in holders]

    def holders(self, place: Place, granted: Sequence[Row]) -> set[object]:
        """Return who has the newest key of a compartment."""
        newest = max((number for comp, number in self.epochs if comp == place.comp), default=0)
        return {row.values[1] for row in granted if row.values[0] == newest}
