"""The file `attempts`: failed sign-ins, so that guessing is slow and no guessing goes unseen.

It is a brake and no lock: the answer to the next try waits up to 30 s, and nobody is ever shut out. Whoever can edit
the folder can take the file away; then there is no delay, and that is said. It holds no name but the member's id.
"""

import contextlib
import math
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import msgspec

from kapnotes.domain.clock import Clock, Stamp, seconds_between
from kapnotes.domain.errors import TooSoon, VaultError, WrongPassphrase
from kapnotes.domain.notices import Notice
from kapnotes.vault import files, strict
from kapnotes.vault.faults import damaged, speaking_of

NAME = "attempts"

FREE_TRIES = 3
"""So many slips of the finger are answered at once."""

LONGEST_DELAY_S = 30

KEPT = 200
"""So many failures are kept one by one until they are reported; of more, only how many."""


class FailedSignIn(msgspec.Struct, frozen=True):
    """One failure. `member` is an id in hex digits, zeros where there is no member of the name that was given."""

    member: str
    utc_ns: int
    offset_min: int
    boot_ns: int
    boot_id: str

    @property
    def happened(self) -> Stamp:
        """Return when it was."""
        return Stamp(self.utc_ns, self.offset_min, self.boot_ns, self.boot_id)


class _Failing(msgspec.Struct, frozen=True):
    """How often a member failed since the last success, and the last time."""

    member: str
    in_a_row: int
    last: FailedSignIn


class _Kept(msgspec.Struct, frozen=True):
    """What the file holds; `unreported` are failures that do not stand in the audit trail yet."""

    failing: tuple[_Failing, ...] = ()
    unreported: tuple[FailedSignIn, ...] = ()
    further: int = 0


@dataclass(frozen=True, slots=True)
class Unreported:
    """Failures for the audit trail, oldest first, how many further ones there were, and whether the list was lost."""

    failures: tuple[FailedSignIn, ...]
    further: int
    is_lost: bool

    def __bool__(self) -> bool:
        return bool(self.failures or self.further or self.is_lost)


def delay_s(in_a_row: int) -> int:
    """Return how long after so many failures in a row the next try waits: 0, 0, 0, 1, 2, 4 … 30 seconds."""
    return 0 if in_a_row <= FREE_TRIES else min(LONGEST_DELAY_S, 2 ** min(in_a_row - FREE_TRIES - 1, 8))


def begin(folder: Path) -> None:
    """Make the file of a new vault, so that a missing one can be told from none yet."""
    with speaking_of(NAME):
        files.write_whole(folder / NAME, strict.with_hash(strict.encoded(_Kept())))


def check(folder: Path) -> None:
    """See that the file, if it is there, is as it was written.

    Raises:
        DataDamaged, InputOutput: it is not.
    """
    _load(folder / NAME)


class Attempts:
    """The failed sign-ins of one open vault. A file that cannot be used stops nobody from signing in."""

    def __init__(self, folder: Path, clock: Clock) -> None:
        self._path = folder / NAME
        self._clock = clock
        self._turn = threading.Lock()
        self._door = threading.Lock()
        self.notice: Notice | None = None
        """What is wrong with the file, if anything."""
        self._is_lost = False
        """Whether the list was missing or damaged; the next report says so."""
        self._kept = self._load()

    @contextlib.contextmanager
    def counted(self, member: str, label: str) -> Iterator[None]:
        """Count what the block does as a try of *member* (an id in hex digits); one try at a time.

        Raises:
            TooSoon: the delay after the last failure has not passed; the passphrase was not looked at.
        """
        with self._turn:
            wait_s = self.wait_s(member)
            if wait_s:
                raise TooSoon("Too many wrong passphrases for {label}. Try again in {wait_s} s.", wait_s, label=label)
            try:
                yield
            except WrongPassphrase:
                self._note_failure(member)
                raise
            self._note_success(member)

    def wait_s(self, member: str) -> int:
        """Return for how many whole seconds the next try of *member* is not answered."""
        failing = self._failing(member)
        if failing is None:
            return 0
        passed_s = seconds_between(failing.last.happened, self._clock.now())
        if passed_s < 0:
            return 0  # the wall clock was set back over a restart; waiting for it could last for years
        return max(0, math.ceil(delay_s(failing.in_a_row) - passed_s))

    @property
    def unreported(self) -> Unreported:
        """Return what does not stand in the audit trail yet."""
        with self._door:
            return Unreported(self._kept.unreported, self._kept.further, self._is_lost)

    def report(self, told: Unreported) -> None:
        """Forget *told*, which stands in the audit trail now."""
        with self._door:
            self._is_lost = self._is_lost and not told.is_lost
            left = self._kept.unreported[len(told.failures) :]  # what came meanwhile stands behind
            self._keep(_Kept(self._kept.failing, left, self._kept.further - told.further))

    # ------------------------------------------------------------------------------------------- inside

    def _failing(self, member: str) -> _Failing | None:
        with self._door:
            return next((one for one in self._kept.failing if one.member == member), None)

    def _note_failure(self, member: str) -> None:
        before = self._failing(member)
        now = self._clock.now()
        failure = FailedSignIn(member, now.utc_ns, now.offset_min, now.boot_ns, now.boot_id)
        with self._door:
            kept = self._kept
            others = tuple(one for one in kept.failing if one.member != member)
            failing = _Failing(member, (before.in_a_row if before else 0) + 1, failure)
            is_full = len(kept.unreported) >= KEPT
            unreported = kept.unreported if is_full else (*kept.unreported, failure)
            self._keep(_Kept((*others, failing), unreported, kept.further + is_full))

    def _note_success(self, member: str) -> None:
        if self._failing(member) is not None:
            with self._door:
                others = tuple(one for one in self._kept.failing if one.member != member)
                self._keep(_Kept(others, self._kept.unreported, self._kept.further))

    def _keep(self, kept: _Kept) -> None:
        """Keep it here and in the file; a file that cannot be written leaves the delay to this program alone."""
        self._kept = kept
        try:
            with speaking_of(NAME):
                files.write_whole(self._path, strict.with_hash(strict.encoded(kept)))
        except VaultError:
            self.notice = Notice("Failed sign-ins cannot be kept here: the disk does not take the list of them.")
        else:
            self.notice = None

    def _load(self) -> _Kept:
        try:
            kept = _load(self._path)
        except VaultError:
            self.notice = Notice("The list of failed sign-ins is damaged. It begins anew; there was no delay.")
            kept = None
        else:
            if kept is None:
                self.notice = Notice("The list of failed sign-ins is missing. It begins anew; there was no delay.")
        self._is_lost = kept is None
        return kept or _Kept()


def _load(path: Path) -> _Kept | None:
    with speaking_of(NAME):
        if not path.exists():
            return None
        if not path.is_file():
            raise damaged(NAME)
        written = path.read_bytes()
    kept = strict.decoded_with_hash(written, _Kept)
    if kept is None:
        raise damaged(NAME)
    return kept
