"""What the disk of the vault does not take waits on another one, sealed, and goes into the vault when it can."""

import json
import shutil

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kapnotes.domain.entries import Note, Signal
from kapnotes.domain.errors import InputOutput, SavedElsewhere, VaultError
from kapnotes.domain.members import MEDICAL, SHARED, Role, therapy_of
from kapnotes.vault.verify import verify


@pytest.fixture
def with_place(filled, tmp_path):
    filled.second_place = tmp_path / "profile"
    filled.second_place.mkdir()
    return filled


def waiting_files(practice):
    return sorted(path for path in practice.second_place.iterdir() if path.name.startswith("waiting"))


def therapy(keyring):
    return therapy_of(keyring.member.member_id)


def note(practice, library, tess, text):
    """Note something and return it; told as saved or as kept elsewhere."""
    entry = practice.entry(tess, Note(text))
    try:
        library.append(tess, therapy(tess), entry, patient_id=practice.patient)
    except SavedElsewhere:
        return entry, False
    return entry, True


def notes(practice, library, tess):
    back = library.read(tess, practice.session, only=therapy(tess))
    assert (back.findings, back.refused) == ((), ())
    return [entry.body.text for entry in back.entries if isinstance(entry.body, Note)]


def test_what_the_disk_refuses_is_kept_elsewhere_and_goes_into_the_vault_when_the_disk_is_back(
    with_place, failing_disk
):
    with with_place.opened("Tess") as (library, tess):
        before = notes(with_place, library, tess)
        with failing_disk():
            told = [note(with_place, library, tess, f"kept {number}") for number in range(3)]
            assert [is_saved for _, is_saved in told] == [False] * 3
            assert library.disk.waiting_count == 3
            assert "3 entries are kept in a second place" in str(library.notices()[0])
        library.disk.settle()

        assert library.disk.waiting_count == 0
        assert library.notices() == ()
        assert waiting_files(with_place) == []
        assert notes(with_place, library, tess) == [*before, "kept 0", "kept 1", "kept 2"]
        for entry, _ in told:  # who asks again is told where it stands
            head = library.append(tess, therapy(tess), entry, patient_id=with_place.patient)
            assert head.compartment == therapy(tess)
        assert notes(with_place, library, tess) == [*before, "kept 0", "kept 1", "kept 2"]
    assert verify(with_place.folder, label="Tess", passphrase=with_place.passphrases["Tess"]).exit_code == 0


def test_asking_again_while_the_disk_is_away_keeps_nothing_twice(with_place, failing_disk):
    with with_place.opened("Tess") as (library, tess):
        with failing_disk():
            entry, _ = note(with_place, library, tess, "once")
            for _ in range(3):
                with pytest.raises(SavedElsewhere):
                    library.append(tess, therapy(tess), entry, patient_id=with_place.patient)
                library.disk.settle()
            assert library.disk.waiting_count == 1
        library.disk.settle()
        assert notes(with_place, library, tess).count("once") == 1


def test_after_a_kill_the_next_who_opens_takes_it_in_without_any_key(with_place, failing_disk):
    library = with_place.open()
    tess = with_place.unlock(library, "Tess")
    with failing_disk():
        for number in range(3):
            note(with_place, library, tess, f"kept {number}")
        kept = {path.name: path.read_bytes() for path in waiting_files(with_place)}
    shutil.copytree(with_place.folder, with_place.folder.with_name("killed"))
    library.close()  # and in the other world it never closed:
    shutil.rmtree(with_place.folder)
    with_place.folder.with_name("killed").rename(with_place.folder)
    for name, content in kept.items():
        (with_place.second_place / name).write_bytes(content)

    with with_place.opened() as (library,):
        assert library.disk.waiting_count == 0
    assert waiting_files(with_place) == []
    with with_place.opened("Tess") as (library, tess):
        assert notes(with_place, library, tess)[-3:] == ["kept 0", "kept 1", "kept 2"]
        note(with_place, library, tess, "afterwards")
        assert notes(with_place, library, tess)[-1] == "afterwards"


def test_what_stands_in_the_vault_already_is_not_taken_in_twice(with_place, failing_disk):
    """Killed between the commit into the vault and the removal of the second place."""
    with with_place.opened("Tess") as (library, tess):
        with failing_disk():
            note(with_place, library, tess, "once")
            (path,) = waiting_files(with_place)
            content = path.read_bytes()
        library.disk.settle()
    path.write_bytes(content)
    with with_place.opened("Tess") as (library, tess):
        assert notes(with_place, library, tess).count("once") == 1
        assert waiting_files(with_place) == []


