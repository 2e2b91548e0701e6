"""The record as FHIR: every bundle is valid, says what the record says, and nothing that the record does not say."""

import copy
import json
from base64 import b64decode
from decimal import Decimal

import pytest
from fhir.resources.R4B.bundle import Bundle
from fhir.resources.R4B.observation import Observation
from hypothesis import given, settings
from hypothesis import strategies as st

from kapnotes.domain.custody import SignOff
from kapnotes.domain.emergency_step import EmergencyAct, EmergencyStep
from kapnotes.domain.entries import (
    Action,
    Addendum,
    AdverseEvent,
    Correction,
    Discharge,
    Dose,
    Infusion,
    LateEntry,
    Note,
    NotTaken,
    NotTakenReason,
    Route,
    Scale,
    TakenBy,
    Vitals,
)
from kapnotes.domain.errors import KapnotesError
from kapnotes.domain.limits import BOUNDS, values_of
from kapnotes.domain.members import MEDICAL, SHARED, therapy_of
from kapnotes.domain.record import Record
from kapnotes.domain.start_hold import HeldValue, StartHold
from kapnotes.export import fhir_events
from kapnotes.export.fhir_bundle import fhir_bundle
from kapnotes.export.medical import MedicalRecord
from tests.export.conftest import CRNA, THERAPIST
from tests.export.medical_days import doses, infusions, sessions
from tests.export.profiles import DEFINITIONS, definition, example, faults, unmet

LOINC_OF = {
    "systolic_mmhg": "8480-6",
    "diastolic_mmhg": "8462-4",
    "heart_rate_bpm": "8867-4",
    "spo2_percent": "59408-5",
    "respiratory_rate_bpm": "9279-1",
    "temperature_c": "8310-5",
    "etco2_mmhg": "19891-1",
    "o2_l_per_min": "3151-8",
}
UNIT_OF = {
    "systolic_mmhg": "mm[Hg]",
    "diastolic_mmhg": "mm[Hg]",
    "heart_rate_bpm": "/min",
    "spo2_percent": "%",
    "respiratory_rate_bpm": "/min",
    "temperature_c": "Cel",
    "etco2_mmhg": "mm[Hg]",
    "o2_l_per_min": "L/min",
}


def bundle_of(session, minute=140):
    content = fhir_bundle(MedicalRecord(session.record), session.stamp(minute))
    return json.loads(content, parse_float=Decimal)


def told(session, kind, **more):
    """Return the resources of that kind, in their order."""
    return [one["resource"] for one in bundle_of(session, **more)["entry"] if one["resource"]["resourceType"] == kind]


def codes_of(resource, field="code"):
    return {coding["code"] for coding in resource[field].get("coding", [])}


def readings(session, code):
    return [one for one in told(session, "Observation") if code in codes_of(one)]


def time(resource):
    return resource["effectiveDateTime"][11:16]


def resource_of(session, reference):
    return {one["fullUrl"]: one["resource"] for one in bundle_of(session)["entry"]}[reference["reference"]]


# ---------------------------------------------------------------------------------------------- any record


@given(sessions())
@settings(max_examples=12)
def test_every_record_gives_a_valid_bundle(session):
    content = fhir_bundle(MedicalRecord(session.record), session.stamp(140))

    bundle = json.loads(content, parse_float=Decimal)
    assert Bundle.model_validate_json(content).type == "collection"
    assert faults(bundle) == []
    assert "Zitronenfalter" not in content.decode()


@given(sessions(st.one_of(infusions, doses), most=8))
@settings(max_examples=25)
def test_what_was_given_sums_to_what_the_record_says(session):
    until = session.stamp(140)

    given_mg = [
        one["dosage"]["dose"]["value"]
        for one in told(session, "MedicationAdministration")
        if one["status"] != "entered-in-error" and "reasonCode" not in one
    ]

    assert abs(sum(given_mg) - session.record.given_mg(until)) <= Decimal("0.005") + len(given_mg) * Decimal("0.000001")


