"""Where a vault's folder really is: on a disk of this computer, in another one's, or in a folder that is synchronised.

On a network the lock that keeps two writers apart does not hold everywhere, and a program that synchronises copies a
file in the middle of a write, or brings an old one back. Source: SQLite, "How to corrupt", §2.1 and §2.4.
"""

import contextlib
import sys
from collections.abc import Iterable
from pathlib import Path, PurePath

from kapnotes.app.profile import Profile
from kapnotes.domain.errors import ForeignPlace

NETWORK_TYPES = {
    "nfs": "NFS",
    "nfs4": "NFS",
    "cifs": "SMB",
    "smb3": "SMB",
    "smbfs": "SMB",
    "afs": "AFS",
    "ncpfs": "NCP",
    "9p": "9P",
    "virtiofs": "virtiofs",
    "davfs": "WebDAV",
    "fuse.sshfs": "SSHFS",
    "fuse.rclone": "rclone",
    "fuse.gvfsd-fuse": "GVFS",
    "fuse.glusterfs": "GlusterFS",
    "fuse.s3fs": "S3",
    "ceph": "Ceph",
}
"""File systems that are another computer's, as the mount table names them."""

SYNCHRONISED = {
    "onedrive": "OneDrive",
    "dropbox": "Dropbox",
    "icloud drive": "iCloud Drive",
    "iclouddrive": "iCloud Drive",
    "mobile documents": "iCloud Drive",
    "com~apple~clouddocs": "iCloud Drive",
    "nextcloud": "Nextcloud",
    "owncloud": "ownCloud",
    "google drive": "Google Drive",
    "googledrive": "Google Drive",
    "my drive": "Google Drive",
    "cloudstorage": "a synchronised folder",
    "syncthing": "Syncthing",
    "seafile": "Seafile",
}
"""Names of folders that are synchronised, in lower case; "OneDrive - A Clinic" begins with one."""

MARKERS = {
    ".stfolder": "Syncthing",
    ".stversions": "Syncthing",
    ".dropbox": "Dropbox",
    ".dropbox.cache": "Dropbox",
    ".sync_journal.db": "Nextcloud",
    ".nextcloudsync.log": "Nextcloud",
    ".owncloudsync.log": "ownCloud",
    "desktop.ini.onedrive": "OneDrive",
}
"""What such programs leave in the folder they look after."""


def foreign_place(path: PurePath, mounts: str, listings: Iterable[tuple[PurePath, Iterable[str]]]) -> str:
    """Return whose place *path* is in, as "NFS" or "Dropbox"; empty where it is on a disk of this computer.

    *mounts* is the text of the mount table (`/proc/self/mounts`), empty where a system has none; *listings* are the
    names that stand in each folder above the vault.
    """
    return _network(path, mounts) or _by_name(path) or _by_marker(listings)


def _network(path: PurePath, mounts: str) -> str:
    if str(path).startswith(("\\\\", "//")):
        return "SMB"
    best, found = -1, ""
    for line in mounts.splitlines():
        columns = line.split(" ")
        if len(columns) < 3:
            continue
        where = PurePath(_unescaped(columns[1]))
        if (path == where or where in path.parents) and len(where.parts) >= best:
            best, found = len(where.parts), columns[2]
    if best <= 1:
        return ""  # the system's own root: there is no other disk here to put a vault on
    if found in NETWORK_TYPES:
        return NETWORK_TYPES[found]
    prefixed = (name for kind, name in NETWORK_TYPES.items() if found.startswith(kind + "."))
    return next(prefixed, "")


def _unescaped(text: str) -> str:
    """Return a path of the mount table, in which spaces and the like stand as octal numbers."""
    for code, sign in (("\\040", " "), ("\\011", "\t"), ("\\012", "\n"), ("\\134", "\\")):
        text = text.replace(code, sign)
    return text


def _by_name(path: PurePath) -> str:
    for part in path.parts:
        name = part.casefold()
        for known, whose in SYNCHRONISED.items():
            if name == known or name.startswith((known + " - ", known + "-", known + " (")):
                return whose
    return ""


def _by_marker(listings: Iterable[tuple[PurePath, Iterable[str]]]) -> str:
    for _, names in listings:
        for name in names:
            known = MARKERS.get(name.casefold())
            if known is not None:
                return known
            if name.startswith("._sync_") and name.endswith(".db"):
                return "Nextcloud"
    return ""


def see_that_it_is_here(folder: Path, profile: Profile, *, here_anyway: bool) -> None:
    """See that *folder* is on a disk of this computer, or that its user chose it all the same. On the writer's thread.

    Raises:
        ForeignPlace: it is not, and nobody did.
    """
    place = foreign_place_of(folder)
    if not place or profile.accepts(folder, place):
        return
    if not here_anyway:
        raise ForeignPlace(
            "{folder} belongs to {place}: another computer, or its own program, can damage a vault there. "
            "Choose a folder of this computer's own disk.",
            folder=folder,
            place=place,
        )
    profile.accept(folder, place)


def foreign_place_of(folder: Path) -> str:
    """Return whose place *folder* is in on this computer. It may take a while: ask on the writer's thread."""
    path = folder.expanduser().resolve()
    return foreign_place(path, _mounts(), [(above, _names(above)) for above in (path, *path.parents)])


def _mounts() -> str:
    if not sys.platform.startswith("linux"):
        return ""
    try:
        return Path("/proc/self/mounts").read_text(encoding="utf-8", errors="surrogateescape")
    except OSError:
        return ""


def _names(folder: Path) -> list[str]:
    """Return which markers stand in *folder*; the whole of a large folder is not read."""
    found = []
    for name in MARKERS:
        try:
            if (folder / name).exists():
                found.append(name)
        except OSError:
            break
    with contextlib.suppress(OSError):
        found += [path.name for path in folder.glob("._sync_*.db")]
    return found
