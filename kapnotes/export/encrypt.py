"""The lock of a page: AES-256, revision 6, metadata included; opened again and checked before it is handed out."""

from base64 import urlsafe_b64encode
from collections.abc import Callable
from io import BytesIO

from kapnotes.domain.errors import BadPassphrase

LONGEST_PASSPHRASE = 127
"""UTF-8 bytes. Source: ISO 32000-2, 7.6.4.3.3; pikepdf takes more and writes a file that its reader cannot open."""

OWNER_BYTES = 32


def encrypted(pdf: bytes, passphrase: str, entropy: Callable[[int], bytes]) -> bytes:
    """Return *pdf* locked with *passphrase*; *entropy* gives as many random bytes as it is asked for.

    The owner's passphrase is random and thrown away, so that there is one way in.

    Raises:
        BadPassphrase: it is empty or longer than 127 bytes in UTF-8, or the locked page does not open with it.
    """
    _require_fitting(passphrase)
    import pikepdf

    owner = urlsafe_b64encode(entropy(OWNER_BYTES)).decode()
    locked = BytesIO()
    with pikepdf.open(BytesIO(pdf)) as document:
        pages = len(document.pages)
        lock = pikepdf.Encryption(user=passphrase, owner=owner, R=6, aes=True, metadata=True)
        document.save(locked, encryption=lock, object_stream_mode=pikepdf.ObjectStreamMode.generate)
    _check(locked.getvalue(), passphrase, pages)
    return locked.getvalue()


def _require_fitting(passphrase: str) -> None:
    try:
        length = len(passphrase.encode())
    except UnicodeEncodeError:
        raise BadPassphrase("A page's passphrase holds half a character; type it anew.") from None
    if not length:
        raise BadPassphrase("A page needs a passphrase; none was given.")
    if length > LONGEST_PASSPHRASE:
        raise BadPassphrase(
            "A page's passphrase has {longest_passphrase} bytes at most; this one has {length}.",
            longest_passphrase=LONGEST_PASSPHRASE,
            length=length,
        )


def _check(locked: bytes, passphrase: str, pages: int) -> None:
    import pikepdf

    try:
        with pikepdf.open(BytesIO(locked), password=passphrase) as again:
            if again.encryption.R == 6 and len(again.pages) == pages:
                return
    except pikepdf.PdfError:
        pass
    raise BadPassphrase("The locked page does not open with this passphrase; nothing was written. Take another one.")
