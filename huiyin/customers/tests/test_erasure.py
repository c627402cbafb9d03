"""An erased person is in no column of any table, in no file; the figures are as they were."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.apps import apps
from django.db import connection

from huiyin.base import files, tx
from huiyin.base.models import AuditRow, Blob
from huiyin.cases import bodies, drafts, lifecycle, saved_views, tagging
from huiyin.cases.models import Case, Entry
from huiyin.customers import erasure, merging, ways
from huiyin.customers.belongings import PLACES
from huiyin.customers.models import Customer
from huiyin.customers.recognise import Sender
from tests import given

pytestmark = pytest.mark.django_db
AT = given.MONDAY_9
NAME, PHONE, MAIL, ACCOUNT = "欧阳测试", "13912345678", "canary.person@example.org", "wx-canary-77"
SENDER = Sender(NAME, PHONE, MAIL, ACCOUNT)
VALUES = (NAME, PHONE, MAIL, ACCOUNT, "canary.person", "金丝雀路九号")


def a_life() -> Case:
    """A case of the person whose values went everywhere words go: message, file, reply, note, reasons, audit."""
    alice = given.an_agent("alice")
    text = f"我是{NAME},电话{PHONE},邮箱{MAIL},住在金丝雀路九号"
    case = given.a_case(
        text,
        handler=alice,
        subject=f"{NAME}的退款",
        sender=SENDER,
        external_id=f"mail-{MAIL}",
        attachments=(given.a_file(f"{NAME}.png"),),
    )
    by = given.actor(alice)
    lifecycle.reply(case, f"{NAME}您好,我们会打 {PHONE}", by=by, at=AT)
    lifecycle.note(given.fresh(case), f"回电 {PHONE}", by=by, at=AT)
    lifecycle.move(
        given.fresh(case), "wait", by=by, at=AT, waiting_for="customer", reason=f"等{NAME}回电{PHONE}"
    )
    assert case.customer is not None
    ways.reveal(case.customer, reason=f"回电{NAME} {PHONE}", by=by, at=AT)
    lifecycle.move(given.fresh(case), "resolve", by=by, at=AT, text=f"已给{NAME}退款")
    lifecycle.move(given.fresh(case), "confirm", by=by, at=AT, how="call")
    drafts.save(given.fresh(case), f"{NAME},您的电话 {PHONE}", by=by, at=AT)
    tagging.tag(given.fresh(case), NAME, by=by, at=AT)
    saved_views.save(None, f"{NAME}的", {"tag": NAME, "status": "open"}, by=by, at=AT)
    given.work_done(at=AT)
    return given.fresh(case)


def ask(case: Case) -> None:
    assert case.customer is not None
    erasure.ask(case.customer, reason=f"{NAME}本人要求", by=given.OPERATOR, at=AT)


def columns() -> Iterator[tuple[str, str]]:
    for model in apps.get_models():
        for field in model._meta.local_concrete_fields:
            yield model._meta.db_table, field.column


def left(values: tuple[str, ...] = VALUES) -> list[str]:
    """Return each column of the database in which one of the values still stands, as text or inside JSON."""
    found = []
    with connection.cursor() as cursor:
        for table, column in columns():
            cursor.execute(f'SELECT CAST("{column}" AS text) FROM "{table}" WHERE "{column}" IS NOT NULL')
            told = "\n".join(str(row[0]) for row in cursor.fetchall())
            plain = told + told.encode().decode("unicode_escape", "ignore") if "\\u" in told else told
            found += [f"{table}.{column}: {value}" for value in values if value in plain]
    return found


def figures() -> dict[str, Any]:
    kinds = Entry.objects.order_by("case", "seq").values_list("case", "seq", "kind", "at", "by_ref")
    cases = Case.objects.order_by("pk").values_list("number", "category", "status", "priority", "closed_at")
    return {"entries": list(kinds), "cases": list(cases), "audit": AuditRow.objects.count()}


def test_the_search_for_leftovers_can_find_them() -> None:
    a_life()
    places = {line.partition(":")[0] for line in left()}
    assert {"customers_customer.name", "cases_entrybody.text", "intake_inboxitem.content"} <= places
    assert {"cases_entry.payload", "base_blob.name", "intake_inboxitem.external_id"} <= places


def test_the_audit_never_holds_a_value() -> None:
    a_life()
    assert not [line for line in left() if line.startswith("base_auditrow")]


def test_nothing_of_the_person_is_left_and_the_figures_stay() -> None:
    case = a_life()
    blob = Blob.objects.get(subject=f"case:{case.number}")
    path = files.path_of(blob.uuid)
    assert path.is_file()
    before = figures()
    ask(case)
    given.work_done(at=AT)
    assert left() == []
    assert not path.exists()
    after = figures()
    assert (after["entries"], after["cases"]) == (before["entries"], before["cases"])
    assert after["audit"] == before["audit"] + 2
    assert all(not words.text for words in bodies.of(case, plain=True).values())


def test_the_preview_counts_what_the_erasure_empties_and_writes_nothing() -> None:
    case = a_life()
    assert case.customer is not None
    counts = erasure.preview(case.customer)
    assert counts["files"] == 1 and counts["inbox_rows"] == 1 and counts["identities"] == 3
    assert counts["entry_bodies"] == len(bodies.of(case, plain=True))
    assert counts["audit_rows_kept"] == 1
    assert left()
    ask(case)
    given.work_done(at=AT)
    emptied = erasure.preview(Customer.objects.get(pk=case.customer.pk))
    assert [emptied[name] for name in ("files", "inbox_rows", "identities", "entry_bodies")] == [0, 0, 0, 0]


@pytest.mark.parametrize("killed_after", range(1, 6))
def test_an_erasure_that_was_killed_between_two_steps_is_finished_by_the_next_run(killed_after: int) -> None:
    case = a_life()
    assert case.customer is not None
    ask(case)
    for place in list(PLACES.values())[:killed_after]:
        with tx.write():
            place.erase(erasure._person(case.customer))
    given.work_done(at=AT)
    assert left() == []


def test_whoever_was_merged_into_the_person_goes_too() -> None:
    case = a_life()
    assert case.customer is not None
    other = given.a_customer(name="欧阳测试二", phone="13987654321")
    merging.merge(other, into=case.customer, by=given.OPERATOR, at=AT)
    ask(given.fresh(case))
    given.work_done(at=AT)
    assert left((*VALUES, "欧阳测试二", "13987654321")) == []


def test_nobody_is_erased_while_a_case_is_in_work() -> None:
    case = given.a_case(sender=SENDER)
    with pytest.raises(erasure.CannotErase, match="cases_in_work"):
        ask(case)


def test_asking_twice_is_one_erasure_and_after_it_there_is_nothing_to_erase() -> None:
    case = a_life()
    ask(case)
    ask(case)
    assert case.customer is not None and case.customer.erasures.count() == 1
    given.work_done(at=AT)
    with pytest.raises(erasure.CannotErase, match="erased_already"):
        ask(case)


def test_an_erased_person_who_writes_again_is_somebody_new() -> None:
    case = a_life()
    ask(case)
    given.work_done(at=AT)
    again = given.a_case(sender=SENDER)
    assert again.customer != case.customer
