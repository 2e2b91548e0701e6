"""Vitals from a monitor's file: looked at and checked away from the windows, and kept with one write, or not at all.

What a row says is kept at its own time, marked as the monitor's. A row that cannot be kept is told with its line, its
column and the reason, and is saved nowhere; a row that is in the record already is not added again.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal
from functools import partial
from pathlib import Path

from kapnotes.app.csv_file import CsvRow, csv_rows, delimiter_of, read_csv_text
from kapnotes.app.live_session import LiveSession
from kapnotes.app.pending import Written
from kapnotes.app.worker import Worker, rest
from kapnotes.domain.clock import Stamp
from kapnotes.domain.entries import Body, TakenBy, Vitals, content_of
from kapnotes.domain.errors import BadCell, BadFile, KapnotesError, ReadOnly
from kapnotes.domain.limits import BOUNDS, require_possible, unusual_in, values_of
from kapnotes.domain.moments import moment_at
from kapnotes.domain.monitor_file import (
    DayOrder,
    Meaning,
    day_orders,
    fields_of,
    has_two_readings,
    proposed,
    read_clock,
    read_row,
    require_readable,
)
from kapnotes.domain.places import place_of
from kapnotes.domain.possible_part import without_impossible
from kapnotes.domain.session_times import Placed, SessionTimes

MAX_ROWS = 100_000
"""Ten weeks of a row a minute; who has more exports the hours of the session."""

ROWS_AT_ONCE = 2_000
"""So many rows are checked in one job; between two of them it can be stopped."""

_MS_NS = 1_000_000
_Known = tuple[int, tuple[Decimal | int | None, ...]]


@dataclass(frozen=True, slots=True)
class MonitorTable:
    """A file as it stands on the disk, and what its columns seem to mean."""

    name: str
    header: tuple[str, ...]
    rows: tuple[CsvRow, ...]
    meanings: tuple[Meaning, ...]


@dataclass(frozen=True, slots=True)
class MonitorSet:
    """One row as it would be charted."""

    row: int
    placed: Placed
    vitals: Vitals


@dataclass(frozen=True, slots=True)
class Refused:
    """One row, or one value, that is not kept, with the column where there is one, and the reason."""

    row: int
    column: str
    reason: KapnotesError


@dataclass(frozen=True, slots=True)
class Choices:
    """What nobody but the reader of a file knows.

    `origin` is the clock time at which the file's minutes are zero, empty for the first dose; `order` how 3/4/2026 is
    read, where the file itself does not tell; `leaves_out_values` says that a value that cannot be is left out of its
    row, where else it keeps the whole row out.
    """

    origin: str = ""
    order: DayOrder | None = None
    leaves_out_values: bool = False


@dataclass(slots=True)
class Checked:
    """What came of all rows: those to be kept, those refused, and how many hold nothing or are known already.

    `left_out` are single values without which their row is kept.
    """

    sets: list[MonitorSet] = field(default_factory=list)
    refused: list[Refused] = field(default_factory=list)
    left_out: list[Refused] = field(default_factory=list)
    empty: int = 0
    known: int = 0

    @property
    def unusual(self) -> int:
        """Return how many sets hold something unusual; they are kept and say so."""
        return sum(1 for one in self.sets if one.vitals.unusual)


def read_table(path: Path) -> MonitorTable:
    """Return the table of a CSV file; its delimiter and whether it has a header are told by its first row.

    Raises:
        BadFile: the file is none that can be read; one line says where and why.
    """
    text = read_csv_text(path)
    first = text[: text.find("\n") if "\n" in text else len(text)]
    rows: list[CsvRow] = []
    for row in csv_rows(text, path.name, delimiter=delimiter_of(first)):
        rows.append(row)
        if len(rows) > MAX_ROWS + 1:
            raise BadFile("{name}: more than {most} rows; split the file.", name=path.name, most=MAX_ROWS)
    header = tuple(cell.strip() for cell in rows[0].cells) if rows else ()
    if header and all(cell[:1] in "0123456789+-" for cell in header):
        header = tuple(str(number) for number in range(1, len(header) + 1))
    else:
        rows = rows[1:]
    if not rows:
        raise BadFile("{name}: no row of readings stands in it.", name=path.name)
    return MonitorTable(path.name, header, tuple(rows), proposed(header, rows[0].cells))


class _Check:
    """The check of one table; made where the record lives, run elsewhere."""

    def __init__(self, table: MonitorTable, meanings: Sequence[Meaning], live: LiveSession, choices: Choices) -> None:
        now = live.now()
        self._table = table
        self._meanings = tuple(meanings)
        self._choices = choices
        self._order = self._order_of_days()
        self._times = SessionTimes(live.record, now)
        self._zero_s = None if Meaning.CLOCK in self._meanings else _zero_s(live, choices.origin, now)
        self._known = _known(live)
        self._after_s = 0.0
        self._at = 0
        self.found = Checked()

    @property
    def done(self) -> int:
        """Return how many rows were checked."""
        return self._at

    @property
    def is_done(self) -> bool:
        """Tell whether all rows were checked."""
        return self._at == len(self._table.rows)

    def run(self) -> "_Check":
        """Check the next rows."""
        for row in self._table.rows[self._at : self._at + ROWS_AT_ONCE]:
            self._check(row)
        self._at = min(self._at + ROWS_AT_ONCE, len(self._table.rows))
        return self

    def _order_of_days(self) -> DayOrder:
        """Return how 3/4/2026 is read in this file.

        Raises:
            KapnotesError: it can be read both ways and nothing was chosen, or the days of the file contradict.
        """
        if Meaning.CLOCK not in self._meanings:
            return DayOrder.DAY_FIRST
        place = self._meanings.index(Meaning.CLOCK)
        cells = ["".join(row.cells[place : place + 1]) for row in self._table.rows]
        orders = day_orders(cells)
        if not orders:
            raise KapnotesError("Some days of this file begin with the day, others with the month; write them alike.")
        if len(orders) == 1:
            return next(iter(orders))
        doubtful = has_two_readings(cells)
        if doubtful and self._choices.order is None:
            raise TwoReadings("{day} can be read as day/month or as month/day; choose the order.", day=doubtful)
        return self._choices.order or DayOrder.DAY_FIRST

    def _check(self, row: CsvRow) -> None:
        left_out: dict[int, KapnotesError] | None = {} if self._choices.leaves_out_values else None
        try:
            said = read_row(row.cells, self._meanings, self._order, left_out)
            vitals = said.vitals
            if vitals is not None and left_out is not None:
                vitals, impossible = without_impossible(vitals)
                left_out |= {self._place_of(field): why for field, why in impossible.items()}
            if vitals is None or not values_of(vitals):
                if left_out:
                    raise next(iter(left_out.values()))
                self.found.empty += 1
                return
            if said.clock is not None:
                placed = self._times.at_clock(said.clock, self._after_s)
                self._after_s = placed.position_s
            else:
                placed = self._times.at((self._zero_s or 0.0) + (said.since_s or 0.0))
            require_possible(vitals)
        except BadCell as error:
            self.found.refused.append(Refused(row.row, self._table.header[error.place], error))
        except KapnotesError as error:
            self.found.refused.append(Refused(row.row, "", error))
        else:
            marks = tuple(left_out_words(self._meanings[place]) for place in sorted(left_out or ()))
            kept = self._take(MonitorSet(row.row, placed, replace(vitals, unusual=(*marks, *unusual_in(vitals)))))
            if kept and left_out:
                self.found.left_out += [
                    Refused(row.row, self._table.header[place], left_out[place]) for place in sorted(left_out)
                ]

    def _place_of(self, field: str) -> int:
        return next(place for place, meaning in enumerate(self._meanings) if field in fields_of(meaning))

    def _take(self, one: MonitorSet) -> bool:
        """Keep *one* for the record unless it is there; tell whether it was new."""
        at_ms, values = _key(one.vitals, one.placed.stamp)
        if any((at_ms + near, values) in self._known for near in (-1, 0, 1)):
            self.found.known += 1
            return False
        self._known.add((at_ms, values))
        self.found.sets.append(one)
        return True


class TwoReadings(KapnotesError):
    """The days of a file can be read in two ways, and only who reads it knows which."""


def left_out_words(meaning: Meaning) -> str:
    """Return what a reading says of a value that is not in it."""
    names = " and ".join(BOUNDS[field].name for field in fields_of(meaning))
    return f"{names} left out: not possible"


def _key(vitals: Vitals, happened: Stamp) -> _Known:
    return happened.utc_ns // _MS_NS, tuple(getattr(vitals, field) for field in BOUNDS)


def _known(live: LiveSession) -> set[_Known]:
    """Return what came from a monitor into this session, also what was taken back since."""
    bodies = ((entry, content_of(entry.body)) for entry in live.record.entries)
    return {
        _key(body, entry.happened)
        for entry, body in bodies
        if isinstance(body, Vitals) and body.taken_by is TakenBy.MONITOR
    }


def _zero_s(live: LiveSession, origin: str, now: Stamp) -> float:
    """Return when the file's time of zero was, in seconds from the opening: the first dose, or the time that was typed.

    Raises:
        KapnotesError: there is no first dose, or what was typed is no time of this session.
    """
    if origin.strip():
        try:
            said = read_clock(origin.strip().removeprefix("@"))
        except BadCell:
            raise KapnotesError("The begin of the recording is no time; write it as 14:05.") from None
        return live.record.position_s(moment_at(live.record, said.time.hour, said.time.minute, now))
    if live.record.first_dose is None:
        raise KapnotesError("There is no first dose yet. Write at what time the recording began, as in 14:05.")
    return live.record.position_s(live.record.first_dose)


class MonitorImport:
    """Looks at a file, checks it and keeps it, for one session. *worker* is not the one that saves."""

    def __init__(self, live: LiveSession, worker: Worker) -> None:
        self._live = live
        self._worker = worker
        self._running: _Check | None = None
        self._asked: Callable[[], tuple[Written, ...]] | None = None
        """What is to be kept and was not handed down yet."""
        self._steps: Iterator[None] = iter(())
        """What was handed down and is not all in the record yet."""

    def require_may_keep(self) -> None:
        """See that readings of a monitor may be kept here at all.

        Raises:
            ReadOnly: nothing can be noted here.
            NotEntitled: the member does not hold the medical role.
            SignedOff: the record is signed.
        """
        if self._live.is_read_only:
            raise ReadOnly("Read only: nothing can be noted here.")
        reading = Vitals(heart_rate_bpm=Decimal(60), taken_by=TakenBy.MONITOR)
        self._live.signing.require_open(place_of(reading, self._live.member), reading)

    def look(self, path: Path, done: Callable[[MonitorTable], None], failed: Callable[[Exception], None]) -> None:
        """Tell *done* what stands in the file."""
        self._worker.submit(partial(read_table, path), done, failed)

    def check(
        self,
        table: MonitorTable,
        meanings: Sequence[Meaning],
        choices: Choices,
        progress: Callable[[int], None],
        done: Callable[[Checked], None],
        failed: Callable[[Exception], None],
    ) -> None:
        """Check all rows and tell *done*; *progress* hears how many were. What is being checked before is given up.

        Raises:
            TwoReadings: its days can be read in two ways, and none was chosen.
            KapnotesError: the columns cannot be read so, or there is no such time.
        """
        self.stop()
        require_readable(meanings)
        check = self._running = _Check(table, meanings, self._live, choices)

        def took(ran: _Check) -> None:
            if self._running is not ran:
                return
            if ran.is_done:
                self._running = None
                done(ran.found)
            else:
                progress(ran.done)
                self._worker.submit(ran.run, took, missed)

        def missed(error: Exception) -> None:
            if self._running is check:
                self._running = None
                failed(error)

        self._worker.submit(check.run, took, missed)

    @property
    def is_running(self) -> bool:
        """Tell whether rows are being checked."""
        return self._running is not None

    def stop(self) -> None:
        """Check no further; nothing was kept."""
        self._running = None

    def keep(self, checked: Checked, done: Callable[[int], None], failed: Callable[[Exception], None]) -> None:
        """Keep all sets of a check with one write, or none, and tell *done* how many; called once for each check.

        What can be refused is looked at first; then they are made ready on the worker's thread, written together, and
        taken into the record a few at a time, between which the windows live.

        Raises:
            KapnotesError: none of them was kept.
        """
        bodies: list[tuple[Body, Stamp]] = [(one.vitals, one.placed.stamp) for one in checked.sets]
        ready = self._asked = self._live.together.ready(bodies)

        def keep_on() -> None:
            if next(self._steps, _END) is _END:
                done(len(bodies))
            else:
                self._worker.submit(rest, lambda _: keep_on(), lambda _: self._take_in())

        def begin(written: tuple[Written, ...]) -> None:
            if self._asked is not ready:
                return  # its window was closed meanwhile, and it was kept then
            self._asked = None
            try:
                self._steps = self._live.together.keep(written)
            except KapnotesError as error:
                failed(error)
            else:
                keep_on()

        self._worker.submit(ready, begin, failed)

    def finish(self) -> None:
        """Keep at once what was asked to be kept: the window closes, and behind it the keys of the seat may go.

        Raises:
            KapnotesError: none of it was kept.
        """
        ready, self._asked = self._asked, None
        if ready is not None:
            self._steps = self._live.together.keep(ready())
        self._take_in()

    def _take_in(self) -> None:
        for _ in self._steps:
            pass


_END = object()
