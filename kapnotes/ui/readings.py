"""Readings in few words, as table and chips of the vitals log show them: short names, signs, changes from baseline."""

from collections.abc import Mapping
from decimal import Decimal

from PySide6.QtCore import QCoreApplication

from kapnotes.domain.changes import Change
from kapnotes.domain.entries import Action, Vitals, content_of
from kapnotes.domain.figure import plain, signed
from kapnotes.domain.limits import BOUNDS, Limit, Severity, severity_of
from kapnotes.domain.record import Record
from kapnotes.ui.labels import MARK_SIGN
from kapnotes.ui.times import clock_time

FAR_SIGN = 2 * MARK_SIGN
"""Stands before a reading far outside the protocol: it is unusual at all as well."""

ASKED_SIGN = "?"
"""Stands before a value that a second Enter confirms."""

IMPOSSIBLE_SIGN = "\N{MULTIPLICATION SIGN}"
"""Stands before a value that cannot be, while it is typed."""


def short_name(field: str) -> str:
    """Return the short name of a field of `Vitals`, as a narrow column has it."""
    translate = QCoreApplication.translate
    known = {
        "map_mmhg": translate("Readings", "MAP"),
        "heart_rate_bpm": translate("Readings", "HR"),
        "spo2_percent": translate("Readings", "SpO₂"),
        "respiratory_rate_bpm": translate("Readings", "RR"),
        "temperature_c": translate("Readings", "°C"),
        "etco2_mmhg": translate("Readings", "EtCO₂"),
        "o2_l_per_min": translate("Readings", "O₂"),
    }
    return known.get(field) or BOUNDS[field].name


def change_words(changes: Mapping[str, Change], *fields: str) -> str:
    """Return how the values of *fields* changed from baseline, as `+8/−4 +7/−5 %`; nothing where none can be said."""
    found = [changes[field] for field in fields if field in changes]
    if len(found) < len(fields):
        return ""
    differences = "/".join(signed(one.difference) for one in found)
    percents = [signed(one.percent) for one in found if one.percent is not None]
    if len(percents) < len(found):
        return differences
    percent = QCoreApplication.translate("Readings", "{} %").format("/".join(percents))
    return f"{differences}  {percent}"


def sign_of(field: str, value: Decimal, limit: Limit | None) -> str:
    """Return the sign before a value that is typed and not logged yet: impossible and unusual ones are asked about."""
    severity = severity_of(field, value, limit)
    is_outside = limit is not None and not limit.holds(value)
    if severity is Severity.IMPOSSIBLE:
        return IMPOSSIBLE_SIGN
    if severity is Severity.UNUSUAL:
        return FAR_SIGN if is_outside else ASKED_SIGN
    return MARK_SIGN if severity is Severity.OUTSIDE else ""


def about_words(record: Record, action: Action) -> str:
    """Return which reading *action* is about, with what of it lies outside the protocol; nothing where none is."""
    about = record.entry(action.about_id) if action.about_id else None
    stands = record.as_it_stands(about) if about is not None else None
    said = content_of(stands.body) if stands is not None else None
    if stands is None or not isinstance(said, Vitals):
        return ""
    outside = ", ".join(f"{short_name(one.field)} {plain(one.value)}" for one in record.out_of_protocol(said))
    words = QCoreApplication.translate("Readings", "about {time}: {outside}")
    return words.format(time=clock_time(stands.happened), outside=outside)
