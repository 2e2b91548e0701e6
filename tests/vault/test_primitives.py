"""Every primitive that the vault uses, as the vault uses it, against published vectors.

The vectors stand in `vectors/`, each file with its source and licence. The draft of the hybrid HPKE gives no vector for
AES-256-GCM; so the key schedule below is a second one, written from RFC 9180. It is held to the vectors of the RFC (our
KDF and cipher, another KEM) and of the draft (our KEM and KDF, another cipher), and then holds our very suite.
"""

import hashlib
import hmac
import json
from itertools import pairwise
from pathlib import Path

import pytest
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives import hpke
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.asymmetric.mlkem import MLKEM768PrivateKey
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.ciphers.aead import AESGCM, ChaCha20Poly1305
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.argon2 import Argon2id
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from kapnotes.domain.errors import HeaderDamaged
from kapnotes.vault import kdf
from kapnotes.vault.identity import _SUITE, SEALED_LENGTH, Identity, PublicIdentity
from kapnotes.vault.layout import identity_id, label

FOLDER = Path(__file__).with_name("vectors")
ED25519_ORDER = 2**252 + 27742317777372353535851937790883648493
CHACHA20_POLY1305, AES_256_GCM = 3, 2


def vectors(name):
    """Return the vectors of a file, with bytes for hex."""
    return [unhexed(one) for one in json.loads((FOLDER / f"{name}.json").read_text(encoding="utf-8"))["vectors"]]


def unhexed(value):
    if isinstance(value, dict):
        return {name: unhexed(one) for name, one in value.items()}
    if isinstance(value, list):
        return [unhexed(one) for one in value]
    return bytes.fromhex(value) if isinstance(value, str) else value


def each(name):
    return pytest.mark.parametrize("one", vectors(name), ids=lambda _: "")


def test_every_file_of_vectors_names_its_source_and_licence_and_all_are_small():
    paths = sorted(FOLDER.glob("*.json"))

    assert all(path.stat().st_size for path in paths)
    assert sum(path.stat().st_size for path in paths) <= 200_000
    published = [json.loads(path.read_text(encoding="utf-8")) for path in paths if not path.name.startswith("format_")]
    assert len(published) == 9
    assert all(file["source"] and file["taken_from"] and file["licence"] and file["vectors"] for file in published)


# ------------------------------------------------------------------------------------ hash and derivation


@each("sha256")
def test_sha_256(one):
    assert hashlib.sha256(one["message"]).digest() == one["digest"]


@each("hkdf_sha256")
def test_hkdf_sha_256(one):
    again = HKDF(SHA256(), len(one["okm"]), salt=one["salt"] or None, info=one["info"]).derive(one["ikm"])

    assert again == one["okm"]


def test_our_derivation_is_hkdf_with_no_salt_which_is_a_salt_of_zeros():
    (one,) = (one for one in vectors("hkdf_sha256") if not one["salt"])
    by_hand = hmac.digest(bytes(32), one["ikm"], "sha256")

    assert kdf.hkdf(one["ikm"], one["info"], len(one["okm"])) == one["okm"]
    assert kdf.hkdf(bytearray(one["ikm"]), b"use") == hmac.digest(by_hand, b"use\x01", "sha256")


@each("argon2id")
def test_argon2id(one):
    derivation = Argon2id(
        salt=one["salt"],
        length=one["length"],
        iterations=one["passes"],
        lanes=one["lanes"],
        memory_cost=one["memory_kib"],
        secret=one["secret"] or None,
        ad=one["ad"] or None,
    )

    assert derivation.derive(one["passphrase"]) == one["tag"]


def test_the_keys_of_a_passphrase_are_argon2id_and_then_one_derivation_for_each_use():
    (one,) = (one for one in vectors("argon2id") if one["passphrase"] == b"\x01" * 32 and not one["secret"])
    cost = kdf.KdfCost(one["memory_kib"], one["passes"], one["lanes"])

    keys = kdf.derive("\x01" * 32, one["salt"], cost, b"V" * 16, b"M" * 16)

    assert keys.check == kdf.hkdf(one["tag"], label("kcv") + b"V" * 16 + b"M" * 16)
    assert keys.wrapping == kdf.hkdf(one["tag"], label("kek") + b"V" * 16 + b"M" * 16)


