"""The CRNA's one line: it is understood, or the caret goes to the fault."""

from decimal import Decimal
from typing import get_args

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from kapnotes.domain.assessed import EarlyDischarge, EventEnded
from kapnotes.domain.drug_entries import DoseDetail, Drawn, InfusionPause, Returned
from kapnotes.domain.drug_lines import line_with
from kapnotes.domain.entries import (
    Action,
    AdverseEvent,
    Discharge,
    Dose,
    Infusion,
    MedicalBody,
    NotTaken,
    NotTakenReason,
    Route,
    Scale,
    Vitals,
    Waste,
)
from kapnotes.domain.errors import CannotTell, Misread
from kapnotes.domain.limits import values_of
from kapnotes.domain.scales import SCALE_ITEMS
from kapnotes.domain.shorthand import COMMANDS, GRAMMARS, MAX_LINE, line_of, read_attached, read_line
from kapnotes.domain.typed_words import NothingKnown, tokens_of


class Knows(NothingKnown):
    """Knows of one adverse event, as a session that has nothing else yet."""

    def end_of(self, what):
        if not "nausea".startswith(what.casefold()):
            raise CannotTell("No open adverse event is called so.")
        return EventEnded("e1" * 16, "nausea")


def read(line):
    return read_line(line, drug="ketamine", route=Route.IM, known=Knows())


def outcome_of(line):
    try:
        return read(line)
    except Misread as misread:
        return misread


def vitals(**values):
    return Vitals(**{name: Decimal(value) if isinstance(value, str) else value for name, value in values.items()})


PRESSURE = {"systolic_mmhg": "128", "diastolic_mmhg": "76"}


