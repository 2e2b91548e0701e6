"""JSON of which there is only one spelling: unknown fields, repeated keys and stray spaces are all refused."""

import hashlib
from typing import TypeVar

import msgspec

T = TypeVar("T")


def encoded(value: msgspec.Struct) -> bytes:
    """Return the one spelling of *value*."""
    return msgspec.json.encode(value)


def decoded(body: bytes, kind: type[T]) -> T | None:
    """Return *body* as a *kind*, or None if it is not the very bytes that `encoded` writes."""
    try:
        value = msgspec.json.decode(body, type=kind)
    except (msgspec.MsgspecError, ValueError, RecursionError):
        return None
    return value if msgspec.json.encode(value) == body else None


def with_hash(body: bytes) -> bytes:
    """Return *body* as it stands in a small file: one line, and its SHA-256 in hex digits on the next."""
    return body + b"\n" + hashlib.sha256(body).hexdigest().encode() + b"\n"


def decoded_with_hash(written: bytes, kind: type[T]) -> T | None:
    """Return what `with_hash` wrote, or None if a byte of it is another."""
    body = written.removesuffix(b"\n").rpartition(b"\n")[0]
    return decoded(body, kind) if written == with_hash(body) else None
