"""Following a case: who may be let in, what it shows, what one is told, and how it ends."""

from typing import Any

import pytest
from django.test import Client

from huiyin.cases import about, lifecycle, watching
from huiyin.cases.entries import Draft
from huiyin.cases.models import Case, Entry, Watcher
from huiyin.cases.typed import Invalid
from huiyin.dispatch import leaving
from huiyin.notices.models import Notice
from huiyin.staff.models import Staff
from tests import given
from tests.given import MONDAY_9, days, hours, minutes
from tests.together import at_once

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("monday")]


def of_alice() -> tuple[Case, Staff, Staff, Staff]:
    alice, bob, charlie = given.alice_bob_charlie()
    return given.a_case(handler=alice, status="open"), alice, bob, charlie


def follow(case: Case, person: Staff, *, by: Staff | None = None) -> bool:
    return watching.watch(case, person, by=given.actor(by or person), at=MONDAY_9)


def told(person: Staff) -> list[tuple[str, dict[str, Any]]]:
    given.work_done(at=MONDAY_9 + minutes(1))
    rows = Notice.objects.filter(staff=person, kind__contains="followed").order_by("id")
    return [(row.kind, row.params) for row in rows]


def writes(case: Case) -> None:
    first = Draft("message.received", {"channel": "api", "files": []}, "还要多久?")
    lifecycle.receive(case, first, by=given.customer_of(case), at=MONDAY_9)


def test_who_is_let_in_sees_the_case_and_an_entry_says_who_let_them_in() -> None:
    case, alice, _, charlie = of_alice()
    assert given.at_desk(charlie).get(f"/desk/cases/{case.number}").status_code == 404
    assert follow(case, charlie, by=alice)
    assert given.at_desk(charlie).get(f"/desk/cases/{case.number}").status_code == 200
    entry = Entry.objects.get(case=case, kind="watcher.added")
    assert (entry.by_ref, entry.payload) == ("alice", {"to": "charlie"})


def test_to_follow_twice_is_to_follow_once_also_at_once() -> None:
    case, alice, _, charlie = of_alice()
    assert follow(case, charlie, by=alice)
    assert not follow(case, charlie, by=alice)
    assert Entry.objects.filter(case=case, kind="watcher.added").count() == 1


@pytest.mark.django_db(transaction=True)
def test_let_in_by_three_at_once_is_let_in_once() -> None:
    case, alice, _, charlie = of_alice()
    answers = at_once([lambda: follow(Case.objects.get(pk=case.pk), charlie, by=alice)] * 3)
    assert sorted(answers, key=bool) == [False, False, True]


def test_whom_the_case_is_about_who_left_and_whose_role_sees_no_cases_are_refused_alike() -> None:
    case, alice, bob, charlie = of_alice()
    Case.objects.get(pk=case.pk).about.set([bob])
    charlie.is_active = False
    charlie.save()
    nobody = given.a_person("ada", role="administrator", team=None)
    for person in (bob, charlie, nobody):
        with pytest.raises(Invalid) as caught:
            follow(case, person, by=alice)
        assert caught.value.fields == {"person": "cannot_watch"}
    assert not Watcher.objects.exists()


def test_who_follows_no_longer_sees_what_they_saw_by_following_only() -> None:
    case, alice, _, charlie = of_alice()
    follow(case, charlie, by=alice)
    assert watching.unwatch(case, charlie, by=given.actor(alice), at=MONDAY_9)
    assert not watching.unwatch(case, charlie, by=given.actor(alice), at=MONDAY_9)
    assert given.at_desk(charlie).get(f"/desk/cases/{case.number}").status_code == 404


def test_followers_are_told_of_public_messages_and_changes_of_state_but_not_of_their_own_or_of_notes() -> (
    None
):
    case, alice, bob, _ = of_alice()
    for person in (alice, bob):
        follow(case, person)
    lifecycle.note(case, "内部", by=given.actor(alice), at=MONDAY_9)
    assert told(bob) == []
    lifecycle.reply(case, "您好", by=given.actor(alice), at=MONDAY_9)
    assert told(bob) == [("case.followed", {"what": "message.sent", "count": 1})]
    assert told(alice) == []


def test_several_things_in_one_case_are_one_unread_notice() -> None:
    case, alice, bob, _ = of_alice()
    follow(case, bob)
    lifecycle.reply(case, "您好", by=given.actor(alice), at=MONDAY_9)
    writes(case)
    lifecycle.move(case, "resolve", by=given.actor(alice), at=MONDAY_9, text="已更换")
    assert told(bob) == [("case.followed", {"what": "case.resolved", "count": 3})]
    page = given.at_desk(bob).get("/desk").content.decode()
    assert case.number in page


