"""Every key of the program, in the one place where keys are defined.

The windows bind from this table, Ctrl+/ shows it, the README prints it, and a test holds the three together. The keys
of the codebook (F1 to F12, Alt and a letter) come from the codebook itself.
"""

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from PySide6.QtCore import QT_TRANSLATE_NOOP, QCoreApplication

from kapnotes.domain.errors import BadFile

if TYPE_CHECKING:
    from kapnotes.domain.codebook import Code, Codebook


class Where(StrEnum):
    """The windows that have keys of their own."""

    ANYWHERE = "anywhere"
    SIGN_IN = "sign-in"
    HOME = "home"
    PAD = "note pad"
    LOG = "vitals log"
    SUMMARY = "summary"
    FOLLOW_UP = "follow-up"
    RESPONSES = "PHQ-9 and GAD-7"
    COURSE = "course"
    AUDIT = "audit trail"
    SEARCH = "search"
    EMERGENCY = "emergency reading"


@dataclass(frozen=True, slots=True)
class Key:
    """One key: the name the windows bind by, the sequence, where it works, and what it does."""

    name: str
    sequence: str
    where: Where
    does: str
    is_bound: bool = True
    """False where the widget itself knows the key (Enter, Esc, arrows) and it stands here for the table."""

    def described(self) -> str:
        """Return what it does, in the language of the program."""
        return QCoreApplication.translate("Keys", self.does)


def _key(name: str, sequence: str, where: Where, does: object) -> Key:
    return Key(name, sequence, where, str(does))


def _own(name: str, sequence: str, where: Where, does: object) -> Key:
    return Key(name, sequence, where, str(does), is_bound=False)


EMERGENCY_KEYS: dict[str, str] = {
    "help_called": "H",
    "airway_opened": "A",
    "oxygen_on": "O",
    "suction": "S",
    "iv_fluid": "F",
    "infusion_stopped": "I",
    "drug": "D",
    "cpr_started": "C",
    "defibrillation": "X",
    "ems_called": "E",
    "ems_arrived": "R",
    "transported": "T",
    "note": "N",
    "ended": "Q",
    "take_back": "Backspace",
}
"""The single keys of an emergency's steps, in the order in which they stand on the strip, always; no guideline."""


def _emergency_keys() -> tuple[Key, ...]:
    """Return the keys of the strip, which takes them itself where it has the focus."""
    does = {
        "help_called": QT_TRANSLATE_NOOP("Keys", "emergency: called for help"),
        "airway_opened": QT_TRANSLATE_NOOP("Keys", "emergency: airway opened, bag-mask"),
        "oxygen_on": QT_TRANSLATE_NOOP("Keys", "emergency: O₂ on, then its flow"),
        "suction": QT_TRANSLATE_NOOP("Keys", "emergency: suction"),
        "iv_fluid": QT_TRANSLATE_NOOP("Keys", "emergency: IV fluid"),
        "infusion_stopped": QT_TRANSLATE_NOOP("Keys", "emergency: infusion stopped"),
        "drug": QT_TRANSLATE_NOOP("Keys", "emergency: a drug given, on the line of a rescue drug"),
        "cpr_started": QT_TRANSLATE_NOOP("Keys", "emergency: CPR started, and stopped"),
        "defibrillation": QT_TRANSLATE_NOOP("Keys", "emergency: defibrillation"),
        "ems_called": QT_TRANSLATE_NOOP("Keys", "emergency: EMS called"),
        "ems_arrived": QT_TRANSLATE_NOOP("Keys", "emergency: EMS arrived"),
        "transported": QT_TRANSLATE_NOOP("Keys", "emergency: patient transported"),
        "note": QT_TRANSLATE_NOOP("Keys", "emergency: a word of your own: em …"),
        "ended": QT_TRANSLATE_NOOP("Keys", "emergency: it has ended (press it twice)"),
        "take_back": QT_TRANSLATE_NOOP("Keys", "emergency: take back the newest step, as a correction"),
    }
    return tuple(_own(f"emergency_{name}", key, Where.LOG, does[name]) for name, key in EMERGENCY_KEYS.items())


