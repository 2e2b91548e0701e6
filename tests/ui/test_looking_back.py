"""Looking back by keys while a line is half-typed: the row, one kind alone, what is meant for the summary."""

from PySide6.QtCore import QEvent, QObject
from PySide6.QtWidgets import QApplication

from kapnotes.domain.around import ForSummary
from kapnotes.domain.entries import Mark, Note


def chosen(pad):
    row = pad.timeline.row_of(pad.timeline.chosen())
    return row.text if row is not None else None


def notes(pad, *texts):
    for text in texts:
        pad.live.note(text)


def test_a_row_is_chosen_by_keys_and_the_half_typed_line_and_its_focus_stay(room, pad):
    notes(pad, "one", "two", "three")
    room.type(pad, "half a li")

    room.press(pad, "Ctrl+Up")
    assert chosen(pad) == "three"
    room.press(pad, "Ctrl+Up")
    room.press(pad, "Ctrl+Up")
    assert chosen(pad) == "one"
    room.press(pad, "Ctrl+Down")
    assert chosen(pad) == "two"

    assert pad.line.text() == "half a li"
    assert pad.line.hasFocus()
    room.type(pad, "ne")
    assert (pad.line.text(), chosen(pad)) == ("half a line", "two")


def test_past_the_newest_no_row_is_chosen(room, pad):
    notes(pad, "one", "two")
    room.press(pad, "Ctrl+Up")
    room.press(pad, "Ctrl+Down")

    assert chosen(pad) is None
    assert pad.back.place.words.text() == ""


def test_one_esc_leaves_the_row_and_clears_nothing(room, pad):
    notes(pad, "one")
    room.type(pad, "half")
    room.press(pad, "Ctrl+Up")

    room.press(pad, "Escape")
    assert (chosen(pad), pad.line.text()) == (None, "half")
    room.press(pad, "Escape")
    assert pad.line.text() == "half"
    assert "once more" in pad.news()
    room.press(pad, "Escape")
    assert pad.line.text() == ""


def test_esc_on_an_empty_line_leaves_the_row_too_and_so_does_the_key_to_now(room, pad):
    notes(pad, *(f"note {number}" for number in range(60)))
    for way in ("Escape", "Alt+End"):
        for _ in range(40):
            room.press(pad, "Ctrl+Up")
        assert not pad.timeline.is_at_now()
        room.press(pad, way)
        assert chosen(pad) is None
        assert pad.timeline.is_at_now()


def test_the_page_keys_take_the_chosen_row_along_and_keep_it_in_sight(room, pad):
    notes(pad, *(f"note {number}" for number in range(200)))
    room.press(pad, "Ctrl+Up")
    room.press(pad, "PgUp")
    above = int(chosen(pad).split()[1])
    assert 150 < above < 199
    room.press(pad, "PgUp")
    assert int(chosen(pad).split()[1]) < above
    room.press(pad, "PgDown")
    assert abs(int(chosen(pad).split()[1]) - above) <= 1
    for _ in range(30):
        room.press(pad, "PgUp")
    assert pad.timeline.row_of(pad.timeline.chosen()) is pad.timeline.rows()[0]


def test_the_chosen_row_is_told_to_a_screen_reader(room, pad):
    pad.live.note("it's all water", "quote")
    pad.live.note("later")
    room.press(pad, "Ctrl+Up")
    room.press(pad, "Ctrl+Up")

    assert pad.timeline.accessibleDescription() == "chosen: 13:00 quote “it's all water”"


def test_the_chosen_row_is_seen_by_a_bar_of_its_own_and_not_by_hue_alone(room, pad):
    notes(pad, "one", "two")
    QApplication.processEvents()
    before = pad.timeline.viewport().grab().toImage()
    room.press(pad, "Ctrl+Up")
    after = pad.timeline.viewport().grab().toImage()

    y = pad.timeline.box_of(pad.timeline.chosen()).center().y()
    assert before.pixelColor(1, y).lightness() == 0
    assert after.pixelColor(1, y).lightness() > 90


class Painted(QObject):
    """Collects what is painted anew."""

    def __init__(self, widget):
        super().__init__()
        self.rects = []
        widget.installEventFilter(self)

    def eventFilter(self, watched, event):
        if event.type() == QEvent.Type.Paint:
            self.rects += [(rect.top(), rect.bottom()) for rect in event.region()]
        return False


def test_with_600_rows_moving_the_choice_paints_two_rows_and_no_others(room, pad):
    notes(pad, *(f"note {number}" for number in range(600)))
    while pad.around.make_ahead():  # a page that comes in lays the window out once more
        QApplication.processEvents()
    room.press(pad, "Ctrl+Up")
    QApplication.processEvents()
    painted = Painted(pad.timeline.viewport())

    room.press(pad, "Ctrl+Up")
    QApplication.processEvents()

    above, below = (pad.timeline.box_of(row.entry_id) for row in pad.timeline.rows()[-2:])
    assert painted.rects
    assert min(top for top, _ in painted.rects) >= above.top()
    assert max(bottom for _, bottom in painted.rects) <= below.bottom()


