"""Members: who may add whom, who gives which key, and that a signed roster is the only word that counts."""

import shutil
import sqlite3

import pytest

from kapnotes.domain.entries import Note
from kapnotes.domain.errors import DataDamaged, HeaderDamaged, Implausible, NotEntitled, Tampered
from kapnotes.domain.members import MEDICAL, SHARED, Role, therapy_of
from kapnotes.vault import membership, roster, strict
from kapnotes.vault.compartment_file import build
from kapnotes.vault.directory import Directory
from kapnotes.vault.identity import Identity
from kapnotes.vault.kdf import KdfCost
from kapnotes.vault.verify import verify


def test_a_new_therapist_gets_a_file_at_the_first_sign_in_and_nobody_else_holds_its_key(filled):
    with filled.opened("Tess") as (library, tess):
        theo = filled.add(library, tess, "Theo", Role.THERAPIST)
        assert len(list(filled.folder.glob("therapy-*.kapdb"))) == 1
        keys = filled.unlock(library, "Theo")
        assert keys.compartments == (SHARED, MEDICAL, therapy_of(theo.member_id))
        filled.append(library, keys, therapy_of(theo.member_id), Note("mine"))
        assert therapy_of(theo.member_id) not in tess.compartments
    assert verify(filled.folder).exit_code == 0
    with filled.opened("Tess", "Theo") as (library, tess, theo):
        assert len(library.read(theo, filled.session).entries) == 10
        assert len(library.read(tess, filled.session).entries) == 15


def test_only_an_administrator_adds_members(filled):
    with filled.opened("Carl") as (library, carl), pytest.raises(NotEntitled, match="no administrator"):
        filled.add(library, carl, "Zoe", Role.MEDICAL)


def test_a_locked_administrator_adds_nobody(filled):
    with filled.opened("Tess") as (library, tess):
        library.lock(tess)
        with pytest.raises(NotEntitled, match="locked"):
            filled.add(library, tess, "Zoe", Role.MEDICAL)


@pytest.mark.parametrize(("label", "roles"), [(" carl ", {Role.MEDICAL}), ("Zoe", set()), ("", {Role.MEDICAL})])
def test_a_taken_name_or_no_role_is_refused(filled, label, roles):
    before = filled.hashes()
    with filled.opened("Tess") as (library, tess), pytest.raises(Implausible):
        filled.add(library, tess, label, *roles)
    assert filled.hashes() == before


def test_being_administrator_opens_nothing(filled):
    with filled.opened("Tess") as (library, tess):
        ada = filled.add(library, tess, "Ada", Role.ADMIN)
        assert filled.unlock(library, "Ada").compartments == (SHARED,)
        assert ada.roles == {Role.ADMIN}


def test_an_administrator_without_the_medical_key_adds_a_crna_who_gets_it_at_a_holders_next_sign_in(filled):
    with filled.opened("Tess") as (library, tess):
        filled.add(library, tess, "Ada", Role.ADMIN)
    with filled.opened("Ada") as (library, ada):
        filled.add(library, ada, "Cleo", Role.MEDICAL)
        assert filled.unlock(library, "Cleo").compartments == (SHARED,)
    assert verify(filled.folder, label="Cleo", passphrase=filled.passphrases["Cleo"]).exit_code == 0
    with filled.opened("Carl", "Cleo") as (library, _, cleo):
        assert cleo.compartments == (SHARED, MEDICAL)
        assert len(library.read(cleo, filled.session).entries) == 9


def test_every_file_has_a_copy_of_all_slots_after_a_clean_close(filled):
    with filled.opened("Tess") as (library, tess):
        filled.add(library, tess, "Cleo", Role.MEDICAL)
    slots = set()
    for path in filled.folder.glob("*.kapdb"):
        with sqlite3.connect(path) as connection:
            slots.add(tuple(connection.execute("SELECT member, body, sha FROM slot ORDER BY member")))
        connection.close()
    (rows,) = slots
    assert len(rows) == 3


