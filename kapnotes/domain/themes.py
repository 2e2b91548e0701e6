"""Themes of a course: what goes on beyond one session, open until a later word of the therapist settles it."""

from collections.abc import Iterable
from dataclasses import dataclass, replace

from kapnotes.domain.around import Theme, ThemeState
from kapnotes.domain.ledger import Ledger


@dataclass(frozen=True, slots=True)
class CourseTheme:
    """One theme as it stands now. `session` is the number of the session it came up in; `entry_id` the id of its entry.

    `changed_ns` is when its newest state was entered, in nanoseconds of UTC; zero where none was.
    """

    entry_id: str
    text: str
    session: int
    is_open: bool = True
    changed_ns: int = 0


@dataclass(frozen=True, slots=True)
class SessionThemes:
    """What one session says about themes: the new ones in order, and the last state that it gives to any theme."""

    themes: tuple[CourseTheme, ...] = ()
    states: tuple[tuple[str, bool, int], ...] = ()
    """The id of a theme, whether it is open, and when that was entered (ns of UTC)."""

    def __repr__(self) -> str:
        return f"<{len(self.themes)} themes>"


def themes_in(ledger: Ledger, session: int) -> SessionThemes:
    """Return what the session of that number says about themes."""
    themes = tuple(CourseTheme(entry.entry_id, theme.text, session) for entry, theme in ledger.of(Theme))
    states = {
        state.target_id: (state.target_id, state.is_open, entry.entered.utc_ns)
        for entry, state in ledger.of(ThemeState)
    }
    return SessionThemes(themes, tuple(states.values()))


def themes_of(sessions: Iterable[SessionThemes]) -> tuple[CourseTheme, ...]:
    """Return every theme of a course with its newest state, in the order of *sessions* and within them.

    Within a session the order of its own time decides which state is the newest, between sessions the wall clock: a
    session may be opened again after the one that followed it.
    """
    course = tuple(sessions)
    found = {theme.entry_id: theme for one in course for theme in one.themes}
    for target_id, is_open, at_ns in sorted((state for one in course for state in one.states), key=lambda one: one[2]):
        if target_id in found:
            found[target_id] = replace(found[target_id], is_open=is_open, changed_ns=at_ns)
    return tuple(found.values())
