"""The pages on which a case is changed, passed on and opened, and many are changed at once: plain forms, no script."""

from functools import partial
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from huiyin.cases import lifecycle
from huiyin.cases.models import Case
from huiyin.staff.models import Staff
from tests import given
from tests.given import MONDAY_9, minutes
from tests.together import at_once

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("monday")]


def act(client: Client, case: Case, name: str, **told: Any) -> Any:
    told = {"act": name, "version": given.fresh(case).version} | told
    return client.post(f"/desk/cases/{case.number}/change/act", told)


def edited(client: Client, case: Case, **told: Any) -> Any:
    stands = {"title": case.title, "category": case.category, "priority": case.priority, "department": ""}
    return act(client, case, "edit", **(stands | {"missing": case.missing} | told))


def test_what_is_chosen_is_kept_and_what_was_not_touched_follows_the_category() -> None:
    alice = given.an_agent()
    case = given.a_case(handler=alice)
    client = given.at_desk(alice)
    assert edited(client, case, category="refund", priority="urgent", is_complex="on").status_code == 302
    now = given.fresh(case)
    assert (now.category, now.priority, now.is_complex) == ("refund", "urgent", True)
    assert now.missing == ["order_number"]
    assert edited(client, now, missing=[]).status_code == 302
    assert (given.fresh(case).missing, given.fresh(case).is_complex) == ([], False)


def test_what_cannot_be_used_is_said_and_the_typed_words_are_kept() -> None:
    alice = given.an_agent()
    case = given.a_case(handler=alice)
    answer = edited(given.at_desk(alice), case, title=" ", language="xx1y", department="moon")
    assert answer.status_code == 422
    assert "您输入的内容还在" in answer.content.decode()
    given.a_team("returns")
    answer = act(given.at_desk(alice), case, "transfer", team="returns", to="nobody", reason="退货组的事")
    page = answer.content.decode()
    assert answer.status_code == 422 and 'value="nobody"' in page and "退货组的事" in page
    assert given.fresh(case).version == case.version


def test_of_two_who_look_at_the_same_case_the_second_keeps_their_words_and_looks_again() -> None:
    alice, lena = given.an_agent(), given.a_lead()
    case = given.a_case(handler=alice)
    edited(given.at_desk(lena), case, priority="low")
    answer = edited(given.at_desk(alice), case, title="我写的标题", version=case.version)
    page = answer.content.decode()
    assert answer.status_code == 409 and "我写的标题" in page
    assert f'name="version" value="{given.fresh(case).version}"' in page


def test_an_agent_passes_on_their_case_and_still_sees_it() -> None:
    alice, _, charlie = given.alice_bob_charlie()
    case = given.a_case(handler=alice)
    answer = act(given.at_desk(alice), case, "transfer", team="returns", to="charlie", reason="退货")
    assert (answer.status_code, answer.headers["Location"]) == (302, f"/desk/cases/{case.number}")
    assert given.fresh(case).handler == charlie
    page = given.at_desk(alice).get(f"/desk/cases/{case.number}").content.decode()
    assert "把工单转交给 returns 组" in page
    # It is no longer theirs to pass on.
    assert act(given.at_desk(alice), case, "transfer", team="service", reason="又回来").status_code == 403


def test_a_lead_who_passes_a_case_out_of_sight_is_led_back_to_the_desk() -> None:
    alice, _, _ = given.alice_bob_charlie()
    case = given.a_case(handler=alice)
    answer = act(given.at_desk(given.a_lead()), case, "transfer", team="returns", reason="退货")
    assert answer.headers["Location"] == "/desk"


@pytest.mark.parametrize(
    ("who", "name", "status"),
    [
        ("alice", "transfer", 302),
        ("alice", "give-back", 302),
        ("alice", "reassign", 403),
        ("alice", "void", 403),
        ("bob", "transfer", 404),
        ("bob", "edit", 404),
        ("charlie", "give-back", 404),
        ("lena", "transfer", 302),
        ("lena", "reassign", 302),
        ("lena", "give-back", 302),
        ("lena", "void", 302),
        ("quinn", "edit", 403),
        ("max", "reassign", 302),
    ],
)
def test_who_may_do_what_with_a_case_that_alice_works_on(who: str, name: str, status: int) -> None:
    alice, _, _ = given.alice_bob_charlie()
    given.a_lead()
    given.a_person("quinn", role="quality", team=None)
    given.a_person("max", role="manager", team=None)
    case = given.a_case(handler=alice, status="open")
    told = {"team": "returns", "to": "bob" if name == "reassign" else "", "reason": "有原因"}
    client = given.at_desk(Staff.objects.get(number=who))
    assert act(client, case, name, **told).status_code == status


