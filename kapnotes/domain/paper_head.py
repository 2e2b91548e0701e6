"""The mark on every page that tells later whether the vault still holds what the page was made from.

`KAP-HEAD medical 1482 7F3A-91C0-55D2-0B6E-8A17` names a compartment, how many entries one session had there, and the
first 80 bits of a hash over the ends of that session's logs; the page's last sheet has all 256 in a QR code. Nobody can
make another vault with the same mark: finding a second preimage of 80 bits is out of reach, and 256 are on the page.

The bytes below may never change: pages on paper live longer than programs.
"""

import hashlib
import re
from collections.abc import Iterable
from dataclasses import dataclass

from kapnotes.domain.custody import LogHead
from kapnotes.domain.errors import KapnotesError
from kapnotes.domain.members import Compartment

_LABEL = b"KAPN/1/head\0"
_SHORT = 20
"""Hex digits of 80 bits."""

_LONG = 64
_GROUP = 4
_LINE = re.compile(r"(?:KAP-HEAD )?(SHARED|MEDICAL|THERAPY) ([1-9][0-9]{0,8}) ([0-9A-F]+(?:-[0-9A-F]+)*)", re.ASCII)


@dataclass(frozen=True, slots=True)
class PaperHead:
    """One compartment's part of a session as it stood when a page was made."""

    compartment: Compartment
    entries: int
    digest: bytes

    @property
    def line(self) -> str:
        """Return what stands on each page: 80 bits in groups of four digits."""
        digits = self.digest.hex().upper()[:_SHORT]
        groups = "-".join(digits[start : start + _GROUP] for start in range(0, _SHORT, _GROUP))
        return f"{self._beginning()} {groups}"

    @property
    def full(self) -> str:
        """Return what the QR code holds: all 256 bits."""
        return f"{self._beginning()} {self.digest.hex().upper()}"

    def _beginning(self) -> str:
        return f"KAP-HEAD {self.compartment.kind.name.lower()} {self.entries}"


@dataclass(frozen=True, slots=True)
class HeadClaim:
    """What was typed or scanned from a page."""

    kind: str
    entries: int
    digits: str

    @property
    def line(self) -> str:
        """Return it as a page shows it."""
        return f"KAP-HEAD {self.kind} {self.entries} {self.digits[:_GROUP]}-…"

    def fits(self, head: PaperHead) -> bool:
        """Tell whether the page was made from *head*."""
        is_same = head.compartment.kind.name.lower() == self.kind and head.entries == self.entries
        return is_same and head.digest.hex().upper().startswith(self.digits)


def paper_head(vault_id: str, session_id: str, compartment: Compartment, logs: Iterable[LogHead]) -> PaperHead:
    """Return the mark of one session in one compartment, from the ends of all its logs there. Ids are hex digits.

    SHA-256 over: label ‖ vault 16 ‖ kind u8 ‖ owner 16 ‖ session 16 ‖ entries u32 ‖ for each log by id: id 16 ‖ number
    of its last entry u64 ‖ that entry's hash 32. Big-endian.
    """
    ends = sorted((bytes.fromhex(head.log_id), head.seq, bytes.fromhex(head.h)) for head in logs)
    entries = sum(seq for _, seq, _ in ends)
    owner = bytes.fromhex(compartment.owner_id) if compartment.owner_id else bytes(16)
    parts = [_LABEL, bytes.fromhex(vault_id), bytes([compartment.kind]), owner, bytes.fromhex(session_id)]
    parts += [entries.to_bytes(4, "big")]
    parts += [part for log, seq, h in ends for part in (log, seq.to_bytes(8, "big"), h)]
    return PaperHead(compartment, entries, hashlib.sha256(b"".join(parts)).digest())


def read_head(text: str) -> HeadClaim:
    """Return what a page says, however it is spaced or cased.

    Raises:
        KapnotesError: it does not read as a head; 80 bits at least are needed.
    """
    found = _LINE.fullmatch(" ".join(text.upper().split()))
    digits = found[3].replace("-", "") if found is not None else ""
    if found is None or not _SHORT <= len(digits) <= _LONG:
        raise KapnotesError("That is no head of a page; it reads as KAP-HEAD medical 1482 7F3A-91C0-55D2-0B6E-8A17.")
    return HeadClaim(found[1].lower(), int(found[2]), digits)
