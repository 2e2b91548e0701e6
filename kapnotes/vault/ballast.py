"""The file `.ballast`: 8 MiB kept aside for the day the disk is full, and how much room there is beside it.

A session must never end because somebody's photographs filled the disk: the ballast is let go, the person is told, and
the same sealed bytes are written again. 8 MiB are some thousand entries, more than any session has.
"""

import contextlib
import os
import shutil
from pathlib import Path

from kapnotes.domain.errors import DiskFull, VaultError
from kapnotes.domain.notices import Notice
from kapnotes.vault import files
from kapnotes.vault.entropy import Entropy
from kapnotes.vault.faults import speaking_of

NAME = ".ballast"
MIB = 1 << 20
SIZE = 8 * MIB

SCARCE = 256 * MIB
"""Below this it is said that the disk fills up."""

TOO_LITTLE = 32 * MIB
"""Below this no session is begun; one that runs is never stopped."""

NOTHING = MIB
"""Below this the disk counts as full, whatever the system calls the failure."""


class Ballast:
    """The room kept aside in one vault's folder."""

    def __init__(self, folder: Path, entropy: Entropy) -> None:
        self._path = folder / NAME
        self._entropy = entropy
        self._is_let_go = False
        self._scarce_mib: int | None = None

    @property
    def notices(self) -> tuple[Notice, ...]:
        """Return what to say of the room on the disk; looks at nothing anew."""
        if self._is_let_go:
            line = Notice(
                "The disk is full: entries go into {mib} MiB kept aside. Make room on it.", {"mib": SIZE // MIB}
            )
            return (line,)
        if self._scarce_mib is not None:
            return (Notice("The disk of the vault is nearly full: {mib} MiB are free.", {"mib": self._scarce_mib}),)
        return ()

    def look(self) -> None:
        """See how much room there is, and make the ballast where there is none and room for it. Slow disks: slowly."""
        with contextlib.suppress(VaultError):
            free = self._free()
            self._scarce_mib = free // MIB if free < SCARCE else None
            if self._path.exists():
                self._is_let_go = False
            elif free > SIZE + TOO_LITTLE:
                self._make()
                self._is_let_go = False

    def let_go(self, error: VaultError) -> bool:
        """Give the room back if *error* came of a full disk; tells whether there is more room now."""
        if not isinstance(error, DiskFull) and not self._is_full():
            return False
        try:
            with speaking_of(NAME):
                self._path.unlink()
                files.sync_folder(self._path.parent)
        except VaultError:
            return False
        self._is_let_go = True
        return True

    def see_that_a_session_fits(self) -> None:
        """See that there is room enough to begin a session.

        Raises:
            DiskFull: there is not.
            InputOutput: the disk does not say.
        """
        free = self._free()
        if free < TOO_LITTLE:
            raise DiskFull(
                "Only {free} MiB are free on the disk of the vault; a session needs {needed}. Make room, then start.",
                free=free // MIB,
                needed=TOO_LITTLE // MIB,
            )

    def _free(self) -> int:
        with speaking_of(NAME):
            return shutil.disk_usage(self._path.parent).free

    def _is_full(self) -> bool:
        try:
            return self._free() < NOTHING
        except VaultError:
            return False

    def _make(self) -> None:
        part = self._path.with_name(NAME + ".part")
        with speaking_of(NAME):
            part.unlink(missing_ok=True)
            files.create_private(part)
            try:
                with part.open("r+b") as file:
                    if hasattr(os, "posix_fallocate"):
                        os.posix_fallocate(file.fileno(), 0, SIZE)
                    else:
                        for _ in range(SIZE // MIB):
                            file.write(self._entropy(MIB))  # zeros might be stored as a hole
                files.sync(part)
                part.replace(self._path)
            finally:
                part.unlink(missing_ok=True)
            files.sync_folder(self._path.parent)
