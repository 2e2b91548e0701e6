"""A script that takes in what waits in a second place after the vault has gone on elsewhere."""

import contextlib
import os
import resource
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path

from kapnotes.domain.custody import SignOff
from kapnotes.domain.entries import Entry, Note, Signal, Vitals
from kapnotes.domain.errors import SavedElsewhere
from kapnotes.domain.members import MEDICAL, SHARED, Role
from kapnotes.vault.library import Library
from kapnotes.vault.spill import path_for
from tests.fault.scripts import LIGHT, PASSPHRASES, PATIENT, SESSION, Told, Writer, clock

HERE, ELSEWHERE = "de" * 16, "0b" * 16
OTHER, OTHER_SESSION = "a2" * 16, "60" * 16
WRITTEN = 6


def prepare(folder: Path) -> set[str]:
    """Let entries wait in a second place, and the vault go on elsewhere; returns the ids of what waits.

    The keys were changed, so that a new patient's cannot be taken in as they are; one record was signed.
    """
    writer = Writer(folder / "vault", lambda _: None)
    for number in range(WRITTEN):
        writer.write(number)
    writer.library.close()
    with at_work(folder, "Tess", "Carl") as (library, tess, carl):
        waits = [
            (carl, MEDICAL, _pulse(71), OTHER_SESSION, OTHER),
            (carl, MEDICAL, _pulse(72), OTHER_SESSION, OTHER),
            (tess, tess.member.therapy, Note("before the signature"), SESSION, PATIENT),
            (tess, SHARED, Signal("slower"), SESSION, PATIENT),
        ]
        with _failing_disk():
            waiting = {_wait(library, *one) for one in waits}
            library.close()
    with at_work(folder, "Tess", device=ELSEWHERE, second_place=None) as (library, tess):
        therapy = tess.member.therapy
        body = SignOff(therapy, "Tess", "LCSW", "complete", library.own_heads(tess, SESSION, therapy))
        library.append(tess, SHARED, _entry(tess, body, SESSION), patient_id=PATIENT)
        guest = library.add_member(tess, "Guest", "a passphrase of a guest", frozenset({Role.MEDICAL}), cost=LIGHT)
        library.revoke_member(tess, guest.member_id)
    return waiting


def move(old: Path, new: Path) -> None:
    """Give what waits the names that it has beside a vault that lies elsewhere now."""
    before, after = path_for(new / "profile", old / "vault"), path_for(new / "profile", new / "vault")
    for path in (new / "profile").iterdir():
        path.rename(path.with_name(path.name.replace(before.name, after.name)))


def take_in(folder: Path, say: Told) -> None:
    """Open the vault where entries wait, and let everybody sign in."""
    with at_work(folder, "Carl", "Tess"):
        say("done")


@contextlib.contextmanager
def at_work(folder: Path, *labels: str, device: str = HERE, **settings) -> Iterator[tuple]:
    """Yield the open vault and the keyrings of these members."""
    place = {"second_place": folder / "profile", **settings}
    library = Library.open(folder / "vault", device_id=device, entropy=os.urandom, clock=clock(), **place)
    with contextlib.closing(library):
        yield library, *(library.unlock(label, PASSPHRASES[label]) for label in labels)


def _wait(library: Library, keyring, compartment, body, scope: str, patient: str) -> str:
    entry = _entry(keyring, body, scope)
    with contextlib.suppress(SavedElsewhere):
        library.append(keyring, compartment, entry, patient_id=patient)
        raise AssertionError("the disk took it")
    return entry.entry_id


def _entry(keyring, body, scope: str) -> Entry:
    now = clock().now()
    return Entry(os.urandom(16).hex(), scope, keyring.member.member_id, now, now, body)


def _pulse(rate: int) -> Vitals:
    return Vitals(heart_rate_bpm=Decimal(rate), moaas=5)


@contextlib.contextmanager
def _failing_disk() -> Iterator[None]:
    """Let the system refuse every write behind the first 16 KiB of a file: the vault's are longer."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (16384, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
