"""How long it takes to build a condition, to evaluate 200 of them on one message, and to explain one."""

from collections.abc import Callable
from decimal import Decimal

from huiyin.engines import conditions
from huiyin.engines.conditions import Fact, FactType

_FACTS = {
    fact.name: fact
    for fact in [
        Fact("body", FactType.TEXT, "body_folded"),
        Fact("customer.level", FactType.CHOICE, "level", frozenset({"normal", "vip"})),
        Fact("attempts", FactType.NUMBER, "attempts"),
        Fact("tags", FactType.SET, "tags"),
    ]
}
_WRITTEN = {
    "all": [
        {"fact": "customer.level", "op": "is", "value": "vip"},
        {
            "any": [
                {"fact": "body", "op": "contains", "value": "无法开机"},
                {"fact": "attempts", "op": "at_least", "value": 3},
            ]
        },
        {"not": {"fact": "tags", "op": "has_any", "value": ["test", "spam"]}},
    ]
}
_CONDITION = conditions.build(_WRITTEN, _FACTS)
_RULES = [_CONDITION] * 200
_VALUES = {
    "body": "昨天收到的设备按了电源键没有反应，请尽快处理。Order HY-0042 " * 40,
    "customer.level": "vip",
    "attempts": Decimal(3),
    "tags": frozenset({"new"}),
}
_FOLDED = {**_VALUES, "body": conditions.folded(str(_VALUES["body"]))}

CASES: list[tuple[str, Callable[[], object]]] = [
    ("build one of four leaves", lambda: conditions.build(_WRITTEN, _FACTS)),
    ("fold a text of 1,600 characters", lambda: conditions.folded(str(_VALUES["body"]))),
    ("one holds, text folded before", lambda: _CONDITION.holds(_FOLDED)),
    ("200 hold, text folded before", lambda: [rule.holds(_FOLDED) for rule in _RULES]),
    ("explain one", lambda: _CONDITION.explain(_FOLDED)),
    ("compile one to a query", lambda: _CONDITION.to_query()),
]
