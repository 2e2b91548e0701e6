"""The keys of the codebook on a pad: an F-key or Alt and a letter for each code, and what each of them does."""

from collections.abc import Callable

from PySide6.QtCore import QObject

from kapnotes.domain.codebook import Code, Codebook, CodeKind
from kapnotes.ui.frame import Frame
from kapnotes.ui.keys import sequences_of
from kapnotes.ui.keys_overlay import Row
from kapnotes.ui.press import Press


class CodeKeys(QObject):
    """Binds them in one window; *does* is called with the code whose key was pressed."""

    def __init__(self, window: Frame, codebook: Codebook, does: Callable[[object], None]) -> None:
        super().__init__(window)
        self._codebook = codebook
        for code in codebook.codes:
            press = Press(window, does, code)
            for sequence in sequences_of(code):
                window.bind_sequence(f"{code.name} {sequence}", sequence, press.press)

    def rows(self) -> tuple[Row, ...]:
        """Return them with what they do, for who looks at the keys."""
        return tuple(Row(", ".join(sequences_of(code)), self._does(code)) for code in self._codebook.codes)

    def _does(self, code: Code) -> str:
        wording = {
            CodeKind.POINT: self.tr("mark: {}"),
            CodeKind.STATE: self.tr("start or stop: {}"),
            CodeKind.QUOTE: self.tr("the line is a {}: the patient's own words"),
            CodeKind.SETTING: self.tr("the line is about the {}, for everybody"),
            CodeKind.SIGNAL: self.tr("silent signal: {}"),
        }
        return wording[code.kind].format(code.title)


def legend_of(codebook: Codebook) -> str:
    """Return the first key of each code with its title, in one line."""
    return "  ".join(f"{next(iter(sequences_of(code)), '')} {code.title}" for code in codebook.codes)
