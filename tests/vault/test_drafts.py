"""What is half-typed is on the disk when `write` returns, and nobody else reads it."""

import os
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kapnotes.domain.clock import Stamp
from kapnotes.domain.drafts import DraftLine
from kapnotes.domain.entries import Note
from kapnotes.domain.errors import InputOutput, NotEntitled, VaultError
from kapnotes.domain.members import MEDICAL, SHARED, therapy_of
from kapnotes.vault import drafts
from kapnotes.vault.inventory import kept_files, strangers
from kapnotes.vault.verify import verify

BEGAN = Stamp(1_741_093_320_123_456_789, 60, 42, "boot")
LINE = DraftLine("e1" * 16, "note", "quote", BEGAN, "it's all wat")


def own(keyring):
    return therapy_of(keyring.member.member_id)


def open_draft(practice, library, keyring, compartment=None, session=None):
    place = compartment or own(keyring)
    return library.open_draft(keyring, place, scope_id=session or practice.session, patient_id=practice.patient)


def left_by(practice, *writes, label="Tess"):
    """Write one after the other, then end without locking, as a kill does; return the file."""
    with practice.opened(label) as (library, keyring):
        draft = open_draft(practice, library, keyring)
        for lines in writes:
            draft.write(lines)
        draft.let_go()
        return draft.path


def read(practice, label="Tess", compartment=None, session=None):
    with practice.opened(label) as (library, keyring):
        draft = open_draft(practice, library, keyring, compartment, session)
        draft.let_go()
        return draft.found, draft.is_damaged


