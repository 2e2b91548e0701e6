"""A process note leaves the therapist's compartment with a standing authorization, or it stays there."""

from dataclasses import replace
from datetime import date

import pytest

from kapnotes.domain.around import Theme, ThemeState
from kapnotes.domain.entries import (
    Authorization,
    Block,
    CheckIn,
    Intention,
    Mark,
    MarkChange,
    Narrative,
    Note,
    Release,
    ReleasedLine,
    Setting,
    Signal,
)
from kapnotes.domain.errors import NotAuthorized
from kapnotes.domain.release import is_releasable, line_of, released_from, require_complete

SIGNED, EXPIRES = date(2025, 3, 8), date(2025, 6, 1)
AUTHORIZATION = Authorization(
    discloser="T. Therapist",
    recipient="I. Integration",
    description="the lines that are marked on the page",
    purpose="integration session",
    expires_on=EXPIRES,
    signed_by="K-0142",
    signed_on=SIGNED,
)
ON = date(2025, 3, 9)
TO = AUTHORIZATION.recipient


@pytest.fixture
def write(script, therapist):
    """Add something of the therapist's."""

    def write_one(body, minute, **more):
        return script.add(body, minute, **{"author": therapist, **more})

    return write_one


def released_texts(script, on=ON):
    return [entry.body.text for released in released_from(script.record, on, TO) for entry in released.entries]


def test_nothing_is_released_by_default(script, write):
    write(Note("tears"), 5)

    assert released_from(script.record, ON, TO) == ()


def test_only_the_chosen_lines_are_released_with_the_authorization_that_covers_them(script, write):
    write(Note("not chosen"), 4)
    chosen = write(Note("it's all water", "quote"), 5)
    write(Release(AUTHORIZATION, (line_of(chosen),)), 90)

    (released,) = released_from(script.record, ON, TO)
    assert released.entries == (chosen,)
    assert released.authorization == AUTHORIZATION


@pytest.mark.parametrize(
    ("on", "stands"),
    [
        (date(2025, 3, 7), False),  # dated in the future
        (SIGNED, True),
        (EXPIRES, True),
        (date(2025, 6, 2), False),  # expired
    ],
)
def test_an_authorization_stands_from_its_signature_to_its_last_day(script, write, on, stands):
    chosen = write(Note("water"), 5)
    write(Release(AUTHORIZATION, (line_of(chosen),)), 90)

    assert bool(released_from(script.record, on, TO)) is stands


def test_what_was_revoked_is_no_longer_released(script, write, therapist):
    chosen = write(Note("water"), 5)
    release = write(Release(AUTHORIZATION, (line_of(chosen),)), 90)
    script.correct(release, None, 95, author=therapist)

    assert released_from(script.record, ON, TO) == ()


def test_a_line_that_was_corrected_after_its_release_is_left_out(script, write, therapist):
    kept, changed = write(Note("water"), 5), write(Note("fire"), 6)
    write(Release(AUTHORIZATION, (line_of(kept), line_of(changed))), 90)
    script.correct(changed, Note("fire, and a name"), 95, author=therapist)

    assert released_texts(script) == ["water"]


def test_a_line_whose_code_was_corrected_after_its_release_is_left_out(script, write, therapist):
    changed = write(Note("water", "quote"), 5)
    write(Release(AUTHORIZATION, (line_of(changed),)), 90)
    script.correct(changed, Note("water", "body"), 95, author=therapist)

    assert released_from(script.record, ON, TO) == ()


def test_a_line_that_was_retracted_after_its_release_is_left_out(script, write, therapist):
    gone = write(Note("of another patient"), 5)
    write(Release(AUTHORIZATION, (line_of(gone),)), 90)
    script.correct(gone, None, 95, author=therapist)

    assert released_from(script.record, ON, TO) == ()


def test_a_line_that_was_corrected_before_its_release_is_released_as_it_stood(script, write, therapist):
    note = write(Note("watr"), 5)
    script.correct(note, Note("water"), 6, author=therapist)
    standing = next(entry for entry, _ in script.record.of(Note))
    write(Release(AUTHORIZATION, (line_of(standing),)), 90)

    assert released_texts(script) == ["water"]


def test_the_fingerprint_is_that_of_one_entry_and_not_of_its_text_alone(write):
    assert line_of(write(Note("water"), 5)).sha256 != line_of(write(Note("water"), 6)).sha256


def test_a_theme_that_was_corrected_or_taken_back_after_its_release_is_left_out(script, write, therapist):
    changed, gone = write(Theme("doors"), 5), write(Theme("water"), 6)
    write(Release(AUTHORIZATION, (line_of(changed), line_of(gone))), 90)
    assert released_texts(script) == ["doors", "water"]
    script.correct(changed, Theme("the third door"), 91, author=therapist)
    script.correct(gone, None, 92, author=therapist)

    assert released_texts(script) == []


