"""The chain of the audit: whatever is changed or taken out later is named."""

from typing import Any

import pytest
from django.db.models import QuerySet

from huiyin.base import audit
from huiyin.base.actor import OPERATOR
from huiyin.base.models import AuditRow
from tests.given import MONDAY_9, days

pytestmark = [pytest.mark.django_db, pytest.mark.tampers]


def behind() -> QuerySet[AuditRow]:
    """The rows as somebody reaches them who passes the product by."""
    return QuerySet(AuditRow)


@pytest.fixture(autouse=True)
def _five_rows() -> None:
    behind().delete()
    for n in range(5):
        audit.write(
            "sign_in.accepted", f"staff:{n}", by=OPERATOR, at=MONDAY_9, fields=["name"], network="192.0.2.7"
        )


def test_rows_are_sealed_once_in_the_order_of_their_ids() -> None:
    assert (audit.unsealed(), audit.seal(limit=3), audit.unsealed()) == (5, 3, 2)
    assert (audit.seal(), audit.seal(), audit.unsealed()) == (2, 0, 0)
    assert list(AuditRow.objects.order_by("id").values_list("seal_seq", flat=True)) == [1, 2, 3, 4, 5]
    assert audit.broken_links() == []


CHANGES = {
    "action": "sign_in.refused",
    "at": MONDAY_9 + days(1),
    "by_kind": "staff",
    "by_ref": "eve",
    "object": "staff:9",
    "fields": [],
    "reason": "x",
    "result": "refused",
    "network": "198.51.100.9",
    "seal": "0" * 64,
}


@pytest.mark.parametrize("field", CHANGES)
def test_any_field_changed_after_sealing_breaks_the_chain_at_its_place(field: str) -> None:
    audit.seal()
    behind().filter(seal_seq=3).update(**{field: CHANGES[field]})
    assert "audit row 3 of the chain was changed" in audit.broken_links()


def test_a_row_taken_out_is_named() -> None:
    audit.seal()
    behind().filter(seal_seq=3).delete()
    assert audit.broken_links()[0] == "audit row(s) 3 to 3 of the chain are missing"


def test_two_rows_that_changed_places_are_named() -> None:
    audit.seal()
    for old, new in ((2, 99), (3, 2), (99, 3)):
        behind().filter(seal_seq=old).update(seal_seq=new)
    assert len(audit.broken_links()) >= 2


def test_a_row_forged_into_the_gap_is_named() -> None:
    audit.seal()
    row: Any = AuditRow.objects.get(seal_seq=3)
    behind().filter(seal_seq=3).delete()
    row.pk, row.by_ref = None, "eve"
    behind().bulk_create([row])
    assert audit.broken_links()
