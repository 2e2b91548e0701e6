"""A process that has read all modules of the commands, and forks for each command that it is told.

It is started with the number of its socket. Each message is the words of a command as JSON, and with it come the files
for what the command says, its errors, and perhaps its passphrase. The answers are the id of the process and its end.
"""

import gc
import importlib
import json
import os
import pkgutil
import socket
import sys

from tests.light_kapnotes import command_line

ROOMS = ("domain", "vault", "export", "app")
"""All but windows: Qt is for the process that shows them, and begins there."""
FIRST_HANDED = 3


def serve(asked: socket.socket) -> list[str]:
    """Fork for each command; return in the new process, with its words. Ends when nobody asks any more."""
    for room in ROOMS:
        package = importlib.import_module(f"kapnotes.{room}")
        for module in pkgutil.iter_modules(package.__path__, f"{package.__name__}."):
            importlib.import_module(module.name)
    gc.collect()
    gc.freeze()
    while True:
        message, handed, _, _ = socket.recv_fds(asked, 1 << 20, 3)
        if not message:
            sys.exit(0)
        process_id = os.fork()
        if not process_id:
            take_over(handed)
            return json.loads(message)
        for descriptor in handed:
            os.close(descriptor)
        asked.send(str(process_id).encode())
        _, status = os.waitpid(process_id, 0)
        asked.send(str(os.waitstatus_to_exitcode(status)).encode())


def take_over(handed: list[int]) -> None:
    """Let the process have what was handed to it, from 1 on, and nothing else that was open."""
    moved = [os.dup(descriptor) for descriptor in handed]  # no number is wanted and taken at once
    numbers = (1, 2, FIRST_HANDED)[: len(moved)]
    high = [os.dup2(descriptor, 100 + place) for place, descriptor in enumerate(moved)]
    os.closerange(FIRST_HANDED, 100)
    for number, descriptor in zip(numbers, high, strict=True):
        os.dup2(descriptor, number)
        os.close(descriptor)


if __name__ == "__main__":
    words = serve(socket.socket(fileno=int(sys.argv[1])))
    sys.argv = ["kapnotes", *words]
    sys.exit(command_line.main(words))
