"""The log of what was done with keys, in `shared`: every change of who can open what is told there, in its transaction.

It stands apart from the long audit trail (scope `KEYS_SCOPE`), so that whoever signs in reads it at once, however old
the vault is.
"""

import contextlib
from collections.abc import Sequence

from kapnotes.domain.custody import BreakGlass, BreakGlassSeen, KeyEpoch, KeyEvent, LogHead, PatientShredded
from kapnotes.domain.entries import Entry
from kapnotes.domain.errors import VaultError
from kapnotes.domain.members import SHARED, Compartment
from kapnotes.vault.compartment_file import Write
from kapnotes.vault.entropy import Entropy
from kapnotes.vault.intake import Intake
from kapnotes.vault.journal import Journal
from kapnotes.vault.keyring import Keyring
from kapnotes.vault.layout import KEYS_LOG, compartment_of
from kapnotes.vault.open_vault import OpenVault
from kapnotes.vault.sealed_rows import SealedRows
from kapnotes.vault.spill import Spill

KEYS_SCOPE = KEYS_LOG.hex()
"""The scope of the log of keys; its patient has the same id."""

KeysBody = BreakGlass | BreakGlassSeen | KeyEpoch | KeyEvent | PatientShredded


class Journals:
    """The writing sides of one open vault: one journal for each compartment, and the log of keys."""

    def __init__(self, vault: OpenVault, device: bytes, entropy: Entropy, spill: Spill) -> None:
        self._vault = vault
        self._device = device
        self._entropy = entropy
        self._spill = spill
        self._intake = Intake(vault)
        self._journals: dict[Compartment, Journal] = {}
        self._waiting: dict[bytes, list[SealedRows]] = {}
        self._taken: dict[bytes, list[SealedRows]] = {}
        self._undecided: dict[bytes, int] = {}

    def of(self, compartment: Compartment) -> Journal:
        """Return the journal of a compartment."""
        if compartment not in self._journals:
            place, file = self._vault.place(compartment), self._vault.file(compartment)
            self._journals[compartment] = Journal(file, place, self._device, self._entropy, self._vault, self._spill)
            with contextlib.suppress(VaultError):  # what cannot be read or set aside now waits on where it is
                self._decide(compartment)
        return self._journals[compartment]

    def take_in(self, waiting: dict[bytes, list[SealedRows]]) -> None:
        """Write what an earlier run had to leave in a second place, or keep it waiting where it belongs."""
        self._waiting = waiting
        self.settle()

    def learn(self, keyring: Keyring) -> None:
        """Take in what only the keys of one who signs in can say of, because its record may be signed."""
        if any(self._waiting.values()):
            with contextlib.suppress(VaultError):  # `shared` names what is damaged to whoever reads it
                self._intake.learn(keyring, self._waiting)
            self.settle()

    def settle(self) -> None:
        """Try to write what waits for the disk; what still cannot be written waits on."""
        for comp in tuple(self._waiting):
            with contextlib.suppress(VaultError):
                self.of(compartment_of(comp))
                self._decide(compartment_of(comp))
        for journal in self._journals.values():
            with contextlib.suppress(VaultError):
                journal.settle()

    def _decide(self, compartment: Compartment) -> None:
        """Sort what waits for a compartment, and let go in what may."""
        comp = self._vault.place(compartment).comp
        batches = self._waiting.get(comp, [])
        if not batches or self._vault.is_read_only:
            return
        journal = self._journals[compartment]
        if journal.is_settled:
            self._taken[comp] = []
        found = self._intake.sort(compartment, self._taken[comp], batches)
        self._spill.set_aside(sealed.last for sealed in found.aside)
        self._waiting[comp] = found.undecided
        self._taken[comp] += found.taken
        journal.take_in(found.taken)
        self._undecided[comp] = sum(len(sealed.events) for sealed in found.undecided)
        self._spill.undecided_count = sum(self._undecided.values())
        if found.there:
            self._spill.done(sealed.last for sealed in found.there)

    def forget_entries_of(self, author_id: str) -> None:
        """Keep nothing readable of that member in memory; what waits stays sealed."""
        for journal in self._journals.values():
            journal.forget(author_id)

    def tell(self, keyring: Keyring, bodies: Sequence[KeysBody], also: Sequence[Write] = ()) -> None:
        """Write what was done with keys, in one transaction with the change itself.

        Raises:
            VaultError: the state before the change is on the disk, or the one after it.
        """
        now = self._vault.clock.now()
        author = keyring.member.member_id
        entries = [Entry(self._entropy(16).hex(), KEYS_SCOPE, author, now, now, body) for body in bodies]
        self.of(SHARED).append_with(also, keyring, entries, KEYS_SCOPE)

    def heads(self) -> list[LogHead]:
        """Return where every log ends that was written to since the vault was opened."""
        return [head for journal in self._journals.values() for head in journal.heads()]

    def look_again(self) -> None:
        """Look at the disk for where the logs end, after a change that failed; what is not saved yet is kept."""
        for journal in self._journals.values():
            journal.look_again()

    def forget(self) -> None:
        """Forget where the logs end; the next entry looks at the disk."""
        self._journals.clear()
