"""Verifying the key header: who is who, who may open what, and that every copy of it is whole. Needs no passphrase."""

from kapnotes.domain.members import SHARED, CompartmentKind
from kapnotes.vault import grants, slots
from kapnotes.vault.compartment_file import NUMBER
from kapnotes.vault.deleted import living, tombstones
from kapnotes.vault.directory import Directory
from kapnotes.vault.header_rows import identities_in, rosters_in
from kapnotes.vault.layout import comp_bytes, compartment_of, file_name, id_bytes
from kapnotes.vault.patients import COPIES, wrapped_keys
from kapnotes.vault.recovery import count_in as recovery_count
from kapnotes.vault.recovery import recoveries_in
from kapnotes.vault.verify_notes import Checked, Notes

_SHEETS = "SELECT comp, number FROM recovery"


class HeaderCheck:
    """Checks the header's rows in each file against the directory, and against what the other files say."""

    def __init__(self, notes: Notes, directory: Directory, every: list[Checked]) -> None:
        self._notes = notes
        self._directory = directory
        self._every = every

    def check(self, checked: Checked) -> None:
        """Check all of the header that stands in one file; what is broken hides nothing else."""
        steps = (self._people, self._rosters, self._sheets, self._epochs, self._grants, self._patients)
        for step in steps:
            with self._notes.noting(checked.name):
                step(checked)

    def _people(self, checked: Checked) -> None:
        """Check public keys and slots; in `shared.kapdb` each member must have both."""
        name, directory = checked.name, self._directory
        whole_keys = {identity.id for identity in identities_in(checked.file) if identity.is_whole}
        whole_slots = slots.whole_slots(checked.file).keys()
        kept_slots = {member for (member,) in checked.file.rows("SELECT member FROM slot", (16,))}
        kept_keys = {member for (member,) in checked.file.rows("SELECT id FROM identity", (16,))}
        everybody = {id_bytes(member.member_id) for member in directory.members}
        needed = everybody if checked.place.comp == comp_bytes(SHARED) else set()
        for member in (kept_keys | needed) - whole_keys:
            self._notes.note(name, 1, f"{name}: the public keys of {directory.label_of(member)} are damaged.")
        for member in (kept_slots | needed) - whole_slots:
            self._notes.note(name, 1, f"{name}: the passphrase slot of {directory.label_of(member)} is damaged.")

    def _rosters(self, checked: Checked) -> None:
        name, directory = checked.name, self._directory
        right = {row.values for row in directory.rows() if row.table == "roster"}
        there = {(version, s.body, s.by, s.sig) for version, s in rosters_in(checked.file)}
        for version, *_ in there - right:
            self._notes.note(name, 1, f"{name}: version {version} of the roster is damaged.")
        newest = max((version for version, *_ in there), default=0)
        if checked.place.comp == comp_bytes(SHARED) and newest < directory.roster.version:
            line = f"{name} is older than last seen (roster {newest} of {directory.roster.version})."
            self._notes.note(name, 3, f"{line} Restored from a backup?")

    def _sheets(self, checked: Checked) -> None:
        """Check who vouches for the recovery sheets; a copy may lag behind, but every row is somebody's."""
        name, there = checked.name, recoveries_in(checked.file)
        for one in there:
            if not self._directory.is_recovery(one):
                line = f"{name}: recovery sheet {one.recovery.number} is not signed by one who may."
                self._notes.note(name, 2, line)
        lacking = recovery_count(checked.file) - len(there)
        if checked.place.comp == comp_bytes(SHARED):
            kept = {(comp, number) for comp, number in checked.file.rows(_SHEETS, (17, NUMBER))}
            for sheet in (one.recovery for one in self._directory.recoveries):
                if (sheet.comp, sheet.number) not in kept:
                    kind = compartment_of(sheet.comp).kind.name.lower()
                    line = f"{name}: recovery sheet {sheet.number} ({kind}) was taken out; another file still has it."
                    self._notes.note(name, 2, line)
        if lacking:
            self._notes.note(name, 1, f"{name}: {lacking} rows of recovery sheets are damaged.")

    def _epochs(self, checked: Checked) -> None:
        """Check who signed the epochs; `shared.kapdb` also says which compartments there must be."""
        name, notes = checked.name, self._notes
        by_comp = {other.place.comp: other.file for other in self._every}
        for (comp, number), signed in grants.epoch_rows(checked.file).items():
            is_whole = False
            with notes.noting(name):
                grants.read_epoch(signed, comp, number, self._directory, name)
                is_whole = True
            if comp == checked.place.comp or not is_whole:
                continue  # a row that is damaged here says nothing of another file
            own_name = file_name(compartment_of(comp))
            if comp not in by_comp:
                if not (notes.folder / own_name).is_file():
                    notes.note_missing(own_name)
                continue
            with notes.noting(own_name):
                if grants.epoch_rows(by_comp[comp]).get((comp, number)) != signed:
                    notes.note(own_name, 1, f"{own_name}: epoch {number} of its key is not the one that {name} knows.")

    def _grants(self, checked: Checked) -> None:
        name, comp, directory = checked.name, checked.place.comp, self._directory
        signed_grants = grants.grant_rows(checked.file)
        for (number, to), signed in signed_grants.items():
            if directory.author(to) is None and directory.is_sheet_of(signed.by, comp):
                self._notes.note(name, 0, f"{name}: a recovery sheet was used, and what it was for did not come about.")
                continue
            with self._notes.noting(name):
                grants.read_grant(signed, comp, number, to, directory, name)
        holders = {to for _, to in signed_grants}
        owed = [to for to in holders if not directory.may_hold(to, comp)]
        if owed:
            line = f"{name}: {directory.label_of(owed[0])} had its key; the next sign-in of a holder changes it."
            self._notes.note(name, 0, line)
        if compartment_of(comp).kind is CompartmentKind.MEDICAL:
            return  # given by a holder at the next sign-in, so one may still be missing
        for member in directory.members:
            to = id_bytes(member.member_id)
            if directory.may_hold(to, comp) and to not in holders:
                self._notes.note(name, 1, f"{name}: the grant for {member.label} is missing.")

    def _patients(self, checked: Checked) -> None:
        first, second = (wrapped_keys(checked.file, table) for table in COPIES)
        if first != second:
            line = f"{checked.name} is damaged: the two copies of the patients' keys differ."
            self._notes.note(checked.name, 1, line)
        shared = next((other.file for other in self._every if other.place.comp == comp_bytes(SHARED)), None)
        owed = tombstones(shared) & living(checked.file) if shared is not None else None
        if owed:
            line = (
                f"{checked.name} has keys of {len(owed)} deleted patients; the next sign-in of a holder destroys them."
            )
            self._notes.note(checked.name, 0, line)
