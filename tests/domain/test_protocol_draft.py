"""A protocol is typed field by field: what is whole reads back equal, what is not is told at its column."""

from decimal import Decimal
from importlib.resources import files

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kapnotes.domain.entries import Route
from kapnotes.domain.errors import BadFile
from kapnotes.domain.limits import BOUNDS, Limit
from kapnotes.domain.protocol import FASTING, FIELD_OF, MEASURES, CueTimer, PlannedDose, VitalsRule, read_protocol
from kapnotes.domain.protocol_draft import HalfTyped, fault_of, half_typed_of, lines_of, written
from kapnotes.domain.protocol_lines import READ
from kapnotes.domain.protocol_text import protocol_text
from kapnotes.domain.protocol_words import meaning
from kapnotes.domain.words import in_english

PRESETS = ("im", "iv-40", "nasal-esketamine", "sublingual")


def preset(name):
    folder = files("kapnotes.resources.protocols")
    return read_protocol(name, folder.joinpath(f"{name}.toml").read_text(encoding="utf-8"))


def but_for_the_version(protocol):
    return {field: getattr(protocol, field) for field in protocol.__slots__ if field != "version"}


@pytest.mark.parametrize("name", PRESETS)
def test_every_preset_is_typed_and_written_as_it_is(name):
    protocol = preset(name)
    made = written(lines_of(protocol))

    assert but_for_the_version(made.protocol) == but_for_the_version(protocol)
    assert read_protocol(name, made.text) == made.protocol
    assert all(fault_of(field, line) is None for field, line in lines_of(protocol).items())
    assert set(lines_of(protocol)) == set(READ)


amounts = st.decimals("0.1", "900", places=1)
minutes = st.integers(1, 600)
words = st.text(st.characters(blacklist_categories=("Cs", "Zl", "Zp", "Cc", "Cf")), min_size=1, max_size=12).filter(
    str.strip
)
plain_words = st.from_regex(r"[a-z]{2,9}", fullmatch=True)


@st.composite
def limits(draw):
    fields = draw(st.lists(st.sampled_from(sorted(FIELD_OF.values())), unique=True, max_size=4))
    return {field: Limit(BOUNDS[field].possible[0] + 1, BOUNDS[field].possible[1]) for field in fields}


rules = st.one_of(
    st.sampled_from(["baseline", "end", "completion"]).map(lambda at: VitalsRule(at=at)),
    st.lists(minutes, min_size=1, max_size=3, unique=True).map(lambda at: VitalsRule(at_min=tuple(sorted(at)))),
    st.builds(lambda every, until: VitalsRule(every_min=every, until=until), minutes,
              st.sampled_from(["infusion_end", "discharge"])),
)  # fmt: skip
doses = st.builds(
    PlannedDose,
    plain_words,
    st.just(Route.IV),
    st.none() | amounts,
    st.just(()),
    minutes,
    st.none() | amounts,
    st.none() | minutes,
    st.none() | st.booleans(),
)


@settings(max_examples=60, deadline=None)
@given(st.data())
def test_any_protocol_reads_back_equal_from_its_text_and_from_its_lines(data):
    base = preset("iv-40")
    changes = {
        "title": data.draw(words.map(lambda text: " ".join(text.split())).filter(bool)),
        "source": data.draw(words.map(lambda text: " ".join(text.split())).filter(bool)),
        "dose": data.draw(doses),
        "phases_min": tuple(sorted(data.draw(st.tuples(*[minutes] * 4)))),
        "vitals": tuple(data.draw(st.lists(rules, min_size=1, max_size=4))),
        "measure": tuple(data.draw(st.lists(st.sampled_from(MEASURES), min_size=1, unique=True))),
        "limits": data.draw(limits()),
        "hold_start": {field: limit.high for field, limit in data.draw(limits()).items()},
        "padss": data.draw(st.none() | st.integers(0, 10)),
        "floor_min": data.draw(st.none() | minutes),
        "form": data.draw(st.just("") | plain_words),
        "timers": tuple(data.draw(st.lists(st.builds(CueTimer, plain_words, minutes, plain_words), max_size=2))),
        "fasting_min": {what: data.draw(minutes) for what in FASTING if data.draw(st.booleans())},
    }
    made = {field: changes.get(field, getattr(base, field)) for field in base.__slots__}
    protocol = type(base)(**made)

    again = read_protocol(protocol.name, protocol_text(protocol))
    typed = written(lines_of(protocol)).protocol

    assert but_for_the_version(again) == but_for_the_version(protocol) == but_for_the_version(typed)
    assert meaning(protocol, in_english)


