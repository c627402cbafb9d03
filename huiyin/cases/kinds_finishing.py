"""Kinds of entries about the end of a case: evidence, goal, what the customer says, call-backs, and what follows."""

from django.utils.translation import gettext_lazy as _

from huiyin.base.facts import Audience, Kind, register

register(
    Kind("evidence.added", _("added evidence"), fields={"files": list, "reference": str, "client_id": str}),
    Kind("goal.checked", _("checked the goal"), fields={"goal": str, "met": bool}),
    Kind(
        "outcome.told",
        _("still has to see whether it holds"),
        Audience.CUSTOMER,
        {"outcome": str, "how": str},
    ),
    Kind("callback.tried", _("called back"), fields={"result": str, "attempt": int, "client_id": str}),
    Kind(
        "silence.moved",
        _("moved the end of the silence that confirms from %(was)s to %(due)s"),
        fields={"was": str, "due": str},
    ),
    Kind("threat.heard", _("threatened, or demanded something improper"), fields={"because": list}),
    Kind("case.continued", _("went on in case %(number)s"), Audience.CUSTOMER, {"number": str}),
    Kind("case.follows", _("goes on from case %(number)s"), Audience.CUSTOMER, {"number": str}),
)

# The same kind of entry in other words, by what it carries: (kind, name in the payload, value) → sentence.
VARIANTS = {
    ("case.confirmed", "how", "silence"): _("closed it: nothing was heard for the days agreed"),
    ("case.confirmed", "how", "no_answer"): _("closed it: nobody answered three call-backs"),
    ("case.confirmed", "how", "call"): _("recorded that the customer confirmed the result on the phone"),
    ("case.disputed", "how", "call"): _("recorded that the customer says it is not solved"),
    ("case.disputed", "how", "message"): _("wrote again, so the case is open again"),
    ("goal.checked", "met", True): _("reached the goal"),
    ("goal.checked", "met", False): _("did not reach the goal"),
    ("case.relieved", "why", "category"): _("took the case off %(who)s, who does not work in this category"),
    ("case.relieved", "why", "right"): _(
        "took the case off %(who)s, who may not work on such cases any more"
    ),
    ("callback.tried", "result", "reached"): _("called back and reached the customer"),
    ("callback.tried", "result", "no_answer"): _("called back, attempt %(attempt)s: no answer"),
}
OUTCOMES = {
    "satisfied": _("satisfied"),
    "pending": _("not sure yet"),
    "dissatisfied": _("dissatisfied"),
}
HOW = {
    "customer": _("confirmed by the customer"),
    "channel": _("confirmed by the customer in the channel"),
    "call": _("confirmed by the customer on the phone"),
    "lead": _("accepted by whoever assigned it"),
    "silence": _("confirmed by silence"),
    "no_answer": _("closed after three call-backs without an answer"),
}
