"""Scripts that make a backup or restore one, and kill themselves at the n-th news of progress (0: never)."""

import contextlib
import os
import signal
from collections.abc import Callable
from pathlib import Path

from kapnotes.vault.restore import restore
from tests.fault.scripts import Told, opened


def backup(goal: Path, say: Told, source: str, at: int) -> None:
    """Make a backup of the vault in *source* as the file *goal*."""
    del say
    with contextlib.closing(opened(Path(source))) as library:
        library.backups.make_as(goal, _killing(at))


def bring_back(goal: Path, say: Told, source: str, at: int) -> None:
    """Restore the backup *source* as the vault *goal*."""
    del say
    restore(Path(source), goal, entropy=os.urandom, with_findings=False, tell=_killing(at))


def _killing(at: int) -> Callable[[object, object, object], None]:
    heard = []

    def tell(step: object, done: object, of: object) -> None:
        heard.append(step)
        if len(heard) == at:
            os.kill(os.getpid(), signal.SIGKILL)

    return tell
