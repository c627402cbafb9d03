"""What the product has stored, beside what the model says."""

from collections import Counter, defaultdict
from collections.abc import Sequence
from typing import Any

from django.db.models import Count

from huiyin.cases.models import NEVER, Case, Collaboration, Promise
from tests.model.book import Kase
from tests.model.owed import Owed

_PROMISE = ("kind", "about", "state", "due_at", "first_due", "broken_at", "fulfilled_at", "ended_at")
_CASE = ("status", "waiting_for", "version", "entry_seq", "escalation_level", "next_due")


def differences(cases: Sequence[Kase]) -> list[str]:
    """Return one line for each case, promise or request that is not what the model says: three queries."""
    rows = Case.objects.select_related("owner", "handler", "parent", "merged_into").annotate(
        n=Count("entries")
    )
    stored = {row.number: row for row in rows}
    owed: dict[str, list[tuple[Any, ...]]] = defaultdict(list)
    for promise in Promise.objects.select_related("case", "debtor"):
        debtor = promise.debtor.number if promise.debtor else None
        owed[promise.case.number].append((*(getattr(promise, name) for name in _PROMISE), debtor))
    requests = dict(Collaboration.objects.values_list("subject", "state"))
    found = []
    for kase in cases:
        found += _of_case(kase, stored[kase.number])
        expected, now = Counter(map(_told, kase.owed)), Counter(owed[kase.number])
        if expected != now:
            found.append(f"{kase.number} owes {list(now - expected)}, expected {list(expected - now)}")
        found += [
            f"request {request.name} is {requests[request.name]}, expected {request.state}"
            for request in kase.requests
            if requests[request.name] != request.state
        ]
    return found


def _of_case(kase: Kase, row: Any) -> list[str]:
    due = min((one.due for one in kase.owed if one.is_owed), default=NEVER)
    expected: dict[str, Any] = dict(
        zip(_CASE, (kase.status, kase.waiting_for, kase.version, kase.entries, kase.level, due), strict=True)
    )
    expected |= {"resolved_at": kase.resolved_at, "closed_at": kase.closed_at, "n": kase.entries}
    now = {name: getattr(row, name) for name in expected}
    now |= {"owner": _number(row.owner), "handler": _number(row.handler), "parent": _number(row.parent)}
    now["merged_into"] = _number(row.merged_into)
    expected |= {"owner": kase.owner, "handler": kase.handler, "parent": _number(kase.parent)}
    expected["merged_into"] = kase.merged.into.number if kase.merged else None
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


def _number(row: Any) -> Any:
    return row.number if row is not None else None
