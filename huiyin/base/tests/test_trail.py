import ast
from dataclasses import replace
from datetime import datetime
from pathlib import Path

import pytest
from django.conf import settings
from django.db import connection
from django.test.utils import CaptureQueriesContext

from huiyin.base import audit, trail
from huiyin.base.actor import CLOCK, OPERATOR
from huiyin.base.config import SettingsError, read
from huiyin.base.models import AuditRow
from tests import given

pytestmark = pytest.mark.django_db
PRODUCT = Path(audit.__file__).parents[1]


def written(count: int, *, at: datetime = given.MONDAY_9) -> None:
    for n in range(count):
        audit.write("thing.done", f"thing:{n}", by=OPERATOR, at=at)


def sealed() -> int:
    return sum(iter(audit.seal, 0))


def tamper(sql: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(sql)


def test_a_row_is_neither_changed_nor_deleted_by_the_product() -> None:
    written(1)
    row = AuditRow.objects.latest("id")
    for act in (
        row.save,
        row.delete,
        AuditRow.objects.all().delete,
        lambda: AuditRow.objects.update(result="ok"),
        lambda: AuditRow.objects.filter(pk=row.pk).bulk_update([row], ["result"]),
    ):
        with pytest.raises(TypeError), given.undone():
            act()
    assert AuditRow.objects.filter(pk=row.pk, result="ok").exists()


def test_only_sealing_and_the_sweep_use_the_rows_without_their_guard() -> None:
    using = {}
    for path in PRODUCT.rglob("*.py"):
        if "tests" in path.parts or "migrations" in path.parts:
            continue
        text = path.read_text("utf-8")
        if "base_auditrow" in text or "QuerySet(AuditRow)" in text or "AuditRow._" in text:
            using[path.name] = text
    assert set(using) == {"audit.py", "guard.py"}
    callers = {
        function.name
        for function in ast.parse(using["audit.py"]).body
        if isinstance(function, ast.FunctionDef)
        for node in ast.walk(function)
        if isinstance(node, ast.Call) and ast.unparse(node.func) == "_changeable"
    }
    assert callers == {"seal", "sweep"}


def test_writing_only_inserts() -> None:
    with CaptureQueriesContext(connection) as captured:
        written(1)
    verbs = {query["sql"].split()[0] for query in captured.captured_queries if "auditrow" in query["sql"]}
    assert verbs == {"INSERT"}


def test_rows_are_sealed_in_one_chain_that_verifies() -> None:
    written(3)
    assert sealed() >= 3
    assert audit.unsealed() == 0
    assert not audit.broken_links()


@pytest.mark.tampers
@pytest.mark.parametrize(
    ("sql", "said"),
    [
        ("UPDATE base_auditrow SET object = 'thing:x' WHERE object = 'thing:1'", "was changed"),
        ("UPDATE base_auditrow SET fields = '[1]' WHERE object = 'thing:1'", "was changed"),
        ("DELETE FROM base_auditrow WHERE object = 'thing:1'", "are missing"),
    ],
)
def test_a_row_changed_or_taken_out_behind_the_product_breaks_the_chain(sql: str, said: str) -> None:
    written(3)
    sealed()
    tamper(sql)
    assert any(said in line for line in audit.broken_links())


def test_what_has_been_kept_long_enough_is_swept_and_the_rest_still_verifies() -> None:
    written(5)
    sealed()
    later = given.MONDAY_9 + given.days(185)
    swept = audit.sweep(at=later)
    assert swept >= 5
    sealed()
    assert not audit.broken_links()
    written(1, at=later)
    sealed()
    assert not audit.broken_links()
    assert AuditRow.objects.filter(action=audit.SWEPT).count() == 1


def test_nothing_younger_than_the_keeping_time_is_swept() -> None:
    written(2)
    sealed()
    assert audit.sweep(at=given.MONDAY_9 + given.days(184)) == 0
    assert audit.sweep(at=given.MONDAY_9 + given.days(184) + given.seconds(1)) > 0


def test_what_is_not_sealed_yet_is_not_swept() -> None:
    written(2)
    assert audit.sweep(at=given.MONDAY_9 + given.days(500)) == 0


@pytest.mark.tampers
def test_a_sweep_that_we_did_not_make_does_not_hide_missing_rows() -> None:
    written(3)
    sealed()
    tamper("DELETE FROM base_auditrow WHERE seal_seq <= 2")
    audit.write(audit.SWEPT, "audit:1-2", by=CLOCK, at=given.MONDAY_9, reason="2:abc:def")
    sealed()
    assert any("missing" in line for line in audit.broken_links())


def test_the_keeping_time_is_set_upwards_only(tmp_path: Path) -> None:
    told = {"HUIYIN_DATA_DIR": str(tmp_path), "HUIYIN_AUDIT_DAYS": "400"}
    assert read(told, folder=tmp_path).audit_days == 400
    with pytest.raises(SettingsError, match="184 days"):
        read({**told, "HUIYIN_AUDIT_DAYS": "183"}, folder=tmp_path)


def test_a_longer_keeping_time_is_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(settings, "HUIYIN", replace(settings.HUIYIN, audit_days=400))
    written(1)
    sealed()
    assert audit.sweep(at=given.MONDAY_9 + given.days(399)) == 0


def test_the_trail_is_found_by_who_what_when_and_object() -> None:
    written(3)
    audit.write("export.made", "cases:all", by=CLOCK, at=given.FRIDAY_17, result="refused")

    def found(**wanted: object) -> list[str]:
        return [row.action for row in trail.search(trail.Wanted(**wanted)).rows]

    assert found(who="clock") == ["export.made"]
    assert found(what="thing.") == ["thing.done"] * 3
    assert found(target="thing:2") == ["thing.done"]
    assert found(result="refused") == ["export.made"]
    assert found(since=given.FRIDAY_17) == ["export.made"]
    assert "export.made" not in found(until=given.FRIDAY_17)


def test_pages_follow_each_other_without_gap_or_repeat() -> None:
    written(5)
    first = trail.search(trail.Wanted(what="thing."), limit=2)
    assert first.next_cursor is not None
    second = trail.search(trail.Wanted(what="thing."), limit=3, cursor=first.next_cursor)
    assert [row.object for row in (*first.rows, *second.rows)] == [f"thing:{n}" for n in (4, 3, 2, 1, 0)]
    assert second.next_cursor is None
    with pytest.raises(trail.BadCursor):
        trail.search(trail.Wanted(), cursor="made up")
