"""The summary of a three-hour session as an encrypted PDF, beside plain pages of reportlab that pikepdf encrypts."""

import statistics
import sys

from tests.bench.table import Row, milliseconds, times

RUNS = 5


def rows(bench):
    facts = bench.child(__name__)
    ours, theirs = statistics.median(facts["page"]), statistics.median(facts["bare"])
    yield Row(
        "summary PDF of a three-hour session, encrypted",
        f"{milliseconds(ours)} ms",
        f"{milliseconds(theirs)} ms",
        times(ours / theirs),
        "≤ 600 ms",
        ours <= 600,
        f"of its thread; median of {RUNS}, {facts['pages']} pages, {facts['entries']} entries; the first in a process, "
        f"with its imports, {milliseconds(facts['cold'])} ms",
    )


def measure():
    import os
    import time

    from kapnotes.app.documents import Document, make_page
    from kapnotes.app.material import Material
    from kapnotes.domain.words import in_english
    from tests.bench.play import played
    from tests.bench.probes import answer

    live, clock = played()

    def took(act):
        """Return the milliseconds of this thread's own time: whatever else the machine does does not count."""
        began = time.thread_time()
        done = act()
        return 1000 * (time.thread_time() - began), done

    def page():
        material = Material(tuple(live.record.entries), live.member, clock.now(), "the integration therapist")
        return make_page(Document.SUMMARY, material, entropy=os.urandom, translate=in_english)

    cold, made = took(page)
    pages = _pages(made)
    found = {"cold": cold, "pages": pages, "entries": len(live.record.entries), "page": [], "bare": []}
    for _ in range(RUNS):
        found["page"].append(took(page)[0])
        found["bare"].append(took(lambda: _locked(plain_pages(pages)))[0])
    answer(found)


def _pages(page):
    from io import BytesIO

    import pikepdf

    with pikepdf.open(BytesIO(page.content), password=page.passphrase) as document:
        return len(document.pages)


def plain_pages(number):
    """Return so many pages of text, made by the library alone."""
    from io import BytesIO

    from reportlab.pdfgen.canvas import Canvas

    plain = BytesIO()
    canvas = Canvas(plain)
    for _ in range(number):
        for line in range(60):
            canvas.drawString(60, 800 - 12 * line, "a line of text as long as those that stand on a page of a summary")
        canvas.showPage()
    canvas.save()
    return plain


def _locked(plain):
    from io import BytesIO

    import pikepdf

    locked = BytesIO()
    with pikepdf.open(plain) as document:
        encryption = pikepdf.Encryption(user="a passphrase", owner="another", R=6, aes=True, metadata=True)
        document.save(locked, encryption=encryption)
    return locked.getvalue()


if __name__ == "__main__":
    sys.exit(measure())