@given(sessions())
@settings(max_examples=25)
def test_every_value_comes_back_with_its_unit(session):
    found = []
    for one in told(session, "Observation"):
        if one["status"] != "entered-in-error":
            for part in (one, *one.get("component", [])):
                amount = part.get("valueQuantity")
                found += [(code, amount["value"], amount["code"]) for code in codes_of(part) if amount is not None]

    expected = [
        (LOINC_OF[field], value, UNIT_OF[field])
        for _, vitals in session.record.of(Vitals)
        for field, value in values_of(vitals).items()
        if field in LOINC_OF
    ]
    known = set(LOINC_OF.values())
    assert sorted(one for one in found if one[0] in known) == sorted(expected)
    assert set(LOINC_OF) | {"moaas", "pain", "nausea"} == set(BOUNDS)


def test_the_same_record_gives_the_same_bytes(session):
    session.vitals(128, 76, 72, 5)
    medical = MedicalRecord(session.record)

    assert fhir_bundle(medical, session.stamp(9)) == fhir_bundle(MedicalRecord(session.record), session.stamp(9))


def test_a_record_without_its_beginning_is_told_in_one_line():
    with pytest.raises(KapnotesError, match="beginning of this session"):
        MedicalRecord(Record())


def test_what_fhir_does_not_take_is_told_by_its_place_and_never_in_its_words(session, monkeypatch):
    monkeypatch.setattr(fhir_events, "text", lambda _: "")
    session.add(AdverseEvent("Zitronenfalter", "mild"), 5, CRNA)

    with pytest.raises(KapnotesError) as error:
        bundle_of(session)

    assert "entry.0.resource.identifier.0.value" in str(error.value)
    assert "Zitronenfalter" not in str(error.value)
    assert "\n" not in str(error.value)


# -------------------------------------------------------------------------------------------- US-Core


@pytest.mark.parametrize("name", ["blood-pressure", "heart-rate", "respiratory-rate", "observation-satO2-fiO2"])
def test_the_examples_of_hl7_keep_to_their_profiles_and_broken_ones_do_not(name):
    one = example(name)
    profile = DEFINITIONS[one["meta"]["profile"][0].partition("|")[0]]
    broken = copy.deepcopy(one)
    broken["code"]["coding"] = broken["code"]["coding"][:0]

    assert Observation.model_validate(one)
    assert unmet(one, profile) == []
    assert unmet(broken, profile) != []


def test_a_pressure_without_its_diastolic_or_in_kpa_does_not_keep_to_its_profile():
    lacking, foreign = example("blood-pressure"), example("blood-pressure")
    del lacking["component"][1]
    foreign["component"][0]["valueQuantity"]["code"] = "kPa"

    assert "Observation.component:diastolic" in unmet(lacking, definition("blood-pressure"))
    assert unmet(foreign, definition("blood-pressure")) == ["Observation.component:systolic.valueQuantity.code"]


def paths(node, above=""):
    """Return where in a resource there is something, places in a list aside."""
    if isinstance(node, dict):
        return {path for key, part in node.items() for path in {f"{above}.{key}", *paths(part, f"{above}.{key}")}}
    return {path for part in node for path in paths(part, above)} if isinstance(node, list) else set()


ONLY_IN_EXAMPLES = (".encounter", ".identifier", ".interpretation", ".referenceRange", ".device", ".text")
"""What we do not record: another number of the reading, what is normal, the make of the device."""

OURS = {
    "blood-pressure": "85354-9",
    "heart-rate": "8867-4",
    "respiratory-rate": "9279-1",
    "observation-satO2-fiO2": "59408-5",
    "temperature": "8310-5",
    "weight": "29463-7",
}


