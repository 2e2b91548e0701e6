"""A forgotten passphrase: the own sheet lets the person go on, with everything that was hers and nothing more."""

import contextlib
import os
import shutil
import sqlite3

import pytest

from kapnotes.domain.custody import KeyChange, KeyEvent
from kapnotes.domain.drafts import DraftLine
from kapnotes.domain.entries import Addendum, Note, Phase, Signal, Stage
from kapnotes.domain.errors import Implausible, Misread, SignedOff, VaultError, WrongPassphrase
from kapnotes.domain.members import MEDICAL, SHARED, Role
from kapnotes.vault import recovery, roster, sheet_text
from kapnotes.vault.compartment_file import Change, CompartmentFile
from kapnotes.vault.identity import Identity
from kapnotes.vault.library import KEYS_SCOPE, Library
from kapnotes.vault.recovery import Recovery
from kapnotes.vault.verify import verify
from tests.vault.test_sheets import take_out
from tests.vault.test_sign_off import sign

NEW = "seven quiet herons wade upstream"


@pytest.fixture
def papers(filled):
    """The confirmed sheets, as text: Tess's own, and the practice's two."""
    with filled.opened("Tess") as (library, tess):
        found = {}
        for compartment in (SHARED, MEDICAL, tess.member.therapy):
            lines = "\n".join(library.make_sheet(tess, compartment).lines)
            library.confirm_sheet(tess, compartment, lines)
            found[compartment.kind.name.lower()] = lines
    return found


def recover(practice, label, *papers, folder=None):
    library = practice.open(folder)
    try:
        library.recover(label, papers, NEW, cost=practice.cost)
    finally:
        library.close()


def clean(practice, label, passphrase, folder=None):
    report = verify(folder or practice.folder, label=label, passphrase=passphrase)
    assert [finding for finding in report.findings if finding.code] == []


def test_a_therapist_goes_on_with_the_own_sheet_and_reads_the_own_notes(filled, papers):
    recover(filled, "Tess", papers["therapy"])
    with filled.opened() as (library,):
        with pytest.raises(WrongPassphrase):
            library.unlock("Tess", filled.passphrases["Tess"])
        tess = library.unlock("Tess", NEW)
        assert tess.member.roles == {Role.THERAPIST, Role.ADMIN}
        assert tess.compartments == (SHARED, tess.member.therapy)  # the medical key comes from a colleague
        notes = library.read(tess, filled.session, only=tess.member.therapy)
        assert (len(notes.entries), notes.refused, notes.findings) == (6, (), ())
        filled.append(library, tess, tess.member.therapy, Note("after"))
        filled.append(library, tess, SHARED, Phase(Stage.DOSING))
        filled.unlock(library, "Carl")
    with filled.opened() as (library,):
        tess = library.unlock("Tess", NEW)
        assert tess.compartments == (SHARED, MEDICAL, tess.member.therapy)
        read = library.read(tess, filled.session)
        assert (len(read.entries), read.refused, read.findings) == (17, (), ())
    assert len(list(filled.folder.glob("therapy-*.kapdb"))) == 1
    clean(filled, "Tess", NEW)
    clean(filled, "Carl", filled.passphrases["Carl"])


def test_it_is_told_and_the_old_signatures_stay(filled, papers):
    old = filled.member_id("Tess")
    recover(filled, "Tess", papers["therapy"])
    with filled.opened("Carl") as (library, carl):
        bodies = [entry.body for entry in library.read(carl, KEYS_SCOPE, only=SHARED).entries]
        assert KeyEvent(KeyChange.OWN_KEY_REPLACED, old) in bodies
        assert [entry.author_id for entry in library.read(carl, filled.session).entries].count(old) == 1
        assert [member.label for member in library.members()] == ["Carl", "Tess"]


