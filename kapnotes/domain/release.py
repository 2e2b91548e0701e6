"""Which process notes may stand on a page: those that an authorization covers, and no other.

Source: 45 CFR 164.508(a)(2), (b)(5), (c)(1). Revoking is retracting the `Release`. What became of each authorization,
for somebody who looks at them, is told by `release_states`.
"""

import json
from dataclasses import dataclass
from datetime import date
from hashlib import sha256

from kapnotes.domain.around import Theme
from kapnotes.domain.entries import Authorization, CheckIn, Entry, Intention, Mark, Note, Release, ReleasedLine
from kapnotes.domain.errors import NotAuthorized
from kapnotes.domain.page_choice import ALL_RELEASED, PageChoice
from kapnotes.domain.record import Record
from kapnotes.domain.text import one_line

Releasable = Note | Mark | CheckIn | Intention | Theme


@dataclass(frozen=True, slots=True)
class Released:
    """Lines that may be printed, and the authorization that says so; made by `released_from` alone."""

    authorization: Authorization
    entries: tuple[Entry, ...]


def is_releasable(entry: Entry) -> bool:
    """Tell whether *entry* is a line of process notes that can be chosen for a page."""
    return isinstance(entry.body, Releasable)


def line_of(entry: Entry) -> ReleasedLine:
    """Return the fingerprint of *entry* as it stands now, to be kept in a `Release`."""
    return ReleasedLine(entry.entry_id, _fingerprint(entry))


def require_complete(authorization: Authorization) -> None:
    """Refuse an authorization that lacks what the law asks for.

    Raises:
        NotAuthorized: a field is empty, or it expires before it was signed.
    """
    named = {
        "who discloses": authorization.discloser,
        "to whom": authorization.recipient,
        "what is disclosed": authorization.description,
        "the purpose": authorization.purpose,
        "the signature": authorization.signed_by,
    }
    for what, text in named.items():
        if not text.strip():
            raise NotAuthorized("The authorization does not say {what}; fill it in (45 CFR 164.508(c)).", what=what)
    if authorization.expires_on < authorization.signed_on:
        raise NotAuthorized("The authorization expires before it was signed; correct one of the dates.")


def released_from(record: Record, on: date, recipient: str, choice: PageChoice = ALL_RELEASED) -> tuple[Released, ...]:
    """Return what *record*'s releases allow on a page that is made on day *on* for *recipient*, and *choice* takes.

    A release whose authorization has expired, is dated later than *on*, was revoked or names somebody else gives
    nothing. A line that was corrected after its release is left out: the patient allowed other words. So is a line that
    somebody else wrote: only its originator releases it.

    Raises:
        NotAuthorized: an authorization in the record is not complete.
    """
    here = (one for one in in_force(record, on) if is_for(one.authorization, recipient))
    taken = (Released(one.authorization, tuple(e for e in one.entries if choice.takes(e.entry_id))) for one in here)
    return tuple(one for one in taken if one.entries)


def on_paper(name: str) -> str:
    """Return who signed, as it is recorded and printed, where the signature stands on paper and not here."""
    return f"{name} (on paper)" if name else ""


def is_for(authorization: Authorization, recipient: str) -> bool:
    """Tell whether *authorization* names *recipient*; case and white space do not count."""
    return one_line(authorization.recipient).casefold() == one_line(recipient).casefold()


def in_force(record: Record, on: date) -> list[Released]:
    """Return every release that stands on day *on*, whomever it names, with the lines that it still covers.

    Raises:
        NotAuthorized: an authorization in the record is not complete.
    """
    found: list[Released] = []
    for made, release in record.of(Release):
        authorization = release.authorization
        require_complete(authorization)
        if not authorization.signed_on <= on <= authorization.expires_on:
            continue
        standing = record.standing()
        own = {one.entry_id: one for one in standing if record.persons.are_one(one.author_id, made.author_id)}
        entries = tuple(own[line.entry_id] for line in dict.fromkeys(release.lines) if _still_says(line, own))
        if entries:
            found.append(Released(authorization, entries))
    return found


def _still_says(line: ReleasedLine, standing: dict[str, Entry]) -> bool:
    entry = standing.get(line.entry_id)
    return entry is not None and is_releasable(entry) and _fingerprint(entry) == line.sha256


def _fingerprint(entry: Entry) -> str:
    match entry.body:
        case Note(text, code):
            said = ["note", code, text]
        case Mark(code, change):
            said = ["mark", code, change]
        case CheckIn(text):
            said = ["check_in", text]
        case Intention(text):
            said = ["intention", text]
        case Theme(text):
            said = ["theme", text]
        case _:
            raise NotAuthorized("Only lines of process notes are released.")
    return sha256(json.dumps([entry.entry_id, *said]).encode()).hexdigest()