def _signal_keys(where: Where) -> tuple[Key, ...]:
    """Return the keys of the silent signals: the same in both windows of a session."""
    return (
        _key("come", "Ctrl+Shift+1", where, QT_TRANSLATE_NOOP("Keys", "silent signal to the other: please come")),
        _key("bp", "Ctrl+Shift+2", where, QT_TRANSLATE_NOOP("Keys", "silent signal: BP now?")),
        _key("not_now", "Ctrl+Shift+3", where, QT_TRANSLATE_NOOP("Keys", "silent signal or answer: not now")),
        _key("in_two", "Ctrl+Shift+4", where, QT_TRANSLATE_NOOP("Keys", "silent signal or answer: in two minutes")),
        _key("aware", "Ctrl+Shift+5", where, QT_TRANSLATE_NOOP("Keys", "silent signal or answer: aware")),
        _key("seen", "Ctrl+Return", where, QT_TRANSLATE_NOOP("Keys", "seen: the signal that waits here")),
    )


KEYS: tuple[Key, ...] = (
    _key("keys", "Ctrl+/", Where.ANYWHERE, QT_TRANSLATE_NOOP("Keys", "show all keys")),
    _key("other_window", "Ctrl+Tab", Where.ANYWHERE, QT_TRANSLATE_NOOP("Keys", "go to the next open window")),
    _key("lock", "Ctrl+L", Where.ANYWHERE, QT_TRANSLATE_NOOP("Keys", "lock this seat; what is half-typed is kept")),
    _key("full_screen", "Ctrl+F11", Where.ANYWHERE, QT_TRANSLATE_NOOP("Keys", "full screen, and back")),
    _key("night", "Ctrl+Shift+L", Where.ANYWHERE, QT_TRANSLATE_NOOP("Keys", "the other night palette, amber or red")),
    _key("larger", "Ctrl++", Where.ANYWHERE, QT_TRANSLATE_NOOP("Keys", "larger text")),
    _key("smaller", "Ctrl+-", Where.ANYWHERE, QT_TRANSLATE_NOOP("Keys", "smaller text")),
    _key("close", "Ctrl+W", Where.ANYWHERE, QT_TRANSLATE_NOOP("Keys", "close this window")),
    _key("recovery", "Ctrl+R", Where.SIGN_IN, QT_TRANSLATE_NOOP("Keys", "recovery sheet: forgotten, or emergency")),
    _own("recovery_back", "Esc", Where.SIGN_IN, QT_TRANSLATE_NOOP("Keys", "back from the recovery sheet")),
    _key("start", "Ctrl+N", Where.HOME, QT_TRANSLATE_NOOP("Keys", "start a session with the chosen patient")),
    _key("new_patient", "Ctrl+P", Where.HOME, QT_TRANSLATE_NOOP("Keys", "new patient")),
    _key("find", "Ctrl+F", Where.HOME, QT_TRANSLATE_NOOP("Keys", "find a patient or a session by code")),
    _key("search", "Ctrl+Shift+F", Where.HOME, QT_TRANSLATE_NOOP("Keys", "search your own notes (therapists)")),
    _key("course", "Ctrl+H", Where.HOME, QT_TRANSLATE_NOOP("Keys", "the course of the patient: all sessions")),
    _key("follow_up", "Ctrl+Shift+U", Where.HOME, QT_TRANSLATE_NOOP("Keys", "record a follow-up (therapists)")),
    _key("responses", "Ctrl+Shift+Q", Where.HOME, QT_TRANSLATE_NOOP("Keys", "PHQ-9 and GAD-7 of the chosen session")),
    _key("second_seat", "Ctrl+O", Where.HOME, QT_TRANSLATE_NOOP("Keys", "sign in the other clinician")),
    _key("new_member", "Ctrl+M", Where.HOME, QT_TRANSLATE_NOOP("Keys", "new member (administrators)")),
    _key("backup", "Ctrl+B", Where.HOME, QT_TRANSLATE_NOOP("Keys", "make a backup now")),
    _key("audit", "Ctrl+T", Where.HOME, QT_TRANSLATE_NOOP("Keys", "the audit trail: who did what with which record")),
    _key("key_page", "Ctrl+K", Where.HOME, QT_TRANSLATE_NOOP("Keys", "your passphrase, recovery sheets, members")),
    _key("codebook", "Ctrl+Shift+K", Where.HOME, QT_TRANSLATE_NOOP("Keys", "the codebook: the marks of your note pad")),
    _key("protocols", "Ctrl+Shift+P", Where.HOME, QT_TRANSLATE_NOOP("Keys", "protocols, drugs and words of summaries")),
    _own("protocol_withdraw", "Del", Where.HOME, QT_TRANSLATE_NOOP("Keys", "there: withdraw a version; drop a drug")),
    _own("codebook_remove", "Del", Where.HOME, QT_TRANSLATE_NOOP("Keys", "in the codebook: remove the code (twice)")),
    _own("open", "Enter", Where.HOME, QT_TRANSLATE_NOOP("Keys", "open the chosen session")),
    _own("back", "Esc", Where.HOME, QT_TRANSLATE_NOOP("Keys", "back to the lists")),
    _own("enter", "Enter", Where.PAD, QT_TRANSLATE_NOOP("Keys", "keep the line; where it is empty: check-in, quiet")),
    _own("moment", "@14:05 …, -3 …", Where.PAD, QT_TRANSLATE_NOOP("Keys", "a note of that time, or of 3 minutes ago")),
    _own("break", "Shift+Enter", Where.PAD, QT_TRANSLATE_NOOP("Keys", "a new line within the note")),
    _own("clear", "Esc Esc", Where.PAD, QT_TRANSLATE_NOOP("Keys", "clear the line (Ctrl+Z brings it back)")),
    _key("intention", "Ctrl+I", Where.PAD, QT_TRANSLATE_NOOP("Keys", "the line becomes the intention")),
    _key("around", "Ctrl+P", Where.PAD, QT_TRANSLATE_NOOP("Keys", "preparation; in the closing the integration notes")),
    _key("around_other", "Ctrl+Shift+P", Where.PAD, QT_TRANSLATE_NOOP("Keys", "the other of these two pages")),
    _own("around_back", "Esc", Where.PAD, QT_TRANSLATE_NOOP("Keys", "on a page: back to the line, as it was")),
    _own("touch_agreed", "Y / A / N", Where.PAD, QT_TRANSLATE_NOOP("Keys", "touch on its page: yes, ask first, no")),
    _own("settle", "Space", Where.PAD, QT_TRANSLATE_NOOP("Keys", "a theme on its page: settled, or open again")),
    _own("take_back", "Del", Where.PAD, QT_TRANSLATE_NOOP("Keys", "take back a theme or an agreement")),
    _key("pad_stage", "Ctrl+G", Where.PAD, QT_TRANSLATE_NOOP("Keys", "go on to the next stage (press it twice)")),
    _key("blank", "Ctrl+B", Where.PAD, QT_TRANSLATE_NOOP("Keys", "blank every window; any key brings them back")),
    _key("pad_up", "PgUp", Where.PAD, QT_TRANSLATE_NOOP("Keys", "look back; PgDown forward, Alt+End to now")),
    _key("pad_down", "PgDown", Where.PAD, QT_TRANSLATE_NOOP("Keys", "look forward")),
    _key("pad_now", "Alt+End", Where.PAD, QT_TRANSLATE_NOOP("Keys", "back to now")),
    _key("touch", "Alt+H", Where.PAD, QT_TRANSLATE_NOOP("Keys", "touch begins, or ends: the area agreed first")),
    _own("touch_area", "Alt+1 … Alt+9", Where.PAD, QT_TRANSLATE_NOOP("Keys", "touch of that area: hand, shoulder, …")),
    _key("no_touch", "Alt+N", Where.PAD, QT_TRANSLATE_NOOP("Keys", "no touch from now on, for the whole session")),
    _key("touch_slip", "Alt+Shift+N", Where.PAD, QT_TRANSLATE_NOOP("Keys", "a slip: within 10 s, touch as before")),
    _key("pad_timer", "Alt+G", Where.PAD, QT_TRANSLATE_NOOP("Keys", "the route's timer is answered: spit")),
    _own("late_mark", "-3, @14:05", Where.PAD, QT_TRANSLATE_NOOP("Keys", "alone in the line: the next mark was then")),
    _key("row_up", "Ctrl+Up", Where.PAD, QT_TRANSLATE_NOOP("Keys", "choose a row, or the one above; the line stays")),
    _key("row_down", "Ctrl+Down", Where.PAD, QT_TRANSLATE_NOOP("Keys", "the row below; past the newest: none")),
    _own("row_leave", "Esc", Where.PAD, QT_TRANSLATE_NOOP("Keys", "leave the row, the correction, the one code")),
    _key("correct", "Ctrl+E", Where.PAD, QT_TRANSLATE_NOOP("Keys", "correct the row, or the newest; … // why")),
    _key("retract", "Ctrl+U", Where.PAD, QT_TRANSLATE_NOOP("Keys", "take the row back, or the newest (twice); or not")),
    _own("undo", "Ctrl+Z", Where.PAD, QT_TRANSLATE_NOOP("Keys", "on an empty line: undo what was noted last")),
    _key("only", "Ctrl+J", Where.PAD, QT_TRANSLATE_NOOP("Keys", "the row's code alone (no row: what was taken back)")),
    _key("want", "Ctrl+D", Where.PAD, QT_TRANSLATE_NOOP("Keys", "for the summary, or not: the row, or the newest")),
    _key("search", "Ctrl+F", Where.PAD, QT_TRANSLATE_NOOP("Keys", "search your own notes of all sessions")),
    _key("follow_up", "Ctrl+Shift+U", Where.PAD, QT_TRANSLATE_NOOP("Keys", "the follow-up: what came of it")),
    _key("responses", "Ctrl+Shift+Q", Where.PAD, QT_TRANSLATE_NOOP("Keys", "PHQ-9 and GAD-7")),
    _key("pad_summary", "Ctrl+S", Where.PAD, QT_TRANSLATE_NOOP("Keys", "the summary")),
    _key("pad_sign", "Ctrl+Shift+S", Where.PAD, QT_TRANSLATE_NOOP("Keys", "sign; afterwards only additions")),
    *_signal_keys(Where.PAD),
    _own("log_enter", "Enter", Where.LOG, QT_TRANSLATE_NOOP("Keys", "log the line; unusual values ask for it twice")),
    _own("held", "hold …", Where.LOG, QT_TRANSLATE_NOOP("Keys", "behind a first dose that is held: why it is given")),
    _own("log_clear", "Esc Esc", Where.LOG, QT_TRANSLATE_NOOP("Keys", "clear the line (Ctrl+Z brings it back)")),
    _key("not_taken", "F2", Where.LOG, QT_TRANSLATE_NOOP("Keys", "not taken: x and its reason")),
    _key("dose", "F3", Where.LOG, QT_TRANSLATE_NOOP("Keys", "a dose: dose 35 im")),
    _key("infusion", "F4", Where.LOG, QT_TRANSLATE_NOOP("Keys", "an infusion: inf 35/40, inf 0 stops it")),
    _key("rescue", "F5", Where.LOG, QT_TRANSLATE_NOOP("Keys", "a rescue drug: rescue ondansetron 4 iv")),
    _key("event", "F6", Where.LOG, QT_TRANSLATE_NOOP("Keys", "an adverse event: ae nausea mild: what was done")),
    _key("action", "F7", Where.LOG, QT_TRANSLATE_NOOP("Keys", "what was done about a marked reading; again: another")),
    _key("waste", "F8", Where.LOG, QT_TRANSLATE_NOOP("Keys", "waste with its witness: waste 15 R. Witness")),
    _key("drawn", "Shift+F3", Where.LOG, QT_TRANSLATE_NOOP("Keys", "drawn: drawn 2ml 50mg/ml lot A12 exp 2027-03")),
    _key("pause", "Shift+F4", Where.LOG, QT_TRANSLATE_NOOP("Keys", "the infusion pauses, or goes on: inf pause")),
    _key("returned", "Shift+F8", Where.LOG, QT_TRANSLATE_NOOP("Keys", "given back: return 20 pharmacy")),
    _key("countersign", "Ctrl+Shift+W", Where.LOG, QT_TRANSLATE_NOOP("Keys", "a second member witnesses or checks")),
    _own("countersign_back", "Esc", Where.LOG, QT_TRANSLATE_NOOP("Keys", "in its form: back to the line, as it was")),
    _key("event_end", "Shift+F6", Where.LOG, QT_TRANSLATE_NOOP("Keys", "an adverse event is over: end nausea")),
    _key("padss", "F9", Where.LOG, QT_TRANSLATE_NOOP("Keys", "the discharge score: padss 2 2 2 2 (first: computed)")),
    _key("discharge", "F10", Where.LOG, QT_TRANSLATE_NOOP("Keys", "discharge: out partner: steady // why early")),
    _key("check_dose", "Ctrl+P", Where.LOG, QT_TRANSLATE_NOOP("Keys", "the checklist before the dose")),
    _key("check_leaving", "Ctrl+Shift+P", Where.LOG, QT_TRANSLATE_NOOP("Keys", "the checklist before leaving")),
    _own("check_answer", "Y / N / −", Where.LOG, QT_TRANSLATE_NOOP("Keys", "on its page: yes, no, not applicable")),
    _own("check_open", "Del", Where.LOG, QT_TRANSLATE_NOOP("Keys", "on its page: the item is open again")),
    _own("check_text", "Enter", Where.LOG, QT_TRANSLATE_NOOP("Keys", "on its page: a short text to the item")),
    _own("check_back", "Esc", Where.LOG, QT_TRANSLATE_NOOP("Keys", "on its page: back to the line, as it was")),
    _key("log_stage", "Ctrl+G", Where.LOG, QT_TRANSLATE_NOOP("Keys", "go on to the next stage (press it twice)")),
    _key("log_timer", "Alt+G", Where.LOG, QT_TRANSLATE_NOOP("Keys", "the route's timer is answered: spit")),
    _key("row_up", "Ctrl+Up", Where.LOG, QT_TRANSLATE_NOOP("Keys", "choose a row, or the one above; the line stays")),
    _key("row_down", "Ctrl+Down", Where.LOG, QT_TRANSLATE_NOOP("Keys", "the row below; past the newest: none")),
    _own("row_leave", "Esc", Where.LOG, QT_TRANSLATE_NOOP("Keys", "leave the row, or the correction")),
    _key("correct", "Ctrl+E", Where.LOG, QT_TRANSLATE_NOOP("Keys", "correct the row, or the newest; … // why")),
    _key("retract", "Ctrl+U", Where.LOG, QT_TRANSLATE_NOOP("Keys", "take the row back, or the newest (twice); or not")),
    _own("undo", "Ctrl+Z", Where.LOG, QT_TRANSLATE_NOOP("Keys", "on an empty line: undo what was logged last")),
    _key("log_up", "PgUp", Where.LOG, QT_TRANSLATE_NOOP("Keys", "look back in the table")),
    _key("log_down", "PgDown", Where.LOG, QT_TRANSLATE_NOOP("Keys", "look forward in the table")),
    _key("cursor_back", "Alt+Left", Where.LOG, QT_TRANSLATE_NOOP("Keys", "cursor on a reading, then the one before")),
    _key("cursor_on", "Alt+Right", Where.LOG, QT_TRANSLATE_NOOP("Keys", "the reading after the cursor's")),
    _key("cursor_first", "Alt+Home", Where.LOG, QT_TRANSLATE_NOOP("Keys", "cursor on the first reading")),
    _key("cursor_newest", "Alt+End", Where.LOG, QT_TRANSLATE_NOOP("Keys", "cursor on the newest reading")),
    _own("cursor_leave", "Esc", Where.LOG, QT_TRANSLATE_NOOP("Keys", "leave the cursor; typing leaves it too")),
    _key("chart_hour", "Alt+Z", Where.LOG, QT_TRANSLATE_NOOP("Keys", "the chart: an hour of it, or the whole session")),
    _key("responses", "Ctrl+Shift+Q", Where.LOG, QT_TRANSLATE_NOOP("Keys", "PHQ-9 and GAD-7")),
    _key("log_summary", "Ctrl+S", Where.LOG, QT_TRANSLATE_NOOP("Keys", "the summary and the medical record")),
    _key("log_import", "Ctrl+Shift+I", Where.LOG, QT_TRANSLATE_NOOP("Keys", "readings from a monitor's file (CSV)")),
    _own("column", "Left, Right", Where.LOG, QT_TRANSLATE_NOOP("Keys", "on its page: what the column means")),
    _key("monitor_values", "Alt+V", Where.LOG, QT_TRANSLATE_NOOP("Keys", "on its page: impossible values, or rows")),
    _key("monitor_days", "Alt+D", Where.LOG, QT_TRANSLATE_NOOP("Keys", "on its page: 3/4/2026, day or month first")),
    _own("monitor_back", "Esc", Where.LOG, QT_TRANSLATE_NOOP("Keys", "on its page: back to the line, as it was")),
    _key("emergency", "F12", Where.LOG, QT_TRANSLATE_NOOP("Keys", "an emergency: its steps, one key each; and back")),
    *_emergency_keys(),
    _key("log_sign", "Ctrl+Shift+S", Where.LOG, QT_TRANSLATE_NOOP("Keys", "sign; afterwards only additions")),
    *_signal_keys(Where.LOG),
    _own("choose", "Space", Where.SUMMARY, QT_TRANSLATE_NOOP("Keys", "choose a line for the page, or not")),
    _key("choose_all", "Ctrl+Shift+A", Where.SUMMARY, QT_TRANSLATE_NOOP("Keys", "choose all lines, or none")),
    _key("choose_wanted", "Ctrl+Shift+D", Where.SUMMARY, QT_TRANSLATE_NOOP("Keys", "choose what the pad meant for it")),
    _key("filter", "Ctrl+F", Where.SUMMARY, QT_TRANSLATE_NOOP("Keys", "filter the process notes by word or code")),
    _key("undo_choice", "Ctrl+Z", Where.SUMMARY, QT_TRANSLATE_NOOP("Keys", "choose as before the last change")),
    _key("redo_choice", "Ctrl+Shift+Z", Where.SUMMARY, QT_TRANSLATE_NOOP("Keys", "and as after it again")),
    _key("release", "Ctrl+R", Where.SUMMARY, QT_TRANSLATE_NOOP("Keys", "record the authorization of these lines")),
    _key("revoke", "Ctrl+Shift+R", Where.SUMMARY, QT_TRANSLATE_NOOP("Keys", "revoke the session's authorizations")),
    _own("revoke_one", "Del", Where.SUMMARY, QT_TRANSLATE_NOOP("Keys", "in its list: revoke it (press it twice)")),
    _key("to_lines", "Ctrl+1", Where.SUMMARY, QT_TRANSLATE_NOOP("Keys", "to what can go in")),
    _key("to_authorization", "Ctrl+2", Where.SUMMARY, QT_TRANSLATE_NOOP("Keys", "to the authorization")),
    _key("to_blocks", "Ctrl+3", Where.SUMMARY, QT_TRANSLATE_NOOP("Keys", "to the three blocks")),
    _key("to_released", "Ctrl+4", Where.SUMMARY, QT_TRANSLATE_NOOP("Keys", "to what was released and has left")),
    _key("to_files", "Ctrl+5", Where.SUMMARY, QT_TRANSLATE_NOOP("Keys", "to where the pages go")),
    _key("to_pages", "Ctrl+6", Where.SUMMARY, QT_TRANSLATE_NOOP("Keys", "to the pages; Esc back to the lines")),
    _key("page_on", "Alt+PgDown", Where.SUMMARY, QT_TRANSLATE_NOOP("Keys", "the next page")),
    _key("page_back", "Alt+PgUp", Where.SUMMARY, QT_TRANSLATE_NOOP("Keys", "the page before")),
    _key("page_larger", "Alt++", Where.SUMMARY, QT_TRANSLATE_NOOP("Keys", "the page larger")),
    _key("page_smaller", "Alt+-", Where.SUMMARY, QT_TRANSLATE_NOOP("Keys", "the page smaller")),
    _key("page_fits", "Alt+0", Where.SUMMARY, QT_TRANSLATE_NOOP("Keys", "the page as wide as there is room")),
    _key("on_paper", "F8", Where.SUMMARY, QT_TRANSLATE_NOOP("Keys", "the page as on paper, bright; and back")),
    _key("pages_alone", "F6", Where.SUMMARY, QT_TRANSLATE_NOOP("Keys", "the pages alone, and back")),
    _key("save_summary", "Ctrl+S", Where.SUMMARY, QT_TRANSLATE_NOOP("Keys", "save summary.pdf")),
    _key("save_record", "Ctrl+D", Where.SUMMARY, QT_TRANSLATE_NOOP("Keys", "save record.pdf")),
    _key("print_summary", "Ctrl+P", Where.SUMMARY, QT_TRANSLATE_NOOP("Keys", "print the summary")),
    _key("print_record", "Ctrl+Shift+P", Where.SUMMARY, QT_TRANSLATE_NOOP("Keys", "print the medical record")),
    _key("copy_text", "Ctrl+Shift+T", Where.SUMMARY, QT_TRANSLATE_NOOP("Keys", "copy the summary as text (twice)")),
    _key("save_text", "Ctrl+T", Where.SUMMARY, QT_TRANSLATE_NOOP("Keys", "save it as text (twice: it is in clear)")),
    _key("save_document", "Ctrl+J", Where.SUMMARY, QT_TRANSLATE_NOOP("Keys", "save it as a FHIR document")),
    _key("save_fhir", "Ctrl+Shift+F", Where.SUMMARY, QT_TRANSLATE_NOOP("Keys", "save FHIR (twice: it is in clear)")),
    _key("save_csv", "Ctrl+Shift+C", Where.SUMMARY, QT_TRANSLATE_NOOP("Keys", "save a CSV (twice: it is in clear)")),
    _key("save_deidentified", "Ctrl+Shift+N", Where.SUMMARY, QT_TRANSLATE_NOOP("Keys", "the same de-identified")),
    _key("save_notes", "Ctrl+Shift+O", Where.SUMMARY, QT_TRANSLATE_NOOP("Keys", "save your own notes, whole (twice)")),
    _key("follow_up_keep", "Ctrl+S", Where.FOLLOW_UP, QT_TRANSLATE_NOOP("Keys", "record the follow-up")),
    _own("follow_up_row", "Enter, Del", Where.FOLLOW_UP, QT_TRANSLATE_NOOP("Keys", "one recorded: correct, take back")),
    _own("follow_up_leave", "Esc", Where.FOLLOW_UP, QT_TRANSLATE_NOOP("Keys", "back; what is half-typed is kept")),
    _key("responses_keep", "Ctrl+S", Where.RESPONSES, QT_TRANSLATE_NOOP("Keys", "keep the answers, as Enter does")),
    _key("responses_turn", "Ctrl+T", Where.RESPONSES, QT_TRANSLATE_NOOP("Keys", "the other scale: PHQ-9, GAD-7")),
    _own("responses_answer", "0 1 2 3 -", Where.RESPONSES, QT_TRANSLATE_NOOP("Keys", "an answer; - leaves it out")),
    _own("responses_row", "Enter, Del", Where.RESPONSES, QT_TRANSLATE_NOOP("Keys", "one kept: correct, take back")),
    _own("responses_leave", "Esc", Where.RESPONSES, QT_TRANSLATE_NOOP("Keys", "back; what is half-typed is kept")),
    _own("course_open", "Enter", Where.COURSE, QT_TRANSLATE_NOOP("Keys", "open the chosen session")),
    _key("course_follow_up", "Ctrl+Shift+U", Where.COURSE, QT_TRANSLATE_NOOP("Keys", "its follow-up (therapists)")),
    _key("course_responses", "Ctrl+Shift+Q", Where.COURSE, QT_TRANSLATE_NOOP("Keys", "PHQ-9 and GAD-7 around it")),
    _key("course_leave", "Esc", Where.COURSE, QT_TRANSLATE_NOOP("Keys", "back to where you were")),
    _own("search_open", "Enter", Where.SEARCH, QT_TRANSLATE_NOOP("Keys", "to the list; there: open the session")),
    _key("search_words", "Ctrl+F", Where.SEARCH, QT_TRANSLATE_NOOP("Keys", "other words")),
    _key("search_leave", "Esc", Where.SEARCH, QT_TRANSLATE_NOOP("Keys", "back to where you were")),
    _key("audit_filter", "Ctrl+F", Where.AUDIT, QT_TRANSLATE_NOOP("Keys", "filter the lines by typing")),
    _key("audit_save", "Ctrl+S", Where.AUDIT, QT_TRANSLATE_NOOP("Keys", "save the whole trail as CSV")),
    _key("audit_leave", "Esc", Where.AUDIT, QT_TRANSLATE_NOOP("Keys", "back to where you were")),
    _own("read", "Enter", Where.EMERGENCY, QT_TRANSLATE_NOOP("Keys", "show the medical course of the chosen session")),
    _key("read_list", "Esc", Where.EMERGENCY, QT_TRANSLATE_NOOP("Keys", "back to the list of sessions")),
    _key("read_again", "F5", Where.EMERGENCY, QT_TRANSLATE_NOOP("Keys", "read anew what others noted meanwhile")),
    _key("read_up", "PgUp", Where.EMERGENCY, QT_TRANSLATE_NOOP("Keys", "look back in the table")),
    _key("read_down", "PgDown", Where.EMERGENCY, QT_TRANSLATE_NOOP("Keys", "look forward in the table")),
)  # fmt: skip


