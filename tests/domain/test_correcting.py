"""What a correction says and why, the two ends of a state, and what an entry said before."""

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kapnotes.domain.around import ForSummary
from kapnotes.domain.clock import ManualClock
from kapnotes.domain.codebook import Code, CodeKind
from kapnotes.domain.correcting import (
    BECAUSE,
    code_of,
    corrected,
    earlier_words,
    other_end,
    recoded,
    split_reason,
    words_of,
)
from kapnotes.domain.entries import CheckIn, Correction, Intention, Mark, MarkChange, Note, Phase, Setting, Stage
from kapnotes.domain.errors import KapnotesError, Misread
from kapnotes.domain.looking_back import kind_of, wanted_for_summary
from tests.domain.conftest import THERAPIST, SessionScript

START, STOP = MarkChange.START, MarkChange.STOP
BEGUN = datetime(2025, 3, 8, 14, 0, tzinfo=UTC)


# ----------------------------------------------------------------------------------------- words and reason


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("he wept", ("he wept", "")),
        ("he wept // misheard", ("he wept", "misheard")),
        ("see a // b // why", ("see a // b", "why")),
        ("// of another patient", ("", "of another patient")),
        ("// ", ("", "")),
        ("he wept //", ("he wept", "")),
        ("see https://example.org", ("see https://example.org", "")),
        ("either//or", ("either//or", "")),
    ],
)
def test_the_reason_stands_after_its_sign(line, said):
    assert split_reason(line) == said


@given(st.text(), st.text().map(str.strip).filter(bool))
def test_whatever_is_said_and_why_is_read_as_it_was_written(words, why):
    if " // " in f" {why} " or why.startswith("// ") or why.endswith(" //"):
        return
    assert split_reason(f"{words}{BECAUSE}{why}") == (words.rstrip(), why)


@given(st.text())
def test_a_line_without_the_sign_is_all_words(line):
    if " //" not in line and not line.startswith("//"):
        assert split_reason(line) == (line, "")


texts = st.text(min_size=1).filter(str.strip)
bodies = st.one_of(
    st.builds(Note, texts, st.sampled_from(["", "quote", "body"])),
    st.builds(CheckIn, st.text()),
    st.builds(Intention, texts),
    st.builds(Setting, texts),
    st.builds(Mark, st.sampled_from(["body", "challenging"]), st.sampled_from(list(MarkChange))),
)


@given(bodies)
def test_what_is_put_into_the_line_and_entered_unchanged_is_what_was_there(body):
    assert corrected(body, words_of(body), code_of(body)) == body


@given(bodies, texts)
def test_words_change_the_words_and_neither_kind_nor_code_but_of_a_mark(body, words):
    if isinstance(body, Mark) and body.change is not MarkChange.POINT:
        with pytest.raises(Misread):
            corrected(body, words, body.code)
        return
    after = corrected(body, words, code_of(body))

    assert (words_of(after), code_of(after)) == (words, code_of(body))
    assert type(after) is (Note if isinstance(body, Mark) else type(body))


@pytest.mark.parametrize("body", [Note("x", "body"), Intention("x"), Setting("x")])
def test_words_cannot_become_nothing(body):
    with pytest.raises(Misread, match="lacks words"):
        corrected(body, "  ", code_of(body))


def test_a_stage_is_not_corrected_here():
    with pytest.raises(KapnotesError):
        corrected(Phase(Stage.DOSING), "x", "")


@pytest.mark.parametrize(
    ("body", "kinds"),
    [
        (Note("x"), {CodeKind.POINT, CodeKind.STATE, CodeKind.QUOTE}),
        (Mark("body"), {CodeKind.POINT}),
        (Mark("support", START), {CodeKind.STATE}),
        (CheckIn(), set()),
        (Setting("x"), set()),
    ],
)
def test_a_code_fits_the_kind_of_the_entry(body, kinds):
    for kind in CodeKind:
        code = Code("other", "other", "", "", kind)
        if kind in kinds:
            assert recoded(body, code) == "other"
        else:
            with pytest.raises(KapnotesError, match="cannot be the code"):
                recoded(body, code)


