"""Verifying against paper: does the vault still hold what a page was made from? Needs no passphrase."""

from collections.abc import Iterator

from kapnotes.domain.custody import LogHead
from kapnotes.domain.members import CompartmentKind
from kapnotes.domain.paper_head import HeadClaim, PaperHead, paper_head
from kapnotes.vault.compartment_file import NUMBER
from kapnotes.vault.layout import compartment_of, file_name
from kapnotes.vault.verify_notes import Checked, Notes


def find_on_paper(notes: Notes, claim: HeadClaim, every: list[Checked]) -> None:
    """Note whether any session of the vault is, or once was, what a page says of it."""
    kind = CompartmentKind[claim.kind.upper()]
    name = f"{claim.kind}.kapdb"
    for checked in every:
        compartment = compartment_of(checked.place.comp)
        if compartment.kind is not kind:
            continue
        name = file_name(compartment)
        for session, head in _as_they_were(checked, claim.entries):
            if claim.fits(head):
                notes.note(name, 0, f"{name} holds {claim.line} in session {session[:12]}: nothing of it is gone.")
                return
    line = f"{name} does not hold {claim.line}: it is older than the page, or another vault, or it was changed."
    notes.note(name, 3, line)


def _as_they_were(checked: Checked, entries: int) -> Iterator[tuple[str, PaperHead]]:
    """Return the mark of each session as it was after so many *entries*; the file keeps the order of writing.

    A page is made from all that stands in the file at that moment, so its state is found again however much was added.
    """
    compartment = compartment_of(checked.place.comp)
    vault = checked.place.vault.hex()
    ends: dict[bytes, dict[bytes, LogHead]] = {}
    counts: dict[bytes, int] = {}
    sql = "SELECT log.session, event.log, event.seq, event.h FROM event JOIN log ON log.id=event.log ORDER BY event.id"
    for session, log, seq, h in checked.file.rows(sql, (16, 16, NUMBER, 32)):
        counts[session] = counts.get(session, 0) + 1
        if counts[session] > entries:
            continue
        ends.setdefault(session, {})[log] = LogHead(compartment, log.hex(), seq, h.hex())
        if counts[session] == entries:
            yield session.hex(), paper_head(vault, session.hex(), compartment, ends.pop(session).values())
