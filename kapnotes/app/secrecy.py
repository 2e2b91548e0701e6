"""What the system may keep of this process besides its files: no dump of its memory, and as little of it as can be.

All of it is best effort: Python may have copied a key or a note, and the manual says so. Source: core(5), prctl(2),
malloc_trim(3). Memory is not locked against the swap: what is locked must be small, and Python tells nobody where it
puts a string; the manual asks for an encrypted disk.
"""

import contextlib
import ctypes
import gc
import sys
from typing import Final

_SET_DUMPABLE: Final = 4


def keep_out_of_dumps() -> None:
    """Let no crash write the memory into a file and no other program of this user look into it.

    Call it before the first secret is read. Both hold for this process alone, not for what it starts. Windows has no
    such call: its error reporting is the user's choice.
    """
    if sys.platform == "win32":
        return
    import resource

    with contextlib.suppress(OSError, ValueError):
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    if sys.platform == "linux":
        with contextlib.suppress(OSError, AttributeError):
            ctypes.CDLL(None).prctl(_SET_DUMPABLE, 0, 0, 0, 0)


def give_back_memory() -> None:
    """Collect what nobody holds any more, and give freed memory back to the system. On the windows' thread.

    Qt's objects must go on the thread they live on, so nothing is collected on another.
    """
    gc.collect()
    if sys.platform == "linux":
        with contextlib.suppress(OSError, AttributeError):  # only glibc has it
            ctypes.CDLL(None).malloc_trim(0)
