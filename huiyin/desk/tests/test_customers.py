"""The customer's page: every form does its one thing, without script, and says what was wrong."""

from typing import Any

import pytest
from django.test import Client

from huiyin.base.models import AuditRow
from huiyin.customers import erasure
from huiyin.customers.models import Customer
from huiyin.customers.recognise import Sender
from huiyin.desk import person
from tests import given

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("monday")]


def manager() -> Client:
    return given.at_desk(given.a_person("max", role="manager", team=None))


def page(client: Client, customer: Customer) -> str:
    return client.get(f"/desk/customers/{customer.number}").content.decode()


def test_a_customer_is_found_merged_and_taken_apart_by_hand() -> None:
    client = manager()
    one = given.a_customer(name="韩梅梅", phone="13900008888")
    other = given.a_customer(name="韩梅梅", phone="13711118888")
    found = client.post("/desk/customers", {"q": "8888"}).content.decode()
    assert one.number in found and other.number in found
    assert other.number in page(client, one)
    client.post(f"/desk/customers/{one.number}/merge", {"other": other.number})
    assert client.get(f"/desk/customers/{other.number}").headers["Location"].endswith(one.number)
    client.post(f"/desk/customers/{one.number}/unmerge", {"other": other.number})
    assert client.get(f"/desk/customers/{other.number}").status_code == 200


def test_what_is_known_is_changed_once_and_a_stale_page_is_told() -> None:
    client = manager()
    given.an_agent("alice")
    one = given.a_customer(name="韩梅梅")
    form = {"version": "1", "level": "vip", "organisation": "示例公司", "dedicated": "alice", "tags": "老客,"}
    assert client.post(f"/desk/customers/{one.number}/change", form).status_code == 302
    one.refresh_from_db()
    assert one.organisation is not None and one.dedicated is not None
    assert (one.level, one.organisation.name, one.dedicated.number, one.tags) == (
        "vip",
        "示例公司",
        "alice",
        ["老客"],
    )
    assert client.post(f"/desk/customers/{one.number}/change", form).status_code == 409
    wrong = client.post(f"/desk/customers/{one.number}/change", {**form, "version": "2", "dedicated": "zed"})
    assert wrong.status_code == 422


def test_contacts_are_revealed_for_a_reason_only() -> None:
    client, one = manager(), given.a_customer(name="韩梅梅", phone="13900008888")
    assert "13900008888" not in page(client, one)
    path = f"/desk/customers/{one.number}/reveal"
    assert client.post(path, {"reason": ""}).status_code == 422
    assert "13900008888" in client.post(path, {"reason": "回访客户"}).content.decode()


def test_erasing_shows_its_preview_and_needs_the_number_typed_in() -> None:
    client, one = manager(), given.a_customer(name="韩梅梅", phone="13900008888")
    path = f"/desk/customers/{one.number}/erase"
    preview = client.post(path)
    assert 'name="really"' in preview.content.decode()
    assert set(erasure.preview(one)) == set(person.ERASED)  # each place has words of its own
    assert client.post(path, {"really": "yes", "reason": "本人要求"}).status_code == 422
    assert client.post(path, {"really": one.number, "reason": "本人要求"}).status_code == 302
    given.work_done(at=given.MONDAY_9)
    assert Customer.objects.get(pk=one.pk).erased_at is not None
    assert client.get(f"/desk/customers/{one.number}").status_code == 200


def test_nobody_is_erased_while_a_case_is_in_work() -> None:
    client = manager()
    case = given.a_case(sender=Sender("韩梅梅", "13900008888"))
    assert case.customer is not None
    form = {"really": case.customer.number, "reason": "本人要求"}
    assert client.post(f"/desk/customers/{case.customer.number}/erase", form).status_code == 409


def test_a_consent_is_recorded_and_withdrawn() -> None:
    client, one = manager(), given.a_customer(name="韩梅梅")
    path = f"/desk/customers/{one.number}/consents"
    assert client.post(path, {"purpose": "survey", "how": "phone", "version": ""}).status_code == 422
    client.post(path, {"purpose": "survey", "how": "phone", "version": "2026-1"})
    assert "2026-1" in page(client, one)
    client.post(path, {"purpose": "survey", "withdraw": "1"})
    assert one.consents.get().withdrawn_at is not None


def test_the_page_names_only_cases_that_the_viewer_may_see() -> None:
    client = given.at_desk(given.an_agent("alice"))
    sender = Sender("韩梅梅", "13900008888")
    mine = given.a_case(sender=sender)
    given.a_team("returns")
    foreign = given.a_case("别的事", sender=sender, team="returns")
    assert mine.customer is not None
    shown = page(client, mine.customer)
    assert mine.number in shown and foreign.number not in shown


@pytest.mark.parametrize(("told", "words"), [("8888", "made sure"), ("1111", "could not make sure")])
def test_who_speaks_is_checked_on_the_case_and_stands_in_its_timeline(told: str, words: str) -> None:
    client = manager()
    case = given.a_case(sender=Sender("韩梅梅", "13900008888"))
    assert client.post(f"/desk/cases/{case.number}/identity", {"told": told}).status_code == 302
    client.cookies["django_language"] = "en"
    shown = client.get(f"/desk/cases/{case.number}", headers={"Accept-Language": "en"}).content.decode()
    assert words in shown and f"/desk/customers/{case.customer.number}" in shown  # type: ignore[union-attr]


def test_what_they_like_to_buy_is_kept_masked_audited_and_erased_with_them() -> None:
    client = manager()
    one = given.a_customer(name="韩梅梅")
    path, form = f"/desk/customers/{one.number}/change", {"version": "1", "level": "normal"}
    said = {**form, "preference": " 大容量冰箱，  送到前请韩梅梅先接 13912340000 "}
    assert client.post(path, said).status_code == 302
    one.refresh_from_db()
    assert one.preference.startswith("大容量冰箱， 送到前请***先接 ") and "1391234" not in one.preference
    assert one.preference in page(client, one)
    assert AuditRow.objects.get(action="customer.changed").fields == ["preference"]
    program = given.with_token(given.a_token("all"))
    address = f"/api/v1/customers/{one.number}"
    assert program.get(address).json()["preference"] == one.preference

    def patch(**body: object) -> Any:
        return program.patch(address, given.as_json(body), content_type="application/json")

    assert patch(version=2, preference="洗衣机").json()["preference"] == "洗衣机"
    assert patch(version=3, preference="洗" * 201).status_code == 422
    assert patch(version=3, preference=None).json()["fields"] == {"preference": "null"}
    client.post(path, {**form, "version": "3"})  # a form without the field leaves it
    one.refresh_from_db()
    assert one.preference == "洗衣机"
    erasure.ask(one, reason="本人要求删除", by=given.OPERATOR, at=given.MONDAY_9)
    given.work_done(at=given.MONDAY_9)
    one.refresh_from_db()
    assert (one.preference, one.erased_at is None) == ("", False)
