"""The words for touch, agreements and the setting card, the same on the screen and on paper."""

from kapnotes.domain.around import Agreement, SettingItem, Touch, TouchAgreement, TouchConsent
from kapnotes.domain.entries import Body
from kapnotes.domain.preparation import area_key
from kapnotes.domain.words import Translate


def consent_word(consent: TouchConsent, translate: Translate) -> str:
    """Return a consent in one word."""
    return {
        TouchConsent.YES: translate("Around", "yes"),
        TouchConsent.ASK: translate("Around", "ask"),
        TouchConsent.NO: translate("Around", "no"),
    }[consent]


def area_word(area: str, translate: Translate) -> str:
    """Return the name of an area of the body; one that is not among the usual ones is called as it was typed."""
    usual = {
        "hand": translate("Around", "hand"),
        "shoulder": translate("Around", "shoulder"),
        "foot": translate("Around", "foot"),
        "top of head": translate("Around", "top of head"),
        "other": translate("Around", "other area"),
    }
    return usual.get(area_key(area), area)


def item_word(item: int, translate: Translate) -> str:
    """Return the short name of an item of the setting card, its number where the program does not know it."""
    names = {
        2: translate("Around", "ambiance"),
        5: translate("Around", "lighting"),
        6: translate("Around", "headphones, eyeshades"),
        8: translate("Around", "people and roles"),
        9: translate("Around", "position"),
        10: translate("Around", "focus in or out"),
        11: translate("Around", "music"),
        12: translate("Around", "word and touch"),
        13: translate("Around", "autonomy"),
        14: translate("Around", "dosing"),
        15: translate("Around", "procedures"),
        16: translate("Around", "arrival and release"),
        17: translate("Around", "interruptions"),
    }
    return names.get(item) or translate("Around", "item {number}").format(number=item)


def around_in_words(body: Body | None, translate: Translate) -> str:
    """Return what an entry says about touch, agreements or the setting card; nothing for any other."""
    match body:
        case TouchAgreement(area, consent):
            words = translate("Around", "touch agreed, {area}: {consent}")
            return words.format(area=area_word(area, translate), consent=consent_word(consent, translate))
        case Touch(area, begins):
            words = translate("Around", "touch begins: {area}") if begins else translate("Around", "touch ends: {area}")
            return words.format(area=area_word(area, translate))
        case SettingItem(item, text):
            words = translate("Around", "setting, {item}: {text}")
            return words.format(item=item_word(item, translate), text=text or translate("Around", "not settled"))
        case Agreement(text):
            return translate("Around", "agreed: {text}").format(text=text)
        case _:
            return ""
