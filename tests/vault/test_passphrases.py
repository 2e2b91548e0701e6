"""A new passphrase: the old one opens until the new one does, and afterwards only the new one."""

import shutil
import sqlite3

import pytest

from kapnotes.domain.custody import KeyChange, KeyEvent
from kapnotes.domain.errors import InputOutput, NotEntitled, WrongPassphrase
from kapnotes.domain.members import SHARED
from kapnotes.vault.compartment_file import CompartmentFile
from kapnotes.vault.library import KEYS_SCOPE
from kapnotes.vault.verify import verify

NEW = "seven quiet herons wade upstream"


def change(practice, library, keyring, new=NEW):
    library.change_passphrase(keyring, practice.passphrases[keyring.member.label], new, cost=practice.cost)


def opens_with(practice, label, folder=None):
    """Name which of the two passphrases opens a copy of the vault."""
    found = []
    for name, passphrase in (("old", practice.passphrases[label]), ("new", NEW)):
        library = practice.open(folder)
        try:
            library.unlock(label, passphrase)
            found.append(name)
        except WrongPassphrase:
            pass
        finally:
            library.close()
    return found


def slots_of(path):
    connection = sqlite3.connect(path)
    rows = connection.execute("SELECT member, body FROM slot ORDER BY member").fetchall()
    connection.close()
    return rows


def test_the_new_passphrase_opens_and_the_old_one_no_more(filled):
    with filled.opened("Tess") as (library, tess):
        change(filled, library, tess)
        assert library.unlock("Tess", NEW).compartments == tess.compartments
        with pytest.raises(WrongPassphrase):
            library.unlock("Tess", filled.passphrases["Tess"])
    assert opens_with(filled, "Tess") == ["new"]
    assert verify(filled.folder, label="Tess", passphrase=NEW).findings == ()


def test_no_file_keeps_the_old_slot_even_before_the_vault_is_closed(filled):
    with filled.opened("Tess") as (library, tess):
        change(filled, library, tess)
        copied = filled.folder.with_name("copy")
        shutil.copytree(filled.folder, copied)
    first, *others = [slots_of(path) for path in sorted(copied.glob("*.kapdb"))]
    assert len(others) == 2
    assert others == [first, first]


def test_a_wrong_old_passphrase_changes_nothing(filled):
    before = filled.hashes()
    with filled.opened("Tess") as (library, tess), pytest.raises(WrongPassphrase):
        library.change_passphrase(tess, "not this one at all", NEW, cost=filled.cost)
    assert filled.hashes() == before


def test_the_other_members_keep_theirs(filled):
    with filled.opened("Tess") as (library, tess):
        change(filled, library, tess)
    assert opens_with(filled, "Carl") == ["old"]


def test_a_change_is_told_in_the_log_of_keys(filled):
    with filled.opened("Tess") as (library, tess):
        change(filled, library, tess)
        bodies = [entry.body for entry in library.read(tess, KEYS_SCOPE, only=SHARED).entries]
        scopes = [scope.scope_id for scope in library.scopes(tess)]
    assert KeyEvent(KeyChange.OWN_KEY_REWRAPPED, tess.member.member_id) in bodies
    assert scopes == [filled.session]


def test_an_older_copy_of_the_vault_opens_with_the_old_passphrase(filled):
    backup = filled.folder.with_name("backup")
    shutil.copytree(filled.folder, backup)
    with filled.opened("Tess") as (library, tess):
        change(filled, library, tess)
    assert opens_with(filled, "Tess", backup) == ["old"]


def test_killed_at_any_write_the_old_or_the_new_passphrase_opens(filled):
    """The folder as it is before each transaction is what a killed program leaves."""
    with filled.opened("Tess") as (library, tess), filled.copied_before_each_write() as snapshots:
        change(filled, library, tess)
    found = [opens_with(filled, "Tess", folder) for folder in snapshots]
    assert found[0] == ["old"]
    assert found[-1] == ["new"]
    assert all(len(which) == 1 for which in found)
    assert len(found) >= 3
    for folder in snapshots:
        assert verify(folder).findings == ()


def test_a_disk_that_does_not_take_it_leaves_the_old_passphrase(filled, monkeypatch):
    write = CompartmentFile.write

    def no_slot(file, rows, *, replacing=False):
        if any("slot" in getattr(row, "sql", "") for row in rows):
            raise InputOutput("The disk is full.")
        write(file, rows, replacing=replacing)

    with filled.opened("Tess") as (library, tess):
        with monkeypatch.context() as patched:
            patched.setattr(CompartmentFile, "write", no_slot)
            with pytest.raises(InputOutput):
                change(filled, library, tess)
        library.unlock("Tess", filled.passphrases["Tess"])
        change(filled, library, tess)  # and once there is room, it is changed
    assert opens_with(filled, "Tess") == ["new"]


def test_a_locked_keyring_changes_nothing(filled):
    with filled.opened("Tess") as (library, tess):
        library.lock(tess)
        with pytest.raises(NotEntitled):
            change(filled, library, tess)
    assert opens_with(filled, "Tess") == ["old"]
