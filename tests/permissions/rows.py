"""Who may what, route by route, written by hand from the decisions and never computed from the code.

A route or a method without a row fails, a row without a route fails. Own is an object inside the person's scope,
foreign one outside it (another team's case, or one that is about the person): always 404, as if it were not there.
"""

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
)
EVERYBODY = frozenset(ROLES)
READERS = frozenset({"agent", "lead", "manager", "quality"})
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


CASE = "desk/cases/<str:number>"
CUSTOMER = "desk/customers/<str:customer>"
PAGES = (
    Page("healthz", "GET", EVERYBODY, stranger=200),
    Page("readyz", "GET", EVERYBODY, stranger=200),
    Page("", "GET", EVERYBODY, own=302),
    Page("ask", "GET", EVERYBODY, stranger=200),
    Page("ask", "POST", EVERYBODY, own=422, stranger=422),
    Page("c/<str:token>", "GET", EVERYBODY, foreign=404, stranger=200),
    Page("c/<str:token>/messages", "POST", EVERYBODY, own=302, foreign=404, body={"text": "还有一件事"}),
    Page("c/<str:token>/confirm", "POST", EVERYBODY, own=302, foreign=404),
    Page("c/<str:token>/dispute", "POST", EVERYBODY, own=302, foreign=404, body={"text": "没有解决"}),
    Page("language", "POST", EVERYBODY, own=302, body={"language": "en"}),
    Page("sign-in", "GET", EVERYBODY, stranger=200),
    Page("sign-in", "POST", EVERYBODY, own=403, stranger=403, body={"number": "nobody", "password": "x"}),
    Page("sign-out", "POST", EVERYBODY, own=302),
    Page("password", "GET", EVERYBODY),
    Page("password", "POST", EVERYBODY, own=422),
    Page("scope", "GET", EVERYBODY),
    Page("scope", "POST", EVERYBODY, own=302),
    Page("desk", "GET", EVERYBODY),
    Page("desk/list", "GET", EVERYBODY),
    Page("desk/notices/read", "POST", EVERYBODY, own=302),
    Page("desk/presence", "POST", WORKERS, own=302, body={"state": "busy"}),
    Page(CASE, "GET", READERS, foreign=404),
    Page(f"{CASE}/timeline", "GET", READERS, foreign=404),
    Page(f"{CASE}/reply", "POST", WORKERS, own=302, foreign=404, body={"text": "您好"}),
    Page(f"{CASE}/note", "POST", WORKERS, own=302, foreign=404, body={"text": "记录"}),
    Page(
        f"{CASE}/move", "POST", WORKERS, own=302, foreign=404, body={"move": "accept", "version": "{version}"}
    ),
    Page(f"{CASE}/reveal", "POST", WORKERS, foreign=404, body={"reason": "回访客户"}),
    Page(f"{CASE}/together", "GET", READERS, foreign=404),
    Page(
        f"{CASE}/together/act", "POST", WORKERS, own=422, foreign=404, body={"act": "escalate", "reason": ""}
    ),
    # What is shown or done here names its request in the form: none is named, so nothing is found.
    Page("desk/requests", "GET", EVERYBODY),
    Page("desk/requests", "POST", EVERYBODY, own=404),
    Page(f"{CASE}/relations", "GET", READERS, foreign=404),
    Page(f"{CASE}/relate", "POST", WORKERS, own=409, foreign=404, body={"act": "link", "other": "{number}"}),
    Page(f"{CASE}/promises", "GET", READERS, foreign=404),
    Page(
        f"{CASE}/promises/make",
        "POST",
        WORKERS,
        own=302,
        foreign=404,
        body={"kind": "refund", "text": "", "due_at": ""},
    ),
    Page(
        "desk/promises/<uuid:promise>",
        "POST",
        WORKERS,
        own=302,
        foreign=404,
        body={"act": "keep", "reason": "已回电"},
    ),
    Page("desk/customers", "GET", READERS),
    Page("desk/customers", "POST", READERS, body={"q": "{customer}"}),
    Page(CUSTOMER, "GET", READERS),
    Page(f"{CUSTOMER}/reveal", "POST", WORKERS, body={"reason": "回访客户"}),
    Page(f"{CUSTOMER}/change", "POST", WORKERS, own=302, body={"version": "{customer_version}"}),
    # A customer is not merged into itself, and nothing was merged that could be taken apart.
    Page(f"{CUSTOMER}/merge", "POST", SENIORS, own=409, body={"other": "{customer}"}),
    Page(f"{CUSTOMER}/unmerge", "POST", SENIORS, own=409, body={"other": "{customer}"}),
    Page(
        f"{CUSTOMER}/consents",
        "POST",
        WORKERS,
        own=302,
        body={"purpose": "survey", "how": "phone", "version": "1"},
    ),
    # Whoever approves may erase, if they may see the customer at all.
    Page(f"{CUSTOMER}/erase", "POST", frozenset({"manager"})),
    Page("desk/plans", "GET", frozenset({"lead", "manager"})),
    Page(
        "desk/plans/make",
        "POST",
        frozenset({"lead", "manager"}),
        own=302,
        body={"title": "巡检", "team": "service", "starts": "2026-06-01T09:00", "rule": "FREQ=DAILY"},
    ),
    Page(
        "desk/plans/<uuid:plan>",
        "POST",
        frozenset({"lead", "manager"}),
        own=302,
        foreign=404,
        body={"act": "pause"},
    ),
    Page("desk/files/<uuid:uuid>", "GET", READERS, foreign=404),
)

