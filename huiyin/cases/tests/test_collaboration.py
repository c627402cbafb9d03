"""Asking another department: who owes what, what holds the close, and what the other department may read."""

import pytest

from huiyin.cases import collaboration, lifecycle, merging, pending, promises, shared
from huiyin.cases.collaboration import Asked
from huiyin.cases.models import Case, Collaboration, Entry
from huiyin.cases.moves import MoveNotAllowed, Stale
from huiyin.cases.typed import Invalid
from huiyin.staff.models import Staff, Team
from tests import given
from tests.given import MONDAY_9, hours

pytestmark = pytest.mark.django_db


def a_department(contact: str = "lou") -> tuple[Team, Staff]:
    team = given.a_team("logistics")
    person = given.a_person(contact, role="collaborator", team="logistics")
    Team.objects.filter(pk=team.pk).update(contact=person)
    return given.a_team("logistics"), person


def asked(case: Case, by: Staff, department: Team, **more: object) -> Collaboration:
    words = {"subject": "查一下运单", "details": "客户说三天没动", "due": MONDAY_9 + hours(4), **more}
    return collaboration.ask(
        given.fresh(case),
        Asked(department, **words),  # type: ignore[arg-type]
        by=given.actor(by),
        at=MONDAY_9,
    )


def test_a_request_is_owed_by_the_contact_until_its_own_due_time() -> None:
    alice, (logistics, lou) = given.an_agent(), a_department()
    request = asked(given.a_case(handler=alice, status="open"), alice, logistics)
    assert request.promise is not None
    assert (request.promise.debtor, request.promise.due_at) == (lou, MONDAY_9 + hours(4))
    assert (request.assignee, request.promise.made_by) == (lou, alice)


def test_what_another_department_owes_stays_theirs_when_the_case_changes_hands() -> None:
    alice, bob, _ = given.alice_bob_charlie()
    logistics, lou = a_department()
    case = given.a_case(handler=alice, status="open")
    request = asked(case, alice, logistics)
    lifecycle.assign(given.fresh(case), bob, (), by=given.actor(alice), at=MONDAY_9)
    request.promise.refresh_from_db()  # type: ignore[union-attr]
    assert request.promise.debtor == lou  # type: ignore[union-attr]


def test_an_answer_keeps_the_promise_and_the_request_ends_when_it_is_finished() -> None:
    alice, (logistics, lou) = given.an_agent(), a_department()
    request = asked(given.a_case(handler=alice, status="open"), alice, logistics)
    for verb, by, text in (("accept", lou, ""), ("answer", lou, "已联系快递"), ("finish", alice, "")):
        request = collaboration.act(
            request, verb, by=given.actor(by), at=MONDAY_9 + hours(1), version=request.version, text=text
        )
    assert (request.state, request.promise.state) == ("finished", "kept")  # type: ignore[union-attr]
    kinds = list(Entry.objects.filter(case=request.case).order_by("seq").values_list("kind", flat=True))
    assert [k for k in kinds if k.startswith(("collaboration", "promise"))] == [
        "promise.kept",  # the greeting
        "collaboration.asked",
        "collaboration.accepted",
        "collaboration.answered",
        "promise.kept",
        "collaboration.finished",
    ]


# Written by hand: verb → the states of a request that it leaves.
LEAVES = {
    "accept": {"open"},
    "answer": {"open", "accepted"},
    "return": {"open", "accepted"},
    "finish": {"accepted", "answered"},
    "withdraw": {"open", "accepted", "answered"},
    "approve": set(),
    "refuse": set(),
}


@pytest.mark.parametrize("state", Collaboration.STATES)
def test_each_step_begins_only_where_it_may(state: str) -> None:
    alice, (logistics, _) = given.an_agent(), a_department()
    request = asked(given.a_case(handler=alice, status="open"), alice, logistics)
    Collaboration.objects.filter(pk=request.pk).update(state=state)
    for verb, leaves in LEAVES.items():
        with given.undone():
            try:
                collaboration.act(
                    request, verb, by=given.actor(alice), at=MONDAY_9, version=None, text="因为"
                )
                moved = True
            except MoveNotAllowed:
                moved = False
            assert moved == (state in leaves), verb


def test_two_people_cannot_both_answer_a_request() -> None:
    alice, (logistics, lou) = given.an_agent(), a_department()
    request = asked(given.a_case(handler=alice, status="open"), alice, logistics)
    collaboration.act(request, "answer", by=given.actor(lou), at=MONDAY_9, version=1, text="查到了")
    with pytest.raises(Stale):
        collaboration.act(request, "return", by=given.actor(lou), at=MONDAY_9, version=1, text="不归我们")


@pytest.mark.parametrize("verb", ["answer", "return"])
def test_answering_and_returning_need_words(verb: str) -> None:
    alice, (logistics, lou) = given.an_agent(), a_department()
    request = asked(given.a_case(handler=alice, status="open"), alice, logistics)
    with pytest.raises(Invalid):
        collaboration.act(request, verb, by=given.actor(lou), at=MONDAY_9, version=1, text=" ")


def test_a_returned_request_owes_nothing_any_more() -> None:
    alice, (logistics, lou) = given.an_agent(), a_department()
    request = asked(given.a_case(handler=alice, status="open"), alice, logistics)
    request = collaboration.act(
        request, "return", by=given.actor(lou), at=MONDAY_9, version=1, text="不归我们"
    )
    assert (request.state, request.promise.state) == ("returned", "cancelled")  # type: ignore[union-attr]


