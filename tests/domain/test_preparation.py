"""What was agreed before dosing, and how it holds afterwards: never wider, whatever is noted in whatever order."""

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kapnotes.domain.around import Agreement, SettingItem, TouchAgreement, TouchConsent
from kapnotes.domain.clock import ManualClock
from kapnotes.domain.entries import Correction, LateEntry, Phase, Stage
from kapnotes.domain.members import Member, Persons
from kapnotes.domain.preparation import (
    AREAS,
    ITEMS,
    agreements,
    area_key,
    dosing_began,
    may_agree,
    setting_card,
    touch_agreed,
)
from kapnotes.domain.record import Record
from kapnotes.domain.touch import is_agreed
from tests.domain.conftest import CRNA, THERAPIST, SessionScript

YES, ASK, NO = TouchConsent.YES, TouchConsent.ASK, TouchConsent.NO
WIDTH = {None: 0, NO: 0, ASK: 1, YES: 2}


def agree(script, area, consent, minute, **more):
    return script.add(TouchAgreement(area, consent), minute, author=THERAPIST, **more)


def test_before_dosing_the_newest_agreement_of_an_area_counts(script):
    agree(script, "hand", NO, 1)
    agree(script, "shoulder", ASK, 2)
    agree(script, "hand", YES, 3)

    assert touch_agreed(script.record) == {"hand": YES, "shoulder": ASK}


def test_the_usual_areas_come_first_and_case_does_not_count(script):
    agree(script, "Left  Knee", ASK, 1)
    agree(script, "top of head", NO, 2)
    agree(script, " HAND ", YES, 3)
    agree(script, "left knee", NO, 4)

    assert list(touch_agreed(script.record).items()) == [("hand", YES), ("top of head", NO), ("left knee", NO)]
    assert area_key("Left  Knee") == "left knee"


def test_after_the_first_dose_an_agreement_is_narrowed_and_never_widened(script):
    agree(script, "hand", YES, 1)
    script.log("dose 35 im", 10)
    agree(script, "hand", ASK, 20)
    agree(script, "hand", YES, 30)

    assert touch_agreed(script.record) == {"hand": ASK}


def test_an_area_that_was_not_spoken_of_before_dosing_can_only_be_a_no(script):
    script.log("dose 35 im", 10)
    agree(script, "foot", YES, 20)

    assert touch_agreed(script.record) == {"foot": NO}


def test_a_correction_after_dosing_began_does_not_widen_what_it_corrects(script):
    hand = agree(script, "hand", NO, 1)
    script.log("dose 35 im", 10)
    script.correct(hand, TouchAgreement("hand", YES), 20, author=THERAPIST)

    assert script.record.of(TouchAgreement)[0][1].consent is YES
    assert touch_agreed(script.record) == {"hand": NO}


def test_a_correction_before_dosing_is_what_was_agreed(script):
    hand = agree(script, "hand", NO, 1)
    script.correct(hand, TouchAgreement("hand", YES), 5, author=THERAPIST)
    script.log("dose 35 im", 10)

    assert touch_agreed(script.record) == {"hand": YES}


def test_taking_an_agreement_back_during_dosing_is_a_no(script):
    agree(script, "hand", YES, 1)
    shoulder = agree(script, "shoulder", YES, 2)
    script.log("dose 35 im", 10)
    script.correct(shoulder, None, 20, author=THERAPIST)

    assert touch_agreed(script.record) == {"hand": YES, "shoulder": NO}


def test_an_agreement_that_is_moved_to_another_area_during_dosing_leaves_a_no(script):
    hand = agree(script, "hand", YES, 1)
    script.log("dose 35 im", 10)
    script.correct(hand, TouchAgreement("foot", YES), 20, author=THERAPIST)

    assert touch_agreed(script.record) == {"hand": NO, "foot": NO}


def test_what_somebody_else_corrects_counts_for_nothing(script):
    hand = agree(script, "hand", YES, 1)
    script.log("dose 35 im", 10)
    script.correct(hand, None, 20, author=CRNA)

    assert touch_agreed(script.record) == {"hand": YES}


