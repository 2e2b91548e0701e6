"""PHQ-9 and GAD-7 as the patient answered them: the items in words, one digit for each, Enter keeps them."""

from PySide6.QtCore import QCoreApplication, QEvent, QSettings, Qt, Slot
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QListWidget, QListWidgetItem, QVBoxLayout, QWidget

from kapnotes.app.live_session import LiveSession
from kapnotes.app.responses import Responses
from kapnotes.app.seat import Seat
from kapnotes.app.typed_fields import RESPONSE
from kapnotes.domain.entries import Entry
from kapnotes.domain.errors import KapnotesError, Misread
from kapnotes.domain.response_scale import ITEMS, PHQ9, ResponseScale, answers_line, read_answers, typed_so_far
from kapnotes.domain.response_words import (
    answer_words,
    difficulty_text,
    difficulty_words,
    item_texts,
    response_in_words,
    response_title,
    result_words,
    self_harm_words,
    stem,
    unanswered_words,
)
from kapnotes.domain.typed_day import HOW, read_day_time
from kapnotes.ui.days import day_and_time
from kapnotes.ui.kept_form import KeptForm
from kapnotes.ui.keys import Where, sequence_of
from kapnotes.ui.labels import MARK_SIGN, ScaledLabel

NO_BREAK = "\N{NO-BREAK SPACE}"


class ItemList(QListWidget):
    """The items of a scale with their answers; it follows the line of digits and takes no key itself."""

    def __init__(self) -> None:
        super().__init__()
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setWordWrap(True)
        self.setAccessibleName(self.tr("Items"))
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setResizeMode(QListWidget.ResizeMode.Adjust)
        self.setTextElideMode(Qt.TextElideMode.ElideNone)
        self._fit()

    def show_items(self, rows: list[str], current: int) -> None:
        """Show *rows*, that at *current* as the next to be answered."""
        while self.count() > len(rows):
            self.takeItem(self.count() - 1)
        for place, text in enumerate(rows):
            if place >= self.count():
                self.addItem(QListWidgetItem(text))
            elif self.item(place).text() != text:
                self.item(place).setText(text)
        self.setCurrentRow(current if current < len(rows) else -1)

    def texts(self) -> list[str]:
        """Return what the rows say, from the top."""
        return [self.item(row).text() for row in range(self.count())]

    def changeEvent(self, event: QEvent) -> None:
        """Follow the program's type size."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.FontChange:
            self._fit()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Keep the next item in sight."""
        super().resizeEvent(event)
        if self.currentItem() is not None:
            self.scrollToItem(self.currentItem())

    def _fit(self) -> None:
        self.setMinimumHeight(4 * (self.fontMetrics().lineSpacing() + 8) + 6)


