"""The night palettes: every colour of the program, and nothing brighter.

Source: the budget of relative luminance (mean of a window ≤ 0.010, no pixel above 0.30, text ≥ 4.5 : 1) is the
design's, after Brown 2022 (PLoS Biol e3001571). On black no text darker than L 0.175 reaches 4.5 : 1, so dim text is
set apart by size and weight more than by light; a mark always comes with a sign of its own, whatever its colour.

Ember is the standard. Garnet is for a room where the least melanopic light is wanted: its text is the red primary of
the screen alone, near which nothing darker than #EB0000 reaches the contrast, and its marks are amber. Protan eyes lose
that red, so it is chosen and never a default.
"""

import gc
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from PySide6.QtCore import QPointF, Qt
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
    chosen="#300a06",
    text="#ff0000",
    dim="#f00000",
    mark="#c08040",
)

NIGHTS = (EMBER, GARNET)


def night_named(name: object) -> Night:
    """Return the palette of that name, and Ember for any other."""
    return next((night for night in NIGHTS if night.name == name), EMBER)


def dress(application: QApplication, night: Night) -> None:
    """Give the whole program its palette, before its first window, so that no frame of it is ever bright, or later."""
    with _nothing_collected():
        application.setPalette(_palette(night))
        application.setStyleSheet(_style_sheet(night))
    _point(application, _pointer(night))


@contextmanager
def _nothing_collected() -> Iterator[None]:
    """Keep widgets that nobody holds any more until the block has ended.

    Qt goes through a list of all widgets there, and asks our style for each of them: were garbage collected in such a
    call, it would go on to a widget that is gone, and the program would end.
    """
    was_enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_enabled:
            gc.enable()


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
        role.AlternateBase: night.ground,
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
        role.BrightText: night.text,
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


def dim_of(palette: QPalette) -> QColor:
    """Return the dim colour of what paints itself; a style sheet makes the placeholder's fainter, and leaves this."""
    return palette.linkVisited().color()


def _style_sheet(night: Night) -> str:
    return f"""
    QWidget {{ background: {night.ground}; color: {night.text}; selection-background-color: {night.chosen};
               selection-color: {night.text}; }}
    QWidget#frame {{ border: 1px solid {night.line}; }}
    QLabel#dim, QLabel[dim="true"] {{ color: {night.dim}; }}
    QLabel[mark="true"] {{ color: {night.mark}; }}
    QLabel#readout {{ border: 1px solid {night.line}; padding: 3px; }}
    QLineEdit, QPlainTextEdit, QComboBox {{ background: {night.field}; border: 1px solid {night.line};
               border-radius: 3px; padding: 4px 6px; }}
    QLineEdit, QPlainTextEdit {{ placeholder-text-color: {night.dim}; }}
    QLineEdit#settled, QListView#settled::item {{ color: {night.dim}; }}
    QLineEdit#settled:focus {{ color: {night.text}; }}
    QLineEdit:focus, QPlainTextEdit:focus, QComboBox:focus:focus, QListView:focus, QTableView:focus {{
               border: 1px solid {night.dim}; }}
    QComboBox::drop-down {{ border: none; width: 18px; }}
    QComboBox QAbstractItemView {{ background: {night.field}; border: 1px solid {night.line}; outline: none; }}
    QPushButton {{ background: {night.ground}; border: 1px solid {night.line}; border-radius: 3px;
               padding: 5px 14px; }}
    QPushButton:focus {{ border: 1px solid {night.dim}; }}
    QPushButton:pressed {{ background: {night.chosen}; }}
    QPushButton#bar {{ border: none; padding: 2px 10px; color: {night.dim}; }}
    QPushButton#bar:hover {{ background: {night.chosen}; }}
    QListView, QTableView, QTreeView {{ border: 1px solid {night.line}; outline: none; }}
    QListView::item, QTableView::item {{ padding: 3px 6px; }}
    QListView::item:selected, QTableView::item:selected {{ background: {night.chosen}; color: {night.text}; }}
    QHeaderView::section {{ background: {night.ground}; color: {night.dim}; border: none;
               border-bottom: 1px solid {night.line}; padding: 3px 6px; }}
    QTableView {{ gridline-color: {night.ground}; }}
    QTableCornerButton::section {{ background: {night.ground}; border: none; }}
    QCheckBox:focus {{ background: {night.chosen}; }}
    QScrollBar {{ background: {night.ground}; width: 8px; height: 8px; }}
    QScrollBar::handle {{ background: {night.line}; border-radius: 3px; min-height: 24px; min-width: 24px; }}
    QScrollBar::add-line, QScrollBar::sub-line {{ width: 0; height: 0; }}
    QScrollBar::add-page, QScrollBar::sub-page {{ background: {night.ground}; }}
    QToolTip {{ background: {night.field}; color: {night.text}; border: 1px solid {night.line}; }}
    QMenu {{ background: {night.field}; border: 1px solid {night.line}; }}
    QMenu::item:selected {{ background: {night.chosen}; }}
    """
