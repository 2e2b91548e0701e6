"""The disk under one open vault: how much room there is, and what waits for it in a second place."""

from kapnotes.domain.errors import SavedElsewhere
from kapnotes.domain.notices import Notice
from kapnotes.vault.keys_log import Journals
from kapnotes.vault.open_vault import OpenVault
from kapnotes.vault.spill import Spill

READ_ONLY = Notice("Read only: nothing can be noted here. Copy the vault to a writable place.")


class Disk:
    """Needs no keys. `notices` and `waiting_count` wait for nobody; the rest may take as long as the disk does."""

    def __init__(self, vault: OpenVault, journals: Journals, spill: Spill) -> None:
        self._vault = vault
        self._journals = journals
        self._spill = spill

    @property
    def notices(self) -> tuple[Notice, ...]:
        """Return what everybody at this vault should know as long as it holds, what weighs most first."""
        read_only = (READ_ONLY,) if self._vault.is_read_only else ()
        aside = self._spill.aside.notices(self._vault.directory)
        return (*read_only, *self._spill.notices, *self._vault.ballast.notices, *aside)

    @property
    def is_read_only(self) -> bool:
        """Tell whether the folder or its medium takes no writing."""
        return self._vault.is_read_only

    @property
    def waiting_count(self) -> int:
        """Return how many entries wait in the second place."""
        return self._spill.count

    def settle(self) -> None:
        """Try to write what waits; what still cannot be written waits on. On the writer's thread."""
        with self._vault.door:
            self._vault.see_that_it_is_open()
            self._journals.settle()

    def look(self) -> None:
        """See how much room there is, and keep the ballast. From any thread."""
        if not self._vault.is_closed and not self._vault.is_read_only:
            self._vault.ballast.look()

    def see_that_a_session_fits(self) -> None:
        """See that a session can begin here; one that runs is never stopped.

        Raises:
            ReadOnly: nothing can be written here.
            DiskFull: there is too little room; the line says how much.
            SavedElsewhere: the disk does not take what was noted before.
        """
        self._vault.see_that_it_takes_writing()
        self._vault.ballast.see_that_a_session_fits()
        if self._spill.count:
            raise SavedElsewhere(
                "Entries wait in a second place because the disk of the vault does not take them. "
                "Make room or bring the disk back, then start."
            )
