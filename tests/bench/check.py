"""Verifying a vault of 100,000 entries: without a passphrase, with one, and its chains alone."""

import sys
from pathlib import Path

from tests.bench import vaults
from tests.bench.table import Row, times

BAR_S = 15.0


def rows(bench):
    place = bench.vault_of_many_entries()
    facts = bench.child(__name__, place.folder)
    for what, spent_s in (("verify", facts["verify_s"]), ("verify with a passphrase", facts["with_passphrase_s"])):
        yield Row(
            f"{what}, {facts['entries']} entries",
            f"{spent_s:.1f} s",
            f"{facts['bare_s']:.1f} s",
            times(spent_s / facts["bare_s"]),
            f"≤ {BAR_S:.0f} s",
            spent_s <= BAR_S,
            f"of it the chains alone {facts['chains_s']:.1f} s; bare: SHA-256 and Ed25519 of the same rows, one core",
        )


def measure(folder: Path):
    import time

    from kapnotes.vault.verify import verify
    from tests.bench.probes import answer

    def took(act):
        began = time.perf_counter()
        found = act()
        return time.perf_counter() - began, found

    place = vaults.Place(folder)
    bare_s, chains_s = took(lambda: _bare(place.vault))[0], took(lambda: _chains(place.vault))[0]
    verify_s, report = took(lambda: verify(place.vault))
    with_passphrase_s, read = took(lambda: verify(place.vault, label=vaults.LABEL, passphrase=vaults.PASSPHRASE))
    assert (report.findings, read.findings) == ((), ())
    assert read.contents_read
    answer(
        {
            "entries": report.entries,
            "bare_s": bare_s,
            "chains_s": chains_s,
            "verify_s": verify_s,
            "with_passphrase_s": with_passphrase_s,
        }
    )


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
    measure(Path(sys.argv[1]))
