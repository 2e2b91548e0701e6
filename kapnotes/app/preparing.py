"""What a therapist settles around the session: each thing is an entry as soon as it is entered."""

from kapnotes.app.live_session import LiveSession
from kapnotes.app.typed_fields import AGREEMENT, AREA, CARD, INTENTION, THEME
from kapnotes.domain.around import Agreement, SettingItem, Theme, ThemeState, TouchAgreement, TouchConsent
from kapnotes.domain.entries import Entry, Intention
from kapnotes.domain.errors import KapnotesError, Misread
from kapnotes.domain.members import SHARED
from kapnotes.domain.preparation import area_key, may_agree, setting_card, touch_agreed
from kapnotes.domain.text import one_line, storable

TAKEN_BACK = "taken back"
"""The reason of a correction by which a theme or an agreement is taken back."""


class Preparing:
    """Intention, themes, agreements, touch and the setting card of one session."""

    def __init__(self, live: LiveSession) -> None:
        self._live = live

    @property
    def is_closed(self) -> bool:
        """Tell whether nothing more can be settled here: the session is signed, or the vault is read only."""
        live = self._live
        return live.is_read_only or live.signing.is_closed(SHARED) or live.signing.is_closed(live.member.therapy)

    def intention(self, text: str) -> Entry | None:
        """Keep the intention; None where it says the same."""
        known = self._live.record.newest(Intention)
        if known is not None and known.text == storable(text):
            return None
        return self._live.keep(Intention(storable(text)), typed_as=(INTENTION, text))

    def theme(self, text: str) -> Entry:
        """Keep a new theme, open from now on."""
        return self._live.keep(Theme(storable(text)), typed_as=(THEME, text))

    def settle(self, theme_id: str, *, is_open: bool) -> Entry:
        """Settle a theme of this session or an earlier one, or open it again."""
        return self._live.keep(ThemeState(theme_id, is_open))

    def agree(self, text: str) -> Entry:
        """Keep something agreed with the patient."""
        return self._live.keep(Agreement(storable(text)), typed_as=(AGREEMENT, text))

    def touch(self, area: str, consent: TouchConsent, typed: str | None = None) -> Entry | None:
        """Keep what was agreed for *area*; None where that holds already. *typed* is the line it was typed as.

        Raises:
            KapnotesError: dosing began, and it would widen what was agreed before.
        """
        record, name = self._live.record, one_line(storable(area))
        held = touch_agreed(record).get(area_key(name))
        if held is consent and typed is None:
            return None
        if not may_agree(record, name, consent):
            if held is None:
                raise KapnotesError("This was not spoken of before dosing: now it can only be a no.")
            raise KapnotesError("Touch was agreed before dosing: from then on it is only narrowed.")
        return self._live.keep(TouchAgreement(name, consent), typed_as=(AREA, typed) if typed is not None else None)

    def touch_line(self, line: str, words: dict[str, TouchConsent]) -> Entry | None:
        """Keep what *line* says, as in "left knee ask"; *words* are the last words that name a consent.

        Raises:
            Misread: it does not end with one of them, or names no area.
            KapnotesError: it would widen what was agreed before dosing.
        """
        area, _, last = one_line(line).rpartition(" ")
        consent = words.get(last.lower())
        if consent is None or not area:
            raise Misread("Name the area and end with yes, ask or no, as in: left knee ask.", len(line))
        return self.touch(area, consent, typed=line)

    def card(self, item: int, text: str) -> Entry | None:
        """Keep what was settled for an item of the setting card, empty for nothing; None where it says so already."""
        if setting_card(self._live.record).get(item, "") == storable(text.strip()):
            return None
        field = next(name for name, one in CARD.items() if one == item)
        return self._live.keep(SettingItem(item, storable(text.strip())), typed_as=(field, text))

    def take_back(self, entry_id: str) -> Entry:
        """Take back a theme or an agreement of this session; it stays legible as one that was taken back."""
        return self._live.correct(entry_id, TAKEN_BACK, None)
