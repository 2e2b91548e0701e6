"""What of a session holds its start by the protocol. It asks for a reason; it never forbids a dose that was given.

The start is held where a value that the protocol names is *above* its limit before the first dose (at 140 it starts, at
141 it is held), where such a value was not measured, and where the protocol asks for a baseline and there is none.

Source: CANMAT, "no start above 140/90", by way of the field notes; that the limit itself still starts follows from it.
"""

from decimal import Decimal

from kapnotes.domain.clock import Stamp
from kapnotes.domain.entries import Dose, Infusion, MedicalBody, NotTaken, Vitals
from kapnotes.domain.errors import Misread
from kapnotes.domain.limits import BOUNDS, values_of
from kapnotes.domain.record import Record
from kapnotes.domain.shorthand import MAX_LINE
from kapnotes.domain.start_hold import HeldValue, StartHold
from kapnotes.domain.text import hidden_sign_at
from kapnotes.domain.typed_words import tokens_of

WORD = "hold"
_GIVING = {"dose", "inf"}


def starts(body: MedicalBody) -> bool:
    """Tell whether *body* would give the session's drug: a dose that is no rescue drug, or an infusion that runs."""
    if isinstance(body, Infusion):
        return body.rate_mg_per_min > 0
    return isinstance(body, Dose) and not body.is_rescue


def start_hold(record: Record, reason: str = "", *, until: Stamp | None = None) -> StartHold | None:
    """Return what holds the start, or held it when the first dose was given, with *reason*; None where nothing does.

    The newest value of each kind before the start decides, so a pressure taken once more counts as soon as it is there;
    of a dose that is typed now and was begun earlier, those *until* then. What is furthest above its limit comes first.
    """
    protocol = record.protocol
    if protocol is None:
        return None
    before = _before_the_start(record, until)
    if not any("systolic_mmhg" in values for values in before):
        return StartHold(reason) if _wants_baseline(record) and not _is_explained(record) else None
    newest: dict[str, Decimal] = {}
    for values in before:
        newest |= values
    held = [
        HeldValue(field, newest.get(field), limit)
        for field, limit in protocol.hold_start.items()
        if field not in newest or newest[field] > limit
    ]
    return StartHold(reason, tuple(sorted(held, key=_by_severity))) if held else None


def is_answered(record: Record, hold: StartHold) -> bool:
    """Tell whether a reason was given for these very values; other values are asked about anew."""
    return any(given.held == hold.held for _, given in record.of(StartHold))


def open_hold(record: Record) -> StartHold | None:
    """Return what holds the start, or held it, and has no reason yet; None where nothing does."""
    hold = start_hold(record)
    return None if hold is None or is_answered(record, hold) else hold


def lacks_baseline(record: Record) -> bool:
    """Tell whether there is no baseline, and no word of why: neither "not taken" nor a reason for the start."""
    is_reasoned = any(not given.held for _, given in record.of(StartHold))
    return record.baseline is None and not is_reasoned and not _is_explained(record)


def split_hold(line: str) -> tuple[str, str, int] | None:
    """Return the dose of `inf 35/40 hold why`, why it starts all the same, and the column of the word; None without it.

    The reason may stand alone: then the dose is empty.

    Raises:
        Misread: there is no reason.
    """
    if len(line) > MAX_LINE or hidden_sign_at(line) is not None:
        return None  # `read_line` refuses the whole of it and says why
    tokens = tokens_of(line)
    if not tokens or tokens[0].text.casefold() not in {*_GIVING, WORD}:
        return None
    word = next((token for token in tokens if token.text.casefold() == WORD), None)
    if word is None:
        return None
    said = next((token for token in tokens if token.column > word.column and token.text.casefold() != WORD), None)
    reason = line[said.column :].strip() if said is not None else ""  # the window types the word too: once is enough
    if not reason:
        raise Misread("Say why it starts all the same, as in hold rechecked by hand.", len(line))
    return line[: word.column].rstrip(), reason, word.column


def held_words(hold: StartHold) -> str:
    """Return what holds, in one phrase."""
    if not hold.held:
        return "there is no baseline"
    return ", ".join(_value_words(one) for one in hold.held)


def _value_words(one: HeldValue) -> str:
    name = BOUNDS[one.field].name
    if one.value is None:
        return f"{name} not measured (limit {one.limit})"
    return f"{name} {one.value} above {one.limit}"


def _by_severity(one: HeldValue) -> tuple[Decimal, int]:
    """Sort what is furthest above its limit first, by the share of the limit; what was not measured comes last."""
    excess = Decimal(0) if one.value is None else (one.value - one.limit) / one.limit
    return -excess, list(BOUNDS).index(one.field)


def _before_the_start(record: Record, until: Stamp | None) -> list[dict[str, Decimal]]:
    return [
        values_of(vitals)
        for entry, vitals in record.of(Vitals)
        if _is_before(record, entry.happened) and (until is None or record.between_s(entry.happened, until) >= 0)
    ]


def _is_explained(record: Record) -> bool:
    """Tell whether the baseline was not taken, with its reason, before the start."""
    return any(_is_before(record, entry.happened) for entry, _ in record.of(NotTaken))


def _is_before(record: Record, stamp: Stamp) -> bool:
    first = record.first_dose
    return first is None or record.between_s(stamp, first) >= 0


def _wants_baseline(record: Record) -> bool:
    return record.protocol is not None and any(rule.at == "baseline" for rule in record.protocol.vitals)
