"""Facts reach other systems: signed, once an id, patiently while the receiver is down, never again after 410."""

import hashlib
import hmac
import ipaddress
import json
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from datetime import datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest
from django.conf import settings

from huiyin.base import http
from huiyin.cases import lifecycle
from huiyin.channels import endpoints, webhooks
from huiyin.channels.models import Delivery, Endpoint, EndpointDelivery
from tests import given

pytestmark = pytest.mark.django_db
AT = given.MONDAY_9
Answer = tuple[int, dict[str, str]] | str


@dataclass
class Receiver:
    """Answers as the script says: a status with headers, `drop` (hang up) or `slow` (say nothing for long)."""

    url: str = ""
    script: Callable[[int], Answer] = lambda nth: (200, {})
    arrivals: list[tuple[dict[str, str], bytes]] = field(default_factory=list)

    @property
    def ids(self) -> list[str]:
        return [headers["Webhook-Id"] for headers, _ in self.arrivals]


@pytest.fixture
def receiver(monkeypatch: pytest.MonkeyPatch) -> Iterator[Receiver]:
    allowed = (ipaddress.ip_network("127.0.0.1/32"),)
    monkeypatch.setattr(settings, "HUIYIN", replace(settings.HUIYIN, outbound_allow=allowed))
    here, over = Receiver(), threading.Event()

    class Door(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            here.arrivals.append((dict(self.headers), self.rfile.read(int(self.headers["Content-Length"]))))
            answer = here.script(len(here.arrivals))
            if answer == "slow":
                over.wait(5)
            if isinstance(answer, str):
                return
            self.send_response(answer[0])
            for name, value in answer[1].items():
                self.send_header(name, value)
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Door)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    here.url = f"http://127.0.0.1:{server.server_port}/hook"
    yield here
    over.set()
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture(autouse=True)
def _nobody_listens() -> Iterator[None]:
    endpoints.forget()
    yield
    endpoints.forget()


def listen(receiver: Receiver, *kinds: str) -> tuple[Endpoint, str]:
    return endpoints.make(receiver.url, kinds or ["case.opened"], by=given.OPERATOR, at=AT)


def passes(step: Any, *, times: int, start: datetime = AT) -> datetime:
    """Let the worker look `times` times, `step` apart; return the last moment."""
    at = start
    for _ in range(times):
        given.work_done(at=at)
        at += step
    return at - step


def state() -> tuple[str, int]:
    row = EndpointDelivery.objects.get()
    return row.state, row.tries


def test_a_fact_is_told_once_signed_and_without_the_words(receiver: Receiver) -> None:
    _, secret = listen(receiver)
    case = given.a_case("请打 13912345678")
    passes(given.seconds(5), times=3)
    ((headers, raw),) = receiver.arrivals
    told = json.loads(raw)
    assert (told["kind"], told["case"], told["seq"], told["schema"]) == ("case.opened", case.number, 2, 1)
    assert told["id"] == headers["Webhook-Id"] and "13912345678" not in raw.decode()
    signed = f"{told['id']}.{headers['Webhook-Timestamp']}.".encode() + raw
    expected = hmac.new(secret.encode(), signed, hashlib.sha256).hexdigest()
    assert headers["Webhook-Signature"] == f"v1={expected}"
    assert state() == ("sent", 1)


def test_only_the_kinds_that_were_asked_for_are_told_and_none_means_all(receiver: Receiver) -> None:
    listen(receiver, "note.added")
    case = given.a_case()
    given.work_done(at=AT)
    assert receiver.arrivals == []
    endpoints.make(receiver.url, [], by=given.OPERATOR, at=AT)
    lifecycle.note(case, "记录", by=given.OPERATOR, at=AT)
    given.work_done(at=AT)
    assert len(receiver.arrivals) == 2 and len(set(receiver.ids)) == 2


def test_an_endpoint_that_was_removed_is_told_nothing_more(receiver: Receiver) -> None:
    endpoint, _ = listen(receiver)
    given.a_case()
    endpoints.remove(endpoint, by=given.OPERATOR, at=AT)
    given.work_done(at=AT)
    assert receiver.arrivals == [] and endpoints.everything() == []


