"""Guessing is slow, no guess goes unseen, and nobody is ever shut out."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kapnotes.domain.errors import TooSoon, WrongPassphrase
from kapnotes.vault.attempts import KEPT, delay_s

NOT_IT = "certainly not this one"


def guess(library, label="Tess", times=1):
    for _ in range(times):
        with pytest.raises(WrongPassphrase):
            library.unlock(label, NOT_IT)


def guess_patiently(practice, library, label, times):
    for _ in range(times):
        practice.clock.advance(library.wait_s(label))
        guess(library, label)


def test_the_delays_are_the_documented_ones():
    assert [delay_s(count) for count in range(12)] == [0, 0, 0, 0, 1, 2, 4, 8, 16, 30, 30, 30]


@given(st.integers(0, 10**9))
def test_no_delay_is_longer_than_half_a_minute(count):
    assert 0 <= delay_s(count) <= 30


def test_the_fifth_guess_waits_and_is_not_even_looked_at(filled):
    with filled.opened() as (library,):
        guess(library, times=4)
        with pytest.raises(TooSoon, match=r"Try again in 1 s\.") as soon:
            library.unlock("Tess", filled.passphrases["Tess"])

        assert soon.value.exit_code == 4
        assert soon.value.wait_s == 1
        assert len(library.unreported_sign_ins().failures) == 4


def test_when_the_delay_has_passed_the_right_passphrase_opens_and_the_count_begins_anew(filled):
    with filled.opened() as (library,):
        guess_patiently(filled, library, "Tess", 7)
        assert library.wait_s("Tess") == 8
        filled.clock.advance(7.5)
        assert library.wait_s("Tess") == 1
        filled.clock.advance(0.5)
        filled.unlock(library, "Tess")

        guess(library, times=3)
        assert library.wait_s("Tess") == 0


def test_one_members_failures_delay_nobody_else(filled):
    with filled.opened() as (library,):
        guess(library, "Carl", times=4)

        assert library.wait_s("Tess") == 0
        assert filled.unlock(library, "Tess").member.label == "Tess"


def test_names_that_are_nobodys_are_slowed_down_together(filled):
    with filled.opened() as (library,):
        for name in ("Zoe", "Ann", "Bob", "root"):
            guess(library, name)
        with pytest.raises(TooSoon, match="a name not known here"):
            library.unlock("somebody else again", NOT_IT)


def test_the_count_survives_closing_and_a_restart_of_the_laptop(filled):
    with filled.opened() as (library,):
        guess(library, times=4)
    filled.clock.reboot("second")
    with filled.opened() as (library,):
        assert library.wait_s("Tess") == 1


def test_a_clock_set_back_by_a_year_while_the_laptop_was_off_shuts_nobody_out(filled):
    with filled.opened() as (library,):
        guess_patiently(filled, library, "Tess", 12)
    filled.clock.reboot("second")
    filled.clock.jump(-365 * 86400)
    with filled.opened() as (library,):
        assert filled.unlock(library, "Tess").member.label == "Tess"


def test_setting_the_clock_forward_shortens_no_delay(filled):
    with filled.opened() as (library,):
        guess_patiently(filled, library, "Tess", 12)
        filled.clock.jump(3600)

        assert library.wait_s("Tess") == 30


def test_failures_are_handed_out_until_they_are_reported(filled):
    with filled.opened() as (library,):
        guess(library, "Tess")
        filled.clock.advance(60)
        guess(library, "Carl")
    with filled.opened() as (library,):
        told = library.unreported_sign_ins()
        assert [failure.member for failure in told.failures] == [m.member_id for m in library.members()]
        assert told.failures[1].happened.utc_ns - told.failures[0].happened.utc_ns == 60 * 10**9
        guess(library, "Carl")
        library.report_sign_ins(told)
        assert len(library.unreported_sign_ins().failures) == 1
    with filled.opened() as (library,):
        assert len(library.unreported_sign_ins().failures) == 1


def test_of_very_many_failures_the_rest_is_counted(filled):
    with filled.opened() as (library,):
        guess_patiently(filled, library, "Zoe", KEPT + 5)
        told = library.unreported_sign_ins()

    assert (len(told.failures), told.further) == (KEPT, 5)


@pytest.mark.parametrize("change", ["missing", "flipped", "empty", "folder"])
def test_a_file_that_is_lost_delays_nobody_and_is_said(filled, change):
    with filled.opened() as (library,):
        guess(library, times=4)
    path = filled.folder / "attempts"
    content = path.read_bytes()
    path.unlink()
    if change == "folder":
        path.mkdir()
    elif change != "missing":
        path.write_bytes(b"" if change == "empty" else content.replace(b'"in_a_row":4', b'"in_a_row":3'))
    with filled.opened("Tess") as (library, _):
        told = library.unreported_sign_ins()
        assert told.is_lost
        assert ["list of failed sign-ins" in str(notice) for notice in library.notices()] == [True]
        if change == "folder":
            path.rmdir()
        library.report_sign_ins(told)
        assert library.notices() == ()
        assert not library.unreported_sign_ins()


def test_the_file_names_nobody_and_holds_no_passphrase(filled):
    with filled.opened() as (library,):
        guess(library, times=2)
        guess(library, "Zoe")
    content = (filled.folder / "attempts").read_bytes()

    assert not any(word.encode() in content for word in ("Tess", "Carl", "Zoe", NOT_IT))
    assert (filled.folder / "attempts").stat().st_mode & 0o777 == 0o600
