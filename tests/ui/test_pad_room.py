"""Where there is little room the notes keep most of it: a laptop at 200 % has 640 by 400 pixels."""

import pytest
from PySide6.QtWidgets import QApplication

from kapnotes.domain.around import TouchAgreement, TouchConsent
from kapnotes.ui.pad_room import ROOMY_FROM_PX

INTENTION = "look at what is underneath the constant low-grade anxiety, and whether it has always been there"


@pytest.fixture
def full(room, pad):
    pad.live.intention(INTENTION)
    pad.live.keep(TouchAgreement("hand", TouchConsent.YES))
    for number in range(20):
        pad.live.note(f"a note of an ordinary length, number {number}")
    room.saved(pad)
    return pad


def sized(pad, width, height):
    pad.resize(width, height)
    QApplication.processEvents()
    assert (pad.width(), pad.height()) == (width, height)


def in_sight(pad):
    """Return the texts of the rows that are in sight as a whole."""
    view = pad.timeline.viewport().rect()
    return [row.text for row in pad.timeline.rows() if view.contains(pad.timeline.box_of(row.entry_id))]


def places(pad):
    widgets = (pad.elapsed, pad.ribbon, pad.timeline, pad.line, pad.cue, pad.strip)
    return [(one.x(), one.y(), one.height()) for one in widgets]


def test_on_the_smallest_screen_four_notes_are_in_sight_and_the_line_stays_as_it_is(room, full):
    room.type(full, "half a li")
    sized(full, 640, 400)
    assert len(in_sight(full)) >= 4
    assert in_sight(full)[-1] == "a note of an ordinary length, number 19"
    sized(full, 900, ROOMY_FROM_PX - 1)
    small = len(in_sight(full))
    sized(full, 900, ROOMY_FROM_PX)
    roomy = len(in_sight(full))

    assert 5 <= roomy <= small <= roomy + 5
    assert [full.line.text(), full.line.hasFocus()] == ["half a li", True]
    assert in_sight(full)[-1] == "a note of an ordinary length, number 19"

    low = full.line.height()
    room.type(full, "a thought of several rows " * 12)
    QApplication.processEvents()
    assert full.line.height() > 2 * low
    for _ in range(2):
        room.press(full, "Escape")
    QApplication.processEvents()
    assert full.line.height() == low  # a line that is cleared gives its room back at once
    assert len(in_sight(full)) == roomy


def test_on_the_smallest_screen_intention_agreement_and_the_row_looked_at_share_one_row(room, full):
    sized(full, 640, 400)
    before = places(full)

    assert full.aside.intention.isVisible()
    assert full.aside.intention.text().startswith("“look at what is underneath")
    assert "touch: hand yes" in full.aside.intention.text()
    room.press(full, "Ctrl+Up")
    assert [full.back.place.isVisible(), full.aside.intention.isVisible()] == [True, False]
    assert full.back.place.words.width() > 0.9 * full.back.place.width()  # nothing stands beside it
    assert places(full) == before
    room.press(full, "Escape")
    full.live.intention("rest")
    assert [full.aside.intention.isVisible(), full.aside.intention.text()[:6]] == [True, "“rest”"]
    assert places(full) == before

    full.say("Signed at 13:57. What is added from now on gives its reason: late 14:05 why: what, or add why: what.")
    QApplication.processEvents()
    assert full.strip.height() >= full.strip.sizeHint().height()
    assert len(in_sight(full)) >= 2

    for key in ("Ctrl+P", "Ctrl+Shift+P"):
        room.press(full, key)
        QApplication.processEvents()
        state = full.around.page.state
        assert state.text().endswith("half-typed stays here.")
        assert state.shown() == state.text()  # seen whole
    room.press(full, "Escape")

    sized(full, 1280, 800)
    assert [full.intention.isVisible(), full.around.line.isVisible(), full.legend.isVisible()] == [True, True, True]
    assert [full.aside.isVisible(), full.back.place.isVisible()] == [False, True]