@pytest.mark.parametrize(
    ("status", "offered"),
    [
        ("new", {"edit", "transfer", "give-back", "reassign", "void"}),
        ("open", {"edit", "transfer", "give-back", "reassign", "void"}),
        ("waiting", {"edit", "transfer", "give-back", "reassign", "void"}),
        ("resolved", {"edit", "reassign"}),
        ("closed", {"edit"}),
        ("void", {"restore"}),
    ],
)
def test_a_lead_is_offered_what_the_status_allows_and_refused_the_rest(
    status: str, offered: set[str]
) -> None:
    alice, bob, _ = given.alice_bob_charlie()
    client = given.at_desk(given.a_lead())
    case = given.a_case(handler=alice, status=status)
    page = client.get(f"/desk/cases/{case.number}/change").content.decode()
    every = ("edit", "transfer", "give-back", "reassign", "void", "restore")
    assert {name for name in every if f'name="act" value="{name}"' in page} == offered
    for name in set(every) - offered:
        told = {"team": "returns", "to": bob.number, "reason": "有原因", "category": "complaint"}
        assert act(client, case, name, **told).status_code == 409, name
    assert given.fresh(case).version == case.version


def test_a_case_is_voided_and_restored_with_a_reason() -> None:
    lena = given.a_lead()
    client = given.at_desk(lena)
    case = given.a_case()
    assert act(client, case, "void", reason=" ").status_code == 422
    assert act(client, case, "void", reason="打错了").status_code == 302
    assert act(client, case, "restore", reason="没打错").status_code == 302
    assert given.fresh(case).status == "open"


def picked(*cases: Case) -> list[str]:
    return [f"{case.number}.{given.fresh(case).version}" for case in cases]


def test_the_list_can_be_ticked_and_each_case_has_its_own_outcome() -> None:
    alice, _, charlie = given.alice_bob_charlie()
    client = given.at_desk(alice)
    mine, queued = given.a_case(handler=alice), given.a_case()
    foreign = given.a_case(handler=charlie, team="returns")
    page = client.get("/desk?choose=1").content.decode()
    assert all(f'value="{one}"' in page for one in picked(mine, queued))
    assert foreign.number not in page and 'action="/desk/bulk"' in page
    chosen = [*picked(mine), f"{queued.number}.9", *picked(foreign), "260302-9999.1", "nonsense"]
    page = client.post(
        "/desk/bulk", {"case": chosen, "do": "priority", "priority": "urgent"}
    ).content.decode()
    assert (given.fresh(mine).priority, given.fresh(queued).priority) == ("urgent", "normal")
    assert given.fresh(foreign).priority == "normal"
    assert "5 件工单中已完成 1 件" in page


def test_a_bar_without_what_it_needs_keeps_the_chosen_cases_and_the_words() -> None:
    alice, _, _ = given.alice_bob_charlie()
    case = given.a_case(handler=alice)
    told = {"case": picked(case), "do": "transfer", "team": "", "reason": "退货组的事"}
    answer = given.at_desk(alice).post("/desk/bulk", told)
    page = answer.content.decode()
    assert answer.status_code == 422 and "退货组的事" in page and f'value="{picked(case)[0]}"' in page
    assert given.at_desk(alice).post("/desk/bulk", {"do": "accept"}).status_code == 422


@pytest.mark.parametrize(
    ("told", "handler"),
    [
        ({"do": "accept"}, "lena"),
        ({"do": "reassign", "to": "alice"}, "alice"),
        ({"do": "transfer", "team": "returns", "reason": "退货"}, None),
    ],
)
def test_a_lead_gives_many_cases_at_once(told: dict[str, str], handler: str | None) -> None:
    given.alice_bob_charlie()
    lena = given.a_lead()
    cases = [given.a_case() for _ in range(3)]
    answer = given.at_desk(lena).post("/desk/bulk", {"case": picked(*cases), **told})
    assert answer.status_code == 200
    handlers = {one.handler.number if one.handler else None for one in map(given.fresh, cases)}
    assert handlers == {handler}


def test_pages_ask_a_fixed_number_of_questions() -> None:
    alice, _, _ = given.alice_bob_charlie()
    client = given.at_desk(alice)
    case = given.a_case(handler=alice)

    def asked() -> list[int]:
        counts = []
        for path in ("/desk?choose=1", f"/desk/cases/{case.number}/change", "/desk/cases/new"):
            client.get(path)
            with CaptureQueriesContext(connection) as queries:
                assert client.get(path).status_code == 200
            counts.append(len(queries))
        return counts

    before = asked()
    for _ in range(8):
        given.a_case(handler=alice)
        given.a_case()
    assert asked() == before