class ResponsesWindow(KeptForm):
    """The scales of one session, at its beginning or days after it."""

    field = RESPONSE

    def __init__(self, seat: Seat, live: LiveSession, settings: QSettings) -> None:
        super().__init__(Where.RESPONSES, "responses", seat, live, settings)
        self._responses = Responses(live)
        self._confirmed = ""
        translate = QCoreApplication.translate
        self.item_nine = ScaledLabel()
        self.item_nine.set_mark(is_mark=True)
        self.item_nine.setWordWrap(True)
        self.item_nine.setAccessibleName(self.tr("Item 9 of PHQ-9"))
        self.items = ItemList()
        self.result = ScaledLabel()
        self.result.setWordWrap(True)
        self.result.setAccessibleName(self.tr("What is typed so far"))
        self.result.keep_room_for("")
        body = QWidget()
        column = QVBoxLayout(body)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.item_nine)
        column.addWidget(self.items, 1)
        self.scale = self.add_choice(
            "scale", self.tr("&Scale"), [(name, response_title(name, translate)) for name in ITEMS]
        )
        self.add_row(self.tr("&Scale ({})").format(sequence_of("responses_turn")), self.scale)
        self.answers = self.add_line(
            "answers", self.tr("&Answers"), self.tr("a digit for each item, 0 to 3; - for none; Enter keeps them")
        )
        self.answers.entered.disconnect(self._go_on)
        self.answers.entered.connect(self._enter)
        self.grid.addWidget(self.result, self.grid.rowCount(), 1)
        self.when = self.add_line("when", self.tr("W&hen answered"), self.tr("now; or as in {}").format(HOW))
        self.add_reason()
        self.list.setAccessibleName(self.tr("Answers kept; Enter corrects them, Del takes them back"))
        self.list_head.setText(self.tr("Kept: Enter corrects, Del takes back"))
        self.list.set_empty(self.tr("Nothing is kept with this session yet."))
        opened = live.record.opened
        code, number = (opened.patient_code, opened.number) if opened is not None else ("", 0)
        self.head.setText(self.tr("PHQ-9 and GAD-7 of {code} · session {number}").format(code=code, number=number))
        self.about.setText(stem(translate))
        self.set_title(
            self.tr("KAPnotes · PHQ-9 and GAD-7 of {code} · session {number} by {who}").format(
                code=code, number=number, who=seat.member.label
            )
        )
        self.build(body)
        self.bind("responses_keep", self.keep)
        self.bind("responses_turn", self._turn)
        self.begin()

    # ------------------------------------------------------------------------------- what this form says

    def first(self) -> QWidget:
        """Return the line of digits."""
        return self.answers

    def at_first(self) -> dict[str, str]:
        """Return the scale that is asked next: the one that was not kept yet."""
        kept = {scale.name for _, scale in self._responses.kept()}
        return {"scale": next((name for name in ITEMS if name not in kept), PHQ9)}

    def is_half_typed(self) -> bool:
        """Tell whether answers or their time are typed; a scale that is only chosen says nothing yet."""
        is_blank = not self.answers.text().strip() and not self.when.text().strip()
        return super().is_half_typed() and not (is_blank and self._corrected is None)

    def values_of(self, entry: Entry) -> dict[str, str]:
        """Return what the fields hold to say what *entry* says."""
        said = entry.body
        if not isinstance(said, ResponseScale):
            return {}
        when = f"{entry.happened.local():%Y-%m-%d %H:%M}"
        return {"scale": said.name, "answers": answers_line(said), "when": when}

    @property
    def name(self) -> str:
        """Return the name of the scale that is chosen."""
        return str(self.scale.currentData())

    @Slot(str)
    def _enter(self, _: str) -> None:
        self.keep()

    def make(self, corrected: Entry | None, reason: str, typed: str) -> Entry:
        """Keep the answers; ones with an item left out are kept by a second Enter, because there is no total."""
        try:
            scale = read_answers(self.name, self.answers.text())
        except Misread as misread:
            self.answers.setFocus()
            self.answers.setCursorPosition(misread.column)
            raise
        left_out = unanswered_words(scale, QCoreApplication.translate)
        if left_out and self._confirmed != typed:
            self._confirmed = typed
            raise KapnotesError("{what}. Enter once more keeps it so.", what=left_out)
        if corrected is not None:
            return self._responses.correct(corrected, scale, reason, typed)
        return self._responses.keep(scale, read_day_time(self.when.text(), self.live.now()), typed)

    def take_back(self, entry: Entry) -> Entry:
        """Take *entry* back."""
        return self._responses.take_back(entry)

    def show_kept(self) -> list[tuple[Entry, str]]:
        """Return what stands, the newest first."""
        translate = QCoreApplication.translate
        return [
            (entry, f"{day_and_time(entry.happened)}   {response_in_words(scale, translate)}")
            for entry, scale in reversed(self._responses.kept())
        ]

    def button_words(self, *, is_correcting: bool) -> str:
        """Return what the button says."""
        words = self.tr("Correct them ({})") if is_correcting else self.tr("Keep the answers ({})")
        return words.format(sequence_of("responses_keep"))

    def correcting_words(self, entry: Entry) -> str:
        """Return which answers are corrected."""
        words = self.tr("Corrects the answers of {}, which stay legible; Esc leaves them as they are.")
        return words.format(day_and_time(entry.happened))

    def kept_words(self, *, is_saved: bool) -> str:
        """Return that the answers are kept, or are being kept."""
        return self.tr("Kept and saved, for everybody in the practice.") if is_saved else self.tr("Kept; saving …")

    def gone_words(self) -> str:
        """Return that answers were taken back."""
        return self.tr("Taken back; the answers stay legible in the record.")

    def show_fields(self) -> None:
        """Show every item with its answer so far, and what they come to."""
        translate = QCoreApplication.translate
        said, far = answer_words(translate), typed_so_far(self.name, self.answers.text())
        rows = [
            self._row(place, text, far[place] if place < len(far) else "", said)
            for place, text in enumerate(item_texts(self.name, translate))
        ]
        rows.append(self._row(len(rows), difficulty_text(translate), far[len(rows)] if len(far) > len(rows) else "",
                              difficulty_words(translate)))  # fmt: skip
        self.items.show_items(rows, len(far))
        self.result.setText(self._result_words(len(far)))

    def _row(self, place: int, text: str, answer: str, said: tuple[str, ...]) -> str:
        number = self.tr("{}.").format(place + 1) if place < ITEMS[self.name] else self.tr("then")
        if not answer:
            return f"{number}  {text}"
        words = said[int(answer)] if answer.isdigit() else self.tr("left out")
        given = self.tr("{answer}: {words}").format(answer=answer, words=words).replace(" ", NO_BREAK)
        return f"{number}  {text}   {given}"

    def _result_words(self, count: int) -> str:
        translate = QCoreApplication.translate
        wanted = ITEMS[self.name]
        if count < wanted:
            return self.tr("{title}: {count} of {wanted}").format(
                title=response_title(self.name, translate), count=count, wanted=wanted
            )
        try:
            scale = read_answers(self.name, self.answers.text())
        except Misread:
            return ""
        parts = (
            f"{response_title(self.name, translate)} {result_words(scale, translate)}",
            self_harm_words(scale, translate),
        )
        return " · ".join(part for part in parts if part)

    @Slot()
    def _turn(self) -> None:
        self.scale.setCurrentIndex((self.scale.currentIndex() + 1) % self.scale.count())
        self.answers.setFocus()

    def _look(self) -> None:
        super()._look()
        newest = next(((entry, one) for entry, one in reversed(self._responses.kept()) if one.name == PHQ9), None)
        words = self_harm_words(newest[1], QCoreApplication.translate) if newest is not None else ""
        if newest is not None and words:
            words = self.tr("PHQ-9 of {when}: {words}").format(when=day_and_time(newest[0].happened), words=words)
        self.item_nine.setText(f"{MARK_SIGN} {words}" if words else "")
        self.item_nine.setVisible(bool(words))
