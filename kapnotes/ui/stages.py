"""Going on to the next stage of a session by one key, pressed twice: there is no way back."""

from PySide6.QtCore import QCoreApplication

from kapnotes.app.live_session import LiveSession
from kapnotes.domain.entries import Stage
from kapnotes.domain.touch import touches
from kapnotes.ui.keys import sequence_of
from kapnotes.ui.session_words import stage_word
from kapnotes.ui.touch_words import area_word

ORDER = (Stage.PREPARATION, Stage.DOSING, Stage.RETURN, Stage.CLOSING, Stage.CLOSED)


class StageKey:
    """What the key does now."""

    def __init__(self, live: LiveSession) -> None:
        self._live = live
        self._asked_at_entry = -1

    def press(self) -> str:
        """Go on, or say what has to come first; returns the line of news."""
        translate = QCoreApplication.translate
        record = self._live.record
        stage = record.stage
        if stage is Stage.CLOSED:
            return translate("Stages", "The session is closed.")
        if stage is Stage.PREPARATION and record.first_dose is None:
            return translate("Stages", "Dosing begins with the first dose in the vitals log; nothing to press.")
        following = ORDER[ORDER.index(stage) + 1]
        if self._asked_at_entry != len(record.entries):
            self._asked_at_entry = len(record.entries)
            is_on = record.infusion_is_running or record.infusion_is_paused
            infusion = [translate("Stages", "the infusion")] if is_on else []
            touched = [translate("Stages", "touch: {}").format(area_word(area)) for area in touches(record)]
            running = ", ".join([*infusion, *record.active_states(), *touched])
            question = translate("Stages", "{key} once more: {stage}.").format(
                key=sequence_of("pad_stage"), stage=stage_word(following)
            )
            hint = translate("Stages", "Still running: {}.").format(running) if running else ""
            return f"{question} {hint}".strip()
        self._live.enter_stage(following)
        return translate("Stages", "Now: {}.").format(stage_word(following))
