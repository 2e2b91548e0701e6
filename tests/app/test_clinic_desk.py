"""Protocols of the clinic's own: signed version by version, offered, withdrawn, read again after a restart."""

import sqlite3
from decimal import Decimal

import pytest

from kapnotes.app.clinic_desk import ClinicDesk
from kapnotes.app.presets import shipped_protocols
from kapnotes.app.signing import Signature
from kapnotes.app.staffing import staffing_of
from kapnotes.domain.audit_acts import CLINIC_PAGES_KEPT, PROTOCOL_SIGNED, PROTOCOL_WITHDRAWN
from kapnotes.domain.clinic import CLINIC_SCOPE, ProtocolInUse, RescueDrug
from kapnotes.domain.clinic_pages import ClinicPages
from kapnotes.domain.entries import Audit, Dose
from kapnotes.domain.errors import KapnotesError, NeedsConfirmation, NotEntitled
from kapnotes.domain.members import Role
from kapnotes.domain.protocol_draft import lines_of, written
from kapnotes.vault.library import VAULT_SCOPE

SIGNATURE = Signature("C. Nurse", "CRNA", "the clinic works by it")


def version(**changes):
    iv = next(one.protocol for one in shipped_protocols() if one.protocol.name == "iv-40")
    return written(lines_of(iv) | changes)


@pytest.fixture
def crna(house):
    return house.make("Carl, CRNA", Role.MEDICAL)


@pytest.fixture
def desk(crna):
    return ClinicDesk(crna)


def sign(desk, caught, **changes):
    done = caught()
    desk.sign(version(**changes), SIGNATURE, done.append, done.failed)
    return done.last


def audited(house, seat):
    entries = house.program.library.read(seat.keyring, VAULT_SCOPE).entries
    return [(one.body.action, one.body.subject) for one in entries if isinstance(one.body, Audit)]


def test_two_versions_are_there_after_a_restart_and_the_newest_is_offered(house, crna, desk, caught):
    sign(desk, caught, check_in="10")
    house.clock.advance(60)
    book = sign(desk, caught, check_in="15")
    assert [(one.number, one.protocol.check_in_min) for one in book.versions] == [(2, 15), (1, 10)]

    house.program.lock(crna)
    again = ClinicDesk(house.sign_in("Carl, CRNA"))
    done = caught()
    again.read(done.append, done.failed)

    assert done.last.versions == book.versions
    first, *others = again.presets()
    assert (first.text, first.signed.number) == (version(check_in="15").text, 2)
    assert first.signed.printed_name == "C. Nurse"
    assert [one.protocol.name for one in others] == ["im", "nasal-esketamine", "sublingual"]


def test_a_withdrawn_version_stays_readable_and_the_one_before_is_offered_again(house, crna, desk, caught):
    sign(desk, caught, check_in="10")
    book = sign(desk, caught, check_in="15")
    done = caught()
    desk.withdraw(book.versions[0], "too seldom", done.append, done.failed)

    assert [(one.number, one.withdrawn, one.is_offered) for one in done.last.versions] == [
        (2, "too seldom", False),
        (1, "", True),
    ]
    assert done.last.versions[0].signed.text == version(check_in="15").text
    assert desk.presets()[0].protocol.check_in_min == 10
    desk.withdraw(done.last.versions[1], "none of them", done.append, done.failed)
    assert desk.presets()[0].signed is None

    said = audited(house, crna)
    assert (PROTOCOL_SIGNED, f"iv-40 {version(check_in='10').protocol.version}") in said
    assert [action for action, _ in said].count(PROTOCOL_WITHDRAWN) == 2


@pytest.mark.parametrize("signature", [Signature("", "CRNA", "x"), Signature("C", " ", "x"), Signature("C", "RN", "")])
def test_a_signature_that_is_not_whole_keeps_nothing(house, crna, desk, caught, signature):
    with pytest.raises(KapnotesError, match="printed name"):
        desk.sign(version(), signature, caught().append, caught().failed)

    assert house.program.library.read(crna.keyring, CLINIC_SCOPE).entries == ()


def test_a_version_is_withdrawn_once_and_with_a_reason(desk, caught):
    book = sign(desk, caught)
    with pytest.raises(KapnotesError, match="Say why"):
        desk.withdraw(book.versions[0], " ", caught().append, caught().failed)
    done = caught()
    desk.withdraw(book.versions[0], "late", done.append, done.failed)
    with pytest.raises(KapnotesError, match="already"):
        desk.withdraw(done.last.versions[0], "late", caught().append, caught().failed)