def test_closing_while_the_disk_is_away_keeps_the_second_place(with_place, failing_disk):
    library = with_place.open()
    tess = with_place.unlock(library, "Tess")
    with failing_disk():
        note(with_place, library, tess, "kept")
        library.close()
    assert len(waiting_files(with_place)) == 1
    with with_place.opened("Tess") as (library, tess):
        assert notes(with_place, library, tess)[-1] == "kept"


LONG = "a long note " * 2000
"""Needs pages beyond the end of the file."""


def size_of(practice):
    return practice.file("therapy").stat().st_size


def test_opening_while_the_disk_is_still_full_keeps_the_order_of_a_log(with_place, failing_disk):
    library = with_place.open()
    tess = with_place.unlock(library, "Tess")
    with failing_disk(size_of(with_place)):
        note(with_place, library, tess, "first" + LONG)
        library.close()
        again = with_place.open()
        tess = with_place.unlock(again, "Tess")
        assert again.disk.waiting_count == 1
        _, is_saved = note(with_place, again, tess, "second")
        assert not is_saved
        assert again.disk.waiting_count == 2
    again.disk.settle()

    assert notes(with_place, again, tess)[-2:] == ["first" + LONG, "second"]
    again.close()
    assert verify(with_place.folder).exit_code == 0


def test_a_patient_and_a_session_that_are_new_are_kept_elsewhere_too(with_place, failing_disk):
    with with_place.opened("Tess") as (library, tess), failing_disk():
        for _ in range(2):
            with pytest.raises(SavedElsewhere):
                with_place.append(library, tess, SHARED, Signal("new"), scope="77" * 16, patient="b2" * 16)
    with with_place.opened("Tess") as (library, tess):
        assert len(library.read(tess, "77" * 16).entries) == 2


def test_compartments_wait_each_for_itself(with_place, failing_disk):
    with with_place.opened("Tess", "Carl") as (library, tess, carl):
        with failing_disk():
            note(with_place, library, tess, "therapy")
            with pytest.raises(SavedElsewhere):
                with_place.append(library, carl, SHARED, Signal("come"))
        hidden = with_place.file("therapy").with_name("hidden")
        with_place.file("therapy").rename(hidden)
        library.disk.settle()
        assert library.disk.waiting_count == 1
        assert len(waiting_files(with_place)) == 1
        hidden.rename(with_place.folder / f"therapy-{tess.member.member_id[:8]}.kapdb")
        library.disk.settle()
        assert library.disk.waiting_count == 0
        assert waiting_files(with_place) == []


def test_without_a_second_place_it_is_not_saved_and_said_so(filled, failing_disk):
    with filled.opened("Tess") as (library, tess):
        with failing_disk(), pytest.raises(InputOutput, match="not saved"):
            filled.append(library, tess, SHARED, Signal("come"))
        assert library.disk.waiting_count == 0


def test_nothing_readable_and_no_name_stands_in_the_second_place(with_place, failing_disk):
    with with_place.opened("Tess") as (library, tess), failing_disk():
        note(with_place, library, tess, with_place.canary)
        (path,) = waiting_files(with_place)
        content = path.read_bytes()
        assert path.stat().st_mode & 0o777 == 0o600
    assert with_place.canary.encode() not in content
    assert b"Tess" not in content


@pytest.fixture
def left_behind(with_place, failing_disk):
    """A second place with two notes; the vault does not have them."""
    library = with_place.open()
    tess = with_place.unlock(library, "Tess")
    with failing_disk(size_of(with_place)):
        note(with_place, library, tess, "first" + LONG)
        note(with_place, library, tess, "second")
        library.close()
    return with_place


def test_a_line_that_was_cut_short_does_not_count_and_is_written_over(left_behind, failing_disk):
    (path,) = waiting_files(left_behind)
    content = path.read_bytes()
    path.write_bytes(content[:-30])
    with failing_disk(size_of(left_behind)):
        library = left_behind.open()
        tess = left_behind.unlock(library, "Tess")
        assert library.disk.waiting_count == 1
        note(left_behind, library, tess, "instead")
        library.close()
    with left_behind.opened("Tess") as (library, tess):
        assert notes(left_behind, library, tess)[-2:] == ["first" + LONG, "instead"]


