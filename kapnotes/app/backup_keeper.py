"""Backups without being asked: after each session, when the last seat locks, before the program ends; and their age.

They are made on a thread of their own while the writer goes on; a failure is one line that nobody has to answer.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from kapnotes.app.listeners import Listeners
from kapnotes.app.profile import Profile
from kapnotes.app.worker import Worker
from kapnotes.domain.clock import NS_PER_S, Clock
from kapnotes.domain.errors import InputOutput, KapnotesError

if TYPE_CHECKING:
    from kapnotes.domain.entries import Body
    from kapnotes.vault.backup import Backup, Step
    from kapnotes.vault.library import Library

OLD_S = 7 * 86400
"""A backup older than this is named as such."""


class Stopped(KapnotesError):
    """A backup that was given up because the program ends; nothing of it is left."""


@dataclass(frozen=True, slots=True)
class BackupState:
    """What there is to know: when the newest was made, whether one is being made, how far it is, what went wrong."""

    newest_utc_ns: int | None = None
    is_known: bool = False
    is_running: bool = False
    percent: int = 0
    trouble: Exception | None = None

    def age_s(self, now_utc_ns: int) -> float | None:
        """Return how old the newest is; None where there is none."""
        return None if self.newest_utc_ns is None else max(0, now_utc_ns - self.newest_utc_ns) / NS_PER_S

    def is_old(self, now_utc_ns: int) -> bool:
        """Tell whether it is time for another one."""
        age_s = self.age_s(now_utc_ns)
        return self.is_known and (age_s is None or age_s > OLD_S)


class BackupKeeper:
    """Lives on the thread of the windows; `changed` tells every new state there, `made` every new backup.

    *prepare* does what has to be in the vault before it is copied, and then calls what it is given.
    """

    def __init__(
        self,
        worker: Worker,
        clock: Clock,
        profile: Profile,
        library: "Callable[[], Library | None]",
        prepare: Callable[[Callable[[], None]], None],
    ) -> None:
        self.state = BackupState()
        self.changed: Listeners[BackupState] = Listeners()
        self.made: Listeners[Path] = Listeners()
        self.is_automatic = True
        self.is_due = False
        self._worker = worker
        self._clock = clock
        self._profile = profile
        self._library = library
        self._prepare = prepare
        self._is_stopping = False
        self._percent = 0

    # -------------------------------------------------------------------------------------------- asking

    def look(self) -> None:
        """Look how old the newest backup is."""
        self._worker.submit(self._newest, self._take_newest, self._fail)

    def make(self, done: Callable[[], None] | None = None) -> None:
        """Make one now, and tell *done* when it is there or has failed; while one is being made, it is that one."""
        if done is not None:
            self._tell_at_end(done)
        if self.state.is_running:
            return
        self.is_due = False
        self._is_stopping = False
        self._percent = 0
        self._show(replace(self.state, is_running=True, percent=0, trouble=None))
        self._prepare(lambda: self._worker.submit(self._make, self._made, self._fail))

    @property
    def is_wanted(self) -> bool:
        """Tell whether to wait for one before the program ends: something was written since the last."""
        return self.is_automatic and (self.is_due or self.state.is_running)

    def make_if_due(self) -> None:
        """Make one if something was written since the last."""
        if self.is_automatic and self.is_due:
            self.make()

    def hear_written(self, body: "Body") -> None:
        """Hear, on any thread, that an entry is on the disk; what only tells of the record asks for no backup."""
        from kapnotes.domain.custody import Heads  # the first window is made before any entry is known
        from kapnotes.domain.entries import Audit

        if not isinstance(body, Audit | Heads):
            self.is_due = True

    def hear_saved(self, body: "Body") -> None:
        """Hear that an entry of a session was saved; the end of the session asks for a backup at once."""
        from kapnotes.domain.entries import Phase, Stage, content_of  # as above

        said = content_of(body)
        if self.is_automatic and isinstance(said, Phase) and said.stage is Stage.CLOSED:
            self.make()

    def tick(self) -> None:
        """Show how far it is."""
        if self.state.is_running and self.state.percent != self._percent:
            self._show(replace(self.state, percent=self._percent))

    def stop(self) -> None:
        """Give up what is being made and begin nothing more, for the program ends."""
        self.is_automatic = False
        self._is_stopping = True

    def close(self) -> None:
        """Give up what is being made and wait until its thread is free."""
        self.stop()
        self._worker.close()

    # ------------------------------------------------------------------------------ on the keeper's own thread

    def _make(self) -> "tuple[Backup, Exception | None]":
        library = self._library()
        if library is None:
            raise Stopped("No vault is open.")
        elsewhere = self._profile.backup_folder
        if elsewhere is None:
            return library.backups.make(None, self._tell), None
        try:
            return library.backups.make(elsewhere, self._tell), None
        except InputOutput as error:  # the stick is not there, say: better here than nowhere
            return library.backups.make(None, self._tell), error

    def _tell(self, step: "Step", done: int, of: int) -> None:
        if self._is_stopping:
            raise Stopped("The backup was given up; nothing of it is left.")
        share = {"copying": (0, 20), "writing": (20, 20), "checking": (40, 60)}[step]
        self._percent = share[0] + share[1] * done // max(of, 1)

    def _newest(self) -> int | None:
        library = self._library()
        if library is None:
            return None
        places: set[Path | None] = {None, self._profile.backup_folder}
        every = [one.manifest.utc_ns for place in places for one in library.backups.generations(place)]
        return max(every, default=None)

    # -------------------------------------------------------------------------------------------- hearing

    def _take_newest(self, newest_utc_ns: int | None) -> None:
        self._show(replace(self.state, newest_utc_ns=newest_utc_ns, is_known=True))

    def _made(self, outcome: "tuple[Backup, Exception | None]") -> None:
        made, trouble = outcome
        if made.findings and trouble is None:
            trouble = KapnotesError(
                "The backup is made, but the vault is not whole: {line}", line=made.findings[0].line
            )
        self._show(BackupState(made.manifest.utc_ns, is_known=True, trouble=trouble))
        self.made.tell(made.path)

    def _fail(self, error: Exception) -> None:
        self.is_due = True
        trouble = None if isinstance(error, Stopped) else error
        self._show(replace(self.state, is_running=False, trouble=trouble))

    def _show(self, state: BackupState) -> None:
        self.state = state
        self.changed.tell(state)

    def _tell_at_end(self, done: Callable[[], None]) -> None:
        def hear(state: BackupState) -> None:
            if not state.is_running:
                self.changed.remove(hear)
                done()

        self.changed.add(hear)
