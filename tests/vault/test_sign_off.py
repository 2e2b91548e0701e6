"""Sign-off: afterwards the vault takes only amendments, whoever calls, and a forgery is refused and named."""

from datetime import timedelta
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kapnotes.domain.custody import LogHead, SignOff
from kapnotes.domain.entries import (
    Addendum,
    Audit,
    Correction,
    LateEntry,
    Note,
    Phase,
    Signal,
    Stage,
    SummaryIssued,
    Vitals,
)
from kapnotes.domain.errors import Implausible, InputOutput, NotEntitled, SignedOff
from kapnotes.domain.members import MEDICAL, SHARED, therapy_of
from kapnotes.vault.compartment_file import CompartmentFile
from kapnotes.vault.verify import verify
from tests.vault.conftest import copied

PULSE = Vitals(heart_rate_bpm=Decimal(71))


def signature(library, keyring, session, compartment):
    heads = library.own_heads(keyring, session, compartment)
    return SignOff(compartment, keyring.member.label, "CRNA", "complete", heads)


def sign(practice, library, keyring, compartment):
    """Sign the member's record of the session as it stands on the disk."""
    return practice.append(library, keyring, SHARED, signature(library, keyring, practice.session, compartment))[0]


@pytest.fixture
def signed(filled):
    """Carl has signed the medical record of the session; the vault is closed."""
    with filled.opened("Carl") as (library, carl):
        sign(filled, library, carl, MEDICAL)
    return filled


def findings(practice, label="Carl"):
    return verify(practice.folder, label=label, passphrase=practice.passphrases[label]).findings


# ------------------------------------------------------------------------------------------------ writing


def test_a_sign_off_names_the_ends_of_the_own_logs(filled):
    with filled.opened("Carl") as (library, carl):
        _, last = filled.append(library, carl, MEDICAL, PULSE)
        entry = sign(filled, library, carl, MEDICAL)

        assert entry.body.logs == (last,)
        assert entry in library.read(carl, filled.session).entries


@pytest.mark.parametrize(
    "body", [LateEntry("missed", PULSE), Addendum("", "asked later", PULSE), Correction("1" * 32, "slip", PULSE)]
)
def test_amendments_follow_a_sign_off(signed, body):
    with signed.opened("Carl") as (library, carl):
        entry, _ = signed.append(library, carl, MEDICAL, body)
        assert entry in library.read(carl, signed.session).entries
    assert findings(signed) == ()


def test_anything_else_is_refused_in_one_line_that_says_what_to_do(signed):
    with signed.opened("Carl") as (library, carl):
        before = len(library.read(carl, signed.session).entries)
        with pytest.raises(SignedOff, match="late entry, an addendum or a correction") as refusal:
            signed.append(library, carl, MEDICAL, PULSE)
        assert len(library.read(carl, signed.session).entries) == before
    assert "\n" not in str(refusal.value)
    assert findings(signed) == ()


def test_the_refusal_is_the_same_at_once_after_the_sign_off_and_on_another_device(filled):
    with filled.opened("Carl") as (library, carl):
        filled.append(library, carl, MEDICAL, PULSE)
        sign(filled, library, carl, MEDICAL)
        with pytest.raises(SignedOff):
            filled.append(library, carl, MEDICAL, PULSE)
    filled.device = "77" * 16
    with filled.opened("Carl") as (library, carl), pytest.raises(SignedOff):
        filled.append(library, carl, MEDICAL, PULSE)


def test_a_batch_in_which_one_entry_is_refused_writes_nothing(signed):
    with signed.opened("Carl") as (library, carl):
        entries = [signed.entry(carl, body) for body in (LateEntry("missed", PULSE), PULSE)]
        with pytest.raises(SignedOff):
            library.append_all(carl, MEDICAL, entries, patient_id=signed.patient)
        assert not set(entries) & set(library.read(carl, signed.session).entries)


