"""The rows about assigned tasks, macros and records; `shapes` says what a row means."""

from tests.permissions.shapes import BASE, CASE_READERS, SENIORS, WORKERS, Call, Page

NAME = {"zh": "回电", "en": "Call back"}
CASE = "desk/cases/<str:number>"
TASK = {"receiver": "agent", "title": "巡店", "details": "拍照上传"}
ADMINISTRATORS = frozenset({"administrator"})
PAGES = (
    Page("desk/tasks", "GET", CASE_READERS),
    Page("desk/tasks/assign", "POST", SENIORS, own=302, body={**TASK, "due_at": "2026-03-03T18:00"}),
    # The own case is no assigned task.
    Page(f"{CASE}/task", "GET", CASE_READERS, own=404, foreign=404),
    Page(f"{CASE}/task", "POST", CASE_READERS, own=404, foreign=404),
    Page(f"{CASE}/macros", "GET", WORKERS, foreign=404),
    Page(
        f"{CASE}/macros/<str:macro>",
        "POST",
        WORKERS,
        own=302,
        foreign=404,
        body={"version": "{version}", "text": "您好"},
    ),
    Page(f"{CASE}/record", "GET", CASE_READERS, foreign=404),
    Page(f"{CASE}/record", "POST", SENIORS, foreign=404, body={"act": "csv"}),
    Page("desk/records", "GET", SENIORS),
    Page("desk/records", "POST", SENIORS, body={"reason": "月度质检"}),
    Page("desk/exports", "GET", SENIORS | {"general_manager"}),
    # Nothing is named, so nothing is found.
    Page("desk/exports", "POST", SENIORS | {"general_manager"}, own=400),
    Page("desk/compensations", "GET", CASE_READERS),
    Page("desk/limits", "GET", ADMINISTRATORS),
    Page("desk/limits", "POST", ADMINISTRATORS, own=422, body={"role": "agent", "coupon": "much"}),
    Page("desk/policies", "GET", ADMINISTRATORS),
    Page("desk/policies", "POST", ADMINISTRATORS, own=422, body={"act": "policy", "code": "nothing"}),
    Page("desk/macros", "GET", ADMINISTRATORS),
    Page("desk/macros", "POST", ADMINISTRATORS, own=422, body={"code": "Not A Code"}),
)
CALLS = (
    Call(f"{BASE}tasks", "GET", "cases:read"),
    Call(
        f"{BASE}tasks",
        "POST",
        "cases:write",
        own=201,
        body={**TASK, "due_at": "2026-03-03T18:00:00+08:00"},
    ),
    Call(f"{BASE}tasks/figures", "GET", "reports:read"),
    Call(f"{BASE}tasks/<number>", "GET", "cases:read", own=404, foreign=404),
    Call(
        f"{BASE}tasks/<number>/<verb>",
        "POST",
        "cases:write",
        own=404,
        foreign=404,
        body={"version": "{version}"},
    ),
    Call(f"{BASE}cases/<number>/macros", "GET", "cases:read", foreign=404),
    Call(
        f"{BASE}cases/<number>/macros/<macro>",
        "POST",
        "cases:write",
        foreign=404,
        body={"version": "{version}"},
    ),
    Call(f"{BASE}cases/<number>/contacts", "GET", "cases:read", foreign=404),
    Call(
        f"{BASE}contacts",
        "POST",
        "inbound:write",
        own=201,
        body={
            "channel": "phone",
            "session": "matrix-call",
            "offered_at": "2026-03-02T08:58:00+08:00",
            "ended_at": "2026-03-02T08:59:00+08:00",
            "outcome": "abandoned",
        },
    ),
    # No call of this name runs.
    *(
        Call(
            f"{BASE}contacts/{verb}",
            "POST",
            "inbound:write",
            own=404,
            body={"channel": "phone", "session": "matrix-none"},
        )
        for verb in ("answer", "end")
    ),
    Call(f"{BASE}cases/<number>/record", "GET", "cases:read", foreign=404),
    # A program exports only with a role that may, which this one has not.
    Call(f"{BASE}cases/records", "POST", "cases:export", own=403, body={"reason": "月度质检"}),
    Call(f"{BASE}cases/records/approvals", "GET", "cases:export", own=403),
    Call(f"{BASE}cases/records/approvals", "POST", "cases:export", own=403, body={"reason": "月度质检"}),
    Call(f"{BASE}cases/records/approvals/<approval>", "GET", "cases:export", own=403),
    Call(f"{BASE}cases/records/approvals/<approval>/withdraw", "POST", "cases:export", own=403),
    Call(f"{BASE}cases/records/approvals/<approval>/file", "POST", "cases:export", own=403),
    Call(f"{BASE}cases/records/approvals/<approval>/<decision>", "POST", "approvals:write", own=403, body={}),
    Call(f"{BASE}compensations", "GET", "cases:read"),
    Call(f"{BASE}compensation-limits", "GET", "config:write"),
    Call(f"{BASE}compensation-limits/<role>", "PUT", "config:write", body={"coupon": "30.00"}),
    Call(f"{BASE}policies", "GET", "config:write"),
    Call(f"{BASE}policies/<code>", "PUT", "config:write", body={"kind": "visit", "seconds": 3600}),
    # There is no policy of this code.
    Call(f"{BASE}policies/<code>", "DELETE", "config:write", own=404),
    Call(f"{BASE}macros", "GET", "config:write"),
    Call(f"{BASE}macros/<macro>", "PUT", "config:write", body={"name": NAME, "reply": NAME}),
    Call(f"{BASE}macros/<macro>/retire", "POST", "config:write"),
)
QUERY = {f"{BASE}tasks/figures": {"from": "2026-03-01", "to": "2026-04-01"}}
NAMES_AN_OBJECT = frozenset(
    {"approval", "assigned_by", "numbers", "observed_by", "queue", "receiver", "teams"}
)
PLAIN = frozenset(
    {
        "average_s",
        "climbs",
        "month_days",
        "not_before_days",
        "not_categories",
        "only_complex",
        "opens",
        "pauses_for",
        "plain",
        "priorities",
        "warn",
        "words",
        "coupon",
        "refund",
        "gift",
        "service",
        "completeness",
        "need",
        "preference",
        "unit",
        "format",
        "macro",
        "objected",
        "reply",
        "request",
        "sets",
        "answered_at",
        "ended_at",
        "no",
        "offered_at",
        "session",
    }
)
