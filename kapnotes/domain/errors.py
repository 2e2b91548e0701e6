"""Every error the program raises on purpose, as one tree.

KapnotesError                     says in one line what is wrong, where, and what to do
├── Misread                       a typed line is not understood; names the column
├── BadCell                       a cell of a table that is not understood; names its place
├── Implausible                   a value that cannot be
├── NeedsConfirmation             a value that can be, but is unusual: a second Enter keeps it
├── StartHeld                     the protocol holds the first dose until a reason is given
├── ScoreDiffers                  a typed item of a scale is not what its readings say: a second Enter keeps it
├── LeavesEarly                   a discharge before the protocol's rule is met: a reason or a second Enter keeps it
├── CannotTell                    what is recorded does not tell an item of a scale, so that it is asked for
├── BadFile                       a file handed in (CSV, TOML) is wrong; names row and column
├── BadReading                    the bytes that a device sent are none of its values
├── NotAuthorized                 a process note without a standing authorization
├── NotEntitled                   a member without the role for this
├── SignedOff                     a record that its author has signed takes only amendments
├── PatientDeleted                the patient's keys were destroyed: nothing can be written about the patient
├── BadPassphrase                 a page's passphrase that the file format cannot carry
└── VaultError                    anything the vault says
    ├── WrongPassphrase           exit 4
    ├── TooSoon                   exit 4; after wrong passphrases, names the seconds to wait
    ├── VaultInUse                exit 4
    ├── HeaderDamaged             exit 1
    ├── DataDamaged               exit 1
    ├── VaultMissing              exit 5
    ├── InputOutput               exit 5
    ├── DiskFull                  exit 5
    ├── ReadOnly                  exit 5
    ├── ForeignPlace              exit 5; on a network or in a synchronised folder, unless accepted once
    ├── SavedElsewhere            exit 5; kept in a second place until the disk of the vault takes it
    ├── OutOfMemory               exit 5
    ├── NewerFormat               exit 6
    └── Tampered                  exit 2

No message holds a patient's words, a passphrase or a key.
"""

from collections.abc import Mapping


class KapnotesError(Exception):
    """The root: its text is the one line a person reads, an English *template* filled with *facts*.

    Both are kept, so that the screen can fill the template in the reader's language.
    """

    exit_code = 2

    def __init__(self, template: str, /, **facts: object) -> None:
        super().__init__(template.format(**facts) if facts else template)
        self.template = template
        self.facts = facts

    def __reduce__(self) -> tuple[object, ...]:
        """Travel to another process whole, whatever the arguments of the error's own kind are."""
        return _again, (type(self), self.args, self.__dict__)


def _again(kind: type[KapnotesError], arguments: tuple[object, ...], facts: Mapping[str, object]) -> KapnotesError:
    error = kind.__new__(kind, *arguments)
    error.__dict__.update(facts)
    return error


class Misread(KapnotesError):
    """A typed line that is not understood, with the column of the fault (from 0)."""

    def __init__(self, template: str, column: int, /, **facts: object) -> None:
        super().__init__(template, **facts)
        self.column = column


class BadCell(KapnotesError):
    """A cell of a table from outside that is not understood, with its place in the row (from 0)."""

    def __init__(self, template: str, place: int, /, **facts: object) -> None:
        super().__init__(template, **facts)
        self.place = place


class Implausible(KapnotesError):
    """A value that cannot be, whatever the patient does."""


class NeedsConfirmation(KapnotesError):
    """Unusual values, each with its reason; the same line entered again keeps them."""

    def __init__(self, reasons: tuple[str, ...]) -> None:
        super().__init__("; ".join(reasons))
        self.reasons = reasons


class StartHeld(KapnotesError):
    """The protocol holds the first dose; with a reason behind it the same line is kept."""


class ScoreDiffers(KapnotesError):
    """A typed item of a scale differs from what its readings say; the same line entered again keeps it."""


class LeavesEarly(KapnotesError):
    """A discharge before the protocol's rule is met; a reason with it, or the same line entered again, keeps it."""


class CannotTell(KapnotesError):
    """An item of a scale does not follow from what is recorded; its whole sentence says why and what to type."""


class BadFile(KapnotesError):
    """A file from outside that cannot be used; the text names file, row and column."""


class BadReading(KapnotesError):
    """The bytes that a device sent cannot be read as what it said they are."""


class NotAuthorized(KapnotesError):
    """A process note was asked for without a standing authorization."""


class SignedOff(KapnotesError):
    """The author has signed this record: only late entries, addenda and corrections follow, each with a reason."""


class NotEntitled(KapnotesError):
    """The member does not hold the role for this."""


class PatientDeleted(KapnotesError):
    """The patient's keys were destroyed: nothing about that patient is read or written any more."""


class BadPassphrase(KapnotesError):
    """A page cannot be locked with this passphrase; nothing was written."""


class VaultError(KapnotesError):
    """Anything the vault says; nothing was changed unless the text says so."""

    exit_code = 1


class WrongPassphrase(VaultError):
    """The header is whole and the passphrase is not the member's."""

    exit_code = 4


class TooSoon(VaultError):
    """After too many wrong passphrases the next one is looked at only in `wait_s` seconds; nobody is shut out."""

    exit_code = 4

    def __init__(self, template: str, wait_s: int, /, **facts: object) -> None:
        super().__init__(template, wait_s=wait_s, **facts)
        self.wait_s = wait_s


class VaultInUse(VaultError):
    """Another KAPnotes holds the vault open."""

    exit_code = 4


class HeaderDamaged(VaultError):
    """The keys of the vault cannot be read from any copy."""


class DataDamaged(VaultError):
    """A file of the vault is damaged; the text names it."""


class VaultMissing(VaultError):
    """There is no vault, or a file of it is gone; opening never creates one."""

    exit_code = 5


class InputOutput(VaultError):
    """The disk does not read or write."""

    exit_code = 5


class DiskFull(VaultError):
    """The disk takes no more."""

    exit_code = 5


class ReadOnly(VaultError):
    """The vault can be read here and nothing can be written."""

    exit_code = 5


class ForeignPlace(VaultError):
    """The folder is on a network or is synchronised, where two computers can damage a vault."""

    exit_code = 5


class SavedElsewhere(VaultError):
    """The disk of the vault does not take it; it is on another disk, sealed, and goes into the vault when it can."""

    exit_code = 5


class OutOfMemory(VaultError):
    """The key derivation does not find the memory it needs; the passphrase was not checked."""

    exit_code = 5


class NewerFormat(VaultError):
    """Written by a newer KAPnotes; nothing was changed."""

    exit_code = 6


class Tampered(VaultError):
    """SQLite is intact and the content is untrue: someone changed it."""

    exit_code = 2
