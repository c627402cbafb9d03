"""Rows put in at once stand in the table exactly as the ORM would have put them."""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from itertools import count
from typing import Any

import pytest
from django.db import IntegrityError, connection, models

from huiyin.base import rows, tx
from huiyin.base.models import Task
from huiyin.base.personal import Personal
from huiyin.cases.models import AgentLoad, Case, Entry, Promise
from huiyin.customers.models import Customer
from huiyin.staff.models import Site, Staff
from tests import given
from tests.given import MONDAY_9

pytestmark = [pytest.mark.django_db, pytest.mark.tampers]
_serial = count(1)
ODD = "引号 ' \" \\ %s {} ☎\n😀"


def a_promise(case: Case) -> Promise:
    return Promise(
        case=case,
        kind=ODD[:20],
        policy="p",
        calendar="always",
        days=3,
        target_s=None,
        started_at=MONDAY_9,
        due_at=datetime(2026, 3, 2, 1, 2, 3, 456789, tzinfo=UTC),
        first_due=MONDAY_9,
        warnings=["a", 1, None, {"b": ODD}],
        provisional=True,
        waited=timedelta(days=-1, microseconds=7),
    )


def a_case_row() -> Case:
    site, team = Site.objects.get(code="main"), given.a_team("returns")
    texts = {"channel": "api", "channel_kind": "api", "category": "other", "language": "zh-hans"}
    return Case(
        number=f"n-{next(_serial)}", site=site, team=team, priority="low", priority_rank=2, title=ODD,
        weight=Decimal("1.5"), goal_met=None, is_complex=True, opened_at=MONDAY_9, **texts,
    )  # fmt: skip


def a_load(number: str) -> AgentLoad:
    staff = Staff.objects.create(number=number, name="同事", joined_at=MONDAY_9)
    return AgentLoad(staff=staff, load=Decimal("2.5"), assigned_on=date(2026, 3, 2))


def a_customer_row(number: str) -> Customer:
    site = Site.objects.get(code="main")
    return Customer(number=number, site=site, name=Personal("name", ODD), tags=[ODD], made_at=MONDAY_9)


SAMPLES: list[Callable[[str], models.Model]] = [
    lambda _: a_promise(given.a_case()),
    lambda _: a_case_row(),
    a_customer_row,
    a_load,
    lambda key: Task(lane="fast", function="f", key=key, args={"a": [ODD]}, run_at=MONDAY_9, put_at=MONDAY_9),
]


def stored(row: models.Model) -> dict[str, Any]:
    """What stands in the table, column by column, without what must differ between two rows."""
    with connection.cursor() as cursor:
        cursor.execute(f'SELECT * FROM "{row._meta.db_table}" WHERE id = %s', [row.pk])
        found = dict(zip([column[0] for column in cursor.description], cursor.fetchone(), strict=True))
    return {k: v for k, v in found.items() if k not in ("id", "uuid", "number", "key", "case_id", "staff_id")}


@pytest.mark.parametrize("sample", range(len(SAMPLES)))
def test_a_row_stands_as_the_orm_puts_it(sample: int) -> None:
    by_orm, at_once = SAMPLES[sample]("one"), SAMPLES[sample]("two")
    with tx.write():
        by_orm.save()
        rows.insert([at_once])
    assert stored(at_once) == stored(by_orm)
    again = type(at_once)._default_manager.get(pk=at_once.pk)
    assert {f.attname: getattr(again, f.attname) for f in again._meta.concrete_fields} == {
        f.attname: getattr(at_once, f.attname) for f in again._meta.concrete_fields
    }


def test_a_new_row_is_what_the_model_itself_would_make() -> None:
    case = a_case_row()
    given_ = {"case": case, "kind": "k", "policy": "p", "debtor": None, "started_at": MONDAY_9}
    made, by_model = rows.new(Promise, **given_), Promise(**given_)
    first, second = (
        {f.attname: getattr(one, f.attname) for f in Promise._meta.concrete_fields if f.name != "uuid"}
        for one in (made, by_model)
    )
    assert first == second and made.uuid != by_model.uuid and made.case is case and made.debtor is None
    assert made._state.adding and made.warnings is not rows.new(Promise, case=case).warnings
    with pytest.raises(TypeError, match="colour"):
        rows.new(Promise, colour="red")


def test_rows_get_their_numbers_in_order_also_after_some_were_taken_out() -> None:
    case = given.a_case()
    first = [a_promise(case) for _ in range(3)]
    with tx.write():
        rows.insert(first)
        Promise.objects.filter(pk=first[-1].pk).delete()
        more = [a_promise(case) for _ in range(3)]
        rows.insert(more)
    assert len({one.pk for one in first + more}) == 6
    assert [Promise.objects.get(pk=one.pk).uuid for one in more] == [one.uuid for one in more]


def test_a_row_may_be_referred_to_before_it_is_stored_but_not_for_ever() -> None:
    case = a_case_row()
    promise = a_promise(case)
    with tx.write():
        with pytest.raises(ValueError, match="case of a Promise"):
            rows.insert([promise])
        rows.insert([case])
        rows.insert([promise])
    assert Promise.objects.get(case=case).uuid == promise.uuid


def test_what_may_stand_only_once_is_refused_whole() -> None:
    case = given.a_case()
    double = [Entry(case=case, seq=90, kind="note.added", audience="staff", at=MONDAY_9) for _ in range(2)]
    with pytest.raises(IntegrityError), tx.write(), tx.attempt():
        rows.insert(double)
    assert not Entry.objects.filter(case=case, seq=90).exists()


@pytest.mark.django_db(transaction=True)
def test_nothing_is_put_in_outside_a_transaction_and_nothing_at_all_is_no_work() -> None:
    rows.insert([])
    with pytest.raises(RuntimeError):
        rows.insert([a_case_row()])
