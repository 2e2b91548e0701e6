"""Everything that can happen in a session, each kind as one immutable body.

An `Entry` is the envelope: who, when it happened, when it was entered. Its body says what. Nothing is ever edited; a
`Correction` names what it corrects. Amounts are `Decimal`, units stand in the names.
"""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum
from types import UnionType
from typing import get_args

from kapnotes.domain.around import (
    Agreement,
    ForSummary,
    PadUse,
    SettingItem,
    SignalSeen,
    Theme,
    ThemeState,
    Touch,
    TouchAgreement,
)
from kapnotes.domain.assessed import ChecklistAnswer, ComputedScale, EarlyDischarge, EventEnded
from kapnotes.domain.assessed import Discharge as Discharge
from kapnotes.domain.assessed import Scale as Scale
from kapnotes.domain.clinic import ClinicBody, ProtocolInUse, ProtocolSigned, ProtocolWithdrawn, RescueDrugs
from kapnotes.domain.clinic_pages import ClinicPages
from kapnotes.domain.clock import Stamp
from kapnotes.domain.custody import (
    BreakGlass,
    BreakGlassSeen,
    CustodyBody,
    Heads,
    KeyEpoch,
    KeyEvent,
    PatientShredded,
    RollbackAck,
    SignOff,
)
from kapnotes.domain.drug_entries import Countersignature, DoseDetail, Drawn, DrugBody, InfusionPause, Returned
from kapnotes.domain.emergency_step import EmergencyStep
from kapnotes.domain.follow_up import FollowUp
from kapnotes.domain.members import Role
from kapnotes.domain.response_scale import ResponseScale
from kapnotes.domain.start_hold import StartHold

LATE_AFTER_S = 300.0
"""An entry made longer than this after it happened is a late entry, and says so. Source: AHIMA, "late entry"."""


class Route(StrEnum):
    """How the drug is given. SNOMED CT: 47625008, 78421000, 46713006, 37839007, 26643006."""

    IV = "iv"
    IM = "im"
    NASAL = "nasal"
    SUBLINGUAL = "sublingual"
    ORAL = "oral"


class Staffing(StrEnum):
    """The four ways a room is staffed."""

    TEAM = "team"
    ONE_PERSON_BOTH_ROLES = "both"
    CRNA_ALONE = "crna"
    THERAPIST_ALONE = "therapist"


class Stage(StrEnum):
    """What the session is doing; the ribbon of the dosing stage is computed from the route."""

    PREPARATION = "preparation"
    DOSING = "dosing"
    RETURN = "return"
    CLOSING = "closing"
    CLOSED = "closed"


class MarkChange(StrEnum):
    """A mark is a point, or it starts or stops a state."""

    POINT = "point"
    START = "start"
    STOP = "stop"


class TakenBy(StrEnum):
    """Where a reading or a dose comes from."""

    STAFF = "staff"
    PATIENT = "patient"
    MONITOR = "monitor"


class NotTakenReason(StrEnum):
    """Why a due set of vitals was left out."""

    ASLEEP = "asleep"
    INWARD = "inward"
    REFUSED = "refused"
    EQUIPMENT = "equipment"


class Block(StrEnum):
    """The therapist's three blocks of the summary."""

    WORDS = "words"
    SHIFTS = "shifts"
    ATTENTION = "attention"


# ---------------------------------------------------------------------------------------------- shared


@dataclass(frozen=True, slots=True)
class PatientDetails:
    """A patient, by a code and not by name; the newest details of a patient count."""

    code: str
    weight_kg: Decimal | None = None
    allergies: str = ""


@dataclass(frozen=True, slots=True)
class Participant:
    """One clinician in the room, with the roles held at that time."""

    member_id: str
    label: str
    roles: tuple[Role, ...]


@dataclass(frozen=True, slots=True)
class SessionOpened:
    """A session begins: all that fixes it, among them the very text of the protocol it runs by."""

    patient_id: str
    patient_code: str
    number: int
    route: Route
    staffing: Staffing
    participants: tuple[Participant, ...]
    protocol_name: str
    protocol_text: str
    weight_kg: Decimal | None = None


@dataclass(frozen=True, slots=True)
class Phase:
    """The session enters a stage; the first `PREPARATION` is its start, `CLOSED` its stop."""

    stage: Stage


@dataclass(frozen=True, slots=True)
class Setting:
    """Something about the room: light, music, position, who came in. Source: ReSPCT 2025, items 2 to 17."""

    text: str


@dataclass(frozen=True, slots=True)
class Signal:
    """A silent word from one clinician to the other, without any text of the patient's."""

    meaning: str


@dataclass(frozen=True, slots=True)
class ClockJump:
    """The wall clock was set while the session ran; no stamp moved."""

    jump_s: float


@dataclass(frozen=True, slots=True)
class SummaryIssued:
    """A page left the program: to whom, how many released lines were on it, and its SHA-256."""

    document: str
    recipient: str
    released_count: int
    sha256: str


