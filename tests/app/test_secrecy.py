"""Files and memory that are nobody else's."""

import os
import stat

import pytest

from kapnotes.app.files import keep_private
from kapnotes.app.profile import Profile

pytestmark = pytest.mark.skipif(os.name != "posix", reason="Windows has no modes")


def mode(path):
    return stat.S_IMODE(path.stat().st_mode)


def test_a_file_that_a_library_will_write_is_this_users_alone(tmp_path):
    path = tmp_path / "profile" / "windows.ini"
    keep_private(path)

    assert mode(path) == 0o600
    assert mode(path.parent) == 0o700
    assert path.read_bytes() == b""


def test_a_file_that_was_readable_to_others_no_longer_is_and_keeps_what_it_holds(tmp_path):
    path = tmp_path / "windows.ini"
    path.write_text("[home]\n", encoding="utf-8")
    path.chmod(0o644)
    keep_private(path)

    assert mode(path) == 0o600
    assert path.read_text(encoding="utf-8") == "[home]\n"


def test_where_no_file_can_be_made_the_program_goes_on_without(tmp_path):
    (tmp_path / "file").write_bytes(b"")
    keep_private(tmp_path / "file" / "windows.ini")

    assert sorted(path.name for path in tmp_path.iterdir()) == ["file"]


def test_the_profile_is_this_users_alone(tmp_path):
    profile = Profile(tmp_path / "profile", os.urandom)
    profile.device_id(tmp_path / "vault")

    assert mode(tmp_path / "profile") == 0o700
    assert mode(tmp_path / "profile" / "profile.json") == 0o600
