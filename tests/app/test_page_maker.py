"""Pages are made in a second process: the same pages, the same errors, and nothing of a patient that stays there."""

import os
import subprocess
import sys
from itertools import count
from types import SimpleNamespace

import pytest

from kapnotes.app import pages_elsewhere
from kapnotes.app.documents import Document, Look, make_page, make_pictures
from kapnotes.app.material import Material
from kapnotes.app.page_maker import MadeHere, MadeWhenAsked, NotWanted
from kapnotes.app.page_process import send
from kapnotes.app.pages_elsewhere import MadeElsewhere
from kapnotes.domain.entries import Note, Route
from kapnotes.domain.errors import Misread
from kapnotes.domain.record import Record
from kapnotes.domain.shorthand import read_line
from kapnotes.domain.words import in_english


@pytest.fixture(scope="module")
def maker():
    made = MadeElsewhere()
    yield made
    made.close()


@pytest.fixture
def pad(team):
    return team[3]


@pytest.fixture
def session(team, pad):
    therapist = team[1]
    pad.note("tears, hand on chest")
    return Material(tuple(pad.record.entries), therapist.member, pad.now(), "Dr B")


def counting():
    """Return randomness that is the same in every run."""
    numbers = count()
    return lambda size: bytes(next(numbers) % 251 for _ in range(size))


def test_pages_made_there_are_those_made_here(maker, session):
    def made(run):
        return run(make_page, Document.SUMMARY, session, entropy=counting(), translate=in_english)

    there, here = made(maker.run), made(lambda make, *arguments, **named: make(*arguments, **named))

    assert there.passphrase == here.passphrase
    assert (there.document, there.released_count) == (Document.SUMMARY, 0)
    assert len(there.content) == pytest.approx(len(here.content), abs=64)


def test_words_are_asked_for_here_and_pages_to_look_at_come_back(maker, session):
    asked = []

    def translate(context, text):
        asked.append((context, text))
        return text.replace("Session", "Sitzung")

    drawn = maker.run(make_pictures, session, Look(0, 300), translate=translate)
    with drawn.pages as pictures:
        text = pictures.picture(0, 300).text

    assert asked
    assert len(asked) == len(set(asked))
    assert "Session" not in text
    assert drawn.picture.text == text
    assert (drawn.number, drawn.picture.width_px) == (0, 300)


def test_words_are_asked_for_once_and_those_of_another_language_anew(maker, session):
    asked = []

    def translate(context, text):
        asked.append((context, text))
        return text

    first = maker.run(make_pictures, session, Look(), translate=translate)
    assert asked
    asked.clear()
    maker.run(make_pictures, session, Look(), translate=translate)
    maker.forget()
    again = maker.run(make_pictures, session, Look(), translate=translate)
    assert asked == []
    other = maker.run(make_pictures, session, Look(), translate=lambda context, text: text.replace("Page", "Seite"))

    assert first.picture == again.picture
    assert "Seite 1" in other.picture.text


def test_an_entry_goes_there_once_and_every_page_has_all_of_them(maker, session, pad, monkeypatch):
    sent = []
    monkeypatch.setattr(pages_elsewhere, "send", lambda pipe, message: (sent.append(len(message)), send(pipe, message)))
    first = maker.run(Record, session.entries)
    added = pad.note("and then water")
    entries = tuple(pad.record.entries)
    second = maker.run(Record, entries)
    third = maker.run(Record, (*entries[1:], entries[0]))
    maker.forget()
    anew = maker.run(Record, entries)

    assert first.entries == list(session.entries)
    assert second.entries == anew.entries == [*session.entries, added]
    assert third.entries == [*entries[1:], entries[0]]
    assert sent[1] < sent[0] / 2
    assert sent[3] > sent[0]


def test_an_error_comes_back_as_it_was_raised(maker):
    with pytest.raises(Misread) as raised:
        maker.run(read_line, "120/80 nonsense", drug="ketamine", route=Route.IV)
    with pytest.raises(Misread) as here:
        read_line("120/80 nonsense", drug="ketamine", route=Route.IV)

    assert (raised.value.column, str(raised.value)) == (here.value.column, str(here.value))
    assert raised.value.facts == here.value.facts


def test_a_record_travels_with_all_that_follows_from_it(maker, pad):
    noted = pad.note("water")
    pad.correct(noted.entry_id, "a slip", Note("waves"))

    there = maker.run(Record, pad.record.entries, pad.record.persons)

    assert list(there.standing()) == list(pad.record.standing())


def test_after_a_lock_that_process_is_gone_and_the_next_pages_begin_another(maker):
    first = maker.run(os.getpid)
    again = maker.run(os.getpid)
    maker.forget()
    second = maker.run(os.getpid)

    assert first == again
    assert len({first, second, os.getpid()}) == 3
    assert not is_alive(first)


def test_pages_come_also_where_that_process_died(maker):
    died = maker.run(os.getpid)
    os.kill(died, 9)

    assert maker.run(os.getpid) not in {died, os.getpid()}


def test_where_there_can_be_no_second_process_pages_are_made_here(monkeypatch, tmp_path):
    one = MadeElsewhere()
    with monkeypatch.context() as patched:
        patched.setattr(pages_elsewhere, "_COMMAND", (str(tmp_path / "no python"),))
        assert one.run(os.getpid) == os.getpid()

    assert one.run(os.getpid) == os.getpid()


def test_that_process_ends_with_the_program(maker):
    one = MadeElsewhere()
    its = one.run(os.getpid)
    one.close()
    orphan = subprocess.run(
        [sys.executable, "-P", "-m", "kapnotes.app.page_process"], input=b"", timeout=30, check=True
    )

    assert not is_alive(its)
    assert orphan.returncode == 0


def is_alive(process_id):
    try:
        os.kill(process_id, 0)
    except ProcessLookupError:
        return False
    return True


def looked_at(maker, session, translate, is_wanted):
    return maker.run(make_pictures, session, Look(), translate=translate, is_wanted=is_wanted)


def test_a_lock_in_the_middle_of_pages_gives_the_record_to_no_second_process(maker, session):
    seat = SimpleNamespace(is_locked=False)

    def lock(_, text):
        seat.is_locked = True
        maker.forget()
        return text

    with pytest.raises(NotWanted):
        looked_at(maker, session, lock, lambda: not seat.is_locked)
    with pytest.raises(NotWanted):
        looked_at(maker, session, in_english, lambda: not seat.is_locked)


def test_locks_of_another_seat_cost_that_process_twice_and_not_for_good(maker, session):
    def lock_another(_, text):
        maker.forget()
        return text

    drawn = looked_at(maker, session, lock_another, lambda: True)

    assert drawn.picture.text
    assert maker.run(os.getpid) != os.getpid()


def test_what_makes_pages_is_begun_with_the_first_page_and_not_to_forget_or_to_end():
    begun = []

    def begin():
        begun.append(MadeHere())
        return begun[-1]

    maker = MadeWhenAsked(begin)
    maker.forget()
    maker.close()
    assert not begun

    assert [maker.run(len, "four"), maker.run(len, "three")] == [4, 5]
    assert len(begun) == 1
