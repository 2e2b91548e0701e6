"""The rows of the key header as a file holds them; whether they are true is the directory's to say."""

from kapnotes.vault.compartment_file import ANY, NUMBER, CompartmentFile
from kapnotes.vault.identity import HPKE_PUB_LENGTH, PublicIdentity, Signed


def identities_in(file: CompartmentFile) -> list[PublicIdentity]:
    """Return the identities that *file* holds, whole or not."""
    rows = file.rows("SELECT id, hpke_pub, sign_pub FROM identity", (16, HPKE_PUB_LENGTH, 32))
    return [PublicIdentity(*row) for row in rows]


def rosters_in(file: CompartmentFile) -> list[tuple[int, Signed]]:
    """Return the signed rosters that *file* holds, by version."""
    rows = file.rows("SELECT version, body, by, sig FROM roster ORDER BY version", (NUMBER, ANY, 16, 64))
    return [(version, Signed(*signed)) for version, *signed in rows]
