"""A figure is painted a few shapes at a time: thousands of them hold up no key, and a usual one is there at once."""

import pytest
from PySide6.QtGui import QImage

from kapnotes.domain.figure import Polyline, Role
from kapnotes.ui.figure_view import SHAPES_AT_FIRST, FigureView
from kapnotes.ui.lamp import Lamp


def lines(count):
    return [Polyline(((float(x % 300), 0.0), (float(x % 300), 100.0)), Role.AXIS) for x in range(count)]


class Figures:
    """Gives so many shapes and counts how many were asked for, as a figure that is laid out when it is painted."""

    def __init__(self, count):
        self.count = count
        self.asked = 0

    def draw(self, width, height):
        before = self.asked
        for line in lines(self.count):
            self.asked += 1
            yield line
        assert self.asked - before == self.count


@pytest.fixture
def view_of(qtbot):
    def make(count):
        figures = Figures(count)
        view = FigureView(figures.draw, Lamp())
        view.resize(300, 100)
        qtbot.addWidget(view)
        view.show()
        return view, figures

    return make


def is_dark(image: QImage, x: int) -> bool:
    return image.pixelColor(x, 50).red() < 40


def test_a_usual_figure_is_whole_at_its_first_sight(view_of):
    view, figures = view_of(200)
    image = view.grab().toImage()

    assert view.is_current
    assert figures.asked == 200
    assert not is_dark(image, 199)


def test_a_large_one_comes_in_parts_and_the_windows_live_meanwhile(view_of, qtbot):
    view, figures = view_of(4000)
    view.grab()
    assert figures.asked <= SHAPES_AT_FIRST + 12
    assert not view.is_current

    qtbot.waitUntil(lambda: view.is_current)
    assert figures.asked == 4000


def test_a_large_one_stays_in_sight_until_the_new_one_is_there(view_of, qtbot):
    view, _ = view_of(4000)
    view.grab()
    qtbot.waitUntil(lambda: view.is_current)
    view.resize(280, 90)

    image = view.grab().toImage()

    assert not is_dark(image, 150)
    assert not view.is_current
    qtbot.waitUntil(lambda: view.is_current)


def test_what_stands_over_it_is_painted_without_drawing_it_anew(view_of, qtbot):
    view, figures = view_of(100)
    view.grab()
    before = figures.asked
    view.show_over([Polyline(((250.0, 0.0), (250.0, 100.0)), Role.CURSOR)])
    with_cursor = view.grab().toImage()
    view.show_over(())
    without = view.grab().toImage()

    assert figures.asked == before
    assert not is_dark(with_cursor, 250)
    assert is_dark(without, 250)
