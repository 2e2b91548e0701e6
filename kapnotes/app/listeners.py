"""News between rooms: small, typed, and without Qt."""

from collections.abc import Callable
from typing import Generic, TypeVar

_News = TypeVar("_News")


class Listeners(Generic[_News]):
    """Those who want to hear one kind of news; they hear it in the order in which they came."""

    def __init__(self) -> None:
        self._listeners: list[Callable[[_News], None]] = []

    def add(self, listener: Callable[[_News], None]) -> None:
        """Let *listener* hear all news from now on."""
        self._listeners.append(listener)

    def remove(self, listener: Callable[[_News], None]) -> None:
        """Let *listener* hear no more; one that never listened is no error."""
        if listener in self._listeners:
            self._listeners.remove(listener)

    def tell(self, news: _News) -> None:
        """Tell everybody who listens now; a listener may come or go while this runs."""
        for listener in tuple(self._listeners):
            listener(news)
