"""One step of a medical emergency, as it is stamped; which order is right is no program's business."""

from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum


class EmergencyAct(StrEnum):
    """What was done. The order is fixed, by name, airway, breathing, circulation and transport; it is no guideline."""

    BEGAN = "began"
    HELP_CALLED = "help_called"
    AIRWAY_OPENED = "airway_opened"
    OXYGEN_ON = "oxygen_on"
    SUCTION = "suction"
    IV_FLUID = "iv_fluid"
    INFUSION_STOPPED = "infusion_stopped"
    CPR_STARTED = "cpr_started"
    CPR_STOPPED = "cpr_stopped"
    DEFIBRILLATION = "defibrillation"
    EMS_CALLED = "ems_called"
    EMS_ARRIVED = "ems_arrived"
    TRANSPORTED = "transported"
    NOTE = "note"
    ENDED = "ended"


@dataclass(frozen=True, slots=True)
class EmergencyStep:
    """One step at one moment; `text` is a note's, the flow in L/min belongs to the oxygen and may come later."""

    act: EmergencyAct
    text: str = ""
    o2_l_per_min: Decimal | None = None