def test_a_crna_goes_on_with_the_medical_or_the_shared_sheet(filled, papers):
    for name in ("medical", "shared"):
        folder = filled.folder.with_name(name)
        shutil.copytree(filled.folder, folder)
        recover(filled, "Carl", papers[name], folder=folder)
        library = filled.open(folder)
        filled.unlock(library, "Tess")
        carl = library.unlock("Carl", NEW)
        assert carl.compartments == (SHARED, MEDICAL)
        assert len(library.read(carl, filled.session).entries) == 9
        library.close()
        clean(filled, "Carl", NEW, folder)


@pytest.mark.parametrize(("label", "paper"), [("Tess", "medical"), ("Tess", "shared"), ("Carl", "therapy")])
def test_with_anothers_sheet_nobody_becomes_somebody_else(filled, papers, label, paper):
    before = filled.hashes()
    with pytest.raises(Implausible, match="goes on with the confirmed recovery sheet"):
        recover(filled, label, papers[paper])
    assert filled.hashes() == before


def test_alone_in_the_practice_every_compartment_needs_its_sheet(practice):
    with practice.opened("Tess") as (library, tess):
        practice.append(library, tess, tess.member.therapy, Note("mine"))
        papers = []
        for compartment in (tess.member.therapy, MEDICAL):
            papers.append("\n".join(library.make_sheet(tess, compartment).lines))
            library.confirm_sheet(tess, compartment, papers[-1])
    with pytest.raises(Implausible, match="Nobody else holds the medical compartment"):
        recover(practice, "Tess", papers[0])
    recover(practice, "Tess", *papers)
    with practice.opened() as (library,):
        tess = library.unlock("Tess", NEW)
        assert tess.compartments == (SHARED, MEDICAL, tess.member.therapy)
        assert len(library.read(tess, practice.session).entries) == 1
    clean(practice, "Tess", NEW)


def test_twice_forgotten_is_helped_twice(filled, papers):
    recover(filled, "Tess", papers["therapy"])
    with filled.opened("Carl") as (library, _):
        tess = library.unlock("Tess", NEW)
        lines = "\n".join(library.make_sheet(tess, tess.member.therapy).lines)
        library.confirm_sheet(tess, tess.member.therapy, lines)
    recover(filled, "Tess", lines)
    with filled.opened("Carl") as (library, _):
        tess = library.unlock("Tess", NEW)
        assert len(library.read(tess, filled.session).entries) == 15
    clean(filled, "Tess", NEW)


def test_who_is_signed_in_goes_on_there_and_by_no_sheet(filled, papers):
    with filled.opened("Tess", "Carl") as (library, tess, carl):
        with pytest.raises(Implausible, match="Tess is signed in"):
            library.recover("Tess", [papers["therapy"]], NEW, cost=filled.cost)
        assert [member.member_id for member in library.members()].count(tess.member.member_id) == 1
        filled.append(library, tess, tess.member.therapy, Note("goes on"))
        library.lock(tess)
        library.recover("Tess", [papers["therapy"]], NEW, cost=filled.cost)
        assert library.unlock("Tess", NEW).member.member_id != tess.member.member_id
        filled.append(library, carl, SHARED, Signal("is still here"))
    clean(filled, "Tess", NEW)


def test_who_signs_in_while_the_new_key_is_derived_keeps_the_old_one(filled, papers):
    seats = []

    def entropy(size):
        if len(seats) == 1:
            seats.append(library.unlock("Tess", filled.passphrases["Tess"]))
        return os.urandom(size)

    library = Library.open(filled.folder, device_id=filled.device, entropy=entropy, clock=filled.clock)
    seats.append(filled.unlock(library, "Carl"))
    with pytest.raises(Implausible, match="Tess is signed in"):
        library.recover("Tess", [papers["therapy"]], NEW, cost=filled.cost)
    filled.append(library, seats[1], SHARED, Signal("goes on"))
    library.close()
    clean(filled, "Tess", filled.passphrases["Tess"])


def test_a_mistyped_sheet_changes_nothing(filled, papers):
    before = filled.hashes()
    with pytest.raises(Misread):
        recover(filled, "Tess", papers["therapy"][:-1])
    assert filled.hashes() == before


