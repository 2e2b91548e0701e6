"""Recovery sheets: confirmed by what is on the paper, replaced only once the next one opens."""

import sqlite3

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kapnotes.domain.custody import KeyChange, KeyEpoch, KeyEvent
from kapnotes.domain.errors import HeaderDamaged, Implausible, Misread, NotEntitled
from kapnotes.domain.members import MEDICAL, SHARED, Role
from kapnotes.vault import recovery, sheet_text, strict
from kapnotes.vault.compartment_file import CompartmentFile
from kapnotes.vault.identity import Identity
from kapnotes.vault.keyring import held_keys
from kapnotes.vault.library import KEYS_SCOPE
from kapnotes.vault.recovery import Recovery
from kapnotes.vault.sheets import SheetState
from kapnotes.vault.told_sheets import SheetsTold
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


# ------------------------------------------------------------------------------------------------ taken out


def two_sheets(library, keyring, compartment):
    """Make and confirm two sheets of a compartment, so that the second has replaced the first."""
    made = []
    for _ in range(2):
        made.append(library.make_sheet(keyring, compartment))
        library.confirm_sheet(keyring, compartment, "\n".join(made[-1].lines))
    return made


def take_out(practice, sheet, files="*.kapdb"):
    """Delete the rows of one sheet as somebody does who edits files."""
    for path in practice.folder.glob(files):
        with practice.tampering(path) as connection:
            sheet_id = bytes.fromhex(sheet.sheet_id)
            for number, body in connection.execute("SELECT number, body FROM recovery").fetchall():
                one = strict.decoded(body, Recovery)
                if one.id == sheet_id:
                    connection.execute("DELETE FROM recovery WHERE comp=? AND number=?", (one.comp, number))
    practice.forget_closing()


def named(practice, label="Tess"):
    found = verify(practice.folder, label=label, passphrase=practice.passphrases[label]).findings
    return [one.code for one in found if "was taken out" in one.line]


@pytest.mark.parametrize("kind", ["shared", "medical", "therapy"])
def test_a_replaced_sheet_gets_no_key_where_its_successor_was_taken_out(filled, kind):
    with filled.opened("Tess") as (library, tess):
        compartment = {"shared": SHARED, "medical": MEDICAL, "therapy": tess.member.therapy}[kind]
        old, new = two_sheets(library, tess, compartment)
    take_out(filled, new)
    for _ in range(2):  # at the first sign-in the key is changed, at the second it would be given
        with filled.opened("Carl", "Tess") as (library, *_):
            assert [one for one in library.sheets() if one.compartment == compartment] == []
            assert [str(one) for one in library.notices() if f"({kind}) was taken out" in str(one)]
            with pytest.raises(Implausible, match="opens nothing"):
                library.sheet_of("\n".join(old.lines))
        assert opened_by(filled, old) == []
        if kind == "medical":
            with filled.opened("Carl") as (library, _), pytest.raises(Implausible):
                library.break_glass("\n".join(old.lines), "give me the record")
    assert named(filled) == named(filled, "Carl") == [2]


def test_a_sheet_taken_out_of_shared_alone_is_put_back_and_goes_on_opening(filled):
    with filled.opened("Tess") as (library, tess):
        old, new = two_sheets(library, tess, MEDICAL)
    take_out(filled, new, "shared.kapdb")
    (finding,) = [one for one in verify(filled.folder).findings if one.code]
    assert (finding.code, finding.line) == (
        2,
        "shared.kapdb: recovery sheet 2 (medical) was taken out; another file still has it.",
    )
    with filled.opened("Carl", "Tess") as (library, *_):
        assert library.sheets() == [SheetState(MEDICAL, 2, is_confirmed=True)]
        assert ["put it back" in str(one) for one in library.notices()] == [True]
    with filled.opened("Carl") as (library, _):
        assert library.sheets() == [SheetState(MEDICAL, 2, is_confirmed=True)]
        assert library.notices() == ()
    assert (opened_by(filled, old), opened_by(filled, new)) == ([], ["medical", "shared"])
    assert verify(filled.folder, label="Tess", passphrase=filled.passphrases["Tess"]).findings == ()


