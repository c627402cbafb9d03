"""An organisation of some years, made of chance with a fixed seed."""

import random
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db import connection

from bench import bulk
from huiyin.base import secrets, tx
from huiyin.base.ids import uuid7
from huiyin.cases.models import NEVER, Case, Entry, EntryBody, Promise
from huiyin.customers.models import Customer, Identity
from huiyin.staff.models import Site, Staff

SEED = 7
IN_WORK = 0.05
LONG_ENTRIES = 2000
# Words that stand in about so many of a hundred cases; searches are measured with them.
FREQUENT = {"说明书": 0.01, "保修卡": 0.1, "蓝牙": 1.0, "充电器": 10.0}
CATEGORIES = (
    "hardware_fault",
    "software_bug",
    "how_to",
    "refund",
    "exchange",
    "repair",
    "logistics",
    "price",
)
SENTENCES = (
    "你好，我上周在你们网店买的耳机左边没有声音",
    "快递显示已签收但是我没有收到",
    "发票抬头写错了，请重新开具",
    "请问什么时候可以安排师傅上门安装",
    "密码忘记了，手机号也换了，怎么登录",
    "屏幕出现一条竖线，重启之后还在",
    "想了解一下企业采购的优惠",
    "订单一直没有发货，麻烦帮我催一下",
    "软件更新以后打不开，提示网络错误",
    "产品用得不错，客服态度也很好",
    "My parcel arrived damaged, please tell me how to return it",
    "已经联系仓库核实，今天下班前给您答复",
    "客户不在家，约好明天下午再打电话",
    "零件已经到货，正在更换主板",
)


@dataclass(frozen=True, slots=True)
class People:
    """Who works in the cases: the teams by row, and the agents of each."""

    site: Site
    agents: dict[int, list[Staff]]


@dataclass(frozen=True, slots=True)
class _Drawn:
    """One case as chance made it."""

    id: int
    team: int
    handler: Staff | None
    status: str
    due: datetime | None
    opened: datetime
    words: str
    entries: int


