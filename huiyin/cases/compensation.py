"""What a customer is given beyond what was owed: at once within one's limit, above it once somebody approves."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal

from django.db.models import Q, Sum

from huiyin.base import tx
from huiyin.base.actor import Actor
from huiyin.cases import bodies, collaboration, entries
from huiyin.cases.changing import lock
from huiyin.cases.collaboration import Asked
from huiyin.cases.entries import Draft
from huiyin.cases.kinds import COMPENSATIONS
from huiyin.cases.models import Case, Collaboration, Compensation
from huiyin.cases.moves import MoveNotAllowed
from huiyin.cases.typed import Invalid, checked
from huiyin.rules import book as rulebook
from huiyin.staff.models import Grant

DECIDED_WITHIN = timedelta(days=1)
BASIS_CHARS = 300
MOST = Decimal("9999999.99")
PROPOSED, GRANTED, REFUSED = Compensation.PROPOSED, Compensation.GRANTED, Compensation.REFUSED


class OwnProposal(Exception):
    """Nobody decides on what they proposed themselves. Nothing was changed."""


@dataclass(frozen=True, slots=True)
class Proposal:
    """`kind` is one of COMPENSATIONS, `value` in yuan with at most two places, `basis` says why it is fair."""

    kind: str
    value: Decimal
    basis: str


def propose(case: Case, proposal: Proposal, *, by: Actor, at: datetime) -> Compensation:
    """Grant it at once within the limit of the proposer's roles, else ask a manager; each call proposes anew.

    The limit holds for all of one kind that was granted in one case, whoever gave it. Personal values in the basis
    are masked for good. Raises Invalid (also `approver: nobody`), MoveNotAllowed once the case is done, or where it
    has no customer.
    """
    kind, value, basis = _checked(proposal, at)
    if by.id is None:
        raise Invalid(by="not_a_person")
    with tx.write():
        # The lock on the case lets proposals of one case follow one another: together they stay within the limit.
        locked = lock(case, None)
        if locked.status not in collaboration.ASKED_IN or locked.customer_id is None:
            raise MoveNotAllowed("compensate", locked.status)
        within = _given(case, kind) + value <= limit_of(by, kind, at=at)
        approval = None if within else _ask(case, kind, value, basis, by=by, at=at)
        made = Compensation.objects.create(
            case=case,
            kind=kind,
            value=value,
            basis=basis,
            state=GRANTED if within else PROPOSED,
            approval=approval,
            made_by_id=by.id,
            at=at,
        )
        name = "compensation.granted" if within else "compensation.proposed"
        entries.append(case, [Draft(name, _told(made), basis)], by=by, at=at)
    return made


def decide(
    approval: Collaboration, verb: str, *, by: Actor, at: datetime, version: int | None, text: str = ""
) -> Collaboration:
    """Approve or refuse what waits for an approval, or withdraw it; a refusal needs words.

    Raises OwnProposal, Stale, Invalid, and MoveNotAllowed when it was decided or withdrawn before.
    """
    with tx.write():
        if verb in ("approve", "refuse") and approval.asked_by_id == by.id:
            raise OwnProposal
        decided = collaboration.act(approval, verb, by=by, at=at, version=version, text=text)
        made = Compensation.objects.filter(approval=decided).first()
        if made is not None:
            made.state = GRANTED if verb == "approve" else REFUSED
            made.save(update_fields=["state"])
            name = "compensation.granted" if verb == "approve" else "compensation.refused"
            entries.append(decided.case, [Draft(name, _told(made))], by=by, at=at)
    return decided


def limit_of(by: Actor, kind: str, *, at: datetime) -> Decimal:
    """Return up to how much of this kind the person may grant in one case by themselves: their best role's limit."""
    held = Grant.objects.filter(Q(until=None) | Q(until__gt=at), staff__number=by.ref)
    limits = rulebook.current().limits
    roles = held.values_list("role__code", flat=True)
    return max((limits.get((role, kind), Decimal(0)) for role in roles), default=Decimal(0))


def _given(case: Case, kind: str) -> Decimal:
    rows = Compensation.objects.filter(case=case, kind=kind, state=GRANTED)
    return rows.aggregate(total=Sum("value"))["total"] or Decimal(0)


def _ask(case: Case, kind: str, value: Decimal, basis: str, *, by: Actor, at: datetime) -> Collaboration:
    approver = collaboration.approver_of(case, by.id, at=at)
    if approver is None:
        raise Invalid(approver="nobody")
    asked = Asked(
        department=case.team,
        subject=f"{kind} {value}",
        details=basis,
        due=at + DECIDED_WITHIN,
        kind=Collaboration.APPROVAL,
        assignee=approver,
    )
    return collaboration.ask(case, asked, by=by, at=at)


def _checked(proposal: Proposal, at: datetime) -> tuple[str, Decimal, str]:
    if proposal.kind not in COMPENSATIONS:
        raise Invalid(kind="unknown")
    value = proposal.value
    if not value.is_finite() or not 0 < value <= MOST or value != value.quantize(Decimal("0.01")):
        raise Invalid(value="not_a_sum")
    basis = checked(proposal.basis, field="basis", limit=BASIS_CHARS)
    masked = bodies.masked(basis, bodies.personal_spans(basis, at=at))
    return proposal.kind, value.quantize(Decimal("0.01")), masked[:BASIS_CHARS]


def _told(made: Compensation) -> dict[str, str]:
    return {"compensation": str(made.uuid), "kind": made.kind, "value": str(made.value)}
