"""Asking everything that reads, as one person or their program: every route, every search, every export."""

from collections.abc import Iterator
from typing import Any

from django.test import Client

from huiyin.base import secrets
from huiyin.cases.models import Case
from huiyin.staff.models import Staff, Token
from tests import given
from tests.given import MONDAY_9
from tests.permissions import rows, world


def asked(client: Client, case: Case | None, base: str) -> Iterator[tuple[str, Any]]:
    """Ask every route that reads and names this case; without one, every route that names nothing."""
    at = world.values(case, known=True) if case else {}
    for row in (*rows.PAGES, *rows.CALLS):
        told_to_all = row.route in ("healthz", "readyz", "api/docs") or row.route.startswith("c/")
        ours = row.route.startswith("api/") == (base == "api/")
        if row.method == "GET" and ours and not told_to_all and ("<" in row.route) == (case is not None):
            path = "/" + world.filled(row.route, at)
            yield path, client.get(path, rows.QUERY.get(row.route, {}))


SEARCHES: dict[str, tuple[tuple[str, str], ...]] = {
    "": (("desk/search", "q"), ("desk", "tag"), ("desk/list", "customer"), ("desk/customers", "q")),
    "api/": (
        ("api/v1/search", "q"),
        ("api/v1/cases", "text"),
        ("api/v1/cases", "tag"),
        ("api/v1/cases", "customer"),
        ("api/v1/promises", "case"),
        ("api/v1/promises", "debtor"),
        ("api/v1/customers", "q"),
    ),
}


def searches(client: Client, words: str, base: str) -> Iterator[tuple[str, str]]:
    for path, name in SEARCHES[base]:
        yield f"/{path}?{name}={words}", text_of(client.get(f"/{path}", {name: words}))


def exports(client: Client, base: str) -> Iterator[tuple[str, str]]:
    said = {"reason": "月度质检"}
    if base:
        answer = client.post("/api/v1/cases/records", given.as_json(said), content_type="application/json")
        yield "POST records", text_of(answer)
    else:
        for act in ("show", "csv", "json"):
            yield (
                f"POST records {act}",
                text_of(client.post("/desk/records", {**said, "act": act, "format": act})),
            )


def text_of(answer: Any) -> str:
    return b"".join(answer).decode(errors="replace") + str(dict(answer.headers))


def acting_as(person: Staff) -> Client:
    """Return a program that acts as this very person: nobody can make such a token, and even so it shows nothing."""
    scopes = sorted({row.scope for row in rows.CALLS if row.scope})
    digest = secrets.digest("token", "hy_x")
    Token.objects.create(staff=person, digest=digest, scopes=scopes, made_at=MONDAY_9)
    return given.with_token("hy_x")
