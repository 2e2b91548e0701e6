"""Verifying logs without a key: chains, signatures, authors, epochs; what was moved is looked for elsewhere."""

import contextlib
import os
from concurrent.futures import ThreadPoolExecutor

from kapnotes.domain.errors import VaultError
from kapnotes.domain.members import Compartment, may_write
from kapnotes.vault.chain import Event, Link, Log, all_logs, heads, orphans, signature_finding, walk
from kapnotes.vault.directory import Directory
from kapnotes.vault.findings import Finding
from kapnotes.vault.layout import compartment_of, event_hash, short
from kapnotes.vault.reading import damage_finding, log_finding
from kapnotes.vault.verify_notes import Checked, Notes, known_epochs

_MAX_SEARCHES = 20
"""How many broken entries are looked up elsewhere: each search reads all logs."""

_AT_ONCE = 1000
_WORKERS = os.cpu_count() or 1
_FEW = 32
"""So many signatures are checked sooner than a thread is started."""


class LogCheck:
    """Checks the logs of each file; *pool* shares the signatures among the cores."""

    def __init__(self, notes: Notes, directory: Directory, every: list[Checked], pool: ThreadPoolExecutor) -> None:
        self._notes = notes
        self._directory = directory
        self._every = every
        self._pool = pool
        self._searches = 0

    def check(self, checked: Checked) -> None:
        """Check all logs of one file."""
        name, notes = checked.name, self._notes
        epochs = known_epochs(self._every, checked.place)
        for log in list(all_logs(checked.file)):
            with notes.noting(name):
                self._log(checked, log, epochs)
        for log_id, seq in orphans(checked.file):
            notes.note(name, 2, f"{name} entry {seq} of log {short(log_id)} belongs to no log: someone changed it.")

    def _log(self, checked: Checked, log: Log, epochs: set[int]) -> None:
        name, notes = checked.name, self._notes
        notes.keep(log_finding(name, log, checked.place))
        if not {log.born, log.epoch} <= epochs:
            notes.note(name, 2, f"{name}: log {short(log.id)} is of an epoch that nobody knows.")
        whole: list[Link] = []
        compartment = compartment_of(checked.place.comp)
        for step in walk(checked.file, checked.place, log):
            if isinstance(step, Finding):
                notes.keep(step)
            elif not step.is_whole:
                notes.keep(self._moved(checked, step) or damage_finding(name, step))
            else:
                self._author(name, step, compartment, epochs, log.born)
                whole.append(step)
                if len(whole) == _AT_ONCE:
                    self._signatures(name, whole, log)
                    whole = []
        self._signatures(name, whole, log)

    def _signatures(self, name: str, links: list[Link], log: Log) -> None:
        """Check many signatures on all cores; it is nearly all of the time that a verification takes."""
        self._notes.heed()
        self._notes.entries += len(links)

        def findings(part: list[Link]) -> list[Finding | None]:
            return [signature_finding(name, link, log, self._directory) for link in part]

        parts = [links[start::_WORKERS] for start in range(_WORKERS)]
        for found in self._pool.map(findings, parts) if len(links) > _FEW else [findings(links)]:
            for finding in found:
                self._notes.keep(finding)

    def _author(self, name: str, link: Link, compartment: Compartment, epochs: set[int], born: int) -> None:
        """See that the author may write here by the roster; of contents nothing is known without a key."""
        event = link.event
        author = self._directory.author(event.author)
        if author is not None and not may_write(author, compartment):
            where = f"{name} entry {event.seq} of log {short(event.log)}"
            self._notes.note(name, 2, f"{where} is by {author.label}, who may not write it there.")
        if event.epoch not in epochs:
            where = f"{name} entry {event.seq} of log {short(event.log)}"
            self._notes.note(name, 2, f"{where} is of an epoch that nobody knows.")
        elif event.epoch != born:
            where = f"{name} entry {event.seq} of log {short(event.log)}"
            self._notes.note(name, 2, f"{where} is of another epoch than its log.")

    def _moved(self, checked: Checked, link: Link) -> Finding | None:
        """Return a finding if a broken link is whole elsewhere, so that it was moved or copied, not damaged."""
        if self._searches >= _MAX_SEARCHES:
            return None
        self._searches += 1
        event, name = link.event, checked.name
        for other in self._every:
            place = None
            with contextlib.suppress(VaultError):
                place = _place_of(event, other)
            if place is not None:
                log, seq = place
                line = f"{name} entry {event.seq} of log {short(event.log)} does not belong there: it was written as "
                return Finding(name, 2, f"{line}entry {seq} of log {short(log)} of {other.name}.")
        return None


def _place_of(event: Event, checked: Checked) -> tuple[bytes, int] | None:
    """Return log and number under which *event* was written, if its predecessor still stands in *checked*."""
    for log, seq, h in heads(checked.file, checked.place):
        if event_hash(event.standing_at(log, seq + 1).aad(checked.place, h), event.nonce, event.ct) == event.h:
            return log, seq + 1
    return None
