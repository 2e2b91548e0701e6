"""What a medical seat can read of a session: the only thing that is handed out as data."""

from collections.abc import Iterator
from dataclasses import dataclass

from kapnotes.domain.clock import Stamp
from kapnotes.domain.entries import (
    Addendum,
    Correction,
    Entry,
    LateEntry,
    MedicalBody,
    SessionOpened,
    TakenBy,
    content_of,
)
from kapnotes.domain.errors import KapnotesError
from kapnotes.domain.record import Record
from kapnotes.domain.response_scale import ResponseScale
from kapnotes.export.summary import without_therapy

CourseBody = MedicalBody | ResponseScale
"""What is told of a session as data: the medical course, and what the patient answered."""


@dataclass(frozen=True, slots=True)
class Version:
    """What an entry said at some time: at first, or by a correction.

    `entry` is what was entered at first, `said_in` the entry that says it: the same, or a correction. `replaces` is
    what that correction corrects. One version of an entry stands at most; the others were mistakes of data.
    """

    entry: Entry
    said_in: Entry
    body: CourseBody
    stands: bool
    is_late: bool = False
    replaces: "Version | None" = None

    @property
    def happened(self) -> Stamp:
        """Return when it happened; a correction of what happened leaves it there."""
        return self.entry.happened

    @property
    def entered(self) -> Stamp:
        """Return when this was said."""
        return self.said_in.entered

    @property
    def author_id(self) -> str:
        """Return who entered it."""
        return self.entry.author_id

    @property
    def key(self) -> tuple[str, str]:
        """Return author and id of the entry that says it: ids are chosen by their author."""
        return self.said_in.author_id, self.said_in.entry_id

    @property
    def is_by_patient(self) -> bool:
        """Tell whether the patient measured, took or answered it."""
        return isinstance(self.body, ResponseScale) or getattr(self.body, "taken_by", TakenBy.STAFF) is TakenBy.PATIENT

    @property
    def amendment(self) -> LateEntry | Addendum | None:
        """Return how it was added afterwards, None for what was noted then."""
        return self.entry.body if isinstance(self.entry.body, LateEntry | Addendum) else None

    @property
    def remark(self) -> str:
        """Return how it came about, where it was not just noted: added late, corrected, and why."""
        said: list[str] = []
        match self.entry.body:
            case LateEntry(reason):
                said.append(f"late entry: {reason}")
            case Addendum(_, reason):
                said.append(f"addendum: {reason}")
            case _ if self.is_late:
                said.append("late entry")
        if isinstance(self.said_in.body, Correction):
            said.append(f"correction: {self.said_in.body.reason}")
        return "; ".join(said)


class MedicalRecord:
    """A session without anything from process notes; whatever record it is made from.

    What leaves the program as data is made from this alone, so that no process note gets there by a slip.

    Raises:
        KapnotesError: the beginning of the session is not there.
    """

    def __init__(self, record: Record) -> None:
        self.record = without_therapy(record)
        opened = self.record.opened
        if opened is None or self.record.origin is None:
            raise KapnotesError("The beginning of this session cannot be read; kapnotes verify says what is damaged.")
        self.opened: SessionOpened = opened
        self.began: Stamp = self.record.origin
        self._labels = {self.record.persons.began(one.member_id): one.label for one in opened.participants}

    def person(self, member_id: str) -> str:
        """Return the label of that member, or the beginning of the id where nobody of that id took part."""
        return self._labels.get(self.record.persons.began(member_id)) or f"member {member_id[:8]}"

    def versions(self) -> list[Version]:
        """Return all that was ever said of the medical course, in the order in which it happened, originals first."""
        roots = (entry for entry in self.record.entries if not isinstance(entry.body, Correction))
        found = [version for root in roots for version in self._versions_of(root)]
        return sorted(found, key=lambda version: self.record.position_s(version.happened))

    def standing(self) -> list[Version]:
        """Return what stands, in the order in which it happened."""
        return [version for version in self.versions() if version.stands]

    def _versions_of(self, root: Entry) -> Iterator[Version]:
        now = self.record.as_it_stands(root)
        said: list[tuple[Entry, CourseBody, int | None]] = []
        waiting: list[tuple[Entry, int | None]] = [(root, None)]
        for entry, replaces in waiting:
            content = content_of(entry.body)
            if isinstance(content, CourseBody):
                said.append((entry, content, replaces))
                replaces = len(said) - 1
            corrections = self.record.corrections_of(entry.entry_id, entry.author_id)
            waiting.extend((one, replaces) for one in corrections)
        standing = [place for place, (_, body, _) in enumerate(said) if now is not None and body is now.body]
        made: list[Version] = []
        for place, (entry, body, of) in enumerate(said):
            replaced = made[of] if of is not None else None
            made.append(Version(root, entry, body, standing[-1:] == [place], self.record.is_late(root), replaced))
        return iter(made)
