"""On what right a summary was handed over: the authorizations of its process notes, and the notice of 42 CFR 2.32."""

from kapnotes.domain.release import Released
from kapnotes.domain.words import counted
from kapnotes.export.course import Course
from kapnotes.export.form_cells import FormCells
from kapnotes.export.page_words import short_date
from kapnotes.export.sheet import CELL, DIM, STRONG, Sheet


def release_statement(sheet: Sheet, course: Course, released: tuple[Released, ...]) -> None:
    """Add what was released to the recipient and under which authorization; that nothing was, where nothing was.

    That anything was released to somebody else is told on no page: it is another's business. The window tells it to
    whoever makes the page.

    Source: 45 CFR 164.508(a)(2), (b)(5) and (c)(1).
    """
    translate = course.translate
    if not released:
        words = translate(
            "Page",
            "This page holds no process notes: what stands on it is the record of the session and what the therapist "
            "wrote for this page.",
        )
        sheet.text(words, CELL)
    for one in released:
        _authorization(sheet, course, one)
    if released:
        words = translate(
            "Page",
            "The patient may revoke it in writing at any time; what was handed over before stays so. No word of any "
            "other process note is on this page.",
        )
        sheet.text(words, DIM)


def _authorization(sheet: Sheet, course: Course, released: Released) -> None:
    translate, said = course.translate, released.authorization
    line = translate("Page", "{count} line of process notes, by this authorization of the patient (45 CFR 164.508)")
    lines = translate("Page", "{count} lines of process notes, by this authorization of the patient (45 CFR 164.508)")
    sheet.subsection(counted(len(released.entries), line, lines), keep=70)
    signature = translate("Page", "{name}, {date}")
    cells = FormCells(translate)
    sheet.form(
        [
            [
                cells.cell(translate("Page", "Discloses"), said.discloser, 2),
                cells.cell(translate("Page", "To"), said.recipient, 2),
                cells.cell(translate("Page", "Expires"), short_date(said.expires_on, translate), 1.4),
            ],
            [
                cells.cell(translate("Page", "What"), said.description, 2),
                cells.cell(translate("Page", "Purpose"), said.purpose, 2),
                cells.cell(
                    translate("Page", "Signed"),
                    signature.format(name=said.signed_by, date=short_date(said.signed_on, translate)),
                    1.4,
                ),
            ],
        ]
    )
    cells.add_longer(sheet, CELL)
    sheet.room(5)


def part_2_in_short(sheet: Sheet, course: Course) -> None:
    """Add one line below the title where 42 CFR Part 2 binds the clinic; the notice stands at the end.

    Source: 42 CFR 2.32(a)(2), statement 2, as amended by 89 FR 12472 (16 February 2024).
    """
    if course.issue.clinic.is_part_2_program:
        words = course.translate(
            "Page", "42 CFR part 2 prohibits unauthorized use or disclosure of these records. The notice is at the end."
        )
        sheet.text(words, STRONG, after=6)


def part_2_notice(sheet: Sheet, course: Course) -> None:
    """Add the notice that goes with each disclosure, word for word, where 42 CFR Part 2 binds the clinic.

    Source: 42 CFR 2.32(a)(1), statement 1, and (b) for what goes with it, as amended by 89 FR 12472 (16 February 2024);
    read word by word against published copies, of which one is compliancecosmos.org's of § 2.32.
    """
    if not course.issue.clinic.is_part_2_program:
        return
    translate = course.translate
    sheet.section(translate("Page", "Notice: no further disclosure without consent (42 CFR 2.32)"), keep=60)
    sheet.text(
        translate(
            "Page",
            "This record which has been disclosed to you is protected by Federal confidentiality rules (42 CFR part "
            "2). These rules prohibit you from using or disclosing this record, or testimony that describes the "
            "information contained in this record, in any civil, criminal, administrative, or legislative proceedings "
            "by any Federal, State, or local authority, against the patient, unless authorized by the consent of the "
            "patient, except as provided at 42 CFR 2.12(c)(5) or as authorized by a court in accordance with 42 CFR "
            "2.64 or 2.65. In addition, the Federal rules prohibit you from making any other use or disclosure of this "
            "record unless at least one of the following applies:",
        ),
        CELL,
    )
    for words in (
        translate(
            "Page",
            "(i) Further use or disclosure is expressly permitted by the written consent of the individual whose "
            "information is being disclosed in this record or as otherwise permitted by 42 CFR part 2.",
        ),
        translate(
            "Page",
            "(ii) You are a covered entity or business associate and have received the record for treatment, payment, "
            "or health care operations, or",
        ),
        translate(
            "Page",
            "(iii) You have received the record from a covered entity or business associate as permitted by 45 CFR "
            "part 164, subparts A and E.",
        ),
    ):
        sheet.text(words, CELL, indent=12)
    sheet.text(
        translate(
            "Page",
            "A general authorization for the release of medical or other information is NOT sufficient to meet the "
            "required elements of written consent to further use or redisclose the record (see 42 CFR 2.31).",
        ),
        CELL,
    )
    sheet.text(
        translate("Page", "A copy of the patient's consent, or a clear explanation of its scope, goes with it."), DIM
    )
