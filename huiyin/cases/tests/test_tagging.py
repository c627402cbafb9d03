"""Tags: free words, one spelling of each on a case, suggested only from cases one sees."""

from typing import Any

import pytest

from huiyin.cases import tagging
from huiyin.cases.models import Case, CaseTag, Entry
from huiyin.cases.typed import Invalid
from huiyin.staff.models import Grant, Staff, Team
from tests import given
from tests.given import MONDAY_9

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("monday")]


def tag(case: Case, word: str, by: Staff) -> str:
    return tagging.tag(case, word, by=given.actor(by), at=MONDAY_9)


def mine() -> tuple[Case, Staff]:
    alice = given.an_agent()
    return given.a_case(handler=alice, status="open"), alice


@pytest.mark.parametrize("other", ["vip 客户", "  VIP   客户 ", "ＶＩＰ　客户", "Vip 客户\x00"])
def test_two_spellings_of_a_word_are_one_tag(other: str) -> None:
    case, alice = mine()
    assert tag(case, "VIP 客户", alice) == "VIP 客户"
    assert tag(case, other, alice) == "VIP 客户"
    assert Entry.objects.filter(case=case, kind="tag.added").count() == 1
    assert tagging.untag(case, other, by=given.actor(alice), at=MONDAY_9)
    assert not tagging.untag(case, other, by=given.actor(alice), at=MONDAY_9)
    assert [e.payload for e in Entry.objects.filter(case=case, kind="tag.removed")] == [{"tag": "VIP 客户"}]


def test_words_that_fold_alike_are_one_tag_in_every_script() -> None:
    case, alice = mine()
    assert tag(case, "Straße", alice) == "Straße"
    assert tag(case, "STRASSE", alice) == "Straße"


@pytest.mark.parametrize(("word", "code"), [("", "missing"), (" \x00\n", "missing"), ("字" * 41, "too_long")])
def test_a_word_that_is_none_is_refused(word: str, code: str) -> None:
    case, alice = mine()
    with pytest.raises(Invalid) as caught:
        tag(case, word, alice)
    assert caught.value.fields == {"tag": code}


def test_a_case_carries_twenty_tags_at_most() -> None:
    case, alice = mine()
    for n in range(20):
        tag(case, f"字{n}" + "长" * 30, alice)
    with pytest.raises(Invalid) as caught:
        tag(case, "第二十一", alice)
    assert caught.value.fields == {"tags": "too_many"}
    assert tag(case, f"字{1}" + "长" * 30, alice)


def test_only_tags_of_cases_that_one_sees_are_suggested_the_most_used_first() -> None:
    alice, _, charlie = given.alice_bob_charlie()
    for words, person in ((("退货", "急"), alice), (("急",), alice), (("急", "内鬼"), charlie)):
        case = given.a_case(handler=person, status="open", team="service" if person is alice else "returns")
        for word in words:
            tag(case, word, person)
    assert tagging.suggested(given.seen_by(alice)) == ["急", "退货"]
    assert tagging.suggested(given.seen_by(alice), "退") == ["退货"]
    assert (
        "内鬼"
        not in given.at_desk(alice)
        .get(f"/desk/cases/{given.a_case(handler=alice).number}/around")
        .content.decode()
    )


# Through HTTP.


def test_at_the_desk_a_case_is_tagged_found_by_its_tag_and_untagged() -> None:
    case, alice = mine()
    other = given.a_case(handler=alice, status="open")
    client = given.at_desk(alice)
    here = f"/desk/cases/{case.number}/around/act"
    assert client.post(here, {"act": "tag", "tag": "VIP"}).status_code == 302
    assert client.post(here, {"act": "tag", "tag": ""}).status_code == 422
    found = client.get("/desk", {"tag": "ｖｉｐ"}).content.decode()
    assert case.number in found and other.number not in found.replace(case.number, "")
    assert client.post(here, {"act": "untag", "tag": "vip"}).status_code == 302
    assert not CaseTag.objects.exists()


def test_a_reader_without_the_right_to_work_does_not_tag() -> None:
    case, _ = mine()
    quinn = given.a_person("quinn", role="quality", team=None)
    answer = given.at_desk(quinn).post(f"/desk/cases/{case.number}/around/act", {"act": "tag", "tag": "VIP"})
    assert answer.status_code == 403


def test_a_program_tags_filters_and_untags() -> None:
    case, _ = mine()
    given.a_case()
    client: Any = given.with_token(given.a_token("cases:read", "cases:write"))
    here = f"/api/v1/cases/{case.number}/tags"
    body = given.as_json({"tag": "VIP"})
    answer = client.post(here, body, content_type="application/json")
    assert answer.json()["tags"] == ["VIP"]
    assert [one["number"] for one in client.get("/api/v1/cases", {"tag": "vip"}).json()["items"]] == [
        case.number
    ]
    assert client.get("/api/v1/tags", {"q": "v"}).json() == {"items": ["VIP"]}
    assert client.delete(f"{here}?tag=vip").json()["tags"] == []
    too_long = client.post(here, given.as_json({"tag": "字" * 41}), content_type="application/json")
    assert (too_long.status_code, too_long.json()["fields"]) == (422, {"tag": "too_long"})


def test_a_program_that_may_not_see_a_case_finds_none_to_tag_or_untag() -> None:
    case, _ = mine()
    given.a_team("returns")
    client: Any = given.with_token(given.a_token("cases:read", "cases:write"))
    Grant.objects.filter(staff__number="svc-shop").update(team=Team.objects.get(code="returns"))
    here = f"/api/v1/cases/{case.number}/tags"
    body = given.as_json({"tag": "VIP"})
    assert client.post(here, body, content_type="application/json").status_code == 404
    assert client.delete(f"{here}?tag=vip").status_code == 404
