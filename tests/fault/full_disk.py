"""A disk that is really full, or really read-only: 12 MiB in memory, mounted for one process and gone with it.

`python -m tests.fault.full_disk SCENARIO FOLDER COUNT` plays a scenario in the process that has the disk and prints its
faults, a line each; `played` starts it.
"""

import os
import subprocess
import sys
from contextlib import suppress
from pathlib import Path

from kapnotes.domain.entries import Note
from kapnotes.domain.errors import ReadOnly, SavedElsewhere, VaultError
from kapnotes.domain.members import therapy_of
from kapnotes.vault.verify import verify
from tests.fault.table import Tally
from tests.vault.conftest import Practice

ROOT = Path(__file__).resolve().parents[2]
UNSHARE = ("unshare", "-m") if hasattr(os, "geteuid") and os.geteuid() == 0 else ("unshare", "-Urm")
REFUSED = 77


class NoSmallDisk(Exception):
    """The machine lets nobody mount a disk in memory."""


def played(scenario: str, folder: Path, count: int = 0) -> Tally:
    """Play one scenario on a disk of its own and return what was wrong.

    Raises:
        NoSmallDisk: the machine does not allow it; the text says what it would need.
    """
    disk = folder / "disk"
    disk.mkdir(parents=True)
    shell = f'mount -t tmpfs -o size=12m none "$0" || exit {REFUSED}; exec "$@"'
    program = (sys.executable, "-m", "tests.fault.full_disk", scenario, str(folder), str(count))
    command = [*UNSHARE, "sh", "-c", shell, str(disk), *program]
    try:
        done = subprocess.run(command, check=False, capture_output=True, text=True, timeout=300, cwd=ROOT)
    except FileNotFoundError:
        raise NoSmallDisk("unshare (Debian: util-linux)") from None
    if done.returncode == REFUSED or "unshare failed" in done.stderr:
        raise NoSmallDisk("root, or user namespaces")
    tally = Tally(max(count, 1))
    tally.faults = [*done.stdout.splitlines(), *(done.stderr.splitlines()[-1:] if done.returncode else ())]
    return tally


class FullDisk:
    """A vault on the small disk, somebody who writes, and somebody's photographs that take the rest of it."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.practice = Practice(folder / "disk" / "vault", second_place=folder / "profile").create()
        self.faults: list[str] = []
        self.saved: list[str] = []
        self.elsewhere: list[str] = []
        self._photographs = (folder / "disk" / "photographs").open("wb", buffering=0)
        self.open()

    def open(self) -> None:
        self.library = self.practice.open()
        self.tess = self.practice.unlock(self.library, "Tess")
        self.compartment = therapy_of(self.tess.member.member_id)

    def fill(self) -> None:
        with suppress(OSError):
            while True:
                self._photographs.write(bytes(1024))

    def make_room(self) -> None:
        self._photographs.truncate(0)

    def note(self) -> None:
        entry = self.practice.entry(self.tess, Note(f"note {len(self.saved) + len(self.elsewhere)}"))
        try:
            self.library.append(self.tess, self.compartment, entry, patient_id=self.practice.patient)
        except SavedElsewhere:
            self.elsewhere.append(entry.entry_id)
        else:
            self.saved.append(entry.entry_id)

    def see(self, is_so: bool, what: str) -> None:
        if not is_so:
            self.faults.append(what)

    def end(self, expected: list[str]) -> list[str]:
        """Close, open and read again, verify; return all faults."""
        self.library.close()
        self.open()
        kept = [entry.entry_id for entry in self.library.read(self.tess, self.practice.session).entries]
        self.library.close()
        missing = len(set(expected) - set(kept))
        self.see(not missing, f"{missing} entries are lost")
        self.see(kept == expected, "order or number of the entries is another one")
        report = verify(self.practice.folder)
        self.see(report.exit_code == 0, f"verify: {[finding.line for finding in report.findings]}")
        return self.faults


def on_the_ballast(folder: Path, count: int) -> list[str]:
    """Write *count* more entries once the disk is full."""
    full = FullDisk(folder)
    full.library.disk.look()
    if not (full.practice.folder / ".ballast").exists():  # 12 MiB are too little for it to be made unasked
        full.library._vault.ballast._make()  # noqa: SLF001 - the disk of this scenario is that small
    full.fill()
    while len(full.saved) < count and not full.elsewhere:
        full.note()
    full.see(len(full.saved) >= count, f"only {len(full.saved)} fitted on the ballast")
    full.see(any("kept aside" in str(notice) for notice in full.library.notices()), "nobody was told")
    return full.end(full.saved)


def to_the_last_byte(folder: Path, count: int) -> list[str]:
    """Go on when there is no byte left, close and open there, write *count* more, and then get room."""
    full = FullDisk(folder)
    while not full.elsewhere:
        full.fill()
        full.note()
    for _ in range(count):
        full.note()
    with suppress(VaultError):  # there is no byte for the closing record
        full.library.close()
    full.open()
    full.see(full.library.disk.waiting_count == len(full.elsewhere), "what waits was not found again")
    full.note()
    full.make_room()
    full.library.disk.settle()
    full.see(not full.library.disk.waiting_count, "it was not taken in when there was room")
    before, full.saved = full.saved, []
    full.note()
    full.see(not any((folder / "profile").glob("waiting-*")), "the second place was not emptied")
    return full.end([*before, *full.elsewhere, *full.saved])


def read_only(folder: Path, count: int) -> list[str]:
    """Read a vault on a medium that takes no writing, for root neither."""
    full = FullDisk(folder)
    for _ in range(count):
        full.note()
    full.library.close()
    full._photographs.close()  # noqa: SLF001 - a file open for writing keeps a medium writable
    subprocess.run(["mount", "-o", "remount,ro", folder / "disk"], check=True)
    before = full.practice.hashes()
    full.open()
    kept = [entry.entry_id for entry in full.library.read(full.tess, full.practice.session).entries]
    full.see(kept == full.saved, "not all of it was read")
    full.see("Read only" in str(full.library.notices()[0]), "nobody was told")
    try:
        full.note()
    except ReadOnly:
        pass
    else:
        full.faults.append("an entry was said to be saved")
    full.library.close()
    full.see(full.practice.hashes() == before, "a byte was changed")
    return full.faults


SCENARIOS = {scenario.__name__: scenario for scenario in (on_the_ballast, to_the_last_byte, read_only)}

if __name__ == "__main__":
    for fault in SCENARIOS[sys.argv[1]](Path(sys.argv[2]), int(sys.argv[3])):
        sys.stdout.write(f"{fault}\n")
