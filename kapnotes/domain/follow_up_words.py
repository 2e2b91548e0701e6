"""A follow-up in words, the same on the screen and on paper."""

from kapnotes.domain.came_of_it import outcomes
from kapnotes.domain.entries import Block
from kapnotes.domain.follow_up import Contact, FollowUp, TakenUp
from kapnotes.domain.integration_window import WindowState
from kapnotes.domain.words import Translate


def contact_word(contact: Contact, translate: Translate) -> str:
    """Return how the two met."""
    return {
        Contact.IN_PERSON: translate("FollowUp", "in person"),
        Contact.VIDEO: translate("FollowUp", "by video"),
        Contact.PHONE: translate("FollowUp", "by telephone"),
    }[contact]


def taken_up_word(taken_up: TakenUp, translate: Translate) -> str:
    """Return whether a block was taken up."""
    return {
        TakenUp.YES: translate("FollowUp", "taken up"),
        TakenUp.PARTLY: translate("FollowUp", "partly taken up"),
        TakenUp.NO: translate("FollowUp", "not taken up"),
        TakenUp.NOT_TOLD: translate("FollowUp", "not spoken of"),
    }[taken_up]


def block_word(block: Block, translate: Translate) -> str:
    """Return the name of one of the three blocks, short."""
    return {
        Block.WORDS: translate("FollowUp", "words"),
        Block.SHIFTS: translate("FollowUp", "small shifts"),
        Block.ATTENTION: translate("FollowUp", "careful attention"),
    }[block]


def follow_up_in_words(follow_up: FollowUp, translate: Translate) -> str:
    """Return a follow-up in one run of text: who and how, what came of each block that was told, what to carry on."""
    said = [f"{follow_up.held_by}, {contact_word(follow_up.contact, translate)}"]
    for block, outcome in outcomes(follow_up).items():
        if outcome.taken_up is TakenUp.NOT_TOLD and not outcome.text.strip():
            continue
        words = f"{block_word(block, translate)}: {taken_up_word(outcome.taken_up, translate)}"
        said.append(f"{words}, {outcome.text.strip()}" if outcome.text.strip() else words)
    if follow_up.carry.strip():
        said.append(translate("FollowUp", "to carry on: {}").format(follow_up.carry.strip()))
    return "; ".join(said)


def state_word(state: WindowState, translate: Translate) -> str:
    """Return how a window stands that nobody recorded a follow-up in."""
    return {
        WindowState.COMING: translate("FollowUp", "not open yet"),
        WindowState.OPEN: translate("FollowUp", "open"),
        WindowState.DUE_TODAY: translate("FollowUp", "due today"),
        WindowState.OVER: translate("FollowUp", "over, no follow-up recorded"),
    }[state]