@pytest.mark.parametrize(
    ("line", "body"),
    [
        (
            "128/76 72 98 14 s4",
            vitals(**PRESSURE, heart_rate_bpm="72", spo2_percent="98", respiratory_rate_bpm="14", moaas=4),
        ),
        ("128/76", vitals(**PRESSURE)),
        ("72 98", vitals(heart_rate_bpm="72", spo2_percent="98")),
        ("hr72 98 128/76", vitals(**PRESSURE, heart_rate_bpm="72", spo2_percent="98")),
        ("sp98 72 14", vitals(heart_rate_bpm="72", spo2_percent="98", respiratory_rate_bpm="14")),
        (
            "HR 72 SpO2 98 RR:14 T=36,7",
            vitals(heart_rate_bpm="72", spo2_percent="98", respiratory_rate_bpm="14", temperature_c="36.7"),
        ),
        ("spo2=97", vitals(spo2_percent="97")),
        ("spo 97", vitals(spo2_percent="97")),
        ("o2 2 et38", vitals(o2_l_per_min="2", etco2_mmhg="38")),
        ("o22", vitals(o2_l_per_min="2")),
        ("hr11.5 rr2.0", vitals(heart_rate_bpm="11.5", respiratory_rate_bpm="2.0")),
        ("bp 128/76 HR=72 RR: 14", vitals(**PRESSURE, heart_rate_bpm="72", respiratory_rate_bpm="14")),
        ("BP128/76 98% temp 36,7", vitals(**PRESSURE, spo2_percent="98", temperature_c="36.7")),
        ("sp98% etco238 moaas 4 pain0 nausea=1", vitals(spo2_percent="98", etco2_mmhg="38", moaas=4, pain=0, nausea=1)),
        ("72 14 sp98", vitals(heart_rate_bpm="72", spo2_percent="98", respiratory_rate_bpm="14")),
        ("98 hr72", vitals(heart_rate_bpm="72", spo2_percent="98")),
        ("72 hr80", vitals(heart_rate_bpm="80", spo2_percent="72")),
        ("s4.0 p3 n 0", vitals(moaas=4, pain=3, nausea=0)),
        ("  128/76\t72  ", vitals(**PRESSURE, heart_rate_bpm="72")),
        ("x asleep", NotTaken(NotTakenReason.ASLEEP)),
        ("X Refused", NotTaken(NotTakenReason.REFUSED)),
        ("dose 35 iv", Dose("ketamine", Decimal(35), Route.IV)),
        ("dose 35mg", Dose("ketamine", Decimal(35), Route.IM)),
        ("dose 17,5MG", Dose("ketamine", Decimal("17.5"), Route.IM)),
        ("rescue ondansetron 4 iv", Dose("ondansetron", Decimal(4), Route.IV, is_rescue=True)),
        ("inf 35/40", Infusion("ketamine", Decimal("0.8750"), Decimal(35))),
        ("inf 0.5", Infusion("ketamine", Decimal("0.5"))),
        ("inf 0", Infusion("ketamine", Decimal(0))),
        ("waste 15 R. Witness, RN", Waste("ketamine", Decimal(15), "R. Witness, RN")),
        ("waste midazolam 3 R. Witness", Waste("midazolam", Decimal(3), "R. Witness")),
        ("waste 15 mg R. Witness, RN", Waste("ketamine", Decimal(15), "R. Witness, RN")),
        ("return 20 pharmacy, Mrs Roe", Returned("ketamine", Decimal(20), "pharmacy, Mrs Roe")),
        ("drawn 100", Drawn("ketamine", Decimal(100))),
        (
            "drawn 100 50mg/ml 2ml lot A12 exp 2027-03",
            Drawn("ketamine", Decimal(100), Decimal(2), Decimal(50), "A12", "2027-03"),
        ),
        ("drawn 2ml 50mg/ml", Drawn("ketamine", Decimal(100), Decimal(2), Decimal(50))),
        ("DRAWN exp 2027-03 2 ml 50 MG/ML", Drawn("ketamine", Decimal(100), Decimal(2), Decimal(50), "", "2027-03")),
        ("drawn 100mg 50mg/ml", Drawn("ketamine", Decimal(100), None, Decimal(50))),
        ("drawn midazolam 5 lot 12", Drawn("midazolam", Decimal(5), lot="12")),
        ("drawn lot 12 100", Drawn("ketamine", Decimal(100), lot="12")),
        ("dose 35 im left deltoid", Dose("ketamine", Decimal(35), Route.IM)),
        ("dose 0.7ml 50mg/ml iv", Dose("ketamine", Decimal(35), Route.IV)),
        ("dose 35 0.7ml 50mg/ml", Dose("ketamine", Decimal(35), Route.IM)),
        ("dose 35 mg im 0,7 ml 50 mg/ml left deltoid", Dose("ketamine", Decimal(35), Route.IM)),
        ("dose 100 sl", Dose("ketamine", Decimal(100), Route.SUBLINGUAL)),
        ("dose 100 PO", Dose("ketamine", Decimal(100), Route.ORAL)),
        ("inf pause", Infusion("ketamine", Decimal(0))),
        ("ae nausea mild: reassured", AdverseEvent("nausea", "mild", "reassured")),
        ("ae  severe  headache Moderate", AdverseEvent("severe headache", "moderate")),
        ("ae nausea mild : reassured, 1:1", AdverseEvent("nausea", "mild", "reassured, 1:1")),
        ("do repositioned  the cuff", Action("repositioned  the cuff")),
        ("padss 2 2 2 1 2", Scale("padss", (2, 2, 2, 1, 2))),
        ("aldrete 2 2 2 2 2", Scale("aldrete", (2, 2, 2, 2, 2))),
        ("rass -1", Scale("rass", (-1,))),
        ("RASS +4", Scale("rass", (4,))),
        ("cadss6 0 1 2 3 4 0", Scale("cadss6", (0, 1, 2, 3, 4, 0))),
        ("out partner: steady, oriented", Discharge("partner", "steady, oriented")),
        ("out partner", Discharge("partner")),
        ("out partner: steady // the last bus", EarlyDischarge("partner", "steady", "the last bus")),
        ("out partner // the last bus: 18:02", EarlyDischarge("partner", "", "the last bus: 18:02")),
        ("out partner: http://example.org", Discharge("partner", "http://example.org")),
        ("end nausea", EventEnded("e1" * 16, "nausea")),
        ("End NAU: after ondansetron", EventEnded("e1" * 16, "nausea", "after ondansetron")),
        ("moaas 4", Scale("moaas", (4,))),
    ],
)
def test_a_line_is_understood(line, body):
    assert read(line) == body


