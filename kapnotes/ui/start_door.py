"""The way into a session at home: a new patient, and the start of a session with one of the list."""

from PySide6.QtCore import QObject, Signal, Slot

from kapnotes.app.clinic_desk import ClinicDesk
from kapnotes.app.program import Program
from kapnotes.app.running import running_session
from kapnotes.app.seat import PatientCard, Seat, SessionCard
from kapnotes.domain.errors import KapnotesError
from kapnotes.ui.forms import StartForm
from kapnotes.ui.home_lists import HomeLists
from kapnotes.ui.home_pages import HomePages
from kapnotes.ui.keys import sequence_of
from kapnotes.ui.new_forms import NewPatientForm
from kapnotes.ui.times import clock_time


class StartDoor(QObject):
    """Opens the two forms. A patient whose session runs joins it; who wants another one asks by key."""

    patient_added = Signal(object)
    session_started = Signal(object)
    join_asked = Signal(object)

    def __init__(self, pages: HomePages, program: Program, seat: Seat, lists: HomeLists, clinic: ClinicDesk) -> None:
        super().__init__(pages)
        self._pages = pages
        self._program = program
        self._seat = seat
        self._lists = lists
        self._clinic = clinic
        self.new_patient = NewPatientForm()
        self.new_patient.accepted.connect(self._add_patient)
        self.start = StartForm()
        self.start.accepted.connect(self._start)
        self.new_patient.said.connect(pages.say)
        self.new_patient.left.connect(self._drop_patient)
        for form in (self.new_patient, self.start):
            form.left.connect(pages.left)
            pages.addWidget(form)
        lists.patient_chosen.connect(self._join_or_start)
        pages.home.bind("start", self.ask)
        pages.home.bind("new_patient", self.ask_new_patient)

    # ------------------------------------------------------------------------------------ a new patient

    @Slot()
    def ask_new_patient(self) -> None:
        """Show the form for a new patient."""
        if self._pages.is_refused():
            return
        self._pages.home.say("")
        self.new_patient.begin()
        self._pages.show_page(self.new_patient)

    @Slot(object)
    def _add_patient(self, form: NewPatientForm) -> None:
        home = self._pages.home
        try:
            form.set_busy(is_busy=True)
            self._seat.add_patient(*form.facts(), home.if_open(self._patient_added), home.if_open(self._failed))
        except KapnotesError as error:
            self._failed(error)

    @Slot()
    def _drop_patient(self) -> None:
        self.new_patient.show_kept({})

    def _patient_added(self, card: PatientCard) -> None:
        self.new_patient.set_busy(is_busy=False)
        self._drop_patient()
        self._pages.leave(self.new_patient)
        self.patient_added.emit(card)
        words = self.tr("{} is in the list. {} starts a session.")
        self._pages.home.say(words.format(card.details.code, sequence_of("start")))

    # --------------------------------------------------------------------------------------- the start

    @Slot()
    def ask(self) -> None:
        """Show the form that starts a session with the current patient; Enter starts it."""
        card = self._lists.patients.current_card()
        if not isinstance(card, PatientCard):
            if self._lists.is_read:
                self.ask_new_patient()
            else:
                self._pages.home.say(self.tr("The patients are still being read; press it again."))
            return
        self._ask_with(card)
        running = self._running_session(card)
        if running is not None and self._pages.is_seen(self.start):
            words = self.tr("A session of {code} runs since {time}: this starts another one. Esc, then Enter joins it.")
            self._pages.home.say(words.format(code=card.details.code, time=clock_time(running.opened_at)))

    @Slot(object)
    def _join_or_start(self, card: PatientCard) -> None:
        """Join the session of a patient that runs; without one show the form that starts it."""
        running = self._running_session(card)
        if running is None:
            self._ask_with(card)
        else:
            self.join_asked.emit(running)

    def _running_session(self, card: PatientCard) -> SessionCard | None:
        program = self._program
        return running_session(program.seats, self._lists.all_sessions, card.patient_id, program.clock.now())

    def _ask_with(self, card: PatientCard) -> None:
        if self._pages.is_refused():
            return
        self._pages.home.say("")
        signed_in = [seat.member for seat in self._program.seats]
        last = next((session for session in self._lists.all_sessions if session.patient_id == card.patient_id), None)
        opened = last.opened if last is not None else None
        self.start.begin(card, self._program.members(), signed_in, opened, self._clinic.presets())
        self._pages.show_page(self.start)

    @Slot(object)
    def _start(self, form: StartForm) -> None:
        home = self._pages.home
        try:
            facts = form.facts()
        except KapnotesError as error:
            self._failed(error)
            return
        form.set_busy(is_busy=True)
        self._seat.start_session(*facts, home.if_open(self.session_started.emit), home.if_open(self._failed))

    def end(self) -> None:
        """Leave the form of the start: a session was entered."""
        self.start.set_busy(is_busy=False)
        self._pages.leave(self.start)

    def _failed(self, error: Exception) -> None:
        for form in (self.start, self.new_patient):
            form.set_busy(is_busy=False)
        self._pages.say_failed(error)
