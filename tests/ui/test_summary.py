"""The summary window: nothing is chosen by default, nothing leaves without an authorization that holds today."""

import pytest

from kapnotes.app.typed_fields import SUMMARY
from kapnotes.domain.around import Theme
from kapnotes.domain.entries import Authorization, Block, Narrative, Release
from kapnotes.domain.page_choice import NOT_BY_DEFAULT, FixedPart, PagePart
from kapnotes.domain.release import line_of, released_from
from kapnotes.ui import summary_rows
from kapnotes.ui.keys import sequence_of
from kapnotes.ui.pad import PadWindow
from kapnotes.ui.summary import SummaryWindow
from tests.ui.conftest import PASSPHRASE


@pytest.fixture
def own_pad(room, home):
    """The pad of a therapist who is alone: what is tried here needs nobody else."""
    room.start(home)
    return room.window(PadWindow)


@pytest.fixture
def summary(room, own_pad):
    room.line(own_pad, "its door")
    room.line(own_pad, "a second note")
    room.press(own_pad, "Ctrl+S")
    window = room.window(SummaryWindow)
    room.fill(window, window.recipient, "Ines, LMFT")
    room.fill(window, window.summary_path, str(room.folder / "out.pdf"))
    return window


def authorize(room, window, signed_on="2026-03-04", expires_on="2026-04-04"):
    form = window.form.authorization
    for line, text in (
        (form.description, "chosen lines"),
        (form.purpose, "integration"),
        (form.expires_on, expires_on),
        (form.signed_by, "K-0142"),
        (form.signed_on, signed_on),
    ):
        room.fill(window, line, text)
    room.press(window, "Ctrl+R")


def choose_first(room, window):
    room.go_to(window, window.lines)
    room.press(window, "Home")
    room.press(window, "Space")


def released(window):
    lines = released_from(window.live.record, window.live.now().local().date(), window.recipient.text())
    return [entry.body.text for part in lines for entry in part.entries]


def rows(window):
    """Return what the rows say that are process notes and are not filtered away."""
    return [row.said for row in window.lines.rows() if row.entry is not None]


def page(room, window):
    """Return what the pages say, each of them looked at."""
    room.wait(lambda: window.right.is_current, "the pages")
    texts = []
    for number in range(window.right.view.place[1]):
        window.right.view.turn(number - window.right.view.place[0] + 1)
        room.wait(lambda: window.right.is_current, "the page")
        texts.append(window.right.view.accessibleDescription())
    return " ".join(" ".join(texts).split())


def test_nothing_is_chosen_when_the_window_opens(summary):
    assert summary.lines.note_count() == 2
    assert summary.chosen() == []


def test_a_chosen_line_is_released_by_keyboard(room, summary):
    choose_first(room, summary)
    authorize(room, summary)

    assert released(summary) == ["its door"]
    assert "1 line is released to Ines, LMFT" in summary.news()


def test_a_theme_is_chosen_and_released_as_a_note_is(room, own_pad):
    own_pad.live.keep(Theme("the father's workshop"))
    room.press(own_pad, "Ctrl+S")
    summary = room.window(SummaryWindow)
    assert [row[-28:] for row in rows(summary)] == ["theme  the father's workshop"]
    assert summary.chosen() == []
    room.fill(summary, summary.recipient, "Ines, LMFT")
    choose_first(room, summary)
    authorize(room, summary)

    assert released(summary) == ["the father's workshop"]


@pytest.fixture
def meant(room, own_pad):
    """The summary of a session whose second of three notes is meant for it."""
    for text in ("its door", "meant", "another"):
        room.line(own_pad, text)
    room.press(own_pad, "Ctrl+Up")
    room.press(own_pad, "Ctrl+Up")
    room.press(own_pad, "Ctrl+D")
    room.press(own_pad, "Ctrl+S")
    window = room.window(SummaryWindow)
    room.fill(window, window.recipient, "Ines, LMFT")
    return window


def test_what_is_meant_for_the_summary_has_its_sign_and_is_not_chosen_by_it(meant):
    assert [row[0] == "◇" for row in rows(meant)] == [False, True, False]
    assert meant.chosen() == []
    assert "Ctrl+Shift+D chooses the 1 meant for it, ◇" in meant.count.text()


