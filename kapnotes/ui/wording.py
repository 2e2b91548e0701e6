"""The words of the windows for errors, notices, keys and what is unsaved: they wait for no entry to be known.

The first window needs them; what it imports is what the start of the program waits for (see `session_words`).
"""

from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import QCoreApplication

from kapnotes.domain.errors import KapnotesError
from kapnotes.domain.members import CompartmentKind
from kapnotes.domain.notices import Notice
from kapnotes.domain.text import shortened
from kapnotes.domain.words import counted

LONGEST_FACT = 300
"""Characters of one fact in a line of news: a name or a path that somebody pasted can be of any length."""


def error_line(error: Exception) -> str:
    """Return what went wrong as one line in the program's language; of an unexpected fault only its kind."""
    if not isinstance(error, KapnotesError):
        return type(error).__name__
    template = QCoreApplication.translate("Errors", error.template)
    facts = {
        name: _in_a_line(str(fact)) if isinstance(fact, str | Path) else fact for name, fact in error.facts.items()
    }
    return template.format(**facts) if facts else template


def _in_a_line(fact: str) -> str:
    """Return *fact* as it is, but for one that would take more than a line."""
    return fact if len(fact) <= LONGEST_FACT and len(fact.splitlines()) <= 1 else shortened(fact, LONGEST_FACT)


def notices_line(notices: Sequence[Notice]) -> str:
    """Return the first of *notices*, which weighs most, and how many more there are; empty where there are none."""
    if not notices:
        return ""
    first = QCoreApplication.translate("Errors", notices[0].template).format(**notices[0].facts)
    if len(notices) == 1:
        return first
    return QCoreApplication.translate("Wording", "{line} ({count} more)").format(line=first, count=len(notices) - 1)


def sheet_words(kind: CompartmentKind) -> tuple[str, str]:
    """Return what a recovery sheet opens, and who keeps it."""
    translate = QCoreApplication.translate
    envelope = translate("Wording", "Kept by the practice, in a sealed envelope, apart from the laptop.")
    return {
        CompartmentKind.SHARED: (translate("Wording", "what the practice shares"), envelope),
        CompartmentKind.MEDICAL: (translate("Wording", "the medical record, also in an emergency"), envelope),
        CompartmentKind.THERAPY: (
            translate("Wording", "your process notes"),
            translate("Wording", "Kept by a custodian whom you name, not by the practice: it opens your notes."),
        ),
    }[kind]


def sheet_name(kind: CompartmentKind) -> str:
    """Return what a recovery sheet opens, where it is not yet known whose it is."""
    translate = QCoreApplication.translate
    return {
        CompartmentKind.SHARED: translate("Wording", "what the practice shares"),
        CompartmentKind.MEDICAL: translate("Wording", "the medical record"),
        CompartmentKind.THERAPY: translate("Wording", "a therapist's process notes"),
    }[kind]


def unsaved_words(count: int) -> str:
    """Return that *count* entries would be lost with the window; nothing where there are none."""
    if not count:
        return ""
    translate = QCoreApplication.translate
    return counted(
        count,
        translate("Wording", "{count} entry is not saved yet. Close once more and it is lost."),
        translate("Wording", "{count} entries are not saved yet. Close once more and they are lost."),
    )


def unread_words(count: int) -> str:
    """Return that *count* entries could not be read, without an end; nothing where all could."""
    if not count:
        return ""
    translate = QCoreApplication.translate
    return counted(
        count,
        translate("Wording", "{count} entry could not be read"),
        translate("Wording", "{count} entries could not be read"),
    )
