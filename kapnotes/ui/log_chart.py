"""The chart of the vitals log: its last hour or all of it, and the cursor that stands on a reading."""

from collections.abc import Iterator

from PySide6.QtCore import Slot

from kapnotes.app.live_session import LiveSession
from kapnotes.domain.entries import Entry, Vitals
from kapnotes.domain.figure import AnyShape
from kapnotes.domain.limits import BOUNDS, values_of
from kapnotes.domain.time_axis import View
from kapnotes.domain.vitals_chart import VitalsChart
from kapnotes.domain.words import Translate
from kapnotes.ui.figure_view import FigureView
from kapnotes.ui.lamp import Lamp
from kapnotes.ui.times import clock_time
from kapnotes.ui.turns import Turns

REDRAW_EVERY_S = 30
"""How often the chart follows the time at most when nothing was entered."""

REDRAW_STEP_PX = 3.0
"""It is drawn anew only once what goes on reaches so much further: in three hours of a session that is nearly a minute,
and where nothing goes on it waits for the axis."""

HOUR_S = 3600.0


class LogChart(FigureView):
    """Draws the session of *live*. A cursor that moves leaves the picture alone, but for an hour that has to follow."""

    def __init__(self, live: LiveSession, lamp: Lamp, translate: Translate, turns: Turns) -> None:
        super().__init__(self._shapes, lamp, turns)
        self._live = live
        self._translate = translate
        self._drawn_at = live.now()
        self._plan: VitalsChart | None = None
        self._cursor: Entry | None = None
        self.is_hour = False
        """Whether it shows an hour; remembered while the window is open."""
        self.setAccessibleName(self.tr("Vitals chart"))

    def _shapes(self, width: float, height: float) -> Iterator[AnyShape | None]:
        self._drawn_at = self._live.now()
        view = View(HOUR_S, self._cursor.happened if self._cursor is not None else None) if self.is_hour else None
        self._plan = VitalsChart(self._live.record, width, height, self._drawn_at, self._translate, view)
        self._show_cursor()
        yield None
        yield from self._plan.shapes()

    @Slot()
    def turn_view(self) -> None:
        """Show the last hour, or all of the session again."""
        self.is_hour = not self.is_hour
        self.refresh()

    def put_cursor(self, reading: Entry | None) -> None:
        """Let the cursor stand on *reading*, or nowhere."""
        self._cursor = reading
        self._show_cursor()
        if self.is_hour:
            self.refresh()

    def _show_cursor(self) -> None:
        if self._plan is not None and self._cursor is not None:
            self.show_over(self._plan.cursor(self._cursor).shapes)
        else:
            self.show_over(())

    def look(self) -> None:
        """Follow the time, and tell a screen reader the last set, as long as no cursor tells another one."""
        now, plan = self._live.now(), self._plan
        is_old = plan is None or self._live.record.between_s(self._drawn_at, now) >= REDRAW_EVERY_S
        if is_old and (plan is None or plan.is_past(now, REDRAW_STEP_PX)) and self.isVisible():
            self.refresh()
        entry, vitals = self._live.record.newest_entry(Vitals), self._live.record.newest(Vitals)
        if entry is not None and vitals is not None and self._cursor is None:
            readings = ", ".join(f"{BOUNDS[field].name} {value}" for field, value in values_of(vitals).items())
            self.setAccessibleDescription(
                self.tr("Last set at {time}: {readings}").format(time=clock_time(entry.happened), readings=readings)
            )
