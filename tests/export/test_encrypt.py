"""A page leaves the program locked, or not at all."""

import secrets
from base64 import urlsafe_b64encode
from io import BytesIO

import pikepdf
import pytest

from kapnotes.domain.errors import BadPassphrase
from kapnotes.export.encrypt import encrypted


@pytest.fixture
def plain():
    document = pikepdf.new()
    document.add_blank_page()
    document.docinfo["/Title"] = "canary-title"
    made = BytesIO()
    document.save(made)
    return made.getvalue()


def test_a_locked_page_is_aes_256_revision_6_with_its_metadata(plain):
    locked = encrypted(plain, "pass", secrets.token_bytes)

    with pikepdf.open(BytesIO(locked), password="pass") as document:
        lock = document.encryption
        assert (lock.R, lock.V, lock.bits) == (6, 5, 256)
        assert {method.name for method in (lock.stream_method, lock.string_method, lock.file_method)} == {"aesv3"}
        assert document.trailer.Encrypt.get("/EncryptMetadata", True) == True  # noqa: E712
    assert b"canary-title" in plain
    assert b"canary-title" not in locked
    assert b"/EncryptMetadata false" not in locked


def test_without_the_passphrase_it_does_not_open(plain):
    locked = encrypted(plain, "pass", secrets.token_bytes)

    for wrong in ("", "Pass", "pass "):
        with pytest.raises(pikepdf.PasswordError):
            pikepdf.open(BytesIO(locked), password=wrong)


@pytest.mark.parametrize("passphrase", ["a" * 127, "ü" * 63, "correct horse battery staple", "пароль", "a b  c"])
def test_whatever_passphrase_is_taken_opens_the_page_again(plain, passphrase):
    locked = encrypted(plain, passphrase, secrets.token_bytes)

    with pikepdf.open(BytesIO(locked), password=passphrase) as document:
        assert len(document.pages) == 1


@pytest.mark.parametrize("passphrase", ["a" * 128, "ü" * 64, "😀" * 32, "", "\ud800"])
def test_a_passphrase_that_the_format_cannot_carry_is_refused(plain, passphrase):
    with pytest.raises(BadPassphrase):
        encrypted(plain, passphrase, secrets.token_bytes)


def test_no_error_tells_the_passphrase(plain):
    with pytest.raises(BadPassphrase) as raised:
        encrypted(plain, "hunter2" * 40, secrets.token_bytes)

    assert "hunter2" not in str(raised.value)


def test_the_owner_passphrase_is_made_of_the_entropy_that_was_handed_in(plain):
    asked = []

    def entropy(size):
        asked.append(size)
        return b"\x01" * size

    locked = encrypted(plain, "pass", entropy)

    assert asked == [32]
    with pikepdf.open(BytesIO(locked), password=urlsafe_b64encode(b"\x01" * 32).decode()) as document:
        assert document.owner_password_matched
