"""The command line of the program, where a passphrase costs little to try: `python -m tests.light_kapnotes …`.

The cost is a parameter of what builds the program (`wiring.py`), and the only thing here that is another than that of
`kapnotes …`. With it a demo takes half as long, and each sign-in a hundredth of what it takes a thief.
"""

import sys
from functools import partial

import kapnotes.__main__ as command_line
from kapnotes.vault.kdf import KdfCost

LIGHT = KdfCost(64, 1, 1)

command_line.play_demo = partial(command_line.play_demo, cost=LIGHT)
command_line.build_quiet_program = partial(command_line.build_quiet_program, cost=LIGHT)

if __name__ == "__main__":
    sys.exit(command_line.main())
