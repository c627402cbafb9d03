"""What tests begin with: people, cases, messages, tokens, and the moments they happen at."""

import io
import json
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime, timedelta
from itertools import count
from typing import Any
from zoneinfo import ZoneInfo

from django.apps import apps
from django.db import transaction
from django.test import Client
from PIL import Image

from huiyin.base import clock
from huiyin.base.actor import OPERATOR, Actor
from huiyin.base.models import Counter
from huiyin.base.outbox.worker import drain
from huiyin.cases import lifecycle
from huiyin.cases.models import Case
from huiyin.channels.inbound import Attachment, Inbound
from huiyin.customers.models import Customer
from huiyin.customers.recognise import Sender, recognise
from huiyin.dispatch import ready
from huiyin.intake.accept import Accepted, accept
from huiyin.packs import install
from huiyin.staff import confidentiality, people, tokens, viewer
from huiyin.staff.models import Site, Staff, Team
from huiyin.staff.viewer import Viewer

SHANGHAI = ZoneInfo("Asia/Shanghai")
MONDAY_9 = datetime(2026, 3, 2, 9, tzinfo=SHANGHAI)
FRIDAY_17 = datetime(2026, 3, 6, 17, tzinfo=SHANGHAI)
SUNDAY_NIGHT = datetime(2026, 3, 1, 22, tzinfo=SHANGHAI)
PASSWORD = "blue-kite-42!"
_serial = count(1)
_pack: list[tuple[Any, list[Any]]] = []


def seconds(n: float) -> timedelta:
    return timedelta(seconds=n)


def minutes(n: float) -> timedelta:
    return timedelta(minutes=n)


def hours(n: float) -> timedelta:
    return timedelta(hours=n)


def days(n: float) -> timedelta:
    return timedelta(days=n)


def installed() -> None:
    """Have the general pack in the database. Read and checked once; put back row by row after a test emptied it."""
    if Site.objects.exists():
        return
    if not _pack:
        install.install(install.SHIPPED / "general", by=OPERATOR, at=MONDAY_9)
        _pack.extend((model, list(model._default_manager.all())) for model in _configuration())
        return
    for model, rows in _pack:
        model._default_manager.bulk_create(rows)


def a_team(code: str = "returns", *, parent: str | None = None) -> Team:
    above = Team.objects.get(code=parent) if parent else None
    name = {"zh": f"{code} 组", "en": code}
    return Team.objects.get_or_create(
        code=code, defaults={"name": name, "site": Site.objects.get(code="main"), "parent": above}
    )[0]


def a_person(number: str, *, role: str, team: str | None = "service", password: str = "") -> Staff:
    """A person who has changed their first password and signed; `password` costs a hash, so most tests give none."""
    staff, _ = people.join(number, f"{number} 同事", role=role, team=team, by=OPERATOR, at=MONDAY_9)
    staff.must_change_password = False
    if password:
        staff.set_password(password)
    staff.save()
    agreement = confidentiality.current()
    if agreement is not None:
        confidentiality.sign(staff, agreement.version, by=actor(staff), at=MONDAY_9)
    return staff


def an_agent(number: str = "alice", *, team: str = "service", password: str = "") -> Staff:
    return a_person(number, role="agent", team=team, password=password)


def a_lead(number: str = "lena", *, team: str = "service") -> Staff:
    staff = a_person(number, role="lead", team=team)
    Team.objects.filter(code=team).update(lead=staff)
    return staff


def alice_bob_charlie() -> tuple[Staff, Staff, Staff]:
    """Alice works on the case, Bob sits beside her, Charlie is of another team: a stranger to it."""
    a_team("returns")
    return an_agent("alice"), an_agent("bob"), an_agent("charlie", team="returns")


def on_duty(staff: Staff, *, at: datetime = MONDAY_9) -> Staff:
    ready.go_on_duty(staff, by=actor(staff), at=at)
    return staff


def actor(staff: Staff) -> Actor:
    return Actor("staff", staff.number, staff.pk)


def customer_of(case: Case) -> Actor:
    assert case.customer is not None
    return Actor("customer", case.customer.number, case.customer.pk)


