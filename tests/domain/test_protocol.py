"""A protocol is the clinic's own file: each preset loads, and each slip in one is told in one line."""

import contextlib
from decimal import Decimal
from importlib.resources import files

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kapnotes.domain.entries import Route
from kapnotes.domain.errors import BadFile
from kapnotes.domain.limits import Limit
from kapnotes.domain.protocol import VitalsRule, read_protocol

PRESETS = ("im", "iv-40", "nasal-esketamine", "sublingual")


def test_every_preset_that_is_shipped_is_tested_here():
    shipped = files("kapnotes.resources.protocols").iterdir()

    assert sorted(path.name for path in shipped if path.name.endswith(".toml")) == [f"{name}.toml" for name in PRESETS]


@pytest.mark.parametrize("name", PRESETS)
def test_a_preset_loads_and_names_its_source(name, preset_text):
    protocol = read_protocol(name, preset_text(name))

    assert protocol.name == name
    assert protocol.source
    assert protocol.check_in_min == 5
    assert protocol.hold_start == {"systolic_mmhg": Decimal(140), "diastolic_mmhg": Decimal(90)}
    assert protocol.limits == {
        "systolic_mmhg": Limit(Decimal(90), Decimal(160)),
        "diastolic_mmhg": Limit(Decimal(50), Decimal(100)),
        "heart_rate_bpm": Limit(Decimal(50), Decimal(120)),
        "spo2_percent": Limit(Decimal(92), Decimal(100)),
        "respiratory_rate_bpm": Limit(Decimal(10), Decimal(25)),
    }
    assert len(protocol.version) == 12


BASELINE = VitalsRule(at="baseline")


@pytest.mark.parametrize(
    ("name", "route", "mg_per_kg", "amounts_mg", "over_min", "phases_min", "vitals", "stays"),
    [
        (
            "iv-40", Route.IV, Decimal("0.5"), (), 40, (0, 10, 40, 60),
            (BASELINE, VitalsRule(every_min=10, until="infusion_end"), VitalsRule(every_min=15, until="discharge")),
            (60, None, None, 9),
        ),
        (
            "im", Route.IM, None, (), None, (0, 5, 35, 60),
            (BASELINE, VitalsRule(at_min=(5,)), VitalsRule(every_min=15, until="discharge")),
            (None, 90, None, 9),
        ),
        (
            "nasal-esketamine", Route.NASAL, None, (Decimal(56), Decimal(84)), None, (0, 10, 40, 75),
            (BASELINE, VitalsRule(at_min=(40,)), VitalsRule(at="completion")),
            (None, None, 120, None),
        ),
        (
            "sublingual", Route.SUBLINGUAL, None, (), None, (0, 15, 60, 90),
            (BASELINE, VitalsRule(at="end")),
            (None, None, None, 9),
        ),
    ],
)  # fmt: skip
def test_a_preset_says_what_the_field_notes_say(
    name, route, mg_per_kg, amounts_mg, over_min, phases_min, vitals, stays, preset_text
):
    protocol = read_protocol(name, preset_text(name))

    assert (protocol.dose.route, protocol.dose.mg_per_kg) == (route, mg_per_kg)
    assert (protocol.dose.amounts_mg, protocol.dose.over_min) == (amounts_mg, over_min)
    assert protocol.phases_min == phases_min
    assert protocol.vitals == vitals
    assert (protocol.stay_after_end_min, protocol.stay_after_dose_min, protocol.floor_min, protocol.padss) == stays


FASTING = {
    "iv-40": {},
    "im": {},
    "nasal-esketamine": {"food": 120, "liquid": 30, "other_nasal": 60},
    "sublingual": {"food": 180, "liquid": 60},
}


@pytest.mark.parametrize("name", PRESETS)
def test_a_preset_says_for_how_long_the_patient_fasts(name, preset_text):
    assert read_protocol(name, preset_text(name)).fasting_min == FASTING[name]


def test_the_version_is_that_of_the_very_text(preset_text):
    text = preset_text("iv-40")

    assert read_protocol("iv-40", text).version == read_protocol("another name", text).version
    assert read_protocol("iv-40", text).version != read_protocol("iv-40", text + "\n").version


