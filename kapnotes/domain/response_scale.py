"""The patient's own scales between sessions, PHQ-9 and GAD-7: what was answered, the total and its band.

Source: PHQ-9 0 to 27, cuts 5, 10, 15, 20; GAD-7 0 to 21, cuts 5, 10, 15; free to use (Pfizer: no permission required to
reproduce, translate, display or distribute).
"""

from dataclasses import dataclass
from enum import StrEnum

from kapnotes.domain.errors import Misread

PHQ9, GAD7 = "phq9", "gad7"
"""The names of the two."""

ITEMS = {PHQ9: 9, GAD7: 7}
"""How many items each has, every one answered with 0 to 3."""

SELF_HARM_ITEM = 9
"""Of PHQ-9: thoughts of being better off dead or of self-harm; above zero it is shown, never buried in a total."""

LEFT_OUT = "-"
"""Is typed for an item without an answer."""


class Band(StrEnum):
    """How much the total says, in the words of the scales' authors."""

    MINIMAL = "minimal"
    MILD = "mild"
    MODERATE = "moderate"
    MODERATELY_SEVERE = "moderately_severe"
    SEVERE = "severe"


_BANDS = {
    PHQ9: ((20, Band.SEVERE), (15, Band.MODERATELY_SEVERE), (10, Band.MODERATE), (5, Band.MILD), (0, Band.MINIMAL)),
    GAD7: ((15, Band.SEVERE), (10, Band.MODERATE), (5, Band.MILD), (0, Band.MINIMAL)),
}


@dataclass(frozen=True, slots=True)
class ResponseScale:
    """A scale as the patient answered it, item by item; None is an item without an answer.

    The total is computed, never typed. `difficulty` is the question behind the items, 0 to 3, which is in no total.
    """

    name: str
    items: tuple[int | None, ...]
    difficulty: int | None = None

    @property
    def unanswered(self) -> tuple[int, ...]:
        """Return the numbers of the items without an answer, from 1."""
        return tuple(place for place, item in enumerate(self.items, 1) if item is None)

    @property
    def is_complete(self) -> bool:
        """Tell whether every item of the scale is answered."""
        return not self.unanswered and len(self.items) == ITEMS.get(self.name, len(self.items))

    @property
    def total(self) -> int | None:
        """Return the sum of the items, None for a scale that is not complete: it is not estimated."""
        return sum(item or 0 for item in self.items) if self.is_complete else None

    @property
    def band(self) -> Band | None:
        """Return the band of the total, None where there is none."""
        total = self.total
        if total is None:
            return None
        return next((band for least, band in _BANDS.get(self.name, ()) if total >= least), None)

    @property
    def self_harm(self) -> int:
        """Return what item 9 of PHQ-9 says, 0 for no answer and for any other scale."""
        if self.name != PHQ9 or len(self.items) < SELF_HARM_ITEM:
            return 0
        return self.items[SELF_HARM_ITEM - 1] or 0


def read_answers(name: str, line: str) -> ResponseScale:
    """Return the scale *name* as *line* answers it: a digit from 0 to 3 for each item, - for one without an answer.

    White space between them does not count. One digit more answers how difficult the problems made it.

    Raises:
        Misread: a sign that is none of these, or too few or too many; names the column.
    """
    answers: list[int | None] = []
    wanted = ITEMS[name]
    for column, sign in enumerate(line):
        if sign.isspace():
            continue
        if len(answers) > wanted:
            raise Misread("{wanted} answers, and one for the difficulty: this is too much.", column, wanted=wanted)
        if sign in {LEFT_OUT, "\N{MINUS SIGN}"}:
            answers.append(None)
        elif sign in "0123":
            answers.append(int(sign))
        else:
            raise Misread("An answer is 0, 1, 2 or 3; - leaves an item out.", column)
    if len(answers) < wanted:
        column = len(line)
        words = "{given} of {wanted} items so far; - leaves one out."
        raise Misread(words, column, given=len(answers), wanted=wanted)
    difficulty = answers[wanted] if len(answers) > wanted else None
    items = tuple(answers[:wanted])
    if all(item is None for item in items):
        raise Misread("No item is answered; there is nothing to keep.", 0)
    return ResponseScale(name, items, difficulty)


def typed_so_far(name: str, line: str) -> tuple[str, ...]:
    """Return the answers that *line* holds up to its first fault, a sign each, with that of the difficulty behind."""
    signs: list[str] = []
    for sign in line:
        if sign.isspace():
            continue
        plain = LEFT_OUT if sign == "\N{MINUS SIGN}" else sign
        if plain not in {LEFT_OUT, "0", "1", "2", "3"} or len(signs) > ITEMS[name]:
            break
        signs.append(plain)
    return tuple(signs)


def answers_line(scale: ResponseScale) -> str:
    """Return the line that `read_answers` reads as *scale*."""
    signs = [LEFT_OUT if item is None else str(item) for item in scale.items]
    if scale.difficulty is not None:
        signs.append(str(scale.difficulty))
    return "".join(signs)
