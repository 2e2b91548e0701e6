"""Themes carried over: what the therapist's other sessions with the patient say of them, read once behind the rest."""

from dataclasses import replace
from functools import partial

from kapnotes.app.listeners import Listeners
from kapnotes.app.live_session import LiveSession
from kapnotes.app.seat import Seat
from kapnotes.domain.errors import KapnotesError
from kapnotes.domain.themes import CourseTheme, SessionThemes, carried_on, themes_in, themes_of


class CarryOver:
    """The themes of one course, as a session of it shows them, and what the last follow-up carries to it.

    It keeps these alone, nothing else of what was read.
    """

    def __init__(self, seat: Seat, live: LiveSession) -> None:
        self.changed: Listeners[None] = Listeners()
        self.unread: list[str] = []
        """A line for each other session that could not be read, or not all of it."""
        self.is_read = False
        self._seat = seat
        self._live = live
        self._others: list[SessionThemes] = []

    def begin(self) -> None:
        """Read the other sessions with the patient, one job for each, so that no note waits for all of them."""
        worker = self._seat.program.worker
        live = self._live

        def find() -> list[tuple[str, bool]]:
            scopes = self._seat.program.library.scopes(self._seat.keyring, newest_first=False)
            course = [scope.scope_id for scope in scopes if scope.patient_id == live.patient_id != scope.scope_id]
            here = course.index(live.scope_id) if live.scope_id in course else len(course)
            return [(one, place < here) for place, one in enumerate(course) if place != here]

        def read_each(found: list[tuple[str, bool]]) -> None:
            for scope_id, is_earlier in found:
                worker.submit(partial(self._read, scope_id, is_earlier=is_earlier), self._take, self._fail)
            worker.submit(_at_once, self._finish, self._fail)

        worker.submit(find, read_each, self._fail)

    def _read(self, scope_id: str, *, is_earlier: bool) -> tuple[SessionThemes, str]:
        """Return the themes of one session and what of it could not be read. On the writer's thread.

        Of a later session only the states count: its own themes are none that an earlier one could have known.
        """
        seat = self._seat
        back = seat.program.library.read(seat.keyring, scope_id, only=seat.member.therapy)
        unread = next((finding.line for finding in (*back.findings, *back.refused)), "")
        said = themes_in(seat.record_of(back), 0)
        if not is_earlier:
            return replace(said, themes=(), carry=None), unread
        if said.themes or said.carry:
            opened = seat.opened(scope_id)
            number = opened.number if opened is not None else 0
            themes = tuple(replace(theme, session=number) for theme in said.themes)
            said = replace(said, themes=themes, number=number)
        return said, unread

    def _take(self, read: tuple[SessionThemes, str]) -> None:
        said, unread = read
        self._others.append(said)
        if unread:
            self.unread.append(unread)

    def _fail(self, error: Exception) -> None:
        self.unread.append(str(error) if isinstance(error, KapnotesError) else type(error).__name__)

    def _finish(self, _: None) -> None:
        self.is_read = True
        self.changed.tell(None)

    def themes(self) -> tuple[CourseTheme, ...]:
        """Return the themes of the course as they stand now, those of earlier sessions first."""
        return themes_of((*self._others, self.own()))

    def carried_on(self) -> tuple[str, int] | None:
        """Return what the newest follow-up of an earlier session carries to this one, with that session's number."""
        return carried_on(self._others)

    def own(self) -> SessionThemes:
        """Return what this session says about themes."""
        opened = self._live.record.opened
        return themes_in(self._live.record, opened.number if opened is not None else 0)

    def in_sight(self) -> tuple[CourseTheme, ...]:
        """Return the themes that this session is about: the open ones, its own, and those that it settled."""
        own = self.own()
        spoken = {theme.entry_id for theme in own.themes} | {target_id for target_id, _, _ in own.states}
        return tuple(theme for theme in self.themes() if theme.is_open or theme.entry_id in spoken)


def _at_once() -> None:
    """Be done when all that was submitted before is done."""
