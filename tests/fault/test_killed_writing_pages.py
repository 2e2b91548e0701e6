"""Killed at any call while a page is written: the old or the new one is there, whole, and the trail tells of it."""

import os

import pytest

from kapnotes.app.documents import Document
from kapnotes.app.paper import PaperDesk
from kapnotes.export.encrypt import encrypted
from tests.fault.engine import Engine
from tests.fault.page_scripts import OUT, make_practice, signed_in
from tests.fault.scene import scratch
from tests.fault.sections.pages import OLD, READS, TABLE, Kills, calls_of, faults_of, kill
from tests.fault.shim import Orders

pytestmark = [pytest.mark.usefixtures("_compiler"), pytest.mark.timeout(180)]


@pytest.fixture(scope="module")
def engine():
    with Engine(is_shimmed=True, reads=READS[TABLE]) as made:
        yield made


@pytest.fixture(scope="module")
def pages():
    """Two locked pages: the one that stands there, and the one that comes."""
    from io import BytesIO

    import pikepdf

    def page(title):
        document, made = pikepdf.new(), BytesIO()
        document.add_blank_page()
        document.docinfo["/Title"] = title
        document.save(made)
        return encrypted(made.getvalue(), "a passphrase", os.urandom)

    return page("the old one"), page("the new one")


def calls(engine, script, folder, kind):
    """Return how many calls a script makes on the files of the folder for pages."""
    told = engine.run(script, folder, Orders(folder / "out", calls=kind))
    assert told.end == 0, told.lines
    return told.calls


def test_a_page_that_is_written_is_the_old_or_the_new_one_whenever_it_is_killed(engine, pages):
    old, new = pages
    script = "tests.fault.page_scripts:put_page"
    seen = set()
    with scratch() as folder:
        (folder / "out").mkdir()
        (folder / "page.pdf").write_bytes(new)
        path = folder / "out" / "summary.pdf"
        for do, kind in (("kill", "all"), ("half", "write")):
            count = calls(engine, script, folder, kind)
            assert count >= {"all": 5, "write": 1}[kind]
            for point in range(1, count + 1):
                path.write_bytes(old)
                told = engine.run(script, folder, Orders(folder / "out", do, kind, at=point))
                assert told.was_killed
                assert path.read_bytes() in pages
                seen.add(path.read_bytes())
                assert engine.run(script, folder).end == 0  # what was left in the way is in nobody's way
                assert path.read_bytes() == new
                assert [one.name for one in path.parent.iterdir()] == ["summary.pdf"]
    assert seen == set(pages)


def test_a_file_that_is_new_stands_in_the_trail_whenever_it_is_killed():
    points = calls_of(TABLE, "out")

    tally = kill(Kills(TABLE, "out", tuple(points)))

    assert tally.times == 2 * len(points) >= 10
    assert tally.faults == []


def test_a_part_of_a_file_and_one_that_nobody_was_told_of_are_found(tmp_path):
    make_practice(tmp_path)
    for name in OUT:
        (tmp_path / "out" / name).write_bytes(OLD)
    path = tmp_path / "out" / "table.csv"
    with signed_in(tmp_path) as (seat, live, program):
        desk = PaperDesk(seat, live, program.slow_worker, program.entropy, program.translate)
        desk.save(Document.CSV, "Hospital", path, [].append, pytest.fail)
    whole = path.read_bytes()
    assert whole != OLD
    assert faults_of(tmp_path) == []
    for content in (whole[:-9], b"another"):
        path.write_bytes(content)
        assert len(faults_of(tmp_path)) == 1
