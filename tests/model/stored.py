"""What the product has stored, beside what the model says. Read as plain columns: it happens after every step."""

from collections import Counter, defaultdict
from collections.abc import Sequence
from typing import Any

from django.db.models import Count

from huiyin.cases.models import NEVER, Case, Collaboration, Promise, Watcher
from tests.model.book import Kase
from tests.model.owed import Owed

_PROMISE = ("kind", "about", "state", "due_at", "first_due", "broken_at", "fulfilled_at", "ended_at")
_CASE = {
    "status": "status",
    "waiting_for": "waiting_for",
    "version": "version",
    "entry_seq": "entries",
    "escalation_level": "level",
    "resolved_at": "resolved_at",
    "closed_at": "closed_at",
    "owner__number": "owner",
    "handler__number": "handler",
}
_AROUND = ("parent__number", "merged_into__number", "next_due")


def differences(cases: Sequence[Kase]) -> list[str]:
    """Return one line for each case, promise, follower or request that is not what the model says: four queries."""
    rows = Case.objects.annotate(n=Count("entries")).values("number", "n", *_CASE, *_AROUND)
    stored = {row["number"]: row for row in rows.order_by()}
    owed: dict[str, list[tuple[Any, ...]]] = defaultdict(list)
    for number, *promise in Promise.objects.values_list("case__number", *_PROMISE, "debtor__number"):
        owed[number].append(tuple(promise))
    requests = dict(Collaboration.objects.values_list("subject", "state"))
    followed: dict[str, set[str]] = defaultdict(set)
    for number, person in Watcher.objects.values_list("case__number", "staff__number"):
        followed[number].add(person)
    found = []
    for kase in cases:
        found += _of_case(kase, stored[kase.number])
        expected, now = Counter(map(_told, kase.owed)), Counter(owed[kase.number])
        if expected != now:
            found.append(f"{kase.number} owes {list(now - expected)}, expected {list(expected - now)}")
        if followed[kase.number] != kase.watchers:
            found.append(f"{kase.number} is followed by {followed[kase.number]}, expected {kase.watchers}")
        found += [
            f"request {request.name} is {requests[request.name]}, expected {request.state}"
            for request in kase.requests
            if requests[request.name] != request.state
        ]
    return found


def _of_case(kase: Kase, now: dict[str, Any]) -> list[str]:
    expected = {column: getattr(kase, name) for column, name in _CASE.items()}
    expected["n"] = kase.entries
    expected["next_due"] = min((one.due for one in kase.owed if one.is_owed), default=NEVER)
    expected["parent__number"] = kase.parent.number if kase.parent else None
    expected["merged_into__number"] = kase.merged.into.number if kase.merged else None
    return [
        f"{kase.number}: {name} is {now[name]}, expected {value}"
        for name, value in expected.items()
        if now[name] != value
    ]


def _told(one: Owed) -> tuple[Any, ...]:
    return (
        one.kind,
        one.about,
        one.state,
        one.due,
        one.first_due,
        one.broken_at,
        one.fulfilled_at,
        one.ended_at,
        one.debtor,
    )
