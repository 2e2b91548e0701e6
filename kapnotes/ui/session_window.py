"""What the pad and the log have in common: one session, its clocks, its line, its stages, and whether all is saved."""

from collections.abc import Callable, Iterator

from PySide6.QtCore import QEvent, QSettings, QTimer, Signal, Slot
from PySide6.QtGui import QShowEvent, QTextCursor
from PySide6.QtWidgets import QHBoxLayout, QStackedWidget, QVBoxLayout, QWidget

from kapnotes.app.half_typed import HalfTyped
from kapnotes.app.live_session import LiveSession
from kapnotes.app.seat import Seat
from kapnotes.app.silent_signals import SilentSignals
from kapnotes.domain.amending import HOW
from kapnotes.domain.clock import Stamp, seconds_between
from kapnotes.domain.custody import SignOff
from kapnotes.domain.entries import Entry, Staffing, Vitals
from kapnotes.domain.errors import KapnotesError, SavedElsewhere
from kapnotes.domain.silent_signals import MEANINGS
from kapnotes.domain.words import counted
from kapnotes.ui.bridge import Ticker
from kapnotes.ui.frame import Frame
from kapnotes.ui.keys import Where
from kapnotes.ui.labels import ClockLabel, ElidedLabel, ScaledLabel
from kapnotes.ui.line import Line
from kapnotes.ui.press import Press
from kapnotes.ui.session_words import route_word, stage_word
from kapnotes.ui.signal_line import SignalLine
from kapnotes.ui.stages import StageKey
from kapnotes.ui.strip import Strip
from kapnotes.ui.times import clock_time, since_dose
from kapnotes.ui.wording import error_line, unsaved_words

SLOW_SAVE_S = 1.0
"""After this long without COMMIT the strip says that saving still goes on."""

LOOK_EVERY_S = 5.0
"""So often a tick looks at all that follows from the record and the time; in between it counts on what shows seconds.

A dose that runs or minutes that are left are no other within that time, and each tick costs what it looks at.
"""

SAVING = 3
"""The place of the strip that says whether all is saved, in both windows."""

LOWEST_PX = 240
"""How low the pages get at least: what is hidden in a small window keeps none from being as small as 640 by 400."""

NARROWEST_PX = 600
"""The same for their width: a clock that gets smaller with the window must not keep it from getting smaller."""

LINES_LOW = 18
"""A window that holds fewer lines of its own type has one row for head and signal: what is noted has the rest."""

UNSEEN_S = 1.0
"""A line that came back takes no Enter for so long, while nobody has changed it: the key was pressed for what stood
there before, as the second one of an impatient hand at home, and nothing is entered that nobody has seen."""

NEWS_MS = 30_000
"""After so long plain news have been read, and go."""

KEYPAD_SEEN = "Ctrl+Enter"
"""The number pad's Enter, which is another key than Return, does as `seen` does."""


TIMER = 4
"""The place of the strip for the timer of the route, where the protocol has one, in both windows."""


OF_THE_ROWS = (
    "pad_up", "pad_down", "pad_now", "row_up", "row_down", "correct", "retract", "only", "want", "log_up", "log_down",
    "cursor_back", "cursor_on", "cursor_first", "cursor_newest", "chart_hour",
)  # fmt: skip
"""Keys that do something to rows or to the line; behind a page nobody would see what."""


