"""The tables of a compartment file, and the settings under which SQLite keeps its promises.

All files have the same tables. The key header is the tables `identity`, `slot`, `roster` and `recovery`: they count in
`shared.kapdb`, every other file keeps a copy for the day that `shared.kapdb` is damaged.
"""

import sqlite3
from functools import cache

from kapnotes.domain.errors import InputOutput, NewerFormat, Tampered
from kapnotes.vault.faults import damaged
from kapnotes.vault.layout import APPLICATION_ID, FORMAT

_SIGNED = """body BLOB NOT NULL, by BLOB NOT NULL CHECK(length(by)=16), sig BLOB NOT NULL CHECK(length(sig)=64)"""

_PKEY = """(
  patient BLOB NOT NULL CHECK(length(patient)=16), born INTEGER NOT NULL, epoch INTEGER NOT NULL,
  nonce BLOB NOT NULL CHECK(length(nonce)=12), wrapped BLOB NOT NULL CHECK(length(wrapped)=48),
  PRIMARY KEY(patient, born)) STRICT, WITHOUT ROWID"""

STATEMENTS = (
    """CREATE TABLE meta(
  id INTEGER PRIMARY KEY CHECK(id=1), vault BLOB NOT NULL CHECK(length(vault)=16), kind INTEGER NOT NULL,
  owner BLOB NOT NULL CHECK(length(owner)=16)) STRICT""",
    """CREATE TABLE log(
  id BLOB PRIMARY KEY NOT NULL CHECK(length(id)=16), session BLOB NOT NULL CHECK(length(session)=16),
  member BLOB NOT NULL CHECK(length(member)=16), device BLOB NOT NULL CHECK(length(device)=16),
  born INTEGER NOT NULL, epoch INTEGER NOT NULL, nonce BLOB NOT NULL CHECK(length(nonce)=12),
  ref BLOB NOT NULL CHECK(length(ref)=32)) STRICT""",
    "CREATE INDEX log_session ON log(session)",
    """CREATE TABLE event(
  id INTEGER PRIMARY KEY, log BLOB NOT NULL CHECK(length(log)=16), seq INTEGER NOT NULL CHECK(seq>0),
  flags INTEGER NOT NULL CHECK(flags IN (0,1)), suite INTEGER NOT NULL, epoch INTEGER NOT NULL,
  author BLOB NOT NULL CHECK(length(author)=16), nonce BLOB NOT NULL CHECK(length(nonce)=12),
  ct BLOB NOT NULL CHECK(length(ct) BETWEEN 144 AND 2097168), h BLOB NOT NULL CHECK(length(h)=32),
  sig BLOB NOT NULL CHECK(length(sig)=64), UNIQUE(log, seq)) STRICT""",
    f"CREATE TABLE pkey_a{_PKEY}",
    f"CREATE TABLE pkey_b{_PKEY}",
    f"""CREATE TABLE epoch(
  comp BLOB NOT NULL CHECK(length(comp)=17), epoch INTEGER NOT NULL, {_SIGNED},
  PRIMARY KEY(comp, epoch)) STRICT, WITHOUT ROWID""",
    f"""CREATE TABLE grants(
  epoch INTEGER NOT NULL, holder BLOB NOT NULL CHECK(length(holder)=16), {_SIGNED},
  PRIMARY KEY(epoch, holder)) STRICT, WITHOUT ROWID""",
    """CREATE TABLE identity(
  id BLOB PRIMARY KEY NOT NULL CHECK(length(id)=16), hpke_pub BLOB NOT NULL CHECK(length(hpke_pub)=1216),
  sign_pub BLOB NOT NULL CHECK(length(sign_pub)=32)) STRICT""",
    """CREATE TABLE slot(
  member BLOB PRIMARY KEY NOT NULL CHECK(length(member)=16), body BLOB NOT NULL,
  sha BLOB NOT NULL CHECK(length(sha)=32)) STRICT""",
    f"CREATE TABLE roster(version INTEGER PRIMARY KEY, {_SIGNED}) STRICT",
    f"""CREATE TABLE recovery(
  comp BLOB NOT NULL CHECK(length(comp)=17), number INTEGER NOT NULL, {_SIGNED},
  PRIMARY KEY(comp, number)) STRICT, WITHOUT ROWID""",
    "CREATE TRIGGER event_stays BEFORE DELETE ON event BEGIN SELECT RAISE(ABORT, 'entries stay'); END",
    "CREATE TRIGGER event_is BEFORE UPDATE ON event BEGIN SELECT RAISE(ABORT, 'entries stay as they are'); END",
    "CREATE TRIGGER log_stays BEFORE DELETE ON log BEGIN SELECT RAISE(ABORT, 'logs stay'); END",
    """CREATE TRIGGER log_is BEFORE UPDATE OF id, session, member, device, born ON log
  BEGIN SELECT RAISE(ABORT, 'logs stay as they are'); END""",
)

