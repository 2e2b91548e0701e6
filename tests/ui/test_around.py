"""Around the session by keyboard alone: preparation, what is agreed, the closing, and what goes on to the next one."""

import contextlib
import sqlite3
from itertools import pairwise

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QWidget

from kapnotes.app.typed_fields import AROUND
from kapnotes.domain.around import Agreement, SettingItem, Theme, ThemeState, TouchAgreement, TouchConsent
from kapnotes.domain.entries import Block, Intention, Mark, Narrative, Note
from kapnotes.domain.preparation import touch_agreed
from kapnotes.ui.home import HomeWindow
from kapnotes.ui.pad import PadWindow
from tests.ui.test_looks import MEAN, PEAK, measure

YES, ASK, NO = TouchConsent.YES, TouchConsent.ASK, TouchConsent.NO


def bodies(window, kind):
    return [body for _, body in window.live.record.of(kind)]


@pytest.fixture
def page(room, pad):
    """The preparation page of a session."""
    room.press(pad, "Ctrl+P")
    return pad.around.preparation


def test_a_whole_preparation_by_keyboard_alone(room, pad, page):
    assert page.intention.line.hasFocus()
    room.line(pad, "look at what is underneath")
    room.go_to(pad, page.themes.line)
    room.line(pad, "the house by the sea")
    room.go_to(pad, page.agreed.line)
    room.line(pad, "a raised hand ends the music")
    room.go_to(pad, page.touch.list)
    for key in ("Y", "Down", "A", "Down", "N"):
        room.press(pad, key)
    room.go_to(pad, page.touch.line)
    room.line(pad, "Left knee ask")
    room.go_to(pad, page.card.of_item[5])
    room.line(pad, "one candle")
    room.saved(pad)

    assert bodies(pad, Intention) == [Intention("look at what is underneath")]
    assert bodies(pad, Theme) == [Theme("the house by the sea")]
    assert bodies(pad, Agreement) == [Agreement("a raised hand ends the music")]
    assert touch_agreed(pad.live.record) == {"hand": YES, "shoulder": ASK, "foot": NO, "left knee": ASK}
    assert bodies(pad, SettingItem) == [SettingItem(5, "one candle")]
    assert page.themes.list.texts() == ["open  ·  the house by the sea"]
    assert page.touch.list.texts()[-1] == "left knee: ask"
    assert not any(line.text() for part in (page.themes, page.agreed, page.touch) for line in part.lines)


def test_the_pages_are_made_in_small_steps_before_a_key_asks_for_them(room, pad):
    def widgets():
        return pad.findChildren(QWidget)

    pad.resize(1280, 800)
    counts = [len(widgets())]
    while pad.around.make_ahead():
        counts.append(len(widgets()))
    room.press(pad, "Ctrl+P")

    assert pad.around.page is pad.around.preparation
    assert len(widgets()) == counts[-1]  # the key made none
    assert counts[-1] - counts[0] > 60
    assert max(after - before for before, after in pairwise(counts)) <= 20
    polished = Qt.WidgetAttribute.WA_WState_Polished
    assert all(one.testAttribute(polished) for part in pad.around.closing.parts for one in part.findChildren(QWidget))
    assert [part.isVisible() for part in pad.around.closing.parts] == [False, False]


def test_esc_gives_the_line_back_with_its_half_typed_text_untouched(room, pad):
    room.type(pad, "half a thou")
    began = pad.stamp.text()
    pad.line.put_caret(4)
    room.pass_time(30)
    room.press(pad, "Ctrl+P")
    room.type(pad, "to be less alone")
    room.press(pad, "Return")
    room.press(pad, "Escape")

    assert pad.line.hasFocus()
    assert (pad.line.text(), pad.stamp.text(), pad.line.textCursor().position()) == ("half a thou", began, 4)
    assert bodies(pad, Intention) == [Intention("to be less alone")]
    assert bodies(pad, Note) == []


def test_the_key_that_opened_the_page_closes_it(room, pad, page):
    room.press(pad, "Ctrl+P")

    assert pad.line.hasFocus()
    assert not page.isVisible()
    assert pad.around.page is None


def test_the_page_never_opens_by_itself_and_an_entry_of_the_other_seat_moves_no_focus(room, pad, log):
    room.type(pad, "half")
    room.line(log, "dose 35 im hold no cuff")

    assert pad.around.page is None
    assert pad.focusWidget() is pad.line


