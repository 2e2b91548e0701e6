"""Killed at any call while a page is written: the old or the new one is there, whole, and the trail tells of it."""

import os
import shutil
from hashlib import sha256

import pytest

from kapnotes.domain.entries import SummaryIssued
from kapnotes.export.encrypt import encrypted
from tests.fault.engine import Engine
from tests.fault.page_scripts import PASSPHRASE, TESS, make_practice, program_in
from tests.fault.scene import scratch
from tests.fault.shim import Orders

pytestmark = [pytest.mark.usefixtures("_compiler"), pytest.mark.timeout(180)]


@pytest.fixture(scope="module")
def engine():
    with Engine(is_shimmed=True, reads=["tests.fault.page_scripts", "kapnotes.export.session_csv"]) as made:
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


def test_a_file_that_is_new_stands_in_the_trail_whenever_it_is_killed(engine):
    script = "tests.fault.page_scripts:export_table"
    outcomes = set()
    with scratch() as base:
        make_practice(base / "made")
        shutil.copytree(base / "made", base / "counted")
        for point in range(1, calls(engine, script, base / "counted", "all") + 1):
            folder = shutil.copytree(base / "made", base / f"{point}")
            path = folder / "out" / "table.csv"
            path.write_bytes(b"the old one")
            told = engine.run(script, folder, Orders(folder / "out", "kill", at=point))
            assert told.was_killed
            issued = digests_in(folder)
            is_new = path.read_bytes() != b"the old one"
            outcomes.add(is_new)
            assert not is_new or sha256(path.read_bytes()).hexdigest() in issued
            shutil.rmtree(folder)
    assert outcomes == {False, True}


def digests_in(folder):
    """Return the digests of all that left, as the session tells it after the next start."""
    program, found = program_in(folder), []

    def fail(error):
        raise error

    program.open_vault(folder / "vault", found.append, fail)
    program.sign_in(TESS, PASSPHRASE, found.append, fail)
    seat = found[-1]
    seat.open_session(next(iter(seat.session_cards())), found.append, fail)
    digests = {issued.sha256 for _, issued in found[-1].record.of(SummaryIssued)}
    program.close()
    return digests
