"""Calls of other threads arrive on that of the windows: in order, and none holds up the windows for the next one."""

from functools import partial
from threading import Thread

import pytest
from PySide6.QtCore import QElapsedTimer, QTimer

from kapnotes.ui.bridge import AT_A_STRETCH_MS, Bridge, Ticker
from kapnotes.ui.turns import SHORT_MS


@pytest.fixture
def bridge(qapp):
    return Bridge()


@pytest.fixture
def told():
    return []


def test_news_of_another_thread_come_in_order(bridge, told, qtbot):
    thread = Thread(target=lambda: [bridge.deliver(partial(told.append, number)) for number in range(50)])
    thread.start()
    thread.join()
    assert told == []

    qtbot.waitUntil(lambda: len(told) == 50)
    assert told == list(range(50))


def test_what_comes_of_news_is_told_in_a_later_turn_of_the_windows(bridge, told, qtbot):
    turns = []
    turn = QTimer()
    turn.setInterval(0)
    turn.timeout.connect(lambda: turns.append(len(told)))

    def tell(number):
        told.append(len(turns))
        if number:
            bridge.deliver(partial(tell, number - 1))

    turn.start()
    bridge.deliver(partial(tell, 5))
    qtbot.waitUntil(lambda: len(told) == 6)

    assert len(set(told)) == 6


def test_calls_that_take_long_are_not_told_in_one_turn(bridge, told, qtbot):
    turns, turn = [], QTimer()
    turn.setInterval(0)
    turn.timeout.connect(lambda: turns.append(None))

    def tell():
        took = QElapsedTimer()
        took.start()
        while took.elapsed() <= AT_A_STRETCH_MS:
            pass
        told.append(len(turns))

    turn.start()
    for _ in range(4):
        bridge.deliver(tell)
    qtbot.waitUntil(lambda: len(told) == 4)

    assert len(set(told)) == 4


def test_a_call_that_fails_holds_up_no_other(bridge, told, qtbot):
    def fail():
        raise RuntimeError

    with qtbot.captureExceptions() as caught:
        for call in (partial(told.append, 1), fail, partial(told.append, 2), fail, partial(told.append, 3)):
            bridge.deliver(call)
        qtbot.waitUntil(lambda: len(told) == 3)

    assert len(caught) == 2


def test_at_the_end_all_is_told_and_what_comes_of_it(bridge, told):
    def tell(number):
        told.append(number)
        if number:
            bridge.deliver(partial(tell, number - 1))

    bridge.deliver(partial(tell, 5))
    bridge.finish()

    assert told == [5, 4, 3, 2, 1, 0]


def test_a_call_that_runs_the_others_at_once_leaves_nothing_to_run_twice(bridge, told, qtbot):
    def finish():
        bridge.finish()
        told.append("finished")

    with qtbot.captureExceptions() as caught:
        for call in (partial(told.append, 1), finish, partial(told.append, 2), partial(told.append, 3)):
            bridge.deliver(call)
        qtbot.waitUntil(lambda: len(told) == 4)

    assert told == [1, 2, 3, "finished"]
    assert not caught


def test_with_a_tick_everybody_who_takes_long_looks_in_a_turn_of_its_own(told, qtbot):
    turns = []
    turn = QTimer()
    turn.setInterval(0)
    turn.timeout.connect(lambda: turns.append(None))
    ticker = Ticker(lambda: told.append("program"), interval_ms=1)

    def look_long(name):
        took = QElapsedTimer()
        took.start()
        told.append((name, len(turns)))
        while took.elapsed() < SHORT_MS:
            pass

    looks = [partial(look_long, name) for name in ("home", "pad", "log")]
    for look in looks:
        ticker.add(look)

    turn.start()
    ticker.start()
    qtbot.waitUntil(lambda: len(told) >= 8)
    ticker.stop()

    places = [one for one in told if one != "program"]
    assert [name for name, _ in places][:3] == ["home", "pad", "log"]
    assert len({at for _, at in places}) == len(places)
    count = len(told)
    qtbot.waitUntil(lambda: len(turns) > places[-1][1] + 3)
    assert len(told) == count


def test_who_is_gone_by_then_does_not_look(told, qtbot):
    ticker = Ticker(lambda: told.append("program"))

    def close():
        told.append("closes")
        ticker.remove(late)

    def fail():
        raise RuntimeError

    def late():
        told.append("late")

    for look in (close, late, fail, partial(told.append, "last")):
        ticker.add(look)
    with qtbot.captureExceptions() as caught:
        ticker.remove(told.clear)  # it never listened
        with pytest.raises(RuntimeError):
            ticker.tick()
        qtbot.waitUntil(lambda: "last" in told)

    assert told == ["program", "closes", "last"]
    assert caught == []
