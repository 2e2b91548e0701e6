"""Whose disk a folder is on: the mount table, the names above it, and what synchronising programs leave behind."""

from pathlib import Path, PurePosixPath, PureWindowsPath

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kapnotes.app import whereabouts
from kapnotes.app.whereabouts import foreign_place
from kapnotes.domain.errors import ForeignPlace

MOUNTS = """\
/dev/sda2 / ext4 rw,relatime 0 0
proc /proc proc rw 0 0
tmpfs /tmp tmpfs rw 0 0
server:/home /people/shared nfs4 rw,vers=4.2 0 0
//nas/practice /mnt/the\\040practice cifs rw,username=x 0 0
host0 /mnt/c 9p rw,dirsync 0 0
tess@server:/ /people/tess/server fuse.sshfs rw 0 0
/dev/sdb1 /people/shared/stick vfat rw 0 0
cloud: /people/tess/cloud fuse.rclone rw 0 0
"""


def place(path, mounts=MOUNTS, markers=()):
    return foreign_place(PurePosixPath(path), mounts, [(PurePosixPath(path), markers)])


@pytest.mark.parametrize(
    ("path", "whose"),
    [
        ("/people/tess/vault", ""),
        ("/tmp/vault", ""),  # noqa: S108 - a path to look at
        ("/people/shared/vault", "NFS"),
        ("/people/shared", "NFS"),
        ("/people/shared2/vault", ""),
        ("/people/shared/stick/vault", ""),
        ("/mnt/the practice/vault", "SMB"),
        ("/mnt/c/vault", "9P"),
        ("/people/tess/server/vault", "SSHFS"),
        ("/people/tess/cloud/vault", "rclone"),
        ("/people/tess/OneDrive/vault", "OneDrive"),
        ("/people/tess/OneDrive - A Clinic/vault", "OneDrive"),
        ("/people/tess/Dropbox (Personal)/vault", "Dropbox"),
        ("/people/tess/Library/Mobile Documents/com~apple~CloudDocs/vault", "iCloud Drive"),
        ("/people/tess/Library/CloudStorage/GoogleDrive-tess/vault", "a synchronised folder"),
        ("/people/tess/Nextcloud/vault", "Nextcloud"),
        ("/people/tess/Google Drive/vault", "Google Drive"),
        ("/people/tess/Syncthing/vault", "Syncthing"),
        ("/people/tess/dropboxes/vault", ""),
    ],
)
def test_a_path_is_on_this_computer_or_it_is_said_whose(path, whose):
    assert place(path) == whose


@pytest.mark.parametrize(
    ("marker", "whose"), [(".stfolder", "Syncthing"), (".dropbox", "Dropbox"), ("._sync_1a2b.db", "Nextcloud")]
)
def test_what_a_synchronising_program_leaves_gives_it_away(marker, whose):
    assert place("/people/tess/notes", markers=("letters", marker)) == whose


def test_paths_of_windows_are_told_too():
    assert foreign_place(PureWindowsPath(r"\\nas\practice\vault"), "", []) == "SMB"
    assert foreign_place(PureWindowsPath(r"C:\People\tess\OneDrive\vault"), "", []) == "OneDrive"
    assert foreign_place(PureWindowsPath(r"C:\People\tess\vault"), "", []) == ""


def test_a_system_whose_own_root_is_another_computers_has_no_other_disk():
    assert place("/people/tess/vault", "host0 / 9p rw 0 0\n") == ""


@given(st.text(), st.text(alphabet=st.characters(exclude_characters="\0")))
def test_no_mount_table_and_no_path_is_too_strange(mounts, path):
    assert isinstance(foreign_place(PurePosixPath("/" + path), mounts, []), str)


@pytest.fixture
def synchronised(house):
    """A folder that is synchronised, in which the house would have its vault."""
    (house.folder / ".stfolder").mkdir()
    return house


def test_the_markers_are_looked_for_above_the_vault(synchronised):
    assert whereabouts.foreign_place_of(synchronised.vault / "deep" / "inside") == "Syncthing"


def test_a_vault_is_neither_made_nor_opened_in_a_synchronised_folder_unless_that_is_chosen_once(synchronised):
    house = synchronised
    failed = []
    create = (house.vault, "Tess, LCSW", frozenset(), "otter lagoon violin cedar")
    house.program.create_vault(*create, pytest.fail, failed.append)
    house.program.open_vault(house.vault, pytest.fail, failed.append)
    assert [type(error) for error in failed] == [ForeignPlace] * 2
    assert "belongs to Syncthing" in str(failed[0])
    assert not Path(house.vault).exists()

    house.program.here_anyway = house.vault
    house.make()
    house.program.here_anyway = None
    house.program.open_vault(house.vault, [].append, failed.append)
    assert len(failed) == 2
