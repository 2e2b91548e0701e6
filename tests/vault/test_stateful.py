"""A vault that lives: members come, sign in and write, correct and read, lock, and the laptop is closed or killed.

Whatever hypothesis does to the real vault on the disk it also does to a `Model` of a few lists; what each member reads,
and in which order, must be what the model says. To extend it, add a rule that does one thing to both.
"""

import hashlib
import itertools
import shutil
import tempfile
from dataclasses import dataclass, field
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, precondition, rule, run_state_machine_as_test

from kapnotes.domain.clock import ManualClock
from kapnotes.domain.custody import SignOff
from kapnotes.domain.entries import Correction, Entry, Note, Signal, Vitals
from kapnotes.domain.errors import Implausible, NotEntitled, PatientDeleted, SignedOff, WrongPassphrase
from kapnotes.domain.members import MEDICAL, SHARED, Compartment, Role, therapy_of
from kapnotes.vault.attempts import LONGEST_DELAY_S
from kapnotes.vault.kdf import KdfCost
from kapnotes.vault.library import KEYS_SCOPE, Library, create
from kapnotes.vault.restore import restore
from kapnotes.vault.verify import verify

LIGHT = KdfCost(64, 1, 1)
START = datetime(2025, 3, 4, 13, 2, tzinfo=UTC)
SESSIONS = {"5e" * 16: "a1" * 16, "5f" * 16: "a1" * 16, "60" * 16: "a2" * 16}
LAPTOPS = ("de" * 16, "df" * 16)
NEWCOMERS = {
    "Carl": {Role.MEDICAL},
    "Theo": {Role.THERAPIST},
    "Bea": {Role.THERAPIST, Role.MEDICAL},
}
EVERYBODY = ("Tess", "Ada", *NEWCOMERS)
KINDS = ("shared", "medical", "therapy")


class Chance:
    """Randomness of which every run has the same."""

    def __init__(self):
        self._numbers = itertools.count()

    def __call__(self, length):
        return hashlib.shake_256(next(self._numbers).to_bytes(8, "big")).digest(length)


@dataclass(frozen=True)
class Written:
    """One entry that was saved."""

    compartment: Compartment
    log: tuple
    entry: Entry


@dataclass
class Model:
    """What there is, in lists: who is who, who was given the medical key, and what was saved."""

    roles: dict = field(default_factory=dict)
    ids: dict = field(default_factory=dict)
    medical_key: set = field(default_factory=set)
    written: list = field(default_factory=list)
    begun: list = field(default_factory=list)
    signed: set = field(default_factory=set)
    passphrases: dict = field(default_factory=dict)
    told_of_keys: int = 0
    left: set = field(default_factory=set)
    deleted: set = field(default_factory=set)
    era: int = 0
    is_clock_steady: bool = True

    def compartment(self, kind, label):
        return {"shared": SHARED, "medical": MEDICAL, "therapy": therapy_of(self.ids[label])}[kind]

    def entitled(self, label):
        """Return what the member may hold, by role alone."""
        kinds = {"shared"}
        if self.roles[label] & {Role.THERAPIST, Role.MEDICAL}:
            kinds.add("medical")
        if Role.THERAPIST in self.roles[label]:
            kinds.add("therapy")
        return {self.compartment(kind, label) for kind in kinds}

    def holds_at_sign_in(self, label):
        """Return what the member holds after signing in; a holder of the medical key gives it to all who lack it."""
        held = self.entitled(label)
        if label not in self.medical_key:
            return held - {MEDICAL}
        self.give_medical_key()
        return held

    def give_medical_key(self):
        self.medical_key |= {label for label in self.roles if MEDICAL in self.entitled(label)}

    def is_deleted(self, session):
        return SESSIONS[session] in self.deleted

    def has_in(self, patient, compartment):
        return any(SESSIONS[one.entry.scope_id] == patient and one.compartment == compartment for one in self.written)

    def leave(self, label):
        """End a membership; what was written stays."""
        self.left.add(label)
        self.medical_key.discard(label)
        del self.roles[label]

    def may_write(self, label, compartment, held):
        return compartment in held and (compartment != MEDICAL or Role.MEDICAL in self.roles[label])

    def is_refused_as_signed(self, label, compartment, session, bodies):
        return (label, session, compartment) in self.signed and not all(isinstance(one, Correction) for one in bodies)

    def own_count(self, label, session, compartment):
        return len([one for one in self.readable(session, {compartment}) if one.entry.author_id == self.ids[label]])

    def readable(self, session, held):
        there = [] if self.is_deleted(session) else self.written
        return [one for one in there if one.entry.scope_id == session and one.compartment in held]

    def save(self, compartment, laptop, entries):
        for entry in entries:
            log = (compartment, entry.author_id, laptop, entry.scope_id, self.era)
            self.written.append(Written(compartment, log, entry))
            if compartment == SHARED and entry.scope_id not in self.begun:
                self.begun.append(entry.scope_id)


