"""A second member vouches for a dose, a setting of the infusion, or waste, and what came of that afterwards.

Source: 21 CFR 11.50 (printed name, time and meaning of a signature), 11.70 (linked to what was signed, so that it
cannot be used for anything else): the link is the entry's id with a hash of what it said.
"""

import json
from collections.abc import Iterable
from dataclasses import dataclass, fields
from decimal import Decimal
from hashlib import sha256

from kapnotes.domain.drug_entries import Countersignature, Countersigned
from kapnotes.domain.drug_trail import attachment_of
from kapnotes.domain.entries import Body, Dose, Entry, Infusion, Waste, type_names
from kapnotes.domain.members import Member
from kapnotes.domain.record import Record
from kapnotes.domain.words import Translate

Countersignable = Dose | Infusion | Waste


@dataclass(frozen=True, slots=True)
class Vouched:
    """One countersignature of an entry; it `matches` as long as the entry says what it said then."""

    entry: Entry
    said: Countersignature
    matches: bool


def meaning_of(body: Body) -> Countersigned:
    """Return what a second signature of *body* says."""
    return Countersigned.WITNESSED_WASTE if isinstance(body, Waste) else Countersigned.CHECKED_DOSE


def digest(record: Record, entry: Entry) -> str:
    """Return the SHA-256 of what *entry* says as it stands: its kind, author, time and fields, and what stands beside.

    It is spelled as JSON, so that no two entries are spelled alike; an amount counts by its value.
    """
    stands = record.as_it_stands(entry) or entry
    attached = attachment_of(record, stands)
    said = ["kapnotes countersigned 1", stands.entry_id, stands.author_id, str(stands.happened.utc_ns)]
    for body in (stands.body, attached.body if attached is not None else None):
        said += _spelled(body) if body is not None else ["nothing"]
    return sha256(json.dumps(said, ensure_ascii=True).encode()).hexdigest()


def _spelled(body: Body) -> Iterable[str]:
    yield type_names[type(body)]
    for field in fields(body):
        value = getattr(body, field.name)
        yield f"{field.name}={value.normalize():f}" if isinstance(value, Decimal) else f"{field.name}={value}"


def countersigned(record: Record, entry: Entry) -> list[Vouched]:
    """Return who vouched for *entry*, oldest first; nobody vouches for an own entry."""
    own = [
        (by, said)
        for by, said in record.of(Countersignature)
        if said.target_id == entry.entry_id
        and record.persons.are_one(said.target_author_id, entry.author_id)
        and not record.persons.are_one(by.author_id, entry.author_id)
    ]
    if not own:
        return []
    now = digest(record, entry)
    return [Vouched(by, said, said.sha256 == now) for by, said in own]


def is_vouched(record: Record, entry: Entry) -> bool:
    """Tell whether somebody vouched for *entry* as it stands now."""
    return any(one.matches for one in countersigned(record, entry))


def candidates(record: Record) -> list[Entry]:
    """Return what can be countersigned, the newest first."""
    return [entry for entry in reversed(list(record.standing())) if isinstance(entry.body, Countersignable)]


def second_members(record: Record, entry: Entry, members: Iterable[Member]) -> list[Member]:
    """Return who may vouch for *entry*: any member but its author, who is the same person under an older id too."""
    return [one for one in members if not record.persons.are_one(one.member_id, entry.author_id)]


def vouched_in_words(record: Record, entry: Entry, translate: Translate) -> list[str]:
    """Return who witnessed or checked *entry* and when, each with its mark where the entry was changed since."""
    wording = {
        Countersigned.WITNESSED_WASTE: translate("Drug", "witnessed by {who}, {time}"),
        Countersigned.CHECKED_DOSE: translate("Drug", "checked by {who}, {time}"),
    }
    changed = translate("Drug", "does not match: changed since")
    found: list[str] = []
    for one in countersigned(record, entry):
        who = ", ".join(filter(None, [one.said.name, one.said.credential]))
        words = wording[one.said.meaning].format(who=who, time=f"{one.entry.happened.local():%H:%M}")
        found.append(words if one.matches else f"{words} ({changed})")
    return found
