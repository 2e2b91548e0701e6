"""Which session of a patient runs: who comes to it joins it, and begins no second one by mistake."""

from collections.abc import Iterable

from kapnotes.app.live_session import LiveSession
from kapnotes.app.seat import Seat, SessionCard
from kapnotes.domain.clock import Stamp, seconds_between
from kapnotes.domain.entries import Stage

RUNS_S = 24 * 3600.0
"""What was opened longer ago and never closed was forgotten, and is joined by nobody unasked [general knowledge]."""


def running_session(
    seats: Iterable[Seat], cards: Iterable[SessionCard], patient_id: str, now: Stamp
) -> SessionCard | None:
    """Return the newest session of that patient that is not closed, None where none runs.

    What is open in one of *seats* counts as it stands; *cards*, read a while ago, tell of the others.
    """
    found = {card.scope_id: card for card in cards}
    found |= {live.scope_id: card for seat in seats for live in seat.live.values() if (card := _card_of(live))}
    running = [
        card
        for card in found.values()
        if card.patient_id == patient_id
        and card.stage is not Stage.CLOSED
        and seconds_between(card.opened_at, now) < RUNS_S
    ]
    return max(running, key=lambda card: card.opened_at.utc_ns, default=None)


def goes_on(live: LiveSession) -> bool:
    """Tell whether the session of a seat is neither closed nor signed by its member, and can be written in."""
    return not live.is_read_only and live.record.stage is not Stage.CLOSED and live.signing.signed() is None


def _card_of(live: LiveSession) -> SessionCard | None:
    record = live.record
    if record.opened is None or record.origin is None:
        return None
    return SessionCard(live.scope_id, live.patient_id, record.opened, record.origin, record.stage)