@dataclass(frozen=True, slots=True)
class Audit:
    """Something was done with the record: signed in, locked, opened, exported. Never any content of it."""

    action: str
    subject: str = ""


# --------------------------------------------------------------------------------------------- medical


@dataclass(frozen=True, slots=True)
class Vitals:
    """One set of readings; what was not measured is None.

    `unusual` names the values that a second Enter confirmed. MOAA/S 0 to 5, pain and nausea 0 to 10.
    """

    systolic_mmhg: Decimal | None = None
    diastolic_mmhg: Decimal | None = None
    heart_rate_bpm: Decimal | None = None
    spo2_percent: Decimal | None = None
    respiratory_rate_bpm: Decimal | None = None
    temperature_c: Decimal | None = None
    etco2_mmhg: Decimal | None = None
    o2_l_per_min: Decimal | None = None
    moaas: int | None = None
    pain: int | None = None
    nausea: int | None = None
    taken_by: TakenBy = TakenBy.STAFF
    unusual: tuple[str, ...] = ()

    @property
    def map_mmhg(self) -> Decimal | None:
        """Return the mean arterial pressure, diastolic plus a third of the pulse pressure, in whole mmHg."""
        if self.systolic_mmhg is None or self.diastolic_mmhg is None:
            return None
        mean = self.diastolic_mmhg + (self.systolic_mmhg - self.diastolic_mmhg) / 3
        return mean.quantize(Decimal(1))


@dataclass(frozen=True, slots=True)
class NotTaken:
    """A due set was left out, and why."""

    reason: NotTakenReason


@dataclass(frozen=True, slots=True)
class Dose:
    """An amount given at once: a bolus, an injection, a lozenge, a device, or a rescue drug (`is_rescue`)."""

    drug: str
    dose_mg: Decimal
    route: Route
    is_rescue: bool = False
    taken_by: TakenBy = TakenBy.STAFF


@dataclass(frozen=True, slots=True)
class Infusion:
    """From now on the drug runs at this rate; zero stops it. `planned_mg` is the whole amount as planned."""

    drug: str
    rate_mg_per_min: Decimal
    planned_mg: Decimal | None = None


@dataclass(frozen=True, slots=True)
class Waste:
    """An amount drawn and not given, and who watched it destroyed."""

    drug: str
    waste_mg: Decimal
    witness: str


@dataclass(frozen=True, slots=True)
class AdverseEvent:
    """Something unwanted: what, how severe, and what was done."""

    what: str
    severity: str
    action: str = ""


@dataclass(frozen=True, slots=True)
class Action:
    """What was done about a reading outside the protocol."""

    text: str
    about_id: str = ""


# --------------------------------------------------------------------------------------------- therapy


@dataclass(frozen=True, slots=True)
class Note:
    """What the therapist wrote; under the code `quote` these are the patient's own words."""

    text: str
    code: str = ""


@dataclass(frozen=True, slots=True)
class Mark:
    """One key: a point in time, or the start or stop of a state."""

    code: str
    change: MarkChange = MarkChange.POINT


@dataclass(frozen=True, slots=True)
class CheckIn:
    """The answer to the check-in timer; no text means quiet, inward."""

    text: str = ""


@dataclass(frozen=True, slots=True)
class Intention:
    """What the patient came with, in the patient's words."""

    text: str


@dataclass(frozen=True, slots=True)
class Narrative:
    """One of the therapist's three blocks, written for the summary; the newest of each block counts."""

    block: Block
    text: str


@dataclass(frozen=True, slots=True)
class Authorization:
    """The patient's permission to hand over process notes. Source: 45 CFR 164.508(c)(1)(i)-(vi)."""

    discloser: str
    recipient: str
    description: str
    purpose: str
    expires_on: date
    signed_by: str
    signed_on: date


@dataclass(frozen=True, slots=True)
class ReleasedLine:
    """One chosen entry and the SHA-256 of its text, so that the page can hold nothing else."""

    entry_id: str
    sha256: str


@dataclass(frozen=True, slots=True)
class Release:
    """The chosen lines with the authorization that covers them. It stays with the therapist."""

    authorization: Authorization
    lines: tuple[ReleasedLine, ...]


# ------------------------------------------------------------------------------------------- amendments


@dataclass(frozen=True, slots=True)
class Correction:
    """Replaces what `target_id` said, or retracts it where there is no `replacement`; the original stays legible."""

    target_id: str
    reason: str
    replacement: "PlainBody | None" = None


@dataclass(frozen=True, slots=True)
class LateEntry:
    """Something that happened before the sign-off and was not noted then; `body` is what would have been noted.

    Source: AHIMA, "Amendments in the electronic health record": late entry, addendum, correction.
    """

    reason: str
    body: "PlainBody"


@dataclass(frozen=True, slots=True)
class Addendum:
    """Adds to what was signed: to the entry `target_id`, or to the session where that is empty."""

    target_id: str
    reason: str
    body: "PlainBody"


