"""A lasting line that a person should know and that stops nobody: what is the matter with the place of the vault."""

from dataclasses import dataclass, field


@dataclass(frozen=True)
class Notice:
    """One calm line, an English *template* filled with *facts*, as those of the errors; it stands while it holds."""

    template: str
    facts: dict[str, object] = field(default_factory=dict)

    def __str__(self) -> str:
        return self.template.format(**self.facts)