@given(st.data())
@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_a_changed_second_place_brings_nothing_untrue_into_the_vault(left_behind, data):
    (path,) = waiting_files(left_behind)
    content = path.read_bytes()
    vault = shutil.copytree(left_behind.folder, left_behind.folder.with_name("before"), dirs_exist_ok=True)
    position = data.draw(st.integers(0, len(content) - 1))
    flipped = bytearray(content)
    flipped[position] ^= 1 << data.draw(st.integers(0, 7))
    path.write_bytes(flipped)
    try:
        with left_behind.opened("Tess") as (library, tess):
            assert notes(left_behind, library, tess)[-2:] != ["second", "first" + LONG]
        left = waiting_files(left_behind)
        assert path not in left
        assert flipped in [one.read_bytes() for one in left]
        assert verify(left_behind.folder).exit_code == 0
    finally:
        for one in waiting_files(left_behind):
            one.unlink()
        shutil.rmtree(left_behind.folder)
        vault.rename(left_behind.folder)
        path.write_bytes(content)


def test_rows_that_are_signed_by_nobody_who_may_write_there_are_left_outside(left_behind, failing_disk):
    """Somebody with the user's own folder puts a whole line into it, hash and all, that moves a note elsewhere."""
    (path,) = waiting_files(left_behind)
    lines = path.read_bytes().splitlines()
    body = json.loads(lines[1].rpartition(b" ")[0])
    import base64
    import hashlib

    from kapnotes.vault.layout import comp_bytes, label

    body["comp"] = base64.b64encode(comp_bytes(MEDICAL)).decode()
    moved = json.dumps(body, separators=(",", ":")).encode()
    sha = hashlib.sha256(label("spill") + hashlib.sha256(lines[0] + b"\n").digest() + moved).hexdigest().encode()
    path.write_bytes(lines[0] + b"\n" + moved + b" " + sha + b"\n")
    before = left_behind.file("medical").read_bytes()
    with left_behind.opened() as (library,):
        assert any("not whole" in str(notice) or "second place" in str(notice) for notice in library.notices())
    assert left_behind.file("medical").read_bytes() == before
    (aside,) = waiting_files(left_behind)
    assert aside.name.startswith(f"{path.name}-aside-")


def test_a_second_place_that_cannot_be_read_is_never_begun_anew(left_behind, failing_disk, tmp_path):
    (path,) = waiting_files(left_behind)
    kept = path.rename(tmp_path / "kept")
    path.symlink_to(tmp_path)  # what is there, and is no file that can be read
    with left_behind.opened("Tess") as (library, tess), failing_disk():
        entry = left_behind.entry(tess, Note("meanwhile"))
        with pytest.raises(InputOutput, match="not saved"):
            library.append(tess, therapy(tess), entry, patient_id=left_behind.patient)
    assert path.is_symlink()
    path.unlink()
    kept.rename(path)
    with left_behind.opened("Tess") as (library, tess):
        assert notes(left_behind, library, tess)[-2:] == ["first" + LONG, "second"]


def test_what_stands_aside_and_cannot_be_read_keeps_nothing_else_waiting(left_behind, tmp_path):
    (path,) = waiting_files(left_behind)
    odd = path.with_name(f"{path.name}-aside-00")
    odd.symlink_to(tmp_path)
    with left_behind.opened("Tess") as (library, tess):
        assert notes(left_behind, library, tess)[-2:] == ["first" + LONG, "second"]
        assert str(odd) in str(library.notices()[0])
    assert waiting_files(left_behind) == [odd]


def test_another_vault_in_the_same_folder_takes_nothing_of_it(left_behind, tmp_path):
    shutil.rmtree(left_behind.folder)
    left_behind.create()
    with left_behind.opened("Tess") as (library, tess):
        assert any("not whole" in str(notice) for notice in library.notices())
        assert notes(left_behind, library, tess) == []
    assert len(waiting_files(left_behind)) == 1


def test_a_member_who_cannot_be_added_costs_nobody_the_keys_of_a_running_session(filled, failing_disk, tmp_path):
    filled.second_place = tmp_path / "second"
    away = filled.folder.with_name("away")
    with filled.opened("Tess") as (library, tess):
        before, _ = filled.append(library, tess, SHARED, Signal("before"))
        filled.folder.rename(away)  # the drive is pulled
        with failing_disk(), pytest.raises(VaultError):
            filled.add(library, tess, "Ada", Role.ADMIN)
        meanwhile = filled.entry(tess, Signal("meanwhile"))
        with failing_disk(), pytest.raises(SavedElsewhere):
            library.append(tess, SHARED, meanwhile, patient_id=filled.patient)
        away.rename(filled.folder)
        library.disk.settle()
        assert {before, meanwhile} <= set(library.read(tess, filled.session).entries)
        filled.add(library, tess, "Ada", Role.ADMIN)