@pytest.fixture(scope="module")
def template(tmp_path_factory):
    """A vault with nothing in it: Tess, its therapist and administrator, and Ada, who only administrates."""
    folder = tmp_path_factory.mktemp("template") / "vault"
    chance, clock = Chance(), ManualClock(START)
    passphrase = passphrase_of("Tess")
    create(folder, "Tess", frozenset({Role.THERAPIST}), passphrase, cost=LIGHT, entropy=chance, clock=clock)
    library = Library.open(folder, device_id=LAPTOPS[0], entropy=chance, clock=clock)
    tess = library.unlock("Tess", passphrase)
    library.add_member(tess, "Ada", passphrase_of("Ada"), frozenset({Role.ADMIN}), cost=LIGHT)
    library.close()
    return folder, chance


def passphrase_of(label):
    return f"the passphrase of {label}"


class LivingVault(RuleBasedStateMachine):
    """The real vault and its model, side by side; `template` and `chance` are set by the test."""

    template: Path
    chance: Chance

    def __init__(self):
        super().__init__()
        self.place = Path(tempfile.mkdtemp())
        self.folder = self.place / "vault-0"
        self.clock = ManualClock(START)
        self.model = Model(roles={"Tess": {Role.THERAPIST, Role.ADMIN}, "Ada": {Role.ADMIN}}, medical_key={"Tess"})
        self.numbers = itertools.count(1)
        self.seats = {}
        self.held = {}
        self.laptop = LAPTOPS[0]

    @initialize(sessions=st.permutations(sorted(SESSIONS)), newcomers=st.permutations(sorted(NEWCOMERS)))
    def first_morning(self, sessions, newcomers):
        shutil.copytree(self.template, self.folder)
        self.open()
        self.model.ids = {member.label: member.member_id for member in self.library.members()}
        self.model.passphrases = {label: passphrase_of(label) for label in self.model.roles}
        self.sign_in("Tess")
        for session in sessions[1:]:
            self.try_to_write("Tess", SHARED, session, [self.body("shared", 0)])
        for new in newcomers[1:]:
            self.add("Tess", new)

    # ---------------------------------------------------------------------------------------- members

    @rule(label=st.sampled_from(EVERYBODY))
    def sign_in_wrongly(self, label):
        self.wait_until_a_try_is_answered()
        with pytest.raises(WrongPassphrase):
            self.library.unlock(label, passphrase_of("nobody"))

    @rule(data=st.data(), new=st.integers(0, 2))
    def change_passphrase(self, data, new):
        label, chosen = data.draw(st.sampled_from(sorted(self.model.roles))), f"the new passphrase {new}"
        seat, old = self.seat(label), self.model.passphrases[label]
        self.wait_until_a_try_is_answered()
        with pytest.raises(WrongPassphrase):
            self.library.change_passphrase(seat, passphrase_of("nobody"), chosen, cost=LIGHT)
        self.wait_until_a_try_is_answered()
        self.library.change_passphrase(seat, old, chosen, cost=LIGHT)
        self.model.passphrases[label] = chosen
        if old != chosen:
            with pytest.raises(WrongPassphrase):
                self.library.unlock(label, old)

    @precondition(lambda self: len(self.model.roles) + len(self.model.left) < len(EVERYBODY))
    @rule(data=st.data())
    def add_member(self, data):
        by = self.someone(data)
        new = data.draw(st.sampled_from(sorted(set(NEWCOMERS) - set(self.model.roles) - self.model.left)))
        self.add(by, new)

    def add(self, by, new):
        roles = frozenset(NEWCOMERS[new])
        add = self.library.add_member
        if Role.ADMIN not in self.model.roles[by]:
            with pytest.raises(NotEntitled):
                add(self.seats[by], new, passphrase_of(new), roles, cost=LIGHT)
            return
        member = add(self.seats[by], new, passphrase_of(new), roles, cost=LIGHT)
        self.model.roles[new] = set(roles)
        self.model.ids[new] = member.member_id
        self.model.passphrases[new] = passphrase_of(new)
        if MEDICAL in self.held[by]:
            self.model.give_medical_key()

    @precondition(lambda self: set(NEWCOMERS) & set(self.model.roles))
    @rule(data=st.data())
    def revoke(self, data):
        """End the membership of one who came; new keys begin with whoever is signed in."""
        by = self.someone(data)
        label = data.draw(st.sampled_from(sorted(set(NEWCOMERS) & set(self.model.roles))))
        if Role.ADMIN not in self.model.roles[by]:
            with pytest.raises(NotEntitled):
                self.library.revoke_member(self.seats[by], self.model.ids[label])
            return
        self.library.revoke_member(self.seats[by], self.model.ids[label])
        has_had_the_medical_key = label in self.model.medical_key
        self.model.leave(label)
        self.seats.pop(label, None)
        self.held.pop(label, None)
        self.has_new_keys(is_medical=has_had_the_medical_key)
        self.wait_until_a_try_is_answered()
        with pytest.raises(WrongPassphrase):
            self.library.unlock(label, self.model.passphrases[label])

    @precondition(lambda self: len(self.model.written) > 6)
    @rule(data=st.data(), patient=st.sampled_from(sorted(set(SESSIONS.values()))))
    def delete_a_patient(self, data, patient):
        """Destroy the keys of a patient; who is not signed in destroys the own ones later."""
        by, has_any = self.someone(data), any(SESSIONS[one.entry.scope_id] == patient for one in self.model.written)
        wrong = None
        if Role.ADMIN not in self.model.roles[by]:
            wrong = NotEntitled
        elif patient in self.model.deleted or not has_any:
            wrong = Implausible
        if wrong is not None:
            with pytest.raises(wrong):
                self.library.shredder.delete(self.seats[by], [patient])
            return
        self.library.shredder.delete(self.seats[by], [patient])
        self.model.deleted.add(patient)
        self.has_new_keys(is_medical=self.model.has_in(patient, MEDICAL))

    def has_new_keys(self, *, is_medical):
        """Begin a new era; whoever is entitled is given the new medical key, if somebody who holds it is there."""
        self.model.era += 1
        if is_medical and any(MEDICAL in held for held in self.held.values()):
            self.model.give_medical_key()

    @rule(data=st.data())
    def lock(self, data):
        label = self.someone(data)
        self.count_what_is_told_of_keys()
        seat = self.seats.pop(label)
        self.library.lock(seat)
        self.held.pop(label)
        with pytest.raises(NotEntitled):
            self.library.read(seat, next(iter(SESSIONS)))
        with pytest.raises(NotEntitled):
            self.write(seat, label, SHARED, next(iter(SESSIONS)), [Signal("after the lock")])

    # ---------------------------------------------------------------------------------------- entries

    @rule(
        data=st.data(), kind=st.sampled_from(KINDS), session=st.sampled_from(sorted(SESSIONS)), count=st.integers(1, 3)
    )
    def write_down(self, data, kind, session, count):
        label = self.someone(data)
        bodies = [self.body(kind, number) for number in range(count)]
        self.try_to_write(label, self.model.compartment(kind, label), session, bodies)

    @rule(data=st.data(), session=st.sampled_from(sorted(SESSIONS)))
    def write_into_anothers_process_notes(self, data, session):
        label, other = self.someone(data), data.draw(st.sampled_from(sorted(self.model.ids)))
        compartment = self.model.compartment("therapy", other)
        self.try_to_write(label, compartment, session, [self.body("therapy", 0)])

    @precondition(lambda self: self.model.written)
    @rule(data=st.data(), is_retracted=st.booleans())
    def correct(self, data, is_retracted):
        label = self.someone(data)
        target = data.draw(st.sampled_from(self.model.written))
        is_amendment = isinstance(target.entry.body, Correction | SignOff)
        replacement = None if is_retracted or is_amendment else target.entry.body
        correction = Correction(target.entry.entry_id, "typo", replacement)
        self.try_to_write(label, target.compartment, target.entry.scope_id, [correction])

    @rule(data=st.data(), kind=st.sampled_from(KINDS), session=st.sampled_from(sorted(SESSIONS)))
    def sign_off(self, data, kind, session):
        label = self.someone(data)
        compartment, seat = self.model.compartment(kind, label), self.seats[label]
        if self.model.is_deleted(session):
            return
        if compartment not in self.held[label]:
            with pytest.raises(NotEntitled):
                self.library.own_heads(seat, session, compartment)
            return
        heads = self.library.own_heads(seat, session, compartment)
        assert sum(head.seq for head in heads) == self.model.own_count(label, session, compartment)
        signature = SignOff(compartment, label, "", "complete", heads)
        if not self.model.may_write(label, compartment, self.held[label]):
            with pytest.raises(NotEntitled):
                self.write(seat, label, SHARED, session, [signature])
            return
        if (label, session, compartment) in self.model.signed:
            with pytest.raises(SignedOff):
                self.write(seat, label, SHARED, session, [signature])
            return
        self.model.save(SHARED, self.laptop, self.write(seat, label, SHARED, session, [signature]))
        self.model.signed.add((label, session, compartment))
        self.try_to_write(label, compartment, session, [self.body(kind, 0)])

    @rule(data=st.data(), session=st.sampled_from(sorted(SESSIONS)))
    def read(self, data, session):
        self.see_what_is_read(self.someone(data), session)

    # ----------------------------------------------------------------------------------------- laptops

    @rule(laptop=st.sampled_from(LAPTOPS))
    def close_and_open(self, laptop):
        self.close()
        self.see_that_it_verifies()
        self.laptop = laptop
        self.open()

    @rule()
    def be_killed_and_open(self):
        """What is on the disk at this moment, and nothing that a clean close would do, is all that is left."""
        left = self.place / f"vault-{next(self.numbers)}"
        shutil.copytree(self.folder, left)
        self.close()
        self.folder = left
        self.open()

    @rule()
    def restore_a_backup(self):
        """On another laptop; what the first one writes from now on is not of this vault's time."""
        made = self.library.backups.make_as(self.place / f"{next(self.numbers)}.kapbackup", tell=lambda *_: None)
        assert wrong(made) == []
        self.close()
        self.folder = self.place / f"vault-{next(self.numbers)}"
        report = restore(made.path, self.folder, entropy=self.chance, with_findings=False, tell=lambda *_: None)
        assert wrong(report) == []
        self.laptop = self.chance(16).hex()
        self.open()

    @rule(by_s=st.integers(1, 90_000))
    def set_the_clock_back(self, by_s):
        self.clock.jump(-by_s)
        self.model.is_clock_steady = False

    # ------------------------------------------------------------------------------------- in the end

    def teardown(self):
        try:
            self.close()
            self.see_that_it_verifies()
            self.open()
            for label in self.model.roles:
                self.sign_in(label)
                for session in SESSIONS:
                    self.see_what_is_read(label, session)
            self.close()
            for label in self.model.roles:
                self.see_that_it_verifies(label)
        finally:
            shutil.rmtree(self.place)

    # ------------------------------------------------------------------------------------- by hand

    def open(self):
        self.library = Library.open(self.folder, device_id=self.laptop, entropy=self.chance, clock=self.clock)

    def close(self):
        self.count_what_is_told_of_keys()
        self.library.close()
        self.seats.clear()
        self.held.clear()

    def count_what_is_told_of_keys(self):
        """Count it as long as somebody is there to read it; without anybody nothing is told."""
        for seat in tuple(self.seats.values())[:1]:
            told = self.library.read(seat, KEYS_SCOPE, only=SHARED)
            assert (told.refused, told.findings) == ((), ())
            assert len(told.entries) >= self.model.told_of_keys
            self.model.told_of_keys = len(told.entries)

    def someone(self, data):
        """Draw a member, who signs in first if need be."""
        label = data.draw(st.sampled_from(sorted(self.model.roles)))
        self.seat(label)
        return label

    def seat(self, label):
        if label not in self.seats:
            self.sign_in(label)
        return self.seats[label]

    def wait_until_a_try_is_answered(self):
        """Let the longest delay pass that wrong passphrases in a row can have brought about."""
        self.clock.advance(LONGEST_DELAY_S)

    def sign_in(self, label):
        self.wait_until_a_try_is_answered()
        self.seats[label] = self.library.unlock(label, self.model.passphrases[label])
        self.held[label] = self.model.holds_at_sign_in(label)
        assert set(self.seats[label].compartments) == self.held[label]
        self.model.era += 1

    def body(self, kind, number):
        texts = {"shared": Signal(f"bp {number}"), "therapy": Note(f"tears {number}", "quote")}
        return texts.get(kind, Vitals(heart_rate_bpm=Decimal(70 + number)))

    def write(self, seat, label, compartment, session, bodies):
        entries = []
        for body in bodies:
            self.clock.advance(1)
            now = self.clock.now()
            entries.append(Entry(self.chance(16).hex(), session, self.model.ids[label], now, now, body))
        self.library.append_all(seat, compartment, entries, patient_id=SESSIONS[session])
        return entries

    def try_to_write(self, label, compartment, session, bodies):
        """Write, and see that it is let through or refused as the model says."""
        seat = self.seats[label]
        if not self.model.may_write(label, compartment, self.held[label]):
            with pytest.raises(NotEntitled):
                self.write(seat, label, compartment, session, bodies)
        elif self.model.is_deleted(session):
            with pytest.raises((PatientDeleted, SignedOff)):
                self.write(seat, label, compartment, session, bodies)
        elif self.model.is_refused_as_signed(label, compartment, session, bodies):
            with pytest.raises(SignedOff):
                self.write(seat, label, compartment, session, bodies)
        else:
            entries = self.write(seat, label, compartment, session, bodies)
            self.model.save(compartment, self.laptop, entries)

    def see_what_is_read(self, label, session):
        """See that a member reads all that was saved and is hers to read, in its order, and nothing else."""
        seat, held = self.seats[label], self.held[label]
        read = self.library.read(seat, session)
        expected = [one.entry for one in self.model.readable(session, held)]
        if not self.model.is_clock_steady:
            logs = {one.entry: one.log for one in self.model.written}
            assert set(read.entries) <= set(logs)
            place = {entry: number for number, entry in enumerate(read.entries)}
            for log in set(logs.values()):
                own = [entry for entry in expected if logs[entry] == log]
                assert own == sorted(own, key=place.__getitem__)
            expected.sort(key=place.__getitem__)
        assert list(read.entries) == expected
        assert (read.refused, read.findings) == ((), ())
        scopes = [(scope.scope_id, scope.patient_id) for scope in self.library.scopes(seat, newest_first=False)]
        assert scopes == [
            (session, SESSIONS[session]) for session in self.model.begun if not self.model.is_deleted(session)
        ]
        for foreign in {one.compartment for one in self.model.written} - held:
            with pytest.raises(NotEntitled):
                self.library.read(seat, session, only=foreign)

    def see_that_it_verifies(self, label=None):
        """See that a closed vault is whole and holds as many entries as were saved."""
        report = verify(self.folder, label=label, passphrase=self.model.passphrases.get(label))
        assert wrong(report) == []
        assert report.findings == () or self.model.left or self.model.deleted
        assert report.entries == len(self.model.written) + self.model.told_of_keys


def wrong(report):
    """Return what is wrong; that a key is changed at the next sign-in of a holder is only worth knowing."""
    return [finding for finding in report.findings if finding.code]


@pytest.mark.timeout(400)  # of which finding the shortest way to a failure takes most
def test_a_vault_holds_what_was_saved_and_gives_it_to_whom_it_belongs(template):
    folder, chance = template
    machine = type("Vault", (LivingVault,), {"template": folder, "chance": staticmethod(chance)})
    calm = settings(
        derandomize=True,
        deadline=None,
        max_examples=12,
        stateful_step_count=25,
        suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much],
    )

    run_state_machine_as_test(machine, settings=calm)
