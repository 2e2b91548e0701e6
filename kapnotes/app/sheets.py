"""Where a seat's half-typed lines are kept while a session is open, made on the writer's thread when it is opened."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from kapnotes.app.typed_fields import sheet_places
from kapnotes.domain.drafts import DraftLine
from kapnotes.domain.entries import Staffing
from kapnotes.domain.errors import KapnotesError
from kapnotes.domain.members import Compartment, Member
from kapnotes.vault.library import DraftFile


@dataclass(frozen=True, slots=True)
class Sheets:
    """The sheets of one session by compartment, and which window's line goes to which."""

    places: Mapping[str, Compartment] = field(default_factory=dict)
    files: Mapping[Compartment, DraftFile] = field(default_factory=dict)
    troubles: tuple[KapnotesError, ...] = ()
    """Why a sheet could not be opened; the session goes on without it."""

    @property
    def found(self) -> tuple[DraftLine, ...]:
        """Return the lines that stood there."""
        return tuple(line for file in self.files.values() for line in file.found)

    @property
    def unread(self) -> tuple[str, ...]:
        """Return a line for each sheet that holds something which cannot be read."""
        damaged = (file.path.name for file in self.files.values() if file.is_damaged)
        return tuple(f"{name}: a half-typed line cannot be read." for name in damaged)


def open_sheets(member: Member, staffing: Staffing | None, open_draft: Callable[[Compartment], DraftFile]) -> Sheets:
    """Open the sheets for what *member* will type. On the writer's thread."""
    places = sheet_places(member, staffing)
    files: dict[Compartment, DraftFile] = {}
    troubles = []
    for place in places.values():
        try:
            files[place] = open_draft(place)
        except KapnotesError as error:
            troubles.append(error)
    return Sheets(places, files, tuple(troubles))
