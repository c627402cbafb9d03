"""How a case's row is changed: locked, then written by compare-and-set on status and version.

For `lifecycle` and the verbs beside it only; everything else calls one of those.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db.models import F

from huiyin.cases import load
from huiyin.cases.models import AgentLoad, Case
from huiyin.cases.moves import Stale
from huiyin.cases.typed import Invalid


def lock(case: Case, version: int | None) -> Case:
    """Return the row as it stands, locked until the end of the transaction; raises Stale."""
    locked = Case.objects.select_for_update().get(pk=case.pk)
    if version is not None and locked.version != version:
        raise Stale(locked.version)
    return locked


def change(case: Case, locked: Case, changes: Mapping[str, Any], *, at: datetime) -> None:
    """Write the changes and raise the version; who carried the case before and now carry it in their loads.

    `locked` is what `lock` returned, `case` moves along. Raises Stale, and Invalid for a handler or owner whom the
    case is about.
    """
    _refuse_whom_it_is_about(locked, changes)
    rows = Case.objects.filter(pk=locked.pk, version=locked.version, status=locked.status)
    if not rows.update(version=F("version") + 1, **changes):
        raise Stale(locked.version)
    carried_before = _carrier(locked)
    for name, value in changes.items():
        setattr(case, name, value)
    case.version, case.status = locked.version + 1, changes.get("status", locked.status)
    carried_now = _carrier(case)
    if carried_before != carried_now:
        if carried_before is not None:
            load.give_back(carried_before, locked.weight)
        if carried_now is not None:
            AgentLoad.objects.get_or_create(staff_id=carried_now)
            load.take(carried_now, case.weight, at=at, forced=True)


def _carrier(case: Case) -> int | None:
    return case.handler_id if case.status in Case.LOADING and case.family == "service" else None


def _refuse_whom_it_is_about(locked: Case, changes: Mapping[str, Any]) -> None:
    given = {
        name: getattr(changes.get(name), "pk", changes.get(f"{name}_id")) for name in ("handler", "owner")
    }
    new = {name: pk for name, pk in given.items() if pk is not None and pk != getattr(locked, f"{name}_id")}
    if new:
        about = set(locked.about.filter(pk__in=new.values()).values_list("pk", flat=True))
        if wrong := [name for name, pk in new.items() if pk in about]:
            raise Invalid(**{wrong[0]: "about_them"})