# ----------------------------------------------------------------------------------------- AES-256-GCM


@each("aes_256_gcm")
def test_aes_256_gcm_opens_what_it_should_and_nothing_else(one):
    cipher = AESGCM(one["key"])
    if one["pt"] is None:
        with pytest.raises(InvalidTag):
            cipher.decrypt(one["iv"], one["ct"] + one["tag"], one["aad"])
    else:
        assert cipher.decrypt(one["iv"], one["ct"] + one["tag"], one["aad"]) == one["pt"]
        assert cipher.encrypt(one["iv"], one["pt"], one["aad"]) == one["ct"] + one["tag"]


def test_half_of_the_vectors_of_aes_must_be_refused():
    assert [one["pt"] is None for one in vectors("aes_256_gcm")].count(True) == 25


# ---------------------------------------------------------------------------------------------- Ed25519


def public(sign_pub):
    return PublicIdentity(identity_id(b"h" * 1216, sign_pub), b"h" * 1216, sign_pub)


@each("ed25519")
def test_ed25519(one):
    key = Ed25519PrivateKey.from_private_bytes(one["seed"])

    assert key.public_key().public_bytes_raw() == one["public"]
    assert key.sign(one["message"]) == one["signature"]
    Ed25519PublicKey.from_public_bytes(one["public"]).verify(one["signature"], one["message"])


@each("ed25519")
def test_our_signature_is_ed25519_over_the_label_and_the_body(one):
    key = Ed25519PrivateKey.from_private_bytes(one["seed"])

    assert public(one["public"]).has_signed("event", one["message"], key.sign(label("event") + one["message"]))
    assert not public(one["public"]).has_signed("event", one["message"], one["signature"])


def test_the_second_spelling_of_a_signature_is_refused():
    """RFC 8032 §5.1.7: S is below the order; else whoever sees one signature could write another."""
    signed = Identity(bytes(range(32))).signing.sign("event", b"body")
    r, s = signed.sig[:32], int.from_bytes(signed.sig[32:], "little")
    who = Identity(bytes(range(32))).public

    assert who.has_signed("event", b"body", r + s.to_bytes(32, "little"))
    assert not who.has_signed("event", b"body", r + (s + ED25519_ORDER).to_bytes(32, "little"))


# -------------------------------------------------------------------------------------- X25519, ML-KEM


@each("x25519")
def test_x25519(one):
    scalar, u = one["scalar"], one["u"]
    for _ in range(one["rounds"]):
        shared = X25519PrivateKey.from_private_bytes(scalar).exchange(X25519PublicKey.from_public_bytes(u))
        scalar, u = shared, scalar

    assert scalar == one["out"]


@each("ml_kem_768")
def test_ml_kem_768(one):
    key = MLKEM768PrivateKey.from_seed_bytes(one["seed"])

    assert key.public_key().public_bytes_raw() == one["public"]
    assert key.decapsulate(one["ct"]) == one["ss"]
    assert key.decapsulate(one["ct_refused"]) == one["ss_refused"]


# ------------------------------------------------------------------------------------------------- HPKE


def schedule(one, aead_id):
    """Return the key and the nonce that RFC 9180 §5.1 (base mode, HKDF-SHA256) makes of a shared secret."""
    suite = b"HPKE" + b"".join(number.to_bytes(2, "big") for number in (one["kem_id"], one["kdf_id"], aead_id))

    def extract(salt, name, secret):
        return hmac.digest(salt or bytes(32), b"HPKE-v1" + suite + name + secret, "sha256")

    def expand(secret, name, context, length):
        info = length.to_bytes(2, "big") + b"HPKE-v1" + suite + name + context
        return hmac.digest(secret, info + b"\x01", "sha256")[:length]

    context = b"\0" + extract(b"", b"psk_id_hash", b"") + extract(b"", b"info_hash", one["info"])
    secret = extract(one["shared_secret"], b"secret", b"")
    return expand(secret, b"key", context, 32), expand(secret, b"base_nonce", context, 12)


