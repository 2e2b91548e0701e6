"""A demo that was played in a process, and what other programs read in what it left behind."""

import subprocess
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from tests.commands import Commands, Said


class Demo:
    """What a demo left behind, and what other programs read in it."""

    therapist = "Demo Therapist, LCSW"
    crna = "Demo Nurse, CRNA"

    def __init__(self, folder: Path, said: Said) -> None:
        self.folder = folder
        self.vault = folder / "vault"
        self.said = said

    @classmethod
    def played(cls, kapnotes: Commands, folder: Path, *options: object, timeout_s: float = 55) -> "Demo":
        """Play a demo into *folder*, in a process that began from nothing."""
        return cls(folder, kapnotes("demo", "--out", folder, *options, is_fresh=True, timeout_s=timeout_s))

    def passphrase(self, name: str) -> str:
        """Return what a member or a page opens with."""
        lines = (self.folder / "passphrases.txt").read_text(encoding="utf-8").splitlines()
        return dict(line.rsplit(": ", 1) for line in lines if ": " in line)[name]

    def words(self, page: str) -> str:
        """Return what pdftotext reads on a page, cell by cell in the order of drawing."""
        command = ["pdftotext", "-raw", "-upw", self.passphrase(page), str(self.folder / page), "-"]
        return subprocess.run(command, check=True, capture_output=True).stdout.decode()

    def pixels(self) -> Iterator[tuple[str, Counter[int]]]:
        """Give each picture of a window with its pixels, as numbers 0xffRRGGBB with how often they occur."""
        from PySide6.QtGui import QImage

        for path in sorted(self.folder.glob("*.png")):
            image = QImage(str(path)).convertToFormat(QImage.Format.Format_RGB32)
            yield path.name, Counter(memoryview(image.constBits()).cast("B").cast("I"))
