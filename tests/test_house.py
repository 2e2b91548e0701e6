"""The house rules that no linter knows, and the documents, which are tested like everything else."""

import ast
import re
import subprocess
import sys
import tomllib
from importlib import import_module
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
ROOMS = ("domain", "vault", "export", "app", "ui")
SOURCES = sorted((ROOT / "kapnotes").rglob("*.py"))


def distributions():
    """Name every package that pyproject.toml asks for."""
    extras = PROJECT["project"]["optional-dependencies"].values()
    wanted = [*PROJECT["project"]["dependencies"], *(line for extra in extras for line in extra)]
    return sorted(re.match(r"[A-Za-z0-9._-]+", line).group() for line in wanted)


def files_of_the_project():
    """Name every file that is in the repository, or would be after adding all; in an archive of it, every file."""
    asked = subprocess.run(
        ["git", "-c", "safe.directory=*", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT,
        check=False,
        capture_output=True,
        text=True,
    )
    if asked.returncode == 0:
        return sorted(path for name in set(asked.stdout.split("\0")) if name and (path := ROOT / name).is_file())
    made = re.compile(r"^(\.venv|\.git|\.\w+_cache|build|.*\.egg-info)$|__pycache__")
    top = [path for path in ROOT.iterdir() if not made.search(path.name)]
    return sorted(path for found in top for path in (found, *found.rglob("*")) if path.is_file())


def text_of(path):
    try:
        return path.read_text(encoding="utf-8")
    except UnicodeDecodeError:
        return ""


# ------------------------------------------------------------------------------------------------- rooms


@pytest.mark.parametrize("room", ROOMS)
def test_the_rule_of_a_room_hangs_on_its_door(room):
    rule = import_module(f"kapnotes.{room}").__doc__

    assert "may import" in rule
    assert len(rule.strip().splitlines()) <= 6


def test_every_room_stands_in_the_contracts():
    (floors,) = (found for found in PROJECT["tool"]["importlinter"]["contracts"] if found["type"] == "layers")
    on_floors = {room for floor in floors["layers"] for room in floor.split(" | ")}

    assert set(ROOMS) <= on_floors
    assert {path.parent.name for path in (ROOT / "kapnotes").glob("*/__init__.py")} == set(ROOMS)


def test_the_import_contracts_hold():
    program = Path(sys.executable).parent / "lint-imports"
    checked = subprocess.run([program, "--no-cache"], cwd=ROOT, check=False, capture_output=True, text=True)

    assert checked.returncode == 0, checked.stdout


def test_every_folder_of_resources_is_shipped_with_every_kind_of_file_in_it():
    packages = set(PROJECT["tool"]["setuptools"]["packages"])
    kinds = {pattern.removeprefix("*") for pattern in PROJECT["tool"]["setuptools"]["package-data"]["*"]}
    shipped = [path for path in (ROOT / "resources").rglob("*") if path.is_file() and "__pycache__" not in path.parts]

    for path in shipped:
        folder = path.parent.relative_to(ROOT)
        assert ".".join(("kapnotes", *folder.parts)) in packages, folder
        assert path.suffix == ".py" or path.suffix in kinds, path.name


# ------------------------------------------------------------------------------------------------- words


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: str(path.relative_to(ROOT)))
def test_what_is_translated_is_one_literal_that_lupdate_can_find(path):
    for node in ast.walk(ast.parse(text_of(path))):
        if not isinstance(node, ast.Call):
            continue
        name = getattr(node.func, "attr", getattr(node.func, "id", ""))
        if name in {"tr", "translate"}:
            built = [part for part in node.args if isinstance(part, ast.JoinedStr | ast.BinOp | ast.Call)]
            assert not built, f"{path.name}:{node.lineno} builds the text that it translates"


MACHINE = re.compile(r"""(?<![\w.~$}/-])/(?:home|root|work|opt|Users)/[\w.-]+|[A-Z]:\\\\?Users\\""")
REGISTRY = re.compile(r"pypi\.|pythonhosted|anaconda\.org|npmjs|--(?:extra-)?index-url|--find-links|--trusted-host")


def test_no_file_names_a_machine_or_a_registry():
    found = [
        f"{path.relative_to(ROOT)}: {match.group()}"
        for path in files_of_the_project()
        if path != Path(__file__).resolve()
        for pattern in (MACHINE, REGISTRY)
        if (match := pattern.search(text_of(path)))
    ]

    assert found == []


@pytest.mark.parametrize(
    ("text", "is_told"),
    [
        ("cd /home/ada/kapnotes", True),
        ("out = '/root/x'", True),
        (r"C:\Users\ada", True),
        ("https://example.org/home/ada", False),
        ("build/work/x", False),
        ("/usr/share/doc", False),
    ],
)
def test_a_path_of_a_machine_is_told_from_an_address(text, is_told):
    assert bool(MACHINE.search(text)) is is_told


# --------------------------------------------------------------------------------------------- documents


def test_the_readme_names_every_dependency():
    readme = text_of(ROOT / "README.md").casefold()

    assert [name for name in distributions() if name.casefold() not in readme] == []


def test_the_readme_names_no_target_that_make_does_not_know():
    targets = set(re.findall(r"^([a-z-]+):", text_of(ROOT / "Makefile"), re.MULTILINE))
    named = set(re.findall(r"`make ([a-z-]+)|^\s*make ([a-z-]+)", text_of(ROOT / "README.md"), re.MULTILINE))

    assert {"run", "demo", "test", "lint", "bench"} <= targets
    assert {one or other for one, other in named} <= targets


def test_the_license_is_the_one_that_is_declared():
    assert PROJECT["project"]["license"] == "MPL-2.0"
    assert text_of(ROOT / "LICENSE").startswith("Mozilla Public License Version 2.0\n")


def test_the_changelog_has_room_for_what_comes_next():
    headings = re.findall(r"^## (.+)$", text_of(ROOT / "CHANGELOG.md"), re.MULTILINE)

    assert headings[0] == "Unreleased"


@pytest.mark.parametrize("check", ["ruff check", "ruff format --check", "mypy", "lint-imports --no-cache"])
def test_what_make_lint_checks_is_checked_before_a_commit_too(check):
    assert f"$(BIN)/{check}" in text_of(ROOT / "Makefile")
    assert f".venv/bin/{check}" in text_of(ROOT / ".pre-commit-config.yaml")


def test_only_the_palette_and_the_style_say_what_the_night_looks_like():
    said = {path.name: text_of(path) for path in (ROOT / "kapnotes").rglob("*.py")}

    assert [name for name, text in said.items() if "setStyleSheet" in text] == []
    assert [name for name, text in said.items() if "QComboBox(" in text and name != "fields.py"] == []  # see Choice