def test_who_goes_on_under_another_id_takes_back_what_that_person_agreed(script):
    again = Member("e" * 32, "T. Therapist", THERAPIST.roles, THERAPIST.member_id)
    hand = agree(script, "hand", YES, 1)
    script.correct(hand, TouchAgreement("hand", ASK), 5, author=again)
    script.log("dose 35 im", 10)
    record = Record(script.record.entries, Persons({again.member_id: again.succeeds}))
    assert touch_agreed(record) == {"hand": ASK}

    record.apply(script.entry(Correction(hand.entry_id, "a slip", None), 20, author=again))
    assert touch_agreed(record) == {"hand": NO}


def test_an_agreement_that_is_noted_late_does_not_widen_either(script):
    agree(script, "hand", ASK, 1)
    script.log("dose 35 im", 10)
    script.add(LateEntry("not noted then", TouchAgreement("hand", YES)), 5, entered_minute=30, author=THERAPIST)

    assert touch_agreed(script.record) == {"hand": ASK}


def test_a_first_dose_that_is_noted_late_moves_the_moment_back(script):
    agree(script, "hand", YES, 20)
    assert touch_agreed(script.record) == {"hand": YES}
    script.log("dose 35 im", 10, entered_minute=25)

    assert touch_agreed(script.record) == {"hand": NO}


def test_the_stage_counts_where_it_is_entered_before_the_dose(script):
    script.add(Phase(Stage.DOSING), 5)
    script.log("dose 35 im", 10)

    assert dosing_began(script.record) == script.stamp(5)


def test_what_may_be_agreed_is_what_would_count(script):
    agree(script, "hand", ASK, 1)
    assert may_agree(script.record, "hand", YES)
    script.log("dose 35 im", 10)

    assert [may_agree(script.record, "Hand", consent) for consent in (YES, ASK, NO)] == [False, True, True]
    assert [may_agree(script.record, "foot", consent) for consent in (YES, ASK, NO)] == [False, False, True]


_AREAS = st.sampled_from(["hand", "Hand", "foot", "knee"])
_STEPS = st.lists(
    st.one_of(
        st.tuples(st.just("agree"), _AREAS, st.sampled_from(TouchConsent), st.integers(0, 40)),
        st.tuples(st.just("correct"), st.integers(0, 9), st.none() | st.sampled_from(TouchConsent), _AREAS),
    ),
    max_size=14,
)


def _play(script, steps, minute_0, apart_min):
    """Give what is agreed after each of the *steps*, which are entered so many minutes apart."""
    made = [entry for entry in script.record.entries if isinstance(entry.body, TouchAgreement | Correction)]
    for number, (kind, *facts) in enumerate(steps):
        entered = minute_0 + number * apart_min
        if kind == "agree":
            area, consent, minute = facts
            made.append(agree(script, area, consent, min(minute, entered), entered_minute=entered))
        elif made:
            place, consent, area = facts
            body = None if consent is None else TouchAgreement(area, consent)
            made.append(script.correct(made[place % len(made)], body, entered, author=THERAPIST))
        yield touch_agreed(script.record)


@given(before=_STEPS, after=_STEPS, is_slow=st.booleans(), arrival=st.randoms(use_true_random=False))
def test_nothing_that_is_entered_after_dosing_began_widens_whatever_it_is_and_in_whatever_order(
    before, after, is_slow, arrival
):
    script = SessionScript(ManualClock(datetime(2025, 3, 8, 14, 0, tzinfo=UTC)))
    list(_play(script, before, 42, 0.1))
    known = held = touch_agreed(script.record)
    script.log("dose 35 im", 50)
    assert touch_agreed(script.record) == known
    for held in _play(script, after, 60, 0.2 if is_slow else 0.06):
        assert all(WIDTH[consent] <= WIDTH[known.get(area)] for area, consent in held.items())
        assert known.keys() <= held.keys()
        if is_slow:  # more than a slip's time apart, so that each step is a statement
            known = held

    shuffled = list(script.record.entries[1:])
    arrival.shuffle(shuffled)
    assert touch_agreed(Record([script.record.entries[0], *shuffled])) == held