def test_a_note_and_a_check_in_with_the_same_words_have_two_fingerprints(write):
    note = write(Note("water"), 5)

    assert line_of(note).sha256 != line_of(replace(note, body=CheckIn("water"))).sha256


def test_a_fingerprint_takes_any_text(write):
    assert len(line_of(write(Note("\ud800 water"), 5)).sha256) == 64


@pytest.mark.parametrize(
    "body",
    [Note("water"), Mark("affect"), Mark("quiet", MarkChange.START), CheckIn(), Intention("to look"), Theme("doors")],
)
def test_lines_of_process_notes_can_be_chosen(script, write, body):
    chosen = write(body, 5)
    write(Release(AUTHORIZATION, (line_of(chosen),)), 90)

    assert is_releasable(chosen)
    assert released_from(script.record, ON, TO)[0].entries == (chosen,)


@pytest.mark.parametrize(
    "body",
    [
        Setting("lamp off"),
        Signal("come"),
        Narrative(Block.WORDS, "water"),
        Release(AUTHORIZATION, ()),
        ThemeState("0" * 32, is_open=False),
    ],
)
def test_nothing_else_can_be_chosen(script, write, body):
    entry = write(body, 5)
    write(Release(AUTHORIZATION, (ReleasedLine(entry.entry_id, "0" * 64),)), 90)

    assert not is_releasable(entry)
    assert released_from(script.record, ON, TO) == ()
    with pytest.raises(NotAuthorized):
        line_of(entry)


def test_a_line_with_a_wrong_fingerprint_or_of_nowhere_is_left_out(script, write):
    note = write(Note("water"), 5)
    write(Release(AUTHORIZATION, (ReleasedLine(note.entry_id, "0" * 64), ReleasedLine("f" * 32, "0" * 64))), 90)

    assert released_from(script.record, ON, TO) == ()


def test_nobody_releases_what_somebody_else_wrote(script, write, crna):
    note = write(Note("water"), 5)
    write(Release(AUTHORIZATION, (line_of(note),)), 90, author=crna)

    assert released_from(script.record, ON, TO) == ()


def test_a_line_that_was_chosen_twice_is_on_the_page_once(script, write):
    note = write(Note("water"), 5)
    write(Release(AUTHORIZATION, (line_of(note), line_of(note))), 90)

    assert released_texts(script) == ["water"]


def test_two_authorizations_stay_two(script, write):
    one, other = write(Note("water"), 5), write(Note("fire"), 6)
    write(Release(AUTHORIZATION, (line_of(one),)), 90)
    write(Release(replace(AUTHORIZATION, recipient="S. Someone"), (line_of(other),)), 91)

    (found,) = released_from(script.record, ON, TO)
    (found_other,) = released_from(script.record, ON, "S. Someone")
    assert (found.authorization.recipient, found.entries) == ("I. Integration", (one,))
    assert (found_other.authorization.recipient, found_other.entries) == ("S. Someone", (other,))


@pytest.mark.parametrize("recipient", ["", " ", "S. Someone", "I. Integration, MD"])
def test_a_line_that_was_released_to_one_is_on_no_page_for_another(script, write, recipient):
    write(Release(AUTHORIZATION, (line_of(write(Note("water"), 5)),)), 90)

    assert released_from(script.record, ON, recipient) == ()


@pytest.mark.parametrize("recipient", ["i. integration", "  I.  Integration\n", "I. INTEGRATION"])
def test_case_and_white_space_do_not_make_another_recipient(script, write, recipient):
    write(Release(AUTHORIZATION, (line_of(write(Note("water"), 5)),)), 90)

    assert len(released_from(script.record, ON, recipient)) == 1


def test_an_entry_of_another_author_under_the_same_id_neither_hides_nor_replaces_a_released_line(script, write, crna):
    note = write(Note("water"), 5)
    write(Release(AUTHORIZATION, (line_of(note),)), 90)
    for minute in (4, 6):
        script.record.apply(replace(script.entry(Note("mud"), minute, author=crna), entry_id=note.entry_id))

    assert released_texts(script) == ["water"]


@pytest.mark.parametrize("field", ["discloser", "recipient", "description", "purpose", "signed_by"])
@pytest.mark.parametrize("text", ["", "  \t"])
def test_an_authorization_that_lacks_what_the_law_asks_for_is_refused(script, write, field, text):
    incomplete = replace(AUTHORIZATION, **{field: text})
    write(Release(incomplete, (line_of(write(Note("water"), 5)),)), 90)

    with pytest.raises(NotAuthorized, match=r"164\.508"):
        require_complete(incomplete)
    with pytest.raises(NotAuthorized):
        released_from(script.record, ON, TO)


def test_an_authorization_does_not_expire_before_it_was_signed():
    require_complete(replace(AUTHORIZATION, expires_on=SIGNED))
    with pytest.raises(NotAuthorized, match="expires"):
        require_complete(replace(AUTHORIZATION, expires_on=date(2025, 3, 7)))
