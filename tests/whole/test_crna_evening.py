"""Three hours of a CRNA at the log, by keyboard alone on a virtual screen: what was typed is what the vault holds.

Forty sets, an infusion that is changed twice, a rescue drug, waste with its witness, and discharge.
"""

from decimal import Decimal

import pytest

from kapnotes.domain.checklist import ITEMS, Checklist, open_items
from kapnotes.domain.clock import Stamp
from kapnotes.domain.completeness import missing
from kapnotes.domain.drug_entries import Countersignature, Countersigned, Drawn
from kapnotes.domain.drug_trail import balances
from kapnotes.domain.entries import (
    Action,
    AdverseEvent,
    Discharge,
    Dose,
    Infusion,
    Route,
    Scale,
    Vitals,
    Waste,
)
from kapnotes.domain.members import MEDICAL, Member, Role
from kapnotes.domain.record import Record
from kapnotes.domain.schedule import missed_slots_s
from kapnotes.domain.words import in_english
from tests.whole.keyboard import BEGIN, NURSE, PASSPHRASE, THERAPIST, Typist, begin, standing_in

pytestmark = pytest.mark.timeout(420)

SETS, EVERY_S = 40, 270
CHANGES = {0: "inf 35/40", 10 * 60: "inf 0.7", 20 * 60: "inf 1.0", 40 * 60: "inf 0"}
"""What is typed so many seconds after the first dose."""

GIVEN_MG = Decimal("0.875") * 10 + Decimal("0.7") * 10 + Decimal("1.0") * 20
DRAWN_MG = Decimal(100)


def set_number(number):
    """Return systolic, diastolic, heart rate, SpO₂ and respiratory rate of a set; the tenth is out of protocol."""
    systolic = 168 if number == 10 else 118 + number % 7 * 3
    return systolic, 70 + number % 5, 66 + number % 9, 95 + number % 4, 12 + number % 4


class Crna:
    """What a CRNA types; `t_s` counts from the first dose."""

    def __init__(self, typist):
        self.typist = typist
        self.sets = []
        self.dosed_s = 0.0

    def type(self, line):
        self.typist.type(line)
        self.typist.press("Return")

    def take_set(self, number):
        """Type a full set of five vitals: the digits with what parts them, then Enter, and no other key."""
        systolic, diastolic, *rest = values = set_number(number)
        self.type(f"{systolic}/{diastolic} {' '.join(map(str, rest))}")
        self.sets.append((values, round(self.typist.t_s)))

    def answer(self, key, checklist):
        """Answer each item of a list with one key."""
        self.typist.press(key)
        for _ in ITEMS[checklist]:
            self.typist.press("y")
            self.typist.settle()  # keys of one moment would look like one that is held down
        self.typist.press("Escape")

    def let_pass_until(self, t_s):
        """Let time pass until so many seconds after the first dose."""
        self.typist.let_pass(self.dosed_s + t_s - self.typist.t_s)


@pytest.fixture(scope="module")
def evening(screen, wait, tmp_path_factory):
    """The three hours; gives what was typed and where the vault is."""
    folder = tmp_path_factory.mktemp("crna")
    typist = Typist(screen, folder, wait)
    crna = Crna(typist)
    try:
        begin(typist, wait)
        prepare(typist, crna)
        hold(typist, crna)
        discharge(typist, crna, wait)
        typist.settle()
        assert typist.leave() == ("ended 0", 0)
    finally:
        typist.kill()
    return folder / "vault", crna


def prepare(typist, crna):
    """Go through the checklist, take the baseline, and draw the drug."""
    crna.answer("ctrl+p", Checklist.PRE_DOSE)
    crna.take_set(0)
    typist.let_pass(120)
    crna.type("drawn 100 50mg/ml 2ml lot A12 exp 2027-03")
    typist.let_pass(180)
    crna.dosed_s = typist.t_s


def hold(typist, crna):
    """Give the infusion, change it twice, stop it; take a set every four and a half minutes, and treat a nausea."""
    steps = sorted(
        [*CHANGES.items(), *((number * EVERY_S, number) for number in range(1, SETS))], key=lambda one: one[0]
    )
    for at_s, step in steps:
        crna.let_pass_until(at_s)
        if isinstance(step, str):
            crna.type(step)
        else:
            crna.take_set(step)
        if step == 10:
            crna.type("do repositioned the cuff, 142 by hand")
        if step == 13:
            crna.type("ae nausea mild: ondansetron")
            crna.type("rescue ondansetron 4 iv")


