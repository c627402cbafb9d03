import json
import logging
from typing import Any

import pytest
from django.test import Client

from huiyin.base import audit
from huiyin.base.models import AuditRow
from huiyin.staff import people, tokens
from huiyin.staff.models import Grant, Leak, Role, Staff, Team, Token
from tests import given

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("monday")]


@pytest.fixture
def program() -> Client:
    return given.with_token(given.a_token("admin"))


def send(client: Client, method: str, path: str, body: Any = None) -> Any:
    return client.generic(method, f"/api/v1{path}", json.dumps(body or {}), content_type="application/json")


def test_a_person_joins_with_a_one_time_password_that_no_reading_shows_again(program: Client) -> None:
    made = send(
        program, "POST", "/people", {"number": "CS9", "name": "王芳", "role": "agent", "team": "service"}
    )
    assert made.status_code == 201
    assert made.json()["one_time_password"]
    read = program.get("/api/v1/people/CS9").json()
    assert (read["name"], read["grants"][0]["role"]) == ("王芳", "agent")
    assert "password" not in json.dumps(read)


def test_a_taken_number_and_a_number_with_signs_are_refused(program: Client) -> None:
    given.an_agent("alice")
    taken = send(program, "POST", "/people", {"number": "ALICE", "name": "王芳", "role": "agent"})
    assert (taken.status_code, taken.json()["code"]) == (409, "number_taken")
    bad = send(program, "POST", "/people", {"number": "=1+1", "name": "王芳", "role": "agent"})
    assert (bad.status_code, bad.json()["code"]) == (422, "number_bad")


def test_people_are_listed_page_by_page_and_found_by_name_or_number(program: Client) -> None:
    for number in ("alice", "bob", "carol"):
        given.an_agent(number)
    first = program.get("/api/v1/people?limit=2").json()
    second = program.get(f"/api/v1/people?limit=2&cursor={first['next_cursor']}").json()
    assert [one["number"] for one in (*first["items"], *second["items"])] == ["alice", "bob", "carol"]
    assert [one["number"] for one in program.get("/api/v1/people?text=aro").json()["items"]] == ["carol"]


def test_a_role_is_given_until_a_time_and_withdrawn(program: Client) -> None:
    alice = given.an_agent("alice")
    body = {"role": "lead", "team": "service", "until": given.FRIDAY_17.isoformat()}
    assert send(program, "POST", "/people/alice/grants", body).status_code == 200
    assert given.seen_by(alice).may("case.reassign")
    send(program, "POST", "/people/alice/withdraw", {"role": "lead", "team": "service"})
    assert not given.seen_by(alice).may("case.reassign")


def test_who_carries_work_leaves_only_with_the_work_moved(program: Client) -> None:
    alice = given.an_agent("alice")
    given.an_agent("bob")
    case = given.a_case(handler=alice, status="open")
    refused = send(program, "POST", "/people/alice/leave")
    assert (refused.status_code, refused.json()["code"]) == (409, "still_carries")
    done = send(program, "POST", "/people/alice/leave", {"to": "bob"})
    assert (done.json()["moved_cases"], done.json()["is_active"]) == (1, False)
    assert given.fresh(case).handler.number == "bob"


def test_a_file_is_tried_before_it_is_imported(program: Client) -> None:
    text = "number,name,role\nCS7,王芳,agent\nx x,李雷,agent\n"
    lines = send(program, "POST", "/people/import", {"text": text}).json()["lines"]
    assert [[fault["code"] for fault in line["faults"]] for line in lines] == [[], ["number_bad"]]
    refused = send(program, "POST", "/people/import", {"text": text, "dry_run": False})
    assert (refused.status_code, Staff.objects.filter(number="CS7").exists()) == (422, False)
    good = {"text": text.rpartition("x x")[0], "dry_run": False}
    assert [one["number"] for one in send(program, "POST", "/people/import", good).json()["joined"]] == [
        "CS7"
    ]


def test_teams_sites_and_roles_are_saved_by_their_code(program: Client) -> None:
    name = {"zh": "仓库", "en": "Warehouse"}
    body = {"name": name, "site": "main", "functions": ["logistics"]}
    assert send(program, "PUT", "/teams/warehouse", body).json()["functions"] == ["logistics"]
    ring = send(program, "PUT", "/teams/warehouse", {**body, "parent": "warehouse"})
    assert ring.json()["code"] == "cycle"
    site = {"name": name, "zone": "Asia/Shanghai", "language": "en", "calendar": "office"}
    assert send(program, "PUT", "/sites/shop", site).status_code == 200
    role = {"name": name, "permissions": ["case.read"], "reach": "team"}
    assert send(program, "PUT", "/roles/packer", role).json()["permissions"] == ["case.read"]
    listed = [program.get(f"/api/v1/{noun}").json()["items"] for noun in ("teams", "sites", "roles")]
    assert all(name in [one["name"] for one in items] for items in listed)
    assert send(program, "PUT", "/roles/packer", {**role, "salary": 1}).status_code == 422


