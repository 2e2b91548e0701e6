"""Bytes of devices, against vectors of other programs' test suites (`vectors/gatt.json`, each with its source)."""

import json
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kapnotes.domain.devices.charting import judge
from kapnotes.domain.devices.gatt import Characteristic, decode
from kapnotes.domain.devices.readings import DeviceTime, Objection, Source, Unit, as_mmhg
from kapnotes.domain.devices.sfloat import NoValue, decode_sfloat, encode_sfloat
from kapnotes.domain.entries import TakenBy, Vitals
from kapnotes.domain.errors import BadReading
from kapnotes.domain.limits import require_possible

VECTORS = json.loads((Path(__file__).parent / "vectors" / "gatt.json").read_text(encoding="utf-8"))
SAID = {
    "NaN": NoValue.NAN,
    "NRes": NoValue.NOT_AT_THIS_RESOLUTION,
    "+INF": NoValue.PLUS_INFINITY,
    "-INF": NoValue.MINUS_INFINITY,
    "reserved": NoValue.RESERVED,
}


def of(kind, *, good=True):
    found = [one for one in VECTORS[kind] if ("error" not in one) is good]
    return pytest.mark.parametrize("vector", found, ids=[one["hex"] for one in found])


def read(characteristic, hexadecimal):
    return decode(characteristic, bytes.fromhex(hexadecimal))


def sfloat_bytes(*values):
    return b"".join(encode_sfloat(Decimal(value)).to_bytes(2, "little") for value in values).hex()


# ------------------------------------------------------------------------------------------------ SFLOAT


@of("sfloat")
def test_an_sfloat_is_the_value_that_others_read(vector):
    value = decode_sfloat(int.from_bytes(bytes.fromhex(vector["hex"]), "little"))

    assert value == (SAID[vector["value"]] if vector["value"] in SAID else Decimal(str(vector["value"])))


def test_every_sfloat_is_encoded_as_it_was_decoded():
    assert [encode_sfloat(decode_sfloat(code)) for code in range(1 << 16)] == list(range(1 << 16))


def test_the_exponent_of_an_sfloat_is_its_precision():
    assert str(decode_sfloat(0xF0BD)) == "18.9"
    assert str(decode_sfloat(0xE762)) == "18.90"
    assert str(decode_sfloat(0x000C)) == "12"
    assert str(decode_sfloat(0x100C)) == "1.2E+2"


@pytest.mark.parametrize(
    "value", ["2048", "-2049", "1E+8", "1E-9", "2047", "-2048", "-2047", "-2046", "NaN", "Infinity"]
)
def test_what_sixteen_bits_cannot_hold_is_not_encoded_as_something_else(value):
    with pytest.raises(ValueError, match=r"not a number|does not fit"):
        encode_sfloat(Decimal(value))


# ----------------------------------------------------------------------------------------------- vectors


@of("bp_2A35")
def test_a_blood_pressure_is_the_values_that_others_read(vector):
    reading = read(0x2A35, vector["hex"])

    assert reading.unit == vector["unit"]
    assert [reading.systolic, reading.diastolic, reading.mean] == [
        Decimal(str(vector[name])) for name in ("sys", "dia", "map")
    ]
    assert reading.pulse_bpm == vector.get("pulse")
    assert reading.user == vector.get("user")
    assert reading.status == (int(vector["status"], 16) if "status" in vector else None)
    assert (str(reading.measured) if reading.measured else None) == (
        vector["timestamp"].split()[0] if "timestamp" in vector else None
    )


@of("bp_2A35", good=False)
def test_a_blood_pressure_that_others_refuse_is_refused(vector):
    with pytest.raises(BadReading, match="too short"):
        read(0x2A35, vector["hex"])


@of("cuff_2A36")
def test_the_pressure_of_a_cuff_at_work_is_read_and_never_charted(vector):
    reading = read(0x2A36, vector["hex"])

    assert (reading.cuff, reading.unit) == (Decimal(str(vector["cuff"])), vector["unit"])
    assert reading.pulse_bpm == vector.get("pulse")
    assert judge(reading).vitals is None
    assert judge(reading).never == ("the cuff is still at work; that is no blood pressure",)


@of("hr_2A37")
def test_a_heart_rate_is_the_value_that_others_read(vector):
    reading = read(0x2A37, vector["hex"])

    assert reading.heart_rate_bpm == vector["hr"]
    assert reading.energy_kj == vector.get("energy")
    assert reading.beats_1024s == tuple(vector.get("rr", ()))
    assert (reading.has_contact is False) is (vector.get("contact") == "supported, not detected")


