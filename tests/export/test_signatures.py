"""Signatures on the pages, and what was added after them, marked as what it is."""

from decimal import Decimal

from kapnotes.domain.custody import SignOff
from kapnotes.domain.entries import (
    Addendum,
    AdverseEvent,
    Block,
    Correction,
    Dose,
    LateEntry,
    Narrative,
    Note,
    Route,
    Setting,
)
from kapnotes.domain.members import MEDICAL, SHARED, Persons, therapy_of
from kapnotes.domain.record import Record
from kapnotes.export.summary import Issue

THERAPIST, CRNA = "a" * 32, "c" * 32
CANARY = "Zitronenfalter"


def sign(session, author, name, credential, minute, *compartments):
    for compartment in compartments:
        session.add(SignOff(compartment, name, credential, "complete and accurate", ()), minute, author)


def test_a_page_shows_printed_name_credential_time_and_meaning_of_each_signature(either, session):
    sign(session, THERAPIST, "Jane Roe", "LCSW", 125, SHARED, therapy_of(THERAPIST))
    sign(session, CRNA, "Max Muster", "CRNA", 127, SHARED, MEDICAL)

    words = either(session).words()

    assert "Jane Roe, LCSW" in words
    assert "Max Muster, CRNA" in words
    assert "15:25 (UTC+01:00)" in words
    assert "15:27 (UTC+01:00)" in words
    assert words.count("13 November 2026, 15:2") == 2
    assert words.count("complete and accurate") == 2, "one act of signing is one row, whatever it covers"
    assert "Not signed yet" not in words


def test_who_has_not_signed_is_named(either, session):
    sign(session, CRNA, "Max Muster", "CRNA", 127, SHARED, MEDICAL)

    assert "Not signed yet: Jane Roe, LCSW." in either(session).words()
    assert "Not signed yet: Max Muster" not in either(session).words()


def test_who_had_to_begin_anew_under_another_id_is_named_and_has_signed(either, session):
    later = "9" * 32
    note = session.add(Setting("lamp down"), 10)
    session.record = Record(session.record.entries, Persons({later: THERAPIST}))
    session.add(Correction(note.entry_id, "a slip", Setting("lamp off")), 20, later)
    sign(session, later, "Jane Roe", "LCSW", 125, SHARED, therapy_of(THERAPIST))

    page = either(session, issue=Issue(session.stamp(135), "Jane Roe, LCSW", "Ida Kern", made_by_id=later))
    assert "Not signed yet: Jane Roe" not in page.words()
    assert "member 99999999" not in page.words()
    assert "lamp off" in page.words()
    assert "only its own author corrects" not in page.words()
    assert "Jane Roe, LCSW are not here" not in page.words()


def test_a_late_entry_after_the_signature_says_so_with_its_reason(either, session):
    session.dose()
    sign(session, CRNA, "Max Muster", "CRNA", 127, MEDICAL)
    session.add(LateEntry("hands were full", AdverseEvent("nausea", "mild")), 50, CRNA, entered=130)

    words = " ".join(either(session).text("-raw").split())

    assert "late entry, after the signature: hands were full" in words
    assert "Entries added after their author had signed, each marked as such: 1." in words


def test_an_addendum_before_the_signature_is_marked_as_one_too(either, session):
    session.add(Addendum("", "asked afterwards", Setting("the left window")), 50, entered=60)

    words = " ".join(either(session).text("-raw").split())

    assert "addendum: asked afterwards" in words
    assert "the left window" in words


def test_a_late_dose_counts_in_the_total(either, session):
    session.dose(20, "40")
    session.add(LateEntry("missed", Dose("ketamine", Decimal(10), Route.IV)), 30, CRNA, entered=130)

    assert "ketamine 50 mg" in either(session).words()


def test_the_original_of_a_corrected_late_entry_is_legible(either, session):
    late = session.add(LateEntry("missed", AdverseEvent("nausea", "mild")), 50, CRNA, entered=130)
    session.add(Correction(late.entry_id, "slip", AdverseEvent("dizziness", "mild")), 131, CRNA)

    words = " ".join(either(session).text("-raw").split())

    assert "nausea, mild" in words
    assert "dizziness, mild" in words


def test_process_notes_added_late_stay_off_the_pages_with_their_reason(either, session):
    session.add(LateEntry(CANARY, Note(CANARY)), 40, entered=130)
    session.add(Addendum("", CANARY, Note(CANARY)), 132)
    noted = session.add(Note("plain"), 41)
    correction = session.add(Correction(noted.entry_id, CANARY, None), 133)
    session.add(Correction(correction.entry_id, CANARY, None), 134)

    page = either(session)

    assert CANARY not in page.letters()
    assert CANARY.encode() not in page.inside()


def test_a_released_late_note_is_on_the_summary_marked_and_without_its_reason(summary_of, session):
    session.dose()
    late = session.add(LateEntry(CANARY, Note("hands unclench", "body")), 40, entered=130)
    session.release(late, minute=132)

    page = summary_of(session)

    words = " ".join(page.text("-raw").split())
    assert "hands unclench" in words
    assert "late entry" in words
    assert CANARY.encode() not in page.inside()


def test_a_block_that_was_written_after_the_signature_says_so(summary_of, session):
    sign(session, THERAPIST, "Jane Roe", "LCSW", 125, SHARED, therapy_of(THERAPIST))
    session.add(Addendum("", CANARY, Narrative(Block.WORDS, "water, then the door")), 130)

    page = summary_of(session)

    assert "water, then the door" in page.words()
    assert "addendum, after the signature" in page.words()
    assert CANARY.encode() not in page.inside()
