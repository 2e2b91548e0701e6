"""The days after a session: follow-ups and answers are kept after the sign-off, corrected, taken back, and fall due."""

import pytest

from kapnotes.app.course_view import CourseView
from kapnotes.app.follow_ups import FollowUps
from kapnotes.app.responses import Responses
from kapnotes.app.signing import Signature
from kapnotes.app.windows_due import WindowsDue
from kapnotes.domain.around import Theme
from kapnotes.domain.audit_acts import FOLLOWED_UP
from kapnotes.domain.entries import Audit, Note, Stage
from kapnotes.domain.errors import KapnotesError, NotEntitled
from kapnotes.domain.follow_up import BlockOutcome, Contact, FollowUp, TakenUp
from kapnotes.domain.integration_window import WindowState
from kapnotes.domain.members import SHARED
from kapnotes.domain.response_scale import read_answers

HELD = FollowUp(
    "Ines, LMFT", Contact.PHONE, BlockOutcome(TakenUp.YES, "a drawing"), BlockOutcome(), BlockOutcome(), "the letter"
)
HOUR_S = 3600


def fail(error):
    raise error


@pytest.fixture
def dosed(team):
    """A session that was dosed and closed, two days ago."""
    house, _, _, pad, log = team
    log.log("dose 35 im hold no cuff")
    house.clock.advance(HOUR_S)
    pad.enter_stage(Stage.CLOSING)
    pad.enter_stage(Stage.CLOSED)
    house.clock.advance(47 * HOUR_S)
    return team


def due(seat):
    cards, found = [], []
    seat.list_sessions(cards.extend, fail)
    WindowsDue(seat).look(cards, lambda: (24, 72), found.extend)
    return found


def test_a_follow_up_is_kept_after_the_sign_off_and_told_to_everybody_without_its_words(dosed):
    house, therapist, crna, pad, log = dosed
    pad.signing.sign(Signature("Tess", "LCSW", "mine"), lambda _: None, fail)

    entry = FollowUps(pad).record(HELD, pad.now(), "typed")

    assert pad.record.of(FollowUp) == [(entry, HELD)]
    assert log.record.of(FollowUp) == []
    assert [audit.subject for _, audit in log.record.of(Audit) if audit.action == FOLLOWED_UP] == [entry.entry_id]
    shared = house.program.library.read(crna.keyring, pad.scope_id, only=SHARED)
    assert "drawing" not in repr(shared.entries)
    assert house.on_disk(therapist, pad).of(FollowUp) == [(entry, HELD)]


def test_a_window_is_due_until_its_follow_up_is_recorded_and_again_when_that_is_taken_back(dosed):
    _, therapist, _, pad, _ = dosed
    (one,) = due(therapist)
    assert (one.card.scope_id, one.state) == (pad.scope_id, WindowState.OPEN)

    follow_ups = FollowUps(pad)
    entry = follow_ups.record(HELD, pad.now(), "typed")
    assert due(therapist) == []

    follow_ups.take_back(entry)
    assert [one.state for one in due(therapist)] == [WindowState.OPEN]


def test_a_window_appears_once_the_end_of_dosing_is_noted_late_and_goes_with_it(team, house):
    _, therapist, _, pad, log = team
    log.log("inf 35/40 hold no cuff")
    house.clock.advance(HOUR_S)
    pad.enter_stage(Stage.CLOSING)
    pad.enter_stage(Stage.CLOSED)
    look, found, cards = WindowsDue(therapist), [], []
    therapist.list_sessions(cards.extend, fail)
    look.look(cards, lambda: (24, 72), found.append)
    stop = log.log("inf 0")
    look.look(cards, lambda: (24, 72), found.append)
    log.correct(stop.entry_id, "it ran on", None)
    look.look(cards, lambda: (24, 72), found.append)

    assert [[one.card.scope_id for one in due] for due in found] == [[], [pad.scope_id], []]


def test_a_session_that_is_not_closed_or_was_not_dosed_falls_not_due(team, house):
    _, therapist, _, _, log = team
    assert due(therapist) == []
    log.log("dose 35 im hold no cuff")
    house.clock.advance(30 * HOUR_S)

    assert due(therapist) == []


def test_a_busy_practice_is_told_of_windows_that_its_list_of_sessions_does_not_reach(dosed, monkeypatch):
    house, therapist, crna, pad, _ = dosed
    patients = []
    therapist.list_patients(patients.extend, fail)
    for module in ("seat", "windows_due"):
        monkeypatch.setattr(f"kapnotes.app.{module}.SESSIONS_AT_HOME", 2)
    for _ in range(3):
        house.start(therapist, patients[0], [therapist.member, crna.member])

    assert [one.card.scope_id for one in due(therapist)] == [pad.scope_id]
    follow_ups, look, found, cards = FollowUps(pad), WindowsDue(therapist), [], []
    therapist.list_sessions(cards.extend, fail)
    entry = follow_ups.record(HELD, pad.now(), "typed")
    look.look(cards, lambda: (24, 72), found.append)
    follow_ups.take_back(entry)
    look.look(cards, lambda: (24, 72), found.append)
    assert [[one.card.scope_id for one in due] for due in found] == [[], [pad.scope_id]]


