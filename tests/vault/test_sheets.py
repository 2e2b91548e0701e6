"""Recovery sheets: confirmed by what is on the paper, replaced only once the next one opens."""

import sqlite3

import pytest

from kapnotes.domain.custody import KeyChange, KeyEpoch, KeyEvent
from kapnotes.domain.errors import HeaderDamaged, Implausible, Misread, NotEntitled
from kapnotes.domain.members import MEDICAL, SHARED, Role
from kapnotes.vault import recovery, sheet_text
from kapnotes.vault.compartment_file import CompartmentFile
from kapnotes.vault.identity import Identity
from kapnotes.vault.keyring import held_keys
from kapnotes.vault.library import KEYS_SCOPE
from kapnotes.vault.recovery import Recovery
from kapnotes.vault.sheets import SheetState
from kapnotes.vault.verify import verify


def opened_by(practice, sheet, folder=None):
    """Name the files whose key the paper opens, as somebody would who has only it and a copy of the files."""
    identity = Identity(sheet_text.read("\n".join(sheet.lines)))
    library = practice.open(folder)
    vault = library._vault  # noqa: SLF001 - there is no door for what a sheet opens in secret
    found = []
    try:
        for path in sorted(vault.folder.glob("*.kapdb")):
            file = CompartmentFile(path) if path.name != "shared.kapdb" else vault.shared
            if file is not vault.shared:
                file.open()
            try:
                if held_keys(file, file.place(), identity, vault.directory) is not None:
                    found.append(path.name.partition("-")[0].removesuffix(".kapdb"))
            except HeaderDamaged:
                pass
            finally:
                if file is not vault.shared:
                    file.close()
    finally:
        library.close()
    return found


def events(practice, label="Tess"):
    with practice.opened(label) as (library, keyring):
        return [entry.body for entry in library.read(keyring, KEYS_SCOPE, only=SHARED).entries]


@pytest.fixture
def sheets(filled):
    """One sheet of each compartment, not confirmed yet."""
    with filled.opened("Tess") as (library, tess):
        return {one.kind.name: library.make_sheet(tess, one) for one in (SHARED, MEDICAL, tess.member.therapy)}


def test_a_sheet_opens_its_compartment_and_shared_and_nothing_else(filled, sheets):
    assert opened_by(filled, sheets["SHARED"]) == ["shared"]
    assert opened_by(filled, sheets["MEDICAL"]) == ["medical", "shared"]
    assert opened_by(filled, sheets["THERAPY"]) == ["shared", "therapy"]
    assert verify(filled.folder).findings == ()


def test_a_sheet_is_confirmed_by_its_own_lines(filled, sheets):
    with filled.opened("Tess") as (library, tess):
        assert [state.is_confirmed for state in library.sheets()] == [False] * 3
        library.confirm_sheet(tess, MEDICAL, "\n".join(sheets["MEDICAL"].lines).lower())
        assert SheetState(MEDICAL, 1, is_confirmed=True) in library.sheets()
    assert KeyEvent(KeyChange.SHEET_CONFIRMED, "medical") in events(filled)
    assert verify(filled.folder, label="Tess", passphrase=filled.passphrases["Tess"]).findings == ()


def test_a_mistyped_line_is_named_and_nothing_is_confirmed(filled, sheets):
    lines = list(sheets["MEDICAL"].lines)
    lines[2] = lines[2][:-1] + ("0" if lines[2][-1] != "0" else "1")
    with filled.opened("Tess") as (library, tess):
        with pytest.raises(Misread, match="Line 3"):
            library.confirm_sheet(tess, MEDICAL, "\n".join(lines))
        assert not any(state.is_confirmed for state in library.sheets())


def test_the_sheet_of_another_compartment_or_vault_is_told(filled, sheets):
    with filled.opened("Tess") as (library, tess):
        with pytest.raises(Implausible, match="sheet of the shared compartment"):
            library.confirm_sheet(tess, MEDICAL, "\n".join(sheets["SHARED"].lines))
        with pytest.raises(Implausible, match="no recovery sheet of this vault"):
            library.confirm_sheet(tess, MEDICAL, "\n".join(sheet_text.written(b"x" * 32)))


def test_the_old_sheet_opens_until_the_new_one_is_confirmed(filled, sheets):
    old = sheets["MEDICAL"]
    with filled.opened("Tess") as (library, tess):
        library.confirm_sheet(tess, MEDICAL, "\n".join(old.lines))
        new = library.make_sheet(tess, MEDICAL)
    assert opened_by(filled, old) == opened_by(filled, new) == ["medical", "shared"]
    with filled.opened("Tess") as (library, tess):
        library.confirm_sheet(tess, MEDICAL, "\n".join(new.lines))
        with pytest.raises(Implausible, match="older recovery sheet"):
            library.confirm_sheet(tess, MEDICAL, "\n".join(old.lines))
    assert (opened_by(filled, old), opened_by(filled, new)) == ([], ["medical", "shared"])
    assert {one.compartment for one in events(filled) if isinstance(one, KeyEpoch)} == {SHARED, MEDICAL}
    with filled.opened("Tess", "Carl") as (library, tess, carl):
        assert len(library.read(tess, filled.session).entries) == 15
        assert len(library.read(carl, filled.session).entries) == 9
    assert verify(filled.folder, label="Tess", passphrase=filled.passphrases["Tess"]).findings == ()


