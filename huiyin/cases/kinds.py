"""Every kind of entry: what it carries, the sentence that tells it, and who may read it."""

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from huiyin.base.facts import Audience, Kind, register

PUBLIC = Audience.CUSTOMER
_REQUEST = {"request": str, "department": str, "subject": str}
_COMPENSATION = {"compensation": str, "kind": str, "value": str}

register(
    Kind("message.received", _("wrote"), PUBLIC, {"channel": str, "files": list}),
    Kind("message.sent", _("answered"), PUBLIC, {"channel": str, "client_id": str, "files": list}),
    Kind("greeting.sent", _("greeted"), PUBLIC, {"channel": str}),
    Kind("note.added", _("noted"), fields={"client_id": str, "files": list}),
    Kind(
        "case.opened",
        _("opened the case"),
        fields={
            "category": str,
            "priority": str,
            "team": str,
            "missing": list,
            "because": list,
            "promises": list,
        },
    ),
    Kind("case.assigned", _("gave the case to %(to)s"), fields={"to": str, "because": list}),
    Kind("case.queued", _("put the case in the queue of %(team)s"), fields={"team": str, "because": list}),
    Kind("case.handed_on", _("moved on what %(who)s carried"), fields={"who": str}),
    Kind("case.accepted", _("took the case"), PUBLIC),
    Kind(
        "case.waited",
        _("set the case waiting"),
        fields={"waiting_for": str, "reason": str, "until": str},
    ),
    Kind("case.resumed", _("went on with the case"), fields={"reason": str}),
    Kind("case.resolved", _("reported the matter as solved"), PUBLIC, {"version": int}),
    Kind("case.confirmed", _("confirmed the result"), PUBLIC, {"how": str, "outcome": str}),
    Kind("case.disputed", _("said it is not solved"), PUBLIC, {"how": str}),
    Kind("case.reopened", _("opened the case again"), PUBLIC, {"reason": str}),
    Kind("case.voided", _("voided the case"), fields={"reason": str}),
    Kind("case.restored", _("restored the case"), fields={"reason": str}),
    Kind(
        "case.advanced",
        _("went on to: %(to_stage)s"),
        fields={"procedure": str, "from": str, "to_stage": str, "form": str},
    ),
    Kind("case.reported", _("reported it to: %(roles)s"), fields={"codes": list, "roles": list}),
    Kind(
        "report.unheld",
        _("nobody to report it to holds the role: %(roles)s"),
        fields={"codes": list, "roles": list},
    ),
    Kind("case.about_told", _("said whom the case is about"), Audience.SUPERVISION, {"people": list}),
    Kind("case.escalated", _("escalated to %(to)s"), fields={"to": str, "level": int, "cause": str}),
    Kind("case.merged", _("merged it into case %(into)s"), fields={"into": str}),
    Kind("case.absorbed", _("merged case %(number)s into this one"), fields={"number": str}),
    Kind("case.unmerged", _("undid the merge with case %(number)s"), fields={"number": str}),
    Kind("case.split", _("opened case %(number)s for part of it"), fields={"number": str}),
    Kind("case.linked", _("linked case %(number)s"), fields={"number": str}),
    Kind("case.unlinked", _("took away the link to case %(number)s"), fields={"number": str}),
    Kind("case.put_under", _("put it under case %(number)s"), fields={"number": str}),
    Kind("case.taken_out", _("took it out of case %(number)s"), fields={"number": str}),
    Kind("child.added", _("added case %(number)s to the group"), fields={"number": str}),
    Kind("child.removed", _("took case %(number)s out of the group"), fields={"number": str}),
    Kind(
        "children.answered", _("answered all cases of the group"), fields={"numbers": list, "resolve": bool}
    ),
    Kind(
        "promise.warned",
        _("warned: %(promise)s is due at %(due)s"),
        fields={"promise": str, "due": str, "id": str},
    ),
    Kind("promise.kept", _("kept %(promise)s"), fields={"promise": str, "due": str, "late": bool}),
    Kind(
        "promise.broken",
        _("did not keep %(promise)s, due %(due)s"),
        fields={"promise": str, "due": str, "id": str},
    ),
    Kind("task.opened", _("opened the task, due %(due)s"), fields={"due": str, "plan": str}),
    Kind(
        "promise.made",
        _("promised %(promise)s by %(due)s"),
        fields={"promise": str, "due": str, "id": str, "to": str},
    ),
    Kind(
        "promise.given",
        _("promised %(promise)s by %(due)s, which %(to)s keeps"),
        fields={"promise": str, "due": str, "id": str, "to": str},
    ),
    Kind(
        "promise.changed",
        _("moved %(promise)s from %(was)s to %(due)s"),
        fields={"promise": str, "was": str, "due": str, "id": str, "why": str},
    ),
    Kind(
        "promise.set_aside",
        _("did not keep “%(promise)s” of the answer in view"),
        fields={"promise": str, "seq": int},
    ),
    Kind("promise.cancelled", _("cancelled %(promise)s"), fields={"promise": str, "cause": str}),
    Kind("promise.paused", _("paused %(promise)s"), fields={"promise": str, "cause": str}),
    Kind("promise.resumed", _("resumed %(promise)s, now due %(due)s"), fields={"promise": str, "due": str}),
    Kind(
        "collaboration.asked",
        _("asked %(department)s: %(subject)s"),
        fields={**_REQUEST, "due": str, "shared": list},
    ),
    Kind("collaboration.accepted", _("%(department)s took on: %(subject)s"), fields=_REQUEST),
    Kind("collaboration.answered", _("%(department)s answered: %(subject)s"), fields=_REQUEST),
    Kind("collaboration.returned", _("%(department)s returned: %(subject)s"), fields=_REQUEST),
    Kind("collaboration.finished", _("finished the request: %(subject)s"), fields=_REQUEST),
    Kind("collaboration.withdrawn", _("withdrew the request: %(subject)s"), fields=_REQUEST),
    Kind("collaboration.approved", _("approved: %(subject)s"), fields=_REQUEST),
    Kind("collaboration.refused", _("did not approve: %(subject)s"), fields=_REQUEST),
    Kind("compensation.proposed", _("proposed %(kind)s, %(value)s yuan"), fields=_COMPENSATION),
    Kind("compensation.granted", _("granted %(kind)s, %(value)s yuan"), fields=_COMPENSATION),
    Kind("compensation.refused", _("did not grant %(kind)s, %(value)s yuan"), fields=_COMPENSATION),
    Kind(
        "collaboration.passed_over",
        _("finished the case over %(count)s open requests"),
        fields={"count": int},
    ),
)