# The caret stands under the fault: | marks it, and is not part of the line.
@pytest.mark.parametrize(
    "marked",
    [
        "|",
        "|   ",
        "|hello",
        "128/76 72 |hello 14",
        "128/76 72 98 14 |15",
        "128/76 |130/80",
        "hr72 |hr 80",
        "128/76 hr|",
        "128/76 hr| ",
        "hr |fast",
        "|hrfast",
        "hr|7.2.1",
        "hr:|.",
        "|/76",
        "128/|",
        "128/| 76",
        "128 |/ 76",
        "|12x/76",
        "128/|76/90",
        "128/76 |s4.5",
        "128/76 |-5",
        "72 |²",
        "|\uff11\uff12\uff18/76",
        "|o2٣",
        "x|",
        "x |tired",
        "x |tired now",
        "x asleep |now",
        "dose|",
        "dose |a",
        "dose |a im now",
        "dose |0",
        "dose |mg",
        "dose 35 |arm",
        "dose 35 |arm now",
        "dose 35 im |7",
        "dose 35 im |mg",
        "dose |ml im",
        "dose 35 |36 im",
        "dose 35 0.7ml |40mg/ml im",
        "dose 35 im 0.7ml |40mg/ml",
        "dose 50mg/ml|",
        "dose 0.7ml im|",
        "dose |1234567",
        "rescue|",
        "rescue |4",
        "rescue |4 ondansetron iv",
        "rescue ondansetron|",
        "rescue ondansetron |four",
        "rescue ondansetron 4|",
        "rescue ondansetron 4| ",
        "rescue ondansetron 4 |arm",
        "rescue ondansetron 4 iv |now",
        "inf|",
        "inf |x/40",
        "inf |x/40 now",
        "inf 35/|",
        "inf 35/|0",
        "inf 35/|4x",
        "inf 0.0001/|999999",
        "inf 35/40 |now",
        "inf |-1",
        "waste|",
        "waste |x",
        "waste |x R. Witness",
        "waste 15|",
        "waste 15|  ",
        "waste 15 mg|",
        "waste 0.3 |ml R. Witness",
        "waste 15 |mg/ml R. Witness",
        "return 20 |mL pharmacy",
        "waste midazolam 3|",
        "return|",
        "return 20|",
        "return |x pharmacy",
        "drawn|",
        "drawn |x",
        "drawn 2ml|",
        "drawn lot A12|",
        "drawn 100 lot|",
        "drawn 100 lot| exp 2027-03",
        "drawn 100 lot A |lot B",
        "drawn 100 exp |2027",
        "drawn 100 exp |2027-13",
        "drawn 100 exp |03/2027",
        "drawn 110 50mg/ml |2ml",
        "drawn 50mg/ml 2ml |110",
        "drawn 100 |200mg",
        "drawn 100 |fifty",
        "drawn |999999ml 999999mg/ml",
        "drawn 100 |50mg/l",
        "inf pause |now",
        "inf |go",
        "ae|",
        "ae nausea|",
        "ae nausea|: reassured",
        "ae some |nausea: reassured",
        "ae |mild",
        "ae |mild: reassured",
        "ae |: reassured",
        "do|",
        "out|",
        "out |: steady",
        "out |// the last bus",
        "end|",
        "end |headache",
        "padss|",
        "padss 2 2 2 2|",
        "padss 2 2 2 2 2 |2",
        "padss 2 |3 2",
        "padss 2 2 2 2 |-1",
        "padss |a 2 2 2 2 2",
        "rass |-6",
        "rass |+5",
        "rass |1.0",
        "rass -1 |0",
        "dose 35 |in",  # a slip of im, and no short name of nasal
        "|@14:05 128/76",
    ],
)
def test_what_is_not_understood_is_pointed_at(marked):
    line = marked.replace("|", "")

    with pytest.raises(Misread) as misread:
        read(line)

    column = misread.value.column
    assert line[:column] + "|" + line[column:] == marked


@pytest.mark.parametrize(
    ("line", "attached"),
    [
        ("dose 35 im", None),
        ("dose 35 im left  deltoid, 23G", DoseDetail("", "left  deltoid, 23G")),
        ("dose 0.7ml 50mg/ml", DoseDetail("", "", Decimal("0.7"), Decimal(50))),
        ("dose 35 im 50 mg/ml thigh", DoseDetail("", "thigh", None, Decimal(50))),
        ("inf PAUSE", InfusionPause("")),
        ("inf 0", None),
        ("128/76", None),
        ("do moved the cuff", None),
    ],
)
def test_what_a_body_has_no_field_for_is_read_beside_it(line, attached):
    assert read_attached(line, Route.IM) == attached


def test_an_infusion_goes_on_at_the_rate_before_its_pause():
    went_on = read_line("inf go", drug="ketamine", route=Route.IV, paused_rate_mg_per_min=Decimal("0.875"))

    assert went_on == Infusion("ketamine", Decimal("0.875"))


