"""Silent signals between the clinicians of a session: which of them wait, which were seen, by whom and when."""

from collections.abc import Callable
from dataclasses import dataclass

from kapnotes.domain.around import SignalSeen
from kapnotes.domain.clock import Stamp
from kapnotes.domain.entries import Entry, Signal
from kapnotes.domain.record import Record

COME, BP, NOT_NOW, IN_TWO, AWARE, SAFETY = "come", "bp", "not_now", "in_two", "aware", "safety"

MEANINGS = (COME, BP, NOT_NOW, IN_TWO, AWARE)
"""What has a key of its own, in the order of the keys; a codebook may send further ones (`safety`)."""

ANSWERS = frozenset({NOT_NOW, IN_TWO, AWARE})
"""Sent while a signal waits, these answer it: what was answered was seen."""

SEEN_SHOWN_S = 300.0
"""For so long the sender is shown that a signal was seen."""


@dataclass(frozen=True, slots=True)
class Sent:
    """One signal: `seen_by` is whoever else saw it first, `answer` the meaning that came back with that, or empty."""

    entry: Entry
    meaning: str
    seen_at: Stamp | None = None
    seen_by: str = ""
    answer: str = ""
    is_last_word: bool = False
    """Whether it is an "aware" that answers another signal: then nobody has to answer back."""


def sent_signals(record: Record) -> tuple[Sent, ...]:
    """Return the signals that stand, oldest first; the same for every order in which the entries came.

    A signal is known by its author and id; nobody sees an own one. `SignalSeen` names the id alone, so it speaks of
    everybody else's signals of that id: ids are random, only malice makes two alike.
    """
    began = record.persons.began
    order = _order(record)
    in_order = sorted(record.of(Signal), key=lambda one: order(one[0]))
    signals = [(entry, body, (began(entry.author_id), entry.happened)) for entry, body in in_order]
    authors_of: dict[str, set[str]] = {}
    for entry, _, (author, _) in signals:
        authors_of.setdefault(entry.entry_id, set()).add(author)
    seen: dict[str, list[Entry]] = {}
    seen_with: set[tuple[str, Stamp]] = set()
    for entry, its in record.of(SignalSeen):
        author = began(entry.author_id)
        if authors_of.get(its.target_id, set()) - {author}:
            seen.setdefault(its.target_id, []).append(entry)
            seen_with.add((author, entry.happened))
    answers = {sent_at: body.meaning for _, body, sent_at in signals if body.meaning in ANSWERS}
    found = []
    for entry, body, sent_at in signals:
        by_others = (one for one in seen.get(entry.entry_id, ()) if began(one.author_id) != sent_at[0])
        first = min(by_others, key=order, default=None)
        found.append(
            Sent(
                entry,
                body.meaning,
                seen_at=None if first is None else first.happened,
                seen_by="" if first is None else first.author_id,
                answer="" if first is None else answers.get((began(first.author_id), first.happened), ""),
                is_last_word=body.meaning == AWARE and sent_at in seen_with,
            )
        )
    return tuple(found)


def _order(record: Record) -> Callable[[Entry], tuple[float, str, str]]:
    """Return what tells entries of the same moment apart, whichever came first."""
    return lambda entry: (record.position_s(entry.happened), entry.author_id, entry.entry_id)


def waiting_for(record: Record, member_id: str) -> tuple[Sent, ...]:
    """Return what waits to be seen by that member, oldest first: others' signals that nobody but their author saw."""
    return tuple(
        one
        for one in sent_signals(record)
        if one.seen_at is None and not one.is_last_word and not record.persons.are_one(one.entry.author_id, member_id)
    )


def sent_by(record: Record, member_id: str, now: Stamp) -> tuple[Sent, ...]:
    """Return what that member sent and is to be told about: all that was not seen, else the newest that just was."""
    own = [
        one
        for one in sent_signals(record)
        if not one.is_last_word and record.persons.are_one(one.entry.author_id, member_id)
    ]
    unseen = tuple(one for one in own if one.seen_at is None)
    if unseen:
        return unseen
    fresh = (one for one in own if one.seen_at is not None and record.between_s(one.seen_at, now) < SEEN_SHOWN_S)
    newest = max(fresh, key=lambda one: record.position_s(one.seen_at or one.entry.happened), default=None)
    return () if newest is None else (newest,)


def has_others(record: Record, member_id: str) -> bool:
    """Tell whether anybody but that member is in the session, as a participant or as somebody who noted something."""
    people = {one.member_id for one in record.opened.participants} if record.opened is not None else set()
    people |= record.author_ids
    return any(not record.persons.are_one(one, member_id) for one in people)
