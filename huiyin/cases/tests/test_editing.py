"""Editing a case: one entry, all or nothing, and whatever belongs to a category or a priority follows at once."""

from functools import partial
from typing import Any

import pytest
from django.utils import translation

from huiyin.base.actor import Actor
from huiyin.cases import editing, lifecycle, tasking, told
from huiyin.cases.entries import Draft
from huiyin.cases.models import Case, Entry, Promise
from huiyin.staff.models import Team
from tests import given
from tests.given import MONDAY_9, days, hours
from tests.together import at_once

pytestmark = pytest.mark.django_db
BY = Actor("staff", "somebody")


def edited(case: Case, *, after: float = 1, version: int | None = None, **changes: Any) -> Case:
    return editing.edit(case, changes, by=BY, at=MONDAY_9 + hours(after), version=version)


def owed(case: Case, kind: str) -> Promise:
    return Promise.objects.filter(case=case, kind=kind).latest("id")


def kinds_of(case: Case) -> list[str]:
    return list(case.entries.order_by("seq").values_list("kind", flat=True))


def test_one_entry_tells_each_field_before_and_after_and_the_version_goes_up_by_one() -> None:
    case = given.a_case()
    edited(case, priority="low", emotion="worried", version=case.version)
    (entry,) = Entry.objects.filter(case=case, kind="case.changed")
    assert entry.payload["changes"] == [
        {"field": "priority", "old": "normal", "new": "low"},
        {"field": "emotion", "old": "calm", "new": "worried"},
    ]
    now = given.fresh(case)
    assert (now.version, now.priority, now.priority_rank, now.emotion) == (2, "low", 2, "worried")


def test_what_stands_already_is_no_change() -> None:
    case = given.a_case()
    edited(case, priority="normal", category=case.category)
    assert given.fresh(case).version == case.version
    assert "case.changed" not in kinds_of(case)


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"category": "weather"}, "category"),
        ({"priority": "huge"}, "priority"),
        ({"title": "  "}, "title"),
        ({"title": "长" * 201}, "title"),
        ({"missing": ["passport"]}, "missing"),
        ({"emotion": "hungry"}, "emotion"),
        ({"language": "the one they speak"}, "language"),
        ({"department": "moon"}, "department"),
        ({"is_complex": "perhaps"}, "is_complex"),
        ({"handler": "bob"}, "handler"),
    ],
)
def test_a_value_that_is_not_known_is_refused_by_its_field_and_nothing_is_written(
    changes: dict[str, Any], field: str
) -> None:
    case = given.a_case()
    with pytest.raises(lifecycle.Invalid) as refused:
        edited(case, **{"priority": "low"} | changes)
    assert set(refused.value.fields) == {field}
    assert (given.fresh(case).version, given.fresh(case).priority) == (case.version, "normal")


def test_a_raised_priority_moves_what_is_due_less_the_time_used() -> None:
    case = given.a_case()
    edited(case, after=1, priority="urgent")
    promise = owed(case, "resolution")
    assert (promise.due_at, promise.first_due) == (MONDAY_9 + hours(2), MONDAY_9 + hours(24))
    assert given.fresh(case).next_due == min(one.due_at for one in case.promises.all() if one.is_owed)


def test_a_matter_that_is_a_complaint_gets_its_promises_and_its_procedure() -> None:
    case = given.a_case()
    edited(case, after=2, category="complaint")
    assert owed(case, "resolution").state == Promise.CANCELLED
    assert owed(case, "complaint_response").due_at == MONDAY_9 + days(1)
    assert owed(case, "complaint_closed_loop").due_at == MONDAY_9 + days(3)
    now = given.fresh(case)
    assert now.procedure == "service_complaint" and now.stage


def test_a_complaint_that_was_none_leaves_its_procedure_while_nothing_was_done_in_it() -> None:
    case = given.a_case()
    edited(case, category="complaint")
    edited(given.fresh(case), after=2, category="hardware_fault")
    now = given.fresh(case)
    assert (now.procedure, now.stage) == ("", "")
    assert {one.kind for one in case.promises.all() if one.is_owed} == {"first_reply", "resolution"}


def test_a_procedure_that_has_gone_on_keeps_its_case() -> None:
    case = given.a_case()
    edited(case, category="complaint")
    Case.objects.filter(pk=case.pk).update(stage="investigate")
    edited(given.fresh(case), after=2, category="hardware_fault")
    assert given.fresh(case).stage == "investigate"


