"""A question put into words once gets the answer that the ORM would get, whatever is asked for."""

from dataclasses import replace
from datetime import datetime
from typing import Any

import pytest
from django.db import connection
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.test.utils import CaptureQueriesContext

from huiyin.base.question import Question, columns, made
from huiyin.cases.models import Case, Entry
from huiyin.customers.models import Customer
from huiyin.staff import viewer
from huiyin.staff.viewer import Viewer
from tests import given
from tests.given import MONDAY_9, hours

pytestmark = pytest.mark.django_db


def recent(numbers: list[str], since: datetime) -> QuerySet[Case, tuple[Any, ...]]:
    lively = Entry.objects.filter(case=OuterRef("pk"), at__gte=since)
    cases = Case.objects.filter(Q(opened_at__gte=since) | Exists(lively), number__in=numbers)
    return cases.order_by("pk").values_list("number", "weight", "opened_at", "missing", "customer__name")


def test_it_is_answered_as_the_orm_answers_however_many_are_asked_for() -> None:
    question = Question(recent)
    cases = [given.a_case(at=MONDAY_9 + hours(n)) for n in range(5)]
    numbers = [case.number for case in cases]
    for asked in (numbers[:1], numbers[:2], numbers[1:4], numbers, ["none"]):
        for since in (MONDAY_9, MONDAY_9 + hours(2)):
            expected = list(recent(asked, since))
            assert [tuple(row) for row in question.ask(numbers=asked, since=since)] == expected


def test_asking_for_more_changes_the_words_only_when_the_list_doubles() -> None:
    question = Question(recent)
    with CaptureQueriesContext(connection) as captured:
        for n in range(1, 33):
            question.ask(numbers=[str(i) for i in range(n)], since=MONDAY_9)
    assert len(captured) == 32 and len(question._words) == 6


def numbers_seen(who: Viewer, limit: int) -> QuerySet[Case, tuple[Any, ...]]:
    return Case.objects.visible_to(who).order_by("pk").values_list("number")[:limit]


def test_who_asks_gets_what_they_may_see_and_something_else_once_their_rights_are_others() -> None:
    alice, bob, charlie = given.alice_bob_charlie()
    cases = [given.a_case(handler=person) for person in (alice, bob, charlie)]
    question = Question(numbers_seen)
    seen = {person: viewer.of(person, at=MONDAY_9) for person in (alice, bob, charlie)}
    for _ in range(2):
        for who in seen.values():
            expected = list(numbers_seen(who, 9))
            assert [tuple(row) for row in question.ask(who, 9)] == expected != []
    gone = replace(seen[alice], scopes=())
    for _ in range(2):
        assert not question.ask(gone, 9)
    assert (cases[0].number,) in [tuple(row) for row in question.ask(seen[alice], 9)]


def test_words_for_ever_more_askers_do_not_fill_the_memory(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("huiyin.base.question.KEPT", 3)
    alice = viewer.of(given.an_agent("alice"), at=MONDAY_9)
    question = Question(numbers_seen)
    for limit in range(1, 9):
        question.ask(alice, limit)
        assert len(question._words) <= 3


def test_asking_for_none_asks_nothing() -> None:
    with CaptureQueriesContext(connection) as captured:
        assert not Question(recent).ask(numbers=[], since=MONDAY_9)
    assert not len(captured)


def test_a_row_is_made_of_its_columns() -> None:
    customer = given.a_customer(phone="13900000001")
    question = Question(lambda pks: Customer.objects.filter(pk__in=pks).values_list(*columns(Customer)))
    (values,) = question.ask(pks=[customer.pk])
    again = made(Customer, values)
    assert again == customer and again.name == customer.name and again.made_at == customer.made_at
