"""Correcting and taking back one's own entries, also of a signed session, and undoing just that."""

from collections.abc import Sequence

from kapnotes.app.live_session import LiveSession
from kapnotes.app.typed_fields import CORRECTION
from kapnotes.domain.correcting import (
    BECAUSE,
    CORRECTED,
    TAKEN_BACK,
    Correctable,
    code_of,
    corrected,
    other_end,
    split_reason,
    words_of,
)
from kapnotes.domain.entries import Body, Entry, Mark, MarkChange, PlainBody
from kapnotes.domain.errors import KapnotesError, Misread
from kapnotes.domain.text import storable

UNDONE = "undone by the author"
"""The reason of taking a correction back by undo."""


class Corrections:
    """What the member of one seat corrects in one session: of the pad, where nothing else is said."""

    prefix = CORRECTION
    """Begins the name of the line in which a correction is typed; the id of the entry follows."""

    def __init__(self, live: LiveSession) -> None:
        self._live = live

    def is_correctable(self, body: Body) -> bool:
        """Tell whether an entry that says *body* is corrected in this line."""
        return isinstance(body, Correctable)

    def words_to_correct(self, entry: Entry) -> tuple[str, str]:
        """Return the words of *entry* as they are put into the line, and its code."""
        return without_reason(words_of(entry.body)), code_of(entry.body)

    def said(self, stands: Entry, words: str, code: str, *, is_confirmed: bool) -> PlainBody:
        """Return what *stands* says once it is corrected to *words* and *code*.

        Raises:
            KapnotesError: it cannot say that.
        """
        del is_confirmed  # no word of a note is unusual
        return corrected(stands.body, words, code)

    def goes_with(self, entry: Entry) -> Entry | None:
        """Return what is taken back together with *entry*, and brought back; None where it stands alone."""
        del entry  # the two ends of a state are one row to who looks at them
        return None

    @property
    def needs_reason(self) -> bool:
        """Tell whether a reason is asked for: the record is signed, or is being signed."""
        return self._live.signing.signed() is not None or self._live.signing.is_under_way

    def as_it_stands(self, entry: Entry) -> Entry:
        """Return *entry* as it stands now, where it can be corrected.

        Raises:
            KapnotesError: somebody else wrote it, it is of a kind that is not corrected here, or it was taken back.
        """
        record = self._live.record
        if not record.persons.are_one(entry.author_id, self._live.member.member_id):
            raise KapnotesError("That is the other clinician's; only its author changes it.")
        stands = record.as_it_stands(entry)
        if stands is None:
            raise KapnotesError("That entry was taken back.")
        if not self.is_correctable(stands.body):
            raise KapnotesError("An entry of this kind is not corrected here.")
        return stands

    def enter(self, entry: Entry, line: str, code: str = "", *, is_confirmed: bool = False) -> tuple[Entry, ...]:
        """Correct *entry* to what *line* says, with *code*; a reason alone takes it back. Returns what was added.

        Raises:
            Misread: the line lacks words or, after the signature, a reason.
            NeedsConfirmation: something in it is unusual and *is_confirmed* is not set.
            KapnotesError: it cannot be corrected (see `as_it_stands`).
        """
        stands = self.as_it_stands(entry)
        words, reason = split_reason(storable(line))
        if not reason and not words.strip() and line.strip():
            raise Misread("To take it back, say why after the //.", len(line))
        if reason and not words.strip() and code == code_of(stands.body):
            return self.take_back(entry, reason, line)
        body = self.said(stands, words, code, is_confirmed=is_confirmed)
        if body == stands.body:
            return ()
        return self._correct(stands, body, self._reason(reason, CORRECTED, line), line)

    def _correct(self, stands: Entry, body: PlainBody, reason: str, line: str) -> tuple[Entry, ...]:
        field = f"{self.prefix}{stands.entry_id}"
        end = other_end(self._live.record, stands)
        made = [self._live.correct(stands.entry_id, reason, body, typed_as=(field, line))]
        if end is not None and isinstance(end.body, Mark) and isinstance(body, Mark):
            made.append(self._live.correct(end.entry_id, reason, Mark(body.code, end.body.change)))
        return tuple(made)

    def take_back(self, entry: Entry, reason: str = "", line: str | None = None) -> tuple[Entry, ...]:
        """Take *entry* back, a state from its begin to its end; the original stays legible. Returns what was added.

        Raises:
            Misread: after the signature it needs a reason.
            KapnotesError: it cannot be taken back (see `as_it_stands`).
        """
        stands = self.as_it_stands(entry)
        reason = self._reason(reason, TAKEN_BACK, line or "")
        end = other_end(self._live.record, stands)
        typed_as = (f"{self.prefix}{entry.entry_id}", line) if line is not None else None
        made = [self._live.correct(entry.entry_id, reason, None, typed_as=typed_as)]
        if end is not None and isinstance(stands.body, Mark) and stands.body.change is MarkChange.START:
            made.append(self._live.correct(end.entry_id, reason, None))
        return tuple(made)

    def bring_back(self, entry: Entry) -> tuple[Entry, ...]:
        """Let *entry*, which was taken back, stand again; returns what was added.

        Raises:
            Misread: after the signature it needs a reason.
        """
        return self.undo(self._live.record.corrections_of(entry.entry_id, entry.author_id)[-1:])

    def undo(self, made: Sequence[Entry]) -> tuple[Entry, ...]:
        """Take corrections back, so that what they corrected stands again; returns what was added.

        Raises:
            Misread: after the signature it needs a reason.
        """
        reason = self._reason("", UNDONE, "")
        return tuple(self._live.correct(one.entry_id, reason, None) for one in reversed(made))

    def _reason(self, reason: str, otherwise: str, line: str) -> str:
        if not reason and self.needs_reason:
            raise Misread("You signed: at the end of the line say why:{sign}why.", len(line), sign=BECAUSE)
        return reason or otherwise


def without_reason(words: str) -> str:
    """Return *words* so that the sign in them is not taken for the one before a reason."""
    return f"{words}{BECAUSE}" if BECAUSE in words else words