def test_what_comes_meanwhile_does_not_move_what_is_looked_at(room, pad, log):
    notes(pad, *(f"note {number}" for number in range(100)))
    for _ in range(40):
        room.press(pad, "Ctrl+Up")
    value = pad.timeline.verticalScrollBar().value()
    was = chosen(pad)
    room.press(pad, "F1")
    room.line(log, "inf 35/40 hold no cuff")  # all times since the dose are shown anew

    assert pad.timeline.verticalScrollBar().value() == value
    assert chosen(pad) == was


# --------------------------------------------------------------------------------------------- one code alone


def shown(pad):
    return [row.text or row.code for row in pad.timeline.rows()]


def test_a_key_shows_the_chosen_rows_code_alone_and_the_same_key_all_again(room, pad):
    pad.live.note("it's all water", "quote")
    pad.live.note("a thought")
    pad.live.mark("affect")
    pad.live.note("I am the water", "quote")
    room.press(pad, "Ctrl+Up")
    everything = shown(pad)

    room.press(pad, "Ctrl+J")
    assert shown(pad) == ["“it's all water”", "“I am the water”"]
    assert pad.back.place.words.text().startswith("only: quote (2)")
    assert chosen(pad) == "“I am the water”"

    room.press(pad, "Ctrl+J")
    assert shown(pad) == everything
    assert "only:" not in pad.back.place.words.text()


def test_begin_and_end_of_a_state_are_of_one_kind(room, pad):
    room.press(pad, "F9")
    notes(pad, "between")
    room.pass_time(60)
    room.press(pad, "F9")
    room.press(pad, "Ctrl+Up")
    room.press(pad, "Ctrl+J")

    assert shown(pad) == ["begins", "ends"]


def test_a_typed_code_is_shown_alone_and_the_line_is_empty_again(room, pad):
    pad.live.note("a wave", "body")
    pad.live.note("else")
    room.type(pad, "bod")
    room.press(pad, "Ctrl+J")

    assert shown(pad) == ["a wave"]
    assert pad.line.text() == ""
    room.press(pad, "Escape")
    assert shown(pad)[-2:] == ["a wave", "else"]


def test_words_that_are_no_code_filter_nothing_and_stay(room, pad):
    notes(pad, "one")
    room.type(pad, "bodies of water")
    room.press(pad, "Ctrl+J")

    assert pad.line.text() == "bodies of water"
    assert shown(pad)[-1] == "one"
    assert "Choose a row with Ctrl+Up" in pad.news()


def test_what_is_noted_while_one_code_is_shown_is_never_hidden(room, pad):
    pad.live.note("it's all water", "quote")
    notes(pad, "older")
    room.press(pad, "Ctrl+Up")
    room.press(pad, "Ctrl+Up")
    room.press(pad, "Ctrl+J")
    room.line(pad, "noted meanwhile")
    room.press(pad, "F1")

    assert shown(pad) == ["“it's all water”", "noted meanwhile", "affect"]
    assert pad.back.place.words.text().startswith("only: quote (1), 2 others since")


def test_no_gap_is_claimed_where_rows_are_left_out(room, pad, log):
    room.line(log, "inf 35/40 hold no cuff")
    pad.live.note("one", "quote")
    for _ in range(5):
        room.pass_time(200)
        notes(pad, "between")
    pad.live.note("two", "quote")
    room.press(pad, "Ctrl+Up")
    room.press(pad, "Ctrl+J")

    assert [row.gap for row in pad.timeline.rows()] == ["", ""]


# ------------------------------------------------------------------------------------------ for the summary


def wanted(pad):
    return [row.text or row.code for row in pad.timeline.rows() if row.is_wanted]


def test_a_key_means_the_newest_own_line_for_the_summary_and_again_no_longer(room, pad):
    notes(pad, "one", "two")
    room.type(pad, "half")
    room.press(pad, "Ctrl+D")
    room.saved(pad)

    assert wanted(pad) == ["two"]
    assert "Meant for the summary" in pad.news()
    assert (chosen(pad), pad.line.text()) == (None, "half")
    room.press(pad, "Ctrl+D")
    assert wanted(pad) == []
    assert [body.is_wanted for _, body in pad.live.record.of(ForSummary)] == [True, False]


def test_a_chosen_row_is_meant_and_says_so_to_a_screen_reader(room, pad):
    notes(pad, "one", "two")
    room.press(pad, "Ctrl+Up")
    room.press(pad, "Ctrl+Up")
    room.press(pad, "Ctrl+D")

    assert wanted(pad) == ["one"]
    assert chosen(pad) == "one"
    assert pad.timeline.accessibleDescription().endswith("meant for the summary")


def test_what_others_wrote_is_not_meant_for_the_summary(room, pad, log):
    log.live.signal("come")
    room.press(pad, "Ctrl+Up")
    room.press(pad, "Ctrl+D")

    assert wanted(pad) == []
    assert "other clinician" in pad.news()


def test_nothing_to_look_back_on_is_said(room, pad):
    for key in ("Ctrl+Up", "Ctrl+Down", "PgUp", "Ctrl+J", "Ctrl+D"):
        room.press(pad, key)

    assert list(pad.live.record.of(Note)) == list(pad.live.record.of(Mark)) == []
    assert pad.line.hasFocus()
