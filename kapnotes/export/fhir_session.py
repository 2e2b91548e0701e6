"""One session as FHIR tells it: whom it is about, who did it, and how its resources are named and refer to others."""

from dataclasses import dataclass, field
from decimal import Decimal
from functools import cached_property
from uuid import UUID, uuid5

from kapnotes.domain.clock import Stamp
from kapnotes.domain.entries import Addendum
from kapnotes.domain.text import storable
from kapnotes.export.fhir_codes import UCUM, Json, Unit
from kapnotes.export.medical import MedicalRecord, Version

_NAMES = UUID("7d2d5b0e-53a1-4a63-9a55-0f6c0b1d8e05")
"""Names of resources follow from this and from the ids of entries: the same record gives the same names each time."""


@dataclass(frozen=True, slots=True)
class Told:
    """A resource, and which version of which entry it tells; None where it is about the session as a whole."""

    resource: Json
    version: Version | None = None


@dataclass
class FhirSession:
    """What all resources of a session refer to. `made_at` is when the bundle is made."""

    medical: MedicalRecord
    made_at: Stamp
    _clinicians: dict[str, Json] = field(default_factory=dict)

    @property
    def scope_id(self) -> str:
        """Return the id of the session."""
        return self.medical.record.entries[0].scope_id

    @cached_property
    def amended(self) -> frozenset[str]:
        """Return the ids of entries that an addendum adds to."""
        added = (version.amendment for version in self.medical.standing())
        return frozenset(one.target_id for one in added if isinstance(one, Addendum) and one.target_id)

    @property
    def patient(self) -> Json:
        """Return the reference to the patient, who has a code and no name."""
        return reference(self.name_of("patient", self.medical.opened.patient_id))

    @property
    def procedure(self) -> Json:
        """Return the reference to the session, which every reading is part of."""
        return reference(self.name_of("session", self.scope_id))

    def clinician(self, member_id: str) -> Json:
        """Return the reference to a clinician, who is told of in the bundle from then on."""
        began = self.medical.record.persons.began(member_id)
        name = self.name_of("member", began)
        self._clinicians.setdefault(
            began, {"resourceType": "Practitioner", "id": name, "name": [{"text": text(self.medical.person(began))}]}
        )
        return reference(name)

    def clinicians(self) -> list[Json]:
        """Return all clinicians who were referred to."""
        return list(self._clinicians.values())

    def performers(self, version: Version) -> list[Json]:
        """Return who did it: the clinician who entered it, after the patient where the patient did it."""
        entered_by = self.clinician(version.author_id)
        return [self.patient, entered_by] if version.is_by_patient else [entered_by]

    def name_of(self, *parts: str) -> str:
        """Return the id of a resource, the same for the same *parts*."""
        return str(uuid5(_NAMES, "/".join(parts)))

    def named(self, version: Version, what: str) -> str:
        """Return the id of what *version* tells of; one entry can tell several things."""
        return self.name_of(*version.key, what)

    def ended(self, start: Stamp, stop: Stamp) -> str:
        """Return the end of what began at *start*: that and the time that really passed, however the clock was set."""
        return moment(start.shifted(max(self.medical.record.between_s(start, stop), 0.0)))


def reference(name: str) -> Json:
    """Return a reference to the resource of that id in the same bundle."""
    return {"reference": f"urn:uuid:{name}"}


def moment(stamp: Stamp) -> str:
    """Return a dateTime or an instant, in local time with its offset."""
    return stamp.local().isoformat(timespec="milliseconds")


def text(said: str) -> str:
    """Return *said* as a FHIR string: no control characters but tab and line ends, and never empty."""
    kept = "".join(
        sign if sign.isprintable() or sign in "\t\r\n" or sign > "\x9f" else "\ufffd" for sign in storable(said)
    )
    return kept if kept.strip() else "-"


def quantity(value: Decimal, unit: Unit) -> Json:
    """Return an amount with its unit, to the digits that were entered."""
    return {"value": Decimal(f"{value:f}"), "unit": unit.name, "system": UCUM, "code": unit.code}


def note(said: str) -> list[Json]:
    """Return a note; none where nothing is said."""
    return [{"text": text(said)}] if said else []


def without_nothing(resource: Json) -> Json:
    """Return *resource* without the parts that are empty: FHIR knows no empty value."""
    return {name: part for name, part in resource.items() if part not in (None, "", [], {})}
