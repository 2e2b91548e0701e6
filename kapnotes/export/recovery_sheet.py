"""The page of a recovery sheet: what it opens, who keeps it, its four lines, and the same as a QR code."""

from dataclasses import dataclass, replace
from enum import StrEnum

from reportlab.graphics.barcode.qr import QrCodeWidget
from reportlab.graphics.shapes import Drawing

from kapnotes.domain.clock import Stamp
from kapnotes.domain.words import Translate
from kapnotes.export.fonts import Face
from kapnotes.export.page_words import short_date
from kapnotes.export.sheet import BODY, DIM, STRONG, Furniture, Sheet

LINE = replace(STRONG, face=Face.TABULAR, size=22.0, leading=34.0)
LINE_NUMBER_WIDTH = 40.0
QR_SIDE = 150.0


class Opens(StrEnum):
    """What a sheet opens; each has its keeper."""

    SHARED = "shared"
    MEDICAL = "medical"
    THERAPY = "therapy"


@dataclass(frozen=True, slots=True, repr=False)
class SheetFacts:
    """What stands on the page; `lines` are the secret."""

    opens: Opens
    number: int
    vault_id: str
    made_by: str
    made_at: Stamp
    lines: tuple[str, ...]


def recovery_sheet_pdf(facts: SheetFacts, translate: Translate, page_size: str = "A4") -> bytes:
    """Return the page as a PDF. It is not locked: whoever prints it could not type a passphrase into a printer."""
    name = translate("Page", "Recovery sheet")
    what, keeper = _words(facts.opens, translate)
    vault = "-".join(facts.vault_id[start : start + 4] for start in range(0, 16, 4)).upper()
    sheet = Sheet(Furniture(name, name, (), facts.made_at), translate, page_size)
    sheet.title(name, what)
    sheet.facts(
        [
            (translate("Page", "Vault"), vault),
            (translate("Page", "Sheet"), str(facts.number)),
            (translate("Page", "Made"), short_date(facts.made_at.local().date(), translate)),
            (translate("Page", "Made by"), facts.made_by),
            (translate("Page", "Keeper"), keeper),
        ]
    )
    sheet.room(14)
    sheet.numbered(((str(index), line) for index, line in enumerate(facts.lines, 1)), LINE, LINE_NUMBER_WIDTH)
    sheet.room(10)
    sheet.drawing(_qr(" ".join(facts.lines)))
    sheet.room(10)
    for text in _rules(translate):
        sheet.text(text, BODY, after=5)
    sheet.text(
        translate("Page", "The letters I, L, O and U do not occur: 0 and 1 are always digits."),
        DIM,
    )
    return sheet.pdf()


def _words(opens: Opens, translate: Translate) -> tuple[str, str]:
    """Return what a sheet opens, and who keeps it."""
    envelope = translate("Page", "the practice, in a sealed envelope, apart from the laptop")
    return {
        Opens.SHARED: (translate("Page", "for what the practice shares: patients, sessions, signatures"), envelope),
        Opens.MEDICAL: (translate("Page", "for the medical record, also in an emergency"), envelope),
        Opens.THERAPY: (
            translate("Page", "for one therapist's process notes"),
            translate("Page", "a custodian whom the therapist names; not the practice"),
        ),
    }[opens]


def _rules(translate: Translate) -> tuple[str, ...]:
    return (
        translate("Page", "Whoever has this page and a copy of the vault can read what it opens. Keep it sealed."),
        translate(
            "Page",
            "It works once it was typed back in the program and confirmed there; until then the older sheet does. "
            "A newer confirmed sheet ends this one.",
        ),
        translate(
            "Page",
            "To use it: on the sign-in window press Ctrl+R, then type the four lines or scan the code. In an emergency "
            "the sheet of the medical record shows vital signs and doses; everybody sees afterwards that it was used.",
        ),
    )


def _qr(text: str) -> Drawing:
    code = QrCodeWidget(text, barLevel="M", barWidth=QR_SIDE, barHeight=QR_SIDE)
    drawing = Drawing(QR_SIDE, QR_SIDE)
    drawing.add(code)
    return drawing
