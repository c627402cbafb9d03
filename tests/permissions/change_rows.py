"""Who may edit cases, pass them on, open them by hand, and do the same with many: rows of the matrix."""

from tests.permissions.shapes import BASE, CASE_READERS, WORKERS, Call, Page

CASE = "desk/cases/<str:number>"
PAGES = (
    Page(
        "desk/bulk", "POST", WORKERS, body={"case": "{number}.{version}", "do": "priority", "priority": "low"}
    ),
    Page("desk/cases/new", "GET", WORKERS),
    Page(
        "desk/cases/new/open",
        "POST",
        WORKERS,
        own=302,
        body={"text": "想退款", "who": "13900000001", "channel": "manual", "worker": "queue", "act": "open"},
    ),
    Page(f"{CASE}/change", "GET", CASE_READERS, foreign=404),
    Page(
        f"{CASE}/change/act",
        "POST",
        WORKERS,
        own=302,
        foreign=404,
        body={"act": "edit", "version": "{version}", "priority": "low"},
    ),
)
CALLS = (
    Call(
        f"{BASE}cases",
        "POST",
        "cases:write",
        own=201,
        body={"text": "想退款", "sender": {"name": "李雷"}},
    ),
    # Numbers out of reach are told apart from missing ones nowhere: the call is answered, the item is not found.
    Call(
        f"{BASE}cases/bulk",
        "POST",
        "cases:write",
        body={"cases": [{"number": "260302-9999"}], "do": "accept"},
    ),
    Call(
        f"{BASE}cases/<number>",
        "PATCH",
        "cases:write",
        foreign=404,
        body={"priority": "low", "version": "{version}"},
    ),
    Call(
        f"{BASE}cases/<number>/moves",
        "POST",
        "cases:write",
        foreign=404,
        body={"move": "accept", "version": "{version}"},
    ),
    # The own case is not closed: the right is there, the move is not.
    Call(
        f"{BASE}cases/<number>/reopen",
        "POST",
        "cases:write",
        own=409,
        foreign=404,
        body={"version": "{version}"},
    ),
    Call(
        f"{BASE}cases/<number>/transfer",
        "POST",
        "cases:write",
        foreign=404,
        body={"team": "returns", "reason": "退货", "version": "{version}"},
    ),
    Call(
        f"{BASE}cases/<number>/reassign",
        "POST",
        "cases:write",
        foreign=404,
        body={"to": "lead", "version": "{version}"},
    ),
    Call(
        f"{BASE}cases/<number>/give-back",
        "POST",
        "cases:write",
        foreign=404,
        body={"reason": "太满", "version": "{version}"},
    ),
)
PLAIN = frozenset(
    {"changes", "do", "is_complex", "is_outbound", "move", "order_no", "outcome", "stage", "title", "why"}
)
