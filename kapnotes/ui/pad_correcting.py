"""The note line while it corrects an entry: its code can be another, by a key or typed before the words."""

from PySide6.QtWidgets import QWidget

from kapnotes.app.corrections import Corrections
from kapnotes.domain.codebook import Code, Codebook, CodeKind
from kapnotes.domain.correcting import recoded
from kapnotes.domain.entries import Entry, Note
from kapnotes.domain.errors import KapnotesError
from kapnotes.ui.correcting import Correcting, Window
from kapnotes.ui.wording import error_line


class PadCorrecting(Correcting):
    """Correcting, taking back and undoing by keys, in one pad."""

    def __init__(self, pad: Window, parent: QWidget, codebook: Codebook) -> None:
        super().__init__(pad, parent, Corrections(pad.live))
        self._codebook = codebook

    def code_and_words(self, target: Entry, text: str) -> tuple[str, str]:
        """Return code and words of a corrected note, whose code can be typed before it as in any other note."""
        prefix, rest = self._codebook.split_prefix(text)
        known = self._codebook.named(prefix)
        was_there = self._codebook.split_prefix(self._corrections.words_to_correct(target)[0])[0] == prefix
        if not isinstance(target.body, Note) or known is None or known.kind is CodeKind.SETTING or was_there:
            return self.code, text
        return recoded(target.body, known), rest

    def take_code(self, code: Code) -> bool:
        """Let the key of *code* be about what is corrected; tells whether it is. A silent signal goes its way."""
        if self.target is None or code.kind is CodeKind.SIGNAL:
            return False
        try:
            other = recoded(self.target.body, code)
        except KapnotesError as error:
            self._window.say(error_line(error), is_mark=True)
            return True
        self.code = "" if other == self.code and isinstance(self.target.body, Note) else other
        self._window.live.typing.changed()
        self.show_stamp()
        return True
