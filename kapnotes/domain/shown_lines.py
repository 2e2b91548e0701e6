"""The rows of the timeline that come from process notes: states, quotes, notes and the silences between them.

Nothing is drawn here but those entries whose ids are shown; what is not shown leaves no trace.
"""

from dataclasses import dataclass

from kapnotes.domain.clock import Stamp
from kapnotes.domain.entries import CheckIn, Entry, Intention, Mark, MarkChange, Note
from kapnotes.domain.figure import Anchor, Glyph, Rect, Role, Shape, Sketch, text_width
from kapnotes.domain.record import Record
from kapnotes.domain.silences import silences
from kapnotes.domain.text import shortened
from kapnotes.domain.thinning import signs_of
from kapnotes.domain.time_axis import TimeAxis
from kapnotes.domain.words import Translate

MOST_NAMED = 80
"""Quotes whose words are tried on a figure; of more nobody could read them."""

MOST_NAMED_NOTES = 24
"""Notes of which the codes are tried; where there are more, those few that found room would say nothing."""

LONGEST_WORDS = 34
"""Characters of a quote on the figure; the list has the whole."""


@dataclass(frozen=True, slots=True)
class ShownLines:
    """What a timeline shows of the process notes of a session."""

    states: tuple[tuple[str, Stamp, Stamp], ...]
    words: tuple[Entry, ...]
    notes: tuple[Entry, ...]
    silences_s: tuple[tuple[float, float], ...]

    @property
    def codes(self) -> list[str]:
        """Return the states, each once, in the order in which they began."""
        return list(dict.fromkeys(code for code, _, _ in self.states))


def shown_lines(record: Record, shown: frozenset[str], until: Stamp) -> ShownLines:
    """Return the lines of *record* whose ids are in *shown*, as the timeline draws them."""
    states, lone = _states(record, until, shown)
    points = [entry for entry in record.standing() if entry.entry_id in shown and _is_point(entry)]
    places = sorted([*points, *lone], key=lambda entry: record.position_s(entry.happened))
    return ShownLines(
        tuple(states),
        tuple(entry for entry in places if is_patients_words(entry)),
        tuple(entry for entry in places if not is_patients_words(entry)),
        tuple(silences(record, shown, until)),
    )


def is_patients_words(entry: Entry) -> bool:
    """Tell whether a line holds the patient's own words: a quote, or the intention."""
    return isinstance(entry.body, Intention) or (isinstance(entry.body, Note) and entry.body.code == "quote")


def _is_point(entry: Entry) -> bool:
    match entry.body:
        case Mark(_, change):
            return change is MarkChange.POINT
        case body:
            return isinstance(body, Note | CheckIn | Intention)


def _states(record: Record, until: Stamp, shown: frozenset[str]) -> tuple[list[tuple[str, Stamp, Stamp]], list[Entry]]:
    """Return the stretches of states whose both ends are shown (or that still run), and the ends that stand alone."""
    spans: list[tuple[str, Stamp, Stamp]] = []
    lone: list[Entry] = []
    running: dict[str, Entry] = {}
    for entry, mark in record.of(Mark):
        is_shown = entry.entry_id in shown
        if mark.change is MarkChange.START:
            running.setdefault(mark.code, entry)
        elif mark.change is MarkChange.STOP:
            start = running.pop(mark.code, None)
            if start is not None and start.entry_id in shown:
                if is_shown:
                    spans.append((mark.code, start.happened, entry.happened))
                else:
                    lone.append(start)
            elif is_shown:
                lone.append(entry)
    spans.extend((code, entry.happened, until) for code, entry in running.items() if entry.entry_id in shown)
    return spans, lone


# ------------------------------------------------------------------------------------------------------ drawing


def draw_state(sketch: Sketch, axis: TimeAxis, lines: ShownLines, codes: list[str], base: float, size: float) -> None:
    """Draw a bar above *base* for each stretch of a state in *codes*; where they share a row, each bears its name."""
    for code in codes:
        bars: dict[int, Rect] = {}
        for one, start, stop in lines.states:
            if one == code:
                x1, x2 = axis.x_of(start), axis.x_of(stop)
                before = bars.get(int(x1))
                wide = max(1.0, x2 - x1, before.w if before is not None else 0.0)
                bars[int(x1)] = Rect(x1, base - size * 0.6, wide, size * 0.6, Role.STATE)
        for bar in bars.values():
            sketch.add(bar)
            if len(codes) > 1:
                sketch.label(bar.x, bar.y - size * 0.15, code, size * 0.9)


