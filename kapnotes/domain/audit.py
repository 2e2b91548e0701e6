"""The audit trail in words: who did what with which record, and when. Never anything that a record says.

Source: 45 CFR 164.312(b) (audit controls); 21 CFR 11.10(e) (a computer-generated, time-stamped trail).
"""

from collections.abc import Iterable
from dataclasses import dataclass

from kapnotes.domain.audit_acts import (
    BACKED_UP,
    CLINIC_PAGES_KEPT,
    DELETED_AGAIN,
    DRUGS_KEPT,
    FOLLOW_UP_WITHDRAWN,
    FOLLOWED_UP,
    LOCKED,
    MEMBER_ADDED,
    OPENED,
    OWN_NOTES,
    PRINTED,
    PROTOCOL_SIGNED,
    PROTOCOL_WITHDRAWN,
    RELEASED,
    REVOKED,
    SEARCHED,
    SIGN_IN_FAILED,
    SIGNED_IN,
    TRAIL_EXPORTED,
)
from kapnotes.domain.clock import Stamp
from kapnotes.domain.custody import (
    BreakGlass,
    BreakGlassSeen,
    KeyEpoch,
    KeyEvent,
    PatientShredded,
    RollbackAck,
    SignOff,
)
from kapnotes.domain.drug_entries import Countersignature, Countersigned
from kapnotes.domain.entries import Audit, Body, Correction, Entry, SessionOpened, SummaryIssued
from kapnotes.domain.members import CompartmentKind, Member
from kapnotes.domain.words import Translate, counted

_NAMES_ITS_SUBJECT = {PROTOCOL_SIGNED, PROTOCOL_WITHDRAWN}


@dataclass(frozen=True, slots=True)
class TrailRow:
    """One line of the trail. `session` is the code of the patient and the number of the session, as "K-0142 · 3"."""

    at: Stamp
    who: str
    what: str
    session: str = ""

    def line(self) -> str:
        """Return the row as it is shown and searched."""
        when = f"{self.at.local():%Y-%m-%d %H:%M:%S}"
        return "   ".join(part for part in (when, self.who, self.what, self.session) if part)


def withdrawn_ids(entries: Iterable[Entry]) -> set[str]:
    """Return the ids of entries that were taken back: of pages that were logged and then did not leave as a whole."""
    return {one.body.target_id for one in entries if isinstance(one.body, Correction) and one.body.replacement is None}


def scope_named_in(entry: Entry) -> str:
    """Return the id of the session that *entry* is about, as far as it says so itself; else its own scope's."""
    return entry.body.subject if isinstance(entry.body, Audit) and entry.body.action == OPENED else entry.scope_id


def trail_row(
    entry: Entry,
    members: Iterable[Member],
    opened: SessionOpened | None,
    translate: Translate,
    *,
    is_withdrawn: bool = False,
) -> TrailRow | None:
    """Return the row of *entry*, None where it is none of the trail's; *opened* is of the session it is about."""
    labels = {member.member_id: member.label for member in members}
    what = _what(entry.body, labels, translate)
    if not what:
        return None
    if is_withdrawn:
        what = translate("Trail", "{what}; it failed").format(what=what)
    session = f"{opened.patient_code} · {opened.number}" if opened is not None else ""
    return TrailRow(entry.happened, labels.get(entry.author_id, entry.author_id[:8]), what, session)


def _what(body: Body, labels: dict[str, str], translate: Translate) -> str:
    match body:
        case Audit(action, subject):
            named = subject if action in _NAMES_ITS_SUBJECT else labels.get(subject, "")
            return _audited(action, named, translate)
        case SummaryIssued(document, recipient) if document.partition(",")[0] == OWN_NOTES:
            words = translate("Trail", "the own process notes issued, whole and apart: {document} for {recipient}")
            return words.format(document=document, recipient=recipient)
        case SummaryIssued(document, recipient, count, _):
            one = translate("Trail", "pages issued: {document} for {recipient}, {count} released line")
            many = translate("Trail", "pages issued: {document} for {recipient}, {count} released lines")
            named = recipient or translate("Trail", "nobody named")
            return counted(count, one, many, document=document, recipient=named)
        case SignOff(compartment):
            return translate("Trail", "signed: {part}").format(part=_part(compartment.kind, translate))
        case Countersignature(meaning=Countersigned.WITNESSED_WASTE):
            return translate("Trail", "witnessed waste, by the own passphrase")
        case Countersignature():
            return translate("Trail", "checked a dose, by the own passphrase")
        case KeyEvent(change, subject):
            named = labels.get(subject, "")
            return f"{change}: {named}" if named else str(change)
        case KeyEpoch(compartment, epoch):
            words = translate("Trail", "new key: {part}, number {epoch}")
            return words.format(part=_part(compartment.kind, translate), epoch=epoch)
        case BreakGlass():
            return translate("Trail", "emergency reading began")
        case BreakGlassSeen():
            return translate("Trail", "emergency reading was seen")
        case RollbackAck():
            return translate("Trail", "older vault accepted")
        case PatientShredded(patient_id):
            return translate("Trail", "patient deleted: {id}").format(id=patient_id[:8])
        case _:
            return ""


def _audited(action: str, label: str, translate: Translate) -> str:
    known = {
        SIGNED_IN: translate("Trail", "signed in"),
        SIGN_IN_FAILED: translate("Trail", "sign-in failed"),
        LOCKED: translate("Trail", "locked"),
        BACKED_UP: translate("Trail", "backed up"),
        MEMBER_ADDED: translate("Trail", "member added"),
        DELETED_AGAIN: translate("Trail", "deleted patients who came back with a backup were deleted again"),
        OPENED: translate("Trail", "opened"),
        RELEASED: translate("Trail", "process notes released"),
        REVOKED: translate("Trail", "release revoked"),
        TRAIL_EXPORTED: translate("Trail", "audit trail exported"),
        PROTOCOL_SIGNED: translate("Trail", "protocol signed"),
        PROTOCOL_WITHDRAWN: translate("Trail", "protocol withdrawn"),
        DRUGS_KEPT: translate("Trail", "list of rescue drugs changed"),
        CLINIC_PAGES_KEPT: translate("Trail", "what summaries say for the clinic changed"),
        PRINTED: translate("Trail", "the printer took the pages"),
        FOLLOWED_UP: translate("Trail", "an integration session was recorded"),
        FOLLOW_UP_WITHDRAWN: translate("Trail", "a recorded integration session was taken back"),
        SEARCHED: translate("Trail", "searched the own process notes"),
    }
    said = known.get(action, action)
    return said if not label or action in {SIGNED_IN, LOCKED} else f"{said}: {label}"


def _part(kind: CompartmentKind, translate: Translate) -> str:
    return {
        CompartmentKind.SHARED: translate("Trail", "session"),
        CompartmentKind.MEDICAL: translate("Trail", "medical record"),
        CompartmentKind.THERAPY: translate("Trail", "process notes"),
    }[kind]
