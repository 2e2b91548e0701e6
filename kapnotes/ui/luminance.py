"""Colours by their light: relative luminance as WCAG 2.2 defines it for sRGB (IEC 61966-2-1), from 0 to 1."""

from PySide6.QtGui import QColor

WEIGHTS = (0.2126, 0.7152, 0.0722)


def at_luminance(colour: QColor, level: float) -> QColor:
    """Return the hue of *colour* at a relative luminance."""
    parts = _light_of(colour)
    whole = sum(weight * part for weight, part in zip(WEIGHTS, parts, strict=True))
    return _colour_of([part * level / whole for part in parts])


class Shades:
    """The hue of one colour at many luminances; each is worked out once, for what moves asks for the same ones.

    They are as far apart as `STEP`, less than two neighbouring values of a screen of eight bits.
    """

    STEP = 1 / 4096

    def __init__(self, colour: QColor) -> None:
        self._colour = colour
        self._found: dict[int, QColor] = {}

    def at(self, level: float) -> QColor:
        """Return the hue at a relative luminance."""
        step = round(level / self.STEP)
        if step not in self._found:
            self._found[step] = at_luminance(self._colour, step * self.STEP)
        return self._found[step]


def between(first: QColor, second: QColor, share: float) -> QColor:
    """Return the colour whose light is mixed of both: of *first* at a share of 0, of *second* at 1."""
    pairs = zip(_light_of(first), _light_of(second), strict=True)
    return _colour_of([one + share * (other - one) for one, other in pairs])


def _light_of(colour: QColor) -> list[float]:
    return [_linear(part) for part in (colour.redF(), colour.greenF(), colour.blueF())]


def _colour_of(light: list[float]) -> QColor:
    return QColor.fromRgbF(*(_encoded(part) for part in light))


def _linear(part: float) -> float:
    return part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4


def _encoded(part: float) -> float:
    part = min(1.0, max(0.0, part))
    return part * 12.92 if part <= 0.0031308 else 1.055 * part ** (1 / 2.4) - 0.055
