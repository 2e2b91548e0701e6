"""What the command line can do with a vault: each call opens it, does one thing, and closes it."""

import json
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass, replace
from functools import partial
from pathlib import Path

from kapnotes.app.anchors import Anchors
from kapnotes.app.audit_desk import AuditDesk
from kapnotes.app.command_paths import see_that_it_holds_files, see_that_it_is_outside
from kapnotes.app.documents import Document, Page
from kapnotes.app.live_session import LiveSession
from kapnotes.app.paper import PaperDesk
from kapnotes.app.program import Program
from kapnotes.app.seat import Seat, SessionCard
from kapnotes.domain.clock import Clock, seconds_between
from kapnotes.domain.errors import KapnotesError, VaultError, WrongPassphrase
from kapnotes.domain.members import Member
from kapnotes.domain.paper_head import read_head
from kapnotes.domain.words import counted
from kapnotes.vault import restore
from kapnotes.vault.backup import Progress, Step
from kapnotes.vault.bundle import is_backup
from kapnotes.vault.findings import PRECEDENCE
from kapnotes.vault.roster import folded
from kapnotes.vault.spill import waiting_in
from kapnotes.vault.verify import Report, verify

SHORTEST_PREFIX = 4
"""A session may be named by so many of its first digits, where they fit one alone."""


@dataclass(frozen=True, slots=True)
class Listed:
    """The sessions that a member can see, the newest first, a line each; and the files that did not open."""

    lines: tuple[str, ...]
    unopened: tuple[VaultError, ...]


def list_sessions(program: Program, vault: Path, label: str, passphrase: str) -> Listed:
    """Return the sessions that the member can see."""
    with _seat(program, vault, label, passphrase) as seat:
        return Listed(tuple(_line(card) for card in seat.session_cards()), seat.unopened)


def _line(card: SessionCard) -> str:
    opened = card.opened
    return (
        f"{card.scope_id[:12]}  {card.opened_at.local():%Y-%m-%d %H:%M}  {opened.patient_code}  "
        f"session {opened.number}  {opened.route}  {card.stage}"
    )


@dataclass(frozen=True, slots=True)
class Audited:
    """How many lines of the audit trail were written; and the files that did not open, though it needs none of them."""

    count: int
    unopened: tuple[VaultError, ...]


@dataclass(frozen=True, slots=True)
class Exported:
    """What opens the pages that were written, and what of the session could not be read for them, a line each.

    The passphrase is empty for data, which are not encrypted.

    `code` is 0, or the exit code of a file that did not open: its compartment is missing from the pages.
    """

    passphrase: str
    unread: tuple[str, ...]
    code: int


def export_page(
    program: Program,
    vault: Path,
    label: str,
    passphrase: str,
    *,
    session: str,
    document: Document,
    recipient: str,
    path: Path,
    may_replace: bool,
    may_be_notes: bool = False,
) -> Exported:
    """Put a session's pages or data at *path*, logged as from the windows.

    Raises:
        KapnotesError: the session is not there, something stands at *path*, it cannot be written, or these are process
            notes and nobody confirmed that they are meant.
    """
    if document is Document.NOTES and not may_be_notes:
        raise KapnotesError(
            "These are psychotherapy notes (45 CFR 164.501), kept apart from the record and for their author alone; "
            "with --confirm-psychotherapy-notes they are written."
        )
    if document is Document.NOTES and recipient:
        raise KapnotesError("Process notes leave for their author alone; leave out --for.")
    if path.exists() and not may_replace:
        raise KapnotesError("{path} is there already; --replace replaces it.", path=path)
    lives: list[LiveSession] = []
    pages: list[Page] = []
    with _seat(program, vault, label, passphrase) as seat:
        card = _named(list(seat.session_cards()), session)
        seat.open_session(card, lives.append, _raise)
        desk = PaperDesk(seat, lives[0], program.slow_worker, program.entropy, program.translate)
        desk.save(document, recipient, path, pages.append, _raise)
        code = max((cause.exit_code for cause in seat.unopened), default=0)
        return Exported(pages[0].passphrase, lives[0].unread, code)


def export_audit(program: Program, vault: Path, label: str, passphrase: str, path: Path) -> Audited:
    """Put the audit trail at *path* as CSV.

    Raises:
        KapnotesError: something stands at *path*, or it cannot be written.
    """
    counts: list[int] = []
    with _seat(program, vault, label, passphrase) as seat:
        AuditDesk(seat, program.translate).save(path, counts.append, _raise)
        return Audited(counts[0], seat.unopened)


def _named(cards: list[SessionCard], session: str) -> SessionCard:
    wanted = session.strip().casefold()
    found = [card for card in cards if len(wanted) >= SHORTEST_PREFIX and card.scope_id.startswith(wanted)]
    if len(found) == 1:
        return found[0]
    reason = "fits several sessions; write more of it" if found else "is no session that this member sees"
    raise KapnotesError("“{session}” {reason}; kapnotes sessions lists them.", session=session[:32], reason=reason)


def check(
    vault: Path,
    label: str | None,
    passphrase: str | None,
    *,
    as_json: bool,
    profile: Path | None = None,
    head: str | None = None,
) -> tuple[str, int]:
    """Verify a vault, or a backup of one; returns what to print and the exit code.

    With a *profile* a vault is also compared with how it was last seen from there, with the *head* of a page with what
    that page was made from.

    Raises:
        KapnotesError: *head* does not read as one, or is to be looked for in a backup.
    """
    claim = read_head(head) if head is not None else None
    if is_backup(vault):
        if claim is not None:
            raise KapnotesError("A head is looked for in a vault; restore the backup into a new folder first.")
        report = restore.check(vault, label=label, passphrase=passphrase)
    else:
        last_seen = Anchors(profile).last_seen if profile is not None else None
        report = verify(vault, label=label, passphrase=passphrase, last_seen=last_seen, head=claim)
        waiting = waiting_in(profile, vault) if profile is not None else None
        if waiting is not None:
            report = replace(report, findings=(*report.findings, waiting))
    return (_as_json(report) if as_json else _as_text(report)), report.exit_code


