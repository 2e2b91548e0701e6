"""The clinic's protocols and drugs as they follow from what was signed: every version, and which one counts."""

from collections.abc import Iterable
from dataclasses import dataclass

from kapnotes.domain.clinic import USUAL_DRUGS, ProtocolSigned, ProtocolWithdrawn, RescueDrug, RescueDrugs
from kapnotes.domain.clinic_pages import USUAL_PAGES, ClinicPages
from kapnotes.domain.clock import Stamp
from kapnotes.domain.entries import Entry
from kapnotes.domain.errors import BadFile
from kapnotes.domain.protocol import Protocol, read_protocol


@dataclass(frozen=True, slots=True)
class ProtocolVersion:
    """One signed version, numbered from 1 by the order in which those of its name were signed.

    `protocol` is None where this program cannot read its text any more; `fault` says why.
    """

    entry_id: str
    author_id: str
    number: int
    signed_at: Stamp
    signed: ProtocolSigned
    protocol: Protocol | None
    fault: str = ""
    withdrawn: str = ""
    """Why it was withdrawn, or nothing."""

    @property
    def is_offered(self) -> bool:
        """Tell whether a session may begin by it."""
        return self.protocol is not None and not self.withdrawn


class ClinicBook:
    """What the entries of the clinic's scope say, in the order in which they were entered."""

    def __init__(self, entries: Iterable[Entry] = (), unread: int = 0) -> None:
        self.unread = unread
        """How many entries could not be read."""
        self.versions: tuple[ProtocolVersion, ...] = ()
        """Every version that was ever signed, the newest first."""
        self.drugs: tuple[RescueDrug, ...] = USUAL_DRUGS
        self.pages = USUAL_PAGES
        """What every summary says for the clinic."""
        found = list(entries)
        withdrawn = {
            (one.body.author_id, one.body.target_id): one.body.reason
            for one in found
            if isinstance(one.body, ProtocolWithdrawn)
        }
        count: dict[str, int] = {}
        versions: list[ProtocolVersion] = []
        for entry in found:
            body = entry.body
            if isinstance(body, RescueDrugs):
                self.drugs = body.drugs
            elif isinstance(body, ClinicPages):
                self.pages = body
            elif isinstance(body, ProtocolSigned):
                count[body.name] = count.get(body.name, 0) + 1
                reason = withdrawn.get((entry.author_id, entry.entry_id), "")
                versions.append(_version(entry, body, count[body.name], reason))
        self.versions = tuple(reversed(versions))

    def offered(self) -> tuple[ProtocolVersion, ...]:
        """Return the newest version of each protocol that stands, the one signed last first."""
        newest: dict[str, ProtocolVersion] = {}
        for version in self.versions:
            if version.is_offered:
                newest.setdefault(version.signed.name, version)
        return tuple(newest.values())


def _version(entry: Entry, body: ProtocolSigned, number: int, reason: str) -> ProtocolVersion:
    protocol, fault = None, ""
    try:
        protocol = read_protocol(body.name, body.text)
    except BadFile as error:
        fault = str(error)
    return ProtocolVersion(entry.entry_id, entry.author_id, number, entry.entered, body, protocol, fault, reason)