@pytest.mark.parametrize(("name", "code"), OURS.items())
def test_a_reading_has_the_shape_of_the_example(session, name, code):
    session.vitals(128, 76, 72, 5, o2_l_per_min=Decimal(6), temperature_c=Decimal("36.6"))
    theirs, (ours,) = example(name), readings(session, code)

    lacking = {
        path
        for path in paths(theirs) - paths(ours)
        if not path.startswith(ONLY_IN_EXAMPLES) and not path.endswith(".display")
    }
    assert lacking == set()
    their_codes = {
        (one["system"], one["code"]) for one in theirs["code"]["coding"] if one["system"] == "http://loinc.org"
    }
    assert {(one["system"], one["code"]) for one in ours["code"]["coding"]} == their_codes
    assert ours["category"] == theirs["category"]
    assert ours["meta"]["profile"] == [url.partition("|")[0] for url in theirs["meta"]["profile"]]
    for mine, other in zip([ours, *ours.get("component", [])], [theirs, *theirs.get("component", [])], strict=True):
        quantity, amount = (one.get("valueQuantity", {}) for one in (mine, other))
        assert [quantity.get(key) for key in ("system", "code")] == [amount.get(key) for key in ("system", "code")]


def test_a_reading_is_part_of_the_session_and_says_when_it_happened_and_when_it_was_entered(session):
    session.add(Vitals(heart_rate_bpm=Decimal("71.50")), 5, CRNA, entered=7)

    (one,) = readings(session, "8867-4")

    assert (one["effectiveDateTime"], one["issued"]) == (
        "2026-11-13T13:25:00.000+01:00",
        "2026-11-13T13:27:00.000+01:00",
    )
    assert str(one["valueQuantity"]["value"]) == "71.50"
    assert resource_of(session, one["partOf"][0])["resourceType"] == "Procedure"
    assert resource_of(session, one["performer"][0])["name"] == [{"text": "Max Muster, CRNA"}]


def test_oxygen_alone_is_a_reading_of_its_own(session):
    session.add(Vitals(o2_l_per_min=Decimal(2)), 5, CRNA)

    assert readings(session, "3151-8")[0]["valueQuantity"]["code"] == "L/min"


def test_what_the_patient_measured_was_performed_by_the_patient(session):
    session.add(Vitals(heart_rate_bpm=Decimal(70), taken_by=TakenBy.PATIENT), 5)

    (one,) = readings(session, "8867-4")

    assert [resource_of(session, who)["resourceType"] for who in one["performer"]] == ["Patient", "Practitioner"]


def test_what_a_monitor_sent_is_called_unusual_and_confirmed_only_what_a_person_confirmed(session):
    marks = ("heart rate 11.5 /min is unusual",)
    for minute, taken_by in ((5, TakenBy.MONITOR), (6, TakenBy.STAFF)):
        session.add(Vitals(heart_rate_bpm=Decimal("11.5"), taken_by=taken_by, unusual=marks), minute, CRNA)

    by_monitor, by_staff = readings(session, "8867-4")

    assert [one["text"] for one in by_monitor["note"]] == ["unusual: heart rate 11.5 /min is unusual"]
    assert [one["text"] for one in by_staff["note"]] == ["confirmed though unusual: heart rate 11.5 /min is unusual"]


# --------------------------------------------------------------------------------------------- left out


@pytest.mark.parametrize(
    ("reason", "code"),
    [
        (NotTakenReason.REFUSED, "asked-declined"),
        (NotTakenReason.ASLEEP, "not-performed"),
        (NotTakenReason.INWARD, "not-performed"),
        (NotTakenReason.EQUIPMENT, "not-performed"),
    ],
)
def test_what_was_not_taken_says_why_of_a_pressure_in_its_parts(session, reason, code):
    session.add(NotTaken(reason), 25, CRNA)

    (pressure,), (oxygen,) = readings(session, "85354-9"), readings(session, "2708-6")

    why = {"coding": [{"system": "http://terminology.hl7.org/CodeSystem/data-absent-reason", "code": code}]}
    assert "dataAbsentReason" not in pressure
    assert [codes_of(part, "dataAbsentReason") for part in pressure["component"]] == [{code}, {code}]
    assert oxygen["dataAbsentReason"]["coding"][0]["system"] == why["coding"][0]["system"]
    assert (codes_of(oxygen, "dataAbsentReason"), oxygen["dataAbsentReason"]["text"]) == ({code}, reason)
    assert "valueQuantity" not in oxygen


# ----------------------------------------------------------------------------------------- corrections


