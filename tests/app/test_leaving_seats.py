"""A seat that is locked keeps its keys as long as something of it is not on the disk, and no longer."""

from kapnotes.domain.errors import DataDamaged


def test_locking_a_seat_first_saves_what_is_left(team, broken_disk):
    house, therapist, _, pad, _ = team
    note = pad.note("typed just before the lock")
    broken_disk["works"] = True

    house.program.lock(therapist)
    again = house.sign_in(therapist.member.label)

    assert note in house.on_disk(again, pad).entries


def test_a_seat_that_cannot_save_keeps_its_keys_until_it_can(team, broken_disk):
    house, therapist, _, pad, _ = team
    note = pad.note("typed while the disk was away")

    house.program.lock(therapist)
    broken_disk["works"] = True
    house.program.tick()
    again = house.sign_in(therapist.member.label)

    assert note in house.on_disk(again, pad).entries


def test_the_other_seat_is_told_what_a_seat_saved_that_locked_while_the_disk_was_away(team, broken_disk):
    house, _, crna, pad, log = team
    told = []
    pad.saved.add(told.append)
    dose = log.log("dose 35 im hold no cuff")
    house.program.lock(crna)
    assert not pad.saving.is_saved(dose.entry_id)

    broken_disk["works"] = True
    house.program.tick()

    assert crna.keyring.is_locked
    assert pad.saving.is_saved(dose.entry_id)
    assert pad.saving.untold == set()
    assert dose in told


def test_a_page_that_cannot_be_read_holds_no_keys_behind_a_lock(team, monkeypatch):
    house, therapist, _, pad, _ = team
    told = []
    house.program.trouble.add(told.append)
    note = pad.note("kept")

    def unreadable(_keyring):
        raise DataDamaged("medical.kapdb is damaged.")

    monkeypatch.setattr(house.program.library, "due_heads", unreadable)
    house.program.lock(therapist)
    house.program.tick()

    assert therapist.keyring.is_locked
    assert [str(error) for error in told] == ["medical.kapdb is damaged."]
    assert pad.saving.is_saved(note.entry_id)
