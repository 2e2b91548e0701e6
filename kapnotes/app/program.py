"""The running program: one vault, one writer thread, and the seats that are signed in."""

from collections.abc import Callable, Iterable
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from kapnotes.app.backup_keeper import BackupKeeper
from kapnotes.app.leaving_seats import LeavingSeats
from kapnotes.app.listeners import Listeners
from kapnotes.app.page_maker import MadeHere, PageMaker
from kapnotes.app.profile import Entropy, Profile
from kapnotes.app.shared_sessions import SharedSessions
from kapnotes.app.vault_care import VaultCare
from kapnotes.app.worker import Worker
from kapnotes.domain.audit_acts import BACKED_UP, DELETED_AGAIN, MEMBER_ADDED, SIGNED_IN
from kapnotes.domain.clock import Clock, Stamp, seconds_between
from kapnotes.domain.errors import KapnotesError, SavedElsewhere, VaultError
from kapnotes.domain.members import Member, Role
from kapnotes.domain.paper_size import PaperSize
from kapnotes.domain.words import Translate

if TYPE_CHECKING:
    from kapnotes.app.keeping import Keeping
    from kapnotes.app.live_session import LiveSession
    from kapnotes.app.pending import Written
    from kapnotes.app.seat import Seat
    from kapnotes.app.vault_watch import VaultWatch
    from kapnotes.vault.findings import Finding
    from kapnotes.vault.heads import Standing
    from kapnotes.vault.kdf import KdfCost
    from kapnotes.vault.library import Keyring, Library

ANCHOR_EVERY_S = 60.0
"""How often this computer remembers how far the vault has come, beside each lock, export and close."""


