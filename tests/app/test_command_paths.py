"""What somebody names to a command is looked at before anything is read or written."""

import pytest

from kapnotes.app import quiet
from kapnotes.app.command_paths import OF_A_FILE, PIECE, see_that_it_holds_files, see_that_it_is_outside
from kapnotes.domain.errors import KapnotesError, VaultMissing, WrongPassphrase
from kapnotes.domain.members import Role
from tests.app.conftest import PASSPHRASE


def test_a_file_that_is_no_backup_has_nothing_to_salvage_and_is_said_in_a_line(tmp_path):
    letter = tmp_path / "letter.txt"
    letter.write_text("no vault")

    with pytest.raises(VaultMissing) as said:
        see_that_it_holds_files(letter)
    assert str(said.value) == f"There is nothing to salvage in {letter}: it is no backup of a vault."
    assert said.value.exit_code == 5


def test_a_damaged_backup_is_taken_wherever_its_first_file_begins(tmp_path):
    damaged = tmp_path / "damaged"
    damaged.write_bytes(bytes(PIECE - 5) + OF_A_FILE + bytes(9))

    see_that_it_holds_files(damaged)
    see_that_it_holds_files(tmp_path)


def test_no_backup_is_made_in_the_folder_of_its_vault(tmp_path):
    vault = tmp_path / "vault"
    vault.mkdir()
    for inside in (vault, vault / "one.kapbackup", vault / ".." / "vault" / "one"):
        with pytest.raises(KapnotesError, match="would be lost with it"):
            see_that_it_is_outside(vault, inside)

    see_that_it_is_outside(vault, tmp_path / "one.kapbackup")


def test_a_name_that_nobody_has_is_answered_by_the_names_told_apart_by_more_than_a_comma(house):
    seat = house.make()
    house.add(seat, "Nia, CRNA", Role.MEDICAL)
    assert house.program.close() == 0
    again = type(house)(house.folder)

    with pytest.raises(WrongPassphrase) as said:
        quiet.list_sessions(again.program, house.vault, "Nobody", PASSPHRASE)
    assert str(said.value) == "There is no member of that name here. Members: Tess, LCSW · Nia, CRNA."
