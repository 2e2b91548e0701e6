"""Plays the shipped session into a folder with a light key derivation, and says of each entry when it was saved.

python play.py FOLDER: one line for each entry that the windows have shown as saved, its id, at that very moment.
"""

import sys
from pathlib import Path

from kapnotes.app.demo_folder import DemoFolder
from kapnotes.app.demo_plan import make_plan
from kapnotes.app.demo_script import shipped_notes, shipped_vitals
from kapnotes.app.presets import shipped_codebook
from kapnotes.vault.kdf import KdfCost
from kapnotes.wiring import play_demo

LIGHT = KdfCost(64, 1, 1)


def say(line):
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


def main():
    codebook = shipped_codebook()
    folder = DemoFolder(Path(sys.argv[1]))
    folder.make()
    plan = make_plan(shipped_vitals(), shipped_notes(codebook), codebook)
    play_demo(folder, plan, tell=lambda _: None, on_saved=lambda entry: say(entry.entry_id), cost=LIGHT)
    say("end")


if __name__ == "__main__":
    main()
