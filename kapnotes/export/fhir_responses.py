"""PHQ-9 and GAD-7 as FHIR Observations: the total with its band, and every item with a code of its own.

Source: LOINC 44261-6 and 70274-6 (the totals), and the codes of the items in LOINC's panels 44249-1 and 69737-5.
"""

from collections.abc import Iterator

from kapnotes.domain.response_scale import GAD7, PHQ9, ResponseScale
from kapnotes.domain.response_words import band_word, difficulty_text, item_texts, response_title
from kapnotes.domain.words import in_english
from kapnotes.export.fhir_codes import ABSENT, LOINC, Coded, Json
from kapnotes.export.fhir_readings import observation
from kapnotes.export.fhir_session import FhirSession, Told, text
from kapnotes.export.medical import Version

_TOTALS = {
    PHQ9: ("44261-6", "Patient Health Questionnaire 9 item (PHQ-9) total score [Reported]"),
    GAD7: ("70274-6", "Generalized anxiety disorder 7 item (GAD-7) total score [Reported.PHQ]"),
}
_ITEMS = {
    PHQ9: (
        "44250-9", "44255-8", "44259-0", "44254-1", "44251-7", "44258-2", "44252-5", "44253-3", "44260-8",
    ),
    GAD7: ("69725-0", "68509-9", "69733-4", "69734-2", "69735-9", "69689-8", "69736-7"),
}  # fmt: skip
_DIFFICULTY = "69722-7"


def response(session: FhirSession, version: Version, body: ResponseScale) -> Iterator[Told]:
    """Give a scale with its total, or why there is none, and every item, answered or not."""
    if body.name not in _TOTALS:
        return
    code, display = _TOTALS[body.name]
    coded = Coded(((LOINC, code, display),), response_title(body.name, in_english), is_vital=False)
    texts = item_texts(body.name, in_english)
    named = zip(_ITEMS[body.name], texts, body.items, strict=False)
    parts = [_item(item_code, said, answer) for item_code, said, answer in named]
    if body.difficulty is not None:
        parts.append(_item(_DIFFICULTY, difficulty_text(in_english), body.difficulty))
    said: Json = {"component": parts}
    if body.total is None:
        said |= _absent("not-performed")
    else:
        said["valueInteger"] = body.total
    if body.band is not None:
        said["interpretation"] = [{"text": text(band_word(body.band, in_english))}]
    yield observation(session, version, coded, "response", **said)


def _item(code: str, said: str, answer: int | None) -> Json:
    concept = {"coding": [{"system": LOINC, "code": code}], "text": said}
    return {"code": concept, **(_absent("unknown") if answer is None else {"valueInteger": answer})}


def _absent(code: str) -> Json:
    return {"dataAbsentReason": {"coding": [{"system": ABSENT, "code": code}]}}
