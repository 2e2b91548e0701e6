"""The codebook, edited by keyboard at home: what is kept is on the next pad; what cannot be is refused in one line."""

import pytest
from PySide6.QtWidgets import QApplication

from kapnotes.domain.codebook import CodeKind, read_codebook
from kapnotes.domain.entries import Mark, MarkChange
from kapnotes.domain.members import Role
from kapnotes.ui.pad import PadWindow
from tests.ui.test_looks import MEAN, PEAK, measure


def own(room):
    return room.folder / "profile" / "codebook.toml"


def rows(home):
    cards = home.codebook_page.list
    return [cards.item(row).text() for row in range(cards.count())]


def choose(room, home, words):
    cards = home.codebook_page.list
    wanted = next(row for row, text in enumerate(rows(home)) if text.startswith(words))
    while cards.currentRow() != wanted:
        room.press(home, "Down" if cards.currentRow() < wanted else "Up")


def change(room, home, words, **fields):
    choose(room, home, words)
    room.press(home, "Return")
    for name, text in fields.items():
        room.fill(home, getattr(home.codebook_page.form, name), text)


@pytest.fixture
def book(room, home):
    room.press(home, "Ctrl+Shift+K")
    return home


def test_the_page_lists_the_codes_with_keys_and_kind(book):
    assert rows(book)[0] == "affect   F1, Alt+A   mark"
    assert "challenging   F9, Alt+C   state, with start and stop" in rows(book)
    assert rows(book)[-1] == "a new code…"
    assert book.codebook_page.list.hasFocus()


def test_a_new_state_is_added_and_works_on_the_next_pad(room, book):
    change(room, book, "a new code", title="humming", letter="w", key="shift+f5")
    room.go_to(book, book.codebook_page.form.kind)
    room.press(book, "Down")
    room.press(book, "Return")
    assert book.news().startswith("Kept: humming.")
    assert "humming   Shift+F5, Alt+W   state, with start and stop" in rows(book)
    assert read_codebook(own(room).read_text(encoding="utf-8")).named("humming").kind is CodeKind.STATE

    room.press(book, "Escape")
    room.start(book)
    pad = room.window(PadWindow)
    room.press(pad, "Alt+W")
    room.pass_time(5)
    assert pad.strip.cell(2) == "humming 0:05"


def test_a_code_gets_another_title_and_key_and_old_entries_show_the_new_title(room, book):
    room.press(book, "Escape")
    room.start(book)
    pad = room.window(PadWindow)
    room.press(pad, "F2")
    room.press(book, "Ctrl+Shift+K")
    change(room, book, "body", title="soma", key="F13")
    room.press(book, "Return")
    room.press(pad, "Ctrl+W")
    room.press(book, "Escape")
    room.join(book)
    pad = room.window(PadWindow)
    assert pad.timeline.rows()[-1].code == "soma"
    room.pass_time(2)
    room.press(pad, "F13")

    assert [body for _, body in pad.live.record.of(Mark)] == [Mark("body"), Mark("body")]


NO_CODES = (
    ({"letter": "G"}, "Alt+G of “noise” is the program's own: the route's timer"),
    ({"key": "Ctrl+F11"}, "Ctrl+F11 of “noise” is the program's own: full screen"),
    ({"key": "F1"}, "the key “F1” stands for two codes"),
    ({"letter": "a"}, "the letter “A” stands for two codes"),
    ({"key": "Ctrl+L"}, "is F1 to F24, alone or with Shift or Ctrl"),
    ({"key": "x"}, "is F1 to F24, alone or with Shift or Ctrl"),
    ({"letter": "7"}, "is one letter"),
    ({"title": ""}, "a code has a name"),
    ({"title": "Affect"}, "There is a code “affect” already"),
)


def test_what_cannot_be_a_code_is_refused_in_one_line_and_nothing_is_written(room, book):
    for fields, words in NO_CODES:
        change(room, book, "a new code", **{"title": "noise", **fields})
        room.press(book, "Return")

        assert words in book.news()
        assert "\n" not in book.news()
        assert not own(room).exists()
        assert book.codebook_page.form.isVisible()
        room.press(book, "Escape")
        if book.codebook_page.form.isVisible():  # it asks before it drops what is typed
            room.press(book, "Escape")
        assert book.codebook_page.list.hasFocus()


