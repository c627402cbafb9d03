"""Which call or chat session a message belongs to, and what that changes of what is owed."""

import random
from dataclasses import dataclass, field
from datetime import datetime
from importlib import import_module

import pytest
from django.apps import apps
from django.db import connection
from django.test.utils import CaptureQueriesContext

from huiyin.base import configured
from huiyin.cases import calling, contacts, editing, first_replies, lifecycle, merging, recalling
from huiyin.cases.clock import act_on_due
from huiyin.cases.models import Case, Contact, Entry, Promise
from huiyin.channels.inbound import Inbound
from huiyin.customers.recognise import Sender
from huiyin.intake.accept import accept
from huiyin.rules.models import PromisePolicy
from tests import given
from tests.given import MONDAY_9, days, hours, minutes, seconds

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("monday")]
HIM = Sender(name="李雷", phone="13900001234")


def chat(text: str = "我的电脑突然无法开机", *, at: datetime = MONDAY_9, **more: object) -> Case:
    message = given.a_message(text, **{"channel": "chat", "sender": HIM, **more})
    case = given.received(message, at=at).case
    assert case is not None
    return given.fresh(case)


def owed(contact: Contact, kind: str = "first_reply") -> Promise:
    return Promise.objects.exclude(state="cancelled").get(contact=contact, kind=kind)


def of(case: Case) -> list[Contact]:
    return list(case.contacts.order_by("no"))


@dataclass
class Known:
    """A contact as the plainest reading of the rule has it."""

    channel: str
    session: str
    began: datetime
    ended: bool = False
    messages: list[str] = field(default_factory=list)


def expected(known: list[Known], channel: str, session: str, at: datetime) -> Known:
    """Return where a message belongs: looked for among all, from the newest back."""
    for one in reversed(known):
        over = one.ended or at - one.began >= hours(24)
        if not over and one.channel == channel and session in ("", one.session):
            return one
    known.append(Known(channel, session, at))
    return known[-1]


@pytest.mark.parametrize("seed", range(4))
def test_a_message_belongs_to_the_running_contact_of_its_session_or_begins_another(seed: int) -> None:
    chance, at, known = random.Random(seed), MONDAY_9, list[Known]()
    alice = given.an_agent()
    case = chat("第一句", external_id="m0", thread_session="a")
    expected(known, "chat", "a", at).messages.append("m0")
    for n in range(1, 25):
        at += minutes(chance.choice((0, 1, 300, 700, 1440)))
        act = chance.choice(("message", "message", "message", "end", "reply"))
        if act == "reply":
            lifecycle.reply(given.fresh(case), "好的", by=given.actor(alice), at=at)
        elif act == "end":
            running = [one for one in known if not one.ended]
            if running:
                one = chance.choice(running)
                one.ended = True
                contact = of(case)[known.index(one)]
                calling.end(contact, by=given.actor(alice), at=at)
        else:
            channel, session = chance.choice((("chat", "a"), ("chat", "b"), ("chat", ""), ("phone", "c")))
            belongs = expected(known, channel, session, at)
            # A message by phone names the case by hand: a case is threaded on its own channel only.
            arrival = contacts.Arrival(channel, channel, session)
            entry = lifecycle.receive(
                given.fresh(case),
                lifecycle.Draft("message.received", {"channel": channel, "files": []}, f"还有一件事 {n}"),
                by=given.customer_of(case),
                at=at,
                arrival=arrival,
            )
            belongs.messages.append(f"m{n}")
            assert entry.contact is not None
            assert entry.contact.no == known.index(belongs) + 1
    assert [(one.channel, one.offered_at, one.ended_at is not None) for one in of(case)] == [
        (one.channel, one.began, one.ended) for one in known
    ]
    said = Entry.objects.filter(case=case, kind="message.received")
    assert {one.no: said.filter(contact=one).count() for one in of(case)} == {
        no: len(one.messages) for no, one in enumerate(known, 1)
    }


def test_a_call_is_a_contact_of_its_own_unless_it_names_another() -> None:
    case = chat(channel="phone", external_id="call-1")
    chat(channel="phone", external_id="call-2", thread_case=case.number)
    chat(channel="phone", external_id="call-2b", thread_case=case.number, thread_session="call-2")
    assert [one.no for one in of(case)] == [1, 2]
    assert [owed(one).due_at for one in of(case)] == [MONDAY_9 + seconds(30)] * 2


def test_messages_of_one_session_in_one_group_open_one_case_with_one_contact() -> None:
    items = [
        Inbound("chat", f"m{n}", HIM, text=f"第 {n} 句，无法开机", thread_session=session)
        for n, session in enumerate(("a", "a", "b", "a", "b"))
    ]
    found = [one.case.number for one in accept(items, at=MONDAY_9) if one.case]
    assert [found.index(number) for number in found] == [0, 0, 2, 0, 2]
    assert [one.session for one in Contact.objects.all()] == [
        contacts.digest("chat", "a"),
        contacts.digest("chat", "b"),
    ]
    assert [one.case.number for one in accept(items, at=MONDAY_9) if one.case] == found
    assert Contact.objects.count() == 2


