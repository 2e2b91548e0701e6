# ruff: noqa: RUF001 - letters of many scripts are what one of them is about
"""Three sessions that a summary must suit: short and calm, long with 300 notes, and one with all that can go wrong.

The pictures in the README are made from them: `python -m tests.export.three_sessions docs/pictures` (needs pdftoppm);
with `all` behind it, each page of each.
The patients are made up.
"""

import subprocess
import sys
from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from tempfile import TemporaryDirectory

from PIL import Image

from kapnotes.domain.around import Agreement, SettingItem, Theme, Touch, TouchAgreement, TouchConsent
from kapnotes.domain.assessed import EventEnded
from kapnotes.domain.clinic_pages import ClinicPages
from kapnotes.domain.custody import SignOff
from kapnotes.domain.entries import (
    Action,
    Addendum,
    AdverseEvent,
    Block,
    CheckIn,
    Correction,
    Discharge,
    Dose,
    Infusion,
    Intention,
    LateEntry,
    Mark,
    MarkChange,
    Note,
    NotTaken,
    NotTakenReason,
    PatientDetails,
    Phase,
    Route,
    Scale,
    Setting,
    Stage,
    Vitals,
)
from kapnotes.domain.members import MEDICAL, SHARED, Compartment, CompartmentKind
from kapnotes.domain.words import in_english
from kapnotes.export.course import Issue
from kapnotes.export.summary import summary_pdf
from tests.export.conftest import CRNA, HEADS, PASSPHRASE, THERAPIST, Session, counted_entropy

CLINIC = ClinicPages(
    whom_to_call="Weekdays 8 to 17: the clinic, 555-0100\nNights and weekends: the therapist on call, 555-0199\n"
    "In a crisis: 988, day and night",
)
PATIENT = PatientDetails("K-0142", Decimal("71.5"), "penicillin: rash")

CALM = (
    (24, Note("eyes closed, breath deepens", "body")),
    (28, Note("like lying in a boat that nobody has to row", "quote")),
    (33, Mark("imagery")),
    (41, CheckIn()),
    (52, Note("hands open on the blanket; a small smile", "body")),
    (58, Note("I didn't know that rest was allowed", "quote")),
    (74, Note("sits up by herself, looks at the window for a long time", "")),
)

SAID = (
    ("quote", "it's all water"),
    ("body", "hands unclench"),
    ("imagery", "long hall with doors, he stays in front of the third"),
    ("", "breath fast and shallow, head turns from side to side"),
    ("quote", "I could have gone in, and I didn't"),
    ("memory", "his father's workshop, the smell of resin"),
    ("affect", "cries quietly for two or three minutes, then laughs at himself"),
    ("relational", "asks for a hand; mine under his, as agreed"),
    ("quote", "don't let go"),
    ("body", "long outbreath, shoulders drop"),
    ("existential", "speaks of being small and of that being all right"),
    ("", "quiet; the eyes move under the lids"),
    (
        "quote",
        "it was never about the door, it was about who would be behind it, and I have known that for a long time",
    ),
    ("movement", "turns on the left side, draws the knees up"),
    ("imagery", "a staircase that goes down and is not dark"),
)


def short_and_calm():
    """An intramuscular session of an hour and a half, of which five lines were released."""
    session = Session().open("im", "im", weight_kg=Decimal("62"), code="K-0207")
    intention = session.add(Intention("to rest, for once, without having earned it"), 3)
    theme = session.add(Theme("the right to rest"), 4)
    session.vitals(118, 74, 66, 10)
    session.add(Phase(Stage.DOSING), 20)
    session.add(Dose("ketamine", Decimal("31"), Route.IM), 20, CRNA)
    for minute, (upper, lower, rate) in (
        (25, (124, 78, 71)), (35, (131, 82, 76)), (50, (128, 80, 72)), (65, (121, 76, 68)), (80, (119, 75, 66)),
        (95, (117, 74, 65)), (110, (118, 74, 66)),
    ):  # fmt: skip
        session.vitals(upper, lower, rate, minute)
    lines = [session.add(body, minute) for minute, body in CALM]
    session.add(Note("this line was not released and leaves no trace", "affect"), 60)
    session.add(Phase(Stage.RETURN), 62)
    session.add(Scale("padss", (2, 2, 2, 2, 2)), 108, CRNA)
    session.narrate(Block.WORDS, "Being carried. Nothing had to be done; the word “allowed” came late and stayed.")
    session.narrate(Block.SHIFTS, "Ten minutes on the balcony before the first mail, three mornings of this week.")
    session.add(Discharge("her husband", "steady, oriented"), 112, CRNA)
    session.close(115)
    sign(session, 118)
    session.release(intention, theme, *lines, minute=120, recipient="Ida Kern, LMFT")
    return session


