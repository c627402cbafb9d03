"""What a web process serves: live streams natively, everything else through the bridge to Django."""

import asyncio
import contextlib
import gc
import sys

from django.conf import settings
from django.core.wsgi import get_wsgi_application
from starlette.applications import Starlette
from starlette.routing import Mount, Route

from huiyin.base.hints import Inbox
from huiyin.base.live import Hub
from huiyin.desk import live as desk_live
from huiyin.desk import reread
from huiyin.serving.bridge import Bridge
from huiyin.serving.limits import Limits
from huiyin.serving.server import Site


def limits() -> Limits:
    """Return the figures of serving, with what the settings say."""
    return Limits(threads=settings.HUIYIN.threads, trusted_proxies=settings.HUIYIN.trusted_proxies)


def site() -> Site:
    """Make the application of one process; call it after the fork."""
    # The thread that reads sockets waits for one that computes: at Python's 5 ms a turn a request needs several turns
    # before it is even in a queue, and messages that could share a transaction come one by one.
    sys.setswitchinterval(0.0005)
    # What was there at the fork is frozen (`supervisor`). The rows of a group are many and die together: looking for
    # rings among them every 700 objects costs a twentieth of the intake's time and finds none.
    gc.set_threshold(20_000, 20, 20)
    bridge = Bridge(get_wsgi_application(), limits())
    hub = Hub(desk_live.EVENTS, recheck=desk_live.recheck)

    @contextlib.asynccontextmanager
    async def lifespan(app: Starlette):  # type: ignore[no-untyped-def]
        await reread.follow_clock()  # before the first request reads the time
        hub.start(Inbox(settings.HUIYIN.data_dir / "run"))
        looking = asyncio.create_task(reread.keep_looking(hub))
        yield
        looking.cancel()

    app = Starlette(
        routes=[Route("/live/desk", desk_live.DeskStream(hub).__call__), Mount("/", bridge)],
        lifespan=lifespan,
    )
    return Site(app, on_drain=[bridge.stop, hub.close], on_end=[lambda: bridge.join(10)])
