"""The lines of a second place: the first names the vault, each further one is a batch of rows of one compartment.

Each line has a hash over the line before and its own body, so that a lost, moved or changed line is seen. A last line
without its end was never said to be kept, and does not count.
"""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass

import msgspec

from kapnotes.vault import strict
from kapnotes.vault.compartment_file import Row
from kapnotes.vault.directory import Directory
from kapnotes.vault.layout import Place, label
from kapnotes.vault.sealed_rows import SealedRows

FORMAT = 1


class _Head(msgspec.Struct, frozen=True):
    """The first line: which vault."""

    format: int
    vault: bytes


class _Line(msgspec.Struct, frozen=True):
    """Rows of one transaction for the compartment `comp`."""

    comp: bytes
    rows: tuple[tuple[str, tuple[int | bytes | None, ...]], ...]


@dataclass(frozen=True)
class Waiting:
    """A batch of sealed rows that waits for the file of `comp`."""

    comp: bytes
    sealed: SealedRows


@dataclass(frozen=True)
class Parsed:
    """What stands in a file of lines: what can be used, where its whole lines end, and whether something else is."""

    waiting: list[Waiting]
    length: int
    last: bytes
    is_strange: bool


def head(vault: bytes) -> bytes:
    """Return the first line of a file for *vault*."""
    return _line(strict.encoded(_Head(FORMAT, vault)), b"")


def line(comp: bytes, rows: Iterable[Row], before: bytes) -> bytes:
    """Return the line that keeps *rows* for a compartment, after the line *before*."""
    return _line(strict.encoded(_Line(comp, tuple((row.table, row.values) for row in rows))), before)


def written(vault: bytes, waiting: Iterable[Waiting]) -> bytes:
    """Return a whole file."""
    lines = [head(vault)]
    for one in waiting:
        lines.append(line(one.comp, one.sealed.stored(), lines[-1]))
    return b"".join(lines)


def parsed(content: bytes, vault: bytes, directory: Directory) -> Parsed:
    """Return what waits for *vault* in a file. What is not whole, or signed by nobody who may write there, is strange.

    So is a file of another vault. One strange line keeps no other from being used.
    """
    found: list[Waiting] = []
    before, length, is_strange = b"", 0, False
    lines = content.splitlines(keepends=True)
    for number, each in enumerate(lines):
        body = _body(each, before)
        if body is None and number == len(lines) - 1 and _is_cut_short(each, before):
            return Parsed(found, length, before, is_strange)
        one = None
        if body is not None and number > 0:
            one = _waiting(body, vault, directory)
            is_strange = is_strange or one is None
        elif body is None or strict.decoded(body, _Head) != _Head(FORMAT, vault):
            is_strange = True
        if one is not None:
            found.append(one)
        before, length = each, length + len(each)
    return Parsed(found, length, before, is_strange)


def _waiting(body: bytes, vault: bytes, directory: Directory) -> Waiting | None:
    one = strict.decoded(body, _Line)
    if one is None:
        return None
    sealed = SealedRows.of([Row(table, values) for table, values in one.rows])
    try:
        is_signed = sealed is not None and sealed.is_signed(Place(vault, one.comp), directory)
    except ValueError:  # it names no compartment
        return None
    return Waiting(one.comp, sealed) if sealed is not None and is_signed else None


def _is_cut_short(last: bytes, before: bytes) -> bool:
    """Tell whether a last line has no end, and is not just an end that was changed."""
    return not last.endswith(b"\n") and _body(last[:-1] + b"\n", before) is None


def _line(body: bytes, before: bytes) -> bytes:
    return body + b" " + _hash(body, before) + b"\n"


def _body(each: bytes, before: bytes) -> bytes | None:
    body, _, sha = each.removesuffix(b"\n").rpartition(b" ")
    return body if each.endswith(b"\n") and sha == _hash(body, before) else None


def _hash(body: bytes, before: bytes) -> bytes:
    return hashlib.sha256(label("spill") + hashlib.sha256(before).digest() + body).hexdigest().encode()
