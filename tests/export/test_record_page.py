"""The medical record: every set, every drug, the protocol, and nothing of therapy at all."""

import re
import shutil
from dataclasses import replace
from decimal import Decimal

import pikepdf
import pytest

from kapnotes.domain.around import SignalSeen
from kapnotes.domain.assessed import ChecklistAnswer, CheckState
from kapnotes.domain.checklist import ITEMS, Checklist, item_word
from kapnotes.domain.clinic import ProtocolInUse
from kapnotes.domain.countersigning import digest
from kapnotes.domain.custody import SignOff
from kapnotes.domain.drug_entries import Countersignature, Countersigned, Drawn
from kapnotes.domain.emergency_step import EmergencyAct, EmergencyStep
from kapnotes.domain.entries import (
    Action,
    AdverseEvent,
    Block,
    ClockJump,
    Correction,
    Discharge,
    Dose,
    Infusion,
    LateEntry,
    Note,
    NotTaken,
    NotTakenReason,
    PatientDetails,
    Route,
    Scale,
    Signal,
    TakenBy,
    Waste,
)
from kapnotes.domain.members import MEDICAL, SHARED
from kapnotes.domain.start_hold import HeldValue, StartHold
from kapnotes.domain.words import in_english
from tests.export.conftest import CRNA, PASSPHRASE, THERAPIST

CANARY = "Zitronenfalter"


@pytest.fixture
def course(session):
    session.vitals(120, 80, 70, 12)
    session.add(Infusion("ketamine", Decimal(1)), 20)
    session.vitals(168, 88, 91, 30)
    session.add(NotTaken(NotTakenReason.ASLEEP), 40)
    session.vitals(84, 60, 49, 50, spo2=91)
    session.add(Infusion("ketamine", Decimal(0)), 60)
    session.add(Waste("ketamine", Decimal("9.5"), "Ruth Baker, RN"), 61)
    return session


def test_nothing_of_therapy_is_in_it_released_or_not(record_of, course):
    course.release(course.add(Note(CANARY, "body"), 45))
    course.narrate(Block.WORDS, CANARY)
    course.add(Note(CANARY, CANARY), 46)

    page = record_of(course)

    assert CANARY not in page.letters()
    assert CANARY.encode() not in page.inside()


def test_every_set_is_a_row_with_mean_pressure_change_and_a_letter_outside_the_protocol(record_of, course):
    words = record_of(course).words()

    assert "13:32 \N{MINUS SIGN}0:08 120 0 80 93 70 0 98 14 baseline" in words
    assert "13:50 0:10 H 168 +40 88 115 91 +30 98 14" in words
    assert "14:10 0:30 L 84 \N{MINUS SIGN}30 60 68 L 49 \N{MINUS SIGN}30 L 91 14" in words
    assert "outside the protocol's limits: 2 (H above, L below)." in words


MANY = {
    "moaas": 4,
    "pain": 7,
    "nausea": 10,
    "etco2_mmhg": Decimal("37.5"),
    "o2_l_per_min": Decimal("2.5"),
    "temperature_c": Decimal("36.8"),
}


@pytest.mark.parametrize("page_size", ["A4", "Letter"])
@pytest.mark.parametrize("fields", [3, 4, 6])
def test_a_remark_is_never_broken_inside_a_word_however_much_was_measured(record_of, session, fields, page_size):
    more = dict(list(MANY.items())[:fields])
    session.vitals(168, 108, 101, 12, **more)
    session.dose()
    session.vitals(170, 100, 110, 30, spo2=91, **more, taken_by=TakenBy.PATIENT, unusual=("pain 7 is unusual",))

    words = record_of(session, page_size=page_size).text("-raw").replace(",", " ").split()

    assert {"baseline", "patient", "confirmed", "MOAA/S", "nausea", "pain"} <= set(words)
    assert {str(value) for value in more.values()} <= set(words)


def test_a_set_not_taken_has_its_reason_and_a_slot_without_an_entry_says_so(record_of, course):
    course.vitals(120, 80, 70, 100)

    words = record_of(course).words()

    assert "14:00 0:20 not taken: asleep" in words
    assert "14:20 0:40 due by the protocol, no entry" in words


def test_what_the_patient_took_and_what_was_confirmed_is_marked(record_of, course):
    course.vitals(118, 76, 66, 70, taken_by=TakenBy.PATIENT, unusual=("heart_rate_bpm",))

    assert "taken by patient, confirmed as read: heart rate" in record_of(course).words()


