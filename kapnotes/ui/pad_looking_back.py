"""Looking back on the note pad: what every window can, one kind alone, and what is meant for the summary."""

from typing import Protocol

from PySide6.QtCore import QCoreApplication, Signal, Slot
from PySide6.QtWidgets import QHBoxLayout, QWidget

from kapnotes.app.live_session import LiveSession
from kapnotes.domain.codebook import Codebook
from kapnotes.domain.correcting import Correctable, earlier_words
from kapnotes.domain.entries import Entry, content_of
from kapnotes.domain.errors import KapnotesError
from kapnotes.domain.looking_back import PLAIN, TAKEN_BACK, kind_of, wanted_for_summary
from kapnotes.domain.release import is_releasable
from kapnotes.domain.text import shortened
from kapnotes.ui.keys import sequence_of
from kapnotes.ui.labels import ElidedLabel
from kapnotes.ui.line import Line
from kapnotes.ui.looking_back import LookingBack
from kapnotes.ui.pad_list import PadList
from kapnotes.ui.pad_rows import title_of
from kapnotes.ui.timeline import Timeline
from kapnotes.ui.wording import error_line


class Pad(Protocol):
    """What looking back needs of its window."""

    live: LiveSession
    line: Line
    timeline: Timeline
    rows: PadList

    def say(self, text: str, *, is_mark: bool = False, lasts: bool = False) -> None:
        """Show one calm line of news."""
        ...


_WORDS, _WAS = 3, 2
"""Their shares of the width, where the chosen row said something else before."""


class LookingLine(QWidget):
    """One line in a place of its own: what is looked at, and what the chosen row said before, struck out."""

    changed = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.words = ElidedLabel(0.82, is_dim=True)
        self.words.setAccessibleName(self.tr("Looking back"))
        self.was = ElidedLabel(0.82, is_dim=True, is_struck=True)
        self.was.setAccessibleName(self.tr("What the row said before"))
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.addWidget(self.words, _WORDS)
        row.addWidget(self.was)
        self._row = row

    def show_words(self, words: str, was: str = "") -> None:
        """Show *words* and what was said before; both empty where nobody looks back."""
        if self.words.text() != words:
            self.words.setText(words)
        if self.was.text() != was:
            self._row.setStretch(1, _WAS if was else 0)  # else the keys would be cut for an empty place
            self.was.setText(was)
        self.changed.emit()

    @property
    def has_words(self) -> bool:
        """Tell whether somebody looks back."""
        return bool(self.words.text())


