"""Late entries, addenda, corrections of anything, and signatures: what stands, marked as what it is."""

from dataclasses import replace
from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from kapnotes.domain.clock import Stamp, seconds_between
from kapnotes.domain.custody import SignOff
from kapnotes.domain.entries import (
    Addendum,
    AdverseEvent,
    Correction,
    Dose,
    Entry,
    LateEntry,
    Note,
    Route,
    SessionOpened,
    Setting,
    Vitals,
)
from kapnotes.domain.members import MEDICAL, SHARED
from kapnotes.domain.record import Record

NAUSEA = AdverseEvent("nausea", "mild", "waited")


def dose(mg):
    return Dose("ketamine", Decimal(mg), Route.IM)


def signature(script, minute, author=None, compartment=MEDICAL):
    more = {} if author is None else {"author": author}
    return script.add(SignOff(compartment, "C. Nurse", "CRNA", "complete", ()), minute, **more)


def test_a_late_entry_stands_as_what_it_adds_at_the_time_that_it_names(script):
    script.log("dose 35 im", 10)
    late = script.add(LateEntry("the hands were full", NAUSEA), 20, entered_minute=200)
    script.log("120/70", 30)

    assert [(entry.entry_id, event) for entry, event in script.record.of(AdverseEvent)] == [(late.entry_id, NAUSEA)]
    kinds = [type(entry.body) for entry in script.record.standing()]
    assert kinds == [SessionOpened, Dose, AdverseEvent, Vitals]


def test_a_late_entry_is_told_from_what_was_noted_then(script):
    noted = script.add(NAUSEA, 10)
    late = script.add(LateEntry("the hands were full", NAUSEA), 20, entered_minute=200)

    by_id = {entry.entry_id: script.record.amendment_of(entry) for entry in script.record.standing()}
    assert by_id[noted.entry_id] is None
    assert by_id[late.entry_id].reason == "the hands were full"


def test_a_late_first_dose_moves_t0(script):
    script.log("dose 35 im", 20)
    script.add(LateEntry("missed", dose(10)), 10, entered_minute=200)

    assert script.record.first_dose == script.stamp(10)
    assert script.record.given_mg(script.stamp(60)) == Decimal(45)


def test_an_addendum_names_what_it_adds_to(script):
    setting = script.add(Setting("window open"), 5)
    added = script.add(Addendum(setting.entry_id, "asked afterwards", Setting("it was the left one")), 300)

    standing = script.record.as_it_stands(added)
    assert standing.body == Setting("it was the left one")
    assert script.record.amendment_of(standing).target_id == setting.entry_id


def test_what_a_late_entry_adds_can_be_corrected_and_retracted(script):
    late = script.add(LateEntry("missed", dose(10)), 10, entered_minute=200)
    script.correct(late, dose(15), 210)
    assert script.record.given_mg(script.stamp(60)) == Decimal(15)
    assert script.record.amendment_of(script.record.as_it_stands(late)).reason == "missed"

    script.correct(late, None, 220)
    assert not script.record.stands(late.entry_id)
    assert script.record.entry(late.entry_id).body.body == dose(10)


def test_a_correction_that_is_retracted_lets_the_original_stand_again(script):
    given_dose = script.add(dose(35), 10)
    wrong = script.correct(given_dose, dose(53), 20)
    assert script.record.given_mg(script.stamp(60)) == Decimal(53)

    script.correct(wrong, None, 30)
    assert script.record.given_mg(script.stamp(60)) == Decimal(35)


def test_a_retraction_that_is_retracted_lets_the_entry_stand_again(script):
    given_dose = script.add(dose(35), 10)
    retraction = script.correct(given_dose, None, 20)
    assert not script.record.stands(given_dose.entry_id)

    second = script.correct(retraction, None, 30)
    assert script.record.stands(given_dose.entry_id)
    script.correct(second, None, 40)
    assert not script.record.stands(given_dose.entry_id)


def test_a_correction_of_a_correction_changes_what_that_one_put_in_place(script):
    given_dose = script.add(dose(35), 10)
    first = script.correct(given_dose, dose(53), 20)
    script.correct(first, dose(34), 30)

    assert script.record.given_mg(script.stamp(60)) == Decimal(34)


def test_corrections_that_name_each_other_change_nothing_and_do_no_harm(script):
    note = script.add(NAUSEA, 10)
    one = script.entry(Correction("b" * 32, "slip", NAUSEA), 20)
    two = replace(script.entry(Correction(one.entry_id, "slip", NAUSEA), 30), entry_id="b" * 32)
    itself = replace(script.entry(Correction("9" * 32, "slip", None), 30), entry_id="9" * 32)
    for entry in (one, two, itself):
        script.record.apply(entry)

    assert [entry.entry_id for entry, _ in script.record.of(AdverseEvent)] == [note.entry_id]


