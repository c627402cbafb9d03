"""Tasks around a case: waking it, telling who follows it, and telling who was named in it."""

from datetime import datetime

from huiyin.base.outbox import task
from huiyin.cases import waking, watching
from huiyin.cases.models import Case
from huiyin.notices.following import tell_followers
from huiyin.notices.tell import tell
from huiyin.staff import chain
from huiyin.staff.models import Staff


@task("clock")
def wake(*, case: int, ref: str, until: str, at: datetime) -> None:
    """Wake a case whose time has come and tell who works on it, or the lead of its team."""
    found = Case.objects.with_people().get(pk=case)
    if waking.wake(found, until=datetime.fromisoformat(until), at=at):
        tell(_deciding(found), "case.woken", cause=ref, case_number=found.number, at=at)


@task("fast")
def tell_follow(*, case: int, ref: str, kind: str, by: str, reason: str, at: datetime) -> None:
    """Tell who follows the case and did not do it; who is told of the same otherwise is left out."""
    found = Case.objects.with_people().get(pk=case)
    told = set(watching.told_of(found, but=by, at=at))
    if kind == "case.disputed":
        told -= {found.handler_id, found.team.lead_id}
    if reason == "scheduled":
        told -= set(_deciding(found))
    tell_followers(told, kind, cause=ref, case_number=found.number, at=at)


@task("fast")
def tell_added(*, case: int, ref: str, to: str, by: str, at: datetime) -> None:
    """Tell somebody that they were let into a case; who follows of their own accord knows it."""
    found = Case.objects.get(pk=case)
    people = Staff.objects.filter(number=to).exclude(number=by).values_list("pk", flat=True)
    tell(people, "watcher.added", cause=ref, case_number=found.number, at=at)


@task("fast")
def tell_given(*, case: int, ref: str, to: str, promise: str, due: str, at: datetime) -> None:
    """Tell somebody what they are to keep in a case that they may see."""
    found = Case.objects.get(pk=case)
    person = Staff.objects.get(number=to)
    if watching.sees(found, person, at=at):
        params = {"promise": promise, "due": due}
        tell([person.pk], "promise.given", cause=ref, case_number=found.number, at=at, params=params)


@task("fast")
def tell_mentioned(*, case: int, ref: str, to: str, asks: bool, at: datetime) -> None:
    """Tell who was named; when they may not see the case, also ask who decides whether to let them in."""
    found = Case.objects.with_people().get(pk=case)
    person = Staff.objects.get(number=to)
    number, params = found.number, {"person": person.name}
    if not asks:
        tell([person.pk], "person.mentioned", cause=ref, case_number=number, at=at)
    elif not found.about.filter(pk=person.pk).exists():
        tell([person.pk], "mention.waits", cause=ref, case_number=number, at=at)
        tell(_deciding(found), "mention.asks", cause=ref, case_number=number, at=at, params=params)


@task("fast")
def tell_refused(*, case: int, ref: str, to: str, at: datetime) -> None:
    """Tell who was named that they were not let in."""
    found = Case.objects.get(pk=case)
    people = Staff.objects.filter(number=to).values_list("pk", flat=True)
    tell(people, "mention.refused", cause=ref, case_number=found.number, at=at)


def _deciding(case: Case) -> list[int]:
    """Return the handler; of a case that nobody works on the nearest lead whom it is not about."""
    if case.handler_id is not None:
        return [case.handler_id]
    about = set(case.about.values_list("pk", flat=True))
    return [lead.pk for lead in chain.leads_above(case.team) if lead.pk not in about][:1]
