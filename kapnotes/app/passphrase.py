"""What a sign-in passphrase has to be.

Source: NIST SP 800-63B-4: at least 15 characters where it is the only factor, at least 64 allowed, no composition
rules.
"""

import unicodedata

from kapnotes.domain.errors import KapnotesError

SHORTEST = 15
LONGEST = 256


def require_long_enough(passphrase: str, again: str) -> None:
    """Refuse a new passphrase that is too short, too long, or mistyped the second time.

    Raises:
        KapnotesError: says which.
    """
    length = len(unicodedata.normalize("NFC", passphrase))
    if length < SHORTEST:
        raise KapnotesError(
            "A passphrase has at least {shortest} characters; this one has {length}.", shortest=SHORTEST, length=length
        )
    if length > LONGEST:
        raise KapnotesError("A passphrase has at most {longest} characters.", longest=LONGEST)
    if passphrase != again:
        raise KapnotesError("The two passphrases differ; type them again.")
