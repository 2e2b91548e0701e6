"""A summary that is put together outlives its window, a lock and a crash: it is a draft like any half-typed line."""

from collections.abc import Callable

from kapnotes.app.half_typed import Typing
from kapnotes.app.typed_fields import SUMMARY
from kapnotes.domain.summary_draft import SummaryDraft, read_draft, text_of


class DraftOfSummary:
    """Keeps what *read* tells, soon after each change."""

    def __init__(self, typing: Typing, read: Callable[[], SummaryDraft]) -> None:
        self._typing = typing
        self._read = read

    def begin(self) -> SummaryDraft:
        """Return what was kept; an empty draft where nothing was."""
        back = self._typing.bring_back(SUMMARY)
        return read_draft(back.text if back is not None else "")

    def follow(self) -> None:
        """Keep what there is from now on."""
        self._typing.read_from(SUMMARY, self._text)

    def changed(self) -> None:
        """Note that something was chosen or typed."""
        if self._read().is_empty:
            self._typing.drop(SUMMARY)
        self._typing.changed()

    def _text(self) -> tuple[str, str]:
        return text_of(self._read()), ""

    def end(self) -> None:
        """Leave it to the next window."""
        self._typing.let_go(SUMMARY)
