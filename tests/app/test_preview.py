"""While a summary is put together its newest pages are seen, what is older is dropped, and what fails is told."""

import os

import pytest

from kapnotes.app.documents import Look
from kapnotes.app.paper import PaperDesk
from kapnotes.app.preview import Preview
from kapnotes.app.worker import InlineWorker
from kapnotes.domain.entries import Block, Narrative, Release, SummaryIssued
from kapnotes.domain.errors import NotAuthorized
from kapnotes.domain.page_choice import PageChoice
from kapnotes.domain.release import line_of
from kapnotes.domain.words import in_english
from tests.app.test_paper_and_files import authorization


class HeldWorker:
    """Keeps jobs until the test lets the next one run."""

    def __init__(self):
        self.held = []

    def submit(self, job, done, failed):
        self.held.append((job, done, failed))

    def run(self, count=100):
        while self.held and count:
            InlineWorker().submit(*self.held.pop(0))
            count -= 1


class Seen:
    """A desk whose slow work is held, a preview of it, and what it told."""

    def __init__(self, therapist, pad):
        self.slow, self.shown, self.failed = HeldWorker(), [], []
        self.desk = PaperDesk(therapist, pad, self.slow, os.urandom, in_english)
        self.preview = Preview(self.desk, self.slow, self.shown.append, self.failed.append)

    def text(self):
        """Return what all pages say, each of them looked at."""
        self.slow.run()
        texts = []
        for number in range(self.shown[-1].count):
            self.preview.look(Look(number))
            self.slow.run()
            assert self.preview.is_current
            texts.append(self.shown[-1].picture.text)
        return " ".join(" ".join(texts).split())


@pytest.fixture
def seen(team):
    _, therapist, _, pad, _ = team
    return Seen(therapist, pad)


def test_the_newest_pages_are_seen_and_older_ones_dropped(seen):
    for name in ("Ines", "Ines, L", "Ines, LMFT"):
        seen.preview.make(name)
    assert len(seen.slow.held) == 1
    seen.slow.run()
    assert len(seen.shown) == 1
    assert (seen.shown[0].number, seen.shown[0].count > 0) == (0, True)
    assert "Ines, LMFT" in seen.text()


def test_another_page_or_size_is_drawn_from_the_pages_that_are_there(seen):
    seen.preview.make("Ines")
    seen.slow.run()
    seen.preview.look(Look(99, 300))
    assert len(seen.slow.held) == 1
    seen.slow.run()
    last = seen.shown[-1]

    assert last.number == last.count - 1
    assert abs(last.picture.width_px - 300) <= 1


def test_the_page_in_view_comes_with_the_pages_as_it_is_looked_at(seen):
    seen.preview.look(Look(99, 300))
    seen.preview.make("Ines")
    seen.slow.run(1)

    (shown,) = seen.shown
    assert (shown.number, shown.picture.width_px) == (shown.count - 1, 300)
    assert seen.slow.held == []


def test_what_stands_beside_the_record_is_read_once_and_again_once_anything_was_written(team, seen, monkeypatch):
    house, _, _, pad, _ = team
    library, reads = house.program.library, []
    read = library.paper_heads
    monkeypatch.setattr(library, "paper_heads", lambda *what: reads.append(what) or read(*what))
    for name in ("I", "In", "Ines"):
        seen.preview.make(name)
        seen.slow.run()
    assert len(reads) == 1
    before = seen.text()

    pad.setting("the lamp is lower")
    seen.preview.make("Ines")
    after = seen.text()
    assert len(reads) == 2
    assert head_in(before) != head_in(after)

    seen.desk.read_anew()
    seen.preview.make("Ines")
    seen.slow.run()
    assert len(reads) == 3


def head_in(text):
    at = text.index("KAP-HEAD shared")
    return text[at : at + 50]


def test_of_process_notes_only_what_is_chosen_and_released_is_seen_and_nothing_is_logged(team, seen):
    _, _, _, pad, log = team
    released, unasked = pad.note("it's all water", "quote"), pad.note("stays here")
    pad.release(authorization(), [released])
    seen.desk.choice = PageChoice(frozenset({unasked.entry_id}))
    seen.preview.make("Ines, LMFT")
    assert "water" not in seen.text()
    assert seen.shown[-1].released_count == 0

    seen.desk.choice = PageChoice(frozenset({unasked.entry_id, released.entry_id}))
    seen.preview.make("Ines, LMFT")
    assert "water" in seen.text()
    assert seen.shown[-1].released_count == 1
    assert log.record.of(SummaryIssued) == []


def test_a_block_that_is_half_typed_is_seen_and_not_entered(team, seen):
    _, _, _, pad, _ = team
    seen.preview.make("Ines", [pad.as_narrative(Block.SHIFTS, "call the brother")])

    assert "call the brother" in seen.text()
    assert pad.record.of(Narrative) == []


def test_a_page_that_cannot_be_made_is_told_and_the_next_one_is_seen(team, seen):
    _, _, _, pad, _ = team
    note = pad.note("water")
    release = pad.keep(Release(authorization(signed_by=" "), (line_of(note),)))
    seen.preview.make("Ines, LMFT")
    seen.slow.run()
    assert [type(one) for one in seen.failed] == [NotAuthorized]
    assert seen.shown == []

    pad.revoke(release.entry_id, "it was not whole")
    seen.preview.make("Ines, LMFT")
    assert seen.text()


def test_what_is_closed_shows_nothing_any_more(seen):
    seen.preview.make("Ines")
    seen.preview.close()
    seen.slow.run()
    seen.preview.make("Ines")
    seen.slow.run()

    assert (seen.shown, seen.failed, seen.slow.held) == ([], [], [])
