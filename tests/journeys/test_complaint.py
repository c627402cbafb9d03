"""A complaint that crosses two departments: late once, raised, answered, disputed, called back and closed."""

from typing import Any

import pytest
from django.test import Client

from huiyin.cases.models import Case, Collaboration, Entry, Promise
from huiyin.notices.models import Notice
from huiyin.staff.models import Staff, Team
from tests import given
from tests.given import MONDAY_9, days, hours, minutes
from tests.journeys.story import Story, kinds, post, state

pytestmark = pytest.mark.django_db
COMPLAINT = "我要投诉：退货的快递三天没人取，打电话问，你们的服务态度太差"

LIFE = {
    "case.accepted",
    "case.escalated",
    "promise.broken",
    "case.resolved",
    "case.disputed",
    "case.confirmed",
    "case.reopened",
}


@pytest.fixture
def story(monday: Any) -> Story:
    return Story(monday)


def told(person: Staff, case: Case) -> set[str]:
    return set(Notice.objects.filter(staff=person, case_number=case.number).values_list("kind", flat=True))


def version(case: Case) -> int:
    return given.fresh(case).version


def complain(customer: Client) -> tuple[Case, str]:
    """Write the complaint on the message form; return its case and the page where the customer follows it."""
    once = customer.get("/ask").context["form"].initial["once"]
    asked = post(customer, "/ask", name="韩梅梅", contact="13955550188", text=COMPLAINT, once=once)
    return Case.objects.get(), asked["Location"]


def a_house() -> dict[str, Staff]:
    """Service with its lead, logistics with its contact and lead, supervision; above them all the two managers."""
    for code in ("logistics", "supervision"):
        given.a_team(code)
    Team.objects.filter(code="supervision").update(supervision=True)
    people = {
        "alice": given.an_agent("alice"),
        "dave": given.an_agent("dave"),
        "lena": given.a_lead("lena"),
        "lou": given.a_person("lou", role="collaborator", team="logistics"),
        "chief": given.a_lead("chief", team="logistics"),
        "sue": given.a_lead("sue", team="supervision"),
        "max": given.a_person("max", role="manager", team=None),
        "gina": given.a_person("gina", role="general_manager", team=None),
    }
    Team.objects.filter(code="logistics").update(contact=people["lou"])
    return people


