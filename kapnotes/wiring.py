"""The only place that builds the program from its parts, for the screen, for the command line and for the tests."""

import gc
import os
import sys
from collections import Counter
from collections.abc import Callable, Mapping
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING

import platformdirs

from kapnotes.app.files import keep_private
from kapnotes.app.idle import IdleLimits
from kapnotes.app.keeping import Keeping, Later
from kapnotes.app.page_maker import MadeWhenAsked, PageMaker
from kapnotes.app.profile import Profile
from kapnotes.app.program import Program
from kapnotes.app.system_clock import SystemClock
from kapnotes.app.worker import Deliver, InlineWorker, ThreadWorker
from kapnotes.domain.clock import Clock, ManualClock
from kapnotes.domain.errors import InputOutput, KapnotesError
from kapnotes.domain.members import Role
from kapnotes.domain.paper_size import PaperSize, paper_size_of
from kapnotes.domain.words import Translate, counted, in_english

if TYPE_CHECKING:
    from PySide6.QtWidgets import QApplication

    from kapnotes.app.demo_folder import DemoFolder
    from kapnotes.app.demo_plan import DemoPlan
    from kapnotes.domain.entries import Entry
    from kapnotes.ui.guard import Guard
    from kapnotes.vault.kdf import KdfCost


def _ignore(_: "Entry") -> None:
    """Nobody wants to hear it."""


def profile_folder() -> Path:
    """Return this user's own folder for the program."""
    return Path(platformdirs.user_data_dir("kapnotes", appauthor=False))


def system_paper(environment: Mapping[str, str]) -> PaperSize:
    """Return the paper of the system's locale: LC_ALL, LC_PAPER or LANG where one is set, else what Qt is told."""
    named = next((environment[name] for name in ("LC_ALL", "LC_PAPER", "LANG") if environment.get(name)), "")
    if not named and sys.platform in {"win32", "darwin"}:  # there the system knows it, and no variable does
        from PySide6.QtCore import QLocale

        named = QLocale.system().name()
    return paper_size_of(named)


def build_quiet_program(
    *,
    clock: Clock | None = None,
    profile: Path | None = None,
    cost: "KdfCost | None" = None,
    here_anyway: Path | None = None,
    paper: PaperSize | None = None,
) -> Program:
    """Return a program without a screen: every job runs where it is called.

    Pages are on *paper*; where none is named, on that of the system.
    """
    program = Program(
        clock=clock or SystemClock(),
        entropy=os.urandom,
        worker=InlineWorker(),
        slow_worker=InlineWorker(),
        cost=cost,
        profile=Profile(profile or profile_folder(), os.urandom),
        translate=in_english,
        paper=paper or system_paper(os.environ),
    )
    program.here_anyway = here_anyway
    return program


def build_program(
    deliver: Deliver,
    translate: Translate,
    later: Later,
    *,
    clock: Clock | None = None,
    profile: Path | None = None,
    cost: "KdfCost | None" = None,
) -> Program:
    """Return a program for windows: one thread writes entries, one half-typed lines, one has pages made elsewhere.

    Outcomes are given to *deliver*; *later* is the windows' timer.
    """
    clock = clock or SystemClock()
    return Program(
        clock=clock,
        entropy=os.urandom,
        worker=ThreadWorker("writer", deliver, clock),
        slow_worker=ThreadWorker("paper", deliver, clock),
        backup_worker=ThreadWorker("backup", deliver, clock),
        cost=cost,
        profile=Profile(profile or profile_folder(), os.urandom),
        translate=translate,
        keeping=Keeping(ThreadWorker("drafts", deliver, clock), later),
        paper=system_paper(os.environ),
        pages=MadeWhenAsked(_made_elsewhere),
    )


def _made_elsewhere() -> PageMaker:
    from kapnotes.app.pages_elsewhere import MadeElsewhere  # a second process, which nobody needs at the start

    return MadeElsewhere()


