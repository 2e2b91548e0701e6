"""The summary holds what a colleague needs, and of process notes what was released, word for word, and nothing else."""

import re
import unicodedata
from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from kapnotes.domain.around import PadUse, Theme
from kapnotes.domain.came_of_it import came_of_it
from kapnotes.domain.clinic_pages import ClinicPages
from kapnotes.domain.entries import (
    Action,
    AdverseEvent,
    Audit,
    Block,
    CheckIn,
    ClockJump,
    Correction,
    Discharge,
    Dose,
    Infusion,
    Intention,
    Mark,
    MarkChange,
    Newer,
    Note,
    NotTaken,
    NotTakenReason,
    Participant,
    PatientDetails,
    Phase,
    Route,
    Scale,
    Setting,
    Signal,
    Staffing,
    Stage,
    TakenBy,
)
from kapnotes.domain.errors import NotAuthorized
from kapnotes.domain.follow_up import BlockOutcome, Contact, FollowUp, TakenUp
from kapnotes.domain.members import Role
from kapnotes.domain.page_choice import PageChoice
from kapnotes.domain.record import Record
from kapnotes.export.summary import without_therapy

CANARY = "Zitronenfalter"
CRNA, OTHER = "c" * 32, "9" * 32


def squeezed(text):
    return "".join(unicodedata.normalize("NFC", text).split())


@pytest.fixture
def full(session):
    """A session in which something of everything happened."""
    session.vitals(121, 78, 72, 12)
    session.add(Phase(Stage.DOSING), 20)
    session.add(Infusion("ketamine", Decimal(1)), 20)
    session.vitals(164, 101, 96, 50, spo2=95)
    session.add(Infusion("ketamine", Decimal(0)), 60)
    session.add(Dose("ondansetron", Decimal(4), Route.IV, is_rescue=True), 65)
    session.add(AdverseEvent("nausea", "mild", "ondansetron 4 mg"), 64)
    session.add(Action("head raised"), 52)
    session.add(Scale("CADSS-6", (2, 3, 1, 0, 2, 1)), 80)
    session.add(Setting("eyeshades on"), 5)
    session.add(NotTaken(NotTakenReason.INWARD), 75)
    session.vitals(124, 79, 73, 110, taken_by=TakenBy.PATIENT)
    session.add(Discharge("sister, Anna", "steady gait"), 115)
    session.close()
    return session


# ------------------------------------------------------------------------------------------- what stands on it


def test_the_head_says_who_when_how_and_how_much(summary_of, full):
    words = summary_of(full, patient=PatientDetails("K-0142", Decimal(80), "penicillin")).words()

    for said in (
        "K-0142 · session 3 · Friday 13 November 2026",
        "ketamine 40 mg (0.5 mg/kg)",
        "intravenous",
        "13:20 to 15:20 (UTC+01:00)",
        "Jane Roe, LCSW (therapist)",
        "Max Muster, CRNA (medical)",
        "penicillin",
        "IV, 40 minutes",
        "Ida Kern",
    ):
        assert said in words


def test_the_window_counts_from_the_end_of_dosing_with_dates_weekdays_and_the_weekend(summary_of, full):
    words = summary_of(full).words()

    assert "Integration window Sat 14 Nov 14:20 to Mon 16 Nov 14:20" in words
    assert "24 to 72 hours after the end of dosing, Fri 13 Nov 2026, 14:20 (UTC+01:00)." in words
    assert "On a weekend: Sat 14 Nov, Sun 15 Nov." in words


def test_the_window_is_the_one_that_was_asked_for(summary_of, full, issue_of):
    words = summary_of(full, issue=replace(issue_of(full), clinic=ClinicPages(48, 96))).words()

    assert "Sun 15 Nov 14:20 to Tue 17 Nov 14:20" in words


def test_a_window_over_the_end_of_a_year_says_both_years(summary_of, full, issue_of):
    words = summary_of(full, issue=replace(issue_of(full), clinic=ClinicPages(24, 1200))).words()

    assert "Sat 14 Nov 2026, 14:20 to Sat 2 Jan 2027, 14:20" in words


