"""A summary is handed to a colleague: two pages of a calm session, three of a long one and of one that went wrong."""

from io import BytesIO

import pikepdf
import pytest

from tests.export.conftest import PASSPHRASE, Page
from tests.export.three_sessions import pdf_of


@pytest.fixture(scope="module")
def page_of(tmp_path_factory):
    made = {}

    def of(name):
        if name not in made:
            made[name] = Page(pdf_of(name), tmp_path_factory.mktemp(name))
        return made[name]

    return of


@pytest.mark.parametrize(("name", "count"), [("calm", 2), ("long", 3), ("hard", 3)])
def test_each_has_as_many_pages_as_can_be_read_before_the_patient_comes(page_of, name, count):
    page = page_of(name)

    with page.opened() as document:
        assert len(document.pages) == count
    assert "No syntax or stream encoding errors found" in page.check()


@pytest.mark.parametrize("name", ["calm", "long", "hard"])
def test_the_first_page_has_the_window_whom_to_call_the_figure_and_the_therapists_blocks(page_of, name):
    first = " ".join(page_of(name).text("-layout", "-l", "1").split())

    order = ["Integration window", "Whom to call", "The session at a glance", "Intention and themes",
             "Words for what was not verbal", "Small shifts to try", "What needs careful attention"]  # fmt: skip
    assert [first.index(part) for part in order] == sorted(first.index(part) for part in order)


def test_what_was_not_released_of_three_hundred_notes_is_not_there(page_of):
    assert "leavesnotrace" not in page_of("calm").letters()
    assert "75linesofprocessnotes" not in page_of("long").letters()
    assert "86linesofprocessnotes" in page_of("long").letters()


def test_letters_of_many_scripts_corrections_and_late_entries_are_legible(page_of):
    words = page_of("hard").words()

    for said in ("είναι όλα νερό", "холодно", "two digits were", "late entry", "[U+8A9E]"):
        assert said in words


def test_a_quote_whose_letters_no_typeface_has_is_cut_in_the_figure_and_whole_in_the_list(page_of):
    figure = page_of("hard").text("-layout", "-l", "1")

    assert "[U+" not in figure
    assert "[U+05E9][U+05DC][U+05D5][U+05DD]" in page_of("hard").words()


def test_it_can_be_made_on_a4_as_well():
    with pikepdf.open(BytesIO(pdf_of("calm", "A4")), password=PASSPHRASE) as document:
        assert len(document.pages) == 2