def test_a_sign_off_binds_one_member_one_session_and_one_compartment(signed):
    with signed.opened("Carl", "Tess") as (library, carl, tess):
        signed.append(library, carl, SHARED, Phase(Stage.CLOSED))
        signed.append(library, tess, SHARED, Signal("come"))
        signed.append(library, tess, therapy_of(tess.member.member_id), Note("water"))
        signed.append(library, carl, MEDICAL, PULSE, scope="5f" * 16)
    assert findings(signed) == ()


def test_what_is_done_with_a_signed_record_is_still_written(signed):
    with signed.opened("Carl") as (library, carl):
        sign(signed, library, carl, SHARED)
        signed.append(library, carl, SHARED, SummaryIssued("record", "I", 0, "00"))
        signed.append(library, carl, SHARED, Audit("opened"))
        with pytest.raises(SignedOff):
            signed.append(library, carl, SHARED, Signal("come"))
    assert findings(signed) == ()


def test_each_record_is_signed_once(signed):
    with signed.opened("Carl") as (library, carl), pytest.raises(SignedOff, match="already"):
        sign(signed, library, carl, MEDICAL)


@pytest.mark.parametrize("lie", ["too short", "no log", "another hash", "a log too many", "twice"])
def test_a_sign_off_that_does_not_name_the_record_as_it_is_is_refused(filled, lie):
    with filled.opened("Carl") as (library, carl):
        (head,) = library.own_heads(carl, filled.session, MEDICAL)
        other = LogHead(MEDICAL, "ab" * 16, 1, "cd" * 32)
        logs = {
            "too short": (LogHead(MEDICAL, head.log_id, head.seq - 1, head.h),),
            "no log": (),
            "another hash": (LogHead(MEDICAL, head.log_id, head.seq, "00" * 32),),
            "a log too many": (head, other),
            "twice": (head, head),
        }[lie]
        with pytest.raises(Implausible):
            filled.append(library, carl, SHARED, SignOff(MEDICAL, "Carl", "CRNA", "complete", logs))
        filled.append(library, carl, MEDICAL, PULSE)
    assert findings(filled) == ()


def test_nobody_signs_a_record_that_the_role_does_not_write(filled):
    with filled.opened("Tess") as (library, tess):
        heads = library.own_heads(tess, filled.session, MEDICAL)
        with pytest.raises(NotEntitled):
            filled.append(library, tess, SHARED, SignOff(MEDICAL, "Tess", "LCSW", "complete", heads))


def test_all_parts_of_a_record_are_signed_in_one_write(filled):
    with filled.opened("Tess") as (library, tess):
        parts = (SHARED, therapy_of(tess.member.member_id))
        entries = [filled.entry(tess, signature(library, tess, filled.session, part)) for part in parts]
        library.append_all(tess, SHARED, entries, patient_id=filled.patient)
        for part, body in zip(parts, (Signal("come"), Note("water")), strict=True):
            with pytest.raises(SignedOff):
                filled.append(library, tess, part, body)
    assert findings(filled, "Tess") == findings(filled) == ()


def test_a_sign_off_costs_no_look_into_the_files_at_each_entry(filled, monkeypatch):
    with filled.opened("Carl") as (library, carl):
        filled.append(library, carl, MEDICAL, PULSE)
        asked, rows = [], CompartmentFile.raw_rows
        monkeypatch.setattr(
            CompartmentFile, "raw_rows", lambda file, *query: asked.append(file.name) or rows(file, *query)
        )
        for _ in range(5):
            filled.append(library, carl, MEDICAL, PULSE)
    assert "shared.kapdb" not in asked


def let_writes_fail(monkeypatch, name, times):
    """Let the next writes of one file fail, as a full disk does."""
    left, write = [times], CompartmentFile.write

    def failing(file, *rows, **how):
        if file.name == name and left[0]:
            left[0] -= 1
            raise InputOutput("The disk is full.")
        return write(file, *rows, **how)

    monkeypatch.setattr(CompartmentFile, "write", failing)


