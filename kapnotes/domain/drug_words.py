"""The drug's own book in words, the same on screen and paper: drawn, returned, where and from what, paused, planned."""

from decimal import Decimal

from kapnotes.domain.clock import Stamp
from kapnotes.domain.drug_checks import amount_against_plan, plan_of
from kapnotes.domain.drug_entries import DoseDetail, Drawn, InfusionPause, Returned
from kapnotes.domain.drug_trail import agrees, detail_of, is_expired, open_balances
from kapnotes.domain.entries import Dose, Entry, Infusion, MedicalBody
from kapnotes.domain.figure import plain
from kapnotes.domain.infusion import HUNDREDTH_MG
from kapnotes.domain.record import Record
from kapnotes.domain.words import Translate


def stock_in_words(body: Drawn | Returned, translate: Translate, at: Stamp | None = None) -> str:
    """Return what was drawn or returned, with expiry, lot and volume as they were typed; *at* tells what had expired.

    What is looked for first stands first: a narrow table cuts the end.
    """
    if isinstance(body, Returned):
        words = translate("Drug", "returned: {drug} {mg} mg to {whom}")
        return words.format(drug=body.drug, mg=plain(body.returned_mg), whom=body.returned_to)
    words = translate("Drug", "drawn: {drug} {mg} mg").format(drug=body.drug, mg=plain(body.drawn_mg))
    volume = volume_in_words(body.volume_ml, body.concentration_mg_per_ml, translate)
    return " · ".join(filter(None, [words, *_vial_in_words(body, at, translate), volume]))


def _vial_in_words(drawn: Drawn, at: Stamp | None, translate: Translate) -> list[str]:
    has_expired = at is not None and is_expired(drawn, at)
    wording = translate("Drug", "exp {}, expired") if has_expired else translate("Drug", "exp {}")
    return [
        *([wording.format(drawn.expires)] if drawn.expires else []),
        *([translate("Drug", "lot {}").format(drawn.lot)] if drawn.lot else []),
    ]


def volume_in_words(volume_ml: Decimal | None, concentration_mg_per_ml: Decimal | None, translate: Translate) -> str:
    """Return volume and concentration, or the one that is known; nothing where neither is."""
    if volume_ml is None:
        if concentration_mg_per_ml is None:
            return ""
        return translate("Drug", "of {} mg/mL").format(plain(concentration_mg_per_ml))
    if concentration_mg_per_ml is None:
        return translate("Drug", "{} mL").format(plain(volume_ml))
    words = translate("Drug", "{volume} mL of {concentration} mg/mL")
    return words.format(volume=plain(volume_ml), concentration=plain(concentration_mg_per_ml))


def detail_in_words(detail: DoseDetail, translate: Translate) -> str:
    """Return the site, the volume and the concentration of a dose, as far as they were typed."""
    volume = volume_in_words(detail.volume_ml, detail.concentration_mg_per_ml, translate)
    return " · ".join(filter(None, [detail.site, volume]))


def beside_in_words(entry: Entry, record: Record, translate: Translate) -> list[str]:
    """Return what stands beside an entry that has no field for it: site and volume, a resumption."""
    said: list[str] = []
    match entry.body:
        case Dose() as dose:
            detail = detail_of(record, entry)
            if detail is not None:
                said.append(detail_in_words(detail, translate))
                if not agrees(dose, detail):
                    said.append(translate("Drug", "the volume does not make this dose"))
        case Infusion() if record.resumes(entry):
            said.append(translate("Drug", "goes on after the pause"))
        case _:
            pass
    return said


def paused_in_words(drug: str, translate: Translate) -> str:
    """Return that an infusion rests."""
    return translate("Drug", "infusion paused: {}").format(drug)


def against_plan_in_words(record: Record, body: MedicalBody, translate: Translate) -> list[str]:
    """Return mg/kg of a dose by this session's weight, and the protocol's plan beside it: facts, no advice."""
    weight_kg = record.opened.weight_kg if record.opened is not None else None
    amount_mg = amount_against_plan(record, body)
    said: list[str] = []
    if amount_mg is not None and weight_kg is not None and weight_kg > 0:
        said.append(translate("Drug", "{} mg/kg").format(plain((amount_mg / weight_kg).quantize(HUNDREDTH_MG))))
    plan = plan_of(record)
    planned_mg = record.protocol.dose.amounts_mg if record.protocol is not None else ()
    if amount_mg is not None and plan is not None:
        words = translate("Drug", "protocol: {per_kg} mg/kg = {mg} mg")
        said.append(words.format(per_kg=plain(plan.mg_per_kg), mg=plain(plan.mg.quantize(HUNDREDTH_MG))))
    elif amount_mg is not None and planned_mg:
        listed = " / ".join(plain(one) for one in planned_mg)
        said.append(translate("Drug", "protocol: {} mg").format(listed))
    return said


def attached_in_words(attached: DoseDetail | InfusionPause | None, translate: Translate) -> str:
    """Return what a line says beyond its body, before it is kept."""
    return detail_in_words(attached, translate) if isinstance(attached, DoseDetail) else ""


def is_doubtful(entry: Entry, record: Record) -> bool:
    """Tell whether the row of *entry* is to be marked: an expired vial, a volume that does not make the dose."""
    match entry.body:
        case Drawn() as drawn:
            return is_expired(drawn, entry.happened)
        case Dose() as dose:
            detail = detail_of(record, entry)
            return detail is not None and not agrees(dose, detail)
        case _:
            return False


def open_in_words(record: Record, until: Stamp, translate: Translate) -> str:
    """Return what is open, as in "15 mg, midazolam 3 mg": the session's own drug needs no name."""
    own = record.protocol.dose.drug.casefold() if record.protocol is not None else ""
    said = [
        translate("Drug", "{} mg").format(plain(one.open_mg))
        if one.drug.casefold() == own
        else translate("Drug", "{drug} {mg} mg").format(drug=one.drug, mg=plain(one.open_mg))
        for one in open_balances(record, until)
    ]
    return ", ".join(said)
