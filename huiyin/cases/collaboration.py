"""Asking another department, and what comes back. Each request has its own promise and is tracked to its end."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import F

from huiyin.base import tx
from huiyin.base.actor import Actor
from huiyin.cases import bodies, entries, promises
from huiyin.cases.changing import lock
from huiyin.cases.entries import Draft
from huiyin.cases.models import Case, Collaboration, Promise
from huiyin.cases.moves import MoveNotAllowed, Stale
from huiyin.cases.typed import Invalid, checked
from huiyin.staff import chain
from huiyin.staff.models import Staff, Team
from huiyin.staff.viewer import Viewer

OPEN, ACCEPTED, ANSWERED = Collaboration.PENDING
REQUEST, APPROVAL = Collaboration.REQUEST, Collaboration.APPROVAL
SUBJECT_CHARS = 200
ASKED_IN = (Case.NEW, Case.OPEN, Case.WAITING)
WARNED_BEFORE = timedelta(hours=1)
LONGEST = timedelta(days=366)


@dataclass(frozen=True, slots=True)
class Step:
    """One thing to do with a request. `settles` is what becomes of its promise: keep, cancel, or nothing yet."""

    leaves: tuple[str, ...]
    enters: str
    entry: str
    settles: str = ""
    needs_words: bool = False
    of: tuple[str, ...] = (REQUEST,)


STEPS = {
    "accept": Step((OPEN,), ACCEPTED, "collaboration.accepted"),
    "answer": Step((OPEN, ACCEPTED), ANSWERED, "collaboration.answered", "keep", True),
    "return": Step((OPEN, ACCEPTED), Collaboration.RETURNED, "collaboration.returned", "cancel", True),
    "finish": Step((ACCEPTED, ANSWERED), Collaboration.FINISHED, "collaboration.finished", "keep"),
    "withdraw": Step(
        Collaboration.PENDING,
        Collaboration.WITHDRAWN,
        "collaboration.withdrawn",
        "cancel",
        of=(REQUEST, APPROVAL),
    ),
    "approve": Step((OPEN,), Collaboration.FINISHED, "collaboration.approved", "keep", of=(APPROVAL,)),
    "refuse": Step((OPEN,), Collaboration.REFUSED, "collaboration.refused", "keep", True, of=(APPROVAL,)),
}


@dataclass(frozen=True, slots=True)
class Asked:
    """What is asked of whom until when. `assignee` None: the department's contact; `shared`: entries they may read."""

    department: Team
    subject: str
    details: str
    due: datetime
    kind: str = REQUEST
    assignee: Staff | None = None
    shared: Sequence[int] = ()


def ask(case: Case, asked: Asked, *, by: Actor, at: datetime) -> Collaboration:
    """Ask a department for something; its contact owes it by a promise of its own. Each call asks anew.

    Personal values in the subject are masked for good. Raises Invalid, and MoveNotAllowed once the case is done.
    """
    subject = checked(asked.subject, field="subject", limit=SUBJECT_CHARS)
    subject = bodies.masked(subject, bodies.personal_spans(subject, at=at))
    details = checked(asked.details, field="details")
    if not at < asked.due <= at + LONGEST:
        raise Invalid(due="too_far" if asked.due > at else "not_after_now")
    if by.id is None:
        raise Invalid(by="not_a_person")
    with tx.write():
        locked = lock(case, None)
        if locked.status not in ASKED_IN:
            raise MoveNotAllowed("ask", locked.status)
        shared = _shared(case, asked.shared)
        owes = asked.assignee or contact_of(asked.department, case)
        request = Collaboration.objects.create(
            case=case,
            kind=asked.kind,
            department=asked.department,
            asked_by_id=by.id,
            assignee=owes,
            promise=_promise(case, subject, owes, due=asked.due, by=by, at=at),
            subject=subject,
            asked_at=at,
        )
        promises.refresh(case)
        told = {**_told(request), "due": asked.due.isoformat(), "shared": shared}
        entries.append(case, [Draft("collaboration.asked", told, details)], by=by, at=at)
    return request


