"""Messages that come in signed: believed under the account's secret, in time, once."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

import pytest
from django.test import Client

from huiyin.api.views import inbound_signed
from huiyin.base import tx
from huiyin.base.models import AuditRow
from huiyin.cases.models import Case, Entry
from huiyin.channels import accounts, signing
from huiyin.channels.models import Account
from huiyin.intake.models import InboxItem
from tests import given

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("monday")]
BODY = given.as_json({"sender": {"name": "李雷", "identity": "u-1"}, "text": "我的电脑无法开机"}).encode()
PATH = "/api/v1/inbound/signed/shop"


@pytest.fixture
def secret() -> str:
    Account.objects.create(code="shop", kind="shop")
    made = accounts.set_signing("shop", on=True, by=given.OPERATOR, at=given.MONDAY_9)
    assert made is not None
    return made


def signed(secret: str, event: str = "evt-1", *, at: datetime = given.MONDAY_9) -> dict[str, str]:
    return signing.headers(secret, event, BODY, at=at)


def send(headers: Mapping[str, str], body: bytes = BODY, path: str = PATH) -> Any:
    return Client().generic("POST", path, body, content_type="application/json", headers=dict(headers))


def nothing_kept() -> bool:
    return not (InboxItem.objects.exists() or Case.objects.exists())


def test_a_signed_message_opens_a_case_of_its_channel(secret: str) -> None:
    answer = send(signed(secret))
    assert answer.status_code == 201, answer.content
    kept = InboxItem.objects.get()
    assert (kept.account.code, kept.external_id) == ("shop", "evt-1")
    assert Case.objects.get().number == answer.json()["case"]["number"]


def test_the_scheme_is_hmac_sha256_over_id_moment_and_raw_body() -> None:
    assert signing.signature("a-secret", "evt-1", 1772413200, b'{"text":"x"}') == (
        "0fa4412e84c17e35cab78f6b5ec09f7c5da873b69c69e9a5e6ed7bc68cf01b4e"
    )


def test_each_part_is_signed_and_every_refusal_reads_alike(secret: str) -> None:
    good = signed(secret)
    changed: list[tuple[dict[str, str], bytes, str]] = [
        (good, BODY + b" ", PATH),
        (good, BODY.replace("电脑".encode(), "手机".encode()), PATH),
        ({**good, "Webhook-Id": "evt-2"}, BODY, PATH),
        ({**good, "Webhook-Timestamp": str(int(good["Webhook-Timestamp"]) + 1)}, BODY, PATH),
        # An account without a secret, and one that there is not.
        (good, BODY, "/api/v1/inbound/signed/api"),
        (good, BODY, "/api/v1/inbound/signed/nowhere"),
        (good, BODY, "/api/v1/inbound/signed/nowhere%00"),
        (signed("another secret"), BODY, PATH),
        (signed(""), BODY, PATH),
    ]
    answers = [send(*request) for request in changed]
    assert {answer.status_code for answer in answers} == {401}
    assert len({answer.content for answer in answers}) == 1
    assert nothing_kept()


HEADERS = ("Webhook-Id", "Webhook-Timestamp", "Webhook-Signature")
BAD = [
    "",
    " ",
    "v1=",
    "x" * 5000,
    "0x10",
    "１７７２４１３２００",
    "-1",
    "1e9",
    "9" * 40,
    "v1=" + "é" * 64,
    "null",
]


@pytest.mark.parametrize("name", HEADERS)
def test_a_header_that_is_missing_or_cannot_be_read_is_refused(secret: str, name: str) -> None:
    good = signed(secret)
    assert send({key: value for key, value in good.items() if key != name}).status_code == 401
    for value in BAD:
        assert send({**good, name: value}).status_code == 401, value
    assert nothing_kept()


@pytest.mark.parametrize(("off", "status"), [(-301, 401), (-300, 201), (300, 201), (301, 401)])
def test_a_message_counts_for_five_minutes_before_and_after_its_moment(
    secret: str, off: int, status: int
) -> None:
    assert send(signed(secret, at=given.MONDAY_9 + given.seconds(off))).status_code == status
    assert InboxItem.objects.count() == (status == 201)


def test_the_same_request_again_is_refused_and_says_nothing_of_the_case(secret: str) -> None:
    request = signed(secret)
    case = send(request).json()["case"]["number"]
    entries = Entry.objects.count()
    for _ in range(3):
        again = send(request)
        assert (again.status_code, again.json()["code"]) == (409, "replayed")
        assert case not in again.content.decode()
    assert (InboxItem.objects.count(), Entry.objects.count()) == (1, entries)


def test_a_further_try_of_the_same_event_is_a_duplicate_that_writes_nothing(secret: str) -> None:
    first = send(signed(secret)).json()
    later = send(signed(secret, at=given.MONDAY_9 + given.seconds(30)))
    assert (later.status_code, later.json()["duplicate"]) == (200, True)
    assert later.json()["case"]["number"] == first["case"]["number"]
    assert InboxItem.objects.count() == Case.objects.count() == 1


def test_a_replay_is_refused_after_the_worker_has_tidied_up(secret: str, monday: Any) -> None:
    request = signed(secret)
    assert send(request).status_code == 201
    monday.move_to(given.MONDAY_9 + given.days(2))
    assert send(request).status_code == 401


def test_what_could_not_be_kept_may_come_again_as_it_is(secret: str, monkeypatch: Any) -> None:
    def full(_: Any) -> Any:
        raise tx.Busy

    with monkeypatch.context() as patch:
        patch.setattr(inbound_signed, "taken_in", full)
        assert send(signed(secret)).status_code == 503
    assert send(signed(secret)).status_code == 201


def test_a_message_without_words_and_an_unknown_field_are_refused_after_the_signature(secret: str) -> None:
    for number, body in enumerate(
        (b"{}", b'{"text":"x","channel":"api"}', b'{"text":"x","external_id":"1"}')
    ):
        headers = signing.headers(secret, f"evt-{number}", body, at=given.MONDAY_9)
        assert send(headers, body).status_code == 422
    assert nothing_kept()


def test_a_body_over_the_limit_is_refused(secret: str, settings: Any) -> None:
    settings.DATA_UPLOAD_MAX_MEMORY_SIZE = 10
    assert send(signed(secret)).status_code == 413


def test_whoever_tries_signatures_on_and_on_must_wait_and_others_need_not(secret: str) -> None:
    wrong = signed("another secret")
    refused = [send(wrong).status_code for _ in range(62)]
    assert refused == [401] * 60 + [429] * 2
    assert send(wrong)["Retry-After"].isdigit()
    assert send(signed(secret)).status_code == 201


def test_the_secret_is_shown_once_kept_sealed_and_audited(secret: str) -> None:
    client = given.with_token(given.a_token("config:write"))
    url = "/api/v1/channels/shop/signing"
    made = client.put(url, given.as_json({"on": True}), content_type="application/json").json()
    assert made["signing_secret"] not in Account.objects.get(code="shop").signing_secret
    assert send(signed(secret)).status_code == 401, "the one before is worth nothing"
    assert send(signed(made["signing_secret"])).status_code == 201
    ended = client.put(url, given.as_json({"on": False}), content_type="application/json").json()
    assert ended["signing_secret"] is None
    assert send(signed(made["signing_secret"], "evt-2")).status_code == 401
    rows = AuditRow.objects.filter(action="channel.signing_set", object="channel:shop").order_by("id")
    assert [row.result for row in rows] == ["ok", "ok", "off"]
    assert (
        client.put(
            url.replace("shop", "nowhere"), given.as_json({"on": True}), content_type="application/json"
        ).status_code
        == 404
    )


def test_a_retired_account_takes_nothing(secret: str) -> None:
    Account.objects.filter(code="shop").update(retired_at=given.MONDAY_9)
    assert send(signed(secret)).status_code == 401