def test_a_code_is_removed_by_pressing_twice_and_what_was_noted_keeps_showing(room, book):
    room.press(book, "Escape")
    room.start(book)
    pad = room.window(PadWindow)
    room.press(pad, "F3")
    room.press(book, "Ctrl+Shift+K")
    choose(room, book, "imagery")
    room.press(book, "Delete")
    assert "Del once more removes “imagery”" in book.news()
    room.press(book, "Delete")
    assert not any(row.startswith("imagery") for row in rows(book))
    room.press(pad, "Ctrl+W")
    room.press(book, "Escape")
    room.join(book)
    pad = room.window(PadWindow)

    assert pad.timeline.rows()[-1].code == "imagery"
    room.press(pad, "F3")
    assert len(pad.live.record.of(Mark)) == 1


def test_a_state_that_runs_in_an_open_session_stays_until_it_is_ended(room, book):
    room.press(book, "Escape")
    room.start(book)
    pad = room.window(PadWindow)
    room.press(pad, "F9")
    room.press(book, "Ctrl+Shift+K")
    choose(room, book, "challenging")
    room.press(book, "Delete")
    room.press(book, "Delete")
    assert "“challenging” runs in an open session; end it first." in book.news()
    change(room, book, "challenging")
    room.go_to(book, book.codebook_page.form.kind)
    room.press(book, "Up")
    room.press(book, "Return")
    assert "runs in an open session" in book.news()
    room.pass_time(2)
    room.press(pad, "F9")

    assert [body.change for _, body in pad.live.record.of(Mark)] == [MarkChange.START, MarkChange.STOP]


def test_the_kind_of_the_quote_is_not_to_be_changed(room, book):
    change(room, book, "quote", title="said")
    assert not book.codebook_page.form.kind.isEnabled()
    room.press(book, "Return")

    assert "said   F5, Alt+Q   the patient's own words" in rows(book)


def test_what_is_kept_is_there_after_the_next_start(room, book):
    change(room, book, "body", title="soma")
    room.press(book, "Return")
    room.start_anew()
    home = room.sign_in()
    room.press(home, "Ctrl+Shift+K")

    assert "soma   F2, Alt+B   mark" in rows(home)


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"[body\n", "at line 1"),
        (b'[body]\ntitle = "body"\nkey = "Ctrl+L"', "F1 to F24"),
        (b'[body]\ntitle = "body"\nletter = "G"', "the program's own"),
        (b"\xff\xfe", "UTF-8"),
        (b"#" * 1_000_001, "larger"),
    ],
)
def test_a_faulty_file_is_told_in_one_line_with_its_place_and_the_shipped_one_is_used(room, home, content, reason):
    own(room).write_bytes(content)
    room.start_anew()
    home = room.sign_in()

    assert str(own(room)) in home.news()
    assert reason in home.news()
    assert len(home.news().splitlines()) == 1
    room.press(home, "Ctrl+Shift+K")
    assert rows(home)[0] == "affect   F1, Alt+A   mark"
    change(room, home, "body", title="soma")
    room.press(home, "Return")
    assert (own(room).parent / "codebook.faulty.toml").read_bytes() == content
    assert read_codebook(own(room).read_text(encoding="utf-8")).named("body").title == "soma"


def test_a_codebook_that_cannot_be_written_stays_as_it_was_and_says_so(room, book):
    own(room).mkdir()
    change(room, book, "body", title="soma")
    room.press(book, "Return")

    assert "was not written" in book.news()
    room.press(book, "Escape")
    assert "body   F2, Alt+B   mark" in rows(book)


def test_who_keeps_no_note_pad_has_no_codebook(room, home):
    room.add(home, "Carl, CRNA", Role.MEDICAL)
    crna = room.sign_in("Carl, CRNA")
    room.press(crna, "Ctrl+Shift+K")

    assert crna.news() == "! The codebook is for therapists' note pads."


def test_the_page_is_as_dark_as_all_others(room, book):
    for is_form in (False, True):
        if is_form:
            room.press(book, "Return")
        book.resize(1280, 800)
        QApplication.processEvents()
        mean, peak = measure(book)
        assert mean <= MEAN
        assert peak <= PEAK
