"""What a line about the drug is held against before it is kept: what can be, the plan, the vial's month, the balance.

Nothing here suggests a dose: the plan is the protocol's, told as a fact, and what is far from it is asked about once.
"""

from dataclasses import dataclass
from decimal import Decimal

from kapnotes.domain.clock import Stamp
from kapnotes.domain.drug_entries import Drawn, Returned
from kapnotes.domain.drug_trail import balance_of, is_expired
from kapnotes.domain.entries import Dose, Infusion, MedicalBody, Waste
from kapnotes.domain.errors import Implausible, Misread
from kapnotes.domain.record import Record

FAR_FROM_PLAN = Decimal("0.2")
"""A dose further from the protocol's mg/kg than this share is asked about [general knowledge]."""

POSSIBLE_STOCK_MG = Decimal(10_000)
"""More is not drawn for one session; some rescue drugs come by the gram [general knowledge]."""

USUAL_DRAWN_MG = Decimal(1000)
"""More drawn at once is asked about: two vials of 500 mg [general knowledge]."""

POSSIBLE_MG_PER_ML = Decimal(1000)
"""No drug is in its solution more than its own weight; ketamine comes as 10, 50 and 100 mg/mL [general knowledge]."""


@dataclass(frozen=True, slots=True)
class Plan:
    """What the protocol plans for this patient: mg per kg, and mg by this session's weight."""

    mg_per_kg: Decimal
    mg: Decimal


def plan_of(record: Record) -> Plan | None:
    """Return the protocol's plan by this session's weight; None where it names no mg/kg, or no weight is noted."""
    weight_kg = record.opened.weight_kg if record.opened is not None else None
    planned = record.protocol.dose.mg_per_kg if record.protocol is not None else None
    if planned is None or weight_kg is None or weight_kg <= 0:
        return None
    return Plan(planned, planned * weight_kg)


def amount_against_plan(record: Record, body: MedicalBody) -> Decimal | None:
    """Return the mg that the plan is about: of a dose or a planned infusion of the protocol's drug, else None."""
    drug = record.protocol.dose.drug if record.protocol is not None else ""
    match body:
        case Dose(of, dose_mg, _, is_rescue) if of == drug and not is_rescue:
            return dose_mg
        case Infusion(of, _, planned_mg) if of == drug:
            return planned_mg
        case _:
            return None


def require_possible_stock(body: MedicalBody) -> None:
    """Refuse what nobody draws, wastes or returns.

    Raises:
        Implausible: an amount or a concentration above the possible.
    """
    match body:
        case Drawn(_, amount_mg) | Waste(_, amount_mg) | Returned(_, amount_mg) if amount_mg > POSSIBLE_STOCK_MG:
            raise Implausible(
                "{drug} {amount} mg is not possible (at most {most} mg).",
                drug=body.drug,
                amount=f"{amount_mg:f}",
                most=POSSIBLE_STOCK_MG,
            )
        case Drawn(concentration_mg_per_ml=per_ml) if per_ml is not None and per_ml > POSSIBLE_MG_PER_ML:
            raise Implausible(
                "{amount} mg/ml is not possible (at most {most} mg/ml).", amount=f"{per_ml:f}", most=POSSIBLE_MG_PER_ML
            )
        case _:
            pass


def unusual_in_trail(record: Record, body: MedicalBody, at: Stamp, but: str = "") -> tuple[str, ...]:
    """Return what of *body*, which happens *at* a moment, deserves a second look, one phrase each.

    *but* is the id of the entry that it corrects: the balance has counted that already.
    """
    found: list[str] = []
    plan, amount_mg = plan_of(record), amount_against_plan(record, body)
    if plan is not None and amount_mg is not None and abs(amount_mg - plan.mg) > plan.mg * FAR_FROM_PLAN:
        found.append(
            f"{amount_mg.normalize():f} mg is more than 20 % off the protocol's {plan.mg_per_kg.normalize():f} mg/kg "
            f"({_tenth(plan.mg)} mg)"
        )
    if isinstance(body, Drawn):
        if is_expired(body, at):
            found.append(f"the vial expired with {body.expires}")
        if body.drawn_mg > USUAL_DRAWN_MG:
            found.append(f"{body.drawn_mg.normalize():f} mg drawn is unusual (more than {USUAL_DRAWN_MG} mg)")
    if isinstance(body, Waste | Returned) and not but:
        out_mg = body.waste_mg if isinstance(body, Waste) else body.returned_mg
        balance = balance_of(record, body.drug, at)
        if balance is not None and out_mg > balance.open_mg:
            found.append(f"{out_mg.normalize():f} mg is more than is open ({balance.open_mg:f} mg)")
    return tuple(found)


def _tenth(amount_mg: Decimal) -> str:
    return f"{amount_mg.quantize(Decimal('0.1')).normalize():f}"


def require_flow(record: Record, body: MedicalBody, at: Stamp, column: int, *, is_pause: bool) -> None:
    """Refuse a stop where nothing runs or is paused, and a pause where nothing runs.

    Raises:
        Misread: at *column*, with what the infusion does.
    """
    if not isinstance(body, Infusion) or body.rate_mg_per_min > 0:
        return
    flow = record.infusion_at(at)
    if flow.is_running:
        return
    if not flow.is_paused:
        raise Misread("No infusion runs. inf 35/40 or inf 0.5 begins one.", column)
    if is_pause:
        raise Misread("The infusion is paused already. inf go resumes it, inf 0 stops it.", column)
