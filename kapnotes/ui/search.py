"""Search in the own notes of all sessions: lines come as they are found, the newest session first."""

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QRect, QSettings, Qt, QTimer, Signal, Slot
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import (
    QListWidgetItem,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QVBoxLayout,
    QWidget,
)

from kapnotes.app.live_session import LiveSession
from kapnotes.app.note_search import Hit, Looked, NoteSearch
from kapnotes.app.seat import Seat
from kapnotes.domain.searching import read_question
from kapnotes.domain.words import counted
from kapnotes.ui.cards import CARD, CardList
from kapnotes.ui.fields import NightLine
from kapnotes.ui.frame import Frame
from kapnotes.ui.keys import Where
from kapnotes.ui.labels import MARK_SIGN, ScaledLabel
from kapnotes.ui.palette import dim_of
from kapnotes.ui.times import clock_time, minutes_since_dose
from kapnotes.ui.wording import error_line, unread_words

REST_MS = 250
"""The search begins when nothing was typed for so long."""

MARGIN_PX = 6

HEAD = "K-0000 · 00   0000-00-00   T+000   "
"""What usually stands before the words: so much room it has at least, so that the words begin below each other."""

SHOWN = 2_000
"""So many lines are listed; who finds more types a further word."""


class SearchWindow(Frame):
    """One line for the words, one list; what was found goes with the window, and nothing is kept."""

    session_entered = Signal(object, object)
    left = Signal(object)

    def __init__(self, seat: Seat, asked_by: Frame, settings: QSettings) -> None:
        super().__init__(Where.SEARCH, "search", settings)
        self.seat = seat
        self.asked_by = asked_by
        self._search = NoteSearch(seat)
        self._found = 0
        body = QWidget()
        column = QVBoxLayout(body)
        column.setContentsMargins(0, 0, 0, 0)
        self.words = NightLine(self.tr("Words to search in your notes"))
        self.words.setPlaceholderText(self.tr('words that a note must hold; a phrase in "quotes"'))
        self.words.textChanged.connect(self._wait)
        self.words.returnPressed.connect(self._go_to_list)
        column.addWidget(self.words)
        self.list = CardList()
        self.list.setAccessibleName(self.tr("Notes that were found, the newest session first"))
        self.list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.list.setUniformItemSizes(True)
        self.list.chosen.connect(self._open)
        self._delegate = HitDelegate()
        self.list.setItemDelegate(self._delegate)
        column.addWidget(self.list, 1)
        self.progress = ScaledLabel(0.9, is_dim=True)
        self.progress.keep_room_for("0")
        self.progress.setAccessibleName(self.tr("How far the search is"))
        column.addWidget(self.progress)
        self.set_body(body)
        self.set_title(self.tr("KAPnotes · notes searched by {}").format(seat.member.label))
        self.bind("search_words", self._focus_words)
        self.bind("search_leave", self._leave)
        self._rest = QTimer(self)
        self._rest.setSingleShot(True)
        self._rest.setInterval(REST_MS)
        self._rest.timeout.connect(self._begin)
        self.words.setFocus()

    def rows(self) -> tuple[str, ...]:
        """Return what is shown, from the top."""
        return tuple(self.list.item(row).text() for row in range(self.list.count()))

    # -------------------------------------------------------------------------------------------- searching

    @Slot()
    def _wait(self) -> None:
        """The words changed: what was found for the old ones goes, and what goes on stops."""
        self._forget()
        self.say("")
        self._rest.start()

    def _forget(self) -> None:
        self._rest.stop()
        self._search.stop()
        self._found = 0
        self.list.clear()
        self.progress.setText("")

    @Slot()
    def _begin(self) -> None:
        question = read_question(self.words.text())
        if question.parts:
            self.progress.setText(self.tr("searching…"))
            self._search.begin(question, self.if_open(self._take), self.if_open(self._failed))

    def _take(self, looked: Looked) -> None:
        for hit in looked.hits[: max(0, SHOWN - self._found)]:
            item = QListWidgetItem(_head_of(hit) + hit.excerpt.line, self.list)
            item.setData(CARD, hit)
        self._found += len(looked.hits)
        if self.list.currentRow() < 0 and self.list.count():
            self.list.setCurrentRow(0)
        self.progress.setText(self._progress_words(looked))

    def _progress_words(self, looked: Looked) -> str:
        lines = counted(self._found, self.tr("{count} line"), self.tr("{count} lines"))
        sessions = counted(looked.all, self.tr("{count} session"), self.tr("{count} sessions"))
        if looked.is_done:
            far = self.tr("{lines} in {sessions}").format(lines=lines, sessions=sessions)
        else:
            far = self.tr("{read} of {sessions} · {lines}").format(read=looked.read, sessions=sessions, lines=lines)
        more = self.tr("only the first {} are listed; a further word finds less").format(SHOWN)
        unread = f"{MARK_SIGN} {unread_words(looked.unread)}" if looked.unread else ""
        parts = (far, more if self._found > SHOWN else "", unread)
        return " · ".join(part for part in parts if part)

    def _failed(self, error: Exception) -> None:
        self.progress.setText("")
        self.say(error_line(error), is_mark=True)

    # ------------------------------------------------------------------------------------------------- keys

    @Slot()
    def _go_to_list(self) -> None:
        if self.list.count():
            self.list.setFocus()
        elif self._rest.isActive():
            self._rest.stop()
            self._begin()

    @Slot()
    def _focus_words(self) -> None:
        self.words.setFocus()
        self.words.selectAll()

    @Slot()
    def _leave(self) -> None:
        self.left.emit(self)

    @Slot(object)
    def _open(self, hit: Hit) -> None:
        self.say("")
        self.seat.open_session(hit.card, self.if_open(self._entered), self.if_open(self._failed))

    def _entered(self, live: LiveSession) -> None:
        self.session_entered.emit(self.seat, live)

    def detach(self) -> None:
        """Search no further, and let go what was found and what was looked for."""
        self._forget()
        self.words.clear()
        self._rest.stop()


def _head_of(hit: Hit) -> str:
    """Return whose session a note is of, and when it was, as it stands before its words."""
    opened = hit.card.opened
    day = f"{hit.card.opened_at.local():%Y-%m-%d}"
    when = minutes_since_dose(hit.elapsed_s) or clock_time(hit.happened)
    return f"{opened.patient_code} · {opened.number}   {day}   {when}   "


class HitDelegate(QStyledItemDelegate):
    """Paints a line dimly and what was found in it in full light, so that a full list stays dark."""

    def paint(
        self, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> None:
        """Paint one line, as far as there is room."""
        hit = index.data(CARD)
        if not isinstance(hit, Hit):
            return
        if option.state & QStyle.StateFlag.State_Selected:
            painter.fillRect(option.rect, option.palette.highlight())
        painter.setFont(option.font)
        found = hit.excerpt
        room = QRect(option.rect).adjusted(MARGIN_PX, 0, -MARGIN_PX, 0)
        dim, full = dim_of(option.palette), option.palette.text().color()
        for text, colour, least in (
            (_head_of(hit), dim, HEAD),
            (found.line[: found.start], dim, ""),
            (found.line[found.start : found.stop], full, ""),
            (found.line[found.stop :], dim, ""),
        ):
            painter.setPen(colour)
            shown = option.fontMetrics.elidedText(text, Qt.TextElideMode.ElideRight, room.width())
            painter.drawText(room, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft, shown)
            room.setLeft(room.left() + max(map(option.fontMetrics.horizontalAdvance, (text, least))))
            if room.width() <= 0:
                break
