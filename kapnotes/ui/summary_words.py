"""What the window of the summary says about lines, parts of the page, authorizations and what has left."""

from datetime import date

from PySide6.QtCore import QCoreApplication

from kapnotes.domain.entries import Entry, SummaryIssued
from kapnotes.domain.page_choice import FixedPart, PagePart
from kapnotes.domain.release_states import Given, LineState, Standing
from kapnotes.domain.words import counted
from kapnotes.ui.times import clock_time


def part_words(part: PagePart) -> str:
    """Return the name of a part that can be left out."""
    translate = QCoreApplication.translate
    return {
        PagePart.FIGURE: translate("Summary", "The course of the session as one figure"),
        PagePart.VITALS: translate("Summary", "Vital signs against the baseline"),
        PagePart.ROOM: translate("Summary", "The room: setting, touch, music"),
        PagePart.EARLIER: translate("Summary", "What came of earlier sessions: your own follow-ups"),
    }[part]


def fixed_words(part: FixedPart) -> tuple[str, str]:
    """Return the name of a part that is always on the page, and why."""
    translate = QCoreApplication.translate
    return {
        FixedPart.HEAD: (
            translate("Summary", "Who, when, and the window"),
            translate("Summary", "a page that does not say so helps nobody"),
        ),
        FixedPart.DRUGS: (
            translate("Summary", "Drugs given"),
            translate("Summary", "whoever goes on must know them"),
        ),
        FixedPart.EVENTS: (
            translate("Summary", "Adverse events and discharge"),
            translate("Summary", "whoever goes on must know them"),
        ),
        FixedPart.AMENDMENTS: (
            translate("Summary", "Amendments"),
            translate("Summary", "what was corrected stays legible"),
        ),
        FixedPart.RELEASE: (
            translate("Summary", "The authorization of each released line"),
            translate("Summary", "it says to whom, for what and until when (45 CFR 164.508)"),
        ),
        FixedPart.SIGNATURES: (
            translate("Summary", "Signatures"),
            translate("Summary", "who signed with what meaning, and who has not"),
        ),
        FixedPart.ABOUT: (
            translate("Summary", "About this page"),
            translate("Summary", "what is missing, and how to prove that it is unchanged"),
        ),
    }[part]


def state_words(state: LineState, *, is_chosen: bool) -> str:
    """Return what stands beside a line; nothing where there is nothing to say."""
    translate = QCoreApplication.translate
    day = state.day.isoformat() if state.day is not None else ""
    said = {
        Standing.UNASKED: translate("Summary", "not authorized") if is_chosen else "",
        Standing.AUTHORIZED: translate("Summary", "authorized until {day}").format(day=day),
        Standing.CHANGED: translate("Summary", "changed since its authorization"),
        Standing.EXPIRED: translate("Summary", "authorization expired {day}").format(day=day),
        Standing.REVOKED: translate("Summary", "revoked {day}").format(day=day),
        Standing.ELSEWHERE: translate("Summary", "released to {recipient}").format(recipient=state.recipient),
    }[state.standing]
    if not is_chosen:
        return said
    if state.standing is Standing.AUTHORIZED:
        return translate("Summary", "on the page, {state}").format(state=said)
    return translate("Summary", "{state}: not on the page").format(state=said)


def given_words(given: Given, on: date) -> str:
    """Return an authorization as a row of the list."""
    translate = QCoreApplication.translate
    said, count = given.release.authorization, len(given.release.lines)
    one = translate("Summary", "{day}  released to {recipient}: {count} line, until {until}")
    many = translate("Summary", "{day}  released to {recipient}: {count} lines, until {until}")
    text = counted(
        count,
        one,
        many,
        day=given.entry.entered.local().date().isoformat(),
        recipient=said.recipient,
        until=said.expires_on.isoformat(),
    )
    if given.revoked is not None:
        revoked = given.revoked.entered.local().date().isoformat()
        return text + translate("Summary", " \N{EM DASH} revoked {day}").format(day=revoked)
    if said.expires_on < on:
        return text + translate("Summary", " \N{EM DASH} expired")
    return text


def issued_words(entry: Entry, issued: SummaryIssued) -> str:
    """Return what left the program as a row of the list."""
    translate = QCoreApplication.translate
    one = translate("Summary", "{day} {time}  {document} for {recipient}: {count} released line on it")
    many = translate("Summary", "{day} {time}  {document} for {recipient}: {count} released lines on it")
    return counted(
        issued.released_count,
        one,
        many,
        day=entry.entered.local().date().isoformat(),
        time=clock_time(entry.entered),
        document=issued.document,
        recipient=issued.recipient or translate("Summary", "nobody named"),
    )
