"""Values of Bluetooth characteristics, decoded: the one door for whatever radio there will be.

Source: Bluetooth SIG, GATT Specification Supplement and Pulse Oximeter Service 1.0. Bits that are reserved are passed
over; a field that is announced and missing, or bytes that nothing announces, make the whole value unreadable.
"""

from collections.abc import Callable, Mapping
from enum import IntEnum

from kapnotes.domain.devices.packet import Packet
from kapnotes.domain.devices.readings import (
    BloodPressure,
    CuffPressure,
    HeartRate,
    Objection,
    Reading,
    Saturation,
    Unit,
    unique,
)
from kapnotes.domain.errors import BadReading


class Characteristic(IntEnum):
    """The characteristics that are understood, by their sixteen-bit number."""

    BLOOD_PRESSURE = 0x2A35
    CUFF_PRESSURE = 0x2A36
    HEART_RATE = 0x2A37
    OXIMETER_SPOT = 0x2A5E
    OXIMETER_CONTINUOUS = 0x2A5F


def decode(characteristic: int, value: bytes) -> Reading:
    """Return the reading that *value* of *characteristic* holds.

    Raises:
        BadReading: the characteristic is not known, or the bytes are none of its values.
    """
    try:
        known = Characteristic(characteristic)
    except ValueError:
        raise BadReading("Characteristic {number} is none that is charted.", number=f"0x{characteristic:04X}") from None
    packet = Packet(value, f"0x{known:04X}")
    reading = _DECODERS[known](packet)
    packet.end()
    return reading


# --------------------------------------------------------------------------------------------- the cuff

_CUFF_BITS = {
    0: Objection.MOVED,
    1: Objection.LOOSE_CUFF,
    2: Objection.IRREGULAR_PULSE,
    5: Objection.POSITION,
}
_RATES = {1: Objection.RATE_ABOVE, 2: Objection.RATE_BELOW, 3: Objection.RATE_UNCLEAR}


def _blood_pressure(packet: Packet) -> BloodPressure:
    flags = packet.number(1)
    systolic, diastolic, mean = packet.sfloat(), packet.sfloat(), packet.sfloat()
    measured = packet.time() if flags & 2 else None
    pulse = packet.sfloat() if flags & 4 else None
    user = packet.number(1) if flags & 8 else None
    status = packet.number(2) if flags & 16 else None
    return BloodPressure(
        Unit.KPA if flags & 1 else Unit.MMHG,
        systolic,
        diastolic,
        mean,
        pulse_bpm=pulse,
        measured=measured,
        user=user,
        status=status,
        objections=_cuff_objections(status or 0),
    )


def _cuff_pressure(packet: Packet) -> CuffPressure:
    """It has the layout of a blood pressure; of its three pressures the first is the cuff's and two say nothing."""
    read = _blood_pressure(packet)
    return CuffPressure(
        read.unit,
        read.systolic,
        pulse_bpm=read.pulse_bpm,
        measured=read.measured,
        user=read.user,
        status=read.status,
        objections=read.objections,
    )


def _cuff_objections(status: int) -> tuple[Objection, ...]:
    rate = _RATES.get(status >> 3 & 3)
    return (*_of_bits(status, _CUFF_BITS), *((rate,) if rate is not None else ()))


# ---------------------------------------------------------------------------------------- the heart rate


def _heart_rate(packet: Packet) -> HeartRate:
    flags = packet.number(1)
    rate_bpm = packet.number(2 if flags & 1 else 1)
    contact = {2: False, 3: True}.get(flags >> 1 & 3)
    energy_kj = packet.number(2) if flags & 8 else None
    beats = []
    if flags & 16:
        beats.append(packet.number(2))
        while packet.left:
            beats.append(packet.number(2))
    objections = (Objection.NO_CONTACT,) if contact is False else ()
    return HeartRate(rate_bpm, contact, energy_kj, tuple(beats), objections)


# ------------------------------------------------------------------------------------------ the oximeter

_STATUS_BITS = {
    6: Objection.EARLY,
    9: Objection.STORED,
    10: Objection.DEMO,
    11: Objection.TEST,
    12: Objection.CALIBRATING,
    13: Objection.UNAVAILABLE,
    14: Objection.QUESTIONABLE,
    15: Objection.INVALID,
}
_SENSOR_BITS = {
    1: Objection.MALFUNCTION,
    2: Objection.SIGNAL,
    3: Objection.SIGNAL,
    4: Objection.SIGNAL,
    5: Objection.PERFUSION,
    6: Objection.SIGNAL,
    7: Objection.SIGNAL,
    8: Objection.QUESTIONABLE,
    9: Objection.EARLY,
    10: Objection.SENSOR,
    11: Objection.DISCONNECTED,
    12: Objection.SENSOR,
    13: Objection.SENSOR,
    14: Objection.MALFUNCTION,
    15: Objection.DISCONNECTED,
}
"""Names of the bits: Pulse Oximeter Service 1.0, "Device and Sensor Status"; their weight: general knowledge."""


def _spot(packet: Packet) -> Saturation:
    flags = packet.number(1)
    spo2, pulse = packet.sfloat(), packet.sfloat()
    measured = packet.time() if flags & 1 else None
    status = packet.number(2) if flags & 2 else None
    sensor = packet.number(3) if flags & 4 else None
    amplitude = packet.sfloat() if flags & 8 else None
    return Saturation(
        is_spot=True,
        spo2_percent=spo2,
        pulse_bpm=pulse,
        measured=measured,
        is_clock_set=not flags & 16,
        status=status,
        sensor=sensor,
        amplitude_percent=amplitude,
        objections=_oximeter_objections(status, sensor),
    )


def _continuous(packet: Packet) -> Saturation:
    flags = packet.number(1)
    spo2, pulse = packet.sfloat(), packet.sfloat()
    fast = (packet.sfloat(), packet.sfloat()) if flags & 1 else None
    slow = (packet.sfloat(), packet.sfloat()) if flags & 2 else None
    status = packet.number(2) if flags & 4 else None
    sensor = packet.number(3) if flags & 8 else None
    amplitude = packet.sfloat() if flags & 16 else None
    return Saturation(
        is_spot=False,
        spo2_percent=spo2,
        pulse_bpm=pulse,
        fast=fast,
        slow=slow,
        status=status,
        sensor=sensor,
        amplitude_percent=amplitude,
        objections=_oximeter_objections(status, sensor),
    )


def _oximeter_objections(status: int | None, sensor: int | None) -> tuple[Objection, ...]:
    return unique([*_of_bits(status or 0, _STATUS_BITS), *_of_bits(sensor or 0, _SENSOR_BITS)])


def _of_bits(bits: int, meaning: Mapping[int, Objection]) -> list[Objection]:
    return [objection for bit, objection in meaning.items() if bits >> bit & 1]


_DECODERS: dict[Characteristic, Callable[[Packet], Reading]] = {
    Characteristic.BLOOD_PRESSURE: _blood_pressure,
    Characteristic.CUFF_PRESSURE: _cuff_pressure,
    Characteristic.HEART_RATE: _heart_rate,
    Characteristic.OXIMETER_SPOT: _spot,
    Characteristic.OXIMETER_CONTINUOUS: _continuous,
}
