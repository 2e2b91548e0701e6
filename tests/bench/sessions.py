"""What many sessions cost: opening, unlocking and appending beside a vault in which nothing happened yet."""

import statistics
import sys
import time
from pathlib import Path

from tests.bench import vaults
from tests.bench.table import Row, Sample, milliseconds, times

RUNS = 9
APPENDS = 40
"""Appends of one note in each run, behind the first, which also takes the closing record away."""

WHAT = {
    "open": "start: open the vault",
    "unlock": "unlock, without the derivation's usual cost",
    "first": "the first append after a clean close",
    "append": "append",
}


def rows(bench):
    full, empty = bench.vault_of_many_sessions(), bench.empty()
    facts = bench.child(__name__, full, empty)
    for name, what in WHAT.items():
        ours, theirs = statistics.median(facts["full"][name]), statistics.median(facts["empty"][name])
        yield Row(
            f"{what}, {bench.sessions:,} sessions",
            f"{milliseconds(ours)} ms",
            f"{milliseconds(theirs)} ms",
            times(ours / theirs),
            "≤ 1.5 × empty",
            ours / theirs <= 1.5,
            f"medians of {len(facts['full'][name])}; bare: the same in an empty vault",
        )
    for name, what, remark in (
        ("home", "the lists at home", "in all"),
        ("slice", "the longest slice of it", "so long an entry of the other seat waits behind it"),
        ("close", "close", "hashes what was changed for the closing record"),
    ):
        ours, theirs = statistics.median(facts["full"][name]), statistics.median(facts["empty"][name])
        yield Row(
            f"{what}, {bench.sessions:,} sessions",
            f"{milliseconds(ours)} ms",
            f"{milliseconds(theirs)} ms",
            times(ours / theirs),
            remark=remark,
        )


class Slices:
    """A worker that does each job at once and keeps how long each one took."""

    def __init__(self) -> None:
        self.times = Sample()

    def submit(self, job, done, failed):
        del failed
        began = time.perf_counter()
        outcome = job()
        self.times.add(time.perf_counter() - began)
        done(outcome)

    def give_way(self):
        """Nothing is left to do first."""

    def close(self):
        """Nothing is left to finish."""


def measure(full, empty):
    from kapnotes.app.seat import Seat
    from kapnotes.domain.entries import Entry, Note
    from kapnotes.domain.places import place_of
    from tests.bench.probes import answer

    def visit(place, found):
        program = place.program()

        def took(name, act):
            began = time.perf_counter()
            act()
            found.setdefault(name, []).append(1000 * (time.perf_counter() - began))

        def append(patient_id):
            now = program.clock.now()
            entry = Entry(program.new_id(), scope_id, seat.member.member_id, now, now, Note("quiet"))
            compartment = place_of(entry.body, seat.member)
            program.library.append(seat.keyring, compartment, entry, patient_id=patient_id)

        took("open", lambda: program.open_vault(place.vault, vaults.nothing, vaults.fail))
        keyrings = []
        took("unlock", lambda: keyrings.append(program.library.unlock(vaults.LABEL, vaults.PASSPHRASE)))
        seat = Seat(program, keyrings[0])
        scope_id, patient_id = program.new_id(), program.new_id()
        took("first", lambda: append(patient_id))
        appends = Sample()
        for _ in range(APPENDS):
            began = time.perf_counter()
            append(patient_id)
            appends.add(time.perf_counter() - began)
        found.setdefault("append", []).append(appends.p50)
        worker, program.worker = program.worker, Slices()
        took("home", lambda: _fill_home(seat))
        found.setdefault("slice", []).append(program.worker.times.longest)
        program.worker = worker
        took("close", program.close)

    facts = {"full": {}, "empty": {}}
    for _ in range(RUNS):
        visit(vaults.Place(full), facts["full"])
        visit(vaults.Place(empty), facts["empty"])
    answer(facts)


def _fill_home(seat):
    seat.list_patients(vaults.nothing, vaults.fail)
    seat.list_sessions(vaults.nothing, vaults.fail)


if __name__ == "__main__":
    measure(Path(sys.argv[1]), Path(sys.argv[2]))
