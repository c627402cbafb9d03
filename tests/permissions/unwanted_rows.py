"""The rows about what should not be there: spam, blocked senders, double cases; `shapes` says what a row means."""

from tests.permissions.shapes import BASE, CASE_READERS, EVERYBODY, SENIORS, WORKERS, Call, Page

CASE = "desk/cases/<str:number>"
CUSTOMER = "desk/customers/<str:customer>"
WHY = {"reason": "广告骚扰"}
SEEN = {"version": "{version}"}
PAGES = (
    Page(f"{CASE}/unwanted", "GET", CASE_READERS, foreign=404),
    # The case is marked as the same as no other: the right is there, the act is not possible.
    Page(f"{CASE}/unwanted", "POST", WORKERS, own=409, foreign=404, body={"act": "apart", **SEEN}),
    # The first entry is no reply, and nothing is named that could be erased.
    Page(f"{CASE}/entries/<int:seq>/recall", "POST", WORKERS, own=409, foreign=404),
    Page(f"{CASE}/entries/<int:seq>/redact", "GET", SENIORS, foreign=404),
    Page(f"{CASE}/entries/<int:seq>/redact", "POST", SENIORS, own=422, foreign=404),
    Page(f"{CASE}/details", "POST", WORKERS, own=302, foreign=404),
    Page("c/<str:token>/details", "POST", EVERYBODY, own=422, foreign=404, stranger=422),
    Page("desk/blocked", "GET", SENIORS),
    Page("desk/blocked/<int:inbox_id>/release", "POST", SENIORS, own=302, foreign=404),
    Page(f"{CUSTOMER}/block", "POST", SENIORS, own=302, body=WHY),
)
CALLS = (
    Call(f"{BASE}cases/<number>/spam", "POST", "cases:write", foreign=404, body=SEEN),
    # The own case is no spam and like no other: the right is there, the act is not possible.
    Call(f"{BASE}cases/<number>/not-spam", "POST", "cases:write", own=409, foreign=404, body=SEEN),
    Call(f"{BASE}cases/<number>/not-same", "POST", "cases:write", own=409, foreign=404, body=SEEN),
    Call(f"{BASE}cases/<number>/entries/<seq>/recall", "POST", "cases:write", own=409, foreign=404),
    # A program that connects systems may not erase, whatever its scopes.
    *(
        Call(
            f"{BASE}cases/<number>/entries/<seq>/{verb}",
            "POST",
            "cases:write",
            own=403,
            foreign=404,
            body=body,
        )
        for verb, body in (("redaction-preview", {"whole": True}), ("redact", {"whole": True, **WHY}))
    ),
    # The own case misses nothing.
    Call(f"{BASE}cases/<number>/ask-missing", "POST", "cases:write", own=409, foreign=404),
    Call(
        f"{BASE}cases/<number>/details", "POST", "cases:write", foreign=404, body={**SEEN, "needs": ["phone"]}
    ),
    Call(f"{BASE}blocked", "GET", "cases:write"),
    Call(f"{BASE}blocked/<inbox_id>/release", "POST", "cases:write", own=201, foreign=404),
    Call(f"{BASE}customers/<customer>/block", "POST", "cases:write", body=WHY),
    Call(f"{BASE}customers/<customer>/unblock", "POST", "cases:write", body=WHY),
)
NAMES_AN_OBJECT = frozenset({"inbox_id", "likely_same"})
PLAIN = frozenset({"block", "files", "needs", "passages", "personal", "recalled", "unblock", "whole"})
