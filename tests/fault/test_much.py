"""Much at once: ten hours of a real monitor, and a thousand notes in every script and sign."""

import csv
import math
import random
import re
import unicodedata
from decimal import Decimal
from pathlib import Path

import pytest

LONGEST_S = 170
"""When a demo is given up; on two idle cores of a small machine the longest takes a third of it."""

MONITOR = Path(__file__).parents[3] / "shared" / "data" / "vitals-monitor.csv"
MINUTES = 1936
TYPED_MINUTES = 640
"""Ten hours of the monitor, with one of its artefacts; all of it at once is what `make bench` reads."""
COLUMNS = (
    "t_min", "systolic_mmhg", "diastolic_mmhg", "heart_rate_bpm", "spo2_percent", "respiratory_rate_bpm"
)  # fmt: skip

pytestmark = pytest.mark.timeout(LONGEST_S + 20)


# -------------------------------------------------------------------------------------------- a monitor


def made_up_minutes():
    """Give what a bedside monitor would have said: a cuff now and then, gaps, and two artefacts."""
    dice = random.Random(1936)  # noqa: S311 - a picture of a monitor, no secret
    for minute in range(MINUTES):
        slow = math.sin(minute / 240)
        has_cuff = minute % 13 == 1
        is_off = 591 <= minute <= 610 or 1382 <= minute <= 1401
        heart_rate = "" if is_off else f"{72 + 12 * slow + dice.uniform(-6, 6):.1f}"
        oxygen = "" if is_off or minute % 5 == 0 else f"{min(100, 96 + 2 * slow + dice.uniform(-2, 2)):.1f}"
        breaths = "" if is_off else f"{13 + 3 * slow + dice.uniform(-2, 2):.1f}"
        yield {
            "t_min": str(minute),
            "systolic_mmhg": str(round(135 + 20 * slow + dice.uniform(-8, 8))) if has_cuff else "",
            "diastolic_mmhg": str(round(72 + 8 * slow + dice.uniform(-6, 6))) if has_cuff else "",
            "heart_rate_bpm": "11.5" if minute == 1381 else heart_rate,
            "spo2_percent": oxygen,
            "respiratory_rate_bpm": "2.0" if minute == 295 else breaths,
        }


def monitor_minutes():
    """Return the minutes of a real monitor where the file stands beside the project, else made up ones like it."""
    if not MONITOR.is_file():
        return list(made_up_minutes())
    with MONITOR.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def write_vitals(path, rows, shift_min=0):
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, COLUMNS)
        writer.writeheader()
        writer.writerows(row | {"t_min": str(int(row["t_min"]) + shift_min)} for row in rows)


def line_of(row, shift_min):
    """Return when a row stands on the page, and the figures that must stand in its line."""
    minute = int(row["t_min"]) + shift_min
    hours, minutes = divmod(abs(minute), 60)
    figures = [format(Decimal(row[column]).normalize(), "f") for column in COLUMNS[1:] if row[column]]
    sign = "\N{MINUS SIGN}" if minute < 0 else ""
    return f"{sign}{hours}:{minutes:02}", figures


def missing_rows(rows, words, shift_min=0):
    lines = {}
    for line in words.splitlines():
        cells = line.split()
        if len(cells) > 2:
            lines.setdefault(cells[1], []).append([cell.strip("HL") for cell in cells])
    missing = []
    for row in rows:
        at, figures = line_of(row, shift_min)
        if figures and not any(set(figures) <= set(cells) for cells in lines.get(at, [])):
            missing.append((at, figures))
    return missing


def test_a_monitor_that_is_made_up_is_like_the_real_one():
    rows = list(made_up_minutes())

    assert len(rows) == MINUTES
    assert 100 < sum(bool(row["systolic_mmhg"]) for row in rows) < 200
    assert sum(not any(row[column] for column in COLUMNS[1:]) for row in rows) >= 30
    if MONITOR.is_file():
        assert len(monitor_minutes()) == MINUTES


@pytest.fixture(scope="module")
def minutes():
    return monitor_minutes()[:TYPED_MINUTES]


@pytest.fixture(scope="module")
def ten_hours(minutes, play, tmp_path_factory):
    folder = tmp_path_factory.mktemp("monitor")
    write_vitals(folder / "monitor.csv", minutes)
    return play(folder / "out", "--vitals", folder / "monitor.csv", timeout_s=LONGEST_S)


@pytest.mark.xdist_group("monitor")
def test_ten_hours_is_played_to_the_end_and_every_set_is_kept(ten_hours, minutes):
    typed = sum(any(row[column] for column in COLUMNS[1:]) for row in minutes)

    assert (ten_hours.said.code, ten_hours.said.err) == (0, "")
    assert "Refused" not in ten_hours.said.out
    saved = int(re.findall(r"^(\d+) entries saved\.$", ten_hours.said.out, re.MULTILINE)[-1])
    assert saved > typed


