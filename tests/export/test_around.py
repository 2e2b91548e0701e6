"""What was agreed before dosing stands on the summary with its times; what belongs to the therapist alone does not."""

from kapnotes.domain.around import Agreement, SettingItem, Theme, ThemeState, Touch, TouchAgreement, TouchConsent
from kapnotes.domain.entries import Correction

CANARY = "Zitronenfalter"


def test_the_room_tells_setting_agreements_and_touch_in_the_order_of_time(summary_of, session):
    session.add(SettingItem(11, "no words in it"), 2)
    session.add(Agreement("a raised hand ends the music"), 3)
    session.add(TouchAgreement("hand", TouchConsent.YES), 4)
    session.add(TouchAgreement("left knee", TouchConsent.ASK), 5)
    session.dose(20)
    session.add(Touch("hand", begins=True), 30)
    session.add(Touch("hand", begins=False), 33)
    session.close()
    words = summary_of(session).words()

    room = words[words.index("The room") : words.index("Release of process notes")]
    told = [
        "13:22",
        "setting, music: no words in it",
        "agreed: a raised hand ends the music",
        "touch agreed, hand: yes",
        "touch agreed, left knee: ask",
        "13:50",
        "touch begins: hand",
        "13:53",
        "touch ends: hand",
    ]
    places = [room.index(one) for one in told]
    assert places == sorted(places)
    assert "outside what was agreed" not in room


def test_a_touch_outside_what_was_agreed_says_so(summary_of, session):
    session.add(TouchAgreement("hand", TouchConsent.YES), 4)
    session.dose(20)
    session.add(TouchAgreement("hand", TouchConsent.NO), 25)
    session.add(Touch("hand", begins=True), 30)

    assert "touch begins: hand, outside what was agreed" in summary_of(session).words()


def test_an_item_that_was_emptied_and_an_agreement_that_was_taken_back_stay_legible(summary_of, session):
    session.add(SettingItem(11, "no words in it"), 2)
    session.add(SettingItem(11, ""), 3)
    agreed = session.add(Agreement("the phone is of"), 4)
    session.add(Correction(agreed.entry_id, "taken back", None), 5)
    words = summary_of(session).words()

    assert "setting, music: no words in it" in words
    assert "setting, music: not settled" in words
    assert "agreed: the phone is of" in words
    assert "withdrawn" in words


def test_nothing_of_a_theme_is_on_either_page_not_even_of_one_that_was_corrected(either, session):
    theme = session.add(Theme(CANARY), 2)
    session.add(ThemeState(theme.entry_id, is_open=False), 3)
    session.add(Correction(theme.entry_id, CANARY, Theme(f"{CANARY} too")), 4)
    page = either(session)

    assert CANARY not in page.words()
    assert CANARY.encode() not in page.inside()