def test_after_a_sheet_was_taken_out_a_new_one_is_made_and_is_the_one_that_opens(filled):
    with filled.opened("Tess") as (library, tess):
        old, new = two_sheets(library, tess, MEDICAL)
    take_out(filled, new)
    with filled.opened("Tess") as (library, tess):
        newest = library.make_sheet(tess, MEDICAL)
        assert newest.number == 3
        library.confirm_sheet(tess, MEDICAL, "\n".join(newest.lines))
        assert library.notices() == ()
    with filled.opened("Tess", "Carl") as (library, tess, _):
        assert library.sheets() == [SheetState(MEDICAL, 3, is_confirmed=True)]
        assert library.notices() == ()
        fourth = library.make_sheet(tess, MEDICAL)
    assert [opened_by(filled, one) for one in (old, newest, fourth)] == [[], *[["medical", "shared"]] * 2]
    with filled.opened("Tess") as (library, tess):
        library.confirm_sheet(tess, MEDICAL, "\n".join(fourth.lines))
        assert library.sheets() == [SheetState(MEDICAL, 4, is_confirmed=True)]
    assert named(filled) == [2]  # that it was taken out stays true


def test_an_unconfirmed_sheet_taken_out_is_named_and_may_have_been_the_one_that_counted(filled):
    with filled.opened("Tess") as (library, tess):
        first = library.make_sheet(tess, MEDICAL)
        library.confirm_sheet(tess, MEDICAL, "\n".join(first.lines))
        second = library.make_sheet(tess, MEDICAL)
    take_out(filled, second)
    with filled.opened("Tess") as (library, _):
        assert library.sheets() == []
    assert named(filled) == [2]


def test_one_therapists_sheet_taken_out_is_nothing_to_anothers(filled):
    with filled.opened("Tess") as (library, tess):
        filled.add(library, tess, "Thea", Role.THERAPIST)
        thea = filled.unlock(library, "Thea")
        hers = library.make_sheet(thea, thea.member.therapy)
        library.confirm_sheet(thea, thea.member.therapy, "\n".join(hers.lines))
        old, new = two_sheets(library, tess, tess.member.therapy)
    take_out(filled, new)
    with filled.opened("Tess", "Thea") as (library, *_):
        assert library.sheets() == [SheetState(thea.member.therapy, 1, is_confirmed=True)]
    assert opened_by(filled, old) == []
    assert opened_by(filled, hers) == ["shared", "therapy"]


def test_who_may_not_hold_a_key_tells_nothing_of_its_sheets(filled):
    """Ada, an administrator alone, says in the log of keys that sheets were made that never were."""
    with filled.opened("Tess") as (library, tess):
        sheet = library.make_sheet(tess, MEDICAL)
        library.confirm_sheet(tess, MEDICAL, "\n".join(sheet.lines))
        filled.add(library, tess, "Ada", Role.ADMIN)
        ada = filled.unlock(library, "Ada")
        for kind in ("medical", "therapy", "nothing"):
            for change in (KeyChange.SHEET_MADE, KeyChange.SHEET_CONFIRMED):
                filled.append(library, ada, SHARED, KeyEvent(change, kind), scope=KEYS_SCOPE, patient=KEYS_SCOPE)
    with filled.opened("Tess", "Carl") as (library, *_):
        assert library.sheets() == [SheetState(MEDICAL, 1, is_confirmed=True)]
    assert opened_by(filled, sheet) == ["medical", "shared"]
    assert named(filled) == []


@given(
    st.lists(st.tuples(st.integers(1, 9), st.booleans()), max_size=9, unique_by=lambda row: row[0]),
    st.integers(0, 9),
    st.integers(0, 9),
)
def test_what_was_taken_out_is_at_least_every_sheet_that_may_have_replaced_another(rows, made, confirmed):
    found = [Recovery(b"", number, b"", is_confirmed, 1) for number, is_confirmed in rows]
    newest = SheetsTold(made, confirmed).taken_out(found)
    numbers = {number for number, _ in rows}
    assert all(number in numbers for number in range(newest + 1, made + 1))
    if sum(is_confirmed for _, is_confirmed in rows) < confirmed:
        assert all(is_confirmed for number, is_confirmed in rows if number > newest)
    elif set(range(1, made + 1)) <= numbers:
        assert newest == 0


@pytest.mark.parametrize("is_put_back", [False, True])
def test_a_sheet_taken_out_so_that_an_older_one_counts_again_is_named(filled, is_put_back):
    with filled.opened("Tess") as (library, tess):
        made = []
        for number in (1, 2):
            sheet = library.make_sheet(tess, MEDICAL)
            made.append(sheet)
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
    for _ in range(2):
        with filled.opened("Tess") as (library, _):
            counted = [one.number for one in library.sheets()]
    assert counted == ([2] if is_put_back else [])
    assert opened_by(filled, made[0]) == []
    found = verify(filled.folder, label="Tess", passphrase=filled.passphrases["Tess"]).findings
    assert [one.code for one in found if "recovery sheet (medical) was taken out" in one.line] == [2]
