"""What the clinic agreed on for itself: its protocols, signed version by version, its drugs, words of its summaries.

These entries stand in `shared`, under the clinic's own scope, and hold nothing about any patient.
"""

from dataclasses import dataclass

from kapnotes.domain.clinic_pages import ClinicPages
from kapnotes.domain.clock import Stamp

CLINIC_SCOPE = "c1" * 16
"""The scope of what the clinic agreed on; it is read without reading any audit entry or session."""


@dataclass(frozen=True, slots=True)
class ProtocolSigned:
    """One version of a protocol: the very TOML text, and who signed it. Source: 21 CFR 11.50 (name, time, meaning)."""

    name: str
    text: str
    printed_name: str
    credential: str
    meaning: str


@dataclass(frozen=True, slots=True)
class ProtocolWithdrawn:
    """The version `target_id` of `author_id` is offered no more, and why; sessions that ran by it keep its text."""

    target_id: str
    author_id: str
    reason: str


@dataclass(frozen=True, slots=True)
class ProtocolInUse:
    """In a session: the protocol it runs by is this signed version of the clinic's own."""

    number: int
    printed_name: str
    credential: str
    signed: Stamp


@dataclass(frozen=True, slots=True)
class RescueDrug:
    """A rescue or adjunct drug that the clinic keeps: usual routes and unit, and no dose, by intent.

    `routes` are the words of `entries.Route`.
    """

    name: str
    routes: tuple[str, ...] = ()
    unit: str = "mg"


@dataclass(frozen=True, slots=True)
class RescueDrugs:
    """The whole list as it is from now on."""

    drugs: tuple[RescueDrug, ...]


ClinicBody = ProtocolSigned | ProtocolWithdrawn | ProtocolInUse | RescueDrugs | ClinicPages

USUAL_DRUGS = (
    RescueDrug("ondansetron", ("iv", "im", "oral")),
    RescueDrug("midazolam", ("iv", "im", "nasal")),
    RescueDrug("labetalol", ("iv",)),
    RescueDrug("clonidine", ("oral",)),
)
"""The list before the clinic has one of its own.

Source: the field notes' rescue presets (the names; they carry no dose); routes: general knowledge.
"""
