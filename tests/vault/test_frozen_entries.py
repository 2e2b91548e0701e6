"""Entries as FORMAT 1 spells them, frozen, at least one of every kind: if one of these fails, old entries are lost.

`vectors/format_1_entries.json` is never made anew for FORMAT 1. A new kind gets an example in `EXAMPLES`, and
`python tests/vault/test_frozen_entries.py` adds what is not there yet; it never changes what is.
"""

import json
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from kapnotes.domain import entries
from kapnotes.domain.around import (
    Agreement,
    ForSummary,
    PadUse,
    SettingItem,
    SignalSeen,
    Theme,
    ThemeState,
    Touch,
    TouchAgreement,
    TouchConsent,
)
from kapnotes.domain.assessed import (
    ChecklistAnswer,
    CheckState,
    ComputedScale,
    EarlyDischarge,
    EventEnded,
    ItemSource,
    Unmet,
)
from kapnotes.domain.clinic import ProtocolInUse, ProtocolSigned, ProtocolWithdrawn, RescueDrug, RescueDrugs
from kapnotes.domain.clinic_pages import ClinicPages
from kapnotes.domain.clock import Stamp
from kapnotes.domain.custody import (
    BreakGlass,
    BreakGlassSeen,
    Heads,
    KeyChange,
    KeyEpoch,
    KeyEvent,
    LogHead,
    PatientShredded,
    RollbackAck,
    SignOff,
)
from kapnotes.domain.drug_entries import (
    Countersignature,
    Countersigned,
    DoseDetail,
    Drawn,
    InfusionPause,
    Returned,
)
from kapnotes.domain.emergency_step import EmergencyAct, EmergencyStep
from kapnotes.domain.entries import (
    Action,
    Addendum,
    AdverseEvent,
    Audit,
    Authorization,
    Block,
    CheckIn,
    ClockJump,
    Correction,
    Discharge,
    Dose,
    Entry,
    Infusion,
    Intention,
    LateEntry,
    Mark,
    MarkChange,
    Narrative,
    Note,
    NotTaken,
    NotTakenReason,
    Participant,
    PatientDetails,
    Phase,
    Release,
    ReleasedLine,
    Route,
    Scale,
    SessionOpened,
    Setting,
    Signal,
    Staffing,
    Stage,
    SummaryIssued,
    TakenBy,
    Vitals,
    Waste,
)
from kapnotes.domain.follow_up import BlockOutcome, Contact, FollowUp, TakenUp
from kapnotes.domain.members import MEDICAL, SHARED, Role, therapy_of
from kapnotes.domain.response_scale import ResponseScale
from kapnotes.domain.start_hold import HeldValue, StartHold
from kapnotes.vault import codec

PATH = Path(__file__).with_name("vectors") / "format_1_entries.json"
ABOUT = "Entries of FORMAT 1 as they are spelled, and to how many bytes each is padded: never made anew."

SCOPE, AUTHOR, ENTRY = "5c" * 16, "a0" * 16, "e1" * 16
HAPPENED = Stamp(1_741_093_320_123_456_789, 60, 42, "boot")
ENTERED = Stamp(1_741_093_325_000_000_001, -330, 4_876_543_254, "")

TEAM = (
    Participant("a0" * 16, "Tess, LCSW", (Role.ADMIN, Role.THERAPIST)),
    Participant("b1" * 16, "Carl, CRNA", (Role.MEDICAL,)),
)
PERMISSION = Authorization("Tess", "Dr B", "two lines", "care", date(2026, 1, 2), "K-0142", date(2025, 3, 4))

HEADS = (LogHead(MEDICAL, "ab" * 16, 7, "cd" * 32), LogHead(therapy_of(AUTHOR), "ac" * 16, 1_048_576, "ce" * 32))

