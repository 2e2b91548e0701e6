"""Whatever a command is given, it answers with its exit code and one line, never with a traceback."""

import json
import os
import shutil
import sqlite3
import subprocess
import sys
import textwrap

import pikepdf
import pytest

from kapnotes.app.system_clock import SystemClock
from kapnotes.domain.members import MEDICAL
from kapnotes.vault.library import Library

WITHOUT_RIGHTS = ("setpriv", "--bounding-set", "-dac_override,-dac_read_search") if os.geteuid() == 0 else ()
"""In front of a command: root, too, reads only what the owner's bits allow."""

NEEDING_A_MEMBER = ("sessions", "export", "audit", "verify")


def arguments_of(command, vault, *, member="Demo Therapist, LCSW", session="abcd"):
    """Return a whole command line on *vault*."""
    more = {
        "export": (session, "--as", "summary", "--out", vault.parent / "page.pdf"),
        "audit": ("--out", vault.parent / "trail.csv"),
    }.get(command, ())
    return (command, vault, *more, "--member", member)


def see_one_line(said, *codes):
    """See that it failed with one of *codes* and said one line; return the line."""
    assert said.code in codes, said
    assert said.out == ""
    assert said.err.count("\n") == 1, said.err
    assert "Traceback" not in said.err
    assert len(said.err) < 500
    return said.err


def see_all_but_one_file(said, name, *codes):
    """See that the other files were used, and that the one that is missing from the outcome was named; return why."""
    assert said.code in codes, said
    assert said.out != ""
    assert said.err.count("\n") == 1, said.err
    assert "Traceback" not in said.err
    assert name in said.err
    return said.err


def run_on(kapnotes, played, command, vault=None, passphrase=None, **more):
    words = arguments_of(command, vault or played.vault, session=played.session())
    return kapnotes(*words, passphrase=passphrase or played.passphrase(played.therapist), **more)


# ----------------------------------------------------------------------------------------- what is no vault


@pytest.mark.parametrize("command", NEEDING_A_MEMBER)
@pytest.mark.parametrize("what", ["nothing", "an empty folder", "another folder", "a file", "a link to nothing"])
def test_a_place_without_a_vault_is_named_and_nothing_is_made_there(kapnotes, played, tmp_path, command, what):
    place = tmp_path / "place"
    match what:
        case "an empty folder":
            place.mkdir()
        case "another folder":
            place.mkdir()
            (place / "thesis.txt").write_text("mine", encoding="utf-8")
        case "a file":
            place.write_text("mine", encoding="utf-8")
        case "a link to nothing":
            place.symlink_to(tmp_path / "nowhere")
    before = sorted(tmp_path.rglob("*"))

    line = see_one_line(run_on(kapnotes, played, command, vault=place), 5)

    assert f"There is no vault in {place}. Look at the path" in line
    assert sorted(tmp_path.rglob("*")) == before


@pytest.mark.parametrize("what", ["a vault", "an empty folder", "a file", "a link to nothing"])
def test_create_takes_no_place_that_is_taken(kapnotes, small, tmp_path, what):
    place = tmp_path / "place"
    match what:
        case "a vault":
            shutil.copytree(small.vault, place)
        case "an empty folder":
            place.mkdir()
        case "a file":
            place.write_text("mine", encoding="utf-8")
        case "a link to nothing":
            place.symlink_to(tmp_path / "nowhere")
    before = {path: path.read_bytes() if path.is_file() else b"" for path in tmp_path.rglob("*")}

    said = kapnotes("create", place, "--member", "Somebody", passphrase="otter lagoon violin")

    assert "exists already" in see_one_line(said, 5)
    assert {path: path.read_bytes() if path.is_file() else b"" for path in tmp_path.rglob("*")} == before


@pytest.mark.parametrize(
    ("name", "roles", "passphrase", "says"),
    [
        ("Somebody", "therapist", "too short", "at least 15 characters"),
        ("Somebody", "therapist", "x" * 257, "at most 256 characters"),
        ("", "therapist", "otter lagoon violin", "1 to 64 printable characters"),
        ("x" * 65, "therapist", "otter lagoon violin", "1 to 64 printable characters"),
        ("some\x07body", "therapist", "otter lagoon violin", "1 to 64 printable characters"),
        ("Somebody", "admin", "otter lagoon violin", "--roles takes"),
        ("Somebody", "", "otter lagoon violin", "--roles takes"),
    ],
)
def test_create_makes_a_whole_vault_or_none(kapnotes, tmp_path, name, roles, passphrase, says):
    said = kapnotes("create", tmp_path / "vault", "--member", name, "--roles", roles, passphrase=passphrase)

    assert says in see_one_line(said, 2)
    assert list(tmp_path.iterdir()) == []