def test_every_vector_stands_in_a_test():
    assert {name: len(found) for name, found in VECTORS.items() if isinstance(found, list)} == {
        "bp_2A35": 5,
        "cuff_2A36": 3,
        "hr_2A37": 4,
        "sfloat": 8,
    }


# ------------------------------------------------------------------------------------------------ bits


@pytest.mark.parametrize(
    ("status", "objections"),
    [
        (0x0000, ()),
        (0x0001, (Objection.MOVED,)),
        (0x0002, (Objection.LOOSE_CUFF,)),
        (0x0004, (Objection.IRREGULAR_PULSE,)),
        (0x0008, (Objection.RATE_ABOVE,)),
        (0x0010, (Objection.RATE_BELOW,)),
        (0x0018, (Objection.RATE_UNCLEAR,)),
        (0x0020, (Objection.POSITION,)),
        (0xFFC0, ()),
    ],
)
def test_every_bit_of_a_cuffs_status_marks_the_chart(status, objections):
    reading = read(0x2A35, f"10{sfloat_bytes('120', '80', '93')}{status.to_bytes(2, 'little').hex()}")

    assert reading.objections == objections
    assert judge(reading).vitals is not None
    assert judge(reading).vitals.unusual == tuple(f"blood pressure monitor: {one.words}" for one in objections)


NEVER = {9: "stored", 10: "demonstration", 11: "test", 13: "unavailable", 15: "invalid"}
MARKED = {6: "early", 12: "calibration", 14: "questionable"}


@pytest.mark.parametrize("bit", range(16))
@pytest.mark.parametrize("characteristic", [0x2A5E, 0x2A5F])
def test_every_bit_of_an_oximeters_status(characteristic, bit):
    flags = "02" if characteristic == 0x2A5E else "04"
    value = f"{flags}{sfloat_bytes('97', '62')}{(1 << bit).to_bytes(2, 'little').hex()}"
    judged = judge(read(characteristic, value))

    if bit in NEVER:
        assert judged.vitals is None
        assert NEVER[bit] in judged.never[0]
    else:
        assert (judged.vitals.spo2_percent, judged.vitals.heart_rate_bpm) == (97, 62)
        assert judged.is_marked is (bit in MARKED)
        assert all(MARKED[bit] in words and words.startswith("pulse oximeter") for words in judged.vitals.unusual)


SENSOR_NEVER, SENSOR_SILENT = {1, 11, 14, 15}, {0, *range(16, 24)}


@pytest.mark.parametrize("bit", range(24))
def test_every_bit_of_an_oximeters_sensor(bit):
    judged = judge(read(0x2A5E, f"04{sfloat_bytes('97', '62')}{(1 << bit).to_bytes(3, 'little').hex()}"))

    assert (judged.vitals is None) is (bit in SENSOR_NEVER)
    assert judged.is_marked is (bit not in SENSOR_NEVER | SENSOR_SILENT)


def test_a_marked_reading_that_is_also_invalid_is_never_charted():
    judged = judge(read(0x2A5E, f"02{sfloat_bytes('97', '62')}00c0"))

    assert judged.vitals is None
    assert judged.never == ("invalid measurement",)


def test_a_heart_rate_without_skin_contact_is_charted_with_that_mark():
    assert judge(read(0x2A37, "0455")).vitals == Vitals(
        heart_rate_bpm=Decimal(85), taken_by=TakenBy.MONITOR, unusual=("heart rate sensor: no skin contact",)
    )


def test_an_oximeter_tells_its_time_its_averages_and_its_amplitude():
    spot = read(0x2A5E, f"1f{sfloat_bytes('97', '62')}ea0703040d0500" + "0001" + "000000" + sfloat_bytes("1.2"))
    going_on = read(0x2A5F, f"13{sfloat_bytes('97', '62', '96', '64', '98', '61', '0.8')}")

    assert spot.measured == DeviceTime(2026, 3, 4, 13, 5, 0)
    assert (spot.is_clock_set, spot.status, spot.sensor, spot.amplitude_percent) == (False, 0x100, 0, Decimal("1.2"))
    assert (going_on.fast, going_on.slow, going_on.amplitude_percent) == ((96, 64), (98, 61), Decimal("0.8"))
    assert {spot.source, going_on.source} == {Source.OXIMETER}


# ------------------------------------------------------------------------------------------- being charted


def test_kilopascals_are_charted_in_mmhg():
    """18.9 kPa × 7.50062 = 141.76 mmHg; 11.0 kPa = 82.51; a tenth of a kPa is most of a mmHg, so whole ones."""
    vitals = judge(read(0x2A35, "15BDF00B009FF03C001200")).vitals

    assert (vitals.systolic_mmhg, vitals.diastolic_mmhg, vitals.heart_rate_bpm) == (142, 83, 60)
    assert vitals.taken_by is TakenBy.MONITOR


