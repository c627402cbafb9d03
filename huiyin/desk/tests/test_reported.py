"""A complaint about over-promising: its form is filled in, and the company and HR are really told."""

from datetime import timedelta
from typing import Any

import pytest

from huiyin.base import clock
from huiyin.cases.models import Case, Entry, Watcher
from huiyin.notices.models import Notice
from huiyin.staff.models import Staff
from tests import given

pytestmark = pytest.mark.django_db
FORM = {
    "who": "王五",
    "promised": "三天内上首页",
    "when": "2026-02-02",
    "evidence": "聊天记录",
    "told_company": True,
    "told_hr": True,
}
FOUND = {"facts": "核对了通话录音", "cause": "培训不足", "result": "已道歉并补发"}


def a_case_to_report(lena: Staff) -> Case:
    case = given.a_case("你们的服务态度太差", handler=lena, status="open")
    step(lena, case, "investigating")
    step(lena, case, "supervised", FOUND)
    step(lena, case, "over_promised")
    return case


def step(by: Staff, case: Case, to: str, form: dict[str, Any] | None = None, *, expect: int = 302) -> None:
    body = {f"form.{key}": "yes" if value is True else value for key, value in (form or {}).items()}
    body |= {"act": "advance", "to": to, "version": str(given.fresh(case).version)}
    done = given.at_desk(by).post(f"/desk/cases/{case.number}/together/act", body)
    assert done.status_code == expect, done.content.decode()


def told() -> set[str]:
    given.work_done(at=clock.now() + timedelta(minutes=1))
    return set(Notice.objects.filter(kind="case.reported").values_list("staff__number", flat=True))


def test_the_report_reaches_the_company_and_hr_who_may_read_this_case_and_no_other() -> None:
    lena = given.a_lead()
    for number, role in (
        ("max", "manager"),
        ("gina", "general_manager"),
        ("hana", "hr"),
        ("quinn", "quality"),
    ):
        given.a_person(number, role=role, team=None)
    hana = Staff.objects.get(number="hana")
    case, other = a_case_to_report(lena), given.a_case()
    step(lena, case, "settled", {**FORM, "evidence": ""}, expect=422)
    assert told() == set()
    step(lena, case, "settled", FORM)
    assert told() == {"max", "gina", "hana"}
    assert told() == {"max", "gina", "hana"}
    assert Notice.objects.filter(kind="case.reported").count() == 3
    at_hana = given.at_desk(hana)
    assert f"/desk/cases/{case.number}" in at_hana.get("/desk").content.decode()
    shown = at_hana.get(f"/desk/cases/{case.number}").content.decode()
    assert "三天内上首页" in shown and "人事" in shown
    assert at_hana.get(f"/desk/cases/{other.number}").status_code == 404
    assert list(Watcher.objects.filter(case=case).values_list("staff__number", flat=True)) == ["hana"]


def test_a_report_that_nobody_stands_for_says_so_in_the_case() -> None:
    lena = given.a_lead()
    given.a_person("max", role="manager", team=None)
    case = a_case_to_report(lena)
    step(lena, case, "settled", FORM)
    assert told() == {"max"}
    missing = Entry.objects.get(case=case, kind="report.unheld")
    assert missing.payload["codes"] == ["general_manager", "hr"]
    assert "人事" in given.at_desk(lena).get(f"/desk/cases/{case.number}").content.decode()


def test_whom_the_case_is_about_is_not_told_though_the_report_is_due_to_their_role() -> None:
    lena, mia = given.a_lead(), given.a_person("mia", role="manager", team=None)
    given.a_person("max", role="manager", team=None)
    case = a_case_to_report(lena)
    case.about.add(mia)
    step(lena, case, "settled", FORM)
    assert told() == {"max"}
    assert given.at_desk(mia).get(f"/desk/cases/{case.number}").status_code == 404


def test_going_back_from_supervision_reports_nothing() -> None:
    lena = given.a_lead()
    given.a_person("max", role="manager", team=None)
    case = given.a_case("你们的服务态度太差", handler=lena, status="open")
    step(lena, case, "investigating")
    step(lena, case, "supervised", FOUND)
    step(lena, case, "settled")
    assert told() == set()
