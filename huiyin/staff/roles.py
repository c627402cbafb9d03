"""Roles as administrators edit them, and the one thing no edit may do: leave nobody who can manage people."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any, Literal, get_args

from huiyin.base import audit, tx
from huiyin.base.actor import Actor
from huiyin.staff.models import Grant, Role
from huiyin.staff.permissions import PERMISSIONS
from huiyin.staff.refusal import Refusal
from huiyin.staff.teams import CODE, names

Reach = Literal["own", "team", "all", "none"]
KEY = "people.write"


def everything() -> list[Role]:
    """Return every role in use by its code."""
    return list(Role.objects.filter(retired_at=None).order_by("code"))


def save(
    code: str,
    name: Mapping[str, str],
    permissions: Iterable[str],
    reach: str,
    *,
    by: Actor,
    at: datetime,
    second_factor: bool | None = None,
) -> Role:
    """Make the role or change it for everybody who has it, at their next request. Raises Refusal.

    `second_factor` says whether they must sign in with one; None leaves it as it is.
    """
    wanted = set(permissions)
    if not CODE.fullmatch(code):
        raise Refusal("code_bad")
    if unknown := wanted - set(PERMISSIONS):
        raise Refusal("permission_unknown", what=", ".join(sorted(unknown)))
    if reach not in get_args(Reach):
        raise Refusal("reach_unknown")
    # In the order of the closed list, as they are read at sign-in.
    rights = [one for one in PERMISSIONS if one in wanted]
    told: dict[str, Any] = {"name": names(name), "permissions": rights, "reach": reach}
    if second_factor is not None:
        told["second_factor"] = second_factor
    with tx.write():
        before = Role.objects.filter(code=code).first()
        had = set(before.permissions) if before else set()
        role, made = Role.objects.update_or_create(code=code, defaults={**told, "retired_at": None})
        fields = [f"+{one}" for one in sorted(wanted - had)] + [f"-{one}" for one in sorted(had - wanted)]
        if before is not None:
            fields += [one for one in told if one != "permissions" and getattr(before, one) != told[one]]
        if made or fields:
            audit.write("role.made" if made else "role.changed", f"role:{code}", by=by, at=at, fields=fields)
        refuse_lock_out(had - wanted)
    return role


def retire(role: Role, *, by: Actor, at: datetime) -> None:
    """End a role that nobody has; a second call changes nothing. Raises Refusal."""
    with tx.write():
        if Grant.objects.filter(role=role, staff__is_active=True).exists():
            raise Refusal("role_in_use")
        if Role.objects.filter(pk=role.pk, retired_at=None).update(retired_at=at):
            audit.write("role.retired", f"role:{role.code}", by=by, at=at)


def named(code: str) -> Role:
    """Return the role in use of this code; raises Refusal."""
    found = Role.objects.filter(code=code, retired_at=None).first()
    if found is None:
        raise Refusal("unknown", kind="role", what=code)
    return found


def refuse_lock_out(taken: Iterable[str]) -> None:
    """Raise Refusal when taking these rights away leaves nobody who may manage people.

    It is the last act of a change, in its transaction.
    """
    if KEY not in taken:
        return
    # The lock lets two administrators withdraw each other's right only one after the other.
    list(Role.objects.select_for_update().order_by("pk"))
    lasting = Grant.objects.filter(until=None, staff__is_active=True, staff__kind="person")
    if not any(KEY in grant.role.permissions for grant in lasting.select_related("role")):
        raise Refusal("last_administrator")