def act(
    request: Collaboration, verb: str, *, by: Actor, at: datetime, version: int | None, text: str = ""
) -> Collaboration:
    """Take one of STEPS and return the request as it now stands; whoever accepts owes it from then on.

    Raises Stale, MoveNotAllowed when the request is not where the step begins, Invalid when words are missing.
    """
    step = STEPS[verb]
    if step.needs_words or text.strip():
        text = checked(text)
    with tx.write():
        case = lock(request.case, None)
        now = Collaboration.objects.select_related("promise", "department").get(pk=request.pk)
        if version is not None and now.version != version:
            raise Stale(now.version)
        if now.state not in step.leaves or now.kind not in step.of:
            raise MoveNotAllowed(verb, now.state)
        takes = by.id if verb == "accept" and by.id is not None else now.assignee_id
        Collaboration.objects.filter(pk=now.pk).update(
            state=step.enters,
            version=F("version") + 1,
            assignee_id=takes,
            ended_at=None if step.enters in Collaboration.PENDING else at,
        )
        Promise.objects.filter(collaboration=now).update(debtor_id=takes)
        entries.append(case, [Draft(step.entry, _told(now), text.strip())], by=by, at=at)
        if now.promise is not None and step.settles == "keep":
            promises.keep_these(case, [now.promise], by=by, at=at)
        elif now.promise is not None and step.settles == "cancel":
            promises.cancel_these(case, [now.promise], cause=step.enters, by=by, at=at)
    return Collaboration.objects.with_people().get(pk=now.pk)


def may(viewer: Viewer, request: Collaboration, verb: str) -> bool:
    """Say whether this person may take this step: the department answers, who works on the case steers, a manager
    approves. A program with the right to write cases may stand in for the department.
    """
    return _belongs(viewer, request, verb, sees=bool(_seen_cases([request], viewer)))


def open_steps(requests: Sequence[Collaboration], viewer: Viewer) -> dict[int, list[str]]:
    """Return, by row, the steps that begin where each request stands and belong to this person: one query."""
    seen = _seen_cases(requests, viewer)
    return {
        request.pk: [
            verb
            for verb, step in STEPS.items()
            if request.state in step.leaves
            and request.kind in step.of
            and _belongs(viewer, request, verb, sees=request.case_id in seen)
        ]
        for request in requests
    }


def departments() -> list[Team]:
    """Return every team that can be asked, by its code."""
    return list(Team.objects.filter(retired_at=None).order_by("code"))


def department(code: str) -> Team:
    """Return the team of this code that can be asked. Raises Invalid."""
    found = Team.objects.filter(code=code, retired_at=None).first()
    if found is None:
        raise Invalid(department="unknown")
    return found


def contact_of(department: Team, case: Case) -> Staff | None:
    """Return who answers for the department: its contact, else who leads it; never somebody the case is about."""
    candidates = [department.contact, *chain.leads_above(department)]
    about = set(case.about.values_list("pk", flat=True))
    return next((one for one in candidates if one and one.is_active and one.pk not in about), None)


def approver_of(case: Case, asker: int | None, *, at: datetime) -> Staff | None:
    """Return who decides on an approval: never the asker, never somebody the case is about."""
    barred = {asker, *case.about.values_list("pk", flat=True)}
    return next((one for one in chain.approvers(site=case.site_id, at=at) if one.pk not in barred), None)


def _promise(
    case: Case, subject: str, owes: Staff | None, *, due: datetime, by: Actor, at: datetime
) -> Promise:
    warned = max(due - WARNED_BEFORE, at + (due - at) / 2)
    return Promise.objects.create(
        case=case,
        kind="collaboration",
        debtor=owes,
        beneficiary="staff",
        calendar="always",
        made_by_id=by.id,
        about=subject,
        target_s=int((due - at).total_seconds()),
        started_at=at,
        due_at=due,
        first_due=due,
        warnings=[warned.isoformat()],
        next_at=warned,
    )


def _shared(case: Case, wanted: Sequence[int]) -> list[int]:
    known = case.entries.filter(seq__in=wanted).exclude(audience="supervision")
    shared = sorted(known.values_list("seq", flat=True))
    if set(wanted) - set(shared):
        raise Invalid(shared="no_such_entry")
    return shared


def _told(request: Collaboration) -> dict[str, object]:
    return {
        "request": str(request.uuid),
        "department": request.department.code,
        "subject": request.subject,
    }


def _seen_cases(requests: Sequence[Collaboration], viewer: Viewer) -> set[int]:
    cases = Case.objects.visible_to(viewer).filter(pk__in={request.case_id for request in requests})
    return set(cases.values_list("pk", flat=True))


def _belongs(viewer: Viewer, request: Collaboration, verb: str, *, sees: bool) -> bool:
    works = sees and viewer.may("case.work")
    answers = viewer.may("collaboration.answer") and viewer.serves(
        request.department_id, request.case.site_id
    )
    match verb:
        case "approve" | "refuse":
            return viewer.may("approve")
        case "withdraw":
            return works
        case "finish":
            return works or answers
    return answers or (works and viewer.token_scopes is not None)
