"""The audit trail is found by its mark: newest first, without reading what any record says."""

import pytest

from kapnotes.domain.entries import Audit, Note, Phase, Setting, SignOff, Stage
from kapnotes.domain.members import SHARED
from kapnotes.vault import codec, trail
from kapnotes.vault.library import VAULT_SCOPE
from tests.vault.test_sign_off import sign


def audit(practice, library, keyring, text):
    return practice.append(library, keyring, SHARED, Audit(text), scope=VAULT_SCOPE, patient=VAULT_SCOPE)[0]


def test_it_gives_what_was_done_newest_first_from_every_scope(filled):
    with filled.opened("Tess", "Carl") as (library, tess, carl):
        one = audit(filled, library, tess, "one")
        filled.append(library, tess, SHARED, Setting("lamp off"))
        signed = sign(filled, library, carl, SHARED)
        two = audit(filled, library, carl, "two")

        for keyring in (tess, carl):
            assert [entry for entry in library.trail(keyring).entries if entry in {one, two, signed}] == [
                two,
                signed,
                one,
            ]


def test_no_record_is_decrypted_for_it(filled, monkeypatch):
    with filled.opened("Carl") as (library, carl):
        filled.append(library, carl, SHARED, Phase(Stage.DOSING))
        audit(filled, library, carl, "one")
        decoded, decode = [], codec.decode
        monkeypatch.setattr(codec, "decode", lambda *args: decoded.append(decode(*args)) or decoded[-1])
        page = library.trail(carl)

    assert page.entries
    assert {entry.entry_id for entry in decoded} == {entry.entry_id for entry in page.entries}
    assert not any(isinstance(entry.body, Phase | Setting | Note) for entry in decoded)


@pytest.mark.parametrize("looked_at", [1, 4, 5000])
@pytest.mark.parametrize("limit", [1, 2, 3, 100])
def test_page_by_page_it_gives_each_entry_once(filled, limit, looked_at, monkeypatch):
    whole_look = trail.LOOKED_AT
    with filled.opened("Carl") as (library, carl):
        for number in range(7):
            audit(filled, library, carl, f"deed {number}")
            filled.append(library, carl, SHARED, Setting("in between"))
        whole = library.trail(carl, limit=1000).entries
        assert whole_look >= 1000
        monkeypatch.setattr(trail, "LOOKED_AT", looked_at)
        pages, before = [], None
        while True:
            page = library.trail(carl, before=before, limit=limit)
            pages.append(page.entries)
            before = page.before
            if before is None:
                break

    assert tuple(entry for entries in pages for entry in entries) == whole
    assert all(len(entries) <= limit for entries in pages)
    assert [entry.body.action for entry in whole][:7] == [f"deed {number}" for number in reversed(range(7))]


def test_a_damaged_entry_is_a_finding_and_costs_no_other(filled):
    with filled.opened("Carl") as (library, carl):
        for number in range(3):
            audit(filled, library, carl, f"deed {number}")
    with filled.tampering(filled.file("shared")) as connection:
        connection.execute(
            "UPDATE event SET ct=zeroblob(length(ct)) WHERE id=(SELECT max(id)-1 FROM event WHERE flags=1)"
        )
    filled.forget_closing()

    with filled.opened("Carl") as (library, carl):
        page = library.trail(carl)
    assert [entry.body.action for entry in page.entries if not isinstance(entry.body, SignOff)][:2] == [
        "deed 2",
        "deed 0",
    ]
    assert [finding.code for finding in page.findings] == [1]
