"""The seven causes for which a vault does not open or read, each in many cases, and what the vault says of each.

A case breaks a copy of a small vault, opens it as the program does (open, sign in, read), and gives the first thing
that was wrong. It must be of the right class, with its exit code, and one line that says what to do.
"""

import contextlib
import hashlib
import os
import re
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import msgspec

from kapnotes.domain.errors import VaultError
from kapnotes.vault import slots, strict
from kapnotes.vault.layout import label
from kapnotes.vault.verify import verify
from tests.fault import scripts
from tests.fault.table import Tally

WHO = "Tess"
NEEDED_KIB = 256 * 1024
CEILING_BYTES = 250 << 20
"""Address space of a child that shall not find the memory for its key: Python and the libraries fit, 256 MiB do not."""


@dataclass(frozen=True)
class Outcome:
    """The first thing that was wrong: the error's class, or "finding" where only some entries are lost."""

    kind: str
    code: int
    line: str


@dataclass(frozen=True)
class Cause:
    """What the vault must say: one of these classes, this exit code, and what to do."""

    kinds: tuple[str, ...]
    code: int
    says: str


CAUSES = {
    "wrong passphrase": Cause(
        ("WrongPassphrase",), 4, r"^Not the passphrase of Tess\..*try again|at most 256|cannot be stored|Members: Tess"
    ),
    "header damaged": Cause(("HeaderDamaged",), 1, r"key header.* damaged.*Restore a backup"),
    "data damaged": Cause(("DataDamaged", "finding"), 1, r"\.kapdb is damaged"),
    "no memory": Cause(("OutOfMemory",), 5, r"needs 256 MiB of free memory\. The passphrase was not checked\."),
    "input or output": Cause(
        ("InputOutput", "VaultMissing"), 5, r"Copy the vault to another disk|Copy the vault to a writable|is missing\."
    ),
    "newer format": Cause(
        ("NewerFormat",), 6, r"was written by a newer KAPnotes \(format \d+, this reads 1\)\. Nothing"
    ),
    "in use": Cause(("VaultInUse",), 4, r"pen in another KAPnotes"),
}

Break = Callable[[Path], contextlib.AbstractContextManager[None] | None]


@dataclass(frozen=True)
class Case:
    """One way to come to a cause. `as_child` runs the opening in a process of its own, behind that command."""

    cause: str
    name: str
    how: Break
    passphrase: str = scripts.PASSPHRASES[WHO]
    label: str = WHO
    as_child: tuple[str, ...] = ()
    ceiling: int = 0


def nothing(_: Path) -> None:
    """Break nothing."""


# ------------------------------------------------------------------------------------------ how it is broken


def every_file(vault: Path) -> list[Path]:
    return sorted(vault.glob("*.kapdb"))


def sql(path: Path, statement: str, values=()) -> None:
    with contextlib.closing(sqlite3.connect(path, isolation_level=None)) as connection:
        connection.execute("PRAGMA ignore_check_constraints=ON")
        triggers = connection.execute(
            "SELECT name, sql FROM sqlite_schema WHERE type='trigger' ORDER BY rowid"
        ).fetchall()
        for name, _ in triggers:
            connection.execute(f"DROP TRIGGER {name}")
        connection.execute(statement, values)
        for _, text in triggers:
            connection.execute(text)


def flipped(table: str, column: str, at: float, *, only: str = "*") -> Break:
    """Flip a bit of a column, this far into it, in every file or in *only* some."""

    def do(vault: Path) -> None:
        for path in vault.glob(f"{only}.kapdb"):
            with contextlib.closing(sqlite3.connect(path)) as connection:
                rows = connection.execute(f"SELECT rowid, {column} FROM {table}")  # noqa: S608
                for rowid, value in rows.fetchall():
                    where = int(at * (len(value) - 1))
                    changed = value[:where] + bytes([value[where] ^ 1]) + value[where + 1 :]
                    sql(path, f"UPDATE {table} SET {column}=? WHERE rowid=?", (changed, rowid))  # noqa: S608

    return do


def rewritten(table: str, kind: str) -> Break:
    """Flip a bit in every body of a table that has no row ids, in the files of a kind."""

    def do(vault: Path) -> None:
        for path in vault.glob(f"{kind}*.kapdb"):
            with contextlib.closing(sqlite3.connect(path)) as connection:
                bodies = [body for (body,) in connection.execute(f"SELECT body FROM {table}")]  # noqa: S608
            for body in bodies:
                changed = body[:5] + bytes([body[5] ^ 1]) + body[6:]
                sql(path, f"UPDATE {table} SET body=? WHERE body=?", (changed, body))  # noqa: S608

    return do


