"""The drug's own book as it leaves the program: on the record, in the table, and what the others must not hold."""

import csv
import json
from dataclasses import replace
from decimal import Decimal

import pytest

from kapnotes.domain.countersigning import digest
from kapnotes.domain.drug_entries import (
    Countersignature,
    Countersigned,
    DoseDetail,
    Drawn,
    InfusionPause,
    Returned,
)
from kapnotes.domain.entries import Correction, Dose, Infusion, LateEntry, Route, Waste
from kapnotes.export.fhir_bundle import fhir_bundle
from kapnotes.export.medical import MedicalRecord
from kapnotes.export.session_csv import deidentified_csv, record_csv
from tests.export.conftest import CRNA, THERAPIST

LOT, SITE, WITNESS = "A12-774", "left deltoid", "Ruth Baker"


def sign(session, entry, minute, meaning=Countersigned.WITNESSED_WASTE):
    said = Countersignature(entry.entry_id, CRNA, digest(session.record, entry), meaning, WITNESS, "RN")
    return session.add(said, minute, "e" * 32)


@pytest.fixture
def course(session):
    """100 mg drawn; 20 mg at once, 20 mg and after a pause 10 mg infused, 30 wasted and 20 returned."""
    session.add(Drawn("ketamine", Decimal(100), Decimal(2), Decimal(50), LOT, "2026-10"), 10, CRNA)
    dose = session.add(Dose("ketamine", Decimal(20), Route.IM), 20, CRNA)
    session.add(DoseDetail(dose.entry_id, SITE, Decimal("0.4"), Decimal(50)), 20, CRNA)
    session.add(Infusion("ketamine", Decimal(1)), 30, CRNA)
    stop = session.add(Infusion("ketamine", Decimal(0)), 50, CRNA)
    session.add(InfusionPause(stop.entry_id), 50, CRNA)
    session.add(Infusion("ketamine", Decimal(1)), 55, CRNA)
    session.add(Infusion("ketamine", Decimal(0)), 65, CRNA)
    session.waste = session.add(Waste("ketamine", Decimal(30), WITNESS), 70, CRNA)
    session.add(Returned("ketamine", Decimal(20), "pharmacy"), 71, CRNA)
    session.checked = sign(session, dose, 21, Countersigned.CHECKED_DOSE)
    return session


def test_the_record_holds_lots_volumes_sites_pauses_witnesses_and_the_balance(record_of, course):
    sign(course, course.waste, 72)

    letters = record_of(course).letters()

    for said in (
        f"drawn: ketamine 100 mg · exp 2026-10, expired · lot {LOT} · 2 mL of 50 mg/mL",
        "returned: ketamine 20 mg to pharmacy",
        f"{SITE} · 0.4 mL of 50 mg/mL",
        f"checked by {WITNESS}, RN, 13:41",
        "infusion, 1 mg/min until it was paused at 14:10",
        "goes on after the pause",
        f"witnessed by {WITNESS}, RN, 14:32",
        "Balance: drawn = given + wasted + returned",
        "ketamine 100 50 30 20 0",
    ):
        assert "".join(said.split()) in letters


def test_waste_whose_witness_did_not_sign_and_one_that_was_changed_since_say_so(record_of, course):
    assert "named,notsigned" in record_of(course).letters()

    sign(course, course.waste, 72)
    course.add(Correction(course.waste.entry_id, "misread", Waste("ketamine", Decimal(25), WITNESS)), 80, CRNA)
    letters = record_of(course).letters()
    assert "doesnotmatch:changedsince" in letters
    assert "ketamine1005025205" in letters


def test_what_was_drawn_late_stands_among_the_amendments(record_of, course):
    course.add(
        LateEntry("the second vial was forgotten", Drawn("ketamine", Decimal(5), lot="B7")), 12, CRNA, entered=90
    )

    words = record_of(course).words()

    assert "the second vial was forgotten" in words
    assert "lot B7" in words


def test_the_summary_holds_no_lot(summary_of, course):
    words = summary_of(course).words()

    assert LOT not in words
    assert "Dose Route Weight Allergies ketamine 50 mg (0.62 mg/kg)" in words


def rows_of(table):
    return list(csv.DictReader(table.decode("utf-8-sig").splitlines()))


def test_the_table_has_the_book_and_the_deidentified_one_neither_lots_nor_sites_nor_names(course):
    sign(course, course.waste, 72)
    medical = MedicalRecord(course.record)

    rows = rows_of(record_csv(medical, course.stamp(100)))
    assert [row["what"] for row in rows] == [
        "drawn", "dose", "infusion", "infusion_pause", "infusion", "infusion", "waste", "returned",
    ]  # fmt: skip
    drawn, dose, waste = rows[0], rows[1], rows[6]
    assert [drawn[name] for name in ("mg", "ml", "mg_per_ml", "lot", "expires")] == ["100", "2", "50", LOT, "2026-10"]
    assert [dose[name] for name in ("mg", "ml", "mg_per_ml", "site")] == ["20", "0.4", "50", SITE]
    assert dose["countersigned"] == f"checked by {WITNESS}, RN, 13:41"
    assert waste["countersigned"] == f"witnessed by {WITNESS}, RN, 14:32"

    plain = deidentified_csv(medical, course.stamp(100)).decode()
    assert [row["mg"] for row in csv.DictReader(plain.splitlines())] == [row["mg"] for row in rows]
    assert not any(word in plain for word in (LOT, "2026-10", SITE, WITNESS, "pharmacy"))


def test_a_pause_that_names_a_dose_hides_no_dose(session):
    dose = session.dose()
    session.add(InfusionPause(dose.entry_id), 21, CRNA)

    assert [row["what"] for row in rows_of(record_csv(MedicalRecord(session.record), session.stamp(30)))] == ["dose"]


def test_fhir_has_the_site_of_a_dose_and_nothing_that_was_not_given(course):
    bundle = json.loads(fhir_bundle(MedicalRecord(course.record), course.stamp(100)))

    given = [
        one["resource"] for one in bundle["entry"] if one["resource"]["resourceType"] == "MedicationAdministration"
    ]
    assert [one["dosage"]["dose"]["value"] for one in given] == [20, 20, 10]
    assert [one["dosage"].get("site", {}).get("text") for one in given] == [SITE, None, None]
    assert LOT not in json.dumps(bundle)
    assert "pharmacy" not in json.dumps(bundle)


def test_a_signature_by_the_author_of_the_waste_is_none(record_of, course):
    said = sign(course, course.waste, 72)
    course.add(replace(said.body), 73, CRNA)
    course.add(replace(said.body, name="Somebody"), 74, CRNA)

    words = record_of(course).words()

    assert "Somebody" not in words
    assert THERAPIST not in words
