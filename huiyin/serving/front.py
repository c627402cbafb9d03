"""The outermost wrapper: who the caller is behind trusted proxies, and the id of each request."""

import re
import uuid

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from huiyin.serving.limits import Network, listed, networks

FORWARDING = (b"x-forwarded-", b"forwarded", b"x-real-ip", b"x-request-id", b"x-client-ip")
REQUEST_ID = re.compile(r"[A-Za-z0-9._-]{8,64}")
Headers = list[tuple[bytes, bytes]]
EVERYWHERE = networks("0.0.0.0/0,::/0")


class Front:
    """Settle address, scheme and request id once, for Django and the live streams alike.

    Afterwards `scope["client"]` and `scope["scheme"]` are true, `scope["huiyin.request_id"]` is
    set and sent back as X-Request-Id, and no forwarding header is left for anyone to believe;
    nor is a header with `_` in its name, which WSGI cannot tell from the one with `-`.
    """

    def __init__(self, app: ASGIApp, trusted: tuple[Network, ...]) -> None:
        self._app, self._trusted = app, trusted

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        scope = self._settle(scope)
        request_id = scope["huiyin.request_id"].encode()

        async def send_with_id(message: Message) -> None:
            if message["type"] == "http.response.start":
                message["headers"] = [*message.get("headers", ()), (b"x-request-id", request_id)]
            await send(message)

        await self._app(scope, receive, send_with_id)

    def _settle(self, scope: Scope) -> Scope:
        headers: Headers = scope["headers"]
        peer, port = scope["client"] or ("", 0)
        scheme, request_id = scope["scheme"], ""
        if listed(peer, self._trusted):
            hop = self._caller(headers)
            peer, port = (hop, 0) if hop else (peer, port)
            said = _last(headers, b"x-forwarded-proto")
            scheme = said if said in ("http", "https") else scheme
            request_id = _last(headers, b"x-request-id")
        if not REQUEST_ID.fullmatch(request_id):
            request_id = uuid.uuid4().hex
        kept = [(n, v) for n, v in headers if b"_" not in n and not n.startswith(FORWARDING)]
        changed = {"client": (peer, port), "scheme": scheme, "headers": kept, "huiyin.request_id": request_id}
        return {**scope, **changed}

    def _caller(self, headers: Headers) -> str:
        """Return the rightmost hop that is no proxy of ours: all left of it is the caller's own word."""
        hops = b",".join(value for name, value in headers if name == b"x-forwarded-for").decode("latin-1")
        caller = ""
        for hop in reversed([part.strip() for part in hops.split(",") if part.strip()]):
            if not listed(hop, EVERYWHERE):
                break
            caller = hop
            if not listed(hop, self._trusted):
                break
        return caller


def _last(headers: Headers, wanted: bytes) -> str:
    found = [value for name, value in headers if name == wanted]
    return found[-1].decode("latin-1").rpartition(",")[2].strip() if found else ""
