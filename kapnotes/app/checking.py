"""What a line of the vitals log says, looked at before it is kept: can it be, and does it deserve a second look?"""

from dataclasses import replace

from kapnotes.domain.clock import Stamp
from kapnotes.domain.drug_checks import require_possible_stock, unusual_in_trail
from kapnotes.domain.entries import Dose, Infusion, MedicalBody, Vitals
from kapnotes.domain.errors import NeedsConfirmation
from kapnotes.domain.limits import require_possible, require_possible_dose, unusual_dose, unusual_in
from kapnotes.domain.marked import values_before
from kapnotes.domain.record import Record


def checked(body: MedicalBody, record: Record, at: Stamp, *, is_confirmed: bool, but: str = "") -> MedicalBody:
    """Return *body*, which happened *at*, with what a second Enter confirmed; *but* is the entry that it corrects.

    Raises:
        Implausible: a value that cannot be.
        NeedsConfirmation: a value is unusual and *is_confirmed* is not set.
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
    return body


def _confirmed(unusual: tuple[str, ...], *, is_confirmed: bool) -> tuple[str, ...]:
    if unusual and not is_confirmed:
        raise NeedsConfirmation(unusual)
    return unusual