# --------------------------------------------------------------------------------------------- in a record


@given(st.lists(st.tuples(st.sampled_from("ab"), st.sampled_from([START, STOP])), max_size=12))
def test_begin_and_end_of_a_stretch_know_each_other(marks):
    script = SessionScript(ManualClock(BEGUN))
    entries = [script.add(Mark(code, change), minute) for minute, (code, change) in enumerate(marks, 1)]
    open_since = {}
    pairs = {}
    for entry in entries:
        if entry.body.change is START:
            open_since.setdefault(entry.body.code, entry)
        elif entry.body.code in open_since:
            begun = open_since.pop(entry.body.code)
            pairs[begun.entry_id], pairs[entry.entry_id] = entry, begun

    assert [other_end(script.record, entry) for entry in entries] == [pairs.get(entry.entry_id) for entry in entries]


def test_what_an_entry_said_before_is_told_once_each_oldest_first(script, therapist):
    note = script.add(Note("one", "body"), 1, author=therapist)
    for replacement in (Note("two", "body"), Note("one", "body"), None, Note("three", "quote")):
        script.add(Correction(note.entry_id, "a slip", replacement), 2, author=therapist)

    stands = script.record.as_it_stands(note)
    assert stands.body == Note("three", "quote")
    assert earlier_words(script.record, stands) == ("body: one", "body: two")
    quiet = script.add(CheckIn(), 3, author=therapist)
    script.add(Correction(quiet.entry_id, "", CheckIn("slower")), 4, author=therapist)
    assert earlier_words(script.record, script.record.as_it_stands(quiet)) == ()


def test_the_end_of_a_chain_of_corrections_is_the_entry_itself(script, therapist):
    note = script.add(Note("one"), 1, author=therapist)
    first = script.add(Correction(note.entry_id, "a slip", Note("two")), 2, author=therapist)
    second = script.add(Correction(first.entry_id, "undone", None), 3, author=therapist)

    assert script.record.corrected_in_the_end(second) == note
    assert script.record.corrected_in_the_end(note) == note
    stray = script.entry(Correction("f" * 32, "of nothing", None), 4, author=therapist)
    assert script.record.corrected_in_the_end(stray) is None


@given(st.lists(st.tuples(st.sampled_from("abc"), st.booleans())))
def test_the_newest_word_about_each_entry_says_whether_it_is_for_the_summary(words):
    script = SessionScript(ManualClock(BEGUN))
    for minute, (target, is_wanted) in enumerate(words, 1):
        script.add(ForSummary(target * 32, is_wanted), minute, author=THERAPIST)

    newest = dict(words)
    assert wanted_for_summary(script.record, THERAPIST.member_id) == {one * 32 for one in newest if newest[one]}
    assert wanted_for_summary(script.record, "b" * 32) == frozenset()


def test_begin_and_end_and_notes_of_a_code_are_of_one_kind():
    assert {kind_of(body) for body in (Mark("quiet", START), Mark("quiet", STOP), Note("x", "quiet"))} == {"quiet"}
    assert kind_of(Note("x")) == "plain"
    assert kind_of(CheckIn()) == "check-in"


@given(st.lists(st.tuples(st.integers(0, 3), st.booleans()), max_size=10))
def test_what_stands_and_what_was_taken_back_are_together_all_that_was_noted(changes):
    script = SessionScript(ManualClock(BEGUN))
    notes = [script.add(Note(f"note {number}"), number, author=THERAPIST) for number in range(4)]
    for minute, (number, takes_back) in enumerate(changes, 10):
        replacement = None if takes_back else Note("other")
        script.add(Correction(notes[number].entry_id, "a slip", replacement), minute, author=THERAPIST)

    gone = script.record.taken_back()
    stands = [entry for entry, _ in script.record.of(Note)]
    assert sorted(entry.entry_id for entry in (*gone, *stands)) == sorted(note.entry_id for note in notes)
    assert [entry.body for entry in gone] == [
        note.body for note in notes if note.entry_id in {one.entry_id for one in gone}
    ]
