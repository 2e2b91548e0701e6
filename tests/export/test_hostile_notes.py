"""Thousands of notes, hostile ones among them: pages are made every time, say what was typed, and nothing acts.

All ten thousand: NOTES=10000 .venv/bin/pytest tests/export/test_hostile_notes.py
"""

import os
import random
import re
import unicodedata

import pytest

from kapnotes.domain.entries import Note
from kapnotes.export.fonts import Face, holds
from kapnotes.export.own_notes import own_notes_pdf
from kapnotes.export.summary import summary_pdf

NOTES = int(os.environ.get("NOTES", "120"))
IN_ONE = 2500
"""So many notes are in one document at most."""

LONGEST = 200_000
ACTS = {
    *(b"/URI", b"/JS", b"/JavaScript", b"/Launch", b"/EmbeddedFile", b"/EmbeddedFiles", b"/Filespec", b"/OpenAction"),
    *(b"/AA", b"/Annots", b"/AcroForm", b"/XFA", b"/RichMedia", b"/GoToR", b"/GoToE", b"/SubmitForm", b"/Movie"),
}
"""Names of what a reader follows, runs, sends or opens."""

PIECES = (
    "<b>bold</b>", "</para>", '<img src="http://example.org/x.png"/>', '<a href="https://example.org">here</a>',
    "&amp;&lt;&#0;", "<!-- -->", "]]>", "<?xml?>", "<script>alert(1)</script>", "<onDraw name='x'/>", "<br/>",
    "javascript:alert(1)", "https://example.org/?q=a%20b", "mailto:x@example.org", "file:///etc/passwd",
    "\\\\host\\share", ") Tj ET Q", "(", ")", "\\(", "<<", ">>", "/URI (http://example.org)",
    "endstream endobj", "%%EOF", "BT /F1 12 Tf",
    "{words}", "{0}", "{", "}", "%s %(x)s", "$HOME `id`", "'; DROP TABLE note; --", "=cmd|'/C calc'!A0", "@SUM(1)",
    "nul\x00nul", "\x07\x08\x1b[31m", "\x0b\x0c", "a\tb", "one\r\ntwo", "three\rfour", "five\u2028six\u2029seven",
    "\x85", "\u202eabc\u202c", "\u2066x\u2069", "\u200f\u200e", "\u200bzero\ufeff", "so\u00adft",
    "\ud800", "\udfff\ud834",
    "cafe\u0301", "e\u0323\u0303", "Z" + "\u0335\u0336\u0337\u0338" * 9, "\u0301", "A\u030a", "ﬁ ﬂ", "ß İ Œ",
    "Ελληνικά", "Кириллица", "שלום", "مرحبا بالعالم", "日本語", "한국어", "हिन्दी", "ไทย",
    "😀👩\u200d👧\ufe0f", "🏳️\u200d🌈", "\ue000", "\ufffe", "\U0010ffff", "\U000e0041", "\u3000", "\u00a0",
    "……", "“quoted”", "—–−", "½ µg ° ‰ €", "   ",
    "",
)  # fmt: skip


@pytest.fixture(scope="module")
def dice():
    return random.Random(20261128)  # noqa: S311 - notes, no secret


def hostile(dice, number):
    """Return one note: pieces in any order, between words or not; a few of them are very long."""
    if number % IN_ONE == 17:
        return (dice.choice(("x", "ж", "<b>")) * LONGEST)[:LONGEST]
    if number % IN_ONE == 501:
        return "word " * 2000
    pieces = [dice.choice(PIECES) for _ in range(dice.randint(0, 4))]
    return dice.choice(("", " ", "\n", "x")).join(pieces)


def documented(text):
    """Return what a page shows of *text* by the rules that `export/page_text.py` states, without white space.

    Where the joiner stands behind what is printed as a number is left open: it is looked for in neither.
    """
    text = unicodedata.normalize("NFC", re.sub("\r\n|[\r\x0b\x0c\x1c\x1d\x1e\x85\u2028\u2029]", "\n", text))
    shown = []
    for sign in text:
        is_selector = "\ufe00" <= sign <= "\ufe0f" or "\U000e0100" <= sign <= "\U000e01ef"
        if is_selector or unicodedata.category(sign) in {"Cc", "Cf"}:
            continue
        is_held = ord(sign) in holds(Face.REGULAR) or ord(sign) in holds(Face.STAND_IN)
        shown.append(sign if is_held or sign == "\n" else f"[U+{ord(sign):04X}]")
    return "".join("".join(shown).split())


def letters(page):
    """Return the text of all pages in the order of their content, without white space and without head and foot.

    Head and foot are drawn last on each page.
    """
    pages = ["".join(one.split()).replace("\u200d", "") for one in page.text("-raw").split("\f")]
    return "".join(FURNITURE.sub("", one) for one in pages)


FURNITURE = re.compile(r"(?:(?:Integration-sessionsummary|Processnotes)·K-0142·session3·\w+)?"
                       r"(?:Integration-sessionsummary|Psychotherapynotes,keptapart[\w(). ]*?\(45CFR164\.501\))"
                       r"Page\d+of\d+KAP-HEAD.*$")  # fmt: skip


@pytest.mark.timeout(600)
@pytest.mark.parametrize("function", [summary_pdf, own_notes_pdf], ids=["summary", "own notes"])
def test_whatever_was_noted_stands_on_the_page_as_text_and_nothing_acts(new_session, make, dice, function):
    made = 0
    while made < NOTES:
        session = new_session().open()
        session.dose()
        texts = {}
        for number in range(made, min(made + IN_ONE, NOTES)):
            said = hostile(dice, number)
            texts[number] = (session.add(Note(f"<{number:05}:{said}:{number:05}>", "body"), 30), said)
        if function is summary_pdf:
            session.release(*(entry for entry, _ in texts.values()))

        page = make(function, session)

        read = letters(page)
        for number, (_, said) in texts.items():
            begin = read.index(f"<{number:05}:") + 7
            end = read.index(f":{number:05}>", begin)
            assert read[begin:end] == documented(said), (number, said[:200])
        names = page.names()
        assert not names & ACTS
        assert b"/Image" not in names
        made += len(texts)


def test_what_may_act_is_what_a_page_that_acts_has():
    """The names that are looked for are those of a page with a link, so that their absence says something."""
    from io import BytesIO

    import pikepdf
    from reportlab.pdfgen.canvas import Canvas

    made = BytesIO()
    canvas = Canvas(made)
    canvas.linkURL("https://example.org", (0, 0, 9, 9))
    canvas.showPage()
    canvas.save()
    with pikepdf.open(made) as document:
        structure = b" ".join(one.unparse(resolved=True) for one in document.objects)
    assert {b"/URI", b"/Annots"} <= set(re.findall(rb"/\w+", structure)) & ACTS
