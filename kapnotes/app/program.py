"""The running program: one vault, one writer thread, and the seats that are signed in."""

from collections.abc import Callable, Iterable, Sequence
from contextlib import suppress
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from kapnotes.app.backup_keeper import BackupKeeper
from kapnotes.app.listeners import Listeners
from kapnotes.app.page_maker import MadeHere, PageMaker
from kapnotes.app.profile import Entropy, Profile
from kapnotes.app.secrecy import give_back_memory
from kapnotes.app.vault_care import VaultCare
from kapnotes.app.worker import Worker
from kapnotes.domain.audit import BACKED_UP, DELETED_AGAIN, LOCKED, MEMBER_ADDED, SIGNED_IN
from kapnotes.domain.clock import Clock, Stamp, jump_s, seconds_between
from kapnotes.domain.entries import Entry, Stage
from kapnotes.domain.errors import KapnotesError, NotEntitled, SavedElsewhere, VaultError
from kapnotes.domain.members import SHARED, Member, Role, may_read
from kapnotes.domain.paper_size import PaperSize
from kapnotes.domain.words import Translate
from kapnotes.vault.drafts import SUFFIX as DRAFT

if TYPE_CHECKING:
    from kapnotes.app.half_typed import Keeping
    from kapnotes.app.left_running import LeftRunning
    from kapnotes.app.live_session import LiveSession
    from kapnotes.app.pending import Written
    from kapnotes.app.seat import Seat
    from kapnotes.app.vault_watch import VaultWatch
    from kapnotes.domain.drafts import DraftLine
    from kapnotes.vault.findings import Finding
    from kapnotes.vault.heads import Standing
    from kapnotes.vault.kdf import KdfCost
    from kapnotes.vault.library import Keyring, Library

