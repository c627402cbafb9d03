"""A case about a person: they lose it at once, supervision gets it, and it comes back to them in no form."""

import pytest

from huiyin.cases import about, collaboration, lifecycle, merging, recent, splitting
from huiyin.cases.models import Case, Collaboration, Entry, Promise, Watcher
from huiyin.cases.moves import Stale
from huiyin.cases.typed import Invalid
from huiyin.desk.live import _topics
from huiyin.notices import tell
from huiyin.staff import people
from huiyin.staff.models import Staff, Team
from tests import given
from tests.given import MONDAY_9, hours, minutes

pytestmark = pytest.mark.django_db
REASON = "客户投诉他态度差"


def told_about(case: Case, *people: Staff, by: Staff) -> Case:
    about.tell_about(given.fresh(case), people, REASON, by=given.actor(by), at=MONDAY_9 + minutes(1))
    return given.fresh(case)


def a_supervisor(number: str = "sue") -> Staff:
    return given.a_person(number, role="lead", team="supervision")


def test_the_handler_loses_the_case_which_goes_to_the_queue_of_supervision() -> None:
    alice, lena = given.an_agent(), given.a_lead()
    case = told_about(given.a_case(handler=alice, status="open"), alice, by=lena)
    assert (case.team.code, case.handler, case.owner) == ("supervision", None, None)
    assert not Promise.objects.filter(case=case, debtor=alice, fulfilled_at=None).exists()
    assert not Case.objects.visible_to(given.seen_by(alice)).exists()


def test_the_load_of_whoever_lost_it_is_given_back() -> None:
    alice, lena = given.an_agent(), given.a_lead()
    case = given.a_case(handler=alice, status="open")
    before = alice.load.load  # type: ignore[attr-defined]
    told_about(case, alice, by=lena)
    alice.load.refresh_from_db()  # type: ignore[attr-defined]
    assert (before, alice.load.load) == (case.weight, 0)  # type: ignore[attr-defined]


@pytest.mark.parametrize("role", ["lead", "manager", "quality"])
def test_no_role_shows_a_case_to_the_person_it_is_about(role: str) -> None:
    person = given.a_person("pat", role=role, team=None)
    case = told_about(given.a_case(), person, by=given.a_lead())
    for follows in (False, True):
        assert not Case.objects.visible_to(given.seen_by(person)).filter(pk=case.pk).exists(), follows
        people.grant(
            person, role="lead", team="supervision", by=given.actor(person), at=MONDAY_9
        )  # even as one of supervision


def test_somebody_who_already_works_for_supervision_keeps_the_case_of_another() -> None:
    alice, sue, lena = given.an_agent(), a_supervisor(), given.a_lead()
    case = given.a_case(handler=sue, status="open")
    Case.objects.filter(pk=case.pk).update(team=Team.objects.get(code="supervision"))
    assert told_about(case, alice, by=lena).handler == sue


def test_supervision_serves_the_case_but_never_to_the_person_it_is_about() -> None:
    lena, sue = given.a_lead(), a_supervisor()
    given.on_duty(sue)
    case = told_about(given.a_case(handler=given.an_agent(), status="open"), sue, by=lena)
    given.work_done(at=MONDAY_9 + minutes(2))
    assert given.fresh(case).handler is None
    rob = given.on_duty(a_supervisor("rob"))
    given.work_done(at=MONDAY_9 + minutes(3))
    given.fresh(case)
    assert given.fresh(case).handler == rob


@pytest.mark.parametrize("way", ["assign", "accept"])
def test_nothing_gives_the_case_back_to_them(way: str) -> None:
    alice, lena = given.an_agent(), given.a_lead()
    case = told_about(given.a_case(), alice, by=lena)
    with pytest.raises(Invalid):
        if way == "assign":
            lifecycle.assign(case, alice, (), by=given.actor(lena), at=MONDAY_9)
        else:
            lifecycle.move(case, "accept", by=given.actor(alice), at=MONDAY_9)
    assert given.fresh(case).handler is None


def test_they_follow_it_no_longer() -> None:
    alice, bob, lena = given.an_agent("alice"), given.an_agent("bob"), given.a_lead()
    case = given.a_case(handler=alice, status="open")
    Watcher.objects.create(case=case, staff=bob, since=MONDAY_9)
    told_about(case, bob, by=lena)
    assert not case.watchers.exists()


