"""The confidentiality agreement: its words, who signed them, and whether somebody still has to."""

from datetime import datetime
from typing import Any

from django.db.models import QuerySet

from huiyin.base import audit, tx
from huiyin.base.actor import Actor
from huiyin.base.question import Question
from huiyin.staff.models import Agreement, Confidentiality, Staff
from huiyin.staff.refusal import Refusal

CODE = "confidentiality"


def current() -> Agreement | None:
    """Return the agreement in force; None before a pack brought one."""
    return Agreement.objects.filter(code=CODE, retired_at=None).first()


def is_signed(staff: Staff) -> bool:
    """Say whether this person may be given access to customers: one query. Service accounts sign nothing."""
    return staff.kind == "service" or bool(_SIGNED.ask(staff=staff.pk))


def sign(staff: Staff, version: str, *, by: Actor, at: datetime) -> None:
    """Record that this person accepts the version they read; a second call changes nothing. Raises Refusal."""
    agreement = current()
    if agreement is None or agreement.version != version:
        raise Refusal("agreement_outdated")
    with tx.write():
        if not is_signed(staff):
            told = {"version": version, "signed_at": at}
            Confidentiality.objects.update_or_create(staff=staff, defaults=told)
            audit.write(
                "agreement.signed", f"staff:{staff.number}", by=by, at=at, fields=[f"version:{version}"]
            )


def _signed(staff: Any) -> QuerySet[Confidentiality, tuple[Any, ...]]:
    in_force = Agreement.objects.filter(code=CODE, retired_at=None).values("version")
    return Confidentiality.objects.filter(staff__id=staff, version__in=in_force).values_list("version")


_SIGNED = Question(_signed)
