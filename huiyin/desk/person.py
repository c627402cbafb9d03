"""One customer as their page shows them: prepared values, so that templates only ask."""

from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from huiyin.base.texts import in_words
from huiyin.cases import revealing
from huiyin.cases.kinds import STATUSES
from huiyin.cases.models import Case
from huiyin.customers import consent, find, ways
from huiyin.customers.models import Customer, CustomerMerge
from huiyin.rules import book as rulebook
from huiyin.staff.viewer import Viewer

CASES_SHOWN = 20
LEVELS = {"normal": gettext_lazy("normal"), "vip": gettext_lazy("VIP")}
PURPOSES = {
    "service": gettext_lazy("handling their matter"),
    "marketing": gettext_lazy("advertising"),
    "survey": gettext_lazy("surveys"),
    "recording": gettext_lazy("recording of calls"),
}
WAYS = {
    "form": gettext_lazy("by form"),
    "phone": gettext_lazy("by phone"),
    "chat": gettext_lazy("in chat"),
    "email": gettext_lazy("by e-mail"),
    "paper": gettext_lazy("on paper"),
}
ERASED = {
    "files": gettext_lazy("files deleted"),
    "entry_bodies": gettext_lazy("messages and notes emptied"),
    "drafts": gettext_lazy("drafts deleted"),
    "saved_views": gettext_lazy("saved views kept without the words of this person"),
    "cases_kept": gettext_lazy("cases kept without a title"),
    "entries_kept": gettext_lazy("entries kept without words"),
    "deliveries_kept": gettext_lazy("deliveries kept without words"),
    "inbox_rows": gettext_lazy("raw messages emptied"),
    "notices_kept": gettext_lazy("notices kept without words"),
    "identities": gettext_lazy("phones, e-mails and other identities deleted"),
    "consents_kept": gettext_lazy("consents kept"),
    "audit_rows_kept": gettext_lazy("audit rows kept; they hold no values"),
}


def rows(customers: list[Customer]) -> list[dict[str, Any]]:
    """Return the customers of a list, masked."""
    return [
        {
            "number": one.number,
            "name": str(one.name) or _("Unknown customer"),
            "level": LEVELS.get(one.level, one.level) if one.level != "normal" else "",
            "organisation": one.organisation.name if one.organisation else "",
            "contacts": [way.value for way in ways.masked(one)],
        }
        for one in customers
    ]


def of(customer: Customer, viewer: Viewer) -> dict[str, Any]:
    """Return the values of the customer's page for this viewer."""
    is_living = not (customer.merged_into_id or customer.erased_at)
    return {
        "customer": customer,
        "name": str(customer.name) or _("Unknown customer"),
        "contacts": ways.masked(customer),
        "need": in_words(rulebook.current().name_of(customer.need)) if customer.need else "",
        "needs": [(code, in_words(row.name)) for code, row in rulebook.current().categories.items()],
        "levels": LEVELS.items(),
        "level_words": LEVELS.get(customer.level, customer.level),
        "cases": _cases(customer, viewer),
        "duplicates": rows(find.duplicates_of(customer)) if viewer.may("case.work") else [],
        "merges": [_merge(done) for done in _merges(customer)],
        "consents": [_consent(row) for row in customer.consents.order_by("-id")],
        "purposes": PURPOSES.items(),
        "ways": WAYS.items(),
        "may_change": is_living and viewer.may("case.work"),
        "may_block": is_living and viewer.may("case.void"),
        "may_merge": is_living and viewer.may("case.reassign"),
        "may_reveal": revealing.allowed(customer, viewer),
        "may_erase": is_living and viewer.may("approve"),
        "being_erased": customer.erasures.filter(done_at=None).exists(),
    }


def told_preview(counts: dict[str, int]) -> list[tuple[Any, int]]:
    """Return what an erasure does, in words with counts."""
    return [(ERASED.get(name, name), n) for name, n in counts.items()]


def _cases(customer: Customer, viewer: Viewer) -> list[dict[str, Any]]:
    seen = Case.objects.visible_to(viewer).filter(customer=customer)
    return [
        {
            "number": case.number,
            "title": case.title,
            "status": STATUSES[case.status],
            "at": case.opened_at,
            "next_due": case.next_due,
        }
        for case in seen.order_by("next_due", "-id")[:CASES_SHOWN]
    ]


def _merges(customer: Customer) -> list[CustomerMerge]:
    return list(customer.merges.filter(undone_at=None).select_related("secondary").order_by("-id"))


def _merge(done: CustomerMerge) -> dict[str, Any]:
    return {"id": done.secondary.number, "name": str(done.secondary.name), "at": done.at}


def _consent(row: Any) -> dict[str, Any]:
    return {
        "code": row.purpose,
        "purpose": PURPOSES.get(row.purpose, row.purpose),
        "version": row.version,
        "how": WAYS.get(row.how, row.how),
        "given_at": row.given_at,
        "withdrawn_at": row.withdrawn_at,
    }


def consent_given(purpose: str, how: str) -> bool:
    """Tell whether these are a purpose and a way that exist."""
    return purpose in consent.PURPOSES and how in consent.WAYS
