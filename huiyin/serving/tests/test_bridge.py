"""The bridge to WSGI: spooling, refusing, streaming, and what Django gets to see."""

import hashlib
import json
import socket
import threading
import time
from collections.abc import Iterable
from pathlib import Path
from wsgiref.types import StartResponse, WSGIEnvironment

from huiyin.serving.limits import Limits
from huiyin.serving.tests.conftest import PATIENCE_S, Start, everything, get, post


def echo(environ: WSGIEnvironment, start_response: StartResponse) -> list[bytes]:
    """Answer with what the application was given."""
    body = environ["wsgi.input"].read()
    seen = {key: value for key, value in environ.items() if isinstance(value, str)}
    answer = json.dumps(seen | {"size": str(len(body)), "sha": hashlib.sha256(body).hexdigest()}).encode()
    start_response("200 OK", [("Content-Type", "application/json"), ("Content-Length", str(len(answer)))])
    return [answer]


def seen(raw: bytes) -> dict[str, str]:
    found: dict[str, str] = json.loads(raw.partition(b"\r\n\r\n")[2])
    return found


def test_ten_posts_that_stall_after_three_bytes_delay_nobody(start: Start) -> None:
    running = start(echo)
    stalled = [running.connect() for _ in range(10)]
    for client in stalled:
        client.sendall(b"POST / HTTP/1.1\r\nHost: desk.example\r\nContent-Length: 1000\r\n\r\nabc")
    for _ in range(20):
        assert running.ask(get()).startswith(b"HTTP/1.1 200")
    for client in stalled:
        client.close()


def test_ten_readers_that_read_nothing_delay_nobody(start: Start) -> None:
    def large(environ: WSGIEnvironment, start_response: StartResponse) -> list[bytes]:
        start_response("200 OK", [])
        return [b"x" * 65536] * (160 if environ["PATH_INFO"] == "/large" else 1)

    running = start(large, Limits(threads=2, answer_memory_bytes=100_000))
    unread = [running.connect() for _ in range(10)]
    for client in unread:
        client.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        client.sendall(get("/large"))
    for _ in range(5):
        assert running.ask(get()).startswith(b"HTTP/1.1 200")
    for client in unread:
        client.close()


def test_a_large_body_arrives_whole_through_a_file(start: Start) -> None:
    body = bytes(range(256)) * 8192
    found = seen(start(echo, Limits(threads=1, body_memory_bytes=1000)).ask(post(body)))
    assert (found["CONTENT_LENGTH"], found["sha"]) == (str(len(body)), hashlib.sha256(body).hexdigest())


def test_a_chunked_body_gets_its_true_length(start: Start) -> None:
    chunks = b"3\r\nabc\r\n4\r\ndefg\r\n0\r\n\r\n"
    head = b"POST / HTTP/1.1\r\nHost: a\r\nConnection: close\r\nTransfer-Encoding: chunked\r\n\r\n"
    found = seen(start(echo).ask(head + chunks))
    assert (found["CONTENT_LENGTH"], found["size"]) == ("7", "7")
    assert "HTTP_TRANSFER_ENCODING" not in found


def test_a_declared_body_over_the_limit_is_refused_with_words(start: Start) -> None:
    raw = start(echo, Limits(threads=1, body_bytes=1000)).ask(post(b"x" * 5_000_000))
    assert raw.startswith(b"HTTP/1.1 413")
    assert b"application/problem+json" in raw
    assert seen(raw)["code"] == "body_too_large"


def test_a_chunked_body_over_the_limit_is_refused(start: Start) -> None:
    head = b"POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n"
    raw = start(echo, Limits(threads=1, body_bytes=1000)).ask(head + b"400\r\n" + b"x" * 1024 + b"\r\n")
    assert raw.startswith(b"HTTP/1.1 413")


def test_a_body_that_trickles_is_refused(start: Start) -> None:
    running = start(echo, Limits(threads=1, body_s=0.2))
    with running.connect() as client:
        client.sendall(b"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 1000\r\n\r\nabc")
        raw = everything(client)
    assert raw.startswith(b"HTTP/1.1 408")
    assert seen(raw)["code"] == "body_too_slow"


def test_bodies_together_never_take_more_than_their_room(start: Start) -> None:
    running = start(echo, Limits(threads=1, bodies_bytes=3000))
    with running.connect() as waiting:
        waiting.sendall(b"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 2500\r\n\r\n" + b"x" * 2000)
        deadline = time.monotonic() + PATIENCE_S
        while not running.bridge._spool._held_bytes and time.monotonic() < deadline:
            time.sleep(0.01)
        assert seen(running.ask(post(b"y" * 2000)))["code"] == "no_room"
        waiting.sendall(b"x" * 500)
        assert waiting.recv(20).startswith(b"HTTP/1.1 200")
    assert running.ask(post(b"y" * 2000)).startswith(b"HTTP/1.1 200")


def test_a_full_queue_says_busy_and_when_to_come_back(start: Start) -> None:
    release, entered = threading.Event(), threading.Event()

    def slow(environ: WSGIEnvironment, start_response: StartResponse) -> list[bytes]:
        entered.set()
        release.wait(PATIENCE_S)
        start_response("200 OK", [])
        return [b"done"]

    running = start(slow, Limits(threads=1, queue=1))
    first, second = running.connect(), running.connect()
    first.sendall(get())
    assert entered.wait(PATIENCE_S)
    second.sendall(get())
    deadline = time.monotonic() + PATIENCE_S
    while running.bridge._turns.empty() and time.monotonic() < deadline:
        time.sleep(0.01)
    raw = running.ask(get())
    release.set()
    assert raw.startswith(b"HTTP/1.1 503")
    assert b"retry-after: " in raw
    assert seen(raw)["code"] == "busy"
    assert everything(first).startswith(b"HTTP/1.1 200")
    assert everything(second).startswith(b"HTTP/1.1 200")


