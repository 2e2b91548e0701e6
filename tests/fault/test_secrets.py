"""What was typed stands in no file in clear, in no usual encoding, packed or not; only the passphrases open it."""

import base64
import bz2
import codecs
import csv
import gzip
import lzma
import os
import quopri
import urllib.parse
import zlib
from contextlib import suppress

import pytest

pytestmark = pytest.mark.xdist_group("secrets")

PLAIN = "Canary-of-Marigold-Lane-4471"
TYPED = {
    "note": f"{PLAIN} sang in the dark",
    "quote": "Zaunkönig über dem Föhrenwald 8823",
    "setting": "Lamplight-Tamarind-5590 at the door",
    "long": " ".join(f"Periwinkle{number:04d}" for number in range(600)),
    "lines": "Quillwort-first-line-31\nQuillwort-second-line-32",
    "greek": "Λευκάδιον θαλασσινό 77",
    "emoji": "👩‍🔬 Ptarmigan-emoji-62",
    "short": "Ocelot77",
}
NEEDLES = (
    PLAIN,
    "Zaunkönig über",
    "Lamplight-Tamarind",
    "Periwinkle0300",
    "Quillwort-second",
    "Λευκάδιον θαλασσινό",
    "Ptarmigan-emoji",
    "Ocelot77",
)


# -------------------------------------------------------------------------------------------- the search


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


def found_in(data, texts, *, is_packed_too=True):
    """Return which of *texts* stand in *data*, each with the encoding."""
    wanted = [(text, name, one) for text in texts for name, one in encodings(text)]
    found = {(text, name) for text, name, one in wanted if one in data}
    if is_packed_too:
        found |= {(text, f"packed {name}") for part in unpacked(data) for text, name, one in wanted if one in part}
    return found


@pytest.mark.parametrize("text", ["Canary-of-Marigold-Lane-4471", "Zaunkönig über"])
def test_the_search_finds_each_encoding_that_it_knows(text):
    for shift in range(3):
        for name, one in encodings(text):
            data = os.urandom(50 + shift) + one + os.urandom(50)
            assert found_in(data, [text], is_packed_too=False), name


@pytest.mark.parametrize("shift", range(5))
def test_the_search_finds_a_text_inside_a_longer_encoded_one(shift):
    raw = b"x" * shift + PLAIN.encode() + b" and more of it"

    for encode in (base64.b64encode, base64.urlsafe_b64encode, base64.b32encode, base64.b16encode):
        assert found_in(encode(raw), [PLAIN], is_packed_too=False)


@pytest.mark.parametrize(
    "pack",
    [zlib.compress, gzip.compress, bz2.compress, lzma.compress, lambda raw: zlib.compress(raw, wbits=-15)],
    ids=["zlib", "gzip", "bz2", "xz", "deflate"],
)
def test_the_search_finds_what_is_packed(pack):
    data = os.urandom(300) + pack(PLAIN.encode("utf-16-le") * 20) + os.urandom(300)

    assert found_in(data, [PLAIN])


def test_the_search_finds_nothing_in_noise():
    assert found_in(os.urandom(200_000), NEEDLES) == set()


# ---------------------------------------------------------------------------------------------- the demo


@pytest.fixture(scope="module")
def demo(play, tmp_path_factory):
    """A demo with texts that stand nowhere else in the world."""
    folder = tmp_path_factory.mktemp("secrets")
    with (folder / "notes.csv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(("t_s", "code", "text"))
        for place, (kind, text) in enumerate(TYPED.items()):
            writer.writerow((60 * place, kind if kind in {"quote", "setting"} else "", text))
    demo = play(folder / "out", "--notes", folder / "notes.csv")
    assert demo.said.code == 0, demo.said.err
    return demo


def files_of(*folders):
    return [path for folder in folders for path in sorted(folder.rglob("*")) if path.is_file()]


def test_what_was_typed_stands_on_the_page_that_was_asked_for(demo):
    words = "".join(demo.words("summary.pdf").split())

    assert [text for text in NEEDLES[:5] if "".join(text.split()) not in words] == []


def test_what_was_typed_stands_in_no_file_of_the_vault_or_of_the_profile(demo):
    paths = files_of(demo.vault, demo.folder / "profile")
    found = {path.name: hits for path in paths if (hits := found_in(path.read_bytes(), NEEDLES))}

    assert len(paths) >= 5
    assert found == {}


def test_what_was_typed_stands_in_no_other_file_that_the_demo_left(demo, kapnotes):
    paths = [path for path in files_of(demo.folder, kapnotes.home) if demo.vault not in path.parents]
    found = {path.name: hits for path in paths if (hits := found_in(path.read_bytes(), NEEDLES, is_packed_too=False))}

    assert found == {}


def test_the_vault_shows_no_patient_no_protocol_and_no_shipped_word(demo):
    words = ("K-0142", "ketamine", "low-grade anxiety", "R. Witness", "ondansetron", "none known", "iv-40")
    found = {path.name: hits for path in files_of(demo.vault) if (hits := found_in(path.read_bytes(), words))}

    assert found == {}


def test_no_passphrase_stands_in_the_vault_in_the_profile_or_on_a_page(demo):
    names = (demo.therapist, demo.crna, "summary.pdf", "record.pdf")
    secrets = [demo.passphrase(name) for name in names]
    secrets += [secret.replace("-", "") for secret in secrets]
    paths = [path for path in files_of(demo.folder) if path.name != "passphrases.txt"]
    found = {path.name: hits for path in paths if (hits := found_in(path.read_bytes(), secrets, is_packed_too=False))}

    assert found == {}


def test_no_text_of_the_demo_comes_onto_the_terminal(demo):
    said = demo.said.out + demo.said.err

    assert [text for text in NEEDLES if text in said] == []
    assert demo.passphrase(demo.therapist) not in said
