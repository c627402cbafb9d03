"""What a colleague noticed themselves becomes a case without a customer, by page and by API."""

from decimal import Decimal
from typing import Any

import pytest
from django.test import Client

from huiyin.cases import (
    callbacks,
    compensation,
    editing,
    escalation,
    finishing,
    lifecycle,
    load,
    outcome,
    owing,
    procedure,
)
from huiyin.cases.compensation import Proposal
from huiyin.cases.models import Case, Promise
from huiyin.cases.moves import MoveNotAllowed
from huiyin.cases.owing import Made
from huiyin.cases.typed import Invalid
from huiyin.notices.models import Notice
from huiyin.staff.models import Staff
from tests import given
from tests.given import MONDAY_9, hours, minutes

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("monday")]
FORM = {"act": "open", "observed": "on", "channel": "manual", "text": "登录页的按钮点了没有反应"}
REPORT = {"place": "登录页", "seen": "按钮无反应", "source": "own"}


def noticed(alice: Staff, **more: str) -> Case:
    given.at_desk(alice).post("/desk/cases/new/open", FORM | more)
    return Case.objects.with_people().get()


def by_api(**body: Any) -> Any:
    client = given.with_token(given.a_token("all"))
    whole = {"text": "登录页的按钮点了没有反应", "observed_by": "alice"} | body
    return client.post("/api/v1/cases", given.as_json(whole), content_type="application/json")


def moved(case: Case, name: str, by: Staff, **told: Any) -> None:
    lifecycle.move(given.fresh(case), name, by=given.actor(by), at=MONDAY_9 + hours(1), **told)
    given.work_done(at=MONDAY_9 + hours(1))


def told(person: Staff) -> list[str]:
    mine = Notice.objects.filter(staff=person, kind__startswith="observation.").order_by("id")
    return list(mine.values_list("kind", flat=True))


def test_an_agent_opens_it_on_the_page_and_it_follows_the_platform_procedure() -> None:
    alice = given.an_agent()
    case = noticed(alice)
    assert (case.kind, case.family, case.customer, case.channel) == ("observation", "task", None, "")
    assert (case.owner, case.handler, case.status) == (alice, alice, "open")
    assert (case.category, case.procedure, case.stage) == (
        "platform_complaint",
        "platform_complaint",
        "reported",
    )
    owed = set(Promise.objects.filter(case=case).values_list("kind", flat=True))
    assert owed == {"complaint_closed_loop"}  # nobody is greeted, answered or called back
    assert load.wrong() == []


def test_it_goes_to_the_manager_and_the_technical_owner_and_its_reporter_sees_it_to_the_end() -> None:
    alice, lena = given.an_agent(), given.a_lead()
    case = noticed(alice, worker="queue")
    for to, by, form in (("classified", alice, REPORT), ("technical", lena, {}), ("answered", lena, {})):
        procedure.advance(given.fresh(case), to, by=given.actor(by), at=MONDAY_9 + minutes(5), form=form)
    assert given.fresh(case).stage == "answered"
    assert case in Case.objects.visible_to(given.seen_by(alice))


def test_its_reporter_is_told_when_it_is_solved_settled_or_set_aside_by_somebody_else() -> None:
    alice, lena = given.an_agent(), given.a_lead()
    case = noticed(alice)
    moved(case, "resolve", lena, text="已修复")
    assert told(alice) == ["observation.answered"] and told(lena) == []
    moved(case, "dispute", alice, text="还是一样")
    moved(case, "resolve", alice, text="现在可以了")
    moved(case, "confirm", lena)
    assert told(alice) == ["observation.answered", "observation.settled"]
    assert given.fresh(case).closed_loop == "lead"
    assert not Promise.objects.owed().filter(case=case).exists()


def test_what_is_set_aside_is_told_too() -> None:
    alice, lena = given.an_agent(), given.a_lead()
    moved(noticed(alice), "void", lena, text="重复登记", reason="mistake")
    assert told(alice) == ["observation.set_aside"]


