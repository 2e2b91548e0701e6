"""This computer's profile: the vault used last, and the name of this device in each. No keys, no patient."""

import json
from collections.abc import Callable
from pathlib import Path

from kapnotes.app.files import write_atomically

Entropy = Callable[[int], bytes]


class Profile:
    """A small JSON file in the user's own folder; a lost one costs nothing but the memory of the last vault."""

    def __init__(self, folder: Path, entropy: Entropy) -> None:
        self.folder = folder
        self._path = folder / "profile.json"
        self._entropy = entropy
        self._facts = self._read()

    def _read(self) -> dict[str, dict[str, str]]:
        try:
            facts = json.loads(self._path.read_text(encoding="utf-8"))
            accepted = dict(facts.get("accepted", {}))
            return {"devices": dict(facts["devices"]), "last": dict(facts["last"]), "accepted": accepted}
        except (OSError, ValueError, KeyError, TypeError, AttributeError):
            return {"devices": {}, "last": {}, "accepted": {}}

    def device_id(self, vault: Path) -> str:
        """Return this device's id in *vault* (32 hex digits), drawn at first use.

        It belongs to this computer, this folder, and this copy: a vault that is put elsewhere gets another, and so does
        one that is restored to where it was, so that two copies never continue the same log.
        """
        from hashlib import sha256

        from kapnotes.vault import restored  # when a vault is opened: the first window waits for no vault

        note = restored.load(vault)
        place = str(vault.resolve()) + (f"\0{note.copy}" if note else "")
        key = sha256(place.encode("utf-8", "surrogateescape")).hexdigest()
        devices = self._facts["devices"]
        if key not in devices:
            devices[key] = self._entropy(16).hex()
            self._write()
        return devices[key]

    @property
    def last_vault(self) -> Path | None:
        """Return the vault that was opened last, or None."""
        path = self._facts["last"].get("vault")
        return Path(path) if path else None

    @property
    def backup_folder(self) -> Path | None:
        """Return the folder elsewhere, a stick say, that backups go to; None for the vault's own."""
        path = self._facts["last"].get("backups")
        return Path(path) if path else None

    def keep_backups_in(self, folder: Path | None) -> None:
        """Let backups go to *folder* from now on, or to the vault's own place again."""
        if self.backup_folder != folder:
            self._facts["last"]["backups"] = str(folder.resolve()) if folder else ""
            self._write()

    def remember(self, vault: Path) -> None:
        """Keep *vault* as the one to offer next time."""
        if self.last_vault != vault.resolve():
            self._facts["last"]["vault"] = str(vault.resolve())
            self._write()

    def accepts(self, vault: Path, place: str) -> bool:
        """Tell whether this user chose to keep a vault there though the folder is in *place*."""
        return self._facts["accepted"].get(str(vault.resolve())) == place

    def accept(self, vault: Path, place: str) -> None:
        """Keep that choice."""
        self._facts["accepted"][str(vault.resolve())] = place
        self._write()

    def _write(self) -> None:
        self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        write_atomically(self._path, json.dumps(self._facts, indent=1).encode())
