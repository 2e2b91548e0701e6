"""The backups of one open vault: make one, see which there are, and where the vault itself came from."""

from pathlib import Path

from msgspec.structs import replace

from kapnotes.vault import backup, generations, restored
from kapnotes.vault.backup import Backup, Progress
from kapnotes.vault.faults import speaking_of
from kapnotes.vault.generations import Generation
from kapnotes.vault.open_vault import OpenVault
from kapnotes.vault.restored import Restored


class Backups:
    """Needs no keys, and may be used from any thread: others write meanwhile."""

    def __init__(self, vault: OpenVault, device: bytes) -> None:
        self._vault = vault
        self._device = device

    @property
    def folder(self) -> Path:
        """Return the vault's own place for backups."""
        return self._vault.folder / "backups"

    def make(self, folder: Path | None, tell: Progress) -> Backup:
        """Make a backup in *folder*, or in the vault's own place, and remove what is outdated there.

        Raises:
            InputOutput, DataDamaged: there is no new backup, and no old one was touched.
        """
        if folder is None:
            folder = self.folder
            with speaking_of(folder.name):
                folder.mkdir(mode=0o700, exist_ok=True)
        made = backup.make(self._vault, self._device, folder, backup.standard_name, tell)
        generations.prune(folder, self._vault.vault)
        return made

    def make_as(self, path: Path, tell: Progress) -> Backup:
        """Make a backup at *path*, where nothing stands yet; a folder takes it under the standard name."""
        if path.is_dir():
            return backup.make(self._vault, self._device, path, backup.standard_name, tell)
        backup.see_that_it_is_free(path)
        return backup.make(self._vault, self._device, path.parent, lambda *_: path.name, tell)

    def generations(self, folder: Path | None) -> list[Generation]:
        """Return the backups of this vault in *folder*, or in the vault's own place, the newest first."""
        return generations.generations(folder or self.folder, self._vault.vault)

    def restored_from(self) -> Restored | None:
        """Return where the vault came from, if it is a copy."""
        return restored.load(self._vault.folder)

    def note_restored(self, note: Restored) -> None:
        """Keep that the audit trail knows where the vault came from."""
        restored.write(self._vault.folder, replace(note, is_noted=True))
