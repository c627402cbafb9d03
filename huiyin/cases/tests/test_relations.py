from datetime import timedelta

import pytest

from huiyin.base.actor import Actor
from huiyin.cases import escalation, lifecycle, links, merging, promises, relating, splitting, watching
from huiyin.cases.models import Case, CaseLink, Entry, Promise
from huiyin.cases.moves import MoveNotAllowed, Stale
from huiyin.cases.promises import OWED
from huiyin.customers.recognise import Sender
from huiyin.staff.models import Staff
from tests import given
from tests.given import MONDAY_9, hours, minutes

pytestmark = pytest.mark.django_db
LI_LEI = Sender("李雷", "13900001234")


def owed(case: Case) -> list[str]:
    return sorted(Promise.objects.filter(OWED, case=case).values_list("kind", flat=True))


def two_of_one_customer() -> tuple[Case, Case, Actor]:
    alice = given.on_duty(given.an_agent())
    first = given.received(given.a_message("我的电脑突然无法开机", sender=LI_LEI), at=MONDAY_9).case
    second = given.received(given.a_message("我要投诉", sender=LI_LEI), at=MONDAY_9 + minutes(5)).case
    assert first is not None and second is not None and first.customer_id == second.customer_id
    return given.fresh(second), given.fresh(first), given.actor(alice)


def test_a_merged_case_is_void_and_points_to_the_survivor() -> None:
    secondary, survivor, by = two_of_one_customer()
    merging.merge(secondary, survivor, by=by, at=MONDAY_9 + minutes(6))
    assert given.fresh(secondary).status == Case.VOID
    assert merging.survivor_of(given.fresh(secondary)) == survivor


def test_what_both_owe_of_a_kind_stays_owed_once_and_the_rest_goes_over() -> None:
    secondary, survivor, by = two_of_one_customer()
    merging.merge(secondary, survivor, by=by, at=MONDAY_9 + minutes(6))
    assert owed(secondary) == []
    assert owed(survivor).count("first_reply") == 1
    assert "complaint_closed_loop" in owed(survivor)


def test_entries_never_move() -> None:
    secondary, survivor, by = two_of_one_customer()
    before = Entry.objects.filter(case=secondary).count()
    merging.merge(secondary, survivor, by=by, at=MONDAY_9 + minutes(6))
    assert Entry.objects.filter(case=secondary).count() == before + 1


def test_an_undone_merge_gives_back_status_and_what_was_owed() -> None:
    secondary, survivor, by = two_of_one_customer()
    owed_before = owed(secondary), owed(survivor)
    merging.merge(secondary, survivor, by=by, at=MONDAY_9 + minutes(6))
    merging.unmerge(given.fresh(secondary), by=by, at=MONDAY_9 + hours(1))
    assert (owed(secondary), owed(survivor)) == owed_before
    assert given.fresh(secondary).status == Case.NEW


def test_who_follows_the_merged_case_follows_the_survivor_until_the_merge_is_undone() -> None:
    secondary, survivor, by = two_of_one_customer()
    both, one, gone = (given.an_agent(number) for number in ("both", "one", "gone"))
    for person in (both, one, gone):
        watching.watch(secondary, person, by=by, at=MONDAY_9)
    watching.watch(survivor, both, by=by, at=MONDAY_9)
    Staff.objects.filter(pk=gone.pk).update(is_active=False)
    merging.merge(secondary, survivor, by=by, at=MONDAY_9)
    assert [row.staff for row in watching.of(survivor)] == [both, one]
    assert Entry.objects.filter(case=survivor, kind="watcher.added", payload__to="one").exists()
    merging.unmerge(given.fresh(secondary), by=by, at=MONDAY_9)
    assert [row.staff for row in watching.of(survivor)] == [both]


def test_a_lead_to_whom_a_person_raised_the_case_goes_along_one_to_whom_only_the_clock_did_does_not() -> None:
    given.a_lead()
    secondary, survivor, by = two_of_one_customer()
    at = MONDAY_9 + hours(2)
    promises.act_on_due(at=at)
    assert Entry.objects.filter(case=secondary, kind="case.escalated", payload__to="lena").exists()
    merging.merge(secondary, survivor, by=by, at=at)
    assert not watching.of(survivor)
    merging.unmerge(given.fresh(secondary), by=by, at=at)
    max_ = given.a_person("max", role="manager", team=None)
    assert escalation.by_hand(given.fresh(secondary), "请经理回电", by=by, at=at) == max_
    merging.merge(given.fresh(secondary), given.fresh(survivor), by=by, at=at)
    assert [row.staff for row in watching.of(survivor)] == [max_]


