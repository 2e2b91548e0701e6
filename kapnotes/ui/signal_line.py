"""The place of what is silently told in both windows of a session: an emergency, a signal that waits, one's own."""

from PySide6.QtCore import QCoreApplication, Qt
from PySide6.QtWidgets import QHBoxLayout, QWidget

from kapnotes.app.silent_signals import SilentSignals
from kapnotes.domain.emergency_timeline import running
from kapnotes.domain.errors import KapnotesError
from kapnotes.domain.record import Record
from kapnotes.domain.silent_signals import ANSWERS, MEANINGS, SAFETY, Sent
from kapnotes.ui.calm_line import CalmLine
from kapnotes.ui.keys import sequence_of
from kapnotes.ui.labels import MARK_SIGN
from kapnotes.ui.session_words import seen_words, signal_word
from kapnotes.ui.times import clock_time
from kapnotes.ui.wording import error_line

_WAITING, _SENT = 3, 2
"""Their shares of the width, where something was sent."""


class SignalLine(QWidget):
    """One row that is always there, so that nothing moves; where nothing waits it tells the keys, dimly.

    A signal takes the place of the keys, so the light of the window stays what it was.
    """

    def __init__(self, signals: SilentSignals, record: Record) -> None:
        super().__init__()
        self._signals = signals
        self._record = record
        self.waiting = CalmLine(self.tr("Silent signal that waits here"))
        self.sent = CalmLine(self.tr("Silent signal that was sent"), Qt.AlignmentFlag.AlignRight)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.addWidget(self.waiting, _WAITING)
        row.addWidget(self.sent)
        self._row = row

    def look(self) -> None:
        """Show what waits and what was sent, as it is now."""
        waiting, sent = self._signals.waiting(), self._signals.sent()
        emergency = self._emergency_words()
        if waiting or emergency:
            said = self._waiting_words(waiting) if waiting else ""
            self.waiting.show_words("     ".join(filter(None, (emergency, said))))
        else:
            self.waiting.show_words(self._key_words() if self._signals.has_others else "", factor=0.85, is_dim=True)
        self.sent.show_words(self._sent_words(sent), factor=0.85, is_dim=True)
        share = 0 if self.sent.is_empty else _SENT  # else the keys would be cut for an empty place
        if self._row.stretch(1) != share:
            self._row.setStretch(1, share)

    def press(self, meaning: object) -> str:
        """Send a signal; returns what is to be said about it, mostly nothing."""
        try:
            entry = self._signals.send(str(meaning))
        except KapnotesError as error:
            return error_line(error)
        word = signal_word(str(meaning))
        if entry is None:
            return self.tr("{}: pressed twice, counted once.").format(word)
        if self._signals.has_others:
            return ""
        return self.tr("Nobody else is in this session: “{}” stands in the record.").format(word)

    def see(self) -> str:
        """Say that the oldest signal was seen; returns what is to be said about it, mostly nothing."""
        try:
            return "" if self._signals.see() is not None else self.tr("No signal waits here.")
        except KapnotesError as error:
            return error_line(error)

    def in_the_dark(self) -> str:
        """Return what waits, for a screen that is blank: the time, and only a word that is the same in every vault."""
        waiting, emergency = self._signals.waiting(), self._emergency_words()
        if not waiting:
            return emergency
        first = waiting[0]
        is_fixed = first.meaning in {*MEANINGS, SAFETY}
        word = signal_word(first.meaning) if is_fixed else self.tr("a signal")
        said = " · ".join((clock_time(first.entry.happened), word, *_more(waiting)))
        return "     ".join(filter(None, (emergency, said)))

    def _emergency_words(self) -> str:
        """Return since when an emergency goes on, for both seats; nothing while there is none."""
        emergency = running(self._record)
        if emergency is None:
            return ""
        return f"{MARK_SIGN} {self.tr('Emergency since {}').format(clock_time(emergency.since))}"

    def _waiting_words(self, waiting: tuple[Sent, ...]) -> str:
        first = waiting[0]
        how = self.tr("{}: seen").format(sequence_of("seen"))
        parts = (clock_time(first.entry.happened), signal_word(first.meaning), *_more(waiting))
        answers = self._answer_words() if first.meaning not in ANSWERS else ""
        return "     ".join(filter(None, (" · ".join(parts), how, answers)))

    def _sent_words(self, sent: tuple[Sent, ...]) -> str:
        if not sent:
            return ""
        state = seen_words(sent[0]) or self.tr("not seen yet")
        return " · ".join((signal_word(sent[0].meaning), *_more(sent), state))

    def _answer_words(self) -> str:
        """Return the keys that answer; their words would bring more light than the signal itself."""
        *keys, _ = sequence_of(MEANINGS[0]).split("+")
        numbers = (sequence_of(meaning).split("+")[-1] for meaning in MEANINGS if meaning in ANSWERS)
        return self.tr("{}: answer").format(f"{'+'.join(keys)} {' '.join(numbers)}")

    def _key_words(self) -> str:
        *keys, _ = sequence_of(MEANINGS[0]).split("+")
        numbered = (f"{sequence_of(meaning).split('+')[-1]} {signal_word(meaning)}" for meaning in MEANINGS)
        return f"{'+'.join(keys)}   {'   '.join(numbered)}"


def _more(signals: tuple[Sent, ...]) -> tuple[str, ...]:
    """Return how many more there are behind the first, as "+2"."""
    further = len(signals) - 1
    return (QCoreApplication.translate("SignalLine", "+{}").format(further),) if further else ()