def test_numbers_may_be_written_with_and_without_quotes(preset_text):
    text = preset_text("iv-40").replace('"0.5"', "0.5").replace("[92, 100]", "[91.5, 100]")
    protocol = read_protocol("iv-40", text)

    assert protocol.dose.mg_per_kg == Decimal("0.5")
    assert protocol.limits["spo2_percent"] == Limit(Decimal("91.5"), Decimal(100))


def test_the_keys_of_the_field_notes_that_only_some_protocols_have_are_read(preset_text):
    text = (
        preset_text("nasal-esketamine")
        .replace('device_mg = "28"', 'device_mg = "28", rest_min = 5, bolus = false')
        .replace('name = "device rest"', 'name = "device rest", from = "dose"')
    )

    protocol = read_protocol("nasal-esketamine", text)

    assert (protocol.floor_min, protocol.form, protocol.submit_days) == (120, "rems", 7)
    assert (protocol.dose.device_mg, protocol.dose.rest_min, protocol.dose.bolus) == (Decimal(28), 5, False)


SLIPS = {
    "no TOML": ("title =", "title =="),
    "a key that nobody knows": ("check_in_min", "checkin_min"),
    "a key that nobody knows, with a line break": ("check_in_min", '"check\\nin"'),
    "no title": ("title =", "#"),
    "a title that is a number": ('title = "IV, 40 minutes"', "title = 5"),
    "no dose": ("dose =", "#"),
    "a dose that is a text": ("dose = {", 'dose = "35" # {'),
    "no drug": ('drug = "ketamine", ', ""),
    "a route that nobody knows": ('"iv"', '"arm"'),
    "a dose key that nobody knows": ("over_min", "over_minutes"),
    "a dose below zero": ('"0.5"', '"-0.5"'),
    "a dose of zero": ('"0.5"', "0"),
    "a dose that is no number": ('"0.5"', '"half"'),
    "a dose that is NaN": ('"0.5"', "nan"),
    "a dose that is beyond all numbers": ('"0.5"', "1e99999999999999999999"),
    "a dose that is true": ('"0.5"', "true"),
    "a length that is a text": ("over_min = 40", 'over_min = "40"'),
    "a length of half minutes": ("over_min = 40", "over_min = 40.5"),
    "a length of nothing": ("over_min = 40", "over_min = 0"),
    "a timer that counts from elsewhere": (
        "check_in_min = 5",
        'check_in_min = 5\ntimers = [{ name = "swish", from = "noon", min = 10, then = "spit" }]',
    ),
    "three phases": ("[0, 10, 40, 60]", "[0, 10, 40]"),
    "phases that fall": ("[0, 10, 40, 60]", "[0, 40, 10, 60]"),
    "phases before the dose": ("[0, 10, 40, 60]", "[-5, 10, 40, 60]"),
    "phases of half minutes": ("[0, 10, 40, 60]", "[0, 10.5, 40, 60]"),
    "phases that are a text": ("[0, 10, 40, 60]", '"0123"'),
    "a rule that nobody knows": ('at = "baseline"', 'at = "noon"'),
    "a rule that is a list": ('{ at = "baseline" }', "[1]"),
    "a rule without its end": (', until = "infusion_end"', ""),
    "an end that nobody knows": ('"infusion_end"', '"the end"'),
    "an end that is a list": ('"infusion_end"', '["infusion_end"]'),
    "an interval of nothing": ("every_min = 10", "every_min = 0"),
    "an interval of half minutes": ("every_min = 10", "every_min = 7.5"),
    "an interval that is a text": ("every_min = 10", 'every_min = "10"'),
    "minutes that are a text": ('at = "baseline"', 'at_min = "10"'),
    "minutes before the dose": ('at = "baseline"', "at_min = [-10]"),
    "a measure that nobody knows": ('"moaas"]', '"mood"]'),
    "a measure that is a list": ('"moaas"]', '["moaas"]]'),
    "measures that are a text": ('["bp", "hr", "spo2", "rr", "moaas"]', '"bp"'),
    "a hold for what nobody measures": ("hold_start = { systolic", "hold_start = { mood"),
    "a hold that is no number": ("systolic = 140", 'systolic = "high"'),
    "a hold that is NaN": ("systolic = 140", "systolic = nan"),
    "limits for what nobody measures": ("hr = [50", "pulse = [50"),
    "limits the wrong way round": ("[90, 160]", "[160, 90]"),
    "one limit": ("[90, 160]", "[90]"),
    "limits that are a number": ("[90, 160]", "90"),
    "a limit without end": ("[90, 160]", "[90, inf]"),
    "a limit that is NaN": ("[90, 160]", "[nan, 160]"),
    "a stay that is a text": ("after_end_min = 60", 'after_end_min = "60"'),
    "a stay below zero": ("after_end_min = 60", "after_end_min = -60"),
    "a discharge key that nobody knows": ("after_end_min", "after_end"),
    "a discharge that is a number": ("discharge = {", "discharge = 5 # {"),
    "a score that is true": ("padss = 9", "padss = true"),
    "a check-in of nothing": ("check_in_min = 5", "check_in_min = 0"),
    "a check-in that is a text": ("check_in_min = 5", 'check_in_min = "5"'),
    "a timer without its cue": ("check_in_min = 5", 'check_in_min = 5\ntimers = [{ name = "swish", min = 10 }]'),
    "timers that are a table": ("check_in_min = 5", "check_in_min = 5\ntimers = { min = 10 }"),
    "a timer of nothing": (
        "check_in_min = 5",
        'check_in_min = 5\ntimers = [{ name = "swish", min = 0, then = "spit" }]',
    ),
    "fasting that is a text": ("check_in_min = 5", 'check_in_min = 5\nfasting_min = { food = "long" }'),
    "fasting from what nobody knows": ("check_in_min = 5", "check_in_min = 5\nfasting_min = { music = 60 }"),
    "a fast below zero": ("check_in_min = 5", "check_in_min = 5\nfasting_min = { food = -60 }"),
    "a bolus that is a number": ("over_min = 40", "over_min = 40, bolus = 1"),
    "a form that is a number": ("padss = 9", "padss = 9, form = 5"),
    "a number with more digits than are read": ("check_in_min = 5", "check_in_min = " + "9" * 5000),
    "a number beyond any week": ("check_in_min = 5", "check_in_min = 1000000000"),
    "a date that is none": ("check_in_min = 5", "check_in_min = 2025-02-31"),
    "lists without end": ("check_in_min = 5", "check_in_min = " + "[" * 50_000),
}


