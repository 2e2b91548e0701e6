import shutil

import pytest

from kapnotes.domain.members import Role
from kapnotes.ui.log import LogWindow
from kapnotes.ui.pad import PadWindow
from kapnotes.ui.sign_in import SignInWindow


def test_an_empty_home_says_what_to_do_first(room):
    home = room.make()
    room.wait(lambda: bool(home.news()), "the lists")

    assert "Ctrl+P" in home.news()


def test_no_home_says_that_there_is_no_patient_once_the_other_seat_has_made_one(room):
    home = room.make()
    room.add(home, "Carl, CRNA", Role.MEDICAL)
    room.wait(lambda: bool(home.news()), "the lists")
    room.patient(room.sign_in("Carl, CRNA"))
    home.refresh()
    room.wait(lambda: home.patients.count() == 1, "the patient")

    assert home.news() == ""


def test_a_session_is_started_in_two_keys(room, home):
    room.press(home, "Ctrl+N")
    room.press(home, "Return")

    assert room.window(PadWindow).live.record.opened.patient_code == "K-0142"


def test_before_the_patients_are_read_the_key_of_a_start_makes_no_new_one(room, home):
    home.patients.clear()
    home.lists.is_read = False  # as it is between the sign-in and the first answer of the disk
    room.press(home, "Ctrl+N")
    assert home.news() == "The patients are still being read; press it again."
    assert not home.start_door.new_patient.isVisible()

    home.refresh()
    room.wait(lambda: home.patients.count() > 0, "the patients")
    room.press(home, "Ctrl+N")
    assert home.start_door.start.isVisible()


def test_enter_pressed_twice_starts_one_session(room, home):
    room.press(home, "Ctrl+N")
    room.press(home, "Return")
    room.press(home, "Return")
    room.window(PadWindow)
    home.refresh()
    room.wait(lambda: home.sessions.count() > 0, "the sessions")

    assert home.sessions.count() == 1


def test_a_session_that_the_other_clinician_begins_is_the_one_that_enter_opens(room, pad):
    room.crna.refresh()
    room.wait(lambda: room.crna.sessions.count() == 1, "the session")

    assert room.crna.sessions.current_card().scope_id == pad.live.scope_id


def test_enter_on_a_patient_joins_the_session_that_runs(room, pad):
    room.crna.refresh()
    room.wait(lambda: room.crna.patients.count() > 0, "the patient")
    room.go_to(room.crna, room.crna.patients)
    room.press(room.crna, "Return")
    log = room.window(LogWindow)

    assert log.live.scope_id == pad.live.scope_id
    room.press(room.crna, "Ctrl+N")
    assert "A session of K-0142 runs since" in room.crna.news()
    assert room.crna.start_door.start.isVisible()


def test_a_patient_without_a_code_is_refused_where_one_types(room, home):
    room.press(home, "Ctrl+P")
    room.press(home, "Return")

    assert "needs a code" in home.news()
    assert home.start_door.new_patient.isVisible()


def test_patients_are_found_by_code(room, home):
    room.patient(home, "K-0999")
    room.wait(lambda: home.patients.count() == 2, "the second patient")
    room.press(home, "Ctrl+F")
    room.type(home, "0142")

    assert home.patients.count() == 1
    room.press(home, "Return")
    assert home.patients.hasFocus()
    room.press(home, "Ctrl+F")
    room.press(home, "Escape")
    assert (home.search.text(), home.patients.count(), home.patients.hasFocus()) == ("", 2, True)


def test_only_an_administrator_adds_members(room, pad):
    room.press(room.crna, "Ctrl+M")

    assert "Only an administrator" in room.crna.news()


def test_a_new_member_s_passphrase_stays_in_no_field(room, home):
    room.press(home, "Ctrl+M")
    room.fill(home, home.member_door.form.passphrase.first, "otter lagoon violin cedar")
    room.press(home, "Escape")

    assert home.member_door.form.passphrase.first.text() == ""


def test_a_member_is_added_by_keyboard_and_signs_in(room, home):
    room.press(home, "Ctrl+M")
    room.type(home, "Carl, CRNA")
    room.go_to(home, home.member_door.form.roles.medical)
    room.press(home, "Space")
    room.fill(home, home.member_door.form.passphrase.first, "otter lagoon violin cedar")
    room.fill(home, home.member_door.form.passphrase.again, "otter lagoon violin cedar")
    room.go_to(home, home.member_door.form.accept_button)
    room.press(home, "Return")
    room.wait(lambda: not home.member_door.form.isVisible(), "the member")

    assert room.sign_in("Carl, CRNA").seat.member.roles == {Role.MEDICAL}