def test_pieces_reach_the_client_while_the_answer_is_still_made(start: Start) -> None:
    release = threading.Event()

    def pieces(environ: WSGIEnvironment, start_response: StartResponse) -> list[bytes]:
        def made():  # type: ignore[no-untyped-def]
            yield b"first"
            release.wait(PATIENCE_S)
            yield b"second"

        start_response("200 OK", [])
        return made()  # type: ignore[no-any-return,no-untyped-call]

    with start(pieces).connect() as client:
        client.sendall(get())
        found = b""
        while b"first" not in found:
            found += client.recv(1000)
        release.set()
        assert b"second" in everything(client)


def test_an_answer_larger_than_memory_arrives_whole_and_in_order(start: Start) -> None:
    parts = [bytes([number % 256]) * 10_000 for number in range(500)]

    def large(environ: WSGIEnvironment, start_response: StartResponse) -> list[bytes]:
        start_response("200 OK", [("Content-Length", "5000000")])
        return parts

    limits = Limits(threads=1, answer_memory_bytes=30_000, answer_spill_bytes=200_000)
    assert start(large, limits).ask(get()).partition(b"\r\n\r\n")[2] == b"".join(parts)


class Endless:
    """Pieces without end; notes that it was closed."""

    def __init__(self) -> None:
        self.closed = threading.Event()

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> "Endless":
        start_response("200 OK", [])
        return self

    def __iter__(self) -> "Endless":
        return self

    def __next__(self) -> bytes:
        return b"x" * 10_000

    def close(self) -> None:
        self.closed.set()


def test_an_answer_is_closed_when_its_client_leaves(start: Start) -> None:
    endless = Endless()
    with start(endless, Limits(threads=1, answer_spill_bytes=100_000)).connect() as client:
        client.sendall(get())
        client.recv(1000)
    assert endless.closed.wait(PATIENCE_S)


def test_head_gets_no_body_and_the_answer_is_closed(start: Start) -> None:
    endless = Endless()
    raw = start(endless).ask(get().replace(b"GET", b"HEAD"))
    assert raw.startswith(b"HTTP/1.1 200")
    assert raw.endswith(b"\r\n\r\n")
    assert endless.closed.wait(PATIENCE_S)


def test_204_and_304_carry_no_body_whatever_the_application_says(start: Start) -> None:
    def bare(environ: WSGIEnvironment, start_response: StartResponse) -> list[bytes]:
        start_response(f"{environ['PATH_INFO'][1:]} X", [("Content-Length", "4")])
        return [b"body"]

    running = start(bare)
    for status in (b"204", b"304"):
        raw = running.ask(get(f"/{status.decode()}"))
        assert raw.startswith(b"HTTP/1.1 " + status)
        assert raw.endswith(b"\r\n\r\n")


def test_an_application_that_fails_answers_500_and_the_thread_lives(start: Start) -> None:
    def failing(environ: WSGIEnvironment, start_response: StartResponse) -> list[bytes]:
        raise SystemExit(1)

    running = start(failing, Limits(threads=1))
    for _ in range(2):
        assert seen(running.ask(get()))["code"] == "failed"


def test_an_answer_that_breaks_off_is_not_passed_as_whole(start: Start) -> None:
    def breaking(environ: WSGIEnvironment, start_response: StartResponse) -> list[bytes]:
        def made():  # type: ignore[no-untyped-def]
            yield b"half"
            raise OSError

        start_response("200 OK", [])
        return made()  # type: ignore[no-any-return,no-untyped-call]

    assert not start(breaking).ask(get()).endswith(b"0\r\n\r\n")


def test_the_application_sees_path_bytes_query_and_one_header_of_each_name(start: Start) -> None:
    request = b"GET /%E5%9B%9E%2F?q=%E9%9F%B3 HTTP/1.1\r\nHost: a\r\nConnection: close\r\n"
    found = seen(
        start(echo).ask(request + b"X-A: 1\r\nX-A: 2\r\nX_A: 3\r\nX_Forwarded_For: 203.0.113.9\r\n\r\n")
    )
    assert found["PATH_INFO"].encode("latin-1").decode() == "/回/"
    assert found["QUERY_STRING"] == "q=%E9%9F%B3"
    assert found["HTTP_X_A"] == "1,2"
    assert "HTTP_X_FORWARDED_FOR" not in found


def test_a_file_answer_arrives_whole_and_is_closed(start: Start, tmp_path: Path) -> None:
    sent = bytes(range(256)) * 4000
    (tmp_path / "file").write_bytes(sent)
    opened = []

    def download(environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        opened.append((tmp_path / "file").open("rb"))
        start_response("200 OK", [("Content-Length", str(len(sent)))])
        wrapped: Iterable[bytes] = environ["wsgi.file_wrapper"](opened[0], 4096)
        return wrapped

    running = start(download)
    assert running.ask(get()).partition(b"\r\n\r\n")[2] == sent
    running.stop()
    assert opened[0].closed