def test_once_dosing_began_a_consent_is_narrowed_by_one_key_and_never_widened(room, pad, log):
    room.press(pad, "Ctrl+P")
    touch = pad.around.preparation.touch
    room.go_to(pad, touch.list)
    room.press(pad, "Y")
    room.press(pad, "Escape")
    room.line(log, "dose 35 im hold no cuff")
    room.pass_time(60)

    room.press(pad, "Ctrl+P")
    assert touch.list.hasFocus()
    room.press(pad, "A")
    assert pad.around.line.text().startswith("touch: hand ask")
    room.press(pad, "Y")
    assert "only narrowed" in pad.news()
    room.press(pad, "Down")
    room.press(pad, "A")
    assert "only be a no" in pad.news()

    assert bodies(pad, TouchAgreement) == [TouchAgreement("hand", YES), TouchAgreement("hand", ASK)]
    assert touch.list.texts()[:2] == ["hand: ask", "shoulder: not spoken of"]


def test_an_area_without_a_consent_stays_in_its_line_and_says_how(room, pad, page):
    room.go_to(pad, page.touch.line)
    room.line(pad, "left knee")

    assert "left knee ask" in pad.news()
    assert page.touch.line.text() == "left knee"
    assert bodies(pad, TouchAgreement) == []


def test_the_same_key_twice_is_one_entry(room, pad, page):
    room.go_to(pad, page.touch.list)
    room.press(pad, "Y")
    room.press(pad, "Y")

    assert bodies(pad, TouchAgreement) == [TouchAgreement("hand", YES)]


def test_a_theme_is_settled_and_opened_again_by_the_space_bar(room, pad, page):
    room.go_to(pad, page.themes.line)
    room.line(pad, "water")
    room.go_to(pad, page.themes.list)
    room.press(pad, "Space")
    assert page.themes.list.texts() == ["settled  ·  water"]
    room.press(pad, "Space")

    assert page.themes.list.texts() == ["open  ·  water"]
    assert [state.is_open for state in bodies(pad, ThemeState)] == [False, True]


def test_what_was_mistyped_is_taken_back_and_stays_legible(room, pad, page):
    room.go_to(pad, page.agreed.line)
    room.line(pad, "the phone is of")
    room.go_to(pad, page.agreed.list)
    room.press(pad, "Delete")

    assert page.agreed.list.texts() == []
    (entry,) = [entry for entry in pad.live.record.entries if isinstance(entry.body, Agreement)]
    assert pad.live.record.corrections_of(entry.entry_id)[0].body.reason == "taken back"


def test_the_arrows_lead_through_the_whole_page(room, pad, page):
    wanted = [line for part in page.parts for line in part.lines] + [page.touch.list]
    for key in ("Down", "Up"):
        seen = set()
        for _ in range(len(wanted) + 5):
            seen.add(pad.focusWidget())
            room.press(pad, key)
        assert [widget.accessibleName() for widget in wanted if widget not in seen] == []


def test_a_settled_item_of_the_card_is_taken_back_by_an_empty_line(room, pad, page):
    room.go_to(pad, page.card.of_item[11])
    room.line(pad, "no words in it")
    room.fill(pad, page.card.of_item[11], "")
    room.press(pad, "Backspace")
    room.press(pad, "Return")

    assert bodies(pad, SettingItem) == [SettingItem(11, "no words in it"), SettingItem(11, "")]


def half_type_everything(room, pad, page):
    texts = {}
    for part in page.parts:
        for line in part.lines:
            room.go_to(pad, line)
            texts[line.accessibleName()] = f"half {len(texts)} of it"
            room.type(pad, texts[line.accessibleName()])
    return texts


def open_again(room):
    home = next((w for w in room.desk.windows if isinstance(w, HomeWindow) and w.seat.member.is_therapist), None)
    home = home or room.sign_in("Tess, LCSW")
    room.wait(lambda: home.sessions.count() > 0, "the sessions")
    room.go_to(home, home.sessions)
    room.press(home, "Return")
    return room.window(PadWindow, home.seat)


