"""The way out: signed, under a key that never changes, once it was taken never again."""

import hashlib
import hmac
import ipaddress
import json
import threading
from collections.abc import Iterator
from dataclasses import replace
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest
from django.conf import settings

from huiyin.base.actor import OPERATOR
from huiyin.channels import accounts, deliver
from huiyin.channels.models import Account, Delivery
from tests.given import MONDAY_9

pytestmark = pytest.mark.django_db


class _Receiver(BaseHTTPRequestHandler):
    answer = 200
    took: list[tuple[dict[str, str], bytes]] = []

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.took.append((dict(self.headers), body))
        self.send_response(self.answer)
        self.end_headers()

    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture
def secret(_own_surroundings: None, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    inner = (ipaddress.ip_network("127.0.0.1/32"),)
    monkeypatch.setattr(settings, "HUIYIN", replace(settings.HUIYIN, outbound_allow=inner))
    _Receiver.took.clear()
    server = HTTPServer(("127.0.0.1", 0), _Receiver)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    made = accounts.set_callback(
        "api", f"http://127.0.0.1:{server.server_port}/hook", by=OPERATOR, at=MONDAY_9
    )
    assert made
    yield made
    server.shutdown()
    thread.join()
    server.server_close()


def send() -> None:
    account = Account.objects.get(code="api")
    deliver.deliver(
        account, {"text": "您好"}, key="260302-0001.4", case_number="260302-0001", entry_seq=4, at=MONDAY_9
    )


def test_what_was_taken_is_never_sent_again(secret: str) -> None:
    _Receiver.answer = 204
    send()
    send()
    assert (len(_Receiver.took), Delivery.objects.get().state) == (1, "sent")


def test_the_receiver_can_check_who_sent_it(secret: str) -> None:
    _Receiver.answer = 200
    send()
    headers, body = _Receiver.took[0]
    told = f"{headers['Webhook-Id']}.{headers['Webhook-Timestamp']}.".encode() + body
    expected = hmac.new(secret.encode(), told, hashlib.sha256).hexdigest()
    assert headers["Webhook-Signature"] == f"v1={expected}"
    assert json.loads(body)["text"] == "您好"
    assert secret not in Account.objects.get(code="api").callback_secret


@pytest.mark.parametrize(
    ("answer", "permanent"), [(500, False), (429, False), (408, False), (404, True), (302, True)]
)
def test_a_refusal_is_tried_again_only_when_that_can_help(secret: str, answer: int, permanent: bool) -> None:
    _Receiver.answer = answer
    for _ in range(2):
        with pytest.raises(deliver.NotDelivered) as refused:
            send()
        assert refused.value.permanent is permanent
    keys = {headers["Webhook-Id"] for headers, _ in _Receiver.took}
    assert keys == {"260302-0001.4"} and Delivery.objects.get().tries == 2


@pytest.mark.parametrize(
    "url", ["ftp://a.example.com", "http://", "http://u:p@a.example.com", "javascript:x"]
)
def test_an_address_that_cannot_be_called_is_not_kept(url: str) -> None:
    with pytest.raises(accounts.BadAddress):
        accounts.set_callback("api", url, by=OPERATOR, at=MONDAY_9)