BASE = "api/v1/"
CALLS = (
    Call("metrics", "GET", "reports:read"),
    Call(
        f"{BASE}inbound",
        "POST",
        "inbound:write",
        own=201,
        body={"channel": "api", "external_id": "matrix-1", "text": "你好"},
    ),
    Call(f"{BASE}understand", "POST", "cases:read", body={"text": "我要退款"}),
    Call(f"{BASE}cases", "GET", "cases:read"),
    Call(f"{BASE}cases/<number>", "GET", "cases:read", foreign=404),
    Call(
        f"{BASE}cases/<number>/entries",
        "POST",
        "cases:write",
        own=201,
        foreign=404,
        body={"kind": "note", "text": "记录"},
    ),
    Call(
        f"{BASE}cases/<number>/resolve",
        "POST",
        "cases:write",
        foreign=404,
        body={"version": "{version}", "resolution": "已更换"},
    ),
    # Own is a case that is not solved yet: the right is there, the move is not.
    Call(
        f"{BASE}cases/<number>/confirm",
        "POST",
        "cases:write",
        own=409,
        foreign=404,
        body={"version": "{version}"},
    ),
    # A case is neither merged into, linked to nor put under itself: the right is there, the act is refused.
    Call(
        f"{BASE}cases/<number>/merge",
        "POST",
        "cases:write",
        own=409,
        foreign=404,
        body={"into": "{number}", "version": "{version}"},
    ),
    Call(
        f"{BASE}cases/<number>/unmerge",
        "POST",
        "cases:write",
        own=409,
        foreign=404,
        body={"version": "{version}"},
    ),
    Call(
        f"{BASE}cases/<number>/split",
        "POST",
        "cases:write",
        own=201,
        foreign=404,
        body={"seq": 1, "version": "{version}"},
    ),
    Call(
        f"{BASE}cases/<number>/links",
        "POST",
        "cases:write",
        own=409,
        foreign=404,
        body={"number": "{number}"},
    ),
    Call(f"{BASE}cases/<number>/links/<other>", "DELETE", "cases:write", own=404, foreign=404),
    Call(
        f"{BASE}cases/<number>/parent",
        "PUT",
        "cases:write",
        foreign=404,
        body={"number": None, "version": "{version}"},
    ),
    Call(
        f"{BASE}cases/<number>/answer-children",
        "POST",
        "cases:write",
        own=409,
        foreign=404,
        body={"text": "您好"},
    ),
    Call(
        f"{BASE}cases/<number>/promises",
        "POST",
        "cases:write",
        own=201,
        foreign=404,
        body={"kind": "call_back", "seconds": 7200},
    ),
    Call(f"{BASE}plans", "GET", "cases:read"),
    Call(
        f"{BASE}plans",
        "POST",
        "cases:write",
        own=201,
        body={
            "kind": "visit",
            "title": "回访",
            "team": "service",
            "phases": [{"rule": "FREQ=WEEKLY"}],
            "starts": "2026-06-01T09:00:00+08:00",
        },
    ),
    Call(f"{BASE}plans/<plan>", "POST", "cases:write", foreign=404, body={"act": "pause"}),
    # The request of the own case came back: the right is there, the step is not.
    Call(f"{BASE}collaborations", "GET", "cases:read"),
    Call(f"{BASE}collaborations/<asked>", "GET", "cases:read", foreign=404),
    Call(
        f"{BASE}collaborations/<asked>/<verb>",
        "POST",
        "cases:write",
        own=409,
        foreign=404,
        body={"version": "{version}"},
    ),
    Call(
        f"{BASE}cases/<number>/collaborations",
        "POST",
        "cases:write",
        own=201,
        foreign=404,
        body={
            "department": "returns",
            "subject": "查退货",
            "details": "客户问退货进度",
            "due_at": "2099-01-01T09:00:00+08:00",
        },
    ),
    Call(
        f"{BASE}cases/<number>/escalations",
        "POST",
        "cases:write",
        own=201,
        foreign=404,
        body={"reason": "客户要求经理回电"},
    ),
    Call(
        f"{BASE}cases/<number>/about",
        "PUT",
        "cases:write",
        foreign=404,
        body={"people": [], "reason": "与人员无关", "version": "{version}"},
    ),
    Call(f"{BASE}cases/<number>/stage", "GET", "cases:read", foreign=404),
    # The own case is no complaint: it is in no procedure.
    Call(
        f"{BASE}cases/<number>/stage",
        "POST",
        "cases:write",
        own=409,
        foreign=404,
        body={"to": "settled", "version": "{version}"},
    ),
    Call(f"{BASE}cases/<number>/compensations", "GET", "cases:read", foreign=404),
    Call(
        f"{BASE}cases/<number>/compensations",
        "POST",
        "cases:write",
        own=201,
        foreign=404,
        body={"kind": "coupon", "value": "5.00", "basis": "延误"},
    ),
    Call(f"{BASE}promises", "GET", "cases:read"),
    Call(f"{BASE}promises/keep-rate", "GET", "reports:read"),
    Call(f"{BASE}promises/<promise>/keep", "POST", "cases:write", foreign=404, body={"reason": "已回电"}),
    Call(f"{BASE}promises/<promise>/cancel", "POST", "cases:write", foreign=404, body={"reason": "撤回"}),
    Call(
        f"{BASE}promises/<promise>/extend",
        "POST",
        "cases:write",
        foreign=404,
        body={"reason": "改约", "due_at": "2026-06-01T09:00:00+08:00"},
    ),
    Call(
        f"{BASE}cases/<number>/identity-checks",
        "POST",
        "cases:write",
        own=201,
        foreign=404,
        body={"last_four": "0000"},
    ),
    Call(f"{BASE}customers", "GET", "customers:read"),
    Call(f"{BASE}customers", "POST", "cases:write", own=201, body={"name": "李雷"}),
    # A customer is not merged into itself, and nothing was merged that could be taken apart.
    Call(
        f"{BASE}customers/merge",
        "POST",
        "cases:write",
        own=409,
        body={"secondary": "{customer}", "into": "{customer}"},
    ),
    Call(f"{BASE}customers/unmerge", "POST", "cases:write", own=409, body={"secondary": "{customer}"}),
    Call(f"{BASE}customers/<customer>", "GET", "customers:read"),
    Call(f"{BASE}customers/<customer>", "PATCH", "cases:write", body={"version": "{customer_version}"}),
    Call(f"{BASE}customers/<customer>/reveal", "POST", "customers:reveal", body={"reason": "回访客户"}),
    Call(f"{BASE}customers/<customer>/duplicates", "GET", "customers:read"),
    Call(
        f"{BASE}customers/<customer>/consents",
        "POST",
        "cases:write",
        body={"purpose": "survey", "text_version": "1"},
    ),
    Call(f"{BASE}customers/<customer>/erasure", "GET", "admin"),
    # The case is in work: the right is there, the erasure waits.
    Call(f"{BASE}customers/<customer>/erasure", "POST", "admin", own=409, body={"reason": "本人要求"}),
    Call(f"{BASE}organisations", "GET", "customers:read"),
    Call(f"{BASE}organisations", "POST", "cases:write", own=201, body={"name": "示例公司"}),
    Call(f"{BASE}webhooks", "GET", "config:write"),
    Call(
        f"{BASE}webhooks",
        "POST",
        "config:write",
        own=201,
        body={"url": "https://shop.example.com/hook", "kinds": ["case.opened"]},
    ),
    Call(f"{BASE}webhooks/<endpoint>", "DELETE", "config:write", own=204),
    Call(f"{BASE}webhooks/<endpoint>/enable", "POST", "config:write"),
    Call(f"{BASE}webhooks/<endpoint>/deliveries", "GET", "config:write"),
    Call(f"{BASE}webhooks/<endpoint>/deliveries/<delivery>/resend", "POST", "config:write", own=404),
    Call(f"{BASE}channels/<code>", "PUT", "config:write", body={"callback_url": ""}),
    Call(
        f"{BASE}calendars/<code>", "PUT", "config:write", body={"time_zone": "Asia/Shanghai", "always": True}
    ),
    Call(
        f"{BASE}calendars/<code>/due",
        "POST",
        "cases:read",
        body={"start": "2026-03-02T09:00:00+08:00", "seconds": 60},
    ),
    Call(
        f"{BASE}calendars/<code>/elapsed",
        "POST",
        "cases:read",
        body={"start": "2026-03-02T09:00:00+08:00", "end": "2026-03-02T10:00:00+08:00"},
    ),
    Call(f"{BASE}calendars/<code>/day", "POST", "cases:read", body={"date": "2026-03-02"}),
    Call(f"{BASE}staffing", "GET", "reports:read"),
    Call(
        f"{BASE}language/check", "POST", "cases:read", foreign=404, body={"text": "您好", "case": "{number}"}
    ),
)
QUERY = {
    f"{BASE}promises/keep-rate": {"by": "kind", "from": "2026-03-01", "to": "2026-04-01"},
    f"{BASE}staffing": {"calls_per_interval": "10", "interval_s": "1800", "aht_s": "180"},
}

