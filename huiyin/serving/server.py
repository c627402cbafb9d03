"""Runs one web process: uvicorn on an inherited socket, with our limits, until it is told to stop."""

import contextlib
import dataclasses
import functools
import resource
import signal
import socket
import threading
from collections.abc import Callable, Generator, Sequence
from dataclasses import dataclass
from typing import Any, cast

import uvicorn
from starlette.types import ASGIApp

from huiyin.serving.front import Front
from huiyin.serving.limits import Gate, Limits
from huiyin.serving.protocol import LimitedProtocol

RESERVED_FILES = 128
SIGNALS = (signal.SIGTERM, signal.SIGINT)


@dataclass(frozen=True, slots=True)
class Site:
    """What a process serves: the application, what to call when draining begins, and at the very end."""

    app: ASGIApp
    on_drain: Sequence[Callable[[], object]] = ()
    on_end: Sequence[Callable[[], object]] = ()


def bind(listen: str) -> socket.socket:
    """Return a listening socket for `host:port` or `[v6]:port`; bind before forking, then share it.

    Raises ValueError for a text without a port, OSError when the address is taken.
    """
    host, colon, port = listen.rpartition(":")
    if not colon or not port.isdigit():
        raise ValueError(f"HUIYIN_LISTEN must look like 127.0.0.1:8000, not {listen!r}")
    host = host.strip("[]")
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    sock = socket.create_server((host, int(port)), family=family, backlog=2048)
    sock.set_inheritable(True)
    return sock


def serve(
    site: Callable[[], Site], *, listen: str, limits: Limits, sockets: Sequence[socket.socket] = ()
) -> None:
    """Serve until SIGTERM or SIGINT, then drain for at most `limits.drain_s` and return.

    `site` is called here, after the fork, because threads and loops do not survive one.
    """
    server(site, limits).run(list(sockets) or [bind(listen)])


def server(site: Callable[[], Site], limits: Limits) -> "Server":
    """Return the server unstarted; setting its `should_exit` drains it like SIGTERM."""
    return Server(site(), limits)


class Server(uvicorn.Server):
    """uvicorn's server which tells the application first when it must stop."""

    def __init__(self, site: Site, limits: Limits) -> None:
        self._site = site
        gate = Gate(_within_open_files(limits))
        config = uvicorn.Config(
            Front(site.app, limits.trusted_proxies),
            loop="uvloop",
            http=cast(Any, functools.partial(LimitedProtocol, gate=gate)),
            ws="none",
            log_config=None,
            access_log=False,
            server_header=False,
            proxy_headers=False,
            timeout_keep_alive=limits.keep_alive_s,
            timeout_graceful_shutdown=cast(Any, limits.drain_s),
        )
        super().__init__(config)

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        for call in self._site.on_drain:
            call()
        await super().shutdown(sockets)
        for call in self._site.on_end:
            call()

    @contextlib.contextmanager
    def capture_signals(self) -> Generator[None, None, None]:
        # uvicorn raises the signal again afterwards, which would kill the process before it has tidied up.
        if threading.current_thread() is not threading.main_thread():
            yield
            return
        before = {number: signal.signal(number, self.handle_exit) for number in SIGNALS}
        try:
            yield
        finally:
            for number, disposition in before.items():
                signal.signal(number, disposition)


def _within_open_files(limits: Limits) -> Limits:
    """Return the limits with a cap on connections that the process's open files can bear."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = limits.connections + RESERVED_FILES
    if soft == resource.RLIM_INFINITY or soft >= wanted:
        return limits
    granted = wanted if hard == resource.RLIM_INFINITY else min(wanted, hard)
    resource.setrlimit(resource.RLIMIT_NOFILE, (granted, hard))
    return dataclasses.replace(limits, connections=max(granted - RESERVED_FILES, granted // 4))