def test_what_came_from_a_monitor_says_so_and_nobody_confirmed_it(record_of, course):
    course.vitals(118, 76, 11, 70, taken_by=TakenBy.MONITOR, unusual=("heart rate 11 /min is unusual",))

    words = record_of(course).words()

    assert "From a monitor: 1." in words
    assert "monitor, unusual: heart rate 11 /min is unusual" in words
    assert "confirmed as read" not in words


def test_drugs_add_up_to_the_total_and_waste_has_its_witness(record_of, course):
    course.add(Dose("ketamine", Decimal("10.25"), Route.IV), 70)
    course.add(Dose("ondansetron", Decimal(4), Route.IV, is_rescue=True), 75)

    words = record_of(course).words()

    assert "13:40 0:00 ketamine 40 0.5 infusion, 1 mg/min until 14:20" in words
    assert "14:30 0:50 ketamine 10.25 0.13 intravenous" in words
    assert "total given 50.25 0.63 rescue drugs not counted" in words
    assert "14:21 0:41 ketamine 9.5 Ruth Baker, RN" in words


def test_an_infusion_without_a_stop_says_so(record_of, session):
    session.add(Infusion("ketamine", Decimal(1)), 20)

    assert "no stop recorded; counted until 15:35" in record_of(session).words()


def test_the_protocol_is_on_it_with_version_source_and_limits(record_of, course):
    words = record_of(course).words()

    for said in (
        "IV, 40 minutes (iv-40)",
        course.record.protocol.version,
        "CANMAT",
        "systolic 90 to 160 mmHg",
        "every 10 min until the end of the infusion",
        "60 min after the end of dosing, PADSS 9 or more",
    ):
        assert said in words


def test_the_protocol_is_as_shipped_or_says_who_signed_it_and_when(record_of, course):
    assert "Signed: as shipped, signed by nobody in the clinic" in record_of(course).words()

    course.add(ProtocolInUse(2, "C. Nurse", "CRNA", course.stamp(-1440)), -20)
    words = record_of(course).words()

    assert "version 2 of the clinic's own, signed by C. Nurse, CRNA, " in words
    assert "Source:" in words


def test_a_start_that_was_held_stands_with_its_reason_and_with_what_held_it(record_of, course):
    assert "Start although held" not in record_of(course).words()

    course.add(StartHold("rechecked by hand", (HeldValue("systolic_mmhg", Decimal(152), Decimal(140)),)), 19)
    course.add(StartHold("the cuff was broken"), 18)
    words = record_of(course).words()

    assert "Start although held" in words
    assert "rechecked by hand systolic 152 above 140 mmHg" in words
    assert "the cuff was broken no baseline" in words


def test_a_protocol_that_cannot_be_read_is_told_and_the_rest_is_printed(record_of, new_session):
    session = new_session().open()
    broken = new_session()
    broken.add(replace(session.record.opened, protocol_text="nonsense ="))
    broken.vitals(120, 80, 70, 5)

    words = record_of(broken).words()

    assert broken.record.protocol_fault.split()[0] in words
    assert "120" in words


def test_a_correction_by_somebody_else_does_not_change_what_stands_and_is_told(record_of, course):
    reading = course.vitals(130, 80, 70, 80)
    course.add(Correction(reading.entry_id, "I know better", None), 81)  # by the therapist

    words = record_of(course).words()

    assert "onlyitsownauthorcorrectsanentry" in record_of(course).letters()
    assert "15:00" not in words
    assert "14:40 1:00 130" in words


def test_a_day_and_a_half_of_a_monitor_is_printed_whole_under_repeated_heads(record_of, session):
    session.dose(5)
    for minute in range(1936):
        session.vitals(120 + minute % 9, 80, 70, 6 + minute, taken_by=TakenBy.MONITOR)

    page = record_of(session)

    text = page.text("-layout")
    rows = re.findall(r"\d\d:\d\d\s+\N{MINUS SIGN}?\d+:\d\d\s+12\d\s", text)
    assert len(rows) == 1936
    assert len(re.findall(r"98\s+14\s+1\b", text)) == 1936
    assert "1 monitor" in page.words()
    with page.opened() as document:
        assert text.count("SBP") >= 2 * (len(document.pages) - 3)