def test_a_key_chooses_what_is_meant_beside_what_is_chosen_and_releases_nothing(room, meant):
    choose_first(room, meant)
    room.press(meant, "Ctrl+Shift+D")
    assert [entry.body.text for entry in meant.chosen()] == ["its door", "meant"]
    assert released(meant) == []
    assert "2 of 3 chosen" in meant.count.text()

    authorize(room, meant)
    assert released(meant) == ["its door", "meant"]


def test_where_nothing_is_meant_the_key_says_so(room, summary):
    room.press(summary, "Ctrl+Shift+D")

    assert summary.chosen() == []
    assert "on the pad Ctrl+D" in summary.news()


@pytest.mark.parametrize(
    ("signed_on", "expires_on", "says"),
    [
        ("2026-03-05", "2026-04-04", "signed in the future"),
        ("2026-01-01", "2026-03-03", "has expired"),
        ("2026-03-04", "soon", "write the day as"),
        ("2026-03-04", "2026-03-01", "expire"),
    ],
)
def test_an_authorization_that_does_not_hold_today_is_not_recorded(room, summary, signed_on, expires_on, says):
    choose_first(room, summary)
    authorize(room, summary, signed_on, expires_on)

    assert says in summary.news()
    assert summary.live.record.of(Release) == []


def test_the_same_lines_are_not_released_twice(room, summary):
    choose_first(room, summary)
    authorize(room, summary)
    room.press(summary, "Ctrl+R")

    assert len(summary.live.record.of(Release)) == 1
    assert "already" in summary.news()


def test_a_page_says_which_chosen_lines_are_not_on_it(room, summary):
    choose_first(room, summary)
    room.press(summary, "Ctrl+S")
    room.wait(lambda: bool(summary.secret.text()), "the page")

    assert "1 chosen line is not on it" in summary.news()


def test_revoking_asks_twice_and_then_no_page_shows_the_lines(room, summary):
    choose_first(room, summary)
    authorize(room, summary)
    room.press(summary, "Ctrl+Shift+R")
    assert released(summary) == ["its door"]
    room.press(summary, "Ctrl+Shift+R")

    assert released(summary) == []
    assert "revoked" in summary.news()


def test_the_three_blocks_are_kept_when_the_window_closes(room, summary):
    room.fill(summary, summary.blocks[Block.SHIFTS], "call the brother\nand walk")
    room.press(summary, "Ctrl+W")

    assert summary.live.record.newest(Narrative) == Narrative(Block.SHIFTS, "call the brother\nand walk")


def test_a_file_that_is_there_is_replaced_only_when_asked_twice(room, summary):
    path = room.folder / "out.pdf"
    path.write_bytes(b"yesterday")
    room.press(summary, "Ctrl+S")
    assert "once more" in summary.news()
    assert path.read_bytes() == b"yesterday"
    room.press(summary, "Ctrl+S")
    room.wait(lambda: bool(summary.secret.text()), "the page")

    assert path.read_bytes().startswith(b"%PDF")


def test_a_path_that_is_no_file_is_refused_in_one_line(room, summary):
    for text in (" ", "   ", "somewhere"):
        room.fill(summary, summary.summary_path, text)
        summary.say("")
        room.press(summary, "Ctrl+S")

        assert "ends in .pdf" in summary.news()


def test_the_window_says_whose_session_it_is_and_no_file_name_does(summary):
    assert "K-0142" in summary.title()
    assert "K-0142" not in summary.record_path.text()


def test_a_copied_passphrase_leaves_the_clipboard_with_the_window(room, summary, qapp):
    room.press(summary, "Ctrl+S")
    room.wait(lambda: bool(summary.secret.text()), "the page")
    first = summary.secret.text()
    room.wait(lambda: not summary.secret.visibleRegion().isEmpty(), "the passphrase to be in sight")
    room.go_to(summary, summary.secret.copy)
    room.press(summary, "Space")
    assert qapp.clipboard().text() == first
    summary.summary_path.setText(str(room.folder / "second.pdf"))
    room.press(summary, "Ctrl+S")
    room.wait(lambda: summary.secret.text() != first, "the second page")
    assert summary.secret.opens.text() == "This opens second.pdf, and is shown only now:"

    room.press(summary, "Ctrl+W")

    assert qapp.clipboard().text() != first