def test_killed_at_any_write_the_old_or_the_new_passphrase_opens_and_the_notes_are_there(filled, papers):
    with filled.copied_before_each_write() as snapshots:
        recover(filled, "Tess", papers["therapy"])
    assert len(snapshots) >= 3
    opened = []
    for folder in snapshots:
        assert not any(finding.code for finding in verify(folder).findings)
        for passphrase in (filled.passphrases["Tess"], NEW):
            library = filled.open(folder)
            try:
                tess = library.unlock("Tess", passphrase)
                assert len(library.read(tess, filled.session, only=tess.member.therapy).entries) == 6
                opened.append(passphrase)
            except WrongPassphrase:
                continue
            finally:
                library.close()
            clean(filled, "Tess", passphrase, folder)
    assert len(opened) == len(snapshots)
    assert opened[0] == filled.passphrases["Tess"]
    assert opened[-1] == NEW


# ------------------------------------------------------------------------------------------------ attacks


def forge_succession(practice, signer, vouched=None):
    """Put a roster into the vault in which a stranger succeeds Tess, signed by *signer*."""
    stranger = Identity(b"s" * 32)
    with practice.raw("Carl", practice.file("medical")) as (_, carl, directory, _):
        tess = bytes.fromhex(directory.labelled("Tess").member_id)
        version = roster.with_successor(directory.roster, directory.signed_roster.body, tess, stranger.public.id)
        signed = roster.signed(version, (signer or stranger).signing)
        rows = [("identity", (one.id, one.hpke_pub, one.sign_pub)) for one in (stranger.public, signer.public)]
        rows.append(("roster", (version.version, signed.body, signed.by, signed.sig)))
        if vouched is not None:
            comp = directory.labelled("Tess").therapy
            one = Recovery(b"\x03" + bytes.fromhex(comp.owner_id), 9, signer.public.id, True, 1)
            rows.append(("recovery", recovery.signed_recovery(one, vouched(stranger, carl)).row().values))
    file = CompartmentFile(practice.file("shared"))
    file.open()
    marks = {"identity": 3, "roster": 4, "recovery": 5}
    file.write(
        [Change(f"INSERT OR IGNORE INTO {table} VALUES({','.join('?' * marks[table])})", row) for table, row in rows]
    )
    file.close()
    return stranger.public.id


@pytest.mark.parametrize("by", ["the stranger", "Carl"])
def test_nobody_vouches_for_the_sheet_that_makes_him_somebody_else(filled, papers, by):
    def vouched(stranger, carl):
        return stranger.signing if by == "the stranger" else carl.signing

    forge_succession(filled, Identity(b"p" * 32), vouched)
    filled.forget_closing()
    with pytest.raises(VaultError, match="not signed by an administrator"):
        filled.open()
    assert verify(filled.folder).exit_code == 2


def test_a_sheet_that_was_replaced_makes_nobody_somebody_else(filled, papers):
    with filled.opened("Tess") as (library, tess):
        library.confirm_sheet(tess, tess.member.therapy, "\n".join(library.make_sheet(tess, tess.member.therapy).lines))
    with pytest.raises(Implausible, match="older recovery sheet"):
        recover(filled, "Tess", papers["therapy"])
    forge_succession(filled, Identity(sheet_text.read(papers["therapy"])))
    filled.forget_closing()
    with pytest.raises(VaultError, match="not signed by an administrator"):
        filled.open()