def test_create_where_nothing_can_be_written_says_so(kapnotes, tmp_path):
    (tmp_path / "locked").mkdir(mode=0o500)

    said = kapnotes(
        "create", tmp_path / "locked" / "vault", "--member", "Somebody",
        passphrase="otter lagoon violin", before=WITHOUT_RIGHTS,
    )  # fmt: skip

    line = see_one_line(said, 5)
    assert "cannot be made (Permission denied). Choose another place" in line
    assert list((tmp_path / "locked").iterdir()) == []


def test_create_puts_the_sheets_where_it_is_told_for_this_user_alone(kapnotes, tmp_path):
    said = kapnotes(
        "create", tmp_path / "vault", "--member", "Somebody", "--sheets", tmp_path / "paper",
        passphrase="otter lagoon violin",
    )  # fmt: skip

    assert said.code == 0, said
    pages = sorted((tmp_path / "paper").iterdir())
    assert [page.name for page in pages] == [f"recovery-{kind}-1.pdf" for kind in ("medical", "shared", "therapy")]
    assert {page.stat().st_mode & 0o777 for page in pages} == {0o600}
    assert (tmp_path / "paper").stat().st_mode & 0o777 == 0o700
    assert "Print these recovery sheets, confirm each in the program (Ctrl+K" in said.out
    assert "delete the files" in said.out
    assert all(str(page) in said.out for page in pages)
    whole = kapnotes("verify", tmp_path / "vault", "--member", "Somebody", passphrase="otter lagoon violin")
    assert whole.code == 0, whole


def test_a_sheet_that_create_made_opens_the_vault_it_was_made_for(kapnotes, tmp_path):
    kapnotes(
        "create", tmp_path / "vault", "--member", "Somebody", "--sheets", tmp_path, passphrase="otter lagoon violin"
    )
    text = subprocess.run(
        ["pdftotext", "-raw", tmp_path / "recovery-medical-1.pdf", "-"], check=True, capture_output=True, text=True
    ).stdout
    lines = [part for part in text.split() if part.count("-") == 2 and len(part) == 16]
    library = Library.open(tmp_path / "vault", device_id="1" * 32, entropy=os.urandom, clock=SystemClock())
    try:
        state = library.sheet_of("\n".join(lines))
    finally:
        library.close()

    assert (state.compartment, state.number, state.is_confirmed) == (MEDICAL, 1, False)


def test_without_a_folder_create_says_where_sheets_are_made(kapnotes, tmp_path):
    said = kapnotes("create", tmp_path / "vault", "--member", "Somebody", passphrase="otter lagoon violin")

    assert said.code == 0, said
    assert "recovery sheets are made in the program: Ctrl+K" in said.out


@pytest.mark.parametrize(
    ("sheets", "says", "code"),
    [
        ("vault", "not kept in it", 2),
        ("vault/sheets", "not kept in it", 2),
        ("vault/../vault/sheets", "not kept in it", 2),
        ("nowhere/sheets", "cannot be made (No such file or directory)", 5),
        ("a file", "cannot be made (File exists)", 5),
        ("taken", "recovery-shared-1.pdf is there already", 2),
        ("Dropbox/sheets", "belongs to Dropbox", 5),
    ],
)
def test_a_place_that_takes_no_sheets_is_told_before_anything_is_made(kapnotes, tmp_path, sheets, says, code):
    (tmp_path / "a file").write_text("mine", encoding="utf-8")
    (tmp_path / "Dropbox").mkdir()
    (tmp_path / "taken").mkdir()
    (tmp_path / "taken" / "recovery-shared-1.pdf").write_text("mine", encoding="utf-8")
    before = sorted(tmp_path.rglob("*"))

    said = kapnotes(
        "create", tmp_path / "vault", "--member", "Somebody", "--sheets", tmp_path / sheets,
        passphrase="otter lagoon violin",
    )  # fmt: skip

    assert says in see_one_line(said, code)
    assert sorted(tmp_path.rglob("*")) == before


