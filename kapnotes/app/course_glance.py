"""What a therapist sees of a patient before a session: the open themes, and what using the pad took in the last ones.

Read from the own notes alone, behind everything else and one session at a time; nothing of it is kept on the disk.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import partial

from kapnotes.app.seat import Seat
from kapnotes.domain.around import PadUse
from kapnotes.domain.errors import VaultError
from kapnotes.domain.pad_use import total_use
from kapnotes.domain.themes import CourseTheme, SessionThemes, carried_on, themes_in, themes_of


@dataclass(frozen=True, slots=True)
class Glance:
    """The open themes of one patient, oldest session first, and the use of the pad by session (its scope's id).

    `carried` is what the newest follow-up carries on, with the number of its session.
    `unread` counts the sessions that could not be read, or not all of them.
    """

    patient_id: str
    themes: tuple[CourseTheme, ...]
    use: dict[str, PadUse]
    unread: int = 0
    carried: tuple[str, int] | None = None

    def __repr__(self) -> str:
        return f"<{len(self.themes)} open themes>"


class CourseGlance:
    """Looks at one patient at a time for one seat; a new look ends the one before."""

    def __init__(self, seat: Seat) -> None:
        self._seat = seat
        self._run = 0

    def stop(self) -> None:
        """Look no further."""
        self._run += 1

    def look(self, patient_id: str, done: Callable[[Glance], None]) -> None:
        """Read the own notes of that patient's sessions; *done* hears it once, and nothing where another look began."""
        self.stop()
        run = self._run
        worker = self._seat.program.worker
        said: list[SessionThemes] = []
        use: dict[str, PadUse] = {}
        unread: list[str] = []

        def take(read: tuple[str, SessionThemes, PadUse | None, bool] | None) -> None:
            if read is None:
                return
            scope_id, themes, used, is_whole = read
            said.append(themes)
            if used is not None:
                use[scope_id] = used
            if not is_whole:
                unread.append(scope_id)

        def fail(_: Exception) -> None:
            unread.append("")

        def finish(_: None) -> None:
            if run == self._run:
                themes = tuple(theme for theme in themes_of(said) if theme.is_open)
                done(Glance(patient_id, themes, use, len(unread), carried_on(said)))

        def read_each(found: list[str]) -> None:
            for scope_id in found:
                worker.submit(partial(self._read, run, scope_id), take, fail)
            worker.submit(_at_once, finish, fail)

        worker.submit(partial(self._scopes, run, patient_id), read_each, fail)

    # ---------------------------------------------------------------------------- on the writer's thread

    def _scopes(self, run: int, patient_id: str) -> list[str]:
        if run != self._run or self._seat.is_locked:
            return []
        scopes = self._seat.program.library.scopes(self._seat.keyring, newest_first=False)
        return [scope.scope_id for scope in scopes if scope.patient_id == patient_id != scope.scope_id]

    def _read(self, run: int, scope_id: str) -> tuple[str, SessionThemes, PadUse | None, bool] | None:
        """Return what the own notes of one session say, None where nobody waits for it any more."""
        seat = self._seat
        if run != self._run or seat.is_locked:
            return None
        try:
            back = seat.program.library.read(seat.keyring, scope_id, only=seat.member.therapy)
            record = seat.record_of(back)
            said = themes_in(record, 0)
            opened = seat.opened(scope_id) if said.themes or said.carry else None
        except VaultError:
            return scope_id, SessionThemes(), None, False
        if opened is not None:
            themes = tuple(replace(theme, session=opened.number) for theme in said.themes)
            said = replace(said, themes=themes, number=opened.number)
        return scope_id, said, total_use(record), not (back.findings or back.refused)


def _at_once() -> None:
    """Be done when all that was submitted before is done."""