@pytest.mark.parametrize("slip", SLIPS)
def test_a_slip_in_a_protocol_is_told_in_one_line_that_names_it(slip, preset_text):
    old, new = SLIPS[slip]
    text = preset_text("iv-40")
    assert old in text

    with pytest.raises(BadFile) as refusal:
        read_protocol("clinic", text.replace(old, new, 1))

    message = str(refusal.value)
    assert message.startswith("Protocol clinic: ")
    assert len(message.splitlines()) == 1
    assert message.endswith(".")


@given(st.text())
def test_any_text_is_a_protocol_or_one_line(text):
    with pytest.raises(BadFile) as refusal:
        read_protocol("clinic", text)

    assert len(str(refusal.value).splitlines()) == 1


VALUES = st.recursive(
    st.one_of(
        st.booleans().map(lambda value: str(value).lower()),
        st.integers().map(str),
        st.sampled_from(["nan", "inf", "-0.0", "1e400", '""', '"bp"', "[]", "{}", "1979-05-27", "07:32:00"]),
    ),
    lambda inner: st.one_of(
        st.lists(inner, max_size=4).map(lambda items: f"[{', '.join(items)}]"),
        st.dictionaries(st.sampled_from(["at", "at_min", "min", "mg", "hr", "drug"]), inner, max_size=3).map(
            lambda table: "{" + ", ".join(f"{key} = {value}" for key, value in table.items()) + "}"
        ),
    ),
    max_leaves=6,
)


@given(st.data())
def test_any_value_in_any_place_is_taken_or_refused(data):
    text = files("kapnotes.resources.protocols").joinpath("iv-40.toml").read_text(encoding="utf-8")
    lines = text.splitlines()
    number = data.draw(st.integers(0, len(lines) - 1))
    key = lines[number].split(" = ")[0]
    lines[number] = f"{key} = {data.draw(VALUES)}"
    with contextlib.suppress(BadFile):
        read_protocol("clinic", "\n".join(lines))