def discharge(typist, crna, wait):
    """Waste what is left before a witness, who signs with an own passphrase; score, let the patient go, and sign."""
    crna.type(f"waste {DRAWN_MG - GIVEN_MG} {THERAPIST}")
    typist.settle()
    typist.press("ctrl+shift+w")
    typist.wait_for(wait, "vitals log: Passphrase of who signs")
    typist.type(PASSPHRASE)
    typist.press("Return")
    typist.wait_for(wait, "vitals log: Readings, or a command")
    crna.type("end nausea")
    crna.type("padss 2 2 2 2")
    crna.answer("ctrl+shift+p", Checklist.DISCHARGE)
    crna.type("out partner: oriented, steady")
    for _ in ("return", "closing", "closed"):
        typist.press("ctrl+g", "ctrl+g")
    typist.settle()
    typist.press("ctrl+shift+s")
    typist.wait_for(wait, "vitals log: ")  # the button: nothing is missing that a reason would be asked for
    typist.press("Return")
    typist.wait_for(wait, "vitals log: Readings, or a command")


# ---------------------------------------------------------------------------------------------- the tests


@pytest.fixture(scope="module")
def record(evening):
    return Record(standing_in(evening[0]))


@pytest.fixture(scope="module")
def ended(record):
    return max((entry.entered for entry in record.entries), key=record.position_s)


def seconds(stamp: Stamp) -> int:
    return round((stamp.local() - BEGIN).total_seconds())


def test_every_set_is_there_with_its_five_values_and_its_time(evening, record):
    found = [
        (
            (v.systolic_mmhg, v.diastolic_mmhg, v.heart_rate_bpm, v.spo2_percent, v.respiratory_rate_bpm),
            seconds(e.happened),
        )
        for e, v in record.of(Vitals)
    ]

    assert len(found) == SETS
    assert found == evening[1].sets


def test_the_infusion_is_as_it_was_set_and_its_sum_is_computed(evening, record, ended):
    rates = [
        (seconds(entry.happened) - round(evening[1].dosed_s), infusion.rate_mg_per_min)
        for entry, infusion in record.of(Infusion)
    ]

    assert rates == [(0, Decimal("0.875")), (600, Decimal("0.7")), (1200, Decimal("1.0")), (2400, Decimal(0))]
    assert record.given_mg(ended) == GIVEN_MG
    assert [given.amount_mg for given in record.segments(ended)] == [Decimal("8.75"), Decimal("7.00"), Decimal("20.00")]


def test_drawn_is_given_and_wasted_and_the_witness_signed(record, ended):
    (balance,) = balances(record, ended)
    ((waste_entry, waste),) = record.of(Waste)
    ((vouching, vouched),) = record.of(Countersignature)

    assert (balance.drawn_mg, balance.given_mg, balance.wasted_mg, balance.open_mg) == (
        DRAWN_MG, GIVEN_MG, DRAWN_MG - GIVEN_MG, 0,
    )  # fmt: skip
    assert record.of(Drawn)[0][1].lot == "A12"
    assert (waste.witness, vouched.target_id) == (THERAPIST, waste_entry.entry_id)
    assert (vouched.meaning, vouched.name) == (Countersigned.WITNESSED_WASTE, THERAPIST.partition(",")[0])
    assert vouching.author_id != waste_entry.author_id


def test_the_rescue_drug_the_event_the_action_the_score_and_the_discharge_are_there(record):
    (marked,) = [entry for entry, vitals in record.of(Vitals) if record.out_of_protocol(vitals)]

    assert [dose for _, dose in record.of(Dose)] == [Dose("ondansetron", Decimal(4), Route.IV, is_rescue=True)]
    assert [event for _, event in record.of(AdverseEvent)] == [AdverseEvent("nausea", "mild", "ondansetron")]
    assert [action for _, action in record.of(Action)] == [
        Action("repositioned the cuff, 142 by hand", marked.entry_id)
    ]
    assert [(score.name, score.items) for _, score in record.of(Scale)] == [("padss", (2, 2, 2, 2, 2))]
    assert [left.escort for _, left in record.of(Discharge)] == ["partner"]
    assert not [item for checklist in Checklist for item in open_items(record, checklist)]


def test_nothing_is_missing_and_the_record_is_signed(record, ended):
    nurse = Member(record.of(Discharge)[0][0].author_id, NURSE, frozenset({Role.MEDICAL}))

    assert missing(record, nurse, ended, in_english) == ()
    assert record.is_signed(nurse.member_id, MEDICAL)


def test_no_slot_of_the_protocol_is_left_open(record, ended):
    assert missed_slots_s(record, ended) == ()
