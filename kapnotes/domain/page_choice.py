"""What somebody chose for one summary: which released lines, and which parts of the page are left out."""

from dataclasses import dataclass
from enum import StrEnum


class PagePart(StrEnum):
    """The parts of a summary that can be left out; whatever else is on it always is."""

    FIGURE = "figure"
    VITALS = "vitals"
    ROOM = "room"
    EARLIER = "earlier"


NOT_BY_DEFAULT = frozenset({PagePart.EARLIER})
"""What came of earlier sessions is from process notes, of which nothing goes on a page that nobody chose."""


class FixedPart(StrEnum):
    """What is on every summary, because without it nobody could judge the rest or go on safely."""

    HEAD = "head"
    DRUGS = "drugs"
    EVENTS = "events"
    AMENDMENTS = "amendments"
    RELEASE = "release"
    SIGNATURES = "signatures"
    ABOUT = "about"


@dataclass(frozen=True, slots=True)
class PageChoice:
    """What one summary shows of what it may show; it never adds to that.

    `chosen` are ids of process notes; None is every line that is released. The page names the parts in `left_out`.
    """

    chosen: frozenset[str] | None = None
    left_out: frozenset[PagePart] = NOT_BY_DEFAULT

    def shows(self, part: PagePart) -> bool:
        """Tell whether the page has that part."""
        return part not in self.left_out

    def takes(self, entry_id: str) -> bool:
        """Tell whether a released line of that id is wanted."""
        return self.chosen is None or entry_id in self.chosen


ALL_RELEASED = PageChoice()
"""Where nobody chose, as on the command line: the usual parts, and every line that is released to the recipient."""

NONE_RELEASED = PageChoice(frozenset())
"""What has no line of process notes on it, whatever was released."""
