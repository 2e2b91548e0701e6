"""What is half-typed is on the disk 150 ms after its first key, and comes back as half-typed, once."""

from dataclasses import dataclass, field

import pytest

from kapnotes.app.clinic_typing import ClinicTyping, TypedForm
from kapnotes.app.half_typed import FLUSH_S
from kapnotes.app.keeping import Keeping
from kapnotes.app.presets import shipped_protocols
from kapnotes.app.typed_fields import AROUND, BLOCKS, CLINIC_DRUG, LOG, NOTE, PROTOCOL, RESPONSE, SUMMARY
from kapnotes.app.worker import InlineWorker
from kapnotes.domain.entries import Block, Intention, LateEntry, Note, Setting, Vitals
from kapnotes.domain.errors import InputOutput
from kapnotes.domain.members import Role
from kapnotes.domain.protocol_draft import HalfTyped, lines_of


class ManualLater:
    """A timer that goes off when told."""

    def __init__(self):
        self.waits = []

    def __call__(self, seconds, call):
        self.waits.append((seconds, call))

    def pass_by(self):
        waits, self.waits = self.waits, []
        for _, call in waits:
            call()


@dataclass
class Typist:
    """A window's line, as far as the session knows of one."""

    live: object
    field: str
    text: str = ""
    code: str = ""

    def __post_init__(self):
        self.live.typing.read_from(self.field, lambda: (self.text, self.code))

    def type(self, text):
        for sign in text:
            self.text += sign
            if len(self.text) == 1:
                self.live.typing.begin(self.field, self.text)
            self.live.typing.changed()
        return self

    def clear(self):
        self.text = ""
        self.live.typing.drop(self.field)
        self.live.typing.changed()

    def enter(self):
        text, self.text = self.text, ""
        entry = self.live.note(text, self.code) if self.field == NOTE else self.live.log(text)
        self.live.typing.changed()
        return entry


@dataclass
class Practice:
    """Two houses on one vault, one after the other: what the first leaves the second finds."""

    make_house: object
    folder: object
    houses: list = field(default_factory=list)

    def begin(self):
        house = self.make_house(self.folder)
        self.later = ManualLater()
        house.program.keeping = Keeping(InlineWorker(), self.later)
        self.houses.append(house)
        return house

    def team(self):
        house = self.begin()
        therapist = house.make("Tess, LCSW", Role.THERAPIST)
        house.add(therapist, "Carl, CRNA", Role.MEDICAL)
        crna = house.sign_in("Carl, CRNA")
        pad = house.start(therapist, house.patient(therapist), [therapist.member, crna.member])
        return house, pad, house.join(crna)

    def kill(self):
        """Let go of the files without another word, as a kill does."""
        house = self.houses.pop()
        library = house.program.library
        for _, draft in library._drafts._open:  # noqa: SLF001 - a kill asks nobody
            draft.let_go()
        library.close()
        house.program._library = None  # noqa: SLF001

    def come_back(self, label="Tess, LCSW"):
        house = self.begin()
        house.clock.advance(300)
        done = []
        house.program.open_vault(house.vault, done.append, self.fail)
        return house, house.join(house.sign_in(label))

    def fail(self, error):
        raise error


@pytest.fixture
def practice(make_house, tmp_path):
    made = Practice(make_house, tmp_path)
    yield made
    for house in made.houses:
        house.program.close()


def test_a_key_is_on_its_way_to_the_disk_after_150_ms_and_further_keys_do_not_put_it_off(practice):
    _, pad, _ = practice.team()
    Typist(pad, NOTE).type("tears, hand on chest")

    assert [seconds for seconds, _ in practice.later.waits] == [FLUSH_S]


def test_what_waits_goes_to_the_disk_right_behind_a_key_and_its_timer_then_rests(practice):
    house, pad, _ = practice.team()
    typist = Typist(pad, NOTE).type("tea")
    house.clock.advance(0.09)
    pad.typing.between_keys()
    pad.typing.look()
    assert pad.typing.unkept

    house.clock.advance(0.02)
    typist.text = "tears"
    pad.typing.between_keys()
    pad.typing.look()
    assert not pad.typing.unkept
    typist.text = "tears, hand"
    practice.later.pass_by()
    pad.typing.look()
    assert pad.typing.unkept  # that timer was of the keys that are kept
    pad.typing.between_keys()
    assert [seconds for seconds, _ in practice.later.waits] == [FLUSH_S]
    practice.later.pass_by()

    assert pad.typing.is_kept


def test_an_entry_on_its_way_goes_first_and_the_draft_waits_for_its_timer(practice):
    house, pad, _ = practice.team()
    typist = Typist(pad, NOTE).type("tears")
    house.clock.advance(0.12)
    typist.text = ""
    pad.typing.entered(NOTE, "tears")
    pad.typing.between_keys()
    pad.typing.look()
    assert not pad.typing.is_kept

    practice.later.pass_by()

    assert pad.typing.is_kept


