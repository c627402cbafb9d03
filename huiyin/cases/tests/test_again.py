"""A closed case that is not over goes on for thirty days, later another follows it; nothing is told twice."""

from datetime import datetime

import pytest
from django.test import Client

from huiyin.base.actor import Actor
from huiyin.cases import bodies, lifecycle, links, relating
from huiyin.cases.again import again
from huiyin.cases.models import Case, Entry, Promise
from huiyin.cases.moves import MoveNotAllowed
from huiyin.notices.models import Notice
from huiyin.staff.models import Staff
from tests import given
from tests.given import MONDAY_9, days, hours

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("monday")]
LATER, TOO_LATE = MONDAY_9 + days(30), MONDAY_9 + days(31)


def closed() -> Case:
    alice = Staff.objects.filter(number="alice").first() or given.an_agent()
    return given.a_case(handler=alice, status="closed")


def colleague(case: Case) -> Actor:
    assert case.handler is not None
    return given.actor(case.handler)


def texts(case: Case, kind: str) -> int:
    return Entry.objects.filter(case=case, kind=kind).count()


def test_within_thirty_days_the_same_case_goes_on_with_its_handler_who_is_told_once() -> None:
    case = closed()
    assert again(case, "又坏了", by=given.customer_of(case), at=LATER) == case
    given.work_done(at=LATER)
    case = given.fresh(case)
    assert (case.status, case.closed_loop, case.outcome) == ("open", "", "")
    assert (texts(case, "message.received"), texts(case, "case.reopened")) == (2, 1)
    assert Notice.objects.filter(staff=case.handler, kind="case.reopened").count() == 1


def test_later_another_case_follows_it_and_both_name_each_other() -> None:
    case = closed()
    after = again(case, "又坏了", by=given.customer_of(case), at=TOO_LATE)
    assert after.pk != case.pk
    after = given.fresh(after)
    assert (after.follows, after.customer, after.category) == (case, case.customer, case.category)
    assert given.fresh(case).status == "closed"
    assert Entry.objects.get(case=case, kind="case.continued").payload == {"number": after.number}
    assert Entry.objects.get(case=after, kind="case.follows").payload == {"number": case.number}
    assert relating.of(case) == {after.pk}
    assert Promise.objects.get(case=after, kind="greeting").state == "kept"


def test_who_writes_twice_gets_one_case_that_follows() -> None:
    case = closed()
    by = given.customer_of(case)
    first = again(case, "又坏了", by=by, at=TOO_LATE)
    assert again(case, "有人吗", by=by, at=TOO_LATE + hours(1)).pk == first.pk
    assert Case.objects.filter(follows=case).count() == 1
    assert texts(first, "message.received") == 2


def test_a_colleague_opens_it_again_with_a_reason_that_the_customer_does_not_read() -> None:
    case = closed()
    again(case, "客户来电说又坏了", by=colleague(case), at=LATER)
    entry = Entry.objects.get(case=case, kind="case.reopened")
    assert bodies.of(case, plain=True)[entry.seq].text == "客户来电说又坏了"
    page = Client().get(f"/c/{links.token(given.fresh(case))}").content.decode()
    assert "客户来电说又坏了" not in page


def test_a_colleague_opens_the_case_that_follows_with_a_note_and_promises_no_greeting() -> None:
    case = closed()
    after = again(case, "客户来电说又坏了", by=colleague(case), at=TOO_LATE)
    assert (texts(after, "note.added"), texts(after, "message.received")) == (1, 0)
    assert not Promise.objects.filter(case=after, kind="greeting").exists()


def test_words_are_needed_and_a_void_case_does_not_go_on() -> None:
    case = closed()
    with pytest.raises(lifecycle.Invalid):
        again(case, " ", by=given.customer_of(case), at=LATER)
    with pytest.raises(MoveNotAllowed):
        again(given.a_case(status="void"), "喂", by=given.customer_of(case), at=LATER)


@pytest.mark.parametrize("at", [LATER, TOO_LATE])
def test_a_message_threaded_to_a_closed_case_opens_one_that_follows_and_the_next_joins_it(
    at: datetime,
) -> None:
    case = closed()
    first = given.received(given.a_message("又开不了机了", thread_case=case.number), at=at)
    assert first.case is not None and first.case.pk != case.pk
    assert given.fresh(first.case).follows == case
    assert texts(case, "case.continued") == texts(first.case, "case.follows") == 1
    second = given.received(given.a_message("在吗", thread_case=case.number), at=at + hours(1))
    assert second.case is not None and second.case.pk == first.case.pk
    assert Entry.objects.get(case=first.case, seq=second.entry_seq).kind == "message.received"


def test_thanks_to_a_closed_case_are_kept_in_it_and_open_nothing() -> None:
    case = closed()
    again(case, "谢谢!", by=given.customer_of(case), at=LATER)
    assert (given.fresh(case).status, texts(case, "message.received")) == ("closed", 2)


def test_what_follows_a_case_about_somebody_stays_away_from_them() -> None:
    case = closed()
    bob = given.an_agent("bob")
    case.about.add(bob)
    after = again(case, "又来了", by=given.customer_of(case), at=TOO_LATE)
    assert list(after.about.all()) == [bob]
