"""Any medical course of a session, for properties: readings, doses, events, corrected, added late, signed."""

from decimal import Decimal

from hypothesis import strategies as st

from kapnotes.domain.assessed import (
    ChecklistAnswer,
    CheckState,
    ComputedScale,
    EarlyDischarge,
    EventEnded,
    Unmet,
)
from kapnotes.domain.custody import SignOff
from kapnotes.domain.drug_entries import DoseDetail, Drawn, InfusionPause, Returned
from kapnotes.domain.emergency_step import EmergencyAct, EmergencyStep
from kapnotes.domain.entries import (
    Action,
    Addendum,
    AdverseEvent,
    Correction,
    Discharge,
    Dose,
    Infusion,
    LateEntry,
    Note,
    NotTaken,
    NotTakenReason,
    Route,
    Scale,
    TakenBy,
    Vitals,
    Waste,
)
from kapnotes.domain.members import MEDICAL, SHARED
from kapnotes.domain.start_hold import StartHold
from tests.export.conftest import CRNA, THERAPIST, Session

words = st.text(max_size=20)
route = st.sampled_from(Route)
taken_by = st.sampled_from(TakenBy)


def amount(low, high, places=2):
    return st.decimals(Decimal(low), Decimal(high), places=places)


def maybe(strategy):
    return st.none() | strategy


vitals = st.builds(
    lambda pressure, **more: Vitals(*(pressure or (None, None)), **more),
    maybe(st.tuples(amount(100, 250, 0), amount(20, 99, 0))),
    heart_rate_bpm=maybe(amount(10, 300, 1)),
    spo2_percent=maybe(amount(1, 100, 1)),
    respiratory_rate_bpm=maybe(amount(0, 80, 1)),
    temperature_c=maybe(amount(25, 45)),
    etco2_mmhg=maybe(amount(0, 150, 1)),
    o2_l_per_min=maybe(amount(0, 60, 1)),
    moaas=maybe(st.integers(0, 5)),
    pain=maybe(st.integers(0, 10)),
    nausea=maybe(st.integers(0, 10)),
    taken_by=taken_by,
    unusual=st.just(()) | st.tuples(words),
)
doses = st.builds(Dose, words, amount("0.01", 500), route, st.booleans(), taken_by)
infusions = st.builds(
    Infusion, st.just("ketamine"), st.just(Decimal(0)) | amount("0.0001", 10, 4), maybe(amount(1, 100))
)
bodies = st.one_of(
    vitals,
    st.builds(NotTaken, st.sampled_from(NotTakenReason)),
    doses,
    infusions,
    st.builds(Waste, words, amount("0.01", 500), words),
    st.builds(AdverseEvent, words, st.sampled_from(("mild", "moderate", "severe", "", "so so")), words),
    st.builds(Action, words),
    st.builds(Scale, st.sampled_from(("padss", "aldrete", "cadss6")), st.tuples(*[st.integers(0, 2)] * 5)),
    st.builds(Scale, st.just("rass"), st.tuples(st.integers(-5, 4))),
    st.builds(Discharge, words, words),
    st.builds(StartHold, words),
    st.builds(Drawn, words, amount("0.01", 500), maybe(amount("0.01", 50)), maybe(amount(1, 100)), words, words),
    st.builds(Returned, words, amount("0.01", 500), words),
    st.builds(EmergencyStep, st.sampled_from(EmergencyAct), words, maybe(amount(0, 15, 1))),
    st.builds(ComputedScale, st.sampled_from(("padss", "aldrete", "own")), st.tuples(*[st.integers(0, 2)] * 5)),
    st.builds(EarlyDischarge, words, words, words, st.just((Unmet("padss", 9, None),))),
    st.builds(EventEnded, st.just("0" * 32), words, words),
    st.builds(ChecklistAnswer, st.sampled_from(("consent", "fasting", "own item")), st.sampled_from(CheckState), words),
)


@st.composite
def sessions(draw, course=bodies, most=12):
    """Give a session with any course; some of it corrected or taken back, some added late, perhaps signed."""
    session = Session().open(weight_kg=draw(maybe(amount(30, 200, 1))))
    written = []
    for _ in range(draw(st.integers(0, most))):
        body, minute = draw(course), draw(st.integers(0, 7200)) / 60
        author = draw(st.sampled_from((CRNA, THERAPIST)))
        match draw(st.integers(0, 5)):
            case 0:
                late = st.builds(LateEntry, words, st.just(body))
                added = st.builds(Addendum, st.sampled_from(["", *written]), words, st.just(body))
                body = draw(late | added)
            case 1 if written:
                target = draw(st.sampled_from(written))
                author = session.record.entry(target).author_id
                body = Correction(target, draw(words), draw(maybe(st.just(body))))
            case 2:
                session.add(Note("Zitronenfalter"), minute, THERAPIST)
            case 3 if written:
                target = draw(st.sampled_from(written))
                author = session.record.entry(target).author_id
                detail = st.builds(DoseDetail, st.just(target), words, maybe(amount(1, 50)), maybe(amount(1, 100)))
                body = draw(detail | st.just(InfusionPause(target)))
        written.append(session.add(body, minute, author, entered=minute + draw(st.integers(0, 20))).entry_id)
    for author, compartment in draw(st.lists(st.sampled_from(((CRNA, MEDICAL), (CRNA, SHARED), (THERAPIST, SHARED))))):
        session.add(SignOff(compartment, "Max Muster", "CRNA", "reviewed", ()), 130, author)
    return session
