"""What the vault found wrong, one line each, and what that means for a command's exit code."""

from dataclasses import dataclass

PRECEDENCE = (6, 5, 4, 2, 3, 1)


@dataclass(frozen=True, slots=True)
class Finding:
    """One line that a person reads; `code` is its exit code, 0 where it is only worth knowing."""

    file: str
    code: int
    line: str


@dataclass(frozen=True, slots=True)
class Report:
    """What `verify` saw: its findings, how many entries it checked, and whether it could read any contents."""

    findings: tuple[Finding, ...]
    contents_read: bool
    entries: int

    @property
    def exit_code(self) -> int:
        """Return 0 if nothing is wrong, or the code that weighs most."""
        codes = {finding.code for finding in self.findings}
        return next((code for code in PRECEDENCE if code in codes), 0)
