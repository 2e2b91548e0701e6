"""Salvage: what is whole comes back into a new vault that its members open, and what is missing is named."""

import contextlib
import os
import re
import shutil
import sqlite3

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kapnotes.domain.entries import Note, Signal
from kapnotes.domain.errors import (
    HeaderDamaged,
    InputOutput,
    KapnotesError,
    Tampered,
    VaultInUse,
    VaultMissing,
    WrongPassphrase,
)
from kapnotes.domain.members import SHARED, therapy_of
from kapnotes.vault.btree import PAGE
from kapnotes.vault.library import VAULT_SCOPE
from kapnotes.vault.salvage import Helper, salvage
from kapnotes.vault.verify import verify

NOTES = 400


def nobody(*_):
    """Listen to no progress."""


def salvaged(practice, folder, helper=None, source=None):
    return salvage(source or practice.folder, folder, entropy=os.urandom, helper=helper, tell=nobody)


def everything(practice, folder):
    """Return the ids of all that each member can read in the vault in *folder*."""
    library = practice.open(folder)
    try:
        read = set()
        for member in library.members():
            keyring = practice.unlock(library, member.label)
            for scope in (VAULT_SCOPE, *(scope.scope_id for scope in library.scopes(keyring))):
                read |= {(entry.entry_id, entry.body) for entry in library.read(keyring, scope).entries}
        return read
    finally:
        library.close()


def spoil(path, page, fill=b"\xa5"):
    with path.open("r+b") as file:
        file.seek(page * PAGE)
        file.write(fill * PAGE)


def cut(path, share):
    os.truncate(path, int(path.stat().st_size * share))


@pytest.fixture
def long(filled):
    """A filled vault with many process notes more."""
    with filled.opened("Tess") as (library, tess):
        therapy = therapy_of(tess.member.member_id)
        entries = [filled.entry(tess, Note(f"note {number} " + "x" * (number % 90))) for number in range(NOTES)]
        library.append_all(tess, therapy, entries, patient_id=filled.patient)
    return filled


@pytest.fixture(scope="session")
def a_filled_one(tmp_path_factory, make_filled):
    """A filled vault that is only ever copied."""
    return make_filled(tmp_path_factory.mktemp("only-copied") / "vault")


# ------------------------------------------------------------------------------------------- all of it


def test_what_was_written_first_stands_first_whatever_its_log(filled, tmp_path):
    """The audit trail, and what an acknowledgement covers, go by the order in which a file was written."""
    with filled.opened("Tess", "Carl") as (library, *both):
        for number in range(8):
            filled.append(library, both[number % 2], SHARED, Signal(f"{number}"))
    salvaged(filled, tmp_path / "new")
    for kind in ("shared", "medical", "therapy"):
        name = filled.file(kind).name
        assert in_order(tmp_path / "new" / name) == in_order(filled.folder / name)


def in_order(path):
    with contextlib.closing(sqlite3.connect(path)) as connection:
        return connection.execute("SELECT log, seq FROM event ORDER BY id").fetchall()


def test_of_a_whole_vault_all_comes_back_and_nothing_is_missing(filled, tmp_path):
    made = salvaged(filled, tmp_path / "new")

    assert (made.entries, made.unproven, made.missing) == (15, 0, ())
    assert verify(tmp_path / "new").exit_code == 0
    assert everything(filled, tmp_path / "new") == everything(filled, filled.folder)
    assert sorted(p.name for p in tmp_path.iterdir()) == ["new", "vault"]


def test_the_source_stays_as_it_is(filled, tmp_path):
    before = filled.hashes()
    salvaged(filled, tmp_path / "new")
    assert filled.hashes() == before


def test_a_salvaged_vault_goes_on(filled, tmp_path):
    spoil(filled.file("medical"), 0)
    salvaged(filled, tmp_path / "new")
    library = filled.open(tmp_path / "new", device="ed" * 16)
    tess = filled.unlock(library, "Tess")
    filled.append(library, tess, SHARED, Signal("and on"))
    library.close()
    assert verify(tmp_path / "new").exit_code == 0


