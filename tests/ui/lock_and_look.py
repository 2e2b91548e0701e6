"""Run by test_forgetting.py in a process of its own, where no other test left anything: plays, locks, and looks.

python -m tests.ui.lock_and_look FOLDER [pad|log ...]: locks the seats of these windows, in that order. It prints as
JSON what is in reach before the session, in it, and after each lock: the keys, and how many strings hold what was
noted, and the passphrase.
"""

import gc
import json
import sys
from collections import deque
from pathlib import Path

from cryptography.hazmat.bindings._rust import openssl
from PySide6.QtCore import QEvent
from PySide6.QtWidgets import QApplication

from kapnotes.domain.members import Role
from kapnotes.ui.log import LogWindow
from kapnotes.ui.pad import PadWindow
from kapnotes.vault.identity import Identity, SigningKey
from kapnotes.vault.keyring import CompartmentKeys
from tests.ui.conftest import Room

KEYS = (
    openssl.aead.AESGCM,
    openssl.ed25519.Ed25519PrivateKey,
    openssl.x25519.X25519PrivateKey,
    openssl.hpke.MLKEM768X25519PrivateKey,
    Identity,
    SigningKey,
)
TEXT = " ".join(("Canary", "of", "Marigold", "Lane"))  # so it stands whole in no source
WINDOWS = {"pad": PadWindow, "log": LogWindow}


def reachable():
    """Give every object that the program can still reach, from its modules and from all of its threads."""
    waiting = deque([sys.modules, *gc.get_objects(), *sys._current_frames().values()])  # noqa: SLF001 - all threads
    seen = {id(waiting)}
    seen.add(id(seen))
    while waiting:
        found = waiting.popleft()
        if id(found) not in seen:
            seen.add(id(found))
            yield found
            waiting.extend(gc.get_referents(found))


def in_reach(room):
    """Return the names of what opens or signs something, and how many strings hold the note and the passphrase."""
    keys, texts = [], []
    for one in reachable():
        if isinstance(one, KEYS):
            keys.append(type(one).__name__)
        elif isinstance(one, CompartmentKeys) and (any(one._cek) or one._records):  # noqa: SLF001 - the key itself
            keys.append("a compartment's key")
        elif isinstance(one, str):
            texts.append(one)
    counts = {
        name: sum(text in one for one in texts) for name, text in (("note", TEXT), ("passphrase", room.passphrase))
    }
    return {"keys": sorted(keys), **counts}


def play(room):
    """Let a therapist and a CRNA write in one session; nothing of it is kept here."""
    home = room.make()
    room.patient(home)
    room.add(home, "Carl, CRNA", Role.MEDICAL)
    crna = room.sign_in("Carl, CRNA")
    room.start(home)
    room.join(crna)
    pad, log = room.window(PadWindow), room.window(LogWindow)
    room.line(pad, TEXT)
    room.line(log, "120/80 72")
    room.saved(pad)
    room.saved(log)


def lock(room, kind):
    """Lock a seat with the key for it, and wait until its windows are gone and all that it still had to do is done."""
    room.press(room.window(kind), "Ctrl+L")
    QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)  # as the event loop does by itself
    done = []
    room.program.worker.submit(list, done.append, room.fail)
    room.wait(lambda: bool(done), "the keys to go")


def main(folder, *names):
    room = Room(Path(folder), None)
    found = [in_reach(room)]
    play(room)
    found.append(in_reach(room))
    for name in names:
        lock(room, WINDOWS[name])
        found.append(in_reach(room))
    assert room.screen.close() == 0
    sys.stdout.write(json.dumps(found) + "\n")


if __name__ == "__main__":
    main(*sys.argv[1:])