@pytest.mark.parametrize("way", ["lock", "quit", "close", "leave"])
def test_whatever_is_half_typed_on_the_page_comes_back_each_in_its_line(room, pad, page, way):
    texts = half_type_everything(room, pad, page)
    assert len(texts) == len(AROUND)
    if way == "lock":
        room.press(pad, "Ctrl+L")
    elif way == "quit":
        room.start_anew()
    elif way == "close":
        room.press(pad, "Ctrl+W")
    else:
        room.press(pad, "Escape")

    again = pad if way == "leave" else open_again(room)
    if way != "leave":
        assert "half-typed is back: Ctrl+P" in again.news()
    room.press(again, "Ctrl+P")
    back = {line.accessibleName(): line.text() for part in again.around.preparation.parts for line in part.lines}
    assert back == texts
    assert bodies(again, Intention) == bodies(again, Theme) == bodies(again, SettingItem) == bodies(again, Note) == []


def test_what_is_entered_leaves_no_draft_behind(room, pad, page):
    room.line(pad, "look underneath")
    room.go_to(pad, page.card.of_item[5])
    room.line(pad, "one candle")
    room.saved(pad)
    room.start_anew()
    again = open_again(room)

    assert "half-typed" not in again.news()
    room.press(again, "Ctrl+P")
    assert again.around.preparation.intention.line.text() == "look underneath"
    assert again.around.preparation.card.of_item[5].text() == "one candle"


def test_nothing_half_typed_there_is_left_out_of_what_is_signed(room, pad, page):
    room.go_to(pad, page.themes.line)
    room.type(pad, "half")
    room.press(pad, "Escape")
    room.press(pad, "Ctrl+Shift+S")

    assert not pad.sign.form.isVisible()
    assert "half-typed on the pages of Ctrl+P" in pad.news()


def test_nothing_half_typed_of_the_integration_notes_is_left_out_either(room, pad):
    room.press(pad, "Ctrl+Shift+P")
    room.type(pad, "half")
    room.press(pad, "Ctrl+Shift+S")

    assert not pad.sign.form.isVisible()
    assert "half-typed on the pages of Ctrl+P" in pad.news()


def test_a_signed_session_says_so_and_takes_nothing(room, pad):
    room.press(pad, "Ctrl+Shift+S")
    if pad.sign.form.reason.isVisible():
        room.type(pad, "noted on paper")
    room.press(pad, "Return")
    room.wait(lambda: pad.live.signing.signed() is not None, "the signature")
    before = list(pad.live.record.entries)

    room.press(pad, "Ctrl+P")
    page = pad.around.preparation
    assert "Signed" in page.state.text()
    room.line(pad, "too late")
    room.go_to(pad, page.touch.list)
    room.press(pad, "Y")

    assert pad.live.record.entries == before
    assert page.intention.line.text() == page.intention.line.placeholderText() == ""


def test_ctrl_i_on_the_page_leads_to_the_intention_and_takes_no_line(room, pad):
    room.type(pad, "not an intention")
    room.press(pad, "Ctrl+P")
    page = pad.around.preparation
    room.go_to(pad, page.card.of_item[5])
    room.press(pad, "Ctrl+I")

    assert page.intention.line.hasFocus()
    assert bodies(pad, Intention) == []


def test_a_key_for_the_rows_does_nothing_to_rows_that_nobody_sees(room, pad):
    room.line(pad, "hands unclench")
    room.press(pad, "Ctrl+P")
    before = list(pad.live.record.entries)
    for key in ("Ctrl+Up", "Ctrl+D", "Ctrl+E", "Ctrl+U", "Ctrl+U", "F5"):
        room.press(pad, key)
    assert pad.live.record.entries == before

    room.press(pad, "Escape")
    assert pad.line.text() == pad.stamp.text() == ""
    room.press(pad, "Ctrl+D")
    assert len(pad.live.record.entries) == len(before) + 1


def test_a_mark_is_dropped_from_the_page_as_from_the_line(room, pad, page):
    room.type(pad, "half")
    room.press(pad, "F2")

    assert bodies(pad, Mark) == [Mark("body")]
    assert page.intention.line.text() == "half"


def test_a_paste_that_is_too_long_is_refused_in_one_line(room, pad, page, qapp):
    qapp.clipboard().setText("x" * 1_000_000)
    room.press(pad, "Ctrl+V")

    assert page.intention.line.text() == ""
    assert "1,000,000" in pad.news()


PASTED = (
    "two\nlines",
    "a\ttab",
    "a\x00zero and a\x07bell",
    "قالت لي ثم سكتت",
    "her \U0001f469\u200d\U0001f467\u200d\U0001f466 again",
    "hard\u00a0space",
    "  ends  ",
    "e\u0301",
    "x" * 10_000,
)


