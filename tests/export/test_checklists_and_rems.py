"""Checklists, adverse events, computed scales and the REMS sheet on the record's page, and in the table of data."""

import csv
from decimal import Decimal

from kapnotes.domain.assessed import (
    ChecklistAnswer,
    CheckState,
    ComputedScale,
    EarlyDischarge,
    EventEnded,
    ItemSource,
    Unmet,
)
from kapnotes.domain.entries import AdverseEvent, Correction, Dose, Route
from kapnotes.export.medical import MedicalRecord
from kapnotes.export.session_csv import deidentified_csv, record_csv
from tests.export.conftest import CRNA, Session


def told(session):
    baseline = session.vitals(120, 80, 70, 12)
    session.dose()
    now = session.vitals(126, 84, 96, 80)
    mild = session.add(AdverseEvent("nausea", "mild", "waited"), 30, CRNA)
    session.add(AdverseEvent("Nausea", "severe", "ondansetron"), 40, CRNA)
    session.add(AdverseEvent("headache", "mild", "dimmed"), 45, CRNA)
    session.add(EventEnded(mild.entry_id, "nausea", "slept"), 55, CRNA)
    source = ItemSource(1, 1, "heart_rate_bpm", Decimal(96), Decimal(70), now.entry_id, baseline.entry_id)
    session.add(ComputedScale("padss", (2, 2, 2, 2, 2), (source,)), 85, CRNA)
    session.add(ChecklistAnswer("identity", CheckState.YES), 13, CRNA)
    session.add(ChecklistAnswer("fasting", CheckState.NO, "tea at nine"), 14, CRNA)
    session.add(EarlyDischarge("partner", "steady", "the last train", (Unmet("after_end", 60, 48),)), 90, CRNA)
    return session


def test_the_record_shows_answers_events_with_their_end_and_readings_of_a_score(record_of, session):
    letters = record_of(told(session)).letters()

    for said in (
        "Before the dose, answered by Max Muster, CRNA",
        "yes" + "identity checked",
        "no" + "fasting kept: tea at nine",
        "Not answered: consent confirmed again, escort and ride home arranged",
        "Before leaving" + "nothing answered",
        "mild, 14:00 severe",
        "14:15, after 25 min, slept",
        "open when the session ended",
        "item 1 typed 2, by readings 1: heart rate 96 at 14:40",
        "before the protocol's rule was met (stay: 48 of 60 min), why: the last train",
    ):
        assert "".join(said.split()) in letters, said
    assert "REMS" not in letters


def test_the_end_of_an_event_whose_report_was_taken_back_is_on_the_record_all_the_same(record_of, session):
    session.dose()
    report = session.add(AdverseEvent("nausea", "mild", "waited"), 30, CRNA)
    session.add(EventEnded(report.entry_id, "nausea", "slept"), 55, CRNA)
    session.add(Correction(report.entry_id, "another patient", None), 60, CRNA)

    assert "over,andnoreportofitstandsopen,slept" in record_of(session).letters()


def test_an_event_that_was_handed_over_says_so(record_of, session):
    told(session).add(ChecklistAnswer("events", CheckState.YES), 89, CRNA)

    assert "handed over" in record_of(session).words()


def test_the_rems_sheet_has_blanks_for_what_nobody_recorded(record_of):
    session = Session().open("nasal", "nasal-esketamine")
    session.vitals(128, 78, 74, 12)
    session.add(Dose("esketamine", Decimal(28), Route.NASAL), 20, CRNA)

    words = record_of(session).words()

    assert "To copy into the SPRAVATO REMS form" in words
    assert "Submit by Friday 20 November 2026. A blank was not recorded here. Nothing is sent by this program." in words
    assert "BP before 128/78, 13:32" in words
    assert "BP at 40 min ____" in words
    assert "Sedation ____" in words


def test_the_table_has_a_line_for_each_answer_and_end_and_the_deidentified_one_no_word_of_them(session):
    medical = MedicalRecord(told(session).record)
    made_at = session.stamp(100)

    rows = list(csv.DictReader(record_csv(medical, made_at).decode("utf-8-sig").splitlines()))
    bare = deidentified_csv(medical, made_at).decode("ascii")

    answered = [(row["item"], row["answer"], row["text"]) for row in rows if row["what"] == "checklist"]
    assert answered == [("identity", "yes", ""), ("fasting", "no", "tea at nine")]
    assert [row["text"] for row in rows if row["what"] == "event_ended"] == ["nausea: slept"]
    assert [row["total"] for row in rows if row["what"] == "scale"] == ["10"]
    assert "fasting,no" in bare
    assert not any(word in bare for word in ("tea at nine", "slept", "train", "partner", "ondansetron"))


def test_an_allergy_that_was_named_before_the_dose_stands_in_the_head_of_the_record(record_of, session):
    session.add(ChecklistAnswer("allergies", CheckState.YES, "latex"), 13, CRNA)

    assert "latex" in record_of(session).words().partition("Drugs")[0]


def test_the_sheet_to_copy_stands_on_one_page(record_of):
    pages = record_of(Session().open("nasal", "nasal-esketamine")).text("-layout").split("\f")

    assert [("SPRAVATO" in page, "Respiratory" in page) for page in pages[:2]] == [(False, False), (True, True)]
