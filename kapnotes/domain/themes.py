"""Themes of a course: what goes on beyond one session, open until a later word of the therapist settles it."""

from collections.abc import Iterable
from dataclasses import dataclass, replace

from kapnotes.domain.around import Theme, ThemeState
from kapnotes.domain.follow_up import FollowUp
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
    """What one session says about themes: the new ones in order, and the last state that it gives to any theme.

    `carry` is what its newest follow-up carries to the next session, empty where that carries nothing, None where there
    is no follow-up; `number` is the session's number, zero where nobody asked for it.
    """

    themes: tuple[CourseTheme, ...] = ()
    states: tuple[tuple[str, bool, int], ...] = ()
    """The id of a theme, whether it is open, and when that was entered (ns of UTC)."""
    carry: str | None = None
    number: int = 0

    def __repr__(self) -> str:
        return f"<{len(self.themes)} themes>"


def themes_in(ledger: Ledger, session: int) -> SessionThemes:
    """Return what the session of that number says about themes."""
    themes = tuple(CourseTheme(entry.entry_id, theme.text, session) for entry, theme in ledger.of(Theme))
    states = {
        state.target_id: (state.target_id, state.is_open, entry.entered.utc_ns)
        for entry, state in ledger.of(ThemeState)
    }
    follow_up = ledger.newest(FollowUp)
    carry = follow_up.carry.strip() if follow_up is not None else None
    return SessionThemes(themes, tuple(states.values()), carry, session)


def carried_on(sessions: Iterable[SessionThemes]) -> tuple[str, int] | None:
    """Return what the last of *sessions* that was followed up carries on, with that session's number; None for nothing.

    What an earlier follow-up carried on was taken up, or not, by the later one.
    """
    told = [(one.carry, one.number) for one in sessions if one.carry is not None]
    return told[-1] if told and told[-1][0] else None


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