def test_whom_to_call_stands_below_the_window_and_the_first_page_says_when_the_clinic_has_named_nobody(
    summary_of, full, issue_of
):
    clinic = ClinicPages(whom_to_call="weekdays: 555-0100\nnights: 988")
    words = summary_of(full, issue=replace(issue_of(full), clinic=clinic)).words()
    assert words.index("Integration window") < words.index("weekdays: 555-0100") < words.index("nights: 988")
    assert words.index("nights: 988") < words.index("The session at a glance")

    assert "The clinic has named nobody." in summary_of(full).words()


NOTICE_OF_2_32 = (
    "This record which has been disclosed to you is protected by Federal confidentiality rules (42 CFR part 2). These "
    "rules prohibit you from using or disclosing this record, or testimony that describes the information contained in "
    "this record, in any civil, criminal, administrative, or legislative proceedings by any Federal, State, or local "
    "authority, against the patient, unless authorized by the consent of the patient, except as provided at 42 CFR "
    "2.12(c)(5) or as authorized by a court in accordance with 42 CFR 2.64 or 2.65. In addition, the Federal rules "
    "prohibit you from making any other use or disclosure of this record unless at least one of the following applies:",
    "(i) Further use or disclosure is expressly permitted by the written consent of the individual whose information "
    "is being disclosed in this record or as otherwise permitted by 42 CFR part 2.",
    "(ii) You are a covered entity or business associate and have received the record for treatment, payment, or "
    "health care operations, or",
    "(iii) You have received the record from a covered entity or business associate as permitted by 45 CFR part 164, "
    "subparts A and E.",
    "A general authorization for the release of medical or other information is NOT sufficient to meet the required "
    "elements of written consent to further use or redisclose the record (see 42 CFR 2.31).",
)
"""Statement 1 of 42 CFR 2.32(a)(1), as in force since 2024."""


def test_the_notice_of_42_cfr_part_2_stands_at_the_end_where_it_binds_the_clinic_and_nowhere_else(
    summary_of, full, issue_of
):
    clinic = ClinicPages(is_part_2_program=True)
    words = summary_of(full, issue=replace(issue_of(full), clinic=clinic)).words()

    assert "42 CFR part 2 prohibits unauthorized use or disclosure of these records." in words
    assert words.index("Integration window") < words.index("This record which has been disclosed to you is protected")
    for said in NOTICE_OF_2_32:
        assert said in words
    assert "42 CFR" not in summary_of(full).words()


def test_without_an_end_of_dosing_no_window_is_counted(summary_of, session):
    assert "no window can be counted" in summary_of(session).words()


def test_the_medical_course_is_on_it(summary_of, full):
    words = summary_of(full).words()

    for said in (
        "systolic mmHg 121 121 0 −0:08 H 164 +36 0:30 124 +2 1:30",
        "SpO₂ % 98 95 0:30 98 −0:08 98 1:30",
        "Doses 13:40 T+0:00 ketamine 40 mg, infusion, 1 mg/min until 14:20",
        "Rescue drugs 14:25 T+0:45 ondansetron 4 mg, intravenous",
        "Adverse events 14:24 T+0:44 nausea, mild, ondansetron 4 mg, open",
        "Actions 14:12 T+0:32 head raised",
        "CADSS-6 9 (2, 3, 1, 0, 2, 1)",
        "Discharge 15:15 T+1:35 with sister, Anna, steady gait",
        "eyeshades on",
        "Taken by the patient: 1.",
        "T+0:55 inward",
    ):
        assert said in words


def test_the_medical_course_is_told_in_sentences(summary_of, full):
    words = summary_of(full).words()

    for said in (
        "Ketamine 40 mg (0.5 mg/kg) was infused intravenously at 1 mg/min from 13:40 to 14:20.",
        "Blood pressure, 121/78 mmHg at baseline, was highest at 164/101 (+36 %) at 14:10 (T+0:30) and 124/79 at "
        "15:10, the last reading.",
        "Heart rate, 72 per minute at baseline, lay between 72 and 96 (+33 %).",
        "Oxygen saturation was 95 % at its lowest.",
        "Of 3 sets of readings, 1 had a value outside the protocol's limits.",
        "Nausea (mild) began at 14:24 (T+0:44); ondansetron 4 mg; its end is not recorded.",
        "Ondansetron 4 mg was given intravenously at 14:25 (T+0:45) as a rescue drug.",
        "The patient left at 15:15 (T+1:35) with sister, Anna: steady gait.",
    ):
        assert said in words