def test_who_holds_no_key_makes_no_sheet(filled):
    with filled.opened("Tess") as (library, tess):
        filled.add(library, tess, "Ada", Role.ADMIN)
        ada = filled.unlock(library, "Ada")
        for compartment in (MEDICAL, tess.member.therapy):
            with pytest.raises(NotEntitled):
                library.make_sheet(ada, compartment)
        assert library.sheets() == []


def test_a_grant_that_does_not_open_confirms_nothing_and_the_old_sheet_stays(filled, sheets):
    with filled.opened("Tess") as (library, tess):
        library.confirm_sheet(tess, MEDICAL, "\n".join(sheets["MEDICAL"].lines))
        new = library.make_sheet(tess, MEDICAL)
    with sqlite3.connect(filled.file("medical")) as connection:
        connection.execute("DELETE FROM grants WHERE holder=?", (bytes.fromhex(new.sheet_id),))
    connection.close()
    with filled.opened() as (library,), pytest.MonkeyPatch.context() as patched:
        patched.setattr("kapnotes.vault.membership.Membership.give", lambda *_: None)
        tess = filled.unlock(library, "Tess")
        with pytest.raises(HeaderDamaged, match="does not open medical"):
            library.confirm_sheet(tess, MEDICAL, "\n".join(new.lines))
    assert "medical" in opened_by(filled, sheets["MEDICAL"])


def test_a_sheet_that_the_key_holder_did_not_sign_is_no_sheet(filled):
    """Carl gives himself a way into the process notes: signed, but not by their owner."""
    mine = Identity(b"c" * 32).public
    with filled.raw("Carl", filled.file("medical")) as (_, carl, directory, _):
        comp = b"\x03" + bytes.fromhex(directory.members[0].member_id)
        one = recovery.signed_recovery(Recovery(comp, 9, mine.id, True, directory.roster.version), carl.signing)
    with sqlite3.connect(filled.file("shared")) as connection:
        connection.execute("INSERT INTO identity VALUES(?,?,?)", (mine.id, mine.hpke_pub, mine.sign_pub))
        connection.execute("INSERT INTO recovery VALUES(?,?,?,?,?)", one.row().values)
    connection.close()
    filled.forget_closing()
    report = verify(filled.folder)
    assert (report.exit_code, report.findings[0].line) == (
        2,
        "shared.kapdb: recovery sheet 9 is not signed by one who may.",
    )
    with filled.opened("Tess") as (library, _):
        assert library.sheets() == []
    with sqlite3.connect(filled.file("therapy")) as connection:
        assert connection.execute("SELECT count(*) FROM grants").fetchone() == (1,)
    connection.close()


def test_a_damaged_row_of_a_sheet_is_mended_from_a_copy(filled, sheets):
    with sqlite3.connect(filled.file("shared")) as connection:
        connection.execute("UPDATE recovery SET body=x'7b7d'")
    connection.close()
    filled.forget_closing()
    assert verify(filled.folder).exit_code == 1
    with filled.opened("Tess") as (library, _):
        assert len(library.sheets()) == 3
    assert verify(filled.folder).findings == ()
    assert opened_by(filled, sheets["MEDICAL"]) == ["medical", "shared"]


@pytest.mark.parametrize("operation", ["make", "confirm the next one"])
def test_killed_at_any_write_an_old_or_a_new_sheet_opens_and_every_passphrase(filled, sheets, operation):
    new = old = sheets["MEDICAL"]
    with filled.opened("Tess") as (library, tess):
        library.confirm_sheet(tess, MEDICAL, "\n".join(old.lines))
        if operation != "make":
            new = library.make_sheet(tess, MEDICAL)
        with filled.copied_before_each_write() as snapshots:
            if operation == "make":
                library.make_sheet(tess, MEDICAL)
            else:
                library.confirm_sheet(tess, MEDICAL, "\n".join(new.lines))
    assert len(snapshots) >= (2 if operation == "make" else 4)
    for folder in snapshots:
        assert not any(finding.code for finding in verify(folder).findings)
        assert "medical" in opened_by(filled, old, folder) + opened_by(filled, new, folder)
        for label in ("Tess", "Carl"):
            library = filled.open(folder)
            assert len(library.read(filled.unlock(library, label), filled.session).entries) >= 9
            library.close()
            report = verify(folder, label=label, passphrase=filled.passphrases[label])
            assert not any(finding.code for finding in report.findings)


@pytest.mark.parametrize("is_put_back", [False, True])
def test_a_sheet_taken_out_so_that_an_older_one_counts_again_is_named(filled, is_put_back):
    with filled.opened("Tess") as (library, tess):
        for number in (1, 2):
            sheet = library.make_sheet(tess, MEDICAL)
            assert sheet.number == number
            with sqlite3.connect(f"file:{filled.file('shared')}?mode=ro&immutable=1", uri=True) as connection:
                (before,) = connection.execute("SELECT * FROM recovery WHERE number=?", (number,))
            connection.close()
            library.confirm_sheet(tess, MEDICAL, "\n".join(sheet.lines))
    for path in filled.folder.glob("*.kapdb"):
        with filled.tampering(path) as connection:
            connection.execute("DELETE FROM recovery WHERE number=2")
            if is_put_back:  # as it was before it was confirmed
                connection.execute("INSERT INTO recovery VALUES(?,?,?,?,?)", before)
    filled.forget_closing()
    with filled.opened("Tess"):
        pass
    found = verify(filled.folder, label="Tess", passphrase=filled.passphrases["Tess"]).findings
    assert [one.code for one in found if "recovery sheet (medical) was taken out" in one.line] == [2]
