"""The integration session, recorded: when and by whom, what of the three blocks was taken up, what to carry on."""

from PySide6.QtCore import QCoreApplication, QSettings
from PySide6.QtWidgets import QHBoxLayout, QWidget

from kapnotes.app.clinic_desk import ClinicDesk
from kapnotes.app.follow_ups import FollowUps
from kapnotes.app.live_session import LiveSession
from kapnotes.app.seat import Seat
from kapnotes.app.typed_fields import FOLLOW_UP
from kapnotes.domain.came_of_it import outcomes
from kapnotes.domain.clinic_book import ClinicBook
from kapnotes.domain.entries import Block, Entry
from kapnotes.domain.errors import KapnotesError
from kapnotes.domain.follow_up import BlockOutcome, Contact, FollowUp, TakenUp
from kapnotes.domain.follow_up_words import contact_word, follow_up_in_words, state_word, taken_up_word
from kapnotes.domain.integration_window import integration_window, is_followed_up
from kapnotes.domain.text import storable
from kapnotes.domain.typed_day import HOW, read_day_time
from kapnotes.ui.days import day_and_time
from kapnotes.ui.kept_form import KeptForm, dim_label
from kapnotes.ui.keys import Where, sequence_of

_TAKEN = (TakenUp.NOT_TOLD, TakenUp.YES, TakenUp.PARTLY, TakenUp.NO)


