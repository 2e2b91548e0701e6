"""What recovery sheets do at sign-in, without windows."""

import pytest

from kapnotes.app.emergency import EmergencySeat
from kapnotes.app.keys import KeyDesk
from kapnotes.app.recovery import RecoveryDesk, check_line
from kapnotes.domain.audit_acts import BACKED_UP
from kapnotes.domain.custody import BreakGlass
from kapnotes.domain.entries import Audit, Note
from kapnotes.domain.errors import ForeignPlace, Implausible, KapnotesError, Misread
from kapnotes.domain.members import MEDICAL, SHARED, Role
from kapnotes.vault import sheet_text
from kapnotes.vault.library import KEYS_SCOPE
from tests.app.conftest import Caught

NEW = "seven quiet herons wade upstream"


@pytest.fixture
def tess(house):
    return house.make()


def sheet(house, seat, compartment):
    made = Caught()
    desk = KeyDesk(house.program, seat)
    desk.make_sheet(compartment, made.append, made.failed)
    desk.confirm_sheet(compartment, "\n".join(made.last.lines), made.append, made.failed)
    return "\n".join(made[0].lines)


def typed(house, *papers):
    desk = RecoveryDesk(house.program)
    for paper in papers:
        told = Caught()
        desk.take(paper, told.append, told.failed)
    return desk


def test_a_line_is_judged_alone():
    lines = sheet_text.written(b"x" * 32)
    for index, line in enumerate(lines):
        check_line(f" {line.lower()} ", index)
    with pytest.raises(Misread, match="Line 1"):
        check_line(lines[1], 0)
    with pytest.raises(Misread, match="Line 2"):
        check_line("not a line", 1)


def test_a_sheet_is_known_by_its_lines_and_forgotten_with_the_page(house, tess):
    paper = sheet(house, tess, MEDICAL)
    desk = RecoveryDesk(house.program)
    told = Caught()
    desk.take(paper.lower().replace("-", ""), told.append, told.failed)

    assert (told.last.compartment, told.last.number, told.last.is_confirmed) == (MEDICAL, 1, True)
    assert desk.opens_in_emergency
    desk.forget()
    assert desk.compartments == ()


def test_the_member_whom_the_sheet_lets_go_on_comes_first(house, tess):
    house.add(tess, "Anna, CRNA", Role.MEDICAL)
    house.add(tess, "Zoe, LCSW", Role.THERAPIST)
    therapy, medical = sheet(house, tess, tess.member.therapy), sheet(house, tess, MEDICAL)

    assert typed(house, therapy).members()[0].label == "Tess, LCSW"
    assert typed(house, medical).members()[0].label == "Anna, CRNA"


def test_who_is_signed_in_changes_the_passphrase_there(house, tess):
    desk = typed(house, sheet(house, tess, tess.member.therapy))

    with pytest.raises(KapnotesError, match="is signed in"):
        desk.recover(tess.member, NEW, NEW, pytest.fail, pytest.fail)


def test_patients_codes_of_open_seats_are_no_part_of_a_new_passphrase(house, tess):
    house.patient(tess, "MERLE-SNOWFIELD-77")

    assert set(house.program.known_words()) == {"Tess, LCSW", "MERLE-SNOWFIELD-77"}
    with pytest.raises(KapnotesError, match="guessed first"):
        KeyDesk(house.program, tess).change_passphrase(
            "x", "merle snowfield 77 merle", "merle snowfield 77 merle", pytest.fail, pytest.fail
        )
    house.program.lock(tess)
    assert house.program.known_words() == ["Tess, LCSW"]


def test_an_emergency_reads_the_course_and_never_a_process_note(house, tess):
    crna = house.add(tess, "Carl, CRNA", Role.MEDICAL)
    carl = house.sign_in("Carl, CRNA")
    live = house.start(tess, house.patient(tess), [tess.member, crna])
    live.note("only the pad may show this")
    medical = house.join(carl)
    medical.log("dose 35 iv hold no cuff", is_confirmed=True)
    medical.log("rescue ondansetron 4 iv", is_confirmed=True)
    paper = sheet_while_running(house, tess)
    for seat in (carl, tess):
        house.program.lock(seat)
    told, seats = typed(house, paper), Caught()
    told.break_glass("unresponsive", seats.append, seats.failed)
    seat = seats.last
    cards, courses = Caught(), Caught()
    seat.list_sessions(cards.append, cards.failed)
    seat.read_course(cards.last[0], courses.append, courses.failed)

    assert isinstance(seat, EmergencySeat)
    assert courses.last.last_given(is_rescue=False).body.dose_mg == 35
    assert courses.last.last_given(is_rescue=True).body.drug == "ondansetron"
    assert courses.last.record.of(Note) == []
    assert courses.last.unread == 0
    house.program.lock(seat)
    assert seat.keyring.is_locked
    again = house.sign_in("Tess, LCSW")
    entries = house.program.library.read(again.keyring, KEYS_SCOPE, only=SHARED).entries
    assert BreakGlass("unresponsive") in [entry.body for entry in entries]


def sheet_while_running(house, seat):
    """A sheet made by the vault's own door: the program makes none while a session runs."""
    lines = "\n".join(house.program.library.make_sheet(seat.keyring, MEDICAL).lines)
    house.program.library.confirm_sheet(seat.keyring, MEDICAL, lines)
    return lines


@pytest.mark.parametrize("reason", ["", " \n\t ", "\x00\x07", "..."])
def test_a_reason_without_a_word_opens_nothing(house, tess, reason):
    desk = typed(house, sheet(house, tess, MEDICAL))

    with pytest.raises(Implausible, match="Write why"):
        desk.break_glass(reason, pytest.fail, pytest.fail)


def test_another_sheet_opens_no_emergency(house, tess):
    desk = typed(house, sheet(house, tess, SHARED))

    with pytest.raises(Implausible, match="medical compartment"):
        desk.break_glass("unresponsive", pytest.fail, pytest.fail)


def test_a_backup_is_told_by_a_member_and_not_by_the_emergency(house, tess):
    desk, seats = typed(house, sheet(house, tess, MEDICAL)), Caught()
    house.program.lock(tess)
    desk.break_glass("unresponsive", seats.append, seats.failed)
    house.program.backups.make()
    house.program.lock(seats.last)
    again = house.sign_in("Tess, LCSW")
    page = house.program.library.trail(again.keyring)

    assert BACKED_UP in {entry.body.action for entry in page.entries if isinstance(entry.body, Audit)}


def test_no_page_of_a_sheet_goes_where_it_is_copied(house, tess):
    (house.folder / "Dropbox").mkdir()
    made, failed = Caught(), []
    desk = KeyDesk(house.program, tess)
    desk.make_sheet(MEDICAL, made.append, made.failed)
    desk.save_sheet(made.last, house.folder / "Dropbox" / "sheet.pdf", made.append, failed.append)

    assert isinstance(failed[0], ForeignPlace)
    assert list((house.folder / "Dropbox").iterdir()) == []