def test_a_half_typed_note_comes_back_under_the_time_of_its_first_key(practice):
    house, pad, _ = practice.team()
    first_key = house.clock.now()
    Typist(pad, NOTE, code="quote").type("it's all wat")
    practice.later.pass_by()
    practice.kill()

    _, again = practice.come_back()
    line = again.typing.bring_back(NOTE)

    assert (line.text, line.code, line.began) == ("it's all wat", "quote", first_key)
    assert list(again.record.of(Note)) == []


def test_what_was_typed_since_the_last_write_is_all_that_a_kill_takes(practice):
    _, pad, _ = practice.team()
    typist = Typist(pad, NOTE).type("kept")
    practice.later.pass_by()
    typist.type(" and lost")
    practice.kill()

    assert practice.come_back()[1].typing.bring_back(NOTE).text == "kept"


def test_a_line_that_was_entered_does_not_come_back(practice):
    _, pad, _ = practice.team()
    typist = Typist(pad, NOTE).type("entered")
    practice.later.pass_by()
    entry = typist.enter()
    practice.kill()  # before the draft was cleared: the line stands in both

    _, again = practice.come_back()

    assert again.typing.bring_back(NOTE) is None
    assert [note for note, _ in again.record.of(Note)] == [entry]


def test_a_line_that_was_entered_and_not_saved_comes_back_after_a_kill_and_the_next_one_too(practice, monkeypatch):
    house, pad, _ = practice.team()

    def refuse(*_, **__):
        raise InputOutput("The disk cannot write.")

    typist = Typist(pad, NOTE)
    with monkeypatch.context() as broken:
        broken.setattr(house.program.library, "append", refuse)
        typist.type("entered, not saved").enter()
        typist.type("the next o")
        practice.later.pass_by()
    practice.kill()

    _, again = practice.come_back()
    first = again.typing.bring_back(NOTE)
    Typist(again, NOTE, first.text).enter()
    second = again.typing.bring_back(NOTE)

    assert (first.text, second.text) == ("entered, not saved", "the next o")
    assert [note.text for _, note in again.record.of(Note)] == ["entered, not saved"]


def test_a_line_that_was_cleared_does_not_come_back(practice):
    _, pad, _ = practice.team()
    typist = Typist(pad, NOTE).type("not meant")
    practice.later.pass_by()
    typist.clear()
    practice.later.pass_by()
    practice.kill()

    assert practice.come_back()[1].typing.bring_back(NOTE) is None


def test_a_cleared_line_that_undo_brings_back_has_its_time_and_id_back(practice):
    house, pad, _ = practice.team()
    typist = Typist(pad, NOTE).type("not lost")
    practice.later.pass_by()
    before = pad.typing.half_typed(NOTE)
    typist.clear()
    house.clock.advance(5)

    assert pad.typing.begin(NOTE, "not lost") is before


def test_each_seat_has_a_half_typed_line_of_its_own(practice):
    _, pad, log = practice.team()
    Typist(pad, NOTE).type("of the therapist")
    Typist(log, LOG).type("128/7")
    practice.later.pass_by()
    practice.kill()

    house, pad = practice.come_back()
    log = house.join(house.sign_in("Carl, CRNA"))

    assert pad.typing.bring_back(NOTE).text == "of the therapist"
    assert log.typing.bring_back(LOG).text == "128/7"
    assert pad.typing.bring_back(LOG) is log.typing.bring_back(NOTE) is None


def test_a_reading_that_came_back_happened_at_its_first_key_and_any_other_at_enter(practice):
    house, _, log = practice.team()
    began = house.clock.now()
    Typist(log, LOG).type("128/7")
    practice.later.pass_by()
    practice.kill()
    _, log = practice.come_back("Carl, CRNA")

    late = Typist(log, LOG, log.typing.bring_back(LOG).text).type("6").enter()
    usual = Typist(log, LOG).type("130/80").enter()

    assert isinstance(late.body, Vitals)
    assert late.happened == began
    assert usual.happened == usual.entered


def test_a_lock_keeps_what_is_half_typed_and_enters_nothing(practice):
    house, pad, log = practice.team()
    Typist(pad, NOTE).type("half a thou")
    Typist(log, LOG).type("x asl")
    for seat in tuple(house.program.seats):
        for live in seat.live.values():
            live.typing.let_go(NOTE)
            live.typing.let_go(LOG)
        house.program.lock(seat)

    pad, log = (house.join(house.sign_in(label)) for label in ("Tess, LCSW", "Carl, CRNA"))

    assert pad.typing.bring_back(NOTE).text == "half a thou"
    assert log.typing.bring_back(LOG).text == "x asl"
    assert list(pad.record.of(Note)) == []


