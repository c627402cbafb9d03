"""Reactions by which a case that needs management is raised: its category, a proposal, or the stage it comes to."""

from huiyin.base.outbox import Happened, Spec
from huiyin.rules import book as rulebook
from huiyin.rules import management

_TASK = "huiyin.automation.requests.raise_for_management"


def _opened(fact: Happened) -> list[Spec]:
    # The book at hand is the one by which the case was opened a moment ago: no query on the way in.
    book, category = rulebook.at_hand(), fact.payload["category"]
    procedure = book.procedure_of(category)
    first = book.procedures[procedure].start if procedure else ""
    wanted = management.wanted_at_once(book, category, fact.payload["priority"])
    return _raise(fact) if wanted or management.wanted_at_stage(book, procedure, first) else []


def _changed(fact: Happened) -> list[Spec]:
    new = {change["field"]: change["new"] for change in fact.payload["changes"]}
    may_be = new.get("priority") == management.URGENT
    may_be = may_be or ("category" in new and bool(management.wanted_on(rulebook.at_hand(), new["category"])))
    return _raise(fact) if may_be else []


def _advanced(fact: Happened) -> list[Spec]:
    here = fact.payload["procedure"], fact.payload["to_stage"]
    return _raise(fact) if management.wanted_at_stage(rulebook.at_hand(), *here) else []


def _proposed(fact: Happened) -> list[Spec]:
    return _raise(fact, is_proposal=True)


def _raise(fact: Happened, *, is_proposal: bool = False) -> list[Spec]:
    args = {"case": fact.subject_id, "ref": fact.ref, "is_proposal": is_proposal}
    return [Spec(_TASK, f"raise_for_management:{fact.ref}", args)]


REACTIONS = (
    ("case.opened", _opened),
    ("case.changed", _changed),
    ("case.advanced", _advanced),
    ("compensation.proposed", _proposed),
)
