"""The codes of FHIR resources: LOINC, UCUM, SNOMED CT, RxNorm, and our own where none of them may be used.

Sources: US-Core (hl7.org/fhir/us/core) and the value sets of FHIR R4 (hl7.org/fhir/R4); EtCO2 in mmHg after the German
ICU core set; SNOMED CT and RxNorm as published. MOAA/S, PADSS, modified Aldrete and CADSS-6 have no code that is free
to use, so they have local ones; RASS has SNOMED CT 457441000124102 (LOINC 54632-5 means something else).
"""

from dataclasses import dataclass

from kapnotes.domain.entries import NotTakenReason, Route

Json = dict[str, object]
"""A resource or a part of one, as JSON will have it; amounts are `Decimal`."""

LOINC = "http://loinc.org"
UCUM = "http://unitsofmeasure.org"
SNOMED = "http://snomed.info/sct"
RXNORM = "http://www.nlm.nih.gov/research/umls/rxnorm"
CATEGORY = "http://terminology.hl7.org/CodeSystem/observation-category"
ABSENT = "http://terminology.hl7.org/CodeSystem/data-absent-reason"
SEVERITY = "http://terminology.hl7.org/CodeSystem/adverse-event-severity"
PARTICIPATION = "http://terminology.hl7.org/CodeSystem/provenance-participant-type"
SIGNATURE = "urn:iso-astm:E1762-95:2013"
PROFILE = "http://hl7.org/fhir/us/core/StructureDefinition/us-core-"
ABSENT_URL = "http://hl7.org/fhir/StructureDefinition/data-absent-reason"

LOCAL = "urn:uuid:7d2d5b0e-53a1-4a63-9a55-0f6c0b1d8e01"
"""Our own code system; the bundle holds it, so that a reader knows what its codes mean."""

PATIENT_CODES = "urn:uuid:7d2d5b0e-53a1-4a63-9a55-0f6c0b1d8e02"
"""The practice's own codes of its patients."""

ACTION_TAKEN = "urn:uuid:7d2d5b0e-53a1-4a63-9a55-0f6c0b1d8e03"
"""Extension of an adverse event, whose resource has no place for what was done."""

ENDED = "urn:uuid:7d2d5b0e-53a1-4a63-9a55-0f6c0b1d8e05"
"""Extension of an adverse event, whose resource has no place for when it was over."""

OUTCOME = "http://terminology.hl7.org/CodeSystem/adverse-event-outcome"

ENTERED_IN_ERROR = "urn:uuid:7d2d5b0e-53a1-4a63-9a55-0f6c0b1d8e04"
"""Modifier of an adverse event, whose resource has no status: it was entered by mistake."""


@dataclass(frozen=True, slots=True)
class Unit:
    """A unit as people read it and as UCUM writes it."""

    name: str
    code: str


MMHG, PER_MIN, PERCENT = Unit("mmHg", "mm[Hg]"), Unit("/min", "/min"), Unit("%", "%")
CELSIUS, KG, L_PER_MIN = Unit("Cel", "Cel"), Unit("kg", "kg"), Unit("L/min", "L/min")
MG, MINUTE = Unit("mg", "mg"), Unit("min", "min")


@dataclass(frozen=True, slots=True)
class Coded:
    """What a reading is: its codes and display names, its unit, and the profile that it keeps to."""

    codes: tuple[tuple[str, str, str], ...]
    text: str
    unit: Unit | None = None
    profile: str = ""
    is_vital: bool = True

    @property
    def concept(self) -> Json:
        """Return it as a CodeableConcept."""
        return {"coding": [_coding(*code) for code in self.codes], "text": self.text}


def _coding(system: str, code: str, display: str) -> Json:
    return {"system": system, "code": code, "display": display} if display else {"system": system, "code": code}


def _loinc(code: str, display: str, text: str, unit: Unit, profile: str = "") -> Coded:
    return Coded(((LOINC, code, display),), text, unit, profile)


