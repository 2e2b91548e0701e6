"""The key of an emergency in the log: it opens the strip in the place of the chart, or of more where that is small.

The layout stays as it is, and so does the line with its text; readings go on to be entered.
"""

from functools import reduce

from PySide6.QtCore import QObject, QRect, Slot
from PySide6.QtWidgets import QWidget

from kapnotes.app.emergency_stamps import EmergencyStamps
from kapnotes.domain.emergency_step import EmergencyAct
from kapnotes.domain.emergency_timeline import Emergency, act_of
from kapnotes.domain.errors import KapnotesError
from kapnotes.ui.emergency_strip import EmergencyStrip, words_of_step
from kapnotes.ui.following import Following
from kapnotes.ui.keys import EMERGENCY_KEYS, sequence_of
from kapnotes.ui.lamp import Lamp
from kapnotes.ui.session_window import SessionWindow
from kapnotes.ui.stop_words import stop_words
from kapnotes.ui.times import clock_time
from kapnotes.ui.wording import error_line

_STARTS = {"drug": "rescue ", EmergencyAct.NOTE: "em "}
FLOW = "em o2 "
"""Behind the key of the oxygen the line waits for its flow; where something is half-typed it is left alone."""

_OWN_WORDS = {FLOW, "em ", "rescue "}


class EmergencyDoor(QObject):
    """Shows and hides the strip over the first of *places*, from the top down, and stamps what its keys say.

    Where that is away, or too small for the program's own type, further ones give way as well.
    """

    def __init__(self, window: SessionWindow, body: QWidget, lamp: Lamp, places: tuple[QWidget, ...]) -> None:
        super().__init__(window)
        self._window = window
        self._places = places
        self._stamps = EmergencyStamps(window.live)
        self._returns = False
        self.strip = EmergencyStrip(body, lamp, self._read)
        self.strip.pressed.connect(self._press)
        self.strip.typed.connect(self._type)
        self.strip.left.connect(self._leave)
        self._following = Following(self.strip, self.place, *places)
        window.bind("emergency", self.turn)

    def _read(self) -> tuple[Emergency | None, float]:
        emergency, live = self._stamps.newest(), self._window.live
        if emergency is None:
            return None, 0.0
        return emergency, live.record.between_s(emergency.since, emergency.ended or live.now())

    # ------------------------------------------------------------------------------------- showing, hiding

    @Slot()
    def turn(self) -> None:
        """Begin an emergency and show its steps; from the line go to them, and from them hide them."""
        if not self._window.is_on_line:
            self._window.leave_page()
        if self.strip.isVisible() and self.strip.hasFocus():
            self._hide()
            return
        if not self.strip.isVisible() and not self._begin():
            return
        self._show()

    def _begin(self) -> bool:
        try:
            began = self._stamps.begin()
        except KapnotesError as error:
            self._window.say(error_line(error), is_mark=True)
            return False
        if began is not None:
            words = self.tr("Began at {time}. {key} takes it back.")  # one line, also in a large type: nothing moves
            key = EMERGENCY_KEYS["take_back"]
            self._window.say(words.format(time=clock_time(began.happened, with_seconds=True), key=key))
        return True

    def _show(self) -> None:
        self.place()
        self.strip.show()
        self.strip.raise_()
        self.strip.look()
        self._return()

    def _hide(self) -> None:
        self.strip.hide()
        self._window.line.setFocus()

    def place(self) -> None:
        """Stand exactly over what gives way: no more than is needed for every step in the program's own type."""
        shown = [one.geometry() for one in self._places if not one.isHidden()]
        rooms = [reduce(QRect.united, shown[:count]) for count in range(1, len(shown) + 1)]
        self.strip.setGeometry(max(rooms, key=lambda room: min(1.0, self.strip.plan(room.size()).factor)))

    def look(self) -> None:
        """Count on."""
        if not self.strip.isHidden():
            self.strip.look()

    # ------------------------------------------------------------------------------------------------ keys

    @Slot()
    def _leave(self) -> None:
        """Go to the line; what has ended needs no place any more."""
        if self._stamps.running() is None:
            self._hide()
        else:
            self._window.line.setFocus()
            self._window.say(self.tr("{} goes back to the steps of the emergency.").format(sequence_of("emergency")))

    @Slot(str)
    def _type(self, text: str) -> None:
        """Let a digit begin a reading in the line; Enter brings back to the steps."""
        self._returns = True
        self._window.line.setFocus()
        self._window.line.insertPlainText(text)

    @Slot(str)
    def _press(self, name: str) -> None:
        try:
            self._do(name)
        except KapnotesError as error:
            self._window.say(error_line(error), is_mark=True)
        self.strip.look()

    def _do(self, name: str) -> None:
        if name == "take_back":
            self._take_back()
        elif self._stamps.running() is None:
            words = self.tr("This emergency has ended. Esc, then {}: another one begins.")
            self._window.say(words.format(sequence_of("emergency")))
        elif name in _STARTS:
            self._go_on_with(_STARTS[name])
        elif name == EmergencyAct.ENDED:
            self._end()
        else:
            self._stamp(EmergencyAct(name))

    def _stamp(self, act: EmergencyAct) -> None:
        step = self._stamps.stamp(act)
        if step is None:
            self._window.say(self.tr("Pressed twice, stamped once."))
            return
        self._window.say(stop_words(self._window.live.record, step) or words_of_step(step))
        if act is EmergencyAct.OXYGEN_ON and not self._window.line.text():
            self._go_on_with(FLOW)
            words = self.tr("{step}. Its flow in L/min, Enter; or {key}: back to the steps.")
            self._window.say(words.format(step=words_of_step(step), key=sequence_of("emergency")))

    def _end(self) -> None:
        key = EMERGENCY_KEYS[EmergencyAct.ENDED]
        if not self._stamps.end():
            self._window.say(self.tr("{} once more: the emergency has ended.").format(key), lasts=True)
            return
        words = self.tr("The emergency has ended. {key} takes that back, Esc leaves.")
        self._window.say(words.format(key=EMERGENCY_KEYS["take_back"]))

    def _take_back(self) -> None:
        step = self._stamps.take_back()
        if step is None:
            self._window.say(self.tr("There is no step of yours to take back."))
            return
        self._window.say(self.tr("Taken back, and kept as a correction: {}").format(words_of_step(step)))
        if act_of(step) is EmergencyAct.BEGAN and self._stamps.running() is None:
            self._hide()

    # ------------------------------------------------------------------------------------------------ line

    def _go_on_with(self, start: str) -> None:
        """Begin a line with *start*; what is half-typed waits until that line is done."""
        self._returns = True
        line = self._window.line
        line.setFocus()
        if line.text() in _OWN_WORDS:
            line.replace_all(start)
        elif not line.text().startswith(start):
            self._window.begin_line(start)

    def entered(self) -> None:
        """Go back to the steps after a line that was begun from them."""
        if self._returns and not self.strip.isHidden():
            self._return()

    def _return(self) -> None:
        self._returns = False
        if self._window.line.text() in _OWN_WORDS:
            self._window.line.replace_all("")
        self._window.take_up_line()
        self.strip.setFocus()
