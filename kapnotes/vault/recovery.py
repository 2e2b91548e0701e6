"""Recovery sheets in the key header: which identity, printed on paper, may open which compartment.

A sheet's row is signed by a holder of the compartment's key (for process notes by their owner), as an epoch is. Several
sheets of a compartment may stand side by side: the older one counts until the newer one was confirmed.
"""

from dataclasses import dataclass

import msgspec

from kapnotes.vault import strict
from kapnotes.vault.compartment_file import ANY, NUMBER, CompartmentFile, Row
from kapnotes.vault.identity import Signed, SigningKey


class Recovery(msgspec.Struct, frozen=True):
    """One sheet. `number` counts the sheets of a compartment; `is_confirmed` once it was typed back and has opened.

    `roster_version` is the roster under which it was made, or confirmed: no later roster counts that an older sheet
    signed.
    """

    comp: bytes
    number: int
    id: bytes
    is_confirmed: bool
    roster_version: int


@dataclass(frozen=True, slots=True)
class SignedRecovery:
    """A sheet and who vouches for it."""

    recovery: Recovery
    signed: Signed

    def row(self) -> Row:
        """Return it as it is stored."""
        signed = self.signed
        return Row("recovery", (self.recovery.comp, self.recovery.number, signed.body, signed.by, signed.sig))


def signed_recovery(recovery: Recovery, by: SigningKey) -> SignedRecovery:
    """Return *recovery* signed by a holder."""
    return SignedRecovery(recovery, by.sign("recovery", strict.encoded(recovery)))


def recoveries_in(file: CompartmentFile) -> list[SignedRecovery]:
    """Return the sheets that *file* knows and that can be read; who signed them is the directory's to check."""
    rows = file.rows("SELECT comp, number, body, by, sig FROM recovery", (17, NUMBER, ANY, 16, 64))
    found = []
    for comp, number, *signed in rows:
        recovery = strict.decoded(signed[0], Recovery)
        if recovery is not None and (recovery.comp, recovery.number) == (comp, number):
            found.append(SignedRecovery(recovery, Signed(*signed)))
    return found


def count_in(file: CompartmentFile) -> int:
    """Return how many rows of sheets *file* has, readable or not."""
    return sum(1 for _ in file.raw_rows("SELECT number FROM recovery"))