class FollowUpWindow(KeptForm):
    """The follow-ups of one session, as its therapist records them."""

    field = FOLLOW_UP

    def __init__(self, seat: Seat, live: LiveSession, settings: QSettings) -> None:
        super().__init__(Where.FOLLOW_UP, "follow-up", seat, live, settings)
        self._follow_ups = FollowUps(live)
        self._window_h: tuple[int, int] | None = None
        translate = QCoreApplication.translate
        titles = {
            Block.WORDS: self.tr("&Words for what had none"),
            Block.SHIFTS: self.tr("&Small shifts to try"),
            Block.ATTENTION: self.tr("Needs careful &attention"),
        }
        self.when = self.add_line("when", self.tr("W&hen"), self.tr("now; or as in {}").format(HOW))
        self.held_by = self.add_line("held by", self.tr("Held &by"), self.tr("name and credential"))
        self.contact = self.add_choice("how", self.tr("H&ow"), [(one, contact_word(one, translate)) for one in Contact])
        self.add_row(self.tr("H&ow"), self.contact)
        for block, title in titles.items():
            self._add_block(block, title)
        self.carry = self.add_line("carry on", self.tr("To &carry on"), self.tr("what to carry to the next session"))
        self.add_reason()
        self.list.setAccessibleName(self.tr("Follow-ups recorded; Enter corrects one, Del takes it back"))
        self.list_head.setText(self.tr("Recorded: Enter corrects one, Del takes it back"))
        self.list.set_empty(self.tr("Nothing is recorded yet."))
        opened = live.record.opened
        code, number = (opened.patient_code, opened.number) if opened is not None else ("", 0)
        self.head.setText(self.tr("Follow-up of {code} · session {number}").format(code=code, number=number))
        self.set_title(
            self.tr("KAPnotes · follow-up of {code} · session {number} by {who}").format(
                code=code, number=number, who=seat.member.label
            )
        )
        self.build()
        self.bind("follow_up_keep", self.keep)
        self._follow_ups.tell_untold()
        self.begin()
        ClinicDesk(seat).read(self.if_open(self._take_book), self.if_open(self._take_no_book))

    def _add_block(self, block: Block, title: str) -> None:
        translate = QCoreApplication.translate
        plain = title.replace("&", "")
        choices = [(one, taken_up_word(one, translate)) for one in _TAKEN]
        choice = self.add_choice(f"{block} taken up", self.tr("{}: taken up?").format(plain), choices)
        row = QWidget()
        line = self.make_line(str(block), self.tr("{}: what came of it").format(plain), self.tr("what came of it"))
        across = QHBoxLayout(row)
        across.setContentsMargins(0, 0, 0, 0)
        across.addWidget(choice)
        across.addWidget(line, 1)
        self.add_row(title, row, choice)
        said = self._follow_ups.written(block)
        words = self.tr("“{}”").format(said) if said else self.tr("nothing was written for the summary")
        self.grid.addWidget(dim_label(words), self.grid.rowCount(), 1)

    # ------------------------------------------------------------------------------- what this form says

    def first(self) -> QWidget:
        """Return the first of the blocks: who held it and that it is now stands there already."""
        return self._fields[f"{Block.WORDS} taken up"]

    def at_first(self) -> dict[str, str]:
        """Return what the fields hold before anything is typed."""
        return {"held by": self.live.member.label}

    def values_of(self, entry: Entry) -> dict[str, str]:
        """Return what the fields hold to say what *entry* says."""
        said = entry.body
        if not isinstance(said, FollowUp):
            return {}
        values = {"when": f"{entry.happened.local():%Y-%m-%d %H:%M}", "held by": said.held_by, "how": str(said.contact)}
        for block, outcome in outcomes(said).items():
            values |= {f"{block} taken up": str(outcome.taken_up), str(block): outcome.text}
        return values | {"carry on": said.carry}

    def _said(self) -> FollowUp:
        values = {name: storable(value.strip()) for name, value in self.values().items()}
        words, shifts, attention = (
            BlockOutcome(TakenUp(values[f"{block} taken up"]), values[str(block)]) for block in Block
        )
        told = any(one.text or one.taken_up is not TakenUp.NOT_TOLD for one in (words, shifts, attention))
        if not told and not values["carry on"]:
            raise KapnotesError("Say what of the three blocks was taken up, or what to carry on.")
        return FollowUp(values["held by"], Contact(values["how"]), words, shifts, attention, values["carry on"])

    def make(self, corrected: Entry | None, reason: str, typed: str) -> Entry:
        """Keep what the fields say, as a correction of *corrected* where there is one."""
        said = self._said()
        if corrected is not None:
            return self._follow_ups.correct(corrected, said, reason, typed)
        return self._follow_ups.record(said, read_day_time(self.when.text(), self.live.now()), typed)

    def take_back(self, entry: Entry) -> Entry:
        """Take *entry* back; the window is open again where there is no other follow-up."""
        return self._follow_ups.take_back(entry)

    def show_kept(self) -> list[tuple[Entry, str]]:
        """Return the follow-ups that stand, the newest first."""
        translate = QCoreApplication.translate
        return [
            (one.entry, f"{day_and_time(one.entry.happened)}   {follow_up_in_words(one.follow_up, translate)}")
            for one in reversed(self._follow_ups.recorded())
        ]

    def button_words(self, *, is_correcting: bool) -> str:
        """Return what the button says."""
        words = self.tr("Correct it ({})") if is_correcting else self.tr("Record the follow-up ({})")
        return words.format(sequence_of("follow_up_keep"))

    def correcting_words(self, entry: Entry) -> str:
        """Return which follow-up is corrected."""
        words = self.tr("Corrects the follow-up of {}, which stays legible; Esc leaves it as it is.")
        return words.format(day_and_time(entry.happened))

    def kept_words(self, *, is_saved: bool) -> str:
        """Return that the follow-up is kept, or is being kept."""
        if is_saved:
            return self.tr("Recorded and saved. The next summary of this patient tells what came of it.")
        return self.tr("Recorded; saving …")

    def gone_words(self) -> str:
        """Return that a follow-up was taken back."""
        return self.tr("Taken back; it stays legible in the record.")

    # ------------------------------------------------------------------------------------------ the window

    def _take_book(self, book: ClinicBook) -> None:
        self._window_h = book.pages.window_h
        self._look()

    def _take_no_book(self, _: Exception) -> None:
        """The hours of the clinic cannot be read; the form works without them."""

    def _look(self) -> None:
        super()._look()
        if self._window_h is None:
            return
        window = integration_window(self.live.record, self._window_h)
        if window is None:
            self.about.setText(self.tr("No end of dosing is recorded, so no window is counted."))
            return
        now = self.live.now()
        state = state_word(window.state(now), QCoreApplication.translate)
        if is_followed_up(self.live.record):
            state = self.tr("recorded")
        words = self.tr("Integration window {opens} to {closes} · {state}")
        self.about.setText(
            words.format(opens=day_and_time(window.opens), closes=day_and_time(window.closes), state=state)
        )