def test_a_member_who_is_added_late_closes_no_form_that_was_opened_meanwhile(room, home):
    room.press(home, "Ctrl+M")
    room.type(home, "Carl, CRNA")
    room.go_to(home, home.member_door.form.roles.medical)
    room.press(home, "Space")
    room.fill(home, home.member_door.form.passphrase.first, "otter lagoon violin cedar")
    room.fill(home, home.member_door.form.passphrase.again, "otter lagoon violin cedar")
    room.press(home, "Return")
    room.press(home, "Ctrl+P")
    room.type(home, "K-0999")
    room.wait(lambda: "is added" in home.news(), "the member")

    assert home.start_door.new_patient.isVisible()
    assert home.start_door.new_patient.code.hasFocus()
    assert home.start_door.new_patient.code.text() == "K-0999"
    assert home.member_door.form.label.text() == ""


def test_a_new_member_is_offered_six_words_and_takes_no_patients_code(room, home):
    room.press(home, "Ctrl+M")
    form = home.member_door.form
    assert len(form.passphrase.words.text().split()) == 6
    room.type(home, "Carl, CRNA")
    room.go_to(home, form.roles.medical)
    room.press(home, "Space")
    room.fill(home, form.passphrase.first, "K-0142 k-0142 K-0142 carl")
    room.fill(home, form.passphrase.again, "K-0142 k-0142 K-0142 carl")
    room.press(home, "Return")

    assert "guessed first" in home.news()
    assert len(room.program.members()) == 1


def test_the_second_seat_is_asked_for_in_one_window_however_often(room, home):
    room.press(home, "Ctrl+O")
    room.press(home, "Ctrl+O")

    assert len([window for window in room.desk.windows if isinstance(window, SignInWindow)]) == 1


def test_larger_text_reaches_the_windows_that_are_open(room, home):
    before = home.patients.font().pointSize()
    room.press(home, "Ctrl++")

    assert home.patients.font().pointSize() == before + 1

    room.press(home, "Ctrl+-")
    assert home.patients.font().pointSize() == before


def test_larger_text_reaches_the_clocks_and_what_stands_dimly_and_nothing_is_cut(room, pad):
    labels = (pad.elapsed, pad.wall, pad.who, pad.around.line)
    before = [label.font().pointSizeF() for label in labels]
    for _ in range(4):
        room.press(pad, "Ctrl++")
    try:
        sizes = [label.font().pointSizeF() for label in labels]
        assert [size / first for size, first in zip(sizes, before, strict=True)] == pytest.approx([16 / 12] * 4)
        assert all(label.height() >= label.fontMetrics().height() for label in labels)
    finally:
        for _ in range(4):
            room.press(pad, "Ctrl+-")
    assert [label.font().pointSizeF() for label in labels] == before


def test_home_names_a_file_that_did_not_open_and_the_rest_of_the_vault_goes_on(room, home):
    room.start(home)
    room.window(PadWindow)
    room.close()
    (room.folder / "vault" / "medical.kapdb").write_bytes(b"rubbish" * 1000)
    again = type(room)(room.folder, room.qtbot)
    try:
        home = again.sign_in()
        again.wait(lambda: home.sessions.count() == 1, "the session")

        assert home.notices.isVisible()
        assert home.notices.text().startswith("medical.kapdb is damaged")
        again.press(home, "Return")
        assert again.window(PadWindow).live.unread == (home.notices.text(),)
    finally:
        again.close()


def test_home_has_no_notice_where_every_file_opened(home):
    assert not home.notices.isVisible()


def test_a_vault_put_back_is_said_calmly_and_a_typed_reason_settles_it(room, home):
    room.close()
    kept = room.folder / "kept"
    shutil.copytree(room.folder / "vault", kept)
    second = type(room)(room.folder, room.qtbot)
    evening = second.sign_in()
    second.wait(lambda: evening.patients.count() == 1, "the lists")
    second.start(evening)
    second.close()
    shutil.rmtree(room.folder / "vault")
    shutil.copytree(kept, room.folder / "vault")
    third = type(room)(room.folder, room.qtbot)
    try:
        window = third.desk.begin()
        third.wait(lambda: window.member.count() > 0, "the members")
        assert "is older than last seen" in window.news()
        home = third.sign_in()
        third.wait(lambda: home.patients.count() == 1, "the lists")

        assert "is older than last seen" in home.notices.text()
        third.go_to(home, home.notices.reason)
        third.press(home, "Return")
        assert "Write why the vault is older" in home.news()
        third.type(home, "restored the backup of Monday")
        third.press(home, "Return")
        third.wait(lambda: not home.notices.isVisible(), "the reason")
        assert third.program.behind == ()
    finally:
        third.close()
