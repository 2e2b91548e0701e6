"""A log: one member's entries of one session on one laptop, each holding the hash of the one before.

Checking a log needs no key; reading it does (`reading.py`).
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from typing import Any, cast

from kapnotes.vault.compartment_file import NUMBER, CompartmentFile, Row, has_shape
from kapnotes.vault.directory import Directory
from kapnotes.vault.findings import Finding
from kapnotes.vault.layout import KEYS_LOG, NO_ID, SUITE, Place, event_aad, event_hash, log_digest, short

_LOG_COLUMNS = "id, session, member, device, born, epoch, nonce, ref"
_LOG_SHAPE = (16, 16, 16, 16, NUMBER, NUMBER, 12, 32)
_EVENT_COLUMNS = "log, seq, flags, suite, epoch, author, nonce, ct, h, sig"
_EVENT_SHAPE = (16, NUMBER, NUMBER, NUMBER, NUMBER, 16, 12, -2, 32, 64)


@dataclass(frozen=True, slots=True)
class Log:
    """What a log is about. `ref` is the patient's id, wrapped under the compartment's key."""

    id: bytes
    session: bytes
    member: bytes
    device: bytes
    born: int
    epoch: int
    nonce: bytes
    ref: bytes

    def digest(self, place: Place) -> bytes:
        """Return what stands before the first entry."""
        return log_digest(place, self.session, self.member, self.device, self.born)

    def row(self) -> Row:
        """Return the log as it is stored."""
        values = (self.id, self.session, self.member, self.device, self.born, self.epoch, self.nonce, self.ref)
        return Row("log", values)

    @classmethod
    def of(cls, row: Row) -> "Log | None":
        """Return the log that *row* is, or None if it is none."""
        return cls(*cast(Any, row.values)) if _is_of_shape(row.values, _LOG_SHAPE) else None


@dataclass(frozen=True, slots=True)
class Event:
    """One entry as it is stored: sealed, chained and signed."""

    log: bytes
    seq: int
    flags: int
    suite: int
    epoch: int
    author: bytes
    nonce: bytes
    ct: bytes
    h: bytes
    sig: bytes

    def aad(self, place: Place, previous: bytes) -> bytes:
        """Return what this event authenticates if it stands after *previous*."""
        return event_aad(place, self.suite, self.flags, self.epoch, self.log, self.seq, self.author, previous=previous)

    def standing_at(self, log: bytes, seq: int) -> "Event":
        """Return the same event as if it stood elsewhere."""
        return replace(self, log=log, seq=seq)

    def row(self) -> Row:
        """Return the event as it is stored."""
        named = (self.log, self.seq, self.flags, self.suite, self.epoch, self.author, self.nonce)
        return Row("event", (None, *named, self.ct, self.h, self.sig))

    @classmethod
    def of(cls, row: Row) -> "Event | None":
        """Return the event that *row* is, or None if it is none."""
        values = row.values[1:]
        is_event = row.values[:1] == (None,) and _is_of_shape(values, _EVENT_SHAPE)
        return cls(*cast(Any, values)) if is_event else None

    def is_signed(self, directory: Directory) -> bool:
        """Tell whether the author, a member, signed the stored hash."""
        return directory.has_signed(self.author, "event", self.h, self.sig)


@dataclass(frozen=True, slots=True)
class Link:
    """An event at its place in the chain; it `is_whole` if its hash is that of its content at this very place."""

    event: Event
    aad: bytes
    is_whole: bool


def all_logs(file: CompartmentFile) -> Iterator[Log]:
    """Return every log in the order in which they were begun."""
    sql = f"SELECT {_LOG_COLUMNS} FROM log ORDER BY rowid"  # noqa: S608
    return (Log(*row) for row in file.rows(sql, _LOG_SHAPE))


def logs_of(file: CompartmentFile, session: bytes) -> list[Log]:
    """Return the logs of one session."""
    sql = f"SELECT {_LOG_COLUMNS} FROM log WHERE session=? ORDER BY rowid"  # noqa: S608
    return [Log(*row) for row in file.rows(sql, _LOG_SHAPE, (session,))]


def logs_by(file: CompartmentFile, member: bytes) -> Iterator[Log]:
    """Return the logs of one member, whatever they are about."""
    sql = f"SELECT {_LOG_COLUMNS} FROM log WHERE member=? ORDER BY rowid"  # noqa: S608
    return (Log(*row) for row in file.rows(sql, _LOG_SHAPE, (member,)))


def first_logs(file: CompartmentFile, *, newest_first: bool, limit: int | None) -> Iterator[Log]:
    """Return the log that began each session (none of the vault's own); stops by itself at *limit*."""
    order = "DESC" if newest_first else "ASC"
    sql = f"""SELECT {_LOG_COLUMNS} FROM log WHERE session NOT IN (?, ?) AND NOT EXISTS (
        SELECT 1 FROM log AS earlier WHERE earlier.session=log.session AND earlier.rowid<log.rowid)
        ORDER BY rowid {order} LIMIT ?"""  # noqa: S608
    values = (NO_ID, KEYS_LOG, -1 if limit is None else limit)
    return (Log(*row) for row in file.rows(sql, _LOG_SHAPE, values))


def find_log(file: CompartmentFile, log: bytes) -> Log | None:
    """Return the log of that id, if it was begun."""
    sql = f"SELECT {_LOG_COLUMNS} FROM log WHERE id=?"  # noqa: S608
    return next((Log(*row) for row in file.rows(sql, _LOG_SHAPE, (log,))), None)


def last_events(file: CompartmentFile, log: bytes) -> list[Event]:
    """Return the last event of a log and the one before it, newest first, as far as there are any."""
    sql = f"SELECT {_EVENT_COLUMNS} FROM event WHERE log=? ORDER BY seq DESC LIMIT 2"  # noqa: S608
    return [Event(*row) for row in file.rows(sql, _EVENT_SHAPE, (log,))]


def unmarked_after(file: CompartmentFile, log: bytes, seq: int) -> list[int]:
    """Return the numbers of a log's entries after *seq* that do not bear the amendment mark."""
    sql = "SELECT seq FROM event WHERE log=? AND seq>? AND flags&1=0 ORDER BY seq"
    return [number for (number,) in file.rows(sql, (NUMBER,), (log, seq))]


def has_marked(file: CompartmentFile, log: bytes) -> bool:
    """Tell whether an entry of a log bears the amendment mark, as a sign-off does."""
    sql = "SELECT seq FROM event WHERE log=? AND flags&1=1 LIMIT 1"
    return any(True for _ in file.rows(sql, (NUMBER,), (log,)))


def newest_row(file: CompartmentFile) -> int:
    """Return the row number of the newest event, zero where there is none."""
    return next((number for (number,) in file.rows("SELECT id FROM event ORDER BY id DESC LIMIT 1", (NUMBER,))), 0)


def row_of(file: CompartmentFile, log: bytes, seq: int) -> int:
    """Return the row number of one entry, zero where it is not there."""
    sql = "SELECT id FROM event WHERE log=? AND seq=?"
    return next((number for (number,) in file.rows(sql, (NUMBER,), (log, seq))), 0)


def marked_events(file: CompartmentFile, first: int, before: int, limit: int) -> list[tuple[int, Event]]:
    """Return the newest events in rows *first* up to *before* that bear the amendment mark, each with its row number.

    The newest comes first; row *before* is not among them.
    """
    sql = f"SELECT id, {_EVENT_COLUMNS} FROM event WHERE flags&1=1 AND id>=? AND id<? ORDER BY id DESC LIMIT ?"  # noqa: S608
    rows = file.rows(sql, (NUMBER, *_EVENT_SHAPE), (first, before, limit))
    return [(number, Event(*row)) for number, *row in rows]


def event_hashes(file: CompartmentFile, log: bytes, seq: int) -> list[bytes]:
    """Return the hash of one entry of a log; nothing where it is not there."""
    return [h for (h,) in file.rows("SELECT h FROM event WHERE log=? AND seq=?", (32,), (log, seq))]


def newest_event(file: CompartmentFile) -> Event | None:
    """Return the event that was written last, whatever its log."""
    sql = f"SELECT {_EVENT_COLUMNS} FROM event ORDER BY id DESC LIMIT 1"  # noqa: S608
    return next((Event(*row) for row in file.rows(sql, _EVENT_SHAPE)), None)


def find_event(file: CompartmentFile, log: bytes, seq: int) -> Event | None:
    """Return the event of that number, if it is there."""
    sql = f"SELECT {_EVENT_COLUMNS} FROM event WHERE log=? AND seq=?"  # noqa: S608
    return next((Event(*row) for row in file.rows(sql, _EVENT_SHAPE, (log, seq))), None)


def newest_heads(file: CompartmentFile, *, born_before: int) -> Iterator[tuple[bytes, int, bytes]]:
    """Return id, last number and hash of each log that was begun under a key older than that epoch, by id."""
    sql = """SELECT log.id, event.seq, event.h FROM log JOIN event ON event.log=log.id
        AND event.seq=(SELECT MAX(last.seq) FROM event AS last WHERE last.log=log.id)
        WHERE log.born<? ORDER BY log.id"""
    return file.rows(sql, (16, NUMBER, 32), (born_before,))


def walk(file: CompartmentFile, place: Place, log: Log) -> Iterator[Link | Finding]:
    """Follow a log from its first entry: a link for every event, whole or not, and a finding for every gap."""
    seq, previous = 0, log.digest(place)
    for row in _event_rows(file, log):
        event = _event(row)
        if event is None:
            line = f"{file.name} is damaged at entry {seq + 1} of log {short(log.id)}."
            yield Finding(file.name, 1, line)
            seq += 1
            continue
        if event.seq != seq + 1:
            yield Finding(file.name, 2, f"{file.name} lacks {_missing(seq + 1, event.seq)} of log {short(log.id)}.")
        aad = event.aad(place, previous)
        yield Link(event, aad, is_whole=event.suite == SUITE and event_hash(aad, event.nonce, event.ct) == event.h)
        seq, previous = event.seq, event.h


def heads(file: CompartmentFile, place: Place) -> Iterator[tuple[bytes, int, bytes]]:
    """Return log, number and hash of all that an entry can follow: every entry, and the beginning of every log."""
    yield from ((log.id, 0, log.digest(place)) for log in all_logs(file))
    yield from file.rows("SELECT log, seq, h FROM event", (16, NUMBER, 32))


def orphans(file: CompartmentFile) -> list[tuple[bytes, int]]:
    """Return log and number of the entries whose log is not there."""
    sql = "SELECT log, seq FROM event WHERE log NOT IN (SELECT id FROM log) ORDER BY id"
    return [(log, seq) for log, seq in file.rows(sql, (16, NUMBER))]


def signature_finding(name: str, link: Link, log: Log, directory: Directory) -> Finding | None:
    """Return what is wrong with who wrote a whole link, if anything."""
    event = link.event
    if event.author != log.member or not event.is_signed(directory):
        return Finding(name, 2, f"{name} entry {event.seq} of log {short(log.id)} is not signed by its author.")
    return None


def _event_rows(file: CompartmentFile, log: Log) -> Iterable[tuple[Any, ...]]:
    return file.raw_rows(f"SELECT {_EVENT_COLUMNS} FROM event WHERE log=? ORDER BY seq", (log.id,))  # noqa: S608


def _event(row: tuple[Any, ...]) -> Event | None:
    return Event(*row) if has_shape(row, _EVENT_SHAPE) else None


def _missing(first: int, following: int) -> str:
    return f"entry {first}" if following == first + 1 else f"entries {first} to {following - 1}"


def _is_of_shape(values: tuple[object, ...], shape: tuple[int, ...]) -> bool:
    return len(values) == len(shape) and has_shape(values, shape)