def test_a_session_threads_for_24_hours_and_until_it_ends() -> None:
    first = chat(thread_session="a")
    assert chat("还在吗", thread_session="a", at=MONDAY_9 + hours(23)) == first
    assert chat("您好", thread_session="a", at=MONDAY_9 + hours(24)) != first
    other = chat("您好", thread_session="b", at=MONDAY_9)
    calling.end(of(other)[0], by=given.actor(given.an_agent()), at=MONDAY_9 + minutes(1))
    assert chat("您好", thread_session="b", at=MONDAY_9 + minutes(2)) != other


def test_what_comes_by_mail_or_form_is_no_contact_and_a_chat_costs_one_insert_more() -> None:
    given.a_case()
    assert not Contact.objects.exists()
    chat()

    def inserts(channel: str) -> int:
        with CaptureQueriesContext(connection) as asked:
            given.received(given.a_message(channel=channel))
        return sum("INSERT INTO" in one["sql"] for one in asked)

    assert inserts("chat") == inserts("api") + 1


def test_each_chat_has_its_own_thirty_seconds_and_counts_in_the_wait_for_the_first_reply() -> None:
    alice = given.an_agent()
    case = chat(thread_session="a")
    lifecycle.assign(case, alice, (), by=given.actor(alice), at=MONDAY_9)
    act_on_due(at=MONDAY_9 + seconds(31))
    lifecycle.reply(given.fresh(case), "您好", by=given.actor(alice), at=MONDAY_9 + seconds(50))
    chat("又黑屏了", thread_case=case.number, thread_session="b", at=MONDAY_9 + hours(1))
    lifecycle.reply(given.fresh(case), "我来看", by=given.actor(alice), at=MONDAY_9 + hours(1) + seconds(10))
    one, two = of(case)
    assert (owed(one).state, owed(two).state) == ("broken", "kept")
    assert (one.person, two.person) == (alice, alice)
    assert [owed(contact, "greeting").state for contact in (one, two)] == ["kept", "kept"]
    assert Entry.objects.filter(case=case, kind="greeting.sent").count() == 2
    manager = given.seen_by(given.a_person("max", role="manager"))
    day = MONDAY_9.date()
    (chats,) = first_replies.waits(first=day, after=day.replace(day=day.day + 1), viewer=manager)
    assert (chats.count, chats.average_s, chats.p90_s) == (2, 30, 50)


def test_the_greeting_keeps_neither_the_first_reply_nor_what_a_complaint_is_owed() -> None:
    case = chat("我要投诉，太差了", thread_session="a")
    states = {one.kind: one.state for one in case.promises.all()}
    assert (states["greeting"], states["first_reply"], states["complaint_response"]) == (
        "kept",
        "running",
        "running",
    )


def test_thanks_in_a_new_chat_begin_a_contact_that_waits_for_nobody() -> None:
    case = given.a_case(handler=given.an_agent(), status="resolved", channel="chat", sender=HIM)
    chat("谢谢", thread_case=case.number, thread_session="z", at=MONDAY_9 + hours(1))
    assert given.fresh(case).status == "resolved"
    assert len(of(case)) == 2 and not of(case)[1].promises.exists()


def test_what_a_chat_is_owed_survives_a_merge_and_its_session_goes_on_in_the_survivor() -> None:
    alice = given.an_agent()
    into = given.a_case(sender=HIM, handler=alice)
    case = chat(thread_session="a")
    merging.merge(case, into, by=given.actor(alice), at=MONDAY_9 + seconds(5))
    (contact,) = of(case)
    assert (owed(contact).case, owed(contact).state) == (into, "running")
    # The other case's own first reply, an hour, stays beside it, and neither becomes the other.
    editing.edit(given.fresh(into), {"priority": "urgent"}, by=given.actor(alice), at=MONDAY_9 + seconds(6))
    assert owed(contact).due_at == MONDAY_9 + seconds(30)
    assert Promise.objects.get(case=into, kind="first_reply", contact=None).due_at == MONDAY_9 + hours(1)
    assert chat("还在吗", thread_session="a", at=MONDAY_9 + seconds(10)) == into
    assert Contact.objects.count() == 1
    lifecycle.reply(given.fresh(into), "在的", by=given.actor(alice), at=MONDAY_9 + seconds(20))
    assert of(case)[0].answered_at == MONDAY_9 + seconds(20)
    assert owed(contact).state == "kept"
    merging.unmerge(given.fresh(case), by=given.actor(alice), at=MONDAY_9 + minutes(1))
    assert owed(contact).case == case


