"""The therapist's codebook: the shipped one is whole, and each slip in an own one is told in one line."""

import contextlib
from importlib.resources import files

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kapnotes.domain.codebook import CodeKind, codebook_text, read_code, read_codebook
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
        '[body]\ntitle = "body"\nletter = "5"',
        '[body]\ntitle = "body"\nkey = "B"',
        '[body]\ntitle = "body"\nkey = "Ctrl+Z"',
        '[body]\ntitle = "body"\nkey = "F25"',
        '[body]\ntitle = "body"\nkey = "Alt+F4"',
        '[body]\ntitle = "body"\nkind = "quote"',
        '[quote]\ntitle = "quote"\nkind = "state"',
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


def test_keys_are_written_in_one_way_however_they_were_typed():
    book = read_codebook('[a]\ntitle = "a"\nkey = "shift+f5"\nletter = "é"')

    assert (book.codes[0].key, book.codes[0].letter) == ("Shift+F5", "É")


def test_the_shipped_codebook_is_the_same_when_it_is_written_and_read(shipped):
    assert read_codebook(codebook_text(shipped)) == shipped


TITLES = st.text(st.characters(codec="utf-8"), min_size=1)


@given(
    st.lists(
        st.tuples(TITLES, st.sampled_from([CodeKind.POINT, CodeKind.STATE, CodeKind.SETTING, CodeKind.SIGNAL])),
        max_size=8,
    )
)
def test_any_codebook_that_can_be_made_is_read_as_it_was_written(titles):
    book = read_codebook("")
    for number, (title, kind) in enumerate(titles):
        with contextlib.suppress(BadFile):
            book = book.having(read_code(title, title, f"F{number + 1}", chr(65 + number), kind, "AC"))

    assert read_codebook(codebook_text(book)) == book


def test_a_code_takes_the_place_of_the_one_of_its_name_and_a_new_one_comes_last(shipped):
    changed = read_code("body", "soma", "F2", "B", CodeKind.POINT)
    added = read_code("Humming", "humming", "", "w", CodeKind.STATE)
    book = shipped.having(changed).having(added)

    assert [code.name for code in book.codes] == [*(code.name for code in shipped.codes), "humming"]
    assert book.named("body").title == "soma"
    assert book.without("humming").without("body") == shipped.without("body")


def test_a_key_that_stands_for_another_code_is_refused(shipped):
    with pytest.raises(BadFile, match="stands for two codes"):
        shipped.having(read_code("humming", "humming", "F1", "", CodeKind.POINT))
