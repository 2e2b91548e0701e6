"""Makes a backup or restores one, in a process that kills itself at the n-th news of progress (0: never)."""

import os
import signal
import sys
from datetime import UTC, datetime
from pathlib import Path

from kapnotes.domain.clock import ManualClock
from kapnotes.vault.library import Library
from kapnotes.vault.restore import restore


def main():
    what, source, goal, at = sys.argv[1], Path(sys.argv[2]), Path(sys.argv[3]), int(sys.argv[4])
    heard = []

    def tell(step, done, of):
        heard.append(step)
        if len(heard) == at:
            os.kill(os.getpid(), signal.SIGKILL)

    if what == "restore":
        restore(source, goal, entropy=os.urandom, with_findings=False, tell=tell)
        return
    clock = ManualClock(datetime(2026, 3, 4, 12, 0, tzinfo=UTC))
    library = Library.open(source, device_id="de" * 16, entropy=os.urandom, clock=clock)
    library.backups.make_as(goal, tell)
    library.close()


if __name__ == "__main__":
    main()
