from kapnotes.domain.entries import Note
from kapnotes.domain.members import Role
from kapnotes.ui.home import HomeWindow
from kapnotes.ui.pad import PadWindow
from kapnotes.ui.sign_in import SignInWindow
from kapnotes.vault import files

PASSPHRASE = "otter lagoon violin cedar"


def make_by_keys(room, window, passphrase=PASSPHRASE, again=PASSPHRASE):
    room.type(window, "Tess, LCSW")
    room.go_to(window, window.roles.therapist)
    room.press(window, "Space")
    room.fill(window, window.new.first, passphrase)
    room.fill(window, window.new.again, again)
    room.press(window, "Return")


def test_on_the_first_evening_the_vault_is_made_by_keyboard_and_then_signed_in_to(room):
    window = room.desk.begin()
    make_by_keys(room, window)
    room.wait(lambda: window.member.count() == 1, "the vault")
    room.type(window, PASSPHRASE)
    room.press(window, "Return")

    home = room.window(HomeWindow)

    assert home.seat.member.roles == {Role.THERAPIST, Role.ADMIN}
    assert not [window for window in room.desk.windows if isinstance(window, SignInWindow)]


def test_a_short_passphrase_is_refused_before_anything_is_made(room):
    window = room.desk.begin()
    make_by_keys(room, window, "short", "short")

    assert "at least 15" in window.news()
    assert not (room.folder / "vault").exists()


def test_a_passphrase_mistyped_the_second_time_is_refused(room):
    window = room.desk.begin()
    make_by_keys(room, window, PASSPHRASE, PASSPHRASE + "x")

    assert "differ" in window.news()


def test_a_wrong_passphrase_says_so_and_lets_one_try_again(room):
    home = room.make()
    room.press(home, "Ctrl+L")
    window = room.window(SignInWindow)
    room.wait(lambda: window.member.count() == 1, "the members")
    room.go_to(window, window.passphrase)
    room.type(window, "certainly not this one")
    room.press(window, "Return")
    room.wait(lambda: window.news().startswith("!"), "the news")

    assert "passphrase" in window.news()
    assert window.passphrase.text() == ""
    assert window.passphrase.hasFocus()

    room.type(window, PASSPHRASE)
    room.press(window, "Return")
    assert room.window(HomeWindow)


def test_locking_closes_every_window_of_the_seat_and_asks_who_sits_here(room, pad):
    assert pad.isVisible()

    room.press(pad, "Ctrl+L")

    assert [type(window) for window in room.desk.windows if getattr(window, "seat", None) is pad.seat] == []
    assert pad.seat.is_locked


def test_the_other_seat_stays_open_when_one_is_locked(room, pad, log):
    room.press(pad, "Ctrl+L")
    assert log.news() == "Tess, LCSW is locked; Ctrl+O at home signs in again."
    room.line(log, "128/76 72 98 14")
    room.saved(log)

    assert log.isVisible()
    assert log.model.entries()[-1].body.systolic_mmhg == 128


def test_nobody_is_said_to_be_locked_who_has_signed_in_again(room, pad, log):
    room.press(pad, "Ctrl+L")
    room.sign_in("Tess, LCSW")

    assert log.news() == ""


def test_a_sign_in_window_that_was_open_already_offers_whom_a_lock_sends_there(room, pad, log):
    room.press(room.crna, "Ctrl+O")
    window = room.window(SignInWindow)
    room.desk.lock_all("the laptop slept")

    offered = {window.member.itemText(row) for row in range(window.member.count())}
    assert {"Tess, LCSW", "Carl, CRNA"} <= offered
    assert window.news() == "Locked: the laptop slept. What was half-typed is kept."
    assert window.member.currentText() == "Carl, CRNA"  # who was locked last stands first
    assert not pad.isVisible()
    assert not log.isVisible()


def test_a_half_typed_note_survives_a_lock_as_a_half_typed_note(room, pad):
    room.type(pad, "typed and not entered")
    room.press(pad, "Ctrl+L")
    again = room.sign_in("Tess, LCSW")
    room.join(again)

    assert room.window(PadWindow, again.seat).line.text() == "typed and not entered"
    assert [note.text for _, note in again.seat.live.popitem()[1].record.of(Note)] == []


def guess(room, window, times):
    for _ in range(times):
        room.type(window, "certainly not this one")
        room.press(window, "Return")
        room.wait(lambda: window.passphrase.text() == "" and window.news().startswith("!"), "the answer")
        window.say("")


def refused_four_times(room):
    """Return the window in which one signs in, after four wrong passphrases."""
    home = room.make()
    room.press(home, "Ctrl+L")
    window = room.window(SignInWindow)
    room.wait(lambda: window.member.count() == 1, "the members")
    room.go_to(window, window.passphrase)
    guess(room, window, 4)
    return window


def test_after_several_wrong_passphrases_the_next_is_looked_at_when_the_countdown_ends(room):
    window = refused_four_times(room)
    room.pass_time(60)
    guess(room, window, 1)

    room.type(window, PASSPHRASE)
    room.press(window, "Return")
    assert window.news().endswith("looked at in 2 s.")
    room.pass_time(1)
    assert window.news().endswith("looked at in 1 s.")
    room.pass_time(1)

    assert room.window(HomeWindow)


def test_typing_on_during_the_countdown_waits_for_an_enter_of_its_own(room):
    window = refused_four_times(room)

    room.type(window, PASSPHRASE[:-1])
    room.press(window, "Return")
    room.type(window, PASSPHRASE[-1])
    room.pass_time(5)
    assert window.news() == ""
    assert window.passphrase.text() == PASSPHRASE
    room.press(window, "Return")

    assert room.window(HomeWindow)


def test_a_vault_in_a_synchronised_folder_is_made_only_by_a_second_enter(room):
    (room.folder / ".stfolder").mkdir()
    window = room.desk.begin()
    make_by_keys(room, window)
    room.wait(lambda: "Enter once more" in window.news(), "the warning")
    assert "belongs to Syncthing" in window.news()
    assert not (room.folder / "vault").exists()

    room.press(window, "Return")
    room.wait(lambda: window.member.count() == 1, "the vault")


def test_where_nothing_can_be_written_sessions_are_read_and_no_word_is_typed_in_vain(room, pad, log, monkeypatch):
    room.line(pad, "noted before")
    room.saved(pad)
    room.press(pad, "Ctrl+L")
    room.press(log, "Ctrl+L")
    monkeypatch.setattr(files, "is_writable", lambda _: False)
    opened = []
    room.program.open_vault(room.folder / "vault", opened.append, room.fail)
    room.wait(lambda: bool(opened), "the vault")

    home = room.sign_in()
    assert home.notice().startswith("! Read only: nothing can be noted here.")
    room.press(home, "Ctrl+P")
    assert "Read only" in home.news()
    room.join(home)
    again = room.window(PadWindow)
    room.type(again, "in vain")
    room.press(again, "F1")
    assert again.line.text() == ""
    assert "Read only" in again.news()
    assert "noted before" in [row.text for row in again.timeline.rows()]
    room.pass_time(3600)
    assert not again.live.saving.unsaved
    room.press(again, "Ctrl+L")
    room.wait(lambda: again.seat.keyring.is_locked, "the keys to be dropped")
