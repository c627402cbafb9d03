"""A scanner that answers as it is told: clamd's side of INSTREAM, over TCP or a socket of Unix."""

import socket
import struct
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field, replace
from urllib.parse import urlsplit

import pytest
from django.conf import settings

from huiyin.base import scanner

HANGS, DROPS = b"hangs", b"drops"


@dataclass
class Clamd:
    """`answers` is what it says to each file; `seen` are the files that it was sent whole."""

    answers: bytes
    seen: list[bytes] = field(default_factory=list)
    over: threading.Event = field(default_factory=threading.Event)

    def serve(self, listening: socket.socket) -> None:
        while True:
            wire, _ = listening.accept()
            with wire:
                if self.over.is_set():
                    return
                with suppress(OSError):  # who asked has given up
                    self._answer(wire)

    def _answer(self, wire: socket.socket) -> None:
        asked = _until_nul(wire)
        if asked == b"zPING":
            wire.sendall(b"PONG\0" if self.answers == b"stream: OK\0" else b"UNKNOWN COMMAND\0")
            return
        assert asked == b"zINSTREAM", asked
        if self.answers == DROPS:
            return
        self.seen.append(_file(wire))
        if self.answers == HANGS:
            self.over.wait()
        else:
            wire.sendall(self.answers)


@contextmanager
def answering(answers: bytes, *, path: str = "") -> Iterator[Clamd]:
    """Have a scanner stand there and the product use it."""
    listening = socket.socket(socket.AF_UNIX) if path else socket.socket()
    listening.bind(path or ("127.0.0.1", 0))
    listening.listen()
    where = f"unix://{path}" if path else f"tcp://127.0.0.1:{listening.getsockname()[1]}"
    clamd = Clamd(answers)
    thread = threading.Thread(target=clamd.serve, args=(listening,), daemon=True)
    thread.start()
    try:
        with using(where):
            yield clamd
    finally:
        clamd.over.set()
        with socket.socket(listening.family) as last:
            last.connect(listening.getsockname())
        thread.join()
        listening.close()


@contextmanager
def gone() -> Iterator[None]:
    """Name a scanner that is not there."""
    with socket.socket() as taken:  # bound and not listening: whoever calls is refused
        taken.bind(("127.0.0.1", 0))
        with using(f"tcp://127.0.0.1:{taken.getsockname()[1]}"):
            yield


@contextmanager
def using(where: str) -> Iterator[None]:
    """Have the product use the scanner at this address."""
    scanner.forget()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(settings, "HUIYIN", replace(settings.HUIYIN, scanner=urlsplit(where)))
        yield
    scanner.forget()


def _until_nul(wire: socket.socket) -> bytes:
    told = b""
    while not told.endswith(b"\0"):
        told += _exactly(wire, 1)
    return told[:-1]


def _file(wire: socket.socket) -> bytes:
    whole = b""
    while size := struct.unpack(">I", _exactly(wire, 4))[0]:
        whole += _exactly(wire, size)
    return whole


def _exactly(wire: socket.socket, size: int) -> bytes:
    read = b""
    while len(read) < size:
        more = wire.recv(size - len(read))
        if not more:
            raise ConnectionError
        read += more
    return read
