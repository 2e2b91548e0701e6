"""Themes that go on from session to session."""

from dataclasses import replace
from datetime import UTC, datetime

from hypothesis import given
from hypothesis import strategies as st

from kapnotes.domain.around import Theme, ThemeState
from kapnotes.domain.clock import ManualClock
from kapnotes.domain.entries import Correction
from kapnotes.domain.themes import themes_in, themes_of
from tests.domain.conftest import THERAPIST, SessionScript


def session(day):
    return SessionScript(ManualClock(datetime(2025, 3, day, 14, 0, tzinfo=UTC)))


def add(script, body, minute):
    return script.add(body, minute, author=THERAPIST)


def read(*scripts):
    return themes_of(themes_in(script.record, number) for number, script in enumerate(scripts, 1))


def test_a_theme_is_open_until_it_is_settled_in_whatever_session():
    first, second = session(1), session(8)
    water = add(first, Theme("water"), 5)
    add(second, ThemeState(water.entry_id, is_open=False), 5)

    (theme,) = read(first, second)
    assert (theme.text, theme.session, theme.is_open) == ("water", 1, False)


def test_a_settled_theme_can_be_opened_again():
    first, second = session(1), session(8)
    water = add(first, Theme("water"), 5)
    add(first, ThemeState(water.entry_id, is_open=False), 9)
    add(second, ThemeState(water.entry_id, is_open=True), 5)

    assert [theme.is_open for theme in read(first, second)] == [True]


def test_the_last_word_counts_where_an_earlier_session_is_opened_again():
    first, second = session(1), session(8)
    water = add(first, Theme("water"), 5)
    add(second, ThemeState(water.entry_id, is_open=False), 5)
    add(first, ThemeState(water.entry_id, is_open=True), 20 * 24 * 60)

    assert [theme.is_open for theme in read(first, second)] == [True]


def test_a_corrected_theme_says_what_it_says_now_and_a_retracted_one_is_gone():
    first = session(1)
    water = add(first, Theme("watr"), 5)
    gone = add(first, Theme("a slip"), 6)
    first.record.apply(first.entry(Correction(water.entry_id, "a slip", Theme("water")), 7, author=THERAPIST))
    first.record.apply(first.entry(Correction(gone.entry_id, "a slip", None), 8, author=THERAPIST))

    assert [theme.text for theme in read(first)] == ["water"]


def test_a_state_of_a_theme_that_cannot_be_read_is_no_theme():
    second = session(8)
    add(second, ThemeState("f" * 32, is_open=False), 5)

    assert read(second) == ()


def test_its_repr_holds_no_word_of_a_patient():
    first = session(1)
    add(first, Theme("water"), 5)

    assert "water" not in repr(themes_in(first.record, 1))


@given(
    steps=st.lists(
        st.tuples(st.integers(0, 2), st.integers(0, 6), st.sampled_from([None, True, False])), min_size=1, max_size=25
    )
)
def test_any_order_of_themes_and_states_gives_what_a_simple_model_gives(steps):
    """Sessions take turns; each step is a new theme, or a word on one of those there are."""
    scripts = [session(1), session(1), session(1)]
    model, order = {}, [[], [], []]
    for minute, (place, which, is_open) in enumerate(steps):
        ids = list(model)
        if is_open is None or not ids:
            made = scripts[place].entry(Theme(f"theme {minute}"), minute, author=THERAPIST)
            made = replace(made, entry_id=f"{minute + 1000:032x}")
            scripts[place].record.apply(made)
            model[made.entry_id] = True
            order[place].append(made.entry_id)
        else:
            target = ids[which % len(ids)]
            add(scripts[place], ThemeState(target, is_open=is_open), minute)
            model[target] = is_open

    themes = read(*scripts)
    assert [(theme.entry_id, theme.is_open) for theme in themes] == [
        (entry_id, model[entry_id]) for ids in order for entry_id in ids
    ]
