"""Spam, blocked senders and double cases, as other systems and people at the desk meet them."""

from typing import Any

import pytest
from django.test import Client

from huiyin.base.models import AuditRow, Task
from huiyin.base.question import Question
from huiyin.cases import sameness
from huiyin.cases.models import Case, Entry
from huiyin.customers.models import Customer
from huiyin.customers.recognise import Sender
from huiyin.intake.models import InboxItem
from huiyin.notices.models import Notice
from tests import given
from tests.given import MONDAY_9, hours

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("monday")]
HAN = Sender("韩梅梅", "13955550077")
BROKEN = "我的电脑突然无法开机"


def caller(role: str = "integration") -> Client:
    return given.with_token(given.a_token("all", role=role, name=role))


def post(client: Client, path: str, **body: Any) -> Any:
    return client.post(f"/api/v1/{path}", given.as_json(body), content_type="application/json")


def blocked_han() -> Customer:
    given.a_case(sender=HAN, status="void")
    Customer.objects.update(blocked_at=MONDAY_9)
    return Customer.objects.get()


def test_spam_voids_the_case_and_blocks_its_sender_only_when_asked() -> None:
    client, case, other = caller(), given.a_case(sender=HAN), given.a_case()
    answer = post(client, f"cases/{case.number}/spam", version=case.version, block=True)
    assert (answer.status_code, answer.json()["status"]) == (200, "void")
    post(client, f"cases/{other.number}/spam", version=other.version)
    blocked = Customer.objects.exclude(blocked_at=None)
    assert [one.pk for one in blocked] == [case.customer_id]
    kinds = set(Entry.objects.filter(case=case).values_list("kind", flat=True))
    assert {"case.voided", "customer.blocked"} <= kinds
    row = AuditRow.objects.get(action="customer.blocked")
    assert (row.fields, case.number in row.reason) == (["blocked_at"], True)


def test_what_a_blocked_sender_writes_is_kept_and_opens_greets_and_tells_nothing() -> None:
    blocked_han()
    given.on_duty(given.an_agent())
    cases, notices, tasks = Case.objects.count(), Notice.objects.count(), Task.objects.count()
    body = {"channel": "api", "external_id": "b1", "text": BROKEN, "sender": {"phone": HAN.phone}}
    answer, again = (post(caller(), "inbound", **body) for _ in range(2))
    assert (answer.status_code, answer.json()["case"]) == (202, None)
    assert again.json()["inbox_id"] == answer.json()["inbox_id"]
    assert (Case.objects.count(), Notice.objects.count(), Task.objects.count()) == (cases, notices, tasks)
    kept = InboxItem.objects.get(state="blocked")
    assert (kept.content["text"], kept.customer, kept.category) == (
        BROKEN,
        Customer.objects.get(),
        "hardware_fault",
    )


def test_a_blocked_sender_is_answered_on_the_page_like_anybody_whose_message_waits() -> None:
    blocked_han()
    form = Client().get("/ask").context["form"]
    body = {"name": "韩梅梅", "contact": HAN.phone, "text": "在吗", "once": form["once"].value()}
    answer = Client().post("/ask", body)
    assert answer.status_code == 202
    assert InboxItem.objects.get(state="blocked").content["text"] == "在吗"


def test_a_message_to_an_open_case_joins_it_although_its_sender_is_blocked() -> None:
    case = given.a_case(sender=HAN)
    Customer.objects.update(blocked_at=MONDAY_9)
    joined = given.received(given.a_message(sender=HAN, thread_case=case.number))
    assert joined.case == case and not InboxItem.objects.filter(state="blocked").exists()


def test_the_list_counts_what_waits_and_how_much_of_it_reads_like_a_complaint_masked() -> None:
    blocked_han()
    given.received(given.a_message("我要投诉你们的服务态度，回电 13655550177", sender=HAN))
    given.received(given.a_message(sender=HAN))
    told = caller().get("/api/v1/blocked").json()
    assert (told["messages"], told["complaints"], len(told["items"])) == (2, 1, 2)
    assert "13655550177" not in str(told)
    assert caller().get("/api/v1/blocked", {"customer": "C999999"}).json()["messages"] == 0


