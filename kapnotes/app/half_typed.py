"""Half-typed lines: the time of their first key, and their way to the disk soon after every key.

What somebody types is handed to the vault as a draft at latest `FLUSH_S` after the first key that is not there yet, on
a thread of its own, so that neither the windows nor a slow commit are in its way. A line stays in the draft until the
entry that it became is committed; so whenever the program ends, each line is in the log or in the draft, and one that
is in both is known by its id.
"""

import threading
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Protocol

from kapnotes.app.keeping import Keeping
from kapnotes.app.listeners import Listeners
from kapnotes.app.typed_fields import CORRECTION, LOG_CORRECTION, SIGN, SUMMARY
from kapnotes.domain.clock import Stamp, seconds_between
from kapnotes.domain.drafts import DraftLine
from kapnotes.domain.members import Compartment
from kapnotes.domain.text import storable

FLUSH_S = 0.15
"""From the first key that is not on the disk yet until it is handed to the disk; a further key does not put it off."""

BETWEEN_KEYS_S = 0.1
"""From that age on it is handed to the disk right behind a key that is painted, before the next one comes.

To seal a line takes Python a moment in which a key would be painted later; the pause behind a key is the one moment in
which none is on its way.
"""

Read = Callable[[], tuple[str, str]]
"""Returns what a window's line holds now, and the code it was pressed for."""


class Sheet(Protocol):
    """Where the lines of one compartment are written; `vault.drafts.DraftFile` is one."""

    @property
    def found(self) -> tuple[DraftLine, ...]:
        """Return what stood there when it was opened."""
        ...

    @property
    def is_damaged(self) -> bool:
        """Tell whether something stood there that cannot be read."""
        ...

    def write(self, lines: Sequence[DraftLine]) -> None:
        """Put *lines* in place of what stood there; returning means that they are on the disk."""
        ...


@dataclass(slots=True, repr=False)
class HalfTyped:
    """One line that is being typed."""

    entry_id: str
    began: Stamp
    text: str = ""
    code: str = ""
    is_restored: bool = False
    """Whether it was typed before the session was opened, or by a window that is closed."""


