"""An export of many customers leaves only with the approval of a second person."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from huiyin.base.models import AuditRow
from huiyin.cases import exporting, exports
from huiyin.cases.models import Case, Export
from huiyin.desk.tests.test_records import rows
from huiyin.notices.models import Notice
from huiyin.staff.models import Grant, Staff
from tests import given

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("monday")]
MONDAY_9 = given.MONDAY_9
BODY = {"reason": "月度质检", "status": ""}
AT_MOST = exporting.MOST_CUSTOMERS
APPROVALS = "/api/v1/cases/records/approvals"


@pytest.fixture(autouse=True)
def few_may_leave(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(exporting, "MOST_CUSTOMERS", 1)


def test_the_shipped_figure_is_five_hundred_customers() -> None:
    assert AT_MOST == 500


def two_cases() -> list[Case]:
    alice = given.an_agent()
    return [given.a_case(handler=alice) for _ in range(2)]


def asked_by_a_lead(reason: str = "月度质检") -> tuple[Client, Export]:
    lena = given.at_desk(given.a_lead())
    assert lena.post("/desk/records", {**BODY, "reason": reason, "act": "ask"}).status_code == 302
    return lena, Export.objects.get()


def a_manager(number: str = "max") -> Staff:
    return given.a_person(number, role="manager", team=None)


def decided(who: Staff, export: Export, act: str, words: str = "") -> int:
    body = {"act": act, "export": str(export.uuid), "words": words}
    return given.at_desk(who).post("/desk/exports", body).status_code


def taken(client: Client, export: Export) -> Any:
    return client.post("/desk/exports", {"act": "take", "export": str(export.uuid)})


def test_the_page_of_records_offers_to_ask_and_keeps_what_was_typed() -> None:
    two_cases()
    answer = given.at_desk(given.a_lead()).post("/desk/records", {**BODY, "to": "2026-03-09"})
    page = answer.content.decode()
    assert answer.status_code == 409
    assert 'name="act" value="ask"' in page and 'value="2026-03-09"' in page and "月度质检" in page


def test_what_a_second_person_approves_leaves_once_more_masked_and_audited() -> None:
    cases, max_ = two_cases(), a_manager()
    lena, export = asked_by_a_lead()
    given.work_done(at=MONDAY_9)
    assert [one.staff.number for one in Notice.objects.filter(kind="export.asked")] == ["max"]
    assert taken(lena, export).status_code == 409
    assert decided(max_, export, "approve") == 302
    given.work_done(at=MONDAY_9)
    assert Notice.objects.get(kind="export.approved").staff.number == "lena"
    given.a_case(handler=Staff.objects.get(number="alice"))  # what came later was not approved
    found = rows(taken(lena, export))
    assert {row["工单"] for row in found} == {case.number for case in cases}
    trail = AuditRow.objects.filter(object=f"export:{export.uuid}").order_by("id")
    assert [(row.action, row.by_ref) for row in trail] == [
        ("export.asked", "lena"),
        ("export.approved", "max"),
        ("records.exported", "lena"),
    ]


def test_nobody_approves_what_they_asked_for_themselves() -> None:
    two_cases()
    a_manager("mona")
    max_ = a_manager()
    client = given.at_desk(max_)
    client.post("/desk/records", {**BODY, "act": "ask"})
    export = Export.objects.get()
    assert decided(max_, export, "approve") == 409
    assert Export.objects.get().state == Export.ASKED
    assert decided(max_, export, "withdraw") == 302
    assert Export.objects.get().state == Export.WITHDRAWN


def test_without_a_second_person_who_may_approve_nothing_is_asked() -> None:
    two_cases()
    answer = given.at_desk(given.a_lead()).post("/desk/records", {**BODY, "act": "ask"})
    assert answer.status_code == 422 and not Export.objects.exists()


def test_a_refusal_needs_words_and_is_final() -> None:
    two_cases()
    max_ = a_manager()
    lena, export = asked_by_a_lead()
    assert decided(max_, export, "refuse") == 422
    assert decided(max_, export, "refuse", "先缩小范围") == 302
    # It waits for nobody any more, so nobody who did not ask finds it.
    assert decided(max_, export, "approve") == 404
    assert "先缩小范围" in lena.get("/desk/exports").content.decode()
    assert taken(lena, export).status_code == 409


def test_the_file_is_for_the_asker_alone_and_for_a_day() -> None:
    two_cases()
    max_ = a_manager()
    lena, export = asked_by_a_lead()
    decided(max_, export, "approve")
    other = given.at_desk(given.a_lead("lisa"))
    assert taken(other, export).status_code == 404
    Export.objects.update(decided_at=MONDAY_9 - timedelta(hours=25))
    assert taken(lena, export).status_code == 409


def test_a_right_lost_meanwhile_takes_the_file_along() -> None:
    two_cases()
    max_ = a_manager()
    lena, export = asked_by_a_lead()
    decided(max_, export, "approve")
    Grant.objects.filter(staff__number="lena").delete()
    assert taken(lena, export).status_code == 403


def test_no_personal_value_stands_in_the_reason_that_the_approver_reads() -> None:
    two_cases()
    a_manager()
    _, export = asked_by_a_lead("客户 13800138000 要求")
    assert "13800138000" not in export.reason and exports.STATES[export.state]


def test_a_general_manager_decides_and_sees_no_case() -> None:
    two_cases()
    boss = given.a_person("boss", role="general_manager", team=None)
    _, export = asked_by_a_lead()
    assert "月度质检" in given.at_desk(boss).get("/desk/exports").content.decode()
    assert decided(boss, export, "take") == 403
    assert decided(boss, export, "approve") == 302


def test_a_program_asks_waits_and_takes_what_a_person_approved() -> None:
    two_cases()
    max_ = a_manager()
    token = given.a_token("cases:export", "cases:read", role="manager", name="bi")
    program = given.with_token(token)
    asked = program.post(APPROVALS, {"reason": "对账", "format": "json"}, content_type="application/json")
    path = f"{APPROVALS}/{asked.json()['id']}"
    assert (asked.status_code, asked.json()["customers"]) == (201, 2)
    early = program.post(f"{path}/file")
    assert (early.status_code, early.json()["code"]) == (409, "not_possible")
    decided(max_, Export.objects.get(), "approve")
    assert program.get(path).json()["state"] == "approved"
    assert program.post(f"{path}/file").json()["count"] == 2
    assert program.get(APPROVALS).json()["items"][0]["decided_by"] == "max"
    other = given.with_token(given.a_token("cases:export", role="manager", name="crm"))
    assert other.get(path).status_code == 404
    assert program.post(f"{path}/withdraw").json()["code"] == "not_possible"


def test_another_account_approves_by_program_and_nobody_their_own() -> None:
    two_cases()
    a_manager()

    def program(name: str, role: str = "manager") -> Client:
        return given.with_token(given.a_token("cases:export", "approvals:write", role=role, name=name))

    def sent(client: Client, path: str, **body: str) -> Any:
        return client.post(f"{APPROVALS}{path}", body, content_type="application/json")

    asker, other, lead = program("bi"), program("control"), program("shift", "lead")
    path = f"/{sent(asker, '', reason='对账').json()['id']}"
    assert [one["id"] for one in other.get(APPROVALS).json()["items"]] == [path[1:]]
    assert other.get(APPROVALS + path).json()["state"] == "asked"
    # Role and scope must both say it, and who asked does not decide.
    assert sent(lead, f"{path}/approve").json()["code"] == "right_missing"
    exporter = given.with_token(given.a_token("cases:export", role="manager", name="control"))
    assert sent(exporter, f"{path}/approve").json()["code"] == "scope_missing"
    assert exporter.get(APPROVALS + path).status_code == 404
    assert sent(asker, f"{path}/approve").json()["code"] == "own_request"
    assert sent(other, f"{path}/refuse").json()["fields"] == {"words": "missing"}
    assert sent(other, f"{path}/keep").status_code == 422
    assert Export.objects.get().state == Export.ASKED
    approved = sent(other, f"{path}/approve", words="可以").json()
    assert (approved["state"], approved["decided_by"], approved["words"]) == (
        "approved",
        "svc-control",
        "可以",
    )
    assert sent(other, f"{path}/approve").status_code == 404  # it waits for nobody any more
    assert sent(other, f"{path}/file").status_code == 404
    assert sent(asker, f"{path}/file").status_code == 200
    row = AuditRow.objects.get(action="export.approved")
    assert (row.object, row.by_ref) == (f"export:{path[1:]}", "svc-control")
