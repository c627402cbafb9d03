"""An export leaves unmasked only for who may have it, with a reason, marked in the file and in the audit."""

from typing import Any

import pytest
from django.test import Client

from huiyin.base.models import AuditRow
from huiyin.cases import exporting
from huiyin.cases.models import Export
from huiyin.desk.tests.test_records import NAME, PHONE, SAID, finished, rows
from huiyin.staff.models import Grant, Role
from tests import given

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("monday")]
PLAIN = {"reason": "监管调取", "status": "closed", "plain": "on"}
RAW = (NAME, PHONE, SAID)


def a_manager(number: str = "max") -> Client:
    return given.at_desk(given.a_person(number, role="manager", team=None))


def test_a_manager_takes_out_what_stands_there_and_the_file_says_that_it_is_not_masked() -> None:
    case = finished(given.an_agent())
    answer = a_manager().post("/desk/records", PLAIN)
    (row,) = rows(answer)
    assert (row["客户"], row["联系方式"]) == (NAME, PHONE) and SAID in answer.content.decode()
    assert (row["导出人"], row["未脱敏"], row["导出用途"]) == ("max", "不脱敏", "监管调取")
    assert "huiyin-records-plain-" in answer.headers["Content-Disposition"]
    audited = AuditRow.objects.get(action="records.exported_plain")
    assert audited.reason == "plain, 1 cases: 监管调取" and {"customer", "contacts", "plain"} <= {
        *audited.fields
    }
    assert case.customer is not None
    assert AuditRow.objects.get(action="customer.revealed").object == f"customer:{case.customer.number}"


def test_it_is_offered_to_managers_needs_a_reason_and_the_choice_and_asks_for_the_password() -> None:
    finished(given.an_agent())
    max_, lena = a_manager(), given.at_desk(given.a_lead())
    assert 'name="plain"' in max_.get("/desk/records").content.decode()
    assert 'name="plain"' not in lena.get("/desk/records").content.decode()
    assert max_.post("/desk/records", {**PLAIN, "reason": " "}).status_code == 422
    masked = max_.post("/desk/records", {"reason": "对账", "status": "closed"}).content.decode()
    assert not [value for value in RAW if value in masked]
    session = max_.session
    session["proved"] = 0
    session.save()
    asked = max_.post("/desk/records", PLAIN).content.decode()
    assert "proof_password" in asked and not [value for value in RAW if value in asked]
    assert not AuditRow.objects.filter(action="records.exported_plain").exists()


def test_where_only_a_masked_export_is_theirs_nothing_leaves_plain() -> None:
    finished(given.an_agent())
    lena = given.a_lead()
    grant = Grant.objects.create(staff=lena, role=Role.objects.get(code="manager"), categories=["pre_sales"])
    assert rows(given.at_desk(lena).post("/desk/records", PLAIN)) == []
    masked = given.at_desk(lena).post("/desk/records", {"reason": "对账", "status": "closed"})
    assert len(rows(masked)) == 1 and PHONE not in masked.content.decode()
    grant.delete()
    assert given.at_desk(lena).post("/desk/records", PLAIN).status_code == 403


def test_of_many_customers_it_waits_for_an_approval_that_knows_it_is_not_masked(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(exporting, "MOST_CUSTOMERS", 0)
    finished(given.an_agent())
    max_, mia = a_manager(), a_manager("mia")
    refused = max_.post("/desk/records", PLAIN)
    assert refused.status_code == 409 and "checked" in refused.content.decode()
    assert max_.post("/desk/records", {**PLAIN, "act": "ask"}).status_code == 302
    export = Export.objects.get()
    assert "不脱敏" in mia.get("/desk/exports").content.decode()
    mia.post("/desk/exports", {"act": "approve", "export": str(export.uuid)})
    take = {"act": "take", "export": str(export.uuid)}
    assert rows(max_.post("/desk/exports", take))[0]["客户"] == NAME
    trail = AuditRow.objects.filter(object=f"export:{export.uuid}").order_by("id")
    assert [row.action for row in trail] == ["export.asked", "export.approved", "records.exported_plain"]
    assert all(row.reason.startswith("plain, ") for row in trail)
    role = Role.objects.get(code="manager")
    Role.objects.filter(pk=role.pk).update(
        permissions=[one for one in role.permissions if one != "export.plain"]
    )
    assert max_.post("/desk/exports", take).status_code == 403


def test_a_program_needs_the_right_of_its_account_and_the_scope_to_reveal() -> None:
    finished(given.an_agent())
    body = {"reason": "监管调取", "plain": True}
    scopes = ("cases:export", "cases:read")

    def asked(token: str, path: str = "/api/v1/cases/records") -> Any:
        return given.with_token(token).post(path, body, content_type="application/json")

    short = given.a_token(*scopes, role="manager", name="a")
    lead = given.a_token(*scopes, "customers:reveal", role="lead", name="b")
    for token in (short, lead):
        for path in ("/api/v1/cases/records", "/api/v1/cases/records/approvals"):
            refused = asked(token, path)
            assert (refused.status_code, refused.json()["code"]) == (403, "plain_not_allowed")
    whole = asked(given.a_token(*scopes, "customers:reveal", role="manager", name="c")).json()
    assert whole["plain"] is True and whole["items"][0]["contacts"] == PHONE
