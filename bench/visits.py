"""The pages and calls that are measured, each as somebody makes it."""

import os
import statistics
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

TIMES = int(os.environ.get("BENCH_TIMES", "30"))


@dataclass(frozen=True, slots=True)
class Visit:
    """One page or call; a `body` makes it a form that is sent."""

    name: str
    path: str
    headers: Mapping[str, str]
    body: Mapping[str, str] | None = None


def of(world: Mapping[str, Any]) -> Iterator[Visit]:
    """Return every visit, for each role; `world` is what filling returned."""
    places = world["places"]
    for role, known in world["roles"].items():
        browser = {"Cookie": f"huiyin={known['session']}"}
        program = {"Authorization": f"Bearer {known['token']}"}
        yield Visit(f"desk · {role}", "/desk", browser)
        yield Visit(f"desk list · {role}", "/desk/list", browser)
        yield Visit(f"case page · {role}", f"/desk/cases/{places['case']}", browser)
        yield Visit(f"customers · {role}", "/desk/customers", browser)
        yield Visit(f"find a customer · {role}", "/desk/customers", browser, {"q": places["phone"]})
        for word in WORDS:
            yield Visit(f"search {word} · {role}", f"/desk/search?{urlencode({'q': word})}", browser)
        for name, query in LISTS.items():
            yield Visit(f"API cases{name} · {role}", f"/api/v1/cases{query.format(**places)}", program)
        yield Visit(f"API case · {role}", f"/api/v1/cases/{places['queued']}", program)
    manager = world["roles"]["manager"]
    browser = {"Cookie": f"huiyin={manager['session']}"}
    program = {"Authorization": f"Bearer {manager['token']}"}
    yield Visit("case page of 2,000 entries", f"/desk/cases/{places['long']}", browser)
    yield Visit("API case of 2,000 entries", f"/api/v1/cases/{places['long']}", program)


# They stand in about 0.01, 0.1, 1 and 10 of a hundred cases; the last is a part of a number.
WORDS = ("说明书", "保修卡", "蓝牙", "充电器", "0042")
LISTS = {
    "": "",
    " of a status": "?status=closed",
    " of a category": "?category=refund",
    " of a team": "?team=bench-3",
    " of a handler": "?handler=a00",
    " of a customer": "?customer=C000100",
    " with a word": "?text=%E8%93%9D%E7%89%99",
    " due soon": "?due_before=2030-01-01T00:00:00Z",
    " of a category in work": "?status=open&category=refund&priority=urgent",
}


def spread(took_ms: list[float]) -> dict[str, float]:
    """Return p50, p95 and p99, in milliseconds."""
    cuts = statistics.quantiles(took_ms, n=100, method="inclusive")
    return {"p50": round(cuts[49], 1), "p95": round(cuts[94], 1), "p99": round(cuts[98], 1)}
