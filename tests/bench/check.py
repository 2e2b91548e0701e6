"""Verifying a vault of 100,000 entries: without a passphrase, with one, and its chains alone."""

import sys
from pathlib import Path

from tests.bench import vaults
from tests.bench.table import Row, times

BAR_S = 15.0


def rows(bench):
    place = bench.vault_of_many_entries()
    facts = {part: bench.child(__name__, place.folder, part) for part in ("bare", "chains", "without", "with")}
    bare_s, chains_s = facts["bare"]["spent_s"], facts["chains"]["spent_s"]
    for what, part, bar_s in (("verify", "without", BAR_S), ("verify with a passphrase", "with", None)):
        spent_s, computed_s = facts[part]["spent_s"], facts[part]["computed_s"]
        yield Row(
            f"{what}, {facts[part]['entries']} entries",
            f"{spent_s:.1f} s",
            f"{bare_s:.1f} s",
            times(spent_s / bare_s),
            f"≤ {bar_s:.0f} s" if bar_s else "–",
            spent_s <= bar_s if bar_s else None,
            f"{computed_s:.1f} s computed on all cores; the chains alone {chains_s:.1f} s; bare: SHA-256 and Ed25519 "
            "of the same rows on one core",
        )


def measure(folder: Path, part: str):
    import time

    from tests.bench.probes import answer

    place = vaults.Place(folder)
    began, computed = time.perf_counter(), time.process_time()
    entries = {"bare": _bare, "chains": _chains, "without": _without, "with": _with}[part](place.vault)
    spent_s, computed_s = time.perf_counter() - began, time.process_time() - computed
    answer({"spent_s": spent_s, "computed_s": computed_s, "entries": entries})


def _without(vault):
    from kapnotes.vault.verify import verify

    report = verify(vault)
    assert report.findings == ()
    return report.entries


def _with(vault):
    from kapnotes.vault.verify import verify

    report = verify(vault, label=vaults.LABEL, passphrase=vaults.PASSPHRASE)
    assert report.findings == ()
    assert report.contents_read
    return report.entries


def _bare(vault):
    """Hash and check every entry in the order in which they stand, with nothing around it."""
    import hashlib
    import sqlite3
    from contextlib import closing

    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

    from kapnotes.vault.layout import label

    for path in sorted(vault.glob("*.kapdb")):
        with closing(sqlite3.connect(f"file:{path}?mode=ro", uri=True)) as connection:
            identities = connection.execute("SELECT id, sign_pub FROM identity")
            keys = {member: Ed25519PublicKey.from_public_bytes(key) for member, key in identities}
            for author, nonce, ct, h, sig in connection.execute("SELECT author, nonce, ct, h, sig FROM event"):
                hashlib.sha256(bytes(118) + nonce + ct).digest()
                keys[author].verify(sig, label("event") + h)


def _chains(vault):
    """Follow every chain of every file."""
    from kapnotes.vault.chain import Link, all_logs, walk
    from kapnotes.vault.compartment_file import CompartmentFile

    for path in sorted(vault.glob("*.kapdb")):
        file = CompartmentFile(path, is_writing=False)
        file.open()
        try:
            place = file.place()
            for log in list(all_logs(file)):
                assert all(isinstance(step, Link) and step.is_whole for step in walk(file, place, log))
        finally:
            file.close()


if __name__ == "__main__":
    measure(Path(sys.argv[1]), sys.argv[2])