FAULTS = [
    ("title", " ", 0, "must not be empty"),
    ("title", "IV\u202e 40", 2, "A sign that nobody sees"),
    ("name", "My Protocol", 0, "small letters"),
    ("dose", "ketamine", 8, "drug and route"),
    ("dose", "ketamine arm", 9, "A route is one of"),
    ("dose", "ketamine iv 0.5", 15, "mg or mg/kg"),
    ("dose", "ketamine iv 0 mg", 12, "above zero"),
    ("dose", "ketamine iv half mg/kg", 12, "not a number"),
    ("dose", "ketamine iv over 0", 17, "from 1"),
    ("dose", "ketamine iv over", 16, "missing"),
    ("vitals", "", 0, "When are vitals taken"),
    ("vitals", "baseline, every 0 to discharge", 16, "from 1"),
    ("vitals", "baseline,, end", 9, "between the commas"),
    ("vitals", "every 10", 8, "until when"),
    ("vitals", "every 10 to noon", 12, "until when"),
    ("vitals", "noon", 0, "A rule is"),
    ("measure", "bp mood", 3, "Nobody measures this"),
    ("measure", "bp bp", 3, "twice"),
    ("measure", "", 0, "What is measured"),
    ("hold", "systolic", 8, "A limit comes here"),
    ("hold", "systolic 14", 9, "systolic is 30 to 300"),
    ("hold", "mood 5", 0, "Nobody measures this"),
    ("mark", "systolic 160 90", 9, "The low limit 160 is not below the high one 90"),
    ("mark", "systolic 90", 11, "Two limits"),
    ("mark", "spo2 92 101", 8, "is 1 to 100"),
    ("mark", "hr 50 120, hr 40 130", 11, "twice"),
    ("phases", "0 10 40", 7, "Four minutes"),
    ("phases", "0 40 10 60", 5, "before the one"),
    ("check_in", "0", 0, "from 1"),
    ("check_in", "", 0, "Minutes come here"),
    ("discharge", "60", 2, "after what"),
    ("discharge", "padss 11", 6, "0 to 10"),
    ("discharge", "soon", 0, "As in 60 after end"),
    ("timers", "swish 10", 8, "what comes then"),
    ("fasting", "music 60", 0, "Fasting is from one of"),
    ("fasting", "food", 4, "Minutes come here"),
]


@pytest.mark.parametrize(("field", "line", "column", "reason"), FAULTS)
def test_what_is_wrong_with_a_field_is_told_at_its_column(field, line, column, reason):
    fault = fault_of(field, line)

    assert fault is not None
    assert (fault.column, reason in str(fault)) == (column, True)


@pytest.mark.parametrize("field", ["hold", "mark", "discharge", "timers", "fasting"])
def test_what_a_protocol_may_leave_out_may_be_empty(field):
    assert fault_of(field, "") is None


@given(st.sampled_from(sorted(READ)), st.text(max_size=40))
def test_any_line_is_taken_or_told_at_a_column_of_it(field, line):
    fault = fault_of(field, line)

    assert fault is None or 0 <= fault.column <= len(line)


@pytest.mark.parametrize(
    ("name", "field", "line", "reason"),
    [
        ("im", "vitals", "baseline, every 10 to infusion end", "need an IV dose"),
        ("im", "dose", "ketamine im over 40", "Only an IV dose has a length"),
    ],
)
def test_fields_that_do_not_go_together_are_told(name, field, line, reason):
    with pytest.raises(BadFile, match=reason):
        written(lines_of(preset(name)) | {field: line})


def test_the_preview_says_in_words_what_it_means():
    assert meaning(preset("iv-40"), in_english) == (
        "Dose: ketamine iv, 0.5 mg/kg, over 40 min.",
        "Vitals: baseline; every 10 min to the end of the infusion; every 15 min to discharge.",
        "Each set: bp, hr, spo2, rr, moaas.",
        "The start is held above systolic 140, diastolic 90 until a reason is given.",
        "Marked outside: systolic 90-160, diastolic 50-100, heart rate 50-120, SpO₂ 92-100, respiratory rate 10-25.",
        "Phases: onset at 0 min, peak 10, return 40, recovery 60.",
        "A check-in every 5 min.",
        "Discharge: 60 min after the end of dosing, PADSS 9 or more.",
    )
    lozenge = meaning(preset("sublingual"), in_english)
    assert "Vitals: baseline; at the end (90 min)." in lozenge
    assert "Timers from each dose: swish 10 min, then spit." in lozenge
    assert "Fasting: food 180 min, liquid 60 min." in lozenge


def test_an_amount_is_written_as_it_is_read():
    protocol = written(lines_of(preset("iv-40")) | {"dose": "ketamine iv 0.50 mg/kg over 40"}).protocol

    assert str(protocol.dose.mg_per_kg) == "0.50"
    assert protocol.dose.mg_per_kg == Decimal("0.5")


def test_what_is_half_typed_reads_back_from_its_draft_whatever_is_wrong_with_it(preset_text):
    begun = read_protocol("iv-40", preset_text("iv-40"))
    half = HalfTyped(begun, lines_of(begun) | {"mark": "systolic 160 9", "title": "“IV”\\ \u0000 é"})
    back = half_typed_of(half.as_text())

    assert back.typed == half.typed
    assert lines_of(back.begun) == lines_of(begun)


@pytest.mark.parametrize(
    "text", ["", "{}", "[]", "null", '{"begun": {"name": "x", "text": "y"}, "typed": {}}', "[" * 9000]
)
def test_a_text_that_is_no_draft_of_a_protocol_gives_nothing(text):
    assert half_typed_of(text) is None
