"""The codebook in use: the profile's own file where there is a good one, else the one that is shipped."""

from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

from kapnotes.app.files import write_atomically
from kapnotes.app.presets import shipped_codebook
from kapnotes.domain.codebook import Codebook, codebook_text, read_codebook
from kapnotes.domain.errors import BadFile, KapnotesError

FILE = "codebook.toml"
FAULTY = "codebook.faulty.toml"
"""Where an own file that could not be used is put before a good one takes its place."""

MAX_BYTES = 1_000_000


class CodebookShelf:
    """One codebook for all who use this profile. *check* refuses what the windows cannot take, a key of theirs say.

    `fault` says why the own file is not used, where there is one that is not.
    """

    def __init__(self, folder: Path, check: Callable[[Codebook], None]) -> None:
        self._folder = folder
        self._check = check
        self.fault: KapnotesError | None = None
        self.codebook = self._read()

    def _read(self) -> Codebook:
        path = self._folder / FILE
        try:
            return self._read_own(path)
        except FileNotFoundError:
            pass
        except OSError as error:
            self.fault = _not_used(path, error.strerror or type(error).__name__)
        except BadFile as error:
            self.fault = _not_used(path, str(error))
        except UnicodeDecodeError:
            self.fault = _not_used(path, "It is not UTF-8 text.")
        return shipped_codebook()

    def _read_own(self, path: Path) -> Codebook:
        with path.open("rb") as file:
            content = file.read(MAX_BYTES + 1)
        if len(content) > MAX_BYTES:
            raise BadFile("It is larger than a codebook can be.")
        codebook = read_codebook(content.decode("utf-8"))
        self._check(codebook)
        return codebook

    def keep(self, codebook: Codebook) -> None:
        """Use *codebook* from now on, and write it; a file that was not usable is put aside, not lost.

        Raises:
            BadFile: a key of it is the program's own.
            InputOutput: it could not be written; the old one stays in use.
        """
        self._check(codebook)
        self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        path = self._folder / FILE
        if self.fault is not None:
            with suppress(OSError):
                path.replace(self._folder / FAULTY)
        write_atomically(path, codebook_text(codebook).encode())
        self.codebook, self.fault = codebook, None


def _not_used(path: Path, reason: str) -> KapnotesError:
    return KapnotesError("{path} is not used, but the shipped codebook. {reason}", path=path, reason=reason)
