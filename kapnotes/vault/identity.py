"""A member's two key pairs: one receives compartment keys, one signs. Both come from one seed of 32 bytes.

Receiving is hybrid HPKE (ML-KEM-768 with X25519), so that a stolen vault is no way around the passphrase even for a
later quantum computer. Source: RFC 9180, FIPS 203, RFC 8032.
"""

from dataclasses import dataclass
from functools import lru_cache

from cryptography.exceptions import InvalidSignature, InvalidTag
from cryptography.hazmat.primitives import hpke
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.asymmetric.mlkem import MLKEM768PrivateKey, MLKEM768PublicKey
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey

from kapnotes.domain.errors import HeaderDamaged
from kapnotes.vault.kdf import hkdf
from kapnotes.vault.layout import identity_id, label

SEED_LENGTH = 32
SEALED_LENGTH = 1168
_MLKEM_PUB = 1184
HPKE_PUB_LENGTH = _MLKEM_PUB + 32

_SUITE = hpke.Suite(hpke.KEM.MLKEM768_X25519, hpke.KDF.HKDF_SHA256, hpke.AEAD.AES_256_GCM)


@dataclass(frozen=True, slots=True)
class Signed:
    """Bytes, who signed them, and the signature; kept as the very bytes that were signed."""

    body: bytes
    by: bytes
    sig: bytes


@dataclass(frozen=True, slots=True)
class PublicIdentity:
    """What everybody may know of a member; the id is the hash of both keys, so naming an id fixes them."""

    id: bytes
    hpke_pub: bytes
    sign_pub: bytes

    @property
    def is_whole(self) -> bool:
        """Tell whether the keys are those that the id names."""
        return self.id == identity_id(self.hpke_pub, self.sign_pub)

    def has_signed(self, use: str, body: bytes, sig: bytes) -> bool:
        """Tell whether *sig* is this member's signature over L(use) ‖ *body*."""
        try:
            _verifying(self.sign_pub).verify(sig, label(use) + body)
        except (InvalidSignature, ValueError):
            return False
        return True

    def seal(self, secret: bytes | bytearray, info: bytes) -> bytes:
        """Return *secret* so that only this member can open it, and only with the same *info*.

        Raises:
            HeaderDamaged: the public key is none.
        """
        try:
            mlkem = MLKEM768PublicKey.from_public_bytes(self.hpke_pub[:_MLKEM_PUB])
            x25519 = X25519PublicKey.from_public_bytes(self.hpke_pub[_MLKEM_PUB:])
            return _SUITE.encrypt(secret, hpke.MLKEM768X25519PublicKey(mlkem, x25519), info=info)
        except ValueError:
            raise HeaderDamaged("A public key in the key header is damaged. Restore a backup.") from None


@lru_cache(maxsize=256)
def _verifying(sign_pub: bytes) -> Ed25519PublicKey:
    return Ed25519PublicKey.from_public_bytes(sign_pub)


class SigningKey:
    """The half of an identity that a signed-in member keeps."""

    def __init__(self, private: Ed25519PrivateKey, member: bytes) -> None:
        self._private = private
        self.member = member

    def sign(self, use: str, body: bytes) -> Signed:
        """Return *body* signed over L(use) ‖ *body*."""
        return Signed(body, self.member, self._private.sign(label(use) + body))


class Identity:
    """Both private keys of a member, for as long as a sign-in takes."""

    def __init__(self, seed: bytes | bytearray) -> None:
        raw = bytearray(hkdf(seed, label("identity"), 128))
        mlkem = MLKEM768PrivateKey.from_seed_bytes(bytes(raw[:64]))
        x25519 = X25519PrivateKey.from_private_bytes(bytes(raw[64:96]))
        signing = Ed25519PrivateKey.from_private_bytes(bytes(raw[96:]))
        raw[:] = bytes(len(raw))
        hpke_pub = mlkem.public_key().public_bytes_raw() + x25519.public_key().public_bytes_raw()
        sign_pub = signing.public_key().public_bytes_raw()
        self._receiving = hpke.MLKEM768X25519PrivateKey(mlkem, x25519)
        self.public = PublicIdentity(identity_id(hpke_pub, sign_pub), hpke_pub, sign_pub)
        self.signing = SigningKey(signing, self.public.id)

    def open(self, sealed: bytes, info: bytes) -> bytes | None:
        """Return what was sealed for this identity under *info*, or None if this was not."""
        try:
            return _SUITE.decrypt(sealed, self._receiving, info=info)
        except (InvalidTag, ValueError):
            return None