@pytest.mark.xdist_group("monitor")
def test_every_reading_stands_in_the_record(ten_hours, minutes):
    words = ten_hours.words("record.pdf")

    assert missing_rows(minutes, words) == []


@pytest.mark.xdist_group("monitor")
def test_the_vault_is_whole_after_ten_hours(ten_hours, kapnotes):
    said = kapnotes(
        "verify", ten_hours.vault, "--member", ten_hours.crna, passphrase=ten_hours.passphrase(ten_hours.crna)
    )

    assert (said.code, said.err) == (0, "")
    assert "contents read" in said.out


@pytest.mark.xdist_group("impossible")
def test_a_monitor_may_have_been_switched_on_long_before_the_dose(play, tmp_path):
    rows = monitor_minutes()[:180]
    write_vitals(tmp_path / "monitor.csv", rows, shift_min=-120)

    demo = play(tmp_path / "out", "--vitals", tmp_path / "monitor.csv")

    assert (demo.said.code, demo.said.err) == (0, "")
    assert "Refused" not in demo.said.out
    assert missing_rows(rows, demo.words("record.pdf"), shift_min=-120) == []


# --------------------------------------------------------------------------------------- very many notes

NOTES = 1000
SPECIALS = (
    "<b>bold</b> and <i>slanted",
    "R&D at AT&T &amp; &lt;",
    "\"it's\" 'all' “water”",
    "ketamin° 0,5 mg/kg ≥ ½",
    "Ελληνικά λόγια",
    "русские слова",
    "family 👨‍👩‍👧‍👦 and flag 🇸🇮",
    "שלום עולם",
    "مرحبا بالعالم",
    "e\u0301 a\u0308 n\u0303 o\u0302\u0323",
    "w" * 5000,
    "bell\x07 escape\x1b[31m null-like\x01 delete\x7f",
    "tab\there",
    "two\nlines",
    "<!-- nothing --> <pt says hi> ok",
    "$(reboot) `id` %s {0} {name}",
    "'; DROP TABLE log; --",
    "\u202eright to left\u202c and back",
    "zero\u200bwidth and soft\u00adhyphen",
    "hard\u00a0space\u2003wide",
    "=1+1",
    "日本語のメモ",
    "lone ] [U+0041 brackets [[",
    "ﬁne ﬂour ㎎ Å",
    "-",
)


def note(number):
    return f"n{number:04d} {SPECIALS[number % len(SPECIALS)]}"


def visible(text):
    """Return what must be legible of *text*: no white space, no sign without a shape, composed."""
    shown = [char for char in text if unicodedata.category(char) not in {"Cc", "Cf", "Zs", "Zl", "Zp"}]
    return unicodedata.normalize("NFC", "".join(shown))


def legible(words):
    """Return the words of a page without head, foot and white space; a number for a sign is that sign again."""
    words = re.sub(r"Integration-session summary (Page \d+ of \d+|· K-0142 · .*)", "", words)
    words = re.sub(r"^ *KAP-HEAD .*$", "", words, flags=re.MULTILINE)
    words = re.sub(r"\s+", "", words)
    return visible(re.sub(r"\[U\+([0-9A-F]{4,6})\]", lambda match: chr(int(match[1], 16)), words))


@pytest.fixture(scope="module")
def many(play, tmp_path_factory):
    folder = tmp_path_factory.mktemp("notes")
    with (folder / "notes.csv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(("t_s", "code", "text"))
        writer.writerows((3 * number, ("", "", "quote")[number % 3], note(number)) for number in range(NOTES))
    return play(folder / "out", "--notes", folder / "notes.csv", timeout_s=LONGEST_S)


@pytest.mark.xdist_group("many notes")
def test_a_thousand_notes_are_played_to_the_end_and_every_one_is_kept(many):
    assert (many.said.code, many.said.err) == (0, "")
    saved = int(re.findall(r"^(\d+) entries saved\.$", many.said.out, re.MULTILINE)[-1])
    assert saved >= NOTES


@pytest.mark.xdist_group("many notes")
def test_every_note_stands_on_the_page_or_its_visible_stand_in(many):
    words = legible(many.words("summary.pdf"))

    lost = [note(number)[:40] for number in range(NOTES) if visible(note(number)) not in words]

    assert lost == []


@pytest.mark.xdist_group("many notes")
def test_the_notes_stand_there_in_their_order(many):
    words = many.words("summary.pdf")
    places = [int(found) for found in re.findall(r"\bn(\d{4})\b", words)]

    assert [place for place in places if place < NOTES] == sorted(set(range(NOTES)))


@pytest.mark.xdist_group("many notes")
def test_the_vault_is_whole_with_a_thousand_notes(many, kapnotes):
    said = kapnotes("verify", many.vault, "--member", many.therapist, passphrase=many.passphrase(many.therapist))

    assert (said.code, said.err) == (0, "")
    assert "contents read" in said.out
