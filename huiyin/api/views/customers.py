"""Customers by API: found, made, changed, merged, asked for consent, revealed and erased."""

from typing import Annotated, Any, Literal

from django.http import Http404, HttpRequest
from ninja import Query, Router, Status
from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from huiyin.api.auth import Bearer, viewer_of
from huiyin.api.customer_shapes import consent_shape, customer_shape, erasure_shape
from huiyin.base import clock, secrets
from huiyin.base.problem import Problem
from huiyin.cases.models import Case
from huiyin.customers import consent, dedication, erasure, find, keeping, merging, organisations, ways
from huiyin.customers.models import Customer, Organisation
from huiyin.customers.recognise import Sender
from huiyin.rules import book as rulebook
from huiyin.staff.models import Staff

router = Router(auth=Bearer("customers:read"), tags=["customers"])
_write = Bearer("cases:write")
CASES_TOLD = 200
Line = Annotated[str, StringConstraints(strip_whitespace=True, max_length=200)]
Number = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=20)]
Reason = Annotated[str, StringConstraints(strip_whitespace=True, min_length=4, max_length=200)]


class _Body(BaseModel):
    model_config = ConfigDict(extra="forbid")


Need = Annotated[str, StringConstraints(max_length=60)]


class CustomerFilters(_Body):
    phone: Line = ""
    email: Line = ""
    last_four: Annotated[str, StringConstraints(pattern=r"^([0-9]{4})?$")] = ""
    organisation: Line = ""
    level: Line = ""
    cursor: str = ""
    limit: int = Field(50, ge=1, le=200)


class CustomerIn(_Body):
    name: Line = ""
    phone: Line = ""
    email: Line = ""
    unit: Annotated[str, StringConstraints(max_length=120)] = ""
    need: Need = ""


class CustomerChange(_Body):
    version: int
    name: Line | None = None
    level: Annotated[str, StringConstraints(min_length=1, max_length=20)] | None = None
    language: Literal["", "zh-hans", "en"] | None = None
    organisation: Line | None = None
    dedicated: Line | None = None
    salesperson: Line | None = None
    area_manager: Line | None = None
    need: Need | None = None
    preference: Annotated[str, StringConstraints(max_length=200)] | None = None
    tags: list[Annotated[str, StringConstraints(min_length=1, max_length=40)]] | None = Field(
        None, max_length=20
    )
    blocked: bool | None = None


class RevealIn(_Body):
    reason: Reason


class CustomerMergeIn(_Body):
    secondary: Number
    into: Number


class UnmergeIn(_Body):
    secondary: Number


class ConsentIn(_Body):
    purpose: Literal["service", "marketing", "survey", "recording"]
    given: bool = True
    text_version: Annotated[str, StringConstraints(max_length=20)] = ""
    how: Literal["form", "phone", "chat", "email", "paper"] = "form"


@router.get("", response=dict, summary="Customers, found by phone, e-mail, last four digits or organisation")
def list_customers(request: HttpRequest, filters: Query[CustomerFilters]) -> dict[str, Any]:
    rows = Customer.objects.visible_to(viewer_of(request)).with_people().prefetch_related("identities")
    for kind, value in (("phone", filters.phone), ("email", filters.email)):
        if value:
            rows = find.by_identity(rows, kind, value)
    if filters.last_four:
        rows = find.by_last_four(rows, filters.last_four)
    if filters.organisation:
        rows = rows.filter(organisation__number=filters.organisation)
    if filters.level:
        rows = rows.filter(level=filters.level)
    if filters.cursor:
        rows = rows.filter(pk__lt=_before(filters.cursor))
    found = list(rows.order_by("-id")[: filters.limit + 1])
    page = found[: filters.limit]
    following = secrets.seal("cursor", str(page[-1].pk)) if len(found) > filters.limit else None
    return {"items": [customer_shape(one) for one in page], "next_cursor": following}


