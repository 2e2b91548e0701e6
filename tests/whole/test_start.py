"""What the first window waits for."""

import os
import subprocess
import sys

ASKED = """
import pathlib, sys
from kapnotes.wiring import Screen
folder = pathlib.Path(sys.argv[1])
screen = Screen(vault=folder / "vault", profile=folder)
window = screen.desk.begin()
screen.application.sendPostedEvents()
late = ("kapnotes.domain.entries", "kapnotes.vault", "sqlite3", "cryptography", "msgspec", "tomllib", "subprocess")
print([name for name in late if name in sys.modules], window.isVisible())
"""


def test_the_first_window_is_there_before_an_entry_a_cipher_or_a_second_process_is_known(tmp_path):
    (tmp_path / "vault").mkdir()
    environment = os.environ | {"QT_QPA_PLATFORM": "offscreen"}

    told = subprocess.run(
        [sys.executable, "-c", ASKED, str(tmp_path)], check=True, capture_output=True, text=True, env=environment
    )

    assert told.stdout.strip() == "[] True"
