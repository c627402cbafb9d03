"""What pages change about a person, a role or a team, a program with the scope admin changes too."""

import json
from typing import Any

import pytest
from django.contrib.auth.hashers import check_password
from django.test import Client

from huiyin.base.models import AuditRow
from huiyin.duty import presence
from huiyin.staff.models import Grant, Role, Staff, Team
from tests import given

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("monday")]


@pytest.fixture
def program() -> Client:
    return given.with_token(given.a_token("admin"))


def send(client: Client, method: str, path: str, body: Any = None) -> Any:
    return client.generic(method, f"/api/v1{path}", json.dumps(body or {}), content_type="application/json")


def test_only_what_is_named_about_a_person_changes(program: Client) -> None:
    given.an_agent("alice")
    told = send(program, "PATCH", "/people/alice", {"name": "王芳", "seniority": 7}).json()
    assert (told["name"], told["seniority"], told["language"]) == ("王芳", 7, "zh-hans")
    assert AuditRow.objects.get(action="staff.described").fields == ["name", "seniority"]
    assert send(program, "PATCH", "/people/alice", {"name": " "}).status_code == 422
    assert send(program, "PATCH", "/people/alice", {"is_active": False}).status_code == 422
    assert send(program, "PATCH", "/people/nobody", {"seniority": 1}).status_code == 404


def test_a_new_password_is_shown_once_and_ends_what_was_open(program: Client) -> None:
    browser = given.at_desk(given.an_agent("alice"))
    assert browser.get("/desk").status_code == 200
    made = send(program, "POST", "/people/alice/password").json()["one_time_password"]
    alice = Staff.objects.get(number="alice")
    assert check_password(made, alice.password) and alice.must_change_password
    assert browser.get("/desk").status_code == 302


def test_who_left_comes_back_and_who_is_here_may_be_given_work_or_not(program: Client) -> None:
    alice = given.an_agent("alice")
    assert send(program, "PUT", "/people/alice/presence", {"state": "away"}).json()["state"] == "away"
    assert presence.of(alice) == "away"
    assert send(program, "PUT", "/people/alice/presence", {"state": "asleep"}).status_code == 422
    assert send(program, "POST", "/people/alice/leave").status_code == 200
    gone = send(program, "PUT", "/people/alice/presence", {"state": "online"})
    assert (gone.status_code, gone.json()["code"]) == (422, "not_active")
    back = send(program, "POST", "/people/alice/come-back").json()
    assert back["is_active"] and back["one_time_password"]


def test_a_lead_s_role_is_lent_for_a_time_and_handed_back(program: Client) -> None:
    given.a_lead("lena")
    bob = given.an_agent("bob")
    loan = {"to": "bob", "role": "lead", "team": "service"}
    until = {"until": given.FRIDAY_17.isoformat()}
    told = send(program, "POST", "/people/lena/lendings", {**loan, **until}).json()
    assert [(one["role"], one["lent"]) for one in told["grants"] if one["lent"]] == [("lead", True)]
    assert given.seen_by(bob).may("case.reassign")
    twice = send(program, "POST", "/people/lena/lendings", {**loan, **until})
    assert (twice.status_code, twice.json()["code"]) == (422, "has_it_already")
    not_theirs = send(program, "POST", "/people/bob/lendings", {**loan, "to": "lena", **until})
    assert not_theirs.json()["code"] == "lend_not_yours"
    assert send(program, "POST", "/people/lena/hand-back", loan).status_code == 200
    assert not Grant.objects.exclude(lent_by=None).exists()
    assert send(program, "POST", "/people/lena/hand-back", loan).json()["code"] == "not_lent"
    assert send(program, "POST", "/people/lena/lendings", {**loan, **until, "to": "x"}).status_code == 422


def test_a_role_that_nobody_has_is_retired_and_a_retired_team_taken_back(program: Client) -> None:
    given.an_agent("alice")
    assert send(program, "POST", "/roles/agent/retire").status_code == 409
    assert send(program, "POST", "/roles/hr/retire").json() == {"code": "hr", "retired": True}
    assert Role.objects.get(code="hr").retired_at is not None
    team = given.a_team("returns")
    assert send(program, "POST", "/teams/returns/retire").status_code == 200
    assert send(program, "POST", "/teams/returns/restore").status_code == 200
    assert Team.objects.get(pk=team.pk).retired_at is None
