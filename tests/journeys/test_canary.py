"""Unique personal values are planted, then everything is read by everybody: they appear only where they may."""

import logging
from collections.abc import Iterator
from typing import Any

import pytest
from django.test import Client

from huiyin.base.models import AuditRow
from huiyin.cases import lifecycle, links
from huiyin.cases.models import Case
from huiyin.customers.recognise import Sender
from tests import given
from tests.given import MONDAY_9, minutes
from tests.permissions import rows, world

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("monday")]
NAME, PHONE, EMAIL = "欧阳云岫", "13677770431", "qiulan.canary@example.com"
SAID, NOTED, DISPUTED = "13677770432", "13677770433", "13677770434"
ALL = (NAME, PHONE, EMAIL, SAID, NOTED, DISPUTED)


def planted(handler: Any) -> Case:
    sender = Sender(name=NAME, phone=PHONE, email=EMAIL)
    case = given.a_case(
        f"电脑无法开机,请打 {SAID}",
        sender=sender,
        handler=handler,
        status="open",
        attachments=(given.a_file(),),
    )
    lifecycle.note(case, f"回访号码 {NOTED}", by=given.actor(handler), at=MONDAY_9)
    lifecycle.move(case, "resolve", by=given.actor(handler), at=MONDAY_9, text="已更换")
    lifecycle.move(case, "dispute", by=given.customer_of(case), at=MONDAY_9, text=f"没人打 {DISPUTED}")
    return given.fresh(case)


def pages(client: Client, case: Case) -> Iterator[tuple[str, str]]:
    for row in (*rows.PAGES, *rows.CALLS):
        if row.method == "GET" and not row.route.startswith("c/"):
            at = world.values(case, known=True)
            path = "/" + world.filled(row.route, at)
            answer = client.get(path, rows.QUERY.get(row.route, {}))
            yield path, b"".join(answer).decode(errors="replace") + str(dict(answer.headers))


def found(client: Client, case: Case) -> set[tuple[str, str]]:
    return {(path, value) for path, text in pages(client, case) for value in ALL if value in text}


@pytest.mark.parametrize("role", [role for role in rows.ROLES if role != "agent"])
def test_no_role_reads_a_raw_value_on_any_page(role: str) -> None:
    case = planted(given.an_agent("alice"))
    given.work_done(at=MONDAY_9 + minutes(1))
    assert found(given.at_desk(given.a_person("somebody", role=role, team=_team(role))), case) == set()


def test_a_colleague_and_a_stranger_read_none_either() -> None:
    alice, bob, charlie = given.alice_bob_charlie()
    case = planted(alice)
    for client in (given.at_desk(bob), given.at_desk(charlie), Client()):
        assert found(client, case) == set()


def test_the_handler_reads_what_was_written_in_their_own_open_case_and_no_contact_of_the_customer() -> None:
    alice = given.an_agent("alice")
    case = planted(alice)
    here = f"/desk/cases/{case.number}"
    seen = found(given.at_desk(alice), case)
    assert seen == {(path, value) for path in (here, f"{here}/timeline") for value in (SAID, NOTED, DISPUTED)}


def test_the_handler_reads_it_masked_again_once_the_case_is_closed() -> None:
    alice = given.an_agent("alice")
    case = planted(alice)
    lifecycle.move(case, "resolve", by=given.actor(alice), at=MONDAY_9, text="已更换")
    lifecycle.move(case, "confirm", by=given.actor(alice), at=MONDAY_9, how="call")
    assert found(given.at_desk(alice), case) == set()


def test_no_token_reads_a_raw_value_by_any_call() -> None:
    case = planted(given.an_agent("alice"))
    assert found(given.with_token(given.a_token("all")), case) == set()


def test_a_token_without_the_right_to_reveal_gets_no_address_that_shows_the_words_plain() -> None:
    case = planted(given.an_agent("alice"))
    secret = links.token(case)
    reader = given.with_token(given.a_token("cases:read"))
    assert all(secret not in text for _, text in pages(reader, case))
    inspector = given.at_desk(given.a_person("inspector", role="quality", team=None))
    assert all(secret not in text for _, text in pages(inspector, case))


def test_a_reveal_shows_the_contacts_once_and_leaves_an_audit_row_without_them() -> None:
    alice = given.an_agent("alice")
    case = planted(alice)
    client = given.at_desk(alice)
    answer = client.post(f"/desk/cases/{case.number}/reveal").content.decode()
    assert PHONE in answer and EMAIL in answer and NAME in answer
    assert PHONE not in client.get(f"/desk/cases/{case.number}").content.decode()
    row = AuditRow.objects.get(action="customer.revealed")
    assert not [value for value in ALL if value in str(vars(row))]


@pytest.mark.parametrize("role", rows.ROLES)
def test_the_one_file_with_raw_values_is_the_plain_export_of_a_manager_and_it_says_so(role: str) -> None:
    case = planted(given.an_agent("alice"))
    client = given.at_desk(given.a_person("somebody", role=role, team=_team(role)))
    chosen = {"reason": "监管调取", "status": case.status, "format": "json"}
    masked, plain = (client.post("/desk/records", {**chosen, **more}) for more in ({}, {"plain": "on"}))
    assert not [value for value in ALL if value in masked.content.decode()]
    if role != "manager":
        assert plain.status_code == 403 and not [value for value in ALL if value in plain.content.decode()]
        return
    whole = plain.json()
    assert (whole["plain"], whole["exported_for"], whole["exported_by"]) == (True, "监管调取", "somebody")
    assert {NAME, PHONE, EMAIL, SAID, DISPUTED} == {value for value in ALL if value in plain.content.decode()}
    trail = AuditRow.objects.filter(by_ref="somebody", reason__contains="plain")
    assert {row.action for row in trail} == {"records.exported_plain", "customer.revealed"}
    assert not [value for value in ALL for row in trail if value in str(vars(row))]


def test_no_log_line_holds_a_raw_value(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    case = planted(given.an_agent("alice"))
    client = given.with_token(given.a_token("all"))
    client.post("/api/v1/inbound", "{", content_type="application/json")
    client.get(f"/api/v1/cases/{case.number}")
    given.work_done(at=MONDAY_9 + minutes(90))
    ours = [record for record in caplog.records if not record.name.startswith("django.db")]
    assert not [value for value in ALL if value in "\n".join(record.getMessage() for record in ours)]


def _team(role: str) -> str | None:
    return "service" if role == "lead" else None
