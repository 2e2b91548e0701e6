import pytest

from kapnotes.app.demo_plan import At, make_plan
from kapnotes.app.demo_script import read_notes_csv, read_vitals_csv, shipped_notes, shipped_vitals
from kapnotes.app.presets import shipped_codebook
from kapnotes.domain.errors import BadFile

VITALS = "t_min,systolic_mmhg,diastolic_mmhg,heart_rate_bpm,spo2_percent,respiratory_rate_bpm\n"
NOTES = "t_s,code,text\n"
BOOK = shipped_codebook()


def vitals(tmp_path, content):
    path = tmp_path / "vitals.csv"
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return read_vitals_csv(path)


def notes(tmp_path, content):
    path = tmp_path / "notes.csv"
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return read_notes_csv(path, BOOK)


def test_the_shipped_script_is_in_order_and_lasts_two_and_a_half_hours():
    plan = make_plan(shipped_vitals(), shipped_notes(BOOK), BOOK)

    times = [step.t_s for step in plan.steps]
    assert times == sorted(times)
    assert times[-1] - times[0] >= 9000
    assert {step.at for step in plan.steps} == set(At)


def test_the_shipped_script_uses_what_the_pad_has():
    keys = {step.key.split()[0] for step in make_plan(shipped_vitals(), shipped_notes(BOOK), BOOK).steps}

    assert keys >= {"around", "theme", "touch", "agreement", "late", "correct", "want", "enter", "not_now", "words"}
    assert any(step.key == "enter" and not step.text for step in make_plan(shipped_vitals(), (), BOOK).steps)


def test_an_empty_cell_is_not_measured_and_an_empty_row_is_not_typed(tmp_path):
    rows = vitals(tmp_path, VITALS + "0,,,62.8,,12.7\n1,,,,,\n2,128,76,,,\n")

    assert [row.as_line() for row in rows] == ["hr62.8 rr12.7", "", "128/76"]


def test_columns_may_stand_in_any_order_and_further_ones_are_passed_over(tmp_path):
    rows = notes(tmp_path, 'text,remark,code,t_s\n"it\'s, all water",x,quote,12\n')

    assert [(row.t_s, row.code, row.text) for row in rows] == [(12.0, "quote", "it's, all water")]


def test_a_text_keeps_its_lines_spaces_and_signs(tmp_path):
    rows = notes(tmp_path, NOTES + '1,,"  two\n lines <b> & ""quotes"" ketamin° Ωμέγα Щука 👩‍🔬 "\n')

    assert rows[0].text == '  two\n lines <b> & "quotes" ketamin° Ωμέγα Щука 👩‍🔬 '


@pytest.mark.parametrize(
    ("content", "says"),
    [
        ("", "row 1: column t_s is missing"),
        ("t_s,code\n1,quote\n", "row 1: column text is missing"),
        ("t_s,t_s,code,text\n", "row 1: column t_s stands twice"),
        (NOTES + "1,,a\nx,,b\n", "row 3, column t_s: is not a number"),
        (NOTES + "nan,,a\n", "row 2, column t_s: is not a number"),
        (NOTES + "٣,,a\n", "row 2, column t_s: is not a number"),
        (NOTES + "5,,a\n4,,b\n", "row 3, column t_s: runs backwards"),
        (NOTES + "1e9,,a\n", "row 2, column t_s"),
        (NOTES + "1,nonsense,a\n", "row 2, column code: is not in the codebook"),
        (NOTES + "1,,\n", "row 2, column text: is empty"),
        (NOTES + "1,quote,\n", "row 2, column text: is empty"),
        (NOTES + "1,a\n", "row 2: 2 cells where the header has 3"),
        (NOTES + "1,,a,b\n", "row 2: 4 cells where the header has 3"),
        (NOTES + '1,,"a\n', "row 2"),
        (NOTES.encode() + b"1,,\xff\n", "row 2: not UTF-8"),
        (NOTES + "1,," + "x" * 10_000_000 + "\n", "row 2, column text: longer than 1 MiB"),
    ],
)
def test_a_bad_csv_of_notes_gives_one_line_with_its_row_and_column(tmp_path, content, says):
    with pytest.raises(BadFile) as error:
        notes(tmp_path, content)

    assert f"notes.csv {says}" in str(error.value)
    assert "\n" not in str(error.value)
    assert len(str(error.value)) < 400


@pytest.mark.parametrize(
    ("row", "says"),
    [
        ("0,a,76,,,", "row 2, column systolic_mmhg: is not a number"),
        ("0,1" + "0" * 30 + ",76,,,", "row 2, column systolic_mmhg: has too many digits"),
        ("0,128,76,,,inf", "row 2, column respiratory_rate_bpm: is not a number"),
        ("0,128,76,,", "row 2: 5 cells where the header has 6"),
        (",128,76,,,", "row 2, column t_min: is not a number"),
    ],
)
def test_a_bad_csv_of_vitals_gives_one_line_with_its_row_and_column(tmp_path, row, says):
    with pytest.raises(BadFile, match=r"vitals\.csv ") as error:
        vitals(tmp_path, f"{VITALS}{row}\n")

    assert says in str(error.value)


def test_a_reading_that_cannot_be_is_no_fault_of_the_file(tmp_path):
    assert vitals(tmp_path, VITALS + "0,80,120,999,101,\n")[0].as_line() == "80/120 hr999 sp101"


def test_a_missing_file_says_so_in_one_line(tmp_path):
    with pytest.raises(BadFile, match="cannot be read"):
        read_vitals_csv(tmp_path / "nothing.csv")
