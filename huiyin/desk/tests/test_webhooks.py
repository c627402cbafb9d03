"""The pages for other systems: who is told of what happens, and the secrets of channels; each secret shown once."""

import re
from collections.abc import Iterator

import pytest
import time_machine
from django.test import Client

from huiyin.base.models import AuditRow
from huiyin.channels import endpoints
from huiyin.channels.models import Account, Delivery, Endpoint, EndpointDelivery
from tests import given
from tests.given import MONDAY_9, minutes

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("monday")]
URL = "https://shop.example.com/hook"


@pytest.fixture
def ada() -> Iterator[Client]:
    client = given.at_desk(given.a_person("ada", role="administrator", team=None))
    client.post("/language", {"language": "en"})
    yield client
    endpoints.forget()


def text(answer: object) -> str:
    return answer.content.decode()  # type: ignore[attr-defined, no-any-return]


def shown(page: str) -> str:
    """Return the secret that a page shows, or nothing."""
    found = re.search(r"<strong><code>([\w-]{30,})</code></strong>", page)
    return found[1] if found else ""


def audited() -> list[str]:
    return list(
        AuditRow.objects.filter(action__startswith="endpoint.")
        .order_by("id")
        .values_list("action", flat=True)
    )


def a_delivery(endpoint: Endpoint, state: str) -> EndpointDelivery:
    return EndpointDelivery.objects.create(
        key=f"wh_{state}",
        endpoint=endpoint,
        kind="case.opened",
        payload={"case": "x"},
        state=state,
        made_at=MONDAY_9,
    )


def test_a_webhook_is_made_changed_paused_and_removed(ada: Client) -> None:
    secret = shown(text(ada.post("/desk/webhooks", {"act": "make", "url": URL, "kinds": ["case.opened"]})))
    made = Endpoint.objects.get()
    page = text(ada.get("/desk/webhooks"))
    assert secret and URL in page and secret not in page + text(ada.get(f"/desk/webhooks/{made.uuid}"))
    path = f"/desk/webhooks/{made.uuid}"
    assert ada.post(path, {"act": "change", "url": f"{URL}/2"}).status_code == 302
    made.refresh_from_db()
    assert (made.url, made.kinds) == (f"{URL}/2", []) and endpoints.listening("case.closed") == [made]
    ada.post(path, {"act": "change", "url": f"{URL}/2"})
    ada.post(path, {"act": "pause"})
    ada.post(path, {"act": "pause"})
    assert endpoints.listening("case.closed") == [] and "paused" in text(ada.get(path))
    ada.post(path, {"act": "enable"})
    assert endpoints.listening("case.closed") == [made]
    assert ada.post(path, {"act": "remove"})["Location"] == "/desk/webhooks"
    assert ada.get(path).status_code == 404
    verbs = ("made", "changed", "paused", "enabled", "removed")
    assert audited() == [f"endpoint.{verb}" for verb in verbs]


def test_what_cannot_be_called_or_told_is_said_and_what_was_typed_stays(ada: Client) -> None:
    made, _ = endpoints.make(URL, [], by=given.OPERATOR, at=MONDAY_9)
    path = f"/desk/webhooks/{made.uuid}"
    for url, kind in (
        (URL[5:], ""),
        ("https://[", ""),
        ("x://a", ""),
        (URL + "x" * 500, ""),
        (URL, "case.sold"),
    ):
        for act, where in (("make", "/desk/webhooks"), ("change", path)):
            form = {"act": act, "url": url, "kinds": [kind] if kind else []}
            answer = ada.post(where, form)
            assert answer.status_code == 422 and url in text(answer), (act, url)
    assert Endpoint.objects.get().url == URL
    assert ada.post(path, {"act": "sell"}).status_code == 400


def test_what_was_sent_or_given_up_is_sent_again_and_what_waits_is_not(ada: Client) -> None:
    made, _ = endpoints.make(URL, [], by=given.OPERATOR, at=MONDAY_9)
    other, _ = endpoints.make(URL, [], by=given.OPERATOR, at=MONDAY_9)
    dead, waits = a_delivery(made, Delivery.DEAD), a_delivery(made, Delivery.WAITING)
    path = f"/desk/webhooks/{made.uuid}"
    assert text(ada.get(path)).count('value="resend"') == 1
    assert ada.post(path, {"act": "resend", "delivery": waits.key}).status_code == 409
    foreign = ada.post(f"/desk/webhooks/{other.uuid}", {"act": "resend", "delivery": dead.key})
    assert foreign.status_code == 404
    assert ada.post(path, {"act": "resend", "delivery": dead.key}).status_code == 302
    dead.refresh_from_db()
    assert dead.state == Delivery.WAITING


def test_the_secret_of_a_channel_is_made_renewed_and_removed(ada: Client) -> None:
    first = shown(text(ada.post("/desk/channels", {"act": "make", "code": "api"})))
    second = shown(text(ada.post("/desk/channels", {"act": "make", "code": "api"})))
    page = text(ada.get("/desk/channels"))
    assert first and second and first != second and first not in page and second not in page
    assert ada.post("/desk/channels", {"act": "end", "code": "api"}).status_code == 302
    assert Account.objects.get(code="api").signing_secret == ""
    assert ada.post("/desk/channels", {"act": "make", "code": "none"}).status_code == 404
    assert AuditRow.objects.filter(action="channel.signing_set").count() == 3


def test_whoever_did_not_just_show_who_they_are_gets_no_secret_and_redirects_nothing(ada: Client) -> None:
    made, _ = endpoints.make(URL, [], by=given.OPERATOR, at=MONDAY_9)
    path = f"/desk/webhooks/{made.uuid}"
    asked = [
        ("/desk/webhooks", {"act": "make", "url": URL}),
        (path, {"act": "change", "url": f"{URL}/2"}),
        (path, {"act": "enable"}),
        ("/desk/channels", {"act": "make", "code": "api"}),
    ]
    with time_machine.travel(MONDAY_9 + minutes(10), tick=False):
        for where, form in asked:
            assert "Is it you?" in text(ada.post(where, form)), form
        assert ada.post(path, {"act": "pause"}).status_code == 302
        assert ada.post("/desk/channels", {"act": "end", "code": "api"}).status_code == 302
    assert Endpoint.objects.get().url == URL and Account.objects.get(code="api").signing_secret == ""
