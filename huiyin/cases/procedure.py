"""The way of a case through the stages of its procedure: what may follow, what is filled in, what is promised."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Q

from huiyin.base import tx
from huiyin.base.actor import Actor
from huiyin.base.texts import in_words
from huiyin.cases import entries, promises, reporting
from huiyin.cases.changing import change, lock
from huiyin.cases.entries import Draft
from huiyin.cases.models import Case, Promise
from huiyin.cases.moves import MoveNotAllowed
from huiyin.cases.typed import Invalid
from huiyin.engines.forms import Form
from huiyin.engines.procedures import Offer, Procedure, Stage, StepNotOpenError, UnknownStageError
from huiyin.rules import book as rulebook
from huiyin.rules.book import Book
from huiyin.staff.models import Grant

__all__ = [
    "StepNotOpenError",
    "UnknownStageError",
    "advance",
    "begin",
    "change_over",
    "label",
    "leave",
    "stand",
]


@dataclass(frozen=True, slots=True)
class Stand:
    """Where a case stands in its procedure, as one person sees it."""

    code: str
    stage: Stage
    offers: tuple[Offer, ...]
    form: Form | None


def advance(
    case: Case,
    to: str,
    *,
    by: Actor,
    at: datetime,
    version: int | None = None,
    form: Mapping[str, object] | None = None,
) -> Case:
    """Take the step to the stage `to`: the form of the present stage is checked and recorded, promises open and end.

    Raises StepNotOpenError with every ground, Invalid (`form.<field>`), Stale, MoveNotAllowed for a case that is
    closed or in no procedure, UnknownStageError when a changed pack no longer has its stage.
    """
    book = rulebook.current()
    with tx.write():
        locked = lock(case, version)
        if not locked.is_open or locked.procedure not in book.procedures:
            raise MoveNotAllowed("advance", locked.status)
        graph = book.procedures[locked.procedure]
        stage = graph.take(locked.stage, to, facts=_facts(locked), roles=_roles(by, at))
        left = graph.stage(locked.stage)
        filled_in = left.form
        answers = _answered(book.forms[filled_in], form or {}) if filled_in else ""
        change(case, locked, {"stage": stage.key}, at=at)
        told = {
            "procedure": locked.procedure,
            "from": locked.stage,
            "to_stage": stage.key,
            "form": filled_in or "",
        }
        entries.append(case, [Draft("case.advanced", told, answers)], by=by, at=at)
        if left.reports and not any(step.back for step in left.steps if step.to == stage.key):
            reporting.report(case, left.reports, by=by, at=at)
        _settle(case, stage, book, by=by, at=at)
    return case


def begin(case: Case, *, by: Actor, at: datetime) -> None:
    """Put a case that is in no procedure into that of its category, for when the category was changed.

    A second call, or a category without a procedure, changes nothing.
    """
    book = rulebook.current()
    with tx.write():
        locked = lock(case, None)
        code = book.procedure_of(locked.category)
        if not code or locked.procedure or not locked.is_open:
            return
        stage = book.procedures[code].stage(book.procedures[code].start)
        change(case, locked, {"procedure": code, "stage": stage.key}, at=at)
        told = {"procedure": code, "from": "", "to_stage": stage.key, "form": ""}
        entries.append(case, [Draft("case.advanced", told)], by=by, at=at)
        _settle(case, stage, book, by=by, at=at)


def change_over(case: Case, *, by: Actor, at: datetime) -> None:
    """Let a case whose category was changed go through the procedure of the new one.

    A procedure that has gone on from its first stage keeps the case: what was begun there is brought to its end.
    """
    book = rulebook.current()
    with tx.write():
        locked = lock(case, None)
        graph = book.procedures.get(locked.procedure)
        at_start = graph is not None and locked.stage == graph.start
        if at_start and book.procedure_of(locked.category) != locked.procedure:
            leave(case, by=by, at=at, cause="replaced")
            change(case, locked, {"procedure": "", "stage": ""}, at=at)
        begin(case, by=by, at=at)


def leave(case: Case, *, by: Actor, at: datetime, cause: str = "closed") -> None:
    """Cancel what the stages still promise, once the case is closed or goes another way."""
    kinds = {policy.kind for policy in rulebook.current().policies if policy.opens == "stage"}
    owed = list(Promise.objects.filter(case=case, kind__in=kinds)) if case.procedure else []
    promises.cancel_these(case, owed, cause=cause, by=by, at=at)


def label(code: str, stage: str) -> str:
    """Return the name of a stage in the reader's language; its key when the pack no longer has it."""
    graph = rulebook.current().procedures.get(code)
    found = next((one for one in graph.stages if one.key == stage), None) if graph else None
    return in_words(found.label) if found else stage


def stand(case: Case, *, by: Actor, at: datetime) -> Stand | None:
    """Return where the case stands and what may follow for this person; None when it is in no procedure."""
    book = rulebook.current()
    graph: Procedure | None = book.procedures.get(case.procedure)
    if graph is None:
        return None
    stage = graph.stage(case.stage)
    offers = graph.offers(case.stage, facts=_facts(case), roles=_roles(by, at))
    return Stand(case.procedure, stage, offers, book.forms[stage.form] if stage.form else None)


def _settle(case: Case, stage: Stage, book: Book, *, by: Actor, at: datetime) -> None:
    kept = {policy.kind for policy in map(book.policy, stage.keeps) if policy}
    if kept:
        promises.keep(case, kept, by=by, at=at)
    opened = [policy for policy in map(book.policy, stage.promises) if policy]
    for policy in opened:
        promises.draft(case, policy, book, at=at).save()
    if opened:
        promises.refresh(case)


def _facts(case: Case) -> dict[str, object]:
    return {
        "category": case.category,
        "priority": case.priority,
        "emotion": case.emotion,
        "channel": case.channel,
    }


def _roles(by: Actor, at: datetime) -> frozenset[str]:
    held = Grant.objects.filter(Q(until=None) | Q(until__gt=at), staff__number=by.ref)
    return frozenset(held.values_list("role__code", flat=True))


def _answered(form: Form, given: Mapping[str, object]) -> str:
    checked = form.validate(given)
    if checked.errors:
        raise Invalid(**{f"form.{key}": reason.code for key, reason in checked.errors.items()})
    kept = form.keep(checked.answers)
    return "\n".join(
        f"{in_words(form.by_key[key].label)}: {_words(form, key, value)}" for key, value in kept.items()
    )


def _words(form: Form, key: str, value: Any) -> str:
    labels = {choice.key: in_words(choice.label) for choice in form.by_key[key].choices}
    if isinstance(value, bool):
        return "✓" if value else "✗"
    return ", ".join(labels.get(one, str(one)) for one in (value if isinstance(value, list) else [value]))
