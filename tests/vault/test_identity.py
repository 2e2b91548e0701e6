"""Identities: published vectors, frozen ones, and that a sealed key opens for one person only."""

import hashlib
import random

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from kapnotes.domain.errors import HeaderDamaged
from kapnotes.vault.identity import HPKE_PUB_LENGTH, SEALED_LENGTH, Identity, PublicIdentity
from kapnotes.vault.layout import label

SEED = bytes(range(32))


def test_signing_is_that_of_rfc_8032_test_1():
    key = Ed25519PrivateKey.from_private_bytes(
        bytes.fromhex("9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60")
    )
    assert key.public_key().public_bytes_raw().hex() == (
        "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a"
    )
    assert key.sign(b"").hex() == (
        "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33bacc61e39701cf9b46b"
        "d25bf5f0595bbe24655141438e7a100b"
    )


def test_the_keys_of_a_seed_are_frozen():
    public = Identity(SEED).public
    assert public.id.hex() == "74303465d7b095b1104c58fc491846f5"
    assert public.sign_pub.hex() == "b0443a956f6b919cd25816abece26ffe3304d7b09355c5605d48efce7ee87fb2"
    assert (
        hashlib.sha256(public.hpke_pub).hexdigest()
        == "cc096262db4302819617c8b88c52840604e143332b65968daacc84ce1c74bb40"
    )
    assert len(public.hpke_pub) == HPKE_PUB_LENGTH


def test_an_id_names_both_keys():
    public = Identity(SEED).public
    other = Identity(b"o" * 32).public
    assert public.is_whole
    assert not PublicIdentity(public.id, other.hpke_pub, public.sign_pub).is_whole
    assert not PublicIdentity(public.id, public.hpke_pub, other.sign_pub).is_whole


def test_what_is_sealed_opens_in_another_object_of_the_same_seed():
    sealed = Identity(SEED).public.seal(b"k" * 32, b"info")
    assert len(sealed) == SEALED_LENGTH
    assert Identity(SEED).open(sealed, b"info") == b"k" * 32


def test_what_is_sealed_opens_for_nobody_else_and_under_no_other_info():
    sealed = Identity(SEED).public.seal(b"k" * 32, b"info")
    assert Identity(b"o" * 32).open(sealed, b"info") is None
    assert Identity(SEED).open(sealed, b"other") is None
    assert Identity(SEED).open(sealed[:-1], b"info") is None
    assert Identity(SEED).open(b"", b"info") is None


def test_any_flipped_bit_of_a_sealed_key_refuses():
    identity = Identity(SEED)
    sealed = identity.public.seal(b"k" * 32, b"info")
    for bit in random.Random(1).sample(range(len(sealed) * 8), 300):  # noqa: S311
        changed = bytearray(sealed)
        changed[bit // 8] ^= 1 << bit % 8
        assert identity.open(bytes(changed), b"info") is None


def test_a_signature_holds_for_one_use_and_one_person():
    identity = Identity(SEED)
    signed = identity.signing.sign("grant", b"body")
    assert identity.public.has_signed("grant", b"body", signed.sig)
    assert not identity.public.has_signed("epoch", b"body", signed.sig)
    assert not identity.public.has_signed("grant", b"bodz", signed.sig)
    assert not identity.public.has_signed("grant", b"body", bytes(64))
    assert not identity.public.has_signed("grant", b"body", b"")
    assert not Identity(b"o" * 32).public.has_signed("grant", b"body", signed.sig)
    assert signed.body == b"body"
    assert label("grant") + b"body" not in signed.sig


def test_nothing_is_sealed_for_a_key_that_is_none():
    with pytest.raises(HeaderDamaged):
        PublicIdentity(b"i" * 16, b"\xff" * HPKE_PUB_LENGTH, b"s" * 32).seal(b"k" * 32, b"info")


def test_no_repr_shows_a_key():
    identity = Identity(SEED)
    assert SEED.hex() not in repr(identity)
    assert "PrivateKey" not in repr(identity)
    assert "PrivateKey" not in repr(identity.signing)
