"""Opening a task: a case of the family `task`, with a customer or without, and one promise that is its due time."""

from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal

from huiyin.base import tx
from huiyin.base.actor import Actor
from huiyin.cases import entries
from huiyin.cases.entries import Draft
from huiyin.cases.models import PRIORITY_RANK, Case, Promise
from huiyin.cases.numbers import next_numbers
from huiyin.cases.promises import Ticks
from huiyin.customers.models import Customer
from huiyin.rules import terms
from huiyin.staff.models import Staff, Team

TITLE_CHARS = 200


@dataclass(frozen=True, slots=True)
class Task:
    """What is to be done by when. `handler` None leaves it to the team; `plan` names the plan it is a turn of.

    `not_before` is its earliest moment; `provisional` says that `due` counts days of a year nobody announced.

    `details` are kept as the words of the entry that opens it.
    """

    kind: str
    title: str
    team: Team
    due: datetime
    handler: Staff | None = None
    customer: Customer | None = None
    priority: str = "normal"
    plan: str = ""
    details: str = ""
    not_before: datetime | None = None
    provisional: bool = False


def open_task(task: Task, *, by: Actor, at: datetime) -> Case:
    """Open the case with its promise; each call opens another. A due time that has passed breaks at the next tick."""
    site = task.team.site
    with tx.write():
        (number,) = next_numbers(site, 1, at=at)
        case = Case.objects.create(
            number=number,
            kind=task.kind,
            family="task",
            site=site,
            team=task.team,
            customer=task.customer,
            channel="",
            channel_kind="",
            category="",
            priority=task.priority,
            priority_rank=PRIORITY_RANK[task.priority],
            handler=task.handler,
            title=task.title[:TITLE_CHARS],
            language=site.language,
            weight=Decimal("0.5"),
            next_due=task.due,
            opened_at=at,
        )
        term = terms.until(task.due, start=at)
        term = replace(term, not_before=task.not_before, provisional=task.provisional)
        ticks = Ticks.of(term, after=at)
        Promise.objects.create(
            case=case,
            kind=task.kind,
            policy="",
            debtor=task.handler,
            made_by_id=by.id,
            calendar="always",
            about=task.title[:TITLE_CHARS],
            started_at=at,
            first_due=task.due,
            **ticks.columns(),
        )
        drafts = [Draft("task.opened", {"due": task.due.isoformat(), "plan": task.plan}, task.details)]
        if task.handler is not None:
            drafts.append(Draft("case.assigned", {"to": task.handler.number, "because": []}))
        entries.append(case, drafts, by=by, at=at)
    return case
