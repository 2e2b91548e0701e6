"""One byte changed anywhere, a file cut, emptied or exchanged: verify says so, in one line that names the file."""

# ruff: noqa: S311 - dice choose what is broken, no secret

import os
import random
import shutil
import sqlite3
import struct

import pytest

from kapnotes.domain.errors import VaultError, WrongPassphrase

PER_FILE = 20
"""How many bytes of a big file are tried, beside those that have a meaning of their own."""

PARTS = 6
"""Of the closing record another sixth of all bytes at each run; `make fault` flips every bit of it."""

KINDS = ("shared", "medical", "therapy")


def path_of(played, kind):
    (path,) = played.vault.glob(f"{kind}*.kapdb")
    return path


def telling_offsets(content):
    """Return offsets that mean something to SQLite: its header, page headers, cell pointers, free space, both ends."""
    size = struct.unpack_from(">H", content, 16)[0]
    pages = range(0, len(content), size)
    found = {0, 15, 16, 18, 19, 24, 27, 28, 31, 35, 39, 40, 43, 44, 47, 56, 60, 63, 68, 71, 92, 95, 96, 99}
    found |= {len(content) - 1, size - 1, size, len(content) - size}
    for page in random.sample(pages, min(2, len(pages))):
        head = page + (100 if page == 0 else 0)
        found |= {head, head + 1, head + 3, head + 5, head + 7, head + 8, head + 9}
        cells = struct.unpack_from(">H", content, head + 3)[0]
        begins = struct.unpack_from(">H", content, head + 5)[0]
        free = head + (8 if content[head] in {10, 13} else 12) + 2 * cells
        if free < page + begins:
            found.add(random.randrange(free, page + begins))
    return sorted(offset for offset in found if offset < len(content))


def flip(path, content, offset):
    """Change one bit of one byte of the file."""
    with path.open("r+b") as file:
        file.seek(offset)
        file.write(bytes([content[offset] ^ 1 << random.randrange(8)]))


def see_that_each_is_told(played, path, offsets, *who):
    content = path.read_bytes()
    untold = []
    for offset in offsets:
        flip(path, content, offset)
        lines, code = played.check(*who)
        if code == 0 or len(lines) != 1 or path.name not in lines[0]:
            untold.append((offset, code, lines))
        with path.open("r+b") as file:
            file.seek(offset)
            file.write(content[offset : offset + 1])
    assert untold == []
    assert played.check()[1] == 0


# --------------------------------------------------------------------------------------------- one byte


def test_every_byte_of_the_closing_record_counts(small):
    path = small.vault / "closing"

    see_that_each_is_told(small, path, range(random.randrange(PARTS), path.stat().st_size, PARTS))


@pytest.mark.parametrize("kind", KINDS)
def test_a_changed_byte_is_told_in_one_line_that_names_the_file(played, kind):
    path = path_of(played, kind)
    offsets = random.sample(range(path.stat().st_size), PER_FILE)

    see_that_each_is_told(played, path, offsets)


@pytest.mark.parametrize("kind", KINDS)
def test_a_changed_byte_of_what_holds_the_file_together_is_told_as_well(played, kind):
    path = path_of(played, kind)

    see_that_each_is_told(played, path, telling_offsets(path.read_bytes()))


