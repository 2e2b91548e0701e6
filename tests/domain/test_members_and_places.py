"""Who reads and writes what: the whole matrix, cell by cell."""

import itertools
from dataclasses import fields, replace
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import get_args

import pytest

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
from kapnotes.domain.assessed import ChecklistAnswer, CheckState, ComputedScale, EarlyDischarge, EventEnded
from kapnotes.domain.clinic import ProtocolInUse, ProtocolSigned, ProtocolWithdrawn, RescueDrug, RescueDrugs
from kapnotes.domain.clinic_pages import ClinicPages
from kapnotes.domain.clock import ManualClock
from kapnotes.domain.custody import (
    BreakGlass,
    BreakGlassSeen,
    Heads,
    KeyChange,
    KeyEpoch,
    KeyEvent,
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
    Amendment,
    Audit,
    Authorization,
    Block,
    Body,
    CheckIn,
    ClockJump,
    Correction,
    Discharge,
    Dose,
    Infusion,
    Intention,
    LateEntry,
    Mark,
    MedicalBody,
    Narrative,
    Newer,
    Note,
    NotTaken,
    NotTakenReason,
    PatientDetails,
    Phase,
    Release,
    Route,
    Scale,
    SessionOpened,
    Setting,
    SharedBody,
    Signal,
    Staffing,
    Stage,
    SummaryIssued,
    TakenBy,
    TherapyBody,
    Vitals,
    Waste,
    stands_after_sign_off,
    type_names,
)
from kapnotes.domain.errors import NotEntitled
from kapnotes.domain.follow_up import BlockOutcome, Contact, FollowUp
from kapnotes.domain.members import (
    MEDICAL,
    SHARED,
    Compartment,
    CompartmentKind,
    Member,
    Role,
    may_read,
    may_write,
    therapy_of,
)
from kapnotes.domain.places import may_stand, place_of
from kapnotes.domain.response_scale import ResponseScale
from kapnotes.domain.start_hold import HeldValue, StartHold

PEOPLE = {
    "therapist": Member("a" * 32, "T. Therapist", frozenset({Role.THERAPIST})),
    "crna": Member("b" * 32, "C. Nurse", frozenset({Role.MEDICAL})),
    "both": Member("c" * 32, "B. Both", frozenset({Role.THERAPIST, Role.MEDICAL})),
    "admin": Member("d" * 32, "A. Admin", frozenset({Role.ADMIN})),
    "nobody": Member("e" * 32, "N. Obody", frozenset()),
}
OTHER_THERAPIST = Member("f" * 32, "O. Therapist", frozenset({Role.THERAPIST, Role.MEDICAL, Role.ADMIN}))
AUTHORIZATION = Authorization("T", "I", "lines", "integration", date(2025, 6, 1), "P", date(2025, 3, 8))
MG = Decimal(4)
BODIES = {
    "shared": [
        PatientDetails("K-0142"),
        SessionOpened("1", "K-0142", 1, Route.IV, Staffing.TEAM, (), "iv-40", ""),
        Phase(Stage.DOSING),
        Setting("lamp off"),
        Signal("come"),
        ClockJump(3.0),
        SummaryIssued("summary", "I", 0, "00"),
        Audit("locked"),
        SignOff(MEDICAL, "C. Nurse", "CRNA", "complete", ()),
        Heads(()),
        RollbackAck("a restored backup"),
        BreakGlass("emergency"),
        BreakGlassSeen("1"),
        KeyEvent(KeyChange.SHEET_MADE, "2"),
        KeyEpoch(MEDICAL, 2, 0, "00"),
        PatientShredded("1"),
        TouchAgreement("hand", TouchConsent.ASK),
        Touch("hand", begins=True),
        SettingItem(11, "no voices"),
        Agreement("a raised hand"),
        SignalSeen("1"),
        Countersignature("1", "2", "00", Countersigned.CHECKED_DOSE, "C. Nurse", "CRNA"),
        ProtocolSigned("iv-40", "", "C. Nurse", "CRNA", "ours"),
        ProtocolWithdrawn("1", "2", "too long"),
        ProtocolInUse(1, "C. Nurse", "CRNA", ManualClock(datetime(2025, 3, 8, tzinfo=UTC)).now()),
        RescueDrugs((RescueDrug("ondansetron"),)),
        ClinicPages(whom_to_call="clinic 555-0100"),
        ResponseScale("gad7", (0, 0, 0, 0, 0, 0, 0)),
    ],
    "medical": [
        Vitals(heart_rate_bpm=MG),
        Vitals(heart_rate_bpm=MG, taken_by=TakenBy.MONITOR),
        Dose("ketamine", MG, Route.IM),
        Infusion("ketamine", MG),
        Waste("ketamine", MG, "R. Witness"),
        Drawn("ketamine", MG),
        Returned("ketamine", MG, "pharmacy"),
        InfusionPause("1"),
    ],
    "either": [
        NotTaken(NotTakenReason.ASLEEP),
        AdverseEvent("nausea", "mild"),
        Action("cuff moved"),
        Discharge("partner"),
        StartHold("rechecked by hand", (HeldValue("systolic_mmhg", MG, MG),)),
        Scale("rass", (0,)),
        EmergencyStep(EmergencyAct.BEGAN),
        DoseDetail("1", "left deltoid"),
        ComputedScale("padss", (2, 2, 2, 2, 2)),
        EarlyDischarge("partner"),
        EventEnded("1", "nausea"),
        ChecklistAnswer("identity", CheckState.YES),
        Vitals(heart_rate_bpm=MG, taken_by=TakenBy.PATIENT),
        Dose("ketamine", MG, Route.SUBLINGUAL, taken_by=TakenBy.PATIENT),
    ],
    "therapy": [
        Note("tears"),
        Mark("affect"),
        CheckIn(),
        Intention("to look"),
        Narrative(Block.WORDS, "water"),
        Release(AUTHORIZATION, ()),
        Theme("the house"),
        ThemeState("1", is_open=False),
        ForSummary("1", is_wanted=True),
        PadUse(3, 2, 1),
        FollowUp("D. Therapist", Contact.PHONE, BlockOutcome(), BlockOutcome(), BlockOutcome()),
    ],
}
EVERY_BODY = [(group, body) for group, bodies in BODIES.items() for body in bodies]
COMPARTMENTS = {
    "shared": SHARED,
    "medical": MEDICAL,
    "own therapy": None,
    "another's therapy": therapy_of(OTHER_THERAPIST.member_id),
}


