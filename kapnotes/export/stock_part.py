"""The drug's own book on the record: what was drawn with its lots, what was returned, and the balance of each drug."""

from kapnotes.domain.drug_entries import Drawn, Returned
from kapnotes.domain.drug_trail import balances
from kapnotes.domain.drug_words import stock_in_words
from kapnotes.domain.figure import plain
from kapnotes.domain.infusion import HUNDREDTH_MG
from kapnotes.export.course import Course
from kapnotes.export.flow import Align, Column
from kapnotes.export.page_words import clock_time
from kapnotes.export.sheet import CELL, FIGURES, FIGURES_STRONG, Sheet
from kapnotes.export.vitals_part import ELAPSED_WIDTH, TIME_WIDTH, elapsed_title


def stock(sheet: Sheet, course: Course) -> None:
    """Add what was drawn and returned, and drawn = given + wasted + returned; nothing where nothing was drawn."""
    translate, record = course.translate, course.record
    moved = [(entry, entry.body) for entry in record.standing() if isinstance(entry.body, Drawn | Returned)]
    if not moved:
        return
    sheet.subsection(translate("Page", "Drawn and returned"))
    sheet.grid(
        [
            Column(translate("Page", "time"), TIME_WIDTH),
            Column(elapsed_title(course), ELAPSED_WIDTH, Align.RIGHT),
            Column(translate("Page", "what"), 266, grows=True),
        ],
        [
            sheet.row(
                (clock_time(entry.happened), FIGURES),
                (course.elapsed(entry.happened), FIGURES),
                (", ".join([stock_in_words(body, translate, entry.happened), *course.remarks(entry)]), CELL),
            )
            for entry, body in moved
        ],
    )
    sheet.subsection(translate("Page", "Balance: drawn = given + wasted + returned, in mg"))
    sheet.grid(
        [
            Column(translate("Page", "drug"), 60, grows=True),
            Column(translate("Page", "drawn"), 38, Align.RIGHT),
            Column(translate("Page", "given"), 38, Align.RIGHT),
            Column(translate("Page", "wasted"), 38, Align.RIGHT),
            Column(translate("Page", "returned"), 38, Align.RIGHT),
            Column(translate("Page", "open"), 38, Align.RIGHT),
        ],
        [
            sheet.row(
                (one.drug, CELL),
                (plain(one.drawn_mg), FIGURES),
                (plain(one.given_mg.quantize(HUNDREDTH_MG)), FIGURES),
                (plain(one.wasted_mg), FIGURES),
                (plain(one.returned_mg), FIGURES),
                (plain(one.open_mg), FIGURES_STRONG),
            )
            for one in balances(record, course.issue.made_at)
        ],
    )
