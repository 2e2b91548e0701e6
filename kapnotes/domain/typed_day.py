"""When something was, as a form takes it: nothing is now, `14:30` is today, `2026-11-26 14:30` is that day."""

import re
from datetime import datetime, timedelta

from kapnotes.domain.clock import Stamp
from kapnotes.domain.errors import Misread

HOW = "2026-11-26 14:30"
"""The form, as it is shown to whoever needs it."""

_TYPED = re.compile(r"(?:(\d{4})-(\d{1,2})-(\d{1,2})\s+)?(\d{1,2}):(\d{2})", re.ASCII)


def read_day_time(text: str, now: Stamp) -> Stamp:
    """Return the moment that *text* names by the laptop's present local time, *now* where it names none.

    Raises:
        Misread: it is no day and time, or still to come.
    """
    typed = text.strip()
    if not typed:
        return now
    found = _TYPED.fullmatch(typed)
    if found is None:
        raise Misread("Write day and time as {how}; the time alone is today, nothing is now.", 0, how=HOW)
    year, month, day, hour, minute = (int(part) if part else None for part in found.groups())
    here = now.local()
    try:
        wanted = datetime(
            year or here.year, month or here.month, day or here.day, hour or 0, minute or 0, tzinfo=here.tzinfo
        )
    except ValueError:
        raise Misread("There is no such day or time: {text}.", 0, text=typed) from None
    if wanted > here:
        raise Misread("That is still to come; it is {now} now.", 0, now=f"{here:%Y-%m-%d %H:%M}")
    return now.shifted((wanted - here) / timedelta(seconds=1))
