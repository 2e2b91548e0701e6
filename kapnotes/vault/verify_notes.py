"""What one verification knows and what it found so far; the checks stand in the other `verify_*` modules."""

import contextlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from kapnotes.domain.errors import VaultError
from kapnotes.vault import files, grants
from kapnotes.vault.compartment_file import CompartmentFile
from kapnotes.vault.faults import speaking_of
from kapnotes.vault.findings import Finding
from kapnotes.vault.layout import Place


@dataclass(frozen=True, slots=True)
class Checked:
    """A file that could be opened, and what it says it is."""

    file: CompartmentFile
    place: Place

    @property
    def name(self) -> str:
        """Return the name of the file."""
        return self.file.name


class Notes:
    """The findings of one verification, each only once, in the order in which they were made."""

    def __init__(self, folder: Path, heed: Callable[[], None]) -> None:
        self.folder = folder
        self.heed = heed
        self.entries = 0
        self._findings: dict[Finding, None] = {}

    @property
    def findings(self) -> tuple[Finding, ...]:
        """Return what was found so far."""
        return tuple(self._findings)

    def keep(self, finding: Finding | None) -> None:
        """Keep a finding, if it is one."""
        if finding is not None:
            self._findings[finding] = None

    def note(self, name: str, code: int, line: str) -> None:
        """Keep a finding about the file *name*; *code* is what it means for the exit code."""
        self._findings[Finding(name, code, line)] = None

    def note_missing(self, name: str) -> None:
        """Keep the finding that a file is not there."""
        self.note(name, 5, files.missing_line(self.folder, name))

    @contextlib.contextmanager
    def noting(self, name: str) -> Iterator[None]:
        """Turn an error of the block into a finding and go on after it; it is told of the file that it names."""
        try:
            with speaking_of(name):
                yield
        except VaultError as error:
            about = str(error.facts.get("name", name))
            self.note(about if about.endswith(".kapdb") else name, error.exit_code, str(error))


def known_epochs(every: list[Checked], place: Place) -> set[int]:
    """Return the epochs of a compartment that its own file or `shared.kapdb` knows."""
    epochs: set[int] = set()
    for checked in every:
        with contextlib.suppress(VaultError):
            epochs |= {number for comp, number in grants.epoch_rows(checked.file) if comp == place.comp}
    return epochs
