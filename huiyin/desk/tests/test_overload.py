"""The page for who is at the limit, and for the lead who helps."""

from html import unescape
from typing import Any

import pytest

from huiyin.base.models import AuditRow
from huiyin.duty import overload
from huiyin.duty.models import Overload
from huiyin.notices.models import Notice
from huiyin.staff.models import Staff, Team
from tests import given
from tests.given import MONDAY_9

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("monday")]
PAGE = "/desk/overload"


def text(response: Any) -> str:
    return unescape(response.content.decode())


def reported(staff: Staff) -> str:
    return str(overload.report(staff, "太多急件", None, by=given.actor(staff), at=MONDAY_9)[0].uuid)


def test_an_agent_says_it_sees_it_on_the_desk_and_takes_it_back() -> None:
    given.a_lead()
    alice = given.at_desk(given.on_duty(given.an_agent("alice")))
    assert 'class="list__resting"' not in text(alice.get("/desk"))
    assert "lena 同事" in text(alice.get(PAGE))
    body = {"act": "say", "word": "太多急件", "until": "2026-03-02T18:00"}
    assert alice.post(PAGE, body).status_code == 302
    assert (Overload.objects.get().word, given.a_case().handler) == ("太多急件", None)
    assert "太多急件" in text(alice.get(PAGE))
    for page in ("/desk", "/desk/list"):
        assert 'class="list__resting"' in text(alice.get(page))
    given.work_done(at=MONDAY_9)
    lead = given.at_desk(Staff.objects.get(number="lena"))
    assert f'href="{PAGE}"' in text(lead.get("/desk/list"))
    assert alice.post(PAGE, {"act": "end"}).headers["Location"] == "/desk"
    assert 'class="list__resting"' not in text(alice.get("/desk"))
    assert alice.post(PAGE, {"act": "end"}).status_code == 302


def test_what_is_wrong_is_said_and_what_was_typed_is_kept() -> None:
    alice = given.at_desk(given.an_agent("alice"))
    answer = alice.post(PAGE, {"act": "say", "word": "太多急件", "until": "2026-03-01T18:00"})
    assert answer.status_code == 422
    assert 'value="太多急件"' in text(answer)
    assert alice.post(PAGE, {"act": "say", "word": "x", "until": "soon"}).status_code == 422
    assert alice.post(PAGE, {"act": "dance"}).status_code == 400
    assert not Overload.objects.exists()


def test_a_lead_sees_what_they_carry_takes_cases_over_and_ends_it_with_a_word() -> None:
    lena, alice = given.a_lead(), given.an_agent("alice")
    mine, other = (given.a_case(handler=alice, status="open") for _ in range(2))
    report = reported(alice)
    lead = given.at_desk(lena)
    page = text(lead.get(PAGE))
    assert all(words in page for words in ("alice 同事", "太多急件", mine.number, other.number))
    body = {"act": "relieve", "report": report, "do": "reassign", "to": "lena", "case": f"{mine.number}.0"}
    stale = lead.post(PAGE, body)
    assert (stale.status_code, given.fresh(mine).handler) == (200, alice)
    body["case"] = f"{mine.number}.{mine.version}"
    assert f"/desk/cases/{mine.number}" in text(lead.post(PAGE, body))
    assert (given.fresh(mine).handler, given.fresh(other).handler) == (lena, alice)
    assert lead.post(PAGE, {"act": "relieve", "report": report, "do": "reassign"}).status_code == 422
    assert lead.post(PAGE, {"act": "end", "report": report}).status_code == 422
    assert lead.post(PAGE, {"act": "end", "report": report, "word": "急件已转走"}).status_code == 302
    assert lead.post(PAGE, body).status_code == 409
    assert "急件已转走" in text(given.at_desk(alice).get(PAGE))


def test_only_who_leads_there_sees_it_or_may_help() -> None:
    _, bob, charlie = given.alice_bob_charlie()
    lena = given.a_lead()
    foreign, own, beside = reported(charlie), reported(bob), given.at_desk(given.an_agent("dora"))
    lead = given.at_desk(lena)
    assert foreign not in text(lead.get(PAGE)) and own in text(lead.get(PAGE))
    assert own not in text(beside.get(PAGE))
    for client, report in ((lead, foreign), (beside, own), (lead, "none")):
        for act in ("end", "relieve"):
            body = {"act": act, "report": report, "word": "好了", "do": "give_back", "case": "x"}
            assert client.post(PAGE, body).status_code == 404
    # One's own is taken back, not helped.
    body = {"act": "relieve", "report": own, "do": "give_back", "case": "x"}
    assert given.at_desk(bob).post(PAGE, body).status_code == 403
    assert Overload.objects.standing().count() == 2


def test_a_stand_in_is_lent_and_the_person_is_told() -> None:
    lena, alice = given.a_lead(), given.an_agent("alice")
    given.an_agent("bob")
    report = reported(alice)
    lead = given.at_desk(lena)
    assert "?instead_of=alice#" in text(lead.get(PAGE))
    assert 'value="alice"' in text(lead.get("/desk/me?instead_of=alice"))
    lent = {"act": "lend", "to": "bob", "role": "lead", "team": "service", "until": "2026-03-06T17:00"}
    assert lead.post("/desk/me", {**lent, "instead_of": "alice"}).status_code == 302
    given.work_done(at=MONDAY_9)
    notice = Notice.objects.get(staff=alice)
    assert (notice.kind, notice.params["to"]) == ("overload.stood_in", "bob 同事")
    assert AuditRow.objects.get(action="overload.stood_in").fields == ["to:bob"]
    assert str(Overload.objects.standing().get().uuid) == report


def test_the_page_says_so_when_nobody_is_there_to_be_told() -> None:
    Team.objects.update(lead=None)
    alice = given.at_desk(given.an_agent("alice"))
    page = text(alice.get(PAGE, headers={"Accept-Language": "en"}))
    assert "同事" not in page.partition('id="own-title"')[2]
