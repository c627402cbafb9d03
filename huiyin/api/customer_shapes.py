"""What the API says of customers: masked, always."""

from typing import Any

from huiyin.api.shapes import stamp
from huiyin.customers import dedication
from huiyin.customers.models import Consent, Customer, Dedication, Erasure, Organisation
from huiyin.staff.models import Staff


def customer_shape(customer: Customer) -> dict[str, Any]:
    """Return a customer as the API tells it; plain values are told by a reveal only."""
    unit, merged = customer.organisation, customer.merged_into
    known = sorted(customer.identities.all(), key=lambda row: row.pk)
    return {
        "number": customer.number,
        "name": str(customer.name),
        "level": customer.level,
        "language": customer.language or None,
        "need": customer.need or None,
        "preference": customer.preference or None,
        "tags": customer.tags,
        "organisation": organisation_shape(unit) if unit else None,
        **{role: _number(getattr(customer, role)) for role in dedication.ROLES},
        "identities": [{"kind": row.kind, "value": str(row.value)} for row in known],
        "blocked_at": stamp(customer.blocked_at),
        "merged_into": merged.number if merged else None,
        "erased_at": stamp(customer.erased_at),
        "version": customer.version,
        "made_at": stamp(customer.made_at),
    }


def dedication_shape(row: Dedication) -> dict[str, Any]:
    return {
        "role": row.role,
        "person": row.staff.number,
        "since": stamp(row.since),
        "until": stamp(row.until),
        "by": row.by_ref,
        "why": row.why,
    }


def organisation_shape(organisation: Organisation) -> dict[str, Any]:
    return {"number": organisation.number, "name": organisation.name}


def consent_shape(consent: Consent) -> dict[str, Any]:
    return {
        "purpose": consent.purpose,
        "text_version": consent.version,
        "how": consent.how,
        "given_at": stamp(consent.given_at),
        "withdrawn_at": stamp(consent.withdrawn_at),
    }


def erasure_shape(erasure: Erasure) -> dict[str, Any]:
    return {
        "id": str(erasure.uuid),
        "preview": erasure.preview,
        "asked_at": stamp(erasure.asked_at),
        "done_at": stamp(erasure.done_at),
    }


def _number(person: Staff | None) -> str | None:
    return person.number if person else None
