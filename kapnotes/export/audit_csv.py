"""The audit trail as a table for a spreadsheet."""

from collections.abc import Iterable

from kapnotes.domain.audit import TrailRow
from kapnotes.domain.words import Translate
from kapnotes.export.csv_text import csv_bytes


def audit_csv(rows: Iterable[TrailRow], translate: Translate) -> bytes:
    """Return *rows* with when (ISO 8601 with its offset), who, what and which session."""
    titles = [translate("Trail", "when"), translate("Trail", "who"), translate("Trail", "what")]
    titles.append(translate("Trail", "session"))
    cells = ((row.at.local().isoformat(timespec="seconds"), row.who, row.what, row.session) for row in rows)
    return csv_bytes(titles, cells)
