"""What the windows of one session leave half-typed: kept as drafts, entered where no draft takes it, brought back."""

from collections.abc import Sequence

from kapnotes.app.half_typed import HalfTyped
from kapnotes.app.live_session import LiveSession
from kapnotes.app.typed_fields import AROUND, BLOCKS, CORRECTION, FOLLOW_UP, NOTE
from kapnotes.domain.drafts import DraftLine
from kapnotes.domain.entries import Addendum, LateEntry, Note
from kapnotes.domain.errors import KapnotesError
from kapnotes.domain.places import place_of
from kapnotes.domain.text import storable

NOT_ENTERED = "half-typed when the window closed, and no draft could be kept"
"""Why a note that nobody entered is in the record."""


class LeftTyped:
    """The half-typed lines of a live session at its two ends: when it is opened, and when its seat leaves."""

    def __init__(self, live: LiveSession) -> None:
        self._live = live

    def restore(self, lines: Sequence[DraftLine]) -> None:
        """Let lines that were half-typed come back; what became an entry meanwhile does not."""
        live = self._live

        def is_saved(entry_id: str) -> bool | None:
            own = live.record.entry(entry_id, live.member.member_id)
            return live.saving.is_saved(entry_id) if own is not None else None

        live.typing.restore(lines, is_saved)

    @property
    def unkept(self) -> tuple[tuple[str, HalfTyped], ...]:
        """Return field and line of all that is half-typed and kept nowhere; where all is read only, nothing ever is."""
        return () if self._live.is_read_only else self._live.typing.unkept

    def keep(self) -> None:
        """Put what is half-typed on the disk now. Called on the writer's thread.

        Raises:
            Exception: why it is not there. That an entered line could not be cleared is none: its entry is in the log.
        """
        try:
            self._live.typing.write_now()
        except Exception:  # whatever it was, what counts is whether a line is missing on the disk
            if self.unkept:
                raise
        if self.unkept:
            raise KapnotesError("What is half-typed could not be kept as a draft.")

    def keep_or_enter(self) -> None:
        """Put what is half-typed on the disk now, and what no draft takes into the record: the program ends."""
        if self.unkept:
            try:
                self.keep()
            except Exception:  # as entries they may find room, in the vault or in the second place
                self.enter()

    def enter(self) -> int:
        """Enter what is half-typed and could not be kept as a draft, and say so in it; returns how many lines.

        A block of the summary is entered as what it is. A line of the preparation page is entered as a note, because
        nobody agreed to it, and so is half a correction. Each note is a late entry of the time of its first key, whose
        reason says that nobody entered it; after the sign-off it is an addendum.
        """
        live, unkept = self._live, self.unkept
        blocks = [one for one in unkept if one[0] in BLOCKS]
        fields = {NOTE, FOLLOW_UP, *AROUND}
        notes = [one for one in unkept if one[0] in fields or one[0].startswith(CORRECTION)]
        for field, line in blocks:
            live.typing.resume(field, line)
            live.narrative(BLOCKS[field], line.text)
        for field, line in notes:
            live.typing.resume(field, line)
            note = Note(storable(line.text), line.code)
            is_signed = live.signing.is_closed(place_of(note, live.member))
            body = Addendum("", NOT_ENTERED, note) if is_signed else LateEntry(NOT_ENTERED, note)
            live.keep(body, line.began, typed_as=(field, line.text))
        return len(blocks) + len(notes)
