"""Themes that go on to the next session with the patient, read from the vault; what cannot be read hinders nothing."""

import contextlib
import sqlite3

import pytest

from kapnotes.app.carry_over import CarryOver
from kapnotes.app.preparing import Preparing
from kapnotes.domain.around import Theme
from kapnotes.domain.errors import DataDamaged
from kapnotes.domain.follow_up import BlockOutcome, Contact, FollowUp
from kapnotes.domain.members import Role


@pytest.fixture
def practice(house):
    therapist = house.make("Tess, LCSW", Role.THERAPIST)
    return house, therapist, house.patient(therapist)


def session(practice, *themes, seat=None, patient=None):
    house, therapist, first = practice
    seat = seat or therapist
    house.clock.advance(7 * 24 * 3600)
    live = house.start(seat, patient or first, [seat.member])
    for theme in themes:
        Preparing(live).theme(theme)
    return live


def carried(seat, live):
    made = CarryOver(seat, live)
    made.begin()
    assert made.is_read
    return made


def lines(themes):
    return [(theme.text, theme.session, theme.is_open) for theme in themes]


def test_open_themes_of_every_earlier_session_are_there_in_order(practice):
    _, therapist, _ = practice
    first = session(practice, "water", "the house")
    Preparing(first).settle(carried(therapist, first).themes()[0].entry_id, is_open=False)
    session(practice, "a boat")
    third = session(practice, "who left")

    assert lines(carried(therapist, third).in_sight()) == [
        ("the house", 1, True),
        ("a boat", 2, True),
        ("who left", 3, True),
    ]


def test_what_this_session_settles_stays_in_sight_here_and_is_gone_in_the_next(practice):
    _, therapist, _ = practice
    session(practice, "water")
    second = session(practice)
    here = carried(therapist, second)
    Preparing(second).settle(here.themes()[0].entry_id, is_open=False)
    assert lines(here.in_sight()) == [("water", 1, False)]

    assert carried(therapist, session(practice)).in_sight() == ()


def test_an_earlier_session_that_is_opened_again_knows_what_was_settled_since_and_nothing_newer(practice):
    _, therapist, _ = practice
    first = session(practice, "water", "the house")
    second = session(practice, "a boat")
    Preparing(second).settle(carried(therapist, second).themes()[0].entry_id, is_open=False)

    assert lines(carried(therapist, first).themes()) == [("water", 1, False), ("the house", 1, True)]


def test_another_patients_and_another_therapists_themes_stay_where_they_are(practice):
    house, therapist, _ = practice
    session(practice, "water")
    house.add(therapist, "Thea, PhD", Role.THERAPIST)
    thea = house.sign_in("Thea, PhD")
    other = house.patient(therapist, "K-0999")

    assert carried(therapist, session(practice, patient=other)).themes() == ()
    assert carried(thea, session(practice, seat=thea)).themes() == ()


def test_a_damaged_entry_of_an_earlier_session_is_told_in_a_line_and_costs_itself_alone(practice, make_house):
    house = practice[0]
    session(practice, "water")
    session(practice, "a boat")
    (file,) = house.vault.glob("therapy-*.kapdb")
    house.program.close()
    with contextlib.closing(sqlite3.connect(file, isolation_level=None)) as connection:
        triggers = connection.execute("SELECT name, sql FROM sqlite_schema WHERE type='trigger'").fetchall()
        for name, _ in triggers:
            connection.execute(f"DROP TRIGGER {name}")
        connection.execute("UPDATE event SET ct=zeroblob(length(ct)) WHERE rowid=(SELECT min(rowid) FROM event)")
        for _, sql in triggers:
            connection.execute(sql)

    again = make_house(house.folder, clock=house.clock)
    again.program.open_vault(again.vault, lambda _: None, pytest.fail)
    seat = again.sign_in("Tess, LCSW")
    try:
        found = []
        seat.list_patients(found.append, pytest.fail)
        third = session((again, seat, found[0][0]))
        made = carried(seat, third)
        assert lines(made.themes()) == [("a boat", 2, True)]
        assert len(made.unread) == 1
        assert "damaged" in made.unread[0]
    finally:
        again.program.close()


def test_a_session_that_cannot_be_read_at_all_hinders_no_other(practice, monkeypatch):
    house, therapist, _ = practice
    first = session(practice, "water")
    session(practice, "a boat")
    third = session(practice)
    read = house.program.library.read

    def refuse(keyring, scope_id, **more):
        if scope_id == first.scope_id:
            raise DataDamaged("therapy is damaged at page 7.")
        return read(keyring, scope_id, **more)

    monkeypatch.setattr(house.program.library, "read", refuse)
    made = carried(therapist, third)

    assert lines(made.themes()) == [("a boat", 2, True)]
    assert made.unread == ["therapy is damaged at page 7."]
    assert third.record.of(Theme) == []


def test_only_the_own_process_notes_of_the_course_are_read_for_it(practice, monkeypatch):
    house, therapist, _ = practice
    session(practice, "water")
    session(practice)
    session(practice, "elsewhere", patient=house.patient(therapist, "K-0999"))
    last = session(practice)
    read, asked = house.program.library.read, []

    def watch(keyring, scope_id, **more):
        asked.append((scope_id, more["only"].kind.name))
        return read(keyring, scope_id, **more)

    monkeypatch.setattr(house.program.library, "read", watch)
    carried(therapist, last)

    assert [kind for _, kind in asked] == ["THERAPY", "SHARED", "THERAPY"]  # the number of the one that has themes
    assert last.scope_id not in {scope_id for scope_id, _ in asked}


def test_what_a_follow_up_carries_on_is_there_in_the_next_session_until_a_later_one_takes_its_place(practice):
    _, therapist, _ = practice

    def held(live, carry):
        live.keep(FollowUp("Tess", Contact.PHONE, BlockOutcome(), BlockOutcome(), BlockOutcome(), carry))

    first = session(practice)
    held(first, "the letter")
    second = session(practice, "water")
    assert carried(therapist, second).carried_on() == ("the letter", 1)
    assert carried(therapist, first).carried_on() is None

    held(second, "the boat")
    third = session(practice)
    assert carried(therapist, third).carried_on() == ("the boat", 2)

    held(third, "")
    assert carried(therapist, session(practice)).carried_on() is None