def test_a_vault_that_cannot_be_made_leaves_no_folder_for_its_sheets(kapnotes, tmp_path):
    (tmp_path / "vault").mkdir()

    said = kapnotes(
        "create", tmp_path / "vault", "--member", "Somebody", "--sheets", tmp_path / "paper",
        passphrase="otter lagoon violin",
    )  # fmt: skip

    assert "exists already" in see_one_line(said, 5)
    assert not (tmp_path / "paper").exists()


def test_where_the_sheets_cannot_be_written_the_vault_is_made_and_the_line_says_how_they_are(kapnotes, tmp_path):
    (tmp_path / "locked").mkdir(mode=0o500)

    said = kapnotes(
        "create", tmp_path / "vault", "--member", "Somebody", "--sheets", tmp_path / "locked",
        passphrase="otter lagoon violin", before=WITHOUT_RIGHTS,
    )  # fmt: skip

    line = see_one_line(said, 5)
    assert "The vault is made, but not every recovery sheet" in line
    assert "Ctrl+K" in line
    assert kapnotes("verify", tmp_path / "vault").code == 0


# ------------------------------------------------------------------------------------ what cannot be read


@pytest.mark.parametrize("command", NEEDING_A_MEMBER)
@pytest.mark.parametrize("name", ["shared.kapdb", "medical.kapdb"])
def test_a_file_that_may_not_be_read_is_named(kapnotes, played, command, name):
    (played.vault / name).chmod(0)

    said = run_on(kapnotes, played, command, before=WITHOUT_RIGHTS)

    if name == "shared.kapdb" or command == "verify":
        assert name in see_one_line(said, 5)
    else:
        see_all_but_one_file(said, name, 5)


@pytest.mark.parametrize("command", NEEDING_A_MEMBER)
def test_a_folder_that_may_not_be_read_is_named(kapnotes, played, command):
    played.vault.chmod(0)
    try:
        said = run_on(kapnotes, played, command, before=WITHOUT_RIGHTS)
    finally:
        played.vault.chmod(0o700)

    see_one_line(said, 5)