def test_a_sign_off_that_is_not_on_the_disk_yet_already_refuses_the_rest_and_comes_through(filled, monkeypatch):
    with filled.opened("Carl") as (library, carl):
        entry = filled.entry(carl, signature(library, carl, filled.session, MEDICAL))
        let_writes_fail(monkeypatch, "shared.kapdb", 2)
        with pytest.raises(InputOutput):
            library.append(carl, SHARED, entry, patient_id=filled.patient)
        with pytest.raises(SignedOff):
            filled.append(library, carl, MEDICAL, PULSE)
        library.append(carl, SHARED, entry, patient_id=filled.patient)
        assert entry in library.read(carl, filled.session).entries
    assert findings(filled) == ()


def test_what_is_not_saved_yet_is_saved_before_the_ends_of_the_logs_are_named(filled, monkeypatch):
    with filled.opened("Carl") as (library, carl):
        pulse = filled.entry(carl, PULSE)
        let_writes_fail(monkeypatch, "medical.kapdb", 2)
        with pytest.raises(InputOutput):
            library.append(carl, MEDICAL, pulse, patient_id=filled.patient)
        sign(filled, library, carl, MEDICAL)
        library.append(carl, MEDICAL, pulse, patient_id=filled.patient)
        assert pulse in library.read(carl, filled.session).entries
    assert findings(filled) == ()


# ---------------------------------------------------------------------------------------------- forgeries


def forge(practice, label, kind, *bodies, device=None):
    """Write as a member would who has the keys and a debugger: nobody asks what was signed."""
    with practice.raw(label, practice.file(kind)) as (file, keyring, _, _):
        journal = practice.journal_of(file, device)
        entries = [practice.entry(keyring, body) for body in bodies]
        heads = [journal.append(keyring, [entry], practice.patient) for entry in entries]
    practice.forget_closing()
    return entries, heads


@pytest.mark.parametrize("device", [None, "77" * 16], ids=["in the signed log", "in a log of another device"])
def test_an_entry_forged_after_the_sign_off_is_refused_by_the_reader_and_named_by_verify(signed, device):
    (forged,), (head,) = forge(signed, "Carl", "medical", PULSE, device=device)
    log = head.log_id[:4].upper()
    line = f"medical.kapdb entry {head.seq} of log {log} was written after Carl had signed, and is no amendment."

    with signed.opened("Carl") as (library, carl):
        for only in (None, MEDICAL):
            read = library.read(carl, signed.session, only=only)
            assert forged not in read.entries
            assert [(finding.code, finding.line) for finding in read.refused] == [(2, line)]
    for label in ("Carl", "Tess"):
        report = verify(signed.folder, label=label, passphrase=signed.passphrases[label])
        assert report.exit_code == 2
        assert [finding.line for finding in report.findings] == [line]


def test_what_the_practice_cannot_read_is_checked_all_the_same(filled):
    with filled.opened("Tess") as (library, tess):
        sign(filled, library, tess, therapy_of(tess.member.member_id))
    (_, late), (head, _) = forge(filled, "Tess", "therapy", Note("forged"), LateEntry("missed", Note("honest")))

    (finding,) = findings(filled, "Carl")
    assert (finding.code, finding.file) == (2, filled.file("therapy").name)
    assert f"entry {head.seq} of log {head.log_id[:4].upper()}" in finding.line
    with filled.opened("Tess") as (library, tess):
        read = library.read(tess, filled.session)
        assert late in read.entries
        assert [one.line for one in read.refused] == [finding.line]


def test_a_sign_off_that_leaves_the_newest_entries_out_makes_them_forgeries(filled):
    with filled.opened("Carl") as (library, carl):
        (head,) = library.own_heads(carl, filled.session, MEDICAL)
    with filled.raw("Carl", filled.file("medical")) as (file, _, _, _):
        hashes = [h for (h,) in file.rows("SELECT h FROM event ORDER BY seq", (32,))]
    cut = LogHead(MEDICAL, head.log_id, head.seq - 1, hashes[head.seq - 2].hex())
    forge(filled, "Carl", "shared", SignOff(MEDICAL, "Carl", "CRNA", "complete", (cut,)))

    assert [finding.code for finding in findings(filled)] == [2]


