"""The summary window: nothing is chosen by default, nothing leaves without an authorization that holds today."""

import pytest

from kapnotes.domain.around import Theme
from kapnotes.domain.entries import Block, Narrative, Release
from kapnotes.domain.release import released_from
from kapnotes.ui.keys import sequence_of
from kapnotes.ui.pad import PadWindow
from kapnotes.ui.summary import SummaryWindow
from tests.ui.conftest import PASSPHRASE


@pytest.fixture
def summary(room, pad, log):
    room.line(pad, "its door")
    room.line(pad, "a second note")
    room.press(pad, "Ctrl+S")
    window = room.window(SummaryWindow)
    room.fill(window, window.recipient, "Ines, LMFT")
    room.fill(window, window.summary_path, str(room.folder / "out.pdf"))
    return window


def authorize(room, window, signed_on="2026-03-04", expires_on="2026-04-04"):
    for line, text in (
        (window.description, "chosen lines"),
        (window.purpose, "integration"),
        (window.signed_by, "K-0142"),
        (window.signed_on, signed_on),
        (window.expires_on, expires_on),
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


def test_nothing_is_chosen_when_the_window_opens(summary):
    assert summary.lines.count() == 2
    assert summary.chosen() == []


def test_a_chosen_line_is_released_by_keyboard(room, summary):
    choose_first(room, summary)
    authorize(room, summary)

    assert released(summary) == ["its door"]
    assert "1 line is released to Ines, LMFT" in summary.news()


def test_a_theme_is_chosen_and_released_as_a_note_is(room, pad, log):
    pad.live.keep(Theme("the father's workshop"))
    room.press(pad, "Ctrl+S")
    summary = room.window(SummaryWindow)
    assert [summary.lines.item(row).text()[-28:] for row in range(summary.lines.count())] == [
        "theme  the father's workshop"
    ]
    assert summary.chosen() == []
    room.fill(summary, summary.recipient, "Ines, LMFT")
    choose_first(room, summary)
    authorize(room, summary)

    assert released(summary) == ["the father's workshop"]


@pytest.fixture
def meant(room, pad, log):
    """The summary of a session whose second of three notes is meant for it."""
    for text in ("its door", "meant", "another"):
        room.line(pad, text)
    room.press(pad, "Ctrl+Up")
    room.press(pad, "Ctrl+Up")
    room.press(pad, "Ctrl+D")
    room.press(pad, "Ctrl+S")
    window = room.window(SummaryWindow)
    room.fill(window, window.recipient, "Ines, LMFT")
    return window


def test_what_is_meant_for_the_summary_has_its_sign_and_is_not_chosen_by_it(meant):
    assert [meant.lines.item(row).text()[0] == "◇" for row in range(3)] == [False, True, False]
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
    room.fill(summary, summary.blocks[Block.SHIFTS], "call the brother")
    room.press(summary, "Ctrl+W")

    assert summary.live.record.newest(Narrative) == Narrative(Block.SHIFTS, "call the brother")


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
