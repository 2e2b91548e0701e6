"""Randomness, handed in."""

from collections.abc import Callable

Entropy = Callable[[int], bytes]
"""Returns so many random bytes."""
