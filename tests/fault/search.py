"""A text looked for in bytes: in every usual encoding, wherever in a longer one it begins, packed or not."""

import base64
import bz2
import codecs
import lzma
import quopri
import re
import urllib.parse
import zlib
from contextlib import suppress

_RUN = re.compile(rb"\0{4096,}")
"""Zeros as in `.ballast`: nothing is packed in them, and a try at every byte of them takes minutes."""


def aligned(encode, raw, unit, signs):
    """Give what is the same of *raw* in an encoding of groups, wherever in a group it begins."""
    for shift in range(unit):
        encoded = encode(bytes(shift) + raw + bytes(unit))
        first = -(-shift * signs // unit)
        yield encoded[first : (shift + len(raw)) * signs // unit]


def encodings(text):
    """Give *text* as bytes in every usual encoding, by name."""
    for name in ("utf-8", "utf-16-le", "utf-16-be", "utf-32-le", "utf-32-be", "utf-7", "latin-1", "cp1252"):
        with suppress(UnicodeEncodeError):
            yield name, text.encode(name)
    for name in ("utf-8", "utf-16-le", "utf-16-be"):
        raw = text.encode(name)
        yield f"hex of {name}", raw.hex().encode()
        yield f"HEX of {name}", raw.hex().upper().encode()
        yield f"{name} backwards", raw[::-1]
        yield f"{name} inverted", bytes(byte ^ 0xFF for byte in raw)
        for shift, one in enumerate(aligned(base64.b64encode, raw, 3, 4)):
            yield f"base64 of {name} at {shift}", one
            yield f"base64 for addresses of {name} at {shift}", one.replace(b"+", b"-").replace(b"/", b"_")
        for shift, one in enumerate(aligned(base64.b32encode, raw, 5, 8)):
            yield f"base32 of {name} at {shift}", one
    yield "percent", urllib.parse.quote(text).encode()
    yield "quoted-printable", quopri.encodestring(text.encode())
    yield "JSON", text.encode("ascii", "backslashreplace").replace(b"\\x", b"\\u00")
    yield "XML", text.encode("ascii", "xmlcharrefreplace")
    yield "rot13", codecs.encode(text, "rot13").encode()


def unpacked(data):
    """Give everything in *data* that can be unpacked, from whatever offset it begins."""
    data = _RUN.sub(bytes(64), data)
    view = memoryview(data)
    for start in range(len(data)):
        with suppress(zlib.error):
            raw = zlib.decompressobj(-15)
            head = raw.decompress(view[start : start + 64])
            if head:
                with suppress(zlib.error):
                    head += raw.decompress(view[start + 64 : start + 65536], 1 << 20)
                yield head
        first, second = data[start], data[start + 1] if start + 1 < len(data) else 0
        if first & 15 == 8 and (first << 8 | second) % 31 == 0:
            with suppress(zlib.error):
                yield zlib.decompressobj().decompress(view[start:], 1 << 20)
        if data.startswith(b"\x1f\x8b", start):
            with suppress(zlib.error):
                yield zlib.decompressobj(31).decompress(view[start:], 1 << 20)
        if data.startswith(b"BZh", start):
            with suppress(OSError):
                yield bz2.BZ2Decompressor().decompress(view[start:], 1 << 20)
        if data.startswith((b"\xfd7zXZ\0", b"\x5d\0\0"), start):
            with suppress(lzma.LZMAError):
                yield lzma.LZMADecompressor().decompress(view[start:], 1 << 20)


def files_of(*folders):
    """Return all files under *folders*."""
    return [path for folder in folders for path in sorted(folder.rglob("*")) if path.is_file()]


def found_in(data, texts, *, is_packed_too=True):
    """Return which of *texts* stand in *data*, each with the encoding."""
    wanted = [(text, name, one) for text in texts for name, one in encodings(text)]
    found = {(text, name) for text, name, one in wanted if one in data}
    if is_packed_too:
        found |= {(text, f"packed {name}") for part in unpacked(data) for text, name, one in wanted if one in part}
    return found
