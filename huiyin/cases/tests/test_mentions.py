"""A mention never grants, it asks; and whom the case is about learns nothing of it."""

from typing import Any

import pytest

from huiyin.cases import about, lifecycle, mentions, naming, watching
from huiyin.cases.models import Case, Entry, Mention, Watcher
from huiyin.notices.models import Notice
from huiyin.staff.models import Staff
from tests import given
from tests.given import MONDAY_9, minutes
from tests.together import at_once

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("monday")]
SECRET = "主板型号保密九七"


def of_alice() -> tuple[Case, Staff, Staff, Staff]:
    alice, bob, charlie = given.alice_bob_charlie()
    return given.a_case(handler=alice, status="open"), alice, bob, charlie


def note(case: Case, text: str, by: Staff) -> None:
    answer = given.at_desk(by).post(f"/desk/cases/{case.number}/note", {"text": text})
    assert answer.status_code == 302
    given.work_done(at=MONDAY_9 + minutes(1))


def told(person: Staff) -> list[str]:
    return list(
        Notice.objects.filter(staff=person).exclude(kind="case.assigned").values_list("kind", flat=True)
    )


def decide(person: Staff, case: Case, decision: str) -> Any:
    mention = Mention.objects.get(case=case).uuid
    return given.at_desk(person).post(
        f"/desk/cases/{case.number}/around/act", {"act": decision, "mention": str(mention)}
    )


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("请@CS2024001 看一下", ["CS2024001"]),
        ("@CS20240010", []),
        ("@CS2024001，@王芳看一下", ["CS2024001", "CS7"]),
        ("＠王芳芳", ["CS8"]),
        ("写信给 wang@CS2024001.example.com", []),
        ("@李强在吗", []),
        ("@ 王芳", []),
        ("没有点名", []),
        ("@王芳 @王芳 @CS7", ["CS7"]),
        ("@离职", []),
    ],
)
def test_people_are_named_by_number_or_by_a_name_that_is_theirs_alone(text: str, named: list[str]) -> None:
    names = {
        "CS2024001": "赵一",
        "CS7": "王芳",
        "CS8": "王芳芳",
        "CS9": "李强",
        "CS10": "李强",
        "CS11": "离职",
    }
    for number, name in names.items():
        person = given.an_agent(number)
        person.name, person.is_active = name, name != "离职"
        person.save()
    assert [person.number for person in naming.named(text)] == named


def test_who_may_see_the_case_is_told_and_nothing_is_asked() -> None:
    case, alice, bob, _ = of_alice()
    watching.watch(case, bob, by=given.actor(bob), at=MONDAY_9)
    note(case, f"@bob {SECRET}", alice)
    assert told(bob) == ["person.mentioned"]
    assert Mention.objects.get().state == "sees"


def test_who_may_not_see_it_learns_that_they_were_named_and_not_a_word_more() -> None:
    case, alice, _, charlie = of_alice()
    note(case, f"@charlie {SECRET}", alice)
    assert told(charlie) == ["mention.waits"]
    client = given.at_desk(charlie)
    assert client.get(f"/desk/cases/{case.number}").status_code == 404
    for path in ("/desk", "/desk/mentions"):
        page = client.get(path).content.decode()
        assert case.number in page and SECRET not in page and case.title not in page
    assert not Watcher.objects.exists()


def test_the_handler_lets_them_in_and_they_follow_the_case() -> None:
    case, alice, _, charlie = of_alice()
    note(case, "@charlie 请看", alice)
    assert "mention.asks" in told(alice)
    assert "charlie" in given.at_desk(alice).get(f"/desk/cases/{case.number}/around").content.decode()
    assert decide(alice, case, "let-in").status_code == 302
    given.work_done(at=MONDAY_9 + minutes(2))
    assert given.at_desk(charlie).get(f"/desk/cases/{case.number}").status_code == 200
    assert told(charlie) == ["mention.waits", "watcher.added"]
    assert decide(alice, case, "refuse").status_code == 422


