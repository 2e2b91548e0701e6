"""`kapnotes demo` as a process: what it leaves, what opens it, and what stands on the pages."""

import csv
import io
import re
import shutil
import subprocess
from collections import Counter
from importlib.resources import files

import pytest

PICTURES = {
    "closing",
    "follow-up",
    "home",
    "keys",
    "log",
    "new-vault",
    "pad",
    "preparation",
    "record",
    "responses",
    "sign-in",
    "sign-medical",
    "sign-therapist",
    "start",
    "summary",
}
COMMAND = re.compile(r"^(do|out|ae|end|drawn|waste|rescue|inf|padss|x) ")


def shipped(name):
    text = files("kapnotes.resources.demo").joinpath(name).read_text(encoding="utf-8")
    return list(csv.DictReader(io.StringIO(text)))


def bare(text):
    """Return *text* without white space and without what foot and head of a page put between two lines."""
    text = re.sub(
        r"(Integration-session summary|Medical record of the session) (Page \d+ of \d+|· K-0142 .*)", "", text
    )
    return re.sub(r"\s+", "", text)


def locked(qpdf_option, path, passphrase):
    command = ["qpdf", f"--password={passphrase}", qpdf_option, str(path)]
    return subprocess.run(command, check=False, capture_output=True, text=True)


# ----------------------------------------------------------------------------------------------- the folder


def test_the_demo_ends_well_and_says_nothing_of_a_fault(demo):
    assert demo.said.code == 0, demo.said.err
    assert demo.said.err == ""
    assert "Refused" not in demo.said.out


def test_the_demo_leaves_vault_pages_passphrases_and_a_picture_of_each_window(demo):
    names = {path.name for path in demo.folder.iterdir()}

    assert {"vault", "summary.pdf", "record.pdf", "passphrases.txt"} <= names
    assert {f"{name}.png" for name in PICTURES} <= names
    assert all(path.stat().st_size > 0 for path in demo.folder.iterdir() if path.is_file())
    assert {"shared.kapdb", "medical.kapdb", "closing"} <= {path.name for path in demo.vault.iterdir()}


def test_nothing_half_written_is_left(demo):
    assert [path for path in demo.folder.rglob("*") if ".part" in path.name or path.name == ".lock"] == []


def test_what_the_demo_writes_is_readable_by_its_owner_alone(demo):
    open_to_others = [
        path.name for path in demo.folder.rglob("*") if path.is_file() and path.parent.name != "profile"
        if path.stat().st_mode & 0o077
    ]  # fmt: skip

    assert open_to_others == []
    assert demo.vault.stat().st_mode & 0o777 == 0o700


@pytest.fixture(scope="module")
def lights(demo, light_of):
    """The light of each picture, by its name."""
    return {name: light_of(colours) for name, colours in demo.pixels()}


def test_no_window_is_bright_on_average_and_no_pixel_is_bright(lights):
    bright = []
    for name, light in lights.items():
        if light.mean > 0.010 or light.brightest > 0.30:
            bright.append(f"{name}: mean {light.mean:.4f}, brightest {light.brightest:.3f}")

    assert bright == []


def test_the_pictures_show_something(lights):
    assert len(lights) >= len(PICTURES)
    assert [name for name, light in lights.items() if light.mean < 0.0005] == []


def test_light_is_measured_as_it_is_defined(light_of):
    assert light_of(Counter({0xFFFFFFFF: 3})).mean == pytest.approx(1.0)
    assert light_of(Counter({0xFF000000: 1, 0xFFFFFFFF: 1})).mean == pytest.approx(0.5)
    assert light_of(Counter({0xFF959595: 1})).brightest == pytest.approx(0.300, abs=0.003)


def test_a_second_demo_takes_the_place_of_the_first_and_of_nothing_else(kapnotes, tmp_path):
    keep = tmp_path / "mine.txt"
    keep.write_text("a thesis", encoding="utf-8")

    said = kapnotes("demo", "--out", tmp_path)

    assert said.code == 2
    assert said.err.count("\n") == 1
    assert [path.name for path in tmp_path.iterdir()] == ["mine.txt"]


# ----------------------------------------------------------------------------------------------- the vault


def test_the_vault_of_the_demo_verifies_without_a_passphrase(demo, kapnotes):
    said = kapnotes("verify", demo.vault)

    assert (said.code, said.err) == (0, "")
    assert "contents and sign-offs not read" in said.out


@pytest.mark.parametrize("member", ["Demo Therapist, LCSW", "Demo Nurse, CRNA"])
def test_the_vault_of_the_demo_verifies_with_each_members_passphrase(demo, kapnotes, member):
    said = kapnotes("verify", demo.vault, "--member", member, passphrase=demo.passphrase(member))

    assert (said.code, said.err) == (0, "")
    assert said.out.endswith("contents read.\n")


def test_both_members_see_the_session(demo, kapnotes):
    for member in (demo.therapist, demo.crna):
        said = kapnotes("sessions", demo.vault, "--member", member, passphrase=demo.passphrase(member))

        assert said.code == 0
        assert "K-0142  session 1  iv  closed" in said.out