class Screen:
    """Everything the windows need, built once: the application in its palette, the bridge, the ticker, the desk."""

    def __init__(
        self,
        *,
        vault: Path | None = None,
        paper_folder: Path | None = None,
        clock: Clock | None = None,
        profile: Path | None = None,
        cost: "KdfCost | None" = None,
    ) -> None:
        from PySide6.QtCore import QCoreApplication, QSettings

        from kapnotes.ui.bridge import Bridge, Ticker, later
        from kapnotes.ui.desk import NIGHT, Desk
        from kapnotes.ui.lamp import Lamp
        from kapnotes.ui.palette import dress, night_named

        self.application = application()
        self.bridge: Bridge = Bridge()
        folder = profile or profile_folder()
        self.program = build_program(
            self.bridge.deliver, QCoreApplication.translate, later, clock=clock, profile=folder, cost=cost
        )
        self.ticker: Ticker = Ticker(self.program.tick)
        keep_private(folder / "windows.ini")
        self.settings = QSettings(str(folder / "windows.ini"), QSettings.Format.IniFormat)
        self.lamp = Lamp(night_named(self.settings.value(NIGHT)))
        self.lamp.changed.connect(self._dress)
        dress(self.application, self.lamp.night)
        self.desk: Desk = Desk(
            self.program,
            vault=vault or self.program.profile.last_vault or folder / "vault",
            paper_folder=paper_folder or Path.home(),
            profile=folder,
            lamp=self.lamp,
            ticker=self.ticker,
            settings=self.settings,
        )

    def _dress(self) -> None:
        """Show every window in the colours of this moment."""
        from kapnotes.ui.palette import dress

        dress(self.application, self.lamp.night)

    def watch(self, limits: IdleLimits) -> "Guard":
        """Cover and lock seats that nobody types at, and lock all where the system says so; returns who does it."""
        from kapnotes.ui.guard import Guard
        from kapnotes.ui.system_news import SystemNews

        self.guard = Guard(self.program, self.desk, self.ticker, limits)
        self.news = SystemNews()
        self.news.lock_asked.connect(self.guard.lock_all)
        self.program.signed_in.add(self._hear_the_system)
        self.application.commitDataRequest.connect(self._end)
        return self.guard

    def _hear_the_system(self, _: object) -> None:
        """Begin to hear the system with the first keys; before, there is nothing to lock."""
        self.program.signed_in.remove(self._hear_the_system)
        self.news.listen()

    def _end(self, *_: object) -> None:
        """End because the login ends: what is half-typed is on the disk when this returns."""
        self.close()
        self.application.quit()

    def stop(self) -> None:
        """Let the loop end at once, as somebody outside asks; `quit` would ask each window first, and one may stay."""
        self.application.exit()

    def close(self) -> int:
        """Close every window, save what is left, and tell the last news; returns how many entries are not saved."""
        self.ticker.stop()
        self.lamp.rest()
        self.desk.close_all()
        unsaved = self.program.close()
        self.bridge.finish()  # the outcomes of the last jobs are on their way
        self.application.processEvents()
        self.settings.sync()
        return unsaved


def application() -> "QApplication":
    """Return the Qt application with its style and its typefaces; `Screen` dresses it before its first window."""
    from PySide6.QtCore import QLocale, QTranslator
    from PySide6.QtWidgets import QApplication

    from kapnotes.ui.fonts import load_fonts
    from kapnotes.ui.night_style import NightStyle

    existing = QApplication.instance()
    if isinstance(existing, QApplication):
        return existing
    made = QApplication(["KAPnotes"])
    made.setApplicationName("KAPnotes")
    made.setQuitOnLastWindowClosed(False)
    translator = QTranslator(made)
    if translator.load(QLocale(), "kapnotes", "_", str(files("kapnotes.resources.translations"))):
        made.installTranslator(translator)
    load_fonts(made)
    made.setStyle(NightStyle())
    made.setCursorFlashTime(0)
    gc.freeze()  # the modules stay for good; looking through them for garbage would stop the windows for 20 ms
    return made


