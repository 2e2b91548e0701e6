"""Frozen bytes: if one of these fails, old vaults no longer open."""

import pytest

from kapnotes.domain.members import MEDICAL, SHARED, Compartment, CompartmentKind, therapy_of
from kapnotes.vault import layout
from kapnotes.vault.layout import Place

VAULT = bytes(range(16))
OWNER = "0f" * 16


def place(compartment=MEDICAL):
    return Place(VAULT, layout.comp_bytes(compartment))


def test_a_label_ends_with_a_zero_byte():
    assert layout.label("chain") == b"KAPN/1/chain\x00"


@pytest.mark.parametrize(
    ("compartment", "comp", "name"),
    [
        (SHARED, "01" + "00" * 16, "shared.kapdb"),
        (MEDICAL, "02" + "00" * 16, "medical.kapdb"),
        (therapy_of(OWNER), "03" + OWNER, "therapy-0f0f0f0f.kapdb"),
    ],
)
def test_a_compartment_is_seventeen_bytes_and_has_a_name(compartment, comp, name):
    assert layout.comp_bytes(compartment).hex() == comp
    assert layout.compartment_of(bytes.fromhex(comp)) == compartment
    assert layout.file_name(compartment) == name


@pytest.mark.parametrize("comp", ["", "00" * 17, "04" + "00" * 16, "01" + "01" * 16, "03", "03" + "00" * 15])
def test_other_bytes_name_no_compartment(comp):
    with pytest.raises(ValueError, match=r"ompartment"):
        layout.compartment_of(bytes.fromhex(comp))


def test_an_event_authenticates_118_bytes_in_this_order():
    aad = layout.event_aad(place(), 1, 1, 2, b"L" * 16, 3, b"A" * 16, previous=b"P" * 32)
    assert len(aad) == layout.AAD_LENGTH == 118
    by_hand = (
        b"KAPN"
        + (1).to_bytes(2, "big")
        + (1).to_bytes(2, "big")
        + b"\x01"
        + b"\x02"
        + bytes(16)
        + VAULT
        + (2).to_bytes(4, "big")
        + b"L" * 16
        + (3).to_bytes(8, "big")
        + b"A" * 16
        + b"P" * 32
    )
    assert aad == by_hand
    assert aad.hex() == (
        "4b41504e0001000101020000000000000000000000000000000000010203040506070809"
        "0a0b0c0d0e0f000000024c4c4c4c4c4c4c4c4c4c4c4c4c4c4c4c0000000000000003"
        "41414141414141414141414141414141" + "50" * 32
    )


FROZEN = {
    "log": "0110de5215c064f2992073538ab218acb72ff91f275edc20a134879a08aa25d7",
    "chain": "aece9d2f87145b568d35ba8c846fe296598a2cf9b92e27163ee7a8c3eb165538",
    "vault": "5f03379ce0db02b95b9a34b527240d4a",
    "identity": "f8498b883d333f34650544f30aa4c2b5",
    "bound": (
        "4b41504e2f312f6772616e7400000102030405060708090a0b0c0d0e0f030f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f00000007"
        "54545454545454545454545454545454"
    ),
}


def test_hashes_and_ids_are_frozen():
    aad = layout.event_aad(place(), 1, 0, 1, b"L" * 16, 1, b"A" * 16, previous=bytes(32))
    assert {
        "log": layout.log_digest(place(), b"S" * 16, b"M" * 16, b"D" * 16, 1).hex(),
        "chain": layout.event_hash(aad, b"N" * 12, b"C" * 144).hex(),
        "vault": layout.vault_id(b"genesis").hex(),
        "identity": layout.identity_id(b"h" * 1216, b"s" * 32).hex(),
        "bound": place(therapy_of(OWNER)).bound("grant", layout.u32(7), b"T" * 16).hex(),
    } == FROZEN


@pytest.mark.parametrize("text", ["", "0" * 31, "0" * 33, "G" * 32, "A" * 32, " " * 32, "é" * 32])
def test_an_id_is_32_lower_case_hex_digits(text):
    with pytest.raises(ValueError, match="32 lower-case hex"):
        layout.id_bytes(text)


def test_every_kind_of_compartment_has_a_file_name():
    for kind in CompartmentKind:
        owner = OWNER if kind is CompartmentKind.THERAPY else ""
        assert layout.file_name(Compartment(kind, owner)).endswith(".kapdb")