def test_a_line_longer_than_any_log_line_is_refused_at_its_limit():
    with pytest.raises(Misread) as misread:
        read("1" * (MAX_LINE + 1))

    assert misread.value.column == MAX_LINE


@pytest.mark.parametrize("line", ["o2" + "ŉ" * 40, "spo2" + "ŉ" * 40, "dose " + "ŉ" * 40, "ﬀ" * 40])
def test_letters_that_grow_when_folded_do_not_push_the_caret_out_of_the_line(line):
    with pytest.raises(Misread) as misread:
        read(line)

    assert 0 <= misread.value.column <= len(line)


LOG_LIKE = st.lists(
    st.one_of(
        st.sampled_from(
            [
                *COMMANDS,
                *("lot", "exp", "ml", "mg/ml", "2ml", "50mg/ml", "2027-03", "pause", "go", "left", "deltoid"),
                "hr",
                "sp",
                "o2",
                "spo2",
                "s4",
                "im",
                "mild",
                "mild:",
                "asleep",
                "mg",
                "35/40",
            ]
        ),
        st.from_regex(r"\A[+-]?[0-9]{1,4}([./,:=][0-9]{0,4})?(mg)?\Z"),
        st.text(max_size=6),
    ),
    max_size=9,
).map(" ".join)


@given(st.one_of(LOG_LIKE, st.text(st.characters(codec=None, categories=None))))
@example("x\x1casleep")
@example("bp")
@example("dose ŉmg")
@example("\ud800")
def test_any_text_is_a_body_or_a_misread_line_with_its_column_inside(line):
    outcome = outcome_of(line)

    assert isinstance(outcome, (Misread, *get_args(MedicalBody)))
    if isinstance(outcome, Misread):
        assert 0 <= outcome.column <= len(line)
        assert "\n" not in str(outcome)


@pytest.mark.parametrize(
    "line",
    [
        "zebra",
        "128/zebra",
        "hr zebra",
        "x zebra",
        "dose zebra",
        "dose 35 zebra",
        "rass zebra",
        "rescue 4zebra 4 iv",
        "inf zebra/40",
        "waste zebra R. W",
        "ae zebra",
        "out :zebra",
    ],
)
def test_no_message_holds_what_was_typed(line):
    with pytest.raises(Misread) as misread:
        read(line)

    assert "zebra" not in str(misread.value)


def numbers(low, high, places):
    return st.none() | st.decimals(low, high, places=places, allow_nan=False, allow_infinity=False)


SETS = st.builds(
    Vitals,
    heart_rate_bpm=numbers(0, 300, 1),
    spo2_percent=numbers(0, 100, 1),
    respiratory_rate_bpm=numbers(0, 80, 1),
    temperature_c=numbers(20, 45, 2),
    etco2_mmhg=numbers(0, 150, 0),
    o2_l_per_min=numbers(0, 60, 2),
    moaas=st.none() | st.integers(0, 5),
    pain=st.none() | st.integers(0, 10),
    nausea=st.none() | st.integers(0, 10),
)
LABEL_OF = {
    "heart_rate_bpm": "hr",
    "spo2_percent": "sp",
    "respiratory_rate_bpm": "rr",
    "temperature_c": "t",
    "etco2_mmhg": "et",
    "o2_l_per_min": "o2 ",
    "moaas": "s",
    "pain": "p",
    "nausea": "n",
}


def labelled(found):
    """Write a set in the canonical shorthand."""
    values = values_of(found)
    words = [f"{label}{values[field]}" for field, label in LABEL_OF.items() if field in values]
    if "systolic_mmhg" in values:
        words.insert(0, f"{values['systolic_mmhg']}/{values['diastolic_mmhg']}")
    return words


@given(SETS, st.none() | st.tuples(st.integers(30, 300), st.integers(10, 200)), st.randoms(use_true_random=False))
def test_a_set_in_canonical_shorthand_reads_back_in_any_order(found, pressure, random):
    values = {name: getattr(found, name) for name in LABEL_OF}
    if pressure is not None:
        values |= {"systolic_mmhg": Decimal(pressure[0]), "diastolic_mmhg": Decimal(pressure[1])}
    written = Vitals(**values)
    words = labelled(written)
    random.shuffle(words)
    if words:
        assert read(" ".join(words)) == written


