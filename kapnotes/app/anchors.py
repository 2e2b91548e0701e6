"""What this computer remembers of each vault, outside the vault: how far it had come when it was last seen here.

A vault that was put back as a whole, with all its files, is whole in itself; only somebody who saw it later can tell.
No keys and no patient's word stand here: ids, numbers and hashes, which anybody sees in the vault's own files.
"""

import json
import threading
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

from kapnotes.app.files import write_atomically
from kapnotes.domain.custody import LogHead
from kapnotes.domain.members import Compartment
from kapnotes.vault.heads import Standing
from kapnotes.vault.layout import comp_bytes, compartment_of, id_bytes

NAME = "anchors.json"
LOGS = 256
"""How many logs of each file are remembered, those that were written to last; older ones rest."""


@dataclass
class _Anchor:
    """One vault. `logs`: by compartment, then by log, number and hash of the newest entry; the newest log last."""

    roster_version: int = 0
    epochs: dict[Compartment, int] = field(default_factory=dict)
    shredded: set[str] = field(default_factory=set)
    logs: dict[Compartment, dict[str, tuple[int, str]]] = field(default_factory=dict)


class Anchors:
    """The file `anchors.json` in the profile. A lost or damaged one forgets, and hinders nothing.

    It may be used from any thread. Each call reads the file anew: another window of the program may have written it.
    """

    def __init__(self, folder: Path) -> None:
        self._path = folder / NAME
        self._door = threading.Lock()

    def last_seen(self, vault_id: str) -> Standing | None:
        """Return how far that vault had come, None if it was never seen from here."""
        anchor = self._read().get(vault_id)
        if anchor is None:
            return None
        heads = [
            LogHead(compartment, log, seq, h)
            for compartment, logs in anchor.logs.items()
            for log, (seq, h) in logs.items()
        ]
        epochs = tuple(sorted(anchor.epochs.items()))
        return Standing(vault_id, tuple(heads), anchor.roster_version, epochs, tuple(sorted(anchor.shredded)))

    def keep(self, standing: Standing, *, is_behind: bool = False) -> None:
        """Remember how far a vault has come, also that nothing else was written.

        Where the vault *is_behind* what was seen, that stays remembered until a member has acknowledged it.

        Raises:
            KapnotesError: the profile cannot be written.
        """
        with self._door:
            anchors = self._read()
            anchor = anchors.setdefault(standing.vault_id, _Anchor())
            for head in standing.heads:
                logs = anchor.logs.setdefault(head.compartment, {})
                if not (is_behind and head.log_id in logs):
                    logs.pop(head.log_id, None)
                    logs[head.log_id] = (head.seq, head.h)
                for oldest in list(logs)[:-LOGS]:
                    del logs[oldest]
            anchor.roster_version = max(anchor.roster_version, standing.roster_version)
            for compartment, epoch in standing.epochs:
                anchor.epochs[compartment] = max(epoch, anchor.epochs.get(compartment, 0))
            anchor.shredded |= set(standing.shredded)
            self._write(anchors)

    def begin_anew(self, standing: Standing) -> None:
        """Take a vault for what it is now; the patients who were deleted stay remembered.

        Raises:
            KapnotesError: the profile cannot be written.
        """
        with self._door:
            anchors = self._read()
            gone = anchors.pop(standing.vault_id, _Anchor()).shredded
            anchors[standing.vault_id] = _Anchor(shredded=gone)
            self._write(anchors)
        self.keep(standing)

    def _read(self) -> dict[str, _Anchor]:
        with suppress(OSError, ValueError, KeyError, TypeError, AttributeError, IndexError, RecursionError):
            vaults = json.loads(self._path.read_text(encoding="utf-8"))["vaults"]
            return {vault: _anchor(facts) for vault, facts in vaults.items()}
        return {}

    def _write(self, anchors: dict[str, _Anchor]) -> None:
        facts = {"vaults": {vault: _facts(anchor) for vault, anchor in anchors.items()}}
        with suppress(OSError):
            self._path.parent.mkdir(parents=True, exist_ok=True)
        write_atomically(self._path, json.dumps(facts, separators=(",", ":")).encode())


def _facts(anchor: _Anchor) -> dict[str, object]:
    return {
        "roster": anchor.roster_version,
        "epochs": {comp_bytes(compartment).hex(): epoch for compartment, epoch in anchor.epochs.items()},
        "shredded": sorted(anchor.shredded),
        "logs": {comp_bytes(compartment).hex(): logs for compartment, logs in anchor.logs.items()},
    }


def _anchor(facts: dict[str, object]) -> _Anchor:
    """Return what *facts* say.

    Raises:
        ValueError, KeyError, TypeError, AttributeError: they are not what `_facts` writes.
    """
    roster, epochs, shredded, logs = facts["roster"], facts["epochs"], facts["shredded"], facts["logs"]
    if not (isinstance(epochs, dict) and isinstance(shredded, list) and isinstance(logs, dict)):
        raise TypeError("not an anchor")
    return _Anchor(
        _number(roster),
        {compartment_of(bytes.fromhex(comp)): _number(epoch) for comp, epoch in epochs.items()},
        {_id(patient) for patient in shredded},
        {compartment_of(bytes.fromhex(comp)): _logs(heads) for comp, heads in logs.items()},
    )


def _logs(heads: dict[str, Iterable[object]]) -> dict[str, tuple[int, str]]:
    logs = {}
    for log, (seq, h) in heads.items():
        if not isinstance(h, str) or len(bytes.fromhex(h)) != 32:
            raise ValueError("not a hash")
        logs[_id(log)] = (_number(seq), h)
    return logs


def _number(value: object) -> int:
    if type(value) is not int or value < 0:
        raise ValueError("not a number")
    return value


def _id(value: object) -> str:
    if not isinstance(value, str):
        raise TypeError("not an id")
    id_bytes(value)
    return value