def three_hours(new_session, sets=40):
    """A usual session: sets, two changes of the rate, a rescue drug, waste, scales, an event, discharge, signed."""
    session = new_session().open()
    session.vitals(122, 78, 70, 5, moaas=5)
    for number in range(1, sets):
        minute = number * 168 / sets
        session.vitals(124 + number, 76, 72, minute, spo2=91 if number % 9 == 0 else 98, moaas=4)
    for minute, rate in ((20, "0.8"), (30, "1.2"), (45, "0.6"), (62, "0")):
        session.add(Infusion("ketamine", Decimal(rate)), minute, CRNA)
    session.add(NotTaken(NotTakenReason.INWARD), 41, CRNA)
    event = session.add(AdverseEvent("nausea", "moderate", "ondansetron"), 72, CRNA)
    session.add(Action("head raised", event.entry_id), 73, CRNA)
    session.add(Dose("ondansetron", Decimal(4), Route.IV, is_rescue=True), 74, CRNA)
    session.add(Waste("ketamine", Decimal("9.6"), "Ruth Baker, RN"), 90, CRNA)
    wrong = session.vitals(182, 76, 74, 110.5)
    session.add(
        Correction(wrong.entry_id, "a digit misread", replace(wrong.body, systolic_mmhg=Decimal(128))), 111, CRNA
    )
    session.add(LateEntry("forgotten", AdverseEvent("dizziness", "mild", "waited")), 80, CRNA, entered=170)
    session.add(Scale("aldrete", (2, 2, 2, 2, 2)), 150, CRNA)
    session.add(Scale("padss", (2, 2, 1, 2, 2)), 168, CRNA)
    session.add(Discharge("partner", "oriented, steady gait"), 178, CRNA)
    session.close(180)
    for compartment, author, name in ((MEDICAL, CRNA, "Max Muster"), (SHARED, THERAPIST, "Jane Roe")):
        session.add(SignOff(compartment, name, "", "I made these entries", ()), 182, author)
    return session


SEAL = "\n".join(f"KAP-HEAD {name} 1482 {'7F3A-91C0-' * 6}" for name in ("shared", "medical"))


ANSWERS = {
    "fasting": (CheckState.NO, "tea at nine"),
    "pregnancy": (CheckState.NOT_APPLICABLE, ""),
    "stimulants": (CheckState.YES, "methylphenidate, not today"),
    "adult": (CheckState.YES, "partner, K. Sample"),
} | dict.fromkeys(("benzodiazepines", "sedatives", "opioids", "maois"), (CheckState.NO, ""))


def with_checklists(session):
    """Answer all items of both lists, draw the vial, and let a second person sign the waste."""
    for checklist, begin in ((Checklist.PRE_DOSE, 8), (Checklist.DISCHARGE, 170)):
        for number, item in enumerate(ITEMS[checklist]):
            answer = ChecklistAnswer(item, *ANSWERS.get(item, (CheckState.YES,)))
            session.add(answer, begin + number / 2, CRNA)
    session.add(Drawn("ketamine", Decimal("45.8"), Decimal("4.58"), Decimal(10), "A12-774", "2028-10"), 10, CRNA)
    waste, _ = session.record.of(Waste)[-1]
    said = digest(session.record, waste)
    meaning = Countersigned.WITNESSED_WASTE
    session.add(Countersignature(waste.entry_id, CRNA, said, meaning, "Ruth Baker", "RN"), 91, "e" * 32)
    return session


def sizes_of_type(document):
    """Return every size of type on the pages of *document*, in points."""
    operands = [one.operands for page in document.pages for one in pikepdf.parse_content_stream(page, "Tf")]
    return {float(size) for _, size in operands}


@pytest.mark.parametrize("page_size", ["A4", "Letter"])
def test_a_usual_session_of_three_hours_takes_two_pages(record_of, new_session, issue_of, page_size):
    session = with_checklists(three_hours(new_session))

    page = record_of(session, issue=issue_of(session, 190, seal=SEAL), page_size=page_size)

    with page.opened() as document:
        assert len(document.pages) == 2
        assert min(sizes_of_type(document)) >= 6.5
        width = float(document.pages[0].mediabox[2])
    assert round(width) == {"A4": 595, "Letter": 612}[page_size]
    words = page.words()
    assert "Page 1 of 2" in words
    assert "ketamine 36.2 mg (0.45 mg/kg)" in words
    assert "total given 36.2 0.45" in words
    assert "1 baseline · 2 corrected" in words
    assert words.count("SBP") in {2, 4}  # two blocks, on one page or broken over both
    letters = page.letters()
    assert "witnessedbyRuthBaker,RN,14:51" in letters
    for item in (one for items in ITEMS.values() for one in items):
        assert "".join(item_word(item, in_english).split()) in letters
    assert "no" + "fastingkept:teaatnine" in letters


def test_an_answer_that_differs_from_the_usual_one_is_bold_and_the_others_are_not(record_of, new_session):
    page = record_of(with_checklists(three_hours(new_session)))

    if shutil.which("pdftohtml") is None:
        pytest.skip("pdftohtml is missing: install poppler-utils")
    lines = page.run("pdftohtml", "-upw", PASSPHRASE, "-xml", "-i", "-stdout", str(page.path))
    bold = " ".join(re.findall("<b>(.*?)</b>", lines))
    for said in ("fasting kept: tea at nine", "pregnancy ruled out", "takes stimulants: methylphenidate, not"):
        assert said in bold
    for said in ("identity checked", "takes opioids", "instructions given"):
        assert said not in bold


