"""The process that makes pages, and what is said between it and the program: pickles, each behind its length.

It is started by `pages_elsewhere`, reads jobs from its standard input until that ends, and writes no file.
"""

import pickle
import sys
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from io import BytesIO
from typing import TYPE_CHECKING, BinaryIO

from kapnotes.app.secrecy import keep_out_of_dumps

if TYPE_CHECKING:
    from kapnotes.domain.entries import Entry

_LENGTH_BYTES = 8

MOST_WORDS = 4096
"""So many words of pages are asked for once and no more."""

MOST_ENTRIES = 5000
"""So many entries are kept there for the next pages; beyond, all of them travel again."""

Words = dict[tuple[object, ...], object]
"""What was asked for, and what it is in the reader's language."""


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


class Packer(pickle.Pickler):
    """Packs a job. An entry that *sent* knows by its identity travels as its number: pages are made again and again."""

    def __init__(self, file: BinaryIO, sent: "dict[int, tuple[int, Entry]]") -> None:
        super().__init__(file, protocol=pickle.HIGHEST_PROTOCOL)
        from kapnotes.domain.entries import Entry  # with the first pages: the first window waits for no entry

        self._sent = sent
        self._entry = Entry

    def persistent_id(self, obj: object) -> tuple[int, bytes] | None:
        """Return the number of an entry, and itself where it goes there for the first time."""
        if type(obj) is not self._entry:
            return None
        known = self._sent.get(id(obj))
        if known is not None:
            return known[0], b""
        number = len(self._sent)
        self._sent[id(obj)] = number, obj  # the entry too: as long as it is kept here, nothing else has its identity
        return number, pickle.dumps(obj)


def packed(job: object, sent: "dict[int, tuple[int, Entry]]") -> bytes:
    """Return *job* ready to be sent; *sent* is what the other side keeps, and learns what is new there."""
    is_full = len(sent) > MOST_ENTRIES
    if is_full:
        sent.clear()
    file = BytesIO()
    file.write(bytes([is_full]))
    Packer(file, sent).dump(job)
    return file.getvalue()


class Unpacker(pickle.Unpickler):
    """Unpacks a job; *kept* holds the entries by their numbers, and learns what is new."""

    def __init__(self, file: BinaryIO, kept: "dict[int, Entry]") -> None:
        super().__init__(file)
        self._kept = kept

    def persistent_load(self, pid: tuple[int, bytes]) -> "Entry":
        """Return the entry of that number."""
        number, content = pid
        if content:
            self._kept[number] = pickle.loads(content)  # noqa: S301 - the program sends it, which started this process
        return self._kept[number]


@dataclass(frozen=True, slots=True)
class Job:
    """A function that makes pages, and what it takes; `words` is what it may know already, None for what it knew."""

    make: Callable[..., object]
    arguments: tuple[object, ...]
    named: dict[str, object]
    handed_in: tuple[str, ...]
    words: Words | None


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


class Bench:
    """Where jobs are done, with what is kept from one to the next: the entries, and the words of their pages."""

    def __init__(self, ask: Callable[..., object]) -> None:
        self._ask = ask
        self._entries: dict[int, Entry] = {}
        self._words: Words = {}

    def done(self, message: bytes) -> bytes:
        """Return what came of a job, ready to be sent."""
        try:
            job = self._unpacked(message)
            asking: dict[str, Callable[..., object]] = {name: partial(self._ask, name) for name in job.handed_in}
            if job.words is not None:
                self._words = job.words
            if "translate" in asking:
                asking["translate"] = self._translate
            return pickle.dumps(Told(job.make(*job.arguments, **job.named, **asking)))
        except (EOFError, BrokenPipeError):
            raise
        except Exception as error:  # whatever it is, who asked for the pages is the one to hear it
            return pickle.dumps(Told(error=error))

    def _unpacked(self, message: bytes) -> Job:
        if message[0]:
            self._entries.clear()
        job = Unpacker(BytesIO(memoryview(message)[1:]), self._entries).load()
        assert isinstance(job, Job)  # noqa: S101 - nothing else is sent
        return job

    def _translate(self, *said: object) -> object:
        known = self._words.get(said)
        if known is None:
            known = self._ask("translate", *said)
            if len(self._words) < MOST_WORDS:
                self._words[said] = known
        return known


def serve(jobs: BinaryIO, told: BinaryIO) -> None:
    """Do one job after the other, until there are no more."""

    def ask(name: str, *arguments: object) -> object:
        send(told, pickle.dumps(Asked(name, arguments)))
        return pickle.loads(receive(jobs))  # noqa: S301 - the program says it, which started this process

    bench = Bench(ask)
    while True:
        try:
            job = receive(jobs)
        except (EOFError, OSError):
            return
        send(told, bench.done(job))


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
