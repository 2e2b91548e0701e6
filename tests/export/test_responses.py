"""PHQ-9 and GAD-7 as they leave the program: on the pages, as FHIR with LOINC's codes, and in the tables."""

from kapnotes.domain.entries import Correction
from kapnotes.domain.response_scale import ResponseScale
from tests.export.test_fhir_bundle import codes_of, readings, resource_of
from tests.export.test_session_csv import deidentified, rows

PHQ = ResponseScale("phq9", (2, 1, 0, 1, 2, 3, 0, 1, 2), 1)
PART = ResponseScale("gad7", (1, 1, None, 1, 1, 1, 1))
TWO_DAYS_MIN = 2 * 24 * 60


def test_a_scale_is_an_observation_with_its_total_its_band_and_every_item(session):
    session.add(PHQ, 4)

    (told,) = readings(session, "44261-6")

    assert (told["valueInteger"], told["interpretation"], told["category"][0]["text"]) == (
        12,
        [{"text": "moderate"}],
        "Survey",
    )
    items = {code: part["valueInteger"] for part in told["component"] for code in codes_of(part)}
    assert list(items.values()) == [*PHQ.items, 1]
    assert items["44260-8"] == 2
    assert resource_of(session, told["performer"][0])["resourceType"] == "Patient"


def test_a_scale_with_an_item_left_out_has_no_total_and_says_so(session):
    session.add(PART, 4)

    (told,) = readings(session, "70274-6")

    assert "valueInteger" not in told
    assert told["dataAbsentReason"]["coding"][0]["code"] == "not-performed"
    assert [part.get("valueInteger") for part in told["component"]] == list(PART.items)
    assert told["component"][2]["dataAbsentReason"]["coding"][0]["code"] == "unknown"


def test_a_scale_that_was_taken_back_is_in_error_and_out_of_the_table(session):
    entry = session.add(PHQ, 4)
    session.add(Correction(entry.entry_id, "another patient's sheet"), 6)

    (told,) = readings(session, "44261-6")

    assert told["status"] == "entered-in-error"
    assert [row["what"] for row in rows(session)].count("response_scale") == 0


def test_the_table_has_items_and_total_and_the_deidentified_one_no_word_of_it(session):
    session.add(PHQ, 4)
    session.add(PART, TWO_DAYS_MIN)

    said = [row for row in rows(session) if row["what"] == "response_scale"]
    kept = [row for row in deidentified(session) if row["what"] == "response_scale"]

    assert [(row["scale"], row["items"], row["total"]) for row in said] == [
        ("phq9", "2 1 0 1 2 3 0 1 2", "12"),
        ("gad7", "1 1 - 1 1 1 1", ""),
    ]
    assert "item 9 is 2" in said[0]["text"]
    assert [(row["scale"], row["items"], row["total"]) for row in kept] == [
        (row["scale"], row["items"], row["total"]) for row in said
    ]
    assert all("text" not in row for row in kept)


def test_both_pages_tell_items_total_and_item_nine_with_the_day_where_it_is_another(session, record_of, summary_of):
    session.add(PHQ, 4)
    session.add(PART, TWO_DAYS_MIN)

    for words in (record_of(session).words(), summary_of(session).words()):
        assert "Answered by the patient" in words
        assert "210123012" in words.replace(" ", "")
        assert "12, moderate; item 9 is 2 (more than half the days)" in words
        assert "not complete, no total: item 3 without an answer" in words
        assert "Sunday 15 November" in words
