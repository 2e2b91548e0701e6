"""The allergies in sight: what was said today, then what is noted with the patient; nobody answers for a person."""

import pytest

from kapnotes.domain.allergies import allergies_in_words
from kapnotes.domain.assessed import ChecklistAnswer, CheckState
from kapnotes.domain.words import in_english

YES, NO, OPEN = CheckState.YES, CheckState.NO, CheckState.OPEN


@pytest.mark.parametrize(
    ("answer", "noted", "words"),
    [
        (None, None, ""),
        (None, "", "Allergies: not gone through yet"),
        (None, "penicillin", "Allergies: penicillin (not gone through yet)"),
        ((OPEN, "latex"), None, "Allergies: latex (not gone through yet)"),
        ((YES, ""), None, "Allergies: none noted"),
        ((CheckState.NOT_APPLICABLE, ""), "", "Allergies: none noted"),
        ((NO, ""), "", "Allergies: not gone through yet"),
        ((YES, "latex"), "penicillin,\nnuts", "Allergies: latex · penicillin, nuts"),
        ((YES, "Penicillin"), "penicillin", "Allergies: Penicillin"),
    ],
)
def test_what_stands_in_sight(script, answer, noted, words):
    if answer is not None:
        script.add(ChecklistAnswer("allergies", CheckState.YES, "an older word"))
        script.add(ChecklistAnswer("allergies", *answer))

    assert allergies_in_words(script.record, noted, in_english) == words
