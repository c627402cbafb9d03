"""Requests, escalation, procedure and compensation on the desk, by plain forms."""

import re
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.test import Client

from huiyin.cases.models import Case, Collaboration, Compensation
from huiyin.staff.models import Staff, Team
from tests import given

pytestmark = pytest.mark.django_db
SOON = (datetime.now(UTC) + timedelta(days=30)).strftime("%Y-%m-%dT%H:%M")


def an_open_case(text: str = "我的电脑突然无法开机") -> tuple[Case, Staff]:
    alice = given.an_agent()
    return given.a_case(text, handler=alice, status="open"), alice


def logistics() -> Staff:
    team = given.a_team("logistics")
    lou = given.a_person("lou", role="collaborator", team="logistics")
    Team.objects.filter(pk=team.pk).update(contact=lou)
    return lou


def done(client: Client, case: Case, act: str, *, expect: int = 302, **form: Any) -> str:
    given_ = {"act": act, "version": given.fresh(case).version, **form}
    answer = client.post(f"/desk/cases/{case.number}/together/act", given_)
    assert answer.status_code == expect, answer.content.decode()
    return answer.content.decode()


def ask(client: Client, case: Case) -> Collaboration:
    done(client, case, "ask", department="logistics", subject="查运单", details="三天没动", due=SOON)
    return Collaboration.objects.get()


def test_a_request_is_asked_answered_by_its_department_and_finished() -> None:
    (case, alice), lou = an_open_case(), logistics()
    at_alice, at_lou = given.at_desk(alice), given.at_desk(lou)
    request = ask(at_alice, case)
    seen = at_lou.get("/desk/requests").content.decode()
    assert "查运单" in seen and case.number in seen and "三天没动" in seen
    step = {"asked": request.uuid, "verb": "answer", "version": 1, "text": "已催促快递"}
    assert at_lou.post("/desk/requests", step).status_code == 302
    page = at_alice.get(f"/desk/cases/{case.number}/together").content.decode()
    assert "已催促快递" in page
    done(at_alice, case, "step", asked=request.uuid, verb="finish", version=2)
    request.refresh_from_db()
    assert request.state == "finished"


def test_the_other_department_opens_no_case_and_takes_no_step_of_the_asker() -> None:
    (case, alice), lou = an_open_case(), logistics()
    request = ask(given.at_desk(alice), case)
    client = given.at_desk(lou)
    assert client.get(f"/desk/cases/{case.number}").status_code == 403
    step = {"asked": request.uuid, "verb": "withdraw", "version": 1}
    assert client.post("/desk/requests", step).status_code == 403


def test_answering_without_words_keeps_the_request_and_says_what_is_missing() -> None:
    (case, alice), lou = an_open_case(), logistics()
    request = ask(given.at_desk(alice), case)
    step = {"asked": request.uuid, "verb": "answer", "version": 1, "text": " "}
    answer = given.at_desk(lou).post("/desk/requests", step)
    assert answer.status_code == 422 and 'role="alert"' in answer.content.decode()
    late = given.at_desk(lou).post("/desk/requests", {**step, "version": 9, "text": "明天送到"})
    assert (
        late.status_code == 409 and "明天送到" in late.content.decode()
    )  # the words are not lost with the step


def test_the_case_page_shows_what_is_open_and_asks_for_a_reason_to_finish_over_it() -> None:
    (case, alice), _ = an_open_case(), logistics()
    client = given.at_desk(alice)
    ask(client, case)
    page = client.get(f"/desk/cases/{case.number}").content.decode()
    assert "查运单" in page and 'name="despite"' in page
    solved = {"move": "resolve", "version": given.fresh(case).version, "text": "已更换"}
    refused = client.post(f"/desk/cases/{case.number}/move", solved)
    assert refused.status_code == 409 and "已更换" in refused.content.decode()
    assert (
        client.post(f"/desk/cases/{case.number}/move", {**solved, "despite": "已收到货"}).status_code == 302
    )
    assert given.fresh(case).status == "resolved"


def test_escalating_by_hand_needs_a_reason_and_shows_the_case_to_who_may_not_open_it() -> None:
    case, alice = an_open_case()
    gina = given.a_person("gina", role="general_manager", team=None)
    client = given.at_desk(alice)
    done(client, case, "escalate", reason=" ", expect=422)
    done(client, case, "escalate", reason="客户要见总经理")
    assert case.number in given.at_desk(gina).get("/desk/requests").content.decode()
    done(client, case, "escalate", reason="再来一次", expect=409)