def test_the_sentences_of_a_session_in_which_hardly_anything_was_noted_claim_nothing(summary_of, session):
    words = summary_of(session).words()

    for said in (
        "No dose is recorded. No blood pressure was recorded. No adverse event was recorded. "
        "No rescue drug was recorded. No discharge is recorded.",
    ):
        assert said in words


def test_several_doses_without_a_baseline_are_told_one_by_one(summary_of, new_session):
    session = new_session().open("im", "im", weight_kg=None)
    session.add(Dose("ketamine", Decimal(25), Route.IM), 20, CRNA)
    session.add(Dose("ketamine", Decimal(10), Route.IM), 32, CRNA)
    session.vitals(140, 85, 88, 40)

    words = summary_of(session).words()

    said = "was given intramuscularly: 25 mg at 13:40 (T+0:00) and 10 mg at 13:52 (T+0:12)."
    assert f"Ketamine 35 mg (no weight noted) {said}" in words
    assert "there is no baseline to compare it with" in words


def test_what_came_of_earlier_sessions_is_told_beside_what_was_written_for_them(
    summary_of, full, new_session, issue_of
):
    earlier = new_session().open()
    earlier.narrate(Block.SHIFTS, "call the brother on Sunday")
    earlier.add(
        FollowUp(
            "Ida Kern, LMFT",
            Contact.VIDEO,
            BlockOutcome(),
            BlockOutcome(TakenUp.PARTLY, "he wrote instead of calling"),
            BlockOutcome(),
            carry="ask who picked up",
        ),
        3000,
    )
    words = summary_of(
        full,
        issue=issue_of(
            full, came_of=came_of_it([earlier.record]), came_unread=1, choice=PageChoice(left_out=frozenset())
        ),
    ).words()

    came = words[words.index("What came of the earlier sessions") :]
    for said in (
        "Session 3, 13 November 2026: followed up by Ida Kern, LMFT, by video, Sunday 15 November 2026, 15:20",
        "small shifts call the brother on Sunday partly taken up: he wrote instead of calling",
        "words nothing to report not spoken of",
        "to carry on ask who picked up",
        "1 earlier session could not be read whole",
    ):
        assert said in came
    assert "What came of" not in summary_of(full).words()

    unasked = summary_of(full, issue=issue_of(full, came_of=came_of_it([earlier.record]))).words()
    assert "What came of the earlier sessions" not in unasked
    assert "kept in the record: what came of the earlier sessions." in unasked


def test_a_slot_without_an_entry_is_named(summary_of, full):
    assert "without any entry: T+0:10" in summary_of(full).words()


def test_the_blocks_are_filled_or_say_that_there_is_nothing_to_report(summary_of, full):
    full.narrate(Block.WORDS, "an older version")
    full.narrate(Block.WORDS, "water, black and still", 101)

    letters = summary_of(full).letters()

    assert "Wordsforwhatwasnotverbalwater,blackandstill" in letters
    assert "anolderversion" not in letters
    assert letters.count("Nothingtoreport.") == 2


def test_blocks_that_are_short_stand_beside_each_other_and_long_ones_below_each_other(summary_of, new_session):
    headings = "Words for what was not verbal", "Small shifts to try", "What needs careful attention"
    for text, lines in (("a staircase that goes down", 1), ("a staircase that goes down, " * 60, 3)):
        session = new_session().open()
        session.narrate(Block.WORDS, text)
        page = summary_of(session)
        found = [line for line in page.text("-layout").split("\n") if any(one in line for one in headings)]
        assert len(found) == lines
        read = page.letters()  # by whoever hears it or copies it: one block after the other
        places = [read.index("".join(one.split())) for one in (*headings[:1], text[:27], *headings[1:])]
        assert places == sorted(places)


