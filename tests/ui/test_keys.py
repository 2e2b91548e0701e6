import importlib.util
from pathlib import Path

import pytest
from PySide6.QtCore import QSize
from PySide6.QtGui import QKeySequence
from PySide6.QtWidgets import QLabel

from kapnotes.app.presets import shipped_codebook
from kapnotes.ui.cover import Cover
from kapnotes.ui.keys import KEYS, Where, keys_in, sequences_of
from kapnotes.ui.keys_overlay import KeysOverlay

ROOT = Path(__file__).parents[2]


def keys_table():
    spec = importlib.util.spec_from_file_location("keys_table", ROOT / "tools" / "keys_table.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module.table()


def test_the_readme_prints_the_table_of_keys_as_it_is():
    assert keys_table() in (ROOT / "README.md").read_text(encoding="utf-8")


@pytest.mark.parametrize(
    "place",
    [where for where in Where if where is not Where.ANYWHERE],
)
def test_no_key_stands_for_two_things_in_one_window(place):
    used = [key.sequence for key in keys_in(place, Where.ANYWHERE) if key.is_bound]
    if place is Where.PAD:
        used += [sequence for code in shipped_codebook().codes for sequence in sequences_of(code)]
    plain = [QKeySequence(sequence).toString() for sequence in used]

    assert len(plain) == len(set(plain))
    assert all(plain)


@pytest.mark.parametrize("place", list(Where))
def test_no_two_keys_of_one_window_have_one_name(place):
    names = [key.name for key in keys_in(place, Where.ANYWHERE)]

    assert len(names) == len(set(names))


def test_every_key_of_the_table_is_bound_in_its_window_and_no_other_is(room, pad, log, kinds):
    room.press(pad, "Ctrl+S")
    places = {"home": Where.HOME, "pad": Where.PAD, "log": Where.LOG, "summary": Where.SUMMARY}
    for kind, place in places.items():
        window = room.window(kinds[kind], pad.seat if kind == "home" else None)

        bound = {name for name in window.bound() if " " not in name}
        assert bound == {key.name for key in keys_in(place, Where.ANYWHERE) if key.is_bound}
    assert log.isVisible()


def test_what_lies_over_a_window_takes_every_new_size_of_it(room):
    window = room.desk.begin()
    cover = Cover(window)

    window.show_keys()
    keys = window.findChild(KeysOverlay)
    window.resize(900, 640)
    room.wait(lambda: keys.size() == QSize(898, 605), "the table of keys to be as large")
    window.show_keys()
    for over in (window.blank, cover):
        over.cover()
        window.resize(window.width() + 50, 700)
        room.wait(lambda over=over: over.geometry() == window.rect(), "what covers it to be as large")
        over.uncover()
    window.resize(800, 600)

    assert cover.size() == QSize(1000, 700), "it follows while it lies there"


def test_every_key_of_the_sign_in_window_is_bound_there(room):
    window = room.desk.begin()

    assert window.bound() == {key.name for key in keys_in(Where.SIGN_IN, Where.ANYWHERE) if key.is_bound}


def test_every_code_of_the_codebook_is_bound_on_the_pad(pad):
    wanted = {f"{code.name} {sequence}" for code in shipped_codebook().codes for sequence in sequences_of(code)}

    assert wanted <= pad.bound()


def test_the_table_on_the_screen_says_what_every_key_does(room, pad):
    room.press(pad, "Ctrl+/")
    words = {label.text() for label in pad.focusWidget().widget().findChildren(type(pad.who).__mro__[1])}

    assert {key.does for key in KEYS if key.where in {Where.PAD, Where.ANYWHERE}} <= words
    assert "All keys. PgDown and the arrows show the others; any other key puts this away." in words


def test_a_table_that_is_seen_whole_says_only_how_it_is_put_away(room, home):
    home.resize(1280, 800)
    room.press(home, "Ctrl+/")
    words = {label.text() for label in home.focusWidget().widget().findChildren(QLabel)}

    assert "All keys. Any key puts this away." in words