@given(st.integers(30, 300), st.integers(10, 200), st.lists(st.decimals(0, 300, places=1), max_size=3))
def test_bare_numbers_are_heart_rate_saturation_and_breaths_in_that_order(systolic, diastolic, bare):
    body = read(" ".join([f"{systolic}/{diastolic}", *map(str, bare)]))

    in_order = [body.heart_rate_bpm, body.spo2_percent, body.respiratory_rate_bpm]
    assert in_order == [*bare, *[None] * (3 - len(bare))]


@pytest.mark.parametrize("name", SCALE_ITEMS)
def test_a_scale_takes_its_items_from_lowest_to_highest(name):
    count, low, high = SCALE_ITEMS[name]

    assert read(" ".join([name, *[str(low)] * count])).total == low * count
    assert read(" ".join([name, *[str(high)] * count])).total == high * count
    for outside in (low - 1, high + 1):
        with pytest.raises(Misread):
            read(" ".join([name, *[str(outside)] * count]))


def test_no_command_can_be_taken_for_a_reading():
    assert not any(word[0].isdigit() or "/" in word for word in COMMANDS)


@given(st.text(max_size=60))
def test_the_words_of_a_line_stand_at_their_columns(line):
    for token in tokens_of(line):
        assert line[token.column :].startswith(token.text)


@pytest.mark.parametrize("word", COMMANDS)
def test_the_example_of_each_command_is_written_as_a_line_that_reads_back(word):
    body = read(COMMANDS[word].example)

    assert read(line_of(body)) == body


@given(LOG_LIKE)
@example("inf 140/999999")
@example("inf 1/0.0003")
@example("inf 7/2.6")
def test_whatever_is_understood_is_written_as_a_line_that_reads_back(line):
    body = outcome_of(line)
    if not isinstance(body, Misread):
        assert read(line_of(body)) == body


@given(SETS, st.lists(st.integers(10, 99), max_size=3), st.randoms(use_true_random=False))
def test_where_labelled_values_stand_changes_nothing_about_the_bare_ones(found, bare, random):
    words = labelled(found)
    places = sorted(random.randrange(len(words) + 1) for _ in bare)
    mixed = list(words)
    for place, number in reversed(list(zip(places, bare, strict=True))):
        mixed.insert(place, str(number))
    behind, among = outcome_of(" ".join([*words, *map(str, bare)])), outcome_of(" ".join(mixed))

    assert among == behind or (isinstance(among, Misread) and isinstance(behind, Misread))


def test_every_kind_that_is_typed_is_medical_and_has_one_grammar():
    kinds = [grammar.kind for grammar in GRAMMARS]

    assert len(kinds) == len(set(kinds))
    assert set(kinds) <= set(get_args(MedicalBody))


@given(LOG_LIKE)
def test_whatever_is_understood_says_what_it_says_beyond_its_body(line):
    if not isinstance(outcome_of(line), Misread):
        assert isinstance(read_attached(line, Route.IM), DoseDetail | InfusionPause | None)


AMOUNTS = st.none() | st.decimals("0.01", 99, places=2, allow_nan=False, allow_infinity=False)
SITES = st.sampled_from(["", "left deltoid", "right thigh, 23G", "vastus lateralis"])


@given(st.decimals("0.1", 999, places=2), st.sampled_from(list(Route)), SITES, AMOUNTS, st.booleans())
def test_a_dose_with_its_site_and_volume_is_written_as_a_line_that_reads_back(dose_mg, route, site, volume_ml, is_full):
    per_ml = None if volume_ml is None or not is_full else Decimal(50)
    dose = Dose("ketamine", dose_mg if per_ml is None else volume_ml * per_ml, route)
    detail = DoseDetail("", site, volume_ml, per_ml)

    line = line_with(line_of(dose), detail)

    assert read(line) == dose
    assert (read_attached(line, Route.IM) or DoseDetail("")) == detail


def test_a_pause_is_written_as_a_line_that_reads_back():
    line = line_with(line_of(Infusion("ketamine", Decimal(0))), InfusionPause(""))

    assert read(line) == Infusion("ketamine", Decimal(0))
    assert read_attached(line, Route.IV) == InfusionPause("")


def test_a_time_before_a_reading_is_told_how_it_is_typed():
    with pytest.raises(Misread, match="late 14:05 why"):
        read("@14:05 128/76")