def test_looking_changes_no_byte_of_the_vault(demo, kapnotes):
    before = {path.name: path.read_bytes() for path in demo.vault.iterdir()}

    kapnotes("verify", demo.vault, "--member", demo.crna, passphrase=demo.passphrase(demo.crna))

    assert {path.name: path.read_bytes() for path in demo.vault.iterdir()} == before


# ----------------------------------------------------------------------------------------------- the pages


@pytest.mark.parametrize("page", ["summary.pdf", "record.pdf"])
def test_a_page_is_sound_and_locked_with_aes_256_of_revision_6(demo, page):
    sound = locked("--check", demo.folder / page, demo.passphrase(page))
    lock = locked("--show-encryption", demo.folder / page, demo.passphrase(page)).stdout

    assert sound.returncode == 0, sound.stdout + sound.stderr
    assert "R = 6" in lock
    assert {line.split(": ")[1] for line in lock.splitlines() if line.endswith(" AESv3")} == {"AESv3"}
    assert lock.count("AESv3") == 3


@pytest.mark.parametrize("page", ["summary.pdf", "record.pdf"])
def test_a_page_opens_with_no_other_passphrase_and_with_none(demo, page):
    other = "record.pdf" if page == "summary.pdf" else "summary.pdf"

    for passphrase in ("", demo.passphrase(other), demo.passphrase(demo.therapist)):
        assert locked("--check", demo.folder / page, passphrase).returncode == 2


@pytest.mark.parametrize("page", ["summary.pdf", "record.pdf"])
def test_a_page_shows_the_signatures_of_both_clinicians(demo, page):
    words = bare(demo.words(page))

    assert bare("Demo Nurse, CRNA the session, medical") in words
    assert bare("Demo Therapist, LCSW the session, process notes") in words
    assert "Notsignedyet" not in words


def test_the_audit_trail_of_the_demo_goes_into_a_file(demo, kapnotes, tmp_path):
    copy = tmp_path / "vault"
    shutil.copytree(demo.vault, copy)
    path = tmp_path / "trail.csv"

    said = kapnotes("audit", copy, "--out", path, "--member", demo.crna, passphrase=demo.passphrase(demo.crna))

    assert (said.code, said.err) == (0, "")
    rows = list(csv.DictReader(path.read_text(encoding="utf-8-sig").splitlines()))
    assert said.out == f"{path} is written: {len(rows)} lines of the audit trail.\n"
    signed = {(row["who"], row["what"]) for row in rows if row["what"].startswith("signed: ")}
    assert signed == {
        (demo.crna, "signed: session"),
        (demo.crna, "signed: medical record"),
        (demo.therapist, "signed: session"),
        (demo.therapist, "signed: process notes"),
    }
    assert (demo.therapist, "an integration session was recorded") in {(row["who"], row["what"]) for row in rows}


def test_the_summary_holds_every_text_that_the_therapist_typed(demo):
    words = bare(demo.words("summary.pdf"))
    typed = [row["text"] for row in shipped("notes.csv") if row["text"]]
    typed += [row["text"].split(" // ")[0] for row in shipped("events.csv") if row["window"] == "pad" and row["text"]]

    assert [text for text in typed if bare(text) not in words] == []


def test_the_summary_holds_what_the_therapist_wrote_on_the_pages_of_the_pad(demo):
    words = bare(demo.words("summary.pdf"))
    kinds = {"intention", "theme", "agreement", "words", "shifts", "attention"}
    written = [row for row in shipped("events.csv") if row["window"] == "page" and row["key"] in kinds]

    assert {row["key"] for row in written} == kinds
    assert [row["text"] for row in written if bare(row["text"]) not in words] == []


@pytest.mark.parametrize("page", ["summary.pdf", "record.pdf"])
def test_a_page_holds_what_the_patient_answered_before_the_session(demo, page):
    assert "PHQ-9" in demo.words(page)


def test_the_record_holds_every_word_that_the_nurse_typed(demo):
    words = bare(demo.words("record.pdf"))
    typed = [row["text"] for row in shipped("events.csv") if row["window"] == "log"]
    parts = [part for text in typed if COMMAND.match(text) for part in re.split(r"[:/]\s*", COMMAND.sub("", text))]
    said = [part for part in parts if re.search("[a-z]{4}", part)]

    assert [part for part in said if bare(part.removesuffix(" mild").removesuffix(" 4 iv")) not in words] == []


def test_the_record_holds_every_reading_that_the_nurse_typed(demo):
    lines = [line.split() for line in demo.words("record.pdf").splitlines()]

    for row in shipped("vitals.csv"):
        systolic, diastolic = row["systolic_mmhg"], row["diastolic_mmhg"]
        further = [row[name] for name in ("heart_rate_bpm", "spo2_percent", "respiratory_rate_bpm")]
        assert any({systolic, diastolic, *further} <= set(line) for line in lines), row


def test_the_record_holds_no_word_of_the_process_notes(demo):
    words = bare(demo.words("record.pdf"))
    notes = [row["text"] for row in shipped("notes.csv") if row["text"] and row["code"] != "setting"]

    assert [text for text in notes if bare(text) in words] == []