class PadLookingBack(LookingBack):
    """The keys that look back in one pad."""

    def __init__(self, pad: Pad, parent: QWidget, codebook: Codebook) -> None:
        super().__init__(parent, pad.rows, pad.timeline)
        self._pad = pad
        self._codebook = codebook
        self.place = LookingLine()

    def say(self, text: str) -> None:
        """Show one calm line of news."""
        self._pad.say(text)

    def can_correct(self, entry: Entry) -> bool:
        """Tell whether *entry* is an own one of a kind that is corrected here."""
        return self._pad.rows.is_own(entry) and isinstance(content_of(entry.body) or entry.body, Correctable)

    @property
    def is_looking(self) -> bool:
        """Tell whether a row is chosen, or one kind shown alone."""
        return super().is_looking or bool(self._pad.rows.only)

    @Slot()
    def leave(self) -> None:
        """Go back to now: no row is chosen and every kind is shown."""
        if self._pad.rows.only:
            self._pad.rows.show_only("")
        super().leave()

    # --------------------------------------------------------------------------------------- one kind

    @Slot()
    def only(self) -> None:
        """Show the chosen row's kind alone, or the code that the line holds; the same key shows all again.

        With no row chosen and an empty line it shows what was taken back.
        """
        rows, chosen = self._pad.rows, self.chosen()
        typed = "" if chosen is not None or rows.only else self._code_in_line()
        if rows.only:
            rows.show_only("")
        elif chosen is not None:
            rows.show_only(kind_of(chosen.body))
        elif typed:
            rows.show_only(typed)
            self._pad.line.replace_all("")
        elif not self._pad.line.text() and self._pad.live.record.taken_back():
            rows.show_only(TAKEN_BACK)
        else:
            words = self.tr("Choose a row with {up}, or type a code, then {only} shows its notes alone.")
            self._pad.say(words.format(up=sequence_of("row_up"), only=sequence_of("only")))
        if chosen is not None:
            self._pad.timeline.choose(chosen.entry_id)
        else:
            self._pad.timeline.go_to_now()
        self.look()

    def _code_in_line(self) -> str:
        """Return the code whose name or title the line begins to say, and nothing else; none is empty."""
        said = self._pad.line.text().strip().rstrip(":").casefold()
        if not said or len(said) > 40:
            return ""
        codes = self._codebook.codes
        found = [one.name for one in codes if said in {one.name, one.title.casefold()}] or [
            one.name for one in codes if one.name.startswith(said) or one.title.casefold().startswith(said)
        ]
        return found[0] if len(found) == 1 else ""

    # ---------------------------------------------------------------------------------- for the summary

    @Slot()
    def want(self) -> None:
        """Mean the chosen row, or the newest own one, for the summary; or no longer."""
        was_chosen = bool(self._pad.timeline.chosen())
        entry = self.own_or_newest()
        if entry is None:
            return
        if not was_chosen:
            self._pad.timeline.choose("")
        if not is_releasable(entry) or not self._pad.rows.stands(entry):
            self._pad.say(self.tr("Only a line of your own notes can be meant for the summary."))
            return
        live = self._pad.live
        is_wanted = entry.entry_id in wanted_for_summary(live.record, live.member.member_id)
        try:
            live.want_for_summary(entry, not is_wanted)
        except KapnotesError as error:
            self._pad.say(error_line(error), is_mark=True)
            return
        words = self.tr("No longer meant for the summary: {}") if is_wanted else self.tr("Meant for the summary: {}")
        row = self._pad.timeline.row_of(entry.entry_id)
        self._pad.say(words.format(shortened(f"{row.time} {row.code} {row.text}", 80) if row is not None else ""))
        self.look()

    # ------------------------------------------------------------------------------------------ showing

    def look(self) -> None:
        """Say what is looked at, in its fixed place; the newest notes need no words."""
        chosen = self.chosen()
        parts = [self._only_words()]
        if chosen is not None:
            keys = {name: sequence_of(name) for name in ("only", "want")}
            parts.append(self.hint(chosen, self.tr("{only} only these · {want} for the summary").format(**keys)))
        was = earlier_words(self._pad.live.record, chosen) if chosen is not None else ()
        struck = self.tr("was: {}").format(shortened(" → ".join(was), 300)) if was else ""
        self.place.show_words("  ·  ".join(part for part in parts if part), struck)

    def _only_words(self) -> str:
        if not self._pad.rows.only:
            return ""
        count, others = self._pad.rows.counts()
        words = self.tr("only: {kind} ({count})").format(
            kind=kind_word(self._pad.rows.only, self._codebook), count=count
        )
        return self.tr("{words}, {others} others since").format(words=words, others=others) if others else words


def kind_word(kind: str, codebook: Codebook) -> str:
    """Return a kind of note as it is spoken."""
    translate = QCoreApplication.translate
    words = {
        PLAIN: translate("Pad", "without a code"),
        TAKEN_BACK: translate("Pad", "taken back"),
        "check-in": translate("Pad", "check-in"),
        "intention": translate("Pad", "intention"),
        "signal": translate("Pad", "signal"),
        "stage": translate("Pad", "stage"),
        "touch": translate("Pad", "touch"),
        "other": translate("Pad", "other"),
    }
    return words.get(kind) or title_of(kind, codebook)
