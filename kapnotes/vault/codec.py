"""An entry to padded bytes and back.

JSON `{v, kind, id, t, at, body}`: `t` is when it was entered, `at` when it happened. Scope and author are not in it:
they are in what the event authenticates. The names of kinds are `entries.type_names`, the names of fields those of the
dataclasses, so renaming one there is a new `v` here; `tests/vault/test_codec.py` holds frozen examples.
"""

import struct
from typing import get_args

import msgspec

from kapnotes.domain import entries
from kapnotes.domain.clock import Stamp
from kapnotes.domain.entries import Addendum, Amendment, Body, Correction, Entry, LateEntry, Newer, PlainBody
from kapnotes.domain.errors import Implausible
from kapnotes.vault.layout import id_bytes

VERSION = 1
MAX_PADDED = 2 * 1024 * 1024

_UNFIT = (msgspec.MsgspecError, ValueError, TypeError, OverflowError, ArithmeticError, RecursionError)
_STEPS = (128, 256, 512, 1024, 2048, 4096)
_LENGTH = struct.Struct(">I")
_amendments: dict[str, type[Body]] = {entries.type_names[kind]: kind for kind in get_args(Amendment)}
_decoders: dict[str, msgspec.json.Decoder[PlainBody]] = {
    name: msgspec.json.Decoder(kind) for kind, name in entries.type_names.items() if name not in _amendments
}


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


class _LateEntry(msgspec.Struct):
    reason: str
    body: _Tagged


class _Addendum(msgspec.Struct):
    target_id: str
    reason: str
    body: _Tagged


_envelope_decoder = msgspec.json.Decoder(_Envelope)
_correction_decoder = msgspec.json.Decoder(_Correction)
_late_entry_decoder = msgspec.json.Decoder(_LateEntry)
_addendum_decoder = msgspec.json.Decoder(_Addendum)


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
    match body:
        case Correction(target_id, reason, replacement):
            wrapped = None if replacement is None else _wrapped(replacement)
            return kind, _raw(_Correction(target_id, reason, wrapped))
        case LateEntry(reason, added):
            return kind, _raw(_LateEntry(reason, _wrapped(added)))
        case Addendum(target_id, reason, added):
            return kind, _raw(_Addendum(target_id, reason, _wrapped(added)))
    return kind, _raw(body)


def _wrapped(content: PlainBody) -> _Tagged:
    if isinstance(content, Amendment):
        raise TypeError("an amendment holds no amendment")
    return _Tagged(*_tagged(content))


def _raw(body: object) -> msgspec.Raw:
    return msgspec.Raw(msgspec.json.encode(body))


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
    if envelope.kind in _amendments:
        return _amendment(_amendments[envelope.kind], envelope.body) or newer
    return _known(envelope.kind, envelope.body) or newer


def _amendment(kind: type[Body], body: msgspec.Raw) -> Amendment | None:
    """Return an amendment; None where what it holds is of a kind that is not known here."""
    if kind is LateEntry:
        late = _late_entry_decoder.decode(body)
        added = _content(late.body)
        return None if added is None else LateEntry(late.reason, added)
    if kind is Addendum:
        addendum = _addendum_decoder.decode(body)
        added = _content(addendum.body)
        return None if added is None else Addendum(addendum.target_id, addendum.reason, added)
    correction = _correction_decoder.decode(body)
    if correction.replacement is None:
        return Correction(correction.target_id, correction.reason)
    replacement = _content(correction.replacement)
    return None if replacement is None else Correction(correction.target_id, correction.reason, replacement)


def _content(tagged: _Tagged) -> PlainBody | None:
    if tagged.kind in _amendments:
        raise Unreadable
    return _known(tagged.kind, tagged.body)


def _known(kind: str, body: msgspec.Raw) -> PlainBody | None:
    decoder = _decoders.get(kind)
    return None if decoder is None else decoder.decode(body)
