"""Being at the limit: what the dispatch does then, who is told, and how it ends."""

from datetime import datetime

import pytest

from huiyin.base import tx
from huiyin.base.actor import CLOCK, DISPATCH
from huiyin.base.models import AuditRow, Fact
from huiyin.cases import lifecycle, load
from huiyin.cases.models import Case, Promise
from huiyin.cases.typed import Invalid
from huiyin.dispatch import leaving, offer
from huiyin.duty import overload, presence
from huiyin.duty.models import Overload
from huiyin.notices.models import Notice
from huiyin.staff.models import Grant, Site, Staff, Team
from tests import given
from tests.given import MONDAY_9, hours, minutes

pytestmark = pytest.mark.django_db


def say(staff: Staff, until: datetime | None = None, *, at: datetime = MONDAY_9) -> Overload:
    return overload.report(staff, "太多急件", until, by=given.actor(staff), at=at)[0]


def told(kind: str) -> list[tuple[str, dict[str, object]]]:
    rows = Notice.objects.filter(kind=kind).select_related("staff").order_by("id")
    return [(notice.staff.number, notice.params) for notice in rows]


def test_who_is_at_the_limit_is_given_nothing_new_until_they_take_it_again() -> None:
    alice = given.on_duty(given.an_agent())
    report = say(alice)
    case = given.a_case()
    assert case.handler is None
    assert offer.serve_queue(at=MONDAY_9 + hours(1)) == 0
    assert overload.end(report, by=given.actor(alice), at=MONDAY_9 + hours(1))
    given.work_done(at=MONDAY_9 + hours(1))
    assert given.fresh(case).handler == alice
    assert given.a_case(at=MONDAY_9 + hours(1)).handler == alice


def test_new_cases_go_to_a_colleague_instead() -> None:
    alice, bob = given.on_duty(given.an_agent("alice")), given.on_duty(given.an_agent("bob"))
    say(alice)
    assert [given.a_case(at=MONDAY_9 + minutes(n)).handler for n in range(3)] == [bob] * 3


def test_why_not_is_answered() -> None:
    alice = given.on_duty(given.an_agent())
    say(alice)
    case = given.a_case()
    found, _limits = offer._candidates(MONDAY_9)
    refused = offer.rank(offer.wanted_by(given.fresh(case)), [one for one, _ in found.values()]).refused
    assert [[reason.code for reason in one.because] for one in refused] == [["overloaded"]]


def test_a_report_that_comes_after_the_choice_and_before_the_case_is_kept_too() -> None:
    queued = given.a_case()
    alice = given.on_duty(given.an_agent())
    (choice,) = offer.choose([offer.wanted_by(queued)], at=MONDAY_9)
    assert choice.handler == alice
    say(alice)
    assert not lifecycle.assign(given.fresh(queued), alice, choice.because, by=DISPATCH, at=MONDAY_9)
    with tx.write():
        assert not load.take(alice.pk, queued.weight, at=MONDAY_9)


def test_the_time_named_ends_it_by_itself_even_before_that_is_recorded() -> None:
    alice = given.on_duty(given.an_agent())
    say(alice, MONDAY_9 + hours(2))
    assert given.a_case(at=MONDAY_9 + hours(1)).handler is None
    assert given.a_case(at=MONDAY_9 + hours(2)).handler == alice
    assert overload.end_run_out(by=CLOCK, at=MONDAY_9 + hours(2)) == 1
    assert overload.end_run_out(by=CLOCK, at=MONDAY_9 + hours(2)) == 0
    given.work_done(at=MONDAY_9 + hours(2))
    assert [who for who, _ in told("overload.over")] == ["alice"]
    assert Overload.objects.get().ended_how == "over"
    assert Case.objects.queued().count() == 0


def test_what_they_have_goes_on_and_people_may_still_give_and_take_by_hand() -> None:
    alice, lena = given.on_duty(given.an_agent()), given.a_lead()
    case = given.a_case(status="open", handler=alice)
    owed = list(Promise.objects.owed_by(alice.pk).values_list("pk", "due_at"))
    say(alice)
    assert list(Promise.objects.owed_by(alice.pk).values_list("pk", "due_at")) == owed
    lifecycle.reply(case, "您好，正在处理。", by=given.actor(alice), at=MONDAY_9)
    by_hand, taken = given.a_case(), given.a_case()
    assert lifecycle.assign(by_hand, alice, (), by=given.actor(lena), at=MONDAY_9)
    lifecycle.move(taken, "accept", by=given.actor(alice), at=MONDAY_9)
    assert {given.fresh(one).handler for one in (case, by_hand, taken)} == {alice}
    assert load.wrong() == []


def test_the_lead_is_told_at_once_what_they_carry_and_nobody_else_is() -> None:
    alice, _, charlie = given.alice_bob_charlie()
    given.a_lead()
    given.a_lead("rosa", team="returns")
    given.a_case(handler=alice, status="open")
    given.a_case(handler=alice, status="waiting")
    given.a_case(handler=charlie, status="open")
    say(alice)
    given.work_done(at=MONDAY_9)
    ((lead, carried),) = told("overload.reported")
    owed = Promise.objects.owed_by(alice.pk).filter(state=Promise.RUNNING).order_by("due_at", "id")
    first = owed.first()
    assert first is not None
    tonight = MONDAY_9.replace(hour=0) + hours(24)
    assert (lead, carried) == (
        "lena",
        {
            "person": alice.name,
            "cases": 2,
            "promises": owed.filter(due_at__lt=tonight).count(),
            "promise": first.kind,
            "due": first.due_at.isoformat(),
        },
    )


