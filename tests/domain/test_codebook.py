"""The therapist's codebook: the shipped one is whole, and each slip in an own one is told in one line."""

import contextlib
from importlib.resources import files

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kapnotes.domain.codebook import CodeKind, read_codebook
from kapnotes.domain.errors import BadFile


@pytest.fixture(scope="module")
def shipped():
    return read_codebook(files("kapnotes.resources.codebooks").joinpath("default.toml").read_text(encoding="utf-8"))


def test_the_shipped_codebook_has_the_keys_of_the_field_notes(shipped):
    assert [(code.key, code.name, code.embark) for code in shipped.codes] == [
        ("F1", "affect", "AC"),
        ("F2", "body", "BA"),
        ("F3", "imagery", ""),
        ("F4", "memory", "AC"),
        ("F5", "quote", ""),
        ("F6", "quiet", "M"),
        ("F7", "relational", "R"),
        ("F8", "existential", "ES"),
        ("F9", "challenging", ""),
        ("F10", "support", "R"),
        ("F11", "setting", ""),
        ("F12", "safety", ""),
        ("Shift+F1", "movement", "BA"),
        ("Shift+F2", "echo", "KM"),
        ("", "eyes open", ""),
        ("", "music", ""),
        ("", "mask", ""),
    ]


def test_quiet_challenging_support_eyes_music_and_mask_are_states(shipped):
    kinds = {code.name: code.kind for code in shipped.codes if code.kind is not CodeKind.POINT}

    assert kinds == {
        "quote": CodeKind.QUOTE,
        "quiet": CodeKind.STATE,
        "challenging": CodeKind.STATE,
        "support": CodeKind.STATE,
        "setting": CodeKind.SETTING,
        "safety": CodeKind.SIGNAL,
        "eyes open": CodeKind.STATE,
        "music": CodeKind.STATE,
        "mask": CodeKind.STATE,
    }


def test_every_shipped_code_has_a_letter_of_its_own(shipped):
    letters = [code.letter for code in shipped.codes]

    assert all(len(letter) == 1 and letter.isupper() for letter in letters)
    assert len(set(letters)) == len(letters)


def test_a_code_is_found_by_its_name(shipped):
    assert shipped.named("quiet").key == "F6"
    assert shipped.named("noise") is None


@pytest.mark.parametrize(
    ("line", "code", "rest"),
    [
        ("quote: it's all water", "quote", "it's all water"),
        ("Quote:it's: all water", "quote", "it's: all water"),
        (" body : hands unclench", "body", "hands unclench"),
        ("tears: hand on chest", "", "tears: hand on chest"),
        ("quote it's all water", "", "quote it's all water"),
        (": quote", "", ": quote"),
        ("", "", ""),
    ],
)
def test_a_line_may_begin_with_its_code(shipped, line, code, rest):
    assert shipped.split_prefix(line) == (code, rest)


@given(st.text())
def test_a_line_that_names_no_code_is_left_alone(line):
    assert read_codebook('[body]\ntitle = "body"').split_prefix("x" + line) == ("", "x" + line)


GOOD = '[body]\ntitle = "body"\nkey = "F2"\nletter = "B"\n'


@pytest.mark.parametrize(
    "text",
    [
        "[body",
        "[body]",
        "title = 5",
        'body = "F2"',
        "[body]\ntitle = 5",
        '[body]\ntitle = ["body"]',
        '[body]\ntitle = "body"\nkind = "poem"',
        '[body]\ntitle = "body"\nletter = "BO"',
        '[body]\ntitle = "body"\nleter = "B"',
        '[body]\ntitle = "body"\n"a\\nb" = "B"',
        '[""]\ntitle = "body"',
        '["a: b"]\ntitle = "body"',
        GOOD + '[mind]\ntitle = "mind"\nkey = "F2"',
        GOOD + '[mind]\ntitle = "mind"\nkey = "f2"',
        GOOD + '[mind]\ntitle = "mind"\nletter = "b"',
        GOOD + '[Body]\ntitle = "body"',
        GOOD + GOOD,
        "body = " + "9" * 5000,
        "body = " + "[" * 50_000,
    ],
)
def test_a_slip_in_a_codebook_is_told_in_one_line(text):
    with pytest.raises(BadFile) as refusal:
        read_codebook(text)

    assert str(refusal.value).startswith("Codebook: ")
    assert len(str(refusal.value).splitlines()) == 1


@given(st.text())
def test_any_text_is_a_codebook_or_refused(text):
    with contextlib.suppress(BadFile):
        read_codebook(text)


def test_codes_without_a_key_do_not_stand_in_each_others_way():
    assert len(read_codebook('[a]\ntitle = "a"\n[b]\ntitle = "b"').codes) == 2
