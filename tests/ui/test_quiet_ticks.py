"""A second that passes over an open session changes what counts seconds, and nothing else is laid out or painted."""

from PySide6.QtCore import QEvent, QObject

from kapnotes.domain.members import Role
from kapnotes.ui.labels import ClockLabel, ElidedLabel
from kapnotes.ui.log import LogWindow
from kapnotes.ui.pad import PadWindow


class Events(QObject):
    """Notes what is painted and what is laid out."""

    def __init__(self):
        super().__init__()
        self.painted, self.laid_out = [], []

    def eventFilter(self, watched, event):
        if event.type() == QEvent.Type.Paint:
            self.painted.append(watched)
        elif event.type() == QEvent.Type.LayoutRequest:
            self.laid_out.append(watched)
        return False


def test_with_a_second_that_passes_only_what_counts_seconds_is_painted_and_nothing_is_laid_out(room, qapp):
    home = room.make("B. Both, LCSW, CRNA", Role.THERAPIST, Role.MEDICAL)
    room.patient(home)
    room.start(home)
    log, pad = room.window(LogWindow), room.window(PadWindow)
    for line in ("120/80 72 98 14 s5", "inf 35/40"):
        room.line(log, line)
    room.saved(log)
    room.pass_time(30)
    while pad.around.make_ahead():
        pass
    room.wait(lambda: log.chart.is_current, "the chart")
    for _ in range(5):  # what came before is laid out, up to the window
        qapp.processEvents()
    before, events = (pad.elapsed.text(), log.strip.cell(0), pad.strip.cell(0)), Events()
    qapp.installEventFilter(events)
    try:
        room.pass_time(1)
        qapp.processEvents()
    finally:
        qapp.removeEventFilter(events)

    after = (pad.elapsed.text(), log.strip.cell(0), pad.strip.cell(0))
    assert all(one != other for one, other in zip(before, after, strict=True))
    assert [type(one).__name__ for one in events.laid_out] == []
    assert events.painted
    assert {type(one) for one in events.painted} == {ClockLabel, ElidedLabel}

    given = log.strip.cell(1)

    room.pass_time(5)

    assert log.strip.cell(1) != given  # what changes more slowly follows within some seconds
