"""What one connection may take before anything of ours runs."""

import socket
import time
from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment

import pytest

from huiyin.serving.limits import Gate, Limits
from huiyin.serving.tests.conftest import PATIENCE_S, Start, everything, get, post


def hello(environ: WSGIEnvironment, start_response: StartResponse) -> list[bytes]:
    start_response("200 OK", [("Content-Length", "5")])
    return [b"hello"]


def test_a_header_that_trickles_is_cut_and_others_are_served(start: Start) -> None:
    running = start(hello, Limits(threads=1, header_s=1))
    slow = [running.connect() for _ in range(20)]
    for client in slow:
        client.sendall(b"GET / HTTP/1.1\r\nHost: a\r\nX-A: ")
    assert running.ask(get()).startswith(b"HTTP/1.1 200")
    for client in slow:
        assert everything(client).startswith(b"HTTP/1.1 408")


def test_a_connection_that_says_nothing_is_closed(start: Start) -> None:
    with start(hello, Limits(threads=1, header_s=1)).connect() as silent:
        assert everything(silent) == b""


def test_blank_lines_do_not_keep_a_finished_connection_open(start: Start) -> None:
    with start(hello, Limits(threads=1, header_s=1)).connect() as client:
        client.sendall(get().replace(b"Connection: close\r\n", b""))
        found = client.recv(1000)
        client.sendall(b"\r\n")
        found += everything(client)
    assert found.count(b"HTTP/1.1") == 1


def test_a_large_header_is_refused_whole_or_in_pieces(start: Start) -> None:
    running = start(hello, Limits(threads=1, header_bytes=2000))
    whole = running.ask(get("/", Cookie="x" * 3000))
    assert whole.startswith(b"HTTP/1.1 431")
    with running.connect() as client:
        client.sendall(b"GET / HTTP/1.1\r\nCookie: " + b"x" * 3000)
        assert everything(client).startswith(b"HTTP/1.1 431")
    assert running.ask(get("/", Cookie="x" * 1000)).startswith(b"HTTP/1.1 200")


def test_many_headers_after_a_large_body_on_one_connection_are_counted_apart(start: Start) -> None:
    keep = post(b"x" * 50_000).replace(b"Connection: close\r\n", b"")
    raw = start(hello, Limits(threads=1, header_bytes=2000)).ask(keep + get("/", Cookie="x" * 1000))
    assert raw.count(b"HTTP/1.1 200") == 2


def test_what_is_not_http_is_told_so(start: Start) -> None:
    assert start(hello).ask(b"\x16\x03\x01 hello\r\n\r\n").startswith(b"HTTP/1.1 400")


def test_one_address_has_a_cap_and_gets_its_room_back(start: Start) -> None:
    running = start(hello, Limits(threads=1, per_address=3, exempt_loopback=False))
    taken = [running.connect() for _ in range(3)]
    with running.connect() as fourth:
        assert b"too_many_connections" in everything(fourth)
    for client in taken:
        client.shutdown(socket.SHUT_RDWR)
        everything(client)
        client.close()
    assert any(running.ask(get()).startswith(b"HTTP/1.1 200") for _ in range(50))


def test_all_connections_have_a_cap(start: Start) -> None:
    running = start(hello, Limits(threads=1, connections=2))
    taken = [running.connect() for _ in range(2)]
    with running.connect() as third:
        assert everything(third).startswith(b"HTTP/1.1 503")
    for client in taken:
        client.close()


@pytest.mark.parametrize("pieces", [1, 1000])
def test_a_reader_that_stops_reading_is_cut(start: Start, pieces: int) -> None:
    running = start(large(pieces), Limits(threads=1, stall_s=0.3))
    with running.connect() as client:
        client.sendall(get())
        assert client.recv(1000)
        deadline = time.monotonic() + PATIENCE_S
        while running.server.server_state.connections and time.monotonic() < deadline:
            time.sleep(0.01)
        assert len(everything(client)) < 30_000_000


@pytest.mark.parametrize("pieces", [1, 1000])
def test_a_reader_that_is_slow_but_steady_gets_everything(start: Start, pieces: int) -> None:
    running = start(large(pieces), Limits(threads=1, stall_s=1))
    with running.connect() as client:
        client.sendall(get())
        size = 0
        while piece := client.recv(100_000):
            size += len(piece)
            time.sleep(0.005)  # three hundred times: longer than one may stall
    assert size > 30_000_000


def large(pieces: int) -> WSGIApplication:
    def answer(environ: WSGIEnvironment, start_response: StartResponse) -> list[bytes]:
        start_response("200 OK", [])
        return [b"x" * (30_000_000 // pieces)] * pieces

    return answer


def test_neighbours_in_one_ipv6_network_count_as_one_address() -> None:
    gate = Gate(Limits(per_address=2))
    assert gate.enter("2001:db8::1", 1) == gate.enter("2001:db8::2", 2) != ""
    assert gate.enter("2001:db8::3", 3) is None
    assert gate.enter("2001:db8:1::1", 3) is not None


def test_requests_sent_ahead_are_answered_in_order_and_a_flood_of_them_is_cut(start: Start) -> None:
    running = start(hello, Limits(threads=1))
    keep = get().replace(b"Connection: close\r\n", b"")
    assert running.ask(keep * 5 + get()).count(b"HTTP/1.1 200") == 6
    assert running.ask(keep * 500 + get()).count(b"HTTP/1.1 200") < 100
