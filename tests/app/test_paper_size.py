"""The size of the pages: that of the system's locale, handed in where the program is built, or the one asked for."""

from io import BytesIO

import pikepdf
import pytest

from kapnotes.app.creating import create_vault
from kapnotes.app.documents import Document
from kapnotes.app.paper import PaperDesk
from kapnotes.domain.members import Role
from kapnotes.domain.paper_size import PaperSize
from kapnotes.wiring import build_quiet_program, system_paper
from tests.app.conftest import PASSPHRASE, House

POINTS = {PaperSize.A4: (595, 842), PaperSize.LETTER: (612, 792)}


def sizes_of(pdf, passphrase=""):
    with pikepdf.open(BytesIO(pdf), password=passphrase) as document:
        return {tuple(round(float(edge)) for edge in page.mediabox[2:]) for page in document.pages}


@pytest.mark.parametrize("paper", PaperSize)
def test_summary_and_record_are_on_the_programs_paper(team, tmp_path, caught, paper):
    house, therapist, crna, pad, log = team
    house.program.paper = paper
    for document, seat, live in ((Document.SUMMARY, therapist, pad), (Document.RECORD, crna, log)):
        done, program = caught(), house.program
        desk = PaperDesk(seat, live, program.slow_worker, program.entropy, program.translate)
        desk.save(document, "Ida Kern", tmp_path / f"{document}.pdf", done.append, done.failed)

        assert sizes_of(done.last.content, done.last.passphrase) == {POINTS[paper]}


@pytest.mark.parametrize("paper", PaperSize)
def test_recovery_sheets_are_on_the_programs_paper(tmp_path, paper):
    house = House(tmp_path / "home")
    house.program.paper = paper

    pages = create_vault(
        house.program, house.vault, "Tess, LCSW", frozenset({Role.THERAPIST}), PASSPHRASE, tmp_path / "sheets"
    )

    assert pages
    assert all(sizes_of(page.read_bytes()) == {POINTS[paper]} for page in pages)


@pytest.mark.parametrize(
    ("environment", "paper"),
    [
        ({"LANG": "en_US.UTF-8"}, PaperSize.LETTER),
        ({"LANG": "de_DE.UTF-8"}, PaperSize.A4),
        ({"LANG": "en_US.UTF-8", "LC_PAPER": "en_GB.UTF-8"}, PaperSize.A4),
        ({"LANG": "de_DE.UTF-8", "LC_ALL": "", "LC_PAPER": "en_US"}, PaperSize.LETTER),
        ({"LC_ALL": "C.UTF-8", "LC_PAPER": "en_US"}, PaperSize.A4),
    ],
)
def test_the_paper_is_that_of_the_first_variable_that_says_it(environment, paper):
    assert system_paper(environment) is paper


def test_a_program_is_built_on_the_systems_paper_or_on_the_one_asked_for(tmp_path, monkeypatch):
    monkeypatch.setenv("LC_ALL", "en_US.UTF-8")

    assert build_quiet_program(profile=tmp_path).paper is PaperSize.LETTER
    assert build_quiet_program(profile=tmp_path, paper=PaperSize.A4).paper is PaperSize.A4