def test_a_released_message_opens_its_case_once_with_everything_that_belongs_to_it() -> None:
    blocked_han()
    given.received(given.a_message(sender=HAN, attachments=(given.a_file(),)))
    client = caller()
    (item,) = client.get("/api/v1/blocked").json()["items"]
    first, second = (post(client, f"blocked/{item['inbox_id']}/release") for _ in range(2))
    assert (first.status_code, second.status_code) == (201, 404)
    case = Case.objects.get(number=first.json()["number"])
    told = list(case.entries.order_by("seq").values_list("kind", flat=True))
    assert (told[0], told[-1]) == ("message.received", "message.released")
    assert case.promises.exists() and Entry.objects.get(case=case, seq=1).payload["files"]
    assert Customer.objects.get().blocked_at is not None


def test_unblocking_says_how_much_came_in_meanwhile_and_leaves_it_there() -> None:
    han = blocked_han()
    given.received(given.a_message(sender=HAN))
    client = caller()
    answer = post(client, f"customers/{han.number}/unblock", reason="误拦了他")
    assert (answer.json()["blocked_at"], answer.json()["blocked_messages"]) == (None, 1)
    assert given.received(given.a_message(sender=HAN)).case is not None
    assert client.get("/api/v1/blocked", {"customer": han.number}).json()["messages"] == 1
    page = given.at_desk(given.a_lead()).get(f"/desk/blocked?customer={han.number}").content.decode()
    assert BROKEN in page


def test_a_lead_finds_the_blocked_of_their_own_teams_only_and_an_agent_none() -> None:
    blocked_han()
    given.received(given.a_message(sender=HAN))
    given.a_team("returns")
    lena = given.a_lead()
    other = given.a_person("rita", role="lead", team="returns")
    item = InboxItem.objects.get(state="blocked")
    assert BROKEN in given.at_desk(lena).get("/desk/blocked").content.decode()
    assert BROKEN not in given.at_desk(other).get("/desk/blocked").content.decode()
    assert given.at_desk(other).post(f"/desk/blocked/{item.pk}/release").status_code == 404
    assert given.at_desk(given.an_agent()).get("/desk/blocked").status_code == 403


def test_an_agent_marks_spam_in_a_case_of_their_own_and_in_no_other() -> None:
    alice = given.an_agent()
    own, queued = given.a_case(handler=alice), given.a_case()
    client = given.at_desk(alice)
    for case, status in ((own, 302), (queued, 403)):
        body = {"act": "spam", "version": case.version, "block": "on"}
        assert client.post(f"/desk/cases/{case.number}/unwanted", body).status_code == status
    assert [given.fresh(own).status, given.fresh(queued).status] == ["void", "new"]


def test_spam_is_taken_back_within_seven_days_with_its_sender_unblocked() -> None:
    lena, case = given.a_lead(), given.a_case(sender=HAN)
    client = given.at_desk(lena)
    path = f"/desk/cases/{case.number}/unwanted"
    client.post(path, {"act": "spam", "version": case.version, "block": "on"})
    assert 'name="unblock"' in client.get(path).content.decode()
    version = given.fresh(case).version
    assert client.post(path, {"act": "not-spam", "version": version, "unblock": "on"}).status_code == 302
    assert given.fresh(case).status == "open" and Customer.objects.get().blocked_at is None
    assert Entry.objects.filter(case=case, kind="customer.unblocked").exists()


def test_a_case_void_for_another_reason_is_not_taken_back_as_spam() -> None:
    case = given.a_case()
    Case.objects.filter(pk=case.pk).update(status="void")
    answer = post(caller(), f"cases/{case.number}/not-spam", version=case.version)
    assert (answer.status_code, answer.json()["code"]) == (409, "move_not_allowed")


