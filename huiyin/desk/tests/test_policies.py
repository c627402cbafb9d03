"""/desk/policies and /api/v1/policies: promises are set as packs write them, and what runs follows at once."""

from typing import Any

import pytest
from django.test import Client

from huiyin.base import configured
from huiyin.base.models import AuditRow
from huiyin.cases import owing, reckoning
from huiyin.cases.models import Promise
from huiyin.rules import book as rulebook
from huiyin.rules import policies
from huiyin.rules.models import PromisePolicy
from tests import given

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("monday")]
TYPED = {"act": "policy", "length": "24", "unit": "hours", "calendar": "", "warn": "", "in_use": "on"}
NORMAL = {**TYPED, "code": "resolution-normal", "priorities": ["normal"], "not_categories": "complaint"}
VISIT = {**TYPED, "is_new": "1", "code": "visit-first", "kind": "visit", "opens": "case"}


@pytest.fixture(autouse=True)
def fresh_book() -> Any:
    yield
    rulebook.forget()


@pytest.fixture
def root() -> Client:
    return given.at_desk(given.a_person("root", role="administrator", team=None))


@pytest.fixture
def program() -> Client:
    return given.with_token(given.a_token("config:write"))


def text(answer: Any) -> str:
    return " ".join(answer.content.decode().split())


def put(client: Client, code: str, **body: Any) -> Any:
    return client.put(f"/api/v1/policies/{code}", given.as_json(body), content_type="application/json")


def the(kind: str, case: Any) -> Promise:
    return Promise.objects.get(case=case, kind=kind)


def test_a_length_that_is_changed_on_the_page_moves_what_runs_and_keeps_what_the_form_cannot_say(
    root: Client,
) -> None:
    case = given.a_case()
    before = the("resolution", case)
    stands = policies.part_of(PromisePolicy.objects.get(code="resolution-normal"))
    assert before.due_at == case.opened_at + given.hours(24)
    assert root.post("/desk/policies", {**NORMAL, "length": "36", "warn": "2h, 80%"}).status_code == 302
    now = policies.part_of(PromisePolicy.objects.get(code="resolution-normal"))
    assert now == {**stands, "seconds": 36 * 3600, "warn": ["2h", "80%"]}
    assert reckoning.follow_configuration(by=given.OPERATOR, at=case.opened_at + given.hours(1)) == 1
    assert the("resolution", case).due_at == case.opened_at + given.hours(36)
    version = configured.version()
    assert root.post("/desk/policies", {**NORMAL, "length": "36", "warn": "2h 80%"}).status_code == 302
    assert configured.version() == version
    row = AuditRow.objects.get(action="policy.set")
    assert (row.object, row.fields) == ("policy:resolution-normal", ["seconds", "warn"])


def test_the_page_says_each_promise_in_words(root: Client, program: Client) -> None:
    told = {
        "kind": "task",
        "opens": "hand",
        "month_days": [28, 30],
        "channels": ["phone"],
        "categories": ["refund"],
        "pauses_for": ["customer"],
        "average_s": 45,
        "only_complex": True,
        "climbs": False,
        "debtor": "lead",
        "warn": ["2d", "50%"],
    }
    assert put(program, "figures", **told).status_code == 200
    assert put(program, "window", kind="visit", working_days=3, not_before_days=2).status_code == 200
    assert put(program, "warehouse", kind="ship", cut_off="16:30", calendar="office").status_code == 200
    shown = text(root.get("/desk/policies"))
    for words in (
        "投诉首次答复 · 投诉建议 · 24 小时 (complaint-response)",
        "除以下分类外：投诉建议",
        "任务 · 退款 · 电话 · 仅限复杂工单 · 每月 28 日至 30 日 (figures)",
        "48 小时前、时限用到 50% 时",
        "责任人：组长",
        "平均不超过 45 秒",
        "工单等待以下情况时暂停计时：客户回复",
        "不早于第 2 个工作日 · 3 个工作日 (window)",
        "16:30 前 (warehouse)",
    ):
        assert words in shown, words
    assert root.post("/desk/policies", {**TYPED, "code": "warehouse", "length": ""}).status_code == 302
    assert PromisePolicy.objects.get(code="warehouse").cut_off == "16:30"


