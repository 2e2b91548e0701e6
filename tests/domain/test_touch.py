"""The touch ledger: what runs, whether it was agreed when it began, and that a revocation leaves nothing."""

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kapnotes.domain.around import Touch, TouchAgreement, TouchConsent
from kapnotes.domain.members import Member, Persons
from kapnotes.domain.preparation import touch_agreed
from kapnotes.domain.record import Record
from kapnotes.domain.touch import areas, is_agreed, to_revoke, touches, usual_area


def test_a_touch_runs_from_its_start_to_its_stop(script, therapist):
    start = script.add(Touch("hand", begins=True), 10, author=therapist)
    script.add(Touch("Foot ", begins=True), 11, author=therapist)
    script.add(Touch("foot", begins=False), 12, author=therapist)

    assert touches(script.record) == {"hand": start.happened}


def test_a_stop_that_was_taken_back_lets_it_run_on(script, therapist):
    start = script.add(Touch("hand", begins=True), 10, author=therapist)
    stop = script.add(Touch("hand", begins=False), 12, author=therapist)
    script.correct(stop, None, 13, author=therapist)

    assert touches(script.record) == {"hand": start.happened}


def test_the_usual_area_is_the_first_agreed_then_the_first_to_ask_about_then_the_hand(script, therapist):
    assert usual_area(script.record) == "hand"
    script.add(TouchAgreement("foot", TouchConsent.ASK), 1, author=therapist)
    assert usual_area(script.record) == "foot"
    script.add(TouchAgreement("left knee", TouchConsent.YES), 2, author=therapist)

    assert usual_area(script.record) == "left knee"


def test_the_areas_keep_their_order_and_further_ones_come_behind(script, therapist):
    script.add(TouchAgreement("left knee", TouchConsent.YES), 1, author=therapist)
    script.add(Touch("elbow", begins=True), 2, author=therapist)

    assert areas(script.record) == ("hand", "shoulder", "foot", "top of head", "left knee", "elbow")


def test_who_goes_on_under_another_id_has_taken_back_what_that_person_agreed(script, therapist):
    again = Member("e" * 32, "T. Therapist", therapist.roles, therapist.member_id)
    hand = script.add(TouchAgreement("hand", TouchConsent.YES), 1, author=therapist)
    script.correct(hand, TouchAgreement("hand", TouchConsent.NO), 2, author=again)
    script.add(TouchAgreement("foot", TouchConsent.YES), 9, author=again)
    record = Record(script.record.entries, Persons({again.member_id: again.succeeds}))

    assert not is_agreed(record, "hand", script.stamp(5))


def test_a_touch_before_a_revocation_stays_agreed_and_one_after_it_is_not(script, therapist):
    script.add(TouchAgreement("hand", TouchConsent.YES), 1, author=therapist)
    script.log("inf 35/40", 2)
    script.add(TouchAgreement("hand", TouchConsent.NO), 10, author=therapist)

    assert is_agreed(script.record, "hand", script.stamp(9))
    assert not is_agreed(script.record, "hand", script.stamp(11))
    assert not is_agreed(script.record, "foot", script.stamp(9))


CONSENTS = st.sampled_from(TouchConsent)
AREA = st.sampled_from(["hand", "shoulder", "foot", "left knee"])


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.lists(st.tuples(AREA, CONSENTS), max_size=6),
    st.booleans(),
    st.lists(st.tuples(AREA, CONSENTS), max_size=6),
)
def test_after_a_revocation_no_touch_is_agreed_whatever_was_and_is_agreed(script_of, before, is_dosed, after):
    script = script_of("iv")
    for minute, (area, consent) in enumerate(before):
        script.add(TouchAgreement(area, consent), minute)
    if is_dosed:
        script.log("inf 35/40", 20)
    for area in to_revoke(script.record):
        script.add(TouchAgreement(area, TouchConsent.NO), 30)
    assert to_revoke(script.record) == ()
    if is_dosed:
        for minute, (area, consent) in enumerate(after, 31):
            script.add(TouchAgreement(area, consent), minute)

    assert set(touch_agreed(script.record).values()) == {TouchConsent.NO}
    assert not any(is_agreed(script.record, area, script.stamp(60)) for area in areas(script.record))
    assert usual_area(script.record) == "hand"
