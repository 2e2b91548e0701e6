"""Plays a demo plan by pressing real keys in the real windows, as two clinicians would."""

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

from PySide6.QtCore import QBuffer, QDeadlineTimer, QIODevice, QSize
from PySide6.QtWidgets import QApplication, QCheckBox, QWidget

from kapnotes.app.demo_plan import At, DemoPlan, Step
from kapnotes.app.documents import Document, Page
from kapnotes.domain.clock import ManualClock
from kapnotes.domain.codebook import Codebook, CodeKind
from kapnotes.domain.entries import Block, Entry, Stage
from kapnotes.domain.errors import KapnotesError
from kapnotes.domain.holding import WORD
from kapnotes.domain.members import Role
from kapnotes.ui.around_pages import AroundPage, ClosingPage, PreparationPage
from kapnotes.ui.bridge import Ticker
from kapnotes.ui.calm_line import CalmLine
from kapnotes.ui.desk import Desk
from kapnotes.ui.follow_up import FollowUpWindow
from kapnotes.ui.frame import Frame
from kapnotes.ui.home import HomeWindow
from kapnotes.ui.kept_form import KeptForm
from kapnotes.ui.keys import sequence_of, sequences_of
from kapnotes.ui.labels import MARK_SIGN
from kapnotes.ui.log import LogWindow
from kapnotes.ui.pad import PadWindow
from kapnotes.ui.page_line import PageLine
from kapnotes.ui.responses import ResponsesWindow
from kapnotes.ui.sign_in import SignInWindow
from kapnotes.ui.summary import SummaryWindow
from kapnotes.ui.typist import fill, go_to, press, type_text, wait_until

PREPARING_S = 600.0
"""How long before the first step the two sit down and sign in."""

TYPING_S = 0.15
"""Seconds that a key takes."""

PICTURE_SIZE = QSize(1280, 800)
"""The screen of a small laptop."""

PICTURES_AT_S = 1640.0
"""When the pictures of the session are taken: in the peak, with states running."""

_Window = TypeVar("_Window", bound=Frame)


@dataclass(frozen=True, slots=True)
class Clinician:
    """One member of the demo."""

    label: str
    role: Role
    passphrase: str


@dataclass(frozen=True, slots=True)
class Papers:
    """Where the pages go, who gets them, and who signed the authorization."""

    summary: Path
    record: Path
    recipient: str
    signed_by: str