def test_whatever_is_pasted_is_kept_character_for_character(room, pad, page, qapp):
    room.go_to(pad, page.themes.line)
    for number, text in enumerate(PASTED, start=1):
        qapp.clipboard().setText(text)
        room.press(pad, "Ctrl+V")
        room.press(pad, "Return")

        assert bodies(pad, Theme) == [Theme(text) for text in PASTED[:number]]
        assert page.themes.list.count() == number


@pytest.mark.parametrize(("key", "left"), [("Ctrl+C", "water"), ("Ctrl+X", "")])
def test_what_is_copied_from_a_page_is_marked_as_secret(room, pad, page, qapp, key, left):
    room.go_to(pad, page.themes.line)
    room.type(pad, "water")
    room.press(pad, "Ctrl+A")
    room.press(pad, key)

    assert qapp.clipboard().text() == "water"
    assert qapp.clipboard().mimeData().hasFormat("x-kde-passwordManagerHint")
    assert page.themes.line.text() == left


# --------------------------------------------------------------------------------------------------- closing


def to_closing(room, pad, log):
    room.line(log, "dose 35 im hold no cuff")
    while str(pad.live.record.stage) != "closing":
        room.press(pad, "Ctrl+G")
        room.press(pad, "Ctrl+G")
        room.pass_time(2)


def test_in_the_closing_the_same_key_opens_the_first_integration_notes(room, pad, log):
    to_closing(room, pad, log)
    room.press(pad, "Ctrl+P")
    page = pad.around.closing
    for text in ("all of it was water", "a walk in the evening", ""):
        room.line(pad, text)
    room.go_to(pad, page.themes.line)
    room.line(pad, "who swims")

    assert bodies(pad, Narrative) == [
        Narrative(Block.WORDS, "all of it was water"),
        Narrative(Block.SHIFTS, "a walk in the evening"),
    ]
    assert page.themes.list.texts() == ["open  ·  who swims"]
    room.press(pad, "Ctrl+Shift+P")
    assert pad.around.page is pad.around.preparation
    room.press(pad, "Ctrl+P")
    assert pad.around.page is page


def test_a_block_that_is_half_typed_goes_on_in_the_summary(room, pad, log, kinds):
    to_closing(room, pad, log)
    room.press(pad, "Ctrl+P")
    room.type(pad, "all of it was wat")
    room.press(pad, "Ctrl+S")
    summary = room.window(kinds["summary"])
    assert pad.around.page is None
    assert summary.blocks[Block.WORDS].text() == "all of it was wat"
    room.go_to(summary, summary.blocks[Block.WORDS])
    room.press(summary, "End")
    room.type(summary, "er")
    room.press(summary, "Ctrl+W")

    room.press(pad, "Ctrl+P")
    assert bodies(pad, Narrative) == [Narrative(Block.WORDS, "all of it was water")]
    assert pad.around.closing.blocks.of_block[Block.WORDS].text() == "all of it was water"


# ------------------------------------------------------------------------------------------------ carry-over


def next_session(room, home, *, before):
    """Start another session of the same patient."""
    room.pass_time(7 * 24 * 3600)
    home.refresh()
    room.wait(lambda: home.patients.count() > 0, "the patients")
    room.go_to(home, home.patients)
    room.press(home, "Ctrl+N")
    room.press(home, "Return")
    room.wait(lambda: len(home.seat.live) > before, "the session")
    pad = room.window(PadWindow)
    room.wait(lambda: pad.around.carried.is_read, "the earlier sessions")
    return pad


def test_open_themes_go_on_to_the_next_session_and_are_settled_there(room, home, pad, page):
    room.go_to(pad, page.themes.line)
    for text in ("water", "the house", "who left"):
        room.line(pad, text)
    room.go_to(pad, page.themes.list)
    room.press(pad, "Home")
    room.press(pad, "Space")
    room.saved(pad)
    room.press(pad, "Ctrl+W")

    second = next_session(room, home, before=1)
    assert "open themes: 2" in second.around.line.text()
    room.press(second, "Ctrl+P")
    themes = second.around.preparation.themes
    assert themes.list.texts() == ["open  ·  the house  ·  since session 1", "open  ·  who left  ·  since session 1"]
    room.go_to(second, themes.list)
    room.press(second, "Space")
    assert themes.list.texts()[0] == "settled  ·  the house  ·  since session 1"
    room.press(second, "Delete")
    assert "earlier session" in second.news()
    room.go_to(second, themes.line)
    room.line(second, "a boat")
    room.saved(second)
    room.start_anew()

    third = next_session(room, room.sign_in(), before=0)
    room.press(third, "Ctrl+P")
    assert third.around.preparation.themes.list.texts() == [
        "open  ·  who left  ·  since session 1",
        "open  ·  a boat  ·  since session 2",
    ]