JUMP_TOLERANCE_S = 2.0
"""A wall clock that moves more than this against the boot clock has jumped; less is a time server at work."""


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
        cost: "KdfCost",
        profile: Profile,
        translate: Translate,
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
        self.cost = cost
        self._library: Library | None = None
        self._folder = Path()
        self._watch: VaultWatch | None = None
        self.written_count = 0
        """How many entries were written since the start: as long as it stays, what was read of the vault holds."""
        self._last_tick: Stamp | None = None
        self._last_anchor: Stamp | None = None
        self._leaving: list[Seat] = []
        """Locked seats whose keys are not dropped yet."""
        self._held_up: list[Seat] = []
        """Those of them that something could not be saved of; each look tries again."""
        self.backups = BackupKeeper(
            backup_worker or slow_worker, clock, profile, lambda: self._library, self._prepare_backup
        )
        self.backups.is_automatic = backup_worker is not None
        self._left: dict[str, LeftRunning] = {}
        self.backups.made.add(self._keep_that_it_is_backed_up)
        self._untold_backups: list[tuple[Stamp, str]] = []

    # ---------------------------------------------------------------------------------------- the vault

    @property
    def library(self) -> "Library":
        """Return the open vault."""
        if self._library is None:
            raise VaultError("No vault is open.")
        return self._library

    @property
    def has_vault(self) -> bool:
        """Tell whether a vault is open."""
        return self._library is not None

    @property
    def has_drafts(self) -> bool:
        """Tell whether anything half-typed was left in the vault, whosever it is."""
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
        unlock = partial(library.unlock, label, passphrase, may_change_keys=not self._is_session_running())
        self.slow_worker.submit(unlock, welcome, failed)

    def sit_down(self, seat: "Seat") -> None:
        """Take in a seat that no passphrase opened; it is locked like any other."""
        self.seats.append(seat)
        self.signed_in.tell(seat)

    def _delete_returned(self, seat: "Seat") -> None:
        from kapnotes.app.returned import Returned, delete_returned

        before = self._watch.deleted_before if self._watch is not None else ()
        is_running = self._is_session_running()

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
        seats = (*self.seats, *self._leaving)
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
        self._leaving.append(seat)
        self._note_running(seat)
        self.pages.forget()
        try:
            for give_up in tuple(seat.on_their_way):
                give_up()
            self.locked.tell(seat)  # first: a window that closes hands down what was typed
        finally:
            self._let_go(seat)

    def _let_go(self, seat: "Seat") -> None:
        """Drop the seat's keys once everything of it is on the disk; until then they are needed."""
        from kapnotes.app.left_typed import LeftTyped

        def stay(error: Exception) -> None:
            self._held_up.append(seat)
            self.tell_trouble(error)
            if sum(LeftTyped(live).enter() for live in seat.live.values()):
                self.tell_trouble(KapnotesError("The half-typed note could not be kept as a draft; it was entered."))

        def gone(untold: VaultError | None) -> None:
            if untold is not None:
                self.tell_trouble(untold)
            self._gone(seat)

        self.worker.submit(partial(self._drop_keys, seat), gone, stay)
        self.keep_anchors()

    def _gone(self, seat: "Seat") -> None:
        """Let the words go with the keys; behind the last seat, make a backup of all that it saved while it left."""
        self._leaving.remove(seat)
        _tell_the_rest(seat)  # what was committed last: the other seat still shows it as not saved
        seat.live.clear()
        _forget(None)
        if not self.seats:
            self.backups.make_if_due()

    def _drop_keys(self, seat: "Seat") -> VaultError | None:
        """Drop the keys behind all that was typed; returns what could not be told of it, for which no key is held."""
        from kapnotes.app.left_typed import LeftTyped

        untold = None
        if self.library.disk.waiting_count:
            self.library.disk.settle()
        for live in seat.live.values():
            with suppress(SavedElsewhere):  # sealed: it needs the seat's keys no more
                live.saving.write()
            LeftTyped(live).keep()
        for typing in seat.forms:
            with suppress(NotEntitled):  # the same member sits here again, and goes on with the draft
                typing.write_now()
        for tell in (seat.keep_heads_now, partial(seat.audit_now, LOCKED, seat.member.member_id)):
            try:
                tell()
            except SavedElsewhere:
                pass
            except VaultError as error:
                untold = error
        self.library.lock(seat.keyring)
        return untold

    def recognise(
        self,
        seat: "Seat",
        passphrase: str,
        done: Callable[[None], None],
        failed: Callable[[Exception], None],
    ) -> None:
        """Tell *done* if *passphrase* is that of the member who sits there, whose keys stay as they are."""
        self.slow_worker.submit(partial(self.library.recognise, seat.keyring, passphrase), done, failed)

    def _note_running(self, seat: "Seat") -> None:
        from kapnotes.app.left_running import left_running

        now = self.clock.now()
        for scope_id, live in seat.live.items():
            left = left_running(live.record, now)
            if left is not None:
                self._left[scope_id] = left

    def left_running(self) -> "tuple[LeftRunning, ...]":
        """Return the sessions that run on and that no seat has open."""
        if not self._left:
            return ()
        here = {live.scope_id for live in self.live_sessions()}
        return tuple(left for scope_id, left in self._left.items() if scope_id not in here)

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

    # ------------------------------------------------------------------------------------- live sessions

    def _is_session_running(self) -> bool:
        return any(live.record.stage is not Stage.CLOSED for live in self.live_sessions())

    def live_sessions(self) -> "Iterable[LiveSession]":
        """Give every session that is open in any seat."""
        for seat in self.seats:
            yield from seat.live.values()

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

    def share(self, source: "LiveSession", written: "Sequence[Written]") -> None:
        """Hand entries to the other seats in the same session that may read where they stand."""
        for live in self._others(source):
            entries = [one.entry for one in written if may_read(live.member, one.compartment)]
            live.hear(entries, is_saved=source.saving.is_saved)

    def session_opened(self, live: "LiveSession") -> "tuple[DraftLine, ...] | None":
        """Let a seat that opens a session catch up with what the others added and may not have saved yet.

        Returns what the same member's seat has half-typed that is leaving and could not keep it; None without one.
        """
        handed: tuple[DraftLine, ...] | None = None
        self._left.pop(live.scope_id, None)
        live.saved.add(partial(self._relay_saved, live))
        for other in self._others(live):
            entries = [one.entry for one in other.made if may_read(live.member, one.compartment)]
            live.hear(entries, is_saved=other.saving.is_saved)
            if other.member.member_id == live.member.member_id:
                handed = (*(handed or ()), *other.typing.hand_over())
        return handed

    def _relay_saved(self, source: "LiveSession", entry: Entry) -> None:
        if entry.author_id == source.member.member_id:
            self.backups.hear_saved(entry.body)
            for live in self._others(source):
                live.saving.hear_saved(entry)

    def _others(self, live: "LiveSession") -> "list[LiveSession]":
        """Return the same session in other seats, also in those that something holds up."""
        seats = [*self.seats, *self._held_up]
        every = [other for seat in seats for other in seat.live.values()]
        return [other for other in every if other is not live and other.scope_id == live.scope_id]

    def tick(self) -> None:
        """Look again: mark a clock that jumped, and try again what could not be saved. Once a second is enough."""
        now = self.clock.now()
        if self._last_tick is not None:
            jumped_s = jump_s(self._last_tick, now)
            if abs(jumped_s) > JUMP_TOLERANCE_S:
                running = (live for live in self.live_sessions() if _takes_clock_jumps(live))
                for live in {live.scope_id: live for live in running}.values():
                    live.mark_clock_jump(jumped_s)
        self._last_tick = now
        self.backups.tick()
        self.care.tick()
        for live in self.live_sessions():
            live.retry()
        for typing in (typing for seat in self.seats for typing in seat.forms if typing.has_failed):
            typing.flush()
        if self._last_anchor is None or seconds_between(self._last_anchor, now) >= ANCHOR_EVERY_S:
            self._last_anchor = now
            self.keep_anchors()
        self._try_again()

    def _try_again(self) -> None:
        """Let those go who were held up, if they can go now."""
        held_up, self._held_up = self._held_up, []
        for seat in held_up:
            self._let_go(seat)

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
        self._try_again()
        if self.keeping is not None:
            self.keeping.worker.close()
        lives = [live for seat in self._leaving for live in seat.live.values()]
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


def _takes_clock_jumps(live: "LiveSession") -> bool:
    """Tell whether a jump is to be marked: not in a session that is over, nor by who has signed it already."""
    return not live.is_read_only and live.record.stage is not Stage.CLOSED and not live.signing.is_closed(SHARED)


def _nothing(_: None) -> None:
    """Nobody waits for this outcome."""


def _forget(_: None) -> None:
    """The keys are gone: leave little of what they opened in memory."""
    give_back_memory()


def _ignore(_: Exception) -> None:
    """The next occasion tries again."""


def _tell_the_rest(seat: "Seat") -> None:
    """In a function of its own: a variable that stays would keep a session in memory that is to be forgotten."""
    for live in seat.live.values():
        live.tell_the_rest()
