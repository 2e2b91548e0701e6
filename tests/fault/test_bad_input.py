"""A file that cannot be played gives one line with its row and column, exit code 2, and nothing on the disk."""

import pytest

from tests.fault.odd_demo import IMPOSSIBLE, USUAL, VITALS

NOTES = "t_s,code,text\n"
TEN_MB = 10_000_000
HEART_RATE = "row 2, column heart_rate_bpm: is not a number"

BAD_VITALS = {
    "a column is missing": (VITALS.replace(",spo2_percent", ""), "row 1: column spo2_percent is missing"),
    "a column stands twice": (VITALS.replace("spo2_percent", "t_min"), "row 1: column t_min stands twice"),
    "the file is empty": ("", "row 1: column t_min is missing"),
    "there is a header only": (VITALS, "row 2: nothing stands below the header"),
    "letters for a number": (VITALS + "0,120,80,seventy,98,14\n", HEART_RATE),
    "letters for a time": (VITALS + "noon,120,80,70,98,14\n", "row 2, column t_min: is not a number"),
    "no time": (VITALS + ",120,80,70,98,14\n", "row 2, column t_min: is not a number"),
    "the time runs backwards": (VITALS + "5,120,80,70,98,14\n4,120,80,70,98,14\n", "row 3, column t_min: runs backw"),
    "a time of next year": (VITALS + "525600,120,80,70,98,14\n", "row 2, column t_min: is more than a day before"),
    "a line of ten megabytes": (VITALS + "0,120,80,70,98," + "9" * TEN_MB, "row 2, column respiratory_rate_bpm: long"),
    "a NUL byte": (VITALS + "0,120,80,7\0,98,14\n", "row 2, column heart_rate_bpm: holds a NUL byte"),
    "five cells for six": (VITALS + "0,120,80,70,98\n", "row 2: 5 cells where the header has 6"),
    "seven cells for six": (VITALS + "0,120,80,70,98,14,1\n", "row 2: 7 cells where the header has 6"),
    "a quotation mark that is never closed": (VITALS + '0,120,"80,70,98,14\n', "row 2, column diastolic_mmhg: holds"),
    "NaN": (VITALS + "0,120,80,NaN,98,14\n", HEART_RATE),
    "sNaN": (VITALS + "0,120,80,sNaN,98,14\n", HEART_RATE),
    "inf": (VITALS + "0,120,80,inf,98,14\n", HEART_RATE),
    "-Infinity": (VITALS + "0,120,80,-Infinity,98,14\n", HEART_RATE),
    "1e308": (VITALS + "0,120,80,1e308,98,14\n", HEART_RATE),
    "1e999999999": (VITALS + "0,120,80,1e999999999,98,14\n", HEART_RATE),
    "a thousand digits": (VITALS + f"0,120,80,{'7' * 1000},98,14\n", "row 2, column heart_rate_bpm: has too many"),
    "a decimal comma": (VITALS + '0,120,80,"71,5",98,14\n', HEART_RATE),
    "an underscore": (VITALS + "0,120,80,1_0,98,14\n", HEART_RATE),
    "a hexadecimal number": (VITALS + "0,120,80,0x50,98,14\n", HEART_RATE),
    "Arabic-Indic digits": (VITALS + "0,120,80,\u0667\u0662,98,14\n", HEART_RATE),
    "digits of full width": (VITALS + "0,120,80,\uff17\uff12,98,14\n", HEART_RATE),
    "a superscript": (VITALS + "0,120,80,7\u00b2,98,14\n", HEART_RATE),
    "another encoding": (VITALS.encode() + b"0,120,80,7\xff,98,14\n", "row 2: not UTF-8"),
    "UTF-16": (VITALS.encode("utf-16"), "row 1: not UTF-8"),
}  # fmt: skip

BAD_NOTES = {
    "a column is missing": ("t_s,text\n0,abc\n", "row 1: column code is missing"),
    "the file is empty": ("", "row 1: column t_s is missing"),
    "there is a header only": (NOTES, "row 2: nothing stands below the header"),
    "letters for a time": (NOTES + "0,,a\nsoon,,b\n", "row 3, column t_s: is not a number"),
    "the time runs backwards": (NOTES + "5,,a\n4,,b\n", "row 3, column t_s: runs backwards"),
    "a time that is no time": (NOTES + "inf,,a\n", "row 2, column t_s: is not a number"),
    "a line of ten megabytes": (NOTES + f'0,,"{"x" * TEN_MB}"\n', "row 2, column text: longer than 1 MiB"),
    "a text of ten million lines": (NOTES + f'0,,"{chr(10) * TEN_MB}"\n', "row 2, column text: is longer than 1 MiB"),
    "a NUL byte": (NOTES + "0,,a\0b\n", "row 2, column text: holds a NUL byte"),
    "a quotation mark that is never closed": (NOTES + '0,,one\n1,,"two\n2,,three\n', "row 3, column text: holds a"),
    "a text that goes on after its quotes": (NOTES + '0,,"two\nlines"\n1,,"a" b\n', "row 4, column text: goes on"),
    "a code that is not in the codebook": (NOTES + "0,flying,abc\n", "row 2, column code: is not in the codebook"),
    "no text and no code": (NOTES + "0,,\n", "row 2, column text: is empty"),
    "two cells for three": (NOTES + "0,abc\n", "row 2: 2 cells where the header has 3"),
    "another encoding": (NOTES.encode() + b"0,,caf\xe9\n", "row 2: not UTF-8"),
}  # fmt: skip


