"""The night palettes: every colour of the program, and nothing brighter.

Source: the budget of relative luminance (mean of a window ≤ 0.010, no pixel above 0.30, text ≥ 4.5 : 1) is the
design's, after Brown 2022 (PLoS Biol e3001571). On black no text darker than L 0.175 reaches 4.5 : 1, so dim text is
set apart by size and weight more than by light; a mark always comes with a sign of its own, whatever its colour.

Ember is the standard. Garnet is for a room where the least melanopic light is wanted: its text is the red primary of
the screen alone, near which nothing darker than #EB0000 reaches the contrast, and its marks are amber. Protan eyes lose
that red, so it is chosen and never a default.
"""

from dataclasses import dataclass, replace

from PySide6.QtCore import QCoreApplication, QEvent, QPointF, Qt
from PySide6.QtGui import QColor, QCursor, QPainter, QPalette, QPen, QPixmap, QPolygonF
from PySide6.QtWidgets import QApplication


@dataclass(frozen=True, slots=True)
class Night:
    """One palette; colours as #RRGGBB."""

    name: str
    ground: str
    field: str
    line: str
    chosen: str
    text: str
    dim: str
    mark: str


EMBER = Night(
    name="Ember",
    ground="#000000",
    field="#0b0703",
    line="#33210f",
    chosen="#241509",
    text="#c08040",
    dim="#a46d36",
    mark="#e04030",
)

GARNET = Night(
    name="Garnet",
    ground="#000000",
    field="#0d0302",
    line="#46120a",
    chosen="#2e0a05",
    text="#ff0000",
    dim="#f00000",
    mark="#c08040",
)

NIGHTS = (EMBER, GARNET)

SOFT = {
    EMBER: replace(EMBER, text="#a36c36", dim="#a36c36", chosen="#0e0804", field="#080502"),
    GARNET: replace(GARNET, text="#f00000", dim="#f00000", chosen="#120402", field="#090202"),
}
"""Each night where a window holds few lines, so that its words cover twice as much of it: as little light as the
contrast allows. The size of the words tells them apart there."""


def night_named(name: object) -> Night:
    """Return the palette of that name, and Ember for any other."""
    return next((night for night in NIGHTS if night.name == name), EMBER)


def dress(application: QApplication, night: Night) -> None:
    """Give the whole program its palette, before its first window, so that no frame of it is ever bright, or later.

    All that is painted takes its colours from here (see `night_style`), so a night turns within one frame.
    """
    application.setPalette(_palette(night))
    QCoreApplication.sendPostedEvents(None, QEvent.Type.ApplicationPaletteChange)  # else windows hear of it later
    _point(application, _pointer(night))


def _point(application: QApplication, pointer: QCursor) -> None:
    """Change the mouse's pointer below those that a blank screen has taken away."""
    taken: list[QCursor] = []
    while (top := application.overrideCursor()) is not None and top.shape() is Qt.CursorShape.BlankCursor:
        taken.append(QCursor(top))
        application.restoreOverrideCursor()
    if application.overrideCursor() is None:
        application.setOverrideCursor(pointer)
    else:
        application.changeOverrideCursor(pointer)
    for blank in taken:
        application.setOverrideCursor(blank)


def _pointer(night: Night) -> QCursor:
    """Return an arrow for the mouse; the system's own is edged in white."""
    picture = QPixmap(20, 24)
    picture.fill(Qt.GlobalColor.transparent)
    corners = ((1, 1), (1, 17), (5, 13), (8, 20), (11, 19), (8, 12), (13, 12))
    painter = QPainter(picture)
    painter.setPen(QPen(QColor(night.dim), 1.4))
    painter.setBrush(QColor(night.ground))
    painter.drawPolygon(QPolygonF([QPointF(x, y) for x, y in corners]))
    painter.end()
    return QCursor(picture, 1, 1)


def _palette(night: Night) -> QPalette:
    palette = QPalette()
    role = QPalette.ColorRole
    colours = {
        role.Window: night.ground,
        role.Base: night.ground,
        role.AlternateBase: night.field,
        role.Button: night.ground,
        role.ToolTipBase: night.field,
        role.Light: night.line,
        role.Midlight: night.line,
        role.Mid: night.line,
        role.Dark: night.ground,
        role.Shadow: night.ground,
        role.Highlight: night.chosen,
        role.Accent: night.line,
        role.WindowText: night.text,
        role.Text: night.text,
        role.ButtonText: night.text,
        role.BrightText: night.mark,
        role.ToolTipText: night.text,
        role.HighlightedText: night.text,
        role.PlaceholderText: night.dim,
        role.Link: night.text,
        role.LinkVisited: night.dim,
    }
    for which, colour in colours.items():
        palette.setColor(which, QColor(colour))
    for which in (role.WindowText, role.Text, role.ButtonText):
        palette.setColor(QPalette.ColorGroup.Disabled, which, QColor(night.dim))
    return palette


DIM, MARK = QPalette.ColorRole.PlaceholderText, QPalette.ColorRole.BrightText
"""What a label is set to, where its words are dim, or bad news."""


def dim_of(palette: QPalette) -> QColor:
    """Return the dim colour of what paints itself."""
    return palette.color(DIM)


def field_of(palette: QPalette) -> QColor:
    """Return the ground of what is typed into, and of what lies over a window for a moment."""
    return palette.alternateBase().color()


def line_of(palette: QPalette) -> QColor:
    """Return the colour of frames and of the slider of a scroll bar."""
    return palette.mid().color()
