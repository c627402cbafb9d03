"""The people, cases, links and files that the matrix is tried on."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID, uuid4

from django.test import Client
from django.urls import get_resolver

from huiyin.base.actor import OPERATOR
from huiyin.base.models import Blob
from huiyin.cases import links, plans, watching
from huiyin.cases.models import Case, Collaboration, Plan
from huiyin.channels import endpoints
from huiyin.channels.models import Endpoint
from huiyin.customers.models import Customer
from huiyin.customers.recognise import Sender
from huiyin.duty import overload
from huiyin.duty.models import Overload
from huiyin.intake.models import InboxItem
from huiyin.staff.models import Grant, Staff, Team
from tests import given
from tests.permissions import rows


@dataclass(frozen=True, slots=True)
class World:
    """One person a role; `own` is a new case in everybody's reach, `foreign` one that nobody may see."""

    people: Mapping[str, Staff]
    own: Case
    foreign: Case


def built() -> World:
    given.a_team("returns")
    people = {role: given.a_person(role[:12], role=role, team=_team(role)) for role in rows.ROLES}
    Team.objects.filter(code="service").update(lead=people["lead"])
    charlie = given.an_agent("charlie", team="returns")
    file = given.a_file()
    own = given.a_case(handler=people["agent"], attachments=(file,))
    foreign = given.a_case(handler=charlie, team="returns", attachments=(file,))
    foreign.about.set([people["manager"], people["quality"]])
    watching.watch(own, people["hr"], by=OPERATOR, at=given.MONDAY_9)  # as who is reported to follows it
    for case, asker in ((own, people["agent"]), (foreign, charlie)):
        Collaboration.objects.create(
            case=case,
            department=case.team,
            asked_by=asker,
            state=Collaboration.RETURNED,
            subject="查一下",
            asked_at=given.MONDAY_9,
        )
    a_plan(people["lead"])
    for staff in (people["agent"], charlie):
        overload.report(staff, "太多了", None, by=given.actor(staff), at=given.MONDAY_9)
    _blocked(own)
    _blocked(foreign)
    _endpoint()
    return World(people, own, foreign)


def a_plan(by: Staff) -> None:
    planned = plans.Planned(
        kind="visit",
        title="回访",
        team=Team.objects.get(code="service"),
        phases=[{"rule": "FREQ=WEEKLY"}],
        starts=given.MONDAY_9,
    )
    plans.make(planned, by=given.actor(by), at=given.MONDAY_9)


def values(case: Case, *, known: bool) -> dict[str, str]:
    """Return what stands for the object in routes and bodies; an unknown link is one that was tampered with."""
    token = links.token(case)
    return {
        "number": case.number,
        "token": token if known else f"{token[:-2]}xx",
        "uuid": str(_file(case).uuid),
        "file": str(_file(case).uuid),
        "version": str(case.version),
        "code": "office",
        "year": "2029",
        "channel": "api",
        "other": case.number,
        "macro": "call-back-2h",
        "person": "agent",
        "colleague": "agent" if known else "charlie",
        "session": "none",
        "team": "service",
        "role": "agent",
        "site": "main",
        "token_id": str(uuid4()),
        "leak_id": str(uuid4()),
        "overload_id": _overload("agent" if known else "charlie"),
        "approval": str(UUID(int=0)),
        "asked": str(case.collaborations.values_list("uuid", flat=True).first() or UUID(int=0)),
        "verb": "withdraw",
        "mention": str(uuid4()),
        "decision": "let-in",
        "view": str(uuid4()),
        "endpoint": str(_endpoint().uuid),
        "delivery": "wh_none",
        "customer": case.customer.number if case.customer else "",
        "customer_version": str(case.customer.version) if case.customer else "",
        "seq": "1",
        "inbox_id": str(_blocked(case).pk if known else 0),
        "plan": str((known and Plan.objects.values_list("uuid", flat=True).first()) or uuid4()),
        "promise": str(
            case.promises.filter(kind="resolution").order_by("-id").values_list("uuid", flat=True).first()
            or uuid4()
        ),
    }


def _file(case: Case) -> Blob:
    return Blob.objects.get(subject=f"case:{case.number}")


def _overload(number: str) -> str:
    return str(
        Overload.objects.filter(staff__number=number).values_list("uuid", flat=True).first() or uuid4()
    )


def filled(text: str, at: Mapping[str, str]) -> str:
    """Return the route or value with its places filled."""
    return re.sub(r"[<{](?:\w+:)?(\w+)[>}]", lambda found: at[found[1]], text)


def routes() -> Iterator[str]:
    """Yield every route that the site answers."""

    def walk(resolver: Any, before: str) -> Iterator[str]:
        for pattern in resolver.url_patterns:
            if hasattr(pattern, "url_patterns"):
                yield from walk(pattern, before + str(pattern.pattern))
            else:
                yield before + str(pattern.pattern)

    yield from walk(get_resolver(), "")


def ask(client: Client, row: rows.Page | rows.Call, at: Mapping[str, str]) -> Any:
    """Make the request that the row describes."""
    route = row.route.replace("channels/<code>", "channels/api")
    path = "/" + filled(route, at)
    body = {
        key: filled(value, at) if isinstance(value, str) else value for key, value in (row.body or {}).items()
    }
    if isinstance(row, rows.Page):
        return client.generic("GET", path) if row.method == "GET" else client.post(path, body)
    if row.method == "GET":
        return client.get(path, rows.QUERY.get(row.route, {}))
    if "version" in body:
        body["version"] = int(body["version"])
    return client.generic(row.method, path, given.as_json(body), content_type="application/json")


def bound_to_service(*scopes: str) -> Client:
    """Return a program whose account reaches the service team only."""
    token = given.a_token(*scopes, name="bound")
    Grant.objects.filter(staff__number="svc-bound").update(team=Team.objects.get(code="service"))
    return given.with_token(token)


def _team(role: str) -> str | None:
    return "service" if role in ("agent", "lead") else None


def _blocked(case: Case) -> InboxItem:
    """What somebody blocked wrote for the team of the case."""
    kept = InboxItem.objects.filter(state=InboxItem.BLOCKED, team=case.team).first()
    if kept is None:
        sender = Sender("韩梅梅", "13955550055")
        blocked = given.a_customer(name=sender.name, phone=sender.phone)
        Customer.objects.filter(pk=blocked.pk).update(blocked_at=given.MONDAY_9)
        kept = InboxItem.objects.get(pk=given.received(given.a_message(sender=sender)).inbox_id)
        InboxItem.objects.filter(pk=kept.pk).update(team=case.team)
    return kept


def _endpoint() -> Endpoint:
    known = Endpoint.objects.first()
    if known is None:
        known, _ = endpoints.make(
            "https://shop.example.com/hook", ["case.restored"], by=OPERATOR, at=given.MONDAY_9
        )
    return known