def test_who_said_that_a_case_is_about_a_colleague_may_lose_sight_of_it_too() -> None:
    case, alice = an_open_case()
    lena = given.a_lead()
    done(given.at_desk(alice), case, "about", people="alice", reason="投诉", expect=403)
    done(given.at_desk(lena), case, "about", people="nobody", reason="投诉", expect=422)
    done(given.at_desk(lena), case, "about", people="alice", reason="投诉")
    assert (given.fresh(case).team.code, given.fresh(case).handler) == ("supervision", None)


def test_nothing_on_the_desk_shows_a_case_to_the_person_it_is_about() -> None:
    (case, alice), lena = an_open_case("我要投诉你们的服务态度"), given.a_lead()
    logistics()
    ask(given.at_desk(alice), case)
    given.work_done(at=given.MONDAY_9)
    done(given.at_desk(lena), case, "about", people="alice", reason="投诉")
    client = given.at_desk(alice)
    for path in ("/desk", "/desk/list", "/desk/requests"):
        assert case.number not in client.get(path).content.decode(), path
    for path in ("", "/timeline", "/together", "/relations", "/promises"):
        assert client.get(f"/desk/cases/{case.number}{path}").status_code == 404, path


def test_a_stage_shows_its_form_and_keeps_what_was_typed_when_something_is_missing() -> None:
    case, alice = an_open_case("你们的服务态度太差")
    client = given.at_desk(alice)
    done(client, case, "advance", to="investigating")
    page = client.get(f"/desk/cases/{case.number}/together").content.decode()
    assert 'name="form.cause"' in page
    form = {"form.facts": "听了录音", "form.cause": "培训不足"}
    refused = done(client, case, "advance", to="supervised", expect=422, **form)
    assert "听了录音" in refused
    assert re.findall(r'id="form\.(\w+)-error"', refused) == ["result"]  # each that is missing, no other
    done(client, case, "advance", to="supervised", **form, **{"form.result": "已道歉"})
    assert given.fresh(case).stage == "supervised"
    done(client, case, "advance", to="settled", expect=409)


def test_compensation_above_the_limit_waits_on_the_managers_page() -> None:
    case, alice = an_open_case()
    max_ = given.a_person("max", role="manager", team=None)
    client, at_max = given.at_desk(alice), given.at_desk(max_)
    done(client, case, "compensate", kind="coupon", value="十元", basis="延误", expect=422)
    done(client, case, "compensate", kind="coupon", value="20", basis="延误")
    done(client, case, "compensate", kind="refund", value="50", basis="延误")
    approval = Collaboration.objects.get()
    assert str(approval.uuid) in at_max.get("/desk/requests").content.decode()
    step = {"asked": approval.uuid, "verb": "approve", "version": 1}
    assert client.post("/desk/requests", step).status_code == 403
    assert at_max.post("/desk/requests", step).status_code == 302
    assert set(Compensation.objects.values_list("kind", "state")) == {
        ("coupon", "granted"),
        ("refund", "granted"),
    }


def test_the_page_of_requests_asks_the_database_as_often_for_many_as_for_one(
    django_assert_max_num_queries: Any,
) -> None:
    (case, alice), lou = an_open_case(), logistics()
    client, at_lou = given.at_desk(alice), given.at_desk(lou)
    counts = []
    for n in (1, 5):
        for _ in range(n):
            done(client, case, "ask", department="logistics", subject="查运单", details="三天没动", due=SOON)
        with django_assert_max_num_queries(40) as asked:
            page = at_lou.get("/desk/requests").content.decode()
        counts.append(len(asked))
    assert page.count('name="asked"') == 6
    assert counts[0] == counts[1]


def test_who_approves_is_led_to_approving_and_never_to_withdrawing() -> None:
    case, alice = an_open_case()
    boss = given.a_person("boss", role="manager", team=None)
    done(given.at_desk(alice), case, "compensate", kind="refund", value="300", basis="发票开错两次")
    page = given.at_desk(boss).get("/desk/requests").content.decode()
    buttons = re.findall(r'class="button( button--main)?" name="verb" value="(\w+)"', page)
    assert buttons[0] == (" button--main", "approve") and [one for one in buttons if one[0]] == buttons[:1]
    assert buttons[-1][1] in ("refuse", "withdraw")
