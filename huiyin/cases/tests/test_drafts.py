"""What somebody types is kept for them alone, comes back everywhere, and is gone when it is sent."""

from typing import Any

import pytest
from django.test import Client

from huiyin.automation.tasks import tidy
from huiyin.base import clock
from huiyin.cases import drafts, lifecycle
from huiyin.cases.entries import Draft
from huiyin.cases.models import Case, DraftText
from huiyin.dispatch import leaving
from huiyin.staff.models import Staff
from tests import given
from tests.given import MONDAY_9, days, minutes
from tests.together import at_once

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("monday")]


def mine() -> tuple[Case, Staff, Client]:
    alice = given.an_agent()
    case = given.a_case(handler=alice, status="open")
    return case, alice, given.at_desk(alice)


def typed(client: Client, case: Case, text: str, **more: Any) -> Any:
    form = {"mode": "reply", "text": text, "seen_seq": given.fresh(case).entry_seq, **more}
    return client.post(f"/desk/cases/{case.number}/draft", form, headers={"X-Draft": "script"})


def page(client: Client, case: Case) -> str:
    return client.get(f"/desk/cases/{case.number}").content.decode()


def writes(case: Case, text: str = "还要多久?") -> None:
    first = Draft("message.received", {"channel": "api", "files": []}, text)
    lifecycle.receive(case, first, by=given.customer_of(case), at=MONDAY_9)


def test_what_was_typed_is_there_again_after_a_reload_and_on_another_device() -> None:
    case, alice, client = mine()
    assert typed(client, case, "主板已到货", mode="note").status_code == 204
    for device in (client, given.at_desk(alice)):
        shown = page(device, case)
        assert "主板已到货" in shown
        assert DraftText.objects.get().kind == "note"


def test_without_script_a_button_keeps_it_and_the_case_is_shown_again() -> None:
    case, _, client = mine()
    answer = client.post(f"/desk/cases/{case.number}/draft", {"text": "主板已到货", "mode": "reply"})
    assert answer.status_code == 302
    assert "主板已到货" in page(client, case)


@pytest.mark.parametrize(
    ("way", "more"), [("reply", {}), ("note", {}), ("move", {"move": "resolve", "version": "{version}"})]
)
def test_what_is_sent_is_a_draft_no_more(way: str, more: dict[str, str]) -> None:
    case, _, client = mine()
    typed(client, case, "主板已更换")
    form = {key: value.format(version=case.version) for key, value in more.items()}
    answer = client.post(
        f"/desk/cases/{case.number}/{way}", {"text": "主板已更换", "client_id": "one", **form}
    )
    assert answer.status_code == 302
    assert not DraftText.objects.exists()


def test_a_late_copy_of_what_was_sent_does_not_come_back() -> None:
    case, _, client = mine()
    client.post(f"/desk/cases/{case.number}/reply", {"text": "主板已更换", "client_id": "one"})
    typed(client, case, "主板已更换", client_id="one")
    assert not DraftText.objects.exists()


def test_what_could_not_be_sent_stays_a_draft() -> None:
    case, alice, client = mine()
    typed(client, case, "主板已更换")
    by = given.actor(alice)
    lifecycle.move(given.fresh(case), "void", by=by, at=MONDAY_9, reason="spam")
    assert client.post(f"/desk/cases/{case.number}/reply", {"text": "主板已更换"}).status_code == 409
    assert DraftText.objects.get().text == "主板已更换"


def test_nothing_left_takes_the_draft_away() -> None:
    case, _, client = mine()
    typed(client, case, "主板")
    typed(client, case, "  ")
    assert not DraftText.objects.exists()


def test_colleagues_see_that_somebody_writes_and_never_what() -> None:
    case, _, client = mine()
    lena = given.a_lead()
    typed(client, case, "主板型号保密")
    shown = page(given.at_desk(lena), case)
    assert "保密" not in shown
    assert [name for name, _ in drafts.of(case, lena.pk, at=clock.now()).others] == ["alice 同事"]
    assert drafts.of(case, lena.pk, at=clock.now() + minutes(20)).others == []


