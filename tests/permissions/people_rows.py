"""The rows about people, teams, rights, leaks and the audit; `shapes` says what a row means."""

from tests.permissions.shapes import BASE, EVERYBODY, Call, Page

ADMINISTRATORS = frozenset({"administrator"})
AUDITORS = frozenset({"auditor"})
REGISTER = frozenset({"manager", "administrator"})
PAGES = (
    Page("desk/me", "GET", EVERYBODY),
    Page("desk/me", "POST", EVERYBODY, own=302, body={"act": "end", "ref": "none"}),
    Page("desk/people", "GET", ADMINISTRATORS),
    Page("desk/people", "POST", ADMINISTRATORS, body={"number": "new", "name": "新人", "role": "agent"}),
    Page("desk/people/import", "GET", ADMINISTRATORS),
    Page("desk/people/import", "POST", ADMINISTRATORS, own=422, body={"act": "preview", "text": "x"}),
    Page("desk/people/<str:person>", "GET", ADMINISTRATORS),
    Page(
        "desk/people/<str:person>",
        "POST",
        ADMINISTRATORS,
        own=302,
        body={"act": "describe", "name": "新人", "seniority": "1"},
    ),
    Page("desk/teams", "GET", ADMINISTRATORS),
    Page("desk/teams", "POST", ADMINISTRATORS, own=302, body={"act": "restore", "code": "service"}),
    Page("desk/roles", "GET", ADMINISTRATORS),
    Page("desk/roles", "POST", ADMINISTRATORS, own=422, body={"code": "Not A Code"}),
    Page("desk/accounts", "GET", ADMINISTRATORS),
    Page("desk/accounts", "POST", ADMINISTRATORS, own=422, body={"name": "crm"}),
    Page("desk/leaks", "GET", REGISTER),
    Page("desk/leaks", "POST", REGISTER, own=422),
    Page("desk/audit", "GET", AUDITORS),
    Page("desk/audit/verify", "POST", AUDITORS),
)
NAME = {"zh": "仓库", "en": "Warehouse"}
CALLS = (
    Call(f"{BASE}people", "GET", "admin"),
    Call(f"{BASE}people", "POST", "admin", own=201, body={"number": "new", "name": "新人", "role": "agent"}),
    Call(f"{BASE}people/import", "POST", "admin", body={"text": "number,name,role\nx1,新人,agent\n"}),
    Call(f"{BASE}people/<person>", "GET", "admin"),
    Call(f"{BASE}people/<person>/grants", "POST", "admin", body={"role": "agent", "team": "service"}),
    Call(f"{BASE}people/<person>/withdraw", "POST", "admin", body={"role": "quality"}),
    # The agent carries an open case: the right is there, the work is not moved.
    Call(f"{BASE}people/<person>/leave", "POST", "admin", own=409, body={}),
    Call(f"{BASE}people/<person>/sessions", "DELETE", "admin"),
    Call(f"{BASE}people/<person>/second-factor", "DELETE", "admin"),
    Call(f"{BASE}sites", "GET", "admin"),
    Call(
        f"{BASE}sites/<site>",
        "PUT",
        "admin",
        body={"name": NAME, "zone": "Asia/Shanghai", "language": "en", "calendar": "office"},
    ),
    Call(f"{BASE}teams", "GET", "admin"),
    Call(f"{BASE}teams/<team>", "PUT", "admin", body={"name": NAME, "site": "main", "is_default": True}),
    Call(f"{BASE}teams/<team>/retire", "POST", "admin", own=409, body={}),
    Call(f"{BASE}roles", "GET", "admin"),
    Call(
        f"{BASE}roles/<role>",
        "PUT",
        "admin",
        body={"name": NAME, "permissions": ["case.read"], "reach": "own"},
    ),
    Call(f"{BASE}accounts", "GET", "admin"),
    Call(f"{BASE}accounts", "POST", "admin", own=201, body={"name": "matrix", "scopes": ["cases:read"]}),
    Call(f"{BASE}accounts/tokens/<token_id>", "DELETE", "admin", own=404),
    Call(f"{BASE}leaks", "GET", "admin"),
    Call(
        f"{BASE}leaks",
        "POST",
        "admin",
        own=422,
        body={"fields": ["shoe"], "what_happened": "名单外传", "noticed_at": "2026-03-02T08:00:00+08:00"},
    ),
    Call(f"{BASE}leaks/<leak_id>/measures", "POST", "admin", own=422, body={"measures": "已通知"}),
    # A program reads the audit only with the auditor's role, which this one has not.
    Call(f"{BASE}audit", "GET", "audit:read", own=403),
    Call(f"{BASE}audit/chain", "GET", "audit:read", own=403),
)
NAMES_AN_OBJECT = frozenset(
    {
        "contact",
        "deputies",
        "lead",
        "leak_id",
        "number",
        "object",
        "parent",
        "person",
        "persons",
        "role",
        "site",
        "team",
        "to",
        "token_id",
        "who",
    }
)
PLAIN = frozenset(
    {
        "calendar",
        "categories",
        "channels",
        "cursor",
        "done",
        "dry_run",
        "en",
        "expires_at",
        "fields",
        "functions",
        "is_default",
        "keep_customers_days",
        "language",
        "limit",
        "measures",
        "name",
        "noticed_at",
        "permissions",
        "reach",
        "result",
        "scopes",
        "second_factor",
        "seniority",
        "since",
        "supervision",
        "text",
        "to_queue",
        "until",
        "what",
        "what_happened",
        "zh",
        "zone",
    }
)
