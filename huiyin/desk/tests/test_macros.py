"""Macros: one click, one transaction, nothing that its user may not do by hand."""

import ast
from pathlib import Path
from typing import Any

import pytest
from django.test import Client

import huiyin
from huiyin.base.models import AuditRow
from huiyin.cases import kinds, lifecycle, macros
from huiyin.cases.models import Case, Collaboration, Entry, Promise
from huiyin.rules import macro_parts
from huiyin.rules import macros as stored
from huiyin.rules.models import Macro
from huiyin.staff.models import Staff
from tests import given
from tests.given import MONDAY_9, hours

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("monday")]
HUIYIN = Path(huiyin.__file__).parent
BOTH = {"zh": "您好，{promise.due} 前回电", "en": "We call you by {promise.due}"}


def a_macro(code: str = "everything", **changed: Any) -> Macro:
    given.a_team("returns")
    whole: dict[str, Any] = {
        "name": {"zh": "全套", "en": "Everything"},
        "reply": BOTH,
        "promise": {"kind": "call_back", "seconds": 7200},
        "request": {
            "department": "returns",
            "subject": {"zh": "查 {case.number}", "en": "Check {case.number}"},
            "details": {"zh": "请核对", "en": "Please check"},
            "seconds": 3600,
        },
        **changed,
    }
    part = macro_parts.MacroPart.model_validate(whole)
    return stored.save(code, part, by=given.OPERATOR, at=MONDAY_9)


def own_case() -> tuple[Case, Staff, Client]:
    alice = given.an_agent()
    return given.a_case(handler=alice, status="open"), alice, given.at_desk(alice)


def run(client: Client, case: Case, macro: str = "everything", **form: Any) -> Any:
    told = {"version": given.fresh(case).version, "text": "您好，马上回电", "client_id": "c1", **form}
    return client.post(f"/desk/cases/{case.number}/macros/{macro}", told)


def kinds_of(case: Case) -> list[str]:
    return list(case.entries.order_by("seq").values_list("kind", flat=True))


def test_one_click_answers_promises_and_asks_and_says_which_macro_it_was() -> None:
    case, _, client = own_case()
    a_macro()
    assert run(client, case).status_code == 302
    promise = Promise.objects.get(case=case, kind="call_back")
    assert promise.due_at == MONDAY_9 + hours(2)
    assert Collaboration.objects.get(case=case).subject == f"查 {case.number}"
    assert {"macro.used", "message.sent", "promise.made", "collaboration.asked"} <= set(kinds_of(case))


def test_fields_and_tags_are_set_by_the_verbs_that_set_them_by_hand() -> None:
    case, _, client = own_case()
    a_macro(request=None, tags=["退款"], sets={"category": "refund", "priority": "urgent"})
    shown = client.get(f"/desk/cases/{case.number}/macros").content.decode()
    assert "退款" in shown and given.fresh(case).category != "refund"
    assert run(client, case).status_code == 302
    now = given.fresh(case)
    assert (now.category, now.priority, [one.tag for one in now.tags.all()]) == ("refund", "urgent", ["退款"])
    assert {"case.changed", "tag.added"} <= set(kinds_of(case))


def test_what_it_will_do_is_shown_before_it_is_done_and_showing_it_does_nothing() -> None:
    case, _, client = own_case()
    a_macro()
    before = kinds_of(case)
    text = client.get(f"/desk/cases/{case.number}/macros").content.decode()
    assert "前回电" in text and "{promise.due}" not in text and f"查 {case.number}" in text
    assert kinds_of(case) == before


def test_two_clicks_on_one_page_do_it_once() -> None:
    case, _, client = own_case()
    a_macro()
    run(client, case)
    run(client, case)
    assert kinds_of(case).count("message.sent") == kinds_of(case).count("macro.used") == 1


def test_what_cannot_be_done_whole_is_not_done_at_all() -> None:
    case, _, client = own_case()
    a_macro()
    lifecycle.move(case, "resolve", by=given.OPERATOR, at=MONDAY_9, text="已更换")
    before = kinds_of(case)
    # A solved case may be answered and promised on, but no department is asked any more.
    assert run(client, case).status_code == 409
    assert kinds_of(case) == before


def test_whoever_saw_an_older_case_does_nothing_to_the_present_one() -> None:
    case, _, client = own_case()
    a_macro()
    assert run(client, case, version=case.version + 3).status_code == 409
    assert "macro.used" not in kinds_of(case)


def test_a_policy_says_by_when_where_the_macro_does_not() -> None:
    case, _, client = own_case()
    a_macro(promise={"kind": "refund"}, request=None)
    run(client, case)
    assert Promise.objects.get(case=case, kind="refund").policy == "option-refund"


def test_a_macro_is_offered_to_its_teams_and_categories_only() -> None:
    case, _, client = own_case()
    a_macro("other-team", teams=["returns"])
    a_macro("other-category", categories=["complaint"])
    a_macro("above", categories=["after_sales"])
    codes = {macro.code for macro in macros.offered(case)}
    assert "above" in codes and not codes & {"other-team", "other-category"}
    assert run(client, case, "other-team").status_code == 404


