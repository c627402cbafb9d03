"""GET /metrics: figures in Prometheus' format, for who holds a token with the scope reports:read."""

from collections.abc import Iterator

from django.db.models import Count
from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_GET

from huiyin.base import clock, metrics, rates
from huiyin.base.models import Task
from huiyin.base.problem import Problem
from huiyin.cases.models import Case, Promise
from huiyin.intake.models import InboxItem
from huiyin.staff import tokens


@require_GET
def show(request: HttpRequest) -> HttpResponse:
    scheme, _, given = request.headers.get("Authorization", "").partition(" ")
    viewer = tokens.viewer_of(given, at=clock.now()) if scheme.lower() == "bearer" else None
    if viewer is None:
        raise Problem(401, "unauthorized", "Send a bearer token with the scope reports:read.")
    if "reports:read" not in (viewer.token_scopes or ()):
        raise Problem(403, "scope_missing", "This call needs a token with the scope reports:read.")
    if not viewer.may_by_token("reports:read"):
        raise Problem(403, "right_missing", "The account of this token holds no right for reports:read.")
    rates.take(rates.REPORTS, viewer.number, at=clock.now())
    return HttpResponse(metrics.text(), content_type="text/plain; version=0.0.4; charset=utf-8")


@metrics.gauge
def _stored() -> Iterator[metrics.Gauge]:
    states = dict(Task.objects.values_list("state").annotate(n=Count("id")))
    for state in (Task.READY, Task.RUNNING, Task.DEAD):
        yield f"tasks_{state}", f"Tasks that are {state}.", states.get(state, 0)
    yield "cases_in_work", "Cases not closed yet.", Case.objects.in_work().count()
    yield "cases_queued", "Cases nobody works on yet.", Case.objects.queued().count()
    late = Promise.objects.filter(next_at__lt=clock.now()).count()
    yield "promises_late_for_the_clock", "Promises that the clock should have acted on by now.", late
    for state in (InboxItem.WAITING, InboxItem.QUARANTINED):
        yield f"inbox_{state}", f"Messages that are {state}.", InboxItem.objects.filter(state=state).count()