def test_a_window_that_is_over_says_so_and_leaves_the_list_after_three_weeks(dosed, house):
    _, therapist, _, _, _ = dosed
    house.clock.advance(30 * HOUR_S)
    assert [one.state for one in due(therapist)] == [WindowState.OVER]

    house.clock.advance(22 * 24 * HOUR_S)
    assert due(therapist) == []


def test_a_follow_up_that_says_nothing_of_who_held_it_or_was_before_the_session_is_refused(dosed):
    _, _, _, pad, log = dosed
    follow_ups = FollowUps(pad)
    nobody = FollowUp(" ", Contact.PHONE, HELD.words, HELD.shifts, HELD.attention)

    with pytest.raises(KapnotesError, match="who held"):
        follow_ups.record(nobody, pad.now(), "typed")
    with pytest.raises(KapnotesError, match="before the session"):
        follow_ups.record(HELD, pad.now().shifted(-60 * HOUR_S), "typed")
    with pytest.raises(NotEntitled):
        FollowUps(log).record(HELD, log.now(), "typed")
    assert pad.record.of(FollowUp) == []


def test_a_corrected_follow_up_keeps_its_time_and_its_original(dosed):
    house, _, _, pad, _ = dosed
    follow_ups = FollowUps(pad)
    entry = follow_ups.record(HELD, pad.now().shifted(-HOUR_S), "typed")
    better = FollowUp("Ines, LMFT", Contact.VIDEO, HELD.words, HELD.shifts, HELD.attention)
    house.clock.advance(60)

    made = follow_ups.correct(entry, better, "it was a video call", "typed")

    (one,) = follow_ups.recorded()
    assert (one.follow_up, one.entry.happened, one.is_own) == (better, entry.happened, True)
    assert made.body.reason == "it was a video call"
    assert pad.record.entry(entry.entry_id).body == HELD


def test_who_was_told_of_no_follow_up_because_the_program_ended_is_told_when_it_is_opened_again(dosed):
    _, therapist, _, pad, _ = dosed
    pad.keep(HELD)
    assert len(due(therapist)) == 1

    FollowUps(pad).tell_untold()
    FollowUps(pad).tell_untold()

    assert due(therapist) == []
    assert [audit.action for _, audit in pad.record.of(Audit)].count(FOLLOWED_UP) == 1


def test_answers_are_for_everybody_after_the_sign_off_too(dosed):
    house, _, crna, pad, log = dosed
    pad.signing.sign(Signature("Tess", "LCSW", "mine"), lambda _: None, fail)
    scale = read_answers("phq9", "210123010")

    entry = Responses(log).keep(scale, log.now(), "typed")

    assert [one for _, one in Responses(pad).kept()] == [scale]
    assert house.program.library.read(crna.keyring, pad.scope_id, only=SHARED).entries[-1] == entry
    assert (Responses(log).is_own(entry), Responses(pad).is_own(entry)) == (True, False)
    Responses(log).correct(entry, read_answers("phq9", "210123011"), "", "typed")
    assert [one.total for _, one in Responses(pad).kept()] == [11]
    Responses(log).take_back(entry)
    assert Responses(pad).kept() == []


def test_answers_of_long_before_belong_to_another_session(dosed):
    _, _, _, pad, _ = dosed

    with pytest.raises(KapnotesError, match="14 days"):
        Responses(pad).keep(read_answers("gad7", "0000000"), pad.now().shifted(-20 * 24 * HOUR_S), "typed")


def test_a_course_is_read_session_by_session_as_far_as_its_reader_may(dosed):
    house, therapist, crna, pad, _ = dosed
    Responses(pad).keep(read_answers("phq9", "210123010"), pad.now(), "typed")
    FollowUps(pad).record(HELD, pad.now(), "typed")
    pad.keep(Theme("the house"))
    pad.keep(Note("Zitronenfalter"))
    patients = []
    therapist.list_patients(patients.extend, fail)
    house.start(therapist, patients[0], [therapist.member, crna.member])

    told = {}
    for seat in (therapist, crna):
        heard = []
        CourseView(seat).look(pad.patient_id, heard.append, fail)
        told[seat] = heard

    whole = told[therapist][-1]
    assert [(one.read, one.all) for one in told[therapist]] == [(1, 2), (2, 2)]
    assert [row.number for row in whole.rows] == [1, 2]
    assert [theme.text for theme in whole.themes] == ["the house"]
    assert [follow_up for _, follow_up in whole.rows[0].follow_ups] == [HELD]
    assert whole.rows[0].given.given_mg == 35
    others = told[crna][-1]
    assert (others.rows[0].follow_ups, others.rows[0].is_followed_up, others.themes) == ((), True, ())
    assert [scale.total for _, scale in others.rows[0].responses] == [10]
    assert "Zitronenfalter" not in repr(whole) + repr(whole.rows)


def test_a_new_look_ends_the_one_before(dosed):
    _, therapist, _, pad, _ = dosed
    view, heard = CourseView(therapist), []

    view.stop()
    view.look(pad.patient_id, heard.append, fail)
    assert len(heard) == 1
