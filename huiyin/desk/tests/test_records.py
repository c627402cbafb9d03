"""The service record: on one sheet, and many of them as a file; masked, marked, audited."""

import csv
import io
import json
from typing import Any

import pytest
from django.test import Client

from huiyin.base.models import AuditRow
from huiyin.base.tests.test_spreadsheet import computes
from huiyin.cases import about, collaboration, exporting, lifecycle
from huiyin.cases.models import Case
from huiyin.customers.models import Customer
from huiyin.customers.recognise import Sender
from huiyin.staff.models import Staff, Team
from tests import given
from tests.given import MONDAY_9, days

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("monday")]
NAME, PHONE, SAID = "欧阳云岫", "13677770441", "13677770442"


def finished(handler: Staff, text: str = f"电脑无法开机，请打 {SAID}", **message: Any) -> Case:
    sender = Sender(name=NAME, phone=PHONE)
    case = given.a_case(text, handler=handler, status="open", sender=sender, **message)
    by = given.actor(handler)
    lifecycle.reply(case, "您好，工程师明天上门", by=by, at=MONDAY_9)
    lifecycle.move(case, "resolve", by=by, at=MONDAY_9, text="已更换主板")
    lifecycle.move(case, "confirm", by=by, at=MONDAY_9, how="call")
    return given.fresh(case)


def sheet(client: Client, case: Case, **form: str) -> Any:
    path = f"/desk/cases/{case.number}/record"
    return client.post(path, form) if form else client.get(path)


def rows(answer: Any) -> list[dict[str, str]]:
    text = answer.content.decode().removeprefix("\ufeff")
    return list(csv.DictReader(io.StringIO(text, newline="")))


def a_lead_with(count: int) -> tuple[Client, list[Case]]:
    alice, lena = given.an_agent(), given.a_lead()
    return given.at_desk(lena), [finished(alice) for _ in range(count)]


def test_the_sheet_shows_what_was_asked_done_and_confirmed() -> None:
    alice = given.an_agent()
    text = sheet(given.at_desk(alice), finished(alice)).content.decode()
    assert "电脑无法开机" in text and "工程师明天上门" in text and "已更换主板" in text


def test_a_department_that_answered_stands_there_by_its_name() -> None:
    alice = given.an_agent()
    logistics = given.a_team("logistics")
    lou = given.a_person("lou", role="collaborator", team="logistics")
    case = given.a_case(handler=alice, status="open")
    words = collaboration.Asked(logistics, "查运单", "三天没动", MONDAY_9 + days(1))
    asked = collaboration.ask(case, words, by=given.actor(alice), at=MONDAY_9)
    collaboration.act(
        asked, "answer", by=given.actor(lou), at=MONDAY_9, version=asked.version, text="今天派送"
    )
    text = sheet(given.at_desk(alice), given.fresh(case)).content.decode()
    assert "logistics 组已答复" in text


@pytest.mark.parametrize(("language", "words"), [("zh-hans", "闭环"), ("en", "Closed loop")])
def test_the_sheet_is_there_in_both_languages(language: str, words: str) -> None:
    alice = given.an_agent()
    client, case = given.at_desk(alice), finished(alice)
    client.post("/language", {"language": language})
    assert words in sheet(client, case).content.decode()


def test_a_case_confirmed_by_somebody_is_a_closed_loop_and_an_open_one_is_not() -> None:
    alice = given.an_agent()
    client = given.with_token(given.a_token("cases:read"))
    done, running = finished(alice), given.a_case(handler=alice)
    loops = [
        client.get(f"/api/v1/cases/{case.number}/record").json()["closed_loop"] for case in (done, running)
    ]
    assert loops == [True, False]


def test_the_sheet_masks_name_contacts_and_words_even_in_ones_own_case() -> None:
    alice = given.an_agent()
    case = given.a_case(f"请打 {SAID}", handler=alice, status="open", sender=Sender(name=NAME, phone=PHONE))
    text = sheet(given.at_desk(alice), case).content.decode()
    assert not [value for value in (NAME, PHONE, SAID) if value in text]


def test_in_ones_own_open_case_one_click_shows_it_in_full_and_is_audited() -> None:
    alice = given.an_agent()
    case = given.a_case(f"请打 {SAID}", handler=alice, status="open", sender=Sender(name=NAME, phone=PHONE))
    text = sheet(given.at_desk(alice), case, act="reveal").content.decode()
    assert all(value in text for value in (NAME, PHONE, SAID))
    row = AuditRow.objects.get(action="customer.revealed")
    assert row.by_ref == "alice" and PHONE not in str(vars(row))


def test_nobody_is_shown_in_full_what_is_closed_or_not_theirs() -> None:
    alice, lena = given.an_agent(), given.a_lead()
    closed = finished(alice)
    running = given.a_case(handler=alice, status="open")
    assert sheet(given.at_desk(alice), closed, act="reveal").status_code == 403
    assert sheet(given.at_desk(lena), running, act="reveal").status_code == 403
    assert not AuditRow.objects.filter(action="customer.revealed").exists()


def test_a_lead_exports_masked_lines_that_say_who_took_them_out_and_when() -> None:
    client, cases = a_lead_with(2)
    answer = client.post("/desk/records", {"reason": "月度质检", "status": "closed"})
    found = rows(answer)
    assert {row["工单"] for row in found} == {case.number for case in cases}
    assert {(row["导出人"], row["导出时间"]) for row in found} == {("lena", MONDAY_9.isoformat())}
    text = answer.content.decode()
    assert not [value for value in (NAME, PHONE, SAID) if value in text]
    (row,) = AuditRow.objects.filter(action="records.exported")
    assert row.by_ref == "lena" and "月度质检" in row.reason


