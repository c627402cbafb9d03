"""Words taken back: a chat reply within two minutes by who wrote it, a passage for good by who may."""

from typing import Any

import pytest
from django.test import Client

from huiyin.base import files
from huiyin.base.models import AuditRow, Blob
from huiyin.cases import checks, indexing, lifecycle, links, search
from huiyin.cases.models import Case, DraftText, Entry, EntryBody, Promise
from huiyin.channels.models import Account, Delivery
from huiyin.intake.models import InboxItem
from huiyin.staff.models import Staff
from tests import given
from tests.given import MONDAY_9, minutes, seconds

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("monday")]
SAID = "您的密码是 tulip-77"


def post(client: Client, path: str, **body: Any) -> Any:
    return client.post(f"/api/v1/{path}", given.as_json(body), content_type="application/json")


def a_chat(alice: Staff) -> tuple[Case, int]:
    case = given.a_case(channel="chat", handler=alice)
    said = lifecycle.reply(case, SAID, by=given.actor(alice), at=MONDAY_9)
    return given.fresh(case), said.seq


def customer_page(case: Case) -> str:
    return Client().get(f"/c/{links.token(case)}").content.decode()


def manager() -> Client:
    return given.with_token(given.a_token("all", role="manager", name="boss"))


def test_a_reply_taken_back_is_gone_for_the_customer_and_marked_for_colleagues() -> None:
    alice = given.an_agent()
    case, seq = a_chat(alice)
    client = given.at_desk(alice)
    assert SAID in customer_page(case)
    assert f"entries/{seq}/recall" in client.get(f"/desk/cases/{case.number}").content.decode()
    assert client.post(f"/desk/cases/{case.number}/entries/{seq}/recall").status_code == 302
    assert SAID not in customer_page(case) and "tulip" not in customer_page(case)
    page = client.get(f"/desk/cases/{case.number}").content.decode()
    assert SAID in page and "entry-recall" not in page
    told = given.with_token(given.a_token("all")).get(f"/api/v1/cases/{case.number}").json()["entries"]
    assert [row["seq"] for row in told if row["recalled"]] == [seq]


def test_a_first_answer_that_was_taken_back_is_owed_again() -> None:
    alice = given.an_agent()
    case, seq = a_chat(alice)
    first = Promise.objects.get(case=case, kind="first_reply")
    assert first.state == "kept"
    given.at_desk(alice).post(f"/desk/cases/{case.number}/entries/{seq}/recall")
    first.refresh_from_db()
    assert (first.state, first.fulfilled_at, first.next_at) == ("running", None, first.due_at)


def test_a_first_answer_stays_kept_while_another_reply_stands() -> None:
    alice = given.an_agent()
    case, seq = a_chat(alice)
    lifecycle.reply(case, "请稍等", by=given.actor(alice), at=MONDAY_9 + seconds(5))
    given.at_desk(alice).post(f"/desk/cases/{case.number}/entries/{seq}/recall")
    assert Promise.objects.get(case=case, kind="first_reply").state == "kept"


@pytest.mark.parametrize("why", ["not_yours", "not_chat", "too_late", "recalled_already"])
def test_what_cannot_be_taken_back_stays(why: str, monday: Any) -> None:
    alice, lena = given.an_agent(), given.a_lead()
    case, seq = a_chat(alice)
    if why == "not_chat":
        Case.objects.update(channel_kind="email")
    if why == "too_late":
        monday.move_to(MONDAY_9 + minutes(2) + seconds(1), tick=False)
    if why == "recalled_already":
        given.at_desk(alice).post(f"/desk/cases/{case.number}/entries/{seq}/recall")
    client = given.at_desk(lena if why == "not_yours" else alice)
    assert client.post(f"/desk/cases/{case.number}/entries/{seq}/recall").status_code == 409
    assert Entry.objects.filter(kind="message.recalled").count() == (1 if why == "recalled_already" else 0)


def test_what_was_not_sent_yet_is_never_sent() -> None:
    alice = given.an_agent()
    case, seq = a_chat(alice)
    account = Account.objects.get(code="chat")
    account.callback_url = "https://shop.example.com/hook"
    account.save()
    row = Delivery.objects.create(
        key=f"{case.number}.{seq}", account=account, case_number=case.number, entry_seq=seq, made_at=MONDAY_9
    )
    given.at_desk(alice).post(f"/desk/cases/{case.number}/entries/{seq}/recall")
    row.refresh_from_db()
    assert (row.state, row.reason["code"]) == ("dead", "recalled")


