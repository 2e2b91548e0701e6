"""Pages as pictures, for the screen: the PDF as it would be saved, before its lock, in memory and nowhere else."""

from dataclasses import dataclass
from types import TracebackType
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pypdfium2 import PdfDocument


@dataclass(frozen=True, slots=True)
class Picture:
    """One page: `pixels` are rows of `stride` bytes, one byte of grey a pixel (0 is black), or four (B, G, R, unused).

    `text` is what the page says, in the order in which it was set, for who hears it.
    """

    width_px: int
    height_px: int
    stride: int
    pixels: bytes
    is_in_colour: bool
    text: str

    def __repr__(self) -> str:
        return f"<picture of a page, {self.width_px} by {self.height_px}>"


LARGEST_PX = 6000
"""No page is drawn wider or higher, whatever is asked for: a picture of this size has 36 million pixels."""


class Pictures:
    """The pages of one PDF. PDFium is not made for threads: whoever has one draws on one thread, which others share."""

    def __init__(self, pdf: bytes, passphrase: str | None = None, count: int | None = None) -> None:
        self._made_of = pdf, passphrase
        self._opened: PdfDocument | None = None
        self._count = len(self._document) if count is None else count

    def __reduce__(self) -> tuple[type["Pictures"], tuple[bytes, str | None, int]]:
        """Travel as the PDF; whoever gets it draws on a thread of the own, and opens it only then."""
        return Pictures, (*self._made_of, self._count)

    @property
    def _document(self) -> "PdfDocument":
        if self._opened is None:
            from pypdfium2 import PdfDocument  # when a page is first drawn: a start need not wait for it

            pdf, passphrase = self._made_of
            self._opened = PdfDocument(pdf, password=passphrase)
        return self._opened

    def __len__(self) -> int:
        return self._count

    def __repr__(self) -> str:
        return f"<{len(self)} pages>"

    def __enter__(self) -> "Pictures":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, where: TracebackType | None
    ) -> None:
        self.close()

    def size(self, number: int) -> tuple[float, float]:
        """Return width and height of page *number*, from 0, in points."""
        width, height = self._document.get_page_size(number)
        return width, height

    def picture(self, number: int, width_px: int, *, is_in_colour: bool = False) -> Picture:
        """Return page *number*, from 0, at a width of *width_px* pixels, or as wide as `LARGEST_PX` allows."""
        page = self._document[number]
        try:
            width, height = page.get_size()
            scale = min(max(1, width_px) / width, LARGEST_PX / width, LARGEST_PX / height)
            bitmap = page.render(scale=scale, grayscale=not is_in_colour, prefer_bgrx=is_in_colour)
            words = page.get_textpage()
            try:
                text = words.get_text_bounded()
            finally:
                words.close()
            return Picture(bitmap.width, bitmap.height, bitmap.stride, bytes(bitmap.buffer), is_in_colour, text)
        finally:
            page.close()

    def close(self) -> None:
        """Let the pages go."""
        if self._opened is not None:
            self._opened.close()