@pytest.mark.parametrize(("maker", "label"), [(OTHER, "Uma, LCSW"), (CRNA, "Max Muster, CRNA"), ("", "x")])
def test_blocks_that_the_maker_cannot_read_are_not_called_nothing(summary_of, full, issue_of, maker, label):
    words = summary_of(full, issue=issue_of(full, made_by=label, made_by_id=maker)).words()

    said = "Blocks written by Jane Roe, LCSW are not here: who made this page cannot read them."
    assert words.count(said) == 1
    assert "Nothing to report." not in words
    assert "Lines released by Jane Roe, LCSW are not here: who made this page cannot read them." in words
    assert "No process note was released" not in words


def test_of_two_therapists_each_ones_page_says_what_the_others_wrote_is_missing(summary_of, new_session, issue_of):
    session = new_session().open(others=(Participant(OTHER, "Uma, LCSW", (Role.THERAPIST,)),))
    session.narrate(Block.SHIFTS, "stretching each morning")

    letters = summary_of(session).letters()

    assert "stretchingeachmorning" in letters
    assert letters.count("BlockswrittenbyUma,LCSWarenothere") == 2
    assert "Nothingtoreport." not in letters


def test_a_session_whose_opening_cannot_be_read_does_not_call_its_blocks_nothing(summary_of, new_session, issue_of):
    session = new_session()
    session.dose()

    words = summary_of(session, issue=issue_of(session, unread=1)).words()

    assert "the therapist's blocks may be missing" in words
    assert "Nothing to report" not in words


def test_a_session_without_a_therapist_says_so_instead_of_empty_blocks(summary_of, new_session):
    words = summary_of(new_session().open(staffing=Staffing.CRNA_ALONE)).words()

    assert "No therapist was in the room." in words
    assert "Nothing to report." not in words


def test_a_session_of_a_therapist_alone_marks_what_the_patient_measured(summary_of, new_session):
    session = new_session().open("sublingual", "sublingual", Staffing.THERAPIST_ALONE)
    session.vitals(118, 74, 66, 5, taken_by=TakenBy.PATIENT)
    session.add(Dose("ketamine", Decimal(300), Route.SUBLINGUAL, taken_by=TakenBy.PATIENT), 10)

    words = summary_of(session).words()

    assert "therapist alone; vital signs taken by the patient" in words
    assert "Taken by the patient: 1." in words
    assert "sublingual, taken by patient" in words


def test_corrections_stand_beside_the_struck_original_with_reason_and_date(summary_of, full):
    wrong = full.add(AdverseEvent("vomiting", "mild"), 70)
    full.add(Correction(wrong.entry_id, "typed twice", AdverseEvent("belching", "mild")), 72, entered=90)
    full.add(Correction(wrong.entry_id, "not at all", None), 73, entered=95)

    words = summary_of(full).words()

    assert "vomiting, mild" in words
    assert "typed twice" in words
    assert "withdrawn" in words
    assert "13 November 2026," in words


def test_a_late_entry_says_so(summary_of, full):
    full.vitals(131, 83, 79, 100, taken_by=TakenBy.STAFF)
    full.add(AdverseEvent("dizziness", "mild"), 90, entered=118)

    words = summary_of(full).words()

    assert "Late entries" in words
    assert "late entry 15:18" in words


def test_the_page_says_what_it_is_not_where_its_times_come_from_and_on_what_it_rests(summary_of, full):
    full.add(ClockJump(3600.0), 70)

    words = summary_of(full).words()

    assert "not a monitor and not a medical device" in words
    assert "times are those of the clinic's laptop (UTC+01:00)" in words
    assert "At 14:30 (T+0:50) its clock was set by +3600 s." in words
    assert words.count("KAP-HEAD medical 1482 7F3A-91C0-4D11-AA07-0C5B") >= 2
    assert "Made by Jane Roe, LCSW, Friday 13 November 2026, 15:35" in words


def test_every_page_says_which_of_how_many_it_is(summary_of, full):
    full.release(full.add(Note("line\n" * 300), 30))

    page = summary_of(full)

    with page.opened() as document:
        count = len(document.pages)
    assert count > 5
    assert all(f"Page {number} of {count}" in page.words() for number in range(1, count + 1))


def test_what_a_newer_program_wrote_is_counted(summary_of, full):
    full.add(Newer("hologram", 7), 50)

    assert "newer KAPnotes, which this page cannot show: 1." in summary_of(full).words()