def test_a_complaint_across_two_departments_is_followed_until_the_customer_agrees(story: Story) -> None:
    people = a_house()
    alice, lou, chief, lena = (people[name] for name in ("alice", "lou", "chief", "lena"))
    desk, logistics, customer = given.at_desk(alice), given.at_desk(lou), Client()
    given.on_duty(alice)

    case, link = complain(customer)
    here = f"/desk/cases/{case.number}"
    assert (case.category, case.procedure, case.handler) == ("service_complaint", "service_complaint", alice)
    owed = dict(Promise.objects.filter(case=case).values_list("kind", "due_at"))
    assert owed["complaint_response"] == MONDAY_9 + hours(24)
    assert owed["complaint_closed_loop"] == MONDAY_9 + hours(72)
    assert "resolution" not in owed

    # Taken, answered within the hour, and the other department asked; a complaint that crosses goes to the lead.
    story.later(MONDAY_9 + minutes(20))
    post(desk, f"{here}/move", move="accept", version=version(case))
    post(desk, f"{here}/reply", text="非常抱歉，我马上联系物流核实取件情况", client_id="r1")
    assert (state(case, "first_reply"), state(case, "complaint_response")) == ("kept", "kept")
    due = MONDAY_9 + hours(4)
    asked = post(
        desk,
        f"{here}/together/act",
        act="ask",
        department="logistics",
        subject="退货取件三天未上门",
        details="请查清原因并安排今天取件",
        due=due.isoformat(),
    )
    assert asked.status_code == 302
    request = Collaboration.objects.get()
    story.later(MONDAY_9 + minutes(21))
    assert "collaboration.asked" in told(lou, case)
    assert "case.raised" in told(lena, case)
    assert given.fresh(case).escalation_level == 1

    # It cannot be finished over the open request, and logistics sees no more than what concerns it.
    stopped = post(desk, f"{here}/move", move="resolve", version=version(case), text="已处理")
    assert stopped.status_code == 409 and given.fresh(case).status == "open"
    assert logistics.get(here).status_code in (403, 404)
    page = logistics.get("/desk/requests").content.decode()
    assert "退货取件三天未上门" in page and "13955550188" not in page

    # Late once: the lead of logistics is told, the case climbs to the manager, and alice, back from lunch, raises it
    # further.
    story.later(due)
    desk, logistics = given.at_desk(alice), given.at_desk(lou)
    assert request.promise is not None
    assert Promise.objects.get(pk=request.promise.pk).state == "broken"
    assert "promise.broken" in told(lou, case) and "promise.broken" in told(chief, case)
    assert given.fresh(case).escalation_level == 2
    assert "case.escalated" in told(people["max"], case) and "case.escalated" not in told(lena, case)
    raised = post(
        desk, f"{here}/together/act", act="escalate", reason="物流超时未答复", version=version(case)
    )
    assert raised["Location"] == f"{here}/together"
    story.later(due + minutes(1))
    assert "case.raised" in told(people["gina"], case)

    # Answered late, which the keep rate counts as broken; then answered to the customer and reported as solved.
    story.later(due + minutes(30))
    for verb, text in (("accept", ""), ("answer", "快递员漏单，已改派，今天 17 点前上门")):
        request.refresh_from_db()
        done = post(
            logistics,
            "/desk/requests",
            asked=str(request.uuid),
            verb=verb,
            version=request.version,
            text=text,
        )
        assert done.status_code == 302, verb
    assert Promise.objects.get(pk=request.promise.pk).fulfilled_at == due + minutes(30)
    request.refresh_from_db()
    finished = {"asked": str(request.uuid), "verb": "finish", "version": request.version}
    assert post(desk, f"{here}/together/act", act="step", **finished).status_code == 302
    post(desk, f"{here}/reply", text="已改派快递员，今天 17 点前上门取件", client_id="r2")
    post(desk, f"{here}/move", move="resolve", version=version(case), text="已改派快递员上门取件")
    assert given.fresh(case).status == "resolved"

    # The customer disagrees: open again, and everybody concerned hears of it.
    story.later(MONDAY_9 + hours(10))
    assert "已改派快递员上门取件" in customer.get(link).content.decode()
    post(customer, f"{link}/dispute", text="到现在还没有人来取")
    story.later(MONDAY_9 + hours(10) + minutes(1))
    assert given.fresh(case).status == "open"
    assert "case.disputed" in told(alice, case)
    assert state(case, "complaint_closed_loop") == "running"
    assert state(case, "call_back") == "cancelled"

    # Done again; the lead, who owes the call-back, reaches the customer at the second attempt, and it is closed.
    desk = given.at_desk(alice)
    post(desk, f"{here}/reply", text="已确认快递员 18 点到，我会一直跟进到取走为止", client_id="r3")
    story.later(MONDAY_9 + hours(10) + minutes(20))
    post(desk, f"{here}/move", move="resolve", version=version(case), text="18:10 已取件，退款已发起")
    call_back = Promise.objects.get(case=case, kind="call_back", state="running")
    assert (call_back.debtor, call_back.due_at) == (lena, MONDAY_9 + hours(34) + minutes(20))
    story.later(MONDAY_9 + days(1) + hours(1))
    lead = given.at_desk(lena)
    assert lead.get(f"{here}/finishing").status_code == 200

    def call(outcome: str, client_id: str, text: str = "") -> Any:
        body = {"act": "callback", "outcome": outcome, "client_id": client_id, "text": text}
        return post(lead, f"{here}/finishing/act", version=version(case), **body)

    for _ in range(2):  # a double click is one attempt
        assert call("no_answer", "c1").status_code == 302
    assert given.fresh(case).status == "resolved"
    story.later(MONDAY_9 + days(1) + hours(2))
    lead = given.at_desk(lena)
    assert call("satisfied", "c2", "客户表示已收到退款，满意").status_code == 302

    ended = given.fresh(case)
    assert (ended.status, ended.closed_loop, ended.outcome) == ("closed", "call", "satisfied")
    assert ended.owner == alice
    assert state(case, "call_back") == "kept" and state(case, "complaint_closed_loop") == "kept"
    assert Entry.objects.filter(case=case, kind="callback.tried").count() == 2
    assert not Promise.objects.filter(case=case, state__in=("running", "paused")).exists()
    assert [kind for kind in kinds(case) if kind in LIFE] == [
        "case.accepted",
        "case.escalated",  # it crosses departments
        "promise.broken",
        "case.escalated",  # for the promise
        "case.escalated",  # by hand
        "case.resolved",
        "case.disputed",
        "case.resolved",
        "case.confirmed",
    ]
    page = customer.get(link).content.decode()
    assert "客户表示已收到退款" not in page and "18:10 已取件" in page