def test_a_merge_cannot_be_undone_after_a_day() -> None:
    secondary, survivor, by = two_of_one_customer()
    merging.merge(secondary, survivor, by=by, at=MONDAY_9)
    with pytest.raises(merging.CannotMerge, match="too_late"):
        merging.unmerge(given.fresh(secondary), by=by, at=MONDAY_9 + timedelta(hours=25))


def test_cases_of_different_customers_do_not_merge() -> None:
    secondary, _, by = two_of_one_customer()
    other = given.a_case()
    with pytest.raises(merging.CannotMerge, match="other_customer"):
        merging.merge(secondary, other, by=by, at=MONDAY_9)


def test_a_case_does_not_merge_into_itself_nor_a_closed_one_into_another() -> None:
    secondary, survivor, by = two_of_one_customer()
    with pytest.raises(merging.CannotMerge, match="same"):
        merging.merge(secondary, secondary, by=by, at=MONDAY_9)
    lifecycle.move(secondary, "accept", by=by, at=MONDAY_9)
    lifecycle.move(secondary, "resolve", by=by, at=MONDAY_9, text="done")
    with pytest.raises(MoveNotAllowed):
        merging.merge(secondary, survivor, by=by, at=MONDAY_9)


def test_a_stale_version_merges_nothing() -> None:
    secondary, survivor, by = two_of_one_customer()
    with pytest.raises(Stale):
        merging.merge(secondary, survivor, by=by, at=MONDAY_9, version=secondary.version - 1)
    assert given.fresh(secondary).merged_into_id is None


def test_the_customers_link_of_a_merged_case_shows_the_survivor() -> None:
    secondary, survivor, by = two_of_one_customer()
    token = links.token(secondary)
    merging.merge(secondary, survivor, by=by, at=MONDAY_9)
    assert links.case_of(token, at=MONDAY_9) == survivor


def test_a_message_to_a_merged_case_joins_the_survivor() -> None:
    secondary, survivor, by = two_of_one_customer()
    merging.merge(secondary, survivor, by=by, at=MONDAY_9)
    said = given.a_message("还有一件事", thread_case=secondary.number)
    assert given.received(said, at=MONDAY_9 + hours(1)).case == survivor


def test_a_split_message_opens_a_linked_case_of_the_same_customer_and_handler() -> None:
    _, case, by = two_of_one_customer()
    opened = splitting.split(case, 1, title="退款", by=by, at=MONDAY_9 + hours(1))
    assert (opened.customer_id, opened.handler_id) == (case.customer_id, case.handler_id)
    assert opened.category == "refund" or opened.category == "hardware_fault"
    assert CaseLink.objects.filter(one=case, two=opened, kind="split").exists()
    assert opened.promises.exists()


def test_only_a_message_of_the_customer_can_be_split() -> None:
    _, case, by = two_of_one_customer()
    with pytest.raises(splitting.NoSuchMessage):
        splitting.split(case, 2, title="", by=by, at=MONDAY_9)


def test_linking_twice_makes_one_link_and_unlinking_takes_it_away() -> None:
    one, two, by = two_of_one_customer()
    relating.link(one, two, by=by, at=MONDAY_9)
    relating.link(two, one, by=by, at=MONDAY_9)
    assert CaseLink.objects.filter(kind="related").count() == 1
    relating.unlink(two, one, by=by, at=MONDAY_9)
    assert not CaseLink.objects.exists()


def test_groups_have_one_level() -> None:
    one, two, by = two_of_one_customer()
    three = given.a_case()
    relating.put_under(one, two, by=by, at=MONDAY_9)
    with pytest.raises(relating.CannotRelate, match="has_parent"):
        relating.put_under(three, one, by=by, at=MONDAY_9)
    with pytest.raises(relating.CannotRelate, match="has_children"):
        relating.put_under(two, three, by=by, at=MONDAY_9)


def test_one_answer_reaches_every_open_child_once_and_resolves_it() -> None:
    parent, child, by = two_of_one_customer()
    other = given.a_case()
    for each in (child, other):
        relating.put_under(each, parent, by=by, at=MONDAY_9)
    relating.answer_all(parent, "已修复，请重启设备。", resolve=True, by=by, at=MONDAY_9 + minutes(10))
    given.work_done(at=MONDAY_9 + minutes(11))
    given.work_done(at=MONDAY_9 + minutes(12))
    for each in (child, other):
        assert given.fresh(each).status == Case.RESOLVED
        assert Entry.objects.filter(case=each, kind="message.sent").count() == 1
    assert given.fresh(parent).status == Case.NEW