def draw_words(
    sketch: Sketch, axis: TimeAxis, lines: ShownLines, top: float, lanes: int, lane: float, size: float
) -> None:
    """Draw a ring for each quote, with its first words beside it where one of the *lanes* has room for them.

    Where quotes are many, the first lane has all the rings, and below them stand those words that find room.
    """
    places = [(axis.x_of(entry.happened), entry) for entry in lines.words]
    if len(places) > 2 * lanes:
        for x, _ in signs_of([(x, 0.0) for x, _ in places], size * 0.5):
            _draw_ring(sketch, x, top + lane / 2, size)
        for x, entry in places[:: -(-len(places) // MOST_NAMED)]:
            any(
                sketch.label(x - size * 0.35, top + lane * (index + 0.5) + size * 0.32, _words_of(entry), size * 0.9)
                for index in range(1, lanes)
            )
        return
    for x, entry in places:
        if not any(_draw_quote(sketch, x, entry, top + lane * (index + 0.5), size) for index in range(lanes)):
            _draw_ring(sketch, x, top + lane / 2, size)


def _draw_quote(sketch: Sketch, x: float, entry: Entry, middle: float, size: float) -> bool:
    """Draw a ring with the words on that side of it that has room, and tell whether one had."""
    for anchor, place in ((Anchor.START, x + size * 0.75), (Anchor.END, x - size * 0.75)):
        if sketch.label(place, middle + size * 0.32, _words_of(entry), size * 0.9, anchor):
            _draw_ring(sketch, x, middle, size)
            return True
    return False


def _draw_ring(sketch: Sketch, x: float, y: float, size: float) -> None:
    sketch.add(Glyph(x, y, Shape.RING, size * 0.85, Role.QUOTE))
    sketch.keep_free(x - size * 0.45, y - size * 0.45, x + size * 0.45, y + size * 0.45)


def _words_of(entry: Entry) -> str:
    text = entry.body.text if isinstance(entry.body, Note | Intention) else ""
    return f"“{shortened(text.strip(QUOTE_MARKS), LONGEST_WORDS)}”"


QUOTE_MARKS = "\"'\u201c\u201d\u201e\u00ab\u00bb\u2018\u2019"


def draw_notes(
    sketch: Sketch, axis: TimeAxis, lines: ShownLines, top: float, height: float, size: float, tr: Translate
) -> None:
    """Draw a tick for each note, mark and check-in, and its code where there is room."""
    middle, base = top + height * 0.5, top + height - size * 0.6
    places = [(axis.x_of(entry.happened), entry) for entry in lines.notes]
    for x, _ in signs_of([(x, 0.0) for x, _ in places], size * 0.5):
        sketch.add(Glyph(x, middle, Shape.TICK, size * 0.9, Role.MARK))
        sketch.keep_free(x - size * 0.3, top, x + size * 0.3, top + height)
    for x, entry in places if len(places) <= MOST_NAMED_NOTES else ():
        sketch.label(x + size * 0.55, base, _name_of(entry, tr), size * 0.9)


def _name_of(entry: Entry, translate: Translate) -> str:
    match entry.body:
        case CheckIn():
            return translate("Figure", "check-in")
        case Mark(code) | Note(_, code):
            return code
        case _:
            return ""


def draw_silences(sketch: Sketch, axis: TimeAxis, lines: ShownLines, y: float, size: float, tr: Translate) -> None:
    """Draw a line with two ends for each silence, and how long it was in its middle where that fits."""
    for start_s, stop_s in lines.silences_s:
        x1, x2 = axis.x(start_s) + size * 0.2, axis.x(stop_s) - size * 0.2
        if x2 - x1 < size * 0.5:
            continue
        words = tr("Figure", "{minutes} min").format(minutes=round((stop_s - start_s) / 60))
        half = text_width(words, size * 0.9) / 2 + size * 0.3
        middle = (x1 + x2) / 2
        is_named = 2 * half + size < x2 - x1 and sketch.label(
            middle, y + size * 0.32, words, size * 0.9, Anchor.MIDDLE, Role.TEXT_DIM
        )
        for x in (x1, x2):
            sketch.line(x, y - size * 0.25, x, y + size * 0.25, Role.GAP)
        for left, right in ((x1, middle - half), (middle + half, x2)) if is_named else ((x1, x2),):
            sketch.line(left, y, right, y, Role.GAP)
