"""Areas of touch and what was agreed for them, in the words of the screen."""

from PySide6.QtCore import QCoreApplication

from kapnotes.domain import around_words
from kapnotes.domain.around import TouchConsent


def area_word(area: str) -> str:
    """Return an area as it is spoken; one that the clinic added, as it was typed."""
    return around_words.area_word(area, QCoreApplication.translate)


def consent_word(consent: TouchConsent | None) -> str:
    """Return what was agreed, or that nothing was."""
    translate = QCoreApplication.translate
    if consent is None:
        return translate("Touch", "not spoken of")
    return {
        TouchConsent.YES: translate("Touch", "agreed"),
        TouchConsent.ASK: translate("Touch", "ask each time"),
        TouchConsent.NO: translate("Touch", "no"),
    }[consent]
