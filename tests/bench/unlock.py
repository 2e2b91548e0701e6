"""Unlocking a vault of 100,000 entries, and opening a session of 1,000 of them."""

import statistics
import sys
from pathlib import Path

from tests.bench import vaults
from tests.bench.table import Row, milliseconds, times

RUNS = 5
SESSIONS = 12


def rows(bench):
    place = bench.vault_of_many_entries()
    facts = bench.child(__name__, place.folder)
    unlock, bare = statistics.median(facts["unlock"]), statistics.median(facts["derive"])
    yield Row(
        f"unlock, {facts['entries']} entries in the vault",
        f"{milliseconds(unlock)} ms",
        f"{milliseconds(bare)} ms",
        times(unlock / bare),
        "≤ derivation + 150 ms",
        unlock - bare <= 150,
        f"open and unlock are {milliseconds(unlock - bare)} ms more than Argon2id alone; medians of {RUNS}",
    )
    read = statistics.median(facts["read"])
    yield Row(
        f"open a session of {facts['session']} entries",
        f"{milliseconds(read)} ms",
        f"{milliseconds(facts['bare_read'])} ms",
        times(read / facts["bare_read"]),
        "≤ 100 ms",
        read <= 100,
        f"median of {SESSIONS} sessions, longest {milliseconds(max(facts['read']))}; bare: the same rows from SQLite",
    )


def measure(folder: Path):
    import os
    import time

    from cryptography.hazmat.primitives.kdf.argon2 import Argon2id

    from kapnotes.domain.record import Record
    from kapnotes.vault.kdf import STANDARD_COST as COST
    from kapnotes.vault.library import Library
    from tests.bench.probes import answer

    def took(act):
        began = time.perf_counter()
        found = act()
        return 1000 * (time.perf_counter() - began), found

    def derive():
        argon = Argon2id(
            salt=bytes(16), length=32, iterations=COST.passes, lanes=COST.lanes, memory_cost=COST.memory_kib
        )
        return argon.derive(vaults.PASSPHRASE.encode())

    def open_and_unlock():
        library = Library.open(place.vault, device_id=device_id, entropy=os.urandom, clock=vaults.ShiftedClock(0))
        return library, library.unlock(vaults.LABEL, vaults.PASSPHRASE)

    place = vaults.Place(folder)
    device_id = place.program().profile.device_id(place.vault)
    found = {"unlock": [], "derive": [], "read": []}
    for run in range(RUNS):
        found["derive"].append(took(derive)[0])
        spent_ms, (library, keyring) = took(open_and_unlock)
        found["unlock"].append(spent_ms)
        if run < RUNS - 1:
            library.close()
    ids = [scope.scope_id for scope in library.scopes(keyring) if scope.scope_id != scope.patient_id][:SESSIONS]
    for scope_id in ids:
        spent_ms, record = took(lambda scope_id=scope_id: Record(library.read(keyring, scope_id).entries))
        found["read"].append(spent_ms)
        list(record.standing())
    found["session"] = len(record.entries)
    library.close()
    found["bare_read"], found["entries"] = _bare_read(place.vault, bytes.fromhex(ids[-1]), took)
    answer(found)


def _bare_read(vault, session, took):
    """Return the milliseconds that SQLite alone takes for the rows of a session, and how many entries there are."""
    import sqlite3
    from contextlib import closing

    spent_ms, entries = 0.0, 0
    for path in sorted(vault.glob("*.kapdb")):
        with closing(sqlite3.connect(f"file:{path}?mode=ro", uri=True)) as connection:
            sql = "SELECT event.* FROM event JOIN log ON event.log=log.id WHERE log.session=? ORDER BY log, seq"
            spent_ms += took(lambda connection=connection, sql=sql: connection.execute(sql, (session,)).fetchall())[0]
            entries += connection.execute("SELECT count(*) FROM event").fetchone()[0]
    return spent_ms, entries


if __name__ == "__main__":
    measure(Path(sys.argv[1]))
