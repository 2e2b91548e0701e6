"""Entries in order: what stands after corrections and amendments, and when each thing happened.

What follows for a session from what stands (doses, baseline, states, signatures) is `record.Record`, which is a ledger.
"""

import math
from bisect import insort
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from functools import cached_property
from types import UnionType
from typing import ClassVar, Self, TypeVar, cast

from kapnotes.domain.clock import Stamp
from kapnotes.domain.elapsed_time import ElapsedTime
from kapnotes.domain.entries import (
    LATE_AFTER_S,
    Addendum,
    Body,
    ClockJump,
    Correction,
    Entry,
    LateEntry,
    SessionOpened,
    content_of,
)
from kapnotes.domain.members import Persons

_Kind = TypeVar("_Kind")
_Kinds = type | UnionType
_Void = _Kinds | tuple[()]
_Key = tuple[str, str]
"""Author and entry id: an id is chosen by who writes the entry, so it says nothing about anybody else's.

The author is a person: the id of a member that this person began as.
"""


class Ledger:
    """The entries of one scope, each of them applied once.

    `entries` is the order in which things were entered; `standing` is the order in which they happened, after
    corrections. A late entry and an addendum stand as what they add, at the time that they name; `amendment_of` tells
    them from the rest. A correction corrects any entry of its own author: of a late entry or an addendum what it adds,
    of another correction what that one put in place, and retracting a correction lets stand again what it corrected.
    Who goes on under another id after a forgotten passphrase is the same author: *persons* knows who is who.

    Ids and times are what their author says they are. So an entry is known by author and id together, and the opening
    that was applied first stands; see `doubtful`.
    """

    derived: ClassVar[Mapping[str, _Void]] = {}
    """Names of the cached properties, and the kinds of entries that make each void where they are added to the end.

    What is added anywhere else, a correction and a jump of the clock make all of them void.
    """

    def __init__(self, entries: Iterable[Entry] = (), persons: Persons | None = None) -> None:
        self.entries: list[Entry] = []
        self.persons = persons or Persons()
        self._time = ElapsedTime()
        self._opened_key: _Key | None = None
        self._by_key: dict[_Key, Entry] = {}
        self._first_author: dict[str, str] = {}
        self._body_of: dict[_Key, Body | None] = {}
        self._corrections: dict[_Key, list[Entry]] = {}
        self._doubtful: list[Entry] = []
        self._order: list[tuple[float, int, _Key]] | None = []
        self._of: dict[_Kinds, list[Entry]] = {}
        self._pairs: dict[_Kinds, list[tuple[Entry, Body]]] = {}
        self._worked_out: dict[Callable[[Self], object], tuple[_Kinds, object]] = {}
        self._entered: dict[_Kinds, list[Entry]] = {}
        self.author_ids: set[str] = set()
        """Whoever entered anything, by the ids that stand in the entries."""
        for entry in entries:
            self.apply(entry)

    def __reduce__(self) -> tuple[type[Self], tuple[list[Entry], Persons]]:
        """Travel as the entries; all that follows from them is worked out again."""
        return type(self), (self.entries, self.persons)

    def apply(self, entry: Entry) -> None:
        """Add *entry*; one that is already there is not added twice."""
        key = self._key_of(entry)
        known = self._by_key.get(key)
        if (known is not None and known == entry) or entry in self._doubtful:
            return
        self.entries.append(entry)
        self.author_ids.add(entry.author_id)
        for kinds, found in self._entered.items():
            if _tells_of(entry, kinds):
                found.append(entry)
        if known is not None or self._is_second_opening(entry):
            self._doubtful.append(entry)
            return
        self._time.begin(entry.happened)
        self._by_key[key] = entry
        self._first_author.setdefault(entry.entry_id, key[0])
        self._time.note_start(entry.entered)
        if isinstance(entry.body, Correction):
            target = key[0], entry.body.target_id
            insort(self._corrections.setdefault(target, []), entry, key=self._entered_at)
        else:
            self._body_of[key] = content_of(entry.body)
            self._note_time(entry)
        if self._corrections or key == self._opened_key:  # else what was said stands
            self._let_newest_stand(key)
        if self._has_derived:
            self._let_derived_follow(entry, key)

    def _is_second_opening(self, entry: Entry) -> bool:
        """Tell whether *entry* opens a session that is open, or opens one belatedly; no opening is an amendment."""
        if isinstance(entry.body, SessionOpened):
            return self._opened_key is not None
        return isinstance(entry.body, LateEntry | Addendum) and isinstance(entry.body.body, SessionOpened)

    def _entered_at(self, entry: Entry) -> float:
        return self.position_s(entry.entered)

    @property
    def _has_derived(self) -> bool:
        """Tell whether anything was asked for that follows from the entries; while a session is read, nothing was."""
        computed = self.__dict__
        return "_standing" in computed or bool(self._worked_out) or not computed.keys().isdisjoint(self.derived)

    def _let_derived_follow(self, entry: Entry, key: _Key) -> None:
        """Let what was computed follow an entry that only adds to the end, as nearly all do; else forget it.

        A session of hours has many entries, and the windows ask after each of them.
        """
        standing: list[Entry] | None = self.__dict__.get("_standing")
        newest = self.as_it_stands(entry) if self._order and self._order[-1][2] == key else None
        if standing is None or newest is None or isinstance(newest.body, SessionOpened | ClockJump):
            self._of.clear()
            self._pairs.clear()
            self.__dict__.pop("_standing", None)
            self.__dict__.pop("_of_type", None)
        else:
            standing.append(newest)
            if "_of_type" in self.__dict__:
                self._of_type.setdefault(type(newest.body), []).append(newest)
            for kinds, found in self._of.items():
                if isinstance(newest.body, kinds):
                    found.append(newest)
            for kinds, pairs in self._pairs.items():
                if isinstance(newest.body, kinds):
                    pairs.append((newest, newest.body))
        changed = [
            work_out
            for work_out, (kinds, _) in self._worked_out.items()
            if newest is None or isinstance(newest.body, kinds | SessionOpened | ClockJump)
        ]
        for work_out in changed:
            del self._worked_out[work_out]
        if newest is None or isinstance(newest.body, SessionOpened | ClockJump):
            for name in self.derived:
                self.__dict__.pop(name, None)
        else:
            self._follow(newest)

    def _follow(self, newest: Entry) -> None:
        """Let what was derived follow *newest*, which happened last; what its kind makes void is forgotten."""
        for name, kinds in self.derived.items():
            if isinstance(newest.body, kinds):
                self.__dict__.pop(name, None)

    def _note_time(self, entry: Entry) -> None:
        """Put *entry* in its place in time; an opening or a jump may move the others, so they are placed anew."""
        content = content_of(entry.body)
        if isinstance(content, SessionOpened):
            self._opened_key = self._key_of(entry)
            self._time.open(entry.happened, entry.entered)
            self._place_anew()
        elif isinstance(content, ClockJump):
            self._time.jump(entry.happened, content.jump_s)
            self._place_anew()
        if self._order is not None:
            insort(self._order, self._place(len(self.entries), entry))

    def _place_anew(self) -> None:
        self._order = None
        for target, corrections in self._corrections.items():
            if len(corrections) > 1:
                corrections.sort(key=self._entered_at)
                self._let_newest_stand(target)

    def _place(self, arrival: int, entry: Entry) -> tuple[float, int, _Key]:
        return self.position_s(entry.happened), arrival, self._key_of(entry)

    # -------------------------------------------------------------------------------------- corrections

    def _let_newest_stand(self, key: _Key) -> None:
        """Let stand what the corrections of an entry by its own author say, in whatever order they arrived.

        *key* is of the entry itself, or of anything in the chain of corrections above it.
        """
        target = self._root(key)
        if target is None:
            return
        self._body_of[target] = self._said(target)
        if target == self._opened_key:
            self._open(self._body_of[target])

    def _root(self, key: _Key) -> _Key | None:
        """Return what a chain of corrections corrects in the end; None where that is not there, or is the chain."""
        seen: set[_Key] = set()
        while key not in self._body_of:
            entry = self._by_key.get(key)
            if entry is None or not isinstance(entry.body, Correction) or key in seen:
                return None
            seen.add(key)
            key = key[0], entry.body.target_id
        return key

    def _said(self, root: _Key) -> Body | None:
        """Return what an entry says after its corrections, and theirs: the newest one that was not retracted counts."""
        tree = [root]
        for key in tree:
            tree.extend(self._key_of(one) for one in self._corrections.get(key, ()))
        said: dict[_Key, Body | None] = {}
        retracted: set[_Key] = set()
        for key in reversed(tree):  # corrections of a correction come before it
            corrections = map(self._key_of, self._corrections.get(key, ()))
            counted = [one for one in corrections if one not in retracted]
            said[key] = said[counted[-1]] if counted else content_of(self._by_key[key].body)
            if counted and said[key] is None:
                retracted.add(key)
        return said[root]

    def _open(self, opened: Body | None) -> None:
        """Take what the opening of the session says now."""

    # ------------------------------------------------------------------------------------------ entries

    def entry(self, entry_id: str, author_id: str = "") -> Entry | None:
        """Return the entry of that id as it was entered, or None.

        Where two authors chose the same id and *author_id* does not say whose is meant, it is the first one applied.
        """
        return self._by_key.get(self._key(entry_id, author_id))

    def corrections_of(self, entry_id: str, author_id: str = "") -> tuple[Entry, ...]:
        """Return the corrections of that entry by its own author, oldest first; nobody else's change what stands."""
        key = self._key(entry_id, author_id)
        return tuple(self._corrections.get(key, ())) if key in self._by_key else ()

    def corrected_in_the_end(self, entry: Entry) -> Entry | None:
        """Return what a chain of corrections corrects, as it was entered; of anything else that itself."""
        root = self._root(self._key_of(entry))
        return None if root is None else self._by_key[root]

    def stands(self, entry_id: str, author_id: str = "") -> bool:
        """Tell whether the entry is there and was not retracted."""
        return self._body_of.get(self._key(entry_id, author_id)) is not None

    def _key(self, entry_id: str, author_id: str) -> _Key:
        return self.persons.began(author_id) if author_id else self._first_author.get(entry_id, ""), entry_id

    def _key_of(self, entry: Entry) -> _Key:
        return self.persons.began(entry.author_id), entry.entry_id

    @property
    def doubtful(self) -> tuple[Entry, ...]:
        """Return what is kept and counts for nothing, in the order in which it was applied.

        These are a second opening of the session, and an entry that says something else under the id of one by the same
        author. Nobody writes either by accident.
        """
        return tuple(self._doubtful)

    def taken_back(self) -> list[Entry]:
        """Return what was taken back, each with the body that it had when it was entered, in the order it happened."""
        if not self._corrections:
            return []
        gone = [one for one in self.entries if self._body_of.get(self._key_of(one), one.body) is None]
        shown = [replace(one, body=body) for one in gone if (body := content_of(one.body)) is not None]
        return sorted(shown, key=lambda one: self.position_s(one.happened))

    def as_it_stands(self, entry: Entry) -> Entry | None:
        """Return *entry* with the body that stands now: what it adds, after corrections; None for one that is gone.

        A correction is no entry of its own: it changes another one, so it gives None too.
        """
        key = self._key_of(entry)
        original, body = self._by_key.get(key), self._body_of.get(key)
        if original is None or body is None:
            return None
        return original if body is original.body else replace(original, body=body)

    def amendment_of(self, entry: Entry) -> LateEntry | Addendum | None:
        """Return how *entry*, as it stands, was added afterwards: with its reason; None for all that was noted then."""
        original = self._by_key.get(self._key_of(entry))
        body = original.body if original is not None else None
        return body if isinstance(body, LateEntry | Addendum) else None

    def standing(self) -> Iterator[Entry]:
        """Give what stands after corrections, in the order in which it happened; each has the body that stands now."""
        return iter(self._standing)

    @cached_property
    def _standing(self) -> list[Entry]:
        if self._order is None:
            counted = ((arrival, entry) for arrival, entry in enumerate(self.entries, 1) if self._counts(entry))
            placed = (self._place(arrival, entry) for arrival, entry in counted)
            self._order = sorted(place for place in placed if place[2] in self._body_of)
        found: list[Entry] = []
        for _, _, key in self._order:  # asked after every entry: no call for each of them
            body, entry = self._body_of[key], self._by_key[key]
            if body is entry.body:
                found.append(entry)
            elif body is not None:
                found.append(replace(entry, body=body))
        return found

    def _counts(self, entry: Entry) -> bool:
        return not self._doubtful or self._by_key.get(self._key_of(entry)) == entry

    def of(self, kind: type[_Kind]) -> list[tuple[Entry, _Kind]]:
        """Return what stands of one kind of body, each with its entry, in the order in which it happened."""
        pairs = self._pairs.get(kind)
        if pairs is None:  # the windows ask for the same kinds again and again
            pairs = self._pairs[kind] = [(entry, entry.body) for entry in self._entries_of(kind)]
        return cast(list[tuple[Entry, _Kind]], pairs.copy())

    def entries_of(self, kinds: _Kinds) -> tuple[Entry, ...]:
        """Return the entries whose body is of those kinds, as they stand, in the order in which they happened."""
        return tuple(self._entries_of(kinds))

    def newest(self, kind: type[_Kind]) -> _Kind | None:
        """Return the body of that kind that happened last, or None."""
        found = self._entries_of(kind)
        return cast(_Kind, found[-1].body) if found else None

    def newest_entry(self, kind: _Kinds) -> Entry | None:
        """Return the entry of that kind that happened last, or None."""
        found = self._entries_of(kind)
        return found[-1] if found else None

    def _entries_of(self, kinds: _Kinds) -> list[Entry]:
        if kinds not in self._of:
            types = {one for one in self._of_type if issubclass(one, kinds)}
            if len(types) == 1:
                self._of[kinds] = self._of_type[types.pop()].copy()
            else:
                self._of[kinds] = [entry for entry in self._standing if type(entry.body) in types] if types else []
        return self._of[kinds]

    @cached_property
    def _of_type(self) -> dict[type, list[Entry]]:
        found: dict[type, list[Entry]] = {}
        for entry in self._standing:
            found.setdefault(type(entry.body), []).append(entry)
        return found

    def once(self, work_out: Callable[[Self], _Kind], kinds: _Kinds) -> _Kind:
        """Return what *work_out*, a function of this ledger alone, makes of it: worked out once for all who ask.

        It is worked out again after the next entry of *kinds*, and after one that changes what stood before it.
        """
        if work_out not in self._worked_out:
            self._worked_out[work_out] = kinds, work_out(self)
        return cast(_Kind, self._worked_out[work_out][1])

    def entered(self, kinds: _Kinds) -> tuple[Entry, ...]:
        """Return the entries of those kinds as they were entered, in that order; of an amendment counts what it adds.

        What was corrected or taken back since, and what is doubtful, is among them.
        """
        if kinds not in self._entered:
            self._entered[kinds] = [entry for entry in self.entries if _tells_of(entry, kinds)]
        return tuple(self._entered[kinds])

    # --------------------------------------------------------------------------------------------- time

    def position_s(self, stamp: Stamp) -> float:
        """Return seconds from the opening of the session to *stamp*."""
        return self._time.position_s(stamp)

    def between_s(self, earlier: Stamp, later: Stamp) -> float:
        """Return the seconds from *earlier* to *later*, as `ElapsedTime.between_s` counts them."""
        return self._time.between_s(earlier, later)

    def seconds_after(self, earlier: Stamp | None, entries: Sequence[Entry]) -> list[float]:
        """Return for each of *entries* the seconds from *earlier* to when it happened; all zero without *earlier*."""
        if earlier is None:
            return [0.0] * len(entries)
        return self._time.all_between_s(earlier, [entry.happened for entry in entries])

    def is_late(self, entry: Entry) -> bool:
        """Tell whether *entry* was entered more than `LATE_AFTER_S` after it happened."""
        return self.between_s(entry.happened, entry.entered) > LATE_AFTER_S

    def clock_went_back(self, now: Stamp) -> float | None:
        """Return by how many seconds *now* is earlier than the newest entry; None where it is not.

        That is asked when a session is opened after a restart of the laptop: *now* is of a start without any entry yet.
        What is returned is below zero, in whole tenths, and is what `ClockJump.jump_s` must say, entered at *now*
        before anything else. Nobody knows how long the laptop was off, so time goes on from the newest entry.
        """
        if not self.entries or self._time.knows_start(now):
            return None
        since_newest_s = min(self.between_s(entry.entered, now) for entry in self._by_key.values())
        return math.floor(since_newest_s * 10) / 10 if since_newest_s < 0 else None

    @property
    def origin(self) -> Stamp | None:
        """Return the moment the session was opened."""
        return self._time.origin


def _tells_of(entry: Entry, kinds: _Kinds) -> bool:
    return isinstance(entry.body, kinds) or isinstance(content_of(entry.body), kinds)
