"""The tree of errors: drawn as it is, and each with the exit code that the command line promises."""

import inspect
import re

import pytest

from kapnotes.domain import errors
from kapnotes.domain.errors import KapnotesError, Misread, NeedsConfirmation

TREE = [line for line in errors.__doc__.splitlines() if "──" in line]
CLASSES = {
    name: found
    for name, found in vars(errors).items()
    if inspect.isclass(found) and issubclass(found, KapnotesError) and found is not KapnotesError
}


def test_the_tree_in_the_docstring_names_every_error_and_no_other():
    assert sorted(re.search(r"── (\w+)", line).group(1) for line in TREE) == sorted(CLASSES)


@pytest.mark.parametrize("line", TREE, ids=lambda line: line.split()[-1])
def test_an_error_stands_in_the_tree_below_its_parent(line):
    name = re.search(r"── (\w+)", line).group(1)
    parent = "VaultError" if line.startswith("    ") else "KapnotesError"

    assert [base.__name__ for base in CLASSES[name].__bases__] == [parent]


@pytest.mark.parametrize("line", [line for line in TREE if "exit" in line], ids=lambda line: line.split()[1])
def test_the_exit_code_in_the_tree_is_the_one_of_the_class(line):
    name, code = re.search(r"── (\w+) +exit (\d)", line).groups()

    assert CLASSES[name].exit_code == int(code)


def test_each_error_says_in_its_docstring_what_it_means():
    assert [name for name, found in CLASSES.items() if not found.__doc__] == []


def test_a_misread_line_carries_its_column():
    assert Misread("This is not understood.", 7).column == 7


def test_several_reasons_are_read_as_one_line():
    asked = NeedsConfirmation(("heart rate 11.5 /min is unusual", "SpO₂ 70 % is unusual"))

    assert str(asked) == "heart rate 11.5 /min is unusual; SpO₂ 70 % is unusual"
    assert len(asked.reasons) == 2