def test_an_empty_record_gives_a_page(summary_of, new_session):
    page = summary_of(new_session())

    assert "no session opened" in page.words()
    page.check()


def test_it_can_be_made_on_letter(summary_of, full):
    with summary_of(full, page_size="Letter").opened() as document:
        assert [float(side) for side in document.pages[0].MediaBox] == [0, 0, 612, 792]


# -------------------------------------------------------------------------------------------- process notes


def hide_canaries(session):
    """Put the canary into every place of therapy that was not released, and into what was released and changed."""
    session.add(Intention(f"{CANARY} intention"), 1)
    note = session.add(Note(f"{CANARY} note", f"{CANARY}-code"), 30)
    session.add(Correction(note.entry_id, f"{CANARY} reason", Note(f"{CANARY} corrected")), 31)
    session.add(Mark(f"{CANARY}-mark"), 32)
    session.add(Mark(f"{CANARY}-state", MarkChange.START), 33)
    session.add(Mark(f"{CANARY}-state", MarkChange.STOP), 44)
    session.add(CheckIn(f"{CANARY} check-in"), 35)
    session.add(Signal(f"{CANARY} signal"), 36)
    session.add(Audit("opened", f"{CANARY} audit"), 37)
    withdrawn = session.add(Note(f"{CANARY} withdrawn"), 38)
    session.add(Correction(withdrawn.entry_id, f"{CANARY} withdrawn reason", None), 39)
    session.add(Correction("e" * 32, f"{CANARY} of an entry that this seat cannot read", None), 40)


def test_nothing_of_therapy_that_was_not_released_is_anywhere_in_the_file(summary_of, full):
    hide_canaries(full)
    released = full.add(Note("hands unclench", "body"), 45)
    changed = full.add(Note(f"{CANARY} changed after the release"), 46)
    full.release(released, changed)
    full.add(Correction(changed.entry_id, "other words", Note(f"{CANARY} new words")), 112)

    page = summary_of(full)

    assert "hands unclench" in page.words()
    assert CANARY.casefold() not in page.letters().casefold()
    assert CANARY.encode() not in page.inside()


def test_what_using_the_pad_took_is_on_no_page(summary_of, record_of, full):
    full.add(PadUse(918273, 645, 342), 47)

    for page in (summary_of(full), record_of(full)):
        assert "918273" not in page.letters()
        assert b"918273" not in page.inside()


def test_the_canary_would_be_seen(summary_of, full):
    full.release(full.add(Note(CANARY, "body"), 45))

    page = summary_of(full)

    assert CANARY in page.letters()
    assert CANARY.encode() in page.inside()


def test_released_lines_stand_in_order_with_t_plus_time_code_and_the_authorization(summary_of, full):
    later = full.add(Note("tears, hand on chest", "affect"), 34)
    earlier = full.add(Note("it's all water", "quote"), 30.5)
    mark = full.add(Mark("quiet", MarkChange.START), 40)
    check_in = full.add(CheckIn(), 42)
    intention = full.add(Intention("what is underneath"), 2)
    theme = full.add(Theme("water and doors"), 3)
    full.release(later, earlier, mark, check_in, intention, theme, purpose="integration sessions in November")

    words = summary_of(full).words()

    assert "Intention and themes intention “what is underneath” theme water and doors" in words
    assert (
        "peak 13:50 0:10 quote “it's all water” "
        "13:54 0:14 affect tears, hand on chest "
        "14:00 0:20 quiet begins "
        "14:02 0:22 check-in quiet, inward"
    ) in words
    assert "6 lines of process notes, by this authorization of the patient (45 CFR 164.508)" in words
    for said in (
        "Discloses To Expires Jane Roe, LCSW Ida Kern 1 January 2027",
        "What Purpose Signed the chosen lines integration sessions in November the patient, 13 November 2026",
    ):
        assert said in words