def test_a_correction_stands_as_corrected_and_the_old_reading_as_a_mistake(session):
    typed = session.add(Vitals(heart_rate_bpm=Decimal(172)), 5, CRNA)
    session.add(Correction(typed.entry_id, "a digit too many", Vitals(heart_rate_bpm=Decimal(72))), 6, CRNA)

    old, new = readings(session, "8867-4")

    assert [(one["status"], one["valueQuantity"]["value"]) for one in (old, new)] == [
        ("entered-in-error", 172),
        ("corrected", 72),
    ]
    assert [(time(one), one["issued"][11:16]) for one in (old, new)] == [("13:25", "13:25"), ("13:25", "13:26")]
    (why,) = told(session, "Provenance")
    assert resource_of(session, why["target"][0]) == new
    assert (why["entity"][0]["role"], resource_of(session, why["entity"][0]["what"])) == ("revision", old)
    assert why["reason"] == [{"text": "a digit too many"}]


def test_what_was_taken_back_stays_as_a_mistake_and_nothing_stands(session):
    typed = session.add(Vitals(heart_rate_bpm=Decimal(172)), 5, CRNA)
    session.add(Correction(typed.entry_id, "another patient's"), 6, CRNA)

    assert [one["status"] for one in readings(session, "8867-4")] == ["entered-in-error"]


def test_a_correction_that_was_taken_back_lets_the_first_reading_stand(session):
    typed = session.add(Vitals(heart_rate_bpm=Decimal(72)), 5, CRNA)
    wrong = session.add(Correction(typed.entry_id, "x", Vitals(heart_rate_bpm=Decimal(27))), 6, CRNA)
    session.add(Correction(wrong.entry_id, "it was right"), 7, CRNA)

    assert [(one["status"], one["valueQuantity"]["value"]) for one in readings(session, "8867-4")] == [
        ("final", 72),
        ("entered-in-error", 27),
    ]


def test_a_dose_that_was_corrected_is_given_once(session):
    typed = session.dose(20, mg="400")
    session.add(Correction(typed.entry_id, "a zero too many", Dose("ketamine", Decimal(40), Route.IM)), 21, CRNA)

    old, new = told(session, "MedicationAdministration")

    assert [(one["status"], one["dosage"]["dose"]["value"]) for one in (old, new)] == [
        ("entered-in-error", 400),
        ("completed", 40),
    ]
    assert codes_of(new["dosage"], "route") == {"78421000"}


# ---------------------------------------------------------------------------------------- added afterwards


def test_a_late_entry_says_so_with_its_reason(session):
    session.add(LateEntry("hands were held", Vitals(heart_rate_bpm=Decimal(80))), 30, CRNA, entered=90)

    (one,) = readings(session, "8867-4")

    assert (one["status"], time(one), one["issued"][11:16]) == ("final", "13:50", "14:50")
    assert one["note"] == [{"text": "late entry: hands were held"}]


def test_an_addendum_appends_a_document_and_amends_what_it_is_about(session):
    pressure = session.vitals(128, 76, 72, 5)
    session.add(Addendum(pressure.entry_id, "told at the door", AdverseEvent("dizzy", "mild")), 75, CRNA)

    base, addendum = told(session, "DocumentReference")

    assert addendum["relatesTo"][0]["code"] == "appends"
    assert resource_of(session, addendum["relatesTo"][0]["target"]) == base
    assert b64decode(addendum["content"][0]["attachment"]["data"]).decode() == "addendum: told at the door"
    assert resource_of(session, addendum["context"]["related"][0])["event"] == {"text": "dizzy"}
    assert {one["status"] for one in readings(session, "85354-9")} == {"amended"}


# ------------------------------------------------------------------------------------------------- drugs


