"""The page of a recovery sheet as a file. It is not locked, so it is made only where nobody else gets a copy."""

from pathlib import Path

from kapnotes.app.files import write_atomically
from kapnotes.app.program import Program
from kapnotes.app.whereabouts import foreign_place_of
from kapnotes.domain.clock import Stamp
from kapnotes.domain.errors import ForeignPlace
from kapnotes.domain.members import Compartment
from kapnotes.vault.library import Sheet


def page_name(compartment: Compartment, number: int) -> str:
    """Return what the file of a sheet is called where nobody names it."""
    return f"recovery-{compartment.kind.name.lower()}-{number}.pdf"


def see_that_nobody_copies(folder: Path) -> None:
    """See that *folder* is on a disk of this computer, and not synchronised.

    Raises:
        ForeignPlace: it is not.
    """
    place = foreign_place_of(folder)
    if place:
        raise ForeignPlace(
            "{folder} belongs to {place}: a recovery sheet would be copied there, and it opens what it is for. "
            "Choose a folder of this computer's own disk, or a stick.",
            folder=folder,
            place=place,
        )


def write_page(program: Program, sheet: Sheet, made_by: str, made_at: Stamp, path: Path) -> None:
    """Put the page of a sheet at *path*, readable by this user alone.

    Raises:
        ForeignPlace: others would get a copy.
        InputOutput: it cannot be written.
    """
    see_that_nobody_copies(path.parent)
    write_atomically(path, sheet_page(program, sheet, made_by, made_at))


def sheet_page(program: Program, sheet: Sheet, made_by: str, made_at: Stamp) -> bytes:
    """Return the page of a sheet as a PDF that is not locked."""
    from kapnotes.export.recovery_sheet import Opens, SheetFacts, recovery_sheet_pdf

    opens = Opens(sheet.compartment.kind.name.lower())
    facts = SheetFacts(opens, sheet.number, sheet.vault_id, made_by, made_at, sheet.lines)
    return recovery_sheet_pdf(facts, program.translate, program.paper)
