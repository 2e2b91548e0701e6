"""Emergency reading: by the medical sheet and a reason, seen by all, and never of process notes."""

import pytest

from kapnotes.domain.custody import BreakGlass, BreakGlassSeen, KeyChange, KeyEvent
from kapnotes.domain.entries import Entry, Note, Signal
from kapnotes.domain.errors import Implausible, InputOutput, Misread, NotEntitled
from kapnotes.domain.members import MEDICAL, SHARED
from kapnotes.vault.compartment_file import CompartmentFile
from kapnotes.vault.library import KEYS_SCOPE
from kapnotes.vault.verify import verify

REASON = "found unresponsive, emergency team asks for the last dose"


@pytest.fixture
def paper(filled):
    """The confirmed sheet of the medical compartment, as text."""
    with filled.opened("Tess") as (library, tess):
        lines = "\n".join(library.make_sheet(tess, MEDICAL).lines)
        library.confirm_sheet(tess, MEDICAL, lines)
    return lines


def keys_log(library, keyring):
    return library.read(keyring, KEYS_SCOPE, only=SHARED)


def test_the_medical_sheet_reads_the_record_and_no_process_note(filled, paper):
    with filled.opened() as (library,):
        keyring = library.break_glass(paper, REASON)
        assert keyring.compartments == (SHARED, MEDICAL)
        read = library.read(keyring, filled.session)
        assert (len(read.entries), read.refused, read.findings) == (9, (), ())
        assert not any(isinstance(entry.body, Note) for entry in read.entries)
        with pytest.raises(NotEntitled):
            library.read(keyring, filled.session, only=filled_therapy(library))


def filled_therapy(library):
    return next(member for member in library.members() if member.is_therapist).therapy


def test_everybody_sees_it_afterwards_with_its_reason(filled, paper):
    with filled.opened() as (library,):
        library.break_glass(paper, "  two\nlines ")
    for label in ("Tess", "Carl"):
        with filled.opened(label) as (library, keyring):
            read = keys_log(library, keyring)
            assert [entry.body for entry in read.entries if isinstance(entry.body, BreakGlass)] == [
                BreakGlass("two lines")
            ]
            assert (read.refused, read.findings) == ((), ())
        assert verify(filled.folder, label=label, passphrase=filled.passphrases[label]).findings == ()


def test_it_is_still_read_when_the_sheet_was_replaced(filled, paper):
    with filled.opened() as (library,):
        library.break_glass(paper, REASON)
    with filled.opened("Tess") as (library, tess):
        library.confirm_sheet(tess, MEDICAL, "\n".join(library.make_sheet(tess, MEDICAL).lines))
        with pytest.raises(Implausible, match="older recovery sheet"):
            library.break_glass(paper, REASON)
    with filled.opened("Carl") as (library, carl):
        assert BreakGlass(REASON) in [entry.body for entry in keys_log(library, carl).entries]
    assert verify(filled.folder, label="Carl", passphrase=filled.passphrases["Carl"]).findings == ()


def test_a_member_says_that_it_was_seen(filled, paper):
    with filled.opened("Carl") as (library, carl):
        library.break_glass(paper, REASON)
        notice = next(entry for entry in keys_log(library, carl).entries if isinstance(entry.body, BreakGlass))
        seen = filled.entry(carl, BreakGlassSeen(notice.entry_id), scope=KEYS_SCOPE)
        library.append(carl, SHARED, seen, patient_id=KEYS_SCOPE)
        assert keys_log(library, carl).entries[-1] == seen


@pytest.mark.parametrize("reason", ["", "  \n"])
def test_without_a_reason_nothing_opens(filled, paper, reason):
    before = filled.hashes()
    with filled.opened() as (library,), pytest.raises(Implausible, match="why"):
        library.break_glass(paper, reason)
    assert filled.hashes() == before


def test_another_sheet_opens_nothing(filled, paper):
    with filled.opened("Tess") as (library, tess):
        for compartment in (SHARED, tess.member.therapy):
            lines = "\n".join(library.make_sheet(tess, compartment).lines)
            with pytest.raises(Implausible, match="the sheet of the medical compartment"):
                library.break_glass(lines, REASON)
        with pytest.raises(Misread):
            library.break_glass(paper[:-1], REASON)


def test_where_it_cannot_be_written_down_nothing_is_shown(filled, paper, monkeypatch):
    def full(*_, **__):
        raise InputOutput("The disk is full.")

    with filled.opened() as (library,):
        monkeypatch.setattr(CompartmentFile, "write", full)
        with pytest.raises(InputOutput):
            library.break_glass(paper, REASON)


def test_a_sheet_writes_nothing_else(filled, paper):
    with filled.opened() as (library,):
        keyring = library.break_glass(paper, REASON)
        for compartment, body in ((SHARED, Signal("x")), (MEDICAL, KeyEvent(KeyChange.SHEET_MADE, "medical"))):
            with pytest.raises(NotEntitled, match="may not write this"):
                filled.append(library, keyring, compartment, body)


def test_what_a_sheet_writes_past_the_vault_is_refused_by_reader_and_verify(filled, paper):
    """Whoever has the paper and the source writes a signal into the session, signed with the sheet."""
    with filled.opened() as (library,):
        keyring = library.break_glass(paper, REASON)
        forged = filled.entry(keyring, Signal("forged"))
        journal = library._journals.of(SHARED)  # noqa: SLF001 - past the vault's door
        journal.append(keyring, [forged], filled.patient)
    with filled.opened("Tess") as (library, tess):
        read = library.read(tess, filled.session)
        assert forged not in read.entries
        (refused,) = read.refused
        assert "is by recovery sheet (medical), who may not write it there" in refused.line
    assert verify(filled.folder, label="Tess", passphrase=filled.passphrases["Tess"]).exit_code == 2


def test_a_sheet_in_the_medical_file_is_named_without_a_passphrase(filled, paper):
    with filled.opened() as (library,):
        keyring = library.break_glass(paper, REASON)
        forged = filled.entry(keyring, KeyEvent(KeyChange.SHEET_MADE, "medical"))
        library._journals.of(MEDICAL).append(keyring, [forged], filled.patient)  # noqa: SLF001 - past the vault's door
    report = verify(filled.folder)
    assert report.exit_code == 2
    assert "recovery sheet (medical), who may not write it there" in report.findings[0].line


def test_killed_before_it_is_written_down_nobody_has_read(filled, paper):
    with filled.opened() as (library,), filled.copied_before_each_write() as snapshots:
        library.break_glass(paper, REASON)
    assert len(snapshots) == 1
    assert verify(snapshots[0]).findings == ()


def test_the_entry_is_of_the_sheet_in_the_log_of_keys(filled, paper):
    with filled.opened("Tess") as (library, tess):
        library.break_glass(paper, REASON)
        (entry,) = (one for one in keys_log(library, tess).entries if isinstance(one.body, BreakGlass))
        assert isinstance(entry, Entry)
        assert entry.scope_id == KEYS_SCOPE
        assert entry.author_id not in {member.member_id for member in library.members()}