def test_a_request_they_owed_goes_to_somebody_else_of_their_department() -> None:
    alice, lena = given.an_agent(), given.a_lead()
    logistics = given.a_team("logistics")
    lou, kim = (given.a_person(n, role="collaborator", team="logistics") for n in ("lou", "kim"))
    Team.objects.filter(pk=logistics.pk).update(contact=lou, lead=kim)
    case = given.a_case(handler=alice, status="open")
    asked = collaboration.Asked(given.a_team("logistics"), "查单", "请查", MONDAY_9 + hours(4))
    collaboration.ask(case, asked, by=given.actor(alice), at=MONDAY_9)
    told_about(case, lou, by=lena)
    request = case.collaborations.get()
    assert request.assignee == kim and request.promise is not None and request.promise.debtor == kim
    assert not Collaboration.objects.visible_to(given.seen_by(lou)).exists()
    assert Collaboration.objects.visible_to(given.seen_by(kim)).exists()


def test_what_they_were_told_before_disappears_and_nothing_new_is_told() -> None:
    alice, lena = given.an_agent(), given.a_lead()
    case = given.a_case()
    lifecycle.assign(case, alice, (), by=given.actor(lena), at=MONDAY_9)
    given.work_done(at=MONDAY_9)
    assert tell.unread(alice.pk, limit=9)
    told_about(case, alice, by=lena)
    tell.tell([alice.pk], "case.disputed", cause="entry:1:1", case_number=case.number, at=MONDAY_9)
    assert tell.unread(alice.pk, limit=9) == []
    assert alice.notices.count() == 1


@pytest.mark.parametrize("team", ["service", "supervision"])
def test_no_topic_they_may_hear_carries_a_hint_about_it(team: str) -> None:
    person, other = given.a_person("pat", role="lead", team=team), a_supervisor()
    case = told_about(given.a_case(handler=person, status="open"), person, by=given.a_lead())
    (topics,) = recent.topics_of([case]).values()
    assert not topics & _topics(person.pk, case.number)
    assert topics & _topics(other.pk, "")
    lifecycle.note(case, "调查", by=given.actor(other), at=MONDAY_9 + minutes(2))
    _, changed = recent.changed_since(0)
    assert not any(one.topics & _topics(person.pk, case.number) for one in changed)


def test_taking_the_person_out_shows_them_the_case_again_only_as_far_as_their_role_reaches() -> None:
    alice, lena = given.an_agent(), given.a_lead()
    case = told_about(given.a_case(handler=alice, status="open"), alice, by=lena)
    case = told_about(case, by=lena)
    assert (case.team.code, list(case.about.all())) == ("supervision", [])
    assert not Case.objects.visible_to(given.seen_by(alice)).exists()


def test_it_needs_a_reason_is_recorded_for_supervision_and_twice_is_once() -> None:
    alice, lena = given.an_agent(), given.a_lead()
    case = given.a_case(handler=alice, status="open")
    with pytest.raises(Invalid):
        about.tell_about(case, [alice], " ", by=given.actor(lena), at=MONDAY_9)
    told_about(case, alice, by=lena)
    told_about(case, alice, by=lena)
    entry = Entry.objects.get(case=case, kind="case.about_told")
    assert (entry.audience, entry.payload) == ("supervision", {"people": ["alice"]})


def test_whoever_saw_an_older_version_is_refused() -> None:
    alice, lena = given.an_agent(), given.a_lead()
    case = given.a_case(handler=alice, status="open")
    with pytest.raises(Stale):
        about.tell_about(case, [alice], REASON, by=given.actor(lena), at=MONDAY_9, version=case.version - 1)


def test_a_case_about_somebody_is_not_merged_into_one_that_they_may_see() -> None:
    alice, lena = given.an_agent(), given.a_lead()
    first = given.a_case(handler=alice, status="open")
    second = given.a_case(sender=given.Sender(name="李雷", phone="13900000777"))
    Case.objects.filter(pk=second.pk).update(customer=first.customer)
    told_about(second, alice, by=lena)
    for one, other in ((first, second), (second, first)):
        with pytest.raises(merging.CannotMerge, match="other_people"):
            merging.merge(given.fresh(one), given.fresh(other), by=given.actor(lena), at=MONDAY_9)


def test_what_is_taken_out_of_a_case_about_somebody_is_about_them_too() -> None:
    alice, lena = given.an_agent(), given.a_lead()
    case = told_about(given.a_case(handler=alice, status="open"), alice, by=lena)
    part = splitting.split(case, 1, title="另一件事", by=given.actor(lena), at=MONDAY_9 + minutes(3))
    assert (list(part.about.all()), part.team.code) == ([alice], "supervision")
    assert not Case.objects.visible_to(given.seen_by(alice)).exists()