def test_a_lead_may_refuse_and_nothing_is_granted() -> None:
    case, alice, _, charlie = of_alice()
    note(case, "@charlie 请看", alice)
    assert decide(given.a_lead(), case, "refuse").status_code == 302
    given.work_done(at=MONDAY_9 + minutes(2))
    assert given.at_desk(charlie).get(f"/desk/cases/{case.number}").status_code == 404
    assert told(charlie) == ["mention.waits", "mention.refused"]
    assert Entry.objects.filter(case=case, kind="mention.refused").exists()


def test_neither_a_colleague_nor_the_person_themself_decides() -> None:
    case, alice, bob, charlie = of_alice()
    note(case, "@charlie 请看", alice)
    watching.watch(case, bob, by=given.actor(bob), at=MONDAY_9)
    assert decide(bob, case, "let-in").status_code == 403
    assert decide(charlie, case, "let-in").status_code == 404
    assert Mention.objects.get().state == "asked"


def test_named_twice_before_the_decision_they_are_asked_for_once() -> None:
    case, alice, _, charlie = of_alice()
    note(case, "@charlie 请看", alice)
    note(case, "@charlie 急", alice)
    assert Mention.objects.count() == 1
    assert told(charlie) == ["mention.waits"]


def test_whom_the_case_is_about_learns_nothing_not_even_that_they_were_named() -> None:
    case, alice, _, charlie = of_alice()
    given.fresh(case).about.set([charlie])
    note(case, f"客户说 @charlie {SECRET}", alice)
    assert told(charlie) == []
    assert not Mention.objects.exists() and not Entry.objects.filter(kind="person.mentioned").exists()
    client = given.at_desk(charlie)
    for path in ("/desk", "/desk/mentions"):
        page = client.get(path).content.decode()
        assert case.number not in page and SECRET not in page


def test_who_was_named_before_the_case_came_to_be_about_them_finds_nothing_of_it_left() -> None:
    case, alice, _, charlie = of_alice()
    note(case, "@charlie 请看", alice)
    lead = given.actor(given.a_lead())
    about.tell_about(given.fresh(case), [charlie], "客户投诉他", by=lead, at=MONDAY_9 + minutes(2))
    for path in ("/desk", "/desk/mentions"):
        assert case.number not in given.at_desk(charlie).get(path).content.decode()
    assert not Mention.objects.exists()


def test_the_task_that_tells_finds_that_the_case_is_about_them_by_now() -> None:
    case, alice, _, charlie = of_alice()
    lifecycle.note(case, "@charlie 请看", by=given.actor(alice), at=MONDAY_9)
    lead = given.actor(given.a_lead())
    about.tell_about(given.fresh(case), [charlie], "客户投诉他", by=lead, at=MONDAY_9)
    given.work_done(at=MONDAY_9 + minutes(1))
    assert told(charlie) == []
    assert not Notice.objects.filter(kind="mention.asks").exists()


@pytest.mark.django_db(transaction=True)
def test_let_in_at_the_moment_in_which_the_case_comes_to_be_about_them_they_never_see_it() -> None:
    case, alice, _, charlie = of_alice()
    lead = given.actor(given.a_lead())
    lifecycle.note(case, "@charlie 请看", by=given.actor(alice), at=MONDAY_9)
    mention = Mention.objects.get().uuid
    at_once(
        [
            lambda: mentions.decide(given.fresh(case), mention, "let-in", by=given.actor(alice), at=MONDAY_9),
            lambda: about.tell_about(given.fresh(case), [charlie], "投诉", by=lead, at=MONDAY_9),
        ]
    )
    assert not Watcher.objects.filter(staff=charlie).exists()
    assert not Case.objects.visible_to(given.seen_by(charlie)).filter(pk=case.pk).exists()


def test_a_program_reads_who_waits_and_decides() -> None:
    case, alice, _, charlie = of_alice()
    note(case, "@charlie 请看", alice)
    client = given.with_token(given.a_token("cases:read", "cases:write"))
    here = f"/api/v1/cases/{case.number}/mentions"
    (waiting,) = client.get(here).json()["items"]
    assert (waiting["person"], waiting["by"], waiting["state"]) == ("charlie", "alice", "asked")
    assert client.post(f"{here}/{waiting['id']}/let-in").json()["state"] == "let_in"
    again = client.post(f"{here}/{waiting['id']}/refuse")
    assert (again.status_code, again.json()["fields"]) == (422, {"mention": "settled"})
    assert Watcher.objects.get().staff == charlie
