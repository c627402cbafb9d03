"""The one client for outgoing calls: pinned address, no private networks, no redirects, limits on time and size."""

import ipaddress
import socket
import time
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import SplitResult, urlsplit, urlunsplit

import requests
from django.conf import settings
from requests.adapters import HTTPAdapter
from urllib3.exceptions import HTTPError

from huiyin.engines.reason import Reason

TIMEOUT_S = 10.0
ANSWER_LIMIT_BYTES = 1024 * 1024
PIECE_BYTES = 64 * 1024
# Below 1024 stand the services of machines (mail, name and file servers), which a call must not be able to talk to.
_LOW_PORTS = (80, 443)
# Ranges that the standard library of 3.11 still takes for public: relays, translation, documentation, site-local.
_NOT_OUTSIDE = tuple(
    ipaddress.ip_network(one)
    for one in (
        "192.0.0.0/24",
        "192.88.99.0/24",
        "64:ff9b:1::/48",
        "::ffff:0:0:0/96",
        "3fff::/20",
        "5f00::/16",
        "fec0::/10",
    )
)


class Refused(Exception):
    """The address may not be called; trying again will not help. `reason` says why, for whoever is told later."""

    permanent = True

    def __init__(self, text: str, code: str, **params: str | int) -> None:
        super().__init__(text)
        self.reason = Reason(code, params)


class Failed(Exception):
    """The call did not succeed. `permanent` says whether trying again can help; `reason` why, as in Refused."""

    def __init__(self, text: str, code: str, *, permanent: bool = False, **params: str | int) -> None:
        super().__init__(text)
        self.permanent = permanent
        self.reason = Reason(code, params)


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
    parts, host, port = _checked_url(url)
    address = _checked_address(host, port)
    literal = f"[{address}]" if address.version == 6 else str(address)
    pinned = urlunsplit((parts.scheme, f"{literal}:{port}", parts.path or "/", parts.query, ""))
    session = requests.Session()
    session.trust_env = False
    if parts.scheme == "https":
        session.mount("https://", _Pinned(host))
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
            return Answer(answer.status_code, dict(answer.headers), _read(answer, host))
    except (requests.RequestException, HTTPError, OSError) as error:
        told = f"{parts.hostname}: {type(error).__name__}"
        raise Failed(told, _code_of(error), host=host, seconds=int(TIMEOUT_S)) from error
    finally:
        session.close()


def _code_of(error: Exception) -> str:
    if isinstance(error, requests.Timeout):
        return "timeout"
    if isinstance(error, requests.exceptions.SSLError):
        return "tls"
    return "no_connection" if isinstance(error, requests.ConnectionError) else "broken"


def _checked_url(url: str) -> tuple[SplitResult, str, int]:
    try:
        parts = urlsplit(url)
        port = parts.port or (443 if parts.scheme == "https" else 80)
    except ValueError as error:
        raise Refused(f"this is no address: {error}", "no_address") from None
    if parts.scheme not in ("http", "https") or not parts.hostname or "@" in parts.netloc:
        raise Refused(
            f"{parts.scheme or 'this'}: only http and https addresses without a password are called",
            "scheme",
        )
    return parts, parts.hostname, port


def _read(answer: requests.Response, host: str) -> bytes:
    """Read the body piece by piece: each piece may be prompt and the whole still never end."""
    until = time.monotonic() + TIMEOUT_S
    read = b""
    while piece := answer.raw.read1(PIECE_BYTES, decode_content=True):
        read += piece
        if len(read) > ANSWER_LIMIT_BYTES:
            raise Failed("the answer is larger than 1 MB", "answer_large", permanent=True, limit=1)
        if time.monotonic() > until:
            told = f"the answer took longer than {TIMEOUT_S:.0f} s"
            raise Failed(told, "timeout", host=host, seconds=int(TIMEOUT_S))
    return read


def _checked_address(host: str, port: int) -> ipaddress.IPv4Address | ipaddress.IPv6Address:
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (socket.gaierror, UnicodeError) as error:
        raise Failed(f"{host} cannot be found", "unknown_host", host=host) from error
    addresses = [ipaddress.ip_address(str(row[4][0]).partition("%")[0]) for row in found]
    for address in addresses:
        if _is_meant(address):
            continue
        if not _is_outside(address):
            raise Refused(
                f"{host} leads to a private network; allow it with HUIYIN_OUTBOUND_ALLOW if you mean it",
                "private",
                host=host,
            )
        if port < 1024 and port not in _LOW_PORTS:
            raise Refused(f"port {port}: below 1024 only 80 and 443 are called", "port", port=port)
    return addresses[0]


def _is_meant(address: ipaddress.IPv4Address | ipaddress.IPv6Address) -> bool:
    allowed = settings.HUIYIN.outbound_allow
    return any(address in network for network in allowed if network.version == address.version)


def _is_outside(address: ipaddress.IPv4Address | ipaddress.IPv6Address) -> bool:
    if isinstance(address, ipaddress.IPv6Address):
        inner = address.ipv4_mapped or address.sixtofour or (address.teredo[1] if address.teredo else None)
        embedded = address in ipaddress.ip_network("64:ff9b::/96") or int(address) >> 32 == 0
        if inner is not None or embedded:
            return False  # an IPv4 address in disguise is never meant
    return address.is_global and not address.is_multicast and not any(address in one for one in _NOT_OUTSIDE)
