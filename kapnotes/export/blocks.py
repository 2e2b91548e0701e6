"""Blocks of a page that are no text and no table: room, a rule, a QR code."""

from reportlab.platypus import Flowable, Spacer

from kapnotes.export.tags import ARTIFACT, tagged

CODE_SIZE = 120.0
"""Points a QR code takes with its quiet zone: 42 mm, so that its modules are about half a millimetre."""

QUIET_SHARE = 0.08
"""Of that the quiet zone on each side: four modules of a code of 42 or more. Source: ISO/IEC 18004, quiet zone."""


class Room(Spacer):
    """Room between two blocks that vanishes at the top of a page."""

    def __init__(self, height: float) -> None:
        super().__init__(1, height)

    def wrap(self, availWidth: float, availHeight: float) -> tuple[float, float]:  # noqa: ARG002, N803
        """Return no height where nothing stands above."""
        is_at_top = bool(getattr(getattr(self, "_frame", None), "_atTop", False))
        return 1.0, 0.0 if is_at_top else self.height


class Rule(Flowable):
    """A line across the text."""

    def __init__(self, width: float) -> None:
        super().__init__()
        self.width, self.height = width, 5.0

    def wrap(self, availWidth: float, availHeight: float) -> tuple[float, float]:  # noqa: ARG002, N803
        """Return width and height."""
        return self.width, self.height

    def draw(self) -> None:
        """Draw the line at the lower edge."""
        with tagged(self.canv, ARTIFACT):
            self.canv.setLineWidth(0.9)
            self.canv.setStrokeGray(0)
            self.canv.line(0, 0, self.width, 0)


class Code(Flowable):
    """A QR code, its quiet zone part of it."""

    def __init__(self, payload: str, size: float = CODE_SIZE, alt: str = "") -> None:
        super().__init__()
        self._payload = payload
        self._alt = alt
        self.width = self.height = size

    def wrap(self, availWidth: float, availHeight: float) -> tuple[float, float]:  # noqa: ARG002, N803
        """Return width and height."""
        return self.width, self.height

    def draw(self) -> None:
        """Draw it flush right, straight on the canvas, because a drawing of shapes takes its time."""
        from reportlab.graphics.barcode.qr import QrCode

        quiet = self.height * QUIET_SHARE  # on its right the margin of the page is as quiet
        size = self.height - 2 * quiet
        code = QrCode(self._payload, width=size, height=size, qrBorder=0, qrLevel="M")
        with tagged(self.canv, "Figure", self._alt):
            self.canv.setFillGray(0)
            code.drawOn(self.canv, 2 * quiet, quiet)
