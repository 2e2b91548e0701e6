"""What stands left of the note line: the time of its first key, or the one it names, and its code."""

from PySide6.QtCore import QCoreApplication

from kapnotes.app.live_session import LiveSession
from kapnotes.app.typed_fields import NOTE
from kapnotes.domain.clock import Stamp
from kapnotes.domain.codebook import Codebook, CodeKind
from kapnotes.domain.errors import KapnotesError
from kapnotes.domain.moments import When, read_when
from kapnotes.ui.line import Line
from kapnotes.ui.line_stamp import LineStamp
from kapnotes.ui.pad_rows import title_of
from kapnotes.ui.times import clock_time

HEAD = 24
"""Characters at the beginning of a line in which its time stands."""


class NoteStamp(LineStamp):
    """The stamp of one line. While a time is typed (`@14:05`, `-3`) it shows where the note will stand."""

    def __init__(self, live: LiveSession, line: Line, codebook: Codebook) -> None:
        super().__init__(QCoreApplication.translate("NoteStamp", "Time of the note"))
        self._live = live
        self._line = line
        self._codebook = codebook
        self._code = ""
        self._when: When | None = None
        self._time = ""
        line.painted.connect(self.look)

    def show_line(self, began: Stamp | None, code: str) -> None:
        """Show the time of the first key, None of an empty line, and the code."""
        self._code, self._when = code, None
        self._time = clock_time(began, with_seconds=True) if began is not None else ""
        self._show()

    def show_correction(self, words: str, code: str) -> None:
        """Show that the line corrects an entry, and its code."""
        self._time, self._code, self._when = words, code, None
        self._show()

    def look(self) -> None:
        """Look whether the line begins with a time of its own."""
        head = self._line.head(HEAD)
        if head[:1] not in {"@", "-", "\N{MINUS SIGN}"} and self._when is None:
            return  # nothing of ours between key and paint
        line = self._live.typing.half_typed(NOTE)
        if line is None:
            return
        try:
            when = read_when(head)
            if when is not None and self._when is not None and when.says_as(self._when):
                return
            at = when.stamp(self._live.record, line.began) if when is not None else None
        except KapnotesError:
            when = at = None  # said at Enter; while it is typed every time is unfinished
        self._when = when
        self._time = (
            self.tr("at {}").format(clock_time(at)) if at is not None else clock_time(line.began, with_seconds=True)
        )
        self._show()

    def _show(self) -> None:
        code = title_of(self._code, self._codebook) if self._code else ""
        known = self._codebook.named(self._code)
        if known is not None and known.kind is CodeKind.SETTING:
            code = self.tr("{}, for everybody").format(code)
        self.show_words(self._time, code)