BLOOD_PRESSURE = Coded(
    ((LOINC, "85354-9", "Blood pressure panel with all children optional"),),
    "blood pressure",
    profile="blood-pressure",
)
SYSTOLIC = _loinc("8480-6", "Systolic blood pressure", "systolic", MMHG)
DIASTOLIC = _loinc("8462-4", "Diastolic blood pressure", "diastolic", MMHG)
SPO2 = Coded(
    (
        (LOINC, "2708-6", "Oxygen saturation in Arterial blood"),
        (LOINC, "59408-5", "Oxygen saturation in Arterial blood by Pulse oximetry"),
    ),
    "SpO2",
    PERCENT,
    "pulse-oximetry",
)
O2_FLOW = _loinc("3151-8", "Inhaled oxygen flow rate", "O2 flow", L_PER_MIN)
HEART_RATE = _loinc("8867-4", "Heart rate", "heart rate", PER_MIN, "heart-rate")
RESPIRATORY_RATE = _loinc("9279-1", "Respiratory rate", "respiratory rate", PER_MIN, "respiratory-rate")
TEMPERATURE = _loinc("8310-5", "Body temperature", "temperature", CELSIUS, "body-temperature")
ETCO2 = _loinc("19891-1", "", "EtCO2", MMHG)
WEIGHT = _loinc("29463-7", "Body weight", "weight", KG, "body-weight")

ALONE = {
    "heart_rate_bpm": HEART_RATE,
    "respiratory_rate_bpm": RESPIRATORY_RATE,
    "temperature_c": TEMPERATURE,
    "etco2_mmhg": ETCO2,
}
"""Readings that are one value each, by the field of `Vitals`."""

LOCAL_NAMES = {
    "session": "ketamine-assisted psychotherapy session",
    "moaas": "MOAA/S, 0 to 5",
    "pain": "pain, 0 to 10",
    "nausea": "nausea, 0 to 10",
    "padss": "PADSS, 0 to 10",
    "aldrete": "modified Aldrete score, 0 to 10",
    "cadss6": "CADSS-6, 0 to 24",
    "rass": "RASS, -5 to 4",
    "discharge": "discharge: who takes the patient home, and in what state",
    "rescue": "rescue or adjunct drug",
    "item": "item of a scale, in its order",
}
"""What our own codes mean."""


def local(code: str) -> Coded:
    """Return one of our own codes."""
    return Coded(((LOCAL, code, LOCAL_NAMES[code]),), LOCAL_NAMES[code], is_vital=False)


RASS = Coded(((SNOMED, "457441000124102", ""),), LOCAL_NAMES["rass"], is_vital=False)

ROUTES = {
    Route.IV: ("47625008", "Intravenous route"),
    Route.IM: ("78421000", "Intramuscular route"),
    Route.NASAL: ("46713006", "Nasal route"),
    Route.SUBLINGUAL: ("37839007", "Sublingual route"),
    Route.ORAL: ("26643006", "Oral route"),
}
"""SNOMED CT by route."""

DRUGS = {
    "ketamine": ((RXNORM, "6130", "ketamine"), (SNOMED, "373464007", "Ketamine")),
    "esketamine": ((RXNORM, "2119365", "esketamine"),),
    "midazolam": ((SNOMED, "373476007", "Midazolam"),),
}
"""Codes by the name of a drug; any other drug is told by its name alone."""


def drug_concept(name: str) -> Json:
    """Return a drug as a CodeableConcept, with codes where it has them."""
    codes = DRUGS.get(name.strip().casefold(), ())
    return Coded(codes, name).concept if codes else {"text": name}


ABSENCES = {
    NotTakenReason.ASLEEP: ("not-performed", "Not Performed"),
    NotTakenReason.INWARD: ("not-performed", "Not Performed"),
    NotTakenReason.REFUSED: ("asked-declined", "Asked But Declined"),
    NotTakenReason.EQUIPMENT: ("not-performed", "Not Performed"),
}
"""data-absent-reason by why a set was left out."""


def absence(reason: NotTakenReason) -> Json:
    """Return a dataAbsentReason, with our own reason in words."""
    return {"coding": [_coding(ABSENT, *ABSENCES[reason])], "text": reason.value}


def category(coded: Coded) -> list[Json]:
    """Return the category of an observation: vital signs, or a survey for what is scored."""
    code, display = ("vital-signs", "Vital Signs") if coded.is_vital else ("survey", "Survey")
    return [{"coding": [_coding(CATEGORY, code, display)], "text": display}]
