"""Where a printer's pages lie on their way to the print system: in a folder of this user's own, and then nowhere.

On Linux Qt writes them, in clear, into a temporary file of libcups (`cupsTempFd`, in $TMPDIR or else /tmp), tells CUPS
of it and removes it. Whoever kills the program in between leaves it there. What the print system itself keeps is not
ours; the README tells of it.
"""

import os
import shutil
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path
from tempfile import mkdtemp

PREFIX = "kapnotes-print-"


@contextmanager
def private_spool() -> Iterator[Path]:
    """Let libcups put its file into a folder that only this user opens; it is gone when this ends, whatever is in it.

    What a killed program left is cleared away first. Prints of one program follow one another, on one thread.
    """
    if sys.platform != "linux":  # the only system on which Qt prints by a file
        yield Path()
        return
    place = spool_place(os.environ)
    clear_away(place)
    folder = Path(mkdtemp(prefix=f"{PREFIX}{os.getpid()}-", dir=place))  # mode 0700
    before = os.environ.get("TMPDIR")
    os.environ["TMPDIR"] = str(folder)
    try:
        yield folder
    finally:
        if before is None:
            del os.environ["TMPDIR"]
        else:
            os.environ["TMPDIR"] = before
        shutil.rmtree(folder, ignore_errors=True)


def spool_place(environment: Mapping[str, str]) -> Path | None:
    """Return the folder of this user that lies in memory and ends with the login; None where there is none.

    Source: XDG Base Directory Specification, XDG_RUNTIME_DIR (owned by the user, mode 0700).
    """
    named = environment.get("XDG_RUNTIME_DIR", "")
    place = Path(named)
    with suppress(OSError):
        if named and place.is_absolute() and place.stat().st_uid == os.getuid() and os.access(place, os.W_OK):
            return place
    return None


def clear_away(place: Path | None) -> None:
    """Remove what prints of programs left that are no more."""
    from tempfile import gettempdir

    for left in (place or Path(gettempdir())).glob(f"{PREFIX}*-*"):
        number = left.name.removeprefix(PREFIX).partition("-")[0]
        if number.isdecimal() and not _is_running(int(number)):
            shutil.rmtree(left, ignore_errors=True)


def _is_running(process_id: int) -> bool:
    try:
        os.kill(process_id, 0)
    except ProcessLookupError:
        return False
    except (OSError, OverflowError):
        return True
    return True