@router.post("", auth=_write, response={201: dict}, summary="Make a customer")
def make(request: HttpRequest, body: CustomerIn) -> Status[dict[str, Any]]:
    if not (body.name or body.phone or body.email):
        fields = {"name": "missing"}
        raise Problem(422, "invalid", "A customer needs a name, a phone or an e-mail.", fields=fields)
    known_as = Sender(
        name=body.name, phone=body.phone, email=body.email, unit=body.unit.strip(), need=body.need
    )
    _refuse_unknown_need(body.need)
    by, at = viewer_of(request).actor, clock.now()
    try:
        made = keeping.make(known_as, site=keeping.home_site(), by=by, at=at)
    except keeping.IdentityTaken as error:
        detail = "Somebody is known by this phone or e-mail already."
        raise Problem(409, "identity_taken", detail, customer=error.number) from None
    return Status(201, customer_shape(made))


@router.post("/merge", auth=_write, response=dict, summary="Merge one customer into another")
def merge(request: HttpRequest, body: CustomerMergeIn) -> dict[str, Any]:
    into = _customer(request, body.into)
    try:
        merging.merge(
            _customer(request, body.secondary), into=into, by=viewer_of(request).actor, at=clock.now()
        )
    except merging.CannotMerge as error:
        raise Problem(409, error.code, "These two cannot be merged; nothing was changed.") from None
    return _read(request, body.into)


@router.post("/unmerge", auth=_write, response=dict, summary="Take a merge apart again")
def unmerge(request: HttpRequest, body: UnmergeIn) -> dict[str, Any]:
    secondary = _customer(request, body.secondary)
    done = secondary.merged_by.order_by("-id").first()
    if done is None:
        raise Problem(409, "not_merged", "This customer was never merged.")
    try:
        merging.unmerge(done, by=viewer_of(request).actor, at=clock.now())
    except merging.CannotUnmerge as error:
        detail = "What was merged has changed since; nothing was changed."
        raise Problem(409, error.code, detail) from None
    return _read(request, body.secondary)


@router.get("/{customer}", response=dict, summary="One customer, masked")
def read(request: HttpRequest, customer: str) -> dict[str, Any]:
    return _read(request, customer)


@router.patch("/{customer}", auth=_write, response=dict, summary="Change what is known of a customer")
def change(request: HttpRequest, customer: str, body: CustomerChange) -> dict[str, Any]:
    row, by, at = _customer(request, customer), viewer_of(request).actor, clock.now()
    changes = body.model_dump(exclude_unset=True, exclude={"version", "blocked"})
    for name in ("name", "level", "language", "need", "preference", "tags"):
        if name in changes and changes[name] is None:
            raise Problem(422, "invalid", "This field cannot be null.", fields={name: "null"})
    if "name" in changes:
        changes["name"] = keeping.name_of(changes["name"])
    _refuse_unknown_need(changes.get("need", ""))
    if "organisation" in changes:
        changes["organisation"] = _organisation(changes["organisation"])
    for role in changes.keys() & set(dedication.ROLES):
        changes[role] = _person(role, changes[role])
    if body.blocked is not None:
        if not viewer_of(request).may("case.void"):
            raise Problem(403, "right_missing", "Blocking needs the right to void and restore cases.")
        changes["blocked_at"] = (row.blocked_at or at) if body.blocked else None
    try:
        keeping.change(row, changes, version=body.version, by=by, at=at)
    except keeping.Changed as error:
        detail = "Somebody changed the customer since you read it; nothing was written."
        raise Problem(409, "stale", detail, version=error.version) from None
    except keeping.Ended:
        raise Problem(409, "merged_or_erased", "This customer was merged or erased.") from None
    return _read(request, customer)


