"""Protocols and drugs, kept by keyboard at home; what is signed is offered at the next start."""

import shutil
from threading import Event

import pytest
from PySide6.QtCore import QEvent
from PySide6.QtWidgets import QApplication

from kapnotes.domain.entries import Dose
from tests.ui.test_looks import MEAN, PEAK, measure


def rows(home):
    cards = home.clinic_door.page.list
    return [cards.item(row).text() for row in range(cards.count())]


def choose(room, home, cards, words):
    wanted = next(row for row in range(cards.count()) if words in cards.item(row).text())
    while cards.currentRow() != wanted:
        room.press(home, "Down" if cards.currentRow() < wanted else "Up")


@pytest.fixture
def page(room, home):
    room.press(home, "Ctrl+Shift+P")
    return home.clinic_door.page


@pytest.fixture
def signed(room, home, page):
    """A second version of the IV protocol, typed and signed with real keys."""
    for check_in in ("10", "15"):
        choose(room, home, page.list, "iv-40 ·")
        room.press(home, "Return")
        room.fill(home, page.form.lines["check_in"], check_in)
        room.press(home, "Return")
        room.press(home, "Return")
        room.wait(lambda: home.news().startswith("Signed: version "), "the signature")
        room.clock.advance(60)
    return page


def test_the_page_lists_the_presets_as_shipped_and_the_drugs(home, page):
    assert rows(home)[0] == "IV, 40 minutes   iv-40 · as shipped, signed by nobody"
    assert rows(home)[-2] == "rescue and adjunct drugs: ondansetron, midazolam, labetalol, clonidine"
    assert rows(home)[-1] == "on every summary: window 24 to 72 h, whom to call: nobody is named"
    assert page.list.hasFocus()


def test_a_fault_is_shown_at_its_field_and_nothing_goes_on_before_all_is_whole(room, home, page):
    room.press(home, "Return")
    room.fill(home, page.form.lines["mark"], "systolic 160 90")
    assert page.form.faults["mark"].text() == "! at sign 10: The low limit 160 is not below the high one 90."
    assert page.form.preview.text().startswith("Not whole yet.")
    room.go_to(home, page.form.lines["title"])
    room.press(home, "Return")

    assert home.news() == "! Mark outside: The low limit 160 is not below the high one 90."
    assert page.form.lines["mark"].hasFocus()
    assert page.form.lines["mark"].cursorPosition() == 9


def test_two_versions_are_signed_and_the_newest_is_offered_and_printed(room, home, signed):
    assert rows(home)[0].startswith("IV, 40 minutes   iv-40 · version 2 (")
    assert "signed by Tess, LCSW, 2026-03-04 13:01" in rows(home)[0]
    assert rows(home)[0].endswith("sessions begin by it")
    assert rows(home)[1].endswith("an older one")

    room.press(home, "Escape")
    room.press(home, "Ctrl+N")
    assert home.start_door.start.protocol.currentText() == "IV, 40 minutes · version 2, Tess, 2026-03-04"
    room.press(home, "Return")
    room.wait(lambda: bool(home.seat.live), "the session")
    (live,) = home.seat.live.values()
    assert live.record.protocol.check_in_min == 15


def test_the_versions_are_there_after_the_next_start_of_the_program(room, home, signed):
    listed = rows(home)
    room.start_anew()
    home = room.sign_in()
    room.press(home, "Ctrl+Shift+P")
    room.wait(lambda: rows(home) == listed, "the versions")


def test_a_version_is_withdrawn_with_a_reason_and_stays_in_the_list(room, home, signed):
    signed.list.setCurrentRow(0)
    room.press(home, "Delete")
    room.press(home, "Return")
    assert "Say why" in home.news()
    room.type(home, "too seldom")
    room.press(home, "Return")
    room.wait(lambda: home.news().startswith("Withdrawn."), "the entry")

    assert rows(home)[0].endswith("withdrawn: too seldom")
    assert rows(home)[1].endswith("sessions begin by it")
    choose(room, home, signed.list, "as shipped")
    room.press(home, "Delete")
    assert "Only a version that was signed here" in home.news()


def test_what_is_half_typed_is_dropped_only_by_a_second_esc_and_outlives_another_page(room, home, page):
    room.press(home, "Return")
    room.fill(home, page.form.lines["source"], "our own review")
    room.press(home, "Escape")
    assert "Esc once more drops what is typed" in home.news()
    room.press(home, "Ctrl+P")
    room.press(home, "Escape")
    room.press(home, "Ctrl+Shift+P")
    assert page.form.lines["source"].text() == "our own review"
    room.press(home, "Escape")
    room.press(home, "Escape")

    assert page.list.hasFocus()


