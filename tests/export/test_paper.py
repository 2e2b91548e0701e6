"""What holds for every document that leaves the program as paper."""

import re
import subprocess
import sys
from dataclasses import replace
from decimal import Decimal

import pikepdf
import pytest

from kapnotes.domain.entries import Infusion, Note, Setting
from kapnotes.domain.errors import BadPassphrase
from kapnotes.domain.words import in_english
from kapnotes.export.record import record_pdf
from kapnotes.export.summary import summary_pdf


@pytest.fixture
def some(session):
    session.vitals(120, 80, 70, 12)
    session.dose()
    session.vitals(140, 85, 80, 40)
    session.release(session.add(Note("https://example.org javascript:alert(1) mailto:x@y.z", "body"), 45))
    return session


def test_another_program_finds_no_fault_in_the_file(either, some):
    assert "No syntax or stream encoding errors found" in either(some).check()


def test_the_file_is_locked_with_aes_256_revision_6(either, some):
    with either(some).opened() as document:
        assert document.encryption.R == 6
        assert document.encryption.bits == 256
        assert document.user_password_matched
        assert not document.owner_password_matched


def test_nothing_readable_is_outside_the_lock(either, some):
    pdf = either(some).pdf

    for said in (b"Integration", b"Medical", b"KAPnotes", b"K-0142", b"Atkinson"):
        assert said not in pdf


def test_there_is_nothing_in_it_to_click_to_run_or_to_take_out(either, some):
    names = either(some).names()

    assert {b"/Pages", b"/Outlines", b"/FontFile2"} <= names
    assert not names & {
        b"/URI",
        b"/JS",
        b"/JavaScript",
        b"/Launch",
        b"/EmbeddedFile",
        b"/OpenAction",
        b"/AA",
        b"/Annots",
    }


def test_it_has_a_title_a_language_bookmarks_and_the_time_that_was_handed_in(either, some):
    page = either(some)

    with page.opened() as document:
        assert str(document.Root.Lang) == "en"
        assert document.Root.ViewerPreferences.DisplayDocTitle
        assert str(document.docinfo["/CreationDate"]) == "D:20261113143500Z"
        assert "K-0142" not in str(document.docinfo["/Title"])
        with document.open_outline() as outline:
            assert len(outline.root) == 1
            titles = [str(item.title) for item in outline.root[0].children]
    assert {"Signatures", "About this page"} <= set(titles)
    assert {"Drugs", "Medical course"} & set(titles)


def test_who_hears_the_pages_is_told_headings_paragraphs_tables_and_that_a_figure_is_one(either, some):
    page = either(some)
    told = page.run("pdfinfo", "-upw", "correct horse battery", "-struct-text", str(page.path))

    for kind in ("Document", "H1", "H2", "P (block)", "Table (block)", "TR", "TH", "TD", "Figure"):
        assert re.search(rf"^ *{re.escape(kind)}", told, re.MULTILINE), kind
    assert '"About this page"' in told
    with page.opened() as document:
        assert document.Root.MarkInfo.Marked
        figures = [
            one for one in document.objects if isinstance(one, pikepdf.Dictionary) and one.get("/S") == "/Figure"
        ]
        assert figures
        assert all(str(one.Alt) for one in figures)
        for sheet in document.pages:
            assert "/StructParents" in sheet.obj


def test_all_that_a_page_says_is_in_its_structure_but_for_head_and_foot(either, some):
    page = either(some)
    told = "".join(page.run("pdfinfo", "-upw", "correct horse battery", "-struct-text", str(page.path)).split())

    for line in page.text("-layout").splitlines():
        is_furniture = "Page " in line or "KAP-HEAD" in line or "session 3" in line
        assert is_furniture or all(word in told for word in line.split()), line


def test_all_typefaces_are_embedded(either, some):
    fonts = either(some).run("pdffonts", "-upw", "correct horse battery", str(either(some).path)).splitlines()[2:]

    assert fonts
    assert all("Atkinson" in line or "Noto" in line for line in fonts)
    assert all(line.split()[-5] == "yes" for line in fonts)


def test_what_could_not_be_read_is_told_on_top_and_at_the_end(either, some, issue_of):
    words = either(some, issue=issue_of(some, unread=2)).words()

    said = "2 entries of this session could not be read (damaged or refused); totals may be incomplete."
    assert words.count(said) == 2
    assert words.index(said) < words.index("In the room")
    assert words.rindex(said) > words.index("All times are those")
    assert "could not be read" not in either(some).words()


def test_what_counts_for_nothing_is_told_and_does_not_count(either, some):
    opened = some.record.entries[0]
    some.add(replace(opened.body, weight_kg=Decimal(140), protocol_name="im"), -1)
    note = some.add(Note("kept"), 46)
    some.record.apply(replace(note, body=Note("Zitronenfalter")))
    some.record.apply(replace(note, body=Setting("Segelfalter")))

    page = either(some)
    words = page.words()

    assert words.count("This session was opened a second time, Friday 13 November 2026, 13:19 by Jane Roe, LCSW") == 2
    assert "(140 kg, im); it does not count." in words
    assert words.count("bears the id of an earlier one and does not count.") == 2
    assert "0.5 mg/kg" in words
    assert not [name for name in (b"Zitronenfalter", b"Segelfalter") if name in page.inside()]


def test_the_page_gives_the_same_total_as_the_screen(either, session):
    for number, rate in enumerate(("0.7", "0.8", "0.9", "0.7")):
        session.add(Infusion("ketamine", Decimal(rate)), 20 + number * 61.3 / 60)
    session.close(20 + 4 * 61.3 / 60)
    given_mg = session.record.given_mg(session.stamp(10_000))

    assert f"ketamine {given_mg} mg" in either(session).words()
    assert given_mg == Decimal("3.17")


def test_a_passphrase_that_is_too_long_makes_no_page(some, issue_of):
    for function in (summary_pdf, record_pdf):
        with pytest.raises(BadPassphrase):
            function(some.record, None, issue_of(some), passphrase="x" * 128, entropy=bytes, translate=in_english)


def test_the_heads_that_were_handed_in_stand_on_every_page(either, some):
    some.release(some.add(Note("line\n" * 120), 50))
    page = either(some)

    with page.opened() as document:
        count = len(document.pages)
    assert page.text("-layout").count("KAP-HEAD medical 1482") >= count


def test_nothing_of_paper_is_loaded_before_a_page_is_made():
    asked = """
import sys
import kapnotes.export.record, kapnotes.export.summary
print([name for name in ("reportlab", "pikepdf", "fhir", "pydantic") if name in sys.modules])
"""

    told = subprocess.run([sys.executable, "-c", asked], check=True, capture_output=True, text=True)

    assert told.stdout.strip() == "[]"