def slot_with(**changes) -> Break:
    """Change what every copy of the slots says, with a hash that fits: no accident, but nothing else may come of it."""

    def do(vault: Path) -> None:
        for path in every_file(vault):
            with contextlib.closing(sqlite3.connect(path)) as connection:
                rows = connection.execute("SELECT member, body FROM slot").fetchall()
            for member, body in rows:
                slot = strict.decoded(body, slots.Slot)
                body = strict.encoded(msgspec.structs.replace(slot, **changes))
                sha = hashlib.sha256(label("slot") + body).digest()
                sql(path, "UPDATE slot SET body=?, sha=? WHERE member=?", (body, sha, member))

    return do


def bytes_at(kind: str, offset: int, content: bytes) -> Break:
    def do(vault: Path) -> None:
        (path,) = vault.glob(f"{kind}*.kapdb")
        with path.open("r+b") as file:
            file.seek(offset)
            file.write(content)

    return do


def cut(kind: str, part: float) -> Break:
    def do(vault: Path) -> None:
        (path,) = vault.glob(f"{kind}*.kapdb")
        os.truncate(path, int(part * path.stat().st_size))

    return do


def gone(kind: str) -> Break:
    def do(vault: Path) -> None:
        next(vault.glob(f"{kind}*.kapdb")).unlink()

    return do


def a_folder_instead(kind: str) -> Break:
    def do(vault: Path) -> None:
        (path,) = vault.glob(f"{kind}*.kapdb")
        path.unlink()
        path.mkdir()

    return do


def not_readable(name: str) -> Break:
    def do(vault: Path) -> None:
        (vault / name).chmod(0) if name else vault.chmod(0)

    return do


def version(kind: str, number: int) -> Break:
    def do(vault: Path) -> None:
        (path,) = vault.glob(f"{kind}*.kapdb")
        sql(path, f"PRAGMA user_version={number}")

    return do


@contextlib.contextmanager
def held_by_the_program(vault: Path) -> Iterator[None]:
    """Let another library hold the vault."""
    with contextlib.closing(scripts.opened(vault)):
        yield


def held_by_a_process(name: str) -> Break:
    """Let another process hold one file as SQLite does."""

    @contextlib.contextmanager
    def do(vault: Path) -> Iterator[None]:
        code = (
            "import sqlite3, sys; c = sqlite3.connect(sys.argv[1], isolation_level=None);"
            "c.execute('BEGIN EXCLUSIVE'); print('held', flush=True); sys.stdin.read()"
        )
        command = [sys.executable, "-c", code, str(vault / name)]
        with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
            assert process.stdout.readline() == "held\n"
            try:
                yield
            finally:
                process.stdin.close()

    return do


# ------------------------------------------------------------------------------------------------ the cases

WITHOUT_RIGHTS = ("setpriv", "--bounding-set", "-dac_override,-dac_read_search") if os.geteuid() == 0 else ("env",)
_RIGHT = scripts.PASSPHRASES[WHO]
_WRONG = (
    _RIGHT.upper(),
    _RIGHT[:-1],
    f"{_RIGHT}x",
    f" {_RIGHT}",
    scripts.PASSPHRASES["Carl"],
    "x",
    "\0",
    "e\u0301" * 9,
)
_KINDS = ("shared", "medical", "therapy")
_PAGES = (
    ("magic", 0, b"X"), ("page size", 16, b"\0\0"), ("id", 68, b"\0"), ("schema page", 100, b"\x07"),
    ("schema text", 200, bytes(2000)),
)  # fmt: skip

CASES = [
    *(
        Case("wrong passphrase", f"“{word[:12]}”", nothing, passphrase=word)
        for word in _WRONG
    ),
    Case("wrong passphrase", "257 characters", nothing, passphrase="x" * 257),
    Case("wrong passphrase", "a lone surrogate", nothing, passphrase="\ud800" * 20),
    Case("wrong passphrase", "of nobody", nothing, label="Zoe"),
    *(Case("header damaged", f"slot body at {at}", flipped("slot", "body", at)) for at in (0.0, 0.2, 0.5, 0.8, 1.0)),
    Case("header damaged", "slot hash", flipped("slot", "sha", 0.5)),
    *(
        Case("header damaged", f"slot {name}", slot_with(**change))
        for name, change in {
            "m 2^32": {"m": 1 << 32}, "m 2^63": {"m": (1 << 63) - 1}, "m 1 KiB": {"m": 1}, "t 2^32": {"t": 1 << 32},
            "t 0": {"t": 0}, "p 0": {"p": 0}, "p 17": {"p": 17}, "no salt": {"salt": b""}, "kdf": {"kdf": "none"},
            "wrapped": {"wrapped": bytes(48)}, "wrapped, short": {"wrapped": bytes(3)}, "nonce": {"nonce": bytes(12)},
            "no nonce": {"nonce": b""},
        }.items()
    ),
    *(Case("header damaged", f"identity {c}", flipped("identity", c, 0.5)) for c in ("hpke_pub", "sign_pub")),
    *(Case("header damaged", f"roster body at {at}", flipped("roster", "body", at)) for at in (0.0, 0.05, 1.0)),
    *(Case("header damaged", f"epoch of {kind}", rewritten("epoch", kind)) for kind in _KINDS),
    *(Case("header damaged", f"grants of {kind}", rewritten("grants", kind)) for kind in _KINDS),
    *(Case("data damaged", f"{kind}: {name}", bytes_at(kind, at, what)) for kind in _KINDS
      for name, at, what in _PAGES),
    *(Case("data damaged", f"{kind} cut to {part:.0%}", cut(kind, part)) for kind in _KINDS
      for part in (0.0, 0.001, 0.5)),
    *(Case("data damaged", f"event {column}", flipped("event", column, 0.5, only="medical"))
      for column in ("ct", "nonce", "h")),
    Case("data damaged", "log ref", flipped("log", "ref", 0.5, only="medical")),
    Case("no memory", "256 MiB of 250", slot_with(m=NEEDED_KIB), as_child=("env",), ceiling=CEILING_BYTES),
    *(Case("input or output", f"{kind} may not be read", not_readable(kind), as_child=WITHOUT_RIGHTS)
      for kind in ("shared.kapdb", "medical.kapdb", "")),
    *(Case("input or output", f"{kind} is a folder", a_folder_instead(kind)) for kind in _KINDS),
    *(Case("input or output", f"{kind} is gone", gone(kind)) for kind in _KINDS),
    *(Case("newer format", f"{kind}, {number}", version(kind, number)) for kind in _KINDS
      for number in (2, 3, 200, (1 << 31) - 1)),
    Case("in use", "by the program", held_by_the_program),
    *(Case("in use", f"{name} by a process", held_by_a_process(name)) for name in ("shared.kapdb", "medical.kapdb")),
]  # fmt: skip


