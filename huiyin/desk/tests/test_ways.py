"""What each sees first: a lead all open cases, a department what it is asked for, the house its pages by group."""

from datetime import timedelta

import pytest
from django.test import Client

from huiyin.cases import collaboration
from huiyin.staff.models import Team
from tests import given

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("monday")]


def page(client: Client, path: str) -> str:
    return str(client.get(path).content.decode())


def test_a_lead_sees_every_open_case_in_one_click_and_an_agent_no_more_than_their_reach() -> None:
    alice, bob = given.an_agent(), given.an_agent("bob")
    case = given.a_case(handler=alice, status="open")
    at_lead = given.at_desk(given.a_lead())
    assert 'href="/desk?who=all"' in page(at_lead, "/desk") and case.number not in page(at_lead, "/desk")
    assert f"/desk/cases/{case.number}" in page(at_lead, "/desk?who=all")
    at_bob = given.at_desk(bob)
    assert 'href="/desk?who=all"' not in page(at_bob, "/desk")
    assert case.number not in page(at_bob, "/desk?who=all")


def test_who_sees_no_cases_finds_on_the_desk_what_the_department_is_asked_for() -> None:
    team = given.a_team("logistics")
    at_lou = given.at_desk(given.a_person("lou", role="collaborator", team="logistics"))
    assert "没有等待您部门处理的协作。" in page(at_lou, "/desk")
    alice = given.an_agent()
    case = given.a_case(handler=alice, status="open")
    asked = collaboration.Asked(team, "查运单", "三天没动", given.MONDAY_9 + timedelta(hours=8))
    found = collaboration.ask(case, asked, by=given.actor(alice), at=given.MONDAY_9)
    shown = page(at_lou, "/desk")
    assert "查运单" in shown and f"#request-{found.uuid}" in shown and "countdown" in shown
    assert case.title not in shown


def test_pages_of_the_house_stand_by_group_and_say_when_something_is_done() -> None:
    root = given.at_desk(given.a_person("root", role="administrator", team=None))
    shown = page(root, "/desk/teams")
    groups = [shown.index(f">{words}</h2>") for words in ("我的", "人员与权限", "规则与渠道", "记录与统计")]
    assert groups == sorted(groups)
    assert "未指定组长" in shown and "操作成功。" not in shown
    saved = root.post("/desk/teams", {"act": "restore", "code": "service"}, follow=True)
    assert "操作成功。" in saved.content.decode()
    auditor = page(given.at_desk(given.a_person("ada", role="auditor", team=None)), "/desk/audit")
    assert "规则与渠道" not in auditor and 'href="/desk/people"' not in auditor


def test_where_nobody_is_left_above_no_form_asks_why() -> None:
    alice = given.an_agent()
    case = given.a_case(handler=alice, status="open")
    client = given.at_desk(alice)
    path = f"/desk/cases/{case.number}/together"
    assert 'id="escalate-reason"' not in page(client, path)
    Team.objects.filter(code="service").update(lead=given.a_lead())
    assert 'id="escalate-reason"' in page(client, path)
