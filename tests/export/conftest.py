"""A session written line by line, the page made from it, and what other programs read on that page."""

import re
import shutil
import subprocess
from datetime import date, datetime, timedelta, timezone
from decimal import Decimal
from importlib.resources import files
from io import BytesIO
from itertools import count

import pikepdf
import pytest

from kapnotes.domain.clock import ManualClock
from kapnotes.domain.entries import (
    Authorization,
    Dose,
    Entry,
    Narrative,
    Participant,
    Phase,
    Release,
    Route,
    SessionOpened,
    Staffing,
    Stage,
    Vitals,
)
from kapnotes.domain.members import Role
from kapnotes.domain.record import Record
from kapnotes.domain.release import line_of
from kapnotes.domain.words import in_english
from kapnotes.export.record import record_pdf
from kapnotes.export.summary import Issue, summary_pdf

PASSPHRASE = "correct horse battery"
THERAPIST, CRNA = "a" * 32, "c" * 32
MADE_ON = date(2026, 11, 13)
HEADS = ("KAP-HEAD shared 211 91C0-7F3A-0B1D-22E0-91F4", "KAP-HEAD medical 1482 7F3A-91C0-4D11-AA07-0C5B")


def counted_entropy(size):
    return bytes(index % 251 for index in range(size))


class Page:
    """One made document, as other programs read it."""

    def __init__(self, pdf, folder):
        self.pdf = pdf
        self.path = folder / "page.pdf"
        self.path.write_bytes(pdf)

    def run(self, *command):
        return subprocess.run(command, capture_output=True, check=True).stdout.decode()

    def text(self, *options):
        """Return what pdftotext reads, in the order of the page's lines."""
        if shutil.which("pdftotext") is None:
            pytest.skip("pdftotext is missing: install poppler-utils")
        return self.run("pdftotext", "-upw", PASSPHRASE, *options, str(self.path), "-")

    def words(self):
        """Return the text with single spaces, so that line ends do not matter."""
        return " ".join(self.text("-layout").split())

    def letters(self):
        """Return the text in the order of the content, without any white space."""
        return "".join(self.text("-raw").split())

    def check(self):
        if shutil.which("qpdf") is None:
            pytest.skip("qpdf is missing")
        return self.run("qpdf", f"--password={PASSPHRASE}", "--check", str(self.path))

    def opened(self):
        return pikepdf.open(BytesIO(self.pdf), password=PASSPHRASE)

    def names(self):
        """Return every name that stands in the structure of the document, streams aside."""
        with self.opened() as document:
            structure = b"\n".join(
                pikepdf.Dictionary(one.stream_dict).unparse()
                if isinstance(one, pikepdf.Stream)
                else one.unparse(resolved=True)
                for one in document.objects
            )
        return set(re.findall(rb"/[^\s/<>\[\]()]+", structure))

    def inside(self):
        """Return every object of the document, streams inflated, as one heap of bytes."""
        heap = []
        with self.opened() as document:
            for one in document.objects:
                heap.append(one.unparse(resolved=True))
                if isinstance(one, pikepdf.Stream):
                    heap.append(one.read_bytes())
            heap.append(document.trailer.unparse())
        return b"\n".join(heap)


class Session:
    """Writes entries; minutes count from the opening at 13:20 on a Friday."""

    def __init__(self):
        self.clock = ManualClock(datetime(2026, 11, 13, 13, 20, tzinfo=timezone(timedelta(hours=1))))
        self.start = self.clock.now()
        self.record = Record()
        self._ids = count(1)

    def stamp(self, minute):
        return self.start.shifted(minute * 60)

    def add(self, body, minute=0.0, author=THERAPIST, entered=None):
        happened = self.stamp(minute)
        stamp = happened if entered is None else self.stamp(entered)
        entry = Entry(f"{next(self._ids):032x}", "f" * 32, author, happened, stamp, body)
        self.record.apply(entry)
        return entry

    def open(
        self, route="iv", protocol="iv-40", staffing=Staffing.TEAM, weight_kg=Decimal(80), code="K-0142", others=()
    ):
        text = files("kapnotes.resources.protocols").joinpath(f"{protocol}.toml").read_text(encoding="utf-8")
        people = (
            Participant(THERAPIST, "Jane Roe, LCSW", (Role.THERAPIST,)),
            Participant(CRNA, "Max Muster, CRNA", (Role.MEDICAL,)),
            *others,
        )
        self.add(SessionOpened("d" * 32, code, 3, Route(route), staffing, people, protocol, text, weight_kg))
        self.add(Phase(Stage.PREPARATION))
        return self

    def dose(self, minute=20, mg="40"):
        return self.add(Dose("ketamine", Decimal(mg), Route.IV), minute, CRNA)

    def vitals(self, systolic, diastolic, rate, minute, spo2=98, **more):
        body = Vitals(Decimal(systolic), Decimal(diastolic), Decimal(rate), Decimal(spo2), Decimal(14), **more)
        return self.add(body, minute, CRNA)

    def narrate(self, block, text, minute=100):
        return self.add(Narrative(block, text), minute)

    def release(self, *entries, minute=110, expires=date(2027, 1, 1), signed=MADE_ON, **changed):
        """Release these entries as they stand now."""
        said = {
            "discloser": "Jane Roe, LCSW",
            "recipient": "Ida Kern",
            "description": "the chosen lines",
            "purpose": "integration sessions",
            "signed_by": "the patient",
        } | changed
        authorization = Authorization(expires_on=expires, signed_on=signed, **said)
        standing = {entry.entry_id: entry for entry in self.record.standing()}
        lines = tuple(line_of(standing[entry.entry_id]) for entry in entries)
        return self.add(Release(authorization, lines), minute)

    def close(self, minute=120):
        return self.add(Phase(Stage.CLOSED), minute)


@pytest.fixture
def session():
    """A session that was just opened."""
    return Session().open()


@pytest.fixture
def new_session():
    """Begin a session that is not opened yet; `open` says how."""
    return Session


@pytest.fixture
def issue_of():
    """Return the occasion of a page: by default 15 minutes after the second hour, for Ida Kern."""

    def make(session, minute=135, **changed):
        said = {"made_by": "Jane Roe, LCSW", "made_by_id": THERAPIST, "recipient": "Ida Kern", "heads": HEADS} | changed
        return Issue(made_at=session.stamp(minute), **said)

    return make


@pytest.fixture
def make(tmp_path, issue_of):
    """Make one of the two documents and read it: `make(summary_pdf, session)`."""

    def make_one(function, session, patient=None, issue=None, translate=in_english, page_size="A4"):
        pdf = function(
            session.record,
            patient,
            issue or issue_of(session),
            passphrase=PASSPHRASE,
            entropy=counted_entropy,
            translate=translate,
            page_size=page_size,
        )
        return Page(pdf, tmp_path)

    return make_one


@pytest.fixture
def summary_of(make):
    return lambda session, **more: make(summary_pdf, session, **more)


@pytest.fixture
def record_of(make):
    return lambda session, **more: make(record_pdf, session, **more)


@pytest.fixture(params=[summary_pdf, record_pdf], ids=["summary", "record"])
def either(request, make):
    """Make each of the two documents."""
    return lambda session, **more: make(request.param, session, **more)
