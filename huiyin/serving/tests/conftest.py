"""A real server on a real port, in a thread, and raw sockets to it."""

import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from wsgiref.types import WSGIApplication

import pytest

from huiyin.serving import server
from huiyin.serving.bridge import Bridge
from huiyin.serving.limits import Limits

PATIENCE_S = 30.0


@dataclass
class Running:
    """A started server; `ask` speaks plain HTTP to it."""

    server: server.Server
    thread: threading.Thread
    port: int
    bridge: Bridge

    def connect(self) -> socket.socket:
        return socket.create_connection(("127.0.0.1", self.port), timeout=PATIENCE_S)

    def ask(self, raw: bytes) -> bytes:
        """Send a request that asks for the connection to be closed, return all that comes back."""
        with self.connect() as client:
            client.sendall(raw)
            return everything(client)

    def stop(self) -> None:
        self.server.should_exit = True
        self.thread.join(PATIENCE_S)


def everything(client: socket.socket) -> bytes:
    found = b""
    while True:
        try:
            piece = client.recv(65536)
        except ConnectionResetError:
            return found
        if not piece:
            return found
        found += piece


def get(path: str = "/", **headers: str) -> bytes:
    lines = "".join(f"{name}: {value}\r\n" for name, value in headers.items())
    return f"GET {path} HTTP/1.1\r\nHost: desk.example\r\nConnection: close\r\n{lines}\r\n".encode()


def post(body: bytes, path: str = "/") -> bytes:
    return get(path, **{"Content-Length": str(len(body))}).replace(b"GET", b"POST", 1) + body


Start = Callable[..., Running]


@pytest.fixture
def start() -> Iterator[Start]:
    """Start a server for a WSGI application with the given limits; all are stopped at the end."""
    with ExitStack() as stack:

        def start(app: WSGIApplication, limits: Limits | None = None) -> Running:
            limits = limits or Limits(threads=2)
            sock = server.bind("127.0.0.1:0")
            bridge = Bridge(app, limits)
            made = server.server(
                lambda: server.Site(bridge, on_drain=[bridge.stop], on_end=[lambda: bridge.join(1)]), limits
            )
            thread = threading.Thread(target=made.run, args=([sock],))
            running = Running(made, thread, sock.getsockname()[1], bridge)
            thread.start()
            stack.callback(running.stop)
            return running

        yield start
