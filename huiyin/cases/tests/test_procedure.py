"""Complaints on their way through the stages of their procedure."""

import pytest

from huiyin.cases import lifecycle, owing, procedure
from huiyin.cases.models import Case, Entry, Promise
from huiyin.cases.moves import MoveNotAllowed, Stale
from huiyin.cases.typed import Invalid
from huiyin.packs import install
from huiyin.rules import book
from huiyin.staff.models import Staff
from tests import given
from tests.given import MONDAY_9, hours, minutes

pytestmark = pytest.mark.django_db
FOUND = {"facts": "核对了通话录音", "cause": "培训不足", "result": "已道歉并补发"}
PLATFORM = {"place": "登录页", "seen": "按钮无反应", "source": "customer"}


def a_complaint(handler: Staff, category: str = "service_complaint") -> Case:
    case = given.a_case("你们的服务态度太差", handler=handler, status="open")
    assert case.category == "service_complaint"
    if category != case.category:
        Case.objects.filter(pk=case.pk).update(category=category, procedure="", stage="")
        procedure.begin(given.fresh(case), by=given.actor(handler), at=MONDAY_9)
    return given.fresh(case)


def advanced(case: Case, to: str, by: Staff, **more: object) -> Case:
    at = MONDAY_9 + minutes(5)
    return procedure.advance(given.fresh(case), to, by=given.actor(by), at=at, **more)  # type: ignore[arg-type]


def owed(case: Case) -> set[str]:
    rows = Promise.objects.filter(case=case, kind__startswith="stage_")
    return {promise.kind for promise in rows if promise.is_owed}


def test_a_complaint_begins_its_procedure_when_it_is_opened_and_an_enquiry_has_none() -> None:
    alice = given.an_agent()
    complaint, enquiry = a_complaint(alice), given.a_case(handler=alice)
    assert (complaint.procedure, complaint.stage) == ("service_complaint", "accepted")
    assert (enquiry.procedure, enquiry.stage) == ("", "")


def test_a_service_complaint_goes_to_the_handler_and_then_to_supervision() -> None:
    alice, lena = given.an_agent(), given.a_lead()
    case = a_complaint(alice)
    advanced(case, "investigating", alice)
    assert owed(case) == {"stage_investigate"}
    advanced(case, "supervised", alice, form=FOUND)
    assert owed(case) == {"stage_supervise"}
    # Who may take the next step owes it and finds it on their desk; the handler only waits for it.
    assert Promise.objects.get(case=case, kind="stage_supervise").debtor == lena
    assert list(owing.elsewhere(given.seen_by(lena))) == [case]
    advanced(case, "settled", lena)
    assert (given.fresh(case).stage, owed(case)) == ("settled", set())
    steps = Entry.objects.filter(case=case, kind="case.advanced").order_by("seq")
    assert [step.payload["to_stage"] for step in steps] == ["investigating", "supervised", "settled"]


def test_the_stage_promise_counts_from_the_stage() -> None:
    alice = given.an_agent()
    case = a_complaint(alice)
    advanced(case, "investigating", alice)
    promise = Promise.objects.get(case=case, kind="stage_investigate")
    assert promise.due_at == MONDAY_9 + minutes(5) + hours(24)


def test_the_record_of_the_investigation_is_needed_and_kept() -> None:
    alice = given.an_agent()
    case = a_complaint(alice)
    advanced(case, "investigating", alice)
    with pytest.raises(Invalid) as refused:
        advanced(case, "supervised", alice, form={"facts": "听了录音", "extra": "x"})
    assert refused.value.fields == {
        "form.cause": "required",
        "form.result": "required",
        "form.extra": "unknown_field",
    }
    assert given.fresh(case).stage == "investigating"


def test_only_the_roles_of_a_stage_take_its_steps() -> None:
    alice = given.an_agent()
    case = a_complaint(alice)
    advanced(case, "investigating", alice)
    advanced(case, "supervised", alice, form=FOUND)
    with pytest.raises(procedure.StepNotOpenError) as refused:
        advanced(case, "settled", alice)
    assert [reason.code for reason in refused.value.because] == ["other_role"]


def test_a_step_that_the_procedure_does_not_have_is_refused() -> None:
    alice = given.an_agent()
    with pytest.raises(procedure.StepNotOpenError):
        advanced(a_complaint(alice), "settled", alice)


def test_back_to_the_inquiry_opens_its_promise_again() -> None:
    alice, lena = given.an_agent(), given.a_lead()
    case = a_complaint(alice)
    advanced(case, "investigating", alice)
    advanced(case, "supervised", alice, form=FOUND)
    advanced(case, "investigating", lena)
    assert owed(case) == {"stage_investigate"}


def test_over_promising_is_reported_with_a_complete_form() -> None:
    alice, lena = given.an_agent(), given.a_lead()
    case = a_complaint(alice)
    advanced(case, "investigating", alice)
    advanced(case, "supervised", alice, form=FOUND)
    advanced(case, "over_promised", lena)
    form = {
        "who": "王五",
        "promised": "三天内上首页",
        "when": "2026-02-02",
        "evidence": "聊天记录",
        "told_company": True,
    }
    with pytest.raises(Invalid) as refused:
        advanced(case, "settled", lena, form=form)
    assert refused.value.fields == {"form.told_hr": "required"}
    advanced(case, "settled", lena, form={**form, "told_hr": True})
    assert given.fresh(case).stage == "settled"


@pytest.mark.parametrize(
    ("category", "way"),
    [
        ("platform_complaint", ["classified", "technical", "answered"]),
        (
            "effect_complaint",
            ["looked", "calmed", "searching", "tracking", "searching", "tracking", "settled"],
        ),
    ],
)
def test_the_other_two_procedures_lead_to_their_end(category: str, way: list[str]) -> None:
    lena = given.a_lead()
    case = a_complaint(lena, category)
    forms = {"reported": PLATFORM, "looked": {"figures": "询盘两条"}}
    for stage in way:
        advanced(case, stage, lena, form=forms.get(given.fresh(case).stage))
    assert (given.fresh(case).stage, owed(case)) == (way[-1], set())
    assert book.current().procedures[category].stage(way[-1]).final


def test_a_step_that_saw_an_older_version_is_refused() -> None:
    alice = given.an_agent()
    case = a_complaint(alice)
    with pytest.raises(Stale):
        advanced(case, "investigating", alice, version=case.version - 1)


def test_closing_ends_what_the_stages_still_promised() -> None:
    alice = given.an_agent()
    case = a_complaint(alice)
    advanced(case, "investigating", alice)
    lifecycle.move(given.fresh(case), "resolve", by=given.actor(alice), at=MONDAY_9 + hours(1), text="已道歉")
    assert owed(case) == {"stage_investigate"}
    lifecycle.move(given.fresh(case), "confirm", by=given.actor(alice), at=MONDAY_9 + hours(2), how="call")
    assert owed(case) == set()


def test_a_closed_case_goes_no_further() -> None:
    alice = given.an_agent()
    case = a_complaint(alice)
    lifecycle.move(given.fresh(case), "resolve", by=given.actor(alice), at=MONDAY_9 + hours(1), text="已道歉")
    lifecycle.move(given.fresh(case), "confirm", by=given.actor(alice), at=MONDAY_9 + hours(2), how="call")
    with pytest.raises(MoveNotAllowed):
        advanced(case, "investigating", alice)


def test_installing_the_pack_again_changes_nothing() -> None:
    again = install.install(install.SHIPPED / "general", by=given.actor(given.an_agent()), at=MONDAY_9)
    assert not any(again) and not any(part.kept for part in again)
