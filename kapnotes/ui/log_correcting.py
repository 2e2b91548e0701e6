"""The line of the log while it corrects an entry: what became of the infusion and of the stage is said with it."""

from kapnotes.domain.emergency_step import EmergencyAct, EmergencyStep
from kapnotes.domain.emergency_timeline import of_the_same_key
from kapnotes.domain.entries import Dose, Entry, Infusion, Stage
from kapnotes.ui.correcting import Correcting
from kapnotes.ui.stop_words import stop_words


class LogCorrecting(Correcting):
    """Correcting, taking back and undoing by keys, in one log."""

    def corrected_words(self, target: Entry) -> str:
        """Return that *target* was corrected, and of a step about a stop of the infusion what the drugs say."""
        record = self._window.live.record
        stopped = stop_words(record, target)
        if stopped:
            return self.tr("Corrected. {}").format(stopped)
        was_stop = isinstance(target.body, EmergencyStep) and target.body.act is EmergencyAct.INFUSION_STOPPED
        if was_stop and of_the_same_key(target, record.entries_of(Infusion), record.persons) is not None:
            return self.tr("Corrected. In the drugs the infusion is stopped as before; that row is one of its own.")
        return f"{super().corrected_words(target)}{self._stage_words(target)}"

    def taken_back_words(self, entry: Entry) -> str:
        """Return that *entry* was taken back, and that the stage went with it."""
        return f"{super().taken_back_words(entry)}{self._stage_words(entry)}"

    def _stage_words(self, entry: Entry) -> str:
        record = self._window.live.record
        is_before = record.first_dose is None and record.stage is Stage.PREPARATION
        return self.tr(" No dose stands: preparation.") if isinstance(entry.body, Dose | Infusion) and is_before else ""