def run_windows(vault: Path | None = None, backups: Path | None = None, *, here_anyway: bool = False) -> int:
    """Run the program until its last window is closed; returns the exit code. *backups* is where they go from now on.

    Raises:
        KapnotesError: there is no screen to open a window on.
    """
    if not (_has_display() or os.environ.get("QT_QPA_PLATFORM")):
        raise KapnotesError("There is no screen here to open a window on; kapnotes --help lists what needs none.")
    gc.disable()  # what is made for the first window stays: looking for garbage in it would only take its time
    from kapnotes.ui.faults import report_faults, report_qt_messages
    from kapnotes.ui.interrupts import calling, soon

    report_qt_messages()
    screen = Screen(vault=vault)
    gc.enable()
    screen.program.here_anyway = screen.desk.vault if here_anyway else None
    if backups is not None:
        screen.program.profile.keep_backups_in(backups)
    report_faults(screen.desk.windows)
    screen.desk.all_closed.connect(screen.application.quit)
    screen.watch(IdleLimits())
    screen.ticker.start()
    screen.desk.begin()
    with calling(soon(screen.stop)):
        code = screen.application.exec()
        unsaved = screen.close()
    sys.excepthook = sys.__excepthook__
    if screen.program.care.left_elsewhere:
        line = counted(
            screen.program.care.left_elsewhere,
            "{count} entry waits in a second place for the disk of the vault; the next start takes it in.",
            "{count} entries wait in a second place for the disk of the vault; the next start takes them in.",
        )
        sys.stderr.write(f"kapnotes: {line}\n")
    if unsaved == 1:
        raise InputOutput("One entry could not be saved before the program ended.")
    if unsaved:
        raise InputOutput("{count} entries could not be saved before the program ended.", count=unsaved)
    return code


def play_demo(
    folder: "DemoFolder",
    plan: "DemoPlan",
    *,
    tell: Callable[[str], None],
    on_saved: "Callable[[Entry], None]" = _ignore,
    speed: float | None = None,
    cost: "KdfCost | None" = None,
) -> Counter[str]:
    """Play *plan* through the real windows and leave vault, pages and pictures in *folder*.

    Returns what the log refused, as reasons with their counts.

    Raises:
        KapnotesError: something could not be made; the text says what.
    """
    _choose_platform(is_watched=speed is not None)
    from kapnotes.app.documents import new_page_passphrase
    from kapnotes.app.presets import shipped_codebook
    from kapnotes.ui.demo import Clinician, DemoPlayer, Papers
    from kapnotes.ui.faults import report_qt_messages
    from kapnotes.ui.interrupts import calling

    report_qt_messages()
    started = SystemClock().now().local().replace(hour=13, minute=0, second=0, microsecond=0)
    clock = ManualClock(started)
    screen = Screen(vault=folder.vault, paper_folder=folder.path, clock=clock, profile=folder.profile, cost=cost)
    screen.program.backups.is_automatic = False  # what is played is no record to keep
    therapist = Clinician("Demo Therapist, LCSW", Role.THERAPIST, new_page_passphrase(os.urandom))
    crna = Clinician("Demo Nurse, CRNA", Role.MEDICAL, new_page_passphrase(os.urandom))
    folder.write_passphrases({therapist.label: therapist.passphrase, crna.label: crna.passphrase})
    screen.program.here_anyway = folder.vault  # a demo's vault is no loss, wherever it is
    player = DemoPlayer(
        screen.desk,
        screen.ticker,
        clock,
        shipped_codebook(),
        tell=tell,
        keep_picture=folder.keep_picture,
        on_saved=on_saved,
        speed=speed,
    )
    papers = Papers(folder.summary, folder.record, "the integration therapist", "K-0142 (demo, no real patient)")
    try:
        with calling(player.stop):
            player.play(therapist, crna, "K-0142", plan, papers)
    finally:
        screen.close()
    secrets_of_pages = {f"{document}.pdf": page.passphrase for document, page in player.pages.items()}
    folder.write_passphrases({therapist.label: therapist.passphrase, crna.label: crna.passphrase, **secrets_of_pages})
    return player.refused


def _choose_platform(*, is_watched: bool) -> None:
    """Play on the screen where there is one and somebody watches, else offscreen."""
    if not (_has_display() and is_watched):
        os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")


def _has_display() -> bool:
    """Tell whether there is a screen, as far as the system says."""
    return sys.platform in {"win32", "darwin"} or any(os.environ.get(name) for name in ("DISPLAY", "WAYLAND_DISPLAY"))