@pytest.mark.parametrize("trouble", [(500, {}), (404, {}), (302, {"Location": "/elsewhere"}), "drop"])
def test_a_receiver_in_trouble_is_tried_again_under_the_same_id(receiver: Receiver, trouble: Answer) -> None:
    listen(receiver)
    receiver.script = lambda nth: trouble if nth < 3 else (204, {})
    given.a_case()
    passes(given.minutes(1), times=5)
    assert len(receiver.ids) == 3 and len(set(receiver.ids)) == 1
    assert state() == ("sent", 3)
    assert Endpoint.objects.get().failures == 0


def test_a_receiver_that_says_nothing_does_not_hold_the_worker(
    receiver: Receiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(http, "TIMEOUT_S", 0.3)
    listen(receiver)
    receiver.script = lambda nth: "slow"
    given.a_case()
    given.work_done(at=AT)
    assert state() == ("waiting", 1)


def test_the_pause_that_a_receiver_asks_for_is_kept(receiver: Receiver) -> None:
    listen(receiver)
    receiver.script = lambda nth: (429, {"Retry-After": "1800"}) if nth == 1 else (200, {})
    given.a_case()
    passes(given.minutes(5), times=6)
    assert len(receiver.arrivals) == 1
    passes(given.minutes(15), times=8, start=AT + given.minutes(30))
    assert state() == ("sent", 2)


def test_five_failures_in_a_row_leave_the_endpoint_alone_for_a_while(receiver: Receiver) -> None:
    endpoint, _ = listen(receiver)
    receiver.script = lambda nth: (500, {})
    for _ in range(8):
        given.a_case()
    given.work_done(at=AT)
    endpoint.refresh_from_db()
    assert len(receiver.arrivals) == webhooks.BREAKS_AT
    assert endpoint.held_until == AT + webhooks.HELD_FIRST
    receiver.script = lambda nth: (200, {})
    passes(given.hours(1), times=4, start=AT + given.hours(1))
    assert EndpointDelivery.objects.filter(state=Delivery.SENT).count() == 8


def test_after_a_day_a_delivery_is_given_up_and_can_be_sent_again_by_hand(receiver: Receiver) -> None:
    endpoint, _ = listen(receiver)
    receiver.script = lambda nth: (500, {})
    given.a_case()
    last = passes(given.minutes(30), times=54)
    assert EndpointDelivery.objects.get().state == Delivery.DEAD
    tries, key = len(receiver.arrivals), receiver.ids[0]
    passes(given.hours(2), times=3, start=last)
    assert len(receiver.arrivals) == tries > 10
    receiver.script = lambda nth: (200, {})
    endpoints.enable(endpoint, by=given.OPERATOR, at=last)
    endpoints.resend(endpoint, key, by=given.OPERATOR, at=last)
    with pytest.raises(endpoints.StillWaiting):
        endpoints.resend(endpoint, key, by=given.OPERATOR, at=last)
    given.work_done(at=last)
    assert set(receiver.ids) == {key} and EndpointDelivery.objects.get().state == Delivery.SENT


def test_gone_means_never_again_until_somebody_enables_it(receiver: Receiver) -> None:
    endpoint, _ = listen(receiver)
    receiver.script = lambda nth: (410, {})
    given.a_case()
    given.work_done(at=AT)
    endpoint.refresh_from_db()
    assert (endpoint.disabled_why, state()) == ("gone", ("dead", 1))
    given.a_case()
    passes(given.hours(1), times=3)
    assert len(receiver.arrivals) == 1


def test_a_private_address_is_never_called() -> None:
    endpoints.make("http://127.0.0.1:9/hook", ["case.opened"], by=given.OPERATOR, at=AT)
    given.a_case()
    given.work_done(at=AT)
    row = EndpointDelivery.objects.get()
    assert row.state == Delivery.DEAD and row.reason == {
        "code": "private",
        "params": {"host": "127.0.0.1"},
    }


def test_a_try_that_comes_twice_after_a_kill_carries_the_same_id(receiver: Receiver) -> None:
    listen(receiver)
    given.a_case()
    given.work_done(at=AT)
    # As a kill between the answer and our note leaves it.
    EndpointDelivery.objects.update(state=Delivery.WAITING, sent_at=None)
    row = EndpointDelivery.objects.select_related("endpoint").get()
    webhooks.send(row, at=AT + given.minutes(1))
    assert len(receiver.ids) == 2 and len(set(receiver.ids)) == 1
    webhooks.send(EndpointDelivery.objects.select_related("endpoint").get(), at=AT + given.minutes(2))
    assert len(receiver.ids) == 2
