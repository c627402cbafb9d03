"""The rows about a customer's own people; `shapes` says what a row means."""

from tests.permissions.shapes import BASE, READERS, SENIORS, Call, Page

PAGES = (
    Page("desk/customers/<str:customer>/dedicated", "GET", READERS),
    Page("desk/customers/hand-over", "GET", SENIORS),
    # Nobody is named: the right is there, the act is not possible.
    Page("desk/customers/hand-over", "POST", SENIORS, own=422),
)
CALLS = (
    Call(f"{BASE}customers/<customer>/dedicated", "GET", "customers:read"),
    Call(f"{BASE}customers/hand-over", "GET", "cases:write", own=422),
    Call(
        f"{BASE}customers/hand-over",
        "POST",
        "cases:write",
        own=422,
        body={
            "role": "salesperson",
            "giver": "nobody",
            "taker": "nobody",
            "expected": 1,
            "reason": "离职交接",
        },
    ),
)
NAMES_AN_OBJECT = frozenset({"salesperson", "area_manager", "giver", "taker"})
PLAIN = frozenset({"role", "expected"})