def long_with_three_hundred_notes():
    """A three-hour infusion with 300 notes, of which every fourth was released, and states among them."""
    session = Session().open(weight_kg=Decimal("71.5"))
    lines = [session.add(Intention("look at what is underneath the constant low-grade anxiety"), 4)]
    lines += [session.add(Theme(text), 5) for text in ("what the vigilance at work is for", "his father")]
    session.add(TouchAgreement("hand", TouchConsent.YES), 6)
    session.add(Agreement("a raised hand ends the music"), 7)
    session.add(SettingItem(6, "eyeshades on; music low from the first dose"), 8)
    session.vitals(121, 78, 72, 12)
    session.add(Phase(Stage.DOSING), 20)
    session.add(Infusion("ketamine", Decimal("0.9"), Decimal(36)), 20, CRNA)
    session.add(Infusion("ketamine", Decimal("0.6")), 42, CRNA)
    session.add(Infusion("ketamine", Decimal(0)), 62, CRNA)
    for index in range(34):
        minute = 24 + index * 4.5
        rise = max(0.0, 1 - abs(minute - 52) / 55)
        session.vitals(round(121 + 34 * rise), round(78 + 17 * rise), round(70 + 22 * rise), minute)
    for start, stop, code in ((36, 45, "quiet"), (58, 71, "challenging"), (60, 66, "support"), (88, 101, "quiet")):
        lines.append(session.add(Mark(code, MarkChange.START), start))
        lines.append(session.add(Mark(code, MarkChange.STOP), stop))
    for index in range(300):
        code, text = SAID[index % len(SAID)]
        minute = 21 + 150 * index / 300 + (9 if index >= 150 else 0)
        note = session.add(Note(text, code), minute)
        lines += [note] if index % 4 == 0 else []
    session.add(Touch("hand", begins=True), 61)
    session.add(Touch("hand", begins=False), 66)
    session.add(NotTaken(NotTakenReason.INWARD), 90, CRNA)
    session.add(Phase(Stage.RETURN), 90)
    session.add(Scale("padss", (2, 2, 2, 2, 1)), 182, CRNA)
    session.narrate(
        Block.WORDS,
        "Water, then a hall with doors; the third door stayed closed and that was no failure. What had no words was "
        "the smell of resin: he was nine and allowed to stay. He has known for a long time who is behind it.",
    )
    session.narrate(
        Block.SHIFTS,
        "Call the brother on Sunday, and not write.\nOnce a day stand still in a doorway for three breaths before "
        "going on.\nLeave the phone in the hall after nine.",
    )
    session.narrate(
        Block.ATTENTION,
        "The sentence “don't let go” came with real fear; ask where in the body it is now before asking what it means. "
        "Sleep was poor before the session.",
    )
    session.add(Discharge("his partner", "steady gait, oriented, has eaten"), 186, CRNA)
    session.close(190)
    sign(session, 194)
    session.release(*lines, minute=196, recipient="Ida Kern, LMFT")
    return session


