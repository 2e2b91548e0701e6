"""A half-typed form as one text, which is kept as a draft and which a person can read where no form takes it back."""

from collections.abc import Iterable, Mapping

from kapnotes.domain.text import one_line


def form_text(values: Mapping[str, str]) -> str:
    """Return the fields of a form that hold something, a line for each: its name, a colon, what it holds."""
    return "\n".join(f"{name}: {one_line(value)}" for name, value in values.items() if value.strip())


def form_values(text: str, names: Iterable[str]) -> dict[str, str]:
    """Return what each of the fields *names* held; those that held nothing, and lines of no field, are left out."""
    known = set(names)
    lines = (line.partition(": ") for line in text.splitlines())
    return {name: value for name, sign, value in lines if sign and name in known}