def test_esc_in_the_signature_gives_the_form_back_as_it_was(room, home, page):
    room.press(home, "Return")
    room.fill(home, page.form.lines["check_in"], "7")
    room.press(home, "Return")
    assert page.sign_form.isVisible()
    room.press(home, "Escape")

    assert page.form.lines["check_in"].text() == "7"


def test_a_drug_is_added_and_completed_in_the_log(room, home, page):
    choose(room, home, page.list, "rescue and adjunct")
    room.press(home, "Return")
    choose(room, home, page.drugs.list, "a new drug")
    room.press(home, "Return")
    room.fill(home, page.drugs.form.drug_name, "naloxone")
    room.fill(home, page.drugs.form.routes, "iv nasal")
    room.press(home, "Return")
    room.wait(lambda: home.news().startswith("Kept."), "the list")
    assert any(
        page.drugs.list.item(row).text() == "naloxone   IV, nasal   mg" for row in range(page.drugs.list.count())
    )


def test_what_summaries_say_for_the_clinic_is_typed_once_and_a_fault_stays_in_its_form(room, home, page):
    choose(room, home, page.list, "on every summary")
    room.press(home, "Return")
    assert page.pages_form.window_h.hasFocus()
    room.fill(home, page.pages_form.window_h, "72 24")
    room.press(home, "Return")
    assert home.news() == "! The window ends after it begins, and within 504 hours."
    room.fill(home, page.pages_form.window_h, "48 96")
    room.fill(home, page.pages_form.to_call[0], "weekdays 8 to 17: 555-0100")
    room.fill(home, page.pages_form.to_call[1], "nights: 988")
    room.go_to(home, page.pages_form.part_2)
    room.press(home, "Space")
    room.press(home, "Return")
    room.wait(lambda: home.news().startswith("Kept."), "the words of the summaries")

    assert rows(home)[-1] == (
        "on every summary: window 48 to 96 h, whom to call: weekdays 8 to 17: 555-0100 · nights: 988 · 42 CFR Part 2"
    )
    choose(room, home, page.list, "on every summary")
    room.press(home, "Return")
    assert page.pages_form.to_call[1].text() == "nights: 988"
    assert page.pages_form.part_2.isChecked()


def test_a_name_is_completed_in_the_log_and_an_unknown_one_is_asked_about_once(room, log):
    room.type(log, "rescue ond")
    assert log.chips.text() == "ondansetron   IV, IM, oral   mg"
    room.line(log, " 4 iv")
    room.line(log, "rescue naloxone 0.4 iv")
    assert "naloxone is not on the clinic's list of drugs. Enter once more keeps it." in log.news()
    room.press(log, "Return")
    room.line(log, "rescue naloxone 0.4 iv")

    given = [dose.drug for _, dose in log.live.record.of(Dose)]
    assert given == ["ondansetron", "naloxone", "naloxone"]


def test_the_pages_are_as_dark_as_all_others(room, home, page):
    room.press(home, "Return")
    home.resize(1280, 800)
    QApplication.processEvents()
    mean, peak = measure(home)

    assert mean <= MEAN
    assert peak <= PEAK


def test_a_half_typed_protocol_outlives_a_lock_of_its_seat(room, home, page):
    choose(room, home, page.list, "iv-40")
    room.press(home, "Return")
    room.fill(home, page.form.lines["title"], "IV, slowl")
    room.press(home, "Ctrl+L")
    again = room.sign_in()
    room.wait(lambda: "half-typed is kept" in again.news(), "the draft")
    room.press(again, "Ctrl+Shift+P")

    assert again.clinic_door.page.form.isVisible()
    assert again.clinic_door.page.form.lines["title"].text() == "IV, slowl"
    assert again.clinic_door.page.form.lines["title"].hasFocus()


def test_half_typed_words_of_the_clinic_outlive_a_lock_and_are_gone_once_they_are_kept(room, home, page):
    choose(room, home, page.list, "on every summary")
    room.press(home, "Return")
    room.fill(home, page.pages_form.to_call[0], "weekdays 55")
    room.press(home, "Escape")
    assert home.news() == "! This is kept nowhere yet. Esc once more drops what is typed."
    room.press(home, "Ctrl+L")
    again = room.sign_in()
    room.wait(lambda: "was half-typed and is kept" in again.news(), "the draft")
    room.press(again, "Ctrl+Shift+P")
    form = again.clinic_door.page.pages_form
    assert form.isVisible()
    assert (form.window_h.text(), form.to_call[0].text()) == ("24 72", "weekdays 55")
    room.fill(again, form.to_call[0], "weekdays 555-0100")
    room.press(again, "Return")
    room.wait(lambda: again.news().startswith("Kept."), "the words")

    assert again.clinic_door.half_typed() is None
    assert again.seat.forms[0].half_typed("clinic pages") is None
    assert again.clinic.book.pages.whom_to_call == "weekdays 555-0100"


