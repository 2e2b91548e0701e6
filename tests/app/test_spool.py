"""What a printer gets lies in no folder of everybody, and does not stay."""

import ctypes
import os
import subprocess
import sys
from ctypes.util import find_library
from pathlib import Path
from tempfile import gettempdir

import pytest

from kapnotes.app.spool import PREFIX, private_spool, spool_place

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="elsewhere Qt prints by no file")


@pytest.fixture(autouse=True)
def runtime(tmp_path, monkeypatch):
    folder = tmp_path / "runtime"
    folder.mkdir(mode=0o700)
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(folder))
    return folder


def test_the_file_by_which_qt_prints_lies_in_a_folder_of_our_own_and_goes_with_it(runtime):
    library = find_library("cups")
    if library is None:
        pytest.skip("there is no CUPS, and so no printing")
    name = ctypes.create_string_buffer(512)
    with private_spool() as folder:
        number = ctypes.CDLL(library).cupsTempFd(name, len(name))
        os.write(number, b"%PDF-1.4 a page in clear")
        os.close(number)
        path = Path(os.fsdecode(name.value))
        assert path.parent == folder
        assert folder.parent == runtime
        assert folder.stat().st_mode & 0o777 == 0o700
        assert path.is_file()

    assert list(runtime.iterdir()) == []


def test_the_systems_own_setting_comes_back(monkeypatch):
    for before in ("/somewhere", None):
        monkeypatch.setenv("TMPDIR", before) if before else monkeypatch.delenv("TMPDIR", raising=False)
        with pytest.raises(ZeroDivisionError), private_spool():
            raise ZeroDivisionError
        assert os.environ.get("TMPDIR") == before


def test_what_a_killed_print_left_is_cleared_away_by_the_next_and_no_other_program_is_disturbed(runtime):
    ended = subprocess.Popen(["true"])
    ended.wait()
    left, running, strange = (runtime / f"{PREFIX}{one}-x" for one in (ended.pid, os.getppid(), "somebody"))
    for folder in (left, running, strange):
        folder.mkdir()
        (folder / "page").write_bytes(b"%PDF")
    with private_spool():
        pass

    assert sorted(runtime.iterdir()) == sorted((running, strange))


def test_without_a_place_in_memory_it_is_a_private_folder_among_the_temporary_ones(monkeypatch):
    for nowhere in ("", "relative", "/nowhere/at/all"):
        assert spool_place({"XDG_RUNTIME_DIR": nowhere}) is None
    monkeypatch.delenv("XDG_RUNTIME_DIR")
    with private_spool() as folder:
        assert folder.parent == Path(gettempdir())
        assert folder.stat().st_mode & 0o777 == 0o700
    assert not folder.exists()