def test_a_blocked_customer_is_not_merged_in_silence_with_one_who_is_not() -> None:
    one, other = given.a_customer(phone="13955550001"), given.a_customer(phone="13955550002")
    client = caller()
    post(client, f"customers/{one.number}/block", reason="广告骚扰")
    answer = post(client, "customers/merge", secondary=one.number, into=other.number)
    assert (answer.status_code, answer.json()["code"]) == (409, "one_blocked")


def test_a_second_case_of_the_same_matter_is_marked_and_merged_in_one_click() -> None:
    alice = given.an_agent()
    first = given.a_case(sender=HAN, handler=alice)
    second = given.a_case(sender=HAN, handler=alice, at=MONDAY_9 + hours(71))
    client = given.at_desk(alice)
    assert caller().get(f"/api/v1/cases/{second.number}").json()["likely_same"] == first.number
    listed = {row["number"]: row["likely_same"] for row in caller().get("/api/v1/cases").json()["items"]}
    assert listed == {first.number: None, second.number: first.number}
    page = client.get(f"/desk/cases/{second.number}").content.decode()
    assert first.number in page and 'value="merge"' in page
    body = {"act": "merge", "version": second.version}
    answer = client.post(f"/desk/cases/{second.number}/unwanted", body)
    assert answer["Location"] == f"/desk/cases/{first.number}"
    assert given.fresh(second).merged_into == first
    assert client.post(f"/desk/cases/{second.number}/unwanted", body).status_code == 409


def test_not_the_same_takes_the_mark_away_for_good_and_is_recorded() -> None:
    first, second = given.a_case(sender=HAN), given.a_case(sender=HAN)
    client = caller()
    answer = post(client, f"cases/{second.number}/not-same", version=second.version)
    assert (answer.status_code, answer.json()["likely_same"]) == (200, None)
    told = Entry.objects.get(case=second, kind="case.told_apart")
    assert told.payload == {"number": first.number}
    stale = post(client, f"cases/{second.number}/not-same", version=second.version)
    assert stale.status_code == 409


def test_who_may_not_see_the_other_case_sees_no_mark_and_cannot_act_on_it() -> None:
    alice, _, charlie = given.alice_bob_charlie()
    hidden = given.a_case(sender=HAN, handler=charlie, team="returns")
    case = given.a_case(sender=HAN, handler=alice)
    assert case.likely_same == hidden.number
    client = given.at_desk(alice)
    assert hidden.number not in client.get(f"/desk/cases/{case.number}").content.decode()
    assert hidden.number not in client.get("/desk").content.decode()
    for act in ("merge", "apart"):
        body = {"act": act, "version": case.version}
        assert client.post(f"/desk/cases/{case.number}/unwanted", body).status_code == 409


@pytest.mark.parametrize("why", ["another category", "72 hours ago", "closed", "another customer"])
def test_other_cases_are_not_marked(why: str) -> None:
    given.a_case(
        "我要退款" if why == "another category" else BROKEN,
        sender=Sender("李雷", "13955550078") if why == "another customer" else HAN,
        status="closed" if why == "closed" else "new",
        handler=given.an_agent() if why == "closed" else None,
    )
    later = hours(73) if why == "72 hours ago" else hours(1)
    assert given.a_case(sender=HAN, at=MONDAY_9 + later).likely_same == ""


def test_an_old_case_in_which_somebody_wrote_lately_is_the_same_matter_still() -> None:
    old = given.a_case(sender=HAN)
    given.received(given.a_message(sender=HAN, thread_case=old.number), at=MONDAY_9 + hours(48))
    assert given.a_case(sender=HAN, at=MONDAY_9 + hours(100)).likely_same == old.number


def test_of_a_customer_with_very_many_cases_only_the_newest_are_compared(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(sameness, "LOOKED_AT", 2)
    monkeypatch.setattr(sameness, "_LIVELY", Question(sameness._lively))
    old = given.a_case(BROKEN, sender=HAN)
    others = [given.a_case("这款多少钱", sender=HAN) for _ in range(2)]
    assert given.a_case(BROKEN, sender=HAN).likely_same == ""
    assert given.a_case("这款多少钱", sender=HAN).likely_same == others[1].number
    assert old.category != others[0].category
