"""Requests, escalations, procedures and compensation as a program meets them."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from huiyin.cases.models import Case, Collaboration
from huiyin.staff.models import Staff, Team
from tests import given

pytestmark = pytest.mark.django_db
SOON = (datetime.now(UTC) + timedelta(days=30)).isoformat()


class Api:
    """A program with every scope."""

    def __init__(self) -> None:
        self.client = given.with_token(given.a_token())

    def post(self, path: str, body: dict[str, Any], *, expect: int = 200, method: str = "POST") -> Any:
        path = f"/api/v1/{path}"
        response = self.client.generic(method, path, given.as_json(body), content_type="application/json")
        assert response.status_code == expect, response.content.decode()
        return response.json()

    def get(self, path: str) -> Any:
        response = self.client.get(f"/api/v1/{path}")
        assert response.status_code == 200, response.content.decode()
        return response.json()


def an_open_case(text: str = "我的电脑突然无法开机") -> tuple[Case, Staff]:
    alice = given.an_agent()
    return given.a_case(text, handler=alice, status="open"), alice


def asked(api: Api, case: Case, **more: Any) -> Any:
    given.a_team("logistics")
    body = {"department": "logistics", "subject": "查运单", "details": "三天没动", "due_at": SOON, **more}
    return api.post(f"cases/{case.number}/collaborations", body, expect=201)["collaboration"]


def test_a_request_goes_to_its_end_and_holds_the_close_meanwhile() -> None:
    api, (case, _) = Api(), an_open_case()
    request = asked(api, case)
    assert (request["state"], request["promise"]["kind"]) == ("open", "collaboration")
    version = given.fresh(case).version
    solved = {"version": version, "resolution": "已更换"}
    refused = api.post(f"cases/{case.number}/resolve", solved, expect=409)
    assert (refused["code"], refused["subjects"]) == ("open_request", ["查运单"])
    for verb in ("accept", "answer", "finish"):
        step = {"version": request["version"], "text": "已处理"}
        request = api.post(f"collaborations/{request['id']}/{verb}", step)
    assert request["state"] == "finished"
    assert api.post(f"cases/{case.number}/resolve", solved)["status"] == "resolved"


def test_a_new_case_that_cannot_be_finished_is_not_accepted_either() -> None:
    api, case = Api(), given.a_case()
    asked(api, case)
    api.post(f"cases/{case.number}/resolve", {"version": case.version, "resolution": "好了"}, expect=409)
    assert given.fresh(case).status == "new"
    body = {"version": case.version, "resolution": "好了", "despite": "客户已收到货"}
    assert api.post(f"cases/{case.number}/resolve", body)["status"] == "resolved"


def test_a_step_on_an_older_version_or_from_the_wrong_place_is_refused() -> None:
    api, (case, _) = Api(), an_open_case()
    request = asked(api, case)
    api.post(f"collaborations/{request['id']}/accept", {"version": 1})
    late = api.post(f"collaborations/{request['id']}/return", {"version": 1, "text": "不归我们"}, expect=409)
    wrong = api.post(f"collaborations/{request['id']}/accept", {"version": 2}, expect=409)
    assert (late["code"], wrong["code"]) == ("stale", "move_not_allowed")


def test_nonsense_is_named_field_by_field() -> None:
    api, (case, _) = Api(), an_open_case()
    given.a_team("logistics")
    body = {"department": "nowhere", "subject": "查", "details": "查", "due_at": SOON}
    path = f"cases/{case.number}/collaborations"
    assert "department" in api.post(path, body, expect=422)["fields"]
    past = {**body, "department": "logistics", "due_at": "2020-01-01T09:00:00+08:00"}
    assert api.post(path, past, expect=422)["fields"] == {"due": "not_after_now"}
    far = {**body, "department": "logistics", "due_at": "2099-01-01T09:00:00+08:00"}
    assert api.post(path, far, expect=422)["fields"] == {"due": "too_far"}
    assert "body.wrong" in api.post(path, {**body, "wrong": 1}, expect=422)["fields"]
    assert not Collaboration.objects.exists()


def test_the_list_turns_its_pages_without_loss() -> None:
    api, (case, _) = Api(), an_open_case()
    made = {asked(api, case)["id"] for _ in range(5)}
    seen: list[str] = []
    cursor = ""
    while cursor is not None:
        page = api.get(f"collaborations?limit=2{cursor and '&cursor=' + cursor}")
        seen += [one["id"] for one in page["items"]]
        cursor = page["next_cursor"]
    assert (len(seen), set(seen)) == (5, made)


def test_the_summary_names_the_case_without_its_people() -> None:
    api, (case, _) = Api(), an_open_case("请打 13655550123,电脑无法开机")
    request = asked(api, case, shared=[1])
    seen = api.get(f"collaborations/{request['id']}")
    assert seen["case"].keys() == {"number", "title", "category", "status"}
    assert [entry["kind"] for entry in seen["entries"]] == ["message.received", "collaboration.asked"]
    assert "13655550123" not in str(seen)


def test_escalating_names_whom_and_stops_at_the_top() -> None:
    api, (case, _) = Api(), an_open_case()
    given.a_lead()
    raised = api.post(f"cases/{case.number}/escalations", {"reason": "客户要找经理"}, expect=201)
    assert (raised["to"], raised["case"]["escalation_level"]) == ("lena", 1)
    again = api.post(f"cases/{case.number}/escalations", {"reason": "再来"}, expect=409)
    assert again["code"] == "nobody_above"
    assert "reason" in api.post(f"cases/{case.number}/escalations", {"reason": " "}, expect=422)["fields"]


def test_saying_whom_a_case_is_about_moves_it_to_supervision() -> None:
    api, (case, alice) = Api(), an_open_case()
    body = {"people": [alice.number], "reason": "投诉", "version": case.version}
    told = api.post(f"cases/{case.number}/about", body, method="PUT")
    assert (told["team"], told["handler"]) == ("supervision", None)
    entries = api.get(f"cases/{case.number}")["entries"]
    assert "case.about_told" not in {entry["kind"] for entry in entries}
    unknown = {**body, "people": ["nobody"], "version": told["version"]}
    assert "people" in api.post(f"cases/{case.number}/about", unknown, method="PUT", expect=422)["fields"]


def test_a_procedure_says_what_may_follow_and_what_is_still_missing() -> None:
    api, (case, _) = Api(), an_open_case("你们的服务态度太差")
    stage = api.get(f"cases/{case.number}/stage")
    assert (stage["stage"], [step["to"] for step in stage["next"]]) == ("accepted", ["investigating"])
    step = {"to": "investigating", "version": stage["version"]}
    now = api.post(f"cases/{case.number}/stage", step)
    assert (now["procedure"], now["stage"]) == ("service_complaint", "investigating")
    bare = {"to": "supervised", "version": now["version"], "form": {}}
    assert "form.cause" in api.post(f"cases/{case.number}/stage", bare, expect=422)["fields"]
    closed = api.post(f"cases/{case.number}/stage", {**bare, "to": "settled"}, expect=409)
    assert (closed["code"], closed["because"][0]["code"]) == ("step_not_open", "no_such_step")


def test_a_program_has_no_limit_of_its_own_so_a_manager_decides() -> None:
    api, (case, _) = Api(), an_open_case()
    given.a_person("max", role="manager", team=None)
    made = api.post(
        f"cases/{case.number}/compensations",
        {"kind": "coupon", "value": "5", "basis": "延误"},
        expect=201,
    )
    assert made["state"] == "proposed"
    listed = api.get(f"cases/{case.number}/compensations")["items"]
    assert [one["id"] for one in listed] == [made["id"]]
    approve = api.post(f"collaborations/{made['approval']}/approve", {"version": 1}, expect=403)
    assert approve["code"] == "not_yours"
    for value in ("0", "-3", "1.234", "NaN"):
        body = {"kind": "coupon", "value": value, "basis": "延误"}
        api.post(f"cases/{case.number}/compensations", body, expect=422)


def test_a_token_of_another_team_finds_none_of_it() -> None:
    api, (case, _) = Api(), an_open_case()
    request = asked(api, case)
    account = given.a_token(name="other")
    other = given.with_token(account)
    Staff.objects.get(number="svc-other").grants.update(team=Team.objects.get(code="supervision"))
    for path in (f"collaborations/{request['id']}", f"cases/{case.number}/stage"):
        assert other.get(f"/api/v1/{path}").status_code == 404
    assert other.get("/api/v1/collaborations").json()["items"] == []