def test_nobody_runs_a_macro_who_may_not_work_on_the_case() -> None:
    case, _, _ = own_case()
    a_macro()
    inspector = given.a_person("inga", role="quality", team=None)
    assert run(given.at_desk(inspector), case).status_code == 403
    assert run(given.at_desk(given.an_agent("bob")), case).status_code == 404


def test_a_retired_macro_is_offered_no_more_and_stays_in_the_record() -> None:
    case, _, client = own_case()
    a_macro()
    assert stored.retire("everything", by=given.OPERATOR, at=MONDAY_9)
    assert run(client, case).status_code == 404
    assert Macro.objects.filter(code="everything").exists()
    assert not stored.retire("everything", by=given.OPERATOR, at=MONDAY_9)


@pytest.mark.parametrize(
    "words",
    ["{customer.phone}", "{promise.duee}", "{case.number", "{{case.number}}", "{case.customer.name}"],
)
def test_a_text_names_only_what_the_closed_list_holds(words: str) -> None:
    with pytest.raises(ValueError):
        a_macro(reply={"zh": words, "en": "fine"})
    assert not Macro.objects.filter(code="everything").exists()


@pytest.mark.parametrize("words", ["{% load x %}", "{{7*7}}", "%(secret)s", "${7*7}", "{0.__class__}"])
def test_other_marks_stand_in_the_answer_as_they_are_or_are_refused(words: str) -> None:
    case, _, client = own_case()
    try:
        a_macro(reply={"zh": words, "en": words}, promise=None, request=None)
    except ValueError:
        return
    answer = given.with_token(given.a_token("all")).post(
        f"/api/v1/cases/{case.number}/macros/everything",
        {"version": given.fresh(case).version},
        content_type="application/json",
    )
    assert answer.status_code == 200
    said = client.get(f"/desk/cases/{case.number}").content.decode()
    assert "49" not in said.partition('class="talk"')[2].partition("csrf")[0] or words in said


def test_no_customer_is_named_by_a_macro() -> None:
    assert not [name for name in macro_parts.NAMES if name.startswith("customer")]


def test_it_promises_what_people_promise_by_hand_and_nothing_else() -> None:
    schema = macro_parts.PromiseStep.model_json_schema()
    assert schema["properties"]["kind"]["enum"] == list(kinds.BY_HAND)


def test_nothing_but_a_surface_runs_a_macro() -> None:
    importing = {
        path.relative_to(HUIYIN).parts[0]
        for path in HUIYIN.rglob("*.py")
        if "tests" not in path.parts and _imports_macros(path)
    }
    assert importing == {"api", "desk"}


def test_macros_are_configuration_changed_and_retired_with_a_trail() -> None:
    root = given.at_desk(given.a_person("root", role="administrator", team=None))
    form = {"code": "hello", "name_zh": "问好", "name_en": "Hello", "reply_zh": "您好", "reply_en": "Hello"}
    assert root.post("/desk/macros", form).status_code == 302
    assert root.post("/desk/macros", {**form, "reply_zh": "您好，请讲"}).status_code == 302
    assert Macro.objects.get(code="hello").reply["zh"] == "您好，请讲"
    root.post("/desk/macros", {"code": "hello", "act": "retire"})
    actions = AuditRow.objects.filter(object="macro:hello").order_by("id").values_list("action", flat=True)
    assert list(actions) == ["macro.set", "macro.set", "macro.retired"]


def test_a_macro_that_cannot_be_stored_is_shown_again_with_what_was_typed() -> None:
    root = given.at_desk(given.a_person("root", role="administrator", team=None))
    form = {"code": "hello", "name_zh": "问好", "name_en": "Hello", "reply_zh": "{nobody}", "reply_en": "Hi"}
    answer = root.post("/desk/macros", form)
    assert answer.status_code == 422 and "{nobody}" in answer.content.decode()


def test_the_shipped_macros_can_be_used_as_they_are() -> None:
    alice = given.an_agent()
    client = given.with_token(given.a_token("all"))
    for code in [macro.code for macro in stored.everything()]:
        case = given.a_case("我要投诉，还要退款", handler=alice, status="open")
        Case.objects.filter(pk=case.pk).update(category="complaint" if "complaint" in code else "refund")
        told = {"version": given.fresh(case).version}
        path = f"/api/v1/cases/{case.number}/macros/{code}"
        answer = client.post(path, told, content_type="application/json")
        assert answer.status_code == 200, (code, answer.json())
        assert Entry.objects.filter(case=case, kind="macro.used").exists()


def _imports_macros(path: Path) -> bool:
    found = [
        node for node in ast.walk(ast.parse(path.read_text("utf-8"))) if isinstance(node, ast.ImportFrom)
    ]
    return any(
        node.module == "huiyin.cases.macros"
        or (node.module == "huiyin.cases" and "macros" in {name.name for name in node.names})
        for node in found
    )