def go_on_with_the_sheet(room, pad):
    """Let the therapist forget the passphrase and go on under a new identity in the same session; return the pad."""
    library, seat = room.program.library, pad.seat
    label, therapy = seat.member.label, seat.member.therapy
    lines = "\n".join(library.make_sheet(seat.keyring, therapy).lines)
    library.confirm_sheet(seat.keyring, therapy, lines)
    room.press(pad, "Ctrl+L")
    room.wait(lambda: seat.keyring.is_locked, "the lock")
    library.recover(label, [lines], PASSPHRASE, cost=room.program.cost)
    room.join(room.sign_in(label))
    return room.window(PadWindow)


def test_lines_of_before_a_forgotten_passphrase_are_released_and_their_release_revoked(room, pad):
    room.line(pad, "its door")
    room.saved(pad)
    for _ in range(2):
        pad = go_on_with_the_sheet(room, pad)
    room.press(pad, "Ctrl+S")
    window = room.window(SummaryWindow)
    room.fill(window, window.recipient, "Ines, LMFT")
    choose_first(room, window)
    authorize(room, window)
    assert released(window) == ["its door"]

    room.press(window, "Escape")
    pad = go_on_with_the_sheet(room, pad)
    room.press(pad, "Ctrl+S")
    window = room.window(SummaryWindow)
    room.fill(window, window.recipient, "Ines, LMFT")
    assert released(window) == ["its door"]
    for _ in range(2):
        room.press(window, sequence_of("revoke"))
    assert "1 authorization is revoked" in window.news()
    assert released(window) == []


# ------------------------------------------------------------------------------------------------- the composer


def test_choosing_opens_the_recording_and_the_real_pages_hold_a_line_once_it_is_authorized(room, summary):
    form = summary.form.authorization
    assert form.isHidden()
    choose_first(room, summary)
    assert form.isVisible()
    assert summary.focusWidget() is summary.lines
    assert "1 line of the process notes of session 1 of 2026-03-04" in form.description.text()
    assert form.parties.text() == "Tess, LCSW discloses to Ines, LMFT."
    assert "its door" not in page(room, summary)
    assert "1 not authorized and not on it" in summary.count.text()
    assert rows(summary)[0].endswith("not authorized: not on the page")

    authorize(room, summary)
    assert "its door" in page(room, summary)
    assert "1 released line on it" in summary.right.line.text()
    assert rows(summary)[0].endswith("on the page, authorized until 2026-04-04")

    choose_first(room, summary)
    assert "its door" not in page(room, summary)
    assert rows(summary)[0].endswith("— authorized until 2026-04-04")


def test_a_block_is_on_the_page_while_it_is_typed_and_entered_when_it_is_left(room, summary):
    room.fill(summary, summary.blocks[Block.WORDS], "not drowning: floating")
    assert "not drowning: floating" in page(room, summary)
    assert summary.live.record.of(Narrative) == []

    room.press(summary, "Tab")
    assert summary.live.record.newest(Narrative) == Narrative(Block.WORDS, "not drowning: floating")


def test_a_block_that_is_entered_on_the_pad_meanwhile_is_shown_and_not_overwritten(room, own_pad, summary):
    own_pad.live.narrative(Block.SHIFTS, "written on the pad")
    assert "written on the pad" in page(room, summary)
    assert summary.blocks[Block.SHIFTS].text() == "written on the pad"
    room.press(summary, "Ctrl+W")

    assert [body.text for _, body in own_pad.live.record.of(Narrative)] == ["written on the pad"]


