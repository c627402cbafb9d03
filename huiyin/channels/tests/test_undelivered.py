"""Why something did not arrive is kept as a code and read in one's own language, with what to do about it."""

import re

import pytest
import requests
from django.test import Client
from django.utils import translation
from urllib3.exceptions import IncompleteRead

from huiyin.base import http
from huiyin.channels import endpoints, undelivered
from huiyin.channels.models import Delivery, EndpointDelivery
from huiyin.engines.reason import Reason
from tests import given
from tests.given import MONDAY_9

PARAMS = {"host": "hooks.example.com", "port": 25, "seconds": 10, "limit": 1, "status": 503}


@pytest.mark.parametrize("code", undelivered.WORDS)
def test_each_code_has_a_cause_and_a_remedy_in_both_languages(code: str) -> None:
    told = {}
    for language in ("en", "zh-hans"):
        with translation.override(language):
            told[language] = undelivered.words({"code": code, "params": PARAMS})
    assert all(cause and remedy and "%" not in cause for cause, remedy in told.values())
    assert not re.search(r"[\u4e00-\u9fff]", "".join(told["en"]))
    assert all(re.search(r"[\u4e00-\u9fff]", part) for part in told["zh-hans"])


def test_a_code_that_nobody_knows_any_more_can_still_be_read() -> None:
    assert undelivered.words({"code": "of_yesterday", "params": {}}) == ("of_yesterday", "")


@pytest.mark.parametrize("why", [endpoints.PAUSED, endpoints.GONE, endpoints.LOOP, endpoints.REMOVED])
def test_every_end_of_a_webhook_has_its_words(why: str) -> None:
    assert f"off_{why}" in undelivered.WORDS


@pytest.mark.parametrize(
    ("status", "code"),
    [
        (302, "redirected"),
        (400, "answered"),
        (401, "not_let_in"),
        (404, "not_there"),
        (410, "gone"),
        (429, "busy"),
        (500, "failed"),
        (503, "busy"),
    ],
)
def test_an_answer_says_what_is_wrong(status: int, code: str) -> None:
    assert undelivered.answered(status) == Reason(code, {"status": status})


@pytest.mark.parametrize(
    ("error", "code"),
    [
        (requests.ConnectTimeout(), "timeout"),
        (requests.ReadTimeout(), "timeout"),
        (requests.exceptions.SSLError(), "tls"),
        (requests.ConnectionError(), "no_connection"),
        (IncompleteRead(1, 2), "broken"),
    ],
)
def test_a_call_that_failed_says_how(error: Exception, code: str, monkeypatch: pytest.MonkeyPatch) -> None:
    def breaks(*_: object, **__: object) -> None:
        raise error

    monkeypatch.setattr(requests.Session, "request", breaks)
    with pytest.raises(http.Failed) as failed:
        http.call("POST", "http://93.184.216.34/hook")
    assert failed.value.reason.code == code and code in undelivered.WORDS
    assert undelivered.words(undelivered.kept(failed.value.reason))[0]


@pytest.mark.parametrize(
    ("url", "code"),
    [
        ("http://[::1", "no_address"),
        ("ftp://hooks.example.com", "scheme"),
        ("http://127.0.0.1/x", "private"),
        ("http://93.184.216.34:25/", "port"),
    ],
)
def test_an_address_that_is_not_called_says_why(url: str, code: str) -> None:
    with pytest.raises(http.Refused) as refused:
        http.call("POST", url)
    assert refused.value.reason.code == code and undelivered.words(undelivered.kept(refused.value.reason))[1]


@pytest.mark.django_db
@pytest.mark.usefixtures("monday")
def test_the_page_tells_it_in_the_readers_language_and_rows_of_before_stay_readable() -> None:
    endpoint, _ = endpoints.make("https://hooks.example.com/x", [], by=given.OPERATOR, at=MONDAY_9)
    told = {"endpoint": endpoint, "kind": "case.opened", "payload": {}, "made_at": MONDAY_9}
    reason = undelivered.kept(undelivered.answered(503))
    EndpointDelivery.objects.create(key="wh_new", state=Delivery.DEAD, reason=reason, **told)
    EndpointDelivery.objects.create(
        key="wh_old", state=Delivery.DEAD, error="the receiver answered 500", **told
    )
    root = given.at_desk(given.a_person("root", role="administrator", team=None))
    path = f"/desk/webhooks/{endpoint.uuid}"
    page = read(root, path, "zh-hans")
    assert "对方返回 503，正忙" in page and "the receiver answered 500" in page
    assert "The receiver answered 503: it is busy." in read(root, path, "en")
    program = given.with_token(given.a_token("config:write", role="administrator"))
    new, old = sorted(program.get(f"/api/v1/webhooks/{endpoint.uuid}/deliveries").json()["items"], key=by_id)
    assert (new["reason"], new["error"]) == (reason, "The receiver answered 503: it is busy.")
    assert (old["reason"], old["error"]) == (None, "the receiver answered 500")


def by_id(item: dict[str, str]) -> str:
    return item["id"]


def read(client: Client, path: str, language: str) -> str:
    client.post("/language", {"language": language})
    return client.get(path).content.decode()