def test_what_is_switched_off_is_promised_no_more_and_comes_back_with_the_same_form(root: Client) -> None:
    off = {name: value for name, value in NORMAL.items() if name != "in_use"}
    assert root.post("/desk/policies", off).status_code == 302
    assert not Promise.objects.filter(case=given.a_case(), kind="resolution").exists()
    assert AuditRow.objects.filter(action="policy.retired", object="policy:resolution-normal").count() == 1
    assert root.post("/desk/policies", NORMAL).status_code == 302
    case = given.a_case("第二件：无法开机")
    assert Promise.objects.filter(case=case, kind="resolution").count() == 1


def test_a_new_promise_counts_for_the_next_case(root: Client) -> None:
    days = {"length": "2", "unit": "working_days", "categories": "hardware_fault"}
    assert root.post("/desk/policies", {**VISIT, **days}).status_code == 302
    assert the("visit", given.a_case()).days == 2
    assert root.post("/desk/policies", {**VISIT, **days}).status_code == 422  # the code is taken


@pytest.mark.parametrize(
    "wrong",
    [
        {"code": "Not A Code"},
        {"kind": "<b>"},
        {"opens": "sometimes"},
        {"length": ""},
        {"length": "0"},
        {"length": "1.5"},
        {"length": "999999999"},
        {"length": "367", "unit": "working_days"},
        {"calendar": "moon"},
        {"warn": "soon"},
        {"warn": "99999d"},
        {"categories": "no-such"},
        {"not_categories": "no-such"},
        {"channels": "pigeon"},
        {"priorities": ["vital"]},
    ],
)
def test_a_form_that_cannot_be_used_is_refused_and_keeps_what_was_typed(
    root: Client, wrong: dict[str, Any]
) -> None:
    before = configured.version()
    answer = root.post("/desk/policies", {**VISIT, "length": "7", "warn": "45m", **wrong})
    assert answer.status_code == 422 and 'role="alert"' in text(answer)
    assert 'value="45m"' in text(answer) or "warn" in wrong
    assert configured.version() == before and not PromisePolicy.objects.filter(code="visit-first").exists()


def test_windows_cut_offs_days_of_the_month_and_pauses_are_set_on_the_page(root: Client) -> None:
    def stands() -> dict[str, Any]:
        rulebook.forget()
        return policies.part_of(PromisePolicy.objects.get(code="visit-first"))

    terms = {"not_before_days": "2", "cut_off": "16:30", "month_first": "", "month_last": ""}
    days = {
        **VISIT,
        "length": "3",
        "unit": "working_days",
        "pauses_for": ["", "customer", "scheduled"],
        **terms,
    }
    assert root.post("/desk/policies", days).status_code == 302
    made = stands()
    assert (made["working_days"], made["not_before_days"], made["cut_off"]) == (3, 2, "16:30")
    assert made["pauses_for"] == ["customer", "scheduled"]
    shown = text(root.get("/desk/policies"))
    assert "不早于第 2 个工作日 · 3 个工作日 · 16:30 前" in shown
    assert 'name="cut_off" value="16:30" type="time"' in shown
    changed = {name: value for name, value in days.items() if name != "is_new"}
    nothing = {"length": "", "not_before_days": "", "cut_off": "", "pauses_for": [""]}
    in_month = {**changed, **nothing, "month_first": "28", "month_last": "30"}
    assert root.post("/desk/policies", in_month).status_code == 302
    made = stands()
    assert (made["working_days"], made["month_days"], made["cut_off"], made["pauses_for"]) == (
        None,
        [28, 30],
        "",
        [],
    )
    assert root.post("/desk/policies", {**changed, **nothing, "cut_off": "09:05"}).status_code == 302
    made = stands()
    assert (made["month_days"], made["cut_off"]) == ([], "09:05")
    row = AuditRow.objects.filter(action="policy.set").latest("pk")
    assert row.fields == ["cut_off", "month_days"]