@pytest.mark.parametrize("command", NEEDING_A_MEMBER)
@pytest.mark.parametrize("kind", ["shared", "medical", "therapy"])
@pytest.mark.parametrize("change", ["noise", "empty", "gone", "cut"])
def test_a_broken_file_is_named(kapnotes, played, command, kind, change):
    (path,) = played.vault.glob(f"{kind}*.kapdb")
    content = path.read_bytes()
    match change:
        case "noise":
            path.write_bytes(os.urandom(len(content)))
        case "empty":
            path.write_bytes(b"")
        case "gone":
            path.unlink()
        case "cut":
            path.write_bytes(content[: len(content) // 3])

    said = run_on(kapnotes, played, command)

    if kind == "shared" or command == "verify":
        assert path.name in see_one_line(said, 1, 2, 5)
    else:
        see_all_but_one_file(said, path.name, 1, 2, 5)


@pytest.mark.parametrize("command", NEEDING_A_MEMBER)
@pytest.mark.parametrize("name", ["shared.kapdb", "medical.kapdb"])
def test_a_newer_format_is_told_and_nothing_is_changed(kapnotes, played, command, name):
    (played.vault / "closing").unlink()
    connection = sqlite3.connect(played.vault / name)
    connection.execute("PRAGMA user_version = 2")
    connection.close()
    before = (played.vault / name).read_bytes()

    said = run_on(kapnotes, played, command)

    is_way_in = name == "shared.kapdb" or command == "verify"
    line = see_one_line(said, 6) if is_way_in else see_all_but_one_file(said, name, 6)
    assert "newer KAPnotes" in line
    assert "Nothing was changed" in line
    assert (played.vault / name).read_bytes() == before


# ---------------------------------------------------------------------------------- passphrases and members


@pytest.mark.parametrize("command", NEEDING_A_MEMBER)
def test_a_wrong_passphrase_is_told_and_nothing_is_changed(kapnotes, played, command):
    def content():
        return {path.name: path.read_bytes() for path in played.vault.iterdir() if path.name != "attempts"}

    before = content()

    line = see_one_line(run_on(kapnotes, played, command, passphrase="not the passphrase at all"), 4)

    assert "Not the passphrase of Demo Therapist, LCSW." in line
    assert content() == before


@pytest.mark.parametrize("command", NEEDING_A_MEMBER)
def test_a_name_that_is_no_members_is_told(kapnotes, played, command):
    words = arguments_of(command, played.vault, member="Somebody else")

    line = see_one_line(kapnotes(*words, passphrase="otter lagoon violin"), 4)

    assert "no member of that name" in line


@pytest.mark.parametrize("command", NEEDING_A_MEMBER)
@pytest.mark.parametrize(
    ("option", "value", "code"),
    [
        ("--passphrase-file", "nowhere.txt", 5),
        ("--passphrase-file", "/", 5),
        ("--passphrase-fd", "-1", 2),
        ("--passphrase-fd", "99", 5),
        ("--passphrase-fd", "one", 2),
        (None, None, 2),
    ],
)
def test_a_passphrase_that_cannot_be_read_is_told(kapnotes, small, command, option, value, code):
    words = arguments_of(command, small.vault)

    see_one_line(kapnotes(*words, *((option, value) if option else ())), code)


@pytest.mark.parametrize("content", [b"", b"\n", b"\xff\xfe\xfd", b"\0" * 100, b"x" * 100_000], ids=lambda one: one[:4])
def test_a_passphrase_of_any_bytes_is_wrong_and_nothing_worse(kapnotes, small, tmp_path, content):
    (tmp_path / "passphrase").write_bytes(content)
    words = arguments_of("sessions", small.vault)

    see_one_line(kapnotes(*words, "--passphrase-file", tmp_path / "passphrase"), 2, 4)


# ------------------------------------------------------------------------------------------- export, output


@pytest.mark.parametrize("session", ["", "ab", "zzzz", "a\nb\nc", "x" * 10_000, "../../etc", "*"])
def test_a_session_that_is_not_there_is_told(kapnotes, played, session):
    said = kapnotes(
        "export", played.vault, session, "--as", "record", "--out", played.folder / "page.pdf",
        "--member", played.therapist, passphrase=played.passphrase(played.therapist),
    )  # fmt: skip

    see_one_line(said, 2)
    assert not (played.folder / "page.pdf").exists()


def first_session(kapnotes, played):
    said = kapnotes("sessions", played.vault, "--member", played.crna, passphrase=played.passphrase(played.crna))
    assert (said.code, said.err) == (0, "")
    return said.out.split()[0]


@pytest.mark.parametrize("place", ["nowhere/page.pdf", "vault/shared.kapdb", "vault/page.pdf", "folder"])
def test_pages_that_cannot_be_written_there_are_told_and_nothing_is_overwritten(kapnotes, played, place):
    (played.folder / "folder").mkdir()
    session = first_session(kapnotes, played)
    names = sorted(path.name for path in played.folder.rglob("*"))

    said = kapnotes(
        "export", played.vault, session, "--as", "record", "--out", played.folder / place,
        "--member", played.crna, passphrase=played.passphrase(played.crna),
    )  # fmt: skip

    see_one_line(said, 2, 5)
    assert sorted(path.name for path in played.folder.rglob("*")) == names
    assert played.check()[1] == 0


def test_pages_are_written_and_the_export_stands_in_the_vault(kapnotes, played):
    before = played.count()

    said = kapnotes(
        "export", played.vault, first_session(kapnotes, played), "--as", "record", "--out", played.folder / "page.pdf",
        "--paper", "letter", "--member", played.crna, passphrase=played.passphrase(played.crna),
    )  # fmt: skip

    assert (said.code, said.err) == (0, "")
    with pikepdf.open(played.folder / "page.pdf", password=said.out.split()[-1]) as document:
        assert [round(float(edge)) for edge in document.pages[0].mediabox[2:]] == [612, 792]
    assert played.count() > before
    assert played.check()[1] == 0


@pytest.mark.parametrize(
    ("document", "begins"), [("fhir", b"{"), ("csv", b"\xef\xbb\xbf"), ("csv-deidentified", b"t_min,")]
)
def test_data_are_written_for_this_user_alone_and_said_to_be_in_clear(kapnotes, played, document, begins):
    before, path = played.count(), played.folder / "data"

    said = kapnotes(
        "export", played.vault, first_session(kapnotes, played), "--as", document, "--out", path,
        "--member", played.crna, passphrase=played.passphrase(played.crna),
    )  # fmt: skip

    assert (said.code, said.err) == (0, "")
    assert said.out == f"{path} is written. It is not encrypted: whoever has the file can read it.\n"
    assert path.read_bytes().startswith(begins)
    assert path.stat().st_mode & 0o777 == 0o600
    assert played.count() > before
    assert played.check()[1] == 0


@pytest.mark.parametrize("words", [(), ("fly",), ("verify",), ("demo", "--speed", "fast"), ("demo", "--speed", "nan")])
def test_a_command_that_is_none_is_told_in_one_line(kapnotes, words):
    said = kapnotes(*words, QT_QPA_PLATFORM="")

    see_one_line(said, 2)


def test_a_terminal_that_lacks_a_sign_gets_its_number(kapnotes, tmp_path):
    said = kapnotes(
        "create", tmp_path / "vault", "--member", "Jörg Ω", passphrase="otter lagoon violin", PYTHONIOENCODING="ascii"
    )

    assert (said.code, said.err) == (0, "")
    assert "J\\xf6rg \\u03a9" in said.out


def test_a_reader_that_goes_away_is_no_fault(kapnotes, small):
    command = [*kapnotes.program, "verify", str(small.vault)]
    reader, writer = os.pipe()
    os.close(reader)
    done = subprocess.run(command, check=False, stdout=writer, stderr=subprocess.PIPE, env=kapnotes.environment)
    os.close(writer)

    assert done.returncode == 0
    assert done.stderr == b""


def test_the_report_for_programs_is_json_and_has_the_exit_code(kapnotes, played):
    (played.vault / "medical.kapdb").write_bytes(b"x" * 5000)

    said = kapnotes("verify", played.vault, "--json")

    report = json.loads(said.out)
    assert said.err == ""
    assert report["exit_code"] == said.code != 0
    assert {finding["file"] for finding in report["findings"]} == {"medical.kapdb"}


def test_two_at_once_are_told_apart_from_damage(kapnotes, played):
    """While one program holds the vault, the next says who does, and changes nothing."""
    with played.opened():
        for command in NEEDING_A_MEMBER:
            line = see_one_line(run_on(kapnotes, played, command), 4)
            assert "open" in line.casefold()

    assert played.check(played.therapist)[1] == 0


# ------------------------------------------------------------------------------------------------- read only


@pytest.fixture
def read_only(played, tmp_path):
    """A copy of a played vault whose owner took the right to write from all of it."""
    vault = shutil.copytree(played.vault, tmp_path / "vault")
    for path in (vault, *vault.iterdir()):
        path.chmod(0o500 if path.is_dir() else 0o400)
    yield vault
    vault.chmod(0o700)


def test_a_vault_that_is_read_only_is_read_and_not_changed(kapnotes, played, read_only):
    before = {path.name: path.read_bytes() for path in read_only.iterdir() if path.is_file()}
    said = run_on(kapnotes, played, "sessions", read_only, before=WITHOUT_RIGHTS)

    assert said.code == 0, said
    assert "K-0142" in said.out
    assert {path.name: path.read_bytes() for path in read_only.iterdir() if path.is_file()} == before


def test_an_unfinished_write_where_nothing_can_be_written_is_told_with_what_to_do(kapnotes, played, read_only):
    """A journal that waits to be rolled back; without the right to write nobody can, and nobody guesses."""
    read_only.chmod(0o700)
    shared = read_only / "shared.kapdb"
    (read_only / "closing").unlink(missing_ok=True)
    make_hot(shared)
    read_only.chmod(0o500)
    said = run_on(kapnotes, played, "sessions", read_only, before=WITHOUT_RIGHTS)

    assert "Copy the vault to a writable place" in see_one_line(said, 5)


def make_hot(path):
    """Leave a journal beside *path* as a program does that is killed in the middle of a write."""
    path.chmod(0o600)
    code = f"""
        import os, sqlite3
        connection = sqlite3.connect({str(path)!r}, isolation_level=None)
        connection.execute("PRAGMA cache_size=1")
        connection.execute("BEGIN IMMEDIATE")
        connection.execute("CREATE TABLE filler(x)")
        for _ in range(200):
            connection.execute("INSERT INTO filler VALUES(zeroblob(4000))")
        os._exit(0)
    """
    subprocess.run([sys.executable, "-c", textwrap.dedent(code)], check=True)
    path.chmod(0o400)
    (path.parent / "shared.kapdb-journal").chmod(0o400)
