"""What can wait has a turn of its own, and what a window shows is painted before anybody sees it."""

from functools import partial

import pytest
from PySide6.QtCore import QElapsedTimer, QEvent, QObject, QTimer
from PySide6.QtWidgets import QLabel, QVBoxLayout, QWidget

from kapnotes.ui.in_steps import laid_out, painted
from kapnotes.ui.turns import SHORT_MS, Turns


@pytest.fixture
def turns(qapp):
    return Turns()


@pytest.fixture
def told():
    return []


class Paints(QObject):
    """Counts how often each of *widgets* is painted."""

    def __init__(self, *widgets):
        super().__init__()
        self.of = dict.fromkeys(widgets, 0)
        for widget in widgets:
            widget.installEventFilter(self)

    def eventFilter(self, watched, event):
        if event.type() is QEvent.Type.Paint and watched in self.of:
            self.of[watched] += 1
        return False


@pytest.fixture
def turn_count():
    """Return how to ask how many turns the loop has taken."""
    counted, beat = [], QTimer()
    beat.setInterval(0)
    beat.timeout.connect(lambda: counted.append(None))
    beat.start()
    yield lambda: len(counted)
    beat.stop()


def take(ms):
    took = QElapsedTimer()
    took.start()
    while took.elapsed() < ms:
        pass


def test_each_that_takes_long_has_a_turn_of_its_own_in_the_order_in_which_they_asked(turns, told, turn_count, qtbot):
    def do(name):
        told.append((name, turn_count()))
        take(SHORT_MS)

    jobs = [partial(do, name) for name in ("look", "draw", "build")]
    for job in (*jobs, *jobs):
        turns.ask(job)
    assert told == []
    qtbot.waitUntil(lambda: len(told) == 3)

    assert [name for name, _ in told] == ["look", "draw", "build"]
    assert len({at for _, at in told}) == 3


def test_light_ones_come_together(turns, told, turn_count, qtbot):
    for place in range(3):
        turns.ask(lambda place=place: told.append((place, turn_count())))
    qtbot.waitUntil(lambda: len(told) == 3)

    assert [place for place, _ in told] == [0, 1, 2]
    assert len({at for _, at in told}) == 1


def test_one_that_fails_holds_up_no_other(turns, told, qtbot):
    def fail():
        raise RuntimeError

    with qtbot.captureExceptions() as caught:
        for job in (fail, partial(told.append, "next")):
            turns.ask(job)
        qtbot.waitUntil(lambda: told == ["next"])

    assert len(caught) == 1


def test_what_comes_of_one_waits_although_somebody_catches_up(turns, told):
    again, late = partial(told.append, "again"), partial(told.append, "late")

    def first():
        told.append("first")
        turns.drop(late)
        turns.ask(again)

    turns.ask(first)
    turns.ask(late)
    turns.catch_up()

    assert told == ["first"]
    assert turns.waits(again)
    assert not turns.waits(late)


def test_nothing_is_done_for_a_widget_that_is_gone(turns, told, qtbot):
    label = QLabel("gone")
    turns.ask(label.update)
    turns.ask(partial(told.append, "next"))
    label.deleteLater()

    with qtbot.captureExceptions() as caught:
        qtbot.waitUntil(lambda: told == ["next"])

    assert caught == []


def test_a_window_is_painted_before_it_is_shown_and_what_it_hides_is_not(qtbot):
    window, shown, hidden = QWidget(), QLabel("shown"), QLabel("hidden")
    qtbot.addWidget(window)
    column = QVBoxLayout(window)
    for part in (shown, hidden):
        column.addWidget(part)
    hidden.hide()
    laid_out(window)
    paints = Paints(shown, hidden)

    for _ in painted(window):
        assert not window.isVisible()

    assert paints.of == {shown: 1, hidden: 0}
    assert not window.isVisible()
