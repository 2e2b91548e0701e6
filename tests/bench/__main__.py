"""`make bench`: the numbers of the design, each beside a bare reference that was measured in the same run.

python -m tests.bench [--sessions N] [--only WORD]

Each measurement runs in a fresh process of its own. The table goes to the terminal and to build/bench.txt; a bar that
is missed is no error of this program, so the exit code is 0.
"""

import argparse
import json
import os
import platform
import shutil
import subprocess
import sys
import time
from functools import cached_property
from importlib import import_module
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
BUILD = ROOT / "build"
RUN = BUILD / "bench-run"
PARTS = ("keys",)


class Bench:
    """What the parts share: the folder of this run, the vaults, and a way to measure in a process of its own."""

    def __init__(self, sessions: int) -> None:
        self.sessions = sessions
        self.environment = os.environ | {
            "QT_QPA_PLATFORM": "offscreen",
            "XDG_DATA_HOME": str(RUN / "data"),
            "XDG_RUNTIME_DIR": str(RUN / "runtime"),
        }

    def child(self, module, *arguments):
        """Run *module* in a fresh process and return what it answers."""
        done = subprocess.run(self.command(module, *arguments), **self.options, check=False)
        return self.read(done.stdout, done.stderr, done.returncode)


if __name__ == "__main__":
    pass