def test_an_infusion_is_told_stretch_by_stretch_with_rate_amount_and_period(session):
    session.add(Infusion("ketamine", Decimal("0.5"), Decimal(20)), 10, CRNA)
    session.add(Infusion("ketamine", Decimal("1.25")), 20, CRNA)
    session.add(Infusion("ketamine", Decimal(0)), 40, CRNA)

    given_then = [
        (
            one["status"],
            one["effectivePeriod"]["start"][11:16],
            one["effectivePeriod"]["end"][11:16],
            one["dosage"]["dose"]["value"],
            one["dosage"]["rateRatio"]["numerator"]["value"],
            one["dosage"]["rateRatio"]["denominator"]["code"],
        )
        for one in told(session, "MedicationAdministration")
    ]

    assert given_then == [
        ("completed", "13:30", "13:40", 5, Decimal("0.5"), "min"),
        ("completed", "13:40", "14:00", 25, Decimal("1.25"), "min"),
    ]
    assert codes_of(told(session, "MedicationAdministration")[0], "medicationCodeableConcept") == {"6130", "373464007"}


def test_an_infusion_that_runs_has_no_end_and_says_until_when_it_is_counted(session):
    session.add(Infusion("ketamine", Decimal("0.5")), 10, CRNA)

    (one,) = told(session, "MedicationAdministration", minute=30)

    assert (one["status"], one["dosage"]["dose"]["value"]) == ("in-progress", 10)
    assert list(one["effectivePeriod"]) == ["start"]
    assert "no stop is recorded" in one["note"][0]["text"]


def test_an_infusion_that_nobody_stopped_before_the_patient_left_is_not_known_to_have_ended(session):
    session.add(Infusion("ketamine", Decimal("0.5")), 10, CRNA)
    session.add(Discharge("partner"), 50, CRNA)

    (one,) = told(session, "MedicationAdministration")

    assert (one["status"], one["effectivePeriod"]["end"][11:16]) == ("unknown", "14:10")


def test_a_clock_that_was_set_back_lets_nothing_end_before_it_began(new_session):
    session = new_session().open()
    session.add(Infusion("ketamine", Decimal("0.5")), 10, CRNA)
    session.clock.advance(1800)
    session.clock.jump(-7200)
    stop = session.clock.now()
    session.start = stop
    session.add(Infusion("ketamine", Decimal(0)), 0, CRNA)

    (one,) = told(session, "MedicationAdministration")

    assert (one["effectivePeriod"]["end"][11:16], one["dosage"]["dose"]["value"]) == ("13:50", 10)


@pytest.mark.parametrize(
    ("route", "code"),
    [("iv", "47625008"), ("im", "78421000"), ("nasal", "46713006"), ("sublingual", "37839007"), ("oral", "26643006")],
)
def test_every_route_has_its_code(session, route, code):
    session.add(Dose("ketamine", Decimal(40), Route(route)), 20, CRNA)

    assert codes_of(told(session, "MedicationAdministration")[0]["dosage"], "route") == {code}


def test_a_rescue_drug_is_told_as_one_and_by_its_name_where_it_has_no_code(session):
    session.add(Dose("ondansetron", Decimal(4), Route.IV, is_rescue=True), 30, CRNA)

    (one,) = told(session, "MedicationAdministration")

    assert one["medicationCodeableConcept"] == {"text": "ondansetron"}
    assert codes_of(one["reasonCode"][0] | {"code": one["reasonCode"][0]}) == {"rescue"}


# ------------------------------------------------------------------------------------- events, signatures


def test_an_adverse_event_says_how_bad_and_what_was_done(session):
    session.add(AdverseEvent("nausea", "moderate", "ondansetron"), 30, CRNA)

    (one,) = told(session, "AdverseEvent")

    assert (one["event"]["text"], codes_of(one, "severity"), one["actuality"]) == ("nausea", {"moderate"}, "actual")
    assert one["extension"][0]["valueString"] == "ondansetron"
    assert "modifierExtension" not in one


def test_an_adverse_event_that_was_a_mistake_is_marked_so_that_nobody_counts_it(session):
    event = session.add(AdverseEvent("nausea", "mild"), 30, CRNA)
    session.add(Correction(event.entry_id, "another patient's"), 31, CRNA)

    (one,) = told(session, "AdverseEvent")

    assert one["modifierExtension"][0]["valueBoolean"] is True


