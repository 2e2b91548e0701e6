"""What the clinic has printed on every summary: when integration is due, whom to call, and what law binds the page."""

from dataclasses import dataclass

from kapnotes.domain.errors import Misread
from kapnotes.domain.text import storable

LONGEST_WINDOW_H = 21 * 24
"""Hours after which nobody counts a window any more. Source: the field notes (others say up to two or three weeks)."""

MOST_TO_CALL = 600
"""Characters of whom to call: about six lines beside the window."""


@dataclass(frozen=True, slots=True)
class ClinicPages:
    """What every summary says for the clinic; the newest counts.

    The window of integration counts from the end of dosing. `whom_to_call` has a line for each name and number.
    `is_part_2_program` puts the notice of 42 CFR 2.32 on the page.

    Source: 24 to 72 hours, the field notes (clinics' own descriptions); 42 CFR 2.32, as amended in 2024.
    """

    window_first_h: int = 24
    window_last_h: int = 72
    whom_to_call: str = ""
    is_part_2_program: bool = False

    @property
    def window_h(self) -> tuple[int, int]:
        """Return from which to which hour after the end of dosing integration is due."""
        return self.window_first_h, self.window_last_h


USUAL_PAGES = ClinicPages()
"""What a summary says until the clinic has said anything."""


def read_clinic_pages(window: str, whom_to_call: str, *, is_part_2_program: bool) -> ClinicPages:
    """Return what the clinic typed: *window* is two numbers of hours, as "24 72".

    Raises:
        Misread: the window is no two whole hours in their order, or there is too much to call.
    """
    words = window.replace("-", " ").replace("\N{EN DASH}", " ").split()
    if len(words) != 2 or not all(word.isascii() and word.isdecimal() for word in words):
        raise Misread("The window is two numbers of hours, as in: {example}.", 0, example="24 72")
    first_h, last_h = (int(word[:6]) for word in words)
    if not first_h < last_h <= LONGEST_WINDOW_H:
        raise Misread("The window ends after it begins, and within {hours} hours.", 0, hours=LONGEST_WINDOW_H)
    lines = (" ".join(line.split()) for line in storable(whom_to_call).splitlines())
    said = "\n".join(line for line in lines if line)
    if len(said) > MOST_TO_CALL:
        raise Misread("Whom to call takes {most} characters, and this is {count}.", 0, most=MOST_TO_CALL,
                      count=len(said))  # fmt: skip
    return ClinicPages(first_h, last_h, said, is_part_2_program)