def hybrid(seed):
    """Return the private key that the draft makes of a seed: SHAKE256 to an ML-KEM seed and an X25519 scalar."""
    parts = hashlib.shake_256(seed).digest(96)
    mlkem, x25519 = MLKEM768PrivateKey.from_seed_bytes(parts[:64]), X25519PrivateKey.from_private_bytes(parts[64:])
    return hpke.MLKEM768X25519PrivateKey(mlkem, x25519), (
        mlkem.public_key().public_bytes_raw() + x25519.public_key().public_bytes_raw()
    )


@each("hpke_x25519")
def test_the_second_key_schedule_is_that_of_rfc_9180_with_our_kdf_and_cipher(one):
    suite = hpke.Suite(hpke.KEM.X25519, hpke.KDF.HKDF_SHA256, hpke.AEAD.AES_256_GCM)
    private = X25519PrivateKey.from_private_bytes(one["skRm"])
    key, nonce = schedule(one, AES_256_GCM)

    assert (key, nonce) == (one["key"], one["base_nonce"])
    assert [AESGCM(key).decrypt(e["nonce"], e["ct"], e["aad"]) for e in one["encryptions"]] == [
        e["pt"] for e in one["encryptions"]
    ]
    sealed = one["enc"] + AESGCM(key).encrypt(nonce, b"text", b"")
    assert suite.decrypt(sealed, private, info=one["info"]) == b"text"


@each("hpke_mlkem768_x25519")
def test_our_kem_is_that_of_the_draft(one):
    suite = hpke.Suite(hpke.KEM.MLKEM768_X25519, hpke.KDF.HKDF_SHA256, hpke.AEAD.CHACHA20_POLY1305)
    private, hpke_pub = hybrid(one["skRm"])
    key, nonce = schedule(one, CHACHA20_POLY1305)

    assert hpke_pub == one["pkRm"]
    assert (key, nonce) == (one["key"], one["base_nonce"])
    assert [ChaCha20Poly1305(key).decrypt(e["nonce"], e["ct"], e["aad"]) for e in one["encryptions"]] == [
        e["pt"] for e in one["encryptions"]
    ]
    sealed = one["enc"] + ChaCha20Poly1305(key).encrypt(nonce, b"text", b"")
    assert suite.decrypt(sealed, private, info=one["info"]) == b"text"


@each("hpke_mlkem768_x25519")
def test_our_suite_opens_what_the_second_key_schedule_sealed(one):
    private, _ = hybrid(one["skRm"])
    key, nonce = schedule(one, AES_256_GCM)
    sealed = one["enc"] + AESGCM(key).encrypt(nonce, b"k" * 32, b"")

    assert len(sealed) == SEALED_LENGTH
    assert _SUITE.decrypt(sealed, private, info=one["info"]) == b"k" * 32


@each("hpke_mlkem768_x25519")
def test_our_suite_refuses_it_with_any_part_changed(one):
    private, _ = hybrid(one["skRm"])
    key, nonce = schedule(one, AES_256_GCM)
    sealed = one["enc"] + AESGCM(key).encrypt(nonce, b"k" * 32, b"")
    parts = (0, 1088, 1120, 1152, SEALED_LENGTH)  # ML-KEM, X25519, text, tag

    for first, end in pairwise(parts):
        for place in (first, end - 1):
            changed = bytearray(sealed)
            changed[place] ^= 1
            with pytest.raises(InvalidTag):
                _SUITE.decrypt(bytes(changed), private, info=one["info"])
    with pytest.raises(InvalidTag):
        _SUITE.decrypt(sealed, private, info=one["info"] + b"x")


@pytest.mark.parametrize("point", [bytes(32), b"\x01" + bytes(31)], ids=["zero", "one"])
def test_nothing_is_sealed_for_a_point_that_gives_everybody_the_same_secret(point):
    """RFC 7748 §6.1: a point of small order makes the shared secret zeros."""
    whole = Identity(bytes(range(32))).public

    with pytest.raises(HeaderDamaged):
        PublicIdentity(whole.id, whole.hpke_pub[:-32] + point, whole.sign_pub).seal(b"k" * 32, b"info")
