"""A person who had to begin again under another id is one author; nobody else is taken for her."""

from dataclasses import replace
from datetime import UTC, date, datetime

from hypothesis import given
from hypothesis import strategies as st

from kapnotes.domain.clock import ManualClock
from kapnotes.domain.custody import SignOff
from kapnotes.domain.entries import Addendum, Authorization, Correction, Entry, Note, Release
from kapnotes.domain.members import Persons, therapy_of
from kapnotes.domain.record import Record
from kapnotes.domain.release import line_of, released_from

FIRST, SECOND, THIRD, OTHER = (letter * 32 for letter in "abcd")
PERSONS = Persons({SECOND: FIRST, THIRD: FIRST})
DAY = date(2025, 3, 8)
AUTHORIZATION = Authorization("T.", "I.", "lines", "integration", DAY, "K-0142", DAY)


def entries_of(script):
    """Return entries from what was drawn: author and, of a correction, the number of its target and its text."""
    clock, made = ManualClock(datetime(2025, 3, 8, 14, 0, tzinfo=UTC)), []
    for number, (author, target, text) in enumerate(script):
        clock.advance(1)
        now = clock.now()
        body = Note(text or "nothing") if target is None else _correction(target % (number + 1), text)
        made.append(Entry(f"{number:032x}", "f" * 32, author, now, now, body))
    return made


def _correction(target, text):
    return Correction(f"{target:032x}", "a slip", Note(text) if text else None)


drawn = st.tuples(
    st.sampled_from([FIRST, SECOND, THIRD, OTHER]),
    st.none() | st.integers(0, 30),
    st.sampled_from(["", "water", "door", "light"]),
)


@given(st.lists(drawn, max_size=14))
def test_what_stands_is_as_if_the_person_had_had_one_id_all_along(script):
    entries = entries_of(script)
    known = Record(entries, PERSONS)
    alone = Record([replace(entry, author_id=PERSONS.began(entry.author_id)) for entry in entries])

    said = [(entry.entry_id, entry.body) for entry in known.standing()]
    assert said == [(entry.entry_id, entry.body) for entry in alone.standing()]
    for entry in entries:
        assert known.stands(entry.entry_id, entry.author_id) == alone.stands(entry.entry_id)
        corrected = known.corrections_of(entry.entry_id, THIRD)
        assert len(corrected) == len(alone.corrections_of(entry.entry_id, FIRST))


@given(st.lists(drawn, max_size=14))
def test_every_entry_that_stands_keeps_the_id_that_it_was_signed_with(script):
    entries = entries_of(script)
    authors = {entry.entry_id: entry.author_id for entry in entries}

    for entry in Record(entries, PERSONS).standing():
        assert entry.author_id == authors[entry.entry_id]


def test_without_knowing_who_is_who_nobody_is_taken_for_somebody_else(script, therapist):
    note = script.add(Note("water"), 5, author=therapist)
    other = replace(therapist, member_id=SECOND)
    script.correct(note, Note("door"), 6, author=other)

    assert [one.text for _, one in script.record.of(Note)] == ["water"]
    assert script.record.entry(note.entry_id, SECOND) is None


def test_a_signature_is_the_persons_under_whichever_id(script):
    therapy = therapy_of(FIRST)
    entries = [*script.record.entries]
    note, signed, added = (
        replace(script.entry(body, minute), author_id=author)
        for body, minute, author in (
            (Note("water"), 5, FIRST),
            (SignOff(therapy, "T. Therapist", "LCSW", "complete", ()), 90, SECOND),
            (Addendum("", "remembered", Note("door")), 95, THIRD),
        )
    )
    record = Record([*entries, note, signed, added], PERSONS)

    assert record.signature(FIRST, therapy) == record.signature(THIRD, therapy) == signed
    assert not record.is_signed(OTHER, therapy)
    assert record.is_after_signature(added)


def test_a_person_releases_the_own_lines_of_every_id_and_nobody_elses(script):
    notes = [replace(script.entry(Note(author[0]), 5), author_id=author) for author in (FIRST, SECOND, OTHER)]
    release = replace(script.entry(Release(AUTHORIZATION, tuple(map(line_of, notes))), 90), author_id=THIRD)
    record = Record([*script.record.entries, *notes, release], PERSONS)

    (released,) = released_from(record, DAY, "I.")
    assert list(released.entries) == notes[:2]
