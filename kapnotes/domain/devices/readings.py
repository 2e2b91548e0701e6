"""What a device told, as it told it: each reading with its source, its values, its time and what it objects itself."""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from enum import Enum, StrEnum

from kapnotes.domain.devices.sfloat import NoValue, Sfloat

MMHG_PER_KPA = Decimal("7.50062")
"""Source: NIST SP 811, B.8: 1 mmHg is 133.3224 Pa."""


class Source(StrEnum):
    """The kinds of device."""

    CUFF = "blood pressure monitor"
    OXIMETER = "pulse oximeter"
    HEART_RATE = "heart rate sensor"


class Unit(StrEnum):
    """The two units of pressure that a cuff may send."""

    MMHG = "mmHg"
    KPA = "kPa"


class Objection(Enum):
    """Something that the device says against its own reading, and whether the reading can be charted all the same."""

    MOVED = "body movement", True
    LOOSE_CUFF = "cuff too loose", True
    IRREGULAR_PULSE = "irregular pulse", True
    RATE_ABOVE = "pulse rate above the cuff's range", True
    RATE_BELOW = "pulse rate below the cuff's range", True
    RATE_UNCLEAR = "pulse rate range unclear", True
    POSITION = "improper position", True
    NO_CONTACT = "no skin contact", True
    EARLY = "early estimate", True
    CALIBRATING = "calibration ongoing", True
    QUESTIONABLE = "questionable measurement", True
    SIGNAL = "irregular or weak signal", True
    PERFUSION = "low perfusion", True
    SENSOR = "sensor displaced, disturbed or unknown", True
    STORED = "stored measurement, not of now", False
    DEMO = "demonstration data", False
    TEST = "test data", False
    UNAVAILABLE = "measurement unavailable", False
    INVALID = "invalid measurement", False
    MALFUNCTION = "device or sensor malfunction", False
    DISCONNECTED = "sensor not on the patient", False

    def __init__(self, words: str, may_be_charted: bool) -> None:
        self.words = words
        self.may_be_charted = may_be_charted


@dataclass(frozen=True, slots=True)
class DeviceTime:
    """What the clock of the device said: local, of no zone; year, month and day are None where it does not know."""

    year: int | None
    month: int | None
    day: int | None
    hour: int
    minute: int
    second: int

    def __str__(self) -> str:
        date = f"{self.year or 0:04}-{self.month or 0:02}-{self.day or 0:02}"
        return f"{date}T{self.hour:02}:{self.minute:02}:{self.second:02}"


@dataclass(frozen=True, slots=True)
class BloodPressure:
    """One measurement of a cuff. `status` holds the sixteen bits as sent, None where there were none."""

    unit: Unit
    systolic: Sfloat
    diastolic: Sfloat
    mean: Sfloat
    pulse_bpm: Sfloat | None = None
    measured: DeviceTime | None = None
    user: int | None = None
    status: int | None = None
    objections: tuple[Objection, ...] = ()
    source: Source = Source.CUFF


@dataclass(frozen=True, slots=True)
class CuffPressure:
    """The pressure in a cuff that is still at work: no blood pressure, and never one."""

    unit: Unit
    cuff: Sfloat
    pulse_bpm: Sfloat | None = None
    measured: DeviceTime | None = None
    user: int | None = None
    status: int | None = None
    objections: tuple[Objection, ...] = ()
    source: Source = Source.CUFF


@dataclass(frozen=True, slots=True)
class HeartRate:
    """One heart rate. `has_contact` is None where the sensor cannot tell; `beats_1024s` are 1/1024 s between beats."""

    heart_rate_bpm: int
    has_contact: bool | None = None
    energy_kj: int | None = None
    beats_1024s: tuple[int, ...] = ()
    objections: tuple[Objection, ...] = ()
    source: Source = Source.HEART_RATE


@dataclass(frozen=True, slots=True)
class Saturation:
    """Saturation and pulse of an oximeter: of one time (`is_spot`), or going on, with its quick and slow average."""

    is_spot: bool
    spo2_percent: Sfloat
    pulse_bpm: Sfloat
    fast: tuple[Sfloat, Sfloat] | None = None
    slow: tuple[Sfloat, Sfloat] | None = None
    measured: DeviceTime | None = None
    is_clock_set: bool = True
    status: int | None = None
    sensor: int | None = None
    amplitude_percent: Sfloat | None = None
    objections: tuple[Objection, ...] = ()
    source: Source = Source.OXIMETER


Reading = BloodPressure | CuffPressure | HeartRate | Saturation


def number(value: Sfloat | None) -> Decimal | None:
    """Return a value that is one, None for all others."""
    return None if value is None or isinstance(value, NoValue) else value


def as_mmhg(value: Decimal, unit: Unit) -> Decimal:
    """Return a pressure in mmHg: of kPa in whole mmHg, or as finely as a device that sends hundredths of a kPa."""
    if unit is Unit.MMHG:
        return value
    exponent = value.as_tuple().exponent
    finest = min(0, exponent + 1) if isinstance(exponent, int) else 0
    return (value * MMHG_PER_KPA).quantize(Decimal(1).scaleb(finest), ROUND_HALF_UP)


def unique(objections: Iterable[Objection]) -> tuple[Objection, ...]:
    """Return each objection once, in the order of the first."""
    return tuple(dict.fromkeys(objections))
