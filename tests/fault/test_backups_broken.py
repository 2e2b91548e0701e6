"""A part of what `make fault` does with backups: killed at calls, flipped, cut, and vaults salvaged."""

from tests.fault.sections import backups


def test_a_backup_or_a_restore_killed_at_a_call_leaves_all_or_nothing():
    for script in (backups.BACKUP, backups.RESTORE):
        points = backups.calls_of(script)
        some = (points[0], points[len(points) // 2], points[-2], points[-1])
        tally = backups.kill(backups.Kills(script, some))
        assert (tally.times, tally.faults) == (4, [])


def test_a_backup_that_was_changed_or_cut_is_never_restored():
    for tally in (backups.flip(60), backups.cut(20)):
        assert tally.times >= 20
        assert tally.faults == []


def test_what_a_lost_page_or_a_cut_leaves_is_salvaged():
    for tally in (backups.lose_pages(7), backups.cut_to_sixty()):
        assert tally.times >= 3
        assert tally.faults == []