def back_up(program: Program, vault: Path, path: Path, tell: Progress) -> list[str]:
    """Make a backup of *vault* at *path*, or in it where it is a folder; returns what to print. Needs no passphrase.

    Raises:
        KapnotesError: the vault cannot be opened, or the backup was not made; nothing was changed.
    """
    see_that_it_is_outside(vault, path)
    program.open_vault(vault, _nothing, _raise)
    try:
        made = program.library.backups.make_as(path, tell)
        waiting = program.library.disk.waiting_count
    finally:
        program.close()
    lines = [f"{made.path} is made and was opened again: {made.manifest.entries} entries."]
    if waiting:
        one = "{count} entry waits in a second place for the disk of the vault, and is not in the backup."
        many = "{count} entries wait in a second place for the disk of the vault, and are not in the backup."
        lines += [counted(waiting, one, many)]
    if made.findings:
        lines += ["The vault itself is not whole, and so is its backup:", *(found.line for found in made.findings)]
    return lines


def bring_back(program: Program, path: Path, vault: Path, *, with_findings: bool, tell: Progress) -> tuple[str, int]:
    """Restore the backup at *path* as the new *vault*; returns what to print and the exit code.

    Raises:
        KapnotesError: something stands there, or the backup is not as it was written; nothing was changed.
    """
    report = restore.restore(path, vault, entropy=program.entropy, with_findings=with_findings, tell=tell)
    if not report.exit_code:
        return f"{vault} is restored: {report.entries} entries. Members sign in with the passphrases of then.", 0
    if with_findings:
        return f"{vault} is restored as it was, which is not whole: {_as_text(report)}", report.exit_code
    line = f"Nothing was restored, for the backed-up vault was not whole: {_as_text(report)}"
    return f"{line} --with-findings restores it all the same.", report.exit_code


def salvage(
    program: Program,
    source: Path,
    vault: Path,
    label: str | None,
    passphrase: str | None,
    tell: Progress,
    backups: Sequence[Path] = (),
) -> tuple[str, list[str]]:
    """Make the new *vault* of what is whole in *source*; returns what was found, and what is missing, a line each.

    Raises:
        KapnotesError: there is nothing of a vault, or nobody's keys are left; nothing was made.
    """
    from kapnotes.vault.salvage import Helper
    from kapnotes.vault.salvage import salvage as make

    see_that_it_holds_files(source)
    helper = Helper(label, passphrase) if label is not None and passphrase is not None else None
    heard = partial(tell, Step.CHECKING)
    made = make(source, vault, entropy=program.entropy, helper=helper, tell=heard, backups=backups)
    kept = f" {made.unproven} more are kept for the chain and not shown." if made.unproven else ""
    found = f"{vault} is made: {made.entries} entries are whole.{kept} {source} stays as it is; keep it."
    return found, [finding.line for finding in made.missing]


class Spoken:
    """Says how far a long task is, at most once a second and not within the first."""

    def __init__(self, clock: Clock, say: Callable[[str], None]) -> None:
        self._clock = clock
        self._say = say
        self._said = clock.now()

    def __call__(self, step: Step, done: int, of: int) -> None:
        """Hear of progress."""
        now = self._clock.now()
        if seconds_between(self._said, now) >= 1:
            self._said = now
            self._say(f"{step}: {100 * done // max(of, 1)} %")


def _as_text(report: Report) -> str:
    if report.findings:
        return "\n".join(_file_line(name, report) for name in dict.fromkeys(one.file for one in report.findings))
    scope = "contents read" if report.contents_read else "contents and sign-offs not read"
    return f"The vault is whole: {report.entries} entries, {scope}."


def _file_line(name: str, report: Report) -> str:
    """Return one line for a file: what weighs most of what was found there, and how much more there is."""
    found = [finding for finding in report.findings if finding.file == name]
    heaviest = next(code for code in (*PRECEDENCE, 0) if any(finding.code == code for finding in found))
    lines = [finding.line for finding in found if finding.code == heaviest]
    further = len(found) - len(lines[:2])
    more = [f"{further} more: kapnotes verify --json."] if further else []
    line = " ".join([*lines[:2], *more])
    return line if name in line else f"{name}: {line}"


def _as_json(report: Report) -> str:
    return json.dumps(
        {
            "exit_code": report.exit_code,
            "entries": report.entries,
            "contents_read": report.contents_read,
            "findings": [asdict(finding) for finding in report.findings],
        },
        ensure_ascii=False,
        indent=1,
    )


@contextmanager
def _seat(program: Program, vault: Path, label: str, passphrase: str) -> Iterator[Seat]:
    found: list[Seat] = []
    program.open_vault(vault, _nothing, _raise)
    try:
        _see_that_there_is(label, program.members())
        program.sign_in(label, passphrase, found.append, _raise)
        yield found[0]
    finally:
        program.close()


def _see_that_there_is(label: str, members: Iterable[Member]) -> None:
    """See that somebody is called *label*; the names are told apart by more than a comma, which a name may hold.

    Raises:
        WrongPassphrase: nobody is.
    """
    labels = [member.label for member in members]
    if folded(label) not in map(folded, labels):
        known = " · ".join(labels)
        raise WrongPassphrase("There is no member of that name here. Members: {known}.", known=known)


def _raise(error: Exception) -> None:
    raise error


def _nothing(_: None) -> None:
    """Nothing more is to be done."""
