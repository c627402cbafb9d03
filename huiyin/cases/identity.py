"""Checking who speaks before private matters are told: by order number or the last four digits of the phone."""

import re
from datetime import datetime
from zoneinfo import ZoneInfo

from django.conf import settings
from django.utils.translation import gettext_lazy as _

from huiyin.base import facts, secrets, tx
from huiyin.base.actor import Actor
from huiyin.cases import entries
from huiyin.cases.changing import lock
from huiyin.cases.entries import Draft
from huiyin.cases.models import Case, EntryBody
from huiyin.cases.typed import Invalid
from huiyin.customers.models import Identity
from huiyin.engines import extract

MESSAGES_READ = 50

_FIELDS = {"means": str}
facts.register(
    facts.Kind("identity.checked", _("made sure who is speaking"), fields=_FIELDS),
    facts.Kind("identity.refused", _("could not make sure who is speaking"), fields=_FIELDS),
)


def check(case: Case, *, last_four: str = "", order_number: str = "", by: Actor, at: datetime) -> bool:
    """Compare what was told with what is known, record the result (never the value), and return it.

    The order number must stand in an earlier matter of the same customer: in this one, whoever speaks could have
    written it. Exactly one of the two is given; raises Invalid otherwise. Each call is recorded.
    """
    digits, order_number = last_four.strip(), order_number.strip()
    if bool(digits) == bool(order_number):
        raise Invalid(last_four="give either the last four digits or an order number")
    if digits and not re.fullmatch(r"[0-9]{4}", digits):
        raise Invalid(last_four="four digits")
    passed = _has_phone(case, digits) if digits else _has_order(case, order_number, at)
    kind = "identity.checked" if passed else "identity.refused"
    with tx.write():
        lock(case, None)
        entries.append(case, [Draft(kind, {"means": "phone" if digits else "order_number"})], by=by, at=at)
    return passed


def _has_phone(case: Case, digits: str) -> bool:
    tail = secrets.digest("tail", digits)
    return Identity.objects.filter(customer=case.customer_id, kind="phone", tail=tail).exists()


def _has_order(case: Case, order_number: str, at: datetime) -> bool:
    if case.customer_id is None:
        return False
    wanted, zone = order_number.upper(), ZoneInfo(settings.TIME_ZONE)
    earlier = Case.objects.filter(customer=case.customer_id).exclude(pk=case.pk)
    bodies = EntryBody.objects.filter(case__in=earlier).order_by("-id").values_list("text", flat=True)
    return any(
        found.value.upper() == wanted
        for text in bodies[:MESSAGES_READ]
        for found in extract.extract(text, at=at, zone=zone).order_numbers
    )
