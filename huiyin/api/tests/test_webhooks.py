"""Endpoints by API: made with a secret shown once, refused with the field, listed, ended."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.test import Client

from huiyin.channels import endpoints
from huiyin.channels.models import Endpoint
from tests import given

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("monday")]
URL = "https://shop.example.com/hook"


@pytest.fixture(autouse=True)
def _nobody_listens() -> Iterator[None]:
    yield
    endpoints.forget()


def post(client: Client, body: dict[str, Any]) -> Any:
    return client.post("/api/v1/webhooks", given.as_json(body), content_type="application/json")


def test_the_secret_is_shown_once_and_kept_sealed() -> None:
    client = given.with_token(given.a_token("config:write"))
    made = post(client, {"url": URL, "kinds": ["case.opened"]})
    secret = made.json()["signing_secret"]
    assert made.status_code == 201 and len(secret) > 30
    assert secret not in client.get("/api/v1/webhooks").content.decode()
    assert secret not in Endpoint.objects.get().secret


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"url": "ftp://shop.example.com"}, "url"),
        ({"url": "https://user:pass@shop.example.com"}, "url"),
        ({"url": URL, "kinds": ["case.sold"]}, "kinds"),
        ({"url": URL, "secret": "mine"}, "secret"),
    ],
)
def test_what_cannot_be_called_or_told_is_refused_with_its_field(body: dict[str, Any], field: str) -> None:
    answer = post(given.with_token(given.a_token("config:write")), body)
    assert answer.status_code == 422 and field in " ".join(answer.json()["fields"])
    assert not Endpoint.objects.exists()


def test_a_removed_endpoint_is_gone_for_every_call() -> None:
    client = given.with_token(given.a_token("config:write"))
    path = f"/api/v1/webhooks/{post(client, {'url': URL}).json()['id']}"
    assert client.get(f"{path}/deliveries").json() == {"items": []}
    assert client.delete(path).status_code == 204
    assert client.get("/api/v1/webhooks").json() == {"items": []}
    for answer in (client.delete(path), client.get(f"{path}/deliveries"), client.post(f"{path}/enable")):
        assert answer.status_code == 404


def test_an_endpoint_is_changed_in_part_paused_and_goes_on() -> None:
    client = given.with_token(given.a_token("config:write"))
    path = f"/api/v1/webhooks/{post(client, {'url': URL, 'kinds': ['case.opened']}).json()['id']}"

    def patch(**body: Any) -> Any:
        return client.patch(path, given.as_json(body), content_type="application/json")

    changed = patch(url=f"{URL}/2").json()
    assert (changed["url"], changed["kinds"]) == (f"{URL}/2", ["case.opened"])
    assert patch(kinds=[]).json()["kinds"] == []
    assert patch(url="ftp://x").json()["fields"] == {"url": "an http or https address without a user name"}
    assert client.post(f"{path}/pause").json()["disabled_why"] == "paused"
    assert endpoints.listening("case.opened") == []
    assert client.post(f"{path}/enable").json()["disabled_why"] is None


def test_channels_are_listed_without_their_secrets() -> None:
    client = given.with_token(given.a_token("config:write"))
    signing = client.put(
        "/api/v1/channels/api/signing", given.as_json({"on": True}), content_type="application/json"
    )
    listed = client.get("/api/v1/channels")
    signed = {one["code"] for one in listed.json()["items"] if one["signed"]}
    assert signed == {"api"} and signing.json()["signing_secret"] not in listed.content.decode()
