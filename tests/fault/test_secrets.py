"""What was typed stands in no file in clear, in no usual encoding, packed or not; only the passphrases open it."""

import base64
import bz2
import gzip
import lzma
import os
import zlib

import pytest

from tests.fault.odd_demo import PLAIN
from tests.fault.search import encodings, files_of, found_in

pytestmark = pytest.mark.xdist_group("odd demo")

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
WORDS = ("K-0142", "ketamine", "low-grade anxiety", "R. Witness", "ondansetron", "none known", "iv-40")
"""What the demo says of itself, in the vault."""


# -------------------------------------------------------------------------------------------- the search


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
def demo(odd_demo):
    assert odd_demo.said.code == 0, odd_demo.said.err
    return odd_demo


@pytest.fixture(scope="module")
def in_vault(demo):
    """What is found of all texts in the vault and in the profile, by the files' paths; each is unpacked once."""
    paths = files_of(demo.vault, demo.folder / "profile")
    assert len(paths) >= 5
    return {path: found_in(path.read_bytes(), (*NEEDLES, *WORDS)) for path in paths}


def test_what_was_typed_stands_in_no_file_of_the_vault_or_of_the_profile(in_vault):
    assert [(path.name, hit) for path, hits in in_vault.items() for hit in hits if hit[0] in NEEDLES] == []


def test_what_was_typed_stands_in_no_other_file_that_the_demo_left(demo, kapnotes):
    paths = [path for path in files_of(demo.folder, kapnotes.home) if demo.vault not in path.parents]
    found = {path.name: hits for path in paths if (hits := found_in(path.read_bytes(), NEEDLES, is_packed_too=False))}

    assert found == {}


def test_the_vault_shows_no_patient_no_protocol_and_no_shipped_word(demo, in_vault):
    hits = [(path.name, hit) for path, hits in in_vault.items() if demo.vault in path.parents for hit in hits]

    assert [(name, hit) for name, hit in hits if hit[0] in WORDS] == []


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