def slip_of(script, minute):
    """Let a no be entered during dosing, where the hand was agreed and the foot never spoken of."""
    agree(script, "hand", YES, 1)
    script.log("dose 35 im", 10)
    return [agree(script, area, NO, minute) for area in ("hand", "foot")]


@pytest.mark.parametrize(("seconds", "held"), [(1, {"hand": YES}), (10, {"hand": YES}), (11, {"hand": NO, "foot": NO})])
def test_a_no_that_is_taken_back_at_once_was_a_slip_and_what_held_before_holds_again(script, seconds, held):
    for slip in slip_of(script, 20):
        script.correct(slip, None, 20 + seconds / 60, author=THERAPIST)

    assert touch_agreed(script.record) == held
    assert is_agreed(script.record, "hand", script.stamp(19.9))
    assert not is_agreed(script.record, "hand", script.stamp(20))
    assert is_agreed(script.record, "hand", script.stamp(21)) == (held["hand"] is YES)


def test_a_slip_whose_correction_is_taken_back_is_a_no_after_all(script):
    hand, foot = slip_of(script, 20)
    taken_back = script.correct(hand, None, 20.05, author=THERAPIST)
    script.correct(foot, None, 20.05, author=THERAPIST)
    script.correct(taken_back, None, 20.1, author=THERAPIST)

    assert touch_agreed(script.record) == {"hand": NO}


def test_a_yes_never_comes_of_what_is_corrected_at_once(script):
    agree(script, "hand", NO, 1)
    script.log("dose 35 im", 10)
    slip = agree(script, "hand", NO, 20)
    script.correct(slip, TouchAgreement("hand", YES), 20.05, author=THERAPIST)
    wider = agree(script, "foot", YES, 21)
    script.correct(wider, None, 21.05, author=THERAPIST)

    assert touch_agreed(script.record) == {"hand": NO}


def test_somebody_else_takes_no_slip_back(script):
    hand, _ = slip_of(script, 20)
    script.correct(hand, None, 20.05, author=CRNA)

    assert touch_agreed(script.record) == {"hand": NO, "foot": NO}


@given(steps=st.lists(st.tuples(st.sampled_from(ITEMS), st.sampled_from(["", " ", "dim", "no music"])), max_size=20))
def test_the_card_holds_the_newest_text_of_each_item_by_number(steps):
    script = SessionScript(ManualClock(datetime(2025, 3, 8, 14, 0, tzinfo=UTC)))
    for minute, (item, text) in enumerate(steps):
        script.add(SettingItem(item, text), minute)

    card = setting_card(script.record)
    newest = dict(steps)
    assert card == {item: text for item, text in newest.items() if text.strip()}
    assert list(card) == sorted(card)


def test_an_item_that_is_corrected_says_what_it_says_now(script):
    light = script.add(SettingItem(5, "bright"), 1)
    script.correct(light, SettingItem(5, "one candle"), 2)

    assert setting_card(script.record) == {5: "one candle"}


def test_agreements_stand_in_their_order_and_can_be_taken_back(script):
    first = script.add(Agreement("the phone is off"), 1)
    script.add(Agreement("a word ends it: stop"), 2)
    script.add(Correction(first.entry_id, "a slip", None), 3)

    assert [body.text for _, body in agreements(script.record)] == ["a word ends it: stop"]


def test_the_usual_areas_are_known_by_their_own_names():
    assert [area_key(area) for area in AREAS] == list(AREAS)


def test_a_dose_that_was_none_leaves_what_was_agreed_as_narrow_as_it_was(script):
    agree(script, "hand", NO, 1)
    dose, stage = script.log("dose 35 im", 10), script.add(Phase(Stage.DOSING), 10)
    for one in (dose, stage):
        script.add(Correction(one.entry_id, "of another patient", None), 11)
    agree(script, "hand", YES, 12)

    assert dosing_began(script.record) == script.stamp(10)
    assert touch_agreed(script.record) == {"hand": NO}
