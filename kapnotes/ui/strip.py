"""The strip under the line: a few fixed places, each with a dim name, so that nothing on the screen ever moves."""

from collections.abc import Mapping, Sequence

from PySide6.QtCore import QCoreApplication
from PySide6.QtWidgets import QBoxLayout, QHBoxLayout, QVBoxLayout, QWidget

from kapnotes.domain.clock import Stamp
from kapnotes.domain.entries import Vitals
from kapnotes.domain.figure import signed
from kapnotes.domain.record import Record, percent_from
from kapnotes.ui.labels import MARK_SIGN, ElidedLabel, ScaledLabel
from kapnotes.ui.times import duration

_BELOW = QBoxLayout.Direction.TopToBottom
_BESIDE = QBoxLayout.Direction.LeftToRight


class Strip(QWidget):
    """Places for short words, by their index.

    The place *whole* has the whole width, above the others and beside its name. *shares* are those of the width, by
    place; who is not named has one of them.
    """

    def __init__(self, *names: str, whole: int | None = None, shares: Mapping[int, int] | None = None) -> None:
        super().__init__()
        self._shares = shares or {}
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(2)
        above = QHBoxLayout()
        above.setSpacing(12)
        row = QHBoxLayout()
        row.setSpacing(16)
        column.addLayout(above)
        column.addLayout(row)
        self._row = row
        self._parts: list[QBoxLayout] = []
        self._titles: list[ScaledLabel] = []
        self._whole: tuple[QWidget, ...] = ()
        self._cells: list[ElidedLabel] = []
        for index, name in enumerate(names):
            title = ScaledLabel(0.72, is_dim=True)
            title.setText(name)
            cell = ElidedLabel(1.0)
            cell.setAutoFillBackground(True)  # a change of words paints nothing else
            cell.setAccessibleName(name)
            part = above if index == whole else QBoxLayout(_BELOW)
            part.addWidget(title)
            part.addWidget(cell, 1)
            if index == whole:
                self._whole = (title, cell)
            else:
                part.setSpacing(0)
                row.addLayout(part, self._shares.get(index, 1))
                self._parts.append(part)
                self._titles.append(title)
            self._cells.append(cell)

    def set_low(self, shares: Sequence[int] = (), *, nameless: int | None = None) -> None:
        """Put each name beside its place, which has that share of the width; without *shares* above it, all alike.

        The place *nameless* has no name then, because its words say what it is about.
        """
        for place, (part, title) in enumerate(zip(self._parts, self._titles, strict=True)):
            part.setDirection(_BESIDE if shares else _BELOW)
            part.setSpacing(5 if shares else 0)
            title.setVisible(not shares or place != nameless)
            self._row.setStretch(place, shares[place] if shares else self._shares.get(place, 1))
        self._row.activate()
        self.updateGeometry()

    def show_whole(self, *, is_shown: bool) -> None:
        """Show the place that has the whole width, or let its row be another's."""
        for widget in self._whole:
            widget.setVisible(is_shown)

    def give_way(self, shares: Mapping[int, int] | None, *, is_nameless: bool = False) -> None:
        """Show only the places that have a share in *shares*, or all of them again; without names they are lower."""
        for place, title in enumerate(self._titles):
            is_shown = shares is None or place in shares
            title.setVisible(is_shown and not is_nameless)
            self._cells[place].setVisible(is_shown)
            self._row.setStretch(place, (shares or self._shares).get(place, 1) if is_shown else 0)
        self._row.activate()
        self.updateGeometry()

    def show_cell(self, index: int, text: str, *, is_mark: bool = False) -> None:
        """Show *text* in a place; nothing is repainted where it says so already."""
        cell = self._cells[index]
        shown = f"{MARK_SIGN} {text}" if is_mark else text
        if cell.text() != (shown or "\N{EN DASH}"):
            cell.setText(shown or "\N{EN DASH}")
        cell.set_mark(is_mark)

    def cell(self, index: int) -> str:
        """Return what a place shows."""
        return self._cells[index].text()


def pressure_words(record: Record, now: Stamp) -> str:
    """Return the newest blood pressure as `132/84 +9 % 4 min`: value, change from baseline, age; else nothing."""
    entry, vitals = record.newest_entry(Vitals), record.newest(Vitals)
    if entry is None or vitals is None:
        return ""
    age = duration(record.between_s(entry.happened, now))
    if vitals.systolic_mmhg is None:
        return QCoreApplication.translate("Strip", "taken {} ago").format(age)
    change = ""
    baseline = record.baseline
    if baseline is not None and baseline.systolic_mmhg is not None and record.first_dose is not None:
        percent = percent_from(baseline.systolic_mmhg, vitals.systolic_mmhg)
        change = "" if percent is None else QCoreApplication.translate("Strip", "{} %").format(signed(percent))
    words = (f"{vitals.systolic_mmhg}/{vitals.diastolic_mmhg}", change, age)
    return "  ".join(word for word in words if word)