def test_two_hundred_sets_flow_over_pages_each_under_its_heads(record_of, new_session):
    page = record_of(three_hours(new_session, sets=200))

    pages = page.text("-layout").split("\f")[:-1]
    with_rows = [one for one in pages if len(re.findall(r"\d\d:\d\d\s+\N{MINUS SIGN}?\d:\d\d", one)) > 20]
    assert len(with_rows) >= 2
    assert all(one.count("SBP") == 2 for one in with_rows)


def test_what_is_seldom_measured_stands_in_words_where_else_there_were_half_the_columns(record_of, new_session):
    session = three_hours(new_session)
    for field, minute in (("temperature_c", 100), ("etco2_mmhg", 101), ("o2_l_per_min", 102)):
        session.vitals(120, 80, 70, minute, **{field: Decimal("36.5")})

    words = record_of(session).words()

    assert words.count("SBP") in {2, 4}
    for said in ("temperature 36.5 °C", "EtCO₂ 36.5 mmHg", "O₂ flow 36.5 L/min"):
        assert said in words


def test_a_form_that_is_hardly_filled_says_so_and_a_long_allergy_stands_whole(record_of, session):
    assert "Allergies" in record_of(session).words()
    assert "none noted" in record_of(session).words()
    long = "penicillin with a rash that came after three days, " * 40

    page = record_of(session, patient=PatientDetails("K-0142", Decimal(80), long + "Zitronenfalter"))

    assert "see below" in page.words()
    assert page.letters().count("Zitronenfalter") == 1


def test_an_empty_record_gives_a_page(record_of, new_session):
    page = record_of(new_session())

    assert "No vital signs were recorded." in page.words()
    assert "The session ran by no protocol." in page.words()
    page.check()


def test_signals_between_the_clinicians_stand_with_when_they_were_seen(record_of, course):
    come = course.add(Signal("come"), 21, CRNA)
    course.add(Signal("in_two"), 23)
    course.add(SignalSeen(come.entry_id), 23)
    course.add(Signal("bp"), 25)

    words = record_of(course).words()

    assert "Signals between the clinicians" in words
    assert "13:41 0:01 please come" in words
    label = next(one.label for one in course.record.opened.participants if one.member_id == THERAPIST)
    assert label in words
    assert "13:43,answered“intwominutes”" in record_of(course).letters()
    assert "not seen" in words


def test_an_aware_that_answers_is_no_signal_that_nobody_saw(record_of, course):
    safety = course.add(Signal("safety"), 21)
    course.add(Signal("aware"), 22, CRNA)
    course.add(SignalSeen(safety.entry_id), 22, CRNA)

    letters = record_of(course).letters()

    assert re.search("13:42.{0,9}aware.{0,40}ananswer", letters), letters


def test_every_number_below_zero_has_one_sign(record_of, course):
    course.add(Scale("rass", (-2,)), 62, CRNA)
    course.add(ClockJump(-90.0), 63)

    letters = record_of(course).letters()

    assert "RASS\N{MINUS SIGN}2" in letters
    assert "\N{MINUS SIGN}30" in letters  # systolic 84 from a baseline of 120
    assert not re.search(r"(?<![\w.\d])-\d", record_of(course).words())


def test_a_session_without_signals_has_no_table_of_them(record_of, course):
    assert "Signals between" not in record_of(course).words()


def test_an_emergency_is_a_small_table_with_its_seconds_and_nothing_without_one(record_of, course):
    assert "Emergency" not in record_of(course).words()

    for minute, step in (
        (45, EmergencyStep(EmergencyAct.BEGAN)),
        (46.5, EmergencyStep(EmergencyAct.OXYGEN_ON, o2_l_per_min=Decimal(10))),
        (47, EmergencyStep(EmergencyAct.NOTE, "colour comes back")),
        (51, EmergencyStep(EmergencyAct.ENDED)),
    ):
        course.add(step, minute, CRNA)
    course.add(Dose("midazolam", Decimal(2), Route.IV, is_rescue=True), 48, CRNA)
    words = record_of(course).words()

    assert "Emergency from 14:05 to 14:11, 6:00 min" in words
    assert "14:06:30 1:30 0:26 O₂ 10 L/min" in words.replace("O2", "O₂")
    assert "14:07:00 2:00 0:27 colour comes back" in words
    assert "14:08:00 3:00 0:28 midazolam 2 mg" in words
    assert "this is no guideline" in words