def sequence_of(name: str) -> str:
    """Return the sequence of the key of that name."""
    return next(key.sequence for key in KEYS if key.name == name)


_NAMED = {(key.where, key.name): key for key in KEYS}


def key_named(name: str, where: Where) -> Key:
    """Return the key of that name in those windows, or in all of them."""
    return _NAMED.get((where, name)) or _NAMED[Where.ANYWHERE, name]


def keys_in(*places: Where) -> tuple[Key, ...]:
    """Return the keys of those windows, in the order of the table."""
    return tuple(key for key in KEYS if key.where in places)


def sequence_of_area(place: int) -> str:
    """Return the key of the area of touch at that place, from 0 to 8."""
    return f"Alt+{place + 1}"


def sequences_of(code: "Code") -> tuple[str, ...]:
    """Return the sequences of a code of the codebook: its F-key, and Alt with its letter for a laptop without F-row."""
    letter = f"Alt+{code.letter}" if code.letter else ""
    return tuple(sequence for sequence in (code.key, letter) if sequence)


def require_free_keys(codebook: "Codebook") -> None:
    """See that no key of *codebook* is one of the pad's own.

    Raises:
        BadFile: one is; names the code and what the key does.
    """
    own = {key.sequence.casefold(): key for key in keys_in(Where.PAD, Where.ANYWHERE) if key.is_bound}
    for code in codebook.codes:
        for sequence in sequences_of(code):
            taken = own.get(sequence.casefold())
            if taken is not None:
                raise BadFile(
                    "Codebook: {sequence} of “{title}” is the program's own: {does}.",
                    sequence=sequence,
                    title=code.title,
                    does=taken.does,
                )
