"""What a therapist settles around a session: one entry for each thing, and none for what holds already."""

import pytest

from kapnotes.app.preparing import Preparing
from kapnotes.app.typed_fields import CARD, THEME
from kapnotes.domain.around import Agreement, SettingItem, Theme, ThemeState, TouchAgreement, TouchConsent
from kapnotes.domain.entries import Intention
from kapnotes.domain.errors import KapnotesError, Misread
from kapnotes.domain.members import SHARED
from kapnotes.domain.places import place_of
from kapnotes.domain.preparation import ITEMS, touch_agreed

YES, ASK, NO = TouchConsent.YES, TouchConsent.ASK, TouchConsent.NO
WORDS = {"yes": YES, "ask": ASK, "no": NO}


@pytest.fixture
def preparing(team):
    return Preparing(team[3])


def test_touch_agreements_and_the_card_are_for_everybody_and_themes_for_the_therapist_alone(team, preparing):
    house, therapist, _, pad, log = team
    preparing.intention("to look")
    preparing.theme("water")
    preparing.agree("a raised hand")
    preparing.touch("hand", YES)
    preparing.card(11, "no words")

    assert [body.text for _, body in log.record.of(Agreement)] == ["a raised hand"]
    assert touch_agreed(log.record) == {"hand": YES}
    assert [body for _, body in log.record.of(SettingItem)] == [SettingItem(11, "no words")]
    assert log.record.of(Theme) == log.record.of(Intention) == []
    for kind in (Intention, Theme, Agreement, TouchAgreement, SettingItem):
        assert len(house.on_disk(therapist, pad).of(kind)) == 1
    assert place_of(Theme("water"), therapist.member) == therapist.member.therapy
    assert place_of(ThemeState("0" * 32, is_open=False), therapist.member) == therapist.member.therapy
    assert place_of(SettingItem(11, ""), therapist.member) == SHARED


def test_what_holds_already_is_no_entry(team, preparing):
    pad = team[3]
    preparing.intention("to look")
    preparing.touch("hand", YES)
    preparing.card(11, "no words")
    before = list(pad.record.entries)

    assert preparing.intention("to look") is None
    assert preparing.touch(" Hand ", YES) is None
    assert preparing.card(11, " no words ") is None
    assert preparing.card(5, "") is None
    assert pad.record.entries == before


@pytest.mark.parametrize(
    ("line", "area", "consent"),
    [("left knee ask", "left knee", ASK), ("  top of head   NO ", "top of head", NO), ("yes yes", "yes", YES)],
)
def test_a_line_names_an_area_and_ends_with_the_consent(preparing, line, area, consent):
    entry = preparing.touch_line(line, WORDS)

    assert entry.body == TouchAgreement(area, consent)


@pytest.mark.parametrize("line", ["left knee", "ask", "knee maybe", "", "no  "])
def test_a_line_without_an_area_or_a_consent_is_misread_at_its_end(preparing, line):
    with pytest.raises(Misread) as caught:
        preparing.touch_line(line, WORDS)

    assert caught.value.column == len(line)


def test_during_dosing_nothing_widens_and_the_reason_is_said(team, preparing):
    log = team[4]
    preparing.touch("hand", ASK)
    log.log("dose 35 im hold no cuff")

    with pytest.raises(KapnotesError, match="only narrowed"):
        preparing.touch("hand", YES)
    with pytest.raises(KapnotesError, match="only be a no"):
        preparing.touch_line("foot ask", WORDS)
    preparing.touch("hand", NO)
    preparing.touch("foot", NO)
    assert touch_agreed(log.record) == {"hand": NO, "foot": NO}


def test_a_lone_surrogate_and_a_right_to_left_word_are_kept_as_they_can_be(preparing):
    assert preparing.theme("a\ud800b ثم").body == Theme("a\ufffdb ثم")


def test_what_is_half_typed_elsewhere_keeps_its_own_line(team, preparing):
    pad = team[3]
    typed = pad.typing.begin("note", "half a thought")
    entry = preparing.theme("water")

    assert pad.typing.half_typed("note") is typed
    assert entry.entry_id != typed.entry_id
    assert pad.typing.half_typed(THEME) is None


def test_every_item_of_the_card_has_a_line_of_its_own():
    assert tuple(CARD.values()) == ITEMS