def test_nothing_that_needs_a_customer_is_offered_on_its_pages() -> None:
    alice = given.an_agent()
    client, case = given.at_desk(alice), noticed(alice)
    moved(case, "resolve", alice, text="已修复")
    here = f"/desk/cases/{case.number}"
    page = client.get(here).content.decode()
    assert "同事自己发现" in page and "认可处理结果" in page
    for absent in ('value="reply"', "已电话确认", "快捷操作</a>", 'id="customer"', 'id="link-title"'):
        assert absent not in page, absent
    finishing_page = client.get(f"{here}/finishing").content.decode()
    assert 'value="callback"' not in finishing_page and 'value="outcome"' not in finishing_page
    assert 'id="basis"' not in client.get(f"{here}/together").content.decode()
    assert client.get(f"{here}/promises").status_code == client.get(f"{here}/record").status_code == 200


def test_nothing_that_needs_a_customer_can_be_done_with_it() -> None:
    alice = given.an_agent()
    case, by = noticed(alice), given.actor(alice)
    with pytest.raises(Invalid, match="missing"):
        lifecycle.reply(case, "您好", by=by, at=MONDAY_9)
    with pytest.raises(Invalid, match="no_customer"):
        owing.make(case, Made("call_back", MONDAY_9 + hours(2)), by=by, at=MONDAY_9)
    with pytest.raises(MoveNotAllowed):
        compensation.propose(case, Proposal("coupon", Decimal(5), "歉意"), by=by, at=MONDAY_9)
    moved(case, "resolve", alice, text="已修复")
    case = given.fresh(case)
    with pytest.raises(MoveNotAllowed):
        callbacks.record(case, callbacks.Attempt(finishing.NO_ANSWER), by=by, at=MONDAY_9)
    for said in finishing.OUTCOMES:
        with pytest.raises(Invalid, match="no_customer"):
            outcome.tell(case, said, how="channel", by=by, at=MONDAY_9)
    assert case.silence_at is None


def test_it_stays_in_a_category_that_needs_no_customer() -> None:
    alice = given.an_agent()
    case = noticed(alice)
    with pytest.raises(Invalid, match="needs_customer"):
        editing.edit(case, {"category": "refund"}, by=given.actor(alice), at=MONDAY_9)
    refused = given.at_desk(alice).post("/desk/cases/new/open", FORM | {"category": "refund"})
    assert refused.status_code == 422 and "这个分类的工单须有客户" in refused.content.decode()
    assert FORM["text"] in refused.content.decode() and 'name="observed"' in refused.content.decode()


def test_it_can_be_raised_by_hand() -> None:
    alice, lena = given.an_agent(), given.a_lead()
    assert escalation.by_hand(noticed(alice), "影响很多客户", by=given.actor(alice), at=MONDAY_9) == lena


def test_another_system_names_whose_observation_it_is() -> None:
    alice = given.an_agent()
    case = by_api(title="登录按钮", priority="low").json()["case"]
    assert (case["kind"], case["customer"], case["owner"], case["stage"]) == (
        "observation",
        None,
        "alice",
        "reported",
    )
    assert case["priority"] == "low" and case["handler"] is None
    seen = given.at_desk(alice).get(f"/desk/cases/{case['number']}").content.decode()
    assert "登录页的按钮点了没有反应" in seen


@pytest.mark.parametrize(
    ("wrong", "fields"),
    [
        ({"observed_by": "nobody"}, {"observed_by": "unknown"}),
        ({"category": "refund"}, {"category": "needs_customer"}),
        ({"category": "weather"}, {"category": "unknown"}),
        ({"sender": {"name": "李雷"}}, {"sender": "no_customer"}),
        ({"is_outbound": True}, {"is_outbound": "no_customer"}),
        ({"handler": "cora"}, {"handler": "cannot_take"}),
        ({"text": " "}, {"text": "missing"}),
    ],
)
def test_what_cannot_be_an_observation_is_refused_field_by_field(
    wrong: dict[str, Any], fields: dict[str, str]
) -> None:
    given.an_agent()
    given.a_person("cora", role="collaborator")
    answer = by_api(**wrong)
    assert (answer.status_code, answer.json()["fields"]) == (422, fields)
    assert not Case.objects.exists()


def test_who_reads_no_cases_notices_none_and_who_is_nobody_opens_none() -> None:
    given.a_person("cora", role="collaborator")
    assert by_api(observed_by="cora").json()["fields"] == {"observed_by": "unknown"}
    assert Client().post("/desk/cases/new/open", FORM).status_code in (302, 403)
    assert (
        given.at_desk(Staff.objects.get(number="cora")).post("/desk/cases/new/open", FORM).status_code == 403
    )
