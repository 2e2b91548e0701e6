"""A session as a line of a list."""

from PySide6.QtCore import QCoreApplication

from kapnotes.app.seat import SessionCard
from kapnotes.ui.session_words import route_word, stage_word


def session_line(card: SessionCard) -> str:
    """Return when it was opened, the patient's code, its number, route and stage."""
    opened_at = card.opened_at.local()
    wording = QCoreApplication.translate("Wording", "{day}  {time}   {code} · session {number} · {route} · {stage}")
    return wording.format(
        day=f"{opened_at:%Y-%m-%d}",
        time=f"{opened_at:%H:%M}",
        code=card.opened.patient_code,
        number=card.opened.number,
        route=route_word(card.opened.route),
        stage=stage_word(card.stage),
    )
