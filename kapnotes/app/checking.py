"""What a line of the vitals log says, looked at before it is kept: can it be, and does it deserve a second look?"""

from dataclasses import replace

from kapnotes.domain.assessed import ComputedScale, EarlyDischarge
from kapnotes.domain.clock import Stamp
from kapnotes.domain.drug_checks import require_possible_stock, unusual_in_trail
from kapnotes.domain.entries import Dose, Infusion, MedicalBody, Vitals
from kapnotes.domain.errors import LeavesEarly, NeedsConfirmation, ScoreDiffers
from kapnotes.domain.limits import BOUNDS, require_possible, require_possible_dose, unusual_dose, unusual_in
from kapnotes.domain.marked import values_before
from kapnotes.domain.record import Record


def checked(body: MedicalBody, record: Record, at: Stamp, *, is_confirmed: bool, but: str = "") -> MedicalBody:
    """Return *body*, which happened *at*, with what a second Enter confirmed; *but* is the entry that it corrects.

    Raises:
        Implausible: a value that cannot be.
        NeedsConfirmation: a value is unusual and *is_confirmed* is not set.
        ScoreDiffers: an item of a scale is typed otherwise than its readings say, and *is_confirmed* is not set.
        LeavesEarly: the protocol's rule is not met, no reason is typed, and *is_confirmed* is not set.
    """
    if isinstance(body, Vitals):
        before = values_before(record, at, but)
        require_possible(body, before)
        body = replace(body, unusual=_confirmed(unusual_in(body, before), is_confirmed=is_confirmed))
    if isinstance(body, Dose | Infusion):
        require_possible_dose(body)
        _confirmed(unusual_dose(body), is_confirmed=is_confirmed)
    require_possible_stock(body)
    _confirmed(unusual_in_trail(record, body, at, but), is_confirmed=is_confirmed)
    if isinstance(body, ComputedScale) and not is_confirmed:
        _require_agreeing(body)
    if isinstance(body, EarlyDischarge) and body.unmet and not body.reason and not is_confirmed:
        raise LeavesEarly("What the protocol asks for is not met yet.")
    return body


def _require_agreeing(scale: ComputedScale) -> None:
    if scale.differing:
        source = scale.differing[0]
        raise ScoreDiffers(
            "Item {item} is typed {typed}; by {name} {value} it is {score}.",
            item=source.item,
            typed=scale.items[source.item - 1],
            name=BOUNDS[source.field].name,
            value=source.value,
            score=source.score,
        )


def _confirmed(unusual: tuple[str, ...], *, is_confirmed: bool) -> tuple[str, ...]:
    if unusual and not is_confirmed:
        raise NeedsConfirmation(unusual)
    return unusual
