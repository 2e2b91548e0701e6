"""Home of a seat: its patients and sessions, and the ways into a session."""

from functools import cached_property, partial
from pathlib import Path
from typing import TypeVar

from PySide6.QtCore import QEvent, QSettings, Signal, Slot

from kapnotes.app.backup_keeper import BackupState
from kapnotes.app.clinic_desk import ClinicDesk
from kapnotes.app.codebook_shelf import CodebookShelf
from kapnotes.app.keys import KeyDesk
from kapnotes.app.live_session import LiveSession
from kapnotes.app.program import Program
from kapnotes.app.running import goes_on
from kapnotes.app.seat import PatientCard, Seat, SessionCard
from kapnotes.app.typed_fields import NEW_MEMBER, NEW_PATIENT
from kapnotes.domain.clinic_book import ClinicBook
from kapnotes.domain.entries import Stage
from kapnotes.domain.members import Role
from kapnotes.ui.clinic_door import ClinicDoor
from kapnotes.ui.codebook_page import CodebookPage
from kapnotes.ui.frame import Frame
from kapnotes.ui.home_lists import HomeLists
from kapnotes.ui.home_pages import HomePages
from kapnotes.ui.home_typing import HomeTyping
from kapnotes.ui.key_notices import KeyNotices
from kapnotes.ui.key_page import KeyPage
from kapnotes.ui.keys import Where, sequence_of
from kapnotes.ui.member_door import MemberDoor
from kapnotes.ui.start_door import StartDoor
from kapnotes.ui.wording import error_line, unsaved_words

_Page = TypeVar("_Page", KeyPage, CodebookPage)


