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

pytestmark = pytest.mark.timeout(LONGEST_S + 20)


# -------------------------------------------------------------------------------------------- a monitor

HOURS = slice(180, 360)
"""Three hours of the monitor, with one of its artefacts."""

SHIFT_MIN = -300
"""Two of them are before the dose: a monitor may have been switched on long before."""


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
def hours(minutes, play, tmp_path_factory):
    folder = tmp_path_factory.mktemp("monitor")
    write_vitals(folder / "monitor.csv", minutes, SHIFT_MIN)
    return play(folder / "out", "--vitals", folder / "monitor.csv", timeout_s=LONGEST_S)


@pytest.mark.xdist_group("monitor")
def test_hours_are_played_to_the_end_and_every_set_is_kept(hours, minutes):
    assert faults_of_end(hours, sum(any(row[column] for column in COLUMNS[1:]) for row in minutes)) == []


@pytest.mark.xdist_group("monitor")
def test_every_reading_stands_in_the_record_also_those_from_before_the_dose(hours, minutes):
    words = hours.words("record.pdf")

    assert any(2 <= float(row["respiratory_rate_bpm"] or 99) < 5 for row in minutes), "the artefact"
    assert missing_rows(minutes, words, SHIFT_MIN) == []


@pytest.mark.xdist_group("monitor")
def test_the_vault_is_whole_after_hours(hours, kapnotes):
    said = kapnotes("verify", hours.vault, "--member", hours.crna, passphrase=hours.passphrase(hours.crna))

    assert (said.code, said.err) == (0, "")
    assert "contents read" in said.out


# --------------------------------------------------------------------------------------- very many notes


@pytest.fixture(scope="module")
def many(play, tmp_path_factory):
    folder = tmp_path_factory.mktemp("notes")
    write_notes(folder / "notes.csv", NOTES)
    return play(folder / "out", "--notes", folder / "notes.csv", timeout_s=LONGEST_S)


@pytest.mark.xdist_group("many notes")
def test_very_many_notes_are_played_to_the_end_and_every_one_is_kept(many):
    assert faults_of_end(many, NOTES) == []


@pytest.mark.xdist_group("many notes")
def test_every_note_stands_on_the_page_or_its_visible_stand_in(many):
    assert missing_notes(NOTES, many.words("summary.pdf")) == []


@pytest.mark.xdist_group("many notes")
def test_the_notes_stand_there_in_their_order(many):
    words = many.words("summary.pdf")
    places = [int(found) for found in re.findall(r"\bn(\d{4})\b", words)]

    assert [place for place in places if place < NOTES] == sorted(set(range(NOTES)))


@pytest.mark.xdist_group("many notes")
def test_the_vault_is_whole_with_very_many_notes(many, kapnotes):
    said = kapnotes("verify", many.vault, "--member", many.therapist, passphrase=many.passphrase(many.therapist))

    assert (said.code, said.err) == (0, "")
    assert "contents read" in said.out
