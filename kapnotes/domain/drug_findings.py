"""What of the drug's own book is missing before the medical record is signed."""

from kapnotes.domain.clock import Stamp
from kapnotes.domain.countersigning import candidates, countersigned
from kapnotes.domain.drug_entries import Drawn
from kapnotes.domain.drug_trail import balance_of, open_balances
from kapnotes.domain.entries import Dose, Entry, Infusion, Route, TakenBy, Waste
from kapnotes.domain.infusion import HUNDREDTH_MG
from kapnotes.domain.record import Record
from kapnotes.domain.words import Translate


def drug_findings(record: Record, now: Stamp, translate: Translate) -> list[str]:
    """Return what the drug's own book lacks at *now*, a line each; nothing where it is complete."""
    found: list[str] = []
    if record.infusion_is_paused:
        found.append(translate("Completeness", "The infusion is paused, and was neither resumed nor stopped."))
    not_drawn = _given_and_not_drawn(record, now)
    if not_drawn:
        found.append(translate("Completeness", "Nothing is noted as drawn of {}.").format(not_drawn))
    wording = translate(
        "Completeness",
        "{drug}: the balance is {open} mg, not 0 (drawn {drawn}, given {given}, wasted {wasted}, returned {returned}).",
    )
    found += [
        wording.format(
            drug=one.drug,
            open=f"{one.open_mg:f}",
            drawn=f"{one.drawn_mg.normalize():f}",
            given=f"{one.given_mg.quantize(HUNDREDTH_MG).normalize():f}",
            wasted=f"{one.wasted_mg.normalize():f}",
            returned=f"{one.returned_mg.normalize():f}",
        )
        for one in open_balances(record, now)
    ]
    found += [
        translate("Completeness", "{drug} drawn at {time} without its lot.").format(drug=drawn.drug, time=_time(entry))
        for entry, drawn in record.of(Drawn)
        if not drawn.lot
    ]
    found += [
        translate("Completeness", "Waste without a witness at {}.").format(_time(entry))
        for entry, waste in record.of(Waste)
        if not waste.witness.strip()
    ]
    return found + _signatures(record, translate)


def _signatures(record: Record, translate: Translate) -> list[str]:
    """Return which waste has its witness by name alone, and what was changed since a second member signed it."""
    unsigned = translate("Completeness", "Waste at {}: witness named, not signed.")
    changed = translate("Completeness", "At {}: changed since a second member signed it.")
    found: list[str] = []
    for entry in candidates(record):
        vouched = countersigned(record, entry)
        if vouched and not any(one.matches for one in vouched):
            found.insert(0, changed.format(_time(entry)))
        elif not vouched and isinstance(entry.body, Waste) and entry.body.witness.strip():
            found.insert(0, unsigned.format(_time(entry)))
    return found


def _given_and_not_drawn(record: Record, now: Stamp) -> str:
    """Return the session's drug where the staff gave it from a syringe and nothing of it was drawn, else nothing.

    A lozenge and a device of a spray are not drawn, nor is what the patient takes.
    """
    drug = record.protocol.dose.drug if record.protocol is not None else ""
    syringes = {Route.IV, Route.IM}
    doses = (dose for _, dose in record.of(Dose) if dose.taken_by is TakenBy.STAFF and dose.route in syringes)
    is_given = any(dose.drug == drug for dose in doses) or any(one.drug == drug for _, one in record.of(Infusion))
    return drug if is_given and balance_of(record, drug, now) is None else ""


def _time(entry: Entry) -> str:
    return f"{entry.happened.local():%H:%M}"
