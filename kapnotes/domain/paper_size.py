"""The size of paper that a country prints on."""

import re
from enum import StrEnum


class PaperSize(StrEnum):
    """The two sizes of a page."""

    A4 = "A4"
    LETTER = "Letter"


_LETTER_TERRITORIES = frozenset(("BZ", "CA", "CL", "CO", "CR", "GT", "MX", "NI", "PA", "PH", "PR", "SV", "US", "VE"))
"""Source: unicode.org/reports/tr35/tr35-general.html, "Measurement System Data": paperSize type "US-Letter"."""


def paper_size_of(locale: str) -> PaperSize:
    """Return the paper of a locale as "en_US", "en-CA", "fil_PH.UTF-8" or "es_Latn_MX@euro"; A4 where it names none."""
    _, *parts = re.split("[_-]", re.split("[.@]", locale)[0])
    territory = next((part for part in parts if len(part) == 2), "")
    return PaperSize.LETTER if territory.upper() in _LETTER_TERRITORIES else PaperSize.A4
