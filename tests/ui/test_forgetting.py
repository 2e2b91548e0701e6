"""After a lock nothing that the program still holds opens anything: no key, no passphrase, no note of that seat."""

import gc
import os
import stat
import sys
from collections import deque

import pytest
from cryptography.hazmat.bindings._rust import openssl
from PySide6.QtCore import QEvent
from PySide6.QtWidgets import QApplication

from kapnotes.domain.members import Role
from kapnotes.ui.log import LogWindow
from kapnotes.ui.pad import PadWindow
from kapnotes.vault.identity import Identity, SigningKey
from kapnotes.vault.keyring import CompartmentKeys

KEYS = (
    openssl.aead.AESGCM,
    openssl.ed25519.Ed25519PrivateKey,
    openssl.x25519.X25519PrivateKey,
    openssl.hpke.MLKEM768X25519PrivateKey,
    Identity,
    SigningKey,
)
TEXT = " ".join(("Canary", "of", "Marigold", "Lane"))  # so it stands whole in no source


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


def keys_in_reach():
    """Return the names of what opens or signs something."""
    held = []
    for one in reachable():
        if isinstance(one, KEYS):
            held.append(type(one).__name__)
        elif isinstance(one, CompartmentKeys) and (any(one._cek) or one._records):  # noqa: SLF001 - the key itself
            held.append("a compartment's key")
    return sorted(held)


def texts_in_reach(text):
    """Return how many strings hold *text*."""
    return sum(isinstance(one, str) and text in one for one in reachable())


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


def test_while_seats_are_open_their_keys_and_notes_are_in_reach(room):
    play(room)

    assert {"AESGCM", "SigningKey", "Ed25519PrivateKey", "a compartment's key"} <= set(keys_in_reach())
    assert texts_in_reach(TEXT) > 1


def test_after_one_seat_is_locked_only_the_others_keys_are_left(room):
    play(room)
    both = keys_in_reach()
    lock(room, PadWindow)

    left = keys_in_reach()
    assert left.count("SigningKey") == left.count("Ed25519PrivateKey") == 1
    assert left.count("a compartment's key") == 2
    assert len(left) < len(both)
    assert texts_in_reach(TEXT) == 1  # the one above


def test_after_both_are_locked_no_key_no_note_and_no_passphrase_is_left(room):
    passphrases = texts_in_reach(room.passphrase)
    play(room)
    lock(room, LogWindow)
    lock(room, PadWindow)

    assert keys_in_reach() == []
    assert texts_in_reach(TEXT) == 1  # the one above
    assert texts_in_reach(room.passphrase) == passphrases


@pytest.mark.skipif(os.name != "posix", reason="Windows has no modes")
def test_what_the_windows_remember_is_this_users_alone(room):
    play(room)
    room.screen.settings.sync()

    kept = room.folder / "profile" / "windows.ini"
    assert kept.stat().st_size
    assert stat.S_IMODE(kept.stat().st_mode) == 0o600
