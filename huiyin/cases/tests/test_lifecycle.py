"""Every status × every move × every kind of actor, and what must hold when two people move at once."""

import pytest

from huiyin.base.actor import CLOCK, Actor
from huiyin.cases import bodies, lifecycle
from huiyin.cases.models import Case, Entry
from huiyin.cases.moves import MOVES
from tests import given
from tests.given import MONDAY_9, minutes

pytestmark = pytest.mark.django_db

# Written by hand from “Case life”: move → the statuses it leaves, the one it enters, whether a customer may.
ALLOWED = {
    "accept": ({"new"}, "open", False),
    "wait": ({"open"}, "waiting", False),
    "resume": ({"waiting"}, "open", True),
    "resolve": ({"open", "waiting"}, "resolved", False),
    "confirm": ({"resolved"}, "closed", True),
    "dispute": ({"resolved"}, "open", True),
    "reopen": ({"closed"}, "open", True),
    "void": ({"new", "open", "waiting"}, "void", False),
    "restore": ({"void"}, "open", False),
}
TOLD = {
    "wait": {"waiting_for": "customer", "reason": ""},
    "resume": {"reason": ""},
    "resolve": {"text": "已更换主板"},
    "confirm": {"how": "call"},
    "reopen": {"reason": ""},
    "void": {"reason": "spam"},
    "restore": {"reason": ""},
}


def test_the_table_of_moves_is_the_one_decided() -> None:
    assert {m.name: (set(m.leaves), m.enters, m.by_customer) for m in MOVES.values()} == ALLOWED


@pytest.mark.parametrize("who", ["handler", "colleague", "customer", "clock"])
@pytest.mark.parametrize("status", Case.STATUSES)
def test_a_move_begins_only_where_it_may_and_by_whom_it_may(status: str, who: str) -> None:
    alice, bob, _ = given.alice_bob_charlie()
    case = given.a_case(handler=alice, status=status)
    people = {"handler": given.actor(alice), "colleague": given.actor(bob), "clock": CLOCK}
    by = people.get(who) or given.customer_of(case)
    for name, (leaves, enters, by_customer) in ALLOWED.items():
        with given.undone():
            seen = given.fresh(case)
            if status in leaves and (who != "customer" or by_customer):
                lifecycle.move(seen, name, by=by, at=MONDAY_9 + minutes(5), **TOLD.get(name, {}))
                now = given.fresh(case)
                assert (seen.status, now.status, now.version) == (enters, enters, case.version + 1), name
            else:
                with pytest.raises(lifecycle.MoveNotAllowed):
                    lifecycle.move(seen, name, by=by, at=MONDAY_9 + minutes(5), **TOLD.get(name, {}))
                now = given.fresh(case)
                assert (now.version, now.entry_seq) == (case.version, case.entry_seq), name


@pytest.mark.parametrize("name", ["accept", "void"])
def test_a_move_that_saw_an_older_version_is_refused(name: str) -> None:
    case = given.a_case()
    with pytest.raises(lifecycle.Stale) as refused:
        lifecycle.move(case, name, by=CLOCK, at=MONDAY_9, version=case.version - 1, **TOLD.get(name, {}))
    assert refused.value.version == case.version
    assert given.fresh(case).status == "new"


def test_the_first_to_accept_owns_the_case_until_it_is_closed_whoever_handles_it_later() -> None:
    alice, bob, _ = given.alice_bob_charlie()
    case = given.a_case()
    lifecycle.move(case, "accept", by=given.actor(alice), at=MONDAY_9)
    lifecycle.assign(case, bob, (), by=given.actor(alice), at=MONDAY_9)
    case = given.fresh(case)
    assert (case.owner, case.handler) == (alice, bob)


def test_solving_without_a_result_is_refused() -> None:
    case = given.a_case(handler=given.an_agent(), status="open")
    with pytest.raises(lifecycle.Invalid) as refused:
        lifecycle.move(case, "resolve", by=CLOCK, at=MONDAY_9, text="  ")
    assert refused.value.fields == {"resolution": "missing"}
    assert given.fresh(case).status == "open"


def test_no_move_carries_more_text_than_a_message_may() -> None:
    case = given.a_case(status="resolved", handler=given.an_agent())
    with pytest.raises(lifecycle.Invalid):
        lifecycle.move(case, "dispute", by=given.customer_of(case), at=MONDAY_9, text="长" * 20_001)
    assert given.fresh(case).status == "resolved"


