"""Where people, teams, accounts, the audit and leaks are in the API, and how their refusals look."""

from django.http import HttpRequest, HttpResponse

from huiyin.api.views import accounts, audit, overloads, own_pages, people_changes, staff, teams
from huiyin.base.problem import Problem
from huiyin.staff.refusal import Refusal

ROUTERS = (
    ("/people", staff.router),
    ("/people", people_changes.router),
    ("/people", own_pages.of_sessions),
    ("/people", own_pages.of_work),
    ("/overloads", overloads.router),
    ("", teams.router),
    ("/accounts", accounts.router),
    ("/audit", audit.router),
    ("/leaks", audit.leak_router),
)
# What could be right at another moment; everything else is wrong in itself.
CONFLICTS = frozenset(
    {
        "number_taken",
        "default_needed",
        "has_children",
        "team_in_use",
        "function_taken",
        "role_in_use",
        "last_administrator",
        "left_already",
        "still_cares",
        "still_carries",
        "cannot_take",
        "outside_limits",
    }
)


def refused(request: HttpRequest, error: Refusal | type[Refusal]) -> HttpResponse:
    """Answer 409 or 422 with the refusal's own stable code."""
    assert isinstance(error, Refusal)
    status = 409 if error.code in CONFLICTS else 422
    return Problem(status, error.code, f"{error} Nothing was changed.", params=error.params).response()
