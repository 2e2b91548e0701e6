"""Which files in the folder are the vault's: what a closing record holds, what a backup takes, what is a stranger's."""

from pathlib import Path

COMPARTMENT = ".kapdb"
DRAFT = ".draft"
KEPT = (COMPARTMENT, DRAFT)
"""Ends of the names of what must never be lost: compartments and what is half-typed."""

JOURNAL = "-journal"
"""What SQLite adds to the name of a file while it writes it."""
BESIDE = frozenset({"closing", ".lock", "attempts", ".ballast", "restored", "backups"})
"""What the program keeps beside them and can do without."""


def kept_files(folder: Path) -> list[Path]:
    """Return the files that hold what was entered or typed, by name."""
    return sorted(path for path in folder.iterdir() if path.suffix in KEPT) if folder.is_dir() else []


def strangers(folder: Path) -> list[str]:
    """Return the names of what lies in the folder and is none of the vault's."""
    return sorted(path.name for path in folder.iterdir() if not _is_ours(path.name)) if folder.is_dir() else []


def _is_ours(name: str) -> bool:
    whole = name.removesuffix(".part")  # what a write left that was cut short
    return name in BESIDE or whole in BESIDE or whole.endswith((*KEPT, COMPARTMENT + JOURNAL))
