"""What was chosen for a page decides less than what may be on it, and the pages that are looked at are those saved."""

import re

import pytest

from kapnotes.domain.entries import Note, Setting
from kapnotes.domain.page_choice import PageChoice, PagePart
from kapnotes.domain.words import in_english
from kapnotes.export.pictures import LARGEST_PX, Pictures
from kapnotes.export.summary import summary_pictures

CANARY = "Zitronenfalter"


@pytest.fixture
def lines(session):
    """Three notes, two of them released to Ida Kern."""
    session.dose()
    session.vitals(121, 78, 72, 12)
    session.add(Setting("eyeshades on"), 5)
    first, second = session.add(Note("hands unclench"), 30), session.add(Note("it's all water", "quote"), 31)
    unasked = session.add(Note(f"the {CANARY} weeps"), 32)
    session.release(first, second)
    return first, second, unasked


def chosen(*entries, left_out=()):
    return PageChoice(frozenset(entry.entry_id for entry in entries), frozenset(left_out))


def test_a_released_line_is_on_the_page_only_where_it_is_chosen(session, lines, summary_of, issue_of):
    _, second, unasked = lines
    words = summary_of(session, issue=issue_of(session, choice=chosen(second, unasked))).words()

    assert ("it's all water" in words, "hands unclench" in words, CANARY in words) == (True, False, False)


def test_where_nothing_is_chosen_not_even_the_authorization_is_on_the_page(session, lines, summary_of, issue_of):
    words = summary_of(session, issue=issue_of(session, choice=chosen())).words()

    assert "it's all water" not in words
    assert "the chosen lines" not in words


def test_a_part_that_is_left_out_is_named_and_nothing_else_can_be(session, lines, summary_of, issue_of):
    every = issue_of(session, choice=chosen(left_out=PagePart))
    words = summary_of(session, issue=every).words()

    assert "eyeshades" not in words
    assert "121" not in words.partition("About this page")[0]
    assert "Left out by whoever made this page, and kept in the record" in words
    for always in ("Integration window", "Doses", "Adverse events", "no correction and no late entry", "Signatures"):
        assert always in words


def test_a_page_from_which_nothing_is_left_out_says_nothing_of_it(session, lines, summary_of):
    assert "Left out" not in summary_of(session).words()


def squeezed(text):
    return re.sub(r"\s", "", text)


def test_the_pages_that_are_looked_at_are_the_pages_that_are_saved(session, lines, summary_of, issue_of):
    issue = issue_of(session, choice=chosen(lines[1], left_out={PagePart.FIGURE}))
    saved = summary_of(session, issue=issue)
    with summary_pictures(session.record, None, issue, translate=in_english) as pages:
        pictures = [pages.picture(number, 600) for number in range(len(pages))]
        size = pages.size(0)

    with saved.opened() as document:
        assert len(pictures) == len(document.pages)
    assert sorted(squeezed("".join(one.text for one in pictures))) == sorted(saved.letters().replace("\x0c", ""))
    assert round(size[0]) == 595


def test_a_picture_is_as_wide_as_asked_for_in_grey_or_in_colour(session, issue_of):
    with summary_pictures(session.record, None, issue_of(session), translate=in_english) as pages:
        grey, colour = pages.picture(0, 600), pages.picture(0, 600, is_in_colour=True)
        huge = pages.picture(0, 10 * LARGEST_PX)

    for picture, size in ((grey, 1), (colour, 4)):
        assert abs(picture.width_px - 600) <= 1
        assert abs(picture.height_px - 849) <= 1
        assert len(picture.pixels) == picture.stride * picture.height_px >= size * picture.width_px * picture.height_px
        assert 0.8 < picture.pixels.count(255) / len(picture.pixels) < 1
    assert huge.height_px <= LARGEST_PX + 1


def test_a_file_that_is_no_pdf_says_so():
    with pytest.raises(Exception, match="PDFium"):
        Pictures(b"no page")
