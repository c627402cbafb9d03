"""huiyin up, web and worker: the processes."""

import argparse
import signal
import socket
import threading
from typing import Any

from django.conf import settings
from django.db import connections
from django.urls import get_resolver
from django.utils.module_loading import import_string

from huiyin.automation import worker
from huiyin.base import logs
from huiyin.commands.say import Complaint
from huiyin.commands.setup import set_up
from huiyin.rules import book
from huiyin.serving import server, supervisor


def add_to(commands: Any) -> None:
    up = commands.add_parser("up", help="web and worker under one supervisor")
    up.add_argument("--setup", action="store_true", help="run huiyin setup first")
    up.set_defaults(run=_up)
    commands.add_parser("web", help="web processes only").set_defaults(run=_web)
    commands.add_parser("worker", help="one worker only").set_defaults(run=_worker)


def _up(arguments: argparse.Namespace) -> int:
    if arguments.setup:
        set_up()
    sock = _bind()
    children = [*_webs(sock), supervisor.Child("worker", _work)]
    print(
        f"Huiyin serves {settings.HUIYIN.public_url}: the desk at /desk, the message form at /ask. Stop with Ctrl-C.",
        flush=True,
    )
    return supervisor.supervise(children, warm=_warm)


def _web(arguments: argparse.Namespace) -> int:
    return supervisor.supervise(_webs(_bind()), warm=_warm)


def _worker(arguments: argparse.Namespace) -> int:
    return supervisor.supervise([supervisor.Child("worker", _work)], warm=_warm)


def _bind() -> socket.socket:
    host, port = settings.HUIYIN.listen
    logs.configure()
    try:
        return server.bind(f"{host}:{port}")
    except OSError as error:
        raise Complaint(
            f"{host}:{port} cannot be used: {error.strerror}. Choose another: HUIYIN_LISTEN=127.0.0.1:8123"
        ) from None


def _webs(sock: socket.socket) -> list[supervisor.Child]:
    def serve() -> None:
        # By name: the application stands above the commands and is made only in the process that serves it.
        site, limits = import_string("huiyin.asgi.site"), import_string("huiyin.asgi.limits")
        server.serve(site, listen="", limits=limits(), sockets=[sock])

    return [supervisor.Child(f"web-{n + 1}", serve) for n in range(settings.HUIYIN.web_processes)]


def _work() -> None:
    stop = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())
    worker.run(stop)


def _warm() -> None:
    """Load once what every child needs; connections do not survive a fork and are closed."""
    logs.configure()
    import_string("huiyin.asgi.site")
    get_resolver().url_patterns  # noqa: B018 imports every view
    book.current()
    connections.close_all()