def test_each_contact_follows_a_new_category_and_one_that_was_answered_stays() -> None:
    alice = given.an_agent()
    case = chat(thread_session="a")
    lifecycle.reply(case, "您好", by=given.actor(alice), at=MONDAY_9 + seconds(5))
    chat("另外，发票开错了", thread_case=case.number, thread_session="b", at=MONDAY_9 + minutes(5))
    before = [(one.state, one.due_at) for one in map(owed, of(case))]
    editing.edit(
        given.fresh(case), {"category": "after_sales"}, by=given.actor(alice), at=MONDAY_9 + minutes(5)
    )
    assert [(one.state, one.due_at) for one in map(owed, of(case))] == before
    lifecycle.move(given.fresh(case), "void", by=given.actor(alice), at=MONDAY_9 + minutes(5), reason="spam")
    assert [one.promises.get(kind="first_reply").state for one in of(case)] == ["kept", "cancelled"]


def test_a_policy_that_applies_newly_is_owed_to_each_contact_that_still_waits_from_when_it_began() -> None:
    alice = given.an_agent()
    PromisePolicy.objects.filter(code="first-reply-live").update(categories=["pre_sales"], seconds=600)
    configured.bump()
    case = chat(thread_session="a")
    lifecycle.reply(case, "您好", by=given.actor(alice), at=MONDAY_9 + seconds(5))
    for n, session in enumerate("bc", 1):
        chat("还有一件事", thread_case=case.number, thread_session=session, at=MONDAY_9 + minutes(n))
    assert not Promise.objects.filter(case=case, kind="first_reply").exists()
    for _ in range(2):
        editing.edit(
            given.fresh(case), {"category": "pre_sales"}, by=given.actor(alice), at=MONDAY_9 + minutes(3)
        )
    made = Promise.objects.filter(case=case, kind="first_reply").order_by("contact__no")
    assert [(one.contact.no, one.due_at) for one in made if one.contact] == [
        (2, MONDAY_9 + minutes(11)),
        (3, MONDAY_9 + minutes(12)),
    ]


def test_an_answer_taken_back_is_owed_again_to_the_chat_that_it_answered() -> None:
    alice = given.an_agent()
    case = chat(thread_session="a")
    lifecycle.reply(case, "您好", by=given.actor(alice), at=MONDAY_9 + seconds(5))
    at = MONDAY_9 + minutes(5)
    chat("又黑屏了", thread_case=case.number, thread_session="b", at=at)
    said = lifecycle.reply(given.fresh(case), "错了", by=given.actor(alice), at=at + seconds(5))
    recalling.recall(given.fresh(case), said.seq, by=given.actor(alice), at=at + seconds(9))
    one, two = of(case)
    assert (owed(one).state, one.answered_at is None) == ("kept", False)
    assert (owed(two).state, two.answered_at) == ("running", None)


def test_calls_and_chats_of_before_have_their_first_contact() -> None:
    alice = given.an_agent()
    case, mail = chat(), given.a_case()
    lifecycle.reply(case, "您好", by=given.actor(alice), at=MONDAY_9 + seconds(9))
    Promise.objects.update(contact=None)
    Entry.objects.update(contact=None)
    Contact.objects.all().delete()
    import_module("huiyin.cases.migrations.0016_contacts_of_earlier_cases").make(apps, None)
    (contact,) = of(case)
    assert (contact.offered_at, contact.answered_at) == (MONDAY_9, MONDAY_9 + seconds(9))
    assert {one.kind for one in contact.promises.all()} == {"greeting", "first_reply"}
    assert Entry.objects.get(case=case, seq=1).contact == contact
    assert not of(mail)
    # What was written before there were contacts says nothing of one; what this test wrote does.
    Entry.objects.filter(kind="contact.began").update(contact=contact)


def test_a_chat_that_nobody_answered_before_it_ended_is_owed_nothing_more() -> None:
    case, other = chat(thread_session="a"), chat(sender=Sender(phone="13900005678"), thread_session="b")
    act_on_due(at=MONDAY_9 + seconds(30))
    by = given.actor(given.an_agent())
    calling.end(of(case)[0], by=by, at=MONDAY_9 + seconds(40))
    calling.end(of(case)[0], "wrong", by=by, at=MONDAY_9 + days(1))  # a second call changes nothing
    assert (of(case)[0].outcome, of(case)[0].ended_at) == ("abandoned", MONDAY_9 + seconds(40))
    first = owed(of(case)[0])
    assert (first.state, first.is_owed, first.ended_cause) == ("broken", False, "abandoned")
    lifecycle.reply(given.fresh(other), "您好", by=by, at=MONDAY_9 + seconds(45))
    calling.end(of(other)[0], by=by, at=MONDAY_9 + minutes(2))
    assert of(other)[0].outcome == "answered"
