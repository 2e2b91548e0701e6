"""Sets up what `make` needs: the environment in .venv and, on Debian and its kin, what Qt needs of the system.

python3 tools/setup.py run      the program and its libraries
python3 tools/setup.py test     that, and what the checks and tests need

It runs under the bare system Python. What is there already is not touched: the second run takes a fraction of a second.
"""

import ctypes
import hashlib
import importlib.util
import os
import shutil
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

if sys.version_info < (3, 11):  # noqa: UP036 - this file is the one that an older Python gets to see
    sys.exit("KAPnotes needs Python 3.11 or newer; name one with: make PYTHON=python3.12 ...")

ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"
STAMP = VENV / "installed"
VENV_PYTHON = VENV / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
LEVELS = {"run": ".", "test": ".[dev]"}
VENV_MODULE = "the module venv"

RUN_LIBRARIES = {
    # Qt itself, even without a screen
    "libglib-2.0.so.0": "libglib2.0-0",
    "libEGL.so.1": "libegl1",
    "libGL.so.1": "libgl1",
    "libX11.so.6": "libx11-6",
    "libdbus-1.so.3": "libdbus-1-3",
    "libfontconfig.so.1": "libfontconfig1",
    "libfreetype.so.6": "libfreetype6",
    "libxkbcommon.so.0": "libxkbcommon0",
    # its windows
    "libX11-xcb.so.1": "libx11-xcb1",
    "libxcb-cursor.so.0": "libxcb-cursor0",
    "libxcb-glx.so.0": "libxcb-glx0",
    "libxcb-icccm.so.4": "libxcb-icccm4",
    "libxcb-image.so.0": "libxcb-image0",
    "libxcb-keysyms.so.1": "libxcb-keysyms1",
    "libxcb-randr.so.0": "libxcb-randr0",
    "libxcb-render-util.so.0": "libxcb-render-util0",
    "libxcb-render.so.0": "libxcb-render0",
    "libxcb-shape.so.0": "libxcb-shape0",
    "libxcb-shm.so.0": "libxcb-shm0",
    "libxcb-sync.so.1": "libxcb-sync1",
    "libxcb-util.so.1": "libxcb-util1",
    "libxcb-xfixes.so.0": "libxcb-xfixes0",
    "libxcb-xkb.so.1": "libxcb-xkb1",
    "libxkbcommon-x11.so.0": "libxkbcommon-x11-0",
}
"""What PySide6's Qt (widgets, the platforms offscreen and xcb) lacks on a Debian without a desktop, by `ldd`."""

TEST_PROGRAMS = {
    "Xvfb": "xvfb",
    "openbox": "openbox",
    "xdotool": "xdotool",
    "pdftotext": "poppler-utils",
    "qpdf": "qpdf",
    "gcc": "gcc",
}
TEST_HEADERS = {"/usr/include/stdio.h": "libc6-dev"}
"""With gcc: the tests put a small library of their own between the program and the disk (tests/fault/shim.c)."""


def main() -> None:
    """Set up the level that was asked for."""
    if len(sys.argv) != 2 or sys.argv[1] not in LEVELS:
        sys.exit("usage: python3 tools/setup.py run|test")
    level = sys.argv[1]
    missing = missing_of_system(level)
    install = command_to_install(missing) if missing else []
    if VENV_MODULE in missing:
        run_install(install)  # without it there can be no environment
        install = []
    with ThreadPoolExecutor(max_workers=1) as beside:  # the system's packages come while pip works
        installing = beside.submit(run_install, install)
        require_environment(level)
        installing.result()


# ------------------------------------------------------------------------------------------- the system


def missing_of_system(level: str) -> dict[str, str]:
    """Return what the system lacks, with the packages of Debian that hold it."""
    if not sys.platform.startswith("linux"):
        return {}
    missing = {name: package for name, package in RUN_LIBRARIES.items() if not can_load(name)}
    if level == "test":
        missing |= {name: package for name, package in TEST_PROGRAMS.items() if shutil.which(name) is None}
        missing |= {name: package for name, package in TEST_HEADERS.items() if not Path(name).exists()}
    if importlib.util.find_spec("ensurepip") is None and not is_environment_whole():
        missing[VENV_MODULE] = f"python{sys.version_info.major}.{sys.version_info.minor}-venv"
    return missing