def test_a_backup_is_salvaged_as_a_vault_is_also_when_its_manifest_is_gone(long, tmp_path):
    with long.opened() as (library,):
        path = library.backups.make_as(tmp_path / "one.kapbackup", nobody).path
    content = path.read_bytes()
    path.write_bytes(b"\0" * 500 + content[500:])

    made = salvaged(long, tmp_path / "new", source=path)

    assert made.entries == 15 + NOTES
    assert verify(tmp_path / "new").exit_code == 0


# ------------------------------------------------------------------------------------------- damage


@pytest.mark.parametrize("kind", ["shared", "medical", "therapy"])
def test_a_lost_first_page_costs_nothing(long, tmp_path, kind):
    before = everything(long, long.folder)
    spoil(long.file(kind), 0)

    made = salvaged(long, tmp_path / "new")

    assert made.missing == ()
    assert verify(tmp_path / "new").exit_code == 0
    assert everything(long, tmp_path / "new") == before


def test_every_page_of_every_file_lost_one_at_a_time_costs_only_what_stood_on_it(filled, tmp_path):
    """With a helper who holds the key, a lost row of a log is no loss; a lost leaf of entries is named."""
    whole = everything(filled, filled.folder)
    only_the_sheet_helps = 0
    helper = Helper("Tess", filled.passphrases["Tess"])
    fewest = len(whole)
    for kind in ("shared", "medical", "therapy"):
        original = filled.file(kind).read_bytes()
        for page in range(len(original) // PAGE):
            spoil(filled.file(kind), page)
            folder = tmp_path / f"{kind}-{page}"
            made = salvaged(filled, folder, helper)
            if not made.missing:
                assert everything(filled, folder) == whole, f"{kind} page {page}: nothing is said to be missing"
            only_the_sheet_helps += any("its key for everybody" in finding.line for finding in made.missing)
            fewest = min(fewest, made.entries)
            shutil.rmtree(folder)
            filled.file(kind).write_bytes(original)
    assert only_the_sheet_helps <= 3 * 2, "a leaf of each file, and what overflows from it, hold the keys for all"
    assert fewest >= 15 - 8, "one page of this small vault holds at most the seven entries of a log"


def test_a_lost_leaf_costs_its_own_rows_and_the_one_behind_the_gap(long, tmp_path):
    path = long.file("therapy")
    content = path.read_bytes()
    leaves = [n for n in range(1, len(content) // PAGE) if content[n * PAGE] == 0x0D and _cells(content, n) > 3]
    page = leaves[len(leaves) // 2]
    stood = _cells(content, page)
    before = everything(long, long.folder)
    spoil(path, page)

    made = salvaged(long, tmp_path / "new")

    assert made.entries == 15 + NOTES - stood - 1
    assert made.unproven == 1
    lines = [finding.line for finding in made.missing]
    assert re.search(r"lost is entries \d+ to \d+ of log", lines[0])
    assert "behind a gap" in lines[1]
    again = everything(long, tmp_path / "new")
    assert again < before
    assert len(before - again) == stood + 1
    report = verify(tmp_path / "new")
    assert report.exit_code == 2
    assert {finding.file for finding in report.findings} == {path.name}
    assert len(report.findings) == 2, "the gap, and the entry behind it"


def _cells(content, page):
    return int.from_bytes(content[page * PAGE + 3 : page * PAGE + 5], "big")


def test_cut_to_sixty_percent_nearly_all_whole_rows_come_back(long, tmp_path):
    path = long.file("therapy")
    content = path.read_bytes()
    cut(path, 0.6)
    left = len(path.read_bytes()) // PAGE
    in_whole_pages = sum(
        _cells(content, page) for page in range(1, left) if content[page * PAGE] == 0x0D and _is_events(content, page)
    )

    made = salvaged(long, tmp_path / "new")

    therapy = made.entries - 9
    assert therapy >= 0.97 * in_whole_pages
    assert len(everything(long, tmp_path / "new")) == made.entries


def _is_events(content, page):
    """Tell whether the first cell of a leaf is long enough for an entry."""
    at = page * PAGE + int.from_bytes(content[page * PAGE + 8 : page * PAGE + 10], "big")
    return _cells(content, page) > 0 and content[at] >= 0x82


@pytest.mark.parametrize("helper", [None, "Carl", "Tess"])
def test_a_lost_row_of_a_log_is_computed_anew_and_a_holder_says_whom_it_is_about(filled, tmp_path, helper):
    before = everything(filled, filled.folder)
    with filled.tampering(filled.file("therapy")) as connection:
        connection.execute("PRAGMA secure_delete=ON")
        connection.execute("DELETE FROM log")

    made = salvaged(filled, tmp_path / "new", helper and Helper(helper, filled.passphrases[helper]))

    assert made.entries == 15
    if helper == "Tess":
        assert made.missing == ()
        assert everything(filled, tmp_path / "new") == before
    else:
        assert "whom log" in made.missing[0].line
        assert len(before - everything(filled, tmp_path / "new")) == 6
    assert verify(tmp_path / "new").exit_code == 0, "without a passphrase nothing of it shows"


def test_what_one_helper_could_not_say_another_says_later(filled, tmp_path):
    before = everything(filled, filled.folder)
    with filled.tampering(filled.file("therapy")) as connection:
        connection.execute("PRAGMA secure_delete=ON")
        connection.execute("DELETE FROM log")
    salvaged(filled, tmp_path / "first")

    made = salvaged(filled, tmp_path / "second", Helper("Tess", filled.passphrases["Tess"]), source=tmp_path / "first")

    assert made.missing == ()
    assert everything(filled, tmp_path / "second") == before


def test_a_lost_slot_comes_back_from_another_file(filled, tmp_path):
    with filled.tampering(filled.file("shared")) as connection:
        connection.execute("PRAGMA secure_delete=ON")
        connection.execute("DELETE FROM slot")

    made = salvaged(filled, tmp_path / "new")

    assert made.missing == ()
    assert len(everything(filled, tmp_path / "new")) == 15


def test_of_two_slots_the_newer_passphrase_is_the_one(filled, tmp_path):
    with filled.opened("Tess") as (library, tess):
        library.change_passphrase(tess, filled.passphrases["Tess"], "a new one for this very test", cost=filled.cost)
    filled.passphrases["Tess"] = "a new one for this very test"

    salvaged(filled, tmp_path / "new")

    assert len(everything(filled, tmp_path / "new")) >= 15


def test_a_flipped_entry_is_kept_for_the_chain_and_not_shown(filled, tmp_path):
    with filled.tampering(filled.file("medical")) as connection:
        connection.execute("UPDATE event SET ct=zeroblob(144) WHERE seq=3")

    made = salvaged(filled, tmp_path / "new")

    assert (made.entries, made.unproven) == (14, 1)
    assert "entry 3 of log" in made.missing[0].line
    assert len(everything(filled, tmp_path / "new")) == 14


def test_a_forged_entry_is_not_carried_over(filled, tmp_path):
    with filled.tampering(filled.file("medical")) as connection:
        connection.execute("UPDATE event SET sig=zeroblob(64) WHERE seq=7")

    assert salvaged(filled, tmp_path / "new").entries == 14
    assert verify(tmp_path / "new").exit_code == 0


# ------------------------------------------------------------------------------------------ refusals


def test_nothing_of_a_vault_is_told(tmp_path):
    (tmp_path / "empty").mkdir()
    with pytest.raises(VaultMissing):
        salvage(tmp_path / "empty", tmp_path / "new", entropy=os.urandom, helper=None, tell=nobody)
    assert [p.name for p in tmp_path.iterdir()] == ["empty"]


def test_a_place_that_is_taken_and_a_vault_that_is_open_are_refused(filled, tmp_path):
    with pytest.raises(InputOutput, match="exists already"):
        salvaged(filled, filled.folder)
    with filled.opened(), pytest.raises(VaultInUse):
        salvaged(filled, tmp_path / "new")
    with pytest.raises(WrongPassphrase):
        salvaged(filled, tmp_path / "new", Helper("Tess", "not the passphrase"))
    assert sorted(p.name for p in tmp_path.iterdir()) == ["vault"]


def test_without_any_roster_only_a_backup_helps(filled, tmp_path):
    for path in filled.folder.glob("*.kapdb"):
        with filled.tampering(path) as connection:
            connection.execute("PRAGMA secure_delete=ON")
            connection.execute("DELETE FROM roster")
    with pytest.raises(HeaderDamaged, match="backup"):
        salvaged(filled, tmp_path / "new")
    assert sorted(p.name for p in tmp_path.iterdir()) == ["vault"]


def test_stopped_in_the_middle_leaves_nothing(filled, tmp_path):
    def stop(*_):
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        salvage(filled.folder, tmp_path / "new", entropy=os.urandom, helper=None, tell=stop)
    assert sorted(p.name for p in tmp_path.iterdir()) == ["vault"]


@settings(max_examples=40)
@given(st.data())
def test_any_damage_gives_a_vault_that_opens_or_one_line(a_filled_one, tmp_path_factory, data):
    folder = tmp_path_factory.mktemp("any")
    shutil.copytree(a_filled_one.folder, folder / "vault")
    for path in sorted((folder / "vault").glob("*.kapdb")):
        content = bytearray(path.read_bytes())
        for _ in range(data.draw(st.integers(0, 30))):
            content[data.draw(st.integers(0, len(content) - 1))] = data.draw(st.integers(0, 255))
        path.write_bytes(content)

    try:
        made = salvage(folder / "vault", folder / "new", entropy=os.urandom, helper=None, tell=nobody)
    except KapnotesError as error:
        assert "\n" not in str(error)  # noqa: PT017
        assert not (folder / "new").exists()
    else:
        assert made.entries + made.unproven <= 15
        shutil.copytree(a_filled_one.folder, folder / "whole")
        assert everything_that_opens(a_filled_one, folder / "new") <= everything(a_filled_one, folder / "whole")


def everything_that_opens(practice, folder):
    try:
        return everything(practice, folder)
    except KapnotesError:
        return set()


# ------------------------------------------------------------------------------------- with a backup


def test_gaps_are_filled_from_a_backup_and_what_came_after_it_is_there_too(long, tmp_path):
    with long.opened("Tess") as (library, tess):
        backup = library.backups.make_as(tmp_path / "one.kapbackup", nobody).path
        long.append(library, tess, therapy_of(tess.member.member_id), Note("after the backup"))
    before = everything(long, long.folder)
    for kind in ("shared", "medical", "therapy"):
        path = long.file(kind)
        for page in range(2, path.stat().st_size // PAGE // 2):
            spoil(path, page)

    alone = salvaged(long, tmp_path / "alone")
    made = salvage(long.folder, tmp_path / "new", entropy=os.urandom, helper=None, tell=nobody, backups=[backup])

    assert alone.missing
    assert made.missing == ()
    assert everything(long, tmp_path / "new") == before
    assert verify(tmp_path / "new").exit_code == 0


def test_a_backup_brings_no_old_passphrase_back(filled, tmp_path):
    with filled.opened("Tess") as (library, tess):
        backup = library.backups.make_as(tmp_path / "one.kapbackup", nobody).path
        old = filled.passphrases["Tess"]
        library.change_passphrase(tess, old, "a new one for this very test", cost=filled.cost)

    salvage(filled.folder, tmp_path / "new", entropy=os.urandom, helper=None, tell=nobody, backups=[backup])

    library = filled.open(tmp_path / "new")
    with pytest.raises(WrongPassphrase):
        library.unlock("Tess", old)
    library.close()


def test_a_backup_of_another_vault_is_refused(filled, a_filled_one, tmp_path):
    shutil.copytree(a_filled_one.folder, tmp_path / "other")

    with pytest.raises(Tampered, match="of another vault"):
        salvage(
            filled.folder, tmp_path / "new", entropy=os.urandom, helper=None, tell=nobody, backups=[tmp_path / "other"]
        )

    assert sorted(p.name for p in tmp_path.iterdir()) == ["other", "vault"]
