"""Failed sign-ins reach the audit trail with the next member who signs in: nobody else can write there."""

from typing import TYPE_CHECKING

from kapnotes.domain.audit_acts import SIGN_IN_FAILED

if TYPE_CHECKING:
    from kapnotes.app.seat import Seat
    from kapnotes.vault.library import Library


def report_failed_sign_ins(seat: "Seat", library: "Library") -> None:
    """Write what is not reported yet, each with its own time. On the writer's thread.

    Killed half-way, what stands already is written once more at the next sign-in: rather twice than never.
    """
    told = library.unreported_sign_ins()
    if not told or seat.is_read_only:
        return
    for failure in told.failures:
        seat.audit_now(SIGN_IN_FAILED, failure.member, failure.happened)
    if told.further:
        seat.audit_now(f"sign-in failed, {told.further} further times")
    if told.is_lost:
        seat.audit_now("list of failed sign-ins was lost")
    library.report_sign_ins(told)
