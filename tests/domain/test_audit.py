"""The audit trail in words: people as labels, sessions as code and number, and nothing that a record says."""

import pytest

from kapnotes.domain.audit import scope_named_in, trail_row, withdrawn_ids
from kapnotes.domain.audit_acts import OPENED, SIGN_IN_FAILED
from kapnotes.domain.custody import (
    BreakGlass,
    BreakGlassSeen,
    KeyChange,
    KeyEpoch,
    KeyEvent,
    PatientShredded,
    RollbackAck,
    SignOff,
)
from kapnotes.domain.entries import Audit, Correction, LateEntry, Note, Setting, SummaryIssued
from kapnotes.domain.members import MEDICAL, therapy_of
from kapnotes.domain.words import in_english

CANARY = "Zitronenfalter"


def what(script, body, therapist, crna, **more):
    row = trail_row(script.entry(body, 5), (therapist, crna), script.opened.body, in_english, **more)
    return None if row is None else row.what


@pytest.mark.parametrize(
    ("body", "words"),
    [
        (Audit("signed in", "b" * 32), "signed in"),
        (Audit(SIGN_IN_FAILED, "a" * 32), "sign-in failed: T. Therapist"),
        (Audit(SIGN_IN_FAILED, "0" * 32), "sign-in failed"),
        (Audit("something newer"), "something newer"),
        (SummaryIssued("summary", "Ida Kern", 3, "00"), "pages issued: summary for Ida Kern, 3 released lines"),
        (SummaryIssued("record", "", 0, "00"), "pages issued: record for nobody named, 0 released lines"),
        (SignOff(MEDICAL, "C", "CRNA", CANARY, ()), "signed: medical record"),
        (SignOff(therapy_of("a" * 32), "T", "LCSW", CANARY, ()), "signed: process notes"),
        (KeyEvent(KeyChange.MEMBER_REVOKED, "a" * 32), "member revoked: T. Therapist"),
        (KeyEvent(KeyChange.SHEET_MADE, "2"), "recovery sheet made"),
        (KeyEpoch(MEDICAL, 2, 1, "00"), "new key: medical record, number 2"),
        (BreakGlass(CANARY), "emergency reading began"),
        (BreakGlassSeen("1"), "emergency reading was seen"),
        (RollbackAck(CANARY), "older vault accepted"),
        (PatientShredded("dd" * 16), "patient deleted: dddddddd"),
    ],
)
def test_each_deed_has_its_words(script, therapist, crna, body, words):
    assert what(script, body, therapist, crna) == words


@pytest.mark.parametrize(
    "body",
    [Setting(CANARY), Note(CANARY), LateEntry(CANARY, Setting(CANARY)), Correction("1", CANARY, Setting(CANARY))],
)
def test_what_a_record_says_is_no_line_of_it(script, therapist, crna, body):
    assert what(script, body, therapist, crna) is None


def test_a_line_names_day_time_person_deed_and_session(script, therapist, crna):
    row = trail_row(script.entry(Audit(OPENED, "c" * 32), 5), (therapist, crna), script.opened.body, in_english)

    assert row.line() == "2025-03-08 14:05:00   C. Nurse   opened   K-0142 · 3"


def test_pages_that_were_logged_and_not_written_say_so(script, therapist, crna):
    issued = script.entry(SummaryIssued("summary", "I", 0, "00"), 5)
    taken_back = script.entry(Correction(issued.entry_id, "the file was not written", None), 6)

    assert withdrawn_ids([taken_back, issued]) == {issued.entry_id}
    words = what(script, issued.body, therapist, crna, is_withdrawn=True)
    assert words.endswith("; it failed")


def test_an_opening_is_about_the_session_that_it_names_and_all_else_about_its_own(script):
    assert scope_named_in(script.entry(Audit(OPENED, "ee" * 16), 5)) == "ee" * 16
    assert scope_named_in(script.entry(SummaryIssued("summary", "I", 0, "00"), 5)) == "c" * 32