def seen_by(staff: Staff, *, at: datetime = MONDAY_9) -> Viewer:
    return viewer.of(staff, at=at)


def a_customer(*, name: str = "李雷", phone: str = "", email: str = "", identity: str = "") -> Customer:
    (customer,) = recognise(
        [Sender(name, phone, email, identity)], sites=[Site.objects.get(code="main")], at=MONDAY_9
    )
    return customer


def a_message(text: str = "我的电脑突然无法开机", **given: Any) -> Inbound:
    """A message by API from a customer nobody knows; each call is another message of another person."""
    n = next(_serial)
    plain = Inbound(
        channel="api", external_id=f"message-{n}", sender=Sender(name="李雷", phone=f"139{n:08}"), text=text
    )
    return replace(plain, **given)


def a_picture(kind: str = "PNG", size: tuple[int, int] = (600, 300), **more: Any) -> bytes:
    made = io.BytesIO()
    Image.new("RGB", size, (200, 30, 30)).save(made, kind, **more)
    return made.getvalue()


PHOTO = a_picture()


def a_file(name: str = "photo.png", payload: bytes = PHOTO) -> Attachment:
    return Attachment(name, "image/png", payload)


def received(message: Inbound, *, at: datetime = MONDAY_9) -> Accepted:
    (accepted,) = accept([message], at=at)
    return accepted


def a_case(
    text: str = "我的电脑突然无法开机",
    *,
    handler: Staff | None = None,
    status: str = "new",
    team: str = "service",
    at: datetime = MONDAY_9,
    **message: Any,
) -> Case:
    """A case that came in by message, brought to `status` through the one door, as its people would have."""
    case = received(a_message(text, **message), at=at).case
    assert case is not None
    if team != "service":
        Case.objects.filter(pk=case.pk).update(team=Team.objects.get(code=team))
    if handler is not None:
        lifecycle.assign(fresh(case), handler, (), by=actor(handler), at=at)
    _bring(fresh(case), status, by=actor(handler) if handler else OPERATOR, at=at)
    return fresh(case)


def fresh(case: Case) -> Case:
    return Case.objects.with_people().get(pk=case.pk)


def a_token(
    *scopes: str,
    role: str = "integration",
    channels: Iterable[str] = (),
    name: str = "shop",
    at: datetime = MONDAY_9,
) -> str:
    account = people.join_service(name, role=role, by=OPERATOR, at=at)
    return tokens.make(account, scopes or ("all",), by=OPERATOR, at=at, channels=channels)


def with_token(token: str) -> Client:
    return Client(headers={"Authorization": f"Bearer {token}"})


def at_desk(staff: Staff, *, client: Client | None = None) -> Client:
    """A browser in which this person signed in and confirmed what they may do."""
    client = client or Client()
    client.force_login(staff, backend="django.contrib.auth.backends.ModelBackend")
    session = client.session
    session["scope_confirmed"] = True
    session["proved"] = clock.now().timestamp()
    session.save()
    return client


@contextmanager
def undone() -> Iterator[None]:
    """Take back what the block writes, so that the next try begins at the same place."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


def work_done(*, at: datetime) -> int:
    """Run every task that is due at this moment."""
    return drain(lambda: at)


def as_json(body: Any) -> str:
    return json.dumps(body, ensure_ascii=False)


def _bring(case: Case, status: str, *, by: Actor, at: datetime) -> None:
    way: dict[str, list[tuple[str, dict[str, Any]]]] = {
        "new": [],
        "open": [("accept", {})],
        "waiting": [("accept", {}), ("wait", {"waiting_for": "customer", "reason": ""})],
        "resolved": [("accept", {}), ("resolve", {"text": "主板已更换"})],
        "closed": [("accept", {}), ("resolve", {"text": "主板已更换"}), ("confirm", {"how": "call"})],
        "void": [("void", {"reason": "spam"})],
    }
    for name, told in way[status]:
        lifecycle.move(case, name, by=by, at=at, **told)


def _configuration() -> list[Any]:
    """Every table that the pack filled, parents first."""
    ours = [m for m in apps.get_models() if m.__module__.startswith("huiyin.")]
    return [m for m in ours if m is not Counter and m._default_manager.exists()]