# ---------------------------------------------------------------------------------------------- the outcome


def opening(vault: Path, label: str, passphrase: str) -> Outcome | None:
    """Open, sign in and read; return the first thing that was wrong."""
    try:
        with contextlib.closing(scripts.opened(vault)) as library:
            keyring = library.unlock(label, passphrase)
            for cause in keyring.unopened.values():
                return Outcome(type(cause).__name__, cause.exit_code, str(cause))
            read = library.read(keyring, scripts.SESSION)
            for finding in (*read.findings, *read.refused):
                return Outcome("finding", finding.code, finding.line)
    except VaultError as error:
        return Outcome(type(error).__name__, error.exit_code, str(error))
    return None


def _in_child(case: Case, vault: Path) -> Outcome | None:
    code = f"""
import resource, sys
from pathlib import Path
from tests.fault import causes
if {case.ceiling}:
    resource.setrlimit(resource.RLIMIT_AS, ({case.ceiling}, {case.ceiling}))
outcome = causes.opening(Path(sys.argv[1]), sys.argv[2], sys.argv[3])
print(*(outcome.kind, outcome.code, outcome.line) if outcome else (), sep="\\n")
"""
    command = [*case.as_child, sys.executable, "-c", code, str(vault), case.label, case.passphrase]
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=60)
    said = done.stdout.splitlines()
    if done.returncode or done.stderr:
        return Outcome("child", done.returncode, done.stderr[-300:])
    return Outcome(said[0], int(said[1]), "\n".join(said[2:])) if len(said) > 1 else None


def tried(case: Case, source: Path, folder: Path) -> list[str]:
    """Try a case on a copy of the vault in *source*; return what is wrong with what the vault says."""
    vault = Path(shutil.copytree(source, folder))
    (vault / "closing").unlink()
    held = case.how(vault)
    with held or contextlib.nullcontext():
        outcome = _in_child(case, vault) if case.as_child else opening(vault, case.label, case.passphrase)
    vault.chmod(0o700)
    shutil.rmtree(vault)
    cause = CAUSES[case.cause]
    if outcome is None:
        return ["it opened and read as if nothing were wrong"]
    faults = [] if outcome.kind in cause.kinds and outcome.code == cause.code else [f"{outcome.kind}, {outcome.code}"]
    if "\n" in outcome.line or len(outcome.line) > 400:
        faults.append("more than a line")
    if not re.search(cause.says, outcome.line):
        faults.append(f"says “{outcome.line}”")
    return faults


def verified(case: Case, source: Path, folder: Path) -> list[str]:
    """Try a case with `verify` and a passphrase; its exit code is the same."""
    vault = Path(shutil.copytree(source, folder))
    (vault / "closing").unlink()
    held = case.how(vault)
    with held or contextlib.nullcontext():
        report = verify(vault, label=case.label, passphrase=case.passphrase)
    shutil.rmtree(vault)
    return (
        []
        if report.exit_code == CAUSES[case.cause].code
        else [f"verify says {report.exit_code}: {report.findings[:2]}"]
    )


def every_case(source: Path, folder: Path, cause: str) -> Tally:
    """Try every case of a cause."""
    tally = Tally()
    for number, case in enumerate(case for case in CASES if case.cause == cause):
        tally.add(case.name, tried(case, source, folder / f"{number}"))
    return tally