def test_a_therapy_file_whose_making_was_cut_short_is_taken_up(practice):
    """Killed after the file was made and before `shared` knew of it: the file is there, and no epoch in shared."""
    with sqlite3.connect(practice.file("shared")) as connection:
        assert connection.execute("DELETE FROM epoch WHERE substr(comp,1,1)=x'03'").rowcount == 1
    connection.close()
    practice.forget_closing()
    assert verify(practice.folder).exit_code == 0
    with practice.opened("Tess") as (library, tess):
        entry, _ = practice.append(library, tess, therapy_of(tess.member.member_id), Note("x"))
        assert library.read(tess, practice.session).entries == (entry,)
    assert verify(practice.folder).exit_code == 0


# -------------------------------------------------------------------------------------------- forged rosters


def forge(practice, label, **changes):
    """Put a next roster into the vault, signed by that member."""
    with practice.raw(label, practice.file("medical")) as (_, keyring, directory, _):
        signed = roster.signed(grown(directory, **changes), keyring.signing)
    with sqlite3.connect(practice.file("shared")) as connection:
        connection.execute("INSERT INTO roster VALUES(3,?,?,?)", (signed.body, signed.by, signed.sig))
    connection.close()


def grown(directory, **changes):
    """Return a next roster in which Carl is an administrator."""
    members = tuple(
        roster.listed(m.id, m.label, {*m.roles, Role.ADMIN}) if m.label == "Carl" else m
        for m in directory.roster.members
    )
    sha = roster.roster_sha(directory.signed_roster.body)
    fields = {"version": directory.roster.version + 1, "prev_sha": sha, "members": members, **changes}
    return roster.Roster(**fields)


def test_a_crna_cannot_make_himself_an_administrator(filled):
    forge(filled, "Carl")
    with pytest.raises(Tampered, match="Roster 3 is not signed by an administrator"):
        filled.open()
    report = verify(filled.folder)
    assert report.exit_code == 2
    assert "Roster 3 is not signed by an administrator. Restore a backup." in {f.line for f in report.findings}


def test_an_administrator_can(filled):
    forge(filled, "Tess")
    with filled.opened("Carl") as (_, carl):
        assert Role.ADMIN in carl.member.roles


@pytest.mark.parametrize("changes", [{"prev_sha": bytes(32)}, {"version": 4}])
def test_a_roster_that_does_not_follow_the_last_is_refused(filled, changes):
    forge(filled, "Tess", **changes)
    with pytest.raises((Tampered, HeaderDamaged)):
        filled.open()
    assert verify(filled.folder).exit_code in {1, 2}


def test_a_roster_with_an_unknown_field_or_a_repeated_key_is_not_read(filled):
    with filled.raw("Tess", filled.file("medical")) as (_, _, directory, _):
        body = strict.encoded(grown(directory))
    again = body.replace(b'{"version":3', b'{"version":3,"version":3', 1)
    for spelled in (body[:-1] + b',"more":1}', again, body + b" ", b"[" * 100_000):
        assert strict.decoded(spelled, roster.Roster) is None
    assert strict.decoded(body, roster.Roster) == grown(directory)


def test_the_first_administrator_cannot_be_exchanged(filled):
    """Whoever puts an own first roster in place makes another vault: no file belongs to it."""
    mine = Identity(b"m" * 32)
    first = roster.genesis(roster.listed(mine.public.id, "Tess", {Role.ADMIN}))
    signed = roster.signed(first, mine.signing)
    with sqlite3.connect(filled.file("shared")) as connection:
        connection.execute("DELETE FROM roster")
        rows = Directory({mine.public.id: mine.public}, [(first, signed)]).rows()
        for row in rows:
            marks = ",".join("?" * len(row.values))
            connection.execute(f"INSERT INTO {row.table} VALUES({marks})", row.values)
    connection.close()
    with pytest.raises(Tampered, match="another vault"):
        filled.open()
    assert verify(filled.folder).exit_code == 2


def test_an_older_roster_put_back_is_told_from_the_copies(filled):
    with sqlite3.connect(filled.file("shared")) as connection:
        connection.execute("DELETE FROM roster WHERE version=2")
    connection.close()
    filled.forget_closing()
    report = verify(filled.folder)
    assert report.exit_code == 3
    assert "older than last seen (roster 1 of 2)" in report.findings[0].line


