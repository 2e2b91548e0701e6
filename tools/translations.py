"""Gathers every word of the program for translators: python tools/translations.py writes build/kapnotes.ts.

lupdate finds what stands in `tr` and `translate`. The lines of errors are raised in rooms that know no Qt, so their
templates are gathered here and handed to lupdate beside the rest, under the context "Errors".
"""

import ast
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PACKAGE = ROOT / "kapnotes"
GATHERED = ROOT / "build" / "errors_for_lupdate.py"
TARGET = ROOT / "build" / "kapnotes.ts"


def error_names() -> frozenset[str]:
    """Return the names of every error of the tree, and of the notices, which are made in the same way."""
    tree = ast.parse((PACKAGE / "domain" / "errors.py").read_text(encoding="utf-8"))
    return frozenset(node.name for node in ast.walk(tree) if isinstance(node, ast.ClassDef)) | {"Notice"}


def error_templates() -> list[str]:
    """Return every template that an error is made with, in order."""
    names, found = error_names(), set()
    for path in PACKAGE.rglob("*.py"):
        tree = ast.parse(path.read_text(encoding="utf-8"))
        constants = {
            target.id: node.value
            for node in tree.body
            if isinstance(node, ast.Assign)
            for target in node.targets
            if isinstance(target, ast.Name)
        }
        for node in ast.walk(tree):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in names and node.args:
                found.update(_texts(node.args[0], constants))
            elif isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "Command":
                found.update(_texts(node.args[1], constants))  # a typed command's usage is what a misread line says
    return sorted(found)


def _texts(node: ast.expr, constants: dict[str, ast.expr]) -> set[str]:
    if isinstance(node, ast.Subscript) and isinstance(node.value, ast.Name):
        node = node.value
    if isinstance(node, ast.Name):
        node = constants.get(node.id, node)
    if isinstance(node, ast.Dict):
        return {
            value.value for value in node.values if isinstance(value, ast.Constant) and isinstance(value.value, str)
        }
    return {node.value} if isinstance(node, ast.Constant) and isinstance(node.value, str) else set()


def main() -> int:
    """Write the file for translators; returns lupdate's exit code."""
    GATHERED.parent.mkdir(exist_ok=True)
    lines = [f'QT_TRANSLATE_NOOP("Errors", {text!r})' for text in error_templates()]
    GATHERED.write_text("\n".join(lines) + "\n", encoding="utf-8")
    sources = [str(path) for path in (*sorted(PACKAGE.rglob("*.py")), GATHERED)]
    lupdate = Path(sys.executable).with_name("pyside6-lupdate")
    return subprocess.run([lupdate, *sources, "-ts", str(TARGET)], check=False).returncode  # noqa: S603


if __name__ == "__main__":
    sys.exit(main())
