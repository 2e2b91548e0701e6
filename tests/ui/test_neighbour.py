"""A second start on the same vault brings the first one's windows to the front; a stopped one is not waited for."""

import os
import signal
import subprocess
import sys
import textwrap

import pytest
from PySide6.QtCore import QObject
from PySide6.QtNetwork import QLocalServer

from kapnotes.ui.neighbour import Doorbell, Ring, socket_name


@pytest.fixture
def parent(qapp):
    made = QObject()
    yield made
    made.deleteLater()


def test_who_rings_is_heard_and_the_bell_rings(parent, room, tmp_path):
    rung, heard = [], []
    bell = Doorbell(tmp_path, parent)
    bell.rung.connect(lambda: rung.append(True))
    Ring(tmp_path, heard.append, parent)
    room.wait(lambda: bool(heard), "the answer")

    assert (rung, heard) == ([True], [True])
    bell.close()


def test_where_nobody_is_that_is_told_at_once(parent, room, tmp_path):
    heard = []
    Ring(tmp_path, heard.append, parent)
    room.wait(lambda: bool(heard), "the answer")

    assert heard == [False]


def test_a_bell_that_a_killed_program_left_is_made_anew(parent, room, tmp_path):
    code = f"""
        import os, pathlib
        from PySide6.QtCore import QCoreApplication
        from kapnotes.ui.neighbour import Doorbell
        application = QCoreApplication([])
        Doorbell(pathlib.Path({str(tmp_path)!r}), application)
        os._exit(0)
    """
    subprocess.run([sys.executable, "-c", textwrap.dedent(code)], check=True)
    heard = []
    bell = Doorbell(tmp_path, parent)
    Ring(tmp_path, heard.append, parent)
    room.wait(lambda: bool(heard), "the answer")

    assert heard == [True]
    bell.close()


@pytest.mark.skipif(not hasattr(signal, "SIGSTOP"), reason="needs SIGSTOP")
def test_a_first_one_that_is_stopped_is_not_waited_for(parent, room, tmp_path):
    code = f"""
        import pathlib
        from PySide6.QtCore import QCoreApplication
        from kapnotes.ui.neighbour import Doorbell
        application = QCoreApplication([])
        Doorbell(pathlib.Path({str(tmp_path)!r}), application)
        print("listening", flush=True)
        application.exec()
    """
    with subprocess.Popen([sys.executable, "-c", textwrap.dedent(code)], stdout=subprocess.PIPE) as first:
        try:
            assert first.stdout.readline() == b"listening\n"
            os.kill(first.pid, signal.SIGSTOP)
            heard = []
            Ring(tmp_path, heard.append, parent)
            room.wait(lambda: bool(heard), "the answer")
            assert heard == [False]
        finally:
            first.kill()
            QLocalServer.removeServer(socket_name(tmp_path))


def test_the_name_of_the_bell_tells_neither_vault_nor_user(tmp_path):
    name = socket_name(tmp_path / "K-0142")

    assert "K-0142" not in name
    assert name != socket_name(tmp_path)


def test_a_second_start_brings_the_first_ones_windows_to_the_front_and_leaves(room, home, kinds):
    """The second desk is in this process; the vault's lock and the bell are the real ones."""
    room.wait(lambda: room.desk.doorbell is not None, "the bell")
    home.showMinimized()
    second = room.new_screen()
    second.desk.begin()
    room.wait(lambda: not second.desk.windows, "the second one to leave")

    assert not home.isMinimized()
    second.close()
