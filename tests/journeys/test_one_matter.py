"""A matter from its first message to its end, as the people in it live it: through HTTP, at given times."""

from typing import Any

import pytest
from django.test import Client

from huiyin.base.models import Task
from huiyin.cases.models import Case, Entry, Promise
from huiyin.notices.models import Notice
from tests import given
from tests.given import MONDAY_9, hours, minutes, seconds
from tests.journeys.story import Story, kinds, post, state

pytestmark = pytest.mark.django_db


@pytest.fixture
def story(monday: Any) -> Story:
    return Story(monday)


def test_asked_greeted_given_answered_solved_disputed_solved_again_and_confirmed(story: Story) -> None:
    alice = given.an_agent("alice", password=given.PASSWORD)
    desk = Client()
    post(desk, "/sign-in", number="alice", password=given.PASSWORD)
    post(desk, "/scope")

    customer = Client()
    page = customer.get("/ask")
    once = page.context["form"].initial["once"]
    asked = post(
        customer,
        "/ask",
        name="李雷",
        contact="13955550123",
        text="电脑突然无法开机,里面有急用资料",
        once=once,
    )
    link = asked["Location"]
    case = Case.objects.get()
    assert (case.priority, case.category, case.handler) == ("urgent", "hardware_fault", alice)
    again = post(
        customer,
        "/ask",
        name="李雷",
        contact="13955550123",
        text="电脑突然无法开机,里面有急用资料",
        once=once,
    )
    assert again["Location"] == link and Case.objects.count() == 1

    story.later(MONDAY_9 + seconds(2))
    assert state(case, "greeting") == "kept"
    assert case.number in customer.get(link).content.decode()
    assert Notice.objects.filter(staff=alice, kind="case.assigned").count() == 1

    here = f"/desk/cases/{case.number}"
    assert case.number in desk.get("/desk").content.decode()
    version = given.fresh(case).version
    assert post(desk, f"{here}/move", move="accept", version=version).status_code == 302
    assert post(desk, f"{here}/move", move="accept", version=version).status_code == 409
    story.later(MONDAY_9 + minutes(5))
    post(desk, f"{here}/reply", text="请把充电器拔掉,长按电源键 30 秒", client_id="r1")
    post(desk, f"{here}/reply", text="请把充电器拔掉,长按电源键 30 秒", client_id="r1")
    assert "长按电源键" in customer.get(link).content.decode()
    post(desk, f"{here}/note", text="只给同事看的话")
    assert "只给同事看的话" not in customer.get(link).content.decode()

    def solve(text: str) -> None:
        post(desk, f"{here}/move", move="resolve", version=given.fresh(case).version, text=text)

    story.later(MONDAY_9 + minutes(30))
    solve("已恢复开机")
    assert post(customer, f"{link}/dispute", text="还是不行").status_code == 302
    assert given.fresh(case).status == "open"
    story.later(MONDAY_9 + hours(1))
    assert Notice.objects.filter(staff=alice, kind="case.disputed").count() == 1
    solve("已更换主板")
    post(customer, f"{link}/confirm")
    post(customer, f"{link}/confirm")
    story.later(MONDAY_9 + hours(2))
    assert given.fresh(case).status == "closed"
    assert post(customer, f"{link}/messages", text="谢谢").status_code == 302
    assert given.fresh(case).status == "closed"
    told = [kind for kind in kinds(case) if kind.startswith(("case.", "message.")) and kind != "case.opened"]
    assert told == [
        "message.received",
        "case.assigned",
        "case.accepted",
        "message.sent",
        "case.resolved",
        "case.disputed",
        "case.resolved",
        "case.confirmed",
        "message.received",
    ]
    assert set(Promise.objects.filter(case=case).values_list("state", flat=True)) == {"kept"}
    assert not Task.objects.exclude(state=Task.DONE).exists()


def test_a_promise_is_warned_of_breaks_climbs_to_the_lead_and_is_kept_late(story: Story) -> None:
    alice, lena = given.an_agent("alice"), given.a_lead("lena")
    given.on_duty(alice)
    case = given.a_case()
    story.later(MONDAY_9 + seconds(1))
    story.later(MONDAY_9 + minutes(50))
    assert "promise.warned" in kinds(case)
    story.later(MONDAY_9 + minutes(61))
    assert state(case, "first_reply") == "broken"
    case = given.fresh(case)
    assert (case.escalation_level, case.handler) == (1, alice)
    assert Notice.objects.filter(staff=lena, kind="case.escalated").count() == 1
    assert Notice.objects.filter(staff=alice, kind="promise.broken").count() == 1
    desk = given.at_desk(alice)
    post(desk, f"/desk/cases/{case.number}/reply", text="抱歉让您久等", client_id="r")
    story.later(MONDAY_9 + minutes(70))
    promise = Promise.objects.get(case=case, kind="first_reply")
    assert (promise.state, promise.fulfilled_at) == ("broken", MONDAY_9 + minutes(61))
    assert Entry.objects.get(case=case, kind="promise.kept", payload__promise="first_reply").payload["late"]


