"""Where a log goes on: its end in the file or among rows that wait, and that what is to be written follows it."""

from collections.abc import Sequence

from kapnotes.vault.batch import Batch, Tail
from kapnotes.vault.chain import find_event, find_log, last_events
from kapnotes.vault.compartment_file import CompartmentFile, Row
from kapnotes.vault.faults import damaged
from kapnotes.vault.keyring import CompartmentKeys
from kapnotes.vault.layout import Place, event_hash, short


def missing_rows(file: CompartmentFile, place: Place, batches: Sequence[Batch]) -> list[Row]:
    """Return the rows that do not stand in the file, after seeing that they follow what does."""
    rows: list[Row] = []
    ends: dict[bytes, bytes] = {}
    for batch in batches:
        last = batch.events[-1]
        there = find_event(file, last.log, last.seq)
        if there is None or there.h != last.h:
            _see_that_it_follows(file, place, batch, ends)
            rows += batch.rows
        ends.update({event.log: event.h for event in batch.events})
    return rows


def _see_that_it_follows(file: CompartmentFile, place: Place, batch: Batch, ends: dict[bytes, bytes]) -> None:
    ends = dict(ends)
    for event in batch.events:
        if event.log not in ends:
            newest = last_events(file, event.log)
            log = batch.logs.get(event.log) or find_log(file, event.log)
            ends[event.log] = newest[0].h if newest else log.digest(place) if log else b""
        previous = ends[event.log]
        if not previous or event_hash(event.aad(place, previous), event.nonce, event.ct) != event.h:
            raise damaged(file.name, f"at the end of log {short(event.log)}")
        ends[event.log] = event.h


def tail_waiting(file: CompartmentFile, waiting: Sequence[Batch], keys: CompartmentKeys, log_id: bytes) -> Tail | None:
    """Return where a log ends among the rows that an earlier run left waiting."""
    events = [event for batch in waiting for event in batch.events if event.log == log_id]
    if not events:
        return None
    begun = (batch.logs[log_id] for batch in waiting if log_id in batch.logs)
    log = next(begun, None) or find_log(file, log_id)
    patient = keys.unwrap_ref(log) if log is not None else None
    if patient is None:
        raise damaged(file.name, f"at the head of log {short(log_id)}")
    return Tail(patient, events[-1].seq, events[-1].h)


def tail_on_disk(file: CompartmentFile, keys: CompartmentKeys, log_id: bytes) -> Tail | None:
    """Return where a log ends, after checking its last entry; None if it was never begun."""
    log = find_log(file, log_id)
    if log is None:
        return None
    patient = keys.unwrap_ref(log)
    if patient is None:
        raise damaged(file.name, f"at the head of log {short(log_id)}")
    newest = last_events(file, log_id)
    if not newest:
        return Tail(patient, 0, log.digest(keys.place))
    last = newest[0]
    previous = newest[1].h if len(newest) > 1 else log.digest(keys.place)
    if event_hash(last.aad(keys.place, previous), last.nonce, last.ct) != last.h:
        raise damaged(file.name, f"at entry {last.seq} of log {short(log_id)}")
    return Tail(patient, last.seq, last.h)
