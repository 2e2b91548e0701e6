"""The words of PHQ-9 and GAD-7: their items, their answers, and a scored one in a line.

Source: PHQ-9 and GAD-7, developed by Drs. R. L. Spitzer, J. B. W. Williams, K. Kroenke and colleagues with an
educational grant from Pfizer Inc.; no permission required to reproduce, translate, display or distribute.
"""

from kapnotes.domain.response_scale import GAD7, PHQ9, Band, ResponseScale
from kapnotes.domain.words import Translate


def response_title(name: str, translate: Translate) -> str:
    """Return the name of a scale as it is written."""
    return {PHQ9: translate("Response", "PHQ-9"), GAD7: translate("Response", "GAD-7")}.get(name, name)


def stem(translate: Translate) -> str:
    """Return the question before the items, the same for both scales."""
    return translate(
        "Response", "Over the last 2 weeks, how often have you been bothered by any of the following problems?"
    )


def item_texts(name: str, translate: Translate) -> tuple[str, ...]:
    """Return the items of a scale, in their order."""
    if name == PHQ9:
        return (
            translate("Response", "Little interest or pleasure in doing things"),
            translate("Response", "Feeling down, depressed, or hopeless"),
            translate("Response", "Trouble falling or staying asleep, or sleeping too much"),
            translate("Response", "Feeling tired or having little energy"),
            translate("Response", "Poor appetite or overeating"),
            translate(
                "Response",
                "Feeling bad about yourself — or that you are a failure or have let yourself or your family down",
            ),
            translate(
                "Response", "Trouble concentrating on things, such as reading the newspaper or watching television"
            ),
            translate(
                "Response",
                "Moving or speaking so slowly that other people could have noticed? Or the opposite — being so fidgety"
                " or restless that you have been moving around a lot more than usual",
            ),
            translate("Response", "Thoughts that you would be better off dead or of hurting yourself in some way"),
        )
    return (
        translate("Response", "Feeling nervous, anxious or on edge"),
        translate("Response", "Not being able to stop or control worrying"),
        translate("Response", "Worrying too much about different things"),
        translate("Response", "Trouble relaxing"),
        translate("Response", "Being so restless that it is hard to sit still"),
        translate("Response", "Becoming easily annoyed or irritable"),
        translate("Response", "Feeling afraid as if something awful might happen"),
    )


def answer_words(translate: Translate) -> tuple[str, ...]:
    """Return what the answers 0 to 3 say."""
    return (
        translate("Response", "not at all"),
        translate("Response", "several days"),
        translate("Response", "more than half the days"),
        translate("Response", "nearly every day"),
    )


def difficulty_text(translate: Translate) -> str:
    """Return the question behind the items."""
    return translate(
        "Response",
        "If you checked off any problems, how difficult have these problems made it for you to do your work, take care"
        " of things at home, or get along with other people?",
    )


def difficulty_words(translate: Translate) -> tuple[str, ...]:
    """Return what the answers 0 to 3 to that question say."""
    return (
        translate("Response", "not difficult at all"),
        translate("Response", "somewhat difficult"),
        translate("Response", "very difficult"),
        translate("Response", "extremely difficult"),
    )


def band_word(band: Band, translate: Translate) -> str:
    """Return a band in words."""
    return {
        Band.MINIMAL: translate("Response", "minimal"),
        Band.MILD: translate("Response", "mild"),
        Band.MODERATE: translate("Response", "moderate"),
        Band.MODERATELY_SEVERE: translate("Response", "moderately severe"),
        Band.SEVERE: translate("Response", "severe"),
    }[band]


def unanswered_words(scale: ResponseScale, translate: Translate) -> str:
    """Return which items have no answer, so that there is no total; nothing where all have one."""
    if scale.is_complete:
        return ""
    words = translate("Response", "not complete, no total: item {items} without an answer")
    return words.format(items=", ".join(map(str, scale.unanswered)) or "?")


def self_harm_words(scale: ResponseScale, translate: Translate) -> str:
    """Return that item 9 of PHQ-9 is above zero, and how it was answered; nothing for all else."""
    answer = scale.self_harm
    if not answer:
        return ""
    words = translate(
        "Response", "item 9 is {answer} ({words}): thoughts of death or self-harm, for a clinician to read"
    )
    said = answer_words(translate)
    return words.format(answer=answer, words=said[answer] if answer < len(said) else answer)


def result_words(scale: ResponseScale, translate: Translate) -> str:
    """Return total and band, or which items lack an answer."""
    total, band = scale.total, scale.band
    if total is None:
        return unanswered_words(scale, translate)
    return f"{total}, {band_word(band, translate)}" if band is not None else str(total)


def items_words(scale: ResponseScale) -> str:
    """Return the answers in their order, - for none."""
    return " ".join("-" if item is None else str(item) for item in scale.items)


def response_in_words(scale: ResponseScale, translate: Translate) -> str:
    """Return a scale in one line: total and band, the items, the difficulty, and item 9 of PHQ-9 above zero."""
    said = [
        f"{response_title(scale.name, translate)} {result_words(scale, translate)}",
        f"({items_words(scale)})",
    ]
    parts = [" ".join(said)]
    if scale.difficulty is not None and 0 <= scale.difficulty < len(difficulty_words(translate)):
        parts.append(difficulty_words(translate)[scale.difficulty])
    parts.append(self_harm_words(scale, translate))
    return " · ".join(part for part in parts if part)
