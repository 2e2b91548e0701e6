"""The pages of a summary while it is put together: as they would be saved now, as pictures, never on a disk."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

from kapnotes.app.documents import Drawn, Look, draw_page
from kapnotes.app.paper import PaperDesk
from kapnotes.app.worker import Worker
from kapnotes.domain.entries import Entry

if TYPE_CHECKING:
    from kapnotes.export.pictures import Picture, Pictures


@dataclass(frozen=True, slots=True)
class Shown:
    """A page as it is seen: which of how many it is, from 0, its picture, and how many lines are on all of them."""

    number: int
    count: int
    picture: "Picture"
    released_count: int


class Preview:
    """Makes the newest pages that were asked for, one after the other; what is older by then is dropped unseen.

    It is called on the windows' thread, and tells *shown* and *failed* there. Whoever makes the pages draws the one in
    view as well; another one of them is drawn on the thread of pages, of which there is one, because what draws them is
    not made for several.
    """

    def __init__(
        self, desk: PaperDesk, slow: Worker, shown: Callable[[Shown], None], failed: Callable[[Exception], None]
    ) -> None:
        self._desk = desk
        self._slow = slow
        self._shown = shown
        self._failed = failed
        self._pages: Pictures | None = None
        self._released_count = 0
        self._wanted: tuple[str, tuple[Entry, ...]] | None = None
        self._look = Look()
        self._is_busy = False
        self._is_to_be_drawn = False
        self._is_closed = False

    @property
    def is_current(self) -> bool:
        """Tell whether what was shown last is what was asked for last."""
        return not self._is_busy and self._wanted is None and not self._is_to_be_drawn

    def make(self, recipient: str, half_typed: Sequence[Entry] = ()) -> None:
        """Make the pages anew, as the desk would save them for *recipient* with what is *half_typed* entered."""
        self._wanted = recipient, tuple(half_typed)
        self._go_on()

    def look(self, look: Look) -> None:
        """Show another page of those that are there, or the same one otherwise."""
        if look != self._look:
            self._look = look
            self._is_to_be_drawn = self._pages is not None
            self._go_on()

    def close(self) -> None:
        """Let the pages go, also those that are just being made."""
        self._is_closed = True
        self._let_go()

    def _go_on(self) -> None:
        """Begin with what is to be done next, if nothing is under way."""
        if self._is_busy or self._is_closed:
            return
        if self._wanted is not None:
            (recipient, half_typed), self._wanted = self._wanted, None
            self._is_busy, self._is_to_be_drawn, look = True, False, self._look
            self._desk.draw(recipient, half_typed, partial(self._made, look), self._not_made, look)
        elif self._is_to_be_drawn and self._pages is not None:
            pages, look = self._pages, self._look
            self._is_to_be_drawn, self._is_busy = False, True
            self._slow.submit(partial(draw_page, pages, look), self._drawn, self._not_made)

    def _made(self, look: Look, drawn: Drawn) -> None:
        self._let_go()
        self._pages, self._released_count = drawn.pages, drawn.released_count
        if self._is_closed:
            self._let_go()
            return
        self._is_to_be_drawn = look != self._look
        self._drawn((drawn.number, drawn.picture))

    def _drawn(self, drawn: "tuple[int, Picture]") -> None:
        self._is_busy = False
        number, picture = drawn
        if self._pages is not None and self.is_current:
            self._shown(Shown(number, len(self._pages), picture, self._released_count))
        self._go_on()

    def _not_made(self, error: Exception) -> None:
        self._is_busy, self._is_to_be_drawn = False, False
        if self._wanted is None and not self._is_closed:
            self._let_go()
            self._failed(error)
        self._go_on()

    def _let_go(self) -> None:
        """Close the pages where they are drawn, behind what is drawn of them now."""
        pages, self._pages = self._pages, None
        if pages is not None:
            self._slow.submit(pages.close, _nothing, _nothing)


def _nothing(_: object) -> None:
    """Whether pages that nobody sees any more were let go is no news."""
