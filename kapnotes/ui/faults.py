"""What happens when the program itself is at fault: one line with the kind and the place, never anybody's words."""

import sys
import traceback
from collections.abc import Sequence
from types import TracebackType

from PySide6.QtCore import QCoreApplication, QMessageLogContext, QtMsgType, qInstallMessageHandler

from kapnotes.ui.frame import Frame


def describe(kind: type[BaseException], trace: TracebackType | None) -> str:
    """Return the kind of a fault and the file and line it came from; its message may hold a patient's words."""
    frames = traceback.extract_tb(trace)
    place = f"{frames[-1].filename.rpartition('/')[2]}:{frames[-1].lineno}" if frames else "?"
    return f"{kind.__name__} at {place}"


def report_faults(windows: Sequence[Frame]) -> None:
    """Let a fault in a slot be said in the open *windows* and on stderr; the session goes on."""

    def hook(kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
        del error
        line = describe(kind, trace)
        sys.stderr.write(f"kapnotes: {line}\n")
        for window in tuple(windows):
            window.say(
                QCoreApplication.translate("Faults", "A fault of the program: {}. What was saved is safe.").format(
                    line
                ),
                is_mark=True,
            )

    sys.excepthook = hook


EXPECTED = ("This plugin does not support propagateSizeHints()", "This plugin does not support raise()")
"""What Qt's offscreen plugin says of every window; it concerns nobody."""


def report_qt_messages() -> None:
    """Let what Qt itself has to say go to stderr as one line, but for what is expected of the offscreen plugin."""
    qInstallMessageHandler(_report)


def _report(kind: QtMsgType, context: QMessageLogContext, message: str) -> None:
    del context
    if kind is not QtMsgType.QtDebugMsg and message not in EXPECTED:
        sys.stderr.write(f"kapnotes: Qt: {message}\n")
