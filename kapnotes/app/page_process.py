"""The process that makes pages, and what is said between it and the program: pickles, each behind its length.

It is started by `page_maker`, reads jobs from its standard input until that ends, and writes no file.
"""

import pickle
import sys
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache, partial
from typing import BinaryIO

from kapnotes.app.secrecy import keep_out_of_dumps

_LENGTH_BYTES = 8
_WORDS = 4096
"""So many words of a page are asked for once and no more."""


@dataclass(frozen=True, slots=True)
class Asked:
    """What this process needs of the program before it can go on: the answer of a function that was handed in there."""

    name: str
    arguments: tuple[object, ...]


@dataclass(frozen=True, slots=True)
class Told:
    """What came of a job."""

    value: object = None
    error: Exception | None = None


def send(pipe: BinaryIO, message: bytes) -> None:
    """Write one message.

    Raises:
        OSError: nobody reads any more.
    """
    pipe.write(len(message).to_bytes(_LENGTH_BYTES, "big"))
    pipe.write(message)
    pipe.flush()


def receive(pipe: BinaryIO) -> bytes:
    """Return the next message.

    Raises:
        EOFError: the other side is gone.
        OSError: it cannot be read.
    """
    return _read(pipe, int.from_bytes(_read(pipe, _LENGTH_BYTES), "big"))


def _read(pipe: BinaryIO, size: int) -> bytes:
    found = pipe.read(size)
    if len(found) < size:
        raise EOFError
    return found


def serve(jobs: BinaryIO, told: BinaryIO) -> None:
    """Do one job after the other, until there are no more."""

    def ask(name: str, *arguments: object) -> object:
        send(told, pickle.dumps(Asked(name, arguments)))
        return pickle.loads(receive(jobs))  # noqa: S301 - the program says it, which started this process

    while True:
        try:
            job = receive(jobs)
        except (EOFError, OSError):
            return
        send(told, _done(job, ask))


def _done(job: bytes, ask: Callable[..., object]) -> bytes:
    """Return what came of *job*, ready to be sent."""
    try:
        make, arguments, named, handed_in = pickle.loads(job)  # noqa: S301 - as above
        asking: dict[str, Callable[..., object]] = {name: partial(ask, name) for name in handed_in}
        if "translate" in asking:
            asking["translate"] = lru_cache(_WORDS)(asking["translate"])
        return pickle.dumps(Told(make(*arguments, **named, **asking)))
    except (EOFError, BrokenPipeError):
        raise
    except Exception as error:  # whatever it is, who asked for the pages is the one to hear it
        return pickle.dumps(Told(error=error))


def main() -> None:
    """Serve the program that started this process."""
    keep_out_of_dumps()
    jobs, told = sys.stdin.buffer, sys.stdout.buffer
    sys.stdout = sys.stderr  # what a library prints is no message
    try:
        serve(jobs, told)
    except (EOFError, OSError, KeyboardInterrupt):
        return  # the program is gone


if __name__ == "__main__":
    from kapnotes.app.page_process import main as main_of_the_module  # whose messages the program knows by that name

    main_of_the_module()
