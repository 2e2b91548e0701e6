"""Adverse events as they ran: from the first report to the end, with every severity and all that was done.

A report of the same name while the event is open belongs to it: worse, better, or something more that was done. After
its end the same name begins a new event.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from kapnotes.domain.assessed import EventEnded
from kapnotes.domain.clock import Stamp
from kapnotes.domain.entries import AdverseEvent, Entry
from kapnotes.domain.event_lines import SEVERITIES
from kapnotes.domain.record import Record


@dataclass(frozen=True, slots=True)
class Episode:
    """One adverse event with its reports, oldest first, and its end, None while it is open."""

    reports: tuple[tuple[Entry, AdverseEvent], ...]
    end: tuple[Entry, EventEnded] | None = None

    @property
    def what(self) -> str:
        """Return what happened, as it was first called."""
        return self.reports[0][1].what

    @property
    def began(self) -> Stamp:
        """Return when it was first noted to happen."""
        return self.reports[0][0].happened

    @property
    def ended(self) -> Stamp | None:
        """Return when it was over, None while it is open."""
        return None if self.end is None else self.end[0].happened

    @property
    def is_open(self) -> bool:
        """Tell whether nobody ended it."""
        return self.end is None

    @property
    def severity(self) -> str:
        """Return how severe it is now, or was last."""
        return self.reports[-1][1].severity

    @property
    def worst(self) -> str:
        """Return how severe it was at its worst."""
        return max((event.severity for _, event in self.reports), key=_weight)

    @property
    def actions(self) -> tuple[str, ...]:
        """Return what was done, oldest first."""
        return tuple(event.action.strip() for _, event in self.reports if event.action.strip())

    def holds(self, entry_id: str) -> bool:
        """Tell whether that entry is one of its reports."""
        return any(entry.entry_id == entry_id for entry, _ in self.reports)


def episodes(record: Record) -> tuple[Episode, ...]:
    """Return every adverse event of the session, in the order in which they began."""
    return record.once(_episodes, AdverseEvent | EventEnded)


def _episodes(record: Record) -> tuple[Episode, ...]:
    found: list[Episode] = []
    open_at: dict[str, int] = {}
    for entry in record.entries_of(AdverseEvent | EventEnded):
        body = entry.body
        if isinstance(body, AdverseEvent):
            name = name_key(body.what)
            if name in open_at:
                found[open_at[name]] = Episode((*found[open_at[name]].reports, (entry, body)))
            else:
                open_at[name] = len(found)
                found.append(Episode(((entry, body),)))
        elif isinstance(body, EventEnded):
            open_now = {one: found[place] for one, place in open_at.items()}
            ended = _ended(record, body, open_now)
            if ended is not None:
                place = open_at.pop(ended)
                found[place] = Episode(found[place].reports, (entry, body))
    return tuple(found)


def _ended(record: Record, end: EventEnded, open_now: Mapping[str, Episode]) -> str | None:
    """Return which of the open events *end* is about; where its report was taken back, the one of its name."""
    held = next((name for name, one in open_now.items() if one.holds(end.event_id)), None)
    name = name_key(end.what)
    return name if held is None and name in open_now and not record.stands(end.event_id) else held


def further_ends(record: Record) -> list[tuple[Entry, EventEnded]]:
    """Return the ends that end no event, because its report was taken back or it was ended before."""
    ending = [one.end for one in episodes(record) if one.end is not None]
    return [end for end in record.of(EventEnded) if end not in ending]


def open_episodes(record: Record) -> tuple[Episode, ...]:
    """Return the events that nobody ended, the newest last."""
    return tuple(one for one in episodes(record) if one.is_open)


def newest_open(record: Record, what: str) -> Episode | None:
    """Return the newest open event that is called *what*, else the newest whose name begins so; None where none is."""
    wanted = name_key(what)
    newest_first = open_episodes(record)[::-1]
    named = [one for one in newest_first if name_key(one.what) == wanted]
    begun = [one for one in newest_first if name_key(one.what).startswith(wanted)]
    return next(iter([*named, *begun]), None)


def name_key(what: str) -> str:
    """Return the name of an event as names are compared: case and spaces do not count."""
    return " ".join(what.casefold().split())


def _weight(severity: str) -> int:
    return SEVERITIES.index(severity) if severity in SEVERITIES else -1