@router.post(
    "/{customer}/reveal",
    auth=Bearer("customers:reveal"),
    response=dict,
    summary="Plain contacts, for a reason that is recorded",
)
def reveal(request: HttpRequest, customer: str, body: RevealIn) -> dict[str, Any]:
    viewer = viewer_of(request)
    row = _customer(request, customer)
    if row.erased_at:
        raise Problem(409, "erased", "This person was erased; nothing is left to reveal.")
    told = ways.reveal(row, reason=body.reason, by=viewer.actor, at=clock.now())
    shown = [{"kind": way.kind, "value": way.value} for way in told.contacts]
    return {"number": row.number, "name": told.name, "contacts": shown}


@router.get("/{customer}/duplicates", response=dict, summary="Customers that are likely the same person")
def duplicates(request: HttpRequest, customer: str) -> dict[str, Any]:
    return {"items": [customer_shape(one) for one in find.duplicates_of(_customer(request, customer))]}


@router.post("/{customer}/consents", auth=_write, response=dict, summary="Record a consent or its withdrawal")
def agree(request: HttpRequest, customer: str, body: ConsentIn) -> dict[str, Any]:
    row, by, at = _customer(request, customer), viewer_of(request).actor, clock.now()
    if not body.given:
        consent.withdraw(row, body.purpose, by=by, at=at)
    elif not body.text_version:
        fields = {"text_version": "missing"}
        raise Problem(422, "invalid", "Say to which version of the words.", fields=fields)
    else:
        consent.give(row, body.purpose, version=body.text_version, how=body.how, by=by, at=at)
    return {"items": [consent_shape(one) for one in row.consents.order_by("-id")]}


@router.get("/{customer}/erasure", auth=Bearer("admin"), response=dict, summary="What an erasure would empty")
def preview_erasure(request: HttpRequest, customer: str) -> dict[str, Any]:
    return {"preview": erasure.preview(_customer(request, customer))}


@router.post("/{customer}/erasure", auth=Bearer("admin"), response={202: dict}, summary="Erase a person")
def erase(request: HttpRequest, customer: str, body: RevealIn) -> Status[dict[str, Any]]:
    row = _customer(request, customer)
    try:
        asked = erasure.ask(row, reason=body.reason, by=viewer_of(request).actor, at=clock.now())
    except erasure.CannotErase as error:
        raise Problem(409, error.code, "The person cannot be erased now; nothing was changed.") from None
    return Status(202, erasure_shape(asked))


def _customer(request: HttpRequest, number: str) -> Customer:
    row = Customer.objects.visible_to(viewer_of(request)).with_people().filter(number=number).first()
    if row is None:
        raise Http404
    return row


def _read(request: HttpRequest, number: str) -> dict[str, Any]:
    row = _customer(request, number)
    cases = Case.objects.visible_to(viewer_of(request)).filter(customer=row).order_by("-id")
    return {
        **customer_shape(row),
        "consents": [consent_shape(one) for one in row.consents.order_by("-id")],
        "cases": list(cases.values_list("number", flat=True)[:CASES_TOLD]),
    }


def _refuse_unknown_need(code: str) -> None:
    if code and code not in rulebook.current().categories:
        raise Problem(422, "invalid", "There is no such category.", fields={"need": "unknown"})


def _organisation(number: str | None) -> Organisation | None:
    try:
        return organisations.numbered(number) if number else None
    except organisations.NoSuchOrganisation:
        raise Problem(422, "invalid", "No such organisation.", fields={"organisation": "unknown"}) from None


def _person(role: str, number: str | None) -> Staff | None:
    try:
        return keeping.person_numbered(number) if number else None
    except keeping.NoSuchPerson:
        raise Problem(422, "invalid", "No such person here.", fields={role: "unknown"}) from None


def _before(cursor: str) -> int:
    try:
        return int(secrets.unseal("cursor", cursor))
    except (secrets.NotOurs, ValueError):
        detail = "Use the next_cursor of the page before, unchanged."
        raise Problem(422, "invalid", detail, fields={"cursor": "unreadable"}) from None
