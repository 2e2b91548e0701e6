"""A full disk ends no session: 8 MiB are kept aside for it. `tests/fault` fills a real one."""

import os

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