class Typing:
    """The half-typed lines of one seat in one session. It lives on the thread of the windows."""

    def __init__(
        self,
        *,
        now: Callable[[], Stamp],
        new_id: Callable[[], str],
        places: Mapping[str, Compartment] | None = None,
        sheets: Mapping[Compartment, Sheet] | None = None,
        keeping: Keeping | None = None,
    ) -> None:
        self.keep_failed: Listeners[Exception] = Listeners()
        self.has_failed = False
        """Whether the last try to keep the lines on the disk failed; it is tried again."""
        self._now = now
        self._new_id = new_id
        self._places = dict(places or {})
        self._sheets = dict(sheets or {})
        self._keeping = keeping
        self._current: dict[str, HalfTyped] = {}
        self._waiting: dict[str, list[HalfTyped]] = {}
        self._dropped: dict[str, HalfTyped] = {}
        self._entered: dict[str, tuple[str, HalfTyped]] = {}
        self._reads: dict[str, Read] = {}
        self._armed_at: Stamp | None = None
        self._arming = 0
        self._is_writing = False
        self._is_due = False
        self._door = threading.Lock()
        self._kept = {place: sheet.found for place, sheet in self._sheets.items()}
        self._wanted = dict(self._kept)

    def __repr__(self) -> str:
        return f"<{len(self._current)} half-typed lines>"

    # -------------------------------------------------------------------------------------------- typing

    def half_typed(self, field: str) -> HalfTyped | None:
        """Return the line that is being typed in *field*, or None."""
        return self._current.get(field)

    def bring_back(self, field: str) -> HalfTyped | None:
        """Return the line of *field* for a window to show: the one being typed, else the next that waits for it."""
        if field not in self._current and self._waiting.get(field):
            self._current[field] = self._waiting[field].pop(0)
        return self._current.get(field)

    def begin(self, field: str, text: str = "", *, by_undo: bool = False) -> HalfTyped:
        """Take time and id at a line's first key; the same are returned until it is entered or dropped.

        A line that was dropped and comes back, *by_undo* or as it was (*text*), has its time and code back as well. A
        field that cannot tell an undo gives its text; one letter is none, for another line can begin by it.
        """
        line = self._current.get(field)
        if line is None:
            dropped = self._dropped.pop(field, None)
            is_back = dropped is not None and (by_undo or (len(text) > 1 and dropped.text == text))
            line = dropped if is_back else None
            line = line or HalfTyped(self._new_id(), self._now())
            self._current[field] = line
        return line

    def resume(self, field: str, line: HalfTyped) -> None:
        """Let a line that waited be the one that is being typed."""
        waiting = self._waiting.get(field, [])
        if line in waiting:
            waiting.remove(line)
        self._current[field] = line

    def drop(self, field: str, code: str = "") -> None:
        """Forget a line that was emptied without being entered; undo brings it back, for the *code* it had."""
        line = self._current.pop(field, None)
        if line is not None:
            line.code = code
            self._dropped[field] = line
            self.changed()

    def entered(self, field: str, text: str) -> None:
        """Keep the line as a draft until the entry that it became is on the disk."""
        line = self._current.pop(field, None)
        self._dropped.pop(field, None)
        if line is not None:
            line.text = text
            self._entered[line.entry_id] = field, line
            self.changed()

    def settled(self, entry_id: str) -> None:
        """Let a line go whose entry is on the disk."""
        if self._entered.pop(entry_id, None) is not None:
            self.changed()

    # ------------------------------------------------------------------------------------------- windows

    def read_from(self, field: str, read: Read) -> None:
        """Ask *read* for the text of *field* from now on, whenever it is to be kept."""
        self._reads[field] = read

    def turn(self, field: str, other: str) -> None:
        """Let the window's line be of *other* from now on; what is half-typed in *field* waits for its return."""
        self.set_aside(field)
        self._reads[other] = self._reads.pop(field)

    def set_aside(self, field: str) -> None:
        """Let what is half-typed in *field* wait, because another line is typed first; it is the next to come back."""
        self._take(field)
        line = self._current.pop(field, None)
        if line is not None and line.text:
            self._waiting.setdefault(field, []).insert(0, line)
        self.changed()

    def waiting(self, field: str) -> HalfTyped | None:
        """Return the line of *field* that comes back next, or None."""
        return next(iter(self._waiting.get(field, ())), None)

    def correction(self, prefix: str) -> str:
        """Return the field, beginning with *prefix*, of a correction that is half-typed in no window, or nothing."""
        fields = (field for field, line in self._lines() if line.entry_id not in self._entered)
        return next((one for one in fields if one.startswith(prefix) and one not in self._reads), "")

    def turn_into(self, field: str, other: str) -> None:
        """Let what was half-typed in *field* be a line of *other*, because what it was for is gone."""
        line = self._current.pop(field, None)
        lines = [*([line] if line is not None else []), *self._waiting.pop(field, [])]
        self._waiting.setdefault(other, []).extend(lines)
        self.changed()

    def let_go(self, field: str) -> None:
        """Take the text of *field* for the last time, because its window closes; it waits for the next window."""
        if field in self._reads:
            self._take(field)
            del self._reads[field]
            if field in self._current:
                self._current[field].is_restored = True
            for lines in self._waiting.values():
                for line in lines:
                    line.is_restored = True
            self.look()
            self.flush()

    def changed(self) -> None:
        """Note that a line changed: at latest after `FLUSH_S` it is on its way to the disk."""
        if self._keeping is not None and self._armed_at is None:
            self._armed_at = self._now()
            self._arming += 1
            self._keeping.later(FLUSH_S, partial(self._fire, self._arming))

    def between_keys(self) -> None:
        """Note that a key changed a line and is painted; what waits for `BETWEEN_KEYS_S` goes to the disk now.

        Not beside an entry on its way there, which would wait for it: then the timer sees to the draft.
        """
        if (
            self._armed_at is not None
            and not self._entered
            and seconds_between(self._armed_at, self._now()) >= BETWEEN_KEYS_S
        ):
            self._armed_at = None
            self.flush()
        else:
            self.changed()

    def _fire(self, arming: int) -> None:
        if self._armed_at is not None and arming == self._arming:  # else it went between two keys
            self._armed_at = None
            self.flush()

    # ------------------------------------------------------------------------------------------- keeping

    def flush(self) -> None:
        """Hand the lines as they are now to the disk; one write at a time, the newest lines with the next."""
        if self._keeping is None:
            return
        self.look()
        if self._is_writing:
            self._is_due = True
        elif not self.is_kept:
            self._is_writing = True
            self._keeping.worker.submit(self.write_now, self._written, self._failed)

    def look(self) -> None:
        """Take what the windows' lines hold now."""
        for field in self._reads:
            self._take(field)
        wanted: dict[Compartment, list[DraftLine]] = {place: [] for place in self._sheets}
        for field, line in self._lines():
            place = self._place_of(field)
            if place in wanted:
                wanted[place].append(DraftLine(line.entry_id, field, line.code, line.began, storable(line.text)))
        self._wanted = {place: tuple(lines) for place, lines in wanted.items()}

    def _place_of(self, field: str) -> Compartment | None:
        prefixes = (one for one in (CORRECTION, LOG_CORRECTION) if field.startswith(one))
        return self._places.get(next(prefixes, field))

    def _take(self, field: str) -> None:
        text, code = self._reads[field]()
        if text:
            line = self.begin(field)
            line.text, line.code = text, code

    def _lines(self) -> Iterable[tuple[str, HalfTyped]]:
        yield from tuple(self._entered.values())
        for field, line in self._current.items():
            if line.text:
                yield field, line
        for field, lines in self._waiting.items():
            for line in lines:
                yield field, line

    @property
    def is_kept(self) -> bool:
        """Tell whether the lines, as they were last looked at, are on the disk."""
        return self._wanted == self._kept

    @property
    def unkept(self) -> tuple[tuple[str, HalfTyped], ...]:
        """Return field and line of all that is half-typed and not on the disk as it was last looked at.

        What is put together for a summary is none of it, nor is a sign-off: no entry comes of them, and no key is held.
        """
        kept = {(line.entry_id, line.text) for lines in self._kept.values() for line in lines}
        no_entry = {SUMMARY, SIGN}
        half_typed = [
            (field, line)
            for field, line in self._lines()
            if line.entry_id not in self._entered and field not in no_entry
        ]
        return tuple((field, line) for field, line in half_typed if (line.entry_id, storable(line.text)) not in kept)

    def write_now(self) -> None:
        """Write the lines as they were last looked at, where they are not on the disk yet. On any thread.

        Raises:
            Exception: what the first sheet that failed said; the others were written.
        """
        failure: Exception | None = None
        with self._door:  # else older lines could be written after newer ones
            for place, lines in self._wanted.items():
                if lines != self._kept.get(place):
                    try:
                        self._sheets[place].write(lines)
                    except Exception as error:  # kept until the other sheets are written, then raised
                        failure = failure or error
                    else:
                        self._kept[place] = lines
        if failure is not None:
            raise failure

    def _written(self, _: None) -> None:
        self._is_writing = self.has_failed = False
        if self._is_due:
            self._is_due = False
            self.flush()

    def _failed(self, error: Exception) -> None:
        self._is_writing = self._is_due = False
        is_news = not self.has_failed
        self.has_failed = True
        if is_news:
            self.keep_failed.tell(error)

    # ----------------------------------------------------------------------------------------- restoring

    def restore(self, lines: Iterable[DraftLine], is_saved: Callable[[str], bool | None]) -> None:
        """Let lines that were half-typed come back as half-typed.

        One whose entry is saved is dropped; one whose entry waits to be saved stays on the disk until it is. *is_saved*
        tells it of an entry's id, None where there is no such entry.
        """
        for one in lines:
            saved = is_saved(one.entry_id)
            line = HalfTyped(one.entry_id, one.began, one.text, one.code, is_restored=True)
            if saved is False:
                self._entered[one.entry_id] = one.field, line
            elif saved is None and self._place_of(one.field) is not None:
                self._waiting.setdefault(one.field, []).append(line)
            self.changed()

    def hand_over(self) -> tuple[DraftLine, ...]:
        """Give the lines away to the member's next seat and keep none."""
        self.look()
        lines = tuple(
            DraftLine(line.entry_id, field, line.code, line.began, storable(line.text)) for field, line in self._lines()
        )
        with self._door:
            self._sheets.clear()
            self._wanted, self._kept = {}, {}
        for held in (self._current, self._waiting, self._entered, self._reads):
            held.clear()
        return lines
