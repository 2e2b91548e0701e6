"""Half-typed lines: what somebody types and has not entered yet."""

from dataclasses import dataclass

from kapnotes.domain.clock import Stamp


@dataclass(frozen=True, slots=True)
class DraftLine:
    """One line as it was last seen; `entry_id` (32 hex digits) is that of the entry which it may become.

    `field` names the line of the window (`typing.NOTE`, `typing.LOG`), `code` the codebook's code it was pressed for.
    `began` is the moment of its first key.
    """

    entry_id: str
    field: str
    code: str
    began: Stamp
    text: str

    def __repr__(self) -> str:
        return f"<half-typed line {self.entry_id}>"
