"""An entry to padded bytes and back.

JSON `{v, kind, id, t, at, body}`: `t` is when it was entered, `at` when it happened. Scope and author are not in it:
they are in what the event authenticates. The names of kinds are `entries.type_names`, the names of fields those of the
dataclasses, so renaming one there is a new `v` here; `tests/vault/test_codec.py` holds frozen examples.
"""

import struct

import msgspec

from kapnotes.domain import entries
from kapnotes.domain.clock import Stamp
from kapnotes.domain.entries import Body, Correction, Entry, Newer
from kapnotes.domain.errors import Implausible
from kapnotes.vault.layout import id_bytes

VERSION = 1
MAX_PADDED = 2 * 1024 * 1024

_UNFIT = (msgspec.MsgspecError, ValueError, TypeError, OverflowError, ArithmeticError, RecursionError)
_STEPS = (128, 256, 512, 1024, 2048, 4096)
_LENGTH = struct.Struct(">I")
_kinds: dict[str, type[Body]] = {name: kind for kind, name in entries.type_names.items() if kind is not Correction}
_decoders: dict[str, msgspec.json.Decoder[Body]] = {name: msgspec.json.Decoder(kind) for name, kind in _kinds.items()}


class Unreadable(Exception):
    """Bytes that are no entry; without a message, because a parser's message can quote what it parsed."""


class _Envelope(msgspec.Struct):
    v: int
    kind: str
    id: str
    t: Stamp
    at: Stamp
    body: msgspec.Raw


class _Tagged(msgspec.Struct):
    kind: str
    body: msgspec.Raw


class _Correction(msgspec.Struct):
    target_id: str
    reason: str
    replacement: _Tagged | None


_envelope_decoder = msgspec.json.Decoder(_Envelope)
_correction_decoder = msgspec.json.Decoder(_Correction)


def encode(entry: Entry) -> bytes:
    """Return the padded bytes of *entry*, which are sure to decode to an equal entry.

    Raises:
        ValueError: the entry holds what the format cannot (a lone surrogate, NaN, a `Newer`).
        Implausible: it is too long.
    """
    try:
        payload = _payload(entry)
        again = _read(payload, entry.author_id, entry.scope_id, is_strict=False)
        payload = _payload(again)
        is_same = again == entry
    except (Unreadable, *_UNFIT):
        raise ValueError(f"an entry of type {type(entry.body).__name__} that the format cannot hold") from None
    if not is_same:
        raise ValueError(f"an entry of type {type(entry.body).__name__} that would read back as another one")
    return pad(payload)


def require_storable(entry: Entry) -> None:
    """See that *entry* can be encoded and sealed at all, so that it is refused before it stands in a record.

    Raises:
        Implausible: it never can be, in one line without any of its text.
    """
    try:
        for name in (entry.entry_id, entry.scope_id, entry.author_id):
            id_bytes(name)
        encode(entry)
    except ValueError:
        if _holds_half_a_character(entry):
            raise Implausible(
                "This entry holds half a character, which cannot be kept. Delete it and type it again."
            ) from None
        raise Implausible("This entry cannot be kept: it holds a value that the vault cannot write down.") from None


def decode(padded: bytes, author_id: str, scope_id: str) -> Entry:
    """Return the entry of padded bytes; one of a newer version or unknown kind has a `Newer` as its body.

    Raises:
        Unreadable: they are no entry.
    """
    try:
        return _read(unpad(padded), author_id, scope_id, is_strict=True)
    except _UNFIT:
        raise Unreadable from None


def pad(payload: bytes) -> bytes:
    """Return length ‖ *payload* ‖ zeros, so that the size tells little of the content."""
    length = _LENGTH.size + len(payload)
    padded = next((step for step in _STEPS if length <= step), -(-length // 4096) * 4096)
    if padded > MAX_PADDED:
        raise Implausible(
            "This entry is too long: it needs {size:,} bytes, and one entry holds {limit:,} (a plain letter takes 1, "
            "an accented or Cyrillic one 2, a Chinese one 3, an emoji 4). Divide it.",
            size=len(payload),
            limit=MAX_PADDED - _LENGTH.size,
        )
    return (_LENGTH.pack(len(payload)) + payload).ljust(padded, b"\0")


def unpad(padded: bytes) -> bytes:
    """Return the payload.

    Raises:
        Unreadable: the padding is not the one that `pad` makes.
    """
    if len(padded) < _LENGTH.size:
        raise Unreadable
    (length,) = _LENGTH.unpack_from(padded)
    payload = padded[_LENGTH.size : _LENGTH.size + length]
    try:
        is_ours = pad(payload) == padded
    except Implausible:
        is_ours = False
    if not is_ours:
        raise Unreadable
    return payload


def _holds_half_a_character(entry: Entry) -> bool:
    """Tell whether a lone surrogate, which no encoding can hold, is what keeps *entry* from being written."""
    try:
        _payload(entry)
    except UnicodeEncodeError:
        return True
    except _UNFIT:
        return False
    return False


def _payload(entry: Entry) -> bytes:
    kind, body = _tagged(entry.body)
    envelope = _Envelope(VERSION, kind, entry.entry_id, entry.entered, entry.happened, body)
    return msgspec.json.encode(envelope)


def _tagged(body: Body) -> tuple[str, msgspec.Raw]:
    if isinstance(body, Newer):
        raise TypeError("an entry of a newer version is only read")
    kind = entries.type_names[type(body)]
    if not isinstance(body, Correction):
        return kind, msgspec.Raw(msgspec.json.encode(body))
    replacement = None
    if body.replacement is not None:
        if isinstance(body.replacement, Correction):
            raise TypeError("a correction is not replaced by a correction")
        replacement = _Tagged(*_tagged(body.replacement))
    return kind, msgspec.Raw(msgspec.json.encode(_Correction(body.target_id, body.reason, replacement)))


def _read(payload: bytes, author_id: str, scope_id: str, *, is_strict: bool) -> Entry:
    """Return the entry; *is_strict* refuses every spelling but our own: unknown fields, repeated keys, spaces."""
    envelope = _envelope_decoder.decode(payload)
    entry = Entry(envelope.id, scope_id, author_id, envelope.at, envelope.t, _body(envelope))
    if is_strict and not isinstance(entry.body, Newer) and _payload(entry) != payload:
        raise Unreadable
    return entry


def _body(envelope: _Envelope) -> Body:
    if envelope.v < 1:
        raise Unreadable
    newer = Newer(envelope.kind, envelope.v)
    if envelope.v > VERSION:
        return newer
    if envelope.kind == entries.type_names[Correction]:
        raw = _correction_decoder.decode(envelope.body)
        if raw.replacement is None:
            return Correction(raw.target_id, raw.reason)
        if raw.replacement.kind == envelope.kind:
            raise Unreadable
        replacement = _known(raw.replacement.kind, raw.replacement.body)
        return newer if replacement is None else Correction(raw.target_id, raw.reason, replacement)
    return _known(envelope.kind, envelope.body) or newer


def _known(kind: str, body: msgspec.Raw) -> Body | None:
    decoder = _decoders.get(kind)
    return None if decoder is None else decoder.decode(body)
