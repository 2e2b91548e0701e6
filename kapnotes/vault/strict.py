"""JSON of which there is only one spelling: unknown fields, repeated keys and stray spaces are all refused."""

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