@dataclass(frozen=True, slots=True)
class Newer:
    """An entry of a kind or version that this program does not know: shown as such, never dropped."""

    kind: str
    version: int


type_names: dict[type, str] = {
    PatientDetails: "patient",
    SessionOpened: "session",
    Phase: "phase",
    Setting: "setting",
    Signal: "signal",
    ClockJump: "clock_jump",
    SummaryIssued: "summary_issued",
    Audit: "audit",
    Vitals: "vitals",
    NotTaken: "not_taken",
    Dose: "dose",
    Infusion: "infusion",
    Waste: "waste",
    AdverseEvent: "adverse_event",
    Action: "action",
    Scale: "scale",
    Discharge: "discharge",
    EmergencyStep: "emergency_step",
    StartHold: "start_hold",
    ComputedScale: "computed_scale",
    EarlyDischarge: "early_discharge",
    EventEnded: "event_ended",
    ChecklistAnswer: "checklist_answer",
    Note: "note",
    Mark: "mark",
    CheckIn: "check_in",
    Intention: "intention",
    Narrative: "narrative",
    Release: "release",
    TouchAgreement: "touch_agreement",
    Touch: "touch",
    SettingItem: "setting_item",
    Agreement: "agreement",
    SignalSeen: "signal_seen",
    Theme: "theme",
    ThemeState: "theme_state",
    ForSummary: "for_summary",
    PadUse: "pad_use",
    SignOff: "sign_off",
    Heads: "heads",
    RollbackAck: "rollback_ack",
    BreakGlass: "break_glass",
    BreakGlassSeen: "break_glass_seen",
    KeyEvent: "key_event",
    KeyEpoch: "key_epoch",
    PatientShredded: "patient_shredded",
    Drawn: "drawn",
    Returned: "returned",
    DoseDetail: "dose_detail",
    InfusionPause: "infusion_pause",
    Countersignature: "countersignature",
    ProtocolSigned: "protocol_signed",
    ProtocolWithdrawn: "protocol_withdrawn",
    ProtocolInUse: "protocol_in_use",
    RescueDrugs: "rescue_drugs",
    ClinicPages: "clinic_pages",
    ResponseScale: "response_scale",
    FollowUp: "follow_up",
    Correction: "correction",
    LateEntry: "late_entry",
    Addendum: "addendum",
}
"""The name of each kind in the file format; a name once given is never used for anything else."""

AroundBody = TouchAgreement | Touch | SettingItem | Agreement | SignalSeen
SharedBody = (
    PatientDetails
    | SessionOpened
    | Phase
    | Setting
    | Signal
    | ClockJump
    | SummaryIssued
    | Audit
    | AroundBody
    | ClinicBody
    | CustodyBody
    | Countersignature
    | ResponseScale
)
AssessedBody = Scale | ComputedScale | Discharge | EarlyDischarge | EventEnded | ChecklistAnswer
MedicalBody = (
    Vitals
    | NotTaken
    | Dose
    | Infusion
    | Waste
    | AdverseEvent
    | Action
    | AssessedBody
    | EmergencyStep
    | StartHold
    | DrugBody
)
TherapyBody = (
    Note | Mark | CheckIn | Intention | Narrative | Release | Theme | ThemeState | ForSummary | PadUse | FollowUp
)
PlainBody = SharedBody | MedicalBody | TherapyBody
Amendment = Correction | LateEntry | Addendum
Body = PlainBody | Amendment | Newer


def kinds_in(union: UnionType) -> frozenset[type]:
    """Return the classes in *union*: asked of every entry that is read, a set answers many times faster."""
    return frozenset(get_args(union))


def content_of(body: Body) -> PlainBody | Newer | None:
    """Return what *body* says itself, or what it wraps; None for a retraction."""
    match body:
        case Correction(_, _, content) | LateEntry(_, content) | Addendum(_, _, content):
            return content
        case _:
            return body


def stands_after_sign_off(body: Body) -> bool:
    """Tell whether an entry may follow the sign-off of its session: amendments, and what is done with the record.

    What is done with a record (an audit entry, a line meant for a page, a page that was issued, a release with its
    authorization, what using the pad took, a signature, a witness's, a change of keys) is no part of what was signed;
    nor is what came after the session: its follow-up, and the scales that the patient answers days later. The vault
    marks these entries so that anyone can check a signed log without reading it.
    """
    return type(body) in _AFTER_SIGN_OFF


_AFTER_SIGN_OFF = kinds_in(
    Amendment
    | Audit
    | SummaryIssued
    | Release
    | ForSummary
    | PadUse
    | CustodyBody
    | Countersignature
    | FollowUp
    | ResponseScale
)


@dataclass(frozen=True, slots=True)
class Entry:
    """One thing that happened, in its envelope. `entry_id` is 32 hex digits, `scope_id` the session or the patient."""

    entry_id: str
    scope_id: str
    author_id: str
    happened: Stamp
    entered: Stamp
    body: Body