def opened(client: Client, **told: str) -> Any:
    form = {"act": "open", "who": "13900000021", "name": "韩梅梅", "channel": "manual", "text": "我要退款"}
    return client.post("/desk/cases/new/open", form | told)


def test_a_colleague_opens_a_case_for_somebody_new_and_works_on_it() -> None:
    alice = given.an_agent()
    answer = opened(given.at_desk(alice), client_id="once")
    case = Case.objects.with_people().get()
    assert answer.headers["Location"] == f"/desk/cases/{case.number}"
    assert (case.owner, case.handler, case.category) == (alice, alice, "refund")
    assert opened(given.at_desk(alice), client_id="once").headers["Location"].endswith(case.number)
    assert Case.objects.count() == 1


def test_a_known_customer_is_looked_up_and_chosen_and_the_words_stay() -> None:
    alice = given.an_agent()
    customer = given.a_customer(name="韩梅梅", phone="13900000022")
    given.a_customer(name="李雷", phone="13800000022")
    answer = opened(given.at_desk(alice), act="look", who="0022")
    page = answer.content.decode()
    assert answer.status_code == 200 and customer.number in page and "我要退款" in page
    assert "13900000022" not in page and not Case.objects.exists()
    opened(given.at_desk(alice), who="0022", customer=customer.number)
    assert Case.objects.get().customer == customer


def test_the_page_of_a_customer_leads_to_a_new_case_of_theirs() -> None:
    client, customer = given.at_desk(given.an_agent()), given.a_customer(phone="13900000024")
    link = f"/desk/cases/new?customer={customer.number}"
    assert link in client.get(f"/desk/customers/{customer.number}").content.decode()
    page = client.get(link).content.decode()
    assert "13900000024" not in page and f'value="{customer.number}"' in page
    opened(client, who="", customer=customer.number)
    assert Case.objects.get().customer == customer


def test_who_was_chosen_is_not_taken_when_somebody_else_was_looked_up_since() -> None:
    alice = given.an_agent()
    customer = given.a_customer(phone="13900000023")
    answer = opened(given.at_desk(alice), who="13900000099", customer=customer.number)
    assert answer.status_code == 422 and not Case.objects.exists()


@pytest.mark.parametrize(
    "wrong",
    [
        {"text": " "},
        {"who": "", "name": ""},
        {"who": "0000", "name": ""},
        {"who": "C99999999"},
        {"channel": "pigeon"},
        {"team": "moon"},
        {"team": "returns"},
        {"category": "weather"},
    ],
)
def test_a_case_that_cannot_be_opened_says_so_and_keeps_every_word(wrong: dict[str, str]) -> None:
    alice, _, _ = given.alice_bob_charlie()
    answer = opened(given.at_desk(alice), title="退款的事", **wrong)
    page = answer.content.decode()
    assert answer.status_code == 422 and "退款的事" in page and "您输入的内容还在" in page
    assert not Case.objects.exists()
    assert opened(given.at_desk(alice), title="退款的事").status_code == 302


def test_what_we_begin_is_queued_for_another_team_with_its_owner() -> None:
    alice, _, charlie = given.alice_bob_charlie()
    given.on_duty(charlie)
    opened(given.at_desk(alice), team="returns", worker="queue", is_outbound="on", category="how_to")
    case = Case.objects.with_people().get()
    assert (case.owner, case.handler, case.is_outbound, case.category) == (alice, charlie, True, "how_to")


@pytest.mark.django_db(transaction=True)
def test_a_form_sent_twice_at_once_opens_one_case() -> None:
    given.installed()
    alice = given.an_agent()
    clients = [given.at_desk(alice) for _ in range(2)]
    answers = at_once([partial(opened, client, client_id="twice") for client in clients])
    assert Case.objects.count() == 1
    assert {answer.status_code for answer in answers} <= {302, 409}


@pytest.mark.django_db(transaction=True)
def test_of_a_customer_who_writes_and_a_colleague_who_passes_on_at_once_both_are_kept() -> None:
    given.installed()
    alice, _, _ = given.alice_bob_charlie()
    case = given.a_case(handler=alice, status="open")
    client, seen = given.at_desk(alice), given.fresh(case)
    results = at_once(
        [
            partial(act, client, case, "transfer", team="returns", reason="退货"),
            partial(lifecycle.note, seen, "记一下", by=given.actor(alice), at=MONDAY_9 + minutes(1)),
        ]
    )
    assert results[0].status_code == 302
    kinds = list(case.entries.values_list("kind", flat=True))
    assert kinds.count("case.transferred") == kinds.count("note.added") == 1
