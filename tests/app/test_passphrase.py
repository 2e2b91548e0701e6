"""Which passphrases are taken, and what is said of the others."""

import os

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kapnotes.app.passphrase import new_passphrase, require_strong
from kapnotes.domain.errors import KapnotesError

KNOWN = ("Tess Winter, LCSW", "K-0142")


@pytest.mark.parametrize(
    "passphrase",
    [
        "otter lagoon violin cedar",
        "seven quiet herons wade upstream",
        "ketamine otter lagoon violin cedar",
        "Ångström läuft über 3 blaue Brücken",
        "雪が静かに降る夜の川の音を聞いている",
        "x8Fq2-bW71k-99aLmPz",
        "otter lagoon violin cedar " * 9,
    ],
)
def test_a_good_one_is_taken(passphrase):
    require_strong(passphrase, passphrase, KNOWN)


@pytest.mark.parametrize(
    ("passphrase", "says"),
    [
        ("otter lagoon", "at least 15 characters; this one has 12"),
        ("o" * 257, "at most 256"),
        ("passwordpassword1", "guessed first"),
        ("ketamine therapy notes", "guessed first"),
        ("KetamineTherapyNotes", "guessed first"),
        ("k3t4m1n3 th3r4py n0t35", "guessed first"),
        ("esketamine-nasal-dose!", "guessed first"),
        ("tess winter session notes", "guessed first"),
        ("K-0142 K-0142 K-0142 patient", "guessed first"),
        ("   \u2003            ", "easily guessed"),
    ],
)
def test_a_bad_one_is_refused_in_one_line(passphrase, says):
    with pytest.raises(KapnotesError, match=says) as caught:
        require_strong(passphrase, passphrase, KNOWN)
    line = str(caught.value)
    assert "\n" not in line
    assert passphrase.strip() == "" or passphrase not in line


@pytest.mark.parametrize("passphrase", ["a" * 24, "123456789012345678", "qwertyuiopasdfghjkl", "abcabcabcabcabcabc"])
def test_rows_of_keys_and_repeats_are_refused(passphrase):
    with pytest.raises(KapnotesError, match="easily guessed"):
        require_strong(passphrase, passphrase)


def test_a_slip_the_second_time_is_told():
    with pytest.raises(KapnotesError, match="differ"):
        require_strong("otter lagoon violin cedar", "otter lagoon violin ceder")


def test_six_words_are_drawn_evenly_and_are_strong():
    made = {new_passphrase(os.urandom) for _ in range(40)}
    assert len(made) == 40
    for passphrase in made:
        assert len(passphrase.split()) == 6
        require_strong(passphrase, passphrase)


def test_a_number_that_would_make_some_words_likelier_is_thrown_away():
    numbers = iter([65535, 62208, 62207, 0, 1, 2, 3, 4, 5, 6, 7])
    words = new_passphrase(lambda size: next(numbers).to_bytes(size, "big")).split()
    assert words == ["zoom", "abacus", "abdomen", "abdominal", "abide", "abiding"]


@given(st.text(max_size=300))
def test_whatever_is_typed_is_judged_and_never_repeated(passphrase):
    try:
        require_strong(passphrase, passphrase, KNOWN)
    except KapnotesError as error:
        said = error
    else:
        return
    assert set(said.facts) <= {"shortest", "longest", "length"}