def refuse(kapnotes, folder, option, path):
    """Play *path*; return the one line that was said, having seen that nothing else came of it."""
    said = kapnotes("demo", "--out", folder / "out", option, path)

    assert said.code == 2, said.err
    assert said.out == ""
    assert said.err.startswith(f"kapnotes: {path.name}")
    assert said.err.count("\n") == 1
    assert said.err.endswith(".\n")
    assert len(said.err) < 400
    assert sorted(one.name for one in folder.iterdir()) in ([], [path.name])
    return said.err


@pytest.mark.parametrize("fault", BAD_VITALS)
def test_vitals_that_cannot_be_read_are_refused(kapnotes, tmp_path, fault):
    content, says = BAD_VITALS[fault]
    path = tmp_path / "vitals.csv"
    path.write_bytes(content if isinstance(content, bytes) else content.encode())

    assert says in refuse(kapnotes, tmp_path, "--vitals", path)


@pytest.mark.parametrize("fault", BAD_NOTES)
def test_notes_that_cannot_be_read_are_refused(kapnotes, tmp_path, fault):
    content, says = BAD_NOTES[fault]
    path = tmp_path / "notes.csv"
    path.write_bytes(content if isinstance(content, bytes) else content.encode())

    assert says in refuse(kapnotes, tmp_path, "--notes", path)


@pytest.mark.parametrize("option", ["--vitals", "--notes"])
def test_a_folder_in_place_of_a_file_is_refused(kapnotes, tmp_path, option):
    path = tmp_path / "folder.csv"
    path.mkdir()

    assert "cannot be read" in refuse(kapnotes, tmp_path, option, path)


@pytest.mark.parametrize("option", ["--vitals", "--notes"])
def test_a_file_that_is_not_there_is_refused(kapnotes, tmp_path, option):
    assert "cannot be read" in refuse(kapnotes, tmp_path, option, tmp_path / "nothing.csv")


def test_a_file_without_an_end_is_refused_before_memory_is_full(kapnotes, tmp_path):
    said = kapnotes("demo", "--out", tmp_path / "out", "--notes", "/dev/zero")

    assert (said.code, said.err) == (2, "kapnotes: zero: larger than 64 MiB; split the file.\n")
    assert not (tmp_path / "out").exists()


def test_a_demo_takes_no_place_that_is_a_file(kapnotes, tmp_path):
    (tmp_path / "out").write_text("mine", encoding="utf-8")

    said = kapnotes("demo", "--out", tmp_path / "out")

    assert said.code == 2
    assert said.err.count("\n") == 1
    assert (tmp_path / "out").read_text(encoding="utf-8") == "mine"


def test_a_line_of_an_error_holds_no_word_of_the_file(kapnotes, tmp_path):
    path = tmp_path / "notes.csv"
    path.write_text(NOTES + "0,Marigold Lane,his secret\n1,,x\n", encoding="utf-8")

    said = kapnotes("demo", "--out", tmp_path / "out", "--notes", path)

    assert said.code == 2
    assert "Marigold" not in said.err
    assert "secret" not in said.err


# ------------------------------------------------------------------- well formed, and yet it cannot be


@pytest.mark.xdist_group("odd demo")
def test_readings_that_cannot_be_are_refused_by_the_log_and_the_demo_goes_on(odd_demo):
    assert odd_demo.said.code == 0
    assert odd_demo.said.err == ""
    assert (odd_demo.folder / "record.pdf").stat().st_size > 0


@pytest.mark.xdist_group("odd demo")
def test_the_last_lines_count_what_was_refused_and_why(odd_demo):
    lines = odd_demo.said.out.splitlines()
    first = next(place for place, line in enumerate(lines) if line.startswith("Refused"))
    counted = [line.strip().split(" × ", 1) for line in lines[first + 1 : -2]]

    assert lines[first].endswith(f": {len(IMPOSSIBLE) + 1}")
    assert sum(int(count) for count, _ in counted) == len(IMPOSSIBLE) + 1
    reasons = {reason: int(count) for count, reason in counted}
    for reason in {row[5] for row in IMPOSSIBLE if row[5]}:
        assert any(known.startswith(reason) for known in reasons), reason
    assert reasons["SpO₂ 101 is not possible (1 to 100 %)."] == 2


@pytest.mark.xdist_group("odd demo")
def test_the_record_holds_what_was_unusual_or_usual_and_nothing_that_was_refused(odd_demo):
    lines = [line.split() for line in odd_demo.words("record.pdf").splitlines()]

    assert any(set(USUAL) <= set(line) for line in lines)
    assert any({"230", "30", "79"} <= set(line) for line in lines)
    assert [line for line in lines if {"101", "999", "998", "81", "17.3"} & set(line)] == []
