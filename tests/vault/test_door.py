"""The door of an open vault: one at a time, in the order in which they came."""

import threading

import pytest

from kapnotes.vault.door import Door


def until(condition):
    while not condition():
        pass


def test_who_is_inside_may_enter_again():
    door = Door()
    with door, door, door:
        assert door.waiting == 0


def test_threads_come_in_as_they_came():
    door, came = Door(), []
    threads = []

    def go_in(number):
        with door:
            came.append(number)

    with door:
        for number in range(8):
            threads.append(threading.Thread(target=go_in, args=(number,)))
            threads[-1].start()
            until(lambda number=number: door.waiting == number + 1)
        assert came == []
    for thread in threads:
        thread.join()
    assert came == list(range(8))


def test_who_lets_others_in_comes_back_behind_all_who_waited():
    door, came = Door(), []

    def go_in(number):
        with door:
            came.append(number)

    with door, door:
        threads = [threading.Thread(target=go_in, args=(number,)) for number in range(3)]
        for thread in threads:
            thread.start()
        until(lambda: door.waiting == 3)
        door.let_others()
        assert sorted(came) == [0, 1, 2]
        late = threading.Thread(target=go_in, args=(3,))
        late.start()
        until(lambda: door.waiting == 1)
        assert len(came) == 3, "a door entered twice was left once"
    late.join()
    assert came[-1] == 3


def test_nobody_waits_so_letting_others_in_is_nothing():
    door = Door()
    with door:
        door.let_others()
    with door:
        pass


def test_a_fault_inside_leaves_the_door_open_for_the_next():
    door = Door()
    with pytest.raises(ZeroDivisionError), door:
        raise ZeroDivisionError
    with door:
        assert door.waiting == 0
