"""Promise policies as they are set: what is owed, for whom and by when. A change reckons anew what runs."""

import re
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from huiyin.base import audit, configured, tx
from huiyin.base.actor import Actor
from huiyin.rules import book as rulebook
from huiyin.rules.models import Procedure, PromisePolicy
from huiyin.rules.policy_parts import PromisePart, strangers

CODE = re.compile(r"[a-z0-9][a-z0-9_-]{0,59}")


class Refused(ValueError):
    """The policy cannot be set so; `fields` says what is wrong with which. Nothing was stored."""

    def __init__(self, fields: Mapping[str, str]) -> None:
        super().__init__("; ".join(f"{field}: {words}" for field, words in fields.items()))
        self.fields = fields


class InUse(ValueError):
    """A stage of a procedure opens or ends what the policy promises; `procedure` is its code."""

    def __init__(self, procedure: str) -> None:
        super().__init__(f"the procedure {procedure} names it")
        self.procedure = procedure


def everything() -> list[PromisePolicy]:
    """Return all policies, those in use first, by their codes; `retired_at` is set on one that is switched off."""
    return sorted(PromisePolicy.objects.all(), key=lambda row: (row.retired_at is not None, row.code))


def one(code: str) -> PromisePolicy | None:
    """Return the policy of this code, also one that is switched off."""
    return PromisePolicy.objects.filter(code=code).first()


def save(code: str, part: PromisePart, *, by: Actor, at: datetime, in_use: bool = True) -> bool:
    """Set the policy, made or replaced as a whole and switched on or off; return whether anything changed.

    What runs under it is reckoned anew within a minute; what is new in it counts for the next case. A pack that is
    upgraded later keeps what was set here. Raises Refused and InUse.
    """
    _refuse_strange(code, part)
    if part.opens != "stage" or not in_use:
        _refuse_named(code)
    wanted = part.model_dump(mode="json")
    with tx.write():
        known = PromisePolicy.objects.select_for_update().filter(code=code).first()
        fields = sorted(name for name, value in wanted.items() if not known or getattr(known, name) != value)
        was_in_use = known is not None and known.retired_at is None
        if known is not None and not fields and was_in_use == in_use:
            return False
        since = known.retired_at if known else None
        stands = {**wanted, "retired_at": None if in_use else since or at}
        PromisePolicy.objects.update_or_create(code=code, defaults=stands)
        configured.bump()
        if fields or (in_use and not was_in_use):
            audit.write("policy.set", f"policy:{code}", by=by, at=at, fields=fields)
        if was_in_use and not in_use:
            audit.write("policy.retired", f"policy:{code}", by=by, at=at)
    return True


def retire(code: str, *, by: Actor, at: datetime) -> bool:
    """Promise it no more; return whether it was in use. What is promised already stays. Raises InUse."""
    _refuse_named(code)
    with tx.write():
        if not PromisePolicy.objects.filter(code=code, retired_at=None).update(retired_at=at):
            return False
        configured.bump()
        audit.write("policy.retired", f"policy:{code}", by=by, at=at)
    return True


def part_of(row: PromisePolicy) -> dict[str, Any]:
    """Return the policy as packs write it."""
    return {name: getattr(row, name) for name in PromisePart.model_fields}


def _refuse_strange(code: str, part: PromisePart) -> None:
    if not CODE.fullmatch(code):
        raise Refused({"code": "a code is 1 to 60 small letters, digits, - and _"})
    book = rulebook.current()
    wrong = strangers(part, categories=book.categories, calendars=book.calendars)
    if wrong:
        raise Refused({field: f"no {', '.join(unknown)}" for field, unknown in wrong.items()})


def _refuse_named(code: str) -> None:
    for procedure in Procedure.objects.filter(retired_at=None).order_by("code"):
        stages = procedure.definition["stages"]
        if any(code in (*stage.get("promises", ()), *stage.get("keeps", ())) for stage in stages):
            raise InUse(procedure.code)
