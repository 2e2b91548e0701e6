"""One session as a line of its course: number, day, route, what was given, what was answered, what came of it."""

from dataclasses import dataclass, field
from decimal import Decimal

from kapnotes.domain.clock import Stamp
from kapnotes.domain.entries import Dose, Infusion, Route, SessionOpened, Stage
from kapnotes.domain.follow_up import FollowUp
from kapnotes.domain.integration_window import IntegrationWindow, integration_window, is_followed_up
from kapnotes.domain.record import Record
from kapnotes.domain.response_scale import ResponseScale


@dataclass(frozen=True, slots=True)
class Given:
    """What was given in a session: the drugs, mg in all, and mg per kg by that session's weight where one is noted."""

    drugs: str
    given_mg: Decimal
    per_kg_mg: Decimal | None


@dataclass(frozen=True, slots=True)
class CourseRow:
    """One session of a course, as far as its reader may read it.

    `given` is None where nothing was given; `sees_doses` tells whether the reader would know. `responses` and
    `follow_ups` stand with when they were answered and held. `window` is None where no end of dosing is recorded.
    """

    scope_id: str
    opened: SessionOpened
    opened_at: Stamp
    stage: Stage
    sees_doses: bool
    given: Given | None
    responses: tuple[tuple[Stamp, ResponseScale], ...] = field(repr=False)
    follow_ups: tuple[tuple[Stamp, FollowUp], ...] = field(repr=False)
    is_followed_up: bool
    window: IntegrationWindow | None

    @property
    def number(self) -> int:
        """Return the number of the session."""
        return self.opened.number

    @property
    def route(self) -> Route:
        """Return the route that it was opened for."""
        return self.opened.route


def course_row(
    record: Record, scope_id: str, now: Stamp, window_h: tuple[int, int], *, sees_doses: bool
) -> CourseRow | None:
    """Return the line of a session as it stands at *now*; None where its beginning cannot be read."""
    if record.opened is None or record.origin is None:
        return None
    return CourseRow(
        scope_id=scope_id,
        opened=record.opened,
        opened_at=record.origin,
        stage=record.stage,
        sees_doses=sees_doses,
        given=_given(record, now),
        responses=tuple((entry.happened, scale) for entry, scale in record.of(ResponseScale)),
        follow_ups=tuple((entry.happened, follow_up) for entry, follow_up in record.of(FollowUp)),
        is_followed_up=is_followed_up(record),
        window=integration_window(record, window_h),
    )


def _given(record: Record, now: Stamp) -> Given | None:
    if record.first_dose is None:
        return None
    drugs = [dose.drug for _, dose in record.of(Dose) if not dose.is_rescue]
    drugs += [infusion.drug for _, infusion in record.of(Infusion)]
    return Given(", ".join(dict.fromkeys(drugs)), record.given_mg(now), record.given_mg_per_kg(now))