def test_the_chain_skips_whoever_the_case_is_about(story: Story) -> None:
    boss = given.a_person("boss", role="lead", team=None)
    parent = given.a_team("whole")
    parent.lead = boss
    parent.save()
    lena = given.a_lead("lena")
    team = lena.grants.get().team
    assert team is not None
    team.parent, team.lead = parent, lena
    team.save()
    case = given.a_case("我要投诉你们的服务态度")
    case.about.add(lena)
    story.later(MONDAY_9 + seconds(1))
    story.later(MONDAY_9 + minutes(61))
    assert not Notice.objects.filter(staff=lena).exists()
    assert Notice.objects.filter(staff=boss, kind="case.escalated").count() == 1


def test_work_that_waited_is_given_to_the_first_who_comes_on_duty_by_what_breaks_next(story: Story) -> None:
    normal = given.a_case()
    urgent = given.a_case("系统全部瘫痪")
    alice = given.an_agent("alice", password=given.PASSWORD)
    desk = Client()
    post(desk, "/sign-in", number="alice", password=given.PASSWORD)
    post(desk, "/scope")
    story.later(MONDAY_9 + seconds(5))
    assert {given.fresh(case).handler for case in (normal, urgent)} == {alice}
    order = list(
        Entry.objects.filter(kind="case.assigned").order_by("id").values_list("case__number", flat=True)
    )
    assert order == [urgent.number, normal.number]


def test_a_program_brings_a_message_and_sees_it_through(story: Story) -> None:
    shop = given.with_token(given.a_token("all"))

    def call(method: str, path: str, body: Any) -> Any:
        return shop.generic(
            method, f"/api/v1{path}", given.as_json(body), content_type="application/json"
        ).json()

    message = {
        "channel": "api",
        "external_id": "o-1",
        "sender": {"phone": "13955550145"},
        "text": "我要退款 13655550199",
        "attachments": [{"name": "photo.png", "content_type": "image/png", "data": "iVBORw0KGgo="}],
    }
    first, again = call("POST", "/inbound", message), call("POST", "/inbound", message)
    assert (first["duplicate"], again["duplicate"]) == (False, True)
    assert again["case"]["number"] == first["case"]["number"] and again["entry_id"] == first["entry_id"]
    number = first["case"]["number"]
    story.later(MONDAY_9 + seconds(2))
    said = call("POST", f"/cases/{number}/entries", {"kind": "reply", "text": "已受理", "client_id": "c1"})
    version = said["case"]["version"]
    solved = call("POST", f"/cases/{number}/resolve", {"version": version, "resolution": "已退款"})
    assert solved["status"] == "resolved" and solved["version"] == version + 1
    stale = call("POST", f"/cases/{number}/confirm", {"version": version})
    assert (stale["code"], stale["version"]) == ("stale", version + 1)
    assert call("POST", f"/cases/{number}/confirm", {"version": version + 1})["status"] == "closed"
    whole = shop.get(f"/api/v1/cases/{number}").json()
    assert [entry["seq"] for entry in whole["entries"]] == list(range(1, len(whole["entries"]) + 1))
    assert "13655550199" not in given.as_json(whole)


def test_a_message_that_cannot_be_understood_is_answered_calmly_and_handled_once_it_can_be(
    story: Story,
) -> None:
    team = given.a_team("service")
    team.is_default = False
    team.save()
    customer = Client()
    once = customer.get("/ask").context["form"].initial["once"]
    asked = customer.post(
        "/ask", {"name": "李雷", "contact": "13955550123", "text": "无法开机", "once": once}, follow=True
    )
    assert asked.status_code in (200, 202)
    team.is_default = True
    team.save()
    story.later(MONDAY_9 + hours(1))
    assert Case.objects.count() == 1


def test_what_was_corrected_and_sent_again_is_not_lost(story: Story) -> None:
    customer = Client()
    once = customer.get("/ask").context["form"].initial["once"]
    given_ = {"name": "李雷", "contact": "13955550123", "once": once}
    customer.post("/ask", {**given_, "text": "无法开机"})
    answer = customer.post("/ask", {**given_, "text": "无法开机,型号是 X1"}, follow=True)
    assert answer.status_code == 200
    assert Case.objects.count() == 2
