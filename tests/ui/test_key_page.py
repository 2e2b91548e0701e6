"""The page of keys, by keyboard: passphrase, recovery sheets, the end of a membership, what everybody has to see."""

import subprocess

import pytest
from PySide6.QtWidgets import QApplication

from kapnotes.domain.members import MEDICAL, Role
from kapnotes.ui.home import HomeWindow
from kapnotes.ui.sign_in import SignInWindow
from tests.ui.test_looks import MEAN, PEAK, measure

PASSPHRASE = "otter lagoon violin cedar"
NEW = "seven quiet herons wade upstream"


@pytest.fixture
def keys(room, home):
    """The therapist's page of keys."""
    room.press(home, "Ctrl+K")
    return home.key_page


def rows(page):
    return [page.list.item(row).text() for row in range(page.list.count())]


def choose(room, home, words):
    page = home.key_page
    row = next(row for row, text in enumerate(rows(page)) if words in text)
    page.list.setFocus()
    while page.list.currentRow() != row:
        room.press(home, "Down" if page.list.currentRow() < row else "Up")
    room.press(home, "Return")


def said(room, home, words):
    room.wait(lambda: words in home.news(), f"{words!r}; {home.news()!r}")


def make_sheet(room, home, name, path=""):
    choose(room, home, name)
    if path:
        room.fill(home, home.key_page.make.path, path)
    else:
        room.go_to(home, home.key_page.make.path)
        room.press(home, "Ctrl+A")
        room.press(home, "Backspace")
    room.press(home, "Return")


def copy_by_hand(room, home, name):
    """Make a sheet without a file, and return the lines that stand on the screen."""
    make_sheet(room, home, name)
    page = home.key_page
    room.wait(lambda: page.copy.isVisible() and bool(page.copy.lines.text()), "the lines")
    lines = page.copy.lines.text().split("\n")
    room.press(home, "Return")
    room.wait(lambda: page.confirm.isVisible(), "the form to type it back")
    return lines


def type_back(room, home, lines):
    for line in lines:
        room.type(home, line.lower())
        room.press(home, "Return")
    if home.key_page.confirm.isVisible():
        QApplication.processEvents()


def test_home_reminds_of_missing_sheets_and_the_page_lists_them(room, home, keys):
    assert "recovery sheet is missing" in home.reminder.text()
    assert [text for text in rows(keys) if "there is none yet" in text] == [
        "Recovery sheet: what the practice shares · there is none yet",
        "Recovery sheet: the medical record, also in an emergency · there is none yet",
        "Recovery sheet: your process notes · there is none yet",
    ]


def test_a_sheet_is_made_copied_by_hand_and_confirmed_by_typing_it_back(room, home, keys):
    lines = copy_by_hand(room, home, "the medical record")
    assert keys.copy.lines.text() == ""
    room.press(home, "Escape")  # as a lock does while one is at the printer: the paper in hand still counts
    choose(room, home, "the medical record, also in an emergency · sheet 1 is made, not confirmed yet: type it back")
    type_back(room, home, lines)
    said(room, home, "Confirmed")
    assert "Recovery sheet: the medical record, also in an emergency · sheet 1, confirmed" in rows(keys)
    assert "recovery sheet is missing" in home.reminder.text()


def test_a_mistyped_line_is_named_and_has_the_focus(room, home, keys):
    lines = copy_by_hand(room, home, "the medical record")
    wrong = lines[2][:-1] + ("0" if lines[2][-1] != "0" else "1")
    type_back(room, home, [*lines[:2], wrong, lines[3]])
    said(room, home, "Line 3 is not as it is printed")
    assert keys.confirm.sheet.lines[2].hasFocus()
    room.fill(home, keys.confirm.sheet.lines[2], lines[2])
    room.press(home, "Return")
    said(room, home, "Confirmed")


def test_a_scanned_code_fills_all_four_lines(room, home, keys):
    lines = copy_by_hand(room, home, "what the practice shares")
    room.type(home, " ".join(lines))
    assert [line.text() for line in keys.confirm.sheet.lines] == [line.replace("-", "") for line in lines]
    room.press(home, "Return")
    said(room, home, "Confirmed")


def test_the_page_of_a_sheet_holds_the_lines_that_are_typed_back(room, home, keys):
    path = room.folder / "sheet.pdf"
    make_sheet(room, home, "your process notes", str(path))
    said(room, home, "delete the file")
    text = subprocess.run(["pdftotext", "-raw", str(path), "-"], check=True, capture_output=True).stdout.decode()
    lines = [part for part in text.split() if part.count("-") == 2 and len(part) == 16]
    assert len(lines) == 4
    type_back(room, home, lines)
    said(room, home, "Confirmed")
    assert path.stat().st_mode & 0o777 == 0o600


def test_a_file_that_is_there_is_not_overwritten(room, home, keys):
    path = room.folder / "sheet.pdf"
    path.write_text("mine")
    make_sheet(room, home, "your process notes", str(path))
    said(room, home, "there already")
    assert path.read_text() == "mine"