def test_a_line_of_two_authorizations_stands_once_and_each_authorization_is_told(summary_of, full):
    note, other = full.add(Note("hands unclench", "body"), 30), full.add(Note("it's all water", "quote"), 31)
    full.release(note, other, purpose="the integration sessions")
    full.release(note, purpose="supervision", minute=111)

    words = summary_of(full).words()

    assert words.count("hands unclench") == 1
    assert "2 lines of process notes, by this authorization" in words
    assert "1 line of process notes, by this authorization" in words
    assert "supervision" in words


def test_many_lines_stand_in_columns_phase_by_phase_and_none_is_lost(summary_of, full):
    notes = [full.add(Note(f"line-{index}", "body" if index % 2 else "quote"), 21 + index / 2) for index in range(120)]
    full.release(*notes)

    page = summary_of(full)

    assert set(map(int, re.findall(r"line-(\d+)", page.text("-raw")))) == set(range(120))
    assert "“line-0”" in page.letters()
    assert "body: line-1" in page.words()
    with page.opened() as document:
        assert len(document.pages) == 3


def test_a_corrected_line_is_printed_as_it_was_when_it_was_released_and_its_first_words_are_not(summary_of, full):
    note = full.add(Note(f"{CANARY} hands clench"), 30)
    full.add(Correction(note.entry_id, "misheard", Note("hands unclench")), 31)
    full.release(note)

    page = summary_of(full)

    assert "hands unclench" in page.words()
    assert CANARY.encode() not in page.inside()
    assert "misheard" not in page.words()


@pytest.mark.parametrize(
    "dates",
    [
        {"expires": date(2026, 11, 12), "signed": date(2026, 11, 1)},
        {"expires": date(2027, 1, 1), "signed": date(2026, 11, 14)},
    ],
    ids=["expired", "not yet signed"],
)
def test_an_authorization_that_does_not_stand_on_that_day_releases_nothing(summary_of, full, dates):
    full.release(full.add(Note(CANARY), 30), **dates)

    page = summary_of(full)

    assert "No process note was released for this page." in page.words()
    assert CANARY.encode() not in page.inside()


def test_a_revoked_authorization_releases_nothing(summary_of, full):
    release = full.release(full.add(Note(CANARY), 30))
    full.add(Correction(release.entry_id, "revoked by the patient", None), 112)

    page = summary_of(full)

    assert CANARY.encode() not in page.inside()
    assert "revoked by the patient" not in page.words()


def test_the_day_that_counts_is_the_day_the_page_is_made(summary_of, full, issue_of):
    full.release(full.add(Note(CANARY), 30), expires=date(2026, 11, 13))

    assert CANARY in summary_of(full).letters()
    next_day = issue_of(full, minute=24 * 60)
    assert CANARY.encode() not in summary_of(full, issue=next_day).inside()


def test_an_authorization_that_is_not_complete_stops_the_page(summary_of, full):
    full.release(full.add(Note("x"), 30), purpose=" ")

    with pytest.raises(NotAuthorized):
        summary_of(full)


def test_what_was_released_to_somebody_else_changes_no_word_of_the_page(summary_of, full):
    full.release(full.add(Note("shown"), 32))
    before = summary_of(full).words()
    full.release(full.add(Note(CANARY), 30), full.add(Note(CANARY), 31), recipient="Somebody Else")

    page = summary_of(full)

    assert page.words() == before
    assert "shown" in before
    assert CANARY.encode() not in page.inside()
    assert b"Somebody Else" not in page.inside()


@pytest.mark.parametrize("recipient", ["", "Dr B"])
def test_who_is_released_nothing_hears_of_no_release(summary_of, full, issue_of, recipient):
    before = summary_of(full, issue=issue_of(full, recipient=recipient)).words()
    full.release(full.add(Note(CANARY), 30))

    page = summary_of(full, issue=issue_of(full, recipient=recipient))

    assert page.words() == before
    assert CANARY.encode() not in page.inside()


def test_the_recipient_is_compared_without_case_and_room(summary_of, full, issue_of):
    full.release(full.add(Note(CANARY), 30))

    page = summary_of(full, issue=issue_of(full, recipient=" ida  KERN"))

    assert CANARY in page.letters()