class HomeWindow(Frame):
    """The first window of a seat."""

    session_entered = Signal(object, object)
    second_seat_asked = Signal()
    audit_asked = Signal(object)
    search_asked = Signal(object)
    course_asked = Signal(object, object)
    follow_up_asked = Signal(object, object)
    responses_asked = Signal(object, object)

    def __init__(
        self, program: Program, seat: Seat, settings: QSettings, shelf: CodebookShelf, paper_folder: Path = Path()
    ) -> None:
        super().__init__(Where.HOME, "home", settings)
        self.seat = seat
        self._program = program
        self._reading = 0
        self._pages = HomePages(self, seat)
        self._pages.left.connect(self._back)
        self.key_desk = KeyDesk(program, seat)
        self.about_keys = KeyNotices(self.key_desk)
        self.lists = HomeLists(program, seat, self, self.about_keys)
        self.lists.session_chosen.connect(self._open)
        self.lists.due.chosen.connect(self._open_follow_up)
        self.lists.notices.settled.connect(self._settled)
        self.lists.notices.failed.connect(self._failed)
        self.search, self.notices, self.backup = self.lists.search, self.lists.notices, self.lists.backup
        self.emergencies, self.reminder = self.about_keys.emergencies, self.about_keys.reminder
        self.patients, self.sessions, self.course = self.lists.patients, self.lists.sessions, self.lists.course
        self._pages.addWidget(self.lists)
        self.clinic = ClinicDesk(seat)
        self.start_door = StartDoor(self._pages, program, seat, self.lists, self.clinic)
        self.start_door.patient_added.connect(self._patient_added)
        self.start_door.join_asked.connect(self._open)
        self.start_door.session_started.connect(self._entered)
        self.member_door = MemberDoor(self._pages, program, seat)
        self.clinic_door = ClinicDoor(self._pages, self.clinic, seat)
        self.typing = HomeTyping(
            self,
            seat,
            {NEW_PATIENT: self.start_door.new_patient, NEW_MEMBER: self.member_door.form},
            self.clinic_door,
            self._codebook_page,
        )
        self._shelf = shelf
        self._paper_folder = paper_folder
        self.set_body(self._pages)
        roles = ", ".join(sorted(seat.member.roles - {Role.ADMIN}))
        self.set_title(self.tr("KAPnotes · home of {} · {}").format(seat.member.label, roles))
        self.bind("find", self._focus_find)
        self.bind("course", self.ask_course)
        self.bind("follow_up", self.ask_follow_up)
        self.bind("responses", self.ask_responses)
        self.bind("second_seat", self.second_seat_asked.emit)
        self.bind("key_page", self.ask_keys)
        self.bind("codebook", self.ask_codebook)
        self.bind("backup", self.make_backup)
        program.backups.changed.add(self._tell_backup)
        self.bind("audit", self._ask_audit)
        if seat.member.is_therapist:
            self.bind("search", self._ask_search)
        self.refresh()
        if shelf.fault is not None and seat.member.is_therapist:
            self.say(error_line(shelf.fault), is_mark=True)
        self.typing.look()

    # ------------------------------------------------------- pages that are made when they are first asked for

    @cached_property
    def key_page(self) -> KeyPage:
        """Return the page of keys."""
        page = KeyPage(self._program, self.seat, self.key_desk, self.if_open, self._paper_folder)
        page.changed.connect(self._look_at_keys)
        page.patient_deleted.connect(self.refresh)
        return self._added(page)

    @cached_property
    def codebook_page(self) -> CodebookPage:
        """Return the page of the codebook."""
        page = self._added(CodebookPage(self._shelf, self._running_states))
        page.typed_on.connect(self.typing.changed)
        return page

    def _codebook_page(self, is_wanted: bool) -> CodebookPage | None:
        return self.codebook_page if is_wanted or "codebook_page" in self.__dict__ else None

    def _added(self, page: _Page) -> _Page:
        page.left.connect(self._back)
        page.said.connect(self._pages.say)
        self._pages.addWidget(page)
        return page

    @Slot()
    def _look_at_keys(self) -> None:
        """Show what everybody has to see about keys, and which recovery sheets are missing."""
        self.about_keys.look(self.if_open, self.if_open(self._failed))

    @Slot()
    def ask_keys(self) -> None:
        """Show the page of keys."""
        self.say("")
        self._pages.show_page(self.key_page)
        self.key_page.begin()

    @Slot()
    def ask_codebook(self) -> None:
        """Show the codebook, to whom it belongs."""
        if not self.seat.member.is_therapist:
            self.say(self.tr("The codebook is for therapists' note pads."), is_mark=True)
            return
        self._pages.show_page(self.codebook_page)
        self.codebook_page.begin()

    def _clinic_read(self, book: ClinicBook) -> None:
        """Keep nothing: the desk has it, and a start form that opens from now on offers it."""

    def _running_states(self) -> frozenset[str]:
        live = (one for seat in self._program.seats for one in seat.live.values())
        return frozenset(code for one in live for code in one.record.active_states())

    def changeEvent(self, event: QEvent) -> None:
        """Read the lists again when somebody comes back to them."""
        super().changeEvent(event)
        comes_back = event.type() == QEvent.Type.ActivationChange and self.isActiveWindow()
        if comes_back and not self.is_closed and not self.seat.is_locked:
            self.refresh()

    def why_stay(self) -> str:
        """Return that entries are not saved, or that a backup is due; home closes its other windows too."""
        if self.seat.is_locked:
            return ""
        half_typed = self.typing.why_stay()
        if half_typed:
            return half_typed
        unsaved = sum(live.saving.at_risk_count for live in self.seat.live.values())
        if not unsaved and any(map(goes_on, self.seat.live.values())):
            return self.tr("A session goes on: closing home locks this seat with all its windows. Close once more.")
        keeper = self._program.backups
        if unsaved or self._program.seats != [self.seat] or not keeper.is_wanted:
            return unsaved_words(unsaved)
        keeper.make(self._close_after_backup)
        return self.tr("Making a backup, then KAPnotes closes. Close once more to leave without it.")

    def _close_after_backup(self) -> None:
        if not self.is_closed and self._program.backups.state.trouble is None:
            self.close()

    def detach(self) -> None:
        """Hear no more news from below."""
        self.lists.detach()
        self.typing.let_go()
        self._program.backups.changed.remove(self._tell_backup)

    @Slot()
    def make_backup(self) -> None:
        """Make a backup now; the line below says how far it is."""
        self.say("")
        self._program.backups.make(self._tell_made)

    def _tell_made(self) -> None:
        if not self.is_closed and self._program.backups.state.trouble is None:
            self.say(self.tr("A backup is made, and was opened again to be sure."))

    def _tell_backup(self, state: BackupState) -> None:
        if state.trouble is not None:
            self.say(error_line(state.trouble), is_mark=True)

    # -------------------------------------------------------------------------------------------- lists

    @Slot()
    def refresh(self) -> None:
        """Read the lists again."""
        self.backup.look_again()
        self._look_at_keys()
        self.clinic.read(self.if_open(self._clinic_read), self.if_open(self._failed))  # before anyone can be started
        self._read_patients()
        self.seat.list_sessions(self.if_open(self._take_sessions), self.if_open(self._failed))

    def _read_patients(self) -> None:
        self._reading += 1
        take = partial(self._take_patients, self._reading)
        self.seat.list_patients(self.if_open(take), self.if_open(self._failed))

    def _take_patients(self, reading: int, cards: list[PatientCard]) -> None:
        if reading != self._reading:
            return  # it began before the list was read again, or before a patient was added
        self.lists.show_patients(cards)
        words = self.tr("No patient yet: {} makes the first.").format(sequence_of("new_patient"))
        if not cards and self._pages.is_seen(self.lists):
            self.say(words)
        elif cards and self.news() == words:
            self.say("")  # the other seat made one meanwhile

    def _take_sessions(self, cards: list[SessionCard]) -> None:
        self.lists.show_sessions(cards, self.clinic.book.pages.window_h)

    def is_told_of(self, stage: Stage) -> bool:
        """Tell whether the newest session is shown to be in that stage, and the lines below it are as they stand."""
        return self.lists.is_told_of(stage)

    @Slot()
    def _settled(self) -> None:
        self.say(self.tr("Kept, with your name and the time."))
        self.lists.take_focus()

    @Slot()
    def _focus_find(self) -> None:
        self._back()
        self.search.setFocus()
        self.search.selectAll()

    @Slot()
    def _back(self) -> None:
        self.member_door.forget()
        if "key_page" in self.__dict__:  # one that nobody asked for holds no passphrase
            self.key_page.forget()
        self._pages.show_page(self.lists)
        self.say("")
        self.lists.take_focus()

    # --------------------------------------------------------------------------------------------- ways

    @Slot()
    def _ask_search(self) -> None:
        self.search_asked.emit(self)

    @Slot()
    def _ask_audit(self) -> None:
        self.audit_asked.emit(self.seat)

    @Slot(object)
    def _patient_added(self, card: PatientCard) -> None:
        self.lists.add_patient(card)
        self._read_patients()  # one that began before does not hold it, and may be the first that holds the others
        if self._pages.is_seen(self.lists):
            self.patients.setFocus()

    @Slot(object)
    def _open(self, card: SessionCard) -> None:
        self.seat.open_session(card, self.if_open(self._entered), self.if_open(self._failed))

    @Slot()
    def ask_course(self) -> None:
        """Ask for the course of the patient one is at."""
        card = self.lists.patient()
        if card is None:
            self.say(self.tr("Choose a patient first."), is_mark=True)
            return
        self.course_asked.emit(self, card)

    @Slot()
    def ask_follow_up(self) -> None:
        """Ask for the follow-up of the session one is at; of process notes it is, so a therapist's."""
        if not self.seat.member.is_therapist:
            self.say(self.tr("A follow-up is recorded by a therapist."), is_mark=True)
            return
        card = self.lists.session()
        if card is None:
            self.say(self.tr("Choose a session first."), is_mark=True)
            return
        self._open_follow_up(card)

    @Slot(object)
    def _open_follow_up(self, card: SessionCard) -> None:
        self.seat.open_session(card, self.if_open(self._ask_follow_up_of), self.if_open(self._failed))

    def _ask_follow_up_of(self, live: LiveSession) -> None:
        self.say("")
        self.follow_up_asked.emit(self, live)

    @Slot()
    def ask_responses(self) -> None:
        """Ask for PHQ-9 and GAD-7 of the session one is at."""
        card = self.lists.session()
        if card is None:
            words = self.tr("The answers are kept with a session; this patient has none yet: {} starts one.")
            self.say(words.format(sequence_of("start")), is_mark=True)
            return
        self.seat.open_session(card, self.if_open(self._ask_responses_of), self.if_open(self._failed))

    def _ask_responses_of(self, live: LiveSession) -> None:
        self.say("")
        self.responses_asked.emit(self, live)

    @Slot(object)
    def _entered(self, live: LiveSession) -> None:
        self.start_door.end()
        self.say("")
        self.refresh()
        self.session_entered.emit(self.seat, live)

    def _failed(self, error: Exception) -> None:
        self._pages.say_failed(error)