def test_leaving_keeps_no_secret_in_any_field(room, home, keys):
    copy_by_hand(room, home, "the medical record")
    room.type(home, "ABCDE")
    room.press(home, "Escape")
    assert keys.confirm.sheet.text().strip() == ""
    choose(room, home, "Your passphrase")
    room.type(home, PASSPHRASE)
    room.press(home, "Escape")
    room.press(home, "Escape")
    assert (keys.passphrase.old.text(), keys.passphrase.passphrase.words.text()) == ("", "")
    assert not keys.isVisible()


def change_passphrase(room, home, old=PASSPHRASE, new=NEW, again=NEW):
    form = home.key_page.passphrase
    choose(room, home, "Your passphrase")
    for line, text in ((form.old, old), (form.passphrase.first, new), (form.passphrase.again, again)):
        room.fill(home, line, text)
    room.press(home, "Return")


def test_the_passphrase_is_changed_and_the_new_one_signs_in(room, home, keys):
    change_passphrase(room, home)
    said(room, home, "read back and opens")
    room.press(home, "Ctrl+L")
    window = room.window(SignInWindow)
    room.wait(lambda: window.member.count() == 1, "the members")
    room.type(window, PASSPHRASE)
    room.press(window, "Return")
    room.wait(lambda: "Not the passphrase" in window.news(), "the refusal")
    room.type(window, NEW)
    room.press(window, "Return")
    assert room.window(HomeWindow)


@pytest.mark.parametrize(
    ("old", "new", "again", "says"),
    [
        ("not the one that is", NEW, NEW, "Not the passphrase"),
        (PASSPHRASE, "ketamine therapy notes", "ketamine therapy notes", "guessed first"),
        (PASSPHRASE, NEW, NEW + "x", "differ"),
        (PASSPHRASE, PASSPHRASE, PASSPHRASE, "the passphrase you have"),
    ],
)
def test_a_change_that_will_not_do_says_why(room, home, keys, old, new, again, says):
    change_passphrase(room, home, old, new, again)
    said(room, home, says)
    assert keys.passphrase.isVisible()


def test_six_words_are_offered_and_others_by_one_key(room, home, keys):
    choose(room, home, "Your passphrase")
    before = keys.passphrase.passphrase.words.text()
    assert len(before.split()) == 6
    room.go_to(home, keys.passphrase.passphrase.others)
    room.press(home, "Space")
    assert len(keys.passphrase.passphrase.words.text().split()) == 6
    assert keys.passphrase.passphrase.words.text() != before


def test_a_membership_ends_by_the_name_typed_once_more(room, home, keys):
    room.add(home, "Carl, CRNA", Role.MEDICAL)
    choose(room, home, "end a membership")
    room.press(home, "Return")
    said(room, home, "Type the member's name once more")
    room.type(home, "carl, crna")
    room.press(home, "Return")
    said(room, home, "The membership has ended")
    assert [member.label for member in room.program.members()] == ["Tess, LCSW"]


def test_a_seat_that_is_open_is_locked_when_its_membership_ends(room, home, keys):
    room.add(home, "Carl, CRNA", Role.MEDICAL)
    crna = room.sign_in("Carl, CRNA")
    choose(room, home, "end a membership")
    room.fill(home, keys.revoke.typed, "Carl, CRNA")
    room.press(home, "Return")
    said(room, home, "The membership has ended")
    assert crna.seat.is_locked
    assert crna not in room.desk.windows


def test_only_an_administrator_is_offered_the_end_of_a_membership(room, home):
    room.add(home, "Carl, CRNA", Role.MEDICAL)
    crna = room.sign_in("Carl, CRNA")
    room.press(crna, "Ctrl+K")
    assert not [text for text in rows(crna.key_page) if "end a membership" in text]
    assert not [text for text in rows(crna.key_page) if "process notes" in text]


def test_while_a_session_runs_no_key_is_changed(room, pad):
    home = room.window(HomeWindow, pad.seat)
    room.press(home, "Ctrl+K")
    make_sheet(room, home, "the medical record")
    said(room, home, "A session is running")
    assert room.program.library.sheets() == []


def test_an_emergency_reading_is_seen_at_home_by_everybody_until_acknowledged(room, home, keys):
    lines = copy_by_hand(room, home, "the medical record")
    type_back(room, home, lines)
    said(room, home, "Confirmed")
    keyring = room.program.library.break_glass("\n".join(lines), "unresponsive, last dose asked for")
    room.program.library.lock(keyring)
    home.refresh()
    room.wait(lambda: "unresponsive" in home.emergencies.text(), "the notice")
    room.press(home, "Ctrl+K")
    room.wait(lambda: "Emergency reading" in rows(keys)[0], "the notice in the list")
    choose(room, home, "Emergency reading")
    room.wait(lambda: not home.emergencies.text(), "no notice")
    room.add(home, "Carl, CRNA", Role.MEDICAL)
    crna = room.sign_in("Carl, CRNA")
    room.wait(lambda: "unresponsive" in crna.emergencies.text(), "the other's notice")
    assert MEDICAL in crna.seat.keyring.compartments


def test_the_page_and_its_forms_are_as_dark_as_the_night(room, home, keys):
    home.resize(1280, 800)
    for words in ("", "the medical record", "Your passphrase", "end a membership"):
        if words:
            choose(room, home, words)
        QApplication.processEvents()
        mean, peak = measure(home)
        assert (words, mean <= MEAN, peak <= PEAK) == (words, True, True)
        if words:
            room.press(home, "Escape")
