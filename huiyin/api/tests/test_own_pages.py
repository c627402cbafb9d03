"""What people's own pages do, a program does too: only for whom it gives work, only of cases that it sees."""

from typing import Any

import pytest
from django.test import Client

from huiyin.base.models import AuditRow
from huiyin.cases import about, mentions
from huiyin.notices import tell
from huiyin.notices.models import Notice
from huiyin.staff.models import Grant, Staff, Team
from tests import given
from tests.given import MONDAY_9

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("monday")]


@pytest.fixture
def alice() -> Staff:
    return given.an_agent("alice")


@pytest.fixture
def program(alice: Staff) -> Client:
    """A program of the service team."""
    token = given.a_token("cases:write")
    Grant.objects.filter(staff__number="svc-shop").update(team=Team.objects.get(code="service"))
    return given.with_token(token)


def send(client: Client, method: str, path: str, **body: Any) -> Any:
    return client.generic(
        method, f"/api/v1/people{path}", given.as_json(body), content_type="application/json"
    )


def items(client: Client, path: str) -> Any:
    return client.get(f"/api/v1/people{path}").json()["items"]


def told(staff: Staff, cause: str, number: str) -> None:
    tell.tell([staff.pk], "case.assigned", cause=cause, case_number=number, at=MONDAY_9)


def test_unread_notices_are_listed_in_words_and_marked_one_by_one(program: Client, alice: Staff) -> None:
    first, second = given.a_case(handler=alice), given.a_case(handler=alice)
    Notice.objects.all().delete()
    told(alice, "1", first.number)
    told(alice, "2", second.number)
    newest, oldest = items(program, "/alice/notices")
    assert (newest["case"], oldest["case"]) == (second.number, first.number)
    assert newest["kind"] == "case.assigned" and second.number in newest["sentence"]
    assert send(program, "POST", "/alice/notices/read", ids=[newest["id"]]).json() == {"marked": 1}
    assert send(program, "POST", "/alice/notices/read", ids=[newest["id"]]).json() == {"marked": 0}
    assert items(program, "/alice/notices") == [oldest]
    assert len(items(program, "/alice/notices?limit=1")) == 1
    (row,) = AuditRow.objects.filter(action="notices.read")
    assert (row.object, row.by_ref) == ("staff:alice", "svc-shop")
    assert send(program, "POST", "/alice/notices/read", ids=[]).status_code == 422


def test_what_the_account_does_not_see_it_neither_reads_nor_marks(program: Client, alice: Staff) -> None:
    given.a_team("returns")
    hidden = given.a_case(team="returns", handler=given.an_agent("charlie", team="returns"))
    about_her = given.a_case(handler=alice)
    Notice.objects.all().delete()
    for cause, case in (("1", hidden), ("2", about_her)):
        told(alice, cause, case.number)
    about.tell_about(about_her, [alice], "客户投诉", by=given.actor(given.a_lead()), at=MONDAY_9)
    names = [tell.ref_of(one) for one in Notice.objects.filter(staff=alice)]
    assert items(program, "/alice/notices") == []
    assert send(program, "POST", "/alice/notices/read", ids=names).json() == {"marked": 0}
    assert not Notice.objects.exclude(read_at=None).exists()
    for path in ("/charlie/notices", "/charlie/mentions", "/svc-shop/notices", "/nobody/notices"):
        assert program.get(f"/api/v1/people{path}").status_code == 404, path


def test_mentions_name_the_case_only_where_the_account_sees_it(program: Client, alice: Staff) -> None:
    given.a_team("returns")
    bob, charlie = given.an_agent("bob"), given.an_agent("charlie", team="returns")
    seen, hidden = given.a_case(handler=bob), given.a_case(team="returns", handler=charlie)
    mentions.record(seen, "@alice 请看", 1, by=given.actor(bob), at=MONDAY_9)
    mentions.record(hidden, "@alice 请看", 1, by=given.actor(charlie), at=MONDAY_9)
    (one,) = items(program, "/alice/mentions")
    assert (one["case"], one["by"], one["state"]) == (seen.number, "bob", "asked")
    assert len(mentions.of_person(alice.pk)) == 2


def test_sessions_are_listed_and_ended_one_or_all_others(alice: Staff) -> None:
    program = given.with_token(given.a_token("admin"))
    home, work, away = (given.at_desk(alice) for _ in range(3))
    names = [one["id"] for one in items(program, "/alice/sessions")]
    assert len(names) == 3
    for path in ("/alice/sessions/none", "/alice/sessions?but=none"):
        assert send(program, "DELETE", path).status_code == 404
    given.at_desk(given.an_agent("bob"))
    (foreign,) = [one["id"] for one in items(program, "/bob/sessions")]
    for path in (f"/alice/sessions/{foreign}", f"/alice/sessions?but={foreign}"):
        assert send(program, "DELETE", path).status_code == 404
    assert len(items(program, "/alice/sessions")) == 3
    assert send(program, "DELETE", f"/alice/sessions/{names[0]}").json() == {"ended": 1}
    assert send(program, "DELETE", f"/alice/sessions?but={names[1]}").json() == {"ended": 1}
    assert [one["id"] for one in items(program, "/alice/sessions")] == [names[1]]
    assert sorted(client.get("/desk").status_code for client in (home, work, away)) == [200, 302, 302]
    assert AuditRow.objects.filter(action="session.ended").latest("id").fields == ["others"]
