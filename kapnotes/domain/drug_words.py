"""The drug's own book in words, the same on screen and paper: drawn, returned, where and from what, paused, planned."""

from decimal import Decimal

from kapnotes.domain.drug_checks import amount_against_plan, plan_of
from kapnotes.domain.drug_entries import DoseDetail, Drawn, InfusionPause, Returned
from kapnotes.domain.drug_trail import Balance, agrees, detail_of, is_expired
from kapnotes.domain.entries import Dose, Entry, Infusion, MedicalBody
from kapnotes.domain.figure import plain
from kapnotes.domain.infusion import HUNDREDTH_MG
from kapnotes.domain.record import Record
from kapnotes.domain.words import Translate


def stock_in_words(body: Drawn | Returned, translate: Translate) -> str:
    """Return what was drawn or returned, with volume, lot and expiry as they were typed."""
    if isinstance(body, Returned):
        words = translate("Drug", "returned: {drug} {mg} mg to {whom}")
        return words.format(drug=body.drug, mg=plain(body.returned_mg), whom=body.returned_to)
    words = translate("Drug", "drawn: {drug} {mg} mg").format(drug=body.drug, mg=plain(body.drawn_mg))
    volume = volume_in_words(body.volume_ml, body.concentration_mg_per_ml, translate)
    return " · ".join(filter(None, [words, volume, *vial_in_words(body, translate)]))


def vial_in_words(drawn: Drawn, translate: Translate) -> list[str]:
    """Return lot and expiry, as far as they were typed."""
    return [
        *([translate("Drug", "lot {}").format(drawn.lot)] if drawn.lot else []),
        *([translate("Drug", "exp {}").format(drawn.expires)] if drawn.expires else []),
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
    """Return what stands beside an entry that has no field for it: site and volume, an expired vial, a resumption."""
    said: list[str] = []
    match entry.body:
        case Dose() as dose:
            detail = detail_of(record, entry)
            if detail is not None:
                said.append(detail_in_words(detail, translate))
                if not agrees(dose, detail):
                    said.append(translate("Drug", "the volume does not make this dose"))
        case Drawn() as drawn if is_expired(drawn, entry.happened):
            said.append(translate("Drug", "expired when it was drawn, confirmed"))
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


def balance_in_words(balance: Balance, translate: Translate) -> str:
    """Return how much of a drug is open, as in "ketamine 15 mg"."""
    return translate("Drug", "{drug} {mg} mg").format(drug=balance.drug, mg=plain(balance.open_mg))
