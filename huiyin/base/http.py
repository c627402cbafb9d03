"""The one client for outgoing calls: pinned address, no private networks, no redirects, limits on time and size."""

import ipaddress
import socket
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit, urlunsplit

import requests
from django.conf import settings
from requests.adapters import HTTPAdapter

TIMEOUT_S = 10.0
ANSWER_LIMIT_BYTES = 1024 * 1024


class Refused(Exception):
    """The address may not be called; trying again will not help."""

    permanent = True


class Failed(Exception):
    """The call did not succeed. `permanent` says whether trying again can help; `after_s` what the other side asked."""

    def __init__(self, text: str, *, permanent: bool = False, after_s: float | None = None) -> None:
        super().__init__(text)
        self.permanent = permanent
        self.after_s = after_s


@dataclass(frozen=True, slots=True)
class Answer:
    status: int
    headers: Mapping[str, str]
    body: bytes


class _Pinned(HTTPAdapter):
    """Connects to the address that was checked, while TLS and the Host header keep the name: no rebinding between."""

    def __init__(self, host: str) -> None:
        self._host = host
        super().__init__()

    def init_poolmanager(self, *args: Any, **kwargs: Any) -> None:
        super().init_poolmanager(*args, **kwargs, server_hostname=self._host, assert_hostname=self._host)


def call(method: str, url: str, *, body: bytes = b"", headers: Mapping[str, str] | None = None) -> Answer:
    """Make one call and return the answer, whatever its status.

    Raises Refused for an address that may not be called, Failed when no whole answer came in time.
    """
    parts = urlsplit(url)
    if parts.scheme not in ("http", "https") or not parts.hostname or parts.username or parts.password:
        raise Refused(
            f"{parts.scheme or 'this'}: only http and https addresses without a password are called"
        )
    port = parts.port or (443 if parts.scheme == "https" else 80)
    address = _checked_address(parts.hostname, port)
    literal = f"[{address}]" if address.version == 6 else str(address)
    pinned = urlunsplit((parts.scheme, f"{literal}:{port}", parts.path or "/", parts.query, ""))
    session = requests.Session()
    session.trust_env = False
    if parts.scheme == "https":
        session.mount("https://", _Pinned(parts.hostname))
    try:
        with session.request(
            method,
            pinned,
            data=body,
            headers={"Host": parts.netloc, "User-Agent": "Huiyin", **(headers or {})},
            timeout=TIMEOUT_S,
            allow_redirects=False,
            stream=True,
        ) as answer:
            read = answer.raw.read(ANSWER_LIMIT_BYTES + 1, decode_content=True)
            if len(read) > ANSWER_LIMIT_BYTES:
                raise Failed("the answer is larger than 1 MB", permanent=True)
            return Answer(answer.status_code, dict(answer.headers), read)
    except (requests.RequestException, OSError) as error:
        raise Failed(f"{parts.hostname}: {type(error).__name__}") from error
    finally:
        session.close()


def _checked_address(host: str, port: int) -> ipaddress.IPv4Address | ipaddress.IPv6Address:
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (socket.gaierror, UnicodeError) as error:
        raise Failed(f"{host} cannot be found") from error
    addresses = [ipaddress.ip_address(str(row[4][0]).partition("%")[0]) for row in found]
    for address in addresses:
        if not _allowed(address):
            raise Refused(
                f"{host} leads to a private network; allow it with HUIYIN_OUTBOUND_ALLOW if you mean it"
            )
    return addresses[0]


def _allowed(address: ipaddress.IPv4Address | ipaddress.IPv6Address) -> bool:
    if any(
        address in network for network in settings.HUIYIN.outbound_allow if network.version == address.version
    ):
        return True
    if isinstance(address, ipaddress.IPv6Address):
        inner = address.ipv4_mapped or address.sixtofour or (address.teredo[1] if address.teredo else None)
        embedded = address in ipaddress.ip_network("64:ff9b::/96") or int(address) >> 32 == 0
        if inner is not None or embedded:
            return False  # an IPv4 address in disguise is never meant
    return address.is_global and not address.is_multicast