PROMISES = {
    "greeting": _("greeting"),
    "first_reply": _("first reply"),
    "next_reply": _("reply to a later message"),
    "resolution": _("solution"),
    "complaint_response": _("first answer to the complaint"),
    "complaint_closed_loop": _("complaint settled"),
    "archive": _("service record archived"),
    "call_back": _("call back"),
    "reply": _("reply"),
    "refund": _("refund"),
    "exchange": _("exchange"),
    "ship": _("shipment"),
    "visit": _("visit"),
    "send": _("sending something"),
    "task": _("task"),
    "assigned_task": _("assigned task"),
    "collaboration": _("answer of another department"),
    "stage_classify": _("classified by the manager"),
    "stage_technical": _("done by the technical owner"),
    "stage_look": _("figures looked at"),
    "stage_track": _("effect tracked"),
    "stage_investigate": _("investigated"),
    "stage_supervise": _("looked at by supervision"),
}
# What people promise by hand; the others are promised by policies and verbs.
BY_HAND = ("call_back", "reply", "visit", "send", "ship", "refund", "exchange", "resolution", "task")
STATUSES = {
    "new": _("new"),
    "open": _("in progress"),
    "waiting": _("waiting"),
    "resolved": _("to be confirmed"),
    "closed": _("closed"),
    "void": _("void"),
}
WAITING_FOR = {
    "customer": _("for the customer"),
    "third_party": _("for a third party"),
    "scheduled": _("for a set time"),
}
NEEDS = {
    "contact": _("a phone number or an e-mail address"),
    "phone": _("a phone number"),
    "name": _("a name"),
    "order_number": _("the order number"),
}
COMPENSATIONS = {
    "coupon": _("coupon"),
    "refund": _("refund"),
    "gift": _("gift"),
    "service": _("service free of charge"),
}
COMPENSATION_STATES = {
    "proposed": _("waits for approval"),
    "granted": _("granted"),
    "refused": _("not granted"),
}
REQUEST_STATES = {
    "open": _("asked"),
    "accepted": _("taken on"),
    "answered": pgettext_lazy("request", "answered"),
    "returned": _("returned"),
    "finished": _("finished"),
    "refused": _("not approved"),
    "withdrawn": _("withdrawn"),
}