def name_of(value):
    if isinstance(value, str):
        return value
    return f"{type(value).__name__}-{value.taken_by}" if hasattr(value, "taken_by") else type(value).__name__


def test_the_matrix_holds_every_kind_of_body():
    kinds = {*get_args(SharedBody), *get_args(MedicalBody), *get_args(TherapyBody)}

    assert {type(body) for _, body in EVERY_BODY} == kinds
    assert set(get_args(Body)) == {*kinds, *get_args(Amendment), Newer}


def test_every_kind_that_is_written_has_a_name_of_its_own_in_the_file_format():
    assert set(type_names) == {kind for kind in get_args(Body) if kind is not Newer}
    assert len(set(type_names.values())) == len(type_names)


def expected_place(group, person, body):
    """What the table of compartments says, written down a second time."""
    member = PEOPLE[person]
    medical, therapist = person in {"crna", "both"}, person in {"therapist", "both"}
    if isinstance(body, SignOff) and not medical:
        return None  # the signature of the matrix signs the medical record
    match group:
        case "shared":
            return SHARED
        case "medical":
            return MEDICAL if medical else None
        case "either":
            return MEDICAL if medical else SHARED
        case "therapy":
            return therapy_of(member.member_id) if therapist else None


@pytest.mark.parametrize(("group", "body"), EVERY_BODY, ids=name_of)
def test_a_body_is_written_where_its_kind_and_its_author_say(group, body):
    for person, member in PEOPLE.items():
        place = expected_place(group, person, body)
        if place is None:
            with pytest.raises(NotEntitled):
                place_of(body, member)
        else:
            assert (person, place_of(body, member)) == (person, place)


def expected_to_stand(group, person, compartment):
    medical, therapist = person in {"crna", "both"}, person in {"therapist", "both"}
    match compartment:
        case "shared":
            return group in {"shared", "either"}
        case "medical":
            return medical and group in {"medical", "either"}
        case "own therapy":
            return therapist and group == "therapy"
        case _:
            return False


@pytest.mark.parametrize(("group", "body"), EVERY_BODY, ids=name_of)
def test_a_body_stands_only_where_kind_and_author_allow_it(group, body):
    for person, compartment in itertools.product(PEOPLE, COMPARTMENTS):
        member = PEOPLE[person]
        place = COMPARTMENTS[compartment] or therapy_of(member.member_id)
        may = expected_to_stand(group, person, compartment) and not (
            isinstance(body, SignOff) and not may_write(member, body.compartment)
        )
        may_be_added_late = may and not stands_after_sign_off(body) and not isinstance(body, SessionOpened)

        assert may_stand(body, member, place) is may, (person, compartment)
        assert may_stand(Correction("0" * 32, "slip", body), member, place) is may, (person, compartment)
        assert may_stand(LateEntry("missed", body), member, place) is may_be_added_late, (person, compartment)
        assert may_stand(Addendum("", "more", body), member, place) is may_be_added_late, (person, compartment)