def test_who_is_no_clinician_signs_no_protocol(house, crna, caught):
    admin = house.add(crna, "Ada, office", Role.ADMIN)
    seat = house.sign_in(admin.label)
    with pytest.raises(NotEntitled):
        ClinicDesk(seat).sign(version(), SIGNATURE, caught().append, caught().failed)
    with pytest.raises(NotEntitled):
        ClinicDesk(seat).keep_pages(ClinicPages(), caught().append, caught().failed)


def test_a_session_keeps_the_text_and_who_signed_the_version_it_began_with(house, crna, desk, caught):
    sign(desk, caught, check_in="10")
    preset = desk.presets()[0]
    done = caught()
    crna.start_session(house.patient(crna), preset, staffing_of([crna.member]), [crna.member], done.append, done.failed)
    sign(desk, caught, check_in="15")

    record = house.on_disk(crna, done.last)
    assert record.opened.protocol_text == version(check_in="10").text
    assert record.protocol.check_in_min == 10
    in_use = record.newest(ProtocolInUse)
    assert (in_use.number, in_use.printed_name, in_use.credential) == (1, "C. Nurse", "CRNA")


def test_the_clinics_scope_is_neither_a_patient_nor_a_session(house, crna, desk, caught):
    sign(desk, caught)
    patients, sessions = caught(), caught()
    crna.list_patients(patients.append, patients.failed)
    crna.list_sessions(sessions.append, sessions.failed)

    assert patients.last == sessions.last == []


def test_the_list_of_drugs_completes_and_asks_in_a_session(house, crna, desk, caught):
    live = house.start(crna, house.patient(crna), [crna.member])
    done = caught()
    desk.keep_drugs([RescueDrug("metoprolol", ("iv",)), RescueDrug("midazolam")], done.append, done.failed)
    assert done.last.drugs[0] == RescueDrug("metoprolol", ("iv",))

    assert live.log("rescue met 2.5 iv").body == Dose("metoprolol", Decimal("2.5"), "iv", is_rescue=True)
    with pytest.raises(NeedsConfirmation, match="ondansetron is not on the clinic's list"):
        live.log("rescue ondansetron 4 iv")
    live.log("rescue ondansetron 4 iv", is_confirmed=True)
    assert live.log("rescue ondansetron 4 iv").body.drug == "ondansetron"


def test_a_damaged_version_costs_itself_alone_and_is_counted(house, make_house, desk, caught):
    sign(desk, caught, check_in="10")
    sign(desk, caught, check_in="15")
    house.program.close()
    with sqlite3.connect(house.vault / "shared.kapdb") as shared:
        ((log,),) = shared.execute("SELECT id FROM log WHERE session=?", (bytes.fromhex(CLINIC_SCOPE),)).fetchall()
        ((ct,),) = shared.execute("SELECT ct FROM event WHERE log=? AND seq=1", (log,)).fetchall()
        guards = shared.execute("SELECT name, sql FROM sqlite_master WHERE type='trigger'").fetchall()
        for name, _ in guards:
            shared.execute(f"DROP TRIGGER {name}")
        shared.execute("UPDATE event SET ct=? WHERE log=? AND seq=1", (bytes([ct[0] ^ 1]) + ct[1:], log))
        for _, sql in guards:
            shared.execute(sql)
    shared.close()
    again, opened, done = make_house(house.folder), caught(), caught()
    again.program.open_vault(again.vault, opened.append, opened.failed)
    ClinicDesk(again.sign_in("Carl, CRNA")).read(done.append, done.failed)
    again.program.close()

    assert done.last.unread == 1
    assert [one.protocol.check_in_min for one in done.last.versions] == [15]


def test_what_summaries_say_for_the_clinic_is_kept_read_again_and_in_the_trail(house, crna, desk, caught):
    assert desk.read_now().pages == ClinicPages()
    done, said = caught(), ClinicPages(48, 96, "clinic 555-0100", is_part_2_program=True)

    desk.keep_pages(said, done.append, done.failed)

    assert done.last.pages == said
    assert ClinicDesk(crna).read_now().pages == said
    assert audited(house, crna)[-1] == (CLINIC_PAGES_KEPT, "")
