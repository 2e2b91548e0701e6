"""A vault is made whole or not at all, and never over something that is there."""

import os
import stat

import pytest

from kapnotes.domain.errors import DiskFull, Implausible, InputOutput
from kapnotes.domain.members import MEDICAL, SHARED, Role, therapy_of
from kapnotes.vault import library as library_module
from kapnotes.vault.kdf import KdfCost
from kapnotes.vault.library import create
from kapnotes.vault.verify import verify

LIGHT = KdfCost(64, 1, 1)


def make(folder, clock, label="Tess", roles=frozenset({Role.THERAPIST}), entropy=os.urandom):
    create(folder, label, roles, "otter lagoon violin cedar", cost=LIGHT, entropy=entropy, clock=clock)


def test_a_new_vault_verifies_and_its_first_member_is_an_administrator(practice):
    report = verify(practice.folder, label="Tess", passphrase=practice.passphrases["Tess"])
    assert (report.exit_code, report.findings, report.contents_read) == (0, (), True)
    with practice.opened("Tess") as (library, tess):
        assert tess.member.roles == {Role.THERAPIST, Role.ADMIN}
        assert library.members() == (tess.member,)
        assert tess.compartments == (SHARED, MEDICAL, therapy_of(tess.member.member_id))


@pytest.mark.skipif(os.name == "nt", reason="POSIX permissions")
def test_nobody_else_on_the_laptop_can_read_the_files(filled):
    assert stat.S_IMODE(filled.folder.stat().st_mode) == 0o700
    for path in filled.folder.iterdir():
        assert stat.S_IMODE(path.stat().st_mode) == 0o600, path.name


def test_nothing_but_the_vault_is_left_in_its_parent(practice):
    assert [path.name for path in practice.folder.parent.iterdir()] == ["vault"]


@pytest.mark.parametrize("what", ["folder", "empty folder", "file", "dangling link"])
def test_an_existing_path_is_refused_in_one_line_and_left_alone(practice, tmp_path, what):
    target = tmp_path / "other"
    if what == "folder":
        target = practice.folder
    elif what == "empty folder":
        target.mkdir()
    elif what == "file":
        target.write_text("mine")
    else:
        target.symlink_to(tmp_path / "nowhere")
    before = practice.hashes()
    with pytest.raises(InputOutput, match="exists already") as refused:
        make(target, practice.clock)
    assert "\n" not in str(refused.value)
    assert practice.hashes() == before
    if what == "file":
        assert target.read_text() == "mine"


def test_a_missing_parent_is_said_in_one_line(practice, tmp_path):
    with pytest.raises(
        InputOutput, match=r"vault2 cannot be made \(No such file or directory\)\. Choose another place"
    ):
        make(tmp_path / "no" / "vault2", practice.clock)


def test_a_vault_cut_short_while_it_is_made_leaves_nothing(practice, tmp_path, monkeypatch):
    def fail(*_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(library_module.files, "sync_folder", fail)
    with pytest.raises(DiskFull, match="disk is full"):
        make(tmp_path / "other", practice.clock)
    assert [path.name for path in tmp_path.iterdir()] == ["vault"]


@pytest.mark.parametrize("label", ["", "   ", "a\nb\x00", "x" * 65, "\u202eevil"])
def test_a_label_is_a_printable_name(practice, tmp_path, label):
    with pytest.raises(Implausible):
        make(tmp_path / "other", practice.clock, label=label)


def test_an_administrator_alone_makes_a_vault_without_medical_until_someone_may_hold_it(tmp_path, practice):
    folder = tmp_path / "other"
    make(folder, practice.clock, label="Ada", roles=frozenset())
    assert not (folder / "medical.kapdb").exists()
    practice.folder = folder
    practice.passphrases["Ada"] = "otter lagoon violin cedar"
    with practice.opened("Ada") as (library, ada):
        assert ada.compartments == (SHARED,)
        practice.add(library, ada, "Carl", Role.MEDICAL)
        practice.add(library, ada, "Cleo", Role.MEDICAL)
    with practice.opened("Carl") as (_, carl):
        assert carl.compartments == (SHARED, MEDICAL)
    with practice.opened("Cleo") as (_, cleo):
        assert cleo.compartments == (SHARED, MEDICAL)
    assert verify(folder).exit_code == 0


def test_two_vaults_made_alike_share_no_key_and_no_id(practice, tmp_path):
    make(tmp_path / "other", practice.clock)
    with practice.opened() as (library,):
        other = practice.open(tmp_path / "other")
        assert library.vault_id != other.vault_id
        other.close()