def test_a_closed_case_is_reopened_for_thirty_days_and_not_after() -> None:
    case = given.a_case(status="closed", handler=given.an_agent())
    late = MONDAY_9 + given.days(30) + minutes(1)
    with pytest.raises(lifecycle.MoveNotAllowed):
        lifecycle.move(case, "reopen", by=given.customer_of(case), at=late, reason="")
    lifecycle.move(case, "reopen", by=given.customer_of(case), at=MONDAY_9 + given.days(30), reason="")
    assert given.fresh(case).status == "open"


def test_a_void_case_is_restored_for_seven_days_and_not_after() -> None:
    case = given.a_case(status="void")
    late = MONDAY_9 + given.days(7) + minutes(1)
    with pytest.raises(lifecycle.MoveNotAllowed):
        lifecycle.move(case, "restore", by=CLOCK, at=late, reason="")
    lifecycle.move(case, "restore", by=CLOCK, at=MONDAY_9 + given.days(7), reason="")
    assert given.fresh(case).status == "open"


def test_a_case_that_waited_when_it_was_voided_waits_for_nothing_once_restored() -> None:
    case = given.a_case(status="waiting", handler=given.an_agent())
    lifecycle.move(case, "void", by=CLOCK, at=MONDAY_9, reason="mistake")
    lifecycle.move(case, "restore", by=CLOCK, at=MONDAY_9, reason="")
    assert given.fresh(case).waiting_for == ""


def test_a_message_of_the_customer_lets_a_case_that_waits_for_them_go_on() -> None:
    case = given.a_case(status="waiting", handler=given.an_agent())
    draft = lifecycle.Draft("message.received", {"channel": "api", "files": []}, "我有回执了")
    lifecycle.receive(case, draft, by=given.customer_of(case), at=MONDAY_9 + minutes(9))
    assert given.fresh(case).status == "open"


def test_a_message_is_kept_when_the_case_went_on_between_reading_and_writing_it() -> None:
    alice = given.an_agent()
    seen = given.a_case(status="waiting", handler=alice)
    lifecycle.move(given.fresh(seen), "resume", by=given.actor(alice), at=MONDAY_9, reason="")
    draft = lifecycle.Draft("message.received", {"channel": "api", "files": []}, "还有一件事")
    lifecycle.receive(seen, draft, by=given.customer_of(seen), at=MONDAY_9 + minutes(1))
    assert Entry.objects.filter(case=seen, kind="message.received").count() == 2


@pytest.mark.parametrize("write", [lifecycle.reply, lifecycle.note])
def test_the_same_client_id_twice_writes_one_entry(write: object) -> None:
    alice = given.an_agent()
    case = given.a_case(handler=alice)
    first = write(case, "您好", by=given.actor(alice), at=MONDAY_9, client_id="once")  # type: ignore[operator]
    again = write(case, "您好", by=given.actor(alice), at=MONDAY_9, client_id="once")  # type: ignore[operator]
    assert first.pk == again.pk


def test_an_answer_accepts_a_new_case_and_makes_its_writer_the_owner() -> None:
    alice = given.an_agent()
    case = given.a_case()
    lifecycle.reply(case, "您好", by=given.actor(alice), at=MONDAY_9)
    case = given.fresh(case)
    assert (case.status, case.owner, case.handler) == ("open", alice, alice)


@pytest.mark.parametrize("status", ["closed", "void"])
def test_nobody_answers_in_a_case_that_has_ended(status: str) -> None:
    alice = given.an_agent()
    case = given.a_case(handler=alice, status=status)
    with pytest.raises(lifecycle.MoveNotAllowed):
        lifecycle.reply(case, "您好", by=given.actor(alice), at=MONDAY_9)


def test_personal_values_in_any_words_are_marked_so_that_others_see_them_masked() -> None:
    alice = given.an_agent()
    case = given.a_case(handler=alice, status="resolved")
    phone = "13655550123"
    said = Actor("customer", "-")
    draft = lifecycle.Draft("message.received", {"channel": "api", "files": []}, f"请打 {phone}")
    lifecycle.move(case, "dispute", by=said, at=MONDAY_9, text=f"没人打 {phone}")
    lifecycle.receive(case, draft, by=said, at=MONDAY_9)
    lifecycle.note(case, f"客户留了 {phone}", by=given.actor(alice), at=MONDAY_9)
    lifecycle.reply(case, f"我们会打 {phone}", by=given.actor(alice), at=MONDAY_9)
    shown = "".join(words.text for words in bodies.of(case, plain=False).values())
    assert phone not in shown
    assert "".join(words.text for words in bodies.of(case, plain=True).values()).count(phone) == 4
