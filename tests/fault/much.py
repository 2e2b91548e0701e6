"""Much at once: hours of a real monitor, and notes in every script and sign, played by the demo; what is lost of them.

`make fault` plays ten hours and a thousand notes (`sections/much.py`), `make test` three hours and a few hundred.
"""

import csv
import math
import random
import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from pathlib import Path

from tests.played_demo import Demo

MONITOR = Path(__file__).parents[3] / "shared" / "data" / "vitals-monitor.csv"
MINUTES = 1936
COLUMNS = (
    "t_min", "systolic_mmhg", "diastolic_mmhg", "heart_rate_bpm", "spo2_percent", "respiratory_rate_bpm"
)  # fmt: skip

Row = Mapping[str, str]

# -------------------------------------------------------------------------------------------- a monitor


def made_up_minutes() -> Iterator[Row]:
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


def monitor_minutes() -> list[Row]:
    """Return the minutes of a real monitor where the file stands beside the project, else made up ones like it."""
    if not MONITOR.is_file():
        return list(made_up_minutes())
    with MONITOR.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def write_vitals(path: Path, rows: Sequence[Row], shift_min: int = 0) -> None:
    """Write rows of the monitor for the demo, so many minutes later."""
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, COLUMNS)
        writer.writeheader()
        writer.writerows(row | {"t_min": str(int(row["t_min"]) + shift_min)} for row in rows)


def line_of(row: Row, shift_min: int) -> tuple[str, list[str]]:
    """Return when a row stands on the page, and the figures that must stand in its line."""
    minute = int(row["t_min"]) + shift_min
    hours, minutes = divmod(abs(minute), 60)
    figures = [format(Decimal(row[column]).normalize(), "f") for column in COLUMNS[1:] if row[column]]
    sign = "\N{MINUS SIGN}" if minute < 0 else ""
    return f"{sign}{hours}:{minutes:02}", figures


def missing_rows(rows: Sequence[Row], words: str, shift_min: int = 0) -> list[tuple[str, list[str]]]:
    """Return the rows that stand in no line of a record with these words, each by its time and figures."""
    lines: dict[str, list[list[str]]] = {}
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


# --------------------------------------------------------------------------------------- very many notes

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


def note(number: int) -> str:
    """Return the text of a note; each kind of text comes again and again."""
    return f"n{number:04d} {SPECIALS[number % len(SPECIALS)]}"


def visible(text: str) -> str:
    """Return what must be legible of *text*: no white space, no sign without a shape, composed."""
    shown = [char for char in text if unicodedata.category(char) not in {"Cc", "Cf", "Zs", "Zl", "Zp"}]
    return unicodedata.normalize("NFC", "".join(shown))


def legible(words: str) -> str:
    """Return the words of a page without head, foot and white space; a number for a sign is that sign again."""
    words = re.sub(r"Integration-session summary (Page \d+ of \d+|· K-0142 · .*)", "", words)
    words = re.sub(r"^ *KAP-HEAD .*$", "", words, flags=re.MULTILINE)
    words = re.sub(r"\s+", "", words)
    return visible(re.sub(r"\[U\+([0-9A-F]{4,6})\]", lambda match: chr(int(match[1], 16)), words))


def write_notes(path: Path, count: int) -> None:
    """Write so many notes for the demo, one every three seconds."""
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(("t_s", "code", "text"))
        writer.writerows((3 * number, ("", "", "quote")[number % 3], note(number)) for number in range(count))


def missing_notes(count: int, words: str) -> list[str]:
    """Return the begins of the notes of which neither the text nor its visible stand-in is among these words."""
    there = legible(words)
    return [note(number)[:40] for number in range(count) if visible(note(number)) not in there]


# ------------------------------------------------------------------------------------------------- a demo


def faults_of_end(demo: Demo, fewest: int) -> list[str]:
    """Return what is wrong with how a demo went: it ends well, refuses nothing, and saves at least so many entries."""
    said = demo.said
    if (said.code, said.err) != (0, ""):
        return [f"it ended with {said.code}: {said.err}"]
    saved = int(re.findall(r"^(\d+) entries saved\.$", said.out, re.MULTILINE)[-1])
    faults = ["something was refused"] if "Refused" in said.out else []
    return faults if saved >= fewest else [*faults, f"{saved} entries were saved of {fewest} at least"]
