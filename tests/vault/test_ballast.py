"""A full disk ends no session: 8 MiB are kept aside for it. These run on a disk of their own, 12 MiB in memory."""

import os
import subprocess
import sys
import textwrap
from pathlib import Path

import pytest

from kapnotes.domain.errors import DiskFull
from kapnotes.vault import ballast
from kapnotes.vault.ballast import Ballast


def of(size):
    """Return a class of disks that have *size* bytes free, as the system would say."""
    return type("Usage", (), {"free": size})()


@pytest.fixture
def kept(tmp_path):
    return Ballast(tmp_path, os.urandom)


def test_the_ballast_is_really_allocated_and_private(kept, tmp_path):
    kept.look()
    state = (tmp_path / ".ballast").stat()

    assert state.st_size == 8 * 1024 * 1024
    assert state.st_blocks * 512 >= state.st_size
    assert state.st_mode & 0o777 == 0o600
    assert kept.notices == ()


def test_without_the_systems_help_it_is_written_and_is_no_hole(kept, tmp_path, monkeypatch):
    monkeypatch.delattr(os, "posix_fallocate")
    kept.look()

    assert (tmp_path / ".ballast").stat().st_blocks * 512 >= 8 * 1024 * 1024


def test_it_is_let_go_once_said_and_made_anew_when_there_is_room(kept, tmp_path):
    kept.look()

    assert kept.let_go(DiskFull("full"))
    assert not (tmp_path / ".ballast").exists()
    assert "kept aside" in str(kept.notices[0])
    assert not kept.let_go(DiskFull("full"))
    kept.look()
    assert (tmp_path / ".ballast").exists()
    assert kept.notices == ()


@pytest.mark.parametrize(("free_mib", "fits", "is_scarce"), [(31, False, True), (32, True, True), (256, True, False)])
def test_room_is_told_when_it_gets_scarce_and_no_session_begins_in_too_little(
    kept, monkeypatch, free_mib, fits, is_scarce
):
    monkeypatch.setattr(ballast.shutil, "disk_usage", lambda _: of(free_mib * 1024 * 1024))
    kept.look()

    assert bool(kept.notices) is is_scarce
    if fits:
        kept.see_that_a_session_fits()
    else:
        with pytest.raises(DiskFull, match="Only 31 MiB"):
            kept.see_that_a_session_fits()


# ------------------------------------------------------------------------------------------- a full disk

SMALL_DISK = ("unshare", "-Urm") if os.geteuid() else ("unshare", "-m")


def on_a_small_disk(tmp_path, code):
    """Run *code* in a process of its own with a disk of 12 MiB under `disk`; visible skip where the system refuses."""
    disk = tmp_path / "disk"
    disk.mkdir()
    shell = f"mount -t tmpfs -o size=12m none '{disk}' || exit 77; exec '{sys.executable}' -c \"$CODE\" '{tmp_path}'"
    helper = Path(__file__).with_name("conftest.py")
    first = f"import sys; sys.path.insert(0, {str(helper.parent)!r})\n"
    try:
        done = subprocess.run(
            [*SMALL_DISK, "sh", "-c", shell],
            check=False,
            capture_output=True,
            text=True,
            timeout=50,
            env={**os.environ, "CODE": first + textwrap.dedent(code)},
        )
    except FileNotFoundError:
        pytest.skip("needs unshare (Debian: util-linux)")
    if done.returncode == 77 or "unshare failed" in done.stderr:
        pytest.skip(f"needs the right to mount a disk in memory: {done.stderr.strip()}")
    assert done.returncode == 0, done.stderr
    return done.stdout


FILL = """
    import pathlib
    from conftest import Practice
    from kapnotes.domain.entries import Note
    from kapnotes.domain.errors import SavedElsewhere, VaultError
    from kapnotes.domain.members import therapy_of
    from kapnotes.vault.verify import verify

    root = pathlib.Path(sys.argv[1])
    practice = Practice(root / "disk" / "vault").create()
    practice.second_place = root / "profile"
    library = practice.open()
    tess = practice.unlock(library, "Tess")
    therapy = therapy_of(tess.member.member_id)
    library._vault.ballast._make()
    filler = open(root / "disk" / "somebody's photographs", "wb", buffering=0)

    def fill():
        try:
            while True:
                filler.write(b"x" * 1024)
        except OSError:
            pass

    saved, elsewhere = [], []

    def note(number):
        entry = practice.entry(tess, Note(f"note {number}"))
        try:
            library.append(tess, therapy, entry, patient_id=practice.patient)
        except SavedElsewhere:
            elsewhere.append(entry.entry_id)
        else:
            saved.append(entry.entry_id)

    fill()
"""


def test_a_full_disk_takes_two_thousand_more_on_the_ballast_and_loses_none(tmp_path):
    code = """
    while len(saved) < 2000 and not elsewhere:
        note(len(saved))
        if len(saved) == 1:
            assert not (root / "disk" / "vault" / ".ballast").exists()
            assert any("kept aside" in str(notice) for notice in library.notices())
    print(len(saved), len(elsewhere))
    library.close()
    library = practice.open()
    tess = practice.unlock(library, "Tess")
    assert [e.entry_id for e in library.read(tess, practice.session).entries] == saved
    library.close()
    assert verify(practice.folder).exit_code == 0
    """
    assert on_a_small_disk(tmp_path, FILL + code).split() == ["2000", "0"]


def test_a_disk_that_is_full_to_the_last_byte_opens_and_goes_on_in_a_second_place_until_there_is_room(tmp_path):
    code = """
    note(0)
    fill()
    while not elsewhere:
        note(len(saved))
        fill()
    for _ in range(50):
        note(len(saved) + len(elsewhere))
    assert len(elsewhere) >= 50
    try:
        library.close()
    except VaultError as error:  # there is no byte for the closing record either
        assert "closing" in str(error)
    else:
        raise AssertionError("it was not full")
    library = practice.open()
    tess = practice.unlock(library, "Tess")
    assert library.disk.waiting_count == len(elsewhere), (library.disk.waiting_count, len(elsewhere))
    note(-1)
    filler.truncate(0)
    library.disk.settle()
    assert library.disk.waiting_count == 0
    note(-2)
    kept = [e.entry_id for e in library.read(tess, practice.session).entries]
    last = saved.pop()
    assert kept == [*saved, *elsewhere, last]
    assert not list((root / "profile").glob("waiting-*"))
    library.close()
    report = verify(practice.folder)
    assert report.exit_code == 0, report
    print("whole")
    """
    assert on_a_small_disk(tmp_path, FILL + code).split() == ["whole"]
