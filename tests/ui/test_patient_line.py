"""Home tells the therapist alone what goes on with the patient one is at, in a fixed place."""

from PySide6.QtWidgets import QApplication

from kapnotes.domain.around import PadUse, Theme, ThemeState
from kapnotes.domain.entries import Phase, Stage
from kapnotes.ui.home import HomeWindow
from kapnotes.ui.palette import DIM


def looked(room, home):
    """Let home come back to the front, and look at the patient."""
    home.refresh()
    room.wait(lambda: home.sessions.count() > 0, "the lists")
    room.wait(lambda: bool(home.course.themes.text()), "the look at the patient")
    home.course.look()
    room.saved(room.noted)
    QApplication.processEvents()


def test_home_shows_open_themes_and_what_the_pad_took_to_the_therapist_alone(room, home, pad):
    room.noted = pad
    places = [home.course.geometry(), home.patients.geometry()]
    live = pad.live
    first = live.keep(Theme("the father's workshop"))
    live.keep(Theme("saying no"))
    live.keep(PadUse(812, 730, 64))
    looked(room, home)
    room.wait(lambda: "saying no" in home.course.themes.text(), "both themes")
    assert home.course.themes.text() == "K-0142   open themes: the father's workshop  ·  saying no"
    assert home.course.use.text() == ""  # the session goes on

    live.keep(ThemeState(first.entry_id, is_open=False))
    live.keep(Phase(Stage.CLOSED))
    room.saved(pad)
    home.refresh()
    room.wait(lambda: home.course.use.text() != "", "what the pad took")
    assert home.course.themes.text() == "K-0142   open themes: saying no"
    assert home.course.use.text() == "the pad in session 1: 812 keys · 12:10 of typing · 64 times"
    assert [home.course.geometry(), home.patients.geometry()] == places
    assert home.course.themes.foregroundRole() is DIM

    room.crna.refresh()
    QApplication.processEvents()
    assert isinstance(room.crna, HomeWindow)
    assert not room.crna.course.isVisible()
    assert room.crna.course.themes.text() == ""
