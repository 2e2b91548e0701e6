"""The session of the demo, three hours of it, played into the program's own live session without a window."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import count

from kapnotes.app.demo_plan import At, make_plan
from kapnotes.app.demo_script import shipped_notes, shipped_vitals
from kapnotes.app.live_session import LiveSession
from kapnotes.app.presets import shipped_codebook, shipped_protocols
from kapnotes.app.worker import InlineWorker
from kapnotes.domain.around import Theme
from kapnotes.domain.clock import ManualClock
from kapnotes.domain.codebook import CodeKind
from kapnotes.domain.entries import (
    Authorization,
    Block,
    Entry,
    Note,
    Phase,
    Route,
    SessionOpened,
    Staffing,
    Stage,
)
from kapnotes.domain.members import Member, Role
from kapnotes.domain.record import Record

MEMBER = Member("a" * 32, "B. Bench, LCSW, CRNA", frozenset({Role.THERAPIST, Role.MEDICAL}))
VITALS_EVERY_S = 180.0


def played() -> tuple[LiveSession, ManualClock]:
    """Return the session when everything was noted, released and written, and its clock."""
    clock, codebook, ids = ManualClock(datetime(2026, 11, 13, 12, 0, tzinfo=UTC)), shipped_codebook(), count(1)
    preset = next(one for one in shipped_protocols() if one.protocol.dose.route is Route.IV)
    opened = SessionOpened(
        "d" * 32, "K-0142", 3, Route.IV, Staffing.ONE_PERSON_BOTH_ROLES, (), preset.protocol.name, preset.text
    )

    def new_id():
        return f"{next(ids):032x}"

    record = Record(
        Entry(new_id(), "c" * 32, MEMBER.member_id, clock.now(), clock.now(), body)
        for body in (opened, Phase(Stage.PREPARATION))
    )
    live = LiveSession(
        member=MEMBER,
        scope_id="c" * 32,
        patient_id="d" * 32,
        record=record,
        now=clock.now,
        new_id=new_id,
        append=lambda written, patient_id: None,
        submit=InlineWorker().submit,
        append_together=lambda compartment, entries, patient_id: None,
        share=lambda source, written: None,
        heads=lambda scope_id, compartment: (),
    )
    plan = make_plan(_dense(shipped_vitals()), shipped_notes(codebook), codebook)
    before_s = plan.begins_s
    for step in plan.steps:
        clock.advance(step.t_s - before_s)
        before_s = step.t_s
        if step.at is At.LOG:
            _log(live, step)
        elif step.key == "theme":
            live.keep(Theme(step.text))
        else:
            _note(live, codebook, step)
    _write_summary(live)
    return live, clock


def _dense(vitals):
    """Return *vitals* with sets in between, as a protocol that measures every three minutes would have them."""
    start, end = vitals[0].t_s, max(9000.0, vitals[-1].t_s)
    number = int((end - start) // VITALS_EVERY_S)
    between = [replace(vitals[i % len(vitals)], t_s=start + (i + 0.5) * VITALS_EVERY_S) for i in range(number)]
    return tuple(sorted((*vitals, *between), key=lambda row: row.t_s))


def _log(live, step):
    """Log a line, or send the silent signal whose key it is; that one was seen needs the other clinician."""
    if step.key == "log_enter":
        live.log(step.text, is_confirmed=True)
    elif step.key != "seen":
        live.signal(step.key)


def _note(live, codebook, step):
    kind, _, name = step.key.partition(" ")
    code = codebook.named(name) if kind == "code" else None
    if code is not None and code.kind is CodeKind.POINT:
        live.mark(name)
    elif code is not None and code.kind is CodeKind.STATE:
        live.toggle_state(name)
    elif code is not None and code.kind is CodeKind.SIGNAL:
        live.signal(name)
    elif step.key == "intention":
        live.intention(step.text)
    elif step.text:
        live.note(step.text, code.name if code is not None else "")


def _write_summary(live):
    for block in Block:
        live.narrative(block, "The hands opened before the words came; then water, then the door. Call on Sunday.")
    live.release(authorized(live, "the integration therapist"), [entry for entry, _ in live.record.of(Note)])


def authorized(live, recipient):
    """Return the authorization by which lines of *live* go to *recipient*."""
    today = live.now().local().date()
    return Authorization(
        discloser=live.member.label,
        recipient=recipient,
        description="the chosen lines of this session's process notes",
        purpose="integration session",
        expires_on=today + timedelta(days=90),
        signed_by="the patient",
        signed_on=today,
    )
