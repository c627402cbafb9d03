"""Who is offered behind an @: colleagues who may see the case, named so that the note names them for certain."""

import pytest

from huiyin.cases import colleagues, naming, watching
from huiyin.cases.models import Case
from huiyin.staff.models import Staff
from tests import given
from tests.given import MONDAY_9

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("monday")]


def offered(case: Case, typed: str, to: Staff) -> list[str]:
    return [one.number for one in colleagues.seeing(case, typed, given.seen_by(to), at=MONDAY_9)]


def test_only_colleagues_who_see_the_case_are_offered_and_never_the_writer() -> None:
    alice, bob, charlie = given.alice_bob_charlie()
    lena = given.a_lead()
    case = given.a_case(handler=alice, status="open")
    assert offered(case, "", alice) == [lena.number]
    watching.watch(case, bob, by=given.actor(lena), at=MONDAY_9)
    assert offered(case, "", alice) == [bob.number, lena.number]
    case.about.add(lena)
    assert offered(case, "", alice) == [bob.number]
    assert charlie.number not in offered(case, "char", alice)


def test_the_queue_of_a_team_is_seen_by_its_agents_so_all_of_them_are_offered() -> None:
    alice, bob, _ = given.alice_bob_charlie()
    assert offered(given.a_case(), "", alice) == [bob.number]


def test_people_are_found_by_the_beginning_of_their_number_or_a_part_of_their_name() -> None:
    alice, lena = given.an_agent(), given.a_lead()
    Staff.objects.filter(pk=lena.pk).update(name="陈静")
    case = given.a_case(handler=alice, status="open")
    for typed, found in (("LEN", True), ("静", True), ("ena", False), ("陈静请看", False), ("\x00", True)):
        assert offered(case, typed, alice) == ([lena.number] if found else []), typed


def test_what_is_put_behind_the_sign_names_this_person_and_nobody_else() -> None:
    alice, bob, lena = given.an_agent(), given.an_agent("bob"), given.a_lead()
    case = given.a_case(handler=alice, status="open")
    for name, word in (("陈静", "陈静"), (bob.name, lena.number)):
        Staff.objects.filter(pk=lena.pk).update(name=name)
        (one,) = colleagues.seeing(case, "lena", given.seen_by(alice), at=MONDAY_9)
        assert one.word == word
        assert naming.named(f"请看 @{one.word} 谢谢") == [lena]


def test_eight_are_offered_at_most_and_the_questions_asked_do_not_grow_with_the_house() -> None:
    alice = given.an_agent()
    case = given.a_case(handler=alice, status="open")
    for n in range(10):
        given.a_person(f"lead{n}", role="lead")
    assert len(offered(case, "", alice)) == colleagues.AT_MOST


def test_the_fragment_names_colleagues_to_who_works_on_the_case_and_to_nobody_else() -> None:
    alice, _, charlie = given.alice_bob_charlie()
    lena = given.a_lead()
    path = f"/desk/cases/{given.a_case(handler=alice, status='open').number}/colleagues"
    shown = given.at_desk(alice).get(path, {"q": "lena"}).content.decode()
    assert 'role="option"' in shown and lena.number in shown
    assert given.at_desk(alice).get(path, {"q": "nobody"}).content.decode().strip() == ""
    assert given.at_desk(charlie).get(path).status_code == 404
