"""A page, or a table, is put into its file while somebody waits for it: the scripts of what is killed there."""

import contextlib
from collections.abc import Iterator
from pathlib import Path

from kapnotes.app.documents import Document
from kapnotes.app.files import write_atomically
from kapnotes.app.live_session import LiveSession
from kapnotes.app.paper import PaperDesk
from kapnotes.app.presets import shipped_protocols
from kapnotes.app.program import Program
from kapnotes.app.seat import Seat
from kapnotes.domain.entries import Note, Staffing
from kapnotes.domain.members import Role
from kapnotes.vault.kdf import KdfCost
from kapnotes.wiring import build_quiet_program
from tests.fault.scripts import Told, clock

LIGHT = KdfCost(64, 1, 1)
TESS = "Tess, LCSW"
PASSPHRASE = "otter lagoon violin cedar"


def program_in(folder: Path) -> Program:
    """Return a program without a screen; its profile lies beside the vault."""
    return build_quiet_program(clock=clock(), profile=folder / "profile", cost=LIGHT)


def make_practice(folder: Path) -> None:
    """Make a vault with a therapist and a session of one note in *folder*, and the folder that pages go to."""
    program, made = program_in(folder), []
    program.create_vault(folder / "vault", TESS, frozenset({Role.THERAPIST}), PASSPHRASE, made.append, _raise)
    program.sign_in(TESS, PASSPHRASE, made.append, _raise)
    seat = made[-1]
    seat.add_patient("K-0142", None, "", made.append, _raise)
    preset = shipped_protocols()[0]
    seat.start_session(made[-1], preset, Staffing.THERAPIST_ALONE, [seat.member], made.append, _raise)
    made[-1].keep(Note("noted"))
    assert program.close() == 0
    (folder / "out").mkdir()


def put_page(folder: Path, say: Told) -> None:
    """Put the page that lies ready into its place."""
    write_atomically(folder / "out" / "summary.pdf", (folder / "page.pdf").read_bytes())
    say("there")


def save_table(folder: Path, say: Told) -> None:
    """Sign in, and save the session as a table where another one stands."""
    _save(folder, say, Document.CSV, "table.csv")


def save_summary(folder: Path, say: Told) -> None:
    """Sign in, and save the summary where another one stands."""
    _save(folder, say, Document.SUMMARY, "summary.pdf")


OUT = ("table.csv", "summary.pdf")


def _save(folder: Path, say: Told, document: Document, name: str) -> None:
    with signed_in(folder) as (seat, live, program):
        desk = PaperDesk(seat, live, program.slow_worker, program.entropy, program.translate)
        desk.save(document, "Hospital", folder / "out" / name, [].append, _raise)
        say("there")


@contextlib.contextmanager
def signed_in(folder: Path) -> Iterator[tuple[Seat, LiveSession, Program]]:
    """Give the therapist's seat, the session, open, and the program, which is closed afterwards."""
    program, found = program_in(folder), []
    program.open_vault(folder / "vault", found.append, _raise)
    try:
        program.sign_in(TESS, PASSPHRASE, found.append, _raise)
        seat = found[-1]
        seat.open_session(next(iter(seat.session_cards())), found.append, _raise)
        yield seat, found[-1], program
    finally:
        program.close()


def _raise(error: Exception) -> None:
    raise error
