"""Words of the program that a person reads, handed in so that this room needs no Qt.

`translate("Context", "English")` is written like that at every place, so that lupdate finds the English.
"""

from collections.abc import Callable

Translate = Callable[[str, str], str]


def in_english(context: str, text: str) -> str:
    """Return *text* as it is: the program's own language. *context* is what a translator would be told."""
    del context
    return text


def counted(count: int, one: str, many: str, **facts: object) -> str:
    """Return *one* where *count* is one, else *many*, with `{count}` and *facts* filled in.

    Both are whole phrases, so that each is translated as it is.
    """
    return (one if count == 1 else many).format(count=count, **facts)