def can_load(library: str) -> bool:
    """Tell whether the system finds that library."""
    try:
        ctypes.CDLL(library)
    except OSError:
        return False
    return True


def command_to_install(missing: dict[str, str]) -> list[str]:
    """Return what installs the packages that hold what is *missing*, or say in one line what to install."""
    if shutil.which("apt-get") is None:
        sys.exit(f"KAPnotes needs {', '.join(missing)}: install what holds them, then try again.")
    packages = sorted(set(missing.values()))
    command = ["apt-get", "install", "-y", "--no-install-recommends", *packages]
    rights = rights_to_install()
    if rights is None:
        sys.exit(f"KAPnotes needs some of the system; run this, then try again: sudo {' '.join(command)}")
    say(f"installing {', '.join(packages)}")
    return [*rights, "env", "DEBIAN_FRONTEND=noninteractive", *command]


def run_install(command: list[str]) -> None:
    """Install packages of the system by *command*; an empty one has nothing to do."""
    if not command:
        return
    begin = command.index("apt-get")
    fault_of([*command[:begin], "apt-get", "update"])
    fault = fault_of(command)
    if fault:
        failed = " ".join(command[begin:])
        sys.exit(f"The system's packages were not installed (is there a network?): {fault} This failed: {failed}")


def rights_to_install() -> list[str] | None:
    """Return what to put before a command so that it may install, None where nothing helps."""
    if os.geteuid() == 0:
        return []
    if shutil.which("sudo") is not None and not fault_of(["sudo", "-n", "true"]):
        return ["sudo", "-n"]
    return None


# -------------------------------------------------------------------------------------- the environment


def require_environment(level: str) -> None:
    """Make .venv and install KAPnotes into it, unless this very pyproject.toml was installed already."""
    wanted = hashlib.sha256((ROOT / "pyproject.toml").read_bytes()).hexdigest()
    if is_environment_whole():
        installed = STAMP.read_text(encoding="ascii").split() if STAMP.exists() else []
        if installed in ([wanted, level], [wanted, "test"]):
            return
    else:
        say("making .venv")
        fault = fault_of([sys.executable, "-m", "venv", "--clear", str(VENV)])
        if fault:
            sys.exit(f"The environment .venv was not made: {fault}")
    say(f"installing KAPnotes for “{level}” into .venv")
    STAMP.unlink(missing_ok=True)
    pip = [str(VENV_PYTHON), "-m", "pip", "install", "--disable-pip-version-check", "--quiet"]
    if level == "test":
        pip.append("--no-compile")  # of some thousand modules the tests read a few hundred, and keep what they read
    fault = fault_of([*pip, "--editable", LEVELS[level]])
    if fault:
        sys.exit(f"The packages were not installed into .venv (is there a network?): {fault}")
    STAMP.write_text(f"{wanted} {level}\n", encoding="ascii")


def is_environment_whole() -> bool:
    """Tell whether .venv has a Python that runs and is new enough."""
    check = "import pip, sys; sys.exit(sys.version_info < (3, 11))"
    return VENV_PYTHON.exists() and not fault_of([str(VENV_PYTHON), "-c", check])


def fault_of(command: list[str]) -> str:
    """Run *command* in the project's folder without a word; return the last error it told of where it failed."""
    done = subprocess.run(command, cwd=ROOT, check=False, capture_output=True, text=True)  # noqa: S603
    if done.returncode == 0:
        return ""
    said = [line.strip() for line in (done.stdout + done.stderr).splitlines() if line.strip()]
    errors = [line for line in said if line.startswith(("ERROR:", "E:"))]
    return (errors or said or [f"exit code {done.returncode}"])[-1]


def say(what: str) -> None:
    """Tell in one line what goes on."""
    sys.stderr.write(f"setup: {what}\n")
    sys.stderr.flush()


if __name__ == "__main__":
    main()
