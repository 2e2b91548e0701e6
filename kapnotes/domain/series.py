"""The measures that are drawn over time, each with its sign, and the scale that they stand on."""

from typing import NamedTuple

from kapnotes.domain.figure import Role, Shape


class Series(NamedTuple):
    """One measure of the chart: its field in `Vitals`, its sign and its meaning."""

    field: str
    shape: Shape
    role: Role


SYSTOLIC = Series("systolic_mmhg", Shape.CHEVRON_DOWN, Role.SYSTOLIC)
DIASTOLIC = Series("diastolic_mmhg", Shape.CHEVRON_UP, Role.DIASTOLIC)
HEART_RATE = Series("heart_rate_bpm", Shape.DOT, Role.HEART_RATE)
SPO2 = Series("spo2_percent", Shape.RING, Role.SPO2)


class Scale(NamedTuple):
    """Values onto y: `low` stands at `bottom`, `high` at `top`."""

    low: float
    high: float
    top: float
    bottom: float

    def y(self, value: float) -> float:
        """Return the place of that value, kept within."""
        share = (value - self.low) / (self.high - self.low)
        return self.bottom - min(1.0, max(0.0, share)) * (self.bottom - self.top)
