"""What came of the earlier sessions of a course: their follow-ups, each beside the three blocks that it is about."""

from collections.abc import Iterable
from dataclasses import dataclass

from kapnotes.domain.clock import Stamp
from kapnotes.domain.entries import Block, Entry, Narrative
from kapnotes.domain.follow_up import BlockOutcome, FollowUp
from kapnotes.domain.record import Record


@dataclass(frozen=True, slots=True)
class BlockCame:
    """One of the three blocks: what was written for the summary (empty where nothing was), and what came of it."""

    block: Block
    written: str
    outcome: BlockOutcome


@dataclass(frozen=True, slots=True)
class CameOfIt:
    """One follow-up with the session that it followed.

    `session` is that session's number and `opened_at` when it began; `held_at` is when the follow-up was held, and
    `entry` its entry as it stands, which tells author and time of entering. `blocks` are all three, in their order;
    `carry` is what was to be carried to the next session, empty where that was nothing.
    """

    session: int
    opened_at: Stamp
    held_at: Stamp
    held_by: str
    entry: Entry
    follow_up: FollowUp
    blocks: tuple[BlockCame, ...]
    carry: str


def outcomes(follow_up: FollowUp) -> dict[Block, BlockOutcome]:
    """Return what came of each block, in the order in which the blocks are told."""
    return {
        Block.WORDS: follow_up.words,
        Block.SHIFTS: follow_up.shifts,
        Block.ATTENTION: follow_up.attention,
    }


def came_of_it(earlier: Iterable[Record]) -> tuple[CameOfIt, ...]:
    """Return the standing follow-ups of *earlier* sessions of a course, by session and then by when they were held.

    It is all that the page "What came of it" of the next summary needs; empty where no earlier session was followed
    up. Hand in the records of the sessions before the one that the summary is of, as their reader can read them: a
    follow-up stands with the therapist who wrote it, so another one's is not in them. Like a `Narrative` it was
    written to be handed on and needs no release; nothing else of process notes comes out of here. The blocks are those
    by the follow-up's own author where that therapist wrote any, else the newest. A session that was opened without
    its beginning being readable is left out.
    """
    found = [one for record in earlier for one in _of_session(record)]
    return tuple(sorted(found, key=lambda one: (one.session, one.opened_at.utc_ns, one.held_at.utc_ns)))


def _of_session(record: Record) -> list[CameOfIt]:
    opened, opened_at = record.opened, record.origin
    if opened is None or opened_at is None:
        return []
    return [
        CameOfIt(
            session=opened.number,
            opened_at=opened_at,
            held_at=entry.happened,
            held_by=follow_up.held_by,
            entry=entry,
            follow_up=follow_up,
            blocks=tuple(
                BlockCame(block, written_for(record, block, entry.author_id), outcome)
                for block, outcome in outcomes(follow_up).items()
            ),
            carry=follow_up.carry.strip(),
        )
        for entry, follow_up in record.of(FollowUp)
    ]


def written_for(record: Record, block: Block, author_id: str) -> str:
    """Return what that block says: the newest by *author_id*, else the newest by anybody; empty where nobody wrote."""
    written = [(entry, one) for entry, one in record.of(Narrative) if one.block is block]
    own = [one for entry, one in written if record.persons.are_one(entry.author_id, author_id)]
    newest = own[-1] if own else written[-1][1] if written else None
    return newest.text.strip() if newest is not None else ""
