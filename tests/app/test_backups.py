"""What a restored vault does with the rest of the program: another device, and a line in the audit trail."""

import os
import shutil

from kapnotes.app import quiet
from kapnotes.app.profile import Profile
from kapnotes.domain.entries import Audit
from kapnotes.vault.library import VAULT_SCOPE


def nobody(*_):
    """Listen to no progress."""


def audits(program, seat):
    entries = program.library.read(seat.keyring, VAULT_SCOPE).entries
    return [(entry.body.action, entry.body.subject) for entry in entries if isinstance(entry.body, Audit)]


def back_up_and_lose(house):
    """Make a vault and a backup of it, and lose the vault; returns the file."""
    house.make()
    path = house.folder / "one.kapbackup"
    house.program.library.backups.make_as(path, nobody)
    house.program.close()
    shutil.rmtree(house.vault)
    return path


def test_a_vault_restored_to_where_it_was_is_another_device(house, make_house):
    before = house.program.profile.device_id(house.vault)
    path = back_up_and_lose(house)
    devices = {before}

    for _ in range(2):
        quiet.bring_back(house.program, path, house.vault, with_findings=False, tell=nobody)
        profile = Profile(house.folder / "profile", os.urandom)
        devices.add(profile.device_id(house.vault))
        assert profile.device_id(house.vault) in devices, "it stays the same from then on"
        shutil.rmtree(house.vault)

    assert len(devices) == 3


def test_the_audit_trail_says_once_that_the_vault_was_restored(house, make_house):
    path = back_up_and_lose(house)
    quiet.bring_back(house.program, path, house.vault, with_findings=False, tell=nobody)

    for _ in range(2):
        again = make_house(house.folder)
        again.program.open_vault(house.vault, nobody, again.program.tell_trouble)
        seat = again.sign_in("Tess, LCSW")
        trail = audits(again.program, seat)
        assert [subject for action, subject in trail if action == "restored"] == [
            "backup of 2026-03-04 13:00 UTC, 1 entries"
        ]
        again.program.close()


def test_what_is_written_after_a_restore_goes_on_in_a_log_of_its_own(house, make_house):
    path = back_up_and_lose(house)
    quiet.bring_back(house.program, path, house.vault, with_findings=False, tell=nobody)

    again = make_house(house.folder)
    again.program.open_vault(house.vault, nobody, again.program.tell_trouble)
    seat = again.sign_in("Tess, LCSW")
    again.patient(seat)
    again.program.close()

    text, code = quiet.check(house.vault, "Tess, LCSW", "otter lagoon violin cedar", as_json=False)
    assert code == 0, text