def test_a_forged_sign_off_of_somebody_elses_record_signs_nothing(filled):
    with filled.opened("Carl") as (library, carl):
        heads = library.own_heads(carl, filled.session, MEDICAL)
    forge(filled, "Tess", "shared", SignOff(MEDICAL, "Carl", "CRNA", "complete", heads))

    with filled.opened("Carl") as (library, carl):
        assert len(library.read(carl, filled.session).refused) == 1
        filled.append(library, carl, MEDICAL, PULSE)


def test_a_signed_entry_that_was_cut_off_is_named(signed):
    with signed.tampering(signed.file("medical")) as connection:
        connection.execute("DELETE FROM event WHERE seq=(SELECT max(seq) FROM event)")
    signed.forget_closing()

    (finding,) = findings(signed)
    assert finding.code == 3
    assert finding.line.startswith("medical.kapdb lacks entry 7 of log")
    with signed.opened("Carl") as (library, carl):
        assert [one.line for one in library.read(carl, signed.session).findings] == [finding.line]


def test_a_signed_log_that_was_written_anew_is_named(filled):
    other = copied(filled, filled.folder.with_name("other"))
    with filled.opened("Carl") as (library, carl):
        filled.append(library, carl, MEDICAL, PULSE)
        sign(filled, library, carl, MEDICAL)
    other.clock.advance(timedelta(days=1).total_seconds())
    with other.opened("Carl") as (library, carl):
        other.append(library, carl, MEDICAL, Vitals(heart_rate_bpm=Decimal(60)))
    filled.file("medical").write_bytes(other.file("medical").read_bytes())
    filled.forget_closing()

    (finding,) = findings(filled)
    assert finding.code == 2
    assert "another one now" in finding.line


def test_without_a_passphrase_sign_offs_are_not_read(signed):
    forge(signed, "Carl", "medical", PULSE)

    assert verify(signed.folder).exit_code == 0
    assert not verify(signed.folder).contents_read


# --------------------------------------------------------------------------------------------- a property


@settings(max_examples=25, deadline=None)
@given(
    st.lists(
        st.tuples(
            st.sampled_from(["Carl", "Tess"]),
            st.sampled_from(["note", "late", "addendum", "correction", "signal", "sign medical", "sign shared"]),
            st.sampled_from(["de" * 16, "77" * 16]),
        ),
        max_size=14,
    )
)
def test_whatever_is_tried_in_whatever_order_the_vault_takes_what_the_rule_says(_filled, tmp_path_factory, steps):  # noqa: PT019
    """The rule once more, in three lines: what is signed by whom; then only amendments; and verify agrees."""
    practice = copied(_filled, tmp_path_factory.mktemp("any-order") / "vault")
    done, kept = set(), 0
    for label, what, device in steps:
        practice.device = device
        with practice.opened(label) as (library, keyring):
            place = SHARED if what in {"signal", "sign shared"} or label == "Tess" else MEDICAL
            plain = Signal("come") if place == SHARED else PULSE
            of = {"sign medical": MEDICAL, "sign shared": SHARED}.get(what)
            if what == "sign medical" and label == "Tess":
                continue
            body = {
                "late": LateEntry("missed", plain),
                "addendum": Addendum("", "more", plain),
                "correction": Correction("1" * 32, "slip", None),
            }.get(what, plain)
            if of is not None:
                place, body = SHARED, signature(library, keyring, practice.session, of)
            is_allowed = (
                (label, of) not in done
                if of is not None
                else what in {"late", "addendum", "correction"} or (label, place) not in done
            )
            try:
                practice.append(library, keyring, place, body)
                assert is_allowed
                kept += 1
                done.add((label, of)) if of is not None else None
            except SignedOff:
                assert not is_allowed
    assert findings(practice) == ()
    with practice.opened("Carl") as (library, carl):
        back = library.read(carl, practice.session)
        assert len(back.entries) == 9 + kept
        assert back.refused == back.findings == ()