class DemoPlayer:
    """Two clinicians with one keyboard and a clock that waits for them."""

    def __init__(
        self,
        desk: Desk,
        ticker: Ticker,
        clock: ManualClock,
        codebook: Codebook,
        *,
        tell: Callable[[str], None],
        keep_picture: Callable[[str, bytes], None],
        on_saved: Callable[[Entry], None],
        speed: float | None,
    ) -> None:
        self._desk = desk
        self._ticker = ticker
        self._clock = clock
        self._codebook = codebook
        self._tell = tell
        self._keep_picture = keep_picture
        self._on_saved = on_saved
        self._speed = speed
        self._t_s = 0.0
        self._told_at_s = 0.0
        self._saved = 0
        self._is_stopped = False
        desk.window_opened.connect(self._size_for_pictures)
        self.refused: Counter[str] = Counter()
        self.pages: dict[Document, Page] = {}

    def stop(self) -> None:
        """Play no further; `play` raises KeyboardInterrupt at its next look, outside of any call of Qt's."""
        self._is_stopped = True

    def _wait(self, happened: Callable[[], bool], what: str) -> None:
        wait_until(lambda: self._is_stopped or happened(), what)
        self._heed_stop()

    def _heed_stop(self) -> None:
        if self._is_stopped:
            raise KeyboardInterrupt

    @property
    def saved(self) -> int:
        """Return how many entries the windows have shown as saved."""
        return self._saved

    # ------------------------------------------------------------------------------------------ the play

    def play(self, therapist: Clinician, crna: Clinician, patient_code: str, plan: DemoPlan, papers: Papers) -> None:
        """Play everything, from the empty folder to the pages."""
        self._t_s = plan.begins_s - PREPARING_S
        self._make_vault(therapist)
        home = self._sign_in(therapist)
        self._add_member(home, crna)
        press(home, sequence_of("second_seat"))
        other_home = self._sign_in(crna)
        pad = self._start(home, patient_code)
        log = self._join(other_home)
        for live in (pad.live, log.live):
            live.saved.add(self._count_saved)
        pad.live.repeat_ignored.add(self._count_repeat)
        self._answer_scale(pad)
        self._play_steps(plan, pad, log)
        self._wait(lambda: not pad.live.saving.unsaved and not log.live.saving.unsaved, "everything to be saved")
        self._tell(f"{self._saved} entries saved.")
        home.refresh()
        self._wait(lambda: home.is_told_of(Stage.CLOSED), "home to tell of the session")
        self._picture("home", home)
        self._sign(log, crna)
        self._print_summary(pad, therapist, papers)
        self._print_record(log, papers)
        self._follow_up(pad)

    def _make_vault(self, first: Clinician) -> None:
        window = self._desk.begin()
        self._picture("new-vault", window)
        type_text(window, first.label)
        self._tick_role(window, window.roles, first.role)
        fill(window, window.new.first, first.passphrase)
        fill(window, window.new.again, first.passphrase)
        press(window, "Return")
        self._wait(lambda: window.member.count() > 0, "the vault to be made")
        self._tell("The vault is made.")

    def _tick_role(self, window: Frame, boxes: QWidget, role: Role) -> None:
        box = getattr(boxes, role.value)
        assert isinstance(box, QCheckBox)  # noqa: S101 - the two boxes are named after the roles
        go_to(window, box)
        press(window, "Space")

    def _sign_in(self, clinician: Clinician) -> HomeWindow:
        window = self._newest(SignInWindow)
        self._wait(lambda: window.member.count() > 0, "the vault to open")
        self._picture("sign-in", window)
        go_to(window, window.passphrase)
        type_text(window, clinician.passphrase)
        press(window, "Return")
        return self._wait_for(HomeWindow, lambda home: home.seat.member.label == clinician.label)

    def _add_member(self, home: HomeWindow, clinician: Clinician) -> None:
        press(home, sequence_of("new_member"))
        form = home.member_door.form
        type_text(home, clinician.label)
        self._tick_role(home, form.roles, clinician.role)
        fill(home, form.passphrase.first, clinician.passphrase)
        fill(home, form.passphrase.again, clinician.passphrase)
        press(home, "Return")
        self._wait(lambda: not form.isVisible(), "the second member to be added")

    def _start(self, home: HomeWindow, patient_code: str) -> PadWindow:
        press(home, sequence_of("new_patient"))
        type_text(home, patient_code)
        fill(home, home.start_door.new_patient.weight, "70")
        fill(home, home.start_door.new_patient.allergies, "none known")
        press(home, "Return")
        self._wait(lambda: home.patients.count() > 0, "the patient to be in the list")
        press(home, sequence_of("start"))
        self._picture("start", home)
        press(home, "Return")
        return self._wait_for(PadWindow)

    def _join(self, home: HomeWindow) -> LogWindow:
        home.activateWindow()
        home.refresh()
        self._wait(lambda: home.sessions.count() > 0, "the session to be in the other clinician's list")
        go_to(home, home.sessions)
        press(home, "Return")
        return self._wait_for(LogWindow)

    # ------------------------------------------------------------------------------- around the session

    def _answer_scale(self, pad: PadWindow) -> None:
        """Keep what the patient answers before the session."""
        press(pad, sequence_of("responses"))
        window = self._wait_for(ResponsesWindow)
        type_text(window, ANSWERS)
        self._picture("responses", window)
        press(window, "Return")
        self._leave_kept(window, "the answers")

    def _follow_up(self, pad: PadWindow) -> None:
        """Record, two days later, what came of it."""
        self._clock.advance(FOLLOWED_UP_AFTER_S)
        press(pad, sequence_of("follow_up"))
        window = self._wait_for(FollowUpWindow)
        press(window, "Down")  # the words were taken up
        fill(window, window.carry, CARRIED)
        self._picture("follow-up", window)
        press(window, sequence_of("follow_up_keep"))
        self._leave_kept(window, "the follow-up")
        self._tell("The follow-up is recorded.")

    def _leave_kept(self, window: KeptForm, what: str) -> None:
        """Close a form once what it said is on the disk."""
        self._wait(lambda: not window.live.saving.unsaved or window.news().startswith(MARK_SIGN), f"{what} to be saved")
        if window.is_half_typed():
            raise KapnotesError(window.news())
        window.close()

    # ----------------------------------------------------------------------------------------- the steps

    def _play_steps(self, plan: DemoPlan, pad: PadWindow, log: LogWindow) -> None:
        has_pictures = False
        for place, step in enumerate(plan.steps):
            if not has_pictures and step.t_s > PICTURES_AT_S:
                has_pictures = True
                self._take_pictures(pad, log)
            self._advance_to(step.t_s)
            following = plan.steps[place + 1].t_s if place + 1 < len(plan.steps) else step.t_s + 60
            if step.at is At.PAD:
                self._play_on_pad(pad, step, following)
            elif step.at is At.PAGE:
                self._play_on_page(pad, step)
            else:
                self._play_in_log(log, step)
            QApplication.processEvents()
            self._heed_stop()
        if not has_pictures:
            self._take_pictures(pad, log)

    def _take_pictures(self, pad: PadWindow, log: LogWindow) -> None:
        self._advance_to(max(self._t_s, PICTURES_AT_S))
        self._wait(lambda: not pad.live.saving.unsaved and not log.live.saving.unsaved, "everything to be saved")
        self._wait(lambda: log.chart.is_current, "the chart to be drawn")
        self._picture("log", log)
        press(pad, sequence_of("keys"))
        self._picture("keys", pad)
        press(pad, "Escape")
        self._picture("pad", pad)

    def _advance_to(self, t_s: float) -> None:
        passing_s = t_s - self._t_s
        if passing_s <= 0:
            return
        if self._speed is not None:
            watched = QDeadlineTimer(min(60_000, round(1000 * passing_s / self._speed)))
            self._wait(watched.hasExpired, "the time to pass")
        self._clock.advance(passing_s)
        self._t_s = t_s
        self._ticker.tick()
        if t_s - self._told_at_s >= 900:
            self._told_at_s = t_s
            self._tell(f"T{t_s / 60:+.0f} min · {self._saved} entries saved")

    def _play_on_pad(self, pad: PadWindow, step: Step, following_s: float) -> None:
        kind, _, name = step.key.partition(" ")
        if kind == "late":
            minutes, _, name = name.partition(" ")
            type_text(pad, minutes)
        code = self._codebook.named(name) if kind in {"code", "late"} else None
        if code is not None:
            press(pad, sequences_of(code)[0])
            if code.kind not in {CodeKind.QUOTE, CodeKind.SETTING}:
                self._clear(pad)  # a time that could not be
                return
        if step.key == "correct":
            press(pad, sequence_of(step.key))
        if step.text:
            type_text(pad, step.text)
            self._advance_to(self._t_s + max(0.0, min(TYPING_S * len(step.text), (following_s - self._t_s) / 2)))
        is_entered = code is not None or step.key in {"enter", "correct"}
        press(pad, "Return" if is_entered else sequence_of(step.key))
        if step.key == "correct":
            self._clear(pad)  # with notes of one's own the newest may be one that has no words

    @staticmethod
    def _clear(pad: PadWindow) -> None:
        for _ in range(2):
            if pad.line.text():
                press(pad, "Escape")

    def _play_on_page(self, pad: PadWindow, step: Step) -> None:
        """Fill a line of the preparation or of the closing, or go back to the line of notes."""
        page = pad.around.page
        if page is None:
            raise KapnotesError("The demo found no page to write “{field}” on.", field=step.key)
        if step.key == "leave":
            self._picture(step.text, pad)
            press(pad, "Escape")
            return
        fill(pad, page_line(page, step.key), step.text)
        press(pad, "Return")

    def _play_in_log(self, log: LogWindow, step: Step) -> None:
        if step.key != "log_enter":
            press(log, sequence_of(step.key))
            return
        type_text(log, step.text)
        press(log, "Return")
        if log.line.text().endswith(f" {WORD} "):
            type_text(log, HELD)
            press(log, "Return")
        if log.line.text():
            press(log, "Return")  # unusual: the second Enter keeps it
        if log.line.text():
            self.refused[log.news().removeprefix(MARK_SIGN).strip()] += 1
            press(log, "Escape")
            press(log, "Escape")

    def _count_saved(self, entry: Entry) -> None:
        self._saved += 1
        self._on_saved(entry)

    def _count_repeat(self, code: str) -> None:
        self.refused[f"the mark “{code}” pressed twice within a second"] += 1

    # ----------------------------------------------------------------------------------------- the pages

    def _sign(self, window: PadWindow | LogWindow, clinician: Clinician) -> None:
        press(window, sequence_of("pad_sign"))
        form = window.sign.form
        if form.reason.isVisible():
            type_text(window, UNFINISHED)
        self._picture(f"sign-{clinician.role}", window)
        press(window, "Return")
        self._wait(lambda: not form.isVisible() or window.news().startswith(MARK_SIGN), "the signature")
        if window.live.signing.signed() is None:
            raise KapnotesError(window.news())
        self._tell(f"{clinician.label} has signed.")

    def _print_summary(self, pad: PadWindow, therapist: Clinician, papers: Papers) -> None:
        press(pad, sequence_of("pad_summary"))
        window = self._wait_for(SummaryWindow, lambda one: one.seat is pad.seat)
        window.page_saved.connect(self._keep_page)
        fill(window, window.recipient, papers.recipient)
        go_to(window, window.lines)
        press(window, sequence_of("choose_all"))
        form = window.form.authorization
        assert form is not None  # noqa: S101 - the window of a therapist has one
        fill(window, form.description, "the chosen lines of this session's process notes")
        fill(window, form.purpose, "integration session")
        fill(window, form.signed_by, papers.signed_by)
        press(window, sequence_of("release"))
        self._sign(pad, therapist)
        fill(window, window.summary_path, str(papers.summary))
        press(window, sequence_of("to_lines"))
        self._wait(lambda: window.right.is_current, "the pages")
        self._picture("summary", window)
        press(window, sequence_of("save_summary"))
        self._wait(lambda: Document.SUMMARY in self.pages or window.news().startswith(MARK_SIGN), "the summary")
        self._expect(Document.SUMMARY, window)
        window.close()

    def _print_record(self, log: LogWindow, papers: Papers) -> None:
        press(log, sequence_of("log_summary"))
        window = self._wait_for(SummaryWindow, lambda one: one.seat is log.seat)
        window.page_saved.connect(self._keep_page)
        fill(window, window.recipient, papers.recipient)
        fill(window, window.record_path, str(papers.record))
        press(window, sequence_of("save_record"))
        self._wait(lambda: Document.RECORD in self.pages or window.news().startswith(MARK_SIGN), "the record")
        self._expect(Document.RECORD, window)
        self._picture("record", window)
        window.close()

    def _expect(self, document: Document, window: SummaryWindow) -> None:
        if document not in self.pages:
            raise KapnotesError(window.news())
        self._tell(f"{document}.pdf is made.")

    def _keep_page(self, page: Page) -> None:
        self.pages[page.document] = page

    # --------------------------------------------------------------------------------------- the windows

    def _newest(self, kind: type[_Window]) -> _Window:
        return next(window for window in reversed(self._desk.windows) if isinstance(window, kind))

    def _wait_for(self, kind: type[_Window], fits: Callable[[_Window], bool] = lambda _: True) -> _Window:
        def found() -> list[_Window]:
            return [window for window in self._desk.windows if isinstance(window, kind) and fits(window)]

        self._wait(lambda: bool(found()), kind.__name__)
        QApplication.processEvents()
        return found()[0]

    @staticmethod
    def _size_for_pictures(window: Frame) -> None:
        window.resize(PICTURE_SIZE)

    def _picture(self, name: str, window: Frame) -> None:
        for line in window.findChildren(CalmLine):
            line.come_to_rest()
        QApplication.processEvents()
        buffer = QBuffer()
        buffer.open(QIODevice.OpenModeFlag.WriteOnly)
        window.grab().save(buffer, "PNG")
        self._keep_picture(name, bytes(buffer.data().data()))


ANSWERS = "211201110"
"""PHQ-9 before the session, nothing at item 9."""

FOLLOWED_UP_AFTER_S = 48 * 3600.0
CARRIED = "the letter to the brother: read it aloud once, alone"

HELD = "the data of this demo begin so"
UNFINISHED = "all that could be noted is noted"
"""Why the demo's clinicians sign where something is missing, as with readings of one's own."""

_CARD = {"ambiance": 2, "headphones": 6}
"""The lines of the setting card that the demo's therapist fills, by their items."""


def page_line(page: AroundPage, name: str) -> PageLine:
    """Return the line of that name on *page*."""
    if isinstance(page, PreparationPage):
        lines = {
            "intention": page.intention.line,
            "theme": page.themes.line,
            "agreement": page.agreed.line,
            "touch": page.touch.line,
        }
        return lines.get(name) or page.card.of_item[_CARD[name]]
    assert isinstance(page, ClosingPage)  # noqa: S101 - there are these two
    return page.themes.line if name == "theme" else page.blocks.of_block[Block(name)]
