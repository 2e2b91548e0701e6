"""Much at once: hours of a real monitor, and notes in every script; ten hours and a thousand in `make fault`."""

import re

import pytest

from tests.fault.much import (
    COLUMNS,
    MINUTES,
    MONITOR,
    SPECIALS,
    faults_of_end,
    made_up_minutes,
    missing_notes,
    missing_rows,
    monitor_minutes,
    write_notes,
    write_vitals,
)

LONGEST_S = 170
"""When a demo is given up; on two idle cores of a small machine the longest takes a tenth of it."""

NOTES = 8 * len(SPECIALS)
HOURS = slice(180, 360)
"""Three hours of the monitor, with one of its artefacts."""

SHIFT_MIN = -300
"""Two of them are before the dose: a monitor may have been switched on long before."""

pytestmark = [pytest.mark.timeout(LONGEST_S + 20), pytest.mark.xdist_group("much")]


def test_a_monitor_that_is_made_up_is_like_the_real_one():
    rows = list(made_up_minutes())

    assert len(rows) == MINUTES
    assert 100 < sum(bool(row["systolic_mmhg"]) for row in rows) < 200
    assert sum(not any(row[column] for column in COLUMNS[1:]) for row in rows) >= 30
    if MONITOR.is_file():
        assert len(monitor_minutes()) == MINUTES


@pytest.fixture(scope="module")
def minutes():
    return monitor_minutes()[HOURS]


@pytest.fixture(scope="module")
def much(minutes, play, tmp_path_factory):
    """A demo of both: hours of a monitor, and very many notes."""
    folder = tmp_path_factory.mktemp("much")
    write_vitals(folder / "monitor.csv", minutes, SHIFT_MIN)
    write_notes(folder / "notes.csv", NOTES)
    options = ("--vitals", folder / "monitor.csv", "--notes", folder / "notes.csv")
    return play(folder / "out", *options, timeout_s=LONGEST_S)


def test_hours_and_notes_are_played_to_the_end_and_every_set_and_note_is_kept(much, minutes):
    sets = sum(any(row[column] for column in COLUMNS[1:]) for row in minutes)

    assert faults_of_end(much, sets + NOTES) == []


def test_every_reading_stands_in_the_record_also_those_from_before_the_dose(much, minutes):
    words = much.words("record.pdf")

    assert any(2 <= float(row["respiratory_rate_bpm"] or 99) < 5 for row in minutes), "the artefact"
    assert missing_rows(minutes, words, SHIFT_MIN) == []


def test_every_note_stands_on_the_page_or_its_visible_stand_in(much):
    assert missing_notes(NOTES, much.words("summary.pdf")) == []


def test_the_notes_stand_there_in_their_order(much):
    _, _, words = much.words("summary.pdf").partition("What arose, in order")
    places = [int(found) for found in re.findall(r"\bn(\d{4})\b", words)]

    assert [place for place in places if place < NOTES] == sorted(set(range(NOTES)))


@pytest.mark.parametrize("name", ["therapist", "crna"])
def test_the_vault_is_whole_afterwards_for_each_member(much, kapnotes, name):
    member = getattr(much, name)

    said = kapnotes("verify", much.vault, "--member", member, passphrase=much.passphrase(member))

    assert (said.code, said.err) == (0, "")
    assert "contents read" in said.out