def test_words_are_erased_everywhere_after_a_preview_and_the_rest_stays() -> None:
    alice = given.an_agent()
    case = given.a_case("我的密码是 tulip-77，电脑突然无法开机", handler=alice)
    DraftText.objects.create(staff=alice, case=case, kind="reply", text="密码 tulip-77", at=MONDAY_9)
    before = EntryBody.objects.get(case=case, seq=1).digest
    client, path = manager(), f"cases/{case.number}/entries/1"
    seen = post(client, f"{path}/redaction-preview", passages=["tulip-77"]).json()
    assert seen["text"] == "我的密码是 ▇▇▇，电脑突然无法开机" and seen["places"] == 1
    assert "tulip-77" in EntryBody.objects.get(case=case, seq=1).text
    assert post(client, f"{path}/redact", passages=["tulip-77"], reason="客户误发密码").status_code == 200
    body = EntryBody.objects.get(case=case, seq=1)
    assert (body.text, body.digest) == (seen["text"], before)
    assert "tulip" not in given.fresh(case).title
    assert "tulip" not in DraftText.objects.get().text
    assert "tulip" not in str(InboxItem.objects.get().content)
    row = AuditRow.objects.get(action="entry.redacted")
    assert (row.object, row.fields) == (f"case:{case.number}.1", ["text"])
    again = post(client, f"{path}/redact", passages=["tulip-77"], reason="客户误发密码")
    assert (again.status_code, again.json()["fields"]) == (422, {"passages": "not_found"})


def test_erased_words_are_not_found_any_more_and_the_others_are() -> None:
    alice = given.an_agent()
    case = given.a_case("我的暗号是郁金香，电脑突然无法开机", handler=alice)
    indexing.index_some(at=MONDAY_9)
    viewer = given.seen_by(alice)
    assert search.find("郁金香", viewer).hits
    post(manager(), f"cases/{case.number}/entries/1/redact", passages=["郁金香"], reason="客户误发暗号")
    indexing.index_some(at=MONDAY_9)
    assert not search.find("郁金香", viewer).hits
    assert search.find("无法开机", viewer).hits


def test_personal_values_are_erased_by_who_reads_them_masked() -> None:
    case = given.a_case("请打 13655550177 或 13655550188")
    client = manager()
    path = f"cases/{case.number}/entries/1"
    assert "1365555" not in str(post(client, f"{path}/redaction-preview", personal=True).json())
    post(client, f"{path}/redact", personal=True, reason="客户要求删除")
    assert EntryBody.objects.get(case=case, seq=1).text == "请打 ▇▇▇ 或 ▇▇▇"


def test_all_words_and_a_file_are_erased_with_the_file_itself() -> None:
    case = given.a_case("无法开机", attachments=(given.a_file("id-card.png"),))
    blob = Blob.objects.get()
    post(
        manager(),
        f"cases/{case.number}/entries/1/redact",
        whole=True,
        files=[str(blob.uuid)],
        reason="误传证件",
    )
    assert EntryBody.objects.get(case=case, seq=1).text == given.fresh(case).title == "▇▇▇"
    assert not Blob.objects.exists()
    kept = [Entry.objects.get(case=case, seq=1).payload, InboxItem.objects.get().content]
    assert "id-card" not in str(kept) and "无法开机" not in str(kept)
    assert "id-card" not in customer_page(case) and files.find(blob.uuid) is None


def test_only_leads_and_managers_erase_and_only_with_a_reason() -> None:
    alice, lena = given.an_agent(), given.a_lead()
    case = given.a_case("密码 tulip-77", handler=alice)
    path = f"/desk/cases/{case.number}/entries/1/redact"
    assert given.at_desk(alice).get(path).status_code == 403
    client = given.at_desk(lena)
    page = client.post(path, {"passages": "tulip-77"}).content.decode()
    assert "▇▇▇" in page and "tulip-77" in EntryBody.objects.get(case=case, seq=1).text
    really = {"passages": "tulip-77", "really": "1"}
    assert client.post(path, really).status_code == 422
    assert client.post(path, {**really, "reason": "误发密码"}).status_code == 302
    assert "tulip" not in EntryBody.objects.get(case=case, seq=1).text


def test_a_title_that_holds_only_the_beginning_of_a_passage_loses_that_too() -> None:
    secret = "机密" * 20
    case = given.a_case("前言" * 25 + secret)
    assert case.title.endswith("机密")
    post(manager(), f"cases/{case.number}/entries/1/redact", passages=[secret], reason="误发机密")
    assert "机密" not in given.fresh(case).title


@pytest.mark.tampers
def test_verify_names_words_that_were_changed_behind_our_back() -> None:
    case = given.a_case()
    EntryBody.objects.filter(case=case, seq=1).update(text="别的")
    assert len(list(checks.words_as_written())) == 1