class Program:
    """What all windows share. It lives on the thread of the windows; the library is used on the writer's alone."""

    def __init__(
        self,
        *,
        clock: Clock,
        entropy: Entropy,
        worker: Worker,
        slow_worker: Worker,
        profile: Profile,
        translate: Translate,
        cost: "KdfCost | None" = None,
        backup_worker: Worker | None = None,
        keeping: "Keeping | None" = None,
        paper: PaperSize = PaperSize.A4,
        pages: PageMaker | None = None,
    ) -> None:
        self.clock = clock
        self.entropy = entropy
        self.worker = worker
        self.slow_worker = slow_worker
        self.profile = profile
        self.translate = translate
        self.paper = paper
        """The size of every page that is made."""
        self.pages: PageMaker = pages or MadeHere()
        self.keeping = keeping
        """What keeps half-typed lines on the disk; None where nobody types."""
        self.seats: list[Seat] = []
        self.signed_in: Listeners[Seat] = Listeners()
        self.locked: Listeners[Seat] = Listeners()
        self.trouble: Listeners[Exception] = Listeners()
        self.here_anyway: Path | None = None
        """A folder that is used though it is on a network or synchronised; opened once, it is remembered."""
        self.care = VaultCare(clock, worker, slow_worker, lambda: self._library)
        self._cost = cost
        self._library: Library | None = None
        self._folder = Path()
        self._watch: VaultWatch | None = None
        self.written_count = 0
        """How many entries were written since the start: as long as it stays, what was read of the vault holds."""
        self._last_anchor: Stamp | None = None
        self.backups = BackupKeeper(
            backup_worker or slow_worker, clock, profile, lambda: self._library, self._prepare_backup
        )
        self.backups.is_automatic = backup_worker is not None
        self.backups.made.add(self._keep_that_it_is_backed_up)
        self._untold_backups: list[tuple[Stamp, str]] = []
        self.leaving = LeavingSeats(
            worker, lambda: self.library, trouble=self.tell_trouble, gone=self._has_left, keep_anchors=self.keep_anchors
        )
        """Locked seats whose keys are not dropped yet."""
        self.sessions = SharedSessions(clock, self._lives, self.leaving.held_up, self.backups.hear_saved)
        """The sessions that are open."""

    # ---------------------------------------------------------------------------------------- the vault

    @property
    def library(self) -> "Library":
        """Return the open vault."""
        if self._library is None:
            raise VaultError("No vault is open.")
        return self._library

    @property
    def cost(self) -> "KdfCost":
        """Return what a new passphrase costs to try: the standard one, unless another was handed in."""
        from kapnotes.vault.kdf import STANDARD_COST  # knows ciphers, which the first window does without

        return self._cost or STANDARD_COST

    @property
    def has_vault(self) -> bool:
        """Tell whether a vault is open."""
        return self._library is not None

    @property
    def has_drafts(self) -> bool:
        """Tell whether anything half-typed was left in the vault, whosever it is."""
        from kapnotes.vault.drafts import SUFFIX as DRAFT  # knows ciphers, which the first window does without

        return any(self._folder.glob(f"*{DRAFT}"))

    def members(self) -> tuple[Member, ...]:
        """Return the members of the open vault, for the sign-in window."""
        return self.library.members()

    def known_words(self) -> list[str]:
        """Return what is no secret here and no part of a passphrase: members' names, patients' codes in open seats."""
        return [member.label for member in self.members()] + [code for seat in self.seats for code in seat.codes]

    def create_vault(
        self,
        folder: Path,
        label: str,
        roles: frozenset[Role],
        passphrase: str,
        done: Callable[[None], None],
        failed: Callable[[Exception], None],
    ) -> None:
        """Make a new vault with its first member, and open it."""

        def job() -> None:
            from kapnotes.vault.faults import making
            from kapnotes.vault.library import create

            self._see_that_it_is_here(folder)
            with making(folder):
                folder.parent.mkdir(parents=True, exist_ok=True)
            create(folder, label, roles, passphrase, cost=self.cost, entropy=self.entropy, clock=self.clock)
            self._open(folder)

        self.worker.submit(job, partial(self._opened, done), failed)

    def open_vault(
        self,
        folder: Path,
        done: Callable[[None], None],
        failed: Callable[[Exception], None],
    ) -> None:
        """Open the vault in *folder*; nobody is signed in yet."""
        self.worker.submit(partial(self._open, folder), partial(self._opened, done), failed)

    def _opened(self, done: Callable[[None], None], _: None) -> None:
        self.care.opened()
        done(None)

    def _see_that_it_is_here(self, folder: Path) -> None:
        from kapnotes.app.whereabouts import see_that_it_is_here

        see_that_it_is_here(folder, self.profile, here_anyway=folder == self.here_anyway)

    def _open(self, folder: Path) -> None:
        from kapnotes.vault.library import Library  # on the writer's thread: the first window waits for no vault

        if self._library is not None:
            self._close_vault()
        from kapnotes.app.anchors import Anchors
        from kapnotes.app.vault_watch import VaultWatch

        self._see_that_it_is_here(folder)
        self._folder = folder
        device_id = self.profile.device_id(folder)
        self._library = Library.open(
            folder,
            device_id=device_id,
            entropy=self.entropy,
            clock=self.clock,
            second_place=self.profile.folder,
        )
        self._watch = VaultWatch(self._library, Anchors(self.profile.folder))
        self.profile.remember(folder)

    @property
    def behind(self) -> "tuple[Finding, ...]":
        """Return where the vault is older than it was last seen from this computer, a line for each file."""
        return self._watch.behind if self._watch is not None else ()

    def begin_anew(self) -> None:
        """Take the vault for what it is, once a member has said why it is older. On the writer's thread."""
        if self._watch is not None:
            self._watch.begin_anew()

    def keep_anchors(self) -> None:
        """Let this computer remember how far the vault has come; nobody waits for it."""
        watch = self._watch
        if watch is not None:

            def remember(standing: "Standing | None") -> None:
                if standing is not None:
                    self.slow_worker.submit(partial(watch.remember, standing), _nothing, _ignore)

            self.worker.submit(watch.look, remember, _ignore)

    # -------------------------------------------------------------------------------------------- seats

    def sign_in(
        self,
        label: str,
        passphrase: str,
        done: "Callable[[Seat], None]",
        failed: Callable[[Exception], None],
    ) -> None:
        """Sign a member in; two members may be signed in at once, each in an own seat."""
        if self._is_here(label):
            failed(KapnotesError("{label} is signed in already.", label=label.strip()))
            return
        library = self.library

        def welcome(keyring: "Keyring") -> None:
            if self._is_here(keyring.member.label):  # signed in twice at once: the second one goes
                self.worker.submit(partial(library.lock, keyring), _nothing, self.tell_trouble)
                failed(KapnotesError("{label} is signed in already.", label=keyring.member.label))
                return
            from kapnotes.app.failed_sign_ins import report_failed_sign_ins
            from kapnotes.app.seat import Seat

            seat = Seat(self, keyring)
            self.worker.submit(partial(library.newest_entered, keyring), self.care.hear_newest, _ignore)
            self.worker.submit(partial(report_failed_sign_ins, seat, library), _nothing, self.tell_trouble)
            seat.audit(SIGNED_IN, seat.member.member_id)
            seat.note_restored()
            self._delete_returned(seat)
            self.seats.append(seat)
            self._tell_backups()
            done(seat)
            self.signed_in.tell(seat)

        # not on the writer's thread: deriving a key takes half a second, and no note waits for that
        unlock = partial(library.unlock, label, passphrase, may_change_keys=not self.sessions.is_any_running)
        self.slow_worker.submit(unlock, welcome, failed)

    def sit_down(self, seat: "Seat") -> None:
        """Take in a seat that no passphrase opened; it is locked like any other."""
        self.seats.append(seat)
        self.signed_in.tell(seat)

    def _delete_returned(self, seat: "Seat") -> None:
        from kapnotes.app.returned import Returned, delete_returned

        before = self._watch.deleted_before if self._watch is not None else ()
        is_running = self.sessions.is_any_running

        def job() -> Returned | None:
            returned = delete_returned(self.library, seat.keyring, before, is_session_running=is_running)
            if returned is not None and returned.is_deleted_again:
                seat.audit_now(DELETED_AGAIN)
            return returned

        def told(returned: Returned | None) -> None:
            seat.returned = returned
            self.keep_anchors()

        if before:
            self.worker.submit(job, told, self.tell_trouble)

    def seat_of(self, member: Member) -> "Seat | None":
        """Return where that member sits, or is still leaving with the keys, None where nowhere."""
        seats = (*self.seats, *self.leaving.seats)
        return next((seat for seat in seats if seat.member.member_id == member.member_id), None)

    def wait_s(self, label: str) -> int:
        """Return for how many seconds the next passphrase of that member is not looked at."""
        return self.library.wait_s(label)

    def _is_here(self, label: str) -> bool:
        return any(seat.member.label.casefold() == label.strip().casefold() for seat in self.seats)

    def lock(self, seat: "Seat") -> None:
        """Drop the seat's keys, behind everything it still has to save; its windows close at once."""
        if seat.is_locked:
            return
        seat.is_locked = True
        self.seats.remove(seat)
        self.leaving.seats.append(seat)
        self.sessions.note_running(seat.live.values())
        self.pages.forget()
        try:
            for give_up in tuple(seat.on_their_way):
                give_up()
            self.locked.tell(seat)  # first: a window that closes hands down what was typed
        finally:
            self.leaving.let_go(seat)

    def recognise(
        self,
        seat: "Seat",
        passphrase: str,
        done: Callable[[None], None],
        failed: Callable[[Exception], None],
    ) -> None:
        """Tell *done* if *passphrase* is that of the member who sits there, whose keys stay as they are."""
        self.slow_worker.submit(partial(self.library.recognise, seat.keyring, passphrase), done, failed)

    def add_member(
        self,
        by: "Seat",
        label: str,
        roles: frozenset[Role],
        passphrase: str,
        done: Callable[[Member], None],
        failed: Callable[[Exception], None],
    ) -> None:
        """Add a member with an own passphrase; needs a seat of an administrator."""

        def added(member: Member) -> None:
            by.audit(MEMBER_ADDED, member.member_id)
            done(member)

        add = partial(self.library.add_member, by.keyring, label, passphrase, roles, cost=self.cost)
        self.slow_worker.submit(add, added, failed)

    def _has_left(self) -> None:
        """Behind the last seat, make a backup of all that it saved while it left."""
        if not self.seats:
            self.backups.make_if_due()

    def _lives(self) -> "Iterable[LiveSession]":
        for seat in self.seats:
            yield from seat.live.values()

    # ------------------------------------------------------------------------------------------ backups

    def _prepare_backup(self, then: Callable[[], None]) -> None:
        """Keep the ends of all logs in `shared` before it is copied; if that fails, a backup is needed all the more."""
        self.worker.submit(self._keep_heads, lambda _: then(), lambda _: then())

    def _keep_heads(self) -> None:
        for seat in tuple(self.seats):
            seat.keep_heads_now()

    def _keep_that_it_is_backed_up(self, path: Path) -> None:
        """Keep in the audit trail that there is one more copy; one behind the last seat waits for the next sign-in."""
        self._untold_backups.append((self.clock.now(), path.name))
        self._tell_backups()

    def _tell_backups(self) -> None:
        writers = [seat for seat in self.seats if seat.has_passphrase]
        if writers:
            untold, self._untold_backups = self._untold_backups, []
            for made_at, name in untold:
                tell = partial(writers[0].audit_now, BACKED_UP, name, made_at)
                self.worker.submit(tell, _nothing, self.tell_trouble)

    def written(self, written: "Written") -> None:
        """Hear, on the writer's thread, that an entry is on the disk."""
        self.written_count += 1
        self.backups.hear_written(written.entry.body)

    def tick(self) -> None:
        """Look again: mark a clock that jumped, and try again what could not be saved. Once a second is enough."""
        self.sessions.look_at_clock()
        self.backups.tick()
        self.care.tick()
        for live in self.sessions.here():
            live.retry()
        for typing in (typing for seat in self.seats for typing in seat.forms if typing.has_failed):
            typing.flush()
        now = self.clock.now()
        if self._last_anchor is None or seconds_between(self._last_anchor, now) >= ANCHOR_EVERY_S:
            self._last_anchor = now
            self.keep_anchors()
        self.leaving.try_again()

    # -------------------------------------------------------------------------------------------- ending

    def new_id(self) -> str:
        """Return a new random id, 32 hex digits."""
        return self.entropy(16).hex()

    def tell_trouble(self, error: Exception) -> None:
        """Let the windows show a failure that no call waits for; what waits in a second place has its own line."""
        if isinstance(error, SavedElsewhere):
            self.care.tell()
        else:
            self.trouble.tell(error)

    def close_seats(self) -> None:
        """Lock every seat."""
        for seat in tuple(self.seats):
            self.lock(seat)

    def close(self) -> int:
        """Lock every seat, close the vault and wait for all workers; returns how many entries could not be saved."""
        from kapnotes.app.left_typed import LeftTyped

        self.backups.stop()
        self.slow_worker.close()
        self.close_seats()
        self.pages.close()
        self.leaving.try_again()
        if self.keeping is not None:
            self.keeping.worker.close()
        lives = self.leaving.lives()
        for live in lives:
            LeftTyped(live).keep_or_enter()  # here: no news of a job that failed is heard any more
        self.backups.close()
        if self._library is not None:
            self.worker.submit(self._close_vault, _nothing, self.tell_trouble)
        self.worker.close()
        return sum(
            len(live.saving.unsaved) - live.saving.elsewhere_count + len(LeftTyped(live).unkept) for live in lives
        )

    def _close_vault(self) -> None:
        """Close the vault behind all that was to be written. On the writer's thread."""
        library, self._library = self._library, None
        watch, self._watch = self._watch, None
        standing = watch.look_at_all() if watch is not None else None
        try:
            if library is not None:
                self.care.close(library)
        finally:
            if watch is not None:
                watch.remember(standing)


def _nothing(_: None) -> None:
    """Nobody waits for this outcome."""


def _ignore(_: Exception) -> None:
    """The next occasion tries again."""
