"""The course as a table: every line reads back, no cell runs, and the de-identified one names nobody."""

import csv
import re
from decimal import Decimal
from io import StringIO
from typing import get_args

import pytest
from hypothesis import given, settings

from kapnotes.domain.assessed import CheckState
from kapnotes.domain.drug_entries import DoseDetail, InfusionPause
from kapnotes.domain.emergency_step import EmergencyAct, EmergencyStep
from kapnotes.domain.entries import (
    Action,
    AdverseEvent,
    Correction,
    Discharge,
    Dose,
    Infusion,
    LateEntry,
    MedicalBody,
    Note,
    NotTaken,
    NotTakenReason,
    Route,
    Scale,
    TakenBy,
    Vitals,
    Waste,
)
from kapnotes.domain.event_lines import SEVERITIES
from kapnotes.domain.limits import BOUNDS, values_of
from kapnotes.domain.response_scale import ITEMS as RESPONSE_ITEMS
from kapnotes.domain.response_scale import ResponseScale
from kapnotes.domain.scales import SCALE_ITEMS
from kapnotes.domain.start_hold import HeldValue, StartHold
from kapnotes.export.csv_text import csv_bytes
from kapnotes.export.medical import MedicalRecord
from kapnotes.export.session_csv import (
    _KNOWN_DRUGS,
    _WHAT,
    CHECKED,
    COLUMNS,
    DEIDENTIFIED_COLUMNS,
    deidentified_csv,
    record_csv,
)
from tests.export.conftest import CRNA
from tests.export.medical_days import sessions

CANARY = "Zitronenfalter"


def rows_of(content, encoding="utf-8-sig"):
    return list(csv.DictReader(StringIO(content.decode(encoding), newline="")))


def rows(session, minute=140):
    return rows_of(record_csv(MedicalRecord(session.record), session.stamp(minute)))


def deidentified(session, minute=140):
    return rows_of(deidentified_csv(MedicalRecord(session.record), session.stamp(minute)), "ascii")


def told(row):
    """Return what a line says beside its time and who entered it."""
    return {name: cell for name, cell in row.items() if cell and name not in {"happened", "t_min", "entered", "by"}}


def test_a_reading_is_a_line_with_its_time_from_the_first_dose(session):
    session.add(Vitals(Decimal(128), Decimal(76), Decimal("71.5"), moaas=4), 5, CRNA)
    session.dose(20)

    reading, dose = rows(session)

    assert (reading["happened"], reading["t_min"], reading["by"]) == (
        "2026-11-13T13:25:00+01:00",
        "-15.00",
        "Max Muster, CRNA",
    )
    assert told(reading) == {
        "what": "vitals",
        "source": "staff",
        "systolic_mmhg": "128",
        "diastolic_mmhg": "76",
        "heart_rate_bpm": "71.5",
        "moaas": "4",
    }
    assert (dose["t_min"], told(dose)) == (
        "0.00",
        {"what": "dose", "source": "staff", "drug": "ketamine", "mg": "40", "route": "iv"},
    )


def test_every_kind_of_line_says_what_it_is(session):
    session.add(NotTaken(NotTakenReason.ASLEEP), 1, CRNA)
    session.add(Infusion("ketamine", Decimal("0.5"), Decimal(20)), 10, CRNA)
    session.add(Infusion("ketamine", Decimal(0)), 50, CRNA)
    session.add(Dose("ondansetron", Decimal(4), Route.IV, is_rescue=True), 51, CRNA)
    session.add(Waste("ketamine", Decimal(15), "R. Witness"), 52, CRNA)
    session.add(AdverseEvent("nausea", "mild", "waited"), 53, CRNA)
    session.add(Action("opened a window"), 54, CRNA)
    session.add(Scale("padss", (2, 2, 2, 2, 1)), 55, CRNA)
    session.add(Scale("rass", (-1,)), 56, CRNA)
    session.add(Discharge("partner", "steady"), 57, CRNA)
    session.add(StartHold("anxious", (HeldValue("systolic_mmhg", Decimal(152), Decimal(140)),)), 58, CRNA)

    assert [told(row) for row in rows(session)] == [
        {"what": "not_taken", "reason": "asleep"},
        {"what": "infusion", "drug": "ketamine", "route": "iv", "mg": "20.00", "mg_per_min": "0.5"},
        {"what": "infusion", "drug": "ketamine", "route": "iv", "mg_per_min": "0"},
        {"what": "rescue", "source": "staff", "drug": "ondansetron", "route": "iv", "mg": "4"},
        {"what": "waste", "drug": "ketamine", "mg": "15", "text": "R. Witness"},
        {"what": "adverse_event", "severity": "mild", "text": "nausea: waited"},
        {"what": "action", "text": "opened a window"},
        {"what": "scale", "scale": "padss", "items": "2 2 2 2 1", "total": "9"},
        {"what": "scale", "scale": "rass", "total": "-1"},
        {"what": "discharge", "text": "partner: steady"},
        {"what": "start_hold", "text": "systolic 152 above 140: anxious"},
    ]