def test_one_authorization_is_revoked_and_the_other_stands_and_both_stay_listed(room, summary):
    choose_first(room, summary)
    authorize(room, summary)
    room.press(summary, "Down")
    room.go_to(summary, summary.lines)
    room.press(summary, "Down")
    room.press(summary, "Space")
    room.press(summary, "Ctrl+R")
    assert released(summary) == ["its door", "a second note"]
    listed = summary.form.released.list
    path = summary.files.summary_path
    assert path.visibleRegion().isEmpty()
    room.press(summary, "Ctrl+5")
    assert path.hasFocus()
    assert not path.visibleRegion().isEmpty()
    room.press(summary, "Ctrl+4")
    assert listed.hasFocus()
    room.press(summary, "Home")
    room.press(summary, "Delete")
    assert "once more" in summary.news()
    room.press(summary, "Delete")

    assert released(summary) == ["its door"]
    assert [text.endswith("— revoked 2026-03-04") for text in listed.texts()] == [True, False]
    assert rows(summary)[1].endswith("revoked 2026-03-04: not on the page")
    assert "a second note" not in page(room, summary)


def test_choosing_is_undone_and_done_again(room, summary):
    room.press(summary, "Ctrl+1")
    room.press(summary, "Ctrl+Shift+A")
    room.press(summary, "Ctrl+Z")
    assert summary.chosen() == []
    room.press(summary, "Ctrl+Shift+Z")
    assert len(summary.chosen()) == 2
    room.press(summary, "Ctrl+Z")
    room.press(summary, "Ctrl+Z")

    assert summary.chosen() == []
    assert "Nothing was chosen" in summary.news()


def test_a_filter_shows_what_fits_and_what_is_chosen_stays_chosen(room, meant):
    choose_first(room, meant)
    room.press(meant, "Ctrl+F")
    room.type(meant, "meant for")
    assert [row.endswith("meant") for row in rows(meant)] == [True]
    room.press(meant, "Ctrl+Shift+A")
    assert [entry.body.text for entry in meant.chosen()] == ["its door", "meant"]

    room.press(meant, "Escape")
    assert len(rows(meant)) == 3
    assert meant.lines.hasFocus()


def test_a_part_is_left_out_by_its_tick_and_what_cannot_be_says_why(room, summary):
    assert sum(not row.is_heading for row in summary.lines.rows()) == 2 + len(PagePart) + len(FixedPart)
    summary.live.setting("eyeshades on")
    assert "eyeshades on" in page(room, summary)
    room.go_to(summary, summary.lines)
    room.press(summary, "End")
    room.press(summary, "Space")
    assert "how to prove that it is unchanged" in summary.news()
    for _ in (*FixedPart, PagePart.EARLIER):
        room.press(summary, "Up")
    room.press(summary, "Space")

    assert summary.lines.left_out() == {PagePart.ROOM} | NOT_BY_DEFAULT
    text = page(room, summary)
    assert "Left out by whoever made this page, and kept in the record: the room." in text
    assert "eyeshades on" not in text


def test_what_was_put_together_outlives_its_window_and_a_crash(room, own_pad, summary):
    choose_first(room, summary)
    room.fill(summary, summary.form.authorization.purpose, "integrat")
    summary.live.typing.flush()
    room.wait(lambda: summary.live.typing.is_kept, "the draft")
    assert not [path for path in room.folder.rglob("*") if path.is_file() and b"integrat" in path.read_bytes()]
    room.press(summary, "Ctrl+W")
    room.press(own_pad, "Ctrl+S")
    again = room.window(SummaryWindow)

    assert again is not summary
    assert [entry.body.text for entry in again.chosen()] == ["its door"]
    assert again.recipient.text() == "Ines, LMFT"
    assert again.form.authorization.purpose.text() == "integrat"
    assert again.form.authorization.isVisible()


def test_pages_turn_and_grow_by_keys_and_are_bright_only_while_somebody_looks_here(room, own_pad, summary):
    page(room, summary)
    view, place = summary.right.view, summary.right.line
    room.press(summary, "Ctrl+6")
    assert view.hasFocus()
    room.press(summary, "Home")
    room.press(summary, "Alt+PgDown")
    room.wait(lambda: summary.right.is_current, "the second page")
    assert place.text().startswith("page 2 of ")
    before = view.look().width_px
    room.press(summary, "+")
    assert view.look().width_px > before
    room.press(summary, "F8")
    assert view.look().is_in_colour
    room.press(own_pad, "x")
    assert not view.look().is_in_colour

    summary.resize(640, 400)
    assert (summary.left.isVisible(), summary.right.isVisible()) == (True, False)
    assert "F6 the pages" in summary.count.text()
    room.press(summary, "F6")
    assert (summary.left.isVisible(), summary.right.isVisible()) == (False, True)
    room.press(summary, "Escape")
    assert summary.lines.hasFocus()


