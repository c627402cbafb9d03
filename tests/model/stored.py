"""What the product has stored, beside what the model says. Read as plain columns: it happens after every step."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from decimal import Decimal
from typing import Any

from django.db.models import Count, Exists, OuterRef

from huiyin.base.question import Question
from huiyin.cases.models import (
    NEVER,
    AgentLoad,
    Case,
    CaseTag,
    Collaboration,
    Entry,
    EntryBody,
    Promise,
    Watcher,
)
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
    "team__code": "team",
    "snoozed_until": "snoozed_until",
    "silence_at": "silence_at",
    "outcome": "outcome",
    "closed_loop": "closed_loop",
}
_AROUND = ("number", "parent__number", "merged_into__number", "next_due")
_MESSAGE = Entry.objects.filter(case=OuterRef("case"), seq=OuterRef("seq"), kind="message.received")
# Their words are worked out once: they are asked after every step.
_CASES = Question(
    lambda: Case.objects.annotate(n=Count("entries")).order_by().values_list("n", *_CASE, *_AROUND)
)
_OWED = Question(lambda: Promise.objects.values_list("case__number", *_PROMISE, "debtor__number"))
_REQUESTS = Question(lambda: Collaboration.objects.values_list("subject", "state"))
_LOADS = Question(lambda: AgentLoad.objects.values_list("staff__number", "load"))
_SETS = {
    "watchers": Question(lambda: Watcher.objects.values_list("case__number", "staff__number")),
    "tags": Question(lambda: CaseTag.objects.values_list("case__number", "key")),
    "messages": Question(
        lambda: EntryBody.objects.filter(Exists(_MESSAGE)).values_list("case__number", "seq", "text")
    ),
}


def differences(cases: Sequence[Kase]) -> list[str]:
    """Return one line for each case, promise, follower, tag, message or request that differs."""
    rows = [dict(zip(("n", *_CASE, *_AROUND), row, strict=True)) for row in _CASES.ask()]
    stored = {row["number"]: row for row in rows}
    owed: dict[str, list[tuple[Any, ...]]] = defaultdict(list)
    for number, *promise in _OWED.ask():
        owed[number].append(tuple(promise))
    requests = dict(map(tuple, _REQUESTS.ask()))
    sets = {name: _by_case(question.ask()) for name, question in _SETS.items()}
    found = []
    for kase in cases:
        found += _of_case(kase, stored[kase.number])
        owes, does = Counter(map(_told, kase.owed)), Counter(owed[kase.number])
        if owes != does:
            found.append(f"{kase.number} owes {list(does - owes)}, expected {list(owes - does)}")
        found += [
            f"{kase.number}: {name} are {now[kase.number]}, expected {expected}"
            for name, now in sets.items()
            if now[kase.number] != (expected := _set_of(kase, name))
        ]
        found += [
            f"request {request.name} is {requests[request.name]}, expected {request.state}"
            for request in kase.requests
            if requests[request.name] != request.state
        ]
    return found


def loads() -> dict[str, Decimal]:
    """Return what each person carries."""
    return dict(map(tuple, _LOADS.ask()))


def _by_case(rows: Iterable[Sequence[Any]]) -> dict[str, set[Any]]:
    found: dict[str, set[Any]] = defaultdict(set)
    for number, *one in rows:
        found[number].add(tuple(one) if len(one) > 1 else one[0])
    return found


def _set_of(kase: Kase, name: str) -> set[Any]:
    held: Any = getattr(kase, name)
    return set(held.items()) if isinstance(held, dict) else held


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
