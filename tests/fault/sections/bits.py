"""One bit is another, a file ends too early: it is seen, or what is read is the same; only the vault's own errors come.

Whether a flipped bit changes anything that SQLite gives is asked first, of SQLite itself and in memory: all rows, and
all that it finds wrong with its own pages. Where nothing differs the vault reads the same, and of these only every
so-many-th is read by the vault all the same. Where anything differs, the vault must see it or read the same.
"""

import contextlib
import random
import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from kapnotes.domain.errors import VaultError
from kapnotes.vault.verify import verify
from tests.fault import scripts
from tests.fault.scene import content_of, put, scratch
from tests.fault.table import Row, Scale, Tally

ORDER = 200
SECTOR = 512
ENTRIES = 9
"""Of the small vault: in each of its files a first one, one between two, and a last one."""
CLOSED_FLIPS = 20_000
READ_ALL_THE_SAME = 1000
TABLES = (
    "sqlite_schema", "meta", "log", "event", "pkey_a", "pkey_b", "epoch", "grants", "identity", "slot", "roster",
    "recovery",
)  # fmt: skip


@dataclass(frozen=True)
class Flips:
    """Flip these bits of a file of the vault in *source*, given as 8 × offset + bit."""

    source: Path
    name: str
    bits: range | tuple[int, ...]


def run(scale: Scale) -> list[Row]:
    """Flip bits without a closing record and with one, and cut files."""
    with scratch() as folder:
        source = small_vault(folder)
        names = sorted(path.name for path in source.glob("*.kapdb"))
        remark = "every bit" if scale.share >= 1 else "some, at random"
        hands = [
            Flips(source, name, tuple(bits[start :: 2 * scale.workers]))
            for name in names
            for bits in [bits_of(source / name, scale)]
            for start in range(2 * scale.workers)
        ]
        rows = [Row("bits flipped, no closing record", scale.spread(flip, hands), remark=remark)]
        count = scale.of(CLOSED_FLIPS) // len([*names, "closing"])
        hands = [Flips(source, name, tuple(some_bits(source / name, count))) for name in [*names, "closing"]]
        rows.append(Row("bits flipped, with the closing record: all seen", scale.spread(flip_closed, hands)))
        hands = [Flips(source, name, ends_of(source / name)) for name in names]
        rows.append(
            Row(
                "files cut at every 512 bytes: seen with the closing record, else seen or the same",
                scale.spread(cut, hands),
            )
        )
    return rows


def small_vault(folder: Path) -> Path:
    """Make a vault with a short session in three files, closed."""
    (folder / "small").mkdir()
    scripts.make(folder / "small" / "vault")
    scripts.session(folder / "small", lambda _: None, ENTRIES)
    for path in (folder / "small" / "vault").glob("*-journal"):
        path.unlink()
    return folder / "small" / "vault"


def bits_of(path: Path, scale: Scale) -> list[int]:
    """Return every bit of the file, or a share of them."""
    every = range(8 * path.stat().st_size)
    return list(every) if scale.share >= 1 else some_bits(path, scale.of(len(every)))


def some_bits(path: Path, count: int) -> list[int]:
    """Return so many bits of a file at random."""
    return random.sample(range(8 * path.stat().st_size), min(count, 8 * path.stat().st_size))


# ------------------------------------------------------------------------------------------------- the tries


def flip(flips: Flips) -> Tally:
    """Flip each bit, without a closing record: it is seen, or nothing that is read differs."""
    tally, dice = Tally(), random.Random(flips.name)  # noqa: S311
    with _copy(flips.source) as vault:
        (vault / "closing").unlink()
        files = content_of(vault)
        whole = _read(vault)
        put(vault, files)
        content = files[flips.name]
        sqlite = _Sqlite()
        rows = sqlite.rows(content)
        assert rows is not None
        for bit in flips.bits:
            changed = _flipped(content, bit)
            if sqlite.rows(changed) == rows and dice.randrange(READ_ALL_THE_SAME):
                tally.add("", [])
                continue
            (vault / flips.name).write_bytes(changed)
            with _only_vault_errors(tally, flips.name, bit) as faults:
                if not _is_seen(vault):
                    faults += _differences(vault, whole)
                    put(vault, files)
            (vault / flips.name).write_bytes(content)
    return tally


