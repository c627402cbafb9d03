"""Each move of the table as the API and the desk are asked for it, and the button that offers it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from huiyin.cases.models import Case
from tests.lifecycle.world import World

FAR = "2026-03-05T09:00:00+08:00"
AT_DESK = "2026-03-05T09:00"


@dataclass(frozen=True, slots=True)
class Door:
    """`call` is method, path and body at the API; `page` path and form at the desk, None where the desk has no such
    act of its own; `button` is how pages.offered names what a page offers, empty where no page offers it by itself.

    Words in braces stand for objects of the world; a path that begins with / is not below the case.
    """

    call: tuple[str, str, Mapping[str, Any]]
    page: tuple[str, Mapping[str, str]] | None
    button: str
    before: Callable[[World], object] | None = None


def _move(name: str, page: tuple[str, Mapping[str, str]], button: str, **told: Any) -> Door:
    return Door(("POST", "moves", {"move": name, "version": "{version}", **told}), page, button)


def _has_child(world: World) -> None:
    Case.objects.filter(pk=world.child.pk).update(parent=world.case)


WHY = {"reason": "客户要求"}
SEEN = {"version": "{version}"}
SOLVED = {"resolution": "已更换"}
OTHER, LINKED = {"other": "{other}"}, {"other": "{linked}"}
WAITS = {"waiting_for": "third_party"}
SLEEPS = {"waiting_for": "scheduled"}
ASKS = {"department": "returns", "subject": "查退货", "details": "请核对"}
GIVES = {"kind": "coupon", "value": "5.00", "basis": "延误"}
FOLLOWER = {"person": "quinn"}

DOORS = {
    "accept": _move("accept", ("move", {"move": "accept"}), "move:accept"),
    "wait": _move("wait", ("move", {"move": "wait", **WAITS}), "may:wait", **WAITS),
    "snooze": _move(
        "wait", ("move", {"move": "wait", "until": AT_DESK, **SLEEPS}), "may:wait", until=FAR, **SLEEPS
    ),
    "resume": _move("resume", ("move", {"move": "resume"}), "move:resume"),
    "resolve": _move("resolve", ("move", {"move": "resolve", "text": "已更换"}), "may:resolve", **SOLVED),
    "confirm": _move("confirm", ("move", {"move": "confirm"}), "move:confirm"),
    "dispute": _move("dispute", ("move", {"move": "dispute"}), "may:dispute"),
    "reopen": _move("reopen", ("finishing/act", {"act": "again", "text": "又坏了"}), "finishing/act:again"),
    "void": _move("void", ("change/act", {"act": "void", **WHY}), "change/act:void", **WHY),
    "restore": _move("restore", ("change/act", {"act": "restore", **WHY}), "change/act:restore", **WHY),
    "take_and_resolve": Door(("POST", "resolve", {**SEEN, **SOLVED}), None, ""),
    "tell_outcome": Door(
        ("POST", "confirm", {**SEEN, "outcome": "pending"}),
        ("finishing/act", {"act": "outcome", "outcome": "pending"}),
        "finishing/act:outcome",
    ),
    "go_on": Door(("POST", "reopen", {**SEEN, **WHY}), None, ""),
    "spam": Door(("POST", "spam", SEEN), ("unwanted", {"act": "spam"}), "unwanted:spam"),
    "not_spam": Door(("POST", "not-spam", SEEN), ("unwanted", {"act": "not-spam"}), "unwanted:not-spam"),
    "reply": Door(
        ("POST", "entries", {"kind": "reply", "text": "您好"}), ("reply", {"text": "您好"}), "may:write"
    ),
    "note": Door(
        ("POST", "entries", {"kind": "note", "text": "已查"}), ("note", {"text": "已查"}), "may:note"
    ),
    "recall": Door(("POST", "entries/{said}/recall", {}), ("entries/{said}/recall", {}), "entries/recall"),
    "redact_preview": Door(
        ("POST", "entries/1/redaction-preview", {"whole": True}),
        ("entries/1/redact", {"act": "preview", "whole": "on"}),
        "entries/redact",
    ),
    "redact": Door(
        ("POST", "entries/1/redact", {"whole": True, **WHY}),
        ("entries/1/redact", {"act": "redact", "whole": "on", **WHY}),
        "entries/redact",
    ),
    "edit": Door(
        ("PATCH", "", {**SEEN, "priority": "low"}),
        ("change/act", {"act": "edit", "priority": "low", "is_complex": "on"}),
        "edit:priority",
    ),
    "edit_title": Door(
        ("PATCH", "", {**SEEN, "title": "换屏"}),
        ("change/act", {"act": "edit", "title": "换屏"}),
        "edit:title",
    ),
    "transfer": Door(
        ("POST", "transfer", {**SEEN, **WHY, "team": "returns"}),
        ("change/act", {"act": "transfer", "team": "returns", **WHY}),
        "change/act:transfer",
    ),
    "reassign": Door(
        ("POST", "reassign", {**SEEN, "to": "carol"}),
        ("change/act", {"act": "reassign", "to": "carol"}),
        "change/act:reassign",
    ),
    "give_back": Door(
        ("POST", "give-back", {**SEEN, **WHY}),
        ("change/act", {"act": "give-back", **WHY}),
        "change/act:give-back",
    ),
    # The desk shows how the case stands instead of a refusal.
    "ask_missing": Door(("POST", "ask-missing", {}), None, "details"),
    "known": Door(("POST", "details", {**SEEN, "needs": ["order_number"]}), None, "details:order_number"),
    "identity": Door(
        ("POST", "identity-checks", {"last_four": "0077"}), ("identity", {"told": "0077"}), "identity"
    ),
    "merge": Door(
        ("POST", "merge", {**SEEN, "into": "{other}"}), ("relate", {"act": "merge", **OTHER}), "relate:merge"
    ),
    "merge_same": Door(
        ("POST", "merge", {**SEEN, "into": "{other}"}), ("unwanted", {"act": "merge"}), "unwanted:merge"
    ),
    "not_same": Door(("POST", "not-same", SEEN), ("unwanted", {"act": "apart"}), "unwanted:apart"),
    "unmerge": Door(("POST", "unmerge", SEEN), ("relate", {"act": "unmerge"}), "relate:unmerge"),
    "split": Door(
        ("POST", "split", {**SEEN, "seq": 1}), ("relate", {"act": "split", "seq": "1"}), "relate:split"
    ),
    "link": Door(
        ("POST", "links", {"number": "{other}"}), ("relate", {"act": "link", **OTHER}), "relate:link"
    ),
    "unlink": Door(
        ("DELETE", "links/{linked}", {}), ("relate", {"act": "unlink", **LINKED}), "relate:unlink"
    ),
    "put_under": Door(
        ("PUT", "parent", {**SEEN, "number": "{other}"}),
        ("relate", {"act": "put-under", **OTHER}),
        "relate:put-under",
    ),
    # No page offers these two before there is a group.
    "take_out": Door(("PUT", "parent", {**SEEN, "number": None}), ("relate", {"act": "take-out"}), ""),
    "answer_children": Door(
        ("POST", "answer-children", {"text": "已修好"}),
        ("relate", {"act": "answer-all", "text": "已修好"}),
        "",
        _has_child,
    ),
    "evidence": Door(
        ("POST", "evidence", {"reference": "REC-1"}),
        ("finishing/act", {"act": "evidence", "reference": "REC-1"}),
        "finishing/act:evidence",
    ),
    "call_back": Door(
        ("POST", "callbacks", {**SEEN, "result": "no_answer"}),
        ("finishing/act", {"act": "callback", "outcome": "no_answer"}),
        "finishing/act:callback",
    ),
    "promise": Door(
        ("POST", "promises", {"kind": "visit", "seconds": 7200}),
        ("promises/make", {"kind": "visit", "due_at": AT_DESK}),
        "promises/make",
    ),
    "keep": Door(
        ("POST", "/promises/{promise}/keep", WHY),
        ("/promises/{promise}", {"act": "keep", **WHY}),
        "promise:keep",
    ),
    "extend": Door(
        ("POST", "/promises/{promise}/extend", {**WHY, "due_at": FAR}),
        ("/promises/{promise}", {"act": "extend", "due_at": AT_DESK, **WHY}),
        "promise:extend",
    ),
    "cancel": Door(
        ("POST", "/promises/{promise}/cancel", WHY),
        ("/promises/{promise}", {"act": "cancel", **WHY}),
        "promise:cancel",
    ),
    "ask_department": Door(
        ("POST", "collaborations", {**ASKS, "due_at": FAR}),
        ("together/act", {"act": "ask", "due": AT_DESK, **ASKS}),
        "together/act:ask",
    ),
    "escalate": Door(
        ("POST", "escalations", WHY), ("together/act", {"act": "escalate", **WHY}), "together/act:escalate"
    ),
    "about": Door(
        ("PUT", "about", {**SEEN, **WHY, "people": []}),
        ("together/act", {"act": "about", "people": "", **WHY}),
        "together/act:about",
    ),
    "compensate": Door(
        ("POST", "compensations", GIVES),
        ("together/act", {"act": "compensate", **GIVES}),
        "together/act:compensate",
    ),
    "macro": Door(("POST", "macros/call-back-2h", SEEN), ("macros/call-back-2h", {"text": "您好"}), "macros"),
    "let_follow": Door(
        ("PUT", "watchers/lou", {}), ("around/act", {"act": "add", "person": "lou"}), "around/act:add"
    ),
    "end_following": Door(
        ("DELETE", "watchers/quinn", {}), ("around/act", {"act": "remove", **FOLLOWER}), "around/act:remove"
    ),
    "tag": Door(
        ("POST", "tags", {"tag": "返修"}), ("around/act", {"act": "tag", "tag": "返修"}), "around/act:tag"
    ),
    "untag": Door(
        ("DELETE", "tags?tag=加急", {}), ("around/act", {"act": "untag", "tag": "加急"}), "around/act:untag"
    ),
    "draft": Door(("PUT", "draft", {"text": "写到一半"}), ("draft", {"text": "写到一半"}), ""),
    "give_up_draft": Door(("DELETE", "draft", {}), None, ""),
}

# What is done on a case and proven elsewhere: it has a life of its own, or changes nothing of the case.
ELSEWHERE = {
    "cases/{number}/stage": "huiyin/cases/tests/test_procedure.py",
    "cases/{number}/mentions/{mention}/{decision}": "huiyin/cases/tests/test_mentions.py",
    "collaborations/{asked}/{verb}": "huiyin/cases/tests/test_collaboration.py and tests/model",
    "tasks/{number}/{verb}": "huiyin/api/tests/test_tasks.py",
}
ACTS_ELSEWHERE = {
    "together/act": {"advance"},
    "around/act": {"follow", "leave", "let-in", "refuse"},
}
