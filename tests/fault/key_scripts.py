"""Scripts that change keys, and the vault they begin with; they say "done" when a change was reported as done."""

import contextlib
import json
import os
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path

from kapnotes.domain.entries import Entry, Note, PatientDetails, Signal, Vitals
from kapnotes.domain.errors import VaultError
from kapnotes.domain.members import MEDICAL, SHARED, Role
from kapnotes.vault.library import Keyring, Library
from tests.fault.scripts import LIGHT, PASSPHRASES, PATIENT, Told, Writer, clock, opened

NEW = "seven quiet herons wade upstream"
ADAS = "meadow pocket thunder basil"
MIAS = "walnut ferry cobalt sparrow"
OTHER, OTHER_SESSION = "a2" * 16, "60" * 16
PAPERS = "papers.json"


def prepare(folder: Path) -> set[str]:
    """Write of two patients, and make the recovery sheets; returns the ids of the entries of the second patient."""
    writer = Writer(folder / "vault", lambda _: None)
    for number in range(6):
        writer.write(number)
    writer.library.close()
    with _at_work(folder, "Tess", "Carl") as (library, tess, carl):
        append(library, tess, SHARED, PatientDetails("K-0142"), PATIENT, PATIENT)
        written = {
            append(library, tess, SHARED, Signal("slower"), OTHER_SESSION, OTHER),
            append(library, tess, tess.member.therapy, Note("of another"), OTHER_SESSION, OTHER),
            append(library, carl, MEDICAL, Vitals(heart_rate_bpm=Decimal(71), moaas=5), OTHER_SESSION, OTHER),
        }
        papers = []
        for compartment in (SHARED, MEDICAL, tess.member.therapy):
            lines = "\n".join(library.make_sheet(tess, compartment).lines)
            library.confirm_sheet(tess, compartment, lines)
            papers.append(lines)
    (folder / PAPERS).write_text(json.dumps(papers), encoding="ascii")
    return written


def owe_an_epoch(folder: Path) -> None:
    """Let an administrator who holds no medical key end Carl's membership: the medical file is owed a new key."""
    with _at_work(folder, "Tess") as (library, tess):
        library.add_member(tess, "Ada", ADAS, frozenset({Role.ADMIN}), cost=LIGHT)
    with contextlib.closing(opened(folder / "vault")) as library:
        library.revoke_member(library.unlock("Ada", ADAS), member_id(library, "Carl"))


def append(library: Library, keyring: Keyring, compartment, body, scope: str, patient: str) -> str:
    """Write one entry and return its id."""
    now = clock().now()
    entry = Entry(os.urandom(16).hex(), scope, keyring.member.member_id, now, now, body)
    library.append(keyring, compartment, entry, patient_id=patient)
    return entry.entry_id


def member_id(library: Library, label: str) -> str:
    """Return a member's id."""
    return next(member.member_id for member in library.members() if member.label == label)


@contextlib.contextmanager
def _at_work(folder: Path, *labels: str) -> Iterator[tuple]:
    library = opened(folder / "vault")
    try:
        yield library, *(library.unlock(label, PASSPHRASES[label]) for label in labels)
    except VaultError:
        with contextlib.suppress(VaultError):  # what was said first is what counts
            library.close()
        raise
    library.close()


# ------------------------------------------------------------------------------------------------ the scripts


def change_passphrase(folder: Path, say: Told) -> None:
    """Give Tess a new passphrase."""
    with _at_work(folder, "Tess") as (library, tess):
        library.change_passphrase(tess, PASSPHRASES["Tess"], NEW, cost=LIGHT)
        say("done")


def make_a_sheet(folder: Path, say: Told) -> None:
    """Make another medical recovery sheet and confirm it; the older one opens nothing any more."""
    with _at_work(folder, "Tess") as (library, tess):
        lines = "\n".join(library.make_sheet(tess, MEDICAL).lines)
        (folder / "new sheet").write_text(lines, encoding="ascii")
        library.confirm_sheet(tess, MEDICAL, lines)
        say("done")


def add_a_member(folder: Path, say: Told) -> None:
    """Add another CRNA."""
    with _at_work(folder, "Tess") as (library, tess):
        library.add_member(tess, "Mia", MIAS, frozenset({Role.MEDICAL}), cost=LIGHT)
        say("done")


def revoke(folder: Path, say: Told) -> None:
    """End Carl's membership."""
    with _at_work(folder, "Tess") as (library, tess):
        library.revoke_member(tess, member_id(library, "Carl"))
        say("done")


def begin_an_epoch(folder: Path, say: Told) -> None:
    """Sign in where a new key is owed."""
    with _at_work(folder, "Tess"):
        say("done")


def shred(folder: Path, say: Told) -> None:
    """Delete the first patient."""
    with _at_work(folder, "Tess") as (library, tess):
        library.shredder.delete(tess, [PATIENT])
        say("done")


def recover(folder: Path, say: Told) -> None:
    """Let Tess, who forgot her passphrase, go on by the sheets."""
    papers = json.loads((folder / PAPERS).read_text(encoding="ascii"))
    with _at_work(folder) as (library,):
        library.recover("Tess", papers, NEW, cost=LIGHT)
        say("done")


def on_a_failing_disk(folder: Path, say: Told, script: str) -> None:
    """Play one of these scripts, and say so where the vault says that it failed."""
    try:
        globals()[script](folder, say)
    except VaultError as error:
        say("failed, nobody knows" if "is not known" in str(error) else "failed, nothing changed")
