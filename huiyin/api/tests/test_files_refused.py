"""A file that may not come in is refused alone: words that were taken in are never lost for it."""

import base64
import re
from typing import Any
from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from huiyin.base import files
from huiyin.base.models import Blob
from huiyin.base.verify import INVARIANTS
from huiyin.cases import bodies, links
from huiyin.cases.models import Case, Entry
from huiyin.intake import accept, pipeline
from huiyin.intake.models import InboxItem
from tests import given
from tests import scanner as scripted
from tests.given import MONDAY_9, PHOTO

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("monday")]
FOUND = b"stream: Eicar-Signature FOUND\0"
PROGRAM = b"MZ\x90\x00\x03"


def sent(name: str, payload: bytes) -> dict[str, str]:
    return {"name": name, "data": base64.b64encode(payload).decode()}


def take_in(*attached: dict[str, str]) -> Any:
    body = {"channel": "api", "external_id": str(uuid4()), "text": "请看附件", "attachments": list(attached)}
    program = given.with_token(given.a_token("inbound:write"))
    return program.post("/api/v1/inbound", given.as_json(body), content_type="application/json")


def first_of(case: Case) -> Entry:
    return Entry.objects.filter(case=case, kind="message.received").get()


def test_a_message_keeps_its_words_and_its_good_files_and_says_which_were_refused() -> None:
    answer = take_in(sent("门锁.png", PHOTO), sent("a.exe", PROGRAM), sent("b.png", PROGRAM))
    assert answer.status_code == 201
    refused = [{"name": "a.exe", "code": "type"}, {"name": "b.png", "code": "content"}]
    assert answer.json()["refused_files"] == refused
    case = Case.objects.get()
    told = first_of(case).payload["files"]
    assert [(one["name"], one.get("refused", "")) for one in told] == [
        ("门锁.png", ""),
        ("a.exe", "type"),
        ("b.png", "content"),
    ]
    assert bodies.of(case, plain=True)[1].text == "请看附件"
    good, *bad = Blob.objects.order_by("pk")
    assert files.path_of(good.uuid).read_bytes() == PHOTO
    assert not [blob for blob in bad if files.path_of(blob.uuid).exists()]
    assert not [line for one in INVARIANTS for line in one.check()]
    alice = given.an_agent()
    Case.objects.update(handler=alice)
    desk = given.at_desk(alice)
    desk.post("/language", {"language": "en"})
    page = desk.get(f"/desk/cases/{case.number}").content.decode()
    follow = Client().get(f"/c/{links.token(case)}").content.decode()
    assert "it is not what its name says" in page and str(good.uuid) in page
    assert "文件内容与名称不符" in follow and str(good.uuid) in follow
    for blob in bad:
        assert str(blob.uuid) not in page + follow
        assert desk.get(f"/desk/files/{blob.uuid}").status_code == 404
        assert desk.get(f"/desk/files/{blob.uuid}/picture").status_code == 404


def test_what_the_scanner_finds_or_cannot_look_at_is_not_kept_and_the_words_are() -> None:
    with scripted.answering(FOUND) as clamd:
        assert take_in(sent("a.png", PHOTO)).json()["refused_files"] == [
            {"name": "a.png", "code": "infected"}
        ]
        assert clamd.seen == [PHOTO]
    with scripted.gone():
        answer = take_in(sent("a.png", PHOTO), sent("b.png", PHOTO))
    assert [one["code"] for one in answer.json()["refused_files"]] == ["scanner_away"] * 2
    assert Case.objects.count() == 2
    assert not [blob for blob in Blob.objects.all() if files.path_of(blob.uuid).exists()]
    with scripted.answering(b"stream: OK\0"):
        assert "refused_files" not in take_in(sent("a.png", PHOTO)).json()


def test_what_was_refused_stays_so_when_the_message_is_understood_later(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    with monkeypatch.context() as broken:
        broken.setattr(pipeline, "think", lambda *_, **__: 1 / 0)
        assert take_in(sent("a.png", PHOTO), sent("a.exe", PROGRAM)).status_code == 202
    assert accept.retry(InboxItem.objects.get(), at=MONDAY_9)
    told = first_of(Case.objects.get()).payload["files"]
    assert {one["name"]: one.get("refused", "") for one in told} == {"a.png": "", "a.exe": "type"}


def test_each_message_of_a_batch_is_judged_by_itself() -> None:
    items = [
        {"channel": "api", "external_id": str(n), "text": "您好", "attachments": [sent(name, PROGRAM)]}
        for n, name in enumerate(("a.exe", "b.exe"))
    ]
    program = given.with_token(given.a_token("inbound:write"))
    body = given.as_json({"items": items})
    told = program.post("/api/v1/inbound/batch", body, content_type="application/json").json()["results"]
    assert [one["refused_files"][0]["name"] for one in told] == ["a.exe", "b.exe"]


def test_a_customer_sees_at_once_that_a_file_was_not_kept() -> None:
    page = Client().get("/ask").content.decode()
    once = re.search(r'name="once" value="([^"]+)"', page)
    assert once
    file = SimpleUploadedFile("报价.exe", PROGRAM)
    body = {"name": "李雷", "contact": "13800138000", "text": "请看附件", "once": once[1], "attached": file}
    answer = Client().post("/ask", body, follow=True)
    assert "报价.exe" in answer.content.decode() and "未保留" in answer.content.decode()


def test_a_program_that_answers_is_told_which_file_and_why_and_nothing_is_written() -> None:
    alice = given.an_agent()
    case = given.a_case(handler=alice, status="open")
    program = given.with_token(given.a_token("cases:read", "cases:write"))
    body = {"kind": "reply", "text": "请看", "files": [sent("a.png", PHOTO), sent("b.exe", PROGRAM)]}
    path = f"/api/v1/cases/{case.number}/entries"
    answer = program.post(path, given.as_json(body), content_type="application/json")
    assert (answer.status_code, answer.json()["code"]) == (422, "file_refused")
    assert answer.json()["fields"] == {"files.1": "type"}
    assert not Entry.objects.filter(kind="message.sent").exists() and not Blob.objects.exists()


@pytest.mark.parametrize("place", ["reply", "note", "finishing/act"])
def test_a_colleague_is_told_which_file_and_why_and_keeps_what_they_wrote(place: str) -> None:
    alice = given.an_agent()
    case = given.a_case(handler=alice, status="open")
    desk = given.at_desk(alice)
    body = {"text": "照片见附件", "act": "evidence", "files": SimpleUploadedFile("b.png", PROGRAM)}
    answer = desk.post(f"/desk/cases/{case.number}/{place}", body)
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "b.png" in page and "与名称不符" in page and "照片见附件" in page
    with scripted.gone():
        body["files"] = SimpleUploadedFile("b.png", PHOTO)
        away = desk.post(f"/desk/cases/{case.number}/{place}", body)
    assert away.status_code == 422 and "病毒扫描" in away.content.decode()
    assert not Blob.objects.exists()
