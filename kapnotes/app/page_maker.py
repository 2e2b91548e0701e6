"""Who makes pages: the function that makes them runs here, or wherever else it was handed in to.

What makes them in a process of its own is `pages_elsewhere`.
"""

from collections.abc import Callable
from typing import Protocol, TypeVar

from kapnotes.domain.errors import KapnotesError

_Made = TypeVar("_Made")


class PageMaker(Protocol):
    """Runs a function that makes pages. What it takes and returns can be pickled, but for what is handed in."""

    def run(
        self, make: Callable[..., _Made], *arguments: object, is_wanted: Callable[[], bool] = ..., **named: object
    ) -> _Made:
        """Return what *make* returns, or raise what it raises. Called on the thread that makes pages.

        Raises:
            NotWanted: *is_wanted* says no, as after a lock; nothing of what was handed in is given on then.
        """
        ...

    def forget(self) -> None:
        """Keep no patient's word in memory that was needed for pages; may be called on any thread."""
        ...

    def close(self) -> None:
        """Make no more pages."""
        ...


class NotWanted(KapnotesError):
    """Who asked for the pages is gone."""


class MadeHere:
    """Makes pages where it is asked: for the command line, and wherever no second process can be had."""

    def run(
        self,
        make: Callable[..., _Made],
        *arguments: object,
        is_wanted: Callable[[], bool] = lambda: True,
        **named: object,
    ) -> _Made:
        """Return what *make* returns.

        Raises:
            NotWanted: *is_wanted* says no.
        """
        require_wanted(is_wanted)
        return make(*arguments, **named)

    def forget(self) -> None:
        """Nothing is kept."""

    def close(self) -> None:
        """Nothing is left to end."""


class MadeWhenAsked:
    """Makes pages with what *begin* returns, which is called with the first of them."""

    def __init__(self, begin: Callable[[], PageMaker]) -> None:
        self._begin = begin
        self._maker: PageMaker | None = None

    def run(
        self,
        make: Callable[..., _Made],
        *arguments: object,
        is_wanted: Callable[[], bool] = lambda: True,
        **named: object,
    ) -> _Made:
        """Return what *make* returns; see `PageMaker.run`."""
        if self._maker is None:
            self._maker = self._begin()
        return self._maker.run(make, *arguments, is_wanted=is_wanted, **named)

    def forget(self) -> None:
        """Keep nothing; where no page was made yet there is nothing."""
        if self._maker is not None:
            self._maker.forget()

    def close(self) -> None:
        """Make no more pages."""
        if self._maker is not None:
            self._maker.close()


def require_wanted(is_wanted: Callable[[], bool]) -> None:
    """See that the pages are still wanted.

    Raises:
        NotWanted: who asked for them is gone.
    """
    if not is_wanted():
        raise NotWanted("The seat was locked meanwhile; no pages were made.")
