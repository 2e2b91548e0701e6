"""The drafts of those who are signed in: opened with a session, let go with the keys."""

import contextlib

from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from kapnotes.domain.errors import NotEntitled, VaultError
from kapnotes.domain.members import Compartment, may_write
from kapnotes.vault.drafts import CipherOf, DraftFile, draft_name
from kapnotes.vault.entropy import Entropy
from kapnotes.vault.keyring import Keyring
from kapnotes.vault.keys_log import Journals
from kapnotes.vault.layout import id_bytes
from kapnotes.vault.open_vault import OpenVault
from kapnotes.vault.patients import find_key


class OpenDrafts:
    """Which draft files are open, and whose they are; called behind the vault's door."""

    def __init__(self, vault: OpenVault, journals: Journals, entropy: Entropy) -> None:
        self._vault = vault
        self._journals = journals
        self._entropy = entropy
        self._open: list[tuple[Keyring, DraftFile]] = []

    def open(self, keyring: Keyring, compartment: Compartment, scope_id: str, patient_id: str) -> DraftFile:
        """Return the draft file of a member in one scope and compartment; see `Library.open_draft`."""
        keys = keyring.keys_of(compartment)
        if not may_write(keyring.member, compartment):
            kind = compartment.kind.name.lower()
            raise NotEntitled(
                "{label} may not write into the {kind} compartment.", label=keyring.member.label, kind=kind
            )
        self._journals.of(compartment).know(keyring, patient_id)
        place, session = self._vault.place(compartment), id_bytes(scope_id)
        member, patient = id_bytes(keyring.member.member_id), id_bytes(patient_id)
        path = self._vault.folder / draft_name(place, session, member)
        self._vault.will_write(path.name)
        for other in tuple(self._open):
            if other[1].path == path:  # of the same member's seat, which is leaving and could not save everything
                self._open.remove(other)
                other[1].let_go()
        draft = DraftFile(path, place, session, member, self._entropy)
        file = self._vault.file(compartment)

        def cipher_of(born: int) -> AESGCM | None:
            found = find_key(file, keys, patient, born, session)
            return None if found is None else keys.draft_cipher(found[0], session)

        draft.open(cipher_of, keys.epoch)
        for before in sorted(self._vault.directory.person(member) - {member}):
            self._take_over(
                draft,
                DraftFile(
                    self._vault.folder / draft_name(place, session, before), place, session, before, self._entropy
                ),
                cipher_of,
                keys.epoch,
            )
        self._open.append((keyring, draft))
        return draft

    def _take_over(self, draft: DraftFile, older: DraftFile, cipher_of: CipherOf, born: int) -> None:
        """Let what a person typed under an older id, before a passphrase was forgotten, stand in *draft* alone."""
        if not older.path.exists():
            return
        older.open(cipher_of, born)
        draft.is_damaged = draft.is_damaged or older.is_damaged
        known = {line.entry_id for line in draft.found}
        draft.found = (*draft.found, *(line for line in older.found if line.entry_id not in known))
        if older.found:
            draft.write(draft.found)
            older.write(())
        older.close()

    def close(self, keyring: Keyring | None = None) -> None:
        """Let the drafts of a keyring go, or all; that an empty file could not be removed is of no matter."""
        for owner, draft in tuple(self._open):
            if keyring in (None, owner):
                self._open.remove((owner, draft))
                with contextlib.suppress(VaultError):
                    draft.close()
