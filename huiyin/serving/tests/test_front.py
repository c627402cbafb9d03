"""Whom we believe about the caller."""

import re

import pytest

from huiyin.serving.limits import Limits, networks
from huiyin.serving.tests.conftest import Start, get
from huiyin.serving.tests.test_bridge import echo, seen

FORGED = {
    "X-Forwarded-For": "203.0.113.9",
    "X-Forwarded-Proto": "https",
    "X-Forwarded-Host": "evil.example",
    "X-Real-IP": "203.0.113.9",
    "Forwarded": "for=203.0.113.9;proto=https",
    "X-Request-Id": "chosen-by-a-stranger",
}


def test_forged_forwarding_headers_of_a_stranger_change_nothing(start: Start) -> None:
    running = start(echo)
    plain, forged = seen(running.ask(get())), seen(running.ask(get("/", **FORGED)))
    for one in (plain, forged):
        del one["REMOTE_PORT"], one["huiyin.request_id"]
    assert forged == plain


@pytest.mark.parametrize(
    ("said", "caller"),
    [
        ("198.51.100.7", "198.51.100.7"),
        ("203.0.113.9, 198.51.100.7", "198.51.100.7"),
        ("203.0.113.9, 198.51.100.7, 10.1.2.3", "198.51.100.7"),
        ("10.1.2.3", "10.1.2.3"),
        ("198.51.100.7, nonsense", "127.0.0.1"),
        ("2001:db8::5", "2001:db8::5"),
        ("", "127.0.0.1"),
    ],
)
def test_the_rightmost_hop_that_is_no_proxy_of_ours_is_the_caller(
    start: Start, said: str, caller: str
) -> None:
    running = start(echo, Limits(threads=1, trusted_proxies=networks("127.0.0.1, 10.0.0.0/8")))
    assert seen(running.ask(get("/", **{"X-Forwarded-For": said})))["REMOTE_ADDR"] == caller


def test_a_trusted_proxy_says_scheme_and_request_id(start: Start) -> None:
    running = start(echo, Limits(threads=1, trusted_proxies=networks("127.0.0.1")))
    raw = running.ask(get("/", **FORGED | {"X-Request-Id": "edge-0001"}))
    assert (seen(raw)["wsgi.url_scheme"], seen(raw)["huiyin.request_id"]) == ("https", "edge-0001")
    assert b"x-request-id: edge-0001\r\n" in raw


def test_a_request_id_that_is_no_plain_word_is_replaced(start: Start) -> None:
    running = start(echo, Limits(threads=1, trusted_proxies=networks("127.0.0.1")))
    made = seen(running.ask(get("/", **{"X-Request-Id": "a b<c>"})))["huiyin.request_id"]
    assert re.fullmatch(r"[0-9a-f]{32}", made)
