"""Rows out of raw pages: all that SQLite wrote is found, and no bytes at all make the reader fall or hang."""

import sqlite3

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kapnotes.vault import btree, schema
from kapnotes.vault.btree import ANY, NUMBER, PAGE, Tables
from kapnotes.vault.salvage_rows import TABLES

SIMPLE = Tables({"note": (NUMBER, 16, ANY)}, {"key": (16, NUMBER, ANY)})


def made(path, notes, keys=()):
    with sqlite3.connect(path) as connection:
        connection.execute("CREATE TABLE note(id INTEGER PRIMARY KEY, who BLOB, what BLOB) STRICT")
        connection.execute("CREATE TABLE key(who BLOB, n INTEGER, what BLOB, PRIMARY KEY(who,n)) STRICT, WITHOUT ROWID")
        connection.executemany("INSERT INTO note VALUES(?,?,?)", notes)
        connection.executemany("INSERT INTO key VALUES(?,?,?)", keys)
    connection.close()
    return path.read_bytes()


def notes_in(content):
    return sorted((row.rowid, *row.values[1:]) for row in btree.rows(content, SIMPLE) if row.table == "note")


def keys_in(content):
    return sorted(row.values for row in btree.rows(content, SIMPLE) if row.table == "key")


blobs = st.integers(0, 20_000).map(lambda length: bytes([length % 251]) * length)
numbers = st.integers(-(2**63), 2**63 - 1)
ids = st.binary(min_size=16, max_size=16)


@settings(max_examples=40)
@given(
    st.lists(st.tuples(st.integers(1, 2**62), ids, blobs), max_size=30, unique_by=lambda row: row[0]),
    st.lists(st.tuples(ids, numbers, blobs), max_size=30, unique_by=lambda row: row[:2]),
)
def test_every_row_that_sqlite_wrote_is_found(tmp_path_factory, notes, keys):
    content = made(tmp_path_factory.mktemp("made") / "x.db", notes, keys)

    assert notes_in(content) == sorted(notes)
    assert set(keys_in(content)) == set(keys)


def test_rows_on_inner_pages_of_an_index_are_found_too(tmp_path):
    keys = [(bytes([number % 256, number // 256]) * 8, number, b"x" * 300) for number in range(2000)]

    assert keys_in(made(tmp_path / "x.db", [], keys)) == sorted(keys)


@pytest.mark.parametrize("gone", [1, 2, 3])
def test_a_lost_page_costs_what_stood_on_it(tmp_path, gone):
    notes = [(number, b"w" * 16, bytes(500)) for number in range(1, 400)]
    content = made(tmp_path / "x.db", notes)
    lost = content[: (gone - 1) * PAGE] + b"\xa5" * PAGE + content[gone * PAGE :]

    found = notes_in(lost)

    assert set(found) <= set(notes)
    assert len(notes) - len(found) <= PAGE // 500


def test_a_long_row_is_found_whole_or_not_at_all(tmp_path):
    notes = [(1, b"w" * 16, bytes(range(256)) * 200), (2, b"w" * 16, b"short")]
    content = made(tmp_path / "x.db", notes)

    for cut in range(PAGE, len(content), PAGE):
        assert set(notes_in(content[:cut])) <= set(notes)


@given(st.binary(max_size=3 * PAGE), st.sampled_from([0x0D, 0x0A, 0x02]))
def test_any_bytes_are_read_to_their_end(content, kind):
    for bytes_ in (content, bytes([kind]) + content, bytes(100) + bytes([kind]) + content):
        for row in btree.rows(bytes_, TABLES):
            assert row.table in TABLES.with_rowid | TABLES.without_rowid


@given(st.data())
def test_flipped_bytes_of_a_file_never_make_it_fall(tmp_path_factory, data):
    notes = [(number, b"w" * 16, bytes(300 * number)) for number in range(1, 20)]
    content = bytearray(made(tmp_path_factory.mktemp("flipped") / "x.db", notes))
    for _ in range(data.draw(st.integers(1, 20))):
        content[data.draw(st.integers(0, len(content) - 1))] = data.draw(st.integers(0, 255))

    for row in btree.rows(bytes(content), SIMPLE):
        assert len(row.values) == 3


def test_a_page_whose_cells_all_claim_the_whole_file_ends_soon():
    """Two thousand cells on each of many pages, each the same long row: an honest page has no room for that."""
    length, columns = 3_000_000, b"\x06\x00\x2c" + b"\x82\xee\x9b\x14"
    page = bytearray(PAGE)
    page[0] = 0x0D
    page[3:5] = (2000).to_bytes(2, "big")
    cell = 4050
    for number in range(2000):
        page[8 + 2 * number : 10 + 2 * number] = cell.to_bytes(2, "big")
    head = b"\x81\xb7\x8d\x40\x01" + columns
    page[cell : cell + len(head)] = head
    content = bytes(page) * 3000

    assert length
    assert list(btree.rows(content, SIMPLE)) == []


def test_what_is_looked_for_has_the_columns_of_the_schema():
    connection = sqlite3.connect(":memory:", isolation_level=None)
    schema.create(connection)
    tables = [name for (name,) in connection.execute("SELECT name FROM sqlite_schema WHERE type='table'")]
    shapes = TABLES.with_rowid | TABLES.without_rowid

    looked_for = {name.removesuffix("_a").removesuffix("_b") for name in tables} | {"place"}
    assert looked_for == set(shapes)
    for name in tables:
        columns = connection.execute(f"PRAGMA table_info({name})").fetchall()
        shape = shapes[name.removesuffix("_a").removesuffix("_b")]
        assert [kind for _, _, kind, *_ in columns] == ["INTEGER" if one == NUMBER else "BLOB" for one in shape], name
    connection.close()