def test_a_session_without_notes_says_so(room, own_pad):
    room.press(own_pad, "Ctrl+S")
    window = room.window(SummaryWindow)

    assert "No process notes in this session" in window.lines.row(0).words
    assert "There are no process notes" in window.count.text()
    assert page(room, window)


def test_a_crnas_window_has_parts_and_pages_and_nothing_of_notes(room, pad, log):
    room.line(pad, "its door")
    room.press(log, "Ctrl+S")
    window = room.window(SummaryWindow, log.seat)

    assert (window.lines.note_count(), window.form.authorization, window.blocks) == (0, None, {})
    assert "its door" not in page(room, window)
    room.fill(window, window.recipient, "Hospital")
    window.live.typing.flush()
    room.wait(lambda: window.live.typing.is_kept, "the draft")


def test_an_authorization_that_is_not_complete_shows_no_pages_but_why(room, own_pad):
    entry = own_pad.live.note("its door")
    today = own_pad.live.now().local().date()
    own_pad.live.keep(Release(Authorization("Tess", "Ines", "one", " ", today, "K", today), (line_of(entry),)))
    room.press(own_pad, "Ctrl+S")
    window = room.window(SummaryWindow)
    room.wait(lambda: window.right.is_current, "the pages")

    assert window.right.view.place is None
    assert "does not say the purpose" in window.right.view.accessibleDescription()


def test_a_signature_on_paper_is_printed_as_such_and_what_left_is_listed(room, summary):
    choose_first(room, summary)
    room.go_to(summary, summary.form.authorization.on_paper)
    room.press(summary, "Space")
    authorize(room, summary)
    assert summary.live.record.of(Release)[0][1].authorization.signed_by == "K-0142 (on paper)"
    assert "K-0142 (on paper)" in page(room, summary)
    room.press(summary, "Ctrl+S")
    room.wait(lambda: bool(summary.secret.text()), "the page")
    room.wait(lambda: summary.right.is_current, "the list")

    assert summary.form.released.list.texts()[0].endswith("summary for Ines, LMFT: 1 released line on it")


def test_where_nothing_can_be_noted_the_blocks_take_no_key_and_the_summary_keeps_no_draft(room, own_pad):
    own_pad.live.is_read_only = True
    room.press(own_pad, "Ctrl+S")
    window = room.window(SummaryWindow)
    room.fill(window, window.recipient, "Ines, LMFT")
    field = window.form.blocks.of_block[Block.SHIFTS]
    field.setFocus()
    for key in ("Return", "x"):
        room.press(window, key)
    own_pad.live.typing.look()

    assert field.text() == ""
    assert own_pad.live.typing.half_typed("summary shifts") is own_pad.live.typing.half_typed(SUMMARY) is None


def test_a_tick_among_hundreds_puts_into_words_only_the_lines_that_are_seen(room, own_pad, monkeypatch):
    for number in range(60):
        own_pad.live.note(f"note {number}, in which something is seen")
    room.press(own_pad, "Ctrl+S")
    window = room.window(SummaryWindow)
    room.fill(window, window.recipient, "Ines, LMFT")
    room.press(window, sequence_of("choose_all"))
    authorize(room, window)
    room.wait(lambda: window.right.is_current, "the pages")
    put_into_words = []
    monkeypatch.setattr(summary_rows, "state_words", lambda *said, **more: put_into_words.append(said) or "")

    choose_first(room, window)
    room.wait(lambda: bool(put_into_words), "the line to be painted")

    assert len(put_into_words) < 30
    assert len(window.chosen()) == 59


def test_in_a_type_twice_as_large_the_form_is_as_wide_as_its_half(room, summary, qapp):
    summary.resize(1280, 800)
    choose_first(room, summary)
    try:
        for _ in range(12):
            room.press(summary, "Ctrl++")
        qapp.processEvents()

        assert summary.form.horizontalScrollBar().maximum() == 0
    finally:
        for _ in range(12):
            room.press(summary, "Ctrl+-")
