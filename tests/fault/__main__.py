"""`make fault`: every way we know to break the vault, as one table of tries and losses.

python -m tests.fault [--share 0.1] [--workers 2] [SECTION ...]

Each module in `tests/fault/sections` is a section, run by its name, in the order of its `ORDER`. To add one, put a
module there with a number `ORDER` and one function `run(scale: Scale) -> list[Row]`. `Scale` says how often
(`scale.of(10_000)` is the share of the full count) and deals work out to the processors (`scale.spread`). `Row` is one
line of the table: what was tried and a `Tally` of how often and what went wrong; a row that cannot be run here names
what it wants instead. Put the trying itself into functions that return a `Tally`, so that a test in `tests/fault` runs
the same with small counts in `make test`.

What a section breaks with: `engine.py` plays scripts (`scripts.py`) in forked children, under the shim (`shim.py`) or
to be killed; `power.py` makes images of power cuts from what the shim recorded; `scene.py` has vaults and says what
must hold of them afterwards.

The exit code is 1 if anything was lost, damaged, or not seen; with CI set also if anything could not be run.
"""

import argparse
import os
import pkgutil
import platform
import sqlite3
import sys
import time
import traceback
from importlib import import_module
from pathlib import Path

from tests.fault import sections
from tests.fault.shim import NoCompiler
from tests.fault.table import Row, Scale, Tally, draw

OUT = Path(__file__).resolve().parents[2] / "build" / "fault.txt"


def main() -> int:
    modules = [import_module(f"{sections.__name__}.{found.name}") for found in pkgutil.iter_modules(sections.__path__)]
    found = {module.__name__.rpartition(".")[2]: module for module in sorted(modules, key=lambda one: one.ORDER)}
    parser = argparse.ArgumentParser(prog="python -m tests.fault")
    parser.add_argument("sections", nargs="*", metavar="SECTION", help=f"one of {', '.join(found)}; all without any")
    parser.add_argument("--share", type=float, default=1.0, help="this share of the full counts")
    parser.add_argument("--workers", type=int, default=os.cpu_count() or 1, help="processes at once")
    options = parser.parse_args()
    if unknown := set(options.sections) - set(found):
        parser.error(f"no such section: {', '.join(sorted(unknown))}; there are {', '.join(found)}")
    scale = Scale(options.share, options.workers)
    began = time.perf_counter()
    rows: list[Row] = []
    OUT.parent.mkdir(exist_ok=True)
    text = ""
    for name in options.sections or found:
        told = time.perf_counter()
        rows += rows_of(name, found[name], scale)
        sys.stderr.write(f"{name}: {time.perf_counter() - told:.0f} s\n")
        text = f"{draw(rows)}\n\n{_machine()}; {time.perf_counter() - began:.0f} s, as far as “{name}”\n"
        OUT.write_text(text, encoding="utf-8")  # after each section: a run of hours that is stopped has its table
    sys.stdout.write(text)
    is_complete = not (os.environ.get("CI") and any(row.wants for row in rows))
    return 0 if rows and is_complete and all(row.is_good for row in rows) else 1


def rows_of(name: str, section, scale: Scale) -> list[Row]:
    """Run one section; one that breaks down is a row that failed, and the others go on."""
    try:
        return section.run(scale)
    except NoCompiler as missing:
        return [Row(f"all of “{name}”", wants=str(missing))]
    except Exception as error:  # whatever it was, the table must say so
        traceback.print_exc()
        return [Row(f"all of “{name}”", Tally(1, [f"{type(error).__name__}: {error}"]))]


def _machine() -> str:
    system = f"{platform.system()} {platform.machine()}, {os.cpu_count()} cores, Python {platform.python_version()}"
    return f"{system}, SQLite {sqlite3.sqlite_version}"


if __name__ == "__main__":
    sys.exit(main())
