"""A flipped bit or a cut is seen, or what is read is the same; and nothing but the vault's own errors is raised."""

# ruff: noqa: S311 - dice choose what is flipped, no secret

import random

import pytest

from tests.fault.sections import bits
from tests.fault.sections.bits import Flips, some_bits

FLIPS = 300
CLOSED_FLIPS = 40
HEAD_BITS = 8 * 112
PARTS = 8
"""Another eighth of all places at each run; `make fault` takes them all."""

KINDS = ("shared", "medical", "therapy")

pytestmark = pytest.mark.timeout(180)


@pytest.fixture(scope="module")
def vault(tmp_path_factory):
    """A small vault that was closed; it is only read."""
    return bits.small_vault(tmp_path_factory.mktemp("bits"))


def name_of(vault, kind):
    (path,) = vault.glob(f"{kind}*.kapdb")
    return path.name


@pytest.mark.parametrize("kind", KINDS)
def test_without_a_closing_record_a_flipped_bit_is_seen_or_changes_nothing(vault, kind):
    name = name_of(vault, kind)

    tally = bits.flip(Flips(vault, name, tuple(some_bits(vault / name, FLIPS))))

    assert tally.times == FLIPS
    assert tally.faults == []


@pytest.mark.parametrize("kind", KINDS)
def test_a_flipped_bit_of_sqlites_own_header_is_seen_or_changes_nothing(vault, kind):
    """The first 100 bytes and the head of the first page."""
    some = range(random.randrange(PARTS), HEAD_BITS, PARTS)

    tally = bits.flip(Flips(vault, name_of(vault, kind), some))

    assert tally.times == len(some)
    assert tally.faults == []


@pytest.mark.parametrize("kind", [*KINDS, "closing"])
def test_with_the_closing_record_every_flipped_bit_is_seen(vault, kind):
    name = kind if kind == "closing" else name_of(vault, kind)

    tally = bits.flip_closed(Flips(vault, name, tuple(some_bits(vault / name, CLOSED_FLIPS))))

    assert tally.times == CLOSED_FLIPS
    assert tally.faults == []


@pytest.mark.parametrize("kind", KINDS)
def test_a_file_cut_at_any_sector_is_seen_or_reads_the_same(vault, kind):
    name = name_of(vault, kind)
    ends = bits.ends_of(vault / name)[random.randrange(PARTS) :: PARTS]

    tally = bits.cut(Flips(vault, name, ends))

    assert tally.times == 2 * len(ends) > 10
    assert tally.faults == []
