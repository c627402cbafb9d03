"""A whole installation for tests: `python -m huiyin.serving.tests.site` serves under a supervisor.

Paths: /pid, /slow (two pieces half a second apart), /die (kills its web process), /live (a stream),
/open (how many streams).
"""

import logging
import os
import signal
import sys
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from pathlib import Path
from wsgiref.types import StartResponse, WSGIEnvironment

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response, StreamingResponse
from starlette.routing import Mount, Route

from huiyin.base import hints, live
from huiyin.serving import server
from huiyin.serving.bridge import Bridge
from huiyin.serving.limits import Limits
from huiyin.serving.supervisor import Child, supervise

LIMITS = Limits(threads=2, drain_s=5)
EVENTS = {"case.changed": 1}


def application(environ: WSGIEnvironment, start_response: StartResponse) -> Iterator[bytes]:
    start_response("200 OK", [])
    if environ["PATH_INFO"] == "/die":
        os.kill(os.getpid(), signal.SIGKILL)
    if environ["PATH_INFO"] == "/slow":
        yield b"begun "
        time.sleep(0.5)
        yield b"done"
    yield str(os.getpid()).encode()


def site(run: Path) -> server.Site:
    hub = live.Hub(EVENTS, recheck=lambda asked: {one: one.topics for one in asked})
    bridge = Bridge(application, LIMITS)

    @asynccontextmanager
    async def lifespan(_: Starlette) -> AsyncIterator[None]:
        hub.start(hints.Inbox(run))
        yield

    async def desk(request: Request) -> Response:
        subscription = hub.subscribe(frozenset({"team:1"}), person=request.query_params["person"])
        return StreamingResponse(live.stream(subscription), headers=live.HEADERS)

    async def count(_: Request) -> Response:
        return Response(str(len(hub.open())))

    app = Starlette(
        routes=[Route("/live", desk), Route("/open", count), Mount("/", bridge)], lifespan=lifespan
    )
    return server.Site(app, on_drain=[hub.close, bridge.stop], on_end=[lambda: bridge.join(1)])


def main(port: str, run: str) -> int:
    logging.basicConfig(stream=sys.stderr, level=logging.WARNING)
    sock = server.bind(f"127.0.0.1:{port}")
    print(sock.getsockname()[1], flush=True)
    web = Child(
        "web", lambda: server.serve(lambda: site(Path(run)), listen="", limits=LIMITS, sockets=[sock])
    )
    worker = Child("worker", lambda: time.sleep(3600))
    return supervise([web, worker], grace_s=6)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1], sys.argv[2]))
