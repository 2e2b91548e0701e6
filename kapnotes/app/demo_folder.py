"""The folder a demo leaves behind: vault, pages, pictures, and the passphrases that open them."""

import shutil
from pathlib import Path

from kapnotes.app.files import write_atomically
from kapnotes.domain.errors import InputOutput, KapnotesError

MARKER = "passphrases.txt"
WARNING = "FOR THE DEMO ONLY. A real vault never writes a passphrase down."


class DemoFolder:
    """What stands in it, by name; made anew for each demo."""

    def __init__(self, path: Path) -> None:
        self.path = path.resolve()
        self.vault = self.path / "vault"
        self.summary = self.path / "summary.pdf"
        self.record = self.path / "record.pdf"
        self.profile = self.path / "profile"

    def make(self) -> None:
        """Make the folder; one that an earlier demo left is emptied, any other is left alone.

        Raises:
            KapnotesError: something that is no demo stands there.
            InputOutput: the folder cannot be made or emptied.
        """
        try:
            if self.path.exists() and not self.path.is_dir():
                raise KapnotesError("{path} is a file; choose another folder with --out.", path=self.path)
            if self.path.is_dir() and any(self.path.iterdir()):
                self._empty()
            self.path.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise InputOutput("{path} cannot be made: {strerror}.", path=self.path, strerror=error.strerror) from None

    def _empty(self) -> None:
        marker = self.path / MARKER
        if not marker.is_file() or not marker.read_text(encoding="utf-8", errors="replace").startswith(WARNING):
            raise KapnotesError(
                "{path} holds something else than a demo; choose another folder with --out.", path=self.path
            )
        for folder in (self.vault, self.profile):
            if folder.is_dir():
                shutil.rmtree(folder)
        for file in (*self.path.glob("*.png"), self.summary, self.record):
            file.unlink(missing_ok=True)

    def write_passphrases(self, passphrases: dict[str, str]) -> None:
        """Write down what opens the vault and the pages, marked as what it is."""
        lines = [WARNING, "", *(f"{name}: {passphrase}" for name, passphrase in passphrases.items()), ""]
        write_atomically(self.path / MARKER, "\n".join(lines).encode())

    def keep_picture(self, name: str, png: bytes) -> None:
        """Keep the picture of a window."""
        write_atomically(self.path / f"{name}.png", png)
