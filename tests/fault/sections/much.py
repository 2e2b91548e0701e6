"""Ten hours of a real monitor and a thousand notes in every script, played: each is on its page, and all is whole."""

import contextlib
from pathlib import Path

from tests.commands import Commands
from tests.fault import much
from tests.fault.scene import scratch
from tests.fault.table import Row, Scale, Tally
from tests.played_demo import Demo

ORDER = 300
TYPED_MINUTES = 640
"""Ten hours of the monitor, with one of its artefacts; all of it at once is what `make bench` reads."""

NOTES = 1000
LONGEST_S = 600


def run(scale: Scale) -> list[Row]:
    """Play both, one after the other."""
    with scratch() as folder, contextlib.closing(Commands(folder)) as kapnotes:
        return [
            Row("readings of a monitor, typed for ten hours", monitor(kapnotes, folder, scale.of(TYPED_MINUTES))),
            Row("notes in every script and sign", notes(kapnotes, folder, scale.of(NOTES))),
        ]


def monitor(kapnotes: Commands, folder: Path, count: int) -> Tally:
    """Type so many minutes of a monitor; every set stands in the record."""
    rows = much.monitor_minutes()[:count]
    much.write_vitals(folder / "monitor.csv", rows)
    demo = Demo.played(kapnotes, folder / "hours", "--vitals", folder / "monitor.csv", timeout_s=LONGEST_S)
    tally = _whole(kapnotes, demo, demo.crna, sum(any(row[name] for name in much.COLUMNS[1:]) for row in rows))
    missing = {at for at, _ in much.missing_rows(rows, demo.words("record.pdf"))}
    for row in rows:
        at, _ = much.line_of(row, 0)
        tally.add(f"the set of {at}", ["stands in no line of the record"] if at in missing else [])
    return tally


def notes(kapnotes: Commands, folder: Path, count: int) -> Tally:
    """Type so many notes; each stands on the summary, or its visible stand-in."""
    much.write_notes(folder / "notes.csv", count)
    demo = Demo.played(kapnotes, folder / "notes", "--notes", folder / "notes.csv", timeout_s=LONGEST_S)
    tally = _whole(kapnotes, demo, demo.therapist, count)
    missing = much.missing_notes(count, demo.words("summary.pdf"))
    for number in range(count):
        begin = much.note(number)[:40]
        tally.add(f"note {begin!a}", ["does not stand on the summary"] if begin in missing else [])
    return tally


def _whole(kapnotes: Commands, demo: Demo, member: str, fewest: int) -> Tally:
    tally = Tally()
    tally.add("how it went", much.faults_of_end(demo, fewest))
    said = kapnotes("verify", demo.vault, "--member", member, passphrase=demo.passphrase(member))
    tally.add("the vault", [] if (said.code, said.err) == (0, "") else [said.err])
    return tally