def test_a_thousand_corrections_each_of_the_one_before_are_followed(script):
    target = script.add(dose(1), 10)
    for mg in range(2, 1002):
        target = script.correct(target, dose(mg), 20)

    assert script.record.given_mg(script.stamp(60)) == Decimal(1001)


def test_a_session_is_not_opened_by_an_amendment(script):
    second = script.add(LateEntry("again", replace(script.opened.body, weight_kg=Decimal(140))), 5)

    assert script.record.opened.weight_kg == Decimal(70)
    assert script.record.doubtful == (second,)


def test_a_signature_is_of_one_member_and_one_compartment(script, crna, therapist):
    signature(script, 100)

    assert script.record.is_signed(crna.member_id, MEDICAL)
    assert not script.record.is_signed(crna.member_id, SHARED)
    assert not script.record.is_signed(therapist.member_id, MEDICAL)


def test_no_correction_takes_a_signature_back(script, crna):
    signed = signature(script, 100)
    script.correct(signed, None, 110)

    assert script.record.is_signed(crna.member_id, MEDICAL)
    assert script.record.signature(crna.member_id, MEDICAL) == signed


def test_what_was_added_after_a_signature_says_so(script, therapist):
    before = script.add(LateEntry("missed", NAUSEA), 20, entered_minute=90)
    signature(script, 100)
    after = script.add(LateEntry("missed", NAUSEA), 20, entered_minute=110)
    of_another = script.add(LateEntry("missed", NAUSEA), 20, entered_minute=110, author=therapist)

    assert not script.record.is_after_signature(before)
    assert script.record.is_after_signature(after)
    assert not script.record.is_after_signature(of_another)


# ------------------------------------------------------------------------------------------ a simple model


START = Stamp(1_700_000_000_000_000_000, 0, 0, "boot")


def model(entries):
    """What stands, worked out naively from the whole list: nothing is kept from one entry to the next."""
    known = {}
    for entry in entries:
        known.setdefault((entry.author_id, entry.entry_id), entry)

    def said(key):
        children = [
            (other.entered.boot_ns, other_key)
            for other_key, other in known.items()
            if isinstance(other.body, Correction) and (other.author_id, other.body.target_id) == key
        ]
        for _, child in sorted(children, reverse=True):
            counts, value = said(child)
            if counts:
                own = known[key].body
                return (not (isinstance(own, Correction) and value is None), value)
        body = known[key].body
        match body:
            case Correction(_, _, content) | LateEntry(_, content) | Addendum(_, _, content):
                return True, content
            case _:
                return True, body

    standing = {}
    for key, entry in known.items():
        if not isinstance(entry.body, Correction):
            value = said(key)[1]
            if value is not None:
                standing[key] = (seconds_between(START, entry.happened), value)
    return standing


@st.composite
def scripts(draw):
    """Entries of two authors; corrections name earlier entries, also each other, and each has its own moment."""
    entries = []
    for number in range(draw(st.integers(1, 12))):
        author = draw(st.sampled_from(["a" * 32, "b" * 32]))
        entered = START.shifted(number * 60)
        happened = START.shifted(draw(st.integers(0, number)) * 60 + draw(st.integers(0, 59)))
        text = f"said {number}"
        body = draw(
            st.sampled_from(["plain", "late", "addendum", "correction", "retraction"]) if entries else st.just("plain")
        )
        target = draw(st.sampled_from(entries)).entry_id if entries else ""
        made = {
            "plain": Note(text),
            "late": LateEntry("forgot", Note(text)),
            "addendum": Addendum(target, "more", Note(text)),
            "correction": Correction(target, "slip", Note(text)),
            "retraction": Correction(target, "slip", None),
        }[body]
        entries.append(Entry(f"{number:032x}", "c" * 32, author, happened, entered, made))
    return entries


@given(scripts(), st.randoms(use_true_random=False))
def test_any_order_of_entries_and_amendments_gives_what_a_simple_model_gives(entries, shuffle):
    wanted = model(entries)
    shuffled = list(entries)
    shuffle.shuffle(shuffled)
    for order in (entries, shuffled):
        record = Record(order)
        standing = list(record.standing())

        assert {(one.author_id, one.entry_id): one.body for one in standing} == {
            key: body for key, (_, body) in wanted.items()
        }
        times = [seconds_between(START, one.happened) for one in standing]
        assert times == sorted(times)
        for entry in entries:
            assert (record.as_it_stands(entry) is not None) == ((entry.author_id, entry.entry_id) in wanted)