@pytest.mark.parametrize(
    ("field", "typed"),
    [
        ("not_before_days", {"not_before_days": "4", "length": "3", "unit": "working_days"}),
        ("not_before_days", {"not_before_days": "1"}),  # hours have no window
        ("cut_off", {"cut_off": "25:00", "length": "3", "unit": "working_days"}),
        ("length", {"cut_off": "16:30"}),  # nor a cut-off
        ("length", {"month_first": "1", "month_last": "2"}),
        ("month_first", {"month_first": "30", "month_last": "28", "length": ""}),
        ("month_last", {"month_first": "30", "month_last": "", "length": ""}),
        ("month_first", {"month_first": "soon", "month_last": "28", "length": ""}),
        ("pauses_for", {"pauses_for": ["", "tea"]}),
        ("warn", {"warn": "soon"}),
        ("channels", {"channels": "pigeon"}),
        ("calendar", {"calendar": "moon"}),
    ],
)
def test_what_is_refused_is_said_at_its_field_in_the_form_that_stays_open_as_typed(
    root: Client, field: str, typed: dict[str, Any]
) -> None:
    answer = root.post("/desk/policies", {**VISIT, "length": "7", **typed})
    shown = text(answer)
    assert answer.status_code == 422 and shown.count("<details open>") == 1
    assert f'id="{field}--wrong"' in shown and shown.count('class="field__error"') <= 2
    assert field == "pauses_for" or f'aria-describedby="{field}--wrong"' in shown
    for name, value in typed.items():
        lists = name in ("pauses_for", "unit", "calendar")
        assert lists or f'name="{name}" value="{value}"' in shown, name


def test_by_api_a_policy_is_read_set_and_switched_off_in_the_shape_of_a_pack(program: Client) -> None:
    items = {one["code"]: one for one in program.get("/api/v1/policies").json()["items"]}
    told = items["option-refund"]
    assert told.pop("code") == "option-refund" and told.pop("in_use") is True
    version = configured.version()
    assert put(program, "option-refund", **told).status_code == 200 and configured.version() == version
    case = given.a_case(at=given.FRIDAY_17)
    by = given.actor(given.an_agent())
    refund = owing.make(case, owing.Made("refund"), by=by, at=given.FRIDAY_17)
    answer = put(program, "option-refund", **{**told, "working_days": 3, "not_before_days": 1})
    assert answer.status_code == 200 and answer.json()["working_days"] == 3
    reckoning.follow_configuration(by=given.OPERATOR, at=given.FRIDAY_17 + given.hours(1))
    due = refund.due_at
    refund.refresh_from_db()
    assert refund.due_at == due - given.days(2)  # from Friday to Wednesday
    gone = program.delete("/api/v1/policies/option-refund")
    assert gone.status_code == 200 and gone.json()["in_use"] is False
    assert program.get("/api/v1/policies").json()["items"][-1]["code"] == "option-refund"
    refund.refresh_from_db()
    assert refund.state == Promise.RUNNING
    assert program.delete("/api/v1/policies/nothing").status_code == 404


@pytest.mark.parametrize(
    ("field", "body"),
    [
        ("seconds", {"kind": "visit"}),
        ("seconds", {"kind": "visit", "seconds": 60, "working_days": 1}),
        ("not_before_days", {"kind": "visit", "working_days": 1, "not_before_days": 2}),
        ("month_days", {"kind": "visit", "month_days": [30, 28]}),
        ("kind", {"kind": "A visit", "seconds": 60}),
        ("cut_off", {"kind": "visit", "cut_off": "1٣:00"}),
        ("warn.0", {"kind": "visit", "seconds": 60, "warn": ["later"]}),
        ("calendar", {"kind": "visit", "seconds": 60, "calendar": "moon"}),
        ("categories", {"kind": "visit", "seconds": 60, "categories": ["no-such"]}),
        ("colour", {"kind": "visit", "seconds": 60, "colour": "red"}),
    ],
)
def test_a_policy_that_cannot_be_used_is_refused_by_the_field(
    program: Client, field: str, body: dict[str, Any]
) -> None:
    answer = put(program, "visit-first", **body)
    assert answer.status_code == 422 and list(answer.json()["fields"]) in ([field], [f"body.{field}"])
    assert not PromisePolicy.objects.filter(code="visit-first").exists()


def test_what_a_procedure_opens_at_a_stage_stays_in_use_and_opens_at_a_stage(
    program: Client, root: Client
) -> None:
    row = PromisePolicy.objects.filter(opens="stage").first()
    assert row is not None
    told = policies.part_of(row)
    assert program.delete(f"/api/v1/policies/{row.code}").json()["code"] == "policy_in_use"
    assert put(program, row.code, **{**told, "opens": "case"}).status_code == 409
    form = {**TYPED, "code": row.code, "length": "5"}
    del form["in_use"]
    assert root.post("/desk/policies", form).status_code == 409
    assert put(program, row.code, **told).status_code == 200