class SessionWindow(Frame):
    """One session as one seat holds it. Who derives from it says in `build` how it is put together."""

    summary_asked = Signal(object)
    responses_asked = Signal(object)
    page_left = Signal()
    line: Line

    def __init__(self, where: Where, kind: str, seat: Seat, live: LiveSession, settings: QSettings) -> None:
        super().__init__(where, kind, settings)
        self.is_listening = False
        """Whether it hears the session's news, and has something to leave behind when it closes."""
        self.seat = seat
        self.live = live
        self._stage_key = StageKey(live)
        self.news_rest = QTimer(self)
        self.news_rest.setSingleShot(True)
        self.news_rest.setInterval(NEWS_MS)
        self.news_rest.timeout.connect(self.let_news_go)
        self._pages = QStackedWidget()
        self._pages.setMinimumSize(NARROWEST_PX, LOWEST_PX)
        self._pages.currentChanged.connect(self._page_changed)
        self.signal_line = SignalLine(SilentSignals(live), live.record)
        for meaning in MEANINGS:
            self.bind(meaning, Press(self, self.send_signal, meaning).press)
        self.bind("seen", self._see)
        self.bind_sequence("seen by the number pad", KEYPAD_SEEN, self._see)
        self.who = ScaledLabel(1.0)
        self.who.setWordWrap(True)
        self.strip = Strip()
        self.is_low = False
        """Whether head and signal share a row, because the window holds few lines."""
        self._came_back: tuple[str, Stamp] | None = None
        """The text that came back into the line, and when."""
        self._looked: tuple[object, ...] = ()
        """What stood when it was looked at all last."""
        self._looked_at = live.now()

    def build(self) -> Iterator[None]:
        """Put the window together before it is shown, in steps: between two of them the other windows take keys.

        Until `listen` is called in one of them, it hears nothing and can be dropped as it is.
        """
        raise NotImplementedError

    def say(self, text: str, *, is_mark: bool = False, lasts: bool = False) -> None:
        """Show one calm line of news. Plain news go after a while; bad ones stay, and what *lasts*, as a question."""
        super().say(text, is_mark=is_mark)
        if text and not is_mark and not lasts:
            self.news_rest.start()
        else:
            self.news_rest.stop()

    def set_body(self, widget: QWidget) -> None:
        """Put *widget* between bar and news."""
        super().set_body(self.signal_line)
        self._pages.insertWidget(0, widget)
        self._pages.setCurrentIndex(0)
        super().set_body(self._pages)

    def add_page(self, page: QWidget) -> None:
        """Let *page* be one that can be shown in place of the body."""
        self._pages.addWidget(page)

    def show_page(self, page: QWidget) -> None:
        """Show *page* in place of the body; the half-typed line stays as it is."""
        self._pages.setCurrentWidget(page)

    @property
    def is_on_line(self) -> bool:
        """Tell whether the line is shown, and no page in its place."""
        return self._pages.currentIndex() == 0

    @Slot()
    def leave_page(self) -> None:
        """Show the body again and give the line the focus."""
        self._pages.setCurrentIndex(0)
        self.say("")
        self.line.setFocus()

    @Slot()
    def _page_changed(self) -> None:
        for name in OF_THE_ROWS:
            if name in self._shortcuts:
                self._shortcuts[name].setEnabled(self._pages.currentIndex() == 0)
        self.page_left.emit()

    def head(self, clock_factor: float, *below: QWidget) -> QHBoxLayout:
        """Return the row with who, time since the first dose, and time of day; *below* stands under who, in the row."""
        self.elapsed = ClockLabel("T+00:00:00", clock_factor, is_bold=True)
        self.elapsed.setAccessibleName(self.tr("Time since the first dose"))
        self.wall = ClockLabel("00:00", clock_factor)
        self.wall.setAccessibleName(self.tr("Time of day"))
        self.brief = ElidedLabel()
        self.brief.setAccessibleName(self.tr("Silent signal that waits here, or whose session it is"))
        self.brief.hide()
        head, left = QHBoxLayout(), QVBoxLayout()
        left.setSpacing(0)
        for widget in (self.who, self.brief, *below):
            left.addWidget(widget)
        head.addLayout(left, 1)
        head.addWidget(self.elapsed)
        head.addSpacing(28)
        head.addWidget(self.wall)
        return head

    def changeEvent(self, event: QEvent) -> None:
        """Share the room anew where the program's type was made larger or smaller."""
        super().changeEvent(event)
        if event.type() in {QEvent.Type.ApplicationFontChange, QEvent.Type.FontChange} and hasattr(self, "elapsed"):
            self.share_room()

    def share_room(self) -> None:
        """Give the room to what matters most where there is little; each window says what gives way."""

    def keep_low(self, clock_factor: float) -> bool:
        """Let head and signal share a row where the window holds few lines; tells whether it is so.

        The clocks are *clock_factor* times the program's type, or no larger than it.
        """
        is_low = self.lines_held() < LINES_LOW
        for clock in (self.elapsed, self.wall):
            clock.set_factor(1.0 if is_low else clock_factor)
        if is_low is not self.is_low:
            self.is_low = is_low
            for roomy in (self.signal_line, self.who):
                roomy.setVisible(not is_low)
            self.brief.setVisible(is_low)
        return is_low

    def close_line_if_read_only(self, line: Line) -> None:
        """Take no key where nothing can be noted, so that no word is typed in vain; all other keys work."""
        if self.live.is_read_only:
            line.setReadOnly(True)
            line.setPlaceholderText(self.tr("read only: nothing can be noted here"))

    def listen(self, ticker: Ticker) -> None:
        """Hear the session's news from now on, and look again with every tick."""
        self.is_listening = True
        self.live.entry_added.add(self.show_entry)
        self.live.entries_added.add(self.show_entries)
        self.live.saved.add(self.show_saved)
        self.live.saving.failed.add(self._show_save_failed)
        self._ticker = ticker
        ticker.add(self.tick)
        self._say_unread()

    def _say_unread(self) -> None:
        if self.live.unread:
            count = len(self.live.unread)
            further = self.tr("({} more)").format(count - 1) if count > 1 else ""
            words = self.tr("Not all of this session could be read: {line} {further}")
            self.say(words.format(line=self.live.unread[0], further=further).strip(), is_mark=True)

    def keep_line(self, field: str, line: Line, read: Callable[[], tuple[str, str]]) -> None:
        """Let what stands in *line* be kept as a draft soon after every key; *read* gives its text and code."""
        self._field = field
        self._line = line
        self.live.typing.read_from(field, read)
        self.live.typing.keep_failed.add(self._show_keep_failed)
        line.painted.connect(self._line_painted)

    def _key_comes(self) -> None:
        """Tell first what the letter before the key changed: told later it would take away what the key says."""
        self._line.catch_up()

    def turn_line(self, field: str) -> None:
        """Let the line be of *field* from now on; what is half-typed in it waits for its return."""
        self.live.typing.turn(self._field, field)
        self._field = field

    def begin_line(self, start: str) -> None:
        """Begin another line with *start*; what is half-typed waits, and comes back behind it."""
        self.live.typing.set_aside(self._field)
        self._line.clear()
        self._line.setPlainText(start)
        self._line.moveCursor(QTextCursor.MoveOperation.End)

    def take_up_line(self) -> None:
        """Let the line be one of the window again, with what was half-typed in it."""
        self.bring_back()

    @Slot()
    def _line_painted(self) -> None:
        self.live.typing.between_keys()

    def bring_back(self) -> HalfTyped | None:
        """Put a half-typed line that waits back where it was typed, and say so; nothing but Enter enters it."""
        line = None if self._line.text() else self.live.typing.bring_back(self._field)
        if line is not None:
            self._line.setPlainText(line.text)
            self._line.moveCursor(QTextCursor.MoveOperation.End)
            self.came_back()
            if not self.live.unread:
                words = self.tr("The half-typed line of {} is back: Enter keeps it, Esc twice clears it.")
                self.say(words.format(clock_time(line.began, with_seconds=True)))
        return line

    def came_back(self) -> None:
        """Note that what stands in the line came back just now, and that nobody has seen it yet."""
        self._came_back = self._line.text(), self.live.now()

    def showEvent(self, event: QShowEvent) -> None:
        """Count from here how long a line that came back has been in sight."""
        super().showEvent(event)
        if self._came_back is not None:
            self._came_back = self._came_back[0], self.live.now()

    def is_unseen(self, text: str) -> bool:
        """Tell whether *text* came back so short a time ago that nobody has seen it; then it says what enters it."""
        if self._came_back is None:
            return False
        back, at = self._came_back
        if text != back or seconds_between(at, self.live.now()) >= UNSEEN_S:
            self._came_back = None
            return False
        self.say(self.tr("The half-typed line came back just now and was not entered: Enter once more keeps it."))
        return True

    def _show_keep_failed(self, error: Exception) -> None:
        self.say(self.tr("What is half-typed is not on the disk: {} It is tried again.").format(error_line(error)))

    def why_stay(self) -> str:
        """Return that entries are not saved, unless the seat is being locked: it keeps its keys until they are."""
        return "" if self.seat.is_locked else unsaved_words(self.live.saving.at_risk_count)

    def detach(self) -> None:
        """Leave what is half-typed to the draft, and hear no more news."""
        self.live.typing.let_go(self._field)
        self.live.typing.keep_failed.remove(self._show_keep_failed)
        self._ticker.remove(self.tick)
        self.live.entry_added.remove(self.show_entry)
        self.live.entries_added.remove(self.show_entries)
        self.live.saved.remove(self.show_saved)
        self.live.saving.failed.remove(self._show_save_failed)

    # -------------------------------------------------------------------------------------------- news

    def show_entry(self, entry: Entry) -> None:
        """Show what was noted, here or in the other seat."""
        is_own = entry.author_id == self.live.member.member_id
        if isinstance(entry.body, SignOff) and not is_own:
            self.say(self.tr("{name} signed at {time}.").format(name=entry.body.name, time=clock_time(entry.entered)))
        self._look_soon()

    def show_entries(self, entries: tuple[Entry, ...]) -> None:
        """Show what was noted at once, as from a monitor; sets of vitals alone change only what `look` shows."""
        for entry in entries:
            if not isinstance(entry.body, Vitals):
                self.show_entry(entry)
        self._look_soon()

    def _look_soon(self) -> None:
        """Look again in a turn of its own: what was noted stands in its row already, and the next key may be there."""
        self._ticker.turns.ask(self.look)

    def catch_up(self) -> None:
        """Show now what waits for a turn of its own."""
        self._ticker.turns.catch_up()

    def show_saved(self, entry: Entry) -> None:
        """Show that *entry* is on the disk; told only after COMMIT returned."""
        del entry
        if not self.live.saving.untold:
            self._look_saving()

    def _show_save_failed(self, error: Exception) -> None:
        if not isinstance(error, SavedElsewhere):  # that stands in the bar as long as it holds
            self.say(self.tr("Not saved yet: {} It is kept and tried again.").format(error_line(error)), is_mark=True)
        self._look_saving()

    # ------------------------------------------------------------------------------------------- looking

    @Slot()
    def tick(self) -> None:
        """Count on; and look at all where anything else is new, or some seconds after the last time."""
        now = self.live.now()
        passed_s = seconds_between(self._looked_at, now)
        if 0.0 <= passed_s < LOOK_EVERY_S and self._looked == self._standing():
            self.count_on(now)
        else:
            self.look()

    def _standing(self) -> tuple[object, ...]:
        """Return what makes a tick look at all at once."""
        live = self.live
        return len(live.record.entries), len(live.unread), live.signing.is_under_way, live.is_read_only

    def count_on(self, now: Stamp) -> None:
        """Show what changes with every second, and the saving, as they are *now*."""
        self.elapsed.setText(since_dose(self.live.elapsed_s()))
        self.wall.setText(clock_time(now))
        self._look_saving()

    @Slot()
    def look(self) -> None:
        """Show the clocks, the stage and the saving as they are now."""
        self._looked, self._looked_at = self._standing(), self.live.now()
        self.count_on(self._looked_at)
        who = self._who_words()
        self.who.setText(who)
        if self.live.signing.signed() is not None:
            self.line.setPlaceholderText(HOW)
        self.signal_line.look()
        signal = self.signal_in_sight()
        self.brief.setText(signal or who)
        self.show_in_the_dark(signal)

    def times_in_sight(self) -> tuple[str, ...]:
        """Return the time since the first dose."""
        return (since_dose(self.live.elapsed_s()),)

    def signal_in_sight(self) -> str:
        """Return the silent signal that waits here."""
        return self.signal_line.in_the_dark()

    def _who_words(self) -> str:
        opened = self.live.record.opened
        if opened is None:
            return ""
        words = self.tr("{code} · session {number} · {route} · {stage}").format(
            code=opened.patient_code,
            number=opened.number,
            route=route_word(opened.route),
            stage=stage_word(self.live.record.stage),
        )
        is_alone = opened.staffing is Staffing.THERAPIST_ALONE
        one, many = self.tr("! {count} entry not read"), self.tr("! {count} entries not read")
        unread = counted(len(self.live.unread), one, many) if self.live.unread else ""
        alone = self.tr("readings by the patient") if is_alone else ""
        return " · ".join(part for part in (words, alone, self._signed_words(), unread) if part)

    def _signed_words(self) -> str:
        signed = self.live.signing.signed()
        if signed is not None:
            return self.tr("signed {}").format(clock_time(signed.entered))
        return self.tr("not signed yet: saving") if self.live.signing.is_under_way else ""

    def _look_saving(self) -> None:
        unsaved = self.live.saving.unsaved
        is_slow = bool(unsaved) and seconds_between(unsaved[0].entered, self.live.now()) > SLOW_SAVE_S
        elsewhere = self.live.saving.elsewhere_count
        if self.live.saving.at_risk_count:
            self.strip.show_cell(SAVING, self.tr("NOT saved: {}").format(self.live.saving.at_risk_count), is_mark=True)
        elif elsewhere:
            self.strip.show_cell(SAVING, self.tr("in a second place: {}").format(elsewhere), is_mark=True)
        elif is_slow:
            self.strip.show_cell(SAVING, self.tr("still saving ({})").format(len(unsaved)))
        else:
            self.strip.show_cell(SAVING, "" if self.live.saving.untold else self.tr("saved"))

    # ---------------------------------------------------------------------------------------------- keys

    def send_signal(self, meaning: object) -> None:
        """Send a silent signal to the other clinician; the half-typed line stays as it is."""
        self._say_of_signal(self.signal_line.press(meaning))

    @Slot()
    def _see(self) -> None:
        self._say_of_signal(self.signal_line.see())

    def _say_of_signal(self, words: str) -> None:
        if words:
            self.say(words)

    @Slot()
    def next_stage(self) -> None:
        """Go on to the next stage, or say what comes first."""
        try:
            self.say(self._stage_key.press(), lasts=True)  # it may ask
        except KapnotesError as error:
            self.say(error_line(error), is_mark=True)

    @Slot()
    def ask_summary(self) -> None:
        """Ask for the summary of this session."""
        self.summary_asked.emit(self)

    @Slot()
    def ask_responses(self) -> None:
        """Ask for PHQ-9 and GAD-7 of this session."""
        self.responses_asked.emit(self)

    @Slot()
    def say_esc(self) -> None:
        """Say what a second Esc does."""
        self.say(self.tr("Esc once more clears the line."), lasts=True)

    @Slot()
    def say_cleared(self) -> None:
        """Say that the line is cleared and how it comes back."""
        self.say(self.tr("The line is cleared; Ctrl+Z brings it back."))
