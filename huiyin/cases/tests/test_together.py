"""Two people, or twenty, at the same moment: real threads, real transactions, on both databases."""

from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest

from huiyin.base.actor import DISPATCH
from huiyin.cases import lifecycle, outcome, passing, promises
from huiyin.cases.models import AgentLoad, Case, Entry, Promise
from tests import given
from tests.given import MONDAY_9, days, hours
from tests.together import at_once

pytestmark = pytest.mark.django_db(transaction=True)


def test_of_two_people_who_accept_at_once_exactly_one_wins() -> None:
    alice, bob, _ = given.alice_bob_charlie()
    case = given.a_case()

    def accept(by: Any) -> Callable[[], Case]:
        return lambda: lifecycle.move(
            Case.objects.get(pk=case.pk), "accept", by=given.actor(by), at=MONDAY_9, version=case.version
        )

    answers = at_once([accept(person) for person in (alice, bob) * 3])
    won = [answer for answer in answers if isinstance(answer, Case)]
    assert len(won) == 1, answers
    assert all(isinstance(a, (Case, lifecycle.Stale, lifecycle.MoveNotAllowed)) for a in answers), answers
    assert Entry.objects.filter(case=case, kind="case.accepted").count() == 1


def test_of_those_who_solve_at_once_without_a_version_exactly_one_wins() -> None:
    alice = given.an_agent()
    case = given.a_case(handler=alice, status="open")
    solve = [
        lambda: lifecycle.move(
            Case.objects.get(pk=case.pk), "resolve", by=given.actor(alice), at=MONDAY_9, text="已更换"
        )
    ] * 6
    answers = at_once(solve)
    assert [type(a) for a in answers if not isinstance(a, Case)] == [lifecycle.MoveNotAllowed] * 5
    assert Entry.objects.filter(case=case, kind="case.resolved").count() == 1


def test_entries_written_at_once_are_numbered_without_a_gap() -> None:
    alice = given.an_agent()
    case = given.a_case(handler=alice)
    write = [
        lambda n=n: lifecycle.note(
            Case.objects.get(pk=case.pk), f"记录 {n}", by=given.actor(alice), at=MONDAY_9
        )
        for n in range(12)
    ]
    answers = at_once(write)
    assert all(isinstance(a, Entry) for a in answers), answers
    numbers = list(Entry.objects.filter(case=case).order_by("seq").values_list("seq", flat=True))
    assert numbers == list(range(1, len(numbers) + 1))


def test_the_same_answer_sent_twice_at_once_is_written_once() -> None:
    alice = given.an_agent()
    case = given.a_case(handler=alice)
    send = [
        lambda: lifecycle.reply(
            Case.objects.get(pk=case.pk), "您好", by=given.actor(alice), at=MONDAY_9, client_id="one"
        )
    ] * 4
    assert len({entry.pk for entry in at_once(send)}) == 1


def test_fifty_offers_at_once_never_take_anybody_past_their_cap() -> None:
    alice, bob, _ = given.alice_bob_charlie()
    cases = [given.a_case() for _ in range(50)]
    for person in (alice, bob):
        AgentLoad.objects.create(staff=person, cap=Decimal(3))

    def offer(case: Case, to: Any) -> Callable[[], bool]:
        return lambda: lifecycle.assign(case, to, (), by=DISPATCH, at=MONDAY_9)

    answers = at_once([offer(case, (alice, bob)[n % 2]) for n, case in enumerate(cases)])
    assert {type(answer) for answer in answers} == {bool}, answers
    # Each case weighs a half: the sixth fills the cap of three exactly.
    assert list(AgentLoad.objects.values_list("load", flat=True)) == [Decimal(3)] * 2
    assert answers.count(True) == 12


def test_two_clocks_break_each_promise_exactly_once() -> None:
    cases = [given.a_case() for _ in range(8)]
    at = MONDAY_9 + days(9)

    def clock() -> int:
        acted = 0
        while n := promises.act_on_due(at=at, limit=5):
            acted += n
        return acted

    answers = at_once([clock, clock, clock])
    while promises.act_on_due(at=at):
        pass
    assert all(isinstance(answer, int) for answer in answers), answers
    owed = Promise.objects.filter(case__in=cases)
    broken = owed.filter(state="broken")
    assert broken.exists() and not owed.filter(state="running").exists()
    assert Entry.objects.filter(kind="promise.broken").count() == broken.count()


def test_an_answer_and_the_clock_at_once_leave_each_promise_kept_or_broken_never_both() -> None:
    alice = given.an_agent()
    cases = [given.a_case(handler=alice) for _ in range(6)]
    at = MONDAY_9 + hours(1)
    acts: list[Callable[[], Any]] = [
        lambda case=case: lifecycle.reply(case, "您好", by=given.actor(alice), at=at) for case in cases
    ]
    answers = at_once([*acts, lambda: promises.act_on_due(at=at), lambda: promises.act_on_due(at=at)])
    assert not [a for a in answers if isinstance(a, Exception)], answers
    for case in cases:
        promise = Promise.objects.get(case=case, kind="first_reply")
        broken = Entry.objects.filter(
            case=case, kind="promise.broken", payload__promise="first_reply"
        ).count()
        assert (promise.state == "broken") == (broken == 1)
        assert promise.fulfilled_at == at


def test_of_a_colleague_who_confirms_and_a_customer_who_disputes_at_once_exactly_one_is_heard() -> None:
    alice = given.an_agent()
    case = given.a_case(handler=alice, status="resolved")

    def tell(said: str, by: Any, how: str) -> Callable[[], Case]:
        return lambda: outcome.tell(Case.objects.get(pk=case.pk), said, how=how, by=by, at=MONDAY_9)

    confirm, dispute = (
        tell("satisfied", given.actor(alice), "call"),
        tell("dissatisfied", given.customer_of(case), "customer"),
    )
    answers = at_once([confirm, dispute] * 2)
    assert sorted(type(a).__name__ for a in answers) == ["Case", *["MoveNotAllowed"] * 3], answers
    (told,) = Entry.objects.filter(case=case, kind__in=("case.confirmed", "case.disputed"))
    assert given.fresh(case).status == ("closed" if told.kind == "case.confirmed" else "open")


def test_of_two_who_give_the_case_to_others_at_once_exactly_one_does() -> None:
    alice, bob, _ = given.alice_bob_charlie()
    case, team = given.a_case(handler=alice, status="open"), passing.team_of("returns")
    by = given.actor(alice)

    def seen() -> Case:
        return Case.objects.get(pk=case.pk)

    answers = at_once(
        [
            lambda: passing.transfer(seen(), team, "退货", by=by, at=MONDAY_9, version=case.version),
            lambda: passing.reassign(seen(), bob, by=by, at=MONDAY_9, version=case.version),
        ]
        * 2
    )
    assert sorted(type(a).__name__ for a in answers) == ["Case", *["Stale"] * 3], answers
    (told,) = Entry.objects.filter(
        case=case, kind__in=("case.transferred", "case.assigned"), seq__gt=case.entry_seq
    )
    expected = (team.pk, None) if told.kind == "case.transferred" else (case.team_id, bob.pk)
    now = given.fresh(case)
    assert (now.team_id, now.handler_id) == expected
