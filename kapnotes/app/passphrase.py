"""What a sign-in passphrase has to be, and six words that are one.

Source: NIST SP 800-63B-4: at least 15 characters where it is the only factor, at least 64 allowed, no composition
rules, a list of what is guessed first. How hard the rest is to guess is told by zxcvbn (D. L. Wheeler, USENIX Security
2016).
"""

import re
import unicodedata
from collections.abc import Iterable
from functools import cache
from importlib.resources import files

from kapnotes.app.profile import Entropy
from kapnotes.domain.errors import KapnotesError

SHORTEST = 15
LONGEST = 256
WORDS = 6
"""Six words of 7,776 are 77 bits."""

STRONG = 3
"""Of zxcvbn's 0 to 4: more than 10^8 guesses. Argon2id makes each of them take half a second."""

_LOOKED_AT = 72
"""zxcvbn raises above so many characters; what is longer is not weaker for it."""

_SHORTEST_WORD = 3
_LOOKS_LIKE = str.maketrans("0134578@$!", "oieastbasi")


def require_strong(passphrase: str, again: str, known: Iterable[str] = ()) -> None:
    """Refuse a new passphrase that is too short, too long, easily guessed, or mistyped the second time.

    *known* are words that are no secret here: members' names, patients' codes. They and the field's own words are left
    out before it is judged how hard the rest is to guess.

    Raises:
        KapnotesError: says which, in one line without any of it.
    """
    length = len(unicodedata.normalize("NFC", passphrase))
    if length < SHORTEST:
        raise KapnotesError(
            "A passphrase has at least {shortest} characters; this one has {length}.", shortest=SHORTEST, length=length
        )
    if length > LONGEST:
        raise KapnotesError("A passphrase has at most {longest} characters.", longest=LONGEST)
    rest = _without_what_is_known(passphrase, known)
    if _score(rest) < STRONG:
        if rest == passphrase:
            raise KapnotesError("This passphrase is easily guessed: no rows of keys, names, dates or repeats.")
        raise KapnotesError("Words of this work, names and codes are guessed first; take words far from it.")
    if passphrase != again:
        raise KapnotesError("The two passphrases differ; type them again.")


def new_passphrase(entropy: Entropy) -> str:
    """Return six words drawn from the list that is shipped."""
    words = _words("eff_large.txt")
    limit = 65536 - 65536 % len(words)
    drawn: list[str] = []
    while len(drawn) < WORDS:
        number = int.from_bytes(entropy(2), "big")
        if number < limit:
            drawn.append(words[number % len(words)])
    return " ".join(drawn)


def _without_what_is_known(passphrase: str, known: Iterable[str]) -> str:
    """Return what is left of *passphrase*, however the known words are cased, joined or spelled with digits."""
    parts = (part for name in known for part in (name, *re.split(r"[\W_]+", name)))
    names = {part.casefold() for part in parts if len(part) >= _SHORTEST_WORD}
    plain = passphrase.casefold()
    if len(plain) != len(passphrase):
        passphrase = plain  # a letter that folds to two
    is_left = [True] * len(passphrase)
    for word in names | set(_words("field.txt")):
        for look in {plain, plain.translate(_LOOKS_LIKE)}:
            for found in re.finditer(f"(?={re.escape(word)})", look):
                is_left[found.start() : found.start() + len(word)] = [False] * len(word)
    return "".join(char for char, is_kept in zip(passphrase, is_left, strict=True) if is_kept)


def _score(passphrase: str) -> int:
    """Return how hard it is to guess, 0 to 4."""
    from zxcvbn import zxcvbn  # here: its lists take 60 ms to read, and the first window waits for nothing

    if not passphrase.strip():
        return 0
    return int(zxcvbn(passphrase[:_LOOKED_AT])["score"])


@cache
def _words(name: str) -> tuple[str, ...]:
    return tuple(files("kapnotes.resources.words").joinpath(name).read_text(encoding="utf-8").split())