def test_an_export_needs_a_reason_and_keeps_what_was_chosen() -> None:
    client, _ = a_lead_with(1)
    answer = client.post("/desk/records", {"reason": " ", "from": "2026-03-01"})
    assert answer.status_code == 422 and 'value="2026-03-01"' in answer.content.decode()
    assert not AuditRow.objects.filter(action="records.exported").exists()


def test_no_personal_value_stands_in_the_audited_reason() -> None:
    client, _ = a_lead_with(1)
    client.post("/desk/records", {"reason": f"客户 {PHONE} 要求"})
    assert PHONE not in AuditRow.objects.get(action="records.exported").reason


def test_an_agent_exports_nothing() -> None:
    alice = given.an_agent()
    case = finished(alice)
    client = given.at_desk(alice)
    assert client.post("/desk/records", {"reason": "好奇"}).status_code == 403
    assert sheet(client, case, act="csv").status_code == 403


def test_more_customers_than_allowed_need_an_approval_and_nothing_leaves(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(exporting, "MOST_CUSTOMERS", 1)
    alice, lena = given.an_agent(), given.a_lead()
    for _ in range(2):
        given.a_case(handler=alice)
    answer = given.at_desk(lena).post("/desk/records", {"reason": "月度质检"})
    assert answer.status_code == 409 and 'role="alert"' in answer.content.decode()
    client = given.with_token(given.a_token("cases:export", "cases:read", role="manager"))
    told = client.post("/api/v1/cases/records", {"reason": "x"}, content_type="application/json")
    assert (told.status_code, told.json()["code"]) == (403, "approval_needed")
    assert not AuditRow.objects.filter(action="records.exported").exists()


def test_an_export_holds_only_what_its_caller_may_see() -> None:
    client, cases = a_lead_with(1)
    given.a_team("returns")
    given.a_case(handler=given.an_agent("charlie", team="returns"), team="returns")
    found = rows(client.post("/desk/records", {"reason": "月度质检"}))
    assert [row["工单"] for row in found] == [cases[0].number]


def test_no_export_holds_a_case_about_its_caller() -> None:
    client, cases = a_lead_with(2)
    lena = Staff.objects.get(number="lena")
    manager = given.actor(given.a_person("max", role="manager", team=None))
    case = given.a_case(handler=Staff.objects.get(number="alice"))
    about.tell_about(case, [lena], "客户投诉", by=manager, at=MONDAY_9)
    found = rows(client.post("/desk/records", {"reason": "月度质检"}))
    assert {row["工单"] for row in found} == {one.number for one in cases}


@pytest.mark.parametrize("sign", ["=", "+", "-", "@", "\t=", "\r=", "＝", "＋", "－", "＠"])
def test_whoever_writes_and_names_things_puts_no_formula_into_any_cell(sign: str) -> None:
    alice, lena = given.an_agent(), given.a_lead()
    evil = f'{sign}HYPERLINK("https://evil.example.com")'
    case = given.a_case(
        evil, handler=alice, status="open", sender=Sender(name=evil, phone=PHONE), subject=evil
    )
    by = given.actor(alice)
    lifecycle.reply(case, evil, by=by, at=MONDAY_9)
    lifecycle.move(case, "resolve", by=by, at=MONDAY_9, text=evil)
    lifecycle.move(case, "dispute", by=given.customer_of(case), at=MONDAY_9, text=evil)
    named = {"zh": evil, "en": evil}
    Team.objects.update(name=named)
    Staff.objects.update(name=evil)
    Customer.objects.update(level=evil[:20])
    for path in ("/desk/records", f"/desk/cases/{case.number}/record"):
        text = given.at_desk(lena).post(path, {"reason": "月度质检", "act": "csv"}).content.decode()
        cells = [cell for line in csv.reader(io.StringIO(text.lstrip("\ufeff"), newline="")) for cell in line]
        assert sum("HYPERLINK" in cell for cell in cells) >= 5
        assert not [cell for cell in cells if computes(cell)]


def test_a_program_reads_one_record_as_json_and_as_csv_and_exports_with_its_own_scope_only() -> None:
    case = finished(given.an_agent())
    reader = given.with_token(given.a_token("cases:read"))
    record = reader.get(f"/api/v1/cases/{case.number}/record").json()
    assert (record["result"], record["service"], record["closed_by"]) == ("已更换主板", "after_sales", "call")
    (row,) = rows(reader.get(f"/api/v1/cases/{case.number}/record", {"format": "csv"}))
    assert row["工单"] == case.number
    body = {"reason": "对账", "numbers": [case.number]}
    assert reader.post("/api/v1/cases/records", body, content_type="application/json").status_code == 403
    exporter = given.with_token(given.a_token("cases:export", "cases:read", role="manager", name="bi"))
    answer = exporter.post("/api/v1/cases/records", body, content_type="application/json")
    whole = json.loads(answer.content)
    assert whole["count"] == 1 and whole["exported_by"] == "svc-bi"


def test_an_export_can_be_narrowed_to_days() -> None:
    client, cases = a_lead_with(1)
    later = given.a_case(handler=Staff.objects.get(number="alice"), at=MONDAY_9 + days(2))
    found = rows(client.post("/desk/records", {"reason": "月度质检", "to": "2026-03-02"}))
    assert [row["工单"] for row in found] == [cases[0].number]
    found = rows(client.post("/desk/records", {"reason": "月度质检", "from": "2026-03-03"}))
    assert [row["工单"] for row in found] == [later.number]
