"""What is half-typed in the forms of home outlives a lock, and no passphrase does."""

from PySide6.QtCore import Qt

from kapnotes.domain.members import Role
from tests.ui.conftest import PASSPHRASE


def lock_and_come_back(room, home, label="Tess, LCSW"):
    room.press(home, "Ctrl+L")
    again = room.sign_in(label)
    room.wait(lambda: "half-typed" in again.news(), "what was half-typed")
    return again


def test_a_half_typed_patient_outlives_a_lock_and_is_gone_once_it_is_added(room, home):
    room.press(home, "Ctrl+P")
    room.type(home, "K-02")
    room.fill(home, home.start_door.new_patient.allergies, "penicillin: rash")

    home = lock_and_come_back(room, home)
    assert home.news() == "A new patient was half-typed and is kept: Ctrl+P goes on with it."
    room.press(home, "Ctrl+P")
    assert (home.start_door.new_patient.code.text(), home.start_door.new_patient.allergies.text()) == (
        "K-02",
        "penicillin: rash",
    )
    room.type(home, "07")
    room.press(home, "Return")
    room.wait(lambda: home.patients.count() == 2, "the patient")

    room.press(home, "Ctrl+L")
    home = room.sign_in()
    room.wait(lambda: home.patients.count() == 2, "the lists")
    room.press(home, "Ctrl+P")
    assert home.start_door.new_patient.code.text() == ""


def test_a_patient_that_is_added_while_the_list_is_read_stands_beside_the_others(room, home):
    room.press(home, "Ctrl+P")
    room.type(home, "K-0207")
    room.press(home, "Return")
    room.wait(lambda: home.patients.count() == 2, "the patient")
    added = home.lists.all_patients[-1]

    home.lists.show_patients([])  # as at the sign-in, before they are read
    home.refresh()
    home.start_door.patient_added.emit(added)

    room.wait(lambda: home.patients.count() == 2, "the others")
    assert home.patients.current_card() == added


def test_a_half_typed_member_and_a_code_outlive_one_lock_and_no_passphrase_is_in_any_file(room, home):
    room.press(home, "Ctrl+Shift+K")
    room.press(home, "End")
    room.press(home, "Return")
    room.type(home, "breath")
    page = home.codebook_page
    page.form.kind.setCurrentIndex(1)
    room.press(home, "Ctrl+M")
    room.type(home, "Nia, CRNA")
    home.member_door.form.roles.medical.setChecked(True)
    room.fill(home, home.member_door.form.passphrase.first, PASSPHRASE)

    home = lock_and_come_back(room, home)
    room.wait(lambda: "codebook" in home.news(), "the code")
    room.press(home, "Ctrl+M")
    form = home.member_door.form
    assert form.label.text() == "Nia, CRNA"
    assert (form.roles.medical.isChecked(), form.roles.therapist.isChecked()) == (True, False)
    assert form.passphrase.first.text() == ""
    room.press(home, "Ctrl+Shift+K")
    page = home.codebook_page
    assert page.form.title.hasFocus()
    assert (page.form.title.text(), str(page.form.kind.currentData())) == ("breath", "state")


def test_esc_in_a_form_of_home_asks_before_it_drops_what_is_typed(room, home):
    room.press(home, "Ctrl+P")
    room.type(home, "K-02")
    room.press(home, "Escape")
    assert home.news() == "! This is kept nowhere yet. Esc once more drops what is typed."
    room.press(home, "Escape")
    assert home.patients.hasFocus() or home.sessions.hasFocus()

    room.press(home, "Ctrl+P")
    assert home.start_door.new_patient.code.text() == ""


def test_of_a_new_member_the_first_field_that_will_not_do_has_the_focus(room, home):
    assert Role.ADMIN in home.seat.member.roles
    room.press(home, "Ctrl+M")
    form = home.member_door.form
    room.press(home, "Return")
    assert form.label.hasFocus()
    room.type(home, "Nia, CRNA")
    room.press(home, "Return")
    assert home.news() == "! Tick at least one role."
    assert form.roles.therapist.hasFocus()
    form.roles.medical.setCheckState(Qt.CheckState.Checked)
    room.press(home, "Return")
    assert form.passphrase.first.hasFocus()
    room.type(home, PASSPHRASE)
    room.press(home, "Return")
    assert home.news() == "! Type the passphrase once more."
    assert form.passphrase.again.hasFocus()
