"""Correcting an own note: what can be corrected, what it says then, and why; the original stays legible.

Source: AHIMA, "Amendments in the electronic health record": a correction keeps the original and names its reason.
"""

from kapnotes.domain.codebook import Code, CodeKind
from kapnotes.domain.entries import (
    Body,
    CheckIn,
    Entry,
    Intention,
    Mark,
    MarkChange,
    Note,
    PlainBody,
    Setting,
    content_of,
)
from kapnotes.domain.errors import KapnotesError, Misread
from kapnotes.domain.record import Record

Correctable = Note | Mark | CheckIn | Intention | Setting

BECAUSE = " // "
"""Stands between what is said now and why."""

CORRECTED = "corrected by the author"
"""The reason of a correction before the signature where none is typed: it says no more than is known."""

TAKEN_BACK = "entered by mistake"
"""The reason of taking an entry back before the signature where none is typed."""


def words_of(body: Body) -> str:
    """Return the words of *body*, as they are typed; a mark has none."""
    match body:
        case Note(text, _) | CheckIn(text) | Intention(text) | Setting(text):
            return text
        case _:
            return ""


def code_of(body: Body) -> str:
    """Return the code of a note or a mark; nothing else has one."""
    return body.code if isinstance(body, Note | Mark) else ""


def split_reason(line: str) -> tuple[str, str]:
    """Return what *line* says and, after the last ` // `, why; no reason is empty."""
    padded = f" {line}" if line.startswith("//") else line
    padded = f"{padded} " if padded.endswith(" //") else padded
    words, sign, reason = padded.rpartition(BECAUSE)
    return (words.rstrip(), reason.strip()) if sign else (line, "")


def recoded(body: Body, code: Code) -> str:
    """Return the code that *body* has after the key of *code* was pressed while it is corrected.

    Raises:
        KapnotesError: an entry of this kind has no such code.
    """
    fits = {
        Note: {CodeKind.POINT, CodeKind.STATE, CodeKind.QUOTE},
        Mark: {CodeKind.POINT} if isinstance(body, Mark) and body.change is MarkChange.POINT else {CodeKind.STATE},
    }
    if code.kind not in fits.get(type(body), set()):
        raise KapnotesError("“{code}” cannot be the code of this entry.", code=code.title)
    return code.name


def corrected(body: Body, words: str, code: str) -> PlainBody:
    """Return what *body* says once it is corrected to *words* and *code*. A mark that gets words is a note.

    Raises:
        Misread: it lacks words, or can have none.
    """
    match body:
        case Mark(_, change) if not words.strip():
            return Mark(code, change)
        case Mark(_, MarkChange.POINT):
            return Note(words, code)
        case Mark():
            raise Misread("The begin or end of a state has no words; its code can be another.", 0)
        case CheckIn():
            return CheckIn(words)
        case Note() | Intention() | Setting() if not words.strip():
            raise Misread("It lacks words. To take it back, give the reason alone: // why.", 0)
        case Note():
            return Note(words, code)
        case Intention():
            return Intention(words)
        case Setting():
            return Setting(words)
        case _:
            raise KapnotesError("An entry of this kind is not corrected here.")


def other_end(record: Record, entry: Entry) -> Entry | None:
    """Return the mark that ends the stretch which *entry* begins, or begins the one which it ends; None without one."""
    mark = entry.body
    if not isinstance(mark, Mark) or mark.change is MarkChange.POINT:
        return None
    begun: Entry | None = None
    for one, other in record.of(Mark):
        if other.code != mark.code:
            continue
        if other.change is MarkChange.START:
            begun = begun or one
        elif other.change is MarkChange.STOP:
            if begun is not None and entry.entry_id in {begun.entry_id, one.entry_id}:
                return one if entry.entry_id == begun.entry_id else begun
            begun = None
    return None


def earlier_bodies(record: Record, entry: Entry) -> tuple[Body, ...]:
    """Return what *entry* said before it said what it says now, oldest first, each thing once."""
    original = record.entry(entry.entry_id, entry.author_id)
    if original is None:
        return ()
    said = [content_of(original.body)]
    said += [content_of(one.body) for one in record.corrections_of(entry.entry_id, entry.author_id)]
    earlier: list[Body] = []
    for body in said:
        if body is not None and body != entry.body and body not in earlier:
            earlier.append(body)
    return tuple(earlier)


def earlier_words(record: Record, entry: Entry) -> tuple[str, ...]:
    """Return what *entry* said before it said what it says now, oldest first: code and words, or its code alone.

    What had neither, as a check-in, said nothing that could be struck out.
    """
    spoken = [_spoken(body) for body in earlier_bodies(record, entry)]
    now = _spoken(entry.body)
    return tuple(words for place, words in enumerate(spoken) if words and words != now and words not in spoken[:place])


def _spoken(body: Body) -> str:
    return ": ".join(part for part in (code_of(body), words_of(body)) if part)