def test_scales_have_every_item_and_their_total(session):
    session.add(Scale("padss", (2, 2, 1, 2, 2)), 60, CRNA)
    session.add(Scale("rass", (-1,)), 61, CRNA)

    (padss,), (rass,) = readings(session, "padss"), readings(session, "457441000124102")

    assert [part["valueInteger"] for part in padss["component"]] == [2, 2, 1, 2, 2]
    assert (padss["valueInteger"], rass["valueInteger"]) == (9, -1)
    meanings = {one["code"] for one in told(session, "CodeSystem")[0]["concept"]}
    assert {"padss", "moaas", "item", "session"} <= meanings


def test_what_was_done_stands_beside_its_reading_with_author_and_time(session):
    high = session.vitals(180, 110, 90, 30)
    session.add(Action("repositioned the cuff", high.entry_id), 31, CRNA)
    session.add(Action("opened a window"), 32, CRNA)
    session.add(StartHold("anxious", (HeldValue("systolic_mmhg", Decimal(152), Decimal(140)),)), 32, CRNA)
    session.add(EmergencyStep(EmergencyAct.CPR_STARTED), 33, CRNA)

    (pressure,), (procedure,) = readings(session, "85354-9"), told(session, "Procedure")

    assert (pressure["note"][0]["text"], pressure["note"][0]["time"][11:16]) == ("done: repositioned the cuff", "13:51")
    assert [one["text"] for one in procedure["note"][-3:]] == [
        "done: opened a window",
        "started although held (systolic 152 above 140): anxious",
        "emergency: CPR started",
    ]


def test_a_signature_says_who_when_and_with_what_meaning_and_covers_what_was_there(session):
    pressure = session.vitals(128, 76, 72, 5)
    session.add(SignOff(MEDICAL, "Max Muster", "CRNA", "I wrote this", ()), 60, CRNA)
    session.add(LateEntry("forgotten", Vitals(heart_rate_bpm=Decimal(99))), 50, CRNA, entered=70)

    (signed,) = told(session, "Provenance")

    assert signed["agent"][0]["who"]["display"] == "Max Muster, CRNA"
    assert signed["recorded"] == signed["signature"][0]["when"] == "2026-11-13T14:20:00.000+01:00"
    assert signed["reason"] == [{"text": "I wrote this"}]
    covered = [resource_of(session, one) for one in signed["target"]]
    assert {one["effectiveDateTime"][11:16] for one in covered} == {"13:25"}
    assert len(covered) == len(values_of(pressure.body)) - 1  # of the two pressures one Observation


def test_the_session_is_a_procedure_with_its_people_and_times(session):
    session.close(120)
    session.add(SignOff(SHARED, "Jane Roe", "LCSW", "I was there", ()), 130, THERAPIST)

    (procedure,), (signed,) = told(session, "Procedure"), told(session, "Provenance")

    assert procedure["status"] == "completed"
    assert [procedure["performedPeriod"][end][11:16] for end in ("start", "end")] == ["13:20", "15:20"]
    assert len(procedure["performer"]) == 2
    assert resource_of(session, signed["target"][0]) == procedure


# ------------------------------------------------------------------------------------------ what stays inside


def test_the_patient_is_a_code_and_nothing_else(session):
    (patient,) = told(session, "Patient")

    assert patient["identifier"][0]["value"] == "K-0142"
    assert set(patient) == {"resourceType", "id", "identifier", "name", "gender"}
    assert [set(name) for name in patient["name"]] == [{"extension"}]


def test_nothing_of_process_notes_is_in_it_not_even_that_they_were_signed(session):
    before = bundle_of(session)
    note = session.add(Note("Zitronenfalter"), 30)
    session.add(Correction(note.entry_id, "Zitronenfalter", Note("Zitronenfalter")), 31)
    session.add(LateEntry("Zitronenfalter", Note("Zitronenfalter")), 32)
    other = session.add(Note("Zitronenfalter"), 33)
    session.add(Correction(other.entry_id, "Zitronenfalter", AdverseEvent("Zitronenfalter", "mild")), 34)
    session.add(SignOff(therapy_of(THERAPIST), "Jane Roe", "LCSW", "mine", ()), 60, THERAPIST)

    assert bundle_of(session) == before