def test_who_may_not_see_the_case_keeps_nothing_on_it() -> None:
    case, _, _ = mine()
    given.a_team("returns")
    charlie = given.an_agent("charlie", team="returns")
    assert typed(given.at_desk(charlie), case, "主板").status_code == 404


def test_messages_that_came_since_are_announced_with_the_draft() -> None:
    case, _, client = mine()
    typed(client, case, "主板已到货")
    here = f"/desk/cases/{case.number}"
    assert client.get(here).context["composer"]["newer"] == 0
    writes(case)
    assert client.get(here).context["composer"]["newer"] == 1


def test_a_reply_to_a_case_that_moved_on_is_sent_and_says_what_was_not_seen() -> None:
    case, _, client = mine()
    seen = given.fresh(case).entry_seq
    writes(case)
    answer = client.post(f"/desk/cases/{case.number}/reply", {"text": "您好", "seen_seq": str(seen)})
    assert answer.headers["Location"].endswith(f"?unseen={seen + 1}")
    assert f"#entry-{seen + 1}" in client.get(answer.headers["Location"]).content.decode()
    again = client.post(
        f"/desk/cases/{case.number}/reply", {"text": "好的", "seen_seq": str(given.fresh(case).entry_seq)}
    )
    assert again.headers["Location"].endswith(case.number)


def test_who_leaves_leaves_no_draft() -> None:
    case, alice, client = mine()
    typed(client, case, "主板")
    root = given.actor(given.a_person("root", role="administrator", team=None))
    leaving.leave(alice, leaving.Heirs(to_queue=True), by=root, at=MONDAY_9)
    assert not DraftText.objects.exists()


def test_what_nobody_goes_on_with_for_thirty_days_is_forgotten() -> None:
    case, alice, _ = mine()
    drafts.save(case, "主板", by=given.actor(alice), at=MONDAY_9)
    tidy(at=MONDAY_9 + days(30))
    assert DraftText.objects.exists()
    tidy(at=MONDAY_9 + days(30) + minutes(1))
    assert not DraftText.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_kept_from_two_windows_at_once_there_is_one_draft() -> None:
    case, alice, _ = mine()
    by = given.actor(alice)
    save = [
        lambda n=n, kind=kind: drafts.save(given.fresh(case), f"主板 {n}", kind=kind, by=by, at=MONDAY_9)
        for n, kind in enumerate(("reply", "note", "reply", "note"))
    ]
    answers = at_once(save)
    assert all(isinstance(answer, DraftText) for answer in answers), answers
    assert DraftText.objects.count() == 1


def test_a_program_keeps_reads_and_gives_up_its_own_draft_only() -> None:
    case, _, client = mine()
    typed(client, case, "只给自己看")
    program = given.with_token(given.a_token("cases:read", "cases:write"))
    here = f"/api/v1/cases/{case.number}/draft"
    assert program.get(here).json() == {"draft": None, "newer": []}
    body = {"kind": "note", "text": "待查", "seen_seq": given.fresh(case).entry_seq}
    kept = program.put(here, given.as_json(body), content_type="application/json").json()
    assert (kept["draft"]["kind"], kept["draft"]["text"], kept["newer"]) == ("note", "待查", [])
    writes(case)
    assert program.get(here).json()["newer"] == [given.fresh(case).entry_seq]
    unknown = program.put(here, given.as_json({**body, "kind": "poem"}), content_type="application/json")
    assert unknown.status_code == 422
    assert program.delete(here).status_code == 204
    assert [row.text for row in DraftText.objects.all()] == ["只给自己看"]


def test_a_reply_by_program_names_the_messages_it_had_not_seen() -> None:
    case, _, _ = mine()
    seen = given.fresh(case).entry_seq
    writes(case)
    program = given.with_token(given.a_token("cases:read", "cases:write"))
    body = {"kind": "reply", "text": "您好", "seen_seq": seen}
    answer = program.post(
        f"/api/v1/cases/{case.number}/entries", given.as_json(body), content_type="application/json"
    )
    assert (answer.status_code, answer.json()["newer"]) == (201, [seen + 1])