EXAMPLES = {
    "patient": PatientDetails("K-0142"),
    "patient, all known": PatientDetails("K-0142", Decimal("61.50"), "latex"),
    "session": SessionOpened("9a" * 16, "K-0142", 1, Route.ORAL, Staffing.THERAPIST_ALONE, (), "oral", ""),
    "session, all known": SessionOpened(
        "9a" * 16, "K-0142", 3, Route.IV, Staffing.TEAM, TEAM, "iv-40", 'name = "iv-40"\n[dose]\n', Decimal("61.5")
    ),
    "phase": Phase(Stage.PREPARATION),
    "setting": Setting("lamp off; the music of the list"),
    "signal": Signal("bp soon"),
    "clock_jump": ClockJump(-3600.25),
    "clock_jump, whole seconds": ClockJump(2.0),
    "summary_issued": SummaryIssued("summary", "Dr B", 2, "0f" * 32),
    "audit": Audit("locked"),
    "audit, of something": Audit("exported", "summary"),
    "vitals": Vitals(),
    "vitals, all measured": Vitals(
        Decimal(128),
        Decimal(76),
        Decimal(72),
        Decimal(98),
        Decimal(14),
        Decimal("36.6"),
        Decimal("38.0"),
        Decimal("2.50"),
        4,
        0,
        10,
        TakenBy.MONITOR,
        ("systolic_mmhg", "pain"),
    ),
    "not_taken": NotTaken(NotTakenReason.ASLEEP),
    "dose": Dose("ketamine", Decimal("35.0"), Route.IM),
    "dose, a rescue drug": Dose("ondansetron", Decimal(4), Route.IV, is_rescue=True),
    "dose, a lozenge at home": Dose("ketamine", Decimal("1E+2"), Route.SUBLINGUAL, taken_by=TakenBy.PATIENT),
    "infusion": Infusion("ketamine", Decimal("0.5"), Decimal(35)),
    "infusion, stopped": Infusion("ketamine", Decimal(0)),
    "waste": Waste("ketamine", Decimal("14.25"), "R. Witness, RN"),
    "adverse_event": AdverseEvent("nausea", "mild"),
    "adverse_event, treated": AdverseEvent("emesis", "moderate", "ondansetron, turned on the side"),
    "action": Action("rechecked by hand"),
    "action, about a reading": Action("rechecked by hand", "e2" * 16),
    "scale": Scale("MOAA/S", (4,)),
    "scale, of many items": Scale("PADSS", (2, 2, 1, 0, 2)),
    "discharge": Discharge("a friend"),
    "discharge, with a text": Discharge("a friend", "walks, oriented"),
    "start_hold, without a baseline": StartHold("the cuff is broken"),
    "start_hold": StartHold(
        "rechecked by hand, anxious",
        (
            HeldValue("systolic_mmhg", Decimal(152), Decimal(140)),
            HeldValue("diastolic_mmhg", None, Decimal("90")),
        ),
    ),
    "computed_scale": ComputedScale(
        "padss", (1, 2, 2, 2, 2), (ItemSource(1, 1, "heart_rate_bpm", Decimal(96), Decimal(70), "e2" * 16, "e3" * 16),)
    ),
    "computed_scale, typed otherwise, on oxygen": ComputedScale(
        "aldrete",
        (2, 2, 2, 2, 2),
        (ItemSource(5, 1, "spo2_percent", Decimal("94.5"), None, "e2" * 16, o2_l_per_min=Decimal(2)),),
    ),
    "early_discharge": EarlyDischarge("a friend", "walks", "the last train", (Unmet("after_end", 60, 48),)),
    "early_discharge, nothing scored, no reason": EarlyDischarge("a friend", unmet=(Unmet("padss", 9, None),)),
    "event_ended": EventEnded("e2" * 16, "nausea"),
    "event_ended, with a text": EventEnded("e2" * 16, "nausea", "after ondansetron"),
    **{f"checklist_answer, {state}": ChecklistAnswer("fasting", state, "tea at nine") for state in CheckState},
    "protocol_signed": ProtocolSigned("iv-40", 'title = "IV"\n', "C. Nurse", "CRNA", "this is what we do"),
    "protocol_withdrawn": ProtocolWithdrawn("e2" * 16, "b1" * 16, "the interval was too long"),
    "protocol_in_use": ProtocolInUse(2, "C. Nurse", "CRNA", ENTERED),
    "rescue_drugs": RescueDrugs((RescueDrug("ondansetron", ("iv", "oral"), "mg"), RescueDrug("naloxone"))),
    "rescue_drugs, none": RescueDrugs(()),
    "clinic_pages": ClinicPages(24, 72, "clinic 555-0100\n988, day and night", is_part_2_program=True),
    "note": Note("tears, hand on chest"),
    "note, a quote": Note("it's all water", "quote"),
    "note, any letter": Note('Zaunkönig "Λευκάδιον"\n\t語 👩‍🔬 \\ \x7f\u2028', "quote"),
    "note, of a page": Note("periwinkle " * 100),
    "mark": Mark("tears"),
    "mark, a state begins": Mark("challenging", MarkChange.START),
    "mark, a state ends": Mark("challenging", MarkChange.STOP),
    "check_in": CheckIn(),
    "check_in, with words": CheckIn("water"),
    "intention": Intention("look at what is underneath the constant low-grade anxiety"),
    "narrative": Narrative(Block.SHIFTS, "softer"),
    "release": Release(PERMISSION, ()),
    "release, of two lines": Release(
        PERMISSION, (ReleasedLine("e1" * 16, "00" * 32), ReleasedLine("e2" * 16, "ff" * 32))
    ),
    "sign_off": SignOff(MEDICAL, "Carl", "", "complete", ()),
    "sign_off, of two logs": SignOff(MEDICAL, "Carl", "CRNA", "complete and mine", HEADS),
    "heads": Heads(HEADS),
    "rollback_ack": RollbackAck("restored from Monday's backup"),
    "break_glass": BreakGlass("the patient came to the emergency room"),
    "break_glass_seen": BreakGlassSeen("e2" * 16),
    "emergency_step": EmergencyStep(EmergencyAct.BEGAN),
    "emergency_step, oxygen": EmergencyStep(EmergencyAct.OXYGEN_ON, o2_l_per_min=Decimal("10")),
    "emergency_step, a note": EmergencyStep(EmergencyAct.NOTE, "colour comes back"),
    **{f"key_event, {change}": KeyEvent(change, "77" * 16) for change in KeyChange},
    "key_epoch": KeyEpoch(SHARED, 2, 3, "ef" * 32),
    "patient_shredded": PatientShredded("9a" * 16),
    **{f"touch_agreement, {consent}": TouchAgreement("top of head", consent) for consent in TouchConsent},
    "touch": Touch("hand", begins=True),
    "touch, ends": Touch("hand", begins=False),
    "setting_item": SettingItem(11, "no words, no voices"),
    "agreement": Agreement("a raised hand means: leave me be"),
    "signal_seen": SignalSeen("e2" * 16),
    "theme": Theme("the house by the river"),
    "theme_state": ThemeState("e2" * 16, is_open=False),
    "for_summary": ForSummary("e2" * 16, is_wanted=True),
    "pad_use": PadUse(1203, 1490, 42),
    "drawn": Drawn("ketamine", Decimal(100)),
    "drawn, all known": Drawn("ketamine", Decimal(100), Decimal("2.0"), Decimal(50), "A12-7", "2027-03"),
    "returned": Returned("ketamine", Decimal("20.5"), "pharmacy"),
    "dose_detail": DoseDetail("e2" * 16, "left deltoid"),
    "dose_detail, of a volume": DoseDetail("e2" * 16, "", Decimal("0.7"), Decimal(50)),
    "infusion_pause": InfusionPause("e2" * 16),
    **{
        f"countersignature, {meaning}": Countersignature("e2" * 16, "a0" * 16, "0f" * 32, meaning, "Ruth Baker", "RN")
        for meaning in Countersigned
    },
    "response_scale": ResponseScale("gad7", (3, 2, 1, 0, 1, 2, 3)),
    "response_scale, not complete": ResponseScale("phq9", (0, 1, 2, 3, None, 1, 0, 0, 1), 2),
    **{
        f"follow_up, {taken_up}, {contact}": FollowUp(
            "D. Therapist, LCSW",
            contact,
            BlockOutcome(taken_up, "“all water” became a drawing"),
            BlockOutcome(),
            BlockOutcome(taken_up),
            "the letter to the sister",
        )
        for taken_up, contact in zip(TakenUp, (*Contact, Contact.PHONE), strict=True)
    },
    "late_entry": LateEntry("forgot", CheckIn("calm")),
    "late_entry, of a reading": LateEntry("the monitor's print was found", Vitals(heart_rate_bpm=Decimal(72))),
    "addendum": Addendum("", "asked by the family", Discharge("a friend", "home at six")),
    "addendum, to an entry": Addendum("e2" * 16, "in other words", Note("lighter")),
    "correction": Correction("e2" * 16, "typo", CheckIn("water")),
    "correction, of a quote": Correction("e2" * 16, "misheard", Note("it's all light", "quote")),
    "correction, a retraction": Correction("e2" * 16, "not this patient"),
}


