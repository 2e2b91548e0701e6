"""Writing a file so that the old one or the new one is there, never a part."""

import os
import re
from contextlib import suppress
from pathlib import Path

from kapnotes.domain.errors import InputOutput, KapnotesError
from kapnotes.domain.members import SHARED

SHORTEST_CODE = 3
"""A patient's code of fewer signs stands in many a name by chance."""


def require_nameless(path: Path, code: str) -> None:
    """See that the name of the file at *path* does not tell of the patient with that *code*.

    Raises:
        KapnotesError: the code stands in it as a word; a code without a letter may be a date, and is not looked for.
    """
    wanted = code.casefold().strip()
    if len(wanted) < SHORTEST_CODE or not any(sign.isalpha() for sign in wanted):
        return
    if re.search(rf"(?<!\w){re.escape(wanted)}(?!\w)", path.name.casefold()):
        raise KapnotesError("The name of the file tells whose session it is; choose one without the patient's code.")


def typed_path(text: str) -> Path:
    """Return the place that was typed; "~" is the own folder, and that of somebody unknown stays as it is typed."""
    path = Path(text.strip())
    try:
        return path.expanduser()
    except RuntimeError:
        return path


def is_there(path: Path) -> bool:
    """Tell whether something stands at *path*; where nobody may look, or no name can be so long, it says no."""
    try:
        return path.exists()
    except OSError:
        return False


def write_atomically(path: Path, content: bytes) -> None:
    """Put *content* at *path*, readable by this user alone; an existing file is replaced as a whole.

    Raises:
        InputOutput: the folder is missing, not writable, or that of a vault, or the disk is full; what was there
            before is still there.
    """
    from kapnotes.vault.layout import file_name  # knows digests, which the first window does without

    if is_there(path.parent / file_name(SHARED)):
        raise InputOutput("{parent} is the folder of a vault; nothing else is written there.", parent=path.parent)
    part = path.with_name(f".{path.name}.part")
    try:
        handle = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(handle, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        part.replace(path)
    except ValueError:  # as with a zero byte in it
        raise InputOutput("{name}: no file can have such a name.", name=path.name) from None
    except OSError as error:
        with suppress(OSError):
            part.unlink(missing_ok=True)
        reason = error.strerror or type(error).__name__
        raise InputOutput(
            "{name} was not written to {parent}: {reason}.", name=path.name, parent=path.parent, reason=reason
        ) from None
    with suppress(OSError):  # it stands there now: a folder that cannot be synced makes that no failure
        _sync_folder(path.parent)


def keep_private(path: Path) -> None:
    """See that the file at *path* is there and this user's alone, before a library writes into it; best effort."""
    with suppress(OSError):
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        os.close(os.open(path, os.O_WRONLY | os.O_CREAT, 0o600))
        path.chmod(0o600)


def _sync_folder(folder: Path) -> None:
    """Let a rename survive a power cut; Windows has no such call and needs none."""
    if os.name != "posix":
        return
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
