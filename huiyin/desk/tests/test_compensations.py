"""The register of compensation and the limits of the roles: on pages and by API."""

from decimal import Decimal
from typing import Any

import pytest
from django.test import Client

from huiyin.base.models import AuditRow
from huiyin.cases import about, compensation
from huiyin.cases.models import Case, Compensation
from huiyin.rules import book as rulebook
from huiyin.rules import limits
from huiyin.staff.models import Staff
from tests import given
from tests.given import MONDAY_9, days

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("monday")]


@pytest.fixture(autouse=True)
def fresh_book() -> Any:
    yield
    rulebook.forget()


def given_away(
    case: Case, by: Staff, value: str, kind: str = "coupon", *, at: Any = MONDAY_9
) -> Compensation:
    wanted = compensation.Proposal(kind, Decimal(value), "物流延误三天")
    return compensation.propose(given.fresh(case), wanted, by=given.actor(by), at=at)


def page(desk: Client, query: str = "") -> str:
    answer = desk.get(f"/desk/compensations?{query}")
    assert answer.status_code == 200
    return " ".join(answer.content.decode().split())


def test_the_register_shows_what_was_given_across_cases_with_totals_of_what_was_granted() -> None:
    alice, lena = given.an_agent(), given.a_lead()
    given.a_person("max", role="manager", team=None)
    one, two = (given.a_case(handler=alice, status="open") for _ in range(2))
    given_away(one, alice, "20")
    given_away(two, lena, "15.50")
    given_away(two, alice, "300", "gift")
    shown = page(given.at_desk(lena))
    assert one.number in shown and two.number in shown and "物流延误三天" in shown
    assert "优惠券: 2 × · 35.50" in shown and "赠品: 1 ×" not in shown
    assert one.number not in page(given.at_desk(lena), "person=lena")
    assert "35.50" not in page(given.at_desk(lena), "kind=gift")
    assert one.number not in page(given.at_desk(lena), "from=2026-03-03&to=2026-03-09")
    assert one.number not in page(given.at_desk(lena), "state=proposed")


def test_nobody_finds_there_what_was_given_in_a_case_that_they_may_not_see() -> None:
    alice, lena = given.an_agent(), given.a_lead()
    case = given.a_case(handler=alice, status="open")
    given_away(case, alice, "20")
    assert case.number in page(given.at_desk(lena))
    assert case.number not in page(given.at_desk(given.an_agent("bob")))
    about.tell_about(case, [lena], "涉及组长", by=given.OPERATOR, at=MONDAY_9)
    assert case.number not in page(given.at_desk(lena)) and "20.00" not in page(given.at_desk(lena))


def test_by_api_it_is_paged_filtered_by_day_and_summed() -> None:
    alice = given.an_agent()
    cases = [given.a_case(handler=alice, status="open") for _ in range(3)]
    for n, case in enumerate(cases):
        given_away(case, alice, "10", at=MONDAY_9 + days(n))
    client = given.with_token(given.a_token("cases:read"))
    first = client.get("/api/v1/compensations", {"limit": 2}).json()
    assert [item["case"] for item in first["items"]] == [cases[2].number, cases[1].number]
    assert first["granted"] == [{"kind": "coupon", "count": 3, "value": "30.00"}]
    rest = client.get("/api/v1/compensations", {"limit": 2, "cursor": first["next_cursor"]}).json()
    assert [item["case"] for item in rest["items"]] == [cases[0].number] and rest["next_cursor"] is None
    day = client.get("/api/v1/compensations", {"from": "2026-03-03", "to": "2026-03-03"}).json()
    assert [item["case"] for item in day["items"]] == [cases[1].number]
    for wrong in ({"cursor": "junk"}, {"kind": "car"}, {"from": "today"}):
        assert client.get("/api/v1/compensations", wrong).status_code == 422


def test_a_limit_that_is_changed_counts_for_the_next_proposal() -> None:
    alice = given.an_agent()
    given.a_person("max", role="manager", team=None)
    case = given.a_case(handler=alice, status="open")
    root = given.at_desk(given.a_person("root", role="administrator", team=None))
    assert 'value="20.00"' in root.get("/desk/limits").content.decode()
    form = {"role": "agent", "coupon": "50", "gift": "5.5", "refund": "", "service": ""}
    assert root.post("/desk/limits", form).status_code == 302
    assert given_away(case, alice, "50").state == "granted"
    assert given_away(case, alice, "5.50", "gift").state == "granted"
    assert root.post("/desk/limits", {**form, "coupon": ""}).status_code == 302
    other = given.a_case(handler=alice, status="open")
    assert given_away(other, alice, "0.01").state == "proposed"
    rows = AuditRow.objects.filter(action="limit.set", object="role:agent").order_by("pk")
    assert [row.fields for row in rows] == [["coupon", "gift"], ["coupon"]]
    assert root.post("/desk/limits", {**form, "coupon": ""}).status_code == 302
    assert rows.count() == 2


@pytest.mark.parametrize("wrong", ["much", "-1", "1.005", "NaN", "1e9"])
def test_what_is_no_sum_is_refused_and_stays_in_the_form(wrong: str) -> None:
    root = given.at_desk(given.a_person("root", role="administrator", team=None))
    answer = root.post("/desk/limits", {"role": "agent", "coupon": wrong})
    assert answer.status_code == 422 and f'value="{wrong}"' in answer.content.decode()
    assert limits.of_roles()["agent"]["coupon"] == Decimal("20.00")


def test_by_api_the_limits_are_listed_and_set_kind_by_kind() -> None:
    client = given.with_token(given.a_token("config:write"))

    def put(role: str, body: dict[str, Any]) -> Any:
        path = f"/api/v1/compensation-limits/{role}"
        return client.put(path, given.as_json(body), content_type="application/json")

    told = {"role": "agent", "coupon": "20.00", "refund": None, "gift": None, "service": None}
    assert told in client.get("/api/v1/compensation-limits").json()["items"]
    assert put("agent", {"gift": "12.30"}).json() == {**told, "gift": "12.30"}
    assert put("agent", {"coupon": None}).json() == {**told, "coupon": None, "gift": "12.30"}
    assert put("nobody", {"coupon": "1"}).status_code == 422
    assert put("agent", {"coupon": "-1"}).status_code == 422
    assert put("agent", {"car": "1"}).status_code == 422
