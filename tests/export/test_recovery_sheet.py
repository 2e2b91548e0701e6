"""The page of a recovery sheet, as other programs read it."""

import re
import subprocess
from datetime import UTC, datetime
from io import BytesIO

import pikepdf
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from reportlab.graphics.barcode.qr import QrCodeWidget

from kapnotes.domain.clock import ManualClock
from kapnotes.domain.words import in_english
from kapnotes.export.recovery_sheet import QR_SIDE, Opens, SheetFacts, recovery_sheet_pdf

LINES = ("3PJW6-BJYEP-QNTQ", "4VGTA-07YSW-3PKW", "R56ZA-A3ZBG-0X2X", "9DKBW-K19YV-FY0S")
VAULT = "0f1e2d3c4b5a69788796a5b4c3d2e1f0"
NOW = ManualClock(datetime(2026, 3, 4, 13, 0, tzinfo=UTC)).now()


def page(opens=Opens.MEDICAL, *, lines=LINES, made_by="Tess, LCSW", size="A4"):
    return recovery_sheet_pdf(SheetFacts(opens, 3, VAULT, made_by, NOW, lines), in_english, size)


def text_of(pdf, tmp_path):
    path = tmp_path / "sheet.pdf"
    path.write_bytes(pdf)
    return subprocess.run(["pdftotext", "-raw", path, "-"], check=True, capture_output=True, text=True).stdout


@pytest.mark.parametrize("size", ["A4", "Letter"])
@pytest.mark.parametrize("opens", list(Opens))
def test_the_four_lines_are_read_as_they_were_made_whatever_the_paper(opens, size, tmp_path):
    text = text_of(page(opens, size=size), tmp_path)

    assert tuple(re.findall(r"\b[0-9A-HJKMNP-TV-Z]{5}-[0-9A-HJKMNP-TV-Z]{5}-[0-9A-HJKMNP-TV-Z]{4}\b", text)) == LINES
    with pikepdf.open(BytesIO(page(opens, size=size))) as pdf:
        assert len(pdf.pages) == 1


@pytest.mark.parametrize(
    ("opens", "keeper"),
    [(Opens.SHARED, "the practice"), (Opens.MEDICAL, "the practice"), (Opens.THERAPY, "a custodian")],
)
def test_it_says_what_it_opens_who_keeps_it_and_which_vault_and_sheet_it_is(opens, keeper, tmp_path):
    text = " ".join(text_of(page(opens), tmp_path).split())

    assert "0F1E-2D3C-4B5A-6978" in text
    assert "Sheet 3" in text
    assert "Tess, LCSW" in text
    assert keeper in text
    assert "press Ctrl+R" in text


def squares(pdf):
    """The filled squares of the page's content, in points from the lower left, sorted."""
    with pikepdf.open(BytesIO(pdf)) as opened:
        x, y, scale, stack, found, path = 0.0, 0.0, 1.0, [], [], []
        for operands, operator in pikepdf.parse_content_stream(opened.pages[0]):
            match str(operator):
                case "q":
                    stack.append((x, y, scale))
                case "Q":
                    x, y, scale = stack.pop()
                case "cm":
                    a, _, _, _, e, f = map(float, operands)
                    x, y, scale = x + scale * e, y + scale * f, scale * a
                case "re":
                    path.append(tuple(map(float, operands)))
                case "f" | "f*" | "B" | "b" | "n" | "S":
                    if str(operator) not in {"n", "S"}:
                        found += [(x + scale * rx, y + scale * ry, scale * w, scale * h) for rx, ry, w, h in path]
                    path = []
    return found


def dark_cells(pdf, modules, border):
    """Which cells of the code are dark, as a matrix from the top; each is seen at its middle."""
    cell = QR_SIDE / (modules + 2 * border)
    found = [(x, y, w, h) for x, y, w, h in squares(pdf) if w >= cell * 0.9 and abs(h - cell) < 0.05 * cell]
    left = min(x for x, _, _, _ in found)
    top = max(y + h for _, y, _, h in found)

    def is_dark(row, column):
        px, py = left + (column + 0.5) * cell, top - (row + 0.5) * cell
        return any(x <= px <= x + w and y <= py <= y + h for x, y, w, h in found)

    return [[is_dark(row, column) for column in range(modules)] for row in range(modules)]


def test_the_code_holds_the_four_lines_cell_by_cell():
    wanted = QrCodeWidget(" ".join(LINES), barLevel="M")
    wanted.qr.make()
    modules = wanted.qr.getModuleCount()

    assert dark_cells(page(), modules, wanted.barBorder) == [
        [bool(wanted.qr.isDark(row, column)) for column in range(modules)] for row in range(modules)
    ]


def test_another_sheet_has_another_code():
    other = (*LINES[:3], LINES[0])
    wanted = QrCodeWidget(" ".join(LINES), barLevel="M")
    wanted.qr.make()
    modules = wanted.qr.getModuleCount()

    assert dark_cells(page(lines=other), modules, wanted.barBorder) != dark_cells(page(), modules, wanted.barBorder)


@pytest.mark.parametrize(
    "name",
    [
        "<b>Tess</b> & <i>Co</i>",
        '<img src="/etc/hostname"/> Tess',
        '<a href="javascript:alert(1)">Tess</a>',
        "R&D AT&T <!-- x -->",
        "Τεσς Ωμέγα, LCSW",
    ],
)
def test_a_members_name_stands_there_as_it_is_and_draws_nothing(name, tmp_path):
    pdf = page(made_by=name)

    assert name.replace(" ", "") in "".join(text_of(pdf, tmp_path).split())
    with pikepdf.open(BytesIO(pdf)) as opened:
        everything = b"".join(bytes(str(one), "utf-8") for one in opened.objects)
        assert not any(mark in everything for mark in (b"/URI", b"/JS", b"/Launch", b"/EmbeddedFile", b"/Image"))
        assert "/Annots" not in opened.pages[0]


@settings(deadline=None, max_examples=25)
@given(st.text(max_size=64))
def test_whatever_a_name_is_there_is_one_page(name):
    with pikepdf.open(BytesIO(page(made_by=name))) as pdf:
        assert len(pdf.pages) == 1
        assert "/Annots" not in pdf.pages[0]