def test_a_damaged_roster_or_key_in_shared_is_mended_from_a_copy(filled):
    roster_damage = "UPDATE roster SET body=zeroblob(9) WHERE version=2"
    for statement in (roster_damage, "UPDATE identity SET sign_pub=zeroblob(32)"):
        with sqlite3.connect(filled.file("shared")) as connection:
            connection.execute(statement)
        connection.close()
    filled.forget_closing()
    assert verify(filled.folder).exit_code == 1
    with filled.opened("Tess", "Carl") as (library, tess, _):
        assert len(library.read(tess, filled.session).entries) == 15
    assert verify(filled.folder).exit_code == 0


def test_the_cost_of_a_members_passphrase_is_the_one_that_was_asked_for(filled):
    with filled.opened("Tess") as (library, tess):
        library.add_member(tess, "Cleo", "long passphrase", frozenset({Role.MEDICAL}), cost=KdfCost(128, 2, 2))
        assert library.unlock("cleo", "long passphrase").member.label == "Cleo"
    with sqlite3.connect(filled.file("shared")) as connection:
        bodies = [bytes(body) for (body,) in connection.execute("SELECT body FROM slot")]
    connection.close()
    assert sum(b'"m":128,"t":2,"p":2' in body for body in bodies) == 1


def test_a_compartment_that_was_there_is_never_begun_again(filled):
    """Whoever takes a file away and the line that knows of it does not get an empty one made in its place."""
    with sqlite3.connect(filled.file("shared")) as connection:
        connection.execute("DELETE FROM epoch WHERE substr(comp,1,1)=x'02'")
    connection.close()
    filled.file("medical").unlink()
    with filled.opened() as (library,), pytest.raises(DataDamaged, match=r"no longer knows medical\.kapdb"):
        filled.unlock_whole(library, "Carl")
    assert not filled.file("medical").exists()


def test_a_kill_between_the_making_of_a_file_and_its_entry_is_no_fault(filled, monkeypatch):
    with filled.opened("Tess") as (library, tess):
        filled.add(library, tess, "Theo", Role.THERAPIST)

    class Killed(BaseException):
        pass

    def build_and_be_killed(*args):
        build(*args)
        raise Killed

    library = filled.open()
    with monkeypatch.context() as patched:
        patched.setattr(membership, "build", build_and_be_killed)
        with pytest.raises(Killed):
            filled.unlock(library, "Theo")
        assert len(list(filled.folder.glob("therapy-*.kapdb"))) == 2
        copied = filled.folder.with_name("killed")
        shutil.copytree(filled.folder, copied)
    assert verify(copied).findings == ()
    library.close()


def test_an_unreadable_epoch_or_grant_is_a_damaged_header(filled):
    for statement, code in (
        ("UPDATE epoch SET body=x'7b7d' WHERE substr(comp,1,1)=x'02'", 1),
        ("UPDATE epoch SET comp=CAST(x'09'||substr(comp,2) AS BLOB) WHERE substr(comp,1,1)=x'02'", 1),
        ("DELETE FROM epoch", 1),
        ("UPDATE grants SET body=x'7b7d'", 1),
    ):
        path = filled.file("medical")
        kept = path.read_bytes()
        with sqlite3.connect(path) as connection:
            connection.execute(statement)
        connection.close()
        filled.forget_closing()
        assert verify(filled.folder).exit_code == code, statement
        with filled.opened() as (library,), pytest.raises(HeaderDamaged, match=r"medical\.kapdb"):
            filled.unlock_whole(library, "Carl")
        path.write_bytes(kept)


def test_a_missing_grant_to_a_compartment_that_must_be_held_is_a_damaged_header(filled):
    with sqlite3.connect(filled.file("therapy")) as connection:
        connection.execute("DELETE FROM grants")
    connection.close()
    with filled.opened() as (library,), pytest.raises(HeaderDamaged, match="therapy"):
        filled.unlock_whole(library, "Tess")
