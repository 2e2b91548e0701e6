"""The bytes of one value, read from the front: little-endian, and not one byte more or less than the flags announce."""

from calendar import monthrange

from kapnotes.domain.devices.readings import DeviceTime
from kapnotes.domain.devices.sfloat import Sfloat, decode_sfloat
from kapnotes.domain.errors import BadReading

_LEAP_YEAR = 2000


class Packet:
    """Bytes of a device and how far they were read."""

    def __init__(self, value: bytes, what: str) -> None:
        self._value = value
        self._what = what
        self._at = 0

    @property
    def left(self) -> int:
        """Return how many bytes are left."""
        return len(self._value) - self._at

    def number(self, size: int) -> int:
        """Return the next *size* bytes as a number without a sign.

        Raises:
            BadReading: there are not so many.
        """
        if self.left < size:
            raise BadReading(
                "{what}: {found} bytes are too short for what they announce.", what=self._what, found=len(self._value)
            )
        self._at += size
        return int.from_bytes(self._value[self._at - size : self._at], "little")

    def sfloat(self) -> Sfloat:
        """Return the next two bytes as an SFLOAT.

        Raises:
            BadReading: they are not there.
        """
        return decode_sfloat(self.number(2))

    def time(self) -> DeviceTime:
        """Return the next seven bytes as a time; a year, month or day of zero is not known.

        Raises:
            BadReading: they are not there, or are no time.
        """
        year, month, day = self.number(2), self.number(1), self.number(1)
        hour, minute, second = self.number(1), self.number(1), self.number(1)
        is_date = (year == 0 or 1582 <= year <= 9999) and month <= 12
        is_date = is_date and day <= (monthrange(year or _LEAP_YEAR, month)[1] if month else 31)
        if not (is_date and hour < 24 and minute < 60 and second < 60):
            raise BadReading("{what}: its time stamp is no time.", what=self._what)
        return DeviceTime(year or None, month or None, day or None, hour, minute, second)

    def end(self) -> None:
        """See that nothing is left.

        Raises:
            BadReading: there is; then the flags and the bytes do not belong together.
        """
        if self.left:
            raise BadReading(
                "{what}: {found} bytes are {left} more than they announce.",
                what=self._what,
                found=len(self._value),
                left=self.left,
            )
