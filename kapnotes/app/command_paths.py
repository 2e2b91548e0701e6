"""What the commands see to before they read or write a file that somebody named."""

from pathlib import Path

from kapnotes.domain.errors import InputOutput, KapnotesError, VaultMissing

OF_A_FILE = b"SQLite format 3\0"
"""How each file of a vault begins, also within a backup. Source: SQLite, "Database File Format", §1.3."""

PIECE = 1 << 20


def see_that_it_holds_files(source: Path) -> None:
    """See that *source*, if it is a file, may be a backup: a damaged one still holds the beginning of some file.

    Raises:
        VaultMissing: it holds none, so it is something else.
        InputOutput: it cannot be read.
    """
    if not source.is_file():
        return
    try:
        with source.open("rb") as file:
            before = b""
            while piece := file.read(PIECE):
                if OF_A_FILE in before + piece:
                    return
                before = piece[-len(OF_A_FILE) :]
    except OSError as error:
        raise InputOutput("{source} cannot be read ({why}).", source=source, why=error.strerror or "OSError") from None
    raise VaultMissing("There is nothing to salvage in {source}: it is no backup of a vault.", source=source)


def see_that_it_is_outside(vault: Path, path: Path) -> None:
    """See that *path* is not in the folder of *vault*: with that folder such a backup would be lost as well.

    Raises:
        KapnotesError: it is.
    """
    folder, place = vault.resolve(), path.resolve()
    if place == folder or folder in place.parents:
        raise KapnotesError(
            "{path} is in the folder of the vault: a backup there would be lost with it. Choose another folder.",
            path=path,
        )
