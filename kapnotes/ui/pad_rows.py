"""A therapist's entries as rows of the pad: code, text, gap above and remark, in the words of the screen."""

from PySide6.QtCore import QCoreApplication

from kapnotes.domain.around import Theme, Touch, TouchAgreement
from kapnotes.domain.codebook import Codebook
from kapnotes.domain.entries import (
    CheckIn,
    Correction,
    Entry,
    Intention,
    Mark,
    MarkChange,
    Newer,
    Note,
    Phase,
    Setting,
    Signal,
)
from kapnotes.domain.record import Record
from kapnotes.domain.touch import is_agreed
from kapnotes.ui.session_words import amendment_words, seen_remark, signal_word, stage_word
from kapnotes.ui.timeline_rows import TimelineRow
from kapnotes.ui.times import clock_time, duration, minutes_since_dose
from kapnotes.ui.touch_words import area_word, consent_word

OnPad = Note | Mark | CheckIn | Intention | Setting | Signal | Phase | Touch | TouchAgreement | Newer


def is_on_pad(entry: Entry) -> bool:
    """Tell whether the pad shows *entry* as a row."""
    return isinstance(entry.body, OnPad)


def row_for(
    entry: Entry,
    record: Record,
    codebook: Codebook,
    *,
    before: Entry | None,
    gap_after_s: float,
    is_saved: bool,
) -> TimelineRow:
    """Return the row of *entry*; *before* is the row's entry above it, *gap_after_s* what counts as a gap."""
    translate = QCoreApplication.translate
    code, text, is_quote = _words(entry, codebook)
    quiet_s = record.between_s(before.happened, entry.happened) if before is not None else 0.0
    gap = translate("Pad", "{} with nothing noted").format(duration(quiet_s)) if quiet_s > gap_after_s else ""
    remark = translate("Pad", "entered {}").format(clock_time(entry.entered)) if record.is_late(entry) else ""
    remark = amendment_words(record, entry) or remark
    if isinstance(entry.body, Touch) and entry.body.begins and not is_agreed(record, entry.body.area, entry.happened):
        remark = translate("Pad", "not agreed")
    remark = seen_remark(record, entry) or remark
    if record.corrections_of(entry.entry_id, entry.author_id):
        remark = translate("Pad", "corrected")
    return TimelineRow(
        entry_id=entry.entry_id,
        time=clock_time(entry.happened),
        elapsed=minutes_since_dose(record.elapsed_s(entry.happened)),
        code=code,
        text=text,
        is_quote=is_quote,
        is_saved=is_saved,
        gap=gap,
        remark=remark,
    )


def taken_back_words(record: Record, entry: Entry) -> str:
    """Return when and why *entry* was taken back."""
    corrections = record.corrections_of(entry.entry_id, entry.author_id)
    if not corrections or not isinstance(corrections[-1].body, Correction):
        return ""
    words = QCoreApplication.translate("Pad", "taken back {time}: {reason}")
    return words.format(time=clock_time(corrections[-1].entered), reason=corrections[-1].body.reason)


def title_of(code: str, codebook: Codebook) -> str:
    """Return the title of a code, its name where the codebook has lost it."""
    known = codebook.named(code)
    return known.title if known is not None else code


def _words(entry: Entry, codebook: Codebook) -> tuple[str, str, bool]:
    translate = QCoreApplication.translate
    match entry.body:
        case Note(text, "quote"):
            return (
                title_of("quote", codebook),
                f"\N{LEFT DOUBLE QUOTATION MARK}{text}\N{RIGHT DOUBLE QUOTATION MARK}",
                True,
            )
        case Note(text, code):
            return title_of(code, codebook) if code else "", text, False
        case Mark(code, MarkChange.START):
            return title_of(code, codebook), translate("Pad", "begins"), False
        case Mark(code, MarkChange.STOP):
            return title_of(code, codebook), translate("Pad", "ends"), False
        case Mark(code, _):
            return title_of(code, codebook), "", False
        case CheckIn(""):
            return translate("Pad", "check-in"), translate("Pad", "quiet, inward"), False
        case CheckIn(text):
            return translate("Pad", "check-in"), text, False
        case Intention(text):
            return translate("Pad", "intention"), text, False
        case Theme(text):
            return translate("Pad", "theme"), text, False
        case Setting(text):
            return translate("Pad", "setting"), text, False
        case Signal(meaning):
            return translate("Pad", "signal"), signal_word(meaning), False
        case Touch(area, begins):
            words = translate("Pad", "{} begins") if begins else translate("Pad", "{} ends")
            return translate("Pad", "touch"), words.format(area_word(area)), False
        case TouchAgreement(area, consent):
            return translate("Pad", "touch"), f"{area_word(area)}: {consent_word(consent)}", False
        case Phase(stage):
            return translate("Pad", "stage"), stage_word(stage), False
        case Newer(kind, _):
            return kind, translate("Pad", "entry of a newer version"), False
        case _:
            return "", "", False
