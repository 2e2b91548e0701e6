"""Reads rows out of the raw bytes of a damaged SQLite file, without SQLite: every page by itself, no tree, no schema.

Source: the file format as published, sqlite.org/fileformat2.html: b-tree pages (1.6), record format (2.1), overflow
pages (1.6, "cell payload overflow pages"). What a page says is only a guess: whoever uses the rows authenticates them.
Any bytes at all are read in time proportional to their length, and none raises.
"""

import struct
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

PAGE = 4096
"""SQLite's own default, which our files have."""

NUMBER: Final = -1
ANY: Final = -2

_TABLE_LEAF, _INDEX_LEAF, _INDEX_INTERIOR = 0x0D, 0x0A, 0x02
_HEADERS = {_TABLE_LEAF: 8, _INDEX_LEAF: 8, _INDEX_INTERIOR: 12}
_FIRST_PAGE_HEADER = 100
_MAX_PAYLOAD = 4 * 1024 * 1024
_OVERFLOW_SHARE = 4
"""How many times its own length of overflow may be followed in a file; an honest one needs less than one."""

_INTEGER_SIZES = {1: 1, 2: 2, 3: 3, 4: 4, 5: 6, 6: 8}
_U16, _U32 = struct.Struct(">H"), struct.Struct(">I")

Shape = tuple[int, ...]
"""What the columns of a table are: `NUMBER`, `ANY` bytes, or so many bytes."""

Value = int | bytes | None


@dataclass(frozen=True, slots=True)
class RawRow:
    """A row as it stands on a page. `rowid` is 0 in a table without one."""

    table: str
    rowid: int
    values: tuple[Value, ...]


@dataclass(frozen=True, slots=True)
class Tables:
    """Which rows are looked for: tables with a rowid, and tables without one."""

    with_rowid: dict[str, Shape]
    without_rowid: dict[str, Shape]


def rows(content: bytes, tables: Tables) -> Iterator[RawRow]:
    """Give every row that stands on any page of *content* and has the shape of one of *tables*."""
    yield from _Scan(content, tables).rows()


class _Scan:
    """One pass over one file."""

    def __init__(self, content: bytes, tables: Tables) -> None:
        self._content = content
        self._tables = tables
        self._overflow_left = _OVERFLOW_SHARE * len(content)

    def rows(self) -> Iterator[RawRow]:
        for start in range(0, len(self._content), PAGE):
            page = self._content[start : start + PAGE]
            begin = _FIRST_PAGE_HEADER if start == 0 else 0
            if len(page) > begin and page[begin] in _HEADERS:
                yield from self._page(page, begin)

    def _page(self, page: bytes, begin: int) -> Iterator[RawRow]:
        kind = page[begin]
        first = begin + _HEADERS[kind]
        if len(page) < first:
            return
        (count,) = _U16.unpack_from(page, begin + 3)
        room = PAGE
        for number in range(min(count, (len(page) - first) // 2)):
            (at,) = _U16.unpack_from(page, first + 2 * number)
            row, size = self._cell(page, at, kind)
            room -= size
            if room < 0:
                return  # cells that lie over one another: no page of SQLite's
            if row is not None:
                yield row

    def _cell(self, page: bytes, at: int, kind: int) -> tuple[RawRow | None, int]:
        """Return the row of the cell at *at*, if it is one of those looked for, and how many bytes it takes here."""
        at += 4 if kind == _INDEX_INTERIOR else 0
        length, at = _varint(page, at)
        rowid = 0
        if kind == _TABLE_LEAF:
            rowid, at = _varint(page, at)
        if not 0 < length <= _MAX_PAYLOAD or at >= len(page):
            return None, 0
        local = _local_size(length, is_table=kind == _TABLE_LEAF)
        head = page[at : at + local]
        columns = _columns(head)
        table = self._table_of(columns, length, is_table=kind == _TABLE_LEAF)
        if table is None or len(head) < local:
            return None, len(head)
        payload: bytes | None = head
        if local < length:
            payload = self._with_overflow(head, page[at + local : at + local + 4], length)
        if payload is None:
            return None, local
        return RawRow(table, rowid, _values(payload, columns)), local

    def _table_of(self, columns: list[int], length: int, *, is_table: bool) -> str | None:
        """Return the name of the table whose shape the columns have, if their sizes add up to *length*."""
        if not columns or columns[0] + sum(_size(one) for one in columns[1:]) != length:
            return None
        candidates = self._tables.with_rowid if is_table else self._tables.without_rowid
        types = columns[1:]
        return next((name for name, shape in candidates.items() if _fits(types, shape)), None)

    def _with_overflow(self, head: bytes, pointer: bytes, length: int) -> bytes | None:
        """Return the whole payload, or None where its chain of pages breaks off."""
        parts, missing = [head], length - len(head)
        self._overflow_left -= missing
        if self._overflow_left < 0 or len(pointer) < 4:
            return None
        (number,) = _U32.unpack(pointer)
        while missing > 0:
            start = (number - 1) * PAGE
            page = self._content[start : start + PAGE] if number > 1 else b""
            if len(page) < 4 + min(missing, PAGE - 4):
                return None
            parts.append(page[4 : 4 + missing])
            missing -= len(parts[-1])
            (number,) = _U32.unpack_from(page)
        return b"".join(parts)


def _varint(page: bytes, at: int) -> tuple[int, int]:
    """Return the number at *at* and where it ends; past the end of the page it is -1."""
    value = 0
    for step in range(9):
        if at >= len(page):
            return -1, at
        byte = page[at]
        at += 1
        if step == 8:
            return (value << 8) | byte, at
        value = (value << 7) | (byte & 0x7F)
        if byte < 0x80:
            break
    return value, at


def _local_size(length: int, *, is_table: bool) -> int:
    """Return how much of a payload stands on the page itself."""
    most = PAGE - 35 if is_table else (PAGE - 12) * 64 // 255 - 23
    if length <= most:
        return length
    least = (PAGE - 12) * 32 // 255 - 23
    size = least + (length - least) % (PAGE - 4)
    return size if size <= most else least


def _columns(payload: bytes) -> list[int]:
    """Return the length of a record's header, then the type of each column; empty where it is none."""
    length, at = _varint(payload, 0)
    if not 0 < length <= min(len(payload), 64):
        return []
    columns = [length]
    while at < length:
        kind, at = _varint(payload, at)
        columns.append(kind)
    return columns if at == length else []


def _size(kind: int) -> int:
    if kind >= 12:
        return (kind - 12) // 2
    return _INTEGER_SIZES.get(kind, 8 if kind == 7 else 0)


def _fits(types: list[int], shape: Shape) -> bool:
    return len(types) == len(shape) and all(_fits_one(kind, want) for kind, want in zip(types, shape, strict=True))


def _fits_one(kind: int, want: int) -> bool:
    if want == NUMBER:
        return kind in {0, 8, 9} or kind in _INTEGER_SIZES
    is_blob = kind >= 12 and kind % 2 == 0
    return is_blob and (want == ANY or _size(kind) == want)


def _values(payload: bytes, columns: list[int]) -> tuple[Value, ...]:
    values: list[Value] = []
    at = columns[0]
    for kind in columns[1:]:
        size = _size(kind)
        piece = payload[at : at + size]
        at += size
        if kind in _INTEGER_SIZES:
            values.append(int.from_bytes(piece, "big", signed=True))
        elif kind in {8, 9}:
            values.append(kind - 8)
        else:
            values.append(None if kind == 0 else piece)
    return tuple(values)