# Every route that a stranger can use. Frozen: a new one is a decision, and there are never more than fifteen.
ANONYMOUS = frozenset(
    {
        "healthz",
        "readyz",
        f"{BASE}openapi.json",
        "ask",
        "c/<str:token>",
        "c/<str:token>/messages",
        "c/<str:token>/confirm",
        "c/<str:token>/dispute",
        "language",
        "sign-in",
    }
)

# The framework's own: the document answers any method alike, the bare prefix is no page.
FRAMEWORK = frozenset({f"{BASE}openapi.json", BASE})

# Parameters of the API that name an object of somebody, and those that do not: an unclassified one fails.
NAMES_AN_OBJECT = frozenset(
    {
        "asked",
        "case",
        "channel",
        "code",
        "customer",
        "debtor",
        "dedicated",
        "delivery",
        "department",
        "endpoint",
        "external_ids",
        "handler",
        "into",
        "number",
        "organisation",
        "other",
        "owner",
        "people",
        "plan",
        "promise",
        "secondary",
        "team",
    }
)
PLAIN = frozenset(
    {
        "act",
        "agents",
        "aht_s",
        "at",
        "attachments",
        "basis",
        "blocked",
        "by",
        "callback_url",
        "calls_per_interval",
        "category",
        "client_id",
        "content_type",
        "cursor",
        "customer_level",
        "cut_off",
        "data",
        "date",
        "days",
        "debtor_rule",
        "despite",
        "details",
        "due_at",
        "due_before",
        "email",
        "end",
        "external_id",
        "form",
        "from",
        "given",
        "how",
        "html",
        "identity",
        "interval_s",
        "kind",
        "kinds",
        "language",
        "last_four",
        "level",
        "limit",
        "max_occupancy",
        "meta",
        "name",
        "order_number",
        "owed",
        "pauses",
        "phases",
        "phone",
        "priority",
        "purpose",
        "q",
        "reason",
        "received_at",
        "resolution",
        "resolve",
        "rule",
        "seconds",
        "sender",
        "seq",
        "shared",
        "start",
        "starts",
        "state",
        "status",
        "subject",
        "tags",
        "target",
        "text",
        "text_version",
        "thread",
        "title",
        "to",
        "until",
        "url",
        "value",
        "verb",
        "version",
        "within_s",
        "working_days",
    }
)