_WRITING = (
    ("locking_mode", "EXCLUSIVE", b"exclusive"),  # others are told at once; no bugs of several connections
    ("journal_mode", "TRUNCATE", b"truncate"),  # a journal once done cannot come back; opens on a full disk
    ("synchronous", "EXTRA", 3),
    ("fullfsync", "ON", 1),  # macOS: a plain fsync stops at the drive's cache
    ("checkpoint_fullfsync", "ON", 1),
    ("secure_delete", "ON", 1),  # a deleted key is overwritten
)
_ALWAYS = (
    ("temp_store", "MEMORY", 2),
    ("mmap_size", "0", 0),  # an error, not a SIGBUS, when the drive goes
    ("trusted_schema", "OFF", 0),
    ("cell_size_check", "ON", 1),
)


def create(connection: sqlite3.Connection) -> None:
    """Make the tables in an empty file."""
    connection.execute(f"PRAGMA application_id={APPLICATION_ID}")
    connection.execute(f"PRAGMA user_version={FORMAT}")
    for statement in STATEMENTS:
        connection.execute(statement)


def apply_settings(connection: sqlite3.Connection, name: str, *, is_writing: bool) -> None:
    """Set what SQLite needs and read each setting back.

    Raises:
        InputOutput: this SQLite does not take a setting.
    """
    for setting, value, read_back in (*_ALWAYS, *(_WRITING if is_writing else ())):
        connection.execute(f"PRAGMA {setting}={value}")
        if connection.execute(f"PRAGMA {setting}").fetchone() != (read_back,):
            raise InputOutput(
                "{name} cannot be used safely here: SQLite refuses {setting}={value}.",
                name=name,
                setting=setting,
                value=value,
            )


def check(connection: sqlite3.Connection, name: str) -> None:
    """See that the file is one of ours, of this format, with our tables word for word.

    Raises:
        DataDamaged: it is no file of KAPnotes.
        NewerFormat: a newer KAPnotes wrote it.
        Tampered: its tables are not ours.
    """
    (application_id,) = connection.execute("PRAGMA application_id").fetchone()
    (version,) = connection.execute("PRAGMA user_version").fetchone()
    if application_id != APPLICATION_ID:
        raise damaged(name, "or not a file of KAPnotes")
    if version > FORMAT:
        raise NewerFormat(
            "{name} was written by a newer KAPnotes (format {version}, this reads {known}). Nothing was changed.",
            name=name,
            version=version,
            known=FORMAT,
        )
    if version != FORMAT:
        raise damaged(name, "at its format number")
    if _tables(connection) != _expected():
        raise Tampered(
            "{name} has foreign tables: someone changed it. Nothing was changed now; restore a backup.", name=name
        )


def _tables(connection: sqlite3.Connection) -> list[tuple[object, ...]]:
    return connection.execute("SELECT type, name, tbl_name, sql FROM sqlite_schema ORDER BY rowid").fetchall()


@cache
def _expected() -> list[tuple[object, ...]]:
    connection = sqlite3.connect(":memory:", isolation_level=None)
    connection.text_factory = bytes
    try:
        create(connection)
        return _tables(connection)
    finally:
        connection.close()
