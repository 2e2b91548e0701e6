"""The steps of an emergency in words, the same on screen and paper."""

from kapnotes.domain.emergency_step import EmergencyAct, EmergencyStep
from kapnotes.domain.words import Translate


def act_in_words(act: EmergencyAct, translate: Translate) -> str:
    """Return what a step is; of a note that it is one."""
    return {
        EmergencyAct.BEGAN: translate("Emergency", "emergency began"),
        EmergencyAct.HELP_CALLED: translate("Emergency", "called for help"),
        EmergencyAct.AIRWAY_OPENED: translate("Emergency", "airway opened, bag-mask"),
        EmergencyAct.OXYGEN_ON: translate("Emergency", "O₂ on"),
        EmergencyAct.SUCTION: translate("Emergency", "suction"),
        EmergencyAct.IV_FLUID: translate("Emergency", "IV fluid"),
        EmergencyAct.INFUSION_STOPPED: translate("Emergency", "infusion stopped"),
        EmergencyAct.CPR_STARTED: translate("Emergency", "CPR started"),
        EmergencyAct.CPR_STOPPED: translate("Emergency", "CPR stopped"),
        EmergencyAct.DEFIBRILLATION: translate("Emergency", "defibrillation"),
        EmergencyAct.EMS_CALLED: translate("Emergency", "EMS called"),
        EmergencyAct.EMS_ARRIVED: translate("Emergency", "EMS arrived"),
        EmergencyAct.TRANSPORTED: translate("Emergency", "patient transported"),
        EmergencyAct.NOTE: translate("Emergency", "note"),
        EmergencyAct.ENDED: translate("Emergency", "emergency ended"),
    }[act]


def step_in_words(step: EmergencyStep, translate: Translate) -> str:
    """Return what *step* says: of a note its words, of the oxygen its flow."""
    if step.act is EmergencyAct.NOTE:
        return step.text
    if step.o2_l_per_min is not None:
        return translate("Emergency", "O₂ {flow} L/min").format(flow=f"{step.o2_l_per_min.normalize():f}")
    return act_in_words(step.act, translate)