def flip_closed(flips: Flips) -> Tally:
    """Flip each bit beside the closing record: each is seen."""
    tally = Tally()
    with _copy(flips.source) as vault:
        content = (vault / flips.name).read_bytes()
        for bit in flips.bits:
            (vault / flips.name).write_bytes(_flipped(content, bit))
            with _only_vault_errors(tally, flips.name, bit) as faults:
                if not _is_seen(vault):
                    faults.append("not seen")
        (vault / flips.name).write_bytes(content)
        if _is_seen(vault):
            tally.add("nothing flipped", ["something was seen all the same"])
    return tally


def ends_of(path: Path) -> range:
    """Return the place of every sector at which the file can be cut, as of its first bit."""
    return range(0, 8 * path.stat().st_size, 8 * SECTOR)


def cut(flips: Flips) -> Tally:
    """Cut the file before each of these bits: it is seen, or without a closing record nothing that is read differs.

    The end of a page that has room left is zeros that nobody reads, so a file can lose them and no entry.
    """
    tally = Tally()
    with _copy(flips.source) as vault:
        content = (vault / flips.name).read_bytes()
        files, whole = content_of(vault), list[object]()
        for is_closed in (True, False):
            if not is_closed:
                put(vault, files)
                (vault / "closing").unlink()
                files = content_of(vault)
                whole = _read(vault)
                put(vault, files)
            for bit in flips.bits:
                (vault / flips.name).write_bytes(content[: bit // 8])
                with _only_vault_errors(tally, flips.name, bit) as faults:
                    if not _is_seen(vault):
                        faults += ["not seen"] if is_closed else _differences(vault, whole)
                        put(vault, files)
    return tally


@contextlib.contextmanager
def _copy(source: Path) -> Iterator[Path]:
    with scratch() as folder:
        put(folder / "vault", content_of(source))
        yield folder / "vault"


@contextlib.contextmanager
def _only_vault_errors(tally: Tally, name: str, bit: int) -> Iterator[list[str]]:
    """Count one try; what the vault raises must be its own, and is a fault as soon as it gets here."""
    faults: list[str] = []
    try:
        yield faults
    except Exception as error:
        faults.append(f"raised {type(error).__name__}: {error}")
    tally.add(f"{name}, byte {bit // 8}, bit {bit % 8}", faults)


def _flipped(content: bytes, bit: int) -> bytes:
    changed = bytearray(content)
    changed[bit // 8] ^= 1 << bit % 8
    return bytes(changed)


def _is_seen(vault: Path) -> bool:
    return verify(vault).exit_code != 0


class _Sqlite:
    """SQLite by itself, in memory. A connection that gave up once is not asked again."""

    def __init__(self) -> None:
        self._connection: sqlite3.Connection | None = None

    def rows(self, content: bytes) -> list[object] | None:
        """Return all that SQLite gives of a file, and what it finds wrong with it; None if it gives up."""
        if self._connection is None:
            self._connection = sqlite3.connect(":memory:")
            self._connection.text_factory = bytes
        connection = self._connection
        try:
            connection.deserialize(content)
            found: list[object] = [connection.execute(f"SELECT * FROM {table}").fetchall() for table in TABLES]  # noqa: S608
            asked = ("integrity_check", "application_id", "user_version")
            return found + [connection.execute(f"PRAGMA {name}").fetchall() for name in asked]
        except (sqlite3.Error, UnicodeDecodeError, OverflowError, MemoryError):
            connection.close()
            self._connection = None
            return None


def _differences(vault: Path, whole: list[object]) -> list[str]:
    """Return what the vault reads otherwise without having said so."""
    try:
        found = _read(vault)
    except VaultError:
        return []
    return [] if found == whole else ["not seen, and something else is read"]


def _read(vault: Path) -> list[object]:
    """Return all that the members can read.

    Raises:
        VaultError: the vault sees that something is wrong.
    """
    found: list[object] = []
    with contextlib.closing(scripts.opened(vault)) as library:
        found.append(library.members())
        for label, passphrase in scripts.PASSPHRASES.items():
            keyring = library.unlock(label, passphrase)
            found.append(library.scopes(keyring))
            read = library.read(keyring, scripts.SESSION)
            if read.refused or read.findings:
                raise VaultError("Something was found.")
            found.append(read.entries)
    return found