def test_a_replaced_sheet_makes_nobody_somebody_else_where_its_successor_was_taken_out(filled, papers):
    with filled.opened("Tess") as (library, tess):
        new = library.make_sheet(tess, tess.member.therapy)
        library.confirm_sheet(tess, tess.member.therapy, "\n".join(new.lines))
    take_out(filled, new)
    stranger = forge_succession(filled, Identity(sheet_text.read(papers["therapy"])))
    filled.forget_closing()
    for _ in range(2):
        with filled.opened("Carl") as (library, carl):
            told = [str(one) for one in library.notices()]
            library.make_sheet(carl, MEDICAL)
        for kind in ("shared", "medical"):
            with contextlib.closing(sqlite3.connect(filled.file(kind))) as connection:
                held = connection.execute("SELECT count(*) FROM grants WHERE holder=?", (stranger,)).fetchone()
            assert held == (0,)
        assert len([one for one in told if "Tess goes on under a new identity that never held" in one]) == 1
    found = verify(filled.folder, label="Carl", passphrase=filled.passphrases["Carl"]).findings
    assert [one.code for one in found if "goes on under a new identity" in one.line] == [2]


def test_an_administrator_of_before_is_no_administrator_under_a_forged_successor(filled, papers):
    recover(filled, "Tess", papers["therapy"])
    with filled.opened() as (library,):
        tess = library.unlock("Tess", NEW)
        filled.add(library, tess, "Cleo", Role.MEDICAL)
        filled.append(library, filled.unlock(library, "Cleo"), SHARED, Signal("x"))
    clean(filled, "Tess", NEW)


def test_what_was_signed_stays_signed_under_the_new_identity(filled, papers):
    with filled.opened("Tess") as (library, tess):
        sign(filled, library, tess, tess.member.therapy)
    recover(filled, "Tess", papers["therapy"])
    with filled.opened() as (library,):
        tess = library.unlock("Tess", NEW)
        with pytest.raises(SignedOff):
            filled.append(library, tess, tess.member.therapy, Note("as if it had stood there"))
        with pytest.raises(SignedOff, match="signed this record already"):
            sign(filled, library, tess, tess.member.therapy)
        filled.append(library, tess, tess.member.therapy, Addendum("", "remembered later", Note("after")))
    clean(filled, "Tess", NEW)


def test_an_entry_that_the_new_identity_slips_behind_the_signature_is_refused_and_named(filled, papers):
    with filled.opened("Tess") as (library, tess):
        sign(filled, library, tess, tess.member.therapy)
    recover(filled, "Tess", papers["therapy"])
    filled.passphrases["Tess"] = NEW
    with filled.opened("Tess"):
        pass
    with filled.raw("Tess", filled.file("therapy")) as (file, tess, _, _):
        forged = filled.entry(tess, Note("as if it had stood there"))
        filled.journal_of(file).append(tess, [forged], filled.patient)
    filled.forget_closing()
    found = verify(filled.folder, label="Tess", passphrase=NEW).findings
    assert [one.code for one in found if "had signed" in one.line] == [2]
    with filled.opened() as (library,):
        tess = library.unlock("Tess", NEW)
        assert forged not in library.read(tess, filled.session).entries


def test_who_signs_under_the_new_identity_signs_what_was_written_under_the_old_one(filled, papers):
    recover(filled, "Tess", papers["therapy"])
    with filled.opened() as (library,):
        tess = library.unlock("Tess", NEW)
        filled.append(library, tess, tess.member.therapy, Note("after"))
        assert len(library.own_heads(tess, filled.session, tess.member.therapy)) == 2
        sign(filled, library, tess, tess.member.therapy)
    clean(filled, "Tess", NEW)


def test_what_was_half_typed_waits_for_the_new_identity(filled, papers):
    line = DraftLine("ab" * 16, "note", "", filled.clock.now(), "half a wo")
    ids = {"scope_id": filled.session, "patient_id": filled.patient}
    with filled.opened("Tess") as (library, tess):
        library.open_draft(tess, tess.member.therapy, **ids).write([line])
    recover(filled, "Tess", papers["therapy"])
    for _ in range(2):
        with filled.opened() as (library,):
            tess = library.unlock("Tess", NEW)
            assert library.open_draft(tess, tess.member.therapy, **ids).found == (line,)
    assert len(list(filled.folder.glob("*.draft"))) == 1