def test_a_team_with_open_cases_is_not_retired(program: Client) -> None:
    given.a_team("returns")
    given.a_case(team="returns")
    assert send(program, "POST", "/teams/returns/retire").json()["code"] == "team_in_use"
    given.a_team("empty")
    assert send(program, "POST", "/teams/empty/retire").json()["retired"]
    assert Team.objects.get(code="empty").retired_at is not None


def test_a_token_is_shown_once_listed_without_itself_and_revoked_at_once(program: Client) -> None:
    made = send(program, "POST", "/accounts", {"name": "crm", "scopes": ["cases:read"]}).json()
    other = given.with_token(made["token"])
    assert other.get("/api/v1/cases").status_code == 200
    listed = program.get("/api/v1/accounts").json()
    assert made["token"] not in json.dumps(listed)
    uuid = Token.objects.get(staff__number="svc-crm").uuid
    assert send(program, "DELETE", f"/accounts/tokens/{uuid}").status_code == 200
    assert other.get("/api/v1/cases").status_code == 401
    assert send(program, "DELETE", f"/accounts/tokens/{uuid}").status_code == 404


def test_a_token_says_when_it_was_last_used_and_counts_nowhere_but_in_its_header(
    program: Client, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    secret = send(program, "POST", "/accounts", {"name": "crm", "scopes": ["cases:read"]}).json()["token"]

    def used() -> object:
        (one,) = [a for a in program.get("/api/v1/accounts").json()["items"] if a["number"] == "svc-crm"]
        return one["tokens"][0]["used_at"]

    assert used() is None
    for name in ("token", "access_token", "api_key", "key"):
        assert Client().get("/api/v1/cases", {name: secret}).status_code == 401
    assert Client().get(f"/api/v1/cases/{secret}").status_code == 401
    assert given.with_token(secret).get("/api/v1/cases").status_code == 200
    assert used() == given.MONDAY_9.isoformat()
    header_only = [record for record in caplog.records if not record.name.startswith("django")]
    assert secret not in "".join(record.getMessage() + str(vars(record)) for record in header_only)
    assert secret not in str(list(AuditRow.objects.values()))


def test_a_token_ends_by_itself_when_it_expires(program: Client, monday: Any) -> None:
    body = {"name": "crm", "scopes": ["cases:read"], "expires_at": given.FRIDAY_17.isoformat()}
    other = given.with_token(send(program, "POST", "/accounts", body).json()["token"])
    assert other.get("/api/v1/cases").status_code == 200
    monday.move_to(given.FRIDAY_17)
    assert other.get("/api/v1/cases").status_code == 401


def test_the_audit_is_read_by_auditors_only() -> None:
    token = given.a_token("audit:read")
    assert given.with_token(token).get("/api/v1/audit").status_code == 403
    Grant.objects.filter(staff__kind="service").update(role=Role.objects.get(code="auditor"))
    tokens.forget()
    answer = given.with_token(token).get("/api/v1/audit?what=token.&limit=1").json()
    assert answer["items"][0]["action"] == "token.made"
    audit.seal()
    assert given.with_token(token).get("/api/v1/audit/chain").json()["holds"]
    assert given.with_token(token).get("/api/v1/audit?cursor=x").status_code == 422


def test_a_leak_is_registered_with_persons_fields_and_measures(program: Client) -> None:
    known = given.a_customer().number
    body = {
        "persons": [known],
        "fields": ["phone"],
        "what_happened": "名单被转发到外部群",
        "noticed_at": given.MONDAY_9.isoformat(),
    }
    made = send(program, "POST", "/leaks", body)
    assert made.status_code == 201
    done = send(
        program, "POST", f"/leaks/{made.json()['id']}/measures", {"measures": "已通知客户", "done": True}
    )
    assert done.json()["closed_at"]
    assert program.get("/api/v1/leaks").json()["items"][0]["persons"] == [known]
    for nobody in ("王芳", "C999999"):
        refused = send(program, "POST", "/leaks", {**body, "persons": [known, nobody]}).json()
        assert (refused["code"], refused["params"]) == ("customer_unknown", {"what": nobody})
    assert send(program, "POST", "/leaks", {**body, "fields": ["shoe"]}).json()["code"] == "field_unknown"
    assert Leak.objects.count() == 1


def test_ending_the_sessions_of_a_person_puts_them_out(program: Client) -> None:
    browser = given.at_desk(given.an_agent("alice"))
    assert send(program, "DELETE", "/people/alice/sessions").json() == {"ended": 1}
    assert browser.get("/desk").status_code == 302
    assert people.one("alice") is not None
