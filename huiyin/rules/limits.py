"""Up to which sum a role gives something to a customer by itself; without a limit it always asks."""

from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal

from huiyin.base import audit, configured, tx
from huiyin.base.actor import Actor
from huiyin.rules.models import Limit
from huiyin.staff import roles

KINDS = ("coupon", "refund", "gift", "service")
MOST = Decimal("9999999.99")
_CENT = Decimal("0.01")


class Refused(ValueError):
    """The limit is no sum of money; `kind` says which. Nothing was stored."""

    def __init__(self, kind: str) -> None:
        super().__init__(f"{kind}: not a sum of money")
        self.kind = kind


def of_roles() -> dict[str, dict[str, Decimal | None]]:
    """Return the limits of every role in use, in yuan by kind; None: it always asks."""
    rows = Limit.objects.filter(retired_at=None)
    stored = {(row.role, row.kind): row.value for row in rows}
    return {role.code: {kind: stored.get((role.code, kind)) for kind in KINDS} for role in roles.everything()}


def save(role: str, limits: Mapping[str, Decimal | None], *, by: Actor, at: datetime) -> bool:
    """Set the limits of a role for these kinds and return whether any changed; None takes one away.

    They count for the next proposal. A pack that is upgraded later keeps what was set here. Raises Refused, and
    staff's Refusal for a role that there is not.
    """
    known = roles.named(role).code
    for kind, value in limits.items():
        is_sum = value is None or (
            value.is_finite() and 0 <= value <= MOST and value == value.quantize(_CENT)
        )
        if kind not in KINDS or not is_sum:
            raise Refused(kind)
    with tx.write():
        changed = [kind for kind, value in limits.items() if _set(known, kind, value, at)]
        if changed:
            configured.bump()
            audit.write("limit.set", f"role:{known}", by=by, at=at, fields=sorted(changed))
    return bool(changed)


def _set(role: str, kind: str, value: Decimal | None, at: datetime) -> bool:
    stands = Limit.objects.select_for_update().filter(role=role, kind=kind).order_by("pk").first()
    if value is None:
        return bool(Limit.objects.filter(role=role, kind=kind, retired_at=None).update(retired_at=at))
    if stands is not None and stands.retired_at is None and stands.value == value:
        return False
    code = stands.code if stands else f"{role}-{kind}"
    told = {"role": role, "kind": kind, "value": value, "retired_at": None}
    Limit.objects.update_or_create(code=code, defaults=told)
    return True
