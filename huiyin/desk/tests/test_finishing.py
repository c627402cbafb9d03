"""The end of a case at the desk: attach evidence, record a call-back, say what the customer said, go on."""

from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from huiyin.base import files
from huiyin.base.models import Blob
from huiyin.cases.models import Case, Entry
from huiyin.rules import book as rulebook
from huiyin.rules.models import Category
from huiyin.staff.models import Staff
from tests import given
from tests.given import MONDAY_9, days

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("monday")]


def at_work(status: str, text: str = "我的电脑突然无法开机") -> tuple[Client, Case, Staff]:
    alice = given.an_agent()
    return given.at_desk(alice), given.a_case(text, handler=alice, status=status), alice


def do(client: Client, case: Case, act: str, **given_: Any) -> Any:
    body = {"act": act, "version": given.fresh(case).version, **given_}
    return client.post(f"/desk/cases/{case.number}/finishing/act", body)


def test_a_screenshot_is_attached_shown_and_makes_the_case_solvable() -> None:
    desk, case, _ = at_work("open")
    Category.objects.filter(code="hardware_fault").update(evidence=True)
    rulebook.forget()
    move = {"move": "resolve", "version": case.version, "text": "已更换", "goal_met": "yes"}
    refused = desk.post(f"/desk/cases/{case.number}/move", move)
    assert refused.status_code == 422 and "凭证" in refused.content.decode()
    shot = SimpleUploadedFile("截图.png", b"\x89PNG\r\n\x1a\n rest", "image/png")
    assert do(desk, case, "evidence", files=shot, text="更换后").status_code == 302
    page = desk.get(f"/desk/cases/{case.number}/finishing").content.decode()
    file = Blob.objects.get(subject=f"case:{case.number}")
    assert "截图.png" in page and f"/desk/files/{file.uuid}" in page
    assert desk.get(f"/desk/files/{file.uuid}")["Content-Disposition"].startswith("attachment")
    assert desk.post(f"/desk/cases/{case.number}/move", move).status_code == 302
    rulebook.forget()
    assert (given.fresh(case).status, given.fresh(case).goal_met) == ("resolved", True)


def test_a_file_that_is_too_large_is_refused_in_words(monkeypatch: Any) -> None:
    monkeypatch.setattr(files, "LIMIT_BYTES", 10)
    desk, case, _ = at_work("open")
    answer = do(desk, case, "evidence", files=SimpleUploadedFile("a.bin", b"x" * 11))
    assert answer.status_code == 422 and "20 MB" in answer.content.decode()
    assert not Blob.objects.exists()


def test_a_colleague_of_another_team_sees_none_of_it() -> None:
    _, case, _ = at_work("open")
    given.a_team("returns")
    charlie = given.at_desk(given.an_agent("charlie", team="returns"))
    assert charlie.get(f"/desk/cases/{case.number}/finishing").status_code == 404
    assert do(charlie, case, "evidence", reference="REC-1").status_code == 404


def test_unanswered_calls_are_counted_on_the_page_and_the_third_closes_the_case() -> None:
    desk, case, _ = at_work("resolved", "我要投诉你们的服务态度")
    for n in range(2):
        assert do(desk, case, "callback", outcome="no_answer", client_id=str(n)).status_code == 302
    assert "第 3 次回访" in desk.get(f"/desk/cases/{case.number}/finishing").content.decode()
    do(desk, case, "callback", outcome="no_answer", client_id="3")
    assert given.fresh(case).closed_loop == "no_answer"
    assert "三次回访无人接听后办结" in desk.get(f"/desk/cases/{case.number}").content.decode()


def test_the_call_is_recorded_with_what_the_customer_says() -> None:
    desk, case, _ = at_work("resolved")
    assert do(desk, case, "callback", outcome="satisfied", text="客户很满意").status_code == 302
    assert (given.fresh(case).status, given.fresh(case).closed_loop) == ("closed", "call")
    assert Entry.objects.get(case=case, kind="callback.tried").payload["result"] == "reached"


def test_without_a_choice_or_of_an_older_version_nothing_is_recorded() -> None:
    desk, case, _ = at_work("resolved")
    assert do(desk, case, "callback").status_code == 422
    assert do(desk, case, "outcome", outcome="satisfied", version=0).status_code == 409
    assert given.fresh(case).status == "resolved"


def test_what_was_said_in_the_channel_is_recorded_as_such() -> None:
    desk, case, _ = at_work("resolved")
    do(desk, case, "outcome", outcome="satisfied")
    assert given.fresh(case).closed_loop == "channel"


@pytest.mark.parametrize(("later", "same"), [(30, True), (31, False)])
def test_a_closed_case_goes_on_from_its_page(monday: Any, later: int, same: bool) -> None:
    _, case, alice = at_work("closed")
    monday.move_to(MONDAY_9 + days(later))
    desk = given.at_desk(alice)
    answer = do(desk, case, "again", text="客户来电说又坏了")
    assert answer.status_code == 302
    after = Case.objects.filter(follows=case).first()
    assert (given.fresh(case).status, after is None) == (("open", True) if same else ("closed", False))
    if after is not None:
        assert answer["Location"] == f"/desk/cases/{after.number}"
        assert case.number in desk.get(answer["Location"]).content.decode()
