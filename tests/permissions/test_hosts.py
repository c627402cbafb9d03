"""No page and no answer builds an address from what the caller says the host is."""

import re

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


def test_no_page_and_no_answer_names_a_host_that_a_header_made_up() -> None:
    built = world.built()
    at = world.values(built.own, known=True)
    desk = given.at_desk(built.people["manager"])
    program = given.with_token(given.a_token("all", name="reader"))
    named, served = [], 0
    for row in (*rows.PAGES, *rows.CALLS):
        if row.method != "GET":
            continue
        for client in (desk, Client()) if isinstance(row, rows.Page) else (program,):
            answer = client.get("/" + world.filled(row.route, at), headers=FORGED)
            body = b"" if answer.streaming else answer.content
            if EVIL in body.decode() + str(answer.headers):
                named.append(f"/{row.route}")
            served += answer.status_code == 200
    assert not named
    assert served > 40


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