def test_what_is_still_needed_follows_the_category() -> None:
    case = given.a_case("想退款")
    assert edited(case, category="how_to").missing == []
    assert edited(given.fresh(case), category="refund").missing == ["order_number"]
    lifecycle.receive(
        given.fresh(case),
        Draft("message.received", {"channel": "api", "files": []}, "订单号 JD20260301123456"),
        by=given.customer_of(case),
        at=MONDAY_9,
    )
    assert edited(given.fresh(case), category="exchange").missing == []


def test_what_is_needed_can_be_put_right_by_hand() -> None:
    case = given.a_case("想退款")
    assert edited(case, missing=["order_number", "name"]).missing == ["name", "order_number"]
    assert edited(given.fresh(case), category="how_to", missing=["phone"]).missing == ["phone"]


def test_a_title_holds_no_whole_personal_value_and_its_words_can_be_erased() -> None:
    case = given.a_case()
    now = edited(case, title="退款  请回电\n13912345678")
    assert now.title == "退款 请回电 139****5678"
    (entry,) = Entry.objects.filter(case=case, kind="case.changed")
    assert entry.payload["changes"] == [{"field": "title", "old": "", "new": ""}]


def test_a_resolved_case_marked_as_complex_is_called_back_and_not_when_the_mark_is_taken_away() -> None:
    given.a_lead()
    case = given.a_case(handler=given.an_agent(), status="resolved")
    assert not case.promises.filter(kind="call_back").exists()
    edited(case, is_complex=True)
    call_back = owed(case, "call_back")
    assert (call_back.state, call_back.due_at) == (Promise.RUNNING, MONDAY_9 + hours(25))
    assert call_back.debtor is not None and call_back.debtor.number == "lena"
    edited(given.fresh(case), is_complex=False)
    assert owed(case, "call_back").state == Promise.CANCELLED


def test_a_resolved_case_does_not_owe_its_solution_again_when_its_category_is_put_right() -> None:
    case = given.a_case("我要投诉客服态度差", handler=given.an_agent(), status="resolved")
    edited(case, category="hardware_fault")
    assert not [one.kind for one in case.promises.all() if one.is_owed and one.kind != "archive"]


def test_of_a_closed_case_only_what_reports_read_can_be_put_right_and_nothing_of_a_void_one() -> None:
    closed, void = given.a_case(handler=given.an_agent(), status="closed"), given.a_case(status="void")
    given.a_team("returns")
    department = edited(closed, department="returns").department
    assert department is not None and department.code == "returns"
    with pytest.raises(lifecycle.MoveNotAllowed):
        edited(given.fresh(closed), category="complaint")
    with pytest.raises(lifecycle.MoveNotAllowed):
        edited(void, title="别的")


def test_a_task_owes_its_due_time_only_whatever_it_is_filed_under() -> None:
    alice, service = given.an_agent(), Team.objects.get(code="service")
    task = tasking.Task("visit", "上门", service, MONDAY_9 + days(2), handler=alice)
    case = tasking.open_task(task, by=BY, at=MONDAY_9)
    edited(case, priority="urgent", category="complaint")
    assert [(one.kind, one.due_at) for one in case.promises.all()] == [("visit", MONDAY_9 + days(2))]
    assert given.fresh(case).procedure == ""


def test_the_timeline_tells_changes_in_words() -> None:
    given.a_team("returns")
    case = given.a_case()
    edited(case, priority="urgent", department="returns", is_complex=True)
    (entry,) = list(Entry.objects.filter(case=case, kind="case.changed"))
    with translation.override("en"):
        sentence = told.sentence(entry, told.names_of([entry]))
    assert sentence == (
        "changed priority: normal → urgent; responsible department: none → returns; complex: no → yes"
    )


@pytest.mark.django_db(transaction=True)
def test_of_two_who_edit_what_both_have_seen_one_is_told_to_look_again() -> None:
    given.installed()
    case = given.a_case()
    seen = [(given.fresh(case), priority) for priority in ("urgent", "low")]

    def act(one: Case, priority: str) -> Case:
        return edited(one, priority=priority, version=1)

    results = at_once([partial(act, *one) for one in seen])
    assert sorted(isinstance(one, lifecycle.Stale) for one in results) == [False, True]
    assert Entry.objects.filter(case=case, kind="case.changed").count() == 1
