"""What a row of the matrix says, and the roles it speaks of."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

ROLES = (
    "agent",
    "lead",
    "manager",
    "quality",
    "collaborator",
    "administrator",
    "auditor",
    "general_manager",
    "hr",
)
EVERYBODY = frozenset(ROLES)
READERS = frozenset({"agent", "lead", "manager", "quality"})
# Human resources read the cases that were reported to them, masked, and no others; no customers, figures or exports.
CASE_READERS = READERS | {"hr"}
WORKERS = frozenset({"agent", "lead", "manager"})
SENIORS = frozenset({"lead", "manager"})
METHODS = ("GET", "POST", "PUT", "PATCH", "DELETE")


@dataclass(frozen=True, slots=True)
class Page:
    """A page: `may` answer `own` or `foreign`, the other signed-in 403, a stranger `stranger` (302: to sign in).

    Words in braces in route and body stand for values of the object; `foreign` None: the route names no object.
    """

    route: str
    method: str
    may: frozenset[str]
    own: int = 200
    foreign: int | None = None
    stranger: int = 302
    body: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Call:
    """An API call: with the scope `own` or `foreign`, without it 403, without a token 401."""

    route: str
    method: str
    scope: str
    own: int = 200
    foreign: int | None = None
    body: Mapping[str, Any] | None = None


BASE = "api/v1/"
