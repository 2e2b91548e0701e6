"""What became of each authorization, and where each process note stands, for somebody who puts a page together.

It only tells: what may be on a page is decided by `release.released_from`, where the pages are made.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from kapnotes.domain.entries import Entry, Release, SummaryIssued
from kapnotes.domain.record import Record
from kapnotes.domain.release import in_force, is_for


class Standing(StrEnum):
    """Where one process note stands for one recipient."""

    UNASKED = "unasked"
    AUTHORIZED = "authorized"
    CHANGED = "changed"
    EXPIRED = "expired"
    REVOKED = "revoked"
    ELSEWHERE = "elsewhere"


@dataclass(frozen=True, slots=True)
class LineState:
    """Where a line stands: until when it is authorized, when it expired or was revoked, or to whom it was released."""

    standing: Standing = Standing.UNASKED
    day: date | None = None
    recipient: str = ""


@dataclass(frozen=True, slots=True)
class Given:
    """One authorization that was recorded: its entry, and the one that revoked it, if there is one."""

    entry: Entry
    release: Release
    revoked: Entry | None = None


def given(record: Record) -> list[Given]:
    """Return each authorization that *record* holds, also a revoked one, in the order in which they were recorded."""
    found: list[Given] = []
    doubtful = set(record.doubtful)
    for entry in record.entered(Release):
        if isinstance(entry.body, Release) and entry not in doubtful:
            corrections = record.corrections_of(entry.entry_id, entry.author_id)
            stands = record.stands(entry.entry_id, entry.author_id)
            found.append(Given(entry, entry.body, corrections[-1] if corrections and not stands else None))
    return found


def issued(record: Record) -> list[tuple[Entry, SummaryIssued]]:
    """Return what left the program of this session; what was logged and then not written is not among it."""
    return record.of(SummaryIssued)


def line_states(record: Record, on: date, recipient: str) -> dict[str, LineState]:
    """Return where each line stands, by its id, that an authorization ever named; of several the most useful counts.

    Raises:
        NotAuthorized: an authorization in the record is not complete.
    """
    states: dict[str, LineState] = {}
    for one in given(record):
        authorization = one.release.authorization
        ids = [line.entry_id for line in one.release.lines]
        if not is_for(authorization, recipient):
            continue
        if one.revoked is not None:
            _put(states, ids, LineState(Standing.REVOKED, one.revoked.entered.local().date()))
        elif authorization.expires_on < on:
            _put(states, ids, LineState(Standing.EXPIRED, authorization.expires_on))
        elif authorization.signed_on <= on:
            _put(states, ids, LineState(Standing.CHANGED))
    for released in in_force(record, on):
        ids = [entry.entry_id for entry in released.entries]
        if is_for(released.authorization, recipient):
            _put(states, ids, LineState(Standing.AUTHORIZED, released.authorization.expires_on))
        else:
            _put(states, ids, LineState(Standing.ELSEWHERE, recipient=released.authorization.recipient))
    return states


_RANK = {
    Standing.AUTHORIZED: 5, Standing.CHANGED: 4, Standing.REVOKED: 3, Standing.EXPIRED: 2, Standing.ELSEWHERE: 1,
    Standing.UNASKED: 0,
}  # fmt: skip


def _put(states: dict[str, LineState], ids: Iterable[str], state: LineState) -> None:
    """Let *state* count for those lines where it says more than what was found before, or the same for longer."""
    for entry_id in ids:
        known = states.get(entry_id, LineState())
        if (_RANK[state.standing], state.day or date.min) >= (_RANK[known.standing], known.day or date.min):
            states[entry_id] = state
