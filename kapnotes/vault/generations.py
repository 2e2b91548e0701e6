"""Which backups there are in a folder, how old the newest is, and which are no longer needed.

Only files with a name of ours are looked at, and only backups of the same vault are ever removed.
"""

import contextlib
import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from kapnotes.domain.errors import VaultError
from kapnotes.vault import bundle, files
from kapnotes.vault.bundle import Manifest
from kapnotes.vault.faults import speaking_of

NEWEST = 10
WEEKS = 8
_NAME = re.compile(r"\d{4}-\d{2}-\d{2}T\d{6}Z-\d+-[0-9A-F]{8}(?P<damaged>-damaged)?\.kapbackup")


@dataclass(frozen=True, slots=True)
class Generation:
    """One backup of a vault, made in the standard place of some folder; `is_whole` if its vault was."""

    path: Path
    manifest: Manifest
    is_whole: bool


def generations(folder: Path, vault: bytes) -> list[Generation]:
    """Return the backups of *vault* in *folder*, the newest first; one whose manifest does not hold is left out."""
    found = []
    with contextlib.suppress(OSError):
        for path in folder.iterdir():
            name = _NAME.fullmatch(path.name)
            if name is not None:
                with contextlib.suppress(VaultError):
                    manifest = bundle.read(path).manifest
                    if manifest.vault == vault.hex():
                        found.append(Generation(path, manifest, name["damaged"] is None))
    return sorted(found, key=lambda one: one.manifest.utc_ns, reverse=True)


def outdated(backups: Sequence[Generation]) -> list[Generation]:
    """Return which of *backups* (the newest first) need not be kept: not among the newest, nor the last of its week.

    Those of a damaged vault count apart, so that they never take the place of a whole one.
    """
    gone = []
    for is_whole in (True, False):
        kind = [one for one in backups if one.is_whole is is_whole]
        weeks: dict[tuple[int, int], Generation] = {}
        for one in kind:
            weeks.setdefault(_week(one), one)
        kept = [*kind[:NEWEST], *(list(weeks.values())[:WEEKS] if is_whole else [])]
        gone += [one for one in kind if one not in kept]
    return gone


def prune(folder: Path, vault: bytes) -> None:
    """Remove what is outdated from *folder*."""
    with speaking_of(folder.name):
        for one in outdated(generations(folder, vault)):
            files.remove(one.path)


def _week(one: Generation) -> tuple[int, int]:
    year, week, _ = datetime.fromtimestamp(one.manifest.made_s, UTC).isocalendar()
    return year, week
