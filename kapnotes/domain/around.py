"""What stands around the notes: touch and setting agreed before, themes that go on, signals seen, what is for the page.

The setting card follows the ReSPCT guidelines of 2025 (respctguidelines.com); the touch ledger keeps, for each area of
the body, what was agreed *before* dosing: it may be narrowed afterwards and is never widened [general knowledge].
"""

from dataclasses import dataclass
from enum import StrEnum


class TouchConsent(StrEnum):
    """What the patient agreed to for one area of the body."""

    YES = "yes"
    ASK = "ask"
    NO = "no"


# ---------------------------------------------------------------------------------------------- in `shared`


@dataclass(frozen=True, slots=True)
class TouchAgreement:
    """What was agreed for `area` (hand, shoulder, …); the newest one counts."""

    area: str
    consent: TouchConsent


@dataclass(frozen=True, slots=True)
class Touch:
    """A touch of `area` begins, or ends."""

    area: str
    begins: bool


@dataclass(frozen=True, slots=True)
class SettingItem:
    """One item of the setting card, by its number in the ReSPCT guidelines (2 ambiance … 17 interruptions)."""

    item: int
    text: str


@dataclass(frozen=True, slots=True)
class Agreement:
    """Something agreed with the patient before dosing, beside touch."""

    text: str


@dataclass(frozen=True, slots=True)
class SignalSeen:
    """The silent signal `target_id` was seen by the author of this."""

    target_id: str


# ------------------------------------------------------------------------------------------ process notes


@dataclass(frozen=True, slots=True)
class Theme:
    """What goes on beyond the session; open until a `ThemeState` closes it, in this session or a later one."""

    text: str


@dataclass(frozen=True, slots=True)
class ThemeState:
    """The theme `target_id`, of this session or an earlier one with the patient, is settled or open again."""

    target_id: str
    is_open: bool


@dataclass(frozen=True, slots=True)
class ForSummary:
    """The therapist means the entry `target_id` for the summary, or no longer; what a page may show it decides not."""

    target_id: str
    is_wanted: bool


@dataclass(frozen=True, slots=True)
class PadUse:
    """What using the pad took: key strokes, whole seconds of typing, and how many times it was turned to.

    Told to the therapist alone: more episodes of computing go with a lower alliance (societyforpsychotherapy.org).
    """

    keys: int
    typing_s: int
    episodes: int
