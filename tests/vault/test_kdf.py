"""Passphrases to keys, against published vectors and our own frozen ones."""

import unicodedata

import pytest
from cryptography.hazmat.primitives.kdf.argon2 import Argon2id

from kapnotes.domain.errors import Implausible, OutOfMemory
from kapnotes.vault import kdf
from kapnotes.vault.kdf import SMALL_MACHINE_COST, STANDARD_COST, KdfCost

LIGHT = KdfCost(64, 1, 1)
VAULT, MEMBER, SALT = b"V" * 16, b"M" * 16, b"S" * 16


def test_argon2id_is_that_of_rfc_9106():
    tag = Argon2id(
        salt=b"\x02" * 16, length=32, iterations=3, lanes=4, memory_cost=32, secret=b"\x03" * 8, ad=b"\x04" * 12
    ).derive(b"\x01" * 32)
    assert tag.hex() == "0d640df58d78766c08c037a34a8b53c9d01ef0452d75b65eb52520e96b01e659"


def test_hkdf_is_that_of_rfc_5869_case_3():
    okm = kdf.hkdf(b"\x0b" * 22, b"", 42)
    assert okm.hex() == ("8da4e775a563c18f715f802a063c5a31b8a11f5c5ee1879ec3454e5f3c738d2d9d201395faa4b61a96c8")


def test_the_keys_of_a_passphrase_are_frozen():
    keys = kdf.derive("otter lagoon violin cedar", SALT, LIGHT, VAULT, MEMBER)
    assert keys.check.hex() == "f716b35ebdd0b673952ff384d69fdf49cabb5bb475a8d2a319dacde435ddd3f1"
    assert keys.wrapping.hex() == "659d51339539b64aa4a9a531f7c1b285ca6b1c3b1ebcd75bcda56840f35d7dac"


def test_the_keys_depend_on_salt_cost_vault_and_member():
    first = kdf.derive("p", SALT, LIGHT, VAULT, MEMBER)
    others = [
        kdf.derive("P", SALT, LIGHT, VAULT, MEMBER),
        kdf.derive("p", b"T" * 16, LIGHT, VAULT, MEMBER),
        kdf.derive("p", SALT, KdfCost(64, 2, 1), VAULT, MEMBER),
        kdf.derive("p", SALT, LIGHT, b"W" * 16, MEMBER),
        kdf.derive("p", SALT, LIGHT, VAULT, b"N" * 16),
    ]
    keys = [first, *others]
    assert len({k.check for k in keys} | {k.wrapping for k in keys}) == 12


def test_composed_and_decomposed_letters_and_odd_spaces_are_one_passphrase():
    odd = unicodedata.normalize("NFD", "café\u00a0noir\u2003crème")
    assert kdf.prepared(odd) == kdf.prepared("café noir crème") == "café noir crème".encode()


def test_a_passphrase_is_not_trimmed_and_its_case_counts():
    assert kdf.prepared(" A ") == b" A "


@pytest.mark.parametrize("passphrase", ["x" * 257, "\ud800"])
def test_what_cannot_be_a_passphrase_is_refused_without_quoting_it(passphrase):
    with pytest.raises(Implausible) as refused:
        kdf.derive(passphrase, SALT, LIGHT, VAULT, MEMBER)
    assert passphrase not in str(refused.value)
    assert refused.value.__cause__ is None


@pytest.mark.parametrize(
    ("memory_kib", "passes", "lanes"),
    [
        (2**32, 3, 4),
        (1024 * 1024 + 1, 3, 4),
        (1024, 17, 1),
        (1024, 1, 17),
        (7, 1, 1),
        (64, 0, 1),
        (64, 1, 0),
        (-8, 1, 1),
    ],
)
def test_a_cost_out_of_range_is_refused_before_any_memory_is_asked_for(memory_kib, passes, lanes):
    with pytest.raises(ValueError, match="out of range"):
        KdfCost(memory_kib, passes, lanes)


def test_the_product_never_goes_below_the_floor():
    for cost in (STANDARD_COST, SMALL_MACHINE_COST):
        assert cost.memory_kib >= 64 * 1024
        assert cost.passes >= 3
        assert cost.lanes == 4


def test_no_memory_is_said_so_and_the_passphrase_is_not_blamed(monkeypatch):
    class NoMemory:
        def __init__(self, **_):
            pass

        def derive(self, _):
            raise MemoryError

    monkeypatch.setattr(kdf, "Argon2id", NoMemory)
    with pytest.raises(OutOfMemory, match=r"needs 256 MiB.*not checked"):
        kdf.derive("p", SALT, STANDARD_COST, VAULT, MEMBER)


def test_keys_are_not_shown():
    keys = kdf.derive("p", SALT, LIGHT, VAULT, MEMBER)
    assert keys.check.hex() not in repr(keys)
    assert repr(keys.wrapping) not in repr(keys)
