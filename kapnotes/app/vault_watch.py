"""Watches one open vault against what this computer remembers of it: whether it is older, and how far it has come."""

from contextlib import suppress

from kapnotes.app.anchors import LOGS, Anchors
from kapnotes.domain.errors import KapnotesError, VaultError
from kapnotes.vault.findings import Finding
from kapnotes.vault.heads import Standing
from kapnotes.vault.library import Library


class VaultWatch:
    """Made when a vault is opened. `behind` says where it is older than last seen, a line for each file.

    What goes wrong here hinders nobody: a profile that cannot be written is tried again at the next occasion.
    """

    def __init__(self, library: Library, anchors: Anchors) -> None:
        self._library = library
        self._anchors = anchors
        seen = anchors.last_seen(library.vault_id)
        self._is_new_here = seen is None
        self.deleted_before = seen.shredded if seen is not None else ()
        """The patients who were deleted, as this computer remembers it; a restored backup has them again."""
        self.behind: tuple[Finding, ...] = ()
        if seen is not None:
            with suppress(VaultError):  # a damaged file is told of by whoever reads it
                self.behind = tuple(library.behind(seen))

    def look(self) -> Standing | None:
        """Return what has come since the last look, None where nothing did. On the writer's thread."""
        with suppress(VaultError):
            standing = self._library.standing(LOGS if self._is_new_here else None)
            self._is_new_here = False
            return standing if standing.heads else None
        return None

    def look_at_all(self) -> Standing | None:
        """Return how far the vault has come in all. On the writer's thread."""
        with suppress(VaultError):
            return self._library.standing(LOGS)
        return None

    def remember(self, standing: Standing | None) -> None:
        """Put it into the profile. On any thread but that of the windows."""
        if standing is not None:
            with suppress(KapnotesError):
                self._anchors.keep(standing, is_behind=bool(self.behind))

    def begin_anew(self) -> None:
        """Take the vault for what it is: a member has said why it is older. On the writer's thread."""
        standing = self.look_at_all()
        self.behind = ()
        if standing is not None:
            with suppress(KapnotesError):
                self._anchors.begin_anew(standing)