def one_with_all_that_can_go_wrong():
    """Amendments, adverse events with a rescue drug, an early limit, letters of many scripts, and 42 CFR Part 2."""
    session = Session().open(weight_kg=Decimal("80"), code="K-0311")
    intention = session.add(Intention("να μάθω να μένω — «остаться»"), 3)
    session.vitals(138, 88, 84, 12)
    session.add(Phase(Stage.DOSING), 20)
    session.add(Infusion("ketamine", Decimal(1)), 20, CRNA)
    high = session.vitals(172, 104, 118, 38, spo2=93)
    session.add(Action("cuff repositioned, taken again after two minutes", high.entry_id), 40, CRNA)
    session.vitals(166, 101, 112, 42, spo2=94)
    session.add(Infusion("ketamine", Decimal("0.5")), 43, CRNA)
    nausea = session.add(AdverseEvent("nausea", "mild"), 47, CRNA)
    session.add(AdverseEvent("nausea", "moderate", "head raised, ondansetron"), 52, CRNA)
    session.add(Dose("ondansetron", Decimal(4), Route.IV, is_rescue=True), 53, CRNA)
    session.add(EventEnded(nausea.entry_id, "nausea", "after ondansetron"), 75, CRNA)
    session.add(AdverseEvent("headache", "mild", "rest and water"), 98, CRNA)
    session.add(Infusion("ketamine", Decimal(0)), 65, CRNA)
    wrong = session.vitals(215, 79, 90, 70)
    session.add(Correction(wrong.entry_id, "two digits were swapped", Vitals(
        Decimal(151), Decimal(79), Decimal(90), Decimal(97), Decimal(14))), 71, CRNA)  # fmt: skip
    session.vitals(139, 86, 80, 100)
    session.vitals(136, 85, 79, 122)
    said = [
        session.add(Note("είναι όλα νερό", "quote"), 33),
        session.add(Note("холодно, а потом тепло", "quote"), 44),
        session.add(Note("שלום עולם", "quote"), 57),
        session.add(Note("whispers it once more and laughs 😀", "affect"), 58),
        session.add(Note("naïve — “façade”, 語, ½ of it", ""), 64),
        session.add(Note("says he is sick and does not want to stop", "body"), 49),
    ]
    late = session.add(LateEntry("the hands were needed", Note("asked for the light to be lower", "")), 55, entered=80)
    session.add(Setting("light lowered at the patient's wish"), 56)
    session.narrate(Block.WORDS, "Το νερό. There was a language before his languages.")
    session.narrate(Block.ATTENTION, "Blood pressure and nausea frightened him: say what it was, before anything else.")
    session.add(Scale("padss", (2, 2, 1, 2, 2)), 124, CRNA)
    session.add(Discharge("a friend, Θεόδωρος", "steady; mild headache"), 126, CRNA)
    session.close(128)
    sign(session, 132)
    session.add(Addendum("", "told at the door", Setting("the friend stays overnight")), 127, CRNA, entered=140)
    session.release(intention, *said, late, minute=141, recipient="Ida Kern, LMFT")
    return session


def sign(session, minute):
    """Sign both clinicians' own records."""
    therapy = Compartment(CompartmentKind.THERAPY, THERAPIST)
    for author, name, credential, compartments in (
        (THERAPIST, "Jane Roe", "LCSW", (SHARED, therapy)),
        (CRNA, "Max Muster", "CRNA", (SHARED, MEDICAL)),
    ):
        for compartment in compartments:
            body = SignOff(compartment, name, credential, "I made this record; it is complete and accurate.", ())
            session.add(body, minute, author)


THREE = {
    "calm": (short_and_calm, CLINIC),
    "long": (long_with_three_hundred_notes, CLINIC),
    "hard": (one_with_all_that_can_go_wrong, replace(CLINIC, is_part_2_program=True)),
}


def issue_of_three(session, clinic, **changed):
    """Return the occasion of a page of one of them, for Ida Kern."""
    seal = "\n".join(head.replace("KAP-HEAD", "KAP-SEAL") * 2 for head in HEADS)
    said = {"made_by": "Jane Roe, LCSW", "made_by_id": THERAPIST, "recipient": "Ida Kern, LMFT", "heads": HEADS}
    return Issue(made_at=session.stamp(200), clinic=clinic, seal=seal, **said | changed)


def pdf_of(name, page_size="Letter"):
    """Return the locked summary of one of the three."""
    write, clinic = THREE[name]
    session = write()
    return summary_pdf(
        session.record,
        PATIENT,
        issue_of_three(session, clinic),
        passphrase=PASSPHRASE,
        entropy=counted_entropy,
        translate=in_english,
        page_size=page_size,
    )


def pictures(folder, name, page=None, dots_per_inch=80):
    """Put a picture of one page of that session, or of each, into *folder*, as summary-calm-1.png."""
    with TemporaryDirectory() as work:
        path = Path(work) / f"{name}.pdf"
        path.write_bytes(pdf_of(name))
        which = () if page is None else ("-f", str(page), "-l", str(page))
        size = ("-png", "-gray", "-r", str(dots_per_inch))
        command = ["pdftoppm", "-upw", PASSPHRASE, *size, *which, str(path), str(Path(folder) / f"summary-{name}")]
        subprocess.run(command, check=True)
    for picture in Path(folder).glob(f"summary-{name}-*.png"):
        with Image.open(picture) as image:
            small = image.convert("L").quantize(16)  # ink and paper need no more greys
        small.save(picture, optimize=True)


IN_THE_README = (("long", 1), ("hard", 2))

if __name__ == "__main__":
    if sys.argv[2:] == ["all"]:
        for one in THREE:
            pictures(sys.argv[1], one)
    else:
        for one, number in IN_THE_README:
            pictures(sys.argv[1], one, number, dots_per_inch=90)
