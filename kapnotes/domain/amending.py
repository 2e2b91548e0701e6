"""The line by which something is added to a signed record: `late 14:05 why: what`, or `add why: what`."""

import re
from dataclasses import dataclass

from kapnotes.domain.errors import Misread

HOW = "late 14:05 why: what, or add why: what"
"""The two lines, as they are shown to whoever needs one."""

_LATE = re.compile(r"\s*late\s+(?:(\d{1,2}):(\d{2})\s+)?", re.ASCII | re.IGNORECASE)
_ADD = re.compile(r"\s*add\s+", re.ASCII | re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class AmendmentLine:
    """What such a line says. `at` is hour and minute of a late entry, None of an addendum; `column` is of `text`."""

    at: tuple[int, int] | None
    reason: str
    text: str
    column: int


def read_amendment(line: str) -> AmendmentLine | None:
    """Return what an amending line says, None for any other line.

    Raises:
        Misread: it begins as one, and lacks the time, the reason or what is added.
    """
    late, add = _LATE.match(line), _ADD.match(line)
    begun = late or add
    if begun is None:
        return None
    at = None
    if late is not None:
        if late[1] is None or int(late[1]) > 23 or int(late[2]) > 59:
            raise Misread("A late entry says when it happened, as in late 14:05 why: what.", late.end())
        at = int(late[1]), int(late[2])
    reason, colon, text = line[begun.end() :].partition(":")
    if not colon or not reason.strip() or not text.strip():
        raise Misread("Say why it is added, a colon, and what: late 14:05 why: what, or add why: what.", begun.end())
    column = len(line) - len(text.lstrip())
    return AmendmentLine(at, reason.strip(), text.strip(), column)
