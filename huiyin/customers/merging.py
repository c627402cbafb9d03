"""Two customers found to be one: merged, and taken apart again exactly as they were."""

from datetime import datetime
from typing import Any

from django.db.models import F

from huiyin.base import audit, tx
from huiyin.base.actor import Actor
from huiyin.customers.belongings import HELD
from huiyin.customers.models import Consent, Customer, CustomerMerge, Identity


class CannotMerge(Exception):
    """These two cannot be merged; `code` says why. Nothing was changed."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


class CannotUnmerge(Exception):
    """Something changed since the merge, so that it cannot be taken back; `code` says what. Nothing was changed."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


def merge(secondary: Customer, *, into: Customer, by: Actor, at: datetime) -> CustomerMerge:
    """Give everything of `secondary` to `into`: identities, consents, cases, plans. The row stays and points on.

    The fields of the survivor stay as they are. Raises CannotMerge.
    """
    with tx.write():
        survivor, gone = _locked(into.pk, secondary.pk)
        _check(survivor, gone)
        moved: dict[str, Any] = {name: held.of(gone) for name, held in HELD.items()}
        moved["identities"] = _move(Identity, gone, survivor)
        moved["consents"] = _move(Consent, gone, survivor)
        for name, held in HELD.items():
            held.give(moved[name], survivor, by, at)
        _change(gone, merged_into=survivor)
        _change(survivor)
        done = CustomerMerge.objects.create(
            survivor=survivor, secondary=gone, moved=moved, by_ref=by.ref, at=at
        )
        names = [name for name, ids in moved.items() if ids]
        audit.write("customer.merged", f"customer:{gone.number}", by=by, at=at, fields=names)
        audit.write("customer.merged", f"customer:{survivor.number}", by=by, at=at, fields=names)
    return done


def unmerge(merge: CustomerMerge, *, by: Actor, at: datetime) -> None:
    """Move back what the merge recorded, and only that: what came later stays with the survivor.

    Raises CannotUnmerge when something the merge moved has gone on since: erased, or merged once more.
    """
    with tx.write():
        done = CustomerMerge.objects.select_for_update().get(pk=merge.pk)
        survivor, gone = _locked(done.survivor_id, done.secondary_id)
        _check_undone(done, survivor, gone)
        Identity.objects.filter(pk__in=done.moved["identities"]).update(customer=gone)
        Consent.objects.filter(pk__in=done.moved["consents"]).update(customer=gone)
        for name, held in HELD.items():
            held.give(done.moved.get(name, []), gone, by, at)
        _change(gone, merged_into=None)
        _change(survivor)
        CustomerMerge.objects.filter(pk=done.pk).update(undone_at=at)
        for customer in (gone, survivor):
            audit.write("customer.unmerged", f"customer:{customer.number}", by=by, at=at)


def _locked(survivor: int, secondary: int) -> tuple[Customer, Customer]:
    # In the order of their ids: two merges of the same pair in opposite directions must not wait for each other.
    rows = {
        row.pk: row
        for row in Customer.objects.select_for_update().filter(pk__in=[survivor, secondary]).order_by("id")
    }
    return rows[survivor], rows[secondary]


def _check(survivor: Customer, gone: Customer) -> None:
    if survivor.pk == gone.pk:
        raise CannotMerge("same_customer")
    if survivor.erased_at or gone.erased_at:
        raise CannotMerge("erased")
    if survivor.merged_into_id or gone.merged_into_id:
        raise CannotMerge("merged_already")
    if survivor.site_id != gone.site_id:
        raise CannotMerge("other_site")
    if bool(survivor.blocked_at) != bool(gone.blocked_at):
        raise CannotMerge("one_blocked")  # merging would block or unblock somebody in silence


def _check_undone(done: CustomerMerge, survivor: Customer, gone: Customer) -> None:
    if done.undone_at:
        raise CannotUnmerge("undone_already")
    if survivor.erased_at or gone.erased_at:
        raise CannotUnmerge("erased")
    if survivor.merged_into_id:
        raise CannotUnmerge("survivor_merged")
    for model, name in ((Identity, "identities"), (Consent, "consents")):
        ids = done.moved[name]
        if model._default_manager.filter(pk__in=ids, customer=survivor).count() != len(ids):
            raise CannotUnmerge(f"{name}_changed")
    for name, held in HELD.items():
        if not set(done.moved.get(name, [])) <= set(held.of(survivor)):
            raise CannotUnmerge(f"{name}_changed")


def _move(model: Any, source: Customer, target: Customer) -> list[int]:
    ids = list(model._default_manager.filter(customer=source).order_by("id").values_list("pk", flat=True))
    model._default_manager.filter(pk__in=ids).update(customer=target)
    return ids


def _change(customer: Customer, **changes: Any) -> None:
    Customer.objects.filter(pk=customer.pk).update(version=F("version") + 1)
    if "merged_into" in changes:
        Customer.objects.filter(pk=customer.pk).update(merged_into=changes["merged_into"])
