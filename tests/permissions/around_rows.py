"""The rows about what is around a case: followers, mentions, tags, drafts, views; `shapes` says what a row means."""

from tests.permissions.shapes import BASE, CASE_READERS, EVERYBODY, WORKERS, Call, Page

CASE = "desk/cases/<str:number>"
PAGES = (
    Page(f"{CASE}/draft", "POST", WORKERS, own=302, foreign=404, body={"text": "写到一半", "mode": "reply"}),
    Page(f"{CASE}/colleagues", "GET", WORKERS, foreign=404),
    Page(f"{CASE}/around", "GET", CASE_READERS, foreign=404),
    # Who may see a case may follow it; tags and letting others in ask for more, and are tried beside the verbs.
    Page(f"{CASE}/around/act", "POST", CASE_READERS, own=302, foreign=404, body={"act": "follow"}),
    Page("desk/mentions", "GET", EVERYBODY),
    Page("desk/views", "GET", CASE_READERS),
    Page("desk/views", "POST", CASE_READERS, own=302, body={"act": "save", "name": "在办", "status": "open"}),
)
CALLS = (
    Call(f"{BASE}cases/<number>/watchers", "GET", "cases:read", foreign=404),
    Call(f"{BASE}cases/<number>/watchers/<person>", "PUT", "cases:write", foreign=404),
    Call(f"{BASE}cases/<number>/watchers/<person>", "DELETE", "cases:write", foreign=404),
    Call(f"{BASE}cases/<number>/mentions", "GET", "cases:read", foreign=404),
    # Nobody was named in the own case: the right is there, the mention is not.
    Call(f"{BASE}cases/<number>/mentions/<mention>/<decision>", "POST", "cases:write", own=404, foreign=404),
    Call(f"{BASE}cases/<number>/tags", "POST", "cases:write", foreign=404, body={"tag": "加急"}),
    Call(f"{BASE}cases/<number>/tags", "DELETE", "cases:write", own=422, foreign=422),
    Call(f"{BASE}cases/<number>/draft", "GET", "cases:write", foreign=404),
    Call(f"{BASE}cases/<number>/draft", "PUT", "cases:write", foreign=404, body={"text": "写到一半"}),
    Call(f"{BASE}cases/<number>/draft", "DELETE", "cases:write", own=204, foreign=404),
    Call(f"{BASE}tags", "GET", "cases:read"),
    Call(f"{BASE}views", "GET", "cases:read"),
    Call(
        f"{BASE}views", "POST", "cases:write", own=201, body={"name": "在办", "filters": {"status": "open"}}
    ),
    # A view of nobody: as if it were not there, which is also what another person's is.
    Call(f"{BASE}views/<view>", "PUT", "cases:write", own=404, body={"name": "在办", "filters": {}}),
    Call(f"{BASE}views/<view>", "DELETE", "cases:write", own=404),
)
NAMES_AN_OBJECT = frozenset({"mention", "person", "view"})
PLAIN = frozenset({"decision", "filters", "newer", "progress", "q", "seen_seq", "snoozed_until", "tag"})