def test_only_who_may_write_a_record_signs_it():
    signature = SignOff(MEDICAL, "T. Therapist", "LCSW", "complete", ())

    assert may_stand(signature, PEOPLE["crna"], SHARED)
    assert not may_stand(signature, PEOPLE["therapist"], SHARED)


def test_no_signature_and_no_opening_of_a_session_comes_in_as_an_amendment():
    signature = SignOff(SHARED, "C. Nurse", "CRNA", "complete", ())
    opening = SessionOpened("1", "K-0142", 1, Route.IV, Staffing.TEAM, (), "iv-40", "")

    for body in (signature, opening, Audit("locked")):
        assert may_stand(body, PEOPLE["crna"], SHARED)
        assert not may_stand(LateEntry("missed", body), PEOPLE["crna"], SHARED)
        assert not may_stand(Addendum("", "more", body), PEOPLE["crna"], SHARED)


@pytest.mark.parametrize(("group", "body"), EVERY_BODY, ids=name_of)
def test_what_is_written_somewhere_may_stand_there(group, body):
    for person, member in PEOPLE.items():
        place = expected_place(group, person, body)

        assert place is None or may_stand(body, member, place), person


@pytest.mark.parametrize("compartment", COMPARTMENTS)
@pytest.mark.parametrize("person", PEOPLE)
@pytest.mark.parametrize("body", [Correction("0" * 32, "slip"), Newer("touch", 2)], ids=name_of)
def test_a_retraction_and_a_newer_kind_stand_wherever_their_author_may_write(body, person, compartment):
    member = PEOPLE[person]
    place = COMPARTMENTS[compartment] or therapy_of(member.member_id)

    assert may_stand(body, member, place) is may_write(member, place)


def test_a_process_note_cannot_be_hidden_in_a_correction_of_a_correction():
    both = PEOPLE["both"]
    hidden = Correction("0" * 32, "slip", Correction("1" * 32, "slip", Note("tears")))

    assert not any(may_stand(hidden, both, place) for place in (SHARED, MEDICAL, therapy_of(both.member_id)))


@pytest.mark.parametrize("body", [Correction("0" * 32, "slip"), Newer("touch", 2)], ids=name_of)
def test_a_correction_has_no_place_of_its_own(body):
    with pytest.raises(NotEntitled):
        place_of(body, PEOPLE["both"])


@pytest.mark.parametrize(
    ("person", "reads", "writes"),
    [
        ("therapist", {"shared", "medical", "own therapy"}, {"shared", "own therapy"}),
        ("crna", {"shared", "medical"}, {"shared", "medical"}),
        ("both", {"shared", "medical", "own therapy"}, {"shared", "medical", "own therapy"}),
        ("admin", {"shared"}, {"shared"}),
        ("nobody", {"shared"}, {"shared"}),
    ],
)
def test_nobody_reads_anything_by_being_administrator(person, reads, writes):
    member = PEOPLE[person]
    places = {name: place or therapy_of(member.member_id) for name, place in COMPARTMENTS.items()}

    assert {name for name, place in places.items() if may_read(member, place)} == reads
    assert {name for name, place in places.items() if may_write(member, place)} == writes


def test_who_began_under_another_id_keeps_the_compartment_of_then_and_gets_none_of_the_new_id():
    again = replace(PEOPLE["therapist"], member_id="b" * 32, succeeds=PEOPLE["therapist"].member_id)

    assert may_read(again, PEOPLE["therapist"].therapy)
    assert may_write(again, PEOPLE["therapist"].therapy)
    assert not may_read(again, therapy_of(again.member_id))


def test_a_therapy_compartment_has_an_owner_and_the_others_have_none():
    with pytest.raises(ValueError, match="owner"):
        Compartment(CompartmentKind.THERAPY)
    with pytest.raises(ValueError, match="owner"):
        Compartment(CompartmentKind.MEDICAL, "a" * 32)


def test_the_message_of_a_refusal_names_the_author_and_no_content():
    with pytest.raises(NotEntitled) as refusal:
        place_of(Note("tears, hand on chest"), PEOPLE["crna"])

    assert "C. Nurse" in str(refusal.value)
    assert "tears" not in str(refusal.value)


def test_bodies_are_never_edited():
    for _, body in EVERY_BODY:
        assert type(body).__dataclass_params__.frozen, type(body).__name__
        for field in fields(body):
            assert not isinstance(getattr(body, field.name), list | dict | set), field.name
