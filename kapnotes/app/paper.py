"""Letting a session's pages, text or data leave, into a file or by another way: made, then logged, then handed over."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import TypeVar

from kapnotes.app.came_before import CameBefore, read_came_before
from kapnotes.app.clinic_desk import ClinicDesk
from kapnotes.app.documents import Document, Drawn, Look, Page, be_ready, make_page, make_pictures
from kapnotes.app.files import require_nameless, write_atomically
from kapnotes.app.leaving import Errand, Leaving, Way
from kapnotes.app.live_session import LiveSession
from kapnotes.app.material import Material, PageFacts
from kapnotes.app.profile import Entropy
from kapnotes.app.seat import Seat
from kapnotes.app.worker import Worker
from kapnotes.domain.entries import Entry
from kapnotes.domain.errors import KapnotesError
from kapnotes.domain.page_choice import ALL_RELEASED
from kapnotes.domain.words import Translate

_Made = TypeVar("_Made")

_FIRST_PAGE = Look()


class PaperDesk:
    """Makes a session's pages off the threads of the windows and of the writer, and lets them leave or be looked at.

    A file that is there was logged before: first the entry is on the disk, then the file is put in its place.
    """

    def __init__(self, seat: Seat, live: LiveSession, slow: Worker, entropy: Entropy, translate: Translate) -> None:
        self._seat = seat
        self._live = live
        self._slow = slow
        self._entropy = entropy
        self._translate = translate
        self._leaving = Leaving(seat, live, slow)
        self.choice = ALL_RELEASED
        """What was chosen of what a summary may show; every summary that is made here keeps to it."""
        self.prepare: Callable[[], None] = _nothing
        """Called before anything is made to leave, so that what is half-typed is entered and on it."""
        self._came: CameBefore | None = None
        self._facts: PageFacts | None = None
        self._read_at_count = -1
        """How many entries were written when the facts were read."""

    def save(
        self,
        document: Document,
        recipient: str,
        path: Path,
        done: Callable[[Page], None],
        failed: Callable[[Exception], None],
        is_wanted: Callable[[], bool] = lambda: True,
    ) -> None:
        """Make *document*, encrypted under a new passphrase, log that it leaves, and put it at *path*.

        Nothing is written where the seat was locked meanwhile or *is_wanted* says no: nobody would see the passphrase;
        nor where the name of the file would tell whose session it is.
        """
        opened = self._live.record.opened
        try:
            require_nameless(path, opened.patient_code if opened is not None else "")
        except KapnotesError as error:
            failed(error)
            return

        def put(page: Page) -> None:
            write_atomically(path, page.content)

        not_put = "the file was not written"
        self._run(
            Errand(document, document, self._recipient(document, recipient), put, not_put, done, failed, is_wanted)
        )

    def hand_over(
        self,
        document: Document,
        way: Way,
        recipient: str,
        give: Callable[[Page], None],
        done: Callable[[Page], None],
        failed: Callable[[Exception], None],
        is_wanted: Callable[[], bool] = lambda: True,
    ) -> None:
        """Make *document*, log that it leaves by that *way*, then let *give* hand it over and tell *done*.

        *give* runs on the thread that the way says; what it raises takes the entry back.
        """
        told_as, to = f"{document}, {way.told_as}", self._recipient(document, recipient)
        self._run(
            Errand(document, told_as, to, give, way.not_done, done, failed, is_wanted, on=way.on, done_as=way.done_as)
        )

    def _recipient(self, document: Document, recipient: str) -> str:
        """Return for whom it is made: a therapist's own notes for that therapist alone."""
        return self._seat.member.label if document is Document.NOTES else recipient

    def _run(self, errand: Errand) -> None:
        self.prepare()
        material = self._material(errand.recipient)
        errand = replace(errand, choice=material.choice) if errand.document.is_summary else errand

        def make(facts: PageFacts) -> None:
            job = partial(self._made, make_page, errand.document, replace(material, facts=facts), entropy=self._entropy)
            self._slow.submit(job, partial(self._leaving.let_leave, errand), errand.failed)

        if errand.document.is_summary:
            self._read_came(partial(self._read_facts, make, errand.failed), errand.failed)
        else:
            self._read_facts(make, errand.failed, CameBefore())

    def _material(self, recipient: str, half_typed: Sequence[Entry] = ()) -> Material:
        """Return what pages are made from now, but for what is to be read of the vault."""
        live = self._live
        return Material(
            entries=tuple(live.record.entries),
            maker=self._seat.member,
            made_at=live.now(),
            recipient=recipient,
            persons=live.record.persons,
            half_typed=tuple(half_typed),
            unread=len(live.unread),
            paper=self._seat.program.paper,
            choice=self.choice,
        )

    def _made(self, make: Callable[..., _Made], *arguments: object, **named: object) -> _Made:
        """Return what *make* makes, by whoever makes pages; after a lock nothing of the record is given to it."""
        pages = self._seat.program.pages
        return pages.run(make, *arguments, **named, translate=self._translate, is_wanted=self._is_here)

    def _is_here(self) -> bool:
        """Tell whether somebody sits here."""
        return not self._seat.is_locked

    def be_ready(self) -> None:
        """Let whoever makes pages load what the first ones would wait for."""
        job = partial(self._seat.program.pages.run, be_ready, is_wanted=self._is_here)
        self._slow.submit(job, _nobody_waits, _nobody_waits)

    def draw(
        self,
        recipient: str,
        half_typed: Sequence[Entry],
        done: Callable[[Drawn], None],
        failed: Callable[[Exception], None],
        look: Look = _FIRST_PAGE,
    ) -> None:
        """Make the summary as it would be saved now, to be looked at; tells its pages, and the one at *look*.

        *half_typed* is what is not entered yet and would be before it is saved. These pages are made at every key, so
        what stands on them beside the record is read once, and again once anything was written; what came of the
        earlier sessions only after `read_anew`.
        """
        material = self._material(recipient, half_typed)

        def make(facts: PageFacts) -> None:
            job = partial(self._made, make_pictures, replace(material, facts=facts), look)
            self._slow.submit(job, done, failed)

        if self._came is None:
            self._read_came(partial(self._read_facts, make, failed), failed)
        elif self._facts is None or not self._facts_hold():
            self._read_facts(make, failed, self._came)
        else:
            make(replace(self._facts, came=self._came))

    def _facts_hold(self) -> bool:
        """Tell whether nothing was written since the facts were read, and nothing is about to be."""
        is_at_rest = not self._live.saving.unsaved and not self._live.saving.untold
        return is_at_rest and self._read_at_count == self._seat.program.written_count

    def read_anew(self) -> None:
        """Read what came of the earlier sessions once more, because somebody may have written about one."""
        self._came = self._facts = None

    def _read_came(self, done: Callable[[CameBefore], None], failed: Callable[[Exception], None]) -> None:
        def take(came: CameBefore) -> None:
            self._came = came
            done(came)

        read_came_before(self._seat, self._live.scope_id, self._live.patient_id, take, failed)

    def _read_facts(
        self, done: Callable[[PageFacts], None], failed: Callable[[Exception], None], came: CameBefore
    ) -> None:
        """Tell what stands on pages and is not in the session's record."""
        seat, live = self._seat, self._live

        def read() -> tuple[int, PageFacts]:
            count = seat.program.written_count
            heads = seat.program.library.paper_heads(seat.keyring, live.scope_id)
            clinic = ClinicDesk(seat).read_now().pages
            return count, PageFacts(seat.patient_details(live.patient_id), tuple(heads), clinic, came)

        def take(found: tuple[int, PageFacts]) -> None:
            self._read_at_count, self._facts = found
            done(self._facts)

        seat.program.worker.submit(read, take, failed)


def _nobody_waits(_: object) -> None:
    """Whether it was ready before the first pages are asked for is no news."""


def _nothing() -> None:
    """Where nobody types there is nothing to be entered first."""
