"""A summary that is being put together, as it is kept until it is taken up again: one text, sealed with the drafts."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field

from kapnotes.domain.page_choice import NOT_BY_DEFAULT, PageChoice, PagePart

VERSION = 1


@dataclass(frozen=True, slots=True)
class SummaryDraft:
    """What is chosen, and by name the fields that are typed into and not recorded."""

    chosen: tuple[str, ...] = ()
    left_out: frozenset[PagePart] = NOT_BY_DEFAULT
    fields: Mapping[str, str] = field(default_factory=dict)

    @property
    def is_empty(self) -> bool:
        """Tell whether there is nothing to be kept."""
        return not (self.chosen or self.left_out != NOT_BY_DEFAULT or self.fields)

    @property
    def choice(self) -> PageChoice:
        """Return what the page is to show of what it may show."""
        return PageChoice(frozenset(self.chosen), self.left_out)

    def __repr__(self) -> str:
        return f"<draft of a summary, {len(self.chosen)} lines>"


def text_of(draft: SummaryDraft) -> str:
    """Return *draft* as a text that `read_draft` reads; an empty one is an empty text."""
    if draft.is_empty:
        return ""
    said = {
        "v": VERSION,
        "chosen": list(draft.chosen),
        "left_out": sorted(draft.left_out),
        "fields": dict(draft.fields),
    }
    return json.dumps(said, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def read_draft(text: str) -> SummaryDraft:
    """Return what *text* says; what cannot be read, as from a newer program, is an empty draft: nothing is chosen."""
    try:
        said = json.loads(text) if text else {}
    except (ValueError, RecursionError):
        return SummaryDraft()
    if not isinstance(said, dict) or said.get("v") != VERSION:
        return SummaryDraft()
    chosen, left_out, fields = said.get("chosen"), said.get("left_out"), said.get("fields")
    known = {str(part): part for part in PagePart}
    return SummaryDraft(
        tuple(dict.fromkeys(_texts(chosen))),
        frozenset(known[part] for part in _texts(left_out) if part in known)
        if isinstance(left_out, list)
        else NOT_BY_DEFAULT,
        {name: typed for name, typed in fields.items() if isinstance(typed, str)} if isinstance(fields, dict) else {},
    )


def _texts(value: object) -> list[str]:
    return [one for one in value if isinstance(one, str)] if isinstance(value, list) else []
