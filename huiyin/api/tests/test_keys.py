"""F15: a POST with an Idempotency-Key has its effect once, whoever sends it again and however many at once."""

from collections import Counter
from typing import Any

import pytest
from django.test import Client

from huiyin.api import limits
from huiyin.base import tx
from huiyin.base.models import IdempotencyKey
from huiyin.cases.models import Case, Entry
from huiyin.customers.models import Customer
from huiyin.customers.recognise import Sender
from tests import given
from tests.together import at_once

NAME = {"name": "韩梅梅"}


def post(client: Client, body: dict[str, Any], *, key: str = "k-1", path: str = "customers") -> Any:
    return client.post(
        f"/api/v1/{path}",
        given.as_json(body),
        content_type="application/json",
        headers={"Idempotency-Key": key},
    )


@pytest.fixture(autouse=True)
def _full_buckets() -> None:
    limits.forget()


@pytest.mark.django_db
def test_a_retry_gets_the_stored_answer_and_writes_nothing() -> None:
    client = given.with_token(given.a_token("all"))
    first, again = post(client, NAME), post(client, NAME)
    assert (first.status_code, again.status_code) == (201, 201)
    assert again.json() == first.json()
    assert again.headers["Content-Type"] == first.headers["Content-Type"]
    assert (first.headers.get("Idempotency-Replayed"), again.headers["Idempotency-Replayed"]) == (
        None,
        "true",
    )
    assert Customer.objects.count() == 1


@pytest.mark.django_db
def test_the_key_with_another_body_or_path_is_refused() -> None:
    client = given.with_token(given.a_token("all"))
    post(client, NAME)
    for other in (post(client, {"name": "李雷"}), post(client, NAME, path="organisations")):
        assert (other.status_code, other.json()["code"]) == (422, "key_reused")
    assert Customer.objects.count() == 1


@pytest.mark.django_db
def test_the_key_of_another_token_is_another_key() -> None:
    one, other = (given.with_token(given.a_token("all", name=name)) for name in ("one", "other"))
    assert post(one, NAME).json()["number"] != post(other, NAME).json()["number"]


@pytest.mark.django_db
def test_a_refusal_is_an_answer_and_is_given_again() -> None:
    client = given.with_token(given.a_token("all"))
    given.a_customer(phone="13900001111")
    first = post(client, {"phone": "13900001111"})
    assert first.status_code == 409
    Customer.objects.all().delete()
    again = post(client, {"phone": "13900001111"})
    assert (again.status_code, again.json()) == (409, first.json())
    assert again.headers["Content-Type"] == "application/problem+json"


@pytest.mark.django_db
def test_a_stranger_leaves_no_key() -> None:
    assert post(given.with_token("hy_nobody"), NAME).status_code == 401
    assert not IdempotencyKey.objects.exists()


@pytest.mark.django_db
@pytest.mark.parametrize("key", ["", "x" * 121, "键"])
def test_a_key_that_cannot_be_kept_is_refused(key: str) -> None:
    client = given.with_token(given.a_token("all"))
    assert post(client, NAME, key=key.encode().decode("latin-1")).status_code == 422
    assert not Customer.objects.exists()


@pytest.mark.django_db
def test_what_is_shown_once_is_not_readable_in_the_stored_answer() -> None:
    client = given.with_token(given.a_token("all"))
    customer = given.a_customer(name="慕容金丝雀", phone="13912345678")
    told = post(client, {"reason": "回访客户"}, path=f"customers/{customer.number}/reveal")
    assert "13912345678" in told.content.decode()
    assert "13912345678" not in IdempotencyKey.objects.get().body


@pytest.mark.django_db
def test_intake_has_its_own_key() -> None:
    client = given.with_token(given.a_token("all"))
    body = {"channel": "api", "external_id": "m-1", "text": "你好"}
    assert [post(client, body, path="inbound").status_code for _ in range(2)] == [201, 200]
    assert not IdempotencyKey.objects.exists()


@pytest.mark.django_db
def test_an_empty_bucket_answers_429_with_a_pause(monday: Any) -> None:
    token = given.a_token("all")
    client = given.with_token(token)
    limits.take(limits.caller_of(token), at=given.MONDAY_9 + given.hours(1), calls=limits.BURST)
    answer = post(client, NAME)
    assert (answer.status_code, answer.json()["code"]) == (429, "too_many")
    assert int(answer.headers["Retry-After"]) >= 1
    other = given.with_token(given.a_token("all", name="other"))
    assert post(other, NAME).status_code == 201
    limits.forget()
    assert post(client, NAME).status_code == 201


@pytest.mark.django_db(transaction=True)
def test_a_hundred_at_once_have_one_effect_and_the_rest_wait_or_get_its_answer() -> None:
    token = given.a_token("all")
    case = given.a_case(sender=Sender("李雷", "13900004321"))
    body = {"kind": "note", "text": "回电"}
    acts = [lambda: post(given.with_token(token), body, path=f"cases/{case.number}/entries")] * 100
    answers = at_once(acts)
    codes = Counter(answer.status_code for answer in answers)
    assert set(codes) <= {201, 409} and codes[201] >= 1
    assert len({answer.json()["entry"]["id"] for answer in answers if answer.status_code == 201}) == 1
    assert all(answer.json()["code"] == "in_progress" for answer in answers if answer.status_code == 409)
    assert Entry.objects.filter(case=case, kind="note.added").count() == 1
    late = post(given.with_token(token), body, path=f"cases/{case.number}/entries")
    assert late.status_code == 201 and late.headers["Idempotency-Replayed"] == "true"
    assert Case.objects.get(pk=case.pk).entry_seq == Entry.objects.filter(case=case).count()


@pytest.mark.django_db(transaction=True)
def test_while_the_store_takes_no_writes_reading_goes_on_and_a_key_is_refused_honestly(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    client = given.with_token(given.a_token("all"))

    def closed() -> Any:
        raise tx.Busy

    with monkeypatch.context() as patch:
        patch.setattr(tx, "write", closed)
        assert client.get("/api/v1/cases").status_code == 200
        refused = post(client, NAME)
    assert (refused.status_code, refused.json()["code"]) == (503, "busy")
    assert int(refused.headers["Retry-After"]) >= 1
    assert post(client, NAME).status_code == 201