def test_themes_of_another_patient_or_another_therapist_are_not_there(room, home, pad, page):
    room.go_to(pad, page.themes.line)
    room.line(pad, "water")
    room.saved(pad)
    room.press(pad, "Ctrl+W")
    room.patient(home, "K-0999")
    room.wait(lambda: home.patients.count() == 2, "the patient")
    other = next_session(room, home, before=1)

    assert other.live.record.opened.patient_code == "K-0999"
    assert other.around.carried.themes() == ()
    assert "themes" not in other.around.line.text()


def test_an_earlier_session_that_cannot_be_read_is_told_in_one_line_and_hinders_nothing(room, home, pad, page):
    room.go_to(pad, page.themes.line)
    room.line(pad, "water")
    room.saved(pad)
    room.close()
    (file,) = (room.folder / "vault").glob("therapy-*.kapdb")
    with contextlib.closing(sqlite3.connect(file, isolation_level=None)) as connection:
        triggers = connection.execute("SELECT name, sql FROM sqlite_schema WHERE type='trigger'").fetchall()
        for name, _ in triggers:
            connection.execute(f"DROP TRIGGER {name}")
        connection.execute("UPDATE event SET ct=zeroblob(length(ct))")
        for _, sql in triggers:
            connection.execute(sql)
    room.begin()
    second = next_session(room, room.sign_in(), before=0)

    assert second.news().startswith("! Earlier sessions that could not be read: 1.")
    assert "damaged" in second.news()
    room.line(second, "it goes on")
    assert bodies(second, Note) == [Note("it goes on")]
    room.press(second, "Ctrl+P")
    assert "could not be read: 1." in second.around.preparation.state.text()


# ------------------------------------------------------------------------------------------------- the looks


def fill_all(room, pad, page):
    room.fill(pad, page.intention.line, "to look at what is underneath the constant low-grade anxiety " * 3)
    room.press(pad, "Return")
    for number in range(8):
        pad.live.keep(Theme(f"theme {number}: the house by the sea, and who was not in it when it burned"))
        pad.live.keep(Agreement(f"agreement {number}: a raised hand ends the music, whoever is in the room then"))
    for area in ("hand", "shoulder", "foot", "top of head", "Donaudampfschifffahrtsgesellschaftskapitänsknie"):
        pad.live.keep(TouchAgreement(area, ASK))
    for line in page.card.lines:
        room.go_to(pad, line)
        room.line(pad, "as agreed, and a few more words so that the line is full of them to the very end")


@pytest.mark.parametrize("is_full", [False, True])
def test_the_pages_are_as_dark_as_the_rest(room, pad, page, is_full):
    pad.resize(1280, 800)
    if is_full:
        fill_all(room, pad, page)
    for key in ("Ctrl+P", "Ctrl+Shift+P"):
        if pad.around.page is None or key == "Ctrl+Shift+P":
            room.press(pad, key)
        QApplication.processEvents()
        mean, peak = measure(pad)
        assert mean <= MEAN
        assert peak <= PEAK


def test_nothing_on_the_pad_moves_when_touch_is_agreed(room, pad):
    pad.resize(1280, 800)
    QApplication.processEvents()
    before = [(widget.x(), widget.y(), widget.height()) for widget in (pad.timeline, pad.line, pad.strip)]
    for area in ("hand", "shoulder", "foot", "top of head", "left knee", "the other knee"):
        pad.live.keep(TouchAgreement(area, ASK))
    QApplication.processEvents()

    assert [(widget.x(), widget.y(), widget.height()) for widget in (pad.timeline, pad.line, pad.strip)] == before


def test_the_other_seat_sees_touch_and_setting_in_one_line(room, pad, log):
    room.press(pad, "Ctrl+P")
    page = pad.around.preparation
    room.go_to(pad, page.touch.list)
    room.press(pad, "Y")
    room.go_to(pad, page.card.of_item[11])
    room.line(pad, "no words in it")

    assert log.agreed.text() == "touch: hand yes     setting: music: no words in it"
