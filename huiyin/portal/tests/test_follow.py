"""The customer's page at the end of their matter: solved, not sure, not solved, and written to again."""

import re
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from huiyin.base.actor import CLOCK
from huiyin.cases import escalation, lifecycle, links, recalling
from huiyin.cases.models import Case, Entry
from huiyin.portal import story
from tests import given
from tests.given import MONDAY_9, days

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("monday")]


def solved(status: str = "resolved") -> tuple[Client, Case, str]:
    case = given.a_case(handler=given.an_agent(), status=status)
    return Client(), case, f"/c/{links.token(case)}"


def test_the_page_says_until_when_we_wait_and_takes_a_yes_with_words() -> None:
    customer, case, page = solved()
    assert "3月5日" in customer.get(page).content.decode()  # three working days after Monday, the 2nd
    assert customer.post(f"{page}/confirm", {"text": "师傅很专业"}).status_code == 302
    case = given.fresh(case)
    assert (case.status, case.outcome, case.closed_loop) == ("closed", "satisfied", "customer")
    assert "师傅很专业" in customer.get(page).content.decode()


def test_who_is_not_sure_yet_is_given_time_and_asked_again() -> None:
    customer, case, page = solved()
    for _ in range(2):
        customer.post(f"{page}/confirm", {"outcome": "pending"})
    case = given.fresh(case)
    assert (case.status, case.outcome) == ("resolved", "pending")
    assert Entry.objects.filter(case=case, kind="outcome.told").count() == 1
    assert 'id="pending"' not in customer.get(page).content.decode()
    customer.post(f"{page}/confirm")
    assert given.fresh(case).status == "closed"


def test_who_says_it_is_not_solved_opens_it_again_and_a_threat_in_it_climbs() -> None:
    lena = given.a_lead()
    customer, case, page = solved()
    customer.post(f"{page}/dispute", {"text": "再不退款我就去法院起诉你们"})
    given.work_done(at=MONDAY_9)
    assert (given.fresh(case).status, given.fresh(case).outcome) == ("open", "dissatisfied")
    told = Entry.objects.get(case=case, kind="case.escalated").payload
    assert (told["to"], told["cause"]) == (lena.number, escalation.THREATENING)


def test_a_threat_added_on_the_page_of_an_open_case_climbs_too() -> None:
    given.a_lead()
    customer, case, page = solved("open")
    customer.post(f"{page}/messages", {"text": "再不退款我就去法院起诉你们"})
    given.work_done(at=MONDAY_9)
    assert Entry.objects.filter(case=case, kind="case.escalated").count() == 1


def test_a_message_on_the_page_of_a_solved_case_opens_it_again() -> None:
    customer, case, page = solved()
    customer.post(f"{page}/messages", {"text": "还是开不了机"})
    assert given.fresh(case).status == "open"


@pytest.mark.parametrize(("later", "same"), [(30, True), (31, False)])
def test_a_closed_matter_is_written_to_on_its_page_and_goes_on(monday: Any, later: int, same: bool) -> None:
    customer, case, page = solved("closed")
    monday.move_to(MONDAY_9 + days(later))
    assert 'name="text"' in customer.get(page).content.decode()
    answer = customer.post(f"{page}/messages", {"text": "又开不了机了"})
    after = Case.objects.filter(follows=case).first()
    assert (answer["Location"] == page, after is None) == (same, same)
    if after is not None:
        assert answer["Location"] == f"/c/{links.token(after)}"
        assert answer["Location"] in customer.get(page).content.decode()
        customer.post(f"{page}/messages", {"text": "有人吗"})
        assert Case.objects.filter(follows=case).count() == 1


def test_a_matter_closed_by_silence_says_so_and_does_not_thank(monday: Any) -> None:
    customer, case, page = solved()
    monday.move_to(MONDAY_9 + days(5))
    lifecycle.move(case, "confirm", by=CLOCK, at=MONDAY_9 + days(5), how="silence")
    shown = customer.get(page).content.decode()
    assert "没有再收到您的消息" in shown and "感谢您的确认" not in shown


def test_a_long_story_is_read_part_by_part_with_as_many_questions_as_a_short_one() -> None:
    alice = given.an_agent()
    case = given.a_case(handler=alice, status="open")
    page, customer = f"/c/{links.token(case)}", Client()
    with CaptureQueriesContext(connection) as short:
        customer.get(page)
    for n in range(story.SHOWN + 5):
        lifecycle.reply(case, f"第{n}句。", by=given.actor(alice), at=MONDAY_9)
        lifecycle.note(case, f"备注{n}。", by=given.actor(alice), at=MONDAY_9)
    with CaptureQueriesContext(connection) as long:
        newest = customer.get(page).content.decode()
    assert len(long) == len(short)
    assert f"第{story.SHOWN + 4}句" in newest and "第4句" not in newest and "备注" not in newest
    (earlier,) = re.findall(r'href="(\?before=\d+)#story"', newest)
    before = customer.get(page + earlier).content.decode()
    assert "第4句" in before and "第5句" not in before and f'href="{page}"' in before
    assert customer.get(f"{page}?before=x").status_code == 200


def test_words_taken_back_stay_hidden_wherever_the_story_is_parted() -> None:
    alice = given.an_agent()
    case = given.a_case(handler=alice, status="open", channel="chat")
    said = lifecycle.reply(case, "说错了", by=given.actor(alice), at=MONDAY_9)
    recalling.recall(case, said.seq, by=given.actor(alice), at=MONDAY_9)
    page = f"/c/{links.token(case)}?before={said.seq + 1}"
    assert "说错了" not in Client().get(page).content.decode()
