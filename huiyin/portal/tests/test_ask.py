"""The message form: what is asked for, how often, and what a customer sees."""

from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from huiyin.base.models import Blob
from huiyin.cases.models import Case
from tests.given import MONDAY_9

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("monday")]
GOOD = {"name": "李雷", "contact": "13955550123", "text": "无法开机"}


def asked(**more: object) -> object:
    client = Client()
    once = client.get("/ask").context["form"].initial["once"]
    return client.post("/ask", {**GOOD, "once": once, **more})


@pytest.mark.parametrize("contact", ["13955550123", "+86 139 5555 0123", "(010) 5555-0123", "li@example.com"])
def test_a_phone_or_an_address_is_taken(contact: str) -> None:
    assert asked(contact=contact).status_code == 302  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    "contact", ["", "li", "12345", "li@example", "a b@example.com", "@", "1" * 16, "１３９x"]
)
def test_what_nobody_can_be_reached_by_is_refused_and_what_was_written_stays(contact: str) -> None:
    answer = asked(contact=contact)
    assert answer.status_code == 422 and "无法开机" in answer.content.decode()  # type: ignore[attr-defined]
    assert not Case.objects.exists()


@pytest.mark.parametrize("field", ["name", "text", "once"])
def test_each_field_is_needed(field: str) -> None:
    assert asked(**{field: ""}).status_code == 422  # type: ignore[attr-defined]


def test_files_come_along_and_more_than_five_do_not() -> None:
    files = [SimpleUploadedFile(f"{n}.png", b"\x89PNG") for n in range(6)]
    assert asked(attached=files).status_code == 422  # type: ignore[attr-defined]
    assert asked(attached=files[:5]).status_code == 302  # type: ignore[attr-defined]
    assert Blob.objects.count() == 5


def test_one_network_sends_twenty_in_ten_minutes_and_another_is_not_held_up(monday: object) -> None:
    statuses = [asked().status_code for _ in range(21)]  # type: ignore[attr-defined]
    assert statuses == [302] * 20 + [429]
    client = Client(REMOTE_ADDR="198.51.100.9")
    once = client.get("/ask").context["form"].initial["once"]
    assert client.post("/ask", {**GOOD, "once": once}).status_code == 302
    monday.move_to(MONDAY_9 + timedelta(minutes=10, seconds=1))  # type: ignore[attr-defined]
    assert asked().status_code == 302  # type: ignore[attr-defined]


def test_a_forwarding_header_of_a_stranger_changes_no_rate() -> None:
    statuses = []
    for n in range(21):
        client = Client(headers={"X-Forwarded-For": f"203.0.113.{n}", "X-Real-IP": f"203.0.113.{n}"})
        once = client.get("/ask").context["form"].initial["once"]
        statuses.append(client.post("/ask", {**GOOD, "once": once}).status_code)
    assert statuses[-1] == 429


def test_a_customer_may_say_their_unit_and_what_it_is_about_and_words_decide_only_below_that() -> None:
    asked(unit="示例公司", need="pre_sales", text="你好，在吗")
    asked(contact="13955550124", need="after_sales", text="电脑无法开机")
    asked(contact="13955550125", need="pre_sales", text="我要投诉")
    chosen, finer, complaint = Case.objects.order_by("id")
    assert (chosen.category, finer.category, complaint.category) == (
        "pre_sales",
        "hardware_fault",
        "complaint",
    )
    assert chosen.customer is not None and chosen.customer.organisation is not None
    assert (chosen.customer.organisation.name, chosen.customer.need) == ("示例公司", "pre_sales")
    opened = chosen.entries.get(kind="case.opened").payload["because"]
    assert {"code": "chosen_by_sender", "params": {"category": "pre_sales"}} in opened


def test_what_it_is_about_can_be_left_open() -> None:
    asked(need="", text="你好，在吗")
    assert Case.objects.get().category == "other"