def slots(path):
    written = path.read_bytes()
    return written[: len(written) // 2], written[len(written) // 2 :]


texts = st.text(st.characters(exclude_categories=["Cs"]))


@given(st.lists(st.builds(DraftLine, st.just("e1" * 16), texts, texts, st.just(BEGAN), texts), max_size=4))
def test_what_is_encoded_is_decoded_alike(lines):
    assert drafts.decode(drafts.encode(lines, drafts.SLOT)) == tuple(lines)


@given(st.binary(max_size=200))
def test_other_bytes_are_no_lines_and_no_exception(padded):
    drafts.decode(padded)


def test_every_slot_is_of_one_size_whatever_stands_in_it():
    assert len(drafts.encode([], drafts.SLOT)) == len(drafts.encode([LINE] * 9, drafts.SLOT))


def test_a_line_comes_back_as_it_was(filled):
    left_by(filled, [LINE])

    assert read(filled) == ((LINE,), False)


def test_the_newest_of_many_writes_comes_back(filled):
    left_by(filled, *([replace(LINE, text=str(number))] for number in range(7)))

    assert read(filled)[0][0].text == "6"


def test_a_patient_without_any_entry_in_the_compartment_can_be_typed_about(practice):
    left_by(practice, [LINE])

    assert read(practice) == ((LINE,), False)
    assert verify(practice.folder, label="Tess", passphrase=practice.passphrases["Tess"]).exit_code == 0


def test_the_first_entry_after_a_draft_uses_the_key_that_the_draft_made(practice):
    with practice.opened("Tess") as (library, tess):
        open_draft(practice, library, tess)
        entry, _ = practice.append(library, tess, own(tess), Note("first"))
        assert entry in library.read(tess, practice.session).entries


@pytest.mark.parametrize("number", [0, 1])
@pytest.mark.parametrize("cut", [0, 11, 40_000])
def test_a_torn_slot_leaves_the_other(filled, number, cut):
    path = left_by(filled, [replace(LINE, text="older")], [replace(LINE, text="newer")])
    both = list(slots(path))
    both[number] = both[number][:cut] + os.urandom(len(both[number]) - cut)
    path.write_bytes(b"".join(both))
    filled.forget_closing()

    assert [finding for finding in verify(filled.folder).findings if finding.file == path.name] == []
    found, is_damaged = read(filled)
    assert (found[0].text, is_damaged) == (("newer", "older")[number], False)


def test_what_is_torn_twice_is_said_and_typing_goes_on(filled):
    path = left_by(filled, [LINE], [LINE])
    path.write_bytes(os.urandom(len(path.read_bytes())))
    filled.forget_closing()

    assert (path.name, 1) in {(finding.file, finding.code) for finding in verify(filled.folder).findings}
    assert read(filled) == ((), True)
    left_by(filled, [LINE])
    assert read(filled) == ((LINE,), False)


@pytest.mark.parametrize("size", [0, 1, drafts.SLOT, 2 * drafts.SLOT - 1, 6 * drafts.SLOT])
def test_a_file_of_another_size_is_said_and_made_anew(filled, size):
    path = left_by(filled, [LINE])
    path.write_bytes(path.read_bytes().ljust(size, b"\0")[:size])
    filled.forget_closing()

    assert (path.name, 1) in {(finding.file, finding.code) for finding in verify(filled.folder).findings}
    assert read(filled) == ((), True)


def test_a_draft_changed_after_a_clean_close_is_named(filled):
    path = left_by(filled, [LINE])
    flipped = bytearray(path.read_bytes())
    flipped[-1] ^= 1
    path.write_bytes(flipped)

    assert (path.name, 1) in {(finding.file, finding.code) for finding in verify(filled.folder).findings}


def test_a_slot_does_not_open_in_the_other_place(filled):
    path = left_by(filled, [replace(LINE, text="older")], [replace(LINE, text="newer")])
    first, second = slots(path)
    path.write_bytes(second + first)
    filled.forget_closing()

    assert read(filled) == ((), True)


def test_a_draft_does_not_open_as_that_of_another_session(filled):
    path = left_by(filled, [LINE])
    with filled.opened("Tess") as (library, tess):
        other = open_draft(filled, library, tess, session="0d" * 16)
        other.let_go()
    other.path.write_bytes(path.read_bytes())
    filled.forget_closing()

    assert read(filled, session="0d" * 16)[0] == ()


def test_two_members_of_one_compartment_have_drafts_of_their_own(filled):
    with filled.opened("Tess", "Carl") as (library, tess, carl):
        ours, theirs = (open_draft(filled, library, one, SHARED) for one in (tess, carl))
        ours.write([LINE])
        theirs.write([replace(LINE, text="of the CRNA")])
        assert ours.path != theirs.path

    assert read(filled, "Tess", SHARED)[0][0].text == "it's all wat"
    assert read(filled, "Carl", SHARED)[0][0].text == "of the CRNA"


def test_who_may_not_write_there_has_no_draft_there(filled):
    with filled.opened("Tess", "Carl") as (library, tess, carl):
        with pytest.raises(NotEntitled):
            open_draft(filled, library, tess, MEDICAL)
        with pytest.raises(NotEntitled):
            open_draft(filled, library, carl, own(tess))


def test_no_word_stands_in_the_file_and_no_patient_in_its_name(filled):
    path = left_by(filled, [replace(LINE, text=filled.canary * 50)])

    assert filled.canary.encode() not in path.read_bytes()
    assert not {filled.patient[:6], filled.session[:6]} & {path.name[:6]}


def test_a_megabyte_is_kept_and_so_is_what_follows(filled):
    large = replace(LINE, text="ab \U0001f469\u200d\U0001f52c é " * 90_000)
    path = left_by(filled, [LINE], [large], [replace(large, text=large.text + "!")])

    assert read(filled)[0][0].text == large.text + "!"
    assert verify(filled.folder).exit_code == 0
    assert path.stat().st_size % (2 * drafts.SLOT) == 0


def test_what_is_too_long_is_refused_and_the_line_before_stays(filled, monkeypatch):
    monkeypatch.setattr(drafts, "LARGEST_SLOT", drafts.SLOT)
    with filled.opened("Tess") as (library, tess):
        draft = open_draft(filled, library, tess)
        draft.write([LINE])
        with pytest.raises(InputOutput):
            draft.write([replace(LINE, text="x" * drafts.SLOT)])

    assert read(filled) == ((LINE,), False)


def test_a_write_that_fails_leaves_what_stood_there(filled, monkeypatch):
    def fail(_):
        raise OSError(28, "No space left on device")

    with filled.opened("Tess") as (library, tess):
        draft = open_draft(filled, library, tess)
        draft.write([replace(LINE, text="kept")])
        with monkeypatch.context() as broken:
            broken.setattr("kapnotes.vault.files.sync_data", fail)
            for _ in range(3):
                with pytest.raises(VaultError):
                    draft.write([replace(LINE, text="lost")])
        before = slots(draft.path)
        assert drafts._is_whole(before[0])  # noqa: SLF001 - the slot that was not written
        draft.write([replace(LINE, text="and on")])

    assert read(filled)[0][0].text == "and on"


def test_a_file_that_was_taken_away_is_made_again(filled):
    with filled.opened("Tess") as (library, tess):
        draft = open_draft(filled, library, tess)
        draft.path.unlink()
        draft.write([LINE])

    assert read(filled) == ((LINE,), False)


def test_after_the_lock_nothing_is_written_and_an_empty_file_is_gone(filled):
    with filled.opened("Tess") as (library, tess):
        draft = open_draft(filled, library, tess)
        draft.write([LINE])
        draft.write([])
        library.lock(tess)
        with pytest.raises(NotEntitled):
            draft.write([LINE])
        assert not draft.path.exists()


def test_a_vault_with_a_half_typed_line_is_whole_and_the_line_is_among_its_files(filled):
    path = left_by(filled, [LINE])

    assert verify(filled.folder).exit_code == 0
    assert path in kept_files(filled.folder)
    assert strangers(filled.folder) == []


def test_a_file_that_nobody_knows_is_named_and_no_fault(filled):
    (filled.folder / "notes.txt").write_text("left here", encoding="utf-8")

    report = verify(filled.folder)

    assert strangers(filled.folder) == ["notes.txt"]
    assert report.exit_code == 0
    assert [finding.file for finding in report.findings] == ["notes.txt"]


def test_a_second_opening_takes_the_file_from_the_first(filled):
    with filled.opened("Tess") as (library, tess):
        first = open_draft(filled, library, tess)
        first.write([LINE])
        second = open_draft(filled, library, tess)
        assert second.found == (LINE,)
        with pytest.raises(NotEntitled):
            first.write([])
        library.lock(tess)

    assert read(filled) == ((LINE,), False)
