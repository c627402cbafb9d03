"""No page and no answer builds an address from what the caller says the host is."""

import re
from dataclasses import replace
from typing import Any
from urllib.parse import urlsplit

import pytest
from django.conf import settings
from django.test import Client

from tests import given
from tests.permissions import rows, world

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("monday")]
EVIL = "evil.example"
HOSTS = (EVIL, f"testserver@{EVIL}", f"{EVIL}:8000", f"testserver.{EVIL}", f"testserver, {EVIL}")
FORGED = {
    "X-Forwarded-Host": EVIL,
    "X-Forwarded-Server": EVIL,
    "X-Host": EVIL,
    "X-Original-Host": EVIL,
    "X-Original-URL": f"https://{EVIL}/",
    "X-Rewrite-URL": f"https://{EVIL}/",
    "X-Forwarded-Prefix": f"//{EVIL}",
    "X-Forwarded-Port": "444",
    "Forwarded": f"for=192.0.2.7;host={EVIL};proto=https",
    "Referer": f"https://{EVIL}/",
}
# What proxies that sign people in tell the program behind them; no such proxy belongs to the product.
SIGNED_BY_A_PROXY = dict.fromkeys(
    (
        "Remote-User",
        "X-Remote-User",
        "X-Forwarded-User",
        "X-Forwarded-Email",
        "X-Forwarded-Preferred-Username",
        "X-Auth-Request-User",
        "X-Webauth-User",
        "X-SSL-Client-S-DN",
        "X-Original-User",
    ),
    "manager",
)


def test_no_page_and_no_answer_names_a_host_that_a_header_made_up() -> None:
    built = world.built()
    at = world.values(built.own, known=True)
    desk = given.at_desk(built.people["manager"])
    program = given.with_token(given.a_token("all", name="reader"))
    named, served = [], 0
    for row in (*rows.PAGES, *rows.CALLS):
        if row.method != "GET":
            continue
        for client in (desk, Client()) if isinstance(row, rows.Page) else (program, Client()):
            is_strange = client not in (desk, program)
            headers = FORGED | (SIGNED_BY_A_PROXY if is_strange else {})
            answer = client.get("/" + world.filled(row.route, at), headers=headers)
            body = b"" if answer.streaming else answer.content
            if EVIL in body.decode(errors="replace") + str(answer.headers):
                named.append(f"/{row.route}")
            if is_strange and answer.status_code != (row.stranger if isinstance(row, rows.Page) else 401):
                named.append(f"/{row.route} believes a header about who asks: {answer.status_code}")
            if not is_strange and not _is_strict(answer):
                named.append(f"/{row.route}: {answer.headers.get('Content-Security-Policy')}")
            served += answer.status_code == 200
    assert not named
    assert served > 40


def _is_strict(answer: Any) -> bool:
    """Nothing is allowed that is not named, no script or style in the page, no frame around it or its forms away."""
    policy = answer.headers.get("Content-Security-Policy", "")
    if answer.headers["Content-Type"].startswith("text/html"):
        named = ("default-src 'none'", "script-src 'self'", "frame-ancestors 'none'", "base-uri 'none'")
        if not all(one in policy for one in named) or answer.headers.get("X-Frame-Options") != "DENY":
            return False
    return "unsafe-" not in policy and "*" not in policy and "http:" not in policy


def test_no_form_answers_with_a_way_to_another_site() -> None:
    built = world.built()
    at = world.values(built.own, known=True)
    away, told = [], 0
    names = ("next", "back", "return", "return_to", "to_url", "url", "redirect", "redirect_uri", "continue")
    for row in rows.PAGES:
        if row.method != "POST" or row.route.startswith(rows.BASE):
            continue
        client = given.at_desk(built.people[min(row.may)]) if row.stranger == 302 else Client()
        for evil in (f"https://{EVIL}/", f"//{EVIL}", f"/\\{EVIL}"):
            asked = replace(row, body={**dict.fromkeys(names, evil), **row.body})
            with given.undone():
                answer = world.ask(client, asked, at)
            place = urlsplit(answer.headers.get("Location", "/"))
            if place.scheme or place.netloc or EVIL in place.path:
                away.append(f"/{row.route} leads to {place.geturl()}")
            told += "Location" in answer.headers
    assert not away
    assert told > 100


@pytest.mark.parametrize("host", HOSTS)
def test_a_host_that_is_not_ours_is_refused_and_not_repeated(host: str) -> None:
    for path in ("/ask", "/sign-in", "/desk", "/healthz", "/api/v1/openapi.json", "/api/v1/cases"):
        answer = Client().get(path, headers={"Host": host})
        assert EVIL not in answer.content.decode() + str(answer.headers)
        assert answer.status_code in (400, 401) or path == "/healthz", path


def test_the_link_for_a_customer_is_built_from_the_setting() -> None:
    body = given.as_json({"channel": "api", "external_id": "h1", "text": "你好"})
    client = given.with_token(given.a_token("inbound:write"))
    told = client.post(
        "/api/v1/inbound", body, content_type="application/json", headers={"X-Forwarded-Host": EVIL}
    ).json()["case"]
    for url in (told["url"], told["follow_url"]):
        assert url.startswith(f"{settings.HUIYIN.public_url}/")


def test_there_is_no_route_that_sends_a_link_to_sign_in() -> None:
    assert not [route for route in world.routes() if re.search("reset|forgot|magic|recover", route)]
