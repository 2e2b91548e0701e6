"""All sessions of one patient, read one after the other behind everything else, as far as the seat may read them."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

from kapnotes.app.clinic_desk import ClinicDesk
from kapnotes.app.seat import Seat
from kapnotes.domain.course_row import CourseRow, course_row
from kapnotes.domain.errors import VaultError
from kapnotes.domain.members import MEDICAL
from kapnotes.domain.themes import CourseTheme, SessionThemes, themes_in, themes_of


@dataclass(frozen=True, slots=True)
class CourseSoFar:
    """What of a course is read so far: `read` of `all` sessions, the oldest first; its open themes when all is read.

    `unread` counts the sessions that could not be read, or not all of them.
    """

    rows: tuple[CourseRow, ...]
    themes: tuple[CourseTheme, ...]
    read: int
    all: int
    unread: int

    @property
    def is_whole(self) -> bool:
        """Tell whether every session was looked at."""
        return self.read == self.all

    def __repr__(self) -> str:
        return f"<{self.read} of {self.all} sessions>"


class CourseView:
    """Reads the course of one patient for one seat; a new look ends the one before."""

    def __init__(self, seat: Seat) -> None:
        self._seat = seat
        self._run = 0

    def stop(self) -> None:
        """Read no further."""
        self._run += 1

    def look(self, patient_id: str, take: Callable[[CourseSoFar], None], failed: Callable[[Exception], None]) -> None:
        """Tell *take* after each session how far the course is read; nothing more once another look began."""
        self.stop()
        run, worker = self._run, self._seat.program.worker
        rows: list[CourseRow] = []
        said: list[SessionThemes] = []
        unread: list[str] = []
        seen: list[str] = []

        def tell(count: int) -> None:
            if run == self._run:
                is_whole = len(seen) == count
                themes = tuple(theme for theme in themes_of(said) if theme.is_open) if is_whole else ()
                take(CourseSoFar(tuple(rows), themes, len(seen), count, len(unread)))

        def take_one(count: int, scope_id: str, read: tuple[CourseRow | None, SessionThemes, bool] | None) -> None:
            seen.append(scope_id)
            if read is not None:
                row, themes, is_whole = read
                said.append(themes)
                if row is not None:
                    rows.append(row)
                if row is None or not is_whole:
                    unread.append(scope_id)
            tell(count)

        def miss(count: int, scope_id: str, _: Exception) -> None:
            seen.append(scope_id)
            unread.append(scope_id)
            tell(count)

        def read_each(found: tuple[list[str], tuple[int, int]]) -> None:
            scopes, window_h = found
            if not scopes:
                tell(0)
            for scope_id in scopes:
                read = partial(self._read, run, scope_id, window_h)
                worker.submit(read, partial(take_one, len(scopes), scope_id), partial(miss, len(scopes), scope_id))

        worker.submit(partial(self._scopes, run, patient_id), read_each, failed)

    # ---------------------------------------------------------------------------- on the writer's thread

    def _scopes(self, run: int, patient_id: str) -> tuple[list[str], tuple[int, int]]:
        if run != self._run or self._seat.is_locked:
            return [], (0, 0)
        window_h = ClinicDesk(self._seat).read_now().pages.window_h
        scopes = self._seat.program.library.scopes(self._seat.keyring, newest_first=False)
        return [scope.scope_id for scope in scopes if scope.patient_id == patient_id != scope.scope_id], window_h

    def _read(
        self, run: int, scope_id: str, window_h: tuple[int, int]
    ) -> tuple[CourseRow | None, SessionThemes, bool] | None:
        """Return one session's line and themes and whether all of it was read, None where nobody waits for it."""
        seat = self._seat
        if run != self._run or seat.is_locked:
            return None
        try:
            back = seat.program.library.read(seat.keyring, scope_id)
        except VaultError:
            return None, SessionThemes(), False
        record = seat.record_of(back)
        sees_doses = MEDICAL in seat.keyring.compartments
        row = course_row(record, scope_id, seat.program.clock.now(), window_h, sees_doses=sees_doses)
        themes = themes_in(record, row.number if row is not None else 0)
        return row, themes, not (back.findings or back.refused)
