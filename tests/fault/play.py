"""Scripts of the whole program: the shipped session played by its windows, and a command that looks at a vault.

The session goes into a folder with a light key derivation; of each entry it is said when the windows have shown it as
saved, at that very moment.
"""

import os
from pathlib import Path

from kapnotes.__main__ import main
from kapnotes.app.demo_folder import DemoFolder
from kapnotes.app.demo_plan import make_plan
from kapnotes.app.demo_script import shipped_notes, shipped_vitals
from kapnotes.app.presets import shipped_codebook
from kapnotes.ui import demo  # noqa: F401 - the windows are there before the first play
from kapnotes.wiring import play_demo
from tests.fault.scripts import LIGHT, Told


def demo_session(folder: Path, say: Told) -> None:
    """Play the shipped session into *folder*, which is not there yet."""
    codebook = shipped_codebook()
    made = DemoFolder(folder)
    made.make()
    plan = make_plan(shipped_vitals(), shipped_notes(codebook), codebook)
    play_demo(made, plan, tell=lambda _: None, on_saved=lambda entry: say(f"saved {entry.entry_id}"), cost=LIGHT)


def list_sessions(folder: Path, say: Told, member: str) -> None:
    """Run `kapnotes sessions` on the vault in *folder*; the passphrase is in its file."""
    os.environ["XDG_DATA_HOME"] = str(folder / "data")
    say("looks")
    words = ["sessions", str(folder / "vault"), "--member", member, "--passphrase-file", str(folder / "passphrase")]
    say(f"looked {main(words)}")