def fill(people: People, *, cases: int, entries_each: int, at: datetime) -> None:
    """Store everything in one transaction, then let the database look at what it holds. Beginning tables are empty."""
    chance = random.Random(SEED)
    customers = max(1, cases * 6 // 10)
    drawn = [_draw(n, people, chance, cases, entries_each, at) for n in range(1, cases + 1)]
    with tx.write():
        bulk.insert(Customer, _customers(customers, people.site, at))
        bulk.insert(Identity, _identities(customers, at))
        bulk.insert(Case, (_case(one, people.site, customers) for one in drawn))
        bulk.insert(Entry, _entries(drawn, customers))
        bulk.insert(EntryBody, _bodies(drawn))
        bulk.insert(Promise, _promises(drawn))
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE")


def number_of(case: int) -> str:
    return f"26{1 + case // 8000 % 12:02}{1 + case // 300 % 28:02}-{case:06}"


def _draw(
    n: int, people: People, chance: random.Random, cases: int, entries_each: int, at: datetime
) -> _Drawn:
    team = chance.choice(list(people.agents))
    opened = at - timedelta(minutes=(cases - n) * 10)
    works = n > cases * (1 - 2 * IN_WORK) and chance.random() < 0.5
    status = chance.choice(("new", "open", "open", "waiting", "resolved")) if works else "closed"
    queued = status == "new"
    handler = None if queued else chance.choice(people.agents[team])
    due = at + timedelta(minutes=chance.randrange(-60, 3000)) if works and status != "resolved" else None
    found = [word for word, share in FREQUENT.items() if chance.random() * 100 < share]
    words = "，".join([*chance.sample(SENTENCES, 3), *found, f"订单号HY{20260000000 + n}"])
    # The first case of all is the one that nobody finished talking about.
    entries = LONG_ENTRIES if n == 1 else entries_each
    return _Drawn(n, team, handler, status, due, opened, words, entries)


def _customers(count: int, site: Site, at: datetime) -> Iterator[dict[str, Any]]:
    for n in range(1, count + 1):
        yield {"id": n, "number": f"C{n:06}", "site_id": site.pk, "name": f"客户{n}", "made_at": at}


def _identities(count: int, at: datetime) -> Iterator[dict[str, Any]]:
    for n in range(1, count + 1):
        phone = phone_of(n)
        yield {
            "id": n,
            "customer_id": n,
            "kind": "phone",
            "value": phone,
            "digest": secrets.digest("phone", phone),
            "tail": secrets.digest("tail", phone[-4:]),
            "made_at": at,
        }


def phone_of(customer: int) -> str:
    return f"100{customer:08}"


def _case(one: _Drawn, site: Site, customers: int) -> dict[str, Any]:
    ended = one.opened + timedelta(hours=30) if one.status in ("resolved", "closed") else None
    return {
        "id": one.id,
        "number": number_of(one.id),
        "site_id": site.pk,
        "team_id": one.team,
        "customer_id": 1 + one.id % customers,
        "channel": "form",
        "channel_kind": "form",
        "category": CATEGORIES[one.id % len(CATEGORIES)],
        "priority": "urgent" if one.id % 20 == 0 else "normal",
        "priority_rank": 0 if one.id % 20 == 0 else 1,
        "status": one.status,
        "waiting_for": "customer" if one.status == "waiting" else "",
        "owner_id": one.handler.pk if one.handler else None,
        "handler_id": one.handler.pk if one.handler else None,
        "title": one.words[:80],
        "language": "zh-hans",
        "entry_seq": one.entries,
        "next_due": one.due or NEVER,
        "opened_at": one.opened,
        "resolved_at": ended,
        "closed_at": ended if one.status == "closed" else None,
    }


def _entries(drawn: list[_Drawn], customers: int) -> Iterator[dict[str, Any]]:
    row = 0
    for one in drawn:
        for seq in range(1, one.entries + 1):
            row += 1
            yield {"id": row, "case_id": one.id, "seq": seq, **_entry(one, seq, customers)}


def _entry(one: _Drawn, seq: int, customers: int) -> dict[str, Any]:
    at = one.opened + timedelta(minutes=seq)
    system = {"by_kind": "system", "by_ref": "intake", "audience": "staff", "at": at}
    staff = {**system, "by_kind": "staff", "by_ref": one.handler.number if one.handler else ""}
    customer = {**system, "by_kind": "customer", "by_ref": f"C{1 + one.id % customers:06}"}
    match seq:
        case 1:
            told = {"channel": "form", "files": []}
            return {**customer, "kind": "message.received", "audience": "customer", "payload": told}
        case 2:
            told = {"category": "refund", "priority": "normal", "team": "service", "missing": []}
            return {**system, "kind": "case.opened", "payload": {**told, "because": [], "promises": []}}
        case 3:
            told = {"channel": "form"}
            return {**system, "kind": "greeting.sent", "audience": "customer", "payload": told}
        case _ if one.handler is None:
            return {**system, "kind": "case.queued", "payload": {"team": "service", "because": []}}
        case 4:
            return {**system, "kind": "case.assigned", "payload": {"to": staff["by_ref"], "because": []}}
        case _ if seq % 2:
            told = {"channel": "form", "client_id": ""}
            return {**staff, "kind": "message.sent", "audience": "customer", "payload": told}
    return {**staff, "kind": "note.added", "payload": {"client_id": ""}}


def _bodies(drawn: list[_Drawn]) -> Iterator[dict[str, Any]]:
    row = 0
    for one in drawn:
        texts = {1: one.words, 3: f"您好，您的问题已登记，编号{number_of(one.id)}，我们会尽快答复。"}
        if one.handler is not None:
            texts |= {n: SENTENCES[(one.id + n) % len(SENTENCES)] for n in range(5, one.entries + 1)}
        for seq, text in texts.items():
            row += 1
            yield {"id": row, "case_id": one.id, "seq": seq, "text": text, "digest": f"{row:064}"}


def _promises(drawn: list[_Drawn]) -> Iterator[dict[str, Any]]:
    row = 0
    for one in drawn:
        for kind in ("first_reply", "resolution"):
            row += 1
            owed = kind == "resolution" and one.due is not None
            due = one.due or one.opened + timedelta(hours=24)
            state = ("paused" if one.status == "waiting" else "running") if owed else "kept"
            yield {
                "id": row,
                "uuid": uuid7(),
                "case_id": one.id,
                "kind": kind,
                "policy": "resolution-normal" if kind == "resolution" else "first-reply",
                "debtor_id": one.handler.pk if one.handler else None,
                "calendar": "always",
                "target_s": 86400,
                "started_at": one.opened,
                "due_at": due,
                "first_due": due,
                "next_at": due + timedelta(days=30) if state == "running" else None,
                "state": state,
                "fulfilled_at": None if owed else one.opened + timedelta(hours=1),
            }
