"""The file of a document: pages that know how many they are, and the moment it was made."""

from collections.abc import Callable
from datetime import UTC
from io import BytesIO
from typing import Any

from reportlab import rl_config
from reportlab.pdfgen.canvas import Canvas

from kapnotes.domain.clock import Stamp
from kapnotes.export.tags import ARTIFACT, Tags, add_structure, tagged

rl_config.useA85 = 0  # typefaces and pages as letters: a ninth of the time that a page takes, and a quarter more bytes


class NumberedCanvas(Canvas):
    """A canvas that knows at the end how many pages there are; *furniture* draws what stands on each of them.

    `tags` is the tree of what is drawn.
    """

    def __init__(self, *args: Any, furniture: Callable[[Canvas, int, int], None], **options: Any) -> None:  # noqa: ANN401
        super().__init__(*args, **options)
        self.tags = Tags()
        self._furniture = furniture
        self._kept: list[dict[str, Any]] = []

    def showPage(self) -> None:  # noqa: N802
        """Keep the page until the number of all is known."""
        self._kept.append(dict(self.__dict__))
        self._startPage()  # type: ignore[attr-defined]

    def save(self) -> None:
        """Finish every page with head and foot, then write."""
        pages, keep = len(self._kept), self._kept
        for number, page in enumerate(keep, 1):
            self.__dict__.update(page)
            with tagged(self, ARTIFACT):
                self._furniture(self, number, pages)
            super().showPage()
        super().save()


def finished(pdf: bytes, made_at: Stamp, tags: Tags) -> bytes:
    """Return *pdf* with the moment it was made, by the clock that was handed in, and with its structure."""
    import pikepdf

    made = made_at.local().astimezone(UTC)
    stamp = pikepdf.String(f"D:{made:%Y%m%d%H%M%S}Z")
    made_then = BytesIO()
    with pikepdf.open(BytesIO(pdf)) as document:
        document.docinfo["/CreationDate"] = stamp
        document.docinfo["/ModDate"] = stamp
        document.Root.ViewerPreferences = pikepdf.Dictionary(DisplayDocTitle=True)
        add_structure(document, tags)
        document.save(made_then)
    return made_then.getvalue()
