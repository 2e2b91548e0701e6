"""Patients who were deleted and whom a restored backup brought back: deleted again at the next sign-in."""

from dataclasses import dataclass

from kapnotes.domain.members import Role
from kapnotes.vault.library import Keyring, Library


@dataclass(frozen=True, slots=True)
class Returned:
    """How many deleted patients a restored backup brought back, and whether this sign-in deleted them again."""

    count: int
    is_deleted_again: bool


def delete_returned(
    library: Library, keyring: Keyring, deleted_before: tuple[str, ...], *, is_session_running: bool
) -> Returned | None:
    """Delete again whom a restored backup brought back, where this member may. On the writer's thread.

    Who was deleted, the profile of this computer remembers: the backup is older. Of a vault that is no copy it is not
    believed, so that nobody deletes a patient by changing the profile alone.
    """
    if library.disk.is_read_only or library.backups.restored_from() is None:
        return None
    returned = library.shredder.returned(deleted_before)
    if not returned:
        return None
    if Role.ADMIN not in keyring.member.roles or is_session_running:
        return Returned(len(returned), is_deleted_again=False)
    library.shredder.delete(keyring, returned)
    return Returned(len(returned), is_deleted_again=True)
