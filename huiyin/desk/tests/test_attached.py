"""Files that go with an answer or a note: seen as pictures, opened by their customer, never run."""

from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from huiyin.base import files
from huiyin.base.models import Blob
from huiyin.cases import links
from huiyin.cases.models import Case, Entry
from tests import given
from tests.given import a_picture

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("monday")]


def at_work(**message: Any) -> tuple[Client, Case]:
    alice = given.an_agent()
    return given.at_desk(alice), given.a_case(handler=alice, status="open", **message)


def a_file(name: str = "门锁.png", payload: bytes = a_picture("PNG")) -> SimpleUploadedFile:
    return SimpleUploadedFile(name, payload, "image/png")


def send(desk: Client, case: Case, verb: str, text: str, *sent: SimpleUploadedFile, once: str = "") -> Any:
    return desk.post(
        f"/desk/cases/{case.number}/{verb}", {"text": text, "files": list(sent), "client_id": once}
    )


@pytest.mark.usefixtures("any_kind")
def test_an_answer_carries_its_files_to_the_customer_and_shows_the_pictures() -> None:
    desk, case = at_work()
    told = send(
        desk, case, "reply", "请看照片", a_file(), a_file("<b>说明.html", b"<script>alert(1)</script>")
    )
    assert told.status_code == 302
    picture, page = Blob.objects.order_by("pk")
    customer, here = Client(), f"/c/{links.token(case)}"
    for reader, place in ((desk, "/desk"), (customer, here)):
        shown = reader.get(here if reader is customer else f"/desk/cases/{case.number}").content.decode()
        assert f"{place}/files/{picture.uuid}/picture?small" in shown
        assert f"{place}/files/{page.uuid}/picture" not in shown and "&lt;b&gt;说明.html" in shown
        drawn = reader.get(f"{place}/files/{picture.uuid}/picture?small")
        assert (drawn.status_code, drawn["Content-Type"]) == (200, "image/webp")
        assert reader.get(f"{place}/files/{page.uuid}/picture").status_code == 404
        for uuid in (picture.uuid, page.uuid):
            sent = reader.get(f"{place}/files/{uuid}")
            assert sent["Content-Disposition"].startswith("attachment")
            assert sent["Content-Type"] == "application/octet-stream"
            assert (
                sent["X-Content-Type-Options"] == "nosniff" and "sandbox" in sent["Content-Security-Policy"]
            )


def test_a_file_needs_no_words_beside_it_and_goes_once() -> None:
    desk, case = at_work()
    for _ in range(2):
        assert send(desk, case, "reply", "", a_file(), once="once").status_code == 302
    entry = Entry.objects.get(case=case, kind="message.sent")
    assert [file["name"] for file in entry.payload["files"]] == ["门锁.png"]
    assert Blob.objects.count() == 1
    assert send(desk, case, "reply", " ").status_code == 422


def test_what_goes_with_a_note_no_customer_opens() -> None:
    desk, case = at_work()
    assert send(desk, case, "note", "供同事参考", a_file()).status_code == 302
    uuid = Blob.objects.get().uuid
    assert desk.get(f"/desk/files/{uuid}/picture").status_code == 200
    here = f"/c/{links.token(case)}"
    assert str(uuid) not in Client().get(here).content.decode()
    assert {Client().get(f"{here}/files/{uuid}{part}").status_code for part in ("", "/picture")} == {404}


def test_what_was_taken_back_the_customer_opens_no_more() -> None:
    desk, case = at_work(channel="chat")
    send(desk, case, "reply", "发错了", a_file())
    seq, uuid = Entry.objects.get(case=case, kind="message.sent").seq, Blob.objects.get().uuid
    here = f"/c/{links.token(case)}/files/{uuid}"
    assert Client().get(here).status_code == 200
    assert desk.post(f"/desk/cases/{case.number}/entries/{seq}/recall").status_code == 302
    assert Client().get(here).status_code == 404


def test_the_file_of_one_case_is_not_opened_through_another() -> None:
    desk, case = at_work()
    send(desk, case, "reply", "照片", a_file())
    other = given.a_case(external_id="other")
    assert Client().get(f"/c/{links.token(other)}/files/{Blob.objects.get().uuid}").status_code == 404


def test_what_is_too_large_or_too_much_is_refused_and_the_words_stay(monkeypatch: Any) -> None:
    desk, case = at_work()
    many = [a_file(f"{n}.png", b"x") for n in range(11)]
    monkeypatch.setattr(files, "LIMIT_BYTES", 10)
    for sent in ([a_file("a.bin", b"x" * 11)], many):
        answer = send(desk, case, "reply", "写好的话", *sent)
        page = answer.content.decode()
        assert answer.status_code == 422 and "20 MB" in page
        assert "写好的话" in page and "请重新选择文件" in page
    assert not Blob.objects.exists()
    assert not Entry.objects.filter(case=case, kind="message.sent").exists()
