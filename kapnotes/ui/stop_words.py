"""What the log says behind the step "infusion stopped": what became of the infusion itself."""

from PySide6.QtCore import QCoreApplication

from kapnotes.domain.emergency_timeline import of_the_same_key, runs_on_at
from kapnotes.domain.entries import Entry, Infusion
from kapnotes.domain.record import Record
from kapnotes.ui.emergency_strip import words_of_step
from kapnotes.ui.times import clock_time


def stop_words(record: Record, entry: Entry) -> str:
    """Return that the infusion is stopped in the drugs with the step *entry*, or that it runs on; else nothing."""
    translate = QCoreApplication.translate
    step = record.as_it_stands(entry)
    if step is None:
        return ""
    if of_the_same_key(step, record.entries_of(Infusion), record.persons) is not None:
        return translate("StopWords", "{}, in the drugs too.").format(words_of_step(step))
    if any(one.entry_id == step.entry_id for one in runs_on_at(record)):
        words = translate("StopWords", "{step}, but in the drugs the infusion runs on then. What stops it there: {how}")
        how = translate("StopWords", "late {} why: inf 0").format(clock_time(step.happened))
        return words.format(step=words_of_step(step), how=how)
    return ""
