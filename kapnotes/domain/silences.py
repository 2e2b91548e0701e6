"""The silences between the lines that a page shows: stretches longer than the interval of the check-in.

They are computed from the shown lines alone. A silence that knew of other lines would tell when they were written, and
when somebody wrote is a process note as well; so a reader is told what a silence here means (`silence_means`).
"""

from kapnotes.domain.check_in import EARLY_S, interval_s
from kapnotes.domain.clock import Stamp
from kapnotes.domain.entries import CheckIn, Entry, Stage
from kapnotes.domain.record import Record
from kapnotes.domain.words import Translate


def silences(record: Record, shown: frozenset[str], until: Stamp) -> list[tuple[float, float]]:
    """Return each silence as seconds after the first dose, from when to when, up to the closing or *until*.

    There is none where no line is shown: then nothing is known of when anything was said. A check-in that was answered
    with "quiet" breaks no silence.
    """
    first = record.first_dose
    lines = [entry for entry in record.standing() if entry.entry_id in shown]
    if first is None or not lines:
        return []
    end_s = min(record.between_s(first, end) for end in (until, record.began(Stage.CLOSING)) if end is not None)
    said_s = sorted(at_s for at_s in record.seconds_after(first, list(filter(_is_said, lines))) if 0 < at_s < end_s)
    longest_s = interval_s(record) + EARLY_S
    stretches = zip([0.0, *said_s], [*said_s, end_s], strict=True)
    return [(start_s, stop_s) for start_s, stop_s in stretches if stop_s - start_s > longest_s]


def silence_means(record: Record, translate: Translate) -> str:
    """Return what a silence on the page is and what it need not be."""
    words = translate(
        "Figure",
        "Silence: more than {minutes} minutes without a released line. Lines that were not released are not counted, "
        "so it need not have been silent in the room.",
    )
    return words.format(minutes=round(interval_s(record) / 60))


def _is_said(entry: Entry) -> bool:
    return not (isinstance(entry.body, CheckIn) and not entry.body.text.strip())