def test_a_case_is_not_finished_over_an_open_request_unless_a_reason_is_given_and_kept() -> None:
    alice, (logistics, _) = given.an_agent(), a_department()
    case = given.a_case(handler=alice, status="open")
    asked(case, alice, logistics)
    with pytest.raises(pending.OpenRequest):
        lifecycle.move(given.fresh(case), "resolve", by=given.actor(alice), at=MONDAY_9, text="好了")
    assert given.fresh(case).status == "open"
    lifecycle.move(
        given.fresh(case), "resolve", by=given.actor(alice), at=MONDAY_9, text="好了", despite="客户已收到货"
    )
    assert given.fresh(case).status == "resolved"
    passed = Entry.objects.get(case=case, kind="collaboration.passed_over")
    assert passed.payload == {"count": 1}
    assert case.collaborations.get().is_pending


def test_a_finished_request_does_not_hold_the_close() -> None:
    alice, (logistics, lou) = given.an_agent(), a_department()
    case = given.a_case(handler=alice, status="open")
    request = asked(case, alice, logistics)
    collaboration.act(request, "return", by=given.actor(lou), at=MONDAY_9, version=1, text="不归我们")
    lifecycle.move(given.fresh(case), "resolve", by=given.actor(alice), at=MONDAY_9, text="好了")
    assert given.fresh(case).status == "resolved"


def test_nothing_is_asked_once_the_matter_is_solved() -> None:
    alice, (logistics, _) = given.an_agent(), a_department()
    with pytest.raises(MoveNotAllowed):
        asked(given.a_case(handler=alice, status="resolved"), alice, logistics)


def test_voiding_the_case_ends_its_requests() -> None:
    alice, (logistics, _) = given.an_agent(), a_department()
    case = given.a_case(handler=alice, status="open")
    asked(case, alice, logistics)
    lifecycle.move(given.fresh(case), "void", by=given.actor(alice), at=MONDAY_9, reason="mistake")
    request = case.collaborations.get()
    assert (request.state, request.promise.state) == ("withdrawn", "cancelled")  # type: ignore[union-attr]


def test_a_request_must_be_due_later_and_may_share_only_entries_of_its_case() -> None:
    alice, (logistics, _) = given.an_agent(), a_department()
    case = given.a_case(handler=alice, status="open")
    for wrong in ({"due": MONDAY_9}, {"shared": (99,)}, {"subject": " "}, {"subject": "长" * 201}):
        with pytest.raises(Invalid):
            asked(case, alice, logistics, **wrong)
    assert not case.collaborations.exists()


def test_a_request_that_is_not_answered_in_time_breaks_its_promise() -> None:
    alice, (logistics, _) = given.an_agent(), a_department()
    request = asked(given.a_case(handler=alice, status="open"), alice, logistics)
    while promises.act_on_due(at=MONDAY_9 + hours(4)):
        pass
    request.promise.refresh_from_db()  # type: ignore[union-attr]
    assert request.promise.state == "broken"  # type: ignore[union-attr]


def test_a_department_sees_its_open_requests_only_and_never_the_case() -> None:
    alice, (logistics, lou) = given.an_agent(), a_department()
    given.a_team("finance")
    fang = given.a_person("fang", role="collaborator", team="finance")
    case = given.a_case(handler=alice, status="open")
    request = asked(case, alice, logistics)
    sees = {
        person.number: Collaboration.objects.visible_to(given.seen_by(person)).count()
        for person in (alice, lou, fang)
    }
    assert sees == {"alice": 1, "lou": 1, "fang": 0}
    assert not Case.objects.visible_to(given.seen_by(lou)).exists()
    collaboration.act(request, "return", by=given.actor(lou), at=MONDAY_9, version=1, text="不归我们")
    assert not Collaboration.objects.visible_to(given.seen_by(lou)).exists()


def test_the_summary_holds_the_request_and_what_was_shared_masked_and_nothing_else() -> None:
    alice, (logistics, _) = given.an_agent(), a_department()
    case = given.a_case("电脑无法开机,请打 13655550123", handler=alice, status="open")
    lifecycle.note(case, "内部讨论", by=given.actor(alice), at=MONDAY_9)
    request = asked(case, alice, logistics, details="请回电 13655550123", shared=(1,))
    seen = shared.summary(request)
    texts = [words.text for _, words in seen.entries]
    assert [entry.kind for entry, _ in seen.entries] == ["message.received", "collaboration.asked"]
    assert len(texts) == 2 and all("13655550123" not in text and "136****" in text for text in texts)


def test_a_phone_number_in_the_subject_is_never_stored_whole() -> None:
    alice, (logistics, _) = given.an_agent(), a_department()
    request = asked(given.a_case(handler=alice, status="open"), alice, logistics, subject="回电 13655550123")
    stored = Entry.objects.get(case=request.case, kind="collaboration.asked").payload["subject"]
    assert "13655550123" not in request.subject + stored
    assert request.promise is not None and "13655550123" not in request.promise.about


def test_a_case_to_which_another_department_owes_something_is_not_merged_away() -> None:
    alice, (logistics, _) = given.an_agent(), a_department()
    first, second = given.a_case(handler=alice, status="open"), given.a_case(handler=alice, status="open")
    Case.objects.filter(pk=second.pk).update(customer=first.customer)
    asked(first, alice, logistics)
    with pytest.raises(merging.CannotMerge, match="open_request"):
        merging.merge(given.fresh(first), given.fresh(second), by=given.actor(alice), at=MONDAY_9)