def test_what_was_corrected_stands_as_it_stands_now_and_says_why(session):
    typed = session.add(Vitals(heart_rate_bpm=Decimal(172)), 5, CRNA)
    session.add(Correction(typed.entry_id, "a digit too many", Vitals(heart_rate_bpm=Decimal(72))), 6, CRNA)
    session.add(LateEntry("forgotten", Vitals(heart_rate_bpm=Decimal(80))), 7, CRNA, entered=90)

    corrected, late = rows(session)

    assert (corrected["heart_rate_bpm"], corrected["remark"]) == ("72", "correction: a digit too many")
    assert (late["entered"][11:16], late["remark"]) == ("14:50", "late entry: forgotten")


@pytest.mark.parametrize("word", ["=1+1", "+1", "-1", "@sum", "\t=1", "\r=1", "\uff1d1"])
def test_no_word_is_run_by_a_spreadsheet(session, word):
    session.add(AdverseEvent(word, "mild"), 5, CRNA)
    session.add(Dose(word, Decimal(4), Route.IV, is_rescue=True), 6, CRNA)

    event, drug = rows(session)

    assert event["text"] == f"'{word}"
    assert drug["drug"] == f"'{word}"


def test_a_number_below_zero_stays_a_number():
    content = csv_bytes(("number", "text"), [(Decimal("-1.5"), "-1.5"), (-1, ""), (None, "x")], "ascii")

    assert content.decode().splitlines() == ["number,text", "-1.5,'-1.5", "-1,", ",x"]


def test_the_table_begins_with_the_mark_that_spreadsheets_look_for(session):
    content = record_csv(MedicalRecord(session.record), session.stamp(1))

    assert content == b"\xef\xbb\xbf" + ",".join(COLUMNS).encode() + b"\r\n"


@given(sessions())
@settings(max_examples=25)
def test_every_reading_and_every_amount_comes_back(session):
    found = rows(session)

    readings = [
        {field: Decimal(row[field]) for field in BOUNDS if row[field]} for row in found if row["what"] == "vitals"
    ]
    assert readings == [values_of(vitals) for _, vitals in session.record.of(Vitals)]
    amounts = [Decimal(row["mg"]) for row in found if row["what"] in {"dose", "rescue"}]
    assert amounts == [dose.dose_mg for _, dose in session.record.of(Dose)]
    assert not any(cell.lstrip().startswith(("=", "+", "@")) for row in found for cell in row.values())


LISTED = {
    "what": {*_WHAT.values(), "rescue", "infusion_pause"},
    "source": {*TakenBy},
    "drug": {*_KNOWN_DRUGS, "other"},
    "route": {*Route},
    "severity": {*SEVERITIES},
    "scale": {*SCALE_ITEMS, *RESPONSE_ITEMS},
    "item": {*CHECKED},
    "answer": {*CheckState},
    "reason": {*NotTakenReason},
    "step": {*EmergencyAct},
}
"""What may stand in a column of the de-identified table that holds no number."""


def test_every_medical_kind_has_its_line_or_stands_in_the_line_of_another():
    assert set(get_args(MedicalBody)) == {*_WHAT, DoseDetail, InfusionPause} - {ResponseScale}


@given(sessions(most=20))
@settings(max_examples=25)
def test_no_value_of_the_deidentified_table_is_outside_its_list_or_a_number(session):
    numbers = re.compile(r"-?\d{1,6}(\.\d{1,6})?(?:(?<=\d) -?\d{1,2})*")

    for row in deidentified(session):
        for name, cell in row.items():
            assert not cell or (cell in LISTED[name] if name in LISTED else numbers.fullmatch(cell)), (name, cell)


def test_a_process_note_gets_in_by_no_correction_either(session):
    note = session.add(Note(CANARY), 5)
    session.add(Correction(note.entry_id, CANARY, AdverseEvent(CANARY, "mild")), 6)

    assert rows(session) == []


def test_the_deidentified_table_has_no_time_of_day_no_name_and_no_code(session):
    session.add(Vitals(heart_rate_bpm=Decimal(70), unusual=(CANARY,)), 5, CRNA)
    session.dose(20)
    session.add(Dose(CANARY, Decimal(4), Route.IV, is_rescue=True), 30, CRNA)
    session.add(Waste(CANARY, Decimal(4), CANARY), 31, CRNA)
    session.add(AdverseEvent(CANARY, CANARY, CANARY), 32, CRNA)
    session.add(Scale(CANARY, (1, 2)), 33, CRNA)
    session.add(Action(CANARY), 34, CRNA)
    session.add(StartHold(CANARY), 34, CRNA)
    session.add(EmergencyStep(EmergencyAct.NOTE, CANARY), 34, CRNA)
    session.add(LateEntry(CANARY, Discharge(CANARY, CANARY)), 35, CRNA)
    session.add(Note(CANARY), 36)

    content = deidentified_csv(MedicalRecord(session.record), session.stamp(140)).decode("ascii")

    assert not re.search(rf"{CANARY}|2026|13:|14:|Muster|Roe|0142|iv-40|80", content)
    assert content.splitlines()[0] == ",".join(DEIDENTIFIED_COLUMNS)
    assert [row["t_min"] for row in rows_of(content.encode(), "ascii")][:2] == ["-15.00", "0.00"]
    assert {row["drug"] for row in rows_of(content.encode(), "ascii")} == {"", "ketamine", "other"}