def test_a_flood_in_many_cases_is_one_notice_for_each_person() -> None:
    alice, bob, _ = given.alice_bob_charlie()
    for _n in range(14):
        case = given.a_case(handler=alice, status="open")
        follow(case, bob)
        writes(case)
    assert told(bob) == [("cases.followed", {"count": 14})]


def test_who_hears_of_a_dispute_as_handler_is_not_told_again_as_follower() -> None:
    alice, bob, _ = given.alice_bob_charlie()
    case = given.a_case(handler=alice, status="resolved")
    for person in (alice, bob):
        follow(case, person)
    lifecycle.move(case, "dispute", by=given.customer_of(case), at=MONDAY_9, text="没好")
    assert told(alice) == []
    assert [params["what"] for _, params in told(bob)] == ["case.disputed"]


def test_who_may_not_see_cases_any_more_is_told_nothing() -> None:
    case, alice, _, charlie = of_alice()
    follow(case, charlie, by=alice)
    charlie.grants.all().delete()
    writes(case)
    assert told(charlie) == []


def test_a_case_that_comes_to_be_about_a_follower_is_followed_no_more() -> None:
    case, _, bob, _ = of_alice()
    follow(case, bob)
    about.tell_about(case, [bob], "客户投诉他", by=given.actor(given.a_lead()), at=MONDAY_9)
    assert not Watcher.objects.filter(staff=bob).exists()
    writes(case)
    assert told(bob) == []


def test_who_leaves_follows_nothing_any_more() -> None:
    case, _, bob, _ = of_alice()
    follow(case, bob)
    root = given.actor(given.a_person("root", role="administrator", team=None))
    leaving.leave(bob, by=root, at=MONDAY_9 + days(1))
    assert not Watcher.objects.filter(staff=bob).exists()
    assert Entry.objects.filter(case=case, kind="watcher.removed", payload__to="bob").exists()
    leaving.come_back(bob, by=root, at=MONDAY_9 + days(1) + hours(1))
    assert not Case.objects.visible_to(given.seen_by(bob)).filter(pk=case.pk).exists()


# Through HTTP.


def act(who: Staff, case: Case, name: str, **form: str) -> Any:
    return given.at_desk(who).post(f"/desk/cases/{case.number}/around/act", {"act": name, **form})


def test_one_follows_what_one_may_see_and_nothing_else() -> None:
    case, alice, bob, charlie = of_alice()
    queued = given.a_case()
    assert act(alice, case, "follow").status_code == 302
    assert act(bob, queued, "follow").status_code == 302
    assert act(charlie, case, "follow").status_code == 404
    assert {row.staff.number for row in Watcher.objects.all()} == {"alice", "bob"}


def test_the_handler_and_a_lead_let_others_in_a_colleague_does_not() -> None:
    case, alice, bob, _ = of_alice()
    lena = given.a_lead()
    follow(case, bob)
    assert act(bob, case, "add", person="charlie").status_code == 403
    assert act(alice, case, "add", person="charlie").status_code == 302
    assert act(lena, case, "remove", person="charlie").status_code == 302
    assert act(alice, case, "add", person="nobody").status_code == 422
    assert [row.staff.number for row in Watcher.objects.all()] == ["bob"]


def test_who_stops_following_what_they_saw_by_following_is_led_back_to_the_desk() -> None:
    case, alice, _, charlie = of_alice()
    follow(case, charlie, by=alice)
    answer = act(charlie, case, "leave")
    assert (answer.status_code, answer.headers["Location"]) == (302, "/desk")


def test_a_program_lists_lets_in_and_takes_away() -> None:
    case, _, _, charlie = of_alice()
    client = given.with_token(given.a_token("cases:read", "cases:write"))
    here = f"/api/v1/cases/{case.number}/watchers"
    assert client.put(f"{here}/charlie").json()["items"][0]["person"] == "charlie"
    assert [one["person"] for one in client.get(here).json()["items"]] == ["charlie"]
    assert client.delete(f"{here}/charlie").json() == {"items": []}
    answer = client.put(f"{here}/nobody")
    assert (answer.status_code, answer.json()["fields"]) == (422, {"person": "cannot_watch"})
    reader: Client = given.with_token(given.a_token("cases:read", name="reader"))
    assert reader.put(f"{here}/{charlie.number}").status_code == 403
