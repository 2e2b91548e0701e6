"""What is missing from a clinician's own record before it is signed. It reminds; the clinician decides.

Source: the published completeness lists of clinics (baseline, each slot read or "not taken", witness, states closed,
actions, adverse events, discharge).
"""

from kapnotes.domain.adverse_events import open_episodes
from kapnotes.domain.assessed import EarlyDischarge
from kapnotes.domain.checklist import ITEMS, Checklist, is_handed_over, item_word, open_items
from kapnotes.domain.clock import Stamp
from kapnotes.domain.drug_findings import drug_findings
from kapnotes.domain.emergency_timeline import emergencies, runs_on_at
from kapnotes.domain.entries import AdverseEvent, Discharge, Staffing, Stage
from kapnotes.domain.holding import held_words, lacks_baseline, open_hold
from kapnotes.domain.marked import unanswered
from kapnotes.domain.members import Member
from kapnotes.domain.record import Record
from kapnotes.domain.response_scale import ResponseScale
from kapnotes.domain.response_words import response_title
from kapnotes.domain.schedule import missed_slots_s, next_due
from kapnotes.domain.touch import touches
from kapnotes.domain.words import Translate

NAMED = 6
"""How many slots or times one finding names; further ones are counted."""


def missing(record: Record, member: Member, now: Stamp, translate: Translate) -> tuple[str, ...]:
    """Return what *member*'s own record lacks at *now*, a line each; nothing where it is complete.

    Who writes the medical record is asked for the medical course, also a therapist alone; a therapist for states that
    still run.
    """
    opened = record.opened
    is_alone = opened is not None and opened.staffing is Staffing.THERAPIST_ALONE
    found: list[str] = []
    if record.stage is not Stage.CLOSED:
        found.append(translate("Completeness", "The session is not closed."))
    found += _unanswered(record, translate)
    if member.is_medical or is_alone:
        found += _medical(record, now, translate)
    if member.is_therapist:
        found += [
            translate("Completeness", "Still running: {}.").format(code) for code in sorted(record.active_states())
        ]
        found += [translate("Completeness", "A touch still runs: {}.").format(area) for area in touches(record)]
    return tuple(found)


def _unanswered(record: Record, translate: Translate) -> list[str]:
    """Return a line for each scale whose newest answers leave items open."""
    newest = {scale.name: scale for _, scale in record.of(ResponseScale)}
    words = translate("Completeness", "{scale}: item {items} without an answer, so there is no total.")
    return [
        words.format(scale=response_title(scale.name, translate), items=", ".join(map(str, scale.unanswered)))
        for scale in newest.values()
        if not scale.is_complete
    ]


def _medical(record: Record, now: Stamp, translate: Translate) -> list[str]:
    found: list[str] = []
    if record.infusion_is_running:
        found.append(translate("Completeness", "The infusion was not stopped."))
    if record.first_dose is not None:
        if record.opened is not None and record.opened.weight_kg is None:
            found.append(translate("Completeness", "No weight is noted, so there is no dose per kg."))
        if lacks_baseline(record):
            found.append(translate("Completeness", "No baseline vitals before the first dose."))
        hold = open_hold(record)
        if hold is not None and hold.held:
            words = translate("Completeness", "The start was held ({}), and no reason is given: hold …")
            found.append(words.format(held_words(hold)))
        if record.newest(Discharge) is None:
            found.append(translate("Completeness", "No discharge is noted."))
    found += [
        translate("Completeness", "The emergency of {} is not ended.").format(f"{one.since.local():%H:%M}")
        for one in emergencies(record)
        if one.ended is None
    ]
    found += [
        translate("Completeness", "“Infusion stopped” is stamped at {}, and in the drugs it runs on then.").format(
            f"{entry.happened.local():%H:%M}"
        )
        for entry in runs_on_at(record)
    ]
    found += [
        translate("Completeness", "Adverse event of {time} without an end: {what}.").format(
            time=f"{one.began.local():%H:%M}", what=one.what
        )
        for one in open_episodes(record)
        if not is_handed_over(record)
    ]
    if any(isinstance(one, EarlyDischarge) and one.unmet and not one.reason for _, one in record.of(Discharge)):
        found.append(translate("Completeness", "Left before the protocol's rule was met, without a reason."))
    if record.first_dose is not None:
        found += _checklists(record, translate)
    slots = [f"T+{int(slot_s // 60)}" for slot_s in _open_slots_s(record, now)]
    if slots:
        words = translate("Completeness", "Vitals neither taken nor explained: {}.")
        found.append(words.format(_some(slots, translate)))
    marked = [f"{entry.happened.local():%H:%M}" for entry in unanswered(record)]
    if marked:
        words = translate("Completeness", "Outside the protocol, and no word of what was done: {}.")
        found.append(words.format(_some(marked, translate)))
    found += drug_findings(record, now, translate)
    found += [
        translate("Completeness", "Adverse event at {} without what was done.").format(
            f"{entry.happened.local():%H:%M}"
        )
        for entry, event in record.of(AdverseEvent)
        if not event.action.strip()
    ]
    return found


def _checklists(record: Record, translate: Translate) -> list[str]:
    """Return what of the two lists nobody answered, a line for each list."""
    words = {
        Checklist.PRE_DOSE: translate("Completeness", "Checklist before the dose, not answered: {}."),
        Checklist.DISCHARGE: translate("Completeness", "Checklist before leaving, not answered: {}."),
    }
    unused = {
        Checklist.PRE_DOSE: translate("Completeness", "Checklist before the dose: nothing answered."),
        Checklist.DISCHARGE: translate("Completeness", "Checklist before leaving: nothing answered."),
    }
    asked = [Checklist.PRE_DOSE, *([Checklist.DISCHARGE] if record.newest(Discharge) is not None else [])]
    left_out = {one: open_items(record, one) for one in asked}
    return [
        unused[one]
        if len(items) == len(ITEMS[one])
        else words[one].format(_some([item_word(item, translate) for item in items], translate))
        for one, items in left_out.items()
        if items
    ]


def _open_slots_s(record: Record, now: Stamp) -> list[float]:
    """Return the slots that are missed, and the one that is overdue now."""
    slots_s = list(missed_slots_s(record, now))
    due = next_due(record, now)
    if due is not None and due.slot_s is not None and due.in_s < 0 and due.slot_s not in slots_s:
        slots_s.append(due.slot_s)
    return slots_s


def _some(names: list[str], translate: Translate) -> str:
    listed = ", ".join(names[:NAMED])
    if len(names) <= NAMED:
        return listed
    return translate("Completeness", "{} and {} more").format(listed, len(names) - NAMED)
