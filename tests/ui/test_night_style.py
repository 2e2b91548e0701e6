"""What Qt draws of its own accord stays within the palette: what opens over a window, and what turns with the night."""

from itertools import pairwise

import pytest
from PySide6.QtCore import QPoint
from PySide6.QtGui import QColor, QFont
from PySide6.QtWidgets import QApplication, QListWidget, QPushButton, QToolTip, QVBoxLayout, QWidget

from kapnotes.ui.fields import Choice, NightLine
from kapnotes.ui.labels import ScaledLabel
from kapnotes.ui.page_line import SettledLine
from kapnotes.ui.palette import EMBER, GARNET, NIGHTS, dress
from tests.ui.test_looks import PEAK, measure


@pytest.fixture
def page(qapp):
    """A window of parts, one below the other; in Ember again afterwards."""
    dress(qapp, EMBER)
    page = QWidget()
    page.column = QVBoxLayout(page)
    yield page
    page.close()
    page.deleteLater()
    dress(qapp, EMBER)


def put(page, *parts):
    for part in parts:
        page.column.addWidget(part)
    page.show()
    QApplication.processEvents()
    return parts


def lit(widget):
    """Return the brightest colours of a picture, as red, green and blue."""
    image = widget.grab().toImage()
    colours = {image.pixelColor(x, y).rgb() for x in range(image.width()) for y in range(image.height())}
    return [QColor(colour).getRgb()[:3] for colour in colours if QColor(colour).lightness() > 60]


@pytest.mark.qt_log_ignore("does not support grabbing the keyboard")
@pytest.mark.parametrize("night", NIGHTS, ids=lambda night: night.name)
def test_what_opens_over_a_window_is_of_the_night(qapp, page, night):
    dress(qapp, night)
    line, choice = put(page, NightLine("a line", "some words"), Choice())
    choice.addItems(["one", "another", "a third"])
    menu = line.createStandardContextMenu()
    menu.popup(QPoint(0, 0))
    choice.showPopup()
    QToolTip.showText(QPoint(0, 0), "what the button does", page)
    QApplication.processEvents()
    tip = next(one for one in qapp.topLevelWidgets() if one.metaObject().className() == "QTipLabel")

    for opened in (menu, choice.view().window(), tip):
        assert measure(opened)[1] <= PEAK
        assert lit(opened)
        if night is GARNET:
            assert [colour for colour in lit(opened) if max(colour[1:]) > colour[0] / 4] == []
        opened.hide()


def test_the_corner_that_sizes_a_window_shows_no_sign(room):
    window = room.desk.begin()
    window.resize(900, 700)
    QApplication.processEvents()
    image = window.grab().toImage()
    corner = {image.pixelColor(x, y).name() for x in range(876, 899) for y in range(676, 699)}

    assert corner == {EMBER.ground}


def test_a_night_is_everywhere_when_it_is_put_on(qapp, page):
    _, label, mark, line = put(page, NightLine(), ScaledLabel(is_dim=True), ScaledLabel(), SettledLine("settled"))
    mark.set_mark(True)
    for night in (GARNET, EMBER):
        dress(qapp, night)

        assert label.palette().color(label.foregroundRole()).name() == night.dim
        assert mark.palette().color(mark.foregroundRole()).name() == night.mark
        assert line.palette().text().color().name() == night.dim
    mark.set_mark(False)

    assert mark.palette().color(mark.foregroundRole()).name() == EMBER.text
    assert qapp.styleSheet() == ""


def test_a_settled_line_shines_while_the_keys_are_there(page):
    line, other = put(page, SettledLine("settled"), NightLine("another"))
    page.activateWindow()
    line.setFocus()
    here = line.palette().text().color().name()
    other.setFocus()

    assert (here, line.palette().text().color().name()) == (EMBER.text, EMBER.dim)


def test_the_focus_shows_on_the_edge_and_a_larger_type_reaches_every_part(qapp, page):
    first, rows, button = put(page, NightLine("a line"), QListWidget(), QPushButton("press"))
    page.activateWindow()
    for part in (first, rows, button):
        part.setFocus()
        QApplication.processEvents()
        with_focus = [part.grab().toImage().pixelColor(part.width() // 2, 0).name() for part in (first, rows, button)]
        assert with_focus.count(EMBER.dim) == 1, part
    before, font = [part.sizeHint().height() for part in (first, button)], qapp.font()
    try:
        larger = QFont(font)
        larger.setPointSize(2 * font.pointSize())
        qapp.setFont(larger)
        QApplication.processEvents()
        after = [part.sizeHint().height() for part in (first, button)]
    finally:
        qapp.setFont(font)

    assert all(big > small + 10 for small, big in zip(before, after, strict=True))


def test_rows_stand_apart_also_where_they_were_filled_before_the_first_frame(page):
    rows = QListWidget()
    rows.addItems(["one", "two", "three"])
    (shown,) = put(page, rows)
    boxes = [shown.visualItemRect(shown.item(row)) for row in range(3)]

    assert all(upper.bottom() < lower.top() for upper, lower in pairwise(boxes))
    assert boxes[0].height() >= shown.fontMetrics().lineSpacing() + 6