def entry(body):
    return Entry(ENTRY, SCOPE, AUTHOR, HAPPENED, ENTERED, body)


def spelled(body):
    """Return what is sealed of *body*, legible, and how many bytes it takes."""
    padded = codec.encode(entry(body))
    return {"padded": len(padded), "payload": codec.unpad(padded).decode()}


def freeze():
    """Add the examples that are not frozen yet; those that are stay."""
    kept = json.loads(PATH.read_text(encoding="utf-8"))["entries"] if PATH.exists() else {}
    every = {name: spelled(body) for name, body in EXAMPLES.items()} | kept
    text = json.dumps({"about": ABOUT, "entries": every}, indent=1, ensure_ascii=False)
    PATH.write_text(text + "\n", encoding="utf-8")


if __name__ == "__main__":
    freeze()

FROZEN = json.loads(PATH.read_text(encoding="utf-8"))["entries"]


@pytest.mark.parametrize("kind", entries.type_names.values())
def test_every_kind_of_entry_has_a_frozen_example(kind):
    kinds = {json.loads(one["payload"])["kind"] for one in FROZEN.values()}

    assert kind in kinds, "add it to EXAMPLES, then run: python tests/vault/test_frozen_entries.py"


def test_every_example_is_frozen():
    assert sorted(EXAMPLES) == sorted(FROZEN), "run: python tests/vault/test_frozen_entries.py"


def test_every_example_is_of_the_kind_it_is_named_for():
    assert {name: entries.type_names[type(body)] for name, body in EXAMPLES.items()} == {
        name: name.partition(",")[0] for name in EXAMPLES
    }


@pytest.mark.parametrize("name", FROZEN)
def test_an_entry_that_was_spelled_once_is_read_for_ever(name):
    padded = codec.pad(FROZEN[name]["payload"].encode())

    assert len(padded) == FROZEN[name]["padded"]
    assert codec.decode(padded, AUTHOR, SCOPE) == entry(EXAMPLES[name])


@pytest.mark.parametrize("name", FROZEN)
def test_an_entry_is_spelled_the_same_today(name):
    assert spelled(EXAMPLES[name]) == FROZEN[name]
