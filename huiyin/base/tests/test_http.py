"""Outgoing calls: no address of an inner network under any spelling, no redirects, limits on size and time."""

import contextlib
import gzip
import ipaddress
import socket
import threading
import time
from collections.abc import Iterator
from dataclasses import replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from django.conf import settings

from huiyin.base import http

INNER = [
    "127.0.0.1", "127.1", "127.0.1", "0", "0.0.0.0", "0x7f000001", "0x7f.1", "0177.0.0.1", "017700000001",
    "2130706433", "127.255.255.254", "10.0.0.1", "10.255.255.255", "0xa.0.0.1", "167772161", "172.16.0.1",
    "172.31.255.254", "192.168.0.1", "192.168.1.1", "0xc0a80001", "3232235521", "169.254.169.254", "0xa9fea9fe",
    "2852039166", "100.64.0.1", "100.127.255.254", "192.0.0.1", "192.0.0.8", "192.0.2.1", "198.18.0.1",
    "198.19.255.254", "198.51.100.1", "203.0.113.1", "192.88.99.1", "224.0.0.1", "239.255.255.255", "240.0.0.1",
    "255.255.255.255", "localhost", "[::1]", "[::]", "[0:0:0:0:0:0:0:1]", "[::127.0.0.1]", "[::ffff:127.0.0.1]",
    "[::ffff:7f00:1]", "[::ffff:10.0.0.1]", "[::ffff:169.254.169.254]", "[::ffff:8.8.8.8]", "[64:ff9b::7f00:1]",
    "[64:ff9b::10.0.0.1]", "[64:ff9b::8.8.8.8]", "[64:ff9b:1::7f00:1]", "[2002:7f00:1::]", "[2002:a00:1::]",
    "[2002:c0a8:1::1]", "[2001:0:7f00:1::]", "[2001::1]", "[2001:db8::1]", "[fc00::1]", "[fd00::1]", "[fd12:3456::1]",
    "[fe80::1]", "[fe80::1%25lo]", "[fec0::1]", "[ff02::1]", "[ff0e::1]", "[100::1]", "[::ffff:0:127.0.0.1]",
    "[5f00::1]", "[3fff::1]",
]  # fmt: skip


def test_the_table_is_long_enough_to_mean_something() -> None:
    assert len(set(INNER)) >= 60


@pytest.mark.parametrize("host", INNER)
def test_no_spelling_of_an_inner_address_is_called(host: str) -> None:
    with pytest.raises((http.Refused, http.Failed)) as refused:
        http.call("GET", f"http://{host}:8009/")
    # What the resolver does not know at all never leaves the house either.
    assert isinstance(refused.value, http.Refused) or "cannot be found" in str(refused.value)


@pytest.mark.parametrize(
    "url",
    [
        "ftp://example.com/", "file:///etc/passwd", "gopher://example.com", "//example.com", "example.com", "",
        "http://", "http://user@example.com/", "http://user:pw@example.com/", "http://:pw@example.com/",
        "http://example.com:99999/", "http://example.com:-1/", "http://[::1", "http://exa mple.com:x/",
    ],
)  # fmt: skip
def test_what_is_no_plain_address_is_refused_for_good(url: str) -> None:
    with pytest.raises(http.Refused):
        http.call("GET", url)


class _Server(BaseHTTPRequestHandler):
    asked: list[str] = []

    def do_GET(self) -> None:
        self.asked.append(f"{self.path} {self.headers['Host']}")
        getattr(self, self.path.strip("/"))()

    def moved(self) -> None:
        self.send_response(302)
        self.send_header("Location", "/large")
        self.end_headers()

    def large(self) -> None:
        self._body(b"x" * (http.ANSWER_LIMIT_BYTES + 1))

    def packed(self) -> None:
        self._body(gzip.compress(b"x" * (40 * 1024 * 1024)), ("Content-Encoding", "gzip"))

    def drips(self) -> None:
        self.send_response(200)
        self.end_headers()
        with contextlib.suppress(OSError):
            for _ in range(60):
                self.wfile.write(b"x")
                self.wfile.flush()
                time.sleep(0.1)

    def _body(self, body: bytes, *headers: tuple[str, str]) -> None:
        self.send_response(200)
        for name, value in headers:
            self.send_header(name, value)
        self.end_headers()
        with contextlib.suppress(OSError):
            self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    allowed = (ipaddress.ip_network("127.0.0.1/32"),)
    monkeypatch.setattr(settings, "HUIYIN", replace(settings.HUIYIN, outbound_allow=allowed))
    _Server.asked.clear()
    httpd = ThreadingHTTPServer(("127.0.0.1", 0), _Server)
    thread = threading.Thread(target=httpd.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    yield f"http://127.0.0.1:{httpd.server_port}"
    httpd.shutdown()
    thread.join()
    httpd.server_close()


def test_a_redirect_is_an_answer_and_is_not_followed(server: str) -> None:
    assert http.call("GET", f"{server}/moved").status == 302
    assert len(_Server.asked) == 1


@pytest.mark.parametrize("path", ["large", "packed"])
def test_an_answer_over_the_limit_is_dropped_for_good_packed_or_not(server: str, path: str) -> None:
    with pytest.raises(http.Failed) as failed:
        http.call("GET", f"{server}/{path}")
    assert failed.value.permanent


def test_an_answer_that_drips_does_not_hold_the_caller(server: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(http, "TIMEOUT_S", 0.5)
    with pytest.raises(http.Failed):
        http.call("GET", f"{server}/drips")


def test_the_name_that_was_checked_is_the_one_in_the_host_header(server: str) -> None:
    http.call("GET", f"{server}/moved")
    assert _Server.asked[0].endswith(server.removeprefix("http://"))


def test_a_name_with_one_inner_address_among_others_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    def both(host: str, port: int, **_: object) -> list[tuple[object, ...]]:
        return [(0, 0, 0, "", (address, port)) for address in ("8.8.8.8", "10.0.0.1")]

    monkeypatch.setattr(socket, "getaddrinfo", both)
    with pytest.raises(http.Refused):
        http.call("GET", "http://mixed.example.com/")


@pytest.mark.parametrize("port", [1, 22, 25, 53, 110, 143, 445, 465, 587, 993, 1023])
def test_a_port_where_no_web_server_stands_is_not_called(port: int) -> None:
    for scheme in ("http", "https"):
        with pytest.raises(http.Refused, match=f"port {port}"):
            http.call("GET", f"{scheme}://8.8.8.8:{port}/")


def test_a_call_ends_after_ten_seconds_and_reads_one_megabyte_at_most() -> None:
    assert (http.TIMEOUT_S, http.ANSWER_LIMIT_BYTES) == (10, 1024 * 1024)


def test_nobody_listening_is_a_failure_that_may_pass(server: str) -> None:
    with socket.socket() as spare:
        spare.bind(("127.0.0.1", 0))
        port = spare.getsockname()[1]
    with pytest.raises(http.Failed) as failed:
        http.call("GET", f"http://127.0.0.1:{port}/")
    assert not failed.value.permanent