@pytest.mark.parametrize(
    ("kpa", "mmhg"), [("18.9", "142"), ("16.00", "120.0"), ("10", "75"), ("13.33", "100.0"), ("0", "0")]
)
def test_kilopascals_become_as_fine_as_they_were(kpa, mmhg):
    assert str(as_mmhg(Decimal(kpa), Unit.KPA)) == mmhg


def test_kilopascals_that_were_sent_as_mmhg_fail_our_plausibility():
    judged = judge(read(0x2A35, "00BDF00B009FF0"))

    assert judged.vitals is None
    assert "kPa" in judged.never[0]


@pytest.mark.parametrize("special", NoValue)
def test_a_value_that_is_none_is_not_charted(special):
    nothing = special.value.to_bytes(2, "little").hex()

    assert judge(read(0x2A5E, f"00{nothing}{nothing}")).never == ("it holds no value",)
    assert judge(read(0x2A5E, f"00{nothing}{sfloat_bytes('62')}")).vitals.spo2_percent is None
    assert judge(read(0x2A5E, f"00{nothing}{sfloat_bytes('62')}")).vitals.heart_rate_bpm == 62


def test_half_a_blood_pressure_is_none():
    judged = judge(read(0x2A35, f"00{sfloat_bytes('120')}ff07{sfloat_bytes('93')}"))

    assert judged.vitals is None
    assert "needs systolic and diastolic" in judged.never[0]


def test_a_round_pressure_is_charted_as_people_write_it():
    vitals = judge(read(0x2A35, f"00{sfloat_bytes('12E+1', '8E+1', '93')}")).vitals

    assert (str(vitals.systolic_mmhg), str(vitals.diastolic_mmhg)) == ("120", "80")


def test_an_unusual_value_is_charted_with_that_mark():
    assert judge(read(0x2A37, "001e")).vitals.unusual == ("heart rate 30 /min is unusual",)


# ------------------------------------------------------------------------------------------------ bytes


@pytest.mark.parametrize(
    "stamp",
    ["ea07020e180000", "ea071d03000000", "ea0702 1e000000", "2d0603040d0500", "ea070d010d0500", "ea0703040d3c00",
     "ea0703040d053c", "0000021e0d0500"],
)  # fmt: skip
def test_a_time_stamp_that_is_no_time_is_refused(stamp):
    with pytest.raises(BadReading, match="time stamp"):
        read(0x2A5E, f"01{sfloat_bytes('97', '62')}{stamp}")


def test_the_29th_of_february_of_an_unknown_year_is_a_day():
    assert read(0x2A5E, f"01{sfloat_bytes('97', '62')}0000021d0d0500").measured == DeviceTime(None, 2, 29, 13, 5, 0)


def test_bytes_that_nothing_announces_are_refused():
    with pytest.raises(BadReading, match="1 more than they announce"):
        read(0x2A35, f"00{sfloat_bytes('120', '80', '93')}00")


def test_an_announced_interval_that_is_missing_or_halved_is_refused():
    for value in ("1055", "105521", "10552100ff"):
        with pytest.raises(BadReading, match="too short"):
            read(0x2A37, value)


def test_another_characteristic_is_refused():
    with pytest.raises(BadReading, match="0x2A38 is none that is charted"):
        read(0x2A38, "00")


@given(st.sampled_from([*Characteristic, 0x2A38]), st.binary(max_size=40))
def test_any_bytes_are_a_reading_or_one_refusal(characteristic, value):
    try:
        reading = decode(characteristic, value)
    except BadReading:
        return
    judged = judge(reading)
    assert (judged.vitals is None) is bool(judged.never)
    if judged.vitals is not None:
        require_possible(judged.vitals)
        assert judged.vitals.taken_by is TakenBy.MONITOR
        assert all(objection.may_be_charted for objection in reading.objections)
        assert len(judged.vitals.unusual) >= len(reading.objections)


@given(st.sampled_from([*Characteristic]), st.integers(0, 255), st.binary(max_size=32))
def test_a_value_cut_short_is_never_read_as_another_one(characteristic, flags, rest):
    value = bytes([flags]) + rest
    try:
        decode(characteristic, value)
    except BadReading:
        return
    if characteristic is not Characteristic.HEART_RATE:  # its intervals go on for as long as there are any
        for length in range(len(value)):
            with pytest.raises(BadReading):
                decode(characteristic, value[:length])
