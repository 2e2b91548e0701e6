"""A new vault from the command line, with the pages of its recovery sheets if somebody wants them at once."""

from contextlib import suppress
from pathlib import Path

from kapnotes.app.keys import KeyDesk, Sheet
from kapnotes.app.passphrase import require_strong
from kapnotes.app.program import Program
from kapnotes.app.seat import Seat
from kapnotes.app.sheet_pages import page_name, see_that_nobody_copies, write_page
from kapnotes.domain.errors import InputOutput, KapnotesError, VaultError
from kapnotes.domain.members import Role

_PAGES = "recovery-*.pdf"
"""What every page of a sheet is called; see `page_name`."""


def create_vault(
    program: Program,
    vault: Path,
    label: str,
    roles: frozenset[Role],
    passphrase: str,
    sheets: Path | None = None,
) -> tuple[Path, ...]:
    """Make a vault with its first member, and the pages of its recovery sheets in the folder *sheets*.

    Returns the pages that were written.

    Raises:
        KapnotesError: the passphrase or a folder will not do, or the vault cannot be made; nothing is left half-made.
        VaultError: the vault is made, but not every page; the text says so.
    """
    require_strong(passphrase, passphrase, [label])
    is_ours = sheets is not None and _made_ready(sheets, vault)
    try:
        program.create_vault(vault, label, roles, passphrase, _nothing, _raise)
    except BaseException:
        if sheets is not None and is_ours:
            with suppress(OSError):
                sheets.rmdir()
        raise
    finally:
        if sheets is None or not program.has_vault:
            program.close()
    if sheets is None:
        return ()
    try:
        return _make_pages(program, label, passphrase, sheets)
    except VaultError as error:
        template = "The vault is made, but not every recovery sheet: {reason} Ctrl+K in the program makes them."
        raise InputOutput(template, reason=str(error)) from None
    finally:
        program.close()


def _made_ready(sheets: Path, vault: Path) -> bool:
    """See that *sheets* can take the pages; tell whether it was made for them."""
    inside, above = sheets.expanduser().resolve(), vault.expanduser().resolve()
    if above == inside or above in inside.parents:
        raise KapnotesError("The sheets open the vault, so their pages are not kept in it; name another folder.")
    see_that_nobody_copies(sheets)
    if sheets.is_dir():
        taken = next(iter(sorted(sheets.glob(_PAGES))), None)
        if taken is not None:
            raise KapnotesError("{path} is there already; nothing was changed.", path=taken)
        return False
    try:
        sheets.mkdir(mode=0o700)
    except OSError as error:
        reason = error.strerror or type(error).__name__
        raise InputOutput(
            "{folder} cannot be made ({reason}). Nothing was changed.", folder=sheets, reason=reason
        ) from None
    return True


def _make_pages(program: Program, label: str, passphrase: str, folder: Path) -> tuple[Path, ...]:
    seats: list[Seat] = []
    program.sign_in(label, passphrase, seats.append, _raise)
    desk = KeyDesk(program, seats[0])
    pages = []
    for card in desk.sheets():
        made: list[Sheet] = []
        desk.make_sheet(card.compartment, made.append, _raise)
        path = folder / page_name(card.compartment, made[0].number)
        write_page(program, made[0], seats[0].member.label, program.clock.now(), path)
        pages.append(path)
    return tuple(pages)


def _raise(error: Exception) -> None:
    raise error


def _nothing(_: None) -> None:
    """Nothing more is to be done."""