@pytest.mark.parametrize("kind", KINDS)
def test_a_changed_byte_is_told_to_one_who_has_a_passphrase(played, kind):
    path = path_of(played, kind)
    offsets = random.sample(range(path.stat().st_size), PER_FILE // 2)

    see_that_each_is_told(played, path, offsets, played.therapist)


def test_every_file_of_the_vault_was_tried(played):
    names = {path.name for path in played.files()}

    assert names == {"closing", *(path_of(played, kind).name for kind in KINDS)}


@pytest.mark.parametrize("kind", ["closing", *KINDS])
def test_the_command_tells_a_changed_byte_in_one_line(played, kapnotes, kind):
    path = played.vault / kind if kind == "closing" else path_of(played, kind)
    content = path.read_bytes()
    for offset in random.sample(range(len(content)), 3):
        flip(path, content, offset)

        said = kapnotes("verify", played.vault)

        path.write_bytes(content)
        assert said.code != 0
        assert said.out == ""
        assert said.err.count("\n") == 1
        assert path.name in said.err


# ----------------------------------------------------------------------------------------- a whole file


def empty(path):
    path.write_bytes(b"")


def cut_to_half(path):
    os.truncate(path, path.stat().st_size // 2)


def cut_by_one_byte(path):
    os.truncate(path, path.stat().st_size - 1)


def cut_to_one_byte(path):
    os.truncate(path, 1)


def lengthen(path):
    with path.open("ab") as file:
        file.write(b"\0")


def fill_with_noise(path):
    path.write_bytes(os.urandom(path.stat().st_size))


def fill_with_zeros(path):
    path.write_bytes(bytes(path.stat().st_size))


def put_noise_behind_the_head(path):
    content = path.read_bytes()
    path.write_bytes(content[:100] + os.urandom(len(content) - 100))


def put_text(path):
    path.write_text("this is not the file you are looking for\n", encoding="utf-8")


def put_another_database(path):
    path.unlink()
    with sqlite3.connect(path) as connection:
        connection.execute("CREATE TABLE log(id BLOB)")
    connection.close()


def put_a_folder(path):
    path.unlink()
    path.mkdir()


def put_a_pipe(path):
    path.unlink()
    os.mkfifo(path)


def put_a_link_to_itself(path):
    path.unlink()
    path.symlink_to(path.name)


def remove(path):
    path.unlink()


CHANGES = (
    empty,
    cut_to_half,
    cut_by_one_byte,
    cut_to_one_byte,
    lengthen,
    fill_with_noise,
    fill_with_zeros,
    put_noise_behind_the_head,
    put_text,
    put_another_database,
    put_a_folder,
    put_a_pipe,
    put_a_link_to_itself,
    remove,
)


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("change", CHANGES, ids=lambda change: change.__name__)
def test_a_file_that_is_no_longer_itself_is_told_in_one_line(played, kind, change):
    path = path_of(played, kind)
    change(path)

    lines, code = played.check()

    assert code in {1, 2, 5}
    assert [line for line in lines if path.name in line] == lines
    assert len(lines) == 1


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("change", CHANGES, ids=lambda change: change.__name__)
def test_a_vault_with_such_a_file_opens_with_all_its_entries_or_says_in_one_line_why_not(played, kind, change):
    change(path_of(played, kind))

    try:
        found, findings = played.read()
    except VaultError as error:
        found, findings = set(), [error]

    if findings:
        assert [found for found in findings if "\n" in str(found)] == []
        assert {getattr(found, "code", None) or found.exit_code for found in findings} <= {1, 2, 5}
    else:
        assert set(played.said) <= found


@pytest.mark.parametrize("change", [one for one in CHANGES if one is not remove], ids=lambda one: one.__name__)
def test_a_closing_record_that_is_no_longer_itself_is_told_in_one_line(played, change):
    change(played.vault / "closing")

    lines, code = played.check()

    assert code in {1, 5}
    assert len(lines) == 1
    assert "closing" in lines[0]


def test_a_closing_record_that_is_gone_is_no_fault_and_the_next_close_writes_it_again(played):
    (played.vault / "closing").unlink()
    assert played.check() == ([f"The vault is whole: {played.count()} entries, contents and sign-offs not read."], 0)

    played.ids()

    assert (played.vault / "closing").exists()
    assert played.check()[1] == 0


def test_two_files_in_each_others_place_are_told(played):
    shared, medical = (path_of(played, kind) for kind in ("shared", "medical"))
    other = played.vault / "other"
    shared.rename(other)
    medical.rename(shared)
    other.rename(medical)

    lines, code = played.check()

    assert code != 0
    assert all(shared.name in line or medical.name in line for line in lines)


@pytest.mark.parametrize("kind", KINDS)
def test_a_file_of_another_vault_is_told(played, small, kind):
    path = path_of(played, kind)
    foreign = next(small.vault.glob("therapy*.kapdb" if kind == "therapy" else "shared.kapdb"))
    shutil.copyfile(foreign, path)

    lines, code = played.check()

    assert code != 0
    assert any(path.name in line for line in lines)


@pytest.mark.parametrize("name", ["shared.kapdb-journal", "medical.kapdb-journal", "visitor.kapdb"])
def test_a_file_that_was_put_there_is_told(played, name):
    (played.vault / name).write_bytes(os.urandom(2000))

    lines, code = played.check()

    assert code in {2, 5}
    assert any(name in line for line in lines)


# ---------------------------------------------------------------- wrong passphrase and damage, told apart


def test_a_wrong_passphrase_is_a_wrong_passphrase_and_damages_nothing(played):
    lines, code = played.check(played.therapist, "not the passphrase at all")

    assert (len(lines), code) == (1, 4)
    assert "Not the passphrase of Demo Therapist, LCSW." in lines[0]
    assert played.check(played.therapist)[1] == 0


@pytest.mark.parametrize("near", ["", " ", "x", "upper", "cut"])
def test_a_passphrase_that_is_nearly_right_is_wrong(played, near):
    right = played.passphrase(played.crna)
    wrong = {"upper": right.upper(), "cut": right[:-1]}.get(near, right + near) if near else ""

    assert played.check(played.crna, wrong)[1] == 4


def test_damage_is_never_taken_for_a_wrong_passphrase(played):
    """Whatever byte of the key header changes, the right passphrase opens the vault or the damage is named."""
    path = path_of(played, "shared")
    content = path.read_bytes()
    slots = [at for at in range(len(content)) if content.startswith(b'"argon2id"', at)]
    rosters = [at for at in range(len(content)) if content.startswith(played.crna.encode(), at)]
    assert slots
    assert rosters
    offsets = {at + random.randrange(-120, 400) for at in slots + rosters for _ in range(12)}
    told = []
    for offset in sorted(offset for offset in offsets if 0 <= offset < len(content)):
        flip(path, content, offset)
        try:
            with played.opened() as library:
                library.unlock(played.crna, played.passphrase(played.crna))
        except VaultError as error:
            told.append(error)
        path.write_bytes(content)
    assert [error for error in told if isinstance(error, WrongPassphrase) or error.exit_code not in {1, 2}] == []


def test_a_vault_whose_key_header_is_damaged_in_every_copy_says_damaged_also_to_a_wrong_passphrase(small):
    for path in small.vault.glob("*.kapdb"):
        content = bytearray(path.read_bytes())
        for at in range(len(content)):
            if content.startswith(b'"kcv"', at):
                content[at + 9] ^= 1
        path.write_bytes(content)
    (small.vault / "closing").unlink()

    for passphrase in (small.passphrase(small.therapist), "not the passphrase at all"):
        lines, code = small.check(small.therapist, passphrase)
        assert code == 1
        assert not any("passphrase of" in line for line in lines if "Not the" in line)
