"""What a pad shows of this moment: the course, what is due, what runs, whether all is saved. It takes no key."""

from PySide6.QtCore import QObject

from kapnotes.app.live_session import LiveSession
from kapnotes.domain.clock import Stamp
from kapnotes.domain.codebook import Codebook
from kapnotes.ui import pad_check_in, route_cue
from kapnotes.ui.active import Active
from kapnotes.ui.code_keys import legend_of
from kapnotes.ui.cue import Cue
from kapnotes.ui.labels import ElidedLabel
from kapnotes.ui.lamp import Lamp
from kapnotes.ui.pad_use import use_words
from kapnotes.ui.ribbon import Ribbon
from kapnotes.ui.session_window import TIMER
from kapnotes.ui.strip import Strip, pressure_words

_CHECK_IN, _VITALS, _ACTIVE = 0, 1, 2
"""Places of the strip."""


class PadSight(QObject):
    """The ribbon above the notes, and cue, strip and legend below them; the window puts them in their places."""

    def __init__(self, live: LiveSession, codebook: Codebook, lamp: Lamp, parent: QObject) -> None:
        super().__init__(parent)
        self._live = live
        self._active = Active(live.record, codebook)
        self._codes = legend_of(codebook)
        self._has_timers = route_cue.has_timers(live)
        self.ribbon = Ribbon(lamp)
        self.cue = Cue(lamp)
        names = (self.tr("check-in"), self.tr("vitals"), self.tr("active"), self.tr("saving"))
        timer = (self.tr("route"),) if self._has_timers else ()
        self.strip = Strip(*names, *timer, whole=_ACTIVE)
        self.legend = ElidedLabel(0.72, is_dim=True)

    def be_thin(self, is_thin: bool) -> None:
        """Let the bars be thin, where they are a large part of the window."""
        self.ribbon.be_thin(is_thin)
        self.cue.be_thin(is_thin)

    def look(self) -> None:
        """Show what does not count seconds as it is now."""
        self._show_legend()
        self.ribbon.show_course(self._live.record.protocol, self._live.elapsed_s())

    def count_on(self, now: Stamp) -> None:
        """Show what counts seconds as it is *now*."""
        live = self._live
        left_s = pad_check_in.left_s(live)
        self.strip.show_cell(_CHECK_IN, pad_check_in.check_in_words(left_s))
        self.strip.show_cell(_VITALS, pressure_words(live.record, now))
        self.strip.show_cell(_ACTIVE, self._active.words(now))
        if self._has_timers:
            self.strip.show_cell(TIMER, route_cue.timer_words(live))
        self.cue.look((left_s is not None and left_s <= 0) or route_cue.is_asking(live), live.record.position_s(now))

    def _show_legend(self) -> None:
        """Tell the keys of the codebook, or once the session is closed, what using the pad took."""
        use = use_words(self._live)
        words = use or self._codes
        if words != self.legend.text():
            self.legend.setText(words)
            self.legend.setAccessibleName(self.tr("Use of the pad") if use else self.tr("Keys of the codebook"))

    def due(self) -> tuple[str, ...]:
        """Return when the next check-in is due, and what the route's timer says, as they may stand on a cover."""
        check_in, timer = self.strip.cell(_CHECK_IN), route_cue.timer_in_sight(self._live)
        return (self.tr("check-in {}").format(check_in) if check_in else "", timer)
