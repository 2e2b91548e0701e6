"""`kapnotes backup`, `restore`, and `verify` of a backup: what they answer, and what a kill in the middle leaves."""

import pytest

from kapnotes.vault import generations
from kapnotes.vault.verify import verify
from tests.fault.engine import Engine

MODULE = "tests.fault.back_up"


def test_there_and_back_by_the_command_line(kapnotes, played, tmp_path):
    path, again = tmp_path / "one.kapbackup", tmp_path / "again"

    made = kapnotes("backup", played.vault, path)
    checked = kapnotes("verify", path, "--member", played.therapist, passphrase=played.passphrase(played.therapist))
    back = kapnotes("restore", path, again)

    count = played.count()
    assert (made.code, made.out) == (0, f"{path} is made and was opened again: {count} entries.\n")
    assert (checked.code, checked.out) == (0, f"The vault is whole: {count} entries, contents read.\n")
    assert (back.code, back.err) == (0, "")
    assert f"{again} is restored: {count} entries." in back.out
    assert verify(again).exit_code == 0
    listed = kapnotes("sessions", again, "--member", played.crna, passphrase=played.passphrase(played.crna))
    assert "K-0142" in listed.out


def test_nothing_is_overwritten_and_what_is_cut_is_refused_in_a_line(kapnotes, played, tmp_path):
    path = tmp_path / "one.kapbackup"
    kapnotes("backup", played.vault, path)
    cut = tmp_path / "cut.kapbackup"
    cut.write_bytes(path.read_bytes()[:-1])
    before = {file: file.read_bytes() for file in tmp_path.rglob("*") if file.is_file()}

    answers = {
        5: [kapnotes("backup", played.vault, path), kapnotes("restore", path, played.vault)],
        1: [kapnotes("restore", cut, tmp_path / "again"), kapnotes("verify", cut)],
    }

    for code, said in ((code, said) for code, every in answers.items() for said in every):
        assert (said.code, said.out, said.err.count("\n")) == (code, "", 1), said
    assert {file: file.read_bytes() for file in tmp_path.rglob("*") if file.is_file()} == before


def test_a_vault_that_is_open_is_not_backed_up_from_beside(kapnotes, played, tmp_path):
    with played.opened():
        said = kapnotes("backup", played.vault, tmp_path / "one.kapbackup")
    assert said.code == 4
    assert "Open in another KAPnotes" in said.err
    assert not (tmp_path / "one.kapbackup").exists()


@pytest.fixture
def engine():
    with Engine(is_shimmed=False, reads=(MODULE,)) as one:
        yield one


@pytest.mark.parametrize("what", ["backup", "bring_back"])
def test_a_kill_at_any_step_leaves_all_or_nothing(played, engine, on_disk, what):
    """The script does it once and kills itself at the n-th news of progress, until it came to its end."""
    folder, source = on_disk("killed"), played.vault
    if what == "bring_back":
        source = folder / "source.kapbackup"
        assert engine.run(f"{MODULE}:backup", source, None, str(played.vault), 0).end == 0
    before = {path.name: path.read_bytes() for path in played.vault.glob("*.kapdb")}

    for at in range(1, 200):
        goal = folder / "goal" / ("one.kapbackup" if what == "backup" else "again")
        goal.parent.mkdir(exist_ok=True)
        told = engine.run(f"{MODULE}:{what}", goal, None, str(source), at)
        assert {path.name: path.read_bytes() for path in played.vault.glob("*.kapdb")} == before
        if told.end == 0:
            break
        assert told.was_killed, told
        assert not goal.exists(), "half of it stands under its name"

    assert at > 4
    if what == "bring_back":
        assert verify(goal).entries == played.count()
        left = [path.name for path in goal.parent.iterdir() if path != goal]
        assert all(name.startswith(".again.part-") for name in left)
    else:
        assert [path.name for path in goal.parent.iterdir()] == ["one.kapbackup"], "what the killed ones left is gone"
        assert generations.bundle.read(goal).manifest.entries == played.count()


def test_a_damaged_vault_is_salvaged_by_the_command_line(kapnotes, played, tmp_path):
    count = played.count()
    with (played.vault / "medical.kapdb").open("r+b") as file:
        file.write(b"\xa5" * 4096)
    again = tmp_path / "again"

    said = kapnotes("salvage", played.vault, again)

    assert (said.code, said.err) == (0, "")
    assert f"{count} entries are whole" in said.out
    listed = kapnotes("sessions", again, "--member", played.crna, passphrase=played.passphrase(played.crna))
    assert "K-0142" in listed.out


def test_what_a_salvage_does_not_find_is_named_and_is_exit_code_1(kapnotes, played, tmp_path):
    path = played.vault / "medical.kapdb"
    content = path.read_bytes()
    path.write_bytes(content[: len(content) // 2 // 4096 * 4096])

    said = kapnotes("salvage", played.vault, tmp_path / "again")

    assert said.code == 1
    assert "medical.kapdb: lost is" in said.err
    assert "Traceback" not in said.err
    assert verify(tmp_path / "again").exit_code in {0, 1, 2}
    assert kapnotes("salvage", tmp_path / "nothing", tmp_path / "more").code == 5
    assert kapnotes("salvage", played.vault, tmp_path / "again").code == 5
