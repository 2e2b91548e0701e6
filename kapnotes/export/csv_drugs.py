"""The drug's own book in the table: what stands beside a dose is told in its line, a pause by its own name."""

from kapnotes.domain.countersigning import vouched_in_words
from kapnotes.domain.drug_entries import DoseDetail, Drawn, InfusionPause, Returned
from kapnotes.domain.drug_trail import detail_of
from kapnotes.domain.entries import Dose, Infusion
from kapnotes.domain.record import Record
from kapnotes.domain.words import in_english
from kapnotes.export.csv_text import Cell
from kapnotes.export.medical import Version

VOLUMES = ("ml", "mg_per_ml")
"""Columns of amounts, which identify nobody."""

VIALS = ("site", "lot", "expires", "countersigned")
"""Columns that the de-identified table leaves out: lots are serials, an expiry is a date, a site is free text."""


def is_beside(version: Version) -> bool:
    """Tell whether an entry is told in the line of the entry that it names."""
    return isinstance(version.body, DoseDetail | InfusionPause)


def beside(record: Record, version: Version) -> dict[str, Cell]:
    """Return what stands beside a dose, a setting of the infusion or waste, and who vouched for it."""
    signed: dict[str, Cell] = {"countersigned": "; ".join(vouched_in_words(record, version.entry, in_english)) or None}
    if isinstance(version.body, Infusion) and record.is_pause(version.entry):
        return {**signed, "what": "infusion_pause"}
    detail = detail_of(record, version.entry) if isinstance(version.body, Dose) else None
    if detail is None:
        return signed
    return {**signed, "site": detail.site or None, "ml": detail.volume_ml, "mg_per_ml": detail.concentration_mg_per_ml}


def stock(body: Drawn | Returned) -> dict[str, Cell]:
    """Return the cells of what was drawn or returned."""
    if isinstance(body, Returned):
        return {"drug": body.drug, "mg": body.returned_mg, "text": body.returned_to}
    return {
        "drug": body.drug,
        "mg": body.drawn_mg,
        "ml": body.volume_ml,
        "mg_per_ml": body.concentration_mg_per_ml,
        "lot": body.lot or None,
        "expires": body.expires or None,
    }