def test_a_record_without_therapy_keeps_all_the_rest(full):
    hide_canaries(full)
    reading = full.vitals(140, 90, 80, 60)
    full.add(Correction(reading.entry_id, "typed wrong", None), 61, reading.author_id)

    found = without_therapy(full.record)

    assert isinstance(found, Record)
    assert found.corrections_of(reading.entry_id)
    assert not [entry for entry in found.entries if isinstance(entry.body, Note | Mark | CheckIn | Intention)]
    kept = {entry.entry_id for entry in found.entries}
    assert {entry.entry_id for entry in full.record.entries if isinstance(entry.body, Signal | Setting)} <= kept


# ------------------------------------------------------------------------------------------------ typed text

LETTERS = st.sampled_from(
    "abcXYZ 0189.,;:!?()[]{}<>&%$#@*/\\|\"'`~^_+-=  \n"
    "äöüßéèñçøœÆ¿«»“”\u2018\u2019\u2013—…°µ½×÷€≤≥≠"
    "αβγδεζηθλπσςωάέήίόύώΑΒΓΩ"
    "абвгдеёжзийъыьэюяАБВЇђћ"
)


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.text(alphabet=LETTERS, min_size=1, max_size=400))
@example('a<b and c>d <pt says hi> ok <!-- x --> R&D AT&T &amp; &#60; <img src="x"> <br/> javascript:alert(1)')
@example("ketamin° Ελληνικά Кириллица naïve œuvre ½ ≥")
@example("x" * 700)
@example("{0} {words} %s %(x)s \\n \\u0041")
def test_a_released_note_is_on_the_page_letter_by_letter(summary_of, new_session, typed):
    session = new_session().open()
    session.dose()
    session.release(session.add(Note(typed, "body"), 30))

    assert squeezed(typed) in summary_of(session).letters()


def test_a_note_of_four_hundred_lines_breaks_over_pages_and_loses_none(summary_of, full):
    text = "\n".join(f"line-{number}" for number in range(400))
    full.release(full.add(Note(text), 30))

    assert re.findall(r"line-(\d+)", summary_of(full).text("-layout")) == [str(number) for number in range(400)]


def test_what_is_longer_than_a_cell_of_a_form_stands_below_it_and_none_of_it_is_lost(summary_of, full, issue_of):
    long = " ".join(f"word-{index}" for index in range(900))
    full.release(full.add(Note("x"), 30), description=long, signed_by="line\n" * 300)
    patient = PatientDetails("K-0142", Decimal(80), "latex\n" * 200)

    page = summary_of(full, patient=patient)

    assert page.words().count("see below") == 3
    assert set(re.findall(r"word-(\d+)", page.text("-raw"))) == {str(index) for index in range(900)}
    assert page.words().count("latex") == 200


def test_hostile_text_in_every_field_is_text(summary_of, new_session, issue_of):
    evil = '<b>&"x"</b> {0} %s ../../etc/passwd javascript:x'
    session = new_session().open(code=evil)
    session.dose()
    session.add(AdverseEvent(evil, evil, evil), 25)
    session.add(Discharge(evil, evil), 26)
    session.add(Setting(evil), 27)
    session.narrate(Block.ATTENTION, evil)
    session.release(session.add(Note(evil, "b" * 70), 28), discloser=evil, recipient=evil, signed_by=evil)

    page = summary_of(session, issue=issue_of(session, recipient=evil, made_by=evil, heads=(evil,)))

    page.check()
    assert page.letters().count(squeezed(evil)) >= 12


def test_what_no_typeface_holds_is_named_at_the_end(summary_of, full):
    full.release(full.add(Note("joy 😀 שלום"), 30))

    words = summary_of(full).words()

    assert "joy [U+1F600] [U+05E9][U+05DC][U+05D5][U+05DD]" in words
    assert "[U+1F600] grinning face" in words


def test_a_page_in_latin_letters_has_no_such_note(summary_of, full):
    assert "typefaces of this page" not in summary_of(full).words()


def test_every_word_of_ours_goes_through_the_translator(summary_of, full):
    words = summary_of(full, translate=lambda _context, text: re.sub(r"[A-Za-z](?![^{]*})", "Ж", text)).words()

    for ours in ("Integration", "Vital", "baseline", "systolic", "November", "Friday", "Page", "session", "until"):
        assert ours not in words.replace("integration", "")