def test_what_a_lead_may_not_see_is_not_counted_for_them() -> None:
    alice, lena = given.an_agent(), given.a_lead()
    about_lena = given.a_case(handler=alice, status="open")
    about_lena.about.add(lena)
    say(alice)
    given.work_done(at=MONDAY_9)
    ((_, carried),) = told("overload.reported")
    assert (carried["cases"], carried["promises"], carried["due"]) == (0, 0, "")


def test_where_nobody_leads_those_who_approve_for_the_house_are_told() -> None:
    given.a_person("max", role="manager", team=None)
    Team.objects.update(lead=None)
    say(given.an_agent())
    given.work_done(at=MONDAY_9)
    assert [who for who, _ in told("overload.reported")] == ["max"]


def test_saying_or_ending_it_twice_changes_nothing() -> None:
    alice = given.on_duty(given.an_agent())
    first = say(alice)
    again, is_new = overload.report(alice, "还是太多", None, by=given.actor(alice), at=MONDAY_9 + minutes(1))
    assert (again, is_new, again.word) == (first, False, "太多急件")
    ended = [overload.end(first, by=given.actor(alice), at=MONDAY_9 + minutes(2)) for _ in range(2)]
    assert ended == [True, False]
    kinds = Fact.objects.filter(kind__startswith="overload.").order_by("id").values_list("kind", flat=True)
    assert list(kinds) == ["overload.reported", "overload.ended"]
    rows = AuditRow.objects.filter(action__startswith="overload.").order_by("id")
    assert [(row.action, row.object, row.by_ref) for row in rows] == [
        ("overload.reported", "staff:alice", "alice"),
        ("overload.ended", "staff:alice", "alice"),
    ]


def test_an_old_page_does_not_end_a_newer_report() -> None:
    alice, lena = given.on_duty(given.an_agent()), given.a_lead()
    old = say(alice)
    overload.end(old, by=given.actor(alice), at=MONDAY_9)
    say(alice, at=MONDAY_9 + minutes(5))
    assert not overload.end(old, "可以继续", by=given.actor(lena), at=MONDAY_9 + minutes(6))
    assert given.a_case(at=MONDAY_9 + minutes(6)).handler is None


def test_a_report_after_one_whose_time_is_over_is_a_new_one() -> None:
    alice = given.an_agent()
    old = say(alice, MONDAY_9 + hours(1))
    new = say(alice, at=MONDAY_9 + hours(2))
    old.refresh_from_db()
    assert (new.pk != old.pk, old.ended_how, new.is_in_force(at=MONDAY_9 + hours(3))) == (True, "over", True)
    assert presence.shown(alice)[1] is not None


def test_who_leaves_is_at_no_limit_any_more_and_comes_back_without_one() -> None:
    alice = given.on_duty(given.an_agent())
    root = given.a_person("root", role="administrator", team=None)
    say(alice)
    leaving.leave(alice, by=given.actor(root), at=MONDAY_9)
    assert (Overload.objects.get().ended_how, presence.shown(alice)) == ("left", ("offline", None))
    with pytest.raises(Invalid) as refused:
        say(alice)
    assert refused.value.fields == {"person": "cannot_work"}
    leaving.come_back(alice, by=given.actor(root), at=MONDAY_9)
    given.on_duty(Staff.objects.get(pk=alice.pk))
    assert given.a_case().handler == alice


@pytest.mark.parametrize(
    ("word", "until", "fields"),
    [
        ("  ", None, {"word": "missing"}),
        ("多" * 201, None, {"word": "too_long"}),
        ("太多", MONDAY_9, {"until": "not_after_now"}),
        ("太多", MONDAY_9 + hours(24 * 7 + 1), {"until": "too_far"}),
    ],
)
def test_what_cannot_be_used_is_refused_and_nothing_changes(
    word: str, until: datetime | None, fields: dict[str, str]
) -> None:
    alice = given.on_duty(given.an_agent())
    with pytest.raises(Invalid) as refused:
        overload.report(alice, word, until, by=given.actor(alice), at=MONDAY_9)
    assert refused.value.fields == fields
    assert given.a_case().handler == alice


def test_who_does_not_work_on_cases_is_at_no_limit() -> None:
    auditor = given.a_person("audrey", role="auditor", team=None)
    with pytest.raises(Invalid) as refused:
        say(auditor)
    assert refused.value.fields == {"person": "cannot_work"}


def test_a_lead_ends_it_with_a_word_that_the_person_is_told_of() -> None:
    alice, lena = given.on_duty(given.an_agent()), given.a_lead()
    report = say(alice)
    with pytest.raises(Invalid) as refused:
        overload.end(report, " ", by=given.actor(lena), at=MONDAY_9)
    assert refused.value.fields == {"word": "missing"}
    assert overload.end(report, "急件已转走，电话 13800000000", by=given.actor(lena), at=MONDAY_9)
    given.work_done(at=MONDAY_9)
    assert [(who, params["person"]) for who, params in told("overload.ended")] == [("alice", lena.name)]
    ended = Overload.objects.get()
    assert (ended.ended_how, ended.ended_by) == ("by_lead", lena)
    assert "13800000000" not in ended.ended_word + AuditRow.objects.get(action="overload.ended").reason
    assert given.a_case().handler == alice


def test_who_leads_at_one_site_sees_nobody_of_another() -> None:
    alice, lena = given.an_agent(), given.a_lead()
    say(alice)
    home = Site.objects.get(code="main").pk
    Grant.objects.filter(staff=lena).update(sites=[home])
    for sites, sees in (([], True), ([home], True), ([home + 1], False)):
        Grant.objects.filter(staff=alice).update(sites=sites)
        seen = Overload.objects.visible_to(given.seen_by(lena), at=MONDAY_9)
        assert seen.exists() is sees