def break_drafts(monkeypatch):
    def fail(_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("kapnotes.vault.files.sync_data", fail)


def test_a_draft_that_cannot_be_written_is_said_once_and_tried_again(practice, monkeypatch):
    house, pad, _ = practice.team()
    told = []
    pad.typing.keep_failed.add(told.append)
    typist = Typist(pad, NOTE)
    with monkeypatch.context() as broken:
        break_drafts(broken)
        for sign in "kept":
            typist.type(sign)
            practice.later.pass_by()
    assert len(told) == 1
    house.program.tick()
    practice.kill()

    assert practice.come_back()[1].typing.bring_back(NOTE).text == "kept"


def test_a_note_that_cannot_be_kept_at_the_lock_is_entered_and_it_is_said(practice, monkeypatch):
    house, pad, _ = practice.team()
    told = []
    house.program.trouble.add(lambda error: told.append(str(error)))
    Typist(pad, NOTE).type("not to be lost")
    began = house.clock.now()
    house.clock.advance(40)
    with monkeypatch.context() as broken:
        break_drafts(broken)
        pad.typing.let_go(NOTE)
        house.program.lock(house.program.seats[0])
    house.program.tick()

    back = house.join(house.sign_in("Tess, LCSW"))

    assert [(one.happened, note.text) for one, note in back.record.of(Note)] == [(began, "not to be lost")]
    (late,) = [entry.body for entry in back.record.entries if isinstance(entry.body, LateEntry)]
    assert late.reason == "half-typed when the window closed, and no draft could be kept"
    assert back.typing.bring_back(NOTE) is None
    assert any("it was entered" in line for line in told)


def test_a_lock_that_something_else_holds_up_keeps_the_half_typed_note_as_a_draft_and_enters_nothing(
    practice, monkeypatch
):
    def refuse(*_, **__):
        raise InputOutput("The disk cannot write.")

    house, pad, _ = practice.team()
    told = []
    house.program.trouble.add(lambda error: told.append(str(error)))
    with monkeypatch.context() as broken:
        broken.setattr("kapnotes.vault.library.Library.append_all", refuse)
        broken.setattr("kapnotes.vault.library.Library.append", refuse)
        pad.note("entered, not saved")
        typist = Typist(pad, NOTE).type("half a thou")
        pad.typing.look()
        house.program.lock(house.program.seats[0])
        assert told
    house.program.tick()

    back = house.join(house.sign_in("Tess, LCSW"))
    assert [note.text for _, note in back.record.of(Note)] == ["entered, not saved"]
    assert back.typing.bring_back(NOTE).text == typist.text
    assert not [line for line in told if "it was entered" in line]


def test_a_reading_that_cannot_be_kept_at_the_lock_waits_in_memory_for_the_next_seat(practice, monkeypatch):
    house, _, log = practice.team()
    Typist(log, LOG).type("128/7")
    with monkeypatch.context() as broken:
        break_drafts(broken)
        log.typing.let_go(LOG)
        house.program.lock(house.program.seats[1])
        house.program.tick()
        back = house.join(house.sign_in("Carl, CRNA"))
        assert back.typing.bring_back(LOG).text == "128/7"
    house.program.tick()
    practice.later.pass_by()
    practice.kill()

    assert practice.come_back("Carl, CRNA")[1].typing.bring_back(LOG).text == "128/7"


def test_a_reading_that_was_handed_on_in_memory_is_a_draft_also_where_the_next_lock_comes_at_once(
    practice, monkeypatch
):
    def refuse(*_):
        raise InputOutput("The disk cannot write.")

    house, _, log = practice.team()
    Typist(log, LOG).type("128/7")
    with monkeypatch.context() as broken:
        broken.setattr("kapnotes.vault.drafts.DraftFile.write", refuse)
        log.typing.let_go(LOG)
        house.program.lock(house.program.seats[1])
        house.join(house.sign_in("Carl, CRNA"))
    told = []
    house.program.trouble.add(told.append)
    house.program.lock(house.program.seats[1])
    assert told == []
    practice.kill()

    assert practice.come_back("Carl, CRNA")[1].typing.bring_back(LOG).text == "128/7"


def test_at_the_end_the_line_is_in_the_draft_and_counted_where_it_is_not(practice, monkeypatch):
    house, _, log = practice.team()
    Typist(log, LOG).type("128/7")
    log.typing.let_go(LOG)
    assert house.program.close() == 0
    practice.houses.pop()

    house, log = practice.come_back("Carl, CRNA")
    Typist(log, LOG, log.typing.bring_back(LOG).text).type("6 72")
    with monkeypatch.context() as broken:
        break_drafts(broken)
        log.typing.let_go(LOG)
        assert house.program.close() == 1
    practice.houses.pop()


def test_an_intention_and_a_line_for_everybody_are_known_by_their_ids_too(practice):
    _, pad, _ = practice.team()
    for keep, kind in ((pad.intention, Intention), (pad.setting, Setting)):
        Typist(pad, NOTE).type("lamp down")
        practice.later.pass_by()
        line = pad.typing.half_typed(NOTE)
        keep("lamp down")
        assert [entry.entry_id for entry, _ in pad.record.of(kind)] == [line.entry_id]
    practice.kill()

    assert practice.come_back()[1].typing.bring_back(NOTE) is None


def test_half_a_block_of_the_summary_outlives_a_kill_and_does_not_come_back_once_it_is_entered(practice):
    _, pad, _ = practice.team()
    Typist(pad, "summary shifts").type("walk by the wat")
    practice.later.pass_by()
    practice.kill()
    _, again = practice.come_back()
    assert again.typing.bring_back("summary shifts").text == "walk by the wat"

    again.narrative(Block.SHIFTS, "walk by the water")
    practice.kill()

    assert practice.come_back()[1].typing.bring_back("summary shifts") is None


def test_where_nobody_types_no_draft_is_made(house):
    seat = house.make()
    house.start(seat, house.patient(seat), [seat.member])

    assert list(house.vault.glob("*.draft")) == []


def test_every_line_of_the_preparation_page_outlives_a_kill(practice):
    _, pad, _ = practice.team()
    for name in AROUND:
        Typist(pad, name).type(f"half of {name}")
    practice.later.pass_by()
    practice.kill()

    _, again = practice.come_back()
    assert {name: again.typing.bring_back(name).text for name in AROUND} == {name: f"half of {name}" for name in AROUND}


@pytest.mark.parametrize("other", [PROTOCOL, CLINIC_DRUG])
def test_a_half_typed_protocol_on_the_disk_outlives_what_is_begun_before_it_is_read(practice, other):
    house, _, _ = practice.team()
    preset = shipped_protocols()[0].protocol
    left, begun = (
        TypedForm(field, HalfTyped(preset, lines_of(preset) | {"title": title}).as_text())
        for field, title in ((PROTOCOL, "IV, slowl"), (other, "IM, o"))
    )
    first = ClinicTyping(house.program.seats[0], lambda: (left,))
    first.open(practice.fail, practice.fail)
    first.changed()
    practice.later.pass_by()
    house.program.lock(house.program.seats[0])

    typed, found = [begun], []
    again = ClinicTyping(house.sign_in("Tess, LCSW"), lambda: typed)
    again.open(found.append, practice.fail)
    practice.later.pass_by()
    assert found == []
    typed.clear()
    again.changed()
    practice.later.pass_by()
    house.program.lock(house.program.seats[-1])

    ClinicTyping(house.sign_in("Tess, LCSW"), tuple).open(found.append, practice.fail)
    assert found == [left]


def test_answers_that_somebody_without_a_clinical_role_types_come_back_and_a_summary_holds_no_key(practice):
    house, _, _ = practice.team()
    house.add(house.program.seats[0], "Ada, office", Role.ADMIN)
    seat = house.sign_in("Ada, office")
    live = house.join(seat)
    for name, text in ((RESPONSE, "phq9 2101"), (SUMMARY, "put together")):
        Typist(live, name).type(text)
        live.typing.let_go(name)
    house.program.lock(seat)
    assert seat.keyring.is_locked

    again = house.join(house.sign_in("Ada, office"))
    assert again.typing.bring_back(RESPONSE).text == "phq9 2101"


def test_a_summary_that_the_disk_does_not_take_holds_no_key_and_a_note_beside_it_is_entered(practice, monkeypatch):
    house, pad, log = practice.team()
    Typist(pad, NOTE).type("not to be lost")
    for live in (pad, log):
        Typist(live, SUMMARY).type("put together")
    seats = house.program.seats[:]
    with monkeypatch.context() as broken:
        break_drafts(broken)
        for live, name in ((pad, NOTE), (pad, SUMMARY), (log, SUMMARY)):
            live.typing.let_go(name)
        for seat in seats:
            house.program.lock(seat)
        assert [seat.keyring.is_locked for seat in seats] == [False, True]
        house.program.tick()

    back = house.join(house.sign_in("Tess, LCSW"))
    assert [note.text for _, note in back.record.of(Note)] == ["not to be lost"]


def test_nothing_holds_the_keys_of_a_session_in_which_nothing_can_be_noted(team):
    house, therapist, _, pad, _ = team
    pad.is_read_only = True
    for name in (*BLOCKS, SUMMARY, RESPONSE):
        Typist(pad, name).type("typed in vain")
    house.program.lock(therapist)

    assert therapist.keyring.is_locked