def test_a_half_typed_drug_outlives_a_lock_and_changes_the_one_that_it_was_about(room, home, page):
    choose(room, home, page.list, "rescue and adjunct")
    room.press(home, "Return")
    choose(room, home, page.drugs.list, "ondansetron")
    room.press(home, "Return")
    room.fill(home, page.drugs.form.drug_name, "ondansetron-od")
    room.press(home, "Ctrl+L")
    again = room.sign_in()
    room.wait(lambda: "was half-typed and is kept" in again.news(), "the draft")
    room.press(again, "Ctrl+Shift+P")
    form = again.clinic_door.page.drugs.form
    assert form.isVisible()
    assert form.drug_name.text() == "ondansetron-od"
    room.fill(again, form.drug_name, "ondansetron-odt")
    room.press(again, "Return")
    room.wait(lambda: again.news().startswith("Kept."), "the list")

    names = [drug.name for drug in again.clinic.book.drugs]
    assert "ondansetron-odt" in names
    assert "ondansetron" not in names
    assert again.clinic_door.half_typed() is None


def test_a_protocol_typed_while_its_draft_is_being_opened_outlives_a_lock_too(room, home):
    locked = Event()
    home.seat.program.worker.submit(locked.wait, lambda _: None, room.fail)
    room.press(home, "Ctrl+Shift+P")
    choose(room, home, home.clinic_door.page.list, "iv-40")
    room.press(home, "Return")
    room.fill(home, home.clinic_door.page.form.lines["title"], "IV, slowl")
    room.press(home, "Ctrl+L")
    locked.set()

    last = room.sign_in()
    room.wait(lambda: "half-typed is kept" in last.news(), "the draft")
    room.press(last, "Ctrl+Shift+P")
    assert last.clinic_door.page.form.lines["title"].text() == "IV, slowl"


def test_protocols_that_are_read_when_home_is_locked_come_to_nothing(room, home):
    locked = Event()
    home.seat.program.worker.submit(locked.wait, lambda _: None, room.fail)
    room.press(home, "Ctrl+Shift+P")
    room.press(home, "Ctrl+L")
    QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    locked.set()

    again = room.sign_in()
    room.press(again, "Ctrl+Shift+P")
    room.wait(lambda: any("iv-40" in row for row in rows(again)), "the protocols")


def kept(room, home):
    room.wait(lambda: bool(home.seat.forms) and home.seat.forms[0].is_kept, "the draft on the disk")


def test_a_half_typed_protocol_outlives_a_crash_and_is_gone_once_it_is_dropped(room, home, page, new_room):
    choose(room, home, page.list, "iv-40")
    room.press(home, "Return")
    room.fill(home, page.form.lines["title"], "IV, slowl")
    room.fill(home, page.form.lines["mark"], "systolic 160 9")
    room.wait(lambda: bool(home.seat.forms) and bool(home.seat.forms[0].half_typed("protocol")), "the draft")
    home.seat.forms[0].flush()
    kept(room, home)
    left = room.folder / "as the crash left it"
    shutil.copytree(
        room.folder / "vault", left / "vault", ignore=lambda _, names: {one for one in names if "lock" in one}
    )

    other = new_room(left)
    again = other.sign_in()
    other.wait(lambda: "half-typed is kept" in again.news(), "the draft")
    other.press(again, "Ctrl+Shift+P")
    lines = again.clinic_door.page.form.lines
    assert (lines["title"].text(), lines["mark"].text()) == ("IV, slowl", "systolic 160 9")
    other.press(again, "Escape")
    other.press(again, "Escape")
    other.press(again, "Escape")
    other.press(again, "Ctrl+W")
    other.close()

    assert not list((left / "vault").glob("*.draft"))


def test_home_closes_over_a_half_typed_protocol_and_the_next_start_has_it(room, home, page):
    choose(room, home, page.list, "iv-40")
    room.press(home, "Return")
    room.fill(home, page.form.lines["title"], "IV, slowl")
    room.start_anew()
    again = room.sign_in()
    room.wait(lambda: "half-typed is kept" in again.news(), "the draft")
    assert again.clinic_door.page.form.half_typed().typed["title"] == "IV, slowl"


def test_a_long_field_shows_its_beginning_again_once_another_one_is_gone_to(room, home, page):
    choose(room, home, page.list, "iv-40")
    room.press(home, "Return")
    source = page.form.lines["source"]
    room.go_to(home, source)
    room.press(home, "End")
    room.press(home, "Tab")

    assert source.cursorPosition() == 0
